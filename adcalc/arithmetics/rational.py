"""Truncated power series of fractions: where all coefficients are rational, whether one is 0 is no question of digits.

exp(sin(x)) has rational coefficients at 0, and its third one is 0: balls find only that it is very small. Whatever is
not rational raises ValueError, and what would have to be decided on an edge raises Edge; on a side (t > 0) the first
coefficient that is not 0 decides.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from typing import Any, Final

from flint import fmpq, fmpq_series

from adcalc.arithmetics.base import Operation
from adcalc.arithmetics.exact import Exact
from adcalc.graph.fold import holds
from adcalc.graph.node import RELATIONS

_SIZE: Final = 64  # bits of an exponent
_LONGEST: Final = 1 << 15  # bits of a coefficient


class Edge(ValueError):  # noqa: N818  # it is no mistake: the point stands on one
    """A kink, a jump or a choice that turns exactly at the point: each side has a series of its own."""


class Flat(ValueError):  # noqa: N818  # it is no mistake: longer series may tell
    """A division beside the point by a series that is 0 as far as it is known."""


class Rational:
    """The arithmetic of fractions, and of series of them; `side` is 1 where t is positive, 0 where it has both signs.

    >>> Rational().operation("sin")(fmpq_series([0, 1]))[3]
    -1/6
    """

    infix: frozenset[str] = frozenset()  # every result is looked at
    decides = True

    def __init__(self, side: int = 0) -> None:
        self._numbers = Exact()
        self._side = side
        self._own: dict[str, Callable[..., Any]] = {
            **_OWN,
            "div": self._divided,
            "abs": lambda u: self._sign(u) * u,
            "sign": lambda u: fmpq(self._sign(u)),
            "step": lambda u: fmpq(int(self._sign(u) > 0)),
            "floor": self._floor,
            "ceil": lambda u: -self._floor(-u),
            "min": lambda u, w: u if self._sign(u - w) < 0 else w,
            "max": lambda u, w: u if self._sign(u - w) > 0 else w,
            "cbrt": lambda u: self._sign(u) * _power(self._sign(u) * u, fmpq(1, 3)),
        }

    def constant(self, value: Fraction) -> fmpq:
        return fmpq(value.numerator, value.denominator)

    def operation(self, op: str) -> Operation | None:
        plain = self._numbers.operation(op)
        if plain is None:
            return None  # a definition says what it is
        if op in RELATIONS:
            own: Any = partial(self._compared, op)
        else:
            own = self._own.get(op)

        def either(*args: Any) -> Any:
            if any(isinstance(one, fmpq_series) for one in args):
                if own is None:
                    raise ValueError("not rational")
                return _kept(own(*args))
            found = plain(*args)
            if isinstance(found, bool | fmpq):
                return found
            raise ValueError("not rational")

        return either

    def solve(self, equation: Operation, slope: Operation, args: Sequence[Any]) -> Any:
        """None: solutions of equations are not looked at."""
        raise ValueError("not rational")

    def _compared(self, op: str, left: Any, right: Any) -> bool:
        return holds(op, 0 if left is right else self._sign(left - right), 0)

    def _sign(self, u: Any) -> int:
        """The sign beside the point: on both sides, or on the one that is asked about."""
        first = _start(u)
        if first == 0 and self._side and isinstance(u, fmpq_series):
            number = _leading(u)
            first = first if number is None else u[number]
        if first == 0:
            raise Edge("an edge")
        return 1 if first > 0 else -1

    def _divided(self, u: Any, w: Any) -> Any:
        """The quotient; beside the point also by what is 0 there, and then flint knows as many coefficients less of it.

        At the point itself 0/0 has no value.
        """
        if _start(w) == 0:
            if not self._side:
                raise ZeroDivisionError
            first = _leading(w)
            if first is None:
                raise Flat("a divisor of which nothing is known")
            if isinstance(u, fmpq_series) and _leading(u) is None:
                return fmpq_series([], prec=max(min(u.prec, w.prec) - first, 0))
        return u / w

    def _floor(self, u: Any) -> fmpq:
        at = _start(u)
        whole = fmpq(at.floor())
        return whole - 1 if at == whole and self._sign(u - at) < 0 else whole


def _kept(found: Any) -> Any:
    """A result, unless its fractions have become long."""
    if isinstance(found, fmpq_series):
        ends = (found[0], found[max(found.length() - 1, 0)])
        if any(one.height_bits() > _LONGEST for one in ends):
            raise ValueError("fractions that are too long")
    return found


def _leading(u: Any) -> int | None:
    """The number of the first coefficient that is not 0; None where all that are kept are 0."""
    return next((number for number, one in enumerate(u.coeffs()) if one != 0), None)


def _start(u: Any) -> fmpq:
    return u[0] if isinstance(u, fmpq_series) else u


def _power(u: Any, w: Any) -> Any:
    if not isinstance(w, fmpq):
        raise ValueError("not rational")
    if w.height_bits() > _SIZE:
        raise ValueError("too large an exponent")
    constant = Exact().operation("pow")(_start(u), w) if _start(u) != 0 else fmpq(0)  # type: ignore[misc]  # there is one
    if not isinstance(constant, fmpq):
        raise ValueError("not rational, or too long")
    if w.q == 1:
        return u ** int(w) if w >= 0 else 1 / u ** -int(w)
    if constant == 0:
        raise ValueError("an edge")
    return constant * (w * (u / _start(u)).log()).exp()


_OWN: Final[dict[str, Callable[..., Any]]] = {
    "add": lambda u, w: u + w,
    "sub": lambda u, w: u - w,
    "mul": lambda u, w: u * w,
    "neg": lambda u: -u,
    "pow": _power,
    "sqrt": lambda u: _power(u, fmpq(1, 2)),
    "exp": fmpq_series.exp,
    "expm1": lambda u: u.exp() - 1,
    "log": fmpq_series.log,
    "log1p": lambda u: (1 + u).log(),
    "sin": fmpq_series.sin,
    "cos": fmpq_series.cos,
    "tan": fmpq_series.tan,
    "sec": lambda u: 1 / u.cos(),
    "asin": fmpq_series.asin,
    "atan": fmpq_series.atan,
    "sinh": fmpq_series.sinh,
    "cosh": fmpq_series.cosh,
    "tanh": fmpq_series.tanh,
    "sech": lambda u: 1 / u.cosh(),
    "asinh": fmpq_series.asinh,
    "atanh": fmpq_series.atanh,
}
