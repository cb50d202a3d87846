"""Complex floats, for the complex step: f(x + ih) has f'(x)·h as its imaginary part, and nothing is subtracted.

The step is far below the last digit of the real part, so functions that are analytic only piece by piece decide by the
real part. Where there is no complex version of a function, the method says so.
"""

import cmath
import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Final

from adcalc.arithmetics.base import OPERATORS, Operation
from adcalc.graph.node import RELATIONS


def _power(u: complex, w: complex) -> complex:
    if w.imag == 0 and w.real == int(w.real) and abs(w.real) < 1024:
        return u ** int(w.real)
    if u.real < 0:
        raise ValueError("a negative base")
    return u**w


def _cbrt(u: complex) -> complex:
    root = math.cbrt(u.real)
    return complex(root, u.imag / (3 * root * root))


def _on_real(holds: Callable[[float, float], bool]) -> Operation:
    return lambda left, right: holds(left.real, right.real)


def _steps(function: Callable[[float], float]) -> Operation:
    return lambda u: complex(function(u.real))


def _logistic(u: complex) -> complex:
    return 1 / (1 + cmath.exp(-u)) if u.real >= 0 else cmath.exp(u) / (1 + cmath.exp(u))


def _log1p(u: complex) -> complex:
    return complex(math.log1p(u.real), u.imag / (1 + u.real))


def _expm1(u: complex) -> complex:
    return complex(math.expm1(u.real), math.exp(u.real) * u.imag)


def _positive(function: Callable[[complex], complex]) -> Operation:
    def checked(u: complex) -> complex:
        if u.real < 0:
            raise ValueError("a negative argument")
        return function(u)

    return checked


_COMPLEX: Final[dict[str, Operation]] = {
    "add": lambda u, w: u + w,
    "sub": lambda u, w: u - w,
    "mul": lambda u, w: u * w,
    "div": lambda u, w: u / w,
    "neg": lambda u: -u,
    "mod": lambda u, w: u - w * math.floor(u.real / w.real),
    "pow": _power,
    "lt": _on_real(lambda left, right: left < right),
    "le": _on_real(lambda left, right: left <= right),
    "gt": _on_real(lambda left, right: left > right),
    "ge": _on_real(lambda left, right: left >= right),
    "eq": _on_real(lambda left, right: left == right),
    "ne": _on_real(lambda left, right: left != right),
    "and": lambda left, right: left and right,
    "or": lambda left, right: left or right,
    "not": lambda truth: not truth,
    "pi": lambda: complex(math.pi),
    "inf": lambda: complex(math.inf),
    "sqrt": _positive(cmath.sqrt),
    "cbrt": _cbrt,
    "exp": cmath.exp,
    "exp2": lambda u: 2.0**u,
    "expm1": _expm1,
    "log": _positive(cmath.log),
    "log2": _positive(lambda u: cmath.log(u) / math.log(2)),
    "log10": _positive(cmath.log10),
    "log1p": _log1p,
    "xlogy": lambda u, w: u * cmath.log(w) if w else 0j,
    "hypot": lambda u, w: cmath.sqrt(u * u + w * w),
    "sin": cmath.sin,
    "cos": cmath.cos,
    "tan": cmath.tan,
    "asin": cmath.asin,
    "acos": cmath.acos,
    "atan": cmath.atan,
    "atan2": lambda y, x: complex(
        math.atan2(y.real, x.real), (x.real * y.imag - y.real * x.imag) / (x.real**2 + y.real**2)
    ),
    "sinpi": lambda u: cmath.sin(math.pi * u),
    "cospi": lambda u: cmath.cos(math.pi * u),
    "sinh": cmath.sinh,
    "cosh": cmath.cosh,
    "tanh": cmath.tanh,
    "asinh": cmath.asinh,
    "acosh": cmath.acosh,
    "atanh": cmath.atanh,
    "abs": lambda u: -u if u.real < 0 else u,
    "sign": _steps(lambda u: (u > 0) - (u < 0)),
    "floor": _steps(math.floor),
    "ceil": _steps(math.ceil),
    "round": _steps(round),
    "step": _steps(lambda u: float(u >= 0)),
    "min": lambda u, w: u if u.real < w.real else w,
    "max": lambda u, w: u if u.real > w.real else w,
    "logistic": _logistic,
    "softplus": lambda u: u + cmath.log(1 + cmath.exp(-u)) if u.real > 0 else cmath.log(1 + cmath.exp(u)),
    "logsumexp": lambda u, w: (
        u + cmath.log(1 + cmath.exp(w - u)) if u.real > w.real else w + cmath.log(1 + cmath.exp(u - w))
    ),
}


class Complex:
    """The arithmetic of complex floats.

    >>> Complex().operation("sin")(1e-20j).imag
    1e-20
    """

    infix = OPERATORS - RELATIONS.keys()  # these have no Python operator here
    decides = True

    def constant(self, value: Fraction) -> complex:
        return complex(value.numerator / value.denominator)

    def operation(self, op: str) -> Operation | None:
        return _COMPLEX.get(op)

    def solve(self, equation: Operation, slope: Operation, args: Sequence[complex]) -> complex:
        """From the solution on the real line, near which this one is."""
        from adcalc.arithmetics.solving import complex_newton, newton, real_parts

        start = newton(real_parts(equation), real_parts(slope), args[0].real)
        return complex_newton(equation, slope, complex(start))
