"""Values and gradients over boxes: between which decimals they lie for all values that the inputs can have.

Inputs are intervals with exact ends; so are the answers, rounded outward to the digits that are printed.
"""

from __future__ import annotations

from functools import lru_cache
from math import inf, isfinite, nextafter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flint import arb, ctx

from adcalc.api.box_words import explained
from adcalc.api.ends import Ends
from adcalc.api.proved import ENCLOSED
from adcalc.arithmetics.bounds import bounds
from adcalc.arithmetics.decimals import decimals, power_of_ten
from adcalc.arithmetics.exact import ball, rational
from adcalc.arithmetics.interval import ZERO, Interval, common, hull, point
from adcalc.errors import PrecisionError, UsageError
from adcalc.modes import boxes
from adcalc.modes.base import require_mode
from adcalc.modes.boxes import BoxError, Swept
from adcalc.modes.certified import require_digits
from adcalc.modes.narrowing import cover, narrowed
from adcalc.results.proved import Bounds, ProvedGradient, ProvedValue
from adcalc.rules.boxing import Boxing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from adcalc.api.function import Function
    from adcalc.graph.node import NodeId
    from adcalc.rules.table import Table
    from adcalc.syntax.lowered import Lowered

_BITS_PER_DIGIT: Final = 3.3220
_SPARE: Final = 64
_ENOUGH: Final = 20  # digits, where nobody says how many
_FEWEST: Final = 6
_MORE: Final = 4  # digits than those that both ends of an interval begin with
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

    asked, ranges = _sharp(function, values, digits or _ENOUGH, True, found)
    return ProvedValue(
        function.source.text,
        asked.shown(digits),
        digits or _ENOUGH,
        tuple(_digits(one, digits) for one in ranges),
        asked.lowered.results != (asked.lowered.output,),
        tuple(_bounds(one, digits) for one in ranges),
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

    asked, (*partials, result) = _sharp(function, values, digits or _ENOUGH, False, found)
    by_name = dict(zip(names, partials, strict=True))
    return ProvedGradient(
        function.source.text,
        asked.shown(digits),
        mode,
        digits or _ENOUGH,
        _digits(result, digits),
        {name: _digits(one, digits) for name, one in by_name.items()},
        _bounds(result, digits),
        {name: _bounds(one, digits) for name, one in by_name.items()},
        rational(result.low) if result.is_point else None,
        {name: rational(one.low) if one.is_point else None for name, one in by_name.items()},
    )


def floats(function: Function, values: Mapping[str, Any]) -> tuple[float, float]:
    """Two floats between which the value lies for all values of the inputs.

    Raises what `value` raises, and PrecisionError where one is beyond the range of floating point.

    >>> from adcalc.api import function
    >>> floats(function("x^2"), {"x": "[1 .. 2]"})
    (1.0, 4.0)
    """
    ends: list[float] = []

    def found(asked: Question) -> list[Interval]:
        one = asked.range(asked.lowered.output)
        ends[:] = _float(one.low, -inf), _float(one.high, inf)
        return [one]

    _sharp(function, values, _ENOUGH, False, found)
    if not all(map(isfinite, ends)):
        raise PrecisionError("the bounds are beyond the range of floating point")
    return ends[0] + 0.0, ends[1] + 0.0


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
    'abs(x) may have a kink where x is in [0, 0]'
    """
    words: list[str] = []

    def found(asked: Question) -> list[Interval]:
        words[:] = [asked.turns()]
        return []

    _sharp(function, values, _ENOUGH, False, found)
    return words[0]


class Question(NamedTuple):
    """A function over a box at the working precision: its graph, and the interval of each variable."""

    function: Function
    lowered: Lowered
    ends: Mapping[str, Ends]
    box: Mapping[str, Interval]
    rules: Boxing

    @classmethod
    def make(cls, function: Function, ends: Mapping[str, Ends], several: bool) -> Question:
        """The question at the working precision. Raises UsageError for arrays, and for what is no interval."""
        box = {name: one.interval(function, name) for name, one in ends.items()}
        rules = _boxing(function.table, int(ctx.prec))
        lowered = None
        if not function.needs_point:
            lowered = function.lowered(box, several)
        if lowered is None:
            from adcalc.api.box_way import along

            lowered = function.one_result(along(function, box, rules), several)
        function.require(lowered, ends)
        if lowered.has_arrays:
            raise UsageError("there are arrays in it, and a box is of numbers", hint="write the elements out")
        known = {name: box[name] for name in lowered.variables if name in box}
        return cls(function, lowered, ends, known, rules)

    def shown(self, digits: int | None) -> dict[str, Any]:
        """The digits of the numbers, and the decimals between which the intervals lie."""
        return {
            name: _digits(one, digits) or "" if one.is_point else _bounds(one, digits) for name, one in self.box.items()
        }

    def range(self, output: NodeId) -> Interval:
        """The range of a node. Raises what a user reads."""
        try:
            return narrowed(self._sweep(output), self._by_node(), self._size(output))
        except BoxError as error:
            raise explained(error, self.lowered, self.rules.table) from None

    def slopes(self, names: list[str]) -> list[Interval]:
        """The ranges of the partials of the result by some variables. Raises what a user reads.

        They are those of the sweeps, and those of the partials as formulas, which have a centred form of their own.
        """
        lowered, wrt = self.lowered, [self.lowered.variables[name] for name in names]
        try:
            pieces = cover(self._sweep(lowered.output), self._by_node(), wrt)
        except BoxError as error:
            raise explained(error, lowered, self.rules.table) from None
        formulas = self.function.symbolic(lowered, lowered.output, tuple(wrt))
        found = []
        for node, formula in zip(wrt, formulas, strict=True):
            whole = _whole([(one.slopes or {}).get(node, point(ZERO)) for one in pieces])
            if formula is not None and not whole.is_point:
                try:
                    whole = common(whole, narrowed(self._sweep(formula), self._by_node(), self._size(formula)))
                except BoxError:
                    pass  # what the sweeps have found holds all the same
            found.append(whole)
        return found

    def turns(self) -> str:
        """Why the result may not be smooth all over the box; "" where it is. Raises what a user reads."""
        box = self._by_node()
        wide = tuple(node for node, one in box.items() if not one.is_point)
        sweep = self._sweep(self.lowered.output)

        def smooth(part: Mapping[NodeId, Interval]) -> Swept:
            swept = sweep(part)
            problem = swept.tape.problem._replace(wrt=wide)
            boxes.require_slopes(swept._replace(tape=swept.tape._replace(problem=problem)), kinks=False)
            return swept

        try:
            cover(smooth, box)
        except BoxError as error:
            return explained(error, self.lowered, self.rules.table).message
        return ""

    def _sweep(self, output: NodeId) -> Callable[[Mapping[NodeId, Interval]], Swept]:
        lowered, rules = self.lowered, self.rules
        guards = lowered.guards if output == lowered.output or output in lowered.results else ()

        def sweep(box: Mapping[NodeId, Interval]) -> Swept:
            return boxes.primal(lowered.graph, output, box, rules, lowered.marks, guards)

        return sweep

    def _by_node(self) -> dict[NodeId, Interval]:
        return {self.lowered.variables[name]: one for name, one in self.box.items()}

    def _size(self, output: NodeId) -> int:
        return len(self.lowered.graph.live(output))


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
    ctx.prec = int(digits * _BITS_PER_DIGIT) + _SPARE
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
    return all(end.is_exact() or end.rel_accuracy_bits() > digits * _BITS_PER_DIGIT for end in ends)


def _whole(parts: list[Interval]) -> Interval:
    whole = parts[0]
    for one in parts[1:]:
        whole = hull(whole, one)
    return whole


def _bounds(one: Interval, digits: int | None) -> Bounds:
    count = digits or _worth(one)
    return Bounds(bounds(one.low, count)[0], bounds(one.high, count)[1])


def _worth(one: Interval) -> int:
    """How many digits of the ends of an interval say something."""
    size, apart = max(abs(ball(one.low)).abs_upper(), abs(ball(one.high)).abs_upper()), one.apart
    if not apart > 0:
        return ENCLOSED
    return max(_FEWEST, min(_ENOUGH, power_of_ten(size) - power_of_ten(apart) + _MORE))


def _digits(one: Interval, digits: int | None) -> str | None:
    """The digits that all numbers of an interval begin with, rounded, where these are so many."""
    low = decimals(one.low, digits or ENCLOSED)
    return low if low is not None and low == decimals(one.high, digits or ENCLOSED) else None


@lru_cache(maxsize=16)
def _boxing(table: Table, precision: int) -> Boxing:
    """The rules over intervals, compiled for one precision in bits."""
    return Boxing(table)
