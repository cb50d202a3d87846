"""Conditions that constants decide, whatever the inputs are: x^2 has a slope everywhere, because 2 is at least 1."""

from collections.abc import Sequence

from adcalc.graph.fold import connect, holds
from adcalc.graph.graph import Graph
from adcalc.graph.node import CONNECTIVES, CONSTANT, RELATIONS, NodeId


def settled(graph: Graph, conditions: Sequence[NodeId]) -> dict[NodeId, bool]:
    """The truth of those conditions that do not depend on an input.

    >>> from fractions import Fraction
    >>> graph = Graph()
    >>> x, one, two = graph.input("x"), graph.constant(Fraction(1)), graph.constant(Fraction(2))
    >>> either = graph.apply("or", graph.apply("ne", x, one), graph.apply("ge", two, one))
    >>> settled(graph, [either]) == {either: True}
    True
    """
    truths: dict[NodeId, bool] = {}
    nodes = graph.nodes
    for node in graph.live(*conditions):
        op, args, _ = nodes[node]
        truth = None
        if op in RELATIONS:
            left, right = (nodes[argument] for argument in args)
            if left.op == CONSTANT and right.op == CONSTANT:
                truth = holds(op, left.label, right.label)  # type: ignore[arg-type]  # a constant's label is its value
        elif op in CONNECTIVES:
            truth = connect(op, [truths.get(argument) for argument in args])
        if truth is not None:
            truths[node] = truth
    return {node: truths[node] for node in conditions if node in truths}
