"""Matrices of derivatives, and products with them, in proved digits, as scripts read them: numbers are texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from adcalc.render import json
from adcalc.render.matrix_json import require_small

if TYPE_CHECKING:
    from collections.abc import Mapping

    from adcalc.results.proved_tables import Block, ProvedHessian, ProvedJacobian, ProvedProduct


def jacobian(result: ProvedJacobian, enclosure: bool = False) -> str:
    """A Jacobian: expression, at, mode, value, jacobian; enclosure {value, jacobian} where it was asked for.

    >>> from adcalc.api import function
    >>> from adcalc.api.proofs import proved_tables
    >>> jacobian(proved_tables.jacobian(function("[x, x^2]"), {"x": "1/3"}, 5)).partition('"value"')[2]
    ': ["0.33333", "0.11111"], "jacobian": {"x": ["1", "0.66667"]}}'
    """
    keys: dict[str, Any] = {"expression": result.expression, "at": _digits(result.at), "mode": result.mode}
    keys |= {"value": result.value.digits, "jacobian": _digits(result.jacobian)}
    if enclosure:
        keys["enclosure"] = {"value": result.value.bounds, "jacobian": _bounds(result.jacobian)}
    return json.record(keys)


def hessian(result: ProvedHessian, sparse: bool = False, enclosure: bool = False) -> str:
    """A Hessian: expression, at, mode, value, gradient, hessian, colours; sparse: names, rows, columns, values.

    With `enclosure` also enclosure, of value, gradient, and hessian or values. Raises LimitError for a matrix that is
    too large to be written down with all its zeros.

    >>> from adcalc.api import function
    >>> from adcalc.api.proofs import proved_tables
    >>> hessian(proved_tables.hessian(function("x^3"), {"x": "1/3"}, 5)).partition('"gradient"')[2]
    ': {"x": "0.33333"}, "hessian": {"x": {"x": "2"}}, "colours": 1}'
    """
    keys: dict[str, Any] = {"expression": result.expression, "at": _digits(result.at), "mode": result.mode}
    keys |= {"value": result.value.digits, "gradient": _digits(result.gradient)}
    bounds: dict[str, Any] = {"value": result.value.bounds, "gradient": _bounds(result.gradient)}
    if sparse:
        entries = result.entries
        keys |= {"names": list(result.names), "rows": list(result.rows), "columns": list(result.columns)}
        keys["values"], bounds["values"] = entries.digits, entries.bounds
    else:
        require_small(len(result.names))
        found = result.hessian
        keys["hessian"] = {one: _digits(row) for one, row in found.items()}
        bounds["hessian"] = {one: _bounds(row) for one, row in found.items()}
    keys["colours"] = result.colours
    return json.record(keys | ({"enclosure": bounds} if enclosure else {}))


def product(result: ProvedProduct, enclosure: bool = False) -> str:
    """A product: expression, at, value, and jvp or vjp; of hvp also mode and seed. With `enclosure` also that.

    >>> from adcalc.api import function
    >>> from adcalc.api.proofs import proved_products
    >>> product(proved_products.jvp(function("[x, x^2]"), {"x": 2}, 5, {"x": "1/3"})).partition('"value"')[2]
    ': ["2", "4"], "jvp": ["0.33333", "1.3333"]}'
    """
    kind = result.kind
    keys: dict[str, Any] = {"expression": result.expression, "at": _digits(result.at)}
    if kind == "hvp":
        keys |= {"mode": result.mode, "seed": _digits(result.seed)}
    found = result.product
    keys |= {"value": result.value.digits, kind: found[""].digits if kind == "jvp" else _digits(found)}
    if enclosure:
        bounds = found[""].bounds if kind == "jvp" else _bounds(found)
        keys["enclosure"] = {"value": result.value.bounds, kind: bounds}
    return json.record(keys)


def _digits(blocks: Mapping[str, Block]) -> dict[str, Any]:
    return {name: block.digits for name, block in blocks.items()}


def _bounds(blocks: Mapping[str, Block]) -> dict[str, Any]:
    return {name: block.bounds for name, block in blocks.items()}
