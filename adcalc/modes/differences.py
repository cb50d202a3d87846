"""Finite differences: what derivatives cost without rules, and what they lose.

A difference quotient trades truncation (a large step) against cancellation (a small one). `richardson`, the default,
takes central differences over a range of steps chosen for the argument's scale, extrapolates them to step zero
(Ridders 1982) and keeps the entry that disagrees least with its neighbours; that disagreement is its error estimate.
`central` and `forward` take the one step that balances both errors; `complex` takes no difference at all, and
so loses nothing (Squire & Trapp 1998).

Every estimate says what it took: evaluations of the function, and operations on their results, which are two for a
quotient of two values and three for an entry of the extrapolation. Higher derivatives are in higher.py.
"""

import math
import sys
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from adcalc.graph.node import RELATIONS, NodeId
from adcalc.modes.base import NodeError, Problem, Tape
from adcalc.modes.sweep import primal
from adcalc.rules.compiled import Compiled

METHODS: Final = ("richardson", "central", "forward", "complex")
_EPSILON: Final = sys.float_info.epsilon
LEVELS: Final = 34  # central steps tried, from an eighth of the scale down by halves
_LEVELS: Final = {2: LEVELS, 1: 100}  # steps tried, by the quotient's order
_LAST_LEVEL: Final = 200  # where a domain is narrow
_DOUBTED: Final = 1e3  # times its error that an estimate may be off by
_COLUMNS: Final = 6  # of the extrapolation table: beyond the twelfth order rounding grows faster than accuracy


class Estimate(NamedTuple):
    """A derivative by differences, how far off it may be (None where the method cannot tell), and what it took.

    `evaluations` are those of the function, `operations` those on its values; `branches` says that the function took
    another way at one of the points whose values it is made of.

    >>> Estimate(2.0, None).evaluations
    0
    """

    slope: float
    error: float | None
    evaluations: int = 0
    operations: int = 0
    branches: bool = False


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
    return [step(Shifted(tape, variable)) if variable in used else Estimate(0.0, 0.0) for variable in tape.problem.wrt]


class Shifted:
    """The output as a function of one input's distance from the point; `evaluations` counts its calls.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.graph.graph import Graph
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> tape = primal(Problem(graph, graph.apply("exp", x), (x,), {x: 1.0}), Compiled(standard(), Real()))
    >>> square = Shifted(tape, x)
    >>> square(-1.0), square.evaluations
    (1.0, 1)
    """

    def __init__(self, tape: Tape[float], variable: NodeId) -> None:
        self.tape = tape
        self.variable = variable
        self.at = tape.problem.point[variable]
        self.value = tape.value
        self.scale = max(abs(self.at), 1.0)
        self.evaluations = 0
        nodes = tape.problem.graph.nodes
        self._conditions = [node for node in tape.order if nodes[node].op in RELATIONS]
        self._branched = False

    def __call__(self, shift: float) -> float:
        self.evaluations += 1
        problem = self.tape.problem
        point = {**problem.point, self.variable: self.at + shift}
        if self.tape.way is not None:
            value, truths = self.tape.way.elsewhere(point)
            self._branched |= truths != self.tape.way.truths
            return value
        there = primal(Problem(problem.graph, problem.output, problem.wrt, point), self.tape.rules)
        if self._conditions:
            here = self.tape.values
            self._branched |= any(there.values[node] != here[node] for node in self._conditions)
        return there.value

    def branched(self) -> bool:
        """Whether a call since the last time this was asked took another way than the point does."""
        branched, self._branched = self._branched, False
        return branched

    def step(self, size: float) -> float:
        """A step near the given size that changes the argument by exactly itself."""
        return (self.at + size) - self.at

    def nowhere(self) -> NodeError:
        """The error where no two points of the domain were found."""
        return NodeError("no_room", self.tape.problem.output, [], variable=self.variable)


def _richardson(function: Shifted) -> Estimate:
    """The best central estimate; where the domain ends at the point, the best one from inside."""
    best = extrapolated(function, lambda step: _pair(step, function(step), function(-step), 2 * step), 2)
    for sign in (1.0, -1.0):
        best = best or extrapolated(function, lambda step: _pair(step, function(step), function.value, step), 1, sign)
    if best is None:
        raise function.nowhere()
    return best


def _pair(step: float, ahead: float, behind: float, distance: float) -> tuple[float, float, int]:
    rounding = _EPSILON * max(abs(ahead), abs(behind)) / abs(step)
    return (ahead - behind) / distance, rounding, 2


def extrapolated(
    function: Shifted, quotient: Callable[[float], tuple[float, float, int]], order: int, sign: float = 1.0
) -> Estimate | None:
    """A difference quotient extrapolated to step zero; None where the function has no values around the point.

    `quotient` gives, for a step, the quotient, how far rounding may have moved it, and the operations that it took;
    `order` is the power of the step that the quotient's error goes with.
    """
    best: Estimate | None = None
    row: list[float] = []
    ways: list[bool] = []  # whether the quotients that the row is made of took another way, the newest first
    step = function.step(sign * function.scale / 8)
    found = operations = 0
    for _ in range(_LAST_LEVEL):
        previous = row
        is_tiny = abs(step) < _EPSILON * function.scale  # what is added to numbers of that scale is lost
        try:
            first, rounding, taken = quotient(step)
        except (NodeError, ArithmeticError):
            row, ways = [], []
            function.branched()
        else:
            found += 1
            row = [first]
            ways = [function.branched(), *ways[: _COLUMNS - 1]]
            for column, before in enumerate(previous[: _COLUMNS - 1]):
                row.append(row[column] + (row[column] - before) / (2 ** (order * (column + 1)) - 1))
                error = max(abs(row[-1] - row[column]), abs(row[-1] - before)) + rounding
                is_better = best is None or best.error is None or error < best.error
                if math.isfinite(error) and is_better and not (is_tiny and _is_elsewhere(row[-1], best)):
                    best = Estimate(row[-1], error, branches=any(ways[: column + 2]))
            operations += taken + 3 * (len(row) - 1)
        step = function.step(step / 2)
        if not step or found >= _LEVELS[order]:
            break
    return None if best is None else best._replace(evaluations=function.evaluations, operations=operations)


def _is_elsewhere(slope: float, best: Estimate | None) -> bool:
    """Whether a slope is none that the best one so far may be off by."""
    return best is not None and best.error is not None and abs(slope - best.slope) > _DOUBTED * best.error


def _central(function: Shifted) -> Estimate:
    step = function.step(_EPSILON ** (1 / 3) * function.scale)
    while step:
        try:
            slope = (function(step) - function(-step)) / (2 * step)
        except NodeError:
            step = function.step(step / 16)
        else:
            return Estimate(slope, None, function.evaluations, 2, function.branched())
    raise function.nowhere()


def _forward(function: Shifted) -> Estimate:
    for sign in (1.0, -1.0):
        step = function.step(sign * math.sqrt(_EPSILON) * function.scale)
        try:
            slope = (function(step) - function.value) / step
        except NodeError:
            continue
        return Estimate(slope, None, function.evaluations, 2, function.branched())
    raise function.nowhere()


def _complex_step(tape: Tape[float], variable: NodeId, rules: Compiled[complex]) -> Estimate:
    problem = tape.problem
    step = max(abs(problem.point[variable]), 1.0) * 2.0**-100
    point: dict[NodeId, complex] = {node: complex(value) for node, value in problem.point.items()}
    point[variable] += complex(0.0, step)
    shifted: Problem[Any] = Problem(problem.graph, problem.output, problem.wrt, point)
    return Estimate(complex(primal(shifted, rules).value).imag / step, None, 1, 1)
