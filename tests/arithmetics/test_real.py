"""Floats: what the C library lacks or gets wrong in the last digits."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adcalc.arithmetics.real import Real
from adcalc.arithmetics.special import FUNCTIONS

REAL = Real()


def apply(op, *args):
    return REAL.operation(op)(*args)


def test_constants_are_the_nearest_floats():
    assert REAL.constant(Fraction(1, 10)) == 0.1
    assert REAL.constant(Fraction(10) ** 300 / (Fraction(10) ** 300 + 1)) == 1.0
    with pytest.raises(OverflowError):
        REAL.constant(Fraction(10) ** 400)


def test_what_is_unknown_is_left_to_its_definition():
    assert REAL.operation("relu") is None


def test_every_ball_function_is_a_function_of_floats():
    assert [name for name in FUNCTIONS if REAL.operation(name) is None] == []


@given(st.integers(-200000, 200000))
def test_cube_roots_of_cubes_are_exact(number):
    assert apply("cbrt", float(number**3)) == number


def test_cube_roots_at_the_ends():
    assert apply("cbrt", 0.0) == 0.0
    assert apply("cbrt", 5e-324) == pytest.approx(1.7031839360032603e-108, rel=1e-15)
    assert apply("cbrt", -1e300) == -1e100


def test_there_is_one_angle_on_the_cut_whatever_the_sign_of_zero():
    assert apply("atan2", -0.0, -1.0) == math.pi
    assert apply("atan2", 0.0, -0.0) == 0.0


@given(st.integers(-(10**15), 10**15))
def test_turns_are_exact_at_whole_and_half_numbers(number):
    assert apply("sinpi", float(number)) == 0.0
    assert apply("cospi", float(number)) == (1.0 if number % 2 == 0 else -1.0)
    assert apply("cospi", number / 2) == (0.0 if number % 2 else 1.0 if number % 4 == 0 else -1.0)


@pytest.mark.parametrize(
    ("op", "args", "value"),
    [
        ("logistic", (-1000.0,), 0.0),
        ("logistic", (1000.0,), 1.0),
        ("softplus", (-1000.0,), 0.0),
        ("softplus", (1000.0,), 1000.0),
        ("logsumexp", (1000.0, 1000.0), 1000.0 + math.log(2)),
        ("logsumexp", (-1000.0, 0.0), 0.0),
        ("normalcdf", (-1e300,), 0.0),
        ("normalcdf", (1e300,), 1.0),
        ("normalpdf", (1e300,), 0.0),
        ("round", (2.5,), 2.0),
        ("round", (-0.5,), 0.0),
        ("sign", (-0.0,), 0.0),
        ("step", (0.0,), 1.0),
        ("xlogy", (0.0, 0.0), 0.0),
        ("mod", (-7.0, 3.0), 2.0),
        ("pow", (0.0, 0.0), 1.0),
    ],
)
def test_values_at_the_ends(op, args, value):
    assert apply(op, *args) == value


@pytest.mark.parametrize(
    ("op", "args"),
    [
        ("log", (0.0,)),
        ("pow", (-8.0, 1 / 3)),
        ("pow", (0.0, -1.0)),
        ("xlogy", (0.0, -1.0)),
        ("mod", (1.0, 0.0)),
        ("div", (1.0, 0.0)),
    ],
)
def test_outside_the_domain_there_is_no_value(op, args):
    with pytest.raises((ValueError, ZeroDivisionError)):
        apply(op, *args)


@pytest.mark.parametrize(("op", "argument"), [("exp", 710.0), ("cosh", 711.0), ("gamma", 172.0), ("erfi", 30.0)])
def test_beyond_the_range_is_an_overflow(op, argument):
    with pytest.raises(OverflowError):
        apply(op, argument)
