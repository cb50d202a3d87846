"""Slopes at kinks in exact numbers: what is decided, what is left open, and that no side is forgotten."""

from fractions import Fraction

import pytest

from adcalc.api import function
from adcalc.errors import AdcalcError, NotDifferentiableError


def slopes(text, **point):
    return function(text).proved_gradient(20, {name: Fraction(value) for name, value in point.items()}).gradient


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("if(x > 0, x^2, x^3)", "0"),
        ("if(x > 0, sin(x), x)", "1"),
        ("if(x > 0, 1, 1)", "0"),
        ("if(x > 0, x, x)", "1"),
        ("abs(if(x > 0, x^2, x^3))", "0"),
        ("x*abs(x)", "0"),
        ("max(x, max(x, x))", "1"),
        ("min(x, sin(x))", "1"),
    ],
)
def test_what_does_not_turn_although_it_might(text, expected):
    assert slopes(text, x=0) == {"x": expected}


@pytest.mark.parametrize(
    "text",
    [
        "abs(x)",
        "if(x > 0, 1, -1)",
        "if(x > 0, x, 2*x)",
        "if(x > 0, abs(x), 0)",
        "if(x > 0, 0, abs(x))",
        "if(x > 0, 0, floor(x))",
        "if(x >= 0, 0, sqrt(-x))",
        "max(x, 2*x)",
        "abs(x) + max(x, 0)",
        "hypot(x, x)",
        "diff(abs(x), x)",
        "if x > 0 { x } else { 2*x }",
    ],
)
def test_where_there_is_no_slope_there_is_none(text):
    with pytest.raises(AdcalcError) as refused:
        slopes(text, x=0)
    assert refused.value.kind in ("not_differentiable", "precision")


def test_a_jump_names_its_values_from_left_to_right():
    for text in ("if(x > 0, 1, -1)", "if(x < 0, -1, 1)"):
        with pytest.raises(NotDifferentiableError, match="jumps from -1 to 1"):
            slopes(text, x=0)


def test_a_variable_that_turns_nothing_has_its_slope():
    with pytest.raises(NotDifferentiableError):
        slopes("if(x > 0, y, 2*y)", x=0, y=1)
    found = function("if(x > 0, y, 2*y)").proved_gradient(20, {"x": 0, "y": 1}, wrt=["y"])
    assert found.gradient == {"y": "2"}
    found = function("if x > 0 { y } else { 2*y }").proved_gradient(20, {"x": 0, "y": 1}, wrt=["y"])
    assert found.gradient == {"y": "2"}
