"""Forward mode: tangents beside values, along one direction or along all inputs at once."""

import math
from fractions import Fraction

import pytest

from adcalc.api import function
from adcalc.arithmetics.real import Real
from adcalc.arithmetics.symbolic import Symbolic
from adcalc.graph.graph import Graph
from adcalc.modes import forward
from adcalc.modes.base import Problem
from adcalc.modes.sweep import primal
from adcalc.rules.compiled import Compiled
from adcalc.rules.table import standard
from adcalc.syntax.unparse import unparse

RULES = Compiled(standard(), Real())


def tape_of(text, point, wrt=None):
    lowered = function(text).lowered()
    ids = {lowered.variables[name]: float(value) for name, value in point.items()}
    return primal(Problem(lowered.graph, lowered.output, tuple(ids) if wrt is None else wrt, ids), RULES)


def test_a_push_is_the_derivative_along_its_seed():
    tape = tape_of("x*y + sin(x)", {"x": 1, "y": 2})
    x, y = tape.problem.wrt
    by_x, by_y = 2 + math.cos(1), 1.0
    assert forward.push(tape, {x: 1.0, y: 0.0}) == pytest.approx(by_x)
    assert forward.push(tape, {x: 3.0, y: -2.0}) == pytest.approx(3 * by_x - 2 * by_y)


def test_a_push_along_nothing_is_no_derivative():
    tape = tape_of("x*y", {"x": 1, "y": 2})
    assert forward.push(tape, {}) is None


def test_all_directions_at_once_are_the_single_directions():
    tape = tape_of("exp(x*y)/z + hypot(x, y, z)", {"x": 0.3, "y": 2, "z": 1.5})
    single = [forward.push(tape, {node: 1.0}) for node in tape.problem.wrt]
    assert forward.run(tape).partials == pytest.approx(single, rel=1e-14)


def test_an_input_that_does_not_matter_has_no_tangent():
    lowered = function("a = y; x^2").lowered()
    assert list(lowered.variables) == ["y", "x"]
    assert function("a = y; x^2").gradient(x=3, y=1, mode="forward").gradient == {"y": 0.0, "x": 6.0}


def test_tangents_may_be_nodes():
    graph = Graph()
    x, y = graph.input("x"), graph.input("y")
    output = graph.apply("mul", graph.apply("sin", x), y)
    tape = primal(Problem(graph, output, (x,), {x: x, y: y}), Compiled(standard(), Symbolic(graph)))
    tangent = forward.push(tape, {x: graph.constant(Fraction(1))})
    assert unparse(graph, tangent) in ("y*cos(x)", "cos(x)*y")


def test_one_side_of_a_choice_is_followed():
    tape = tape_of("if(x > 0, x^2, -x)", {"x": 3})
    assert forward.run(tape).partials == (6.0,)
    tape = tape_of("if(x > 0, x^2, -x)", {"x": -3})
    assert forward.run(tape).partials == (-1.0,)


@pytest.mark.parametrize(
    "text", ["x*y/z", "(x + y)^z", "atan2(x*y, z)", "max(x, y, z)*x", "x^y^z", "logsumexp(x, y, z)"]
)
def test_forward_and_reverse_agree(text):
    point = {"x": 1.3, "y": 0.7, "z": 2.1}
    one = function(text).gradient(point, mode="forward").gradient
    other = function(text).gradient(point, mode="reverse").gradient
    assert one == pytest.approx(other, rel=1e-14)
