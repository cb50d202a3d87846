"""A graph of arrays as data to be drawn: every node with its shape, data that the text spells out as one node."""

from __future__ import annotations

from fractions import Fraction
from itertools import count
from typing import TYPE_CHECKING, Any

from adcalc.api.work.traces import Request, trace
from adcalc.graph.node import CONDITIONS, CONSTANT
from adcalc.modes.plans.pieces import fixed
from adcalc.results.trace import Drawing, TraceEdge, TraceNode
from adcalc.syntax.naming import node_names, operation_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adcalc.api.function import Function
    from adcalc.graph.graph import Graph
    from adcalc.graph.node import NodeId
    from adcalc.syntax.lowered import Lowered


def draw(function: Function, lowered: Lowered, at: Mapping[str, Any] | None, chosen: Sequence[str]) -> Drawing:
    """The graph of a result that is computed from arrays; at a point with values, adjoints and what flows.

    Raises what `Function.trace` raises at the point.

    >>> from adcalc.api import function
    >>> drawing = function("sum(A@x)").graph(A=[[1, 2], [3, 4]], x=[5, 6])
    >>> [(node.name, node.shape) for node in drawing.nodes]
    [('A', (2, 2)), ('x', (2,)), ('v1', (2,)), ('v2', ())]
    """
    graph, output = lowered.graph, lowered.output
    shown, leaves = _shown(graph, output)
    work = None if at is None else trace(Request(function, at, chosen, detail="all"))
    known = {} if work is None else {node.id: node for node in work.nodes}
    flows = {} if work is None else {(edge.source, edge.target): edge for edge in work.edges}
    literal = {node for node in shown if (node in leaves and node not in lowered.names)}
    names = _names(lowered, shown, literal)
    args = {node: () if node in leaves else graph.nodes[node].args for node in shown}
    pairs = [(source, node) for node in shown for source in dict.fromkeys(args[node])]
    users = dict.fromkeys(shown, 0)
    for source, _ in pairs:
        users[source] += 1
    nodes = []
    for node in shown:
        op, _, label = graph.nodes[node]
        text = operation_text(graph, node, names)
        constant = op == CONSTANT or node in literal
        made = TraceNode(
            node,
            text if constant else names[node],
            CONSTANT if constant else op,
            args[node],
            text,
            place=lowered.spans[node] if node < len(lowered.spans) else None,
            shared=users[node] > 1,
            shape=graph.shape(node),
        )
        if node in known:
            made = made._replace(value=known[node].value, adjoint=known[node].adjoint)
        elif isinstance(label, Fraction) and work is not None:
            made = made._replace(value=float(label))
        nodes.append(made)
    edges = tuple(flows.get(pair, TraceEdge(*pair)) for pair in pairs)
    return Drawing(function.source.text, at or {}, output, tuple(nodes), edges, () if work is None else work.warnings)


def _names(lowered: Lowered, shown: Sequence[NodeId], literal: set[NodeId]) -> dict[NodeId, str]:
    """The names that a trace gives, and others for what no trace shows: conditions, and what is made of data."""
    graph = lowered.graph
    data = fixed(graph, graph.live(lowered.output)).intersection(shown)
    aside = {node for node in data if node not in lowered.names and node != lowered.output} - literal
    aside |= {node for node in shown if graph.nodes[node].op in CONDITIONS}
    names = node_names(lowered, [node for node in shown if node not in aside | literal])
    taken = set(names.values())
    fresh = (name for name in map("c{}".format, count(1)) if name not in taken)
    return names | {node: next(fresh) for node in sorted(aside) if graph.nodes[node].op != CONSTANT}


def _shown(graph: Graph, output: NodeId) -> tuple[list[NodeId], set[NodeId]]:
    """The nodes to be drawn, ascending, and those of them that are spelled out in the text: arrays of numbers."""
    data = fixed(graph, graph.live(output))
    leaves = {node for node in data if graph.nodes[node].op == "array"}
    found = {output}
    waiting = [output]
    while waiting:
        node = waiting.pop()
        for argument in () if node in leaves else graph.nodes[node].args:
            if argument not in found:
                found.add(argument)
                waiting.append(argument)
    return sorted(found), leaves & found
