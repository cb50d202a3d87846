"""The work of a mode, and graphs, as scripts read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from adcalc.render.json import record, warned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from adcalc.results.trace import DifferentialProgram, Drawing, Trace, TraceNode, TraceStep


def trace(result: Trace) -> str:
    """The work of a mode: expression, at, mode, value, gradient, nodes, edges, steps, order, layers, held.

    >>> import json
    >>> from adcalc.results.trace import Trace, TraceNode
    >>> node = TraceNode(0, "x", "input", (), "x", 1.0, 1.0)
    >>> sorted(json.loads(trace(Trace("x", {"x": 1.0}, "reverse", 1.0, {"x": 1.0}, 0, (node,), ())))["nodes"][0])
    ['adjoint', 'args', 'id', 'name', 'op', 'text', 'value']
    """
    keys: dict[str, Any] = {
        "expression": result.expression,
        "at": dict(result.at),
        "mode": result.mode,
        "value": result.value,
    }
    if result.gradient:
        keys["gradient"] = dict(result.gradient)
    return record(keys | work(result))


def work(result: Trace) -> dict[str, Any]:
    """The keys that the work of a mode adds to an answer."""
    if any(node.shape for node in result.nodes):
        from adcalc.render.array_json import work as array_work

        return array_work(result) | warned(result.warnings)
    keys: dict[str, Any] = {
        "nodes": [_node(result, node) for node in result.nodes],
        "edges": [{"from": edge.source, "to": edge.target, "partial": edge.partial} for edge in result.edges],
        "steps": [_step(step) for step in result.steps],
        "order": result.order,
        "layers": result.layers,
        "held": result.held,
    }
    if result.substitution:
        keys["substitution"] = dict(zip(result.directions, result.substitution, strict=False))
    return keys | warned(result.warnings)


def _node(result: Trace, node: TraceNode) -> dict[str, Any]:
    keys: dict[str, Any] = {
        "id": node.id,
        "name": node.name,
        "op": node.op,
        "args": list(node.args),
        "value": node.value,
    }
    if result.mode == "forward":
        tangents = [tangent or 0.0 for tangent in node.tangents]
        alone = len(result.directions) == 1
        keys["tangent"] = tangents[0] if alone else dict(zip(result.directions, tangents, strict=True))
    else:
        keys["adjoint"] = node.adjoint
    return keys | {"text": node.text}


def _step(step: TraceStep) -> dict[str, Any]:
    keys: dict[str, Any] = {"phase": step.phase, "node": step.node}
    if step.phase == "return":
        keys["updates"] = [
            {
                "node": update.node,
                "adjoint": update.adjoint,
                "terms": [term._asdict() for term in update.terms],
                **({"earlier": update.earlier} if update.earlier else {}),
            }
            for update in step.updates
        ]
    return keys


def drawing(result: Drawing, variables: Sequence[str] = (), functions: Sequence[str] = ()) -> str:
    """A graph: expression, at, variables, functions, output, nodes, edges; numbers only where there is a point.

    >>> import json
    >>> from adcalc.results.trace import Drawing, TraceNode
    >>> json.loads(drawing(Drawing("x", {}, 0, (TraceNode(0, "x", "input", (), "x"),), ())))["nodes"]
    [{'id': 0, 'name': 'x', 'op': 'input', 'args': [], 'text': 'x'}]
    """
    evaluated = any(node.value is not None for node in result.nodes)
    nodes = []
    for node in result.nodes:
        keys: dict[str, Any] = {"id": node.id, "name": node.name, "op": node.op, "args": list(node.args)}
        if node.shape:
            keys["shape"] = list(node.shape)
        if evaluated:
            keys |= {"value": node.value, "adjoint": node.adjoint}
        nodes.append(keys | {"text": node.text})
    edges = []
    for edge in result.edges:
        partial = {"partial": edge.partial} if evaluated else {}
        edges.append({"from": edge.source, "to": edge.target, **partial})
    return record(
        {
            "expression": result.expression,
            "at": dict(result.at),
            "variables": list(variables),
            "functions": list(functions),
            "output": result.output,
            "nodes": nodes,
            "edges": edges,
        }
        | warned(result.warnings)
    )


def program(result: DifferentialProgram) -> str:
    """A differential program: expression, at, mode, program."""
    return record(result._asdict() | {"at": dict(result.at)})
