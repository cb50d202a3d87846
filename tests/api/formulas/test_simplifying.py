"""What is simplified while somebody waits: not what is large, and not what is swollen by sharing."""

from fractions import Fraction

import pytest

from adcalc.api.formulas.simplifying import simplifies
from adcalc.graph.graph import Graph


def squared(times):
    graph = Graph()
    node = graph.input("x")
    for _ in range(times):
        node = graph.apply("mul", node, node)
    return graph, node


def chained(times):
    graph = Graph()
    node = graph.input("x")
    for number in range(times):
        node = graph.apply("add", graph.apply("sin", node), graph.constant(Fraction(number + 1)))
    return graph, node


@pytest.mark.parametrize(("largest", "answer"), [(400, True), (399, False)])
def test_a_large_formula_is_left(largest, answer):
    graph, node = chained(200)
    assert simplifies(graph, [node], largest) is answer


def test_a_swollen_formula_is_left_unless_it_is_tiny():
    graph, node = squared(100)
    assert simplifies(graph, [node], 10**6)
    graph, node = squared(101)
    assert not simplifies(graph, [node], 10**6)


def test_formulas_are_counted_together():
    graph, node = chained(60)
    other = graph.apply("exp", graph.input("y"))
    assert simplifies(graph, [node, other], 121)
    assert not simplifies(graph, [node, other], 120)
