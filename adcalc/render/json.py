"""JSON: one object on one line, whose keys are a contract with scripts (`adcalc COMMAND --help` lists them)."""

import json
from typing import TYPE_CHECKING, Any

from adcalc.errors import AdcalcError
from adcalc.results import Derivative, FunctionRow, Gradient, Value

if TYPE_CHECKING:
    from adcalc.results.trace import DifferentialProgram, Trace, TraceNode, TraceStep


def value(result: Value) -> str:
    """A value: expression, at, value.

    >>> value(Value("1/2", {}, 0.5))
    '{"expression": "1/2", "at": {}, "value": 0.5}'
    """
    return _line({"expression": result.expression, "at": dict(result.at), "value": result.value})


def gradient(result: Gradient, trace: "Trace | None" = None) -> str:
    """A gradient: expression, at, mode, value, gradient; with finite differences also error_estimate, and its work.

    >>> gradient(Gradient("x^2", {"x": 3.0}, "reverse", 9.0, {"x": 6.0}))
    '{"expression": "x^2", "at": {"x": 3.0}, "mode": "reverse", "value": 9.0, "gradient": {"x": 6.0}}'
    """
    keys: dict[str, Any] = {
        "expression": result.expression,
        "at": dict(result.at),
        "mode": result.mode,
        "value": result.value,
        "gradient": dict(result.gradient),
    }
    if result.error_estimate:
        keys["error_estimate"] = dict(result.error_estimate)
    return _line(keys if trace is None else keys | work(trace))


def derivative(result: Derivative, latex: bool = False) -> str:
    """Derivatives as formulas: expression, at, order, derivatives; with a point also value and evaluated.

    >>> from adcalc.results import Formula
    >>> derivative(Derivative("x^2", "x^{2}", {}, 1, (Formula(("x",), "2*x", "2 x"),)))
    '{"expression": "x^2", "at": {}, "order": 1, "derivatives": {"x": "2*x"}}'
    """
    keys: dict[str, Any] = {
        "expression": result.expression,
        "at": dict(result.at),
        "order": result.order,
        "derivatives": {_key(formula.wrt): formula.latex if latex else formula.text for formula in result.formulas},
    }
    if result.named:
        keys["named"] = {name: in_latex if latex else text for name, text, in_latex in result.named}
    if result.assumptions:
        keys["assumptions"] = list(result.assumptions)
    if result.value is not None:
        keys["value"] = result.value
        keys["evaluated"] = {_key(formula.wrt): formula.evaluated for formula in result.formulas}
    if result.operations is not None:
        counts = result.operations
        keys["stats"] = counts._asdict()
    return _line(keys)


def functions(rows: list[FunctionRow]) -> str:
    """The function table: functions, a list of rows."""
    return _line({"functions": [row._asdict() for row in rows]})


def trace(result: "Trace") -> str:
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
    return _line(keys | work(result))


def work(result: "Trace") -> dict[str, Any]:
    """The keys that the work of a mode adds to an answer."""
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
    if result.warnings:
        keys["warnings"] = [{"kind": kind, "message": message} for kind, message in result.warnings]
    return keys


def _node(result: "Trace", node: "TraceNode") -> dict[str, Any]:
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


def _step(step: "TraceStep") -> dict[str, Any]:
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


def program(result: "DifferentialProgram") -> str:
    """A differential program: expression, at, mode, program."""
    return _line(result._asdict() | {"at": dict(result.at)})


def error(problem: AdcalcError) -> str:
    """An error: kind, message, and line, column, length, hint where known.

    >>> error(AdcalcError("no"))
    '{"error": {"kind": "usage", "message": "no"}}'
    """
    return _line({"error": problem.as_dict()})


def _key(wrt: tuple[str, ...]) -> str:
    """One variable for a pure derivative, all of them for a mixed one."""
    return wrt[0] if len(set(wrt)) == 1 else ",".join(wrt)


def _line(keys: dict[str, Any]) -> str:
    return json.dumps(keys, allow_nan=False)
