"""The work over arrays as data for scripts: arrays as nested lists, and where they are large their norm alone."""

from typing import Any

from adcalc.results.memory import BYTES, Memory
from adcalc.results.trace import Large, Shown, Trace, TraceEdge, TraceNode, TraceStep


def work(result: Trace) -> dict[str, Any]:
    """The keys that a work over arrays adds to an answer: those of numbers, shapes, formulas, and memory.

    A value or adjoint of more elements than a trace holds is null, and has its norm beside it.

    >>> node = TraceNode(0, "x", "input", (), "x", Large((2000,), 3.5), shape=(2000,))
    >>> work(Trace("x", {}, "reverse", 1.0, {}, 0, (node,), ()))["nodes"][0]["value_norm"]
    3.5
    """
    keys: dict[str, Any] = {
        "nodes": [_node(result, node) for node in result.nodes],
        "edges": [_edge(edge) for edge in result.edges],
        "steps": [_step(step) for step in result.steps],
        "order": result.order,
        "layers": result.layers,
        "held": result.held,
    }
    return keys if result.memory is None else keys | {"memory": memory(result.memory)}


def memory(held: Memory) -> dict[str, Any]:
    """What was held when: the fullest moment of all and of each layer's work, what was stored, what computed again.

    >>> from adcalc.results.memory import Moment
    >>> memory(Memory((Moment("primal", 1, (3,), 6, 0, 0, 4),), (3,), (), (), 20))["peak"]["elements"]
    10
    """
    moments = [moment._asdict() | {"elements": moment.elements} for moment in held.moments]
    peak = held.peak
    return {
        "peak": peak._asdict() | {"elements": peak.elements, "bytes": peak.elements * BYTES},
        "everything": held.everything,
        "stored": list(held.stored),
        "again": list(held.again),
        "inside": [{"node": node, "text": text} for node, text in held.inside],
        "moments": moments,
    }


def _array(key: str, value: Shown | None) -> dict[str, Any]:
    """A value as it is; of one too large to be shown null, and the norm."""
    return {key: None, f"{key}_norm": value.norm} if isinstance(value, Large) else {key: value}


def _node(result: Trace, node: TraceNode) -> dict[str, Any]:
    keys = {"id": node.id, "name": node.name, "op": node.op, "args": list(node.args), "shape": list(node.shape)}
    keys |= _array("value", node.value)
    if result.mode == "forward":
        keys |= _array("tangent", node.tangents[0] if node.tangents else None)
    else:
        keys |= _array("adjoint", node.adjoint)
    return keys | {"text": node.text}


def _edge(edge: TraceEdge) -> dict[str, Any]:
    return {"from": edge.source, "to": edge.target, "partial": edge.partial, "formula": edge.formula or None}


def _step(step: TraceStep) -> dict[str, Any]:
    keys: dict[str, Any] = {"phase": step.phase, "node": step.node}
    if step.phase == "return":
        keys["updates"] = [
            {
                "node": update.node,
                **_array("adjoint", update.adjoint),
                "terms": [{"user": term.user, "formula": term.formula} for term in update.terms],
                **({"earlier": update.earlier} if update.earlier else {}),
            }
            for update in step.updates
        ]
    return keys
