"""Decimals on both sides of a number: never inside, and no further away than their digits say."""

from fractions import Fraction

import pytest
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from adcalc.arithmetics.bounds import bounds


@given(st.fractions(), st.integers(min_value=1, max_value=20))
def test_a_fraction_lies_between_its_bounds(value, digits):
    low, high = map(Fraction, bounds(fmpq(value.numerator, value.denominator), digits))
    assert low <= value <= high
    assert high - low <= abs(value) / 10 ** (digits - 1) * 2


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(min_value=1, max_value=20))
def test_a_ball_lies_between_its_bounds(value, digits):
    around = arb(value, abs(value) * 1e-12)
    low, high = map(Fraction, bounds(around, digits))
    assert low <= Fraction(value) <= high
    assert around.contains(fmpq(Fraction(value).numerator, Fraction(value).denominator))
    assert high - low <= abs(Fraction(value)) * (Fraction(3, 10**12) + Fraction(3, 10 ** (digits - 1)))


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (fmpq(0), ("0", "0")),
        (arb(0), ("0", "0")),
        (fmpq(999, 1000), ("0.99", "1")),
        (fmpq(-999, 1000), ("-1", "-0.99")),
        (fmpq(10**30), ("1e+30", "1e+30")),
        (arb(0, 1), ("-1.1", "1.1")),
        (fmpq(1, 3 * 10**400), ("3.3e-401", "3.4e-401")),
    ],
)
def test_bounds_of_two_digits(number, expected):
    assert bounds(number, 2) == expected


def test_the_working_precision_is_put_back():
    before = ctx.prec
    bounds(arb(2).sqrt(), 500)
    assert ctx.prec == before
