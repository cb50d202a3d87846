"""Difference quotients of any order: at one given step, and of the nth derivative.

The error of a quotient of accuracy p at a step h is a truncation that falls as h^p and a rounding that grows as 1/h,
or as 1/h^n for the nth derivative: at the best step n derivatives leave p of n + p parts of the digits. So each further
derivative by differences has fewer digits than the last, where the sweeps lose none.
"""

import math
import sys
from typing import Final

from adcalc.modes.base import NodeError, Tape
from adcalc.modes.differences import LEVELS, Estimate, Shifted, extrapolated

METHODS: Final = ("richardson", "central", "forward")  # that have an nth quotient
_EPSILON: Final = sys.float_info.epsilon
# what is taken of f(kh) - f(-kh) for k = 1, 2, …, and what it is divided by (times h): exact to the order named
_STENCILS: Final = {2: ((1,), 2), 4: ((8, -1), 12), 6: ((45, -9, 1), 60)}
_HALVINGS: Final = 12  # of a step, by sixteenths, until the domain has room for it


def at_step(function: Shifted, accuracy: int, step: float) -> float | None:
    """The first difference quotient of an accuracy (1, 2, 4 or 6) at one step; None where the domain has no room.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.graph.graph import Graph
    >>> from adcalc.modes.base import Problem
    >>> from adcalc.modes.sweep import primal
    >>> from adcalc.rules.compiled import Compiled
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> tape = primal(Problem(graph, graph.apply("mul", x, x), (x,), {x: 1.0}), Compiled(standard(), Real()))
    >>> at_step(Shifted(tape, x), 1, 0.5), at_step(Shifted(tape, x), 2, 0.5)
    (2.5, 2.0)
    """
    try:
        if accuracy == 1:
            slope = (function(step) - function.value) / step
        else:
            weights, divisor = _STENCILS[accuracy]
            parts = [w * (function(k * step) - function(-k * step)) for k, w in enumerate(weights, 1)]
            slope = math.fsum(parts) / (divisor * step)
    except (NodeError, ArithmeticError, ValueError):  # ValueError: infinities that do not add up
        return None
    return slope if math.isfinite(slope) else None


def run(tape: Tape[float], order: int, method: str = "richardson") -> list[Estimate]:
    """The derivative of an order by each input, by differences of the function's values alone.

    Raises NodeError where the domain has no room around the point, or the quotient is beyond floating point.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.graph.graph import Graph
    >>> from adcalc.modes.base import Problem
    >>> from adcalc.modes.sweep import primal
    >>> from adcalc.rules.compiled import Compiled
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> tape = primal(Problem(graph, graph.apply("exp", x), (x,), {x: 0.0}), Compiled(standard(), Real()))
    >>> abs(run(tape, 3)[0].slope - 1) < 1e-6
    True
    """
    used = set(tape.order)
    quotient = {"richardson": _richardson, "central": _central, "forward": _forward}[method]
    return [
        quotient(Shifted(tape, variable), order) if variable in used else Estimate(0.0, 0.0)
        for variable in tape.problem.wrt
    ]


def evaluations(count: int, order: int, method: str) -> int:
    """How many evaluations a method takes for the derivatives of an order by so many inputs, where the domain has room.

    >>> evaluations(3, 1, "central"), evaluations(1, 2, "richardson")
    (6, 102)
    """
    each = order + 1 if order > 1 else 2 if method in ("central", "richardson") else 1
    return count * each * (LEVELS if method == "richardson" else 1)


def _quotient(function: Shifted, order: int, step: float, first: float) -> tuple[float, float, int]:
    """The nth quotient over the values at first*step, (first + 1)*step, …; its rounding error; its operations."""
    terms = [math.comb(order, k) * (-1) ** (order - k) * function((first + k) * step) for k in range(order + 1)]
    below = step**order
    size = sum(map(abs, terms))
    if not math.isfinite(size):
        raise OverflowError("the values of the function are too large to be added")
    return math.fsum(terms) / below, _EPSILON * size / abs(below), 2 * order + 2


def _richardson(function: Shifted, order: int) -> Estimate:
    best = extrapolated(function, lambda step: _quotient(function, order, _even(step), -order / 2), 2)
    for sign in (1.0, -1.0):
        best = best or extrapolated(function, lambda step: _quotient(function, order, _even(step), 0), 1, sign)
    if best is None:
        raise function.nowhere()
    return best


def _central(function: Shifted, order: int) -> Estimate:
    return _single(function, order, 2, (1.0,), -order / 2)


def _forward(function: Shifted, order: int) -> Estimate:
    return _single(function, order, 1, (1.0, -1.0), 0.0)


def _single(function: Shifted, order: int, accuracy: int, signs: tuple[float, ...], first: float) -> Estimate:
    """The quotient at the step that balances truncation and rounding; a smaller one where the domain is narrow."""
    size = _EPSILON ** (1 / (order + accuracy)) * function.scale
    for halving in range(_HALVINGS):
        for sign in signs:
            try:
                slope, _, operations = _quotient(function, order, sign * _even(size / 16**halving), first)
            except (NodeError, ArithmeticError):
                continue
            if math.isfinite(slope):
                return Estimate(slope, None, function.evaluations, operations, function.branched())
    raise function.nowhere()


def _even(size: float) -> float:
    """The power of two nearest to a step: its multiples and halves change the argument by exactly themselves."""
    mantissa, exponent = math.frexp(abs(size))
    return math.copysign(math.ldexp(1.0, exponent - (mantissa < math.sqrt(0.5))), size)
