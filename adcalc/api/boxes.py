"""Values and gradients over boxes: between which decimals they lie for all values that the inputs can have.

Inputs are intervals with exact ends; so are the answers, rounded outward to the digits that are printed.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flint import arb, ctx

from adcalc.api.box_words import explained
from adcalc.api.ends import Ends
from adcalc.arithmetics.bounds import bounds
from adcalc.arithmetics.decimals import decimals
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
_TRIES: Final = 4  # each with twice the bits, where the ends of an answer are not known to its digits


def value(function: Function, point: Mapping[str, Any], digits: int = 15) -> ProvedValue:
    """Between which decimals the value, or each value of a list, lies for all values of the inputs.

    It has digits where all of them begin with the same ones. Raises DomainError where there may be no value, and what
    `Function.value` raises.

    >>> from adcalc.api import function
    >>> value(function("x^2 - x"), {"x": "[0 .. 1]"}, 5).enclosures
    (Bounds(low='-0.25', high='0'),)
    """

    def found(asked: Question) -> list[Interval]:
        return [asked.range(output) for output in asked.lowered.results]

    asked, ranges = _sharp(function, point, digits, True, found)
    return ProvedValue(
        function.source.text,
        asked.shown(digits),
        digits,
        tuple(_digits(one, digits) for one in ranges),
        asked.lowered.results != (asked.lowered.output,),
        tuple(_bounds(one, digits) for one in ranges),
        tuple(rational(one.low) if one.is_point else None for one in ranges),
    )


def gradient(
    function: Function,
    point: Mapping[str, Any],
    digits: int = 15,
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

    asked, (*partials, result) = _sharp(function, point, digits, False, found)
    by_name = dict(zip(names, partials, strict=True))
    return ProvedGradient(
        function.source.text,
        asked.shown(digits),
        mode,
        digits,
        _digits(result, digits),
        {name: _digits(one, digits) for name, one in by_name.items()},
        _bounds(result, digits),
        {name: _bounds(one, digits) for name, one in by_name.items()},
        rational(result.low) if result.is_point else None,
        {name: rational(one.low) if one.is_point else None for name, one in by_name.items()},
    )


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

    def shown(self, digits: int) -> dict[str, Any]:
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


def _bounds(one: Interval, digits: int) -> Bounds:
    return Bounds(bounds(one.low, digits)[0], bounds(one.high, digits)[1])


def _digits(one: Interval, digits: int) -> str | None:
    """The digits that all numbers of an interval begin with, rounded, where these are so many."""
    low = decimals(one.low, digits)
    return low if low is not None and low == decimals(one.high, digits) else None


@lru_cache(maxsize=16)
def _boxing(table: Table, precision: int) -> Boxing:
    """The rules over intervals, compiled for one precision in bits."""
    return Boxing(table)
