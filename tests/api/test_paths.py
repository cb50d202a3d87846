"""The way that a program takes at another point, seen from the graph of this one."""

import pytest

from adcalc.api import function, paths
from adcalc.api.program import real
from adcalc.errors import NotDifferentiableError, PathError
from adcalc.rules.table import standard

PROGRAM = "n = 0; while x > 1 { x = x/2; n = n + x }; if n > a { x*n } else { x }"


def elsewhere(text, here, there):
    asked = function(text)
    lowered, _ = asked.at(here)
    point = {lowered.variables[name]: value for name, value in there.items()}
    return paths.way(asked, lowered).elsewhere(point)


@pytest.mark.parametrize("x", [0.5, 3.0, 3.1, 3.9, 5.0, 100.0])
@pytest.mark.parametrize("a", [1.0, 10.0])
def test_the_value_elsewhere_is_that_of_the_program_there(x, a):
    value, truths = elsewhere(PROGRAM, {"x": 3.0, "a": 1.0}, {"x": x, "a": a})
    asked = function(PROGRAM)
    assert value == asked.value(x=x, a=a)
    assert truths == asked.at({"x": x, "a": a})[0].truths


def test_along_the_same_way_nothing_is_lowered_again(monkeypatch):
    asked = function(PROGRAM)
    lowered, _ = asked.at({"x": 3.0, "a": 1.0})
    way = paths.way(asked, lowered)
    monkeypatch.setattr(paths, "lower", None)
    point = {lowered.variables["x"]: 3.5, lowered.variables["a"]: 1.0}
    assert way.elsewhere(point) == (function(PROGRAM).evaluate({"x": 3.5, "a": 1.0}).value, lowered.truths)


@pytest.mark.parametrize("x", [-1.0, 800.0])
def test_where_the_same_way_has_no_value_the_program_itself_says_so(x):
    text = "y = log(x + 1e-9); if exp(x) > a { y } else { y + 1 }"
    lowered, _ = function(text).at({"x": 2.0, "a": 1.0})
    point = {lowered.variables["x"]: x, lowered.variables["a"]: 1.0}
    assert paths._along_the_same_way(lowered, real(standard()), point) is None


@pytest.mark.parametrize("edge", ["0.7", "7/10", "0.35*2", "1 - 0.3"])
def test_a_point_that_no_float_is_stands_on_the_edge_that_is_written_alike(edge):
    with pytest.raises(NotDifferentiableError, match=r"jumps from 2[.]09.* to 0[.]48"):
        function(f"if x > {edge} {{ x^2 }} else {{ 3*x }}").gradient(x=0.7)
    assert function(f"if x > {edge} {{ x^2 }} else {{ 1.4*x - 0.49 }}").gradient(x=0.7).gradient == {"x": 1.4}


def test_a_formula_that_is_not_the_derivative_at_the_point_is_not_given():
    asked = function("if x == 0.7 { 2.1 } else { 3*x }")
    assert asked.gradient(x=0.7).gradient == {"x": 3.0}
    with pytest.raises(PathError, match="turns exactly here, and the formula of this way is not"):
        asked.derivative(point={"x": 0.7})
    assert asked.derivative(point={"x": 0.8}).formulas[0].evaluated == 3.0
