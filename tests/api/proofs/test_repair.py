"""Answers that floating point gets wrong, against mpmath and against what is known of them."""

import math
from random import Random

import mpmath
import pytest
from losing import DIGITS, made, point, right_digits, truth

from adcalc.api import function
from adcalc.api.proofs import judged, nearest
from adcalc.errors import DomainError, MathematicsError, NotDifferentiableError, NumberOverflowError

MODES = ("reverse", "forward", "symbolic")


@pytest.mark.parametrize("seed", range(60))
def test_eight_digits_are_right_or_the_answer_is_the_proved_one(seed):
    random = Random(seed)
    seen = 0
    for number in range(50):
        text = made(random)
        asked = function(text)
        values = {name: value for name, value in point(random).items() if name in asked.variables}
        try:
            true = truth(text, values)
            found = asked.gradient(values, mode=MODES[number % 3])
        except (ValueError, ZeroDivisionError, MathematicsError):
            continue
        for told, wanted in zip((found.value, *(found.gradient[name] for name in values)), true, strict=True):
            least = 15 if found.warnings and "the proved one" in found.warnings[0][1] else DIGITS - 0.1
            assert right_digits(told, wanted) >= least, (text, values, told, wanted, found.warnings)
        seen += 1
    assert seen > 25


@pytest.mark.parametrize("seed", range(10))
def test_values_alone(seed):
    random = Random(1000 + seed)
    for _ in range(50):
        text = made(random)
        asked = function(text)
        values = {name: value for name, value in point(random).items() if name in asked.variables}
        try:
            true, found = truth(text, values)[0], asked.evaluate(values)
        except (ValueError, ZeroDivisionError, MathematicsError):
            continue
        assert right_digits(found.value, true) >= (15 if found.warnings else DIGITS - 0.1), (text, values)


FAMOUS = {
    "(x - sin(x))/x^3": ({"x": 1e-10}, 1 / 6, {"x": -1.6666666666666667e-12}),
    "(exp(x) - 1 - x)/x^2": ({"x": 1e-9}, 0.5 + 1e-9 / 6, {"x": 1 / 6 + 1e-9 / 12}),
    "(1 - cos(x))/x^2": ({"x": 1e-8}, 0.5, {"x": -1e-8 / 12}),
    "sin(x)/x": ({"x": 1e-9}, 1.0, {"x": -1e-9 / 3}),
    "log(1 + x)": ({"x": 1e-12}, math.log1p(1e-12), {"x": 1 / (1 + 1e-12)}),
    "sqrt(x + 1) - sqrt(x)": ({"x": 1e16}, 5e-9, {"x": -2.5e-25}),
    "(1 - tanh(x))*exp(2*x)": ({"x": 40}, 2.0, {"x": 4 * math.exp(-80)}),
    # Rump 1988, as it is usually told
    "333.75y^6 + x^2*(11x^2*y^2 - y^6 - 121y^4 - 2) + 5.5y^8 + x/(2y)": (
        {"x": 77617, "y": 33096},
        -54767 / 66192,
        None,
    ),
    # Muller's recurrence: every float goes to 100, the truth to 5
    "a = 4; b = x; repeat 30 { c = 108 - (815 - 1500/a)/b; a = b; b = c } b": ({"x": 4.25}, 4.999999734711332, None),
    # exp(-20) by its series, in a loop and as an index sum
    "s = 1; t = 1; for k in 1..120 { t = t*x/k; s = s + t } s": ({"x": -20}, math.exp(-20), {"x": math.exp(-20)}),
    "sum((-1)^k*x^k/k!, k = 0..100)": ({"x": 20}, math.exp(-20), {"x": -math.exp(-20)}),
    "(-b + sqrt(b^2 - 4*a*c))/(2*a)": (
        {"a": 1, "b": 1e8, "c": 1},
        -1.0000000000000001e-08,
        {"b": 1.0000000000000003e-16, "a": -1.0000000000000005e-24, "c": -1.0000000000000002e-08},
    ),
    # variance by E[x^2] - E[x]^2
    "(a^2 + b^2 + c^2)/3 - ((a + b + c)/3)^2": (
        {"a": 1e8, "b": 1e8 + 1, "c": 1e8 + 2},
        2 / 3,
        {"a": -2 / 3, "b": 0.0, "c": 2 / 3},
    ),
    # (x - 1)^7, multiplied out and by Horner's rule
    "x^7 - 7x^6 + 21x^5 - 35x^4 + 35x^3 - 21x^2 + 7x - 1": (
        {"x": 1 + 2**-10},
        2.0**-70,
        {"x": 7 * 2.0**-60},
    ),
    "((((((x - 7)*x + 21)*x - 35)*x + 35)*x - 21)*x + 7)*x - 1": ({"x": 1 + 2**-10}, 2.0**-70, {"x": 7 * 2.0**-60}),
    "(1 + 1/n)^n": ({"n": 2.0**40}, math.e * (1 - 2.0**-41), {"n": math.e * 2.0**-81}),
    "x*1e-200*1e300": ({"x": 1e-200}, 1e-100, {"x": 1e100}),
    "exp(x)/exp(999)": ({"x": 1000}, math.e, {"x": math.e}),
    "log(exp(x))": ({"x": 1000}, 1000.0, {"x": 1.0}),
    "1/(1 + exp(x))": ({"x": 800}, 0.0, {"x": 0.0}),
    "sqrt(x^2 + y^2)": ({"x": 1e200, "y": 1e200}, math.hypot(1e200, 1e200), {"x": math.sqrt(0.5), "y": math.sqrt(0.5)}),
    "sqrt(y^2 + x^2)": (
        {"x": 1e-160, "y": 1e-160},
        math.hypot(1e-160, 1e-160),
        {"x": math.sqrt(0.5), "y": math.sqrt(0.5)},
    ),
    "exp(x)*exp(-x)": ({"x": 1000}, 1.0, {"x": 0.0}),
    "x/(x*x)": ({"x": 1e200}, 1e-200, {"x": 0.0}),
    "log(cosh(x))": ({"x": 1000}, 1000 - math.log(2), {"x": 1.0}),
    "gamma(x)/gamma(x - 1)": ({"x": 200}, 199.0, {"x": 1.0}),
    # 3x is rounded, and near a pole of the gamma function that is much
    "gamma(3*x)": ({"x": -3.333333333}, float(mpmath.gamma(mpmath.fmul(3, -3.333333333, exact=True))), None),
    "log(x*x)": ({"x": 1e-200}, 2 * math.log(1e-200), {"x": 2e200}),
    "sqrt(x*x)": ({"x": 1e-200}, 1e-200, {"x": 1.0}),
}


@pytest.mark.parametrize("mode", [*MODES, "finite"])
@pytest.mark.parametrize("text", FAMOUS)
def test_what_is_famous_for_going_wrong(text, mode):
    at, value, gradient = FAMOUS[text]
    found = function(text).gradient(at, mode=mode)
    assert found.value == pytest.approx(value, rel=1e-13, abs=0.0)
    assert gradient is None or dict(found.gradient) == pytest.approx(gradient, rel=1e-9, abs=0.0)
    ((kind, message),) = found.warnings
    assert kind in ("cancellation", "underflow", "overflow")
    assert message.endswith("the answer is the proved one")
    alone = function(text).evaluate(at)
    assert alone.value == pytest.approx(value, rel=1e-13, abs=0.0)


def test_heron_of_needle_triangles():
    text = "s = (a + b + c)/2; sqrt(s*(s - a)*(s - b)*(s - c))"
    at = {"a": 100000.0, "b": 99999.99979, "c": 0.00029}
    with mpmath.mp.workdps(80):
        a, b, c = (mpmath.mpf(number) for number in at.values())
        s = (a + b + c) / 2
        area = mpmath.sqrt(s * (s - a) * (s - b) * (s - c))
        slope = area / 4 * (1 / s - 1 / (s - a) + 1 / (s - b) + 1 / (s - c))
        found = function(text).gradient(at)
        assert abs(found.value - area) < 1e-15 * area
        assert abs(found.gradient["a"] - slope) < 1e-15 * abs(slope)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("x - x", {"x": 1.5}),
        ("x^2 - x*x", {"x": 0.1}),
        ("x*y - y*x", {"x": 0.1, "y": 0.7}),
        ("x - 1", {"x": 1 + 1e-12}),
        ("x - 0.1", {"x": 0.1}),
        ("exp(x) - exp(1/10)", {"x": 0.1}),
        ("100*(y - x^2)^2 + (1 - x)^2", {"x": 1, "y": 1}),
        ("sin(x)", {"x": math.pi}),
        ("log(x)", {"x": 1 + 1e-12}),
        ("1 + exp(-x^2)", {"x": 20}),
        ("m = max(max(a, b), c); log(exp(a - m) + exp(b - m) + exp(c - m)) + m", {"a": 1, "b": 3, "c": 2}),
        ("x = 1; repeat 30 { x = x - (x^3 - a)/(3*x^2) } x", {"a": 2}),
        ("y = x; while abs(y^2 - 2) > 1e-12 { y = (y + 2/y)/2 } y*x", {"x": 1.5}),
        ("sin(x)^2 + cos(x)^2", {"x": 0.7}),
        ("sum(k*x, k = 1..1000) - x", {"x": 0.3}),
    ],
)
@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_what_is_right_is_no_alarm(text, at, mode):
    assert function(text).gradient(at, mode=mode).warnings == ()
    assert function(text).evaluate(at).warnings == ()


def test_a_true_zero_is_zero():
    found = function("x*(1/x) + sin(x)^2 + cos(x)^2 - 2").gradient(x=0.3)
    assert (found.value, found.gradient["x"]) == (0.0, 0.0)


def test_errors_of_floating_point_alone_are_none():
    found = function("1/(x - sin(x))").gradient(x=1e-10)
    assert found.value == pytest.approx(6e30)
    assert found.gradient["x"] == pytest.approx(-1.8e41)
    assert function("sqrt(1 + x - 1 - x + x^3)").value(x=1e-10) == pytest.approx(1e-15)
    assert function("abs(x - sin(x))").gradient(x=1e-10).gradient["x"] == pytest.approx(5e-21)


@pytest.mark.parametrize(
    ("text", "at", "error"),
    [
        ("exp(x)", {"x": 1000}, NumberOverflowError),
        ("1e200*(1e200*x)", {"x": 0}, NumberOverflowError),
        ("1/exp(-x)", {"x": 800}, DomainError),
        ("log(x)", {"x": -1}, DomainError),
        ("1/(x - 0.1)", {"x": 0.1}, DomainError),
        ("abs(x - 0.1)", {"x": 0.1}, NotDifferentiableError),
        ("abs(x)", {"x": 0}, NotDifferentiableError),
    ],
)
@pytest.mark.parametrize("mode", MODES)
def test_errors_that_stay(text, at, error, mode):
    with pytest.raises(error):
        function(text).gradient(at, mode=mode)


def test_a_value_whose_sign_was_noise_is_outside_the_domain():
    with pytest.raises(DomainError, match=r"where x\*x - y = -"):
        function("sqrt(x*x - y)").value(x=0.1, y=0.010000000000000002)


def test_what_cannot_be_proved_keeps_its_float_with_a_warning(monkeypatch):
    monkeypatch.setattr(nearest, "LONGEST", 5)
    found = function("(x - sin(x))/x^3").gradient(x=1e-10)
    assert found.value == 0.0
    ((kind, message),) = found.warnings
    assert kind == "cancellation"
    assert message.endswith("sin(x) = 1e-10: digits of the answer may be lost, and none are proved")
    assert function("1 + cos(x) - 1 - cos(x)*0.999").gradient(x=1).warnings == ()


def test_long_programs_are_computed_again_with_fewer_bits(monkeypatch):
    bits = []
    original = nearest.floats.__globals__["_last"]
    monkeypatch.setattr(nearest, "_last", lambda *args: bits.append(original(*args)) or bits[-1])
    long = "y = x; repeat 3000 { y = y + sin(x*y)/1000 } (1 - cos(y/1e9))"
    assert function(long).evaluate({"x": 0.5}).warnings
    function("1 - cos(x)").evaluate({"x": 1e-9})
    assert 116 <= bits[0] < 1500 < bits[-1] <= 3712


def test_some_of_several_values():
    found = function("[x - sin(x), exp(x), x]").evaluate({"x": 1e-9})
    assert found.value == pytest.approx((1e-27 / 6, math.exp(1e-9), 1e-9), rel=1e-15, abs=0.0)
    assert len(found.warnings) == 1


@pytest.mark.parametrize("order", [1, 2, 3])
def test_derivatives_of_any_order(order):
    found = function("(x - sin(x))/x^3").derivative("x", order=order, point={"x": 1e-5})
    wanted = {1: -1e-5 / 60, 2: -1 / 60, 3: 1e-5 / 210}[order]
    assert found.formulas[0].evaluated == pytest.approx(wanted, rel=1e-6)
    assert found.warnings[0][0] == "cancellation"


def test_a_derivative_that_overflows_on_the_way():
    found = function("log(exp(x))").derivative("x", point={"x": 1000})
    assert (found.value, found.formulas[0].evaluated) == (1000.0, 1.0)
    assert {kind for kind, _ in found.warnings} == {"overflow"}


def test_a_value_of_the_point_is_watched_too():
    assert function("x").value(x="1 - cos(1e-9)") == 5e-19


def test_the_digits_of_a_number():
    assert judged.digits(1.0, 1.0) == 17.0
    assert judged.digits(0.0, 5e-324) == 17.0
    assert judged.digits(1.0, 0.0) == 0.0
    assert judged.digits(math.inf, 1.0) == 0.0
    assert 7.9 < judged.digits(1.00000001, 1.0) < 8.1


def test_on_the_edge_of_a_way_the_decimals_as_written_say_that_floats_are_right():
    """0.7 - 0.7 is 0 as it is written, whatever the float nearest to 0.7 is."""
    asked = function("if x > 0.7 and x < 2 { 0 } else { (x - 0.7)^2 }")
    found = asked.gradient({"x": 0.7})
    assert (found.value, found.gradient, found.warnings) == (0.0, {"x": 0.0}, ())
    touching = function("if x*10 > 7 { x^2 } else { 1.4*x - 0.49 }").gradient({"x": 0.7})
    assert touching.gradient == {"x": pytest.approx(1.4, rel=1e-15)}
    assert not touching.warnings


def _lambert(u):
    return mpmath.lambertw(u).real


NEAR_A_BRANCH = {
    "tanh(x)^x": (lambda x: mpmath.tanh(x) ** x, 15.0),
    "log1p(-tanh(x))": (lambda x: mpmath.log1p(-mpmath.tanh(x)), 15.0),
    "log1p(cos(x))": (lambda x: mpmath.log1p(mpmath.cos(x)), 3.1415926),
    "lambertw(-exp(-x))": (lambda x: _lambert(-mpmath.exp(-x)), 1 + 1e-9),
    "li(tanh(x))": (lambda x: mpmath.li(mpmath.tanh(x)), 15.0),
    "ellipe(tanh(x))": (lambda x: mpmath.ellipe(mpmath.tanh(x)), 15.0),
    "erfinv(tanh(x))": (lambda x: mpmath.erfinv(mpmath.tanh(x)), 15.0),
    "xlogy(x, cosh(x))": (lambda x: x * mpmath.log(mpmath.cosh(x)), 1e-5),
}


@pytest.mark.parametrize("text", NEAR_A_BRANCH)
@pytest.mark.parametrize("is_array", [False, True])
def test_an_argument_that_was_rounded_is_told_from_a_point_where_the_slope_is_steep(text, is_array):
    truly, x = NEAR_A_BRANCH[text]
    with mpmath.mp.workdps(60):
        value, slope = truly(mpmath.mpf(x)), mpmath.diff(truly, mpmath.mpf(x), h=mpmath.mpf(10) ** -20)
    asked = function(f"sum({text})" if is_array else text)
    for mode in MODES:
        found = asked.gradient({"x": [x, x]} if is_array else {"x": x}, mode=mode)
        told, wanted = [found.value, found.gradient["x"]], [value, slope]
        if is_array:
            told, wanted = [float(found.value) / 2, *map(float, found.gradient["x"])], [value, slope, slope]
        assert all(right_digits(one, other) >= 15 for one, other in zip(told, wanted, strict=True)), (told, wanted)
        assert found.warnings


def test_a_power_of_one_is_not_looked_into():
    asked = function("x^2 + x^y + (x + 1)^3")
    assert asked.gradient(x=1, y=2).gradient == {"x": 16.0, "y": 0.0}
    assert asked.gradient(x=1, y=2).warnings == ()
