"""Conditions that constants decide."""

from fractions import Fraction

import pytest

from adcalc.graph.graph import Graph
from adcalc.modes.edges.settled import settled


@pytest.mark.parametrize(
    ("op", "left", "right", "truth"),
    [("lt", 1, 2, True), ("ge", 1, 2, False), ("eq", 2, 2, True), ("ne", 2, 2, False), ("le", 2, 2, True)],
)
def test_comparisons_of_constants(op, left, right, truth):
    graph = Graph()
    node = graph.apply(op, graph.constant(Fraction(left)), graph.constant(Fraction(right)))
    assert settled(graph, [node]) == {node: truth}


def test_what_depends_on_an_input_is_not_settled_unless_the_rest_decides():
    graph = Graph()
    x, one, two = graph.input("x"), graph.constant(Fraction(1)), graph.constant(Fraction(2))
    unknown, true = graph.apply("lt", x, one), graph.apply("lt", one, two)
    both, either = graph.apply("and", unknown, true), graph.apply("or", unknown, true)
    never = graph.apply("not", either)
    assert settled(graph, [unknown, both, either, never]) == {either: True, never: False}
    assert settled(graph, []) == {}
