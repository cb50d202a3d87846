"""Finite differences: what derivatives cost without rules, and what they lose.

A difference quotient trades truncation (a large step) against cancellation (a small one). `richardson`, the default,
takes central differences over a range of steps chosen for the argument's scale, extrapolates them to step zero
(Ridders 1982) and keeps the entry that disagrees least with its neighbours; that disagreement is its error estimate.
`central` and `forward` take the one step that balances both errors; `complex` takes no difference at all, and
so loses nothing (Squire & Trapp 1998).
"""

import math
import sys
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from adcalc.graph.node import NodeId
from adcalc.modes.base import NodeError, Problem, Tape
from adcalc.modes.sweep import primal
from adcalc.rules.compiled import Compiled

METHODS: Final = ("richardson", "central", "forward", "complex")
_EPSILON: Final = sys.float_info.epsilon
_LEVELS: Final = {2: 34, 1: 100}  # steps tried, by the quotient's order: from an eighth of the scale down by halves
_LAST_LEVEL: Final = 200  # where a domain is narrow
_COLUMNS: Final = 6  # of the extrapolation table: beyond the twelfth order rounding grows faster than accuracy


class Estimate(NamedTuple):
    """A derivative by differences, and how far off it may be (None where the method cannot tell)."""

    slope: float
    error: float | None


def run(
    tape: Tape[float], method: str = "richardson", complex_rules: Compiled[complex] | None = None
) -> list[Estimate]:
    """One estimate for each input of the problem.

    Raises NodeError where no two points of the domain can be found around the given one.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.graph.graph import Graph
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> tape = primal(Problem(graph, graph.apply("exp", x), (x,), {x: 0.0}), Compiled(standard(), Real()))
    >>> abs(run(tape)[0].slope - 1) < 1e-12
    True
    """
    if method == "complex":
        assert complex_rules is not None
        return [_complex_step(tape, variable, complex_rules) for variable in tape.problem.wrt]
    used = set(tape.order)
    step = {"richardson": _richardson, "central": _central, "forward": _forward}[method]
    return [step(_Shifted(tape, variable)) if variable in used else Estimate(0.0, 0.0) for variable in tape.problem.wrt]


class _Shifted:
    """The output as a function of one input's distance from the point."""

    def __init__(self, tape: Tape[float], variable: NodeId) -> None:
        self.tape = tape
        self.variable = variable
        self.at = tape.problem.point[variable]
        self.value = tape.value
        self.scale = max(abs(self.at), 1.0)

    def __call__(self, shift: float) -> float:
        problem = self.tape.problem
        point = {**problem.point, self.variable: self.at + shift}
        return primal(Problem(problem.graph, problem.output, problem.wrt, point), self.tape.rules).value

    def step(self, size: float) -> float:
        """A step near the given size that changes the argument by exactly itself."""
        return (self.at + size) - self.at

    def nowhere(self) -> NodeError:
        return NodeError("no_room", self.tape.problem.output, [], variable=self.variable)


def _richardson(function: _Shifted) -> Estimate:
    """The best central estimate; where the domain ends at the point, the best one from inside."""
    best = _extrapolated(function, lambda step: (function(step), function(-step), 2 * step), 2)
    for sign in (1.0, -1.0):
        best = best or _extrapolated(function, lambda step: (function(step), function.value, step), 1, sign)
    if best is None:
        raise function.nowhere()
    return best


def _extrapolated(
    function: _Shifted, pair: Callable[[float], tuple[float, float, float]], order: int, sign: float = 1.0
) -> Estimate | None:
    """A difference quotient extrapolated to step zero.

    `pair` gives two values and their distance; `order` is the power of the step that the quotient's error goes with.
    """
    best: Estimate | None = None
    row: list[float] = []
    step = function.step(sign * function.scale / 8)
    found = 0
    for _ in range(_LAST_LEVEL):
        previous = row
        try:
            ahead, behind, distance = pair(step)
        except NodeError:
            row = []
        else:
            found += 1
            row = [(ahead - behind) / distance]
            rounding = _EPSILON * max(abs(ahead), abs(behind)) / abs(step)
            for column, before in enumerate(previous[: _COLUMNS - 1]):
                row.append(row[column] + (row[column] - before) / (2 ** (order * (column + 1)) - 1))
                error = max(abs(row[-1] - row[column]), abs(row[-1] - before)) + rounding
                if math.isfinite(error) and (best is None or best.error is None or error < best.error):
                    best = Estimate(row[-1], error)
        step = function.step(step / 2)
        if not step or found >= _LEVELS[order]:
            break
    return best


def _central(function: _Shifted) -> Estimate:
    step = function.step(_EPSILON ** (1 / 3) * function.scale)
    while step:
        try:
            return Estimate((function(step) - function(-step)) / (2 * step), None)
        except NodeError:
            step = function.step(step / 16)
    raise function.nowhere()


def _forward(function: _Shifted) -> Estimate:
    for sign in (1.0, -1.0):
        step = function.step(sign * math.sqrt(_EPSILON) * function.scale)
        try:
            return Estimate((function(step) - function.value) / step, None)
        except NodeError:
            continue
    raise function.nowhere()


def _complex_step(tape: Tape[float], variable: NodeId, rules: Compiled[complex]) -> Estimate:
    problem = tape.problem
    step = max(abs(problem.point[variable]), 1.0) * 2.0**-100
    point: dict[NodeId, complex] = {node: complex(value) for node, value in problem.point.items()}
    point[variable] += complex(0.0, step)
    shifted: Problem[Any] = Problem(problem.graph, problem.output, problem.wrt, point)
    return Estimate(complex(primal(shifted, rules).value).imag / step, None)
