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
