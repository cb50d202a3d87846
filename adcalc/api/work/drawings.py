"""A graph as data to be drawn; at a point with values and adjoints on its nodes and partials on its edges."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from adcalc.api.asked import Asked
from adcalc.api.proofs.repair import beside
from adcalc.errors import UsageError
from adcalc.graph.node import CONSTANT
from adcalc.modes import reverse
from adcalc.modes.base import NodeError, Tape
from adcalc.modes.blame import underflow
from adcalc.modes.edges import singular
from adcalc.results.trace import Drawing, TraceEdge, TraceNode
from adcalc.syntax.code import walk
from adcalc.syntax.naming import node_names, operation_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from adcalc.api.function import Function
    from adcalc.api.point import Point
    from adcalc.graph.node import NodeId


def draw(function: Function, point: Point | None = None, wrt: Iterable[str] | None = None) -> Drawing:
    """The graph of a function's result: its nodes in evaluation order, and one edge for each argument of each.

    Ids are those of the graph, so some may be missing: what the result does not need is not drawn. Arguments stand in
    the order of the operation, twice where it takes one twice; the edge's partial is then the sum over both. With a
    point the reverse mode's numbers are there too, by the variables of `wrt`; a side of a choice that was not taken has
    none. Where a kink's one-sided slopes agree, the inputs have their adjoints, and what lies between has none.
    Raises what `Function.gradient` raises.

    >>> from adcalc.api import function
    >>> drawing = draw(function("cos(x*y) + y"), {"x": 0, "y": 1})
    >>> [(node.name, node.text, node.value, node.adjoint) for node in drawing.nodes[-2:]]
    [('v2', 'cos(v1)', 1.0, 1.0), ('v3', 'v2 + y', 2.0, 1.0)]
    >>> drawing.edges[-1][:3]
    (1, 4, 1.0)
    """
    if point is None and function.needs_shapes:
        variables = ", ".join(function.inputs())
        raise UsageError(f"the graph depends on the shapes of {variables}", hint="values with --at say them")
    lowered, at = (function.lowered(several=True), {}) if point is None else function.at(point)
    chosen = function.chosen(wrt, lowered)
    if lowered.computes_arrays:
        from adcalc.api.work.array_drawings import draw as draw_arrays

        return draw_arrays(function, lowered, at if point is not None else None, chosen)
    graph, output = lowered.graph, lowered.output
    values: Mapping[NodeId, Any] = {}
    adjoints: Mapping[NodeId, float] = {}
    partials: Mapping[tuple[NodeId, NodeId], float] = {}
    warnings: tuple[tuple[str, str], ...] = ()
    if point is not None:
        tape = function.tape(lowered, at, tuple(lowered.variables[name] for name in chosen))
        try:
            adjoints, partials = _derivatives(tape)
        except NodeError as error:
            raise function.explained(error, lowered) from None
        values = {node: tape.values[node] for node in tape.order}
        told = beside(Asked(function, lowered, at, tuple(chosen)))
        warnings = tuple(dict.fromkeys((*told, *underflow(tape, lowered))))
    live = graph.live(output)
    names = node_names(lowered, live)
    pairs = [(source, node) for node in live for source in dict.fromkeys(graph.nodes[node].args)]
    users = dict.fromkeys(live, 0)
    for source, _ in pairs:
        users[source] += 1
    nodes = []
    for node in live:
        op, args, _ = graph.nodes[node]
        text = operation_text(graph, node, names)
        name = text if op == CONSTANT else names[node]
        place = lowered.spans[node] if node < len(lowered.spans) else None
        value = values.get(node)
        number = value if value is None or isinstance(value, bool) else value + 0.0
        nodes.append(
            TraceNode(node, name, op, args, text, number, adjoints.get(node), (), place, shared=users[node] > 1)
        )
    edges = tuple(TraceEdge(source, target, partials.get((source, target))) for source, target in pairs)
    return Drawing(function.source.text, at, output, tuple(nodes), edges, warnings)


def defined(function: Function) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a program defines: its functions, written as they are called, and its names for values.

    >>> from adcalc.api import function
    >>> defined(function("f(u, v) = u/2 + v; a = x^2; f(a, x)"))
    (('f(u, v)',), ('a',))
    """
    block = function.code.block
    functions = {made.name: made.parameters for operation, made, _ in walk(block) if operation == "define"}
    names = dict.fromkeys(name for operation, name, _ in walk(block) if operation == "assign")
    return tuple(f"{name}({', '.join(parameters)})" for name, parameters in functions.items()), tuple(names)


def _derivatives(tape: Tape[float]) -> tuple[dict[NodeId, float], dict[tuple[NodeId, NodeId], float]]:
    """The adjoint of every node and the partial of every edge that a derivative flows through.

    Raises NodeError where the result has no derivative.
    """
    graph = tape.problem.graph
    kinks = singular.find(tape)
    found: dict[NodeId, float | None]
    if kinks.clauses:
        beyond = set(graph.live(*(argument for node in kinks.clauses for argument in graph.nodes[node].args)))
        sweep = reverse.sweep(tape, kinks.active)
        found = {node: adjoint for node, adjoint in enumerate(sweep) if node not in beyond}
        found |= dict(zip(tape.problem.wrt, singular.one_sided(tape, kinks).partials, strict=True))
    else:
        found = dict(enumerate(reverse.sweep(tape, kinks.active)))
    adjoints = {node: adjoint + 0.0 for node, adjoint in found.items() if adjoint is not None}
    if not all(math.isfinite(adjoint) for adjoint in adjoints.values()):
        raise NodeError("slope_overflow", tape.problem.output, [])
    partials: dict[tuple[NodeId, NodeId], float] = {}
    for node in adjoints:
        if node not in kinks.clauses:
            for argument, partial in _partials(tape, node, kinks.active).items():
                if math.isfinite(partial):
                    partials[argument, node] = partial + 0.0
    return adjoints, partials


def _partials(tape: Tape[float], node: NodeId, active: bytearray) -> dict[NodeId, float]:
    """The partial derivative of one node by each active argument, summed over its places."""
    partials: dict[NodeId, float] = {}
    try:
        for argument, flow in reverse.flows(tape, node, 1.0, active):
            partials[argument] = partials.get(argument, 0.0) + flow
    except (ValueError, ArithmeticError):  # beyond the numbers, though the adjoint's share was not
        return {}
    return partials
