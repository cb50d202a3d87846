"""Rounded balls as the numbers of an answer: correctly rounded floats, or so many digits as text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from flint import arb, ctx

from adcalc.arithmetics.decimals import decimals
from adcalc.modes.taylor import Open

if TYPE_CHECKING:
    from collections.abc import Sequence

    from adcalc.results.taylor import Digits

_DIGITS = 17  # of a number that no float can hold


class Rounded(NamedTuple):
    """The numbers of an answer, None for one beyond floats; those that became 0, or are not told from it.

    `texts` has what floats lack.

    >>> Rounded((0.5,), (), {}).numbers
    (0.5,)
    """

    numbers: tuple[Digits, ...]
    vanished: tuple[int, ...]
    texts: dict[int, str]


def rounded(balls: Sequence[Any], digits: int | None, is_last: bool) -> Rounded:
    """The numbers that balls prove, or that fractions are. Raises Open where one does not prove its digits.

    >>> rounded([arb(1) / 4, arb(2)], None, False).numbers
    (0.25, 2.0)
    >>> rounded([arb(1) / 4], 20, False).numbers
    ('0.25',)
    """
    if digits is not None:
        texts = [decimals(ball, digits, is_last) for ball in balls]
        if None not in texts:
            return Rounded(tuple(texts), (), {})
        vanished = [place for place, text in enumerate(texts) if text is None and is_last and _vanishes(balls[place])]
        texts = ["0" if place in vanished else text for place, text in enumerate(texts)]
        _require(texts, balls, f"{digits} digits")
        return Rounded(tuple(texts), tuple(vanished), {})
    lows, highs = list(map(float, map(arb.lower, balls))), list(map(float, map(arb.upper, balls)))
    numbers: list[float | None] = list(lows)
    if lows != highs:
        numbers = [_between(*one, is_last) for one in zip(lows, highs, balls, strict=True)]
        _require(numbers, balls, "the float nearest to the number")
    if 0.0 not in lows and math.isfinite(math.fsum(map(abs, lows))):
        return Rounded(tuple(numbers), (), {})
    return _beyond(numbers, balls)


def _between(low: float, high: float, ball: arb, is_last: bool) -> float | None:
    if low == high:
        return low
    return float(ball.mid()) if is_last and math.nextafter(low, high) == high else None


def _require(found: Sequence[object], balls: Sequence[arb], what: str) -> None:
    missing = [number for number, one in enumerate(found) if one is None]
    if missing:
        raise Open(f"{what} cannot be proved", zero=all(0 in balls[number] for number in missing))


def _beyond(numbers: Sequence[float | None], balls: Sequence[arb]) -> Rounded:
    """The same, with what floats cannot hold written out."""
    found: list[Digits] = []
    texts: dict[int, str] = {}
    vanished: list[int] = []
    for place, (number, ball) in enumerate(zip(numbers, balls, strict=True)):
        large = number is None or math.isinf(number)
        small = number == 0.0 and 0 not in ball
        if large or small:
            texts[place] = decimals(ball, _DIGITS, nearly=True) or "beyond floating point"
        if small:
            vanished.append(place)
        found.append(None if large or number is None else number + 0.0)
    return Rounded(tuple(found), tuple(vanished), texts)


def _vanishes(ball: arb) -> bool:
    """Whether a number is nearer to 0 than half of the bits resolve, and not told from it."""
    return bool(ball.abs_upper() < arb(2) ** (-ctx.prec // 2))
