"""JSON: one object on one line, whose keys are a contract with scripts (`adcalc COMMAND --help` lists them)."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from adcalc.errors import AdcalcError
from adcalc.results import Derivative, FunctionRow, Gradient, Value

if TYPE_CHECKING:
    from adcalc.results.check import Check
    from adcalc.results.derivation import Derivation
    from adcalc.results.plot import Plot
    from adcalc.results.products import Jvp, Vjp
    from adcalc.results.trace import Trace


def value(result: Value) -> str:
    """A value: expression, at, value.

    >>> value(Value("1/2", {}, 0.5))
    '{"expression": "1/2", "at": {}, "value": 0.5}'
    """
    keys = {"expression": result.expression, "at": dict(result.at), "value": result.value}
    return record(keys | warned(result.warnings))


def gradient(result: Gradient, trace: "Trace | None" = None) -> str:
    """A gradient: expression, at, mode, value, gradient; where they apply also order, error_estimate, and its work.

    >>> gradient(Gradient("x^2", {"x": 3.0}, "reverse", 9.0, {"x": 6.0}))
    '{"expression": "x^2", "at": {"x": 3.0}, "mode": "reverse", "value": 9.0, "gradient": {"x": 6.0}}'
    """
    keys: dict[str, Any] = {
        "expression": result.expression,
        "at": dict(result.at),
        "mode": result.mode,
        "value": result.value,
        "gradient": dict(result.gradient),
        **({"order": result.order} if result.order != 1 else {}),
    }
    if result.error_estimate:
        keys["error_estimate"] = dict(result.error_estimate)
    shown = result.warnings if trace is None else dict.fromkeys((*result.warnings, *trace.warnings))
    if trace is not None:
        from adcalc.render.trace_json import work

        keys |= work(trace)
    return record(keys | warned(tuple(shown)))


def product(result: "Vjp | Jvp") -> str:
    """A product with the Jacobian: expression, at, value, and vjp by variable or jvp in the shape of the result.

    >>> from adcalc.results.products import Jvp
    >>> product(Jvp("2*x", {"x": 1.0}, 2.0, {"x": 3.0}, 6.0))
    '{"expression": "2*x", "at": {"x": 1.0}, "value": 2.0, "jvp": 6.0}'
    """
    kept = ("expression", "at", "value", "vjp", "jvp", "error_estimate")
    keys = {key: part for key, part in result._asdict().items() if key in kept and (key != "error_estimate" or part)}
    return record(keys | warned(result.warnings))


def derivative(result: Derivative, format: str = "text") -> str:
    """Derivatives as formulas: expression, at, order, derivatives; with a point also value and evaluated.

    `format` is "text", "latex" or "mathml". With a derivation also steps.

    >>> from adcalc.results import Formula
    >>> derivative(Derivative("x^2", "x^{2}", {}, 1, (Formula(("x",), "2*x", "2 x"),)))
    '{"expression": "x^2", "at": {}, "order": 1, "derivatives": {"x": "2*x"}}'
    """
    keys: dict[str, Any] = {
        "expression": result.expression,
        "at": dict(result.at),
        "order": result.order,
        "derivatives": {_key(formula.wrt): getattr(formula, format) for formula in result.formulas},
    }
    if result.named:
        keys["named"] = {shared.name: getattr(shared, format) for shared in result.named}
    if result.assumptions:
        keys["assumptions"] = list(result.assumptions)
    if result.value is not None:
        keys["value"] = result.value
        keys["evaluated"] = {_key(formula.wrt): formula.evaluated for formula in result.formulas}
    if result.operations is not None:
        counts = result.operations
        keys["stats"] = counts._asdict()
    if result.steps:
        keys["steps"] = [_derivation(one, format) for one in result.steps]
    return record(keys | warned(result.warnings))


def _derivation(one: "Derivation", format: str) -> dict[str, Any]:
    lines = []
    for line in one.lines:
        applied, text = getattr(line.applied, format, ""), getattr(line, format)
        if line.left is not None:
            text = f"{getattr(line.left, format)}{'<mo>=</mo>' if format == 'mathml' else ' = '}{text}"
        if format == "mathml":
            applied, text = (f"<math>{part}</math>" if part else "" for part in (applied, text))
        lines.append({"rule": line.rule, "on": applied, "text": text})
    return {"wrt": list(one.wrt), "lines": lines, "points": one.points}


def functions(rows: list[FunctionRow]) -> str:
    """The function table: functions, a list of rows."""
    return record({"functions": [row._asdict() for row in rows]})


def warned(warnings: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The key that warnings add to an answer; none where there are none."""
    return {"warnings": [{"kind": kind, "message": message} for kind, message in warnings]} if warnings else {}


def check(result: "Check") -> str:
    """Verdicts: expression, at, claims by variable: holds, evidence, claim, formula; at a point both numbers."""
    claims = {}
    for verdict in result.verdicts:
        keys = {
            "holds": verdict.holds,
            "evidence": verdict.evidence,
            "claim": verdict.claim,
            "formula": verdict.formula,
        }
        if verdict.point:
            keys |= {"point": dict(verdict.point), "derivative": verdict.derivative, "claimed": verdict.claimed}
        if verdict.element:
            keys["element"] = verdict.element
        if verdict.bounds is not None:
            derivative, claimed = verdict.bounds
            keys["enclosure"] = {"derivative": list(derivative), "claimed": claimed and list(claimed)}
        claims[",".join(verdict.wrt)] = keys
    return record({"expression": result.expression, "at": dict(result.at), "claims": claims})


def plot(result: "Plot") -> str:
    """A curve: expression, at, mode, the columns of its samples (x, f, df_dx), and places, where one is missing."""
    from adcalc.render import columns

    return record(columns.record(result) | warned(result.warnings))


def error(problem: AdcalcError) -> str:
    """An error: kind, message, and line, column, length, hint where known.

    >>> error(AdcalcError("no"))
    '{"error": {"kind": "usage", "message": "no"}}'
    """
    return record({"error": problem.as_dict()})


def record(keys: dict[str, Any]) -> str:
    """One object on one line: arrays as nested lists, and no number that JSON does not have.

    >>> record({"bound": {"x": 2.0}})
    '{"bound": {"x": 2.0}}'
    """
    return json.dumps(keys, allow_nan=False, default=_nested)


def _key(wrt: tuple[str, ...]) -> str:
    """One variable for a pure derivative, all of them for a mixed one."""
    return wrt[0] if len(set(wrt)) == 1 else ",".join(wrt)


def _nested(array: Any) -> Any:
    """An array as nested lists, without negative zeros."""
    return (array + 0.0).tolist()
