"""Balls that answer every comparison, for numbers at a very small distance from a point.

Where the balls overlap, more bits may tell them apart; when the bits run out they are taken to be equal, as sin(x)^2 +
cos(x)^2 is to 1. So nothing here is proved, and what is found is right unless two sides differ only far beyond the
precision.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from typing import Any, Final

from flint import arb

from adcalc.arithmetics.ball import Ball, Undecided
from adcalc.arithmetics.base import Operation
from adcalc.graph.fold import holds
from adcalc.graph.node import RELATIONS


class TooFewBits(Undecided):
    """Two numbers that more bits may tell apart."""


class Near(Ball):
    """The arithmetic of balls with a truth for every comparison.

    `is_last` says that there will be no more bits.

    >>> Near(True).operation("eq")(arb(2).sqrt() ** 2, arb(2))
    True
    >>> Near(True).operation("floor")(arb(3).sqrt() ** 2)
    3.00000000000000
    """

    def __init__(self, is_last: bool) -> None:
        self.is_last = is_last

    def constant(self, value: Fraction) -> arb:
        """The float nearest to a constant: a point x = 0.7 in floats stands on the edge x > 7/10, not beside it."""
        try:
            return arb(float(value))
        except OverflowError:
            return super().constant(value)

    def operation(self, op: str) -> Operation | None:
        """The elemental operation of that name."""
        if op in RELATIONS:
            return lambda left, right: holds(op, self.order(left, right), 0)
        if op in _LOGIC:
            return _LOGIC[op]
        if op in _STEPS:
            return partial(_STEPS[op], self)
        return super().operation(op)

    def solve(self, equation: Operation, slope: Operation, args: Sequence[Any]) -> Any:
        """The solution, without a proof that it is one."""
        from adcalc.arithmetics.solving import approached

        return approached(equation, slope, args)

    def order(self, left: arb, right: arb) -> int:
        """-1, 0 or 1, as left is less than, equal to or greater than right.

        >>> Near(True).order(arb(2), arb(3)), Near(True).order(arb(3).sqrt() ** 2, arb(3))
        (-1, 0)
        """
        if left < right:
            return -1
        if left > right:
            return 1
        if not self.is_last and not left == right:
            raise TooFewBits("more bits may tell these numbers apart")
        return 0

    def _floor(self, u: arb) -> arb:
        nearest = (u + 0.5).mid().floor()
        return nearest - 1 if self.order(u, nearest) < 0 else nearest

    def _ceil(self, u: arb) -> arb:
        return -self._floor(-u)

    def _round(self, u: arb) -> arb:
        below = self._floor(u)
        side = self.order(u, below + 0.5)
        return below + 1 if side > 0 or (side == 0 and below.fmpz() % 2) else below

    def _sign(self, u: arb) -> arb:
        return arb(self.order(u, arb(0)))

    def _step(self, u: arb) -> arb:
        return arb(int(self.order(u, arb(0)) >= 0))

    def _mod(self, u: arb, w: arb) -> arb:
        if w.is_zero():
            raise ZeroDivisionError
        return u - w * self._floor(u / w)


_LOGIC: Final[dict[str, Operation]] = {
    "and": lambda left, right: left and right,
    "or": lambda left, right: left or right,
    "not": lambda truth: not truth,
}
_STEPS: Final[dict[str, Callable[..., arb]]] = {
    "floor": Near._floor,
    "ceil": Near._ceil,
    "round": Near._round,
    "sign": Near._sign,
    "step": Near._step,
    "mod": Near._mod,
}
