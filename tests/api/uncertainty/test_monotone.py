"""Special functions over wide intervals on which they only rise or fall: between their ends, as mpmath has them."""

from fractions import Fraction

import mpmath
import pytest
from mpmath import mp

from adcalc.api import function

DIGITS = 12

FUNCTIONS = [
    ("gamma(x)", mpmath.gamma, "1/10", "7/5"),
    ("gamma(x)", mpmath.gamma, "3/2", "120"),
    ("lgamma(x)", mpmath.loggamma, "1/10", "7/5"),
    ("lgamma(x)", mpmath.loggamma, "2", "50"),
    ("digamma(x)", mpmath.digamma, "1/2", "50"),
    ("digamma(x)", mpmath.digamma, "-9/10", "-1/10"),
    ("polygamma(1, x)", lambda x: mpmath.psi(1, x), "1/2", "50"),
    ("polygamma(2, x)", lambda x: mpmath.psi(2, x), "1/2", "50"),
    ("gammainc(2, x)", lambda x: mpmath.gammainc(2, 0, x, regularized=True), "0", "10"),
    ("gammaincc(2, x)", lambda x: mpmath.gammainc(2, x, mpmath.inf, regularized=True), "0", "10"),
    ("gammainc_upper(-1, x)", lambda x: mpmath.gammainc(-1, x), "1/10", "10"),
    ("zeta(x)", mpmath.zeta, "101/100", "30"),
    ("diff(zeta(x), x)", lambda x: mpmath.zeta(x, derivative=1), "2", "20"),
    ("diff(zeta(x), x, 2)", lambda x: mpmath.zeta(x, derivative=2), "2", "20"),
    ("besseli(0, x)", lambda x: mpmath.besseli(0, x), "0", "10"),
    ("besseli(1/3, x)", lambda x: mpmath.besseli(mpmath.mpf(1) / 3, x), "1/10", "10"),
    ("besselk(0, x)", lambda x: mpmath.besselk(0, x), "1", "10"),
    ("besselk(-1/3, x)", lambda x: mpmath.besselk(-mpmath.mpf(1) / 3, x), "1", "10"),
    ("ei(x)", mpmath.ei, "-9", "-1/10"),
    ("ei(x)", mpmath.ei, "1/10", "9"),
    ("li(x)", mpmath.li, "0", "9/10"),
    ("li(x)", mpmath.li, "11/10", "90"),
    ("shi(x)", mpmath.shi, "-3", "9"),
    ("chi(x)", mpmath.chi, "1/10", "9"),
    ("ellipk(x)", mpmath.ellipk, "-5", "99/100"),
    ("ellipe(x)", mpmath.ellipe, "-5", "99/100"),
]


def around(text, low, high):
    (found,) = function(text).enclosed({"x": f"[{low} .. {high}]"}, DIGITS).enclosures
    return found


@pytest.mark.parametrize(("text", "truly", "low", "high"), FUNCTIONS)
def test_the_range_is_that_of_the_ends(text, truly, low, high):
    found = around(text, low, high)
    first, last = Fraction(low), Fraction(high)
    with mp.workdps(30):
        inside = [first + (last - first) * step / 20 for step in range(21)]
        values = [mpmath.re(truly(mpmath.mpf(one.numerator) / one.denominator)) for one in inside]
        assert values in (sorted(values), sorted(values, reverse=True))
        for told, true in ((found.low, min(values)), (found.high, max(values))):
            assert abs(mpmath.mpf(told) - true) <= mpmath.mpf(10) ** (1 - DIGITS) * abs(true)
        assert mpmath.mpf(found.low) <= min(values) + mpmath.mpf(10) ** -25
        assert max(values) <= mpmath.mpf(found.high) * (1 + mpmath.mpf(10) ** -25) + mpmath.mpf(10) ** -25


def test_where_it_turns_nothing_is_said_of_the_ends():
    with mp.workdps(30):
        least = mpmath.gamma(mpmath.findroot(mpmath.digamma, 1.46))
        found = around("gamma(x)", "1", "3")
        assert mpmath.mpf(found.low) <= least <= mpmath.mpf(found.low) * (1 + mpmath.mpf("1e-3"))
        assert found.high == "2"
    assert float(around("besseli(2, x)", "-10", "1").high) >= float(mpmath.besseli(2, 10))
    assert float(around("polygamma(1, x)", "-0.9", "-0.1").low) <= float(mpmath.psi(1, -0.5))


def test_slopes_of_sinc_are_never_more_than_a_half():
    found = function("sinc(x)").enclosed_gradient({"x": "[-30 .. -29.999]"}).enclosures["x"]
    with mp.workdps(30):
        for x in (mpmath.mpf("-30"), mpmath.mpf("-29.9995"), mpmath.mpf("-29.999")):
            assert mpmath.mpf(found.low) <= mpmath.diff(mpmath.sinc, x) <= mpmath.mpf(found.high)
    assert float(found.high) - float(found.low) < 1e-4
    wide = function("sinc(x)").enclosed_gradient({"x": "[-1e6 .. 1e6]"}).enclosures["x"]
    assert -0.501 <= float(wide.low) <= -0.4361
    assert 0.4361 <= float(wide.high) <= 0.501
