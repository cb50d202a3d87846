"""Values on a line through a point: where one begins, as exactly as numbers are known, and how it goes on.

What does not depend on the place on the line is a number: a ball, a fraction, a multiple of π.
"""

from typing import Any, TypeAlias

from flint import arb, arb_series

from adcalc.arithmetics.ball import Undecided
from adcalc.arithmetics.exact import ball
from adcalc.arithmetics.series_functions import restarted
from adcalc.arithmetics.turns import Real

Number: TypeAlias = Any  # a Real, or Moving where it depends on t


class Tie(ArithmeticError):  # noqa: N818  # it is no mistake: the point stands on an edge
    """A kink, a jump or a choice that turns exactly at the point: each side has a series of its own."""


class Rough(ArithmeticError):  # noqa: N818  # it is no mistake either
    """A derivative that does not exist where the value does: at a branch point, or where a slope is infinite.

    `order` is the first power of t with which the argument moves off that place, 0 where none is kept.
    """

    order = 1


class Pole(ArithmeticError):  # noqa: N818  # nor here
    """A division by a series that begins with 0: a pole of an order, or below 1 a singularity that is removable."""

    def __init__(self, order: int, limit: float | None = None) -> None:
        super().__init__("a pole")
        self.order = order
        self.limit = limit


class Moving:
    """A value that depends on t: where it begins, and its series, which begins with the number 0 where that is known.

    >>> from flint import fmpq
    >>> Moving(fmpq(1, 3), arb_series([arb(1) / 3, 1])).at
    1/3
    """

    __slots__ = ("at", "series")

    def __init__(self, at: Real, series: arb_series) -> None:
        self.at = at
        self.series = restarted(series, arb(0)) if at == 0 and not series[0].is_zero() else series


def begun(at: Real, direction: int) -> Moving:
    """An input that begins at a number and moves in a direction.

    >>> from flint import fmpq
    >>> begun(fmpq(1, 2), 1).series[1]
    1.00000000000000
    """
    return Moving(at, arb_series([ball(at), direction]))


def start(u: Number) -> Real:
    """Where a value begins.

    >>> from flint import fmpq
    >>> start(begun(fmpq(2), 1)), start(arb(3))
    (2, 3.00000000000000)
    """
    return u.at if isinstance(u, Moving) else u


def raw(u: Number) -> Any:
    """The series of a value, or its ball.

    >>> from flint import fmpq
    >>> raw(fmpq(2))
    2.00000000000000
    """
    return u.series if isinstance(u, Moving) else ball(u)


def leading(u: Number) -> int | None:
    """The number of the first coefficient that is not exactly 0; None where all that are kept are 0.

    >>> from flint import fmpq
    >>> leading(Moving(fmpq(0), arb_series([0, 0, 3]))), leading(fmpq(0))
    (2, None)
    """
    if not isinstance(u, Moving):
        return None if u == 0 else 0
    return next((number for number, one in enumerate(u.series.coeffs()) if not one.is_zero()), None)


def first_power(u: Moving) -> int:
    """The first power of t with which a value moves; 0 where none is kept.

    >>> from flint import fmpq
    >>> first_power(Moving(fmpq(1), arb_series([1, 0, 3])))
    2
    """
    return next((power for power, one in enumerate(u.series.coeffs()[1:], 1) if not one.is_zero()), 0)


def certain_sign(u: Real) -> int:
    """-1, 0 or 1. Raises Undecided where the number does not tell.

    >>> from flint import fmpq
    >>> certain_sign(arb(-2)), certain_sign(fmpq(0))
    (-1, 0)
    """
    if u > 0:
        return 1
    if u < 0:
        return -1
    if u == 0:
        return 0
    raise Undecided("a sign that balls of this precision do not tell")
