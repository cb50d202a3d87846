"""The decimals between which a number certainly lies: its ends, rounded outward."""

from typing import Any

from flint import arb, ctx, fmpq, fmpz

from adcalc.arithmetics.decimals import placed, power_of_ten
from adcalc.arithmetics.exact import ball

_GUARD = 64  # bits, so that scaling by a power of ten costs no digit


def bounds(number: Any, digits: int) -> tuple[str, str]:
    """Decimals of so many significant digits below and above a number; an exact one that is short is both.

    >>> bounds(arb(2).sqrt(), 5), bounds(fmpq(1, 4), 5), bounds(fmpq(-1, 3), 3)
    (('1.4142', '1.4143'), ('0.25', '0.25'), ('-0.334', '-0.333'))
    """
    if isinstance(number, fmpq):
        return _down(number, digits), _up(number, digits)
    around = ball(number)
    before = ctx.prec
    ctx.prec = max(before, around.bits(), 4 * digits) + _GUARD
    try:
        return _down(around.lower(), digits), _up(around.upper(), digits)
    finally:
        ctx.prec = before


def _up(number: Any, digits: int) -> str:
    text = _down(-number, digits)
    return text[1:] if text.startswith("-") else text if text == "0" else f"-{text}"


def _down(number: Any, digits: int) -> str:
    """The greatest decimal of so many digits that is certainly not above a number, or one beside it."""
    if number == 0:
        return "0"
    is_negative = number < 0
    size = abs(number)
    power = power_of_ten(size)
    while True:
        whole = _whole(size, digits - 1 - power, is_negative)
        if 10 ** (digits - 1) <= whole <= 10**digits:
            break
        power += 1 if whole > 10**digits else -1
    if whole == 10**digits:
        whole, power = fmpz(10) ** (digits - 1), power + 1
    return ("-" if is_negative else "") + placed(whole.str().rstrip("0") or "0", power, digits)


def _whole(size: Any, shift: int, up: bool) -> Any:
    """A positive number times a power of ten, rounded up or down to a whole one."""
    if isinstance(size, fmpq):
        scaled = size * fmpq(10) ** shift
        return scaled.ceil() if up else scaled.floor()
    before = ctx.prec
    ctx.prec = before + abs(shift).bit_length()  # an error in the last place of a power grows with the power
    try:
        around = size * arb(10) ** shift
        return around.upper().ceil().fmpz() if up else around.lower().floor().fmpz()
    finally:
        ctx.prec = before
