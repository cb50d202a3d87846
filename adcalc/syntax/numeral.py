"""Exact numbers as text: the inverse of number.py, for numbers of any length."""

from decimal import Decimal
from fractions import Fraction
from typing import Final

_LONGEST_DECIMAL: Final = 40  # characters that a decimal may take; beyond, a quotient is used


def number_text(value: Fraction) -> str:
    """An exact number: as a decimal where that is exact and not longer, otherwise as a quotient.

    >>> [number_text(Fraction(text)) for text in ("1/3", "0.1", "2.5", "1/2", "-7", "1e400", "1e-300")]
    ['1/3', '0.1', '2.5', '1/2', '-7', '1e400', '1e-300']
    """
    numerator, denominator = value.numerator, value.denominator
    if denominator == 1:
        return integer_text(numerator)
    digits, exponent = integer_text(numerator), 0
    fraction = f"{digits}/{integer_text(denominator)}"
    if abs(numerator) == 1 and denominator == 2:
        return fraction
    twos = (denominator & -denominator).bit_length() - 1
    fives, rest = 0, denominator >> twos
    while rest % 5 == 0:
        fives, rest = fives + 1, rest // 5
    if rest != 1:
        return fraction
    exponent = max(twos, fives)
    mantissa = numerator * 10**exponent // denominator
    decimal = _decimal_text(mantissa, -exponent)
    return decimal if len(decimal) <= min(len(fraction), _LONGEST_DECIMAL) else fraction


def integer_text(value: int) -> str:
    """A whole number of any length, with an exponent where that is much shorter.

    >>> integer_text(10**30), integer_text(1000)
    ('1e30', '1000')
    """
    text = str(Decimal(value))  # unlike int, without a limit on the number of digits
    digits = text.rstrip("0")
    zeros = len(text) - len(digits)
    return f"{digits}e{zeros}" if zeros > 9 and len(digits.lstrip("-")) <= 17 else text


def _decimal_text(mantissa: int, exponent: int) -> str:
    """mantissa·10^exponent, the exponent being negative."""
    sign, digits = "-" if mantissa < 0 else "", str(Decimal(abs(mantissa)))
    point = len(digits) + exponent
    if point > 0:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if point > -5:
        return f"{sign}0.{'0' * -point}{digits}"
    return f"{sign}{digits}e{exponent}" if len(digits) == 1 else f"{sign}{digits[0]}.{digits[1:]}e{point - 1}"
