"""Floating point: Python's own floats and the C library's functions, exact to the last digits or so.

What the C library lacks comes, correctly rounded, from the balls of special.py.
"""

import math
import operator
from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from typing import Final

from adcalc.arithmetics.base import OPERATORS, Operation


def _sign(u: float) -> float:
    return (u > 0.0) - (u < 0.0) + 0.0


def _round(u: float) -> float:
    return float(round(u))


def _floor(u: float) -> float:
    return float(math.floor(u))


def _ceil(u: float) -> float:
    return float(math.ceil(u))


def _step(u: float) -> float:
    return 1.0 if u >= 0.0 else 0.0


def _cbrt(u: float) -> float:
    size = abs(u)
    if size == 0.0 or math.isinf(size):
        return u
    root = math.pow(size, 1.0 / 3.0)
    (number, unit), (top, bottom) = size.as_integer_ratio(), root.as_integer_ratio()
    # one step of Newton's with an exact residue: the C library's own cube root is up to 3 ulp off, even at cubes
    missing = (number * bottom**3 - top**3 * unit) / (3 * top**2 * bottom * unit)
    return math.copysign(root + missing, u)


def _atan2(y: float, x: float) -> float:
    return math.atan2(y + 0.0, x + 0.0)  # -0.0 is 0 here: there is one angle on the cut


def _square(u: float) -> tuple[float, float]:
    """The square and what rounding took from it (Dekker 1971)."""
    wide = 134217729.0 * u  # 2^27 + 1
    high = wide - (wide - u)
    low = u - high
    square = u * u
    return square, high * high - square + 2.0 * high * low + low * low


def _normalpdf(u: float) -> float:
    if abs(u) > 39.0:
        return 0.0
    square, rest = _square(u)
    return math.exp(-0.5 * square) * (1.0 - 0.5 * rest) / _SQRT_2PI


def _normalcdf(u: float) -> float:
    x = -u / _SQRT_2
    if x < 0.5:
        return 0.5 * math.erfc(x)
    if u < -39.0:
        return 0.0
    (square, rest), (rounded, rounded_rest) = _square(u), _square(x)
    missing = (0.5 * square - rounded + 0.5 * rest - rounded_rest) / (2.0 * x)  # of -u/sqrt(2) in x
    return 0.5 * math.erfc(x) - math.exp(-rounded) * missing / _SQRT_PI


def _sech(u: float) -> float:
    return 1.0 / math.cosh(u) if abs(u) < 700.0 else 2.0 * math.exp(-abs(u))


def _sinpi(u: float) -> float:
    turn = math.fmod(u, 2.0)  # exact, as are the subtractions below
    if abs(turn) > 1.0:
        turn -= math.copysign(2.0, turn)
    if abs(turn) > 0.5:
        turn = math.copysign(1.0, turn) - turn
    return math.sin(math.pi * turn) if abs(turn) <= 0.25 else math.copysign(math.cos(math.pi * (0.5 - abs(turn))), turn)


def _cospi(u: float) -> float:
    turn = math.fmod(abs(u), 2.0)
    if turn > 1.0:
        turn = 2.0 - turn
    return _sinpi(0.5 - turn)


def _logistic(u: float) -> float:
    if u >= 0.0:
        return 1.0 / (1.0 + math.exp(-u))
    if u < -36.0:
        return math.exp(u)
    small = math.exp(u)
    return small / (1.0 + small)


def _softplus(u: float) -> float:
    return u + math.log1p(math.exp(-u)) if u > 0.0 else math.log1p(math.exp(u))


def _logsumexp(u: float, w: float) -> float:
    return max(u, w) + math.log1p(math.exp(-abs(u - w)))


def _xlogy(u: float, w: float) -> float:
    return 0.0 if u == 0.0 and w >= 0.0 else u * math.log(w)


_SQRT_2: Final = math.sqrt(2.0)
_SQRT_PI: Final = math.sqrt(math.pi)
_SQRT_2PI: Final = math.sqrt(2.0 * math.pi)
_FLOAT: Final[dict[str, Operation]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "neg": operator.neg,
    "mod": operator.mod,
    "pow": math.pow,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
    "eq": operator.eq,
    "ne": operator.ne,
    "and": lambda left, right: left and right,
    "or": lambda left, right: left or right,
    "not": operator.not_,
    "pi": lambda: math.pi,
    "inf": lambda: math.inf,
    "sqrt": math.sqrt,
    "cbrt": _cbrt,
    "exp": math.exp,
    "exp2": math.exp2,
    "expm1": math.expm1,
    "log": math.log,
    "log2": math.log2,
    "log10": math.log10,
    "log1p": math.log1p,
    "xlogy": _xlogy,
    "hypot": math.hypot,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
    "atan2": _atan2,
    "sinpi": _sinpi,
    "cospi": _cospi,
    "sinh": math.sinh,
    "cosh": math.cosh,
    "tanh": math.tanh,
    "sech": _sech,
    "asinh": math.asinh,
    "acosh": math.acosh,
    "atanh": math.atanh,
    "abs": abs,
    "sign": _sign,
    "floor": _floor,
    "ceil": _ceil,
    "round": _round,
    "step": _step,
    "min": min,
    "max": max,
    "erf": math.erf,
    "erfc": math.erfc,
    "normalpdf": _normalpdf,
    "normalcdf": _normalcdf,
    "logistic": _logistic,
    "softplus": _softplus,
    "logsumexp": _logsumexp,
}
_SPECIAL: Final = """
gamma lgamma digamma polygamma beta gammainc gammaincc gammainc_upper gammapdf erfi erfinv zeta zetaderiv
besselj bessely besseli besselk sphericalj airyai airyaiprime airybi airybiprime lambertw
ei li si ci shi chi fresnels fresnelc ellipk ellipe hyp2f1
"""
_BALLS: Final = frozenset(_SPECIAL.split())


class Real:
    """The arithmetic of Python floats.

    >>> Real().operation("sin")(0.0)
    0.0
    >>> Real().constant(Fraction(1, 10))
    0.1
    """

    infix = OPERATORS
    decides = True

    def constant(self, value: Fraction) -> float:
        return value.numerator / value.denominator

    def operation(self, op: str) -> Operation | None:
        found = _FLOAT.get(op)
        if found is None and op in _BALLS:
            from adcalc.arithmetics.special import rounded

            return partial(rounded, op)
        return found

    def solve(self, equation: Operation, slope: Operation, args: Sequence[float]) -> float:
        """The solution near the start, by Newton's method."""
        from adcalc.arithmetics.solving import newton

        return newton(equation, slope, args[0])


class Saturating(Real):
    """Floats whose operations answer infinity where `Real` refuses: what a formula needs inside, if not at its end.

    1/(1 + u^2) is 0 for a huge u, although u^2 is beyond the range.

    >>> Saturating().operation("exp")(1000.0)
    inf
    """

    def operation(self, op: str) -> Operation | None:
        found = super().operation(op)
        if found is None or op not in _GROWING:
            return found
        return partial(_saturated, found)


_GROWING: Final = frozenset({"pow", "exp", "exp2", "expm1", "sinh", "cosh"})


def _saturated(function: Operation, *args: float) -> float:
    try:
        return float(function(*args))
    except OverflowError:
        odd = len(args) == 1 or math.fmod(args[1], 2.0) != 0.0
        return -math.inf if args[0] < 0.0 and odd and function is not math.cosh else math.inf
