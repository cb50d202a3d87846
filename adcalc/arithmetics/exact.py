"""Balls, and beside them fractions and multiples of π for as long as these are exact and not too long.

A ball around 1/10 minus a ball around 1/10 is a ball around 0, and nobody can tell whether that is 0. What people type
is rational more often than not, so polynomials, comparisons and kinks are decided here that balls leave open for ever.
A fraction that gets much longer than the working precision becomes a ball: exactness must not cost more than digits.
"""

import operator
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from typing import Any, Final

from flint import arb, ctx, fmpq, fmpz

from adcalc.arithmetics.ball import Ball
from adcalc.arithmetics.base import Operation
from adcalc.arithmetics.turns import Real, Turns, angle, cosine, sine, tangent, turns
from adcalc.graph.node import CONDITIONS

_LARGEST_ROOT: Final = 64  # whose exactness is looked into
LEAST_ROOM: Final = 2048  # bits: floats and what people write has room in them
_HALF: Final = fmpq(1, 2)
_CIRCULAR: Final = ("sin", "cos", "tan", "cot", "sec", "csc")
_HYPERBOLIC: Final = ("sinh", "cosh", "tanh", "coth", "sech", "csch", "asinh")
# by function, the only fraction at which its value may be a fraction (Lindemann)
TRANSCENDENTAL: Final = {"log": 1, **dict.fromkeys(("exp", "expm1", "log1p", *_CIRCULAR, *_HYPERBOLIC), 0)}


def ball(number: Real) -> arb:
    """A number as a ball of the working precision.

    >>> ball(fmpq(1, 2)), ball(Turns(fmpq(1))) > 3
    (0.500000000000000, True)
    """
    if isinstance(number, arb):
        return number
    return number.ball if isinstance(number, Turns) else arb(number)


def kept(number: Real) -> Real:
    """A number as it is, or as a ball where its fraction has become too long.

    >>> kept(fmpq(1, 3)), type(kept(fmpq(1, 3**2000))) is arb
    (1/3, True)
    """
    if type(number) is arb:
        return number
    if type(number) is fmpq:
        return number if _has_room(number.height_bits()) else arb(number)
    if type(number) is Turns:
        return number if _has_room(number.halves.height_bits()) else number.ball
    return number


def _has_room(bits: int) -> bool:
    return bits <= LEAST_ROOM or bits <= _room()


def _room() -> int:
    """The bits that a fraction may have."""
    return max(LEAST_ROOM, 2 * ctx.prec)


def rational(number: Real) -> Fraction | None:
    """The fraction that a number is known to be, or None.

    >>> rational(fmpq(1, 3)), rational(arb(1) / 3)
    (Fraction(1, 3), None)
    """
    return Fraction(int(number.p), int(number.q)) if isinstance(number, fmpq) else None


class Exact(Ball):
    """The arithmetic of balls, fractions and multiples of π, at the working precision of the moment.

    >>> tenth = Exact().constant(Fraction(1, 10))
    >>> Exact().operation("eq")(tenth + tenth + tenth, Exact().constant(Fraction(3, 10)))
    True
    >>> Exact().operation("sin")(Exact().operation("pi")())
    0
    """

    def constant(self, value: Fraction) -> Any:
        """The number itself, or a ball where it is too long."""
        return kept(fmpq(value.numerator, value.denominator))

    def operation(self, op: str) -> Operation | None:
        """The elemental operation of that name."""
        if op in _RING:
            return _RING[op]
        below = super().operation(op)
        if below is None or op in CONDITIONS:  # these compare numbers of any kind
            return below
        if op == "pi":
            return lambda: Turns(fmpq(1))
        return partial(_apply, _EXACT.get(op), below)

    def solve(self, equation: Operation, slope: Operation, args: Sequence[Any]) -> Any:
        """A ball that holds exactly one solution."""
        return super().solve(lambda x: ball(equation(x)), lambda x: ball(slope(x)), [ball(args[0])])


def _apply(exact: Operation | None, below: Operation, *args: Real) -> Real:
    """An operation on exact numbers, where it is exact; on balls elsewhere, whose result may be exact again."""
    if len(args) == 1 and type(args[0]) is arb:
        value: arb = below(args[0])
        return _whole(value) if value.is_exact() else value
    if exact is not None:
        found = exact(*args)
        if found is not None:
            return kept(found)
    value = below(*map(ball, args))
    return _whole(value) if value.is_exact() else value


def _whole(value: arb) -> Real:
    """A ball without a radius as the fraction that it is, where that is not too long."""
    if not value.is_finite():
        return value
    mantissa, exponent = value.man_exp()
    if abs(exponent) > _room():
        return value
    return kept(fmpq(mantissa) * fmpq(2) ** int(exponent))


def _add(u: Real, w: Real) -> Real:
    found = u + w
    return found if type(found) is arb else kept(found)


def _sub(u: Real, w: Real) -> Real:
    if u is w and ball(u).is_finite():  # one ball is one number
        return fmpq(0)
    return kept(u - w)


def _mul(u: Real, w: Real) -> Real:
    found = u * w
    if type(found) is arb:
        return fmpq(0) if found.is_zero() else found  # a fraction, so that sums stay exact
    return kept(found)


def _div(u: Real, w: Real) -> Real:
    if w == 0:  # fmpq.is_zero says that 0 is none
        raise ZeroDivisionError
    return kept(u / w)


_RING: Final[dict[str, Operation]] = {
    "add": _add,
    "sub": _sub,
    "mul": _mul,
    "div": _div,
    "neg": operator.neg,
}


# ------------------------------------------------------------------ what is exact: a number, or None where it is not


def _of_fractions(function: Callable[..., Real]) -> Operation:
    return lambda *args: function(*args) if all(type(number) is fmpq for number in args) else None


def _one_of(is_max: bool) -> Operation:
    """The larger of two numbers, or the smaller one, as the exact number that it is, where balls tell which."""

    def chosen(u: Real, w: Real) -> Real:
        if type(u) is fmpq and type(w) is fmpq:
            return max(u, w) if is_max else min(u, w)
        if type(u) is arb and type(w) is arb:
            return None
        one, other = ball(u), ball(w)
        if one > other:
            return u if is_max else w
        return (w if is_max else u) if other > one else None

    return chosen


def _power(u: Real, w: Real) -> Real:
    if type(w) is not fmpq:
        return None
    if w == 1:
        return u
    if type(u) is not fmpq:
        return None
    if abs(w) * u.height_bits() > _room():
        return u if u in (0, 1) and w > 0 else None
    if w.q == 1:
        return u ** int(w)
    found = _root(u, int(w.q)) if u >= 0 and w.q <= _LARGEST_ROOT else None
    return None if found is None else found ** int(w.p)


def _root(u: fmpq, degree: int) -> fmpq | None:
    """The exact root of a fraction that is not negative; None where there is none."""
    roots = []
    for part in (u.p, u.q):
        root = fmpz(part).root(degree)
        if root**degree != part:
            return None
        roots.append(root)
    return fmpq(*roots)


def _cbrt(u: fmpq) -> fmpq | None:
    root = _root(abs(u), 3)
    return root if root is None or u >= 0 else -root


def _round(u: fmpq) -> fmpq:
    above = u + _HALF
    whole = fmpq(above.floor())
    return whole - 1 if above == whole and int(whole.p) % 2 else whole


def _mod(u: fmpq, w: fmpq) -> fmpq:
    if w == 0:
        raise ZeroDivisionError
    return u - w * (u / w).floor()


def _logarithm(base: int) -> Callable[[fmpq], fmpq | None]:
    def logarithm(u: fmpq) -> fmpq | None:
        part = u.p if u >= 1 else u.q
        if u <= 0 or (u.q if u >= 1 else u.p) != 1:
            return None
        power = round(float(arb(part).log_base(base).mid()))
        return None if fmpz(base) ** power != part else fmpq(power if u >= 1 else -power)

    return logarithm


def _of_turns(function: Callable[[fmpq], Real]) -> Operation:
    """A function of an angle, where that is an exact part of a turn."""
    return lambda u: function(u.halves) if type(u) is Turns else None


def _sinc(halves: fmpq) -> fmpq | None:
    return fmpq(0) if sine(halves) == 0 else None


def _asin(u: fmpq) -> Real:
    halves = angle(u)
    return None if halves is None else turns(halves)


def _acos(u: fmpq) -> Real:
    halves = angle(u)
    return None if halves is None else turns(_HALF - halves)


def _atan2(y: fmpq, x: fmpq) -> Real:
    if x == 0 and y == 0:
        return fmpq(0)
    if x != 0 and y != 0 and abs(x) != abs(y):
        return None
    eighths = {(0, 1): 0, (1, 1): 1, (1, 0): 2, (1, -1): 3, (0, -1): 4, (-1, 1): -1, (-1, 0): -2, (-1, -1): -3}
    return turns(fmpq(eighths[_sign(y), _sign(x)], 4))


def _sign(u: Real) -> int:
    return int(u > 0) - int(u < 0)


_EXACT: Final[dict[str, Operation]] = {
    "pow": _power,
    "abs": lambda u: None if type(u) is arb else abs(u),
    "sign": lambda u: None if type(u) is arb else fmpq(_sign(u if type(u) is fmpq else u.halves)),
    "sqrt": _of_fractions(lambda u: _root(u, 2) if u >= 0 else None),
    "cbrt": _of_fractions(_cbrt),
    "hypot": _of_fractions(lambda u, w: _root(u * u + w * w, 2)),
    "floor": _of_fractions(lambda u: fmpq(u.floor())),
    "ceil": _of_fractions(lambda u: fmpq(u.ceil())),
    "round": _of_fractions(_round),
    "step": _of_fractions(lambda u: fmpq(int(u >= 0))),
    "mod": _of_fractions(_mod),
    "min": _one_of(False),
    "max": _one_of(True),
    "log2": _of_fractions(_logarithm(2)),
    "log10": _of_fractions(_logarithm(10)),
    "exp2": _of_fractions(lambda u: _power(fmpq(2), u)),
    "sin": _of_turns(sine),
    "cos": _of_turns(cosine),
    "tan": _of_turns(tangent),
    "sinc": _of_turns(_sinc),
    "sinpi": _of_fractions(sine),
    "cospi": _of_fractions(cosine),
    "asin": _of_fractions(_asin),
    "acos": _of_fractions(_acos),
    "atan": _of_fractions(lambda u: _atan2(u, fmpq(1))),
    "atan2": _of_fractions(_atan2),
}
