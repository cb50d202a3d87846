"""Reverse mode: one return sweep gives every partial."""

import math

import pytest

from adcalc.api import function
from adcalc.arithmetics.real import Real
from adcalc.graph.graph import Graph
from adcalc.modes import reverse
from adcalc.modes.base import Problem
from adcalc.modes.sweep import activity, primal
from adcalc.rules.compiled import Compiled
from adcalc.rules.table import standard

RULES = Compiled(standard(), Real())


def test_the_worked_example_of_the_design_has_these_adjoints():
    graph = Graph()
    x, y = graph.input("x"), graph.input("y")
    output = graph.apply("add", graph.apply("cos", graph.apply("mul", x, y)), y)
    tape = primal(Problem(graph, output, (x, y), {x: 0.0, y: 1.0}), RULES)
    adjoints = reverse.sweep(tape, activity(tape, (x, y)))
    assert tape.values == [0.0, 1.0, 0.0, 1.0, 2.0]
    assert [number + 0.0 for number in adjoints] == [0.0, 1.0, 0.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("text", "point", "gradient"),
    [
        ("x*y", {"x": 3, "y": 2}, [2, 3]),
        ("x + x", {"x": 5}, [2]),
        ("x*x*x", {"x": 2}, [12]),
        ("x/y", {"x": 1, "y": 2}, [0.5, -0.25]),
        ("sin(x)*sin(x)", {"x": 1}, [math.sin(2)]),
        ("x - y - x", {"x": 1, "y": 1}, [0, -1]),
        ("3", {}, []),
        ("x*0 + 3", {"x": 1}, [0]),
        ("exp(x*y)", {"x": 0, "y": 7}, [7, 0]),
        ("hypot(x, y, z)", {"x": 1, "y": 2, "z": 2}, [1 / 3, 2 / 3, 2 / 3]),
        ("if(x > 1, x*y, y^2)", {"x": 2, "y": 3}, [3, 2]),
        ("if(x > 1, x*y, y^2)", {"x": 0, "y": 3}, [0, 6]),
    ],
)
def test_the_gradient_of(text, point, gradient):
    assert list(function(text).gradient(point).gradient.values()) == pytest.approx(gradient)


def test_a_variable_used_a_thousand_times_gathers_every_contribution():
    assert function("sum(k*x, k = 1..1000)").gradient(x=1).gradient == {"x": 500500.0}


def test_inputs_that_are_not_asked_for_get_no_adjoint():
    graph = Graph()
    x, y = graph.input("x"), graph.input("y")
    output = graph.apply("mul", x, y)
    tape = primal(Problem(graph, output, (x,), {x: 3.0, y: 2.0}), RULES)
    assert reverse.run(tape).partials == (2.0,)
    assert reverse.sweep(tape, activity(tape, (x,)))[y] is None


def test_where_no_derivative_flows_there_is_none():
    graph = Graph()
    x = graph.input("x")
    output = graph.apply("floor", x)
    tape = primal(Problem(graph, output, (x,), {x: 1.5}), RULES)
    assert reverse.run(tape).partials == (None,)


def test_an_input_that_is_the_output_has_slope_one():
    assert function("x").gradient(x=4).gradient == {"x": 1.0}


def test_a_gradient_of_a_thousand_variables_is_one_sweep():
    text = " + ".join(f"x{n}^2" for n in range(1000))
    gradient = function(text).gradient({f"x{n}": n for n in range(1000)}).gradient
    assert list(gradient.values()) == [2.0 * n for n in range(1000)]


@pytest.mark.parametrize("mode", ["forward", "reverse", "symbolic"])
@pytest.mark.parametrize(
    "text", ["atan(x)", "acot(x)", "erf(x)", "erfc(x)", "atanh(1/x)", "1/x", "tanh(x)", "logistic(x)"]
)
def test_a_slope_that_is_too_small_for_a_float_is_zero_in_every_mode(text, mode):
    assert function(text).gradient(x=1e300, mode=mode).gradient == {"x": 0.0}
