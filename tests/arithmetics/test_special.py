"""Balls: correctly rounded floats from python-flint."""

import math

import pytest
from flint import arb, ctx
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from adcalc.arithmetics.special import correctly_rounded, rounded


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.floats(-30, 150).filter(lambda u: abs(u) > 1e-300 and (u > 0 or u != math.floor(u))))
def test_the_float_is_the_nearest_one(u):
    with mp.workdps(60):
        true = mp.gamma(mpf(u))
        assert abs(mpf(rounded("gamma", u)) - true) <= mpf(math.ulp(float(true))) * 0.5000001


def test_precision_is_raised_where_the_value_is_almost_nothing():
    root = 1.4616321449683623  # the float nearest to the zero of digamma
    with mp.workdps(60):
        true = mp.digamma(mpf(root))
        assert abs(mpf(rounded("digamma", root)) / true - 1) < 2e-16


def test_the_working_precision_is_put_back():
    before = ctx.prec
    rounded("zetaderiv", 2.0, 0.5)
    with pytest.raises(ValueError, match="no value"):
        rounded("gamma", -1.0)
    assert ctx.prec == before


def test_exact_values_come_out_exactly():
    assert rounded("gamma", 5.0) == 24.0
    assert rounded("lgamma", 1.0) == 0.0
    assert rounded("zeta", 0.0) == rounded("zeta", -1e-300) == -0.5
    assert rounded("zeta", -2.0) == 0.0
    assert rounded("sphericalj", 0.0, 0.0) == 1.0
    assert rounded("besselj", -1.0, -2.0) == rounded("besselj", 1.0, 2.0)
    assert rounded("ellipe", 1.0) == 1.0


def test_what_balls_cannot_pin_down_is_refused_not_guessed():
    with pytest.raises(ValueError, match="no value"):
        rounded("besselj", 1e5, 1e5)


def test_the_float_nearest_to_the_branch_point_stands_for_it():
    assert rounded("lambertw", -math.exp(-1.0)) == -1.0
    with pytest.raises(ValueError, match="no value"):
        rounded("lambertw", -0.3678794411714424)


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("gamma", (0.0,)),
        ("gamma", (-3.0,)),
        ("digamma", (-1.0,)),
        ("polygamma", (-1.0, 2.0)),
        ("polygamma", (0.5, 2.0)),
        ("polygamma", (1.0, -2.0)),
        ("zetaderiv", (0.5, 2.0)),
        ("sphericalj", (-1.0, 2.0)),
        ("zeta", (1.0,)),
        ("li", (1.0,)),
        ("ci", (-1.0,)),
        ("bessely", (0.0, 0.0)),
        ("besselj", (0.5, -1.0)),
        ("gammainc", (-1.0, 1.0)),
        ("gammainc_upper", (2.0, -1.0)),
        ("ellipk", (1.0,)),
        ("hyp2f1", (1.0, 2.0, -1.0, 0.5)),
        ("erfinv", (1.0,)),
        ("gamma", (math.inf,)),
        ("erfi", (math.nan,)),
    ],
)
def test_where_there_is_no_value_none_is_made_up(name, args):
    with pytest.raises(ValueError, match="no"):
        rounded(name, *args)


def test_beyond_the_range_of_floats():
    with pytest.raises(OverflowError):
        rounded("gamma", 1e10)
    assert rounded("airyai", 1e10) == 0.0


def test_any_function_of_balls_can_be_rounded():
    assert correctly_rounded(arb.exp, 1.0) == math.e
    assert correctly_rounded(lambda u: u.exp() - 1, 1e-300) == 1e-300
