"""Arrays whose elements leave the range of floating point on the way to an answer that is within it, against mpmath."""

import mpmath
import numpy as np
import pytest
from mpmath import mp, mpf

from adcalc.api import function
from adcalc.modes.digits.array_range import has_longer

SMALL = [mpf(number) for number in (1e-170, 2e-170)]


def total(numbers):
    return mpmath.fsum(numbers)


def near(number):
    return pytest.approx(np.array(number, dtype=float), rel=5e-9, abs=0.0)


@pytest.mark.parametrize(
    ("text", "at", "true"),
    [
        ("exp(-x)*exp(x/2)*exp(x/2)", {"x": [800, 1]}, lambda: [1, 1]),
        ("sum(exp(-x)*exp(x/2)*exp(x/2))", {"x": [800, 1]}, lambda: 2),
        ("sqrt(sum(x^2))", {"x": [1e-170, 2e-170]}, lambda: mpmath.sqrt(total(x**2 for x in SMALL))),
        ("sqrt(x@x)", {"x": [1e-170, 2e-170]}, lambda: mpmath.sqrt(total(x**2 for x in SMALL))),
        ("sum(x^4)^(1/4)", {"x": [1e-170, 2e-170]}, lambda: mpmath.root(total(x**4 for x in SMALL), 4)),
        ("log(sum(exp(x)))", {"x": [-740, -741]}, lambda: mpmath.log(mpmath.exp(-740) + mpmath.exp(-741))),
        ("exp(x)/sum(exp(x))", {"x": [-740, -741]}, lambda: [1 / (1 + mpmath.exp(-1)), 1 / (1 + mpmath.exp(1))]),
        ("prod(x)", {"x": [1e-200, 1e-200, 1e200, 1e190]}, lambda: 1e-10),
        ("x^2/x", {"x": [1e-200, 1]}, lambda: [1e-200, 1]),
        ("x@y*1e300*1e20", {"x": [1e-170, 1e-190], "y": [1e-150, 1e-150]}, lambda: 1),
        ("sum(A*B, axis=1)*1e300*1e20", {"A": [[1e-170, 0]], "B": [[1e-150, 1]]}, lambda: [1]),
    ],
)
def test_what_underflows_on_the_way_is_proved(text, at, true):
    found = function(text).evaluate({name: np.array(value) for name, value in at.items()})
    with mp.workdps(60):
        assert found.value == near(true())
    assert [kind for kind, _ in found.warnings] == ["underflow"]


@pytest.mark.parametrize("mode", ["reverse", "forward", "symbolic"])
def test_gradients(mode):
    found = function("sum(exp(-x)*exp(x/2)*exp(x/3))").gradient(x=[800, 1], mode=mode)
    with mp.workdps(60):
        slopes = [-mpmath.exp(-mpf(x) / 6) / 6 for x in (800, 1)]
    assert found.gradient["x"] == near(slopes)
    assert found.warnings or mode == "symbolic"  # one exponential: nothing underflows


def test_the_same_of_numbers_beside_an_underflow_that_is_harmless():
    assert function("exp(-x)*exp(x/2)*exp(x/2) + 1").value(x=800) == pytest.approx(2)
    assert function("1 + exp(-y) + x*x*1e300*1e300").value(x=1e-300, y=800) == pytest.approx(2)
    assert function("1e300*(1 + exp(-x))").gradient(x=800).gradient["x"] == pytest.approx(-3.667874584177687e-48)


@pytest.mark.parametrize(
    "text",
    ["sum(exp(-x))", "1 + exp(-x^2)", "softplus(x)", "logsumexp(x)", "norm(x*1e-160)", "logistic(x)"],
)
def test_what_is_added_to_something_larger_is_no_alarm(text):
    assert function(text).evaluate({"x": [800, 2, 1]}).warnings == ()


def test_elements_that_are_too_small_for_floats_are_said_to_be():
    found = function("exp(-x)").evaluate({"x": [800, 1]})
    assert found.value.tolist() == [0.0, pytest.approx(0.36787944117144233)]
    assert found.warnings == (("underflow", "exp(-x) underflows to 0 in some elements"),)


@pytest.mark.skipif(not has_longer(), reason="no longer floats")
def test_large_arrays_are_held_to_longer_floats():
    x = np.linspace(-30, 30, 30_000)
    assert function("sum(exp(-x^2))").gradient(x=x).warnings == (
        ("underflow", "exp(-x^2) underflows to 0 in some elements"),
    )
    assert function("sum(exp(-x^2))").evaluate({"x": x}).warnings == ()
    ((kind, message),) = function("exp(-x^2)*exp(x^2/2)*exp(x^2/2)").evaluate({"x": x}).warnings
    assert kind == "underflow"
    assert message.endswith("in some elements, and too many operations lead to it to prove it")
