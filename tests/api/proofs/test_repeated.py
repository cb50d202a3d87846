"""Proved gradients that are asked for again: the same answers as at first, whatever the point."""

from fractions import Fraction
from random import Random

import pytest
from mpmath import mp
from proving import CANCELLING, evaluated, is_rounded, made, slope

from adcalc.api import function
from adcalc.api.proofs import repeated
from adcalc.errors import AdcalcError

SPECIAL = (0.1, 2, 1e-12, *map(Fraction, ("0", "1", "-1", "1/2", "1/3", "-2/3", "2", "9/4", "3", "1/10", "-7/8")))
EDGES = (
    "abs(x - 1/3)*y",
    "max(x, y)*exp(x)",
    "sqrt(x)*sin(y)",
    "sqrt(x^2 + y^2)",
    "log(x) + y",
    "exp(x - 1/3)*y",
    "sin(x*y)*x + y",
    "x/y + cos(x)",
    "asin(x) + acos(y)",
    "floor(x)*y + sin(x)",
    "sign(x)*x*y",
    "hypot(x, y)",
    "atan2(y, x)",
    "if(x > y, x^2, sin(y))",
    "x^y",
    "x^3 - 2*x*y + 7",
    "3*x + sin(y)",
    "sin(x) + cos(x) + sinh(y) + cosh(y)",
    "tan(x) + x^-2",
    "cbrt(x)*y",
    "x*(sin(y) - sin(y)) + exp(x)",
    "exp(sin(y)) - exp(sin(y)) + x/7",
    "atan(hypot(0.1, x + atan(y)))",
    "x*sin(1/3)*cos(1/3) + exp(sin(0.3)) + y",
    "x*exp(0)*sin(y) + sqrt(4/9)*y",
    "x*sqrt(2)*sin(y) + sqrt(2)^2",
    "sin(2)*exp(3)",
    "log2(x) + 2^y",
    "(x - 1/3)*exp(y) + 1/2",
    "gamma(x) + erf(y)",
)


def told(asked, point, digits):
    """What is answered, or the error."""
    try:
        return asked.proved_gradient(digits, point)
    except AdcalcError as error:
        return type(error), str(error)


def again(text, points, digits):
    """The answers of the sweeps, and those of a function that has been written out."""
    asked = function(text)
    for _ in range(3):
        told(asked, points[0], digits)
    for point in points:
        yield point, told(function(text), point, digits), told(asked, point, digits)


@pytest.mark.parametrize("text", EDGES)
def test_special_points_have_the_same_answers(text):
    random = Random(text)
    names = function(text).variables
    points = [{name: random.choice(SPECIAL) for name in names} for _ in range(25)]
    for point, fresh, found in again(text, points, random.choice((5, 15, 50))):
        assert found == fresh, point


@pytest.mark.parametrize("seed", range(120))
def test_generated_expressions_have_the_same_answers(seed):
    random = Random(seed)
    text = random.choice(CANCELLING) if seed % 5 == 0 else made(random, random.randrange(2, 12))
    text = text.replace("pi", "3.14")
    names = function(text).variables
    numbers = [Fraction(random.randrange(-99, 100), random.randrange(1, 40)) for _ in range(20)] + list(SPECIAL)
    points = [{name: random.choice(numbers) for name in names} for _ in range(6)]
    for point, fresh, found in again(text, points, random.choice((1, 5, 15, 50))):
        assert found == fresh, (text, point)


def test_digits_are_those_of_mpmath_at_many_times_the_precision():
    checked = 0
    for seed in range(60):
        random = Random(1000 + seed)
        text, digits = made(random, 8).replace("pi", "3.14"), random.choice((15, 30, 50))
        asked = function(text)
        points = [{name: random.uniform(0.2, 3.0) for name in asked.variables} for _ in range(5)]
        for _ in range(3):
            told(asked, points[0], digits)
        for point in points:
            found = repeated.gradient(asked, point, digits, None)
            if found is None:
                continue
            with mp.workdps(4 * digits + 100):
                values = {name: mp.mpf(value) for name, value in point.items()}
                assert is_rounded(found.value, evaluated(text, values), digits), (text, point)
                for name in point:
                    assert is_rounded(found.gradient[name], slope(text, values, name), digits), (text, point, name)
            checked += 1
    assert checked > 150


def test_a_gradient_is_written_out_when_it_is_asked_for_again():
    asked, point = function("sin(x*y)*exp(x)"), {"x": 0.5, "y": 0.25}
    assert [repeated.gradient(asked, point, 30, None) is None for _ in range(5)] == [True, True, True, False, False]
    assert repeated.gradient(asked, {"x": 0.5, "y": "0.25"}, 30, None) is None
    assert repeated.gradient(asked, {"x": 0.5}, 30, None) is None
    assert repeated.gradient(asked, {"x": 0.5, "y": float("inf")}, 30, None) is None
    assert repeated.gradient(asked, {"x": 0.5, "y": 0.0}, 30, None) is None  # sin(0) is a fraction
    assert repeated.gradient(asked, {"x": 0.5, "y": 0.25}, 30, ["y"]) is None
    again = [asked.proved_gradient(digits, point, wrt=["y"]) for digits in (30, 30, 30, 30, 60)]
    assert again[0] == again[3] != again[4]
    assert again[0].gradient == {"y": function("sin(x*y)*exp(x)").proved_gradient(30, point).gradient["y"]}
