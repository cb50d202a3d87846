"""Slopes that are nearly 0 inside a row: rounding is not told as a derivative."""

import pytest
from mpmath import mp

from adcalc.api import function
from adcalc.modes.base import MODES

CRITICAL = [
    ("besselj(1, x)", 1.841183781340659, lambda x: mp.besselj(1, x)),
    ("bessely(0, x)", 2.197141326031017, lambda x: mp.bessely(0, x)),
    ("sphericalj(1, x)", 2.0815759778181, lambda x: mp.sqrt(mp.pi / (2 * x)) * mp.besselj(mp.mpf(3) / 2, x)),
    ("besselj(0, 2*x)", 1.9158529851037563, lambda x: mp.besselj(0, 2 * x)),
    ("airyai(x/3)", -3.056378914942413, lambda x: mp.airyai(x / 3)),
    ("si(3*x)", 1.0471975511965976, lambda x: mp.si(3 * x)),
    ("ci(x + 1)", 0.5707963267948966, lambda x: mp.ci(x + 1)),
    ("fresnels(x)", 1.4142135623730951, mp.fresnels),
    ("gamma(x/3)", 4.384896434905087, lambda x: mp.gamma(x / 3)),
    ("zeta(x/2)", -5.434525658409147, lambda x: mp.zeta(x / 2)),
    ("sinc(3*x)", 1.4978031526363547, lambda x: mp.sinc(3 * x)),
    ("beta(x, 1e-9)", 2.0, lambda x: mp.beta(x, mp.mpf(1e-9))),
]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("text", "x", "true"), CRITICAL)
def test_the_slope_of_a_function_that_is_flat(text, x, true, mode):
    with mp.workdps(60):
        slope = float(mp.diff(true, mp.mpf(x)))
    assert function(text).gradient(x=x, mode=mode).gradient["x"] == pytest.approx(slope, rel=1e-8)


def test_several_results_and_second_derivatives():
    x = 1.841183781340659
    with mp.workdps(60):
        slope = float(mp.diff(lambda u: mp.besselj(1, u), mp.mpf(x)))
        inflection = float(mp.findroot(lambda u: mp.diff(lambda w: mp.besselj(1, w), u, 2), 3.8))
        second = float(mp.diff(lambda u: mp.besselj(1, u), mp.mpf(inflection), 2))
    found = function("[besselj(1, x), x*y]").jacobian({"x": x, "y": 2.0})
    assert found.jacobian["x"][0] == pytest.approx(slope, rel=1e-8)
    asked = function("besselj(1, x)*y")
    assert asked.hessian({"x": inflection, "y": 1.0}).hessian["x"]["x"] == pytest.approx(second, rel=1e-8)
    assert asked.hvp({"x": inflection, "y": 1.0}, {"x": 1.0}).hvp["x"] == pytest.approx(second, rel=1e-8)


@pytest.mark.parametrize("text", ["gamma(x - 13)", "gamma(x - 11)", "polygamma(1, x - 15)"])
def test_near_poles_of_the_gamma_function(text):
    x = -1e-9
    with mp.workdps(60):
        u = mp.mpf(x) - int(text[:-1].split("- ")[1])
        value = mp.gamma(u) if text.startswith("gamma") else mp.polygamma(1, u)
    assert function(text).value(x=x) == pytest.approx(float(value), rel=1e-12)


LOST = [  # where an argument was rounded, far out or at a place where that shows; and where a row cancels far out
    ("besselj(0, x/3)", 3e8, lambda x: mp.besselj(0, x / 3)),
    ("bessely(1, x/3)", 58.770725464128134, lambda x: mp.bessely(1, x / 3)),
    ("airyai(3*x)", -333333.3333333333, lambda x: mp.airyai(3 * x)),
    ("airyaiprime(x/3)", -1234567.8, lambda x: mp.airyai(x / 3, derivative=1)),
    ("si(3*x)", 3333333333.3333335, lambda x: mp.si(3 * x)),
    ("fresnels(x*x)", 316.22766601683796, lambda x: mp.fresnels(x * x)),
    ("fresnelc(x)", 19.31320792129199, mp.fresnelc),
    ("beta(x, 2.5)", 1e10, lambda x: mp.beta(x, mp.mpf("2.5"))),
    ("besseli(-2.3, x)", 1.6990421208477138, lambda x: mp.besseli(mp.mpf("-2.3"), x)),
    ("besseli(-1.5, x/3)", 3.5990359207732014, lambda x: mp.besseli(mp.mpf("-1.5"), x / 3)),
    ("hyp2f1(-2.5, 3.3, -0.7, x)", 0.1607659261623217, lambda x: mp.hyp2f1(-2.5, mp.mpf("3.3"), mp.mpf("-0.7"), x)),
    ("hyp2f1(1, 2, 3, x/3)", 2.999999997, lambda x: mp.hyp2f1(1, 2, 3, x / 3)),
    ("zetaderiv(1, x/3)", 2.999999997, lambda x: mp.zeta(x / 3, derivative=1)),
    ("zeta(x/3)", -120.0000003, lambda x: mp.zeta(x / 3)),
    ("polygamma(2, 3*x)", -56.833333333333336, lambda x: mp.psi(2, 3 * x)),
]


@pytest.mark.parametrize(("text", "x", "true"), LOST)
def test_a_rounded_argument_and_a_row_that_cancels_far_out(text, x, true):
    with mp.workdps(60):
        value, slope = float(true(mp.mpf(x))), float(mp.diff(true, mp.mpf(x), h=mp.mpf(10) ** -25))
    found = function(text).gradient(x=x)
    assert found.value == pytest.approx(value, rel=1e-8, abs=0)
    assert found.gradient["x"] == pytest.approx(slope, rel=1e-8, abs=0)
    assert function(text).value(x=x) == pytest.approx(value, rel=1e-8, abs=0)


UNDERFLOWING = [
    ("besselk(0, x)", 800.0, lambda x: mp.besselk(0, x)),
    ("airyai(x)", 115.0, mp.airyai),
    ("gammaincc(2.5, x)", 800.0, lambda x: mp.gammainc(2.5, x, regularized=True)),
    ("gammainc_upper(2.5, x)", 800.0, lambda x: mp.gammainc(2.5, x)),
    ("normalcdf(x)", -40.0, mp.ncdf),
    ("besselj(40, x)", 1e-9, lambda x: mp.besselj(40, x)),
    ("gammapdf(40, x)", 1e-9, lambda x: x**39 * mp.exp(-x) / mp.gamma(40)),
    ("gammainc(40, x)", 1e-9, lambda x: mp.gammainc(40, 0, x, regularized=True)),
    ("ei(x)", -800.0, mp.ei),
    ("beta(x, 1000)", 1000.0, lambda x: mp.beta(x, 1000)),
    ("zetaderiv(1, x)", 1100.0, lambda x: -sum(mp.log(k) / mp.mpf(k) ** x for k in (2, 3, 4))),
]


@pytest.mark.parametrize(("text", "x", "true"), UNDERFLOWING)
def test_a_function_that_underflows_is_not_0_where_it_is_multiplied(text, x, true):
    with mp.workdps(60):
        value = float(true(mp.mpf(x)) * mp.cosh(140) ** 4)
    found = function(f"{text}*cosh(y)^4").gradient({"x": x, "y": 140.0}, wrt=["y"])
    assert found.value == pytest.approx(value, rel=1e-8, abs=0)
    assert found.gradient["y"] == pytest.approx(4.0 * value, rel=1e-8, abs=0)  # tanh(140) is 1
    assert [kind for kind, _ in found.warnings] == ["underflow"]


ARRAYS = [
    ("sin(x/3)", 29999999976.867126, lambda x: mp.sin(x / 3)),
    ("cos(x + 1)", 1.0000000438164772e16, lambda x: mp.cos(x + 1)),
    ("fresnels(x - 13)", -987.0000000355386, lambda x: mp.fresnels(x - 13)),
    ("factorial(3*x)", -5.333333333333675, lambda x: mp.gamma(3 * x + 1)),
    ("lgamma(x)", -10.708740838254146, lambda x: mp.log(abs(mp.gamma(x)))),  # SciPy's digamma has few digits there
    ("besselj(0, x/3)", 3e8, lambda x: mp.besselj(0, x / 3)),
]


@pytest.mark.parametrize(("text", "x", "true"), ARRAYS)
def test_elements_of_arrays(text, x, true):
    with mp.workdps(60):
        value, slope = float(true(mp.mpf(x))), float(mp.diff(true, mp.mpf(x), h=mp.mpf(10) ** -25))
    found = function(f"sum({text})").gradient({"x": [x, x]})
    assert found.value == pytest.approx(2.0 * value, rel=1e-8, abs=0)
    assert found.gradient["x"] == pytest.approx([slope, slope], rel=1e-8, abs=0)
    assert function(text).evaluate({"x": [x]}).value == pytest.approx([value], rel=1e-8, abs=0)


@pytest.mark.parametrize(
    ("text", "x", "true"),
    [
        ("sum(besselk(0, x)*cosh(y)^4)", 800.0, lambda x, y: mp.besselk(0, x) * mp.cosh(y) ** 4),
        ("sum(airyai(x)*cosh(y)^4)", 115.0, lambda x, y: mp.airyai(x) * mp.cosh(y) ** 4),
        ("sum(besselj(20, x)*cosh(y)^4)", 1e-18, lambda x, y: mp.besselj(20, x) * mp.cosh(y) ** 4),
    ],
)
def test_special_functions_of_arrays_underflow(text, x, true):
    found = function(text).gradient({"x": [x], "y": 140.0})
    with mp.workdps(60):
        slope = float(mp.diff(lambda u: true(u, mp.mpf(140)), mp.mpf(x)))
        value = float(true(mp.mpf(x), mp.mpf(140)))
    assert found.value == pytest.approx(value, rel=1e-12)
    assert found.gradient["x"][0] == pytest.approx(slope, rel=1e-12)
    assert found.warnings[0][0] == "underflow"
