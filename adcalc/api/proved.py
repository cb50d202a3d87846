"""Proved balls as the numbers of an answer: correctly rounded floats, or so many digits as text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from flint import arb, ctx

from adcalc.arithmetics.decimals import decimals
from adcalc.modes.taylor import Open
from adcalc.syntax.number import short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from adcalc.results.taylor import Digits

_DIGITS = 17  # of a number that no float can hold


class Proved(NamedTuple):
    """A number of an answer, None where it is beyond floats; as people read it; and whether it became 0 as a float.

    >>> Proved(0.5, "0.5").number
    0.5
    """

    number: Digits
    text: str
    vanished: bool = False


def proved(balls: Sequence[arb], digits: int | None, is_last: bool) -> list[Proved]:
    """The numbers that balls prove. Raises Open where one does not prove its digits.

    >>> [one.number for one in proved([arb(1) / 4, arb(2)], None, False)]
    [0.25, 2.0]
    >>> [one.number for one in proved([arb(1) / 4], 20, False)]
    ['0.25']
    """
    found = []
    missing: list[int] = []
    for number, ball in enumerate(balls):
        one = _rounded(ball, is_last) if digits is None else _written(ball, digits, is_last)
        if one is None:
            missing.append(number)
        else:
            found.append(one)
    if missing:
        what = "the float" if digits is None else f"{digits} digits"
        raise Open(f"{what} of order {missing[0]} cannot be proved", zero=all(0 in balls[number] for number in missing))
    return found


def _rounded(ball: arb, is_last: bool) -> Proved | None:
    number = float(ball.mid())
    if not ball.is_exact():
        low, high = float(ball.lower()), float(ball.upper())
        if not low == high and not (is_last and math.nextafter(low, high) == high):
            return None
        number = low if low == high else number
    if math.isinf(number):
        return Proved(None, decimals(ball, _DIGITS, nearly=True) or "beyond floating point")
    if not number and 0 not in ball:
        return Proved(0.0, decimals(ball, _DIGITS, nearly=True) or "0", True)
    number += 0.0
    return Proved(number, short(number))


def _written(ball: arb, digits: int, is_last: bool) -> Proved | None:
    text = decimals(ball, digits, nearly=is_last)
    if text is None and is_last and ball.abs_upper() < arb(2) ** (-ctx.prec // 2):
        text = "0"
    return None if text is None else Proved(text, text)
