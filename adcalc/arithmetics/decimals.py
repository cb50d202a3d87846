"""A ball's decimal digits: those of the true number rounded, where the ball leaves no doubt about them."""

from functools import lru_cache
from math import floor, log10
from typing import Any, Final

from flint import arb, ctx, fmpq, fmpz

from adcalc.arithmetics.exact import ball as around

BITS_PER_DIGIT: Final = 3.3220  # a little more than it takes
_POSITIONAL: Final = -5  # the least exponent of ten that is written with leading zeros, as Python does
_LARGEST: Final = 10_000  # a power of two that is written out
_GUARD: Final = 64  # bits, so that scaling by a power of ten costs no digit
_HALF: Final = arb(0.5)
_LEAST, _MOST = 1e-290, 1e290  # of the numbers whose first digit floats tell


def decimals(number: Any, digits: int, nearly: bool = False) -> str | None:
    """The number rounded to so many significant digits, or None where the ball does not prove them all.

    An exact number that is shorter is written without zeros at its end. `nearly` also accepts a number that lies as
    near to the middle between two roundings as the ball tells.

    >>> decimals(arb("2.50"), 5), decimals(arb(1) / 3, 5), decimals(arb("1 +/- 0.1"), 5)
    ('2.5', '0.33333', None)
    >>> decimals(fmpq(1, 10), 5), decimals(fmpq(-2, 3), 5)
    ('0.1', '-0.66667')
    """
    if type(number) is fmpq:
        return _fraction(number, digits)
    ball = number if type(number) is arb else around(number)
    if not ball.is_exact() and (text := _quickly(ball, digits)):
        return text
    if ball.is_zero():
        return "0"
    if not ball.is_finite() or 0 in ball:
        return None
    before = ctx.prec
    try:
        ctx.prec = enough = max(before, ball.bits(), 4 * digits) + _GUARD
        size = abs(ball)
        power = power_of_ten(size.mid())
        ctx.prec = enough + power.bit_length()
        rose = False  # a power of ten is one only if it is reached with a digit more: 0.94 is 0.9, and rounds to 1
        while True:
            shift = digits - 1 - power
            scaled = size * arb(10) ** shift
            whole = (scaled + 0.5).floor().unique_fmpz()
            if whole is None and size.is_exact() and shift < 0:  # a tenth is no binary number, and this may be a tie
                whole = _tenths(size, -shift)
            if whole is None and nearly and scaled.rad() < 0.25:
                whole = (scaled.mid() + 0.5).floor().fmpz()
            if whole is None:
                return None
            least = 10 ** (digits - 1)
            if whole < least or (whole == least and not rose):
                power -= 1
            elif whole < 10 * least:
                break
            else:
                power, rose = power + 1, True
        text = whole.str()
        if arb(whole) == scaled if shift >= 0 else arb(whole) * arb(10) ** -shift == size:  # both sides are exact
            text = text.rstrip("0")
    finally:
        ctx.prec = before
    return ("-" if ball < 0 else "") + placed(text, power, digits)


def _quickly(ball: arb, digits: int) -> str | None:
    """The digits of a ball with a radius, where it leaves no doubt at the working precision; None where it may."""
    near = float(ball)
    size = abs(near)
    if not _LEAST < size < _MOST:
        return None
    power = floor(log10(size))
    shift = digits - 1 - power
    scaled = ball * _ten(shift) if shift >= 0 else ball / _ten(-shift)
    whole = (scaled + _HALF if near > 0.0 else _HALF - scaled).floor().unique_fmpz()
    text = "" if whole is None else whole.str()
    if len(text) != digits or text.rstrip("0") == "1":  # too wide, or a power of ten is near
        return None
    return placed(text, power, digits) if near > 0.0 else "-" + placed(text, power, digits)


@lru_cache(maxsize=1024)
def _ten(power: int) -> arb:
    """A power of ten, exactly."""
    return arb(fmpz(10) ** power)


def power_of_ten(size: Any) -> int:
    """The exponent of ten of a positive number's first digit, or one beside it.

    >>> power_of_ten(arb(2000)), power_of_ten(fmpq(1, 30))
    (3, -2)
    """
    before = ctx.prec
    try:
        if isinstance(size, fmpq):
            ctx.prec = _GUARD
            size = arb(size)
        ctx.prec = _GUARD + int(size.mid().man_exp()[1]).bit_length()
        return int((size.mid().log() / arb(10).log()).mid().floor().fmpz())
    finally:
        ctx.prec = before


def _fraction(number: fmpq, digits: int) -> str:
    """A fraction rounded, halves away from 0."""
    if number == 0:
        return "0"
    above, below = abs(number.p), number.q
    power = floor(log10(int(above)) - log10(int(below)))  # or one beside it
    rose = False
    while True:
        shift = digits - 1 - power
        scaled, by = (above * fmpz(10) ** shift, below) if shift >= 0 else (above, below * fmpz(10) ** -shift)
        whole = (2 * scaled + by) // (2 * by)
        text = whole.str()
        if len(text) < digits or (text.rstrip("0") == "1" and len(text) == digits and not rose) or not whole:
            power -= 1
        elif len(text) == digits:
            break
        else:
            power, rose = power + 1, True
    if whole * by == scaled:
        text = text.rstrip("0")
    return ("-" if number < 0 else "") + placed(text, power, digits)


def _tenths(number: arb, places: int) -> fmpz | None:
    """An exact number divided by a power of ten, halves rounded up; None where it is too large or small for that."""
    mantissa, exponent = number.man_exp()
    if abs(int(exponent)) > _LARGEST:
        return None
    scaled = fmpq(mantissa) * fmpq(2) ** int(exponent) / fmpq(10) ** places
    return (scaled + fmpq(1, 2)).floor()


def placed(text: str, power: int, digits: int) -> str:
    """Digits with their decimal point: the first one counts 10^power.

    >>> placed("25", 1, 5), placed("25", -1, 5), placed("25", 9, 5)
    ('25', '0.25', '2.5e+09')
    """
    if 0 <= power < digits:
        point = power + 1
        return f"{text[:point]}.{text[point:]}" if point < len(text) else text.ljust(point, "0")
    if _POSITIONAL <= power < 0:
        return "0." + "0" * (-power - 1) + text
    sign, size = "-" if power < 0 else "+", fmpz(abs(power)).str().rjust(2, "0")  # str(int) has a limit
    return f"{text[0]}.{text[1:]}e{sign}{size}" if len(text) > 1 else f"{text}e{sign}{size}"
