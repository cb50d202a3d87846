"""Decimal digits of balls: proved, rounded, and written as people write them."""

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from flint import arb, ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from adcalc.arithmetics.decimals import decimals


@pytest.mark.parametrize(
    ("ball", "digits", "text"),
    [
        (arb(0), 50, "0"),
        (arb(2), 50, "2"),
        (arb(-0.5), 50, "-0.5"),
        (arb(100), 5, "100"),
        (arb(123456), 6, "123456"),
        (arb(123456), 5, "1.2346e+05"),
        (arb(10**30), 5, "1e+30"),
        (arb(0.125), 2, "0.13"),
        (arb(99.75), 2, "1.0e+02"),
        (arb(99.75), 3, "99.8"),
        (arb(2) ** -20, 5, "9.5367e-07"),
        (arb(2) ** -10, 3, "0.000977"),
        (arb(9.5), 1, "1e+01"),
        (arb(6613001662230615), 15, "6.61300166223062e+15"),
        (arb(25), 1, "3e+01"),
        (arb("1 +/- 1e-9"), 5, "1.0000"),
        (arb("-1 +/- 1e-9"), 5, "-1.0000"),
        (arb("1 +/- 1e-3"), 5, None),
        (arb("0 +/- 1e-300"), 5, None),
        (arb.nan(), 5, None),
        (arb.pos_inf(), 5, None),
    ],
)
def test_digits(ball, digits, text):
    assert decimals(ball, digits) == text


def test_what_lies_too_near_to_the_middle_is_left_open_unless_nearly_is_enough():
    ball = arb("0.125 +/- 1e-30")
    assert decimals(ball, 2) is None
    assert decimals(ball, 2, nearly=True) == "0.13"
    assert decimals(arb("0.125 +/- 1e-3"), 2, nearly=True) == "0.13"
    assert decimals(arb("0.125 +/- 1e-2"), 2, nearly=True) is None


def test_exponents_beyond_any_float():
    assert decimals(arb(10) ** (10**12), 3) == "1.00e+1000000000000"
    assert decimals(arb(-2.5).exp() ** 0 / arb(10) ** 400, 3) == "1.00e-400"


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.floats(allow_nan=False, allow_infinity=False).filter(bool), st.integers(1, 40))
def test_digits_are_those_of_decimal_arithmetic(number, digits):
    text = decimals(arb(number), digits)
    with localcontext() as context:
        context.prec = digits
        context.rounding = "ROUND_HALF_UP"
        assert Decimal(text) == +Decimal(number)
    assert len(text.partition("e")[0].replace("-", "").replace(".", "").lstrip("0")) <= digits


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.integers(-(10**12), 10**12).filter(bool), st.integers(1, 10**12), st.integers(2, 30))
def test_what_is_written_is_within_half_a_unit(numerator, denominator, digits):
    before = ctx.prec
    ctx.prec = 200
    try:
        text = decimals(arb(fmpq(numerator, denominator)), digits, nearly=True)
    finally:
        ctx.prec = before
    with localcontext() as context:
        context.prec = 80
        true = Decimal(numerator) / Decimal(denominator)
        unit = Decimal(10) ** (true.adjusted() - digits + 1)
        assert abs(Decimal(text) - true) <= unit * Decimal("0.5000001")


def test_the_working_precision_of_the_moment_costs_no_digit():
    before = ctx.prec
    ctx.prec = 300
    third, negative = arb(1) / 3, arb(-1) / 3
    ctx.prec = 20
    try:
        assert decimals(third, 80) == "0." + 80 * "3"
        assert decimals(negative, 80) == "-0." + 80 * "3"
        assert ctx.prec == 20
    finally:
        ctx.prec = before


def _ends(ball):
    mantissas = [(part.man_exp()) for part in (ball.mid(), ball.rad())]
    middle, radius = (fmpq(mantissa) * fmpq(2) ** int(exponent) for mantissa, exponent in mantissas)
    return middle - radius, middle + radius


@settings(max_examples=500, deadline=None, derandomize=True)
@given(
    st.floats(allow_nan=False, allow_infinity=False, width=32).filter(lambda number: abs(number) > 1e-30),
    st.integers(1, 60),
    st.integers(1, 20),
    st.sampled_from([53, 100, 226]),
)
def test_digits_of_a_ball_are_those_of_both_of_its_ends(number, accuracy, digits, precision):
    before = ctx.prec
    ctx.prec = precision
    try:
        ball = arb(number, abs(number) * 2.0**-accuracy) / 3
        text = decimals(ball, digits)
        low, high = (decimals(end, digits) for end in _ends(ball))
    finally:
        ctx.prec = before
    assert text is None or Decimal(text) == Decimal(low) == Decimal(high)


@pytest.mark.parametrize("digits", [1, 2, 5, 15, 16, 17, 30])
def test_below_a_power_of_ten_is_a_digit_more(digits):
    """0.94 to one digit is 0.9, although it is nearer to 1 than half a unit of that digit of 1."""
    before = ctx.prec
    ctx.prec = 400
    try:
        for power in (-7, -1, 0, 3):
            at = Fraction(10) ** power
            for tail, is_power in (("94", False), ("949999", False), ("95", True), ("96", True)):
                number = Fraction(f"0.{'9' * (digits - 1)}{tail}") * at
                text = decimals(fmpq(number.numerator, number.denominator), digits)
                assert Fraction(text) == (at if is_power else at - at / 10**digits)
                ball = arb(fmpq(number.numerator, number.denominator)) + arb(0, 1e-90)
                assert decimals(ball, digits) == (None if tail == "95" else text)
        assert decimals(arb(1, 0.25), 1) is None
        assert decimals(arb(1, 0.03), 1) == "1"
    finally:
        ctx.prec = before
