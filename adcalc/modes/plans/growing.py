"""Values of an array graph that is still growing: each node once, when a condition of the program asks for it."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from adcalc.arithmetics.batch import function
from adcalc.graph.graph import Graph
from adcalc.graph.node import CONSTANT, INPUT, RELATIONS, NodeId
from adcalc.modes.base import NodeError
from adcalc.rules.compiled import Compiled


def grow(
    graph: Graph,
    rules: Compiled[Any],
    point: Mapping[NodeId, Any],
    output: NodeId,
    values: list[Any],
    aliases: Mapping[NodeId, NodeId],
) -> None:
    """Fill in the values that an output needs. Raises NodeError where what is compared has no finite value.

    An alias is an input whose value is that of another node.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x", (2,))
    >>> values = [None, None]
    >>> grow(graph, Compiled(standard(), Real()), {x: np.ones(2)}, graph.apply("exp", x), values, {})
    >>> values[1].round(3).tolist()
    [2.718, 2.718]
    """
    nodes = graph.nodes
    waiting = [output]
    with np.errstate(all="ignore"):
        while waiting:
            node = waiting[-1]
            if values[node] is not None:
                waiting.pop()
                continue
            op, args, label = nodes[node]
            if op == INPUT:
                other = aliases.get(node)
                if other is not None and values[other] is None:
                    waiting.append(other)
                    continue
                values[node] = point[node] if other is None else values[other]
                continue
            if op == CONSTANT:
                values[node] = rules.arithmetic.constant(label)  # type: ignore[arg-type]  # a constant's label is it
                continue
            wanted = [argument for argument in args if values[argument] is None]
            if wanted:
                waiting.extend(wanted)
                continue
            given = [values[argument] for argument in args]
            if op in RELATIONS and not all(np.all(np.isfinite(value)) for value in given):
                raise _blamed(graph, node, values)
            try:
                values[node] = function(op, label, rules.value)(*given)
            except (ValueError, ArithmeticError) as error:
                raise NodeError("domain", node, []) from error


def _blamed(graph: Graph, relation: NodeId, values: list[Any]) -> NodeError:
    """The error of the first node below a comparison that is not finite."""
    for node in graph.below(relation):
        if graph.nodes[node].args and not np.all(np.isfinite(values[node])):
            return NodeError("overflow" if np.any(np.isinf(values[node])) else "domain", node, [])
    return NodeError("domain", relation, [])
