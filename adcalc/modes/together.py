"""Several outputs of a graph evaluated in one sweep, so that what they share is computed once."""

from collections.abc import Mapping, Sequence
from typing import Any

from adcalc.arithmetics.base import V
from adcalc.graph.graph import Graph
from adcalc.graph.node import NodeId
from adcalc.modes.base import Problem, Tape
from adcalc.modes.sweep import evaluated
from adcalc.rules.compiled import Compiled


def values(graph: Graph, outputs: Sequence[NodeId], point: Mapping[NodeId, V], rules: Compiled[V]) -> list[V]:
    """The values of the outputs at a point.

    Of choices only the sides that are taken are evaluated. Raises NodeError where a node has no value.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> values(graph, [x, graph.apply("mul", x, x)], {x: 3.0}, Compiled(standard(), Real()))
    [3.0, 9.0]
    """
    found = numbers(graph, outputs, point, rules)
    return [found[output] for output in outputs]


def numbers(graph: Graph, outputs: Sequence[NodeId], point: Mapping[NodeId, V], rules: Compiled[V]) -> list[Any]:
    """The values of all nodes that the outputs need, by id; None for those that a choice leaves out.

    Raises NodeError where a node has no value.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> numbers(graph, [graph.apply("mul", x, x)], {x: 3.0}, Compiled(standard(), Real()))
    [3.0, 9.0]
    """
    return evaluated(graph, outputs, point, rules)[1]


def shared_tape(
    graph: Graph,
    outputs: Sequence[NodeId],
    wrt: tuple[NodeId, ...],
    point: Mapping[NodeId, V],
    rules: Compiled[V],
    known: list[Any] | None = None,
) -> Tape[V]:
    """One tape for several outputs, whose own output is the last of its nodes.

    `known` are the values of all nodes that they need, where these have been computed.
    Raises NodeError where a node has no value.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> outputs = [graph.apply("sin", x), graph.apply("mul", x, x)]
    >>> shared_tape(graph, outputs, (x,), {x: 3.0}, Compiled(standard(), Real())).order
    [0, 1, 2]
    """
    if known is None:
        order, known = evaluated(graph, outputs, point, rules)
    else:
        order = [node for node in graph.live(*outputs) if known[node] is not None]
    return Tape(Problem(graph, max(outputs, default=-1), wrt, point), rules, order, known)
