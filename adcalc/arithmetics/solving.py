"""Equations in one unknown: Newton's method, held back where it would run away, in each kind of numbers."""

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

from adcalc.arithmetics.base import NoConvergence

_STEPS: Final = 2000  # a solution of high multiplicity, or many orders of magnitude away, is approached by halves
_HALVINGS: Final = 2100  # of a step that leads away from the solution, or out of the domain: through all floats
_WORK: Final = 20_000  # values of the equation
_UNDERFLOW: Final = 2.0**-1022  # the least number with all its digits
_CLOSE: Final = 1e-9  # relative: nearer than this, a step that no longer improves is rounding
_POLE: Final = 1e-3  # a solution's neighbours cannot be so much nearer to solving the equation
_COMPLEX: Final = 6  # steps after the real solution: each doubles the digits

Number = Callable[[Any], Any]


def newton(equation: Number, slope: Number, start: float) -> float:
    """The solution near a start, as exact as the equation's own rounding lets it be.

    Raises NoConvergence where none is found.

    >>> newton(lambda x: x * x - 2, lambda x: 2 * x, 1.0)
    1.4142135623730951
    >>> newton(lambda x: math.atan(x - 1), lambda x: 1 / (1 + (x - 1) ** 2), 20.0)
    1.0
    >>> newton(lambda x: math.tan(x) - 2, lambda x: 1 + math.tan(x) ** 2, math.pi / 2)
    Traceback (most recent call last):
    adcalc.arithmetics.base.NoConvergence: the steps end beside a pole
    """
    x, error = start, _size(equation, start)
    if error == math.inf:
        raise NoConvergence("the equation has no value at the start")
    work = 0
    for _ in range(_STEPS):
        if error == 0.0:
            if _underflows(slope, x):
                raise NoConvergence("the equation is flat on the way to a solution")
            return x
        step = _step(equation, slope, x)
        is_close = abs(step) <= _CLOSE * max(abs(x), abs(x - step))  # the whole step, not what is left of it
        for _ in range(_HALVINGS):
            found = x - step
            if found == x and is_close:
                return _settled(equation, x, error)
            there = _size(equation, found)
            if there < error:
                break
            if is_close:
                return _settled(equation, x, error)
            if found == x:
                raise NoConvergence("no step leads nearer to a solution")
            step /= 2
            work += 1
            if work > _WORK:
                raise NoConvergence("no step leads nearer to a solution")
        x, error = found, there
    raise NoConvergence("Newton's method goes on and on")


def _settled(equation: Number, x: float, error: float) -> float:
    """The place where steps have become rounding; not beside a pole, where they are short because the slope is huge."""
    aside = _CLOSE * max(abs(x), 1.0)
    if min(_size(equation, x - aside), _size(equation, x + aside)) < _POLE * error:
        raise NoConvergence("the steps end beside a pole")
    return x


def _underflows(slope: Number, x: float) -> bool:
    """Whether an equation that holds does so by underflow alone, as x^2 = 0 for x = 1e-162."""
    try:
        steep = abs(slope(x))
    except (ValueError, ArithmeticError):
        return False
    return x != 0.0 and steep != 0.0 and bool(steep * abs(x) < _UNDERFLOW)


def _step(equation: Number, slope: Number, x: float) -> float:
    try:
        step = equation(x) / slope(x)
    except (ValueError, ArithmeticError):
        raise NoConvergence("the equation is flat on the way to a solution") from None
    if not math.isfinite(step):
        raise NoConvergence("the equation is flat on the way to a solution")
    return float(step)


def _size(equation: Number, x: float) -> float:
    """How far the equation is from holding; infinitely far where it has no value."""
    try:
        size = abs(equation(x))
    except (ValueError, ArithmeticError):
        return math.inf
    return float(size) if size == size else math.inf


def complex_newton(equation: Number, slope: Number, start: complex) -> complex:
    """The solution near one that is right in the real part, by a few steps.

    >>> complex_newton(lambda x: x * x - (4 + 4e-30j), lambda x: 2 * x, 2.0 + 0j)
    (2+1e-30j)
    """
    x = start
    for _ in range(_COMPLEX):
        x -= equation(x) / slope(x)
    return x


def real_parts(function: Number) -> Number:
    """A function of complex numbers, on the real line."""
    return lambda x: function(complex(x)).real


def approached(equation: Number, slope: Number, args: Sequence[Any]) -> Any:
    """The solution in numbers of flint's precision, by Newton's method from the one that floats find.

    Raises NoConvergence where none is found.
    """
    from flint import arb, ctx

    def at(function: Number) -> Number:
        return lambda x: float(function(arb(x)).mid())

    x = arb(newton(at(equation), at(slope), float(args[0].mid())))
    for _ in range(ctx.prec.bit_length() + 2):  # the digits double
        step = equation(x) / slope(x)
        x = arb((x - step).mid())
    if not abs(equation(x) / slope(x)) <= abs(x) * arb(2) ** (-ctx.prec // 2) + arb(2) ** -ctx.prec:
        raise NoConvergence("the equation jumps where it should hold")
    return x
