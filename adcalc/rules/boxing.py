"""The rules of a table over intervals.

They are the rows as they stand, but for those that choose between arguments: where an interval does not decide, both
sides count. A function of which nothing better is known is enclosed by balls; where balls say that its slope by an
argument has one sign, the ends of that argument say more.
"""

from functools import partial
from typing import Any, Final

from flint import arb, fmpq

from adcalc.arithmetics.ball import Ball, Undecided
from adcalc.arithmetics.base import Operation
from adcalc.arithmetics.interval import ZERO, Interval, Intervals, common, ends, hull, kept, point
from adcalc.arithmetics.monotone import direction
from adcalc.arithmetics.ranges import finite
from adcalc.arithmetics.special import FUNCTIONS
from adcalc.rules.compiled import Compiled
from adcalc.rules.enclosing import Enclosing
from adcalc.rules.table import Table

KINKS: Final = frozenset({"abs", "min", "max", "hypot"})  # whose slopes below hold those of both sides


class Boxing(Compiled[Interval]):
    """Rules over intervals, compiled on first use, for the precision at which they were made.

    >>> from adcalc.rules.table import standard
    >>> rules = Boxing(standard())
    >>> u, zero = Interval(fmpq(-1), fmpq(2)), point(ZERO)
    >>> rules.pull("max", (0,))(point(fmpq(3)), rules.value("max")(u, zero), u, zero)
    [0, 3]
    """

    def __init__(self, table: Table) -> None:
        super().__init__(table, Intervals())
        self._balls: Enclosing = Enclosing(table, Ball())
        self._ball = Ball()

    def value(self, op: str) -> Operation:
        """The function that computes an operation: of its arguments. It raises Undecided where they may leave it."""
        if op not in self._values and self.arithmetic.operation(op) is None and self._is_known(op):
            self._values[op] = partial(self._ranged, op, ends(op))
        return super().value(op)

    def pull(self, op: str, active: tuple[int, ...]) -> Operation:
        """The return sweep's step: of (adjoint, value, arguments…)."""
        return partial(self._pulled, op, active) if op in _OWN else super().pull(op, active)

    def push(self, op: str, active: tuple[int, ...]) -> Operation:
        """The forward sweep's step: of (value, arguments…, tangents of the active ones…)."""
        if op in ("min", "max") and len(active) == 2:
            return partial(self._chosen, op)
        return partial(self._pushed, op, active) if op in _OWN else super().push(op, active)

    def _is_known(self, op: str) -> bool:
        return op in FUNCTIONS or self._ball.operation(op) is not None

    def _ranged(self, op: str, exactly: Operation, *args: Interval) -> Interval:
        """The range of a function by balls, and by its ends in those arguments in which it only rises or falls."""
        if all(argument.is_point for argument in args):
            return point(finite(exactly(*[argument.low for argument in args])))
        if way := direction(op, args):
            before = [argument.low for argument in args[:-1]]
            first, last = (finite(exactly(*before, end)) for end in (args[-1].low, args[-1].high))
            return Interval(first, last) if way > 0 else Interval(last, first)
        balls = [argument.ball for argument in args]
        low, high = list(args), list(args)
        found: Interval | None = None
        try:
            around = self._ball.operation(op)(*balls)  # type: ignore[misc]  # it is known
            found = Interval(around.lower(), around.upper())
            for number, argument in enumerate(args):
                if not argument.is_point and self.table.rule(op).mentions(number):
                    slope = self._balls.pull(op, (number,))(arb(1), around, *balls)
                    if slope >= 0 or slope <= 0:
                        first, last = point(argument.low), point(argument.high)
                        low[number], high[number] = (first, last) if slope >= 0 else (last, first)
        except (ZeroDivisionError, ValueError):
            raise Undecided("no value on all of the interval") from None
        except Undecided:
            if found is None:
                raise
        if found is not None and low == list(args):
            return found
        assert found is not None
        if all(one.is_point for one in (*low, *high)):
            corners = [finite(exactly(*[one.low for one in corner])) for corner in (low, high)]
            return common(found, Interval(*corners))
        return found

    # ------------------------------------------------------------ rows that choose, or ask what intervals do not answer

    def _pulled(self, op: str, active: tuple[int, ...], bar: Interval, v: Interval, *args: Interval) -> Any:
        slopes = _OWN[op](self, v, *args)
        flows = tuple(bar * slopes(argument) for argument in active)
        return flows if len(flows) > 1 else flows[0]

    def _pushed(self, op: str, active: tuple[int, ...], v: Interval, *rest: Interval) -> Interval:
        args, tangents = rest[: -len(active)], rest[-len(active) :]
        slopes = _OWN[op](self, v, *args)
        terms: list[Interval] = [slopes(argument) * one for argument, one in zip(active, tangents, strict=True)]
        return terms[0] if len(terms) == 1 else terms[0] + terms[1]

    def _chosen(self, op: str, v: Interval, u: Interval, w: Interval, du: Interval, dw: Interval) -> Interval:
        side = _side(op, u, w)
        return hull(du, dw) if side is None else (du, dw)[side]

    def _power(self, v: Interval, u: Interval, w: Interval) -> Any:
        def slope(argument: int) -> Interval:
            if not argument and w.low == 0 and w.high == 0:
                return w
            below = Interval(kept(w.low - 1), kept(w.high - 1)) if not w.is_point else point(kept(w.low - 1))
            found: Interval = self.value("xlogy")(v, u) if argument else w * self.value("pow")(u, below)
            return found

        return slope

    def _absolute(self, v: Interval, u: Interval) -> Any:
        one = point(fmpq(1))
        return lambda argument: one if u.low > 0 else -one if u.high < 0 else _unit()

    def _larger(self, v: Interval, u: Interval, w: Interval) -> Any:
        return partial(_share, _side("max", u, w))

    def _smaller(self, v: Interval, u: Interval, w: Interval) -> Any:
        return partial(_share, _side("min", u, w))

    def _length(self, v: Interval, u: Interval, w: Interval) -> Any:
        def slope(argument: int) -> Interval:
            return _unit() if v.holds_zero else common((u, w)[argument] / v, _unit())

        return slope


_OWN: Final[dict[str, Any]] = {
    "pow": Boxing._power,
    "abs": Boxing._absolute,
    "max": Boxing._larger,
    "min": Boxing._smaller,
    "hypot": Boxing._length,
}


def _unit() -> Interval:
    """All slopes from -1 to 1; a new object each time, as one object is one number."""
    return Interval(fmpq(-1), fmpq(1))


def _side(op: str, u: Interval, w: Interval) -> int | None:
    """Which of two arguments is the greatest, or the least, on all of their intervals; None where they may meet."""
    if op == "min":
        u, w = w, u  # the first of two is the least where the second is the greatest
    return 0 if u.low > w.high else 1 if w.low > u.high else None


def _share(side: int | None, argument: int) -> Interval:
    """How much of a choice's slope is that of an argument."""
    return Interval(ZERO, fmpq(1)) if side is None else point(fmpq(int(side == argument)))
