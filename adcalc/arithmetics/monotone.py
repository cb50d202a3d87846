"""Where special functions only rise or only fall: over such an interval their values lie between those at its ends.

Balls as wide as an interval know little of the functions between: of digamma from 1/2 to 50 hardly the order of
magnitude, and of zeta from 2 to 30 not even that it has a value there.
"""

from collections.abc import Callable
from typing import Any, Final

from flint import fmpq

from adcalc.arithmetics.exact import ball
from adcalc.arithmetics.interval import Interval

_FALLS_TO: Final = fmpq(73, 50)  # the gamma function has its least positive value at 1.4616…
_RISES_FROM: Final = fmpq(147, 100)


def direction(op: str, args: tuple[Interval, ...]) -> int:
    """1 where a function certainly rises with its last argument all over the interval, -1 where it falls, else 0.

    Its other arguments have to be numbers.

    >>> from adcalc.arithmetics.interval import point
    >>> wide = Interval(fmpq(2), fmpq(30))
    >>> direction("digamma", (wide,)), direction("zeta", (wide,)), direction("besselj", (point(fmpq(1)), wide))
    (1, -1, 0)
    """
    where = _WAYS.get(op)
    if where is None or not all(one.is_point for one in args[:-1]):
        return 0
    return where(*args)


def _gamma(u: Interval) -> int:
    if u.low > 0 and u.high <= _FALLS_TO:
        return -1
    return int(bool(u.low >= _RISES_FROM))


def _digamma(u: Interval) -> int:
    if u.low > 0:
        return 1
    pole = ball(u.low).floor()
    return int(bool(pole < ball(u.low) and pole == ball(u.high).floor()))


def _ei(u: Interval) -> int:
    return 1 if u.low > 0 else -int(bool(u.high < 0))


def _li(u: Interval) -> int:
    if u.low > 1:
        return 1
    return -int(bool(u.low >= 0 and u.high < 1))


def _above(least: int, way: int) -> Callable[..., int]:
    """A function that goes one way above a number."""
    return lambda *args: way if args[-1].low > least else 0


def _by_order(least: int, odd: int) -> Callable[[Interval, Interval], int]:
    """The derivatives of a sum of powers above a number: one goes this way, the next one that way."""

    def where(n: Interval, u: Interval) -> int:
        order: Any = n.low
        if not u.low > least or type(order) is not fmpq or order.q != 1 or order < 0:
            return 0
        return odd if order.p % 2 else -odd

    return where


_WAYS: Final[dict[str, Callable[..., int]]] = {
    "gamma": _gamma,
    "lgamma": _gamma,
    "digamma": _digamma,
    "polygamma": _by_order(0, -1),
    "gammainc": lambda a, u: 1,
    "gammaincc": lambda a, u: -1,
    "gammainc_upper": lambda a, u: -1,
    "zeta": _above(1, -1),
    "zetaderiv": _by_order(1, 1),
    "besseli": lambda n, u: int(bool(n.low >= 0 and u.low >= 0)),
    "besselk": _above(0, -1),
    "ei": _ei,
    "li": _li,
    "shi": lambda u: 1,
    "chi": _above(0, 1),
    "ellipk": lambda u: 1,
    "ellipe": lambda u: -1,
}
