"""Comparisons that rounding decides: the way is then proved, or what hangs on it is told."""

from fractions import Fraction

import pytest

from adcalc.api import function
from adcalc.errors import NotDifferentiableError

COUNTED = "n = 0; s = 0; while s < 1 { s = s + x; n = n + 1 } n"


@pytest.mark.parametrize(
    ("text", "at", "value", "slope"),
    [
        (COUNTED, {"x": 0.1}, 10, 0),  # ten floats of a tenth add up to less than 1
        ("s = 0; for k in 1..10 { s = s + x } if s >= 1 { r = x } else { r = 5*x } r", {"x": 0.1}, 0.1, 1),
        ("if(10*x + 1e16 - 1e16 > 1/2, x, 5*x)", {"x": 0.09}, 0.09, 1),
        ("if 10*x + 1e16 - 1e16 > 1/2 { r = x } else { r = 5*x } r", {"x": 0.09}, 0.09, 1),
        ("if(1 - cos(x) > 0, x, 5*x)", {"x": 1e-9}, 1e-9, 1),
        ("u = (1 - cos(x))*2 + 1e-30; if u > 1e-20 { r = x } else { r = 5*x } r", {"x": 1e-9}, 1e-9, 1),
        ("if(x + 1e-17 > 1, x, 5*x)", {"x": 1}, 1, 1),  # floats see no difference
        ("floor(x*3 + 1e16 - 1e16)", {"x": 1.1}, 3, 0),
    ],
)
@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_the_way_is_the_proved_one(text, at, value, slope, mode):
    found = function(text).gradient(at, mode=mode)
    assert (found.value, found.gradient["x"]) == (value, slope)
    ((kind, message),) = found.warnings
    assert kind == "cancellation"
    assert message.endswith("the answer is the proved one")
    assert function(text).value(at) == value


@pytest.mark.parametrize(
    ("text", "x", "value", "told"),
    [
        ("if 3*x >= 2.1 { r = x } else { r = 2*x } r", 0.7, 1.4, "the value is 0.7"),
        ("if(3*x >= 2.1, x, 2*x)", 0.7, 1.4, "the value is 0.7"),
        ("floor(x/0.1)", 0.3, 2, "the value is 3.0"),
    ],
)
def test_what_is_another_answer_for_the_decimals_is_told(text, x, value, told):
    found = function(text).evaluate({"x": x})
    assert found.value == value  # it is that of the float x, whose exact value is below the decimal
    assert Fraction(x) < Fraction(str(x))
    assert found.warnings[0][1].endswith(f"for the decimals as written {told}")


@pytest.mark.parametrize("text", ["max(x + 0.1 + 0.2, 0.3)", "max(x + 1/10 + 2/10, 3/10)"])
def test_a_kink_that_floats_miss(text):
    with pytest.raises(NotDifferentiableError, match="kink"):
        function(text).gradient({"x": 0})


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("if 3*x > 2.1 { r = x } else { r = 2*x } r", {"x": 0.7}),
        ("if(x > 0.7, x, 2*x)", {"x": 0.7}),
        ("if(x >= 0.7, x, 2*x)", {"x": 0.7}),
        ("floor(x*10)", {"x": 0.7}),
        ("max(3*x, 2.1)", {"x": 0.7}),
        ("n = 0; while n < x { n = n + 1 } n*x", {"x": 200}),
        ("t = 0; while t < 10 { t = t + x } t", {"x": 0.25}),
        ("y = x; while abs(y^2 - 2) > 1e-12 { y = (y + 2/y)/2 } y*x", {"x": 1.5}),
        ("sign(x)*floor(x)*step(x - 1)*(x % 3)", {"x": 5}),
    ],
)
def test_what_is_right_is_no_alarm(text, at):
    assert function(text).evaluate(at).warnings == ()


def test_an_equality_that_nobody_proves_is_told():
    found = function("if(sin(x)^2 + cos(x)^2 == 1, x, 2*x)").evaluate({"x": 0.3})
    assert found.warnings[0][1].endswith("digits of the answer may be lost, and none are proved")
