"""Several outputs of a graph evaluated in one sweep, so that what they share is computed once."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from adcalc.graph.graph import Graph
from adcalc.graph.node import CONSTANT, INPUT, NodeId
from adcalc.modes.base import NodeError, Problem
from adcalc.modes.sweep import ByOp, primal
from adcalc.rules.compiled import Compiled

_CHOOSING: Final = frozenset({"if", "and", "or"})


def values(
    graph: Graph, outputs: Sequence[NodeId], point: Mapping[NodeId, float], rules: Compiled[float]
) -> list[float]:
    """The values of the outputs at a point.

    Where a choice is among them each is evaluated alone, so that the side not taken cannot spoil the answer.
    Raises NodeError where a node has no value.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> values(graph, [x, graph.apply("mul", x, x)], {x: 3.0}, Compiled(standard(), Real()))
    [3.0, 9.0]
    """
    nodes = graph.nodes
    live = graph.live(*outputs)
    if any(nodes[node].op in _CHOOSING for node in live):
        return [primal(Problem(graph, output, (), point), rules).value for output in outputs]
    found: list[Any] = [None] * (max(outputs, default=-1) + 1)
    functions = ByOp(rules.value)
    node = 0
    try:
        for node in live:
            op, args, label = nodes[node]
            if op == INPUT:
                found[node] = point[node]
            elif op == CONSTANT:
                found[node] = rules.arithmetic.constant(label)  # type: ignore[arg-type]  # its label is its value
            else:
                found[node] = functions[op](*[found[argument] for argument in args])
    except (ValueError, ArithmeticError) as error:
        kind = "overflow" if isinstance(error, OverflowError) else "domain"
        raise NodeError(kind, node, [found[argument] for argument in nodes[node].args]) from error
    return [found[output] for output in outputs]
