"""Sweeps over boxes: what a graph's value and its slopes can be when every input lies in an interval.

Where a box does not decide a choice, its value is any of both sides'. A slope is asked of more: the value must not jump
inside the box, and the slope must be finite all over it. At kinks it is any number between the slopes of both sides, so
that the mean value theorem holds for what is found (Clarke's generalised gradient).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from adcalc.arithmetics.ball import UNDECIDED, Undecided
from adcalc.arithmetics.base import NoConvergence
from adcalc.arithmetics.interval import Interval, are_apart, common, hull
from adcalc.graph.fold import connect
from adcalc.graph.graph import Graph
from adcalc.graph.node import CONDITIONS, CONNECTIVES, CONSTANT, INPUT, RELATIONS, NodeId
from adcalc.modes import forward, reverse
from adcalc.modes.base import NodeError, Problem, Tape
from adcalc.modes.edges.suspects import watched
from adcalc.modes.sweep import LAZY, ByOp, activity, choose
from adcalc.rules.boxing import KINKS, Boxing
from adcalc.syntax.lowered import Guard

_FEW: Final = 6  # inputs by which forward mode costs little more than reverse mode
_NO_MARKS: Final[Mapping[NodeId, NodeId]] = {}


class BoxError(Exception):
    """What a box has no answer for: the node, and what is wrong with it.

    `kind` is "outside" (it has no value anywhere in the box), "border" (it may have none somewhere), "choice" (a
    choice that the box does not decide), "jump", "kink", "slope" (it may not be finite), "no_rule" and "solution".
    `box` is the box, where it is a smaller one than was asked about.
    """

    def __init__(self, kind: str, node: NodeId, arguments: Sequence[Interval] = (), parameter: int = 0) -> None:
        super().__init__(kind)
        self.kind = kind
        self.node = node
        self.arguments = tuple(arguments)
        self.parameter = parameter
        self.box: Mapping[NodeId, Interval] | None = None


class Swept(NamedTuple):
    """The primal sweep over a box: its tape, and the choices and conditions that may turn inside the box."""

    tape: Tape[Interval]
    open: tuple[NodeId, ...]


def primal(
    graph: Graph,
    output: NodeId,
    box: Mapping[NodeId, Interval],
    rules: Boxing,
    marks: Mapping[NodeId, NodeId] = _NO_MARKS,
    guards: Sequence[Guard] = (),
    decided: Sequence[NodeId] = (),
) -> Swept:
    """Evaluate the output over a box. Raises BoxError where it may have no value somewhere in it.

    `guards` are derivatives inside expressions, which have to exist all over the box, `marks` inputs that stand for
    values, and `decided` conditions on which the way of the program depends.

    >>> from flint import fmpq
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> node = graph.apply("mul", x, x)
    >>> primal(graph, node, {x: Interval(fmpq(-1), fmpq(3))}, Boxing(standard())).tape.value
    [0, 9]
    """
    values: list[Any] = [None] * len(graph)
    sweep = _Sweep(graph, box, rules, values, marks)
    sweep.fill(output)
    used = frozenset(node for node, value in enumerate(values) if value is not None)
    problem: Problem[Interval] = Problem(graph, output, (), box)
    for guard in reversed(guards):  # a derivative of a derivative uses that
        if values[guard.slope] is not None:
            sweep.fill(guard.node)
            below = graph.below(guard.node)
            order = [
                node for node in range(guard.variable, guard.node + 1) if node in below and values[node] is not None
            ]
            inner = Tape(problem._replace(output=guard.node, wrt=(guard.variable,)), rules, order, values)
            require_slopes(Swept(inner, tuple(node for node in sweep.open if node in below)), kinks=False)
    order = [node for node in sorted(used) if node <= output]
    turns = [node for node in sweep.open if node in used]
    turns += [
        node for node in order if graph.nodes[node].op == "if" and _touches(graph, graph.nodes[node].args[0], values)
    ]
    for condition in decided:
        sweep.fill(condition)
        if _touches(graph, condition, values):
            turns.append(condition)
    return Swept(Tape(problem, rules, order, values), tuple(turns))


def _touches(graph: Graph, condition: NodeId, values: list[Any]) -> bool:
    """Whether a condition is decided, and on its boundary somewhere in the box: x >= 0 where x is from 0 to 1."""
    if values[condition] is UNDECIDED:
        return False
    truths: dict[NodeId, Any] = {}
    for node in graph.live(condition):
        op, args, _ = graph.nodes[node]
        if op in RELATIONS and values[node] is not None:
            left, right = values[args[0]], values[args[1]]
            truths[node] = values[node] if left is right or are_apart(left, right) else None
        elif op in CONNECTIVES:
            truths[node] = connect(op, [truths.get(argument) for argument in args])
    return truths.get(condition, values[condition]) is None


class _Sweep:
    """The values of a graph over a box, filled in as they are wanted."""

    def __init__(
        self,
        graph: Graph,
        box: Mapping[NodeId, Interval],
        rules: Boxing,
        values: list[Any],
        marks: Mapping[NodeId, NodeId],
    ) -> None:
        self._nodes = graph.nodes
        self._box, self._rules, self._values, self._marks = box, rules, values, marks
        self._functions = ByOp(rules.value)
        self._domains: dict[str, list[int]] = {}
        self.open: list[NodeId] = []

    def fill(self, output: NodeId) -> None:
        """Fill in what an output needs."""
        values = self._values
        waiting = [output]
        while waiting:
            node = waiting[-1]
            if values[node] is not None:
                waiting.pop()
                continue
            wanted = self._wanted(node)
            if wanted:
                waiting.extend(wanted)
            else:
                values[node] = self._computed(node)
                waiting.pop()

    def _wanted(self, node: NodeId) -> list[NodeId]:
        op, args, _ = self._nodes[node]
        values = self._values
        if op == INPUT and node in self._marks and values[self._marks[node]] is None:
            return [self._marks[node]]
        if op in LAZY:
            first = values[args[0]]
            if first is None:
                return [args[0]]
            needed = args[1:] if first is UNDECIDED else (choose(op, args, first),)
            return [argument for argument in needed if values[argument] is None]
        return [argument for argument in args if values[argument] is None]

    def _computed(self, node: NodeId) -> Any:
        op, args, label = self._nodes[node]
        values = self._values
        if op == INPUT:
            return values[self._marks[node]] if node in self._marks else self._box[node]
        if op == CONSTANT:
            return self._rules.arithmetic.constant(label)  # type: ignore[arg-type]  # a constant's label is its value
        if op in LAZY:
            first = values[args[0]]
            if first is not UNDECIDED:
                return values[choose(op, args, first)]
            if op == "if":
                self.open.append(node)
                return hull(values[args[1]], values[args[2]])
        arguments = [values[argument] for argument in args]
        try:
            if op not in CONDITIONS:
                self._require_domain(node, op, arguments)
            return self._functions[op](*arguments)
        except ZeroDivisionError:
            raise BoxError("outside", node, arguments) from None
        except NoConvergence:
            raise BoxError("solution", node, arguments) from None
        except (ValueError, ArithmeticError):
            raise BoxError(_border(self._rules, op), node, arguments) from None

    def _require_domain(self, node: NodeId, op: str, arguments: list[Interval]) -> None:
        clauses = self._domains.get(op)
        if clauses is None:
            clauses = self._domains[op] = []
            if arguments and op != "pow":  # which knows its own
                rule = self._rules.table.rule(op)
                clauses += [number for number, clause in enumerate(rule.clauses) if clause.kind == "on"]
        for number in clauses:
            truth = self._rules.condition(op, number)(None, *arguments)
            if truth is not True:
                raise BoxError("outside" if truth is False else "border", node, arguments)


def _border(rules: Boxing, op: str) -> str:
    return "solution" if op in rules.table.residuals else "border"


def slopes(swept: Swept, wrt: Sequence[NodeId]) -> list[Interval | None]:
    """The slopes of the output over a box, by some inputs; None where it does not depend on one.

    Raises BoxError where it may jump, or a slope may not be finite. Both sweeps hold the true slopes, so what they have
    in common does; by many inputs there is one.

    >>> from flint import fmpq
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> node = graph.apply("abs", x)
    >>> slopes(primal(graph, node, {x: Interval(fmpq(-1), fmpq(3))}, Boxing(standard())), [x])
    [[-1, 1]]
    """
    tape = swept.tape._replace(problem=swept.tape.problem._replace(wrt=tuple(wrt)))
    require_slopes(swept._replace(tape=tape))
    active = activity(tape, tuple(wrt))
    try:
        back: Sequence[Any] = reverse.run(tape, active).partials
        ahead: Sequence[Any] = back if len(wrt) > _FEW else forward.run(tape, active).partials
    except NodeError as error:
        raise BoxError("slope", error.node, tape.arguments(error.node)) from None
    return [
        None if one is None or other is None else common(one, other) for one, other in zip(back, ahead, strict=True)
    ]


def require_slopes(swept: Swept, kinks: bool = True) -> None:
    """Raise BoxError where the output of a tape may jump in the box, or have a slope that is not finite.

    `kinks` says that a kink may be there.
    """
    tape = swept.tape
    nodes, rules = tape.problem.graph.nodes, tape.rules
    active = activity(tape, tape.problem.wrt)
    moving = _moving(tape)
    for node in swept.open:
        if moving[node]:
            raise BoxError("choice", node, [])
    for node in tape.order:
        op, args, _ = nodes[node]
        if not any(moving[argument] for argument in args) or op == "if" or op in CONDITIONS:
            continue
        for number, kind, parameter in watched(tape, op, len(args)):
            if parameter is not None and not moving[args[parameter]]:
                continue
            if kind == "no_rule":
                raise BoxError("no_rule", node, tape.arguments(node), parameter or 0)
            if kind == "kink" and kinks and op in KINKS:
                continue
            try:
                truth = rules.condition(op, number)(tape.values[node], *tape.arguments(node))
            except (Undecided, ZeroDivisionError):
                truth = UNDECIDED
            if kind == "smooth" and truth is not True and any(active[argument] for argument in args):
                raise BoxError("slope", node, tape.arguments(node))
            if kind in ("jump", "kink") and truth is not False:
                raise BoxError("jump" if kind == "jump" else "kink", node, tape.arguments(node))


def _moving(tape: Tape[Interval]) -> bytearray:
    """The nodes that depend on an input of `wrt`, jumps and conditions included."""
    nodes = tape.problem.graph.nodes
    moving = bytearray(len(tape.values))
    for node in tape.problem.wrt:
        moving[node] = 1
    for node, value in enumerate(tape.values):
        if value is not None and any(moving[argument] for argument in nodes[node].args):
            moving[node] = 1
    return moving
