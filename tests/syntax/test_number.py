"""Literals are the rational numbers that they say; floats are written as people write them."""

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adcalc.errors import LimitError, Place, Source
from adcalc.syntax.number import MAXIMUM_EXPONENT, exact, short


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("12", 12),
        ("1_000_000", 10**6),
        ("0.5", Fraction(1, 2)),
        (".5", Fraction(1, 2)),
        ("5.", 5),
        ("0.1", Fraction(1, 10)),
        ("6.02e23", 602 * 10**21),
        ("1E-2", Fraction(1, 100)),
        ("1e+2", 100),
        ("1_0.2_5", Fraction(41, 4)),
        ("007", 7),
        ("0e0", 0),
        ("1e400", 10**400),
        ("1e-400", Fraction(1, 10**400)),
    ],
)
def test_a_literal_is_the_number_it_says(text, value):
    assert exact(text) == value


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.integers(0, 10**30), st.integers(0, 40), st.integers(-50, 50))
def test_a_decimal_is_exact(digits, decimals, exponent):
    padded = str(digits).rjust(decimals + 1, "0")
    text = f"{padded[: len(padded) - decimals]}.{padded[len(padded) - decimals :]}e{exponent}"
    assert exact(text) == Fraction(digits) * Fraction(10) ** (exponent - decimals)


@pytest.mark.parametrize("length", [3999, 4000, 4001, 8000, 12345])
def test_a_literal_of_many_digits_is_exact_whatever_pythons_limit(length):
    assert exact("9" * length) == 10**length - 1
    assert exact("9" * length + ".5") == 10**length - Fraction(1, 2)


@pytest.mark.parametrize(
    "text", ["1e1000000000", "1e-1000000000", "1e99999999999999999999", f"1e{MAXIMUM_EXPONENT + 1}"]
)
def test_an_exponent_beyond_any_use_is_refused(text):
    place = Place(Source(text), 0, len(text))
    with pytest.raises(LimitError) as refused:
        exact(text, place)
    assert refused.value.place == place


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (2.0, "2"),
        (-2.0, "-2"),
        (0.5, "0.5"),
        (0.1, "0.1"),
        (1e15, "1000000000000000"),
        (1e16, "1e+16"),
        (1e300, "1e+300"),
        (1e-7, "1e-07"),
    ],
)
def test_a_float_is_written_short(number, text):
    assert short(number) == text


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_written_float_reads_back_to_itself(number):
    text = short(number)
    assert float(text) == number
    if number >= 0:
        value = exact(text)
        assert value.numerator / value.denominator == number
    assert math.copysign(1, float(short(-0.0))) == 1
