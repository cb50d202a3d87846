"""The primal sweep: every node's value, from the first to the last.

Arguments come before users, so one pass over the list is enough. Where a choice is made, only the chosen side is
evaluated: the side not taken cannot poison the answer.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from adcalc.arithmetics.base import NoConvergence, Operation, V
from adcalc.graph.graph import Graph
from adcalc.graph.node import CONDITIONS, CONSTANT, INPUT, NodeId
from adcalc.modes.base import NodeError, Problem, Tape
from adcalc.rules.compiled import Compiled

LAZY = frozenset({"if", "and", "or"})
_NO_ALIASES: Final[Mapping[NodeId, NodeId]] = {}


class ByOp(dict[str, Operation]):
    """The functions of a sweep, looked up by operation and made when first met."""

    def __init__(self, make: Operation) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, op: str) -> Operation:
        made: Operation = self._make(op)
        self[op] = made
        return made


def primal(problem: Problem[V], rules: Compiled[V], live: list[NodeId] | None = None) -> Tape[V]:
    """Evaluate the output, and keep every value on the tape; `live` is what the output needs, where that is known.

    Raises NodeError where a node has no value.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.graph.graph import Graph
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> square = graph.apply("mul", x, x)
    >>> primal(Problem(graph, square, (x,), {x: 3.0}), Compiled(standard(), Real())).value
    9.0
    """
    graph = problem.graph
    order, values = evaluated(graph, (problem.output,), problem.point, rules, live)
    value = values[problem.output]
    if isinstance(value, float) and not math.isfinite(value):
        raise first_infinite(graph, order, values)
    return Tape(problem, rules, order, values)


def evaluated(
    graph: Graph,
    outputs: Sequence[NodeId],
    point: Mapping[NodeId, V],
    rules: Compiled[V],
    live: list[NodeId] | None = None,
) -> tuple[list[NodeId], list[Any]]:
    """The nodes that some outputs need, in order, and their values by id; None for what choices leave out.

    `live` is what the outputs need, where that is known. Raises NodeError where a node has no value.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> evaluated(graph, [x, graph.apply("mul", x, x)], {x: 3.0}, Compiled(standard(), Real()))
    ([0, 1], [3.0, 9.0])
    """
    live = graph.live(*outputs) if live is None else live
    nodes = graph.nodes
    values: list[Any] = [None] * (max(outputs, default=-1) + 1)
    functions = ByOp(rules.value)
    decides = rules.arithmetic.decides  # whether a condition has a truth here
    if decides and not LAZY.isdisjoint(graph.ops) and any(nodes[node].op in LAZY for node in live):
        for output in outputs:
            on_demand(graph, rules, point, output, values, functions)
        return [node for node in live if values[node] is not None], values
    constant = rules.arithmetic.constant
    node = 0
    try:
        for node in live:
            op, args, label = nodes[node]
            if len(args) == 2:
                left, right = args
                values[node] = functions[op](values[left], values[right])
            elif len(args) == 1:
                values[node] = functions[op](values[args[0]])
            elif op == INPUT:
                values[node] = point[node]
            elif op == CONSTANT:
                values[node] = constant(label)  # type: ignore[arg-type]  # a constant's label is its value
            else:
                values[node] = functions[op](*[values[argument] for argument in args])
    except (ValueError, ArithmeticError) as error:
        raise _blamed(error, node, nodes[node].args, values) from error
    return live, values


def on_demand(
    graph: Graph,
    rules: Compiled[V],
    point: Mapping[NodeId, V],
    output: NodeId,
    values: list[Any],
    functions: ByOp,
    aliases: Mapping[NodeId, NodeId] = _NO_ALIASES,
) -> None:
    """Fill in those values that an output needs and the conditions leave, by an explicit stack of what is wanted.

    An alias is an input whose value is that of another node. Raises NodeError where a node has no value.
    """
    nodes = graph.nodes
    constant = rules.arithmetic.constant
    waiting = [output]
    node = output
    try:
        while waiting:
            node = waiting[-1]
            if values[node] is not None:
                waiting.pop()
                continue
            op, args, label = nodes[node]
            if op in LAZY:
                first = values[args[0]]
                side = args[0] if first is None else choose(op, args, first)
                if values[side] is None:
                    waiting.append(side)
                else:
                    values[node] = values[side]
                continue
            wanted = [argument for argument in args if values[argument] is None]
            if wanted:
                waiting.extend(wanted)
            elif op == INPUT:
                other = aliases.get(node)
                if other is None:
                    values[node] = point[node]
                elif values[other] is None:
                    waiting.append(other)
                else:
                    values[node] = values[other]
            elif op == CONSTANT:
                values[node] = constant(label)  # type: ignore[arg-type]  # a constant's label is its value
            else:
                values[node] = functions[op](*[values[argument] for argument in args])
    except (ValueError, ArithmeticError) as error:
        raise _blamed(error, node, nodes[node].args, values) from error


def choose(op: str, args: tuple[NodeId, ...], first: bool) -> NodeId:
    """The argument that has the value of a choice, a conjunction or a disjunction, once its first one is known."""
    if op == "if":
        return args[1] if first else args[2]
    return args[0] if first == (op == "or") else args[1]


def _blamed(error: Exception, node: NodeId, args: tuple[NodeId, ...], values: list[Any]) -> NodeError:
    kind = "domain"
    if isinstance(error, OverflowError | NoConvergence):
        kind = "overflow" if isinstance(error, OverflowError) else "no_convergence"
    return NodeError(kind, node, [values[argument] for argument in args], values=values)


def first_infinite(graph: Graph, order: Sequence[NodeId], values: list[Any]) -> NodeError:
    """The error of the node whose value left the range of floating point first; the last of the order, if none did.

    >>> graph = Graph()
    >>> product = graph.apply("mul", graph.input("x"), graph.input("y"))
    >>> first_infinite(graph, [0, 1, 2], [1e200, 1e200, math.inf]).node == product
    True
    """
    for node in order:
        args = graph.nodes[node].args
        if args and isinstance(values[node], float) and not math.isfinite(values[node]):
            return _blamed(OverflowError(), node, args, values)
    return NodeError("overflow", order[-1], [])


def taken(tape: Tape[V], node: NodeId) -> NodeId:
    """The branch of a choice that was evaluated."""
    args = tape.problem.graph.nodes[node].args
    return args[1] if tape.values[args[0]] else args[2]


def activity(tape: Tape[V], wrt: tuple[NodeId, ...]) -> bytearray:
    """Which nodes a derivative flows through: 1 for those that depend on an input of `wrt`, and not only by jumps.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.graph.graph import Graph
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> output = graph.apply("add", graph.apply("floor", x), x)
    >>> tape = primal(Problem(graph, output, (x,), {x: 1.5}), Compiled(standard(), Real()))
    >>> list(activity(tape, (x,)))
    [1, 0, 1]
    """
    nodes = tape.problem.graph.nodes
    active = bytearray(len(tape.values))
    for node in wrt:
        if node < len(active):
            active[node] = 1
    always: dict[str, bool] = {}
    for node in tape.order:
        op, args, _ = nodes[node]
        if len(args) == 2:
            left, right = args
            if not (active[left] or active[right]):
                continue
        elif len(args) == 1:
            if not active[args[0]]:
                continue
        elif not any(active[argument] for argument in args):
            continue
        flows = always.get(op)
        if flows is None:
            flows = always[op] = op not in CONDITIONS and op != "if" and tape.rules.is_open(op, len(args))
        if flows:
            active[node] = 1
        elif op == "if":
            active[node] = any(active[side] and tape.values[side] is not None for side in args[1:])
        elif op not in CONDITIONS:
            active[node] = tape.rules.active(op, tuple(k for k, argument in enumerate(args) if active[argument]))
    return active
