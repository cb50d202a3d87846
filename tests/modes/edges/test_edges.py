"""What is watched while arrays are differentiated: nothing that constants decide."""

import pytest

from adcalc.api import function
from adcalc.modes.edges.edges import edges

SHAPES = {"x": (3,), "p": (3,)}
WATCHED = {
    "sum(x^2)": [],
    "sum(x^3*p)": [],
    "sum(x^-1)": ["x^-1"],
    "sum(sqrt(x))": ["sqrt(x)"],
    "sum(x^0.5)": ["x^0.5"],
    "sum(abs(x))": ["abs(x)"],
    "sum(max(x, p))": ["max(x, p)"],
    "sum(exp(x)/p)": [],
}


@pytest.mark.parametrize("expression", WATCHED)
def test_only_what_may_stand_on_an_edge_is_watched(expression):
    asked = function(expression)
    lowered = asked.lowered((), False, {name: SHAPES[name] for name in asked.inputs()})
    tape = asked.differentiate.tape(lowered.graph, lowered.output, tuple(lowered.variables.values()))
    found = [lowered.place(edge.node).excerpt for edge in edges(tape)]
    assert list(dict.fromkeys(found)) == WATCHED[expression]


@pytest.mark.parametrize("expression", ["sum(x^2*p)", "sum((x - sum(x)/3)^2)", "sum(p*(x - p)^3)"])
def test_no_choice_and_no_condition_is_left_in_a_gradient_of_powers(expression):
    asked = function(expression)
    lowered = asked.lowered((), False, {name: SHAPES[name] for name in asked.inputs()})
    graph = lowered.graph
    partials = asked.differentiate(graph, lowered.output, tuple(lowered.variables.values()))
    ops = {graph.nodes[node].op for node in graph.live(*partials)}
    assert not ops & {"if", "eq", "ge", "not", "or"}
