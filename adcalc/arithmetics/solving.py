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
_COMPLEX: Final = 6  # steps after the real solution: each doubles the digits

Number = Callable[[Any], Any]


def newton(equation: Number, slope: Number, start: float) -> float:
    """The solution near a start, as exact as the equation's own rounding lets it be.

    Raises NoConvergence where none is found.

    >>> newton(lambda x: x * x - 2, lambda x: 2 * x, 1.0)
    1.4142135623730951
    >>> newton(lambda x: math.atan(x - 1), lambda x: 1 / (1 + (x - 1) ** 2), 20.0)
    1.0
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
                return x
            there = _size(equation, found)
            if there < error:
                break
            if is_close:
                return x
            if found == x:
                raise NoConvergence("no step leads nearer to a solution")
            step /= 2
            work += 1
            if work > _WORK:
                raise NoConvergence("no step leads nearer to a solution")
        x, error = found, there
    raise NoConvergence("Newton's method goes on and on")


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


def enclosed(equation: Number, slope: Number, args: Sequence[Any]) -> Any:
    """A ball that holds exactly one solution, by Newton's method on balls: it proves what it finds.

    Where the image of a ball lies inside the ball, there is one solution in it, and it lies in the image (Moore 1966).
    Raises NoConvergence where no solution is found, Undecided where this precision does not prove it.
    """
    from flint import arb, ctx

    from adcalc.arithmetics.ball import Undecided

    def at(function: Number) -> Number:
        return lambda x: float(function(arb(x)).mid())

    def middle(x: Any) -> Any:
        return arb(x.mid())

    x = arb(newton(at(equation), at(slope), float(args[0].mid())))
    for _ in range(ctx.prec.bit_length() + 2):  # the digits double
        x = middle(x - middle(equation(x)) / middle(slope(x)))
    step = equation(x) / slope(x)
    radius = 4 * step.abs_upper() + arb(2) ** (4 - ctx.prec) * (1 + abs(x).abs_upper())
    for _ in range(8):
        around = arb(x, radius.abs_upper())
        image = x - equation(x) / slope(around)
        if not image.is_finite():
            break
        if around.contains_interior(image):
            return image
        radius = radius * 8
    raise Undecided("no ball that holds one solution")
