"""Truncated power series of balls: what a function does along a line through a point, with proof.

A value is a number (a ball, a fraction, a multiple of π) where it does not depend on the place on the line, and
otherwise `Moving`: where it begins, as exactly as numbers are known, and flint's `arb_series` in t, of length
`ctx.cap`, whose balls have `ctx.prec` bits. Functions with a formula are in series_functions.py; here are those of two
arguments and those with edges. All others expand by their rows (rules/expanding.py).

A comparison is decided by where its sides begin. Where these are equal, what follows depends on the side to which the
point is left: on a side (t > 0) the first coefficient decides, and without a side it is a `Tie`.
"""

from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from flint import arb, arb_series, ctx, fmpq

from adcalc.arithmetics.ball import Undecided
from adcalc.arithmetics.base import Operation
from adcalc.arithmetics.exact import Exact, ball
from adcalc.arithmetics.moving import Moving, Number, Pole, Rough, Tie, certain_sign, leading, raw, start
from adcalc.arithmetics.series_functions import integrated, softplus
from adcalc.arithmetics.turns import Real
from adcalc.graph.fold import holds
from adcalc.graph.node import RELATIONS

if TYPE_CHECKING:
    from collections.abc import Callable

_ZERO: Final = fmpq(0)
_ONE: Final = fmpq(1)


_MULTIPLIED: Final = 64  # the largest power that is multiplied out


def _whole(number: Real) -> int | None:
    """The integer that a number is known to be."""
    return int(number.p) if isinstance(number, fmpq) and number.q == 1 else None


def _is_whole(number: Real) -> bool:
    return (isinstance(number, fmpq) and number.q == 1) or (isinstance(number, arb) and bool(number.is_integer()))


class Series:
    """The arithmetic of truncated power series, at flint's precision and length of the moment.

    `side` is 1 where t is positive, 0 where it has both signs, and None where the line is one of several through the
    point, so that what decides on it decides nothing between them. Operations raise Tie, Rough and Pole besides what
    those of numbers raise.

    >>> from adcalc.arithmetics.moving import begun
    >>> Series().operation("lt")(begun(fmpq(0), 1), fmpq(1))
    True
    >>> Series().operation("abs")(begun(fmpq(-2), 1)).series[1]
    -1.00000000000000
    """

    infix: frozenset[str] = frozenset()  # Python's own operators know nothing of what moves
    decides = True

    def __init__(self, side: int | None = 0) -> None:
        self.side = side
        self._numbers = Exact()
        ring: list[Any] = [self._numbers.operation(op) for op in ("add", "sub", "mul", "div")]
        self._add, self._sub, self._mul, self._div = ring
        self._own: dict[str, Callable[..., Number]] = {
            "add": self._added,
            "sub": self._subtracted,
            "mul": self._multiplied,
            "div": self._divided,
            "neg": lambda u: Moving(-u.at, -u.series),
            "abs": lambda u: self._own["neg"](u) if self._direction(u) < 0 else u,
            "sign": lambda u: fmpq(self._beside(u)),
            "step": lambda u: fmpq(int(self._beside(u, 1) > 0)),
            "floor": self._floor,
            "ceil": lambda u: -self._floor(self._own["neg"](u)),
            "round": self._round,
            "min": lambda u, w: w if self._direction(self._difference(u, w)) > 0 else u,
            "max": lambda u, w: w if self._direction(self._difference(u, w)) < 0 else u,
        }

    def constant(self, value: Fraction) -> Real:
        return self._numbers.constant(value)

    def operation(self, op: str) -> Operation | None:
        plain = self._numbers.operation(op)
        if op in RELATIONS:
            own: Any = partial(self._compared, op)
        elif op in self._own:
            own = self._own[op]
        else:
            return plain

        def either(*args: Number) -> Any:
            for one in args:
                if type(one) is Moving:
                    return own(*args)
            assert plain is not None
            return plain(*args)

        return either

    def has(self, op: str) -> bool:
        """Whether an operation takes what moves without asking where its result begins.

        >>> Series().has("abs"), Series().has("exp")
        (True, False)
        """
        return op in self._own or op in RELATIONS

    # -------------------------------------------------------- sums, products, quotients

    def _added(self, u: Number, w: Number) -> Moving:
        return Moving(self._add(start(u), start(w)), raw(u) + raw(w))

    def _subtracted(self, u: Number, w: Number) -> Number:
        return _ZERO if u is w else Moving(self._sub(start(u), start(w)), raw(u) - raw(w))

    def _difference(self, u: Number, w: Number) -> Number:
        if isinstance(u, Moving) or isinstance(w, Moving):
            return self._subtracted(u, w)
        return self._sub(u, w)

    def _multiplied(self, u: Number, w: Number) -> Number:
        for one in (u, w):
            if not isinstance(one, Moving) and one == 0:
                return _ZERO  # which does not depend on t
        return Moving(self._mul(start(u), start(w)), raw(u) * raw(w))

    def _divided(self, u: Number, w: Number) -> Moving:
        if not isinstance(w, Moving) or certain_sign(w.at):
            return Moving(self._div(start(u), start(w)), raw(u) / raw(w))
        below, above = leading(w), leading(u)
        if below is None or not certain_sign(w.series[below]):
            raise ZeroDivisionError
        if above is None:
            raise Pole(0, 0.0)
        first = u.series[above] if isinstance(u, Moving) else ball(u)
        certain_sign(first)
        limit = None if above < below else 0.0 if above > below else float((first / w.series[below]).mid())
        raise Pole(below - above, limit)

    # -------------------------------------------------------- edges

    def _compared(self, op: str, left: Number, right: Number) -> bool:
        apart = self._difference(left, right)
        sign = certain_sign(start(apart))
        if not sign and left is not right:
            first = leading(apart)
            if not self.side:
                raise Tie
            if first is None:
                raise Undecided("two series that are equal as far as they are known")
            sign = certain_sign(raw(apart)[first])
        return holds(op, sign, 0)

    def _direction(self, u: Number) -> int:
        """The sign beside the point, on both sides where there is no side; 0 where it does not matter as far as known.

        For functions that are continuous where this sign is 0.
        """
        sign = certain_sign(start(u))
        if sign or not isinstance(u, Moving):
            return sign
        first = leading(u)
        if first is None and self.side is not None:
            return 0
        if first is None or self._is_tied(first):
            raise Tie
        return certain_sign(u.series[first])

    def _is_tied(self, first: int) -> bool:
        """Whether nobody knows the sign beside the point of what begins with a power of t."""
        return self.side is None or bool(first % 2 and not self.side)

    def _beside(self, u: Number, at_zero: int = 0) -> int:
        """The sign beside the point, where it is `at_zero` for 0 itself: for functions that jump."""
        sign = certain_sign(start(u))
        if sign or not isinstance(u, Moving):
            return sign or at_zero
        first = leading(u)
        if self.side:
            if first is None:
                raise Undecided("a series that is 0 as far as it is known")
            return certain_sign(u.series[first])
        if first is None or self._is_tied(first) or certain_sign(u.series[first]) != at_zero:
            raise Tie
        return at_zero

    def _whole_below(self, u: Real) -> Real:
        below = self._numbers.operation("floor")(u)  # type: ignore[misc]  # there is one
        if not ball(below).is_exact():
            raise Undecided("balls of this precision do not tell on which side of a whole number this is")
        return below

    def _floor(self, u: Number) -> Real:
        at = start(u)
        if not isinstance(u, Moving) or not _is_whole(at):
            return self._whole_below(at)
        return at if self._beside(self._subtracted(u, at), 1) > 0 else at - 1

    def _round(self, u: Moving) -> Real:
        above = self._added(u, fmpq(1, 2))
        if not _is_whole(above.at):
            return self._whole_below(above.at)
        is_even = ball(above.at).fmpz() % 2 == 0
        rises = self._beside(self._subtracted(above, above.at), 1 if is_even else -1) > 0
        return above.at if rises else above.at - 1

    # -------------------------------------------------------- of several arguments

    def along(self, op: str, at: Real, *args: Number) -> Any:
        """The series of a function of several arguments whose value begins with a number; None for other functions.

        Where beside an edge it begins with another one, it is a value of its own.

        >>> from adcalc.arithmetics.moving import begun
        >>> found = Series().along("pow", fmpq(4), begun(fmpq(2), 1), fmpq(2))
        >>> [float(one) for one in found.coeffs()[:3]]
        [4.0, 4.0, 1.0]
        """
        if op == "pow":
            return self._power(*args)
        if op == "mod":
            u, w = args
            return self._difference(u, self._scaled(w, self._floor(self._quotient(u, w))))
        if op == "hypot":
            return self._hypot(*args)
        if op == "atan2":
            return self._atan2(at, *args)
        if op == "xlogy":
            if certain_sign(start(args[1])) <= 0:
                raise Rough
            return raw(args[0]) * raw(args[1]).log()
        if op == "logsumexp":
            u, w = raw(args[0]), raw(args[1])
            apart = w - u
            return u + (softplus(apart) if isinstance(apart, arb_series) else apart.exp().log1p())
        return None

    def _scaled(self, u: Number, factor: Real) -> Number:
        return self._multiplied(u, factor) if isinstance(u, Moving) else self._mul(u, factor)

    def _quotient(self, u: Number, w: Number) -> Number:
        return self._divided(u, w) if isinstance(u, Moving) or isinstance(w, Moving) else self._div(u, w)

    def _power(self, u: Number, w: Number) -> Any:
        if isinstance(w, Moving):
            if not isinstance(u, Moving) and u == 0 and certain_sign(w.at) > 0:
                return arb_series([])
            if certain_sign(start(u)) <= 0:
                raise Rough
            return (w.series * raw(u).log()).exp()
        whole = _whole(w)
        if whole is not None and 0 <= whole <= _MULTIPLIED:
            return u.series**whole if whole else arb_series([1])
        sign = certain_sign(u.at)
        if not sign:
            if self.side is None and whole is None and w <= ctx.cap - 1:
                raise Tie
            return _power_of_zero(u, w, whole)
        if whole is not None and -_MULTIPLIED <= whole < 0:
            return 1 / u.series**-whole
        if sign > 0 and isinstance(w, fmpq) and abs(w) == fmpq(1, 2):
            return u.series.sqrt() if w > 0 else u.series.rsqrt()
        power = (ball(w) * (sign * u.series).log()).exp()
        return -power if sign < 0 and ball(w).fmpz() % 2 else power

    def _hypot(self, u: Number, w: Number) -> Any:
        if start(u) != 0 or start(w) != 0:
            return (raw(u) * raw(u) + raw(w) * raw(w)).sqrt()
        found = [one for one in (leading(u), leading(w)) if one is not None]
        if not found and self.side is not None:
            return arb_series([])
        first = min(found, default=0)
        if self._is_tied(first):
            raise Tie
        lowered: list[Any] = [
            arb_series(one.series.coeffs()[first:]) if isinstance(one, Moving) else arb(0) for one in (u, w)
        ]
        size = (lowered[0] * lowered[0] + lowered[1] * lowered[1]).sqrt()
        return arb_series([*[0] * first, *size.coeffs()])

    def _atan2(self, at: Real, y: Number, x: Number) -> Moving:
        across, along = certain_sign(start(y)), certain_sign(start(x))
        if not (across or along):
            raise Rough
        if not across and along < 0 and isinstance(y, Moving) and self._beside(y, 1) < 0:
            at = -at
        is_flat = bool(abs(ball(start(x))).mid() > abs(ball(start(y))).mid())
        slope = raw(self._quotient(y, x) if is_flat else self._quotient(x, y))
        return Moving(at, integrated(ball(at), (1 if is_flat else -1) / (1 + slope * slope), slope))


def _power_of_zero(u: Moving, w: Real, whole: int | None) -> arb_series:
    """0^w along a line: a series only where it is 0 as far as it is kept."""
    first = leading(u)
    if w < 0:
        if whole is None or first is None:
            raise ZeroDivisionError
        raise Pole(-whole * first)
    if w * (ctx.cap if first is None else first) > ctx.cap - 1:
        return arb_series([])
    raise Rough
