"""Values and gradients over boxes: between which decimals they lie for all values that the inputs can have.

Inputs are intervals with exact ends; so are the answers, rounded outward to the digits that are printed.
"""

from __future__ import annotations

from math import inf, isfinite, nextafter
from typing import TYPE_CHECKING, Any, Final

from flint import arb, ctx

from adcalc.api.uncertainty.box_question import ENOUGH, Question, bounds_of, digits_of
from adcalc.api.uncertainty.ends import Ends
from adcalc.arithmetics.decimals import BITS_PER_DIGIT
from adcalc.arithmetics.exact import ball, rational
from adcalc.errors import PrecisionError, UsageError
from adcalc.modes.base import require_mode
from adcalc.modes.proofs.certified import require_digits
from adcalc.results.proved import Bounds, ProvedGradient, ProvedValue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from adcalc.api.function import Function
    from adcalc.arithmetics.interval import Interval

_SPARE: Final = 64
_TRIES: Final = 4  # each with twice the bits, where the ends of an answer are not known to its digits


def value(function: Function, values: Mapping[str, Any], digits: int | None = None) -> ProvedValue:
    """Between which decimals the value, or each value of a list, lies for all values of the inputs.

    It has digits where all of them begin with the same ones. Where nobody says how many, the ends have as many digits
    as their distance is worth. Raises DomainError where there may be no value, and what
    `Function.value` raises.

    >>> from adcalc.api import function
    >>> value(function("x^2 - x"), {"x": "[0 .. 1]"}, 5).enclosures
    (Bounds(low='-0.25', high='0'),)
    """

    def found(asked: Question) -> list[Interval]:
        return [asked.range(output) for output in asked.lowered.results]

    asked, ranges = _sharp(function, values, digits or ENOUGH, True, found)
    return ProvedValue(
        function.source.text,
        asked.shown(digits),
        digits or ENOUGH,
        tuple(digits_of(one, digits) for one in ranges),
        asked.lowered.results != (asked.lowered.output,),
        tuple(bounds_of(one, digits) for one in ranges),
        tuple(rational(one.low) if one.is_point else None for one in ranges),
    )


def gradient(
    function: Function,
    values: Mapping[str, Any],
    digits: int | None = None,
    wrt: Iterable[str] | None = None,
    mode: str = "reverse",
    at_kink: str | None = None,
) -> ProvedGradient:
    """Between which decimals the value and the partials lie for all values of the inputs.

    Where a kink may lie in the box, the partials are those of both sides and all between. Raises
    NotDifferentiableError where there may be a jump or a slope that is not finite, and what `value` raises.

    >>> from adcalc.api import function
    >>> found = gradient(function("abs(x)*y"), {"x": "[-1 .. 2]", "y": "3"}, 5)
    >>> found.value_enclosure, found.enclosures["x"]
    (Bounds(low='0', high='6'), Bounds(low='-3', high='3'))
    """
    require_mode(mode, at_kink)
    if mode == "finite":
        raise UsageError("finite differences enclose nothing", hint="take mode forward, reverse or symbolic")
    if at_kink is not None:
        raise UsageError("over an interval the slopes of both sides of a kink count", hint="leave --at-kink out")
    names: list[str] = []

    def found(asked: Question) -> list[Interval]:
        names[:] = function.chosen(wrt, asked.lowered)
        return [*asked.slopes(names), asked.range(asked.lowered.output)]

    asked, (*partials, result) = _sharp(function, values, digits or ENOUGH, False, found)
    by_name = dict(zip(names, partials, strict=True))
    return ProvedGradient(
        function.source.text,
        asked.shown(digits),
        mode,
        digits or ENOUGH,
        digits_of(result, digits),
        {name: digits_of(one, digits) for name, one in by_name.items()},
        bounds_of(result, digits),
        {name: bounds_of(one, digits) for name, one in by_name.items()},
        rational(result.low) if result.is_point else None,
        {name: rational(one.low) if one.is_point else None for name, one in by_name.items()},
    )


def enclosed(function: Function, values: Mapping[str, Any]) -> tuple[Bounds, tuple[float, float]]:
    """Between which decimals, and which floats, the value lies for all values of the inputs.

    Raises what `value` raises, and PrecisionError where one is beyond the range of floating point.

    >>> from adcalc.api import function
    >>> enclosed(function("x^2"), {"x": "[1 .. 2]"})
    (Bounds(low='1', high='4'), (1.0, 4.0))
    """
    ends: list[float] = []

    def found(asked: Question) -> list[Interval]:
        one = asked.range(asked.lowered.output)
        ends[:] = _float(one.low, -inf), _float(one.high, inf)
        return [one]

    _, (one,) = _sharp(function, values, ENOUGH, False, found)
    if not all(map(isfinite, ends)):
        raise PrecisionError("the bounds are beyond the range of floating point")
    return bounds_of(one, None), (ends[0] + 0.0, ends[1] + 0.0)


def _float(end: Any, side: float) -> float:
    """The float at the end of an interval, or the next one to a side."""
    near = float(ball(end).mid())
    if not isfinite(near):
        return near
    return near if (ball(end) >= arb(near) if side < 0 else ball(end) <= arb(near)) else nextafter(near, side)


def turns(function: Function, values: Mapping[str, Any]) -> str:
    """Why the function may not be smooth all over a box: a kink, a jump, a choice; "" where it certainly is.

    Raises what `value` raises.

    >>> from adcalc.api import function
    >>> turns(function("x*abs(x)"), {"x": "[-1 .. 2]"})
    'abs(x) may have a kink where x is in [-5.96047e-08, 1.1921e-07]'
    """
    words: list[str] = []

    def found(asked: Question) -> list[Interval]:
        words[:] = [asked.turns()]
        return []

    _sharp(function, values, ENOUGH, False, found)
    return words[0]


def _sharp(
    function: Function,
    values: Mapping[str, Any],
    digits: int,
    several: bool,
    find: Callable[[Question], list[Interval]],
) -> tuple[Question, list[Interval]]:
    """The question, and ranges whose ends are known to so many digits: with more bits, where that needs more."""
    require_digits(digits)
    ends = {name: Ends.of(function, name, one) for name, one in values.items()}
    before = ctx.prec
    ctx.prec = int(digits * BITS_PER_DIGIT) + _SPARE
    try:
        for _ in range(_TRIES):
            asked = Question.make(function, ends, several)
            found = find(asked)
            if all(_is_sharp(one, digits) for one in found):
                break
            ctx.prec *= 2
        if not all(ball(end).is_finite() for one in found for end in (one.low, one.high)):
            raise PrecisionError("no finite ends can be proved", hint="take a narrower interval")
        return asked, found
    finally:
        ctx.prec = before


def _is_sharp(one: Interval, digits: int) -> bool:
    ends = [end for end in (one.low, one.high) if isinstance(end, arb)]
    return all(end.is_exact() or end.rel_accuracy_bits() > digits * BITS_PER_DIGIT for end in ends)
