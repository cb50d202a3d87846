"""Truncated power series of balls: what a function does along a line through a point, with proof.

A value is a ball where it does not depend on the place on the line, and otherwise flint's `arb_series` in t, of length
`ctx.cap`, whose balls have `ctx.prec` bits. Functions with a formula are in series_functions.py; here are those of two
arguments and those with edges. All others expand by their rows (rules/expanding.py).

A comparison is decided by the constant terms. Where these are exactly equal, what follows depends on the side to which
the point is left: on a side (t > 0) the first coefficient decides, and without a side it is a `Tie`.
"""

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final, TypeAlias

from flint import arb, arb_series, ctx

from adcalc.arithmetics.ball import Ball, Undecided
from adcalc.arithmetics.base import Operation
from adcalc.arithmetics.series_functions import integrated, softplus
from adcalc.graph.fold import holds
from adcalc.graph.node import RELATIONS

Number: TypeAlias = Any  # arb, or arb_series where it depends on t


class Tie(ArithmeticError):  # noqa: N818  # it is no mistake: the point stands on an edge
    """A kink, a jump or a choice that turns exactly at the point: each side has a series of its own."""


class Rough(ArithmeticError):  # noqa: N818  # it is no mistake either
    """A derivative that does not exist where the value does: at a branch point, or where a slope is infinite."""


class Pole(ArithmeticError):  # noqa: N818
    """A division by a series that begins with 0: a pole of an order, or below 1 a singularity that is removable."""

    def __init__(self, order: int, limit: float | None = None) -> None:
        super().__init__("a pole")
        self.order = order
        self.limit = limit


def start(u: Number) -> arb:
    """The constant term.

    >>> start(arb_series([2, 1])), start(arb(3))
    (2.00000000000000, 3.00000000000000)
    """
    return u[0] if isinstance(u, arb_series) else u


def leading(u: Number) -> int | None:
    """The number of the first coefficient that is not exactly 0; None where all that are kept are 0.

    >>> leading(arb_series([0, 0, 3])), leading(arb(0))
    (2, None)
    """
    if not isinstance(u, arb_series):
        return None if u.is_zero() else 0
    return next((number for number, one in enumerate(u.coeffs()) if not one.is_zero()), None)


def certain_sign(u: arb) -> int:
    """-1, 0 or 1. Raises Undecided where the ball does not tell.

    >>> certain_sign(arb(-2))
    -1
    """
    if u > 0:
        return 1
    if u < 0:
        return -1
    if u.is_zero():
        return 0
    raise Undecided("a sign that balls of this precision do not tell")


def _multiplied(u: Number, w: Number) -> Number:
    if (isinstance(u, arb) and u.is_zero()) or (isinstance(w, arb) and w.is_zero()):
        return arb(0)  # which does not depend on t
    return u * w


def divided(u: Number, w: Number) -> Number:
    """The quotient. Raises Pole, and ZeroDivisionError where the divisor is 0 as far as it is known.

    >>> divided(arb_series([1, 1]), arb(2))[1]
    0.500000000000000
    """
    if not isinstance(w, arb_series):
        if w.is_zero():
            raise ZeroDivisionError
        return u / w
    if certain_sign(w[0]):
        return u / w
    below, above = leading(w), leading(u)
    if below is None or not certain_sign(w[below]):
        raise ZeroDivisionError
    if above is None:
        raise Pole(0, 0.0)
    first = start(u) if above == 0 else u[above]
    certain_sign(first)
    raise Pole(below - above, None if above < below else float((first / w[below]).mid()) if above == below else 0.0)


_MULTIPLIED: Final = 64  # the largest power that is multiplied out


def _power(u: Number, w: Number) -> Number:
    if isinstance(w, arb_series):
        if not isinstance(u, arb_series) and u.is_zero() and w[0] > 0:
            return arb(0)
        if certain_sign(start(u)) <= 0:
            raise Rough
        return (w * u.log()).exp()
    whole = int(w.fmpz()) if w.is_exact() and w.is_integer() else None
    if whole is not None and 0 <= whole <= _MULTIPLIED:
        return u**whole if whole else arb(1)
    sign = certain_sign(u[0])
    if not sign:
        return _power_of_zero(u, w, whole)
    if whole is None and sign < 0:
        raise Rough
    if whole is not None and -_MULTIPLIED <= whole < 0:
        return 1 / u**-whole
    if sign > 0 and abs(w) == 0.5:
        return u.sqrt() if w > 0 else u.rsqrt()
    power = (w * (sign * u).log()).exp()
    return -power if sign < 0 and whole is not None and whole % 2 else power


def _power_of_zero(u: arb_series, w: arb, whole: int | None) -> Number:
    """0^w along a line: a series only where it is 0 as far as it is kept."""
    first = leading(u)
    if w < 0:
        if whole is None or first is None:
            raise ZeroDivisionError
        raise Pole(-whole * first)
    if w * (ctx.cap if first is None else first) > ctx.cap - 1:
        return arb_series([])
    raise Rough


def _xlogy(u: Number, w: Number) -> Number:
    if certain_sign(start(w)) <= 0:
        raise Rough
    return u * w.log()


def _logsumexp(u: Number, w: Number) -> Number:
    apart = w - u
    return u + (softplus(apart) if isinstance(apart, arb_series) else apart.exp().log1p())


def _whole_below(u: arb) -> arb:
    below = u.floor()
    if not below.is_exact():
        raise Undecided("balls of this precision do not tell on which side of a whole number this is")
    return below


class Series:
    """The arithmetic of truncated power series, at flint's precision and length of the moment.

    `side` is 1 where t is positive, and 0 where it has both signs. Operations raise Tie, Rough and Pole besides what
    those of balls raise.

    >>> Series().operation("lt")(arb_series([0, 1]), arb(1))
    True
    >>> Series().operation("abs")(arb_series([-2, 1]))[1]
    -1.00000000000000
    """

    infix: frozenset[str] = frozenset()  # Python's own division has no word for a pole
    decides = True

    def __init__(self, side: int = 0) -> None:
        self.side = side
        self._balls = Ball()
        self._edges: dict[str, Operation] = {
            "abs": self._abs,
            "sign": lambda u: arb(self._beside(u)),
            "step": lambda u: arb(int(self._beside(u, 1) > 0)),
            "floor": self._floor,
            "ceil": lambda u: -self._floor(-u),
            "round": self._round,
            "min": lambda u, w: w if self._direction(u - w) > 0 else u,
            "max": lambda u, w: w if self._direction(u - w) < 0 else u,
            "mod": lambda u, w: u - w * self._floor(divided(u, w)),
            "hypot": self._hypot,
            "atan2": self._atan2,
        }

    def constant(self, value: Fraction) -> arb:
        return self._balls.constant(value)

    def operation(self, op: str) -> Operation | None:
        if op in _RING:
            return _RING[op]
        if op in RELATIONS:
            plain = self._balls.operation(op)
            return lambda left, right: self._compared(op, plain, left, right)
        return self._edges.get(op) or _OTHERS.get(op) or self._balls.operation(op)

    def has(self, op: str) -> bool:
        """Whether an operation takes series.

        >>> Series().has("pow"), Series().has("besselj")
        (True, False)
        """
        return op in self._edges or op in _OTHERS or op in _RING

    def _compared(self, op: str, plain: Any, left: Number, right: Number) -> Any:
        if not isinstance(left, arb_series) and not isinstance(right, arb_series):
            return plain(left, right)
        apart = left - right
        sign = certain_sign(apart[0])
        if not sign and left is not right:
            first = leading(apart)
            if not self.side:
                raise Tie
            if first is None:
                raise Undecided("two series that are equal as far as they are known")
            sign = certain_sign(apart[first])
        return holds(op, sign, 0)  # type: ignore[arg-type]  # -1, 0 or 1

    def _direction(self, u: Number) -> int:
        """The sign beside the point, on both sides where there is no side; 0 where it does not matter as far as known.

        For functions that are continuous where this sign is 0.
        """
        sign = certain_sign(start(u))
        first = None if sign else leading(u)
        if first is None:
            return sign
        if first % 2 and not self.side:
            raise Tie
        return certain_sign(u[first])

    def _beside(self, u: Number, at_zero: int = 0) -> int:
        """The sign beside the point, where it is `at_zero` for 0 itself: for functions that jump."""
        if not isinstance(u, arb_series):
            return certain_sign(u) or at_zero
        sign = certain_sign(u[0])
        if sign:
            return sign
        first = leading(u)
        if self.side:
            if first is None:
                raise Undecided("a series that is 0 as far as it is known")
            return certain_sign(u[first])
        if first is None or first % 2 or certain_sign(u[first]) != at_zero:
            raise Tie
        return at_zero

    def _abs(self, u: Number) -> Number:
        return -u if self._direction(u) < 0 else u

    def _floor(self, u: Number) -> arb:
        constant = start(u)
        if not isinstance(u, arb_series) or not (constant.is_exact() and constant.is_integer()):
            return _whole_below(constant)
        return constant if self._beside(u - constant, 1) > 0 else constant - 1

    def _round(self, u: Number) -> arb:
        above = u + arb(0.5)
        constant = start(above)
        if not (constant.is_exact() and constant.is_integer()):
            return _whole_below(constant)
        even = constant - 1 if constant.fmpz() % 2 else constant
        if not isinstance(u, arb_series):
            return even
        return constant if self._beside(above - constant, 1 if even == constant else -1) > 0 else constant - 1

    def _hypot(self, u: Number, w: Number) -> Number:
        if not (start(u).is_zero() and start(w).is_zero()):
            return (u * u + w * w).sqrt()
        found = [one for one in (leading(u), leading(w)) if one is not None]
        if not found:
            return arb_series([])
        first = min(found)
        if first % 2 and not self.side:
            raise Tie
        lowered = [arb_series(one.coeffs()[first:]) if isinstance(one, arb_series) else one for one in (u, w)]
        size = (lowered[0] * lowered[0] + lowered[1] * lowered[1]).sqrt()
        return arb_series([*[0] * first, *size.coeffs()])

    def _atan2(self, y: Number, x: Number) -> Number:
        constant, across, along = arb.atan2(start(y), start(x)), certain_sign(start(y)), certain_sign(start(x))
        if not (across or along):
            raise Rough
        if not across and along < 0 and isinstance(y, arb_series) and self._beside(y, 1) < 0:
            constant = -constant
        if bool(abs(start(x)).mid() > abs(start(y)).mid()):
            slope = divided(y, x)
            return integrated(constant, 1 / (1 + slope * slope), slope)
        slope = divided(x, y)
        return integrated(constant, -1 / (1 + slope * slope), slope)


_RING: Final[dict[str, Operation]] = {
    "add": operator.add,
    "sub": lambda u, w: arb(0) if u is w and isinstance(u, arb_series) else u - w,
    "mul": _multiplied,
    "neg": operator.neg,
    "div": divided,
}
_OTHERS: Final[dict[str, Callable[..., Number]]] = {"pow": _power, "xlogy": _xlogy, "logsumexp": _logsumexp}
