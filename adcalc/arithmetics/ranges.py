"""The ranges of functions over intervals: where a function rises or falls, its ends say everything."""

from collections.abc import Callable
from typing import Final

from flint import arb, fmpq

from adcalc.arithmetics.ball import Undecided
from adcalc.arithmetics.base import Operation
from adcalc.arithmetics.exact import ball
from adcalc.arithmetics.interval import (
    ZERO,
    Interval,
    among,
    ends,
    greatest,
    least,
    magnitude,
    point,
)
from adcalc.arithmetics.turns import Real

_ONE: Final = fmpq(1)
_RISING: Final = (
    *("exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sqrt", "cbrt", "asin", "atan", "sinh", "tanh", "asinh"),
    *("acosh", "atanh", "erf", "erfi", "erfinv", "normalcdf", "lambertw", "logistic", "softplus"),
    *("floor", "ceil", "round", "sign", "step"),
)
_FALLING: Final = ("acos", "erfc")


def _rising(op: str) -> Operation:
    function = ends(op)
    return lambda u: _between(function, u.low, u.high)


def _falling(op: str) -> Operation:
    function = ends(op)
    return lambda u: _between(function, u.high, u.low)


def _between(function: Callable[..., Real], low: Real, high: Real) -> Interval:
    if low is high:
        return point(finite(function(low)))
    return Interval(finite(function(low)), finite(function(high)))


def finite(number: Real) -> Real:
    """A number as it is. Raises Undecided where it is a ball that is not finite.

    >>> finite(fmpq(1, 2))
    1/2
    """
    if isinstance(number, arb) and not number.is_finite():
        raise Undecided("no finite value")
    return number


def _at_corners(function: Callable[..., Real], u: Interval, w: Interval) -> Interval:
    """The range of a function that takes its least and its greatest value at corners of a box."""
    return among([finite(function(one, other)) for one in (u.low, u.high) for other in (w.low, w.high)])


def _both(op: str) -> Operation:
    """A function that rises in both of its arguments."""
    function = ends(op)
    return lambda u, w: Interval(finite(function(u.low, w.low)), finite(function(u.high, w.high)))


def _even(op: str, falls: bool = False) -> Operation:
    """A function of the absolute value, which it rises or falls with."""
    function = ends(op)

    def even(u: Interval) -> Interval:
        size = magnitude(u)
        return _between(function, size.high, size.low) if falls else _between(function, size.low, size.high)

    return even


def _on_each_side(op: str) -> Operation:
    """A function that falls on both sides of its pole at 0."""
    function = ends(op)

    def falling(u: Interval) -> Interval:
        if u.holds_zero:
            raise Undecided("a pole")
        return _between(function, u.high, u.low)

    return falling


def _pi(number: Real) -> arb:
    return ball(number) / arb.pi()


def _wave(op: str, halves: Callable[[Real], arb], top: fmpq) -> Operation:
    """A sine: -1 and 1 are in its range where a crest or a trough may lie in the interval.

    `halves` gives an argument in units of half a turn, in which the crests are 2 apart and `top` is one of them.
    """
    function = ends(op)

    def may_hold(u: Interval, crest: fmpq) -> bool:
        first = ((halves(u.low) - crest) / 2).lower().ceil()
        return bool(first <= ((halves(u.high) - crest) / 2).upper().floor())

    def wave(u: Interval) -> Interval:
        one = finite(function(u.low))
        if u.is_point:
            return point(one)
        other = finite(function(u.high))
        low = -_ONE if may_hold(u, top + 1) else least(one, other)
        high = _ONE if may_hold(u, top) else greatest(one, other)
        return Interval(low, high)

    return wave


_cos = _wave("cos", _pi, fmpq(0))
_sin = _wave("sin", _pi, fmpq(1, 2))


def _tan(u: Interval) -> Interval:
    if _cos(u).holds_zero:
        raise Undecided("a pole")
    return _between(ends("tan"), u.low, u.high)


def _cot(u: Interval) -> Interval:
    if _sin(u).holds_zero:
        raise Undecided("a pole")
    return _between(ends("cot"), u.high, u.low)


def _power(u: Interval, w: Interval) -> Interval:
    function = ends("pow")
    exponent = w.low if w.is_point else None
    if isinstance(exponent, fmpq) and exponent.q == 1:
        if exponent == 0:
            return point(_ONE)
        if exponent < 0 and u.holds_zero:
            raise Undecided("a pole")
        if exponent.p % 2 == 0:
            u = magnitude(u)
        low, high = (u.high, u.low) if exponent < 0 else (u.low, u.high)
        return _between(lambda end: function(end, exponent), low, high)
    if not (u.low > 0 or (u.low >= 0 and w.low >= 0)):
        raise Undecided("a power of what may be negative")
    return _at_corners(function, u, w)


def _mod(u: Interval, w: Interval) -> Interval:
    quotient = u / w
    whole = Interval(finite(ends("floor")(quotient.low)), finite(ends("floor")(quotient.high)))
    if whole.is_point:
        return u - w * whole
    if w.low > 0:
        return Interval(ZERO, w.high)
    return Interval(w.low, ZERO)


def _atan2(y: Interval, x: Interval) -> Interval:
    """The angles of a box of points: those of its corners, but where it reaches the cut, on which the angle is π."""
    function = ends("atan2")
    if x.low >= 0 or y.low > 0 or y.high < 0:
        return _at_corners(function, y, x)
    half_turn: Real = ends("pi")()
    if y.low >= 0:
        return Interval(finite(function(y.high, x.high)) if x.high < 0 else ZERO, half_turn)
    return Interval(-half_turn, half_turn)


def _min(u: Interval, w: Interval) -> Interval:
    if u.high <= w.low:
        return u
    if w.high <= u.low:
        return w
    return Interval(least(u.low, w.low), least(u.high, w.high))


def _max(u: Interval, w: Interval) -> Interval:
    if u.low >= w.high:
        return u
    if w.low >= u.high:
        return w
    return Interval(greatest(u.low, w.low), greatest(u.high, w.high))


def _xlogy(u: Interval, w: Interval) -> Interval:
    if u.low == 0 and u.high == 0 and w.low >= 0:
        return point(ZERO)
    logarithm: Interval = RANGES["log"](w)
    return u * logarithm


def _pi_itself() -> Interval:
    return point(ends("pi")())


def _infinite() -> Interval:
    raise Undecided("infinity is no end of an interval")


_longest = _both("hypot")
RANGES: Final[dict[str, Operation]] = {
    "add": lambda u, w: u + w,
    "sub": lambda u, w: u - w,
    "mul": lambda u, w: u * w,
    "div": lambda u, w: u / w,
    "neg": lambda u: -u,
    **{op: _rising(op) for op in _RISING},
    **{op: _falling(op) for op in _FALLING},
    "abs": magnitude,
    "cosh": _even("cosh"),
    "sech": _even("sech", falls=True),
    "normalpdf": _even("normalpdf", falls=True),
    "coth": _on_each_side("coth"),
    "csch": _on_each_side("csch"),
    "logsumexp": _both("logsumexp"),
    "sin": _sin,
    "cos": _cos,
    "sinpi": _wave("sinpi", ball, fmpq(1, 2)),
    "cospi": _wave("cospi", ball, fmpq(0)),
    "tan": _tan,
    "cot": _cot,
    "sec": lambda u: point(_ONE) / _cos(u),
    "csc": lambda u: point(_ONE) / _sin(u),
    "pow": _power,
    "mod": _mod,
    "hypot": lambda u, w: _longest(magnitude(u), magnitude(w)),
    "atan2": _atan2,
    "min": _min,
    "max": _max,
    "xlogy": _xlogy,
    "pi": _pi_itself,
    "inf": _infinite,
}
