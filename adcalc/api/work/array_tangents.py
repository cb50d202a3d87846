"""The work of forward mode over arrays as data: along a direction, values and tangents node by node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from adcalc.api.work.array_work import ArrayWork, shown
from adcalc.errors import ShapeError, UsageError
from adcalc.graph.shape import text
from adcalc.modes.base import NodeError
from adcalc.modes.plans.ledger import Ledger, run
from adcalc.modes.plans.plan import Plan
from adcalc.results.trace import Trace, TraceEdge, TraceStep
from adcalc.syntax.unparse import quoted

if TYPE_CHECKING:
    from adcalc.api.work.traces import Request
    from adcalc.graph.node import NodeId
    from adcalc.modes.plans.pieces import Piece


def seeded(request: Request) -> None:
    """Make the request's seed fit its variables: a number stands for every element of an array.

    Raises UsageError where there is none: every element would be a direction of its own. Raises ShapeError.
    """
    graph, variables = request.lowered.graph, request.lowered.variables
    if request.seed is None and (len(variables) > 1 or any(graph.shape(node) for node in variables.values())):
        name, node = next((pair for pair in variables.items() if graph.shape(pair[1])), next(iter(variables.items())))
        moves = f"moves every element of {name} alike" if graph.shape(node) else f"moves {name} alone"
        raise UsageError(
            "among arrays forward mode goes along one direction",
            hint=f'--seed "{name}=1" {moves}; --mode reverse needs no direction',
        )
    if request.seed is None:
        request.seed = dict.fromkeys(variables, 1.0)
    fitted = {}
    for name, part in request.seed.items():
        shape, given = graph.shape(variables[name]), np.shape(part)
        if given not in ((), shape):
            raise ShapeError(f"the seed of {name} is {text(given)}, and {name} is {text(shape)}")
        fitted[name] = np.broadcast_to(np.asarray(part, dtype=float), shape)
    request.seed = fitted


def pushed(work: ArrayWork) -> Trace:
    """The work along the seed. Raises what `Function.gradient` raises, with the trace as far as it went.

    >>> from adcalc.api import function
    >>> trace = function("Y = X@W; L = sum(Y^2); L").trace(X=[[1, 2]], W=[[3], [4]], seed={"W": 1}, mode="forward")
    >>> [edge.formula for edge in trace.edges if edge.formula]
    ['X @ dW', 'sum(2*Y*dY)']
    """
    request, output = work.request, work.request.lowered.output
    variables = request.lowered.variables
    values: dict[NodeId, Any] = dict(work.given)
    tangents: dict[NodeId, Any] = {variables[name]: part for name, part in (request.seed or {}).items()}
    seen = {node: shown(value, work.shape(node)) for node, value in values.items()}
    pushes = {node: shown(part, work.shape(node)) for node, part in tangents.items()}
    steps = [TraceStep("start"), *(TraceStep("push", node) for node in work.given)]
    ledger = Ledger([*values.values(), *tangents.values()])
    last = {argument: node for node in work.nodes for argument in work.args[node]}
    edges: list[TraceEdge] = []
    most, on_edge = 0, False
    for node in work.pieces:
        piece = work.pieces[node]
        moving = {one: tangents[arg] for one, arg in piece.inputs.items() if arg in tangents}
        signs = {one: piece.small.graph.input(f"#{one}", piece.small.graph.shape(one)) for one in moving}
        tangent = piece.tangent(signs)
        edges += _edges(work, piece, signs)
        try:
            (values[node], *conditions), beside = run(piece.up, piece.up_point(values), ledger)
            most = max(most, ledger.held() + beside)
            ledger.take("values", values[node])
            if tangent is not None:
                plan = Plan(piece.small.graph, [tangent], piece.rules, 0)
                point = piece.up_point(values) | {sign: moving[one] for one, sign in signs.items()}
                (tangents[node],), beside = run(plan, {one: point[one] for one in plan.live if one in point}, ledger)
                most = max(most, ledger.held() + beside)
                ledger.take("tangents", tangents[node])
        except NodeError as error:
            work.refuse(NodeError(error.kind, node, []), work.trace(seen, {}, pushes, (), ()))
        on_edge = on_edge or (bool(signs) and any(np.any(condition) for condition in conditions))
        seen[node] = shown(values[node], work.shape(node))
        pushes[node] = shown(tangents.get(node, 0.0), work.shape(node))
        steps.append(TraceStep("push", node))
        for argument in set(work.args[node]):
            if last[argument] == node and argument not in work.given:
                ledger.drop("values", values.pop(argument))
                if argument in tangents:
                    ledger.drop("tangents", tangents.pop(argument))
    made = work.trace(seen, {}, pushes, tuple(edges), tuple(steps))
    work.require(made, on_edge, seed=tangents.get(output, 0.0))
    return made._replace(directions=("seed",), held=most)


def _edges(work: ArrayWork, piece: Piece, signs: dict[NodeId, NodeId]) -> list[TraceEdge]:
    """The edges into a node: what the tangent of each argument alone makes of the node's."""
    found = []
    names = {sign: f"d{quoted(work.names[piece.inputs[one]])}" for one, sign in signs.items()}
    for argument in work.args[piece.node]:
        one = next((one for one, arg in piece.inputs.items() if arg == argument), None)
        tangent = None if one not in signs else piece.tangent({one: signs[one]})
        while tangent is not None and piece.small.graph.nodes[tangent].op == "broadcast":
            (tangent,) = piece.small.graph.nodes[tangent].args  # sums repeat what is smaller by themselves
        formula = "" if tangent is None else work.formula(piece, tangent, names)
        found.append(TraceEdge(argument, piece.node, None, formula))
    return found
