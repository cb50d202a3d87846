"""The ledger: memory counted as the arrays that it is, and what a plan holds while it runs."""

import tracemalloc

import numpy as np
import pytest

from adcalc.api.program import real
from adcalc.graph.graph import Graph
from adcalc.modes.base import NodeError
from adcalc.modes.plans.ledger import Ledger, root, run
from adcalc.modes.plans.plan import Plan
from adcalc.rules.table import standard


def test_a_view_is_what_it_looks_at():
    whole = np.zeros((4, 5))
    ledger = Ledger(())
    assert ledger.take("activations", whole[:, 2]) == 20
    assert ledger.take("activations", whole.T) == 0
    assert ledger.held() == 20
    assert ledger.drop("activations", whole) == 0
    assert ledger.drop("activations", whole) == 20
    assert ledger.held() == 0


def test_what_is_somebody_elses_is_not_counted():
    given = np.zeros((4, 5))
    ledger = Ledger([given])
    assert ledger.take("work", given.T) == 0
    assert ledger.take("work", np.broadcast_to(given[0], (9, 5))) == 0
    assert ledger.drop("work", given) == 0


def test_an_array_that_is_two_things_counts_for_the_first():
    array, other = np.zeros(3), np.zeros(2)
    ledger = Ledger(())
    ledger.take("adjoints", array)
    ledger.take("gradients", array)
    ledger.take("gradients", other)
    assert (ledger.held("adjoints"), ledger.held("gradients"), ledger.held()) == (3, 2, 5)
    ledger.drop("adjoints", array)
    assert (ledger.held("adjoints"), ledger.held("gradients"), ledger.held()) == (0, 5, 5)


def test_truths_take_a_byte_each_and_numbers_eight():
    ledger = Ledger(())
    assert ledger.take("work", np.zeros(16, dtype=bool)) == 2
    assert ledger.take("work", 1.0) == 1


def test_root_of_a_number_is_itself():
    assert root(2.5) == 2.5


def chain():
    """exp(x @ y) + z, where the sum takes the place of exp and exp that of the product."""
    graph = Graph()
    x, y, z = graph.input("x", (3000, 200)), graph.input("y", (200, 400)), graph.input("z", (400,))
    product = graph.apply("matmul", x, y)
    output = graph.apply("add", graph.apply("exp", product), z)
    plan = Plan(graph, [output], real(standard()))
    return plan, {x: np.full((3000, 200), 0.01), y: np.ones((200, 400)), z: np.ones(400)}


def test_what_a_plan_holds_is_what_it_allocates():
    plan, point = chain()
    run(plan, point, Ledger(point.values()))  # whatever is loaded on first use
    tracemalloc.start()
    try:
        outputs, held = run(plan, point, Ledger(point.values()))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held == 3000 * 400
    assert 8 * held == pytest.approx(peak, rel=0.02)
    np.testing.assert_allclose(outputs[0], np.exp(point[0] @ point[1]) + 1.0, rtol=1e-14)


def test_the_ledger_is_afterwards_as_it_was():
    plan, point = chain()
    ledger = Ledger(point.values())
    ledger.take("activations", np.zeros(7))
    run(plan, point, ledger)
    assert ledger.held() == 7


def test_a_node_without_a_value_is_blamed():
    graph = Graph()
    x = graph.input("x", (2,))
    node = graph.apply("log", x)
    plan, ledger = Plan(graph, [graph.apply("exp", node)], real(standard())), Ledger(())
    with pytest.raises(NodeError) as caught:
        run(plan, {x: np.array([1.0, -1.0])}, ledger)
    assert (caught.value.kind, caught.value.node) == ("domain", node)
    assert ledger.held() == 0
