"""JSON: one object on one line, whose keys are a contract with scripts (`adcalc COMMAND --help` lists them)."""

import json
from typing import Any

from adcalc.errors import AdcalcError
from adcalc.results import Derivative, FunctionRow, Gradient, Value


def value(result: Value) -> str:
    """A value: expression, at, value.

    >>> value(Value("1/2", {}, 0.5))
    '{"expression": "1/2", "at": {}, "value": 0.5}'
    """
    return _line({"expression": result.expression, "at": dict(result.at), "value": result.value})


def gradient(result: Gradient) -> str:
    """A gradient: expression, at, mode, value, gradient; with finite differences also error_estimate.

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
    return _line(keys)


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
