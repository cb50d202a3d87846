"""Second derivatives as nodes: what the sweeps leave on the graph."""

from fractions import Fraction

import pytest

from adcalc.api import function
from adcalc.api.program import saturating
from adcalc.modes.base import NodeError
from adcalc.modes.second import formulas, gradient_tape, product, pushed, slopes, slopes_at
from adcalc.modes.sweep import activity
from adcalc.modes.together import numbers
from adcalc.syntax.unparse import unparse


def nodes(text):
    lowered = function(text).lowered()
    asked = function(text)
    wrt = tuple(lowered.variables.values())
    return lowered.graph, asked.differentiate.tape(lowered.graph, lowered.output, wrt), wrt


@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_each_unordered_pair_is_one_node(mode):
    graph, tape, _ = nodes("x^2*y + sin(z)")
    found = formulas(tape, slopes(tape, mode))
    assert [(row, column) for row, column, _ in found] == [(0, 0), (0, 1), (2, 2)]
    texts = {unparse(graph, node) for _, _, node in found}
    assert texts <= {"2*y", "y*2", "2*x", "x*2", "-sin(z)"}


def test_what_does_not_move_has_no_gradient():
    _, tape, _ = nodes("floor(x)*2 + y")
    found = slopes(tape)
    assert found.gradient[0] is None
    assert found.entries == ()
    assert found.number == 0


@pytest.mark.parametrize("text", ["x^2*y + sin(z*x)", "exp(x*y*z)/(1 + x^2)", "hypot(x, y)*z", "x^y + z"])
def test_pushed_numbers_are_those_of_the_formulas(text):
    graph, tape, wrt = nodes(text)
    made = slopes(tape)
    entries = formulas(tape, made)
    rules = saturating(function("x").table)
    point = dict(zip(wrt, (1.2, 0.7, 2.1), strict=True))
    values = numbers(
        graph, [*(one for one in made.gradient if one is not None), *(e for _, _, e in entries)], point, rules
    )
    numeric = slopes_at(graph, made.gradient, wrt, point, values, rules)
    found = pushed(numeric, activity(numeric, wrt), made)
    assert [entry[:2] for entry in found] == [entry[:2] for entry in entries]
    assert [value for _, _, value in found] == pytest.approx([values[node] for _, _, node in entries], rel=1e-12)


def test_the_product_with_a_seed():
    graph, tape, wrt = nodes("x^2*y")
    _, parts = product(tape, {wrt[0]: graph.constant(Fraction(3)), wrt[1]: graph.constant(Fraction(-1))})
    point = {wrt[0]: 1.0, wrt[1]: 2.0}
    values = numbers(graph, [node for node in parts if node is not None], point, saturating(function("x").table))
    assert [values[node] for node in parts] == [10.0, 6.0]


def test_the_partials_stand_on_one_tape():
    graph, tape, _ = nodes("sin(x)*exp(y)")
    gradient = slopes(tape).gradient
    partials = gradient_tape(tape, gradient)
    assert set(gradient) <= set(partials.order)
    assert partials.order == graph.live(*(node for node in gradient if node is not None))
    assert gradient_tape(tape, [None, None]).order == []


def test_sides_that_are_not_taken_are_not_evaluated():
    asked = function("if(x > 0, x, log(x - 10))")
    lowered = asked.lowered()
    point = {lowered.variables["x"]: 1.0}
    values = numbers(lowered.graph, [lowered.output], point, saturating(asked.table))
    assert values[lowered.output] == 1.0
    assert None in values
    with pytest.raises(NodeError):
        numbers(lowered.graph, [lowered.output], {lowered.variables["x"]: -1.0}, saturating(asked.table))
