"""Intervals: all numbers between two ends, each of which is as exact as it can be known.

The ends are fractions and multiples of π for as long as these last, and balls elsewhere: the square of all numbers
from 1.9 to 2.1 lies between 3.61 and 4.41, and both are met. An operation gives an interval that holds every value
which its arguments' intervals allow (Moore 1966). One and the same object is one number: u - u is 0.

A comparison of intervals that overlap is `UNDECIDED`, as with balls.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

from flint import arb, ctx, fmpq

from adcalc.arithmetics.ball import UNDECIDED, Ball, Undecided
from adcalc.arithmetics.base import RING, Operation
from adcalc.arithmetics.exact import Exact as ExactArithmetic
from adcalc.arithmetics.exact import ball
from adcalc.arithmetics.turns import Real
from adcalc.errors import InternalError
from adcalc.graph.node import CONNECTIVES, RELATIONS

ZERO: Final = fmpq(0)
_ONE: Final = fmpq(1)
_LONG: Final = 4  # times as many bits as the working precision


def kept(number: Real) -> Real:
    """A number as it is, or as a ball where its fraction is much longer than the digits of an end are worth.

    >>> kept(fmpq(1, 3)), type(kept(fmpq(1, 3**1000))) is arb
    (1/3, True)
    """
    return arb(number) if type(number) is fmpq and number.height_bits() > _LONG * ctx.prec else number


class Interval:
    """All numbers from `low` to `high`.

    >>> x = Interval(fmpq(-1), fmpq(2))
    >>> x * x, x * Interval(fmpq(-1), fmpq(2)), x - x
    ([0, 4], [-2, 4], [0, 0])
    """

    __slots__ = ("high", "low")

    def __init__(self, low: Real, high: Real) -> None:
        self.low = low
        self.high = high

    def __repr__(self) -> str:
        return f"[{self.low}, {self.high}]"

    @property
    def is_point(self) -> bool:
        """Whether it is one number, as far as that is known."""
        return self.low is self.high or bool(self.low == self.high)

    @property
    def holds_zero(self) -> bool:
        """Whether 0 may be one of its numbers."""
        return not (self.low > 0 or self.high < 0)

    @property
    def apart(self) -> arb:
        """How far its ends are apart, about."""
        return (ball(self.high) - ball(self.low)).mid()

    @property
    def ball(self) -> arb:
        """A ball that holds all of it."""
        return ball(self.low).union(ball(self.high))

    def __add__(self, other: "Interval") -> "Interval":
        return Interval(kept(self.low + other.low), kept(self.high + other.high))

    def __sub__(self, other: "Interval") -> "Interval":
        if self is other:
            return Interval(ZERO, ZERO)
        return Interval(kept(self.low - other.high), kept(self.high - other.low))

    def __neg__(self) -> "Interval":
        return Interval(-self.high, -self.low)

    def __mul__(self, other: "Interval") -> "Interval":
        if self is other:
            return square(self)
        return among([_product(one, two) for one in self._ends() for two in other._ends()])

    def __truediv__(self, other: "Interval") -> "Interval":
        if other.low == 0 and other.high == 0:
            raise ZeroDivisionError
        if other.holds_zero:
            raise Undecided("an interval that holds 0 divides nothing")
        if self is other:
            return Interval(_ONE, _ONE)
        return among([kept(one / two) for one in self._ends() for two in other._ends()])

    def _ends(self) -> tuple[Real, ...]:
        return (self.low,) if self.low is self.high else (self.low, self.high)


def point(number: Real) -> Interval:
    """The interval of one number.

    >>> point(fmpq(1, 2))
    [1/2, 1/2]
    """
    return Interval(number, number)


def least(one: Real, other: Real) -> Real:
    """The smaller of two numbers, as exact as they are.

    >>> least(fmpq(1, 3), arb(1))
    1/3
    """
    return one if one <= other else other if other <= one else ball(one).min(ball(other))


def greatest(one: Real, other: Real) -> Real:
    """The greater of two numbers, as exact as they are.

    >>> greatest(fmpq(1, 3), arb(1))
    1.00000000000000
    """
    return one if one >= other else other if other >= one else ball(one).max(ball(other))


def hull(one: Interval, other: Interval) -> Interval:
    """The smallest interval that holds two.

    >>> hull(point(fmpq(1)), point(fmpq(-2)))
    [-2, 1]
    """
    return Interval(least(one.low, other.low), greatest(one.high, other.high))


def common(one: Interval, other: Interval) -> Interval:
    """What two intervals have in common; there is something, as both are known to hold the same numbers.

    Raises InternalError where there is nothing: then one of them is wrong.

    >>> common(Interval(fmpq(0), fmpq(2)), Interval(fmpq(1), fmpq(3)))
    [1, 2]
    """
    low, high = _bound(greatest, one.low, other.low), _bound(least, one.high, other.high)
    if low > high:
        raise InternalError("two enclosures of the same numbers have nothing in common", None, "please report it")
    return Interval(low, high)


def _bound(better: Callable[[Real, Real], Real], one: Real, other: Real) -> Real:
    """The better of two bounds of the same numbers: where balls do not tell which it is, one that is exact is one."""
    found = better(one, other)
    if found is one or found is other:
        return found
    return one if not isinstance(one, arb) else other if not isinstance(other, arb) else found


def square(u: Interval) -> Interval:
    """The square of one number.

    >>> square(Interval(fmpq(-3), fmpq(2)))
    [0, 9]
    """
    size = magnitude(u)
    return Interval(kept(size.low * size.low), kept(size.high * size.high))


def magnitude(u: Interval) -> Interval:
    """The absolute value.

    >>> magnitude(Interval(fmpq(-3), fmpq(2)))
    [0, 3]
    """
    if u.low >= 0:
        return u
    if u.high <= 0:
        return -u
    return Interval(ZERO, greatest(-u.low, u.high))


def _product(one: Real, other: Real) -> Real:
    return ZERO if one == 0 or other == 0 else kept(one * other)


def among(numbers: list[Real]) -> Interval:
    """The smallest interval that holds some numbers.

    >>> among([fmpq(1), fmpq(-2), fmpq(0)])
    [-2, 1]
    """
    low = high = numbers[0]
    for number in numbers[1:]:
        low, high = least(low, number), greatest(high, number)
    return Interval(low, high)


def _relation(
    holds: Callable[[Interval, Interval], bool], fails: Callable[[Interval, Interval], bool], of_equals: bool
) -> Operation:
    def relation(left: Interval, right: Interval) -> Any:
        if left is right:
            return of_equals
        return True if holds(left, right) else False if fails(left, right) else UNDECIDED

    return relation


def _same(left: Interval, right: Interval) -> bool:
    return bool(left.low == right.high and left.high == right.low and left.low == left.high)


def are_apart(left: Interval, right: Interval) -> bool:
    """Whether two intervals certainly have no number in common.

    >>> are_apart(Interval(fmpq(0), fmpq(1)), Interval(fmpq(1), fmpq(2)))
    False
    """
    return bool(left.high < right.low or left.low > right.high)


_EXACT: Final = ExactArithmetic()
_RELATIONS: Final[dict[str, Operation]] = {
    "lt": _relation(lambda u, w: u.high < w.low, lambda u, w: u.low >= w.high, False),
    "le": _relation(lambda u, w: u.high <= w.low, lambda u, w: u.low > w.high, True),
    "gt": _relation(lambda u, w: u.low > w.high, lambda u, w: u.high <= w.low, False),
    "ge": _relation(lambda u, w: u.low >= w.high, lambda u, w: u.high < w.low, True),
    "eq": _relation(_same, are_apart, True),
    "ne": _relation(are_apart, _same, False),
}


class Intervals:
    """The arithmetic of intervals, at the working precision of the moment.

    An operation raises Undecided where an argument's interval may reach out of its domain. Those of which it knows
    nothing better than a ball are left to the rules, which know slopes.

    >>> x = Intervals().constant(Fraction(1, 10))
    >>> Intervals().operation("sqrt")(Interval(fmpq(0), fmpq(4))), Intervals().operation("lt")(x, x)
    ([0, 2], False)
    """

    infix = RING
    decides = True

    def constant(self, value: Fraction) -> Interval:
        """The interval of an exact value."""
        return point(_EXACT.constant(value))

    def operation(self, op: str) -> Operation | None:
        """The elemental operation of that name."""
        if op in RELATIONS:
            return _RELATIONS[op]
        if op in CONNECTIVES:
            return Ball().operation(op)
        from adcalc.arithmetics.ranges import RANGES

        if op in RANGES:
            return RANGES[op]
        return None

    def solve(self, equation: Operation, slope: Operation, args: Any) -> Interval:
        """Raises Undecided: the solutions for all numbers of an interval are not looked for."""
        raise Undecided("solutions are looked for at numbers, not over intervals")


def ends(op: str) -> Callable[..., Real]:
    """An operation on exact numbers and balls, of which the values at ends are made.

    >>> ends("sqrt")(fmpq(4))
    2
    """
    found = _EXACT.operation(op)
    assert found is not None
    return found
