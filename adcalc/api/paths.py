"""Programs whose way depends on the point: their graph at a point, and what may be said of them without one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from adcalc.errors import AdcalcError, PathError, PrecisionError
from adcalc.graph.node import RELATIONS
from adcalc.modes.base import NodeError, Problem, Tape, Way
from adcalc.modes.blame import text_of
from adcalc.modes.edges.turning import turning
from adcalc.modes.path import Path
from adcalc.modes.sweep import ByOp, on_demand, primal
from adcalc.syntax.lower import lower
from adcalc.syntax.number import short

if TYPE_CHECKING:
    from collections.abc import Mapping

    from adcalc.api.program import Program
    from adcalc.graph.node import NodeId
    from adcalc.rules.compiled import Compiled
    from adcalc.syntax.lowered import Lowered

_LONGER: Final = 10  # times as many operations as at the point
_LEAST: Final = 20_000  # operations that are tried in any case


class Guide:
    """What lowering asks at a point: which way a condition goes.

    Raises UnboundVariableError, DomainError and the like, where a condition has no value.
    """

    def __init__(self, program: Program, lowered: Lowered, at: Mapping[str, Any]) -> None:
        from adcalc.api.program import real

        self.lowered = lowered
        self._program = program
        self.path = Path(lowered.graph, real(program.table), Inputs(program, lowered, at))

    def decide(self, condition: NodeId, definitions: Mapping[NodeId, NodeId]) -> bool:
        """Whether a condition holds."""
        try:
            return self.path.decide(condition, definitions)
        except NodeError as error:
            raise self._program.explained(error, self.lowered) from None

    def describe(self, condition: NodeId, definitions: Mapping[NodeId, NodeId]) -> str:
        """A condition's last comparison with its numbers: 3.5 > 0.1."""
        graph = self.lowered.graph
        node = condition
        while graph.nodes[node].op not in RELATIONS:
            node = graph.nodes[node].args[-1]
        op, args, _ = graph.nodes[node]
        left, right = (short(self._rounded(self.path.value(argument, definitions))) for argument in args)
        return f"{left} {RELATIONS[op]} {right}"

    def _rounded(self, number: Any) -> float:
        """A number of the way as a float."""
        return float(number)


class Beside(Guide):
    """The same in other numbers, a step off the point. Raises NodeError where a condition has no value."""

    def __init__(self, program: Program, lowered: Lowered, at: Mapping[str, Any], rules: Compiled[Any]) -> None:
        self.lowered = lowered
        self.path = Path(lowered.graph, rules, Inputs(program, lowered, at))

    def decide(self, condition: NodeId, definitions: Mapping[NodeId, NodeId]) -> bool:
        """Whether a condition holds."""
        return self.path.decide(condition, definitions)

    def describe(self, condition: NodeId, definitions: Mapping[NodeId, NodeId]) -> str:
        """A condition; its numbers are nobody's."""
        return "the condition"


def way(program: Program, here: Lowered) -> Way:
    """The way that led to a graph, and what tells the ways at other points.

    A way elsewhere may be longer, but not without end: it is an error where it is more than a few times as long.

    >>> from adcalc.api import function
    >>> from adcalc.api.program import real
    >>> f = function("if x > 1 { x^2 } else { x }")
    >>> lowered, _ = f.at({"x": 1})
    >>> way(f, lowered).elsewhere({0: 3.0})
    (9.0, (True,))
    """
    from adcalc.api.program import real

    names = {node: name for name, node in here.variables.items()}
    maximum = min(_LONGER * len(here.graph) + _LEAST, program.maximum)

    def lowered(point: Mapping[NodeId, Any], rules: Compiled[Any]) -> tuple[Lowered, dict[NodeId, Any], list[Guide]]:
        at = {names[node]: number for node, number in point.items()}
        hidden = program.table.constants.intersection(at)
        guides: list[Guide] = []

        def guide(made: Lowered) -> Guide:
            guides.append(Beside(program, made, at, rules))
            return guides[0]

        there = lower(program.code, program.table, hidden, maximum, guide, program.differentiate)
        numbers = {there.variables[name]: number for name, number in at.items() if name in there.variables}
        for node in there.graph.inputs(there.graph.live(there.output)):
            if node not in numbers:  # read only on the way there
                raise program.unbound(str(there.graph.nodes[node].label), there, at)
        return there, numbers, guides

    def elsewhere(point: Mapping[NodeId, float]) -> tuple[float, tuple[bool, ...]]:
        rules = real(program.table)
        same = _along_the_same_way(here, rules, point)
        if same is not None:
            return same, here.truths
        try:
            there, numbers, guides = lowered(point, rules)
        except AdcalcError as error:
            raise NodeError("domain", here.output, []) from error
        return primal(Problem(there.graph, there.output, (), numbers), rules).value, tuple(guides[0].path.truths)

    def beside(
        output: NodeId, point: Mapping[NodeId, Any], variable: NodeId, rules: Compiled[Any]
    ) -> tuple[Problem[Any], NodeId]:
        inside = [guard.node for guard in here.guards]
        if variable not in names or (output not in here.results and output not in inside):
            raise NodeError("beside", output, [])
        there, numbers, _ = lowered(point, rules)
        moved = there.variables[names[variable]]
        if output in here.results:
            result = there.results[here.results.index(output)]
        elif len(there.guards) == len(inside):
            result = there.guards[inside.index(output)][0]
        else:
            raise NodeError("beside", output, [])  # another way takes other derivatives
        return Problem(there.graph, result, (moved,), numbers), moved

    ops = here.graph.ops
    may_turn = here.ties or "if" in ops or any(program.table.jumps(op) for op in ops)
    return Way(here.truths, tuple(here.decided) if may_turn else (), elsewhere, beside)


def _along_the_same_way(here: Lowered, rules: Compiled[float], point: Mapping[NodeId, float]) -> float | None:
    """The value at a point to which the same way leads, by the graph that is there; None where another one may."""
    graph = here.graph
    if graph.shapes:
        return None
    values: list[Any] = [None] * len(graph)
    functions = ByOp(rules.value)
    try:
        for condition, truth in zip(here.decided, here.truths, strict=True):
            on_demand(graph, rules, point, condition, values, functions)
            if values[condition] is not truth:
                return None
        on_demand(graph, rules, point, here.output, values, functions)
    except (NodeError, KeyError):
        return None
    found: float = values[here.output]
    finite = all(math.isfinite(value) for value in values if isinstance(value, float))
    return found if finite else None


def on_its_own(tape: Tape[float]) -> Tape[float]:
    """The tape of one of several results, where another point may lead another way: there it is that result, too.

    >>> from adcalc.api import function
    >>> f = function("if x > 1 { y = x } else { y = 0 }; [y, x]")
    >>> lowered, at = f.at({"x": 2}, True)
    >>> tape = f.tape(lowered, at, (lowered.variables["x"],), lowered.results[0])
    >>> on_its_own(tape).way.elsewhere({lowered.variables["x"]: 0.5})[0]
    0.0
    """
    way, problem, rules = tape.way, tape.problem, tape.rules
    if way is None or not problem.wrt:
        return tape
    beside, variable, truths = way.beside, problem.wrt[0], way.truths

    def elsewhere(point: Mapping[NodeId, float]) -> tuple[float, tuple[bool, ...]]:
        try:
            there, _ = beside(problem.output, point, variable, rules)
        except AdcalcError as error:
            raise NodeError("domain", problem.output, []) from error
        return primal(there, rules).value, truths

    return tape._replace(way=way._replace(elsewhere=elsewhere))


def turned(program: Program, lowered: Lowered, at: Mapping[str, float]) -> PrecisionError | None:
    """What keeps digits from being proved where a program may take another way to a side of the point.

    >>> from adcalc.api import function
    >>> f = function("if x > 1 { x^2 } else { x }")
    >>> turned(f, *f.at({"x": 1})).message
    'x > 1 turns exactly here: nothing is proved'
    """
    if not program.needs_point:
        return None
    tape = program.tape(lowered, at, tuple(lowered.variables[name] for name in at))
    node = next(iter(turning(tape)), None)
    if node is None:
        return None
    error = PrecisionError(f"{text_of(lowered, node)} turns exactly here: nothing is proved")
    error.node = node
    return error


class Inputs(dict[int, Any]):
    """The numbers of the inputs, looked up by name when they are first met."""

    def __init__(self, program: Program, lowered: Lowered, at: Mapping[str, Any]) -> None:
        super().__init__()
        self._program, self._lowered, self._at = program, lowered, at

    def __missing__(self, node: NodeId) -> Any:
        name = str(self._lowered.graph.nodes[node].label)
        if name not in self._at:
            if name not in self._lowered.variables:  # nobody knows it before the equation is solved
                unknown = name.partition("#")[0]
                raise PathError(
                    f"the unknown {unknown} of root decides here which way the program goes",
                    hint="if(c, a, b) is a formula, and may stand in an equation",
                )
            raise self._program.unbound(name, self._lowered, self._at)
        number = self[node] = self._at[name]
        return number
