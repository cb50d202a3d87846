"""A function over a box, at one precision: its graph there, and what can be asked of it."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flint import ctx

from adcalc.api.proofs.proved import ENCLOSED
from adcalc.api.uncertainty.box_words import explained
from adcalc.arithmetics.bounds import bounds
from adcalc.arithmetics.decimals import decimals, power_of_ten
from adcalc.arithmetics.exact import ball
from adcalc.arithmetics.interval import ZERO, Interval, common, hull, point
from adcalc.arithmetics.special import FUNCTIONS
from adcalc.errors import UsageError
from adcalc.modes.proofs import boxes
from adcalc.modes.proofs.boxes import BoxError, Swept
from adcalc.modes.proofs.narrowing import Piece, cover, halves, narrowed
from adcalc.results.proved import Bounds
from adcalc.rules.boxing import Boxing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from adcalc.api.function import Function
    from adcalc.api.uncertainty.ends import Ends
    from adcalc.graph.node import NodeId
    from adcalc.rules.table import Table
    from adcalc.syntax.lowered import Lowered

ENOUGH: Final = 20  # digits, where nobody says how many
_SPECIAL: Final = 500  # operations that a special function is worth
_CUTS: Final = 16  # around kinks
_FEWEST: Final = 6
_MORE: Final = 4  # digits than those that both ends of an interval begin with


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
            from adcalc.api.uncertainty.box_way import along

            lowered = function.one_result(along(function, box, rules), several)
        function.require(lowered, ends)
        if lowered.has_arrays:
            raise UsageError("there are arrays in it, and a box is of numbers", hint="write the elements out")
        known = {name: box[name] for name in lowered.variables if name in box}
        return cls(function, lowered, ends, known, rules)

    def shown(self, digits: int | None) -> dict[str, Any]:
        """The digits of the numbers, and the decimals between which the intervals lie."""
        return {
            name: digits_of(one, digits) or "" if one.is_point else bounds_of(one, digits)
            for name, one in self.box.items()
        }

    def range(self, output: NodeId) -> Interval:
        """The range of a node. Raises what a user reads."""
        try:
            return narrowed(self._sweep(output), self._by_node(), self._size(output))
        except BoxError as error:
            raise explained(error, self.lowered, self.rules.table) from None

    def slopes(self, names: list[str]) -> list[Interval]:
        """The ranges of the partials of the result by some variables. Raises what a user reads.

        Around a kink they are those of the sweeps, which hold the slopes of both sides; elsewhere also those of the
        partials as formulas, which have a centred form of their own.
        """
        lowered, wrt = self.lowered, tuple(self.lowered.variables[name] for name in names)
        try:
            parts = self._parts(wrt)
        except BoxError as error:
            raise explained(error, lowered, self.rules.table) from None
        formulas = self.function.symbolic(lowered, lowered.output, wrt)
        found = []
        for node, formula in zip(wrt, formulas, strict=True):
            whole: Interval | None = None
            for piece, smooth in parts:
                one = (piece.slopes or {}).get(node, point(ZERO))
                if smooth and formula is not None and not one.is_point:
                    with suppress(BoxError):  # what the sweeps have found holds all the same
                        work = self._size(formula) * len(wrt)
                        one = common(one, narrowed(self._sweep(formula), piece.box, work, len(parts)))
                whole = one if whole is None else hull(whole, one)
            found.append(point(ZERO) if whole is None else whole)
        return found

    def _parts(self, wrt: tuple[NodeId, ...]) -> list[tuple[Piece, bool]]:
        """Boxes that make up the box, with their slopes, and whether there is certainly no kink in them."""
        sweep = self._sweep(self.lowered.output)
        waiting = cover(sweep, self._by_node(), wrt)
        found: list[tuple[Piece, bool]] = []
        cuts = 0
        while waiting:
            one = waiting.pop(0)
            try:
                self._smooth(one.box)
                found.append((one, True))
            except BoxError:
                if cuts < _CUTS and one.is_wide:
                    cuts += 1
                    waiting.extend(part for half in halves(one) for part in cover(sweep, half, wrt))
                else:
                    found.append((one, False))
        return found

    def _smooth(self, box: Mapping[NodeId, Interval]) -> Swept:
        """The sweep over a box. Raises BoxError where a kink or a jump may be in it."""
        swept = self._sweep(self.lowered.output)(box)
        wide = tuple(node for node, one in box.items() if not one.is_point)
        problem = swept.tape.problem._replace(wrt=wide)
        boxes.require_slopes(swept._replace(tape=swept.tape._replace(problem=problem)), kinks=False)
        return swept

    def turns(self) -> str:
        """Why the result may not be smooth all over the box; "" where it is. Raises what a user reads."""
        try:
            cover(self._smooth, self._by_node())
        except BoxError as error:
            return explained(error, self.lowered, self.rules.table).message
        return ""

    def _sweep(self, output: NodeId) -> Callable[[Mapping[NodeId, Interval]], Swept]:
        lowered, rules = self.lowered, self.rules
        is_result = output == lowered.output or output in lowered.results
        guards, decided = (lowered.guards, lowered.decided) if is_result else ((), ())

        def sweep(box: Mapping[NodeId, Interval]) -> Swept:
            return boxes.primal(lowered.graph, output, box, rules, lowered.marks, guards, decided)

        return sweep

    def _by_node(self) -> dict[NodeId, Interval]:
        return {self.lowered.variables[name]: one for name, one in self.box.items()}

    def _size(self, output: NodeId) -> int:
        """The work of a sweep, in operations of the ordinary kind."""
        graph = self.lowered.graph
        wide = sum(not one.is_point for one in self.box.values())
        costs = (_SPECIAL if graph.nodes[node].op in FUNCTIONS else 1 for node in graph.live(output))
        return (1 + wide // 4) * sum(costs)


def bounds_of(one: Interval, digits: int | None) -> Bounds:
    """Decimals around an interval: of so many digits, or of as many as its width is worth.

    >>> from flint import fmpq
    >>> bounds_of(Interval(fmpq(1, 3), fmpq(2)), 4)
    Bounds(low='0.3333', high='2')
    """
    count = digits or _worth(one)
    return Bounds(bounds(one.low, count)[0], bounds(one.high, count)[1])


def _worth(one: Interval) -> int:
    """How many digits of the ends of an interval say something."""
    size, apart = max(abs(ball(one.low)).abs_upper(), abs(ball(one.high)).abs_upper()), one.apart
    if not apart > 0:
        return ENCLOSED
    return max(_FEWEST, min(ENOUGH, power_of_ten(size) - power_of_ten(apart) + _MORE))


def digits_of(one: Interval, digits: int | None) -> str | None:
    """The digits that all numbers of an interval begin with, rounded, where these are so many.

    >>> from flint import fmpq
    >>> digits_of(point(fmpq(1, 3)), 4), digits_of(Interval(fmpq(1), fmpq(2)), 4)
    ('0.3333', None)
    """
    low = decimals(one.low, digits or ENCLOSED)
    return low if low is not None and low == decimals(one.high, digits or ENCLOSED) else None


@lru_cache(maxsize=16)
def _boxing(table: Table, precision: int) -> Boxing:
    """The rules over intervals, compiled for one precision in bits."""
    return Boxing(table)
