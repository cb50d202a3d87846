"""Evaluation by levels: bit for bit what a sweep over the list gives."""

import math
import random
from fractions import Fraction

import numpy as np
import pytest

from adcalc.api.program import saturating
from adcalc.graph.graph import Graph
from adcalc.modes.base import NodeError
from adcalc.modes.plans.levels import Levels, pays
from adcalc.modes.together import numbers
from adcalc.rules.table import standard

RULES = saturating(standard())
EXACT = ("add", "sub", "mul", "div", "neg", "sqrt", "abs", "min", "max")  # rounded alike by everybody


def random_graph(seed, size=200, ops=EXACT):
    chance = random.Random(seed)
    graph = Graph()
    inputs = [graph.input(f"x{k}") for k in range(chance.randrange(1, 8))]
    nodes = [*inputs, *(graph.constant(Fraction(chance.randrange(-9, 9), 4)) for _ in range(3))]
    for _ in range(size):
        op = chance.choice(ops)
        args = [chance.choice(nodes[-60:]) for _ in range(1 if op in ("neg", "sqrt", "abs") else 2)]
        if op == "sqrt":
            args = [graph.apply("abs", args[0])]
        nodes.append(graph.apply(op, *args))
    outputs = [chance.choice(nodes) for _ in range(chance.randrange(1, 20))]
    return graph, inputs, outputs, [chance.uniform(-2, 2) for _ in inputs]


def swept(graph, inputs, outputs, at):
    values = numbers(graph, outputs, dict(zip(inputs, at, strict=True)), RULES)
    return [values[node] for node in outputs]


def same(found, expected):
    return all(a == b or (math.isnan(a) and math.isnan(b)) for a, b in zip(found, expected, strict=True))


def has_values(seed):
    try:
        swept(*random_graph(seed))
    except NodeError:
        return False  # this one divides by 0
    return True


@pytest.mark.parametrize("seed", [seed for seed in range(80) if has_values(seed)])
def test_random_graphs_give_the_same_bits(seed):
    graph, inputs, outputs, at = random_graph(seed)
    expected = swept(graph, inputs, outputs, at)
    levels = Levels(graph, outputs, inputs, RULES)
    for _ in range(2):
        assert same(levels.run(np.array(at)).tolist(), expected)


@pytest.mark.parametrize("seed", range(20))
def test_long_sums_are_added_in_their_order(seed):
    chance = random.Random(seed)
    graph = Graph()
    inputs = [graph.input(f"x{k}") for k in range(50)]
    outputs = []
    for _ in range(5):
        total = chance.choice(inputs)
        for _ in range(chance.choice([3, 8, 9, 40])):
            total = graph.apply(chance.choice(["add", "sub"]), total, chance.choice(inputs))
        outputs.append(total)
    at = [10.0 ** chance.randrange(-12, 12) * chance.uniform(-1, 1) for _ in inputs]
    assert Levels(graph, outputs, inputs, RULES).run(np.array(at)).tolist() == swept(graph, inputs, outputs, at)


def test_a_sum_whose_part_is_an_output_is_not_swallowed():
    graph = Graph()
    inputs = [graph.input(f"x{k}") for k in range(30)]
    totals = [inputs[0]]
    for node in inputs[1:]:
        totals.append(graph.apply("add", totals[-1], node))
    outputs = [totals[-1], totals[12], totals[5]]
    at = [0.1 * k for k in range(30)]
    assert Levels(graph, outputs, inputs, RULES).run(np.array(at)).tolist() == swept(graph, inputs, outputs, at)


def test_powers_choices_conditions_and_functions_without_a_ufunc():
    graph = Graph()
    x, y = graph.input("x"), graph.input("y")
    two, half = graph.constant(Fraction(2)), graph.constant(Fraction(1, 2))
    greater = graph.apply("gt", x, y)
    outputs = [
        graph.apply("pow", x, two),
        graph.apply("pow", y, two),
        graph.apply("pow", x, half),
        graph.apply("pow", x, y),
        graph.apply("if", greater, x, y),
        graph.apply("and", greater, graph.apply("not", greater)),
        graph.apply("gamma", x),
        graph.apply("besselj", two, y),
        graph.apply("pi"),
        two,
        x,
    ]
    found = Levels(graph, outputs, [x, y], RULES).run(np.array([3.0, 1.5])).tolist()
    expected = [float(one) for one in swept(graph, [x, y], outputs, [3.0, 1.5])]
    assert found == pytest.approx(expected, rel=1e-15)


def test_results_are_arrays_of_their_own():
    graph = Graph()
    x = graph.input("x")
    levels = Levels(graph, [x, graph.apply("neg", x)], [x], RULES)
    first = levels.run(np.array([1.0]))
    levels.run(np.array([2.0]))
    assert first.tolist() == [1.0, -1.0]


def test_no_outputs_and_no_inputs():
    graph = Graph()
    assert Levels(graph, [], [], RULES).run(np.zeros(0)).tolist() == []
    five = graph.constant(Fraction(5))
    assert Levels(graph, [five, five], [], RULES).run(np.zeros(0)).tolist() == [5.0, 5.0]


def test_what_has_no_value_comes_out_as_no_number():
    graph = Graph()
    x = graph.input("x")
    found = Levels(graph, [graph.apply("log", x), graph.apply("div", x, x)], [x], RULES).run(np.array([0.0]))
    assert not np.isfinite(found).any()


def test_it_pays_on_wide_graphs_and_not_on_deep_ones():
    graph = Graph()
    inputs = [graph.input(f"x{k}") for k in range(300)]
    wide = [graph.apply("sin", node) for node in inputs]
    assert pays(graph, wide)
    total = wide[0]
    for node in wide[1:]:
        total = graph.apply("add", total, node)
    assert pays(graph, [total])  # a long sum is one level
    deep = inputs[0]
    for _ in range(600):
        deep = graph.apply("sin", deep)
    assert not pays(graph, [deep])
