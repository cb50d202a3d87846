"""Matrices of derivatives as scripts read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from adcalc.errors import LimitError
from adcalc.render import json

if TYPE_CHECKING:
    from adcalc.results.jacobian import Jacobian
    from adcalc.results.second import Hessian, HessianProduct

_LARGEST: Final = 5000  # rows of a matrix that is written down with all its zeros


def jacobian(result: Jacobian) -> str:
    """A Jacobian: expression, at, mode, value, jacobian; with finite differences also error_estimate.

    >>> from adcalc.api import function
    >>> jacobian(function("[x, x^2]").jacobian({"x": 1})).partition('"value"')[2]
    ': [1.0, 1.0], "jacobian": {"x": [1.0, 2.0]}}'
    """
    keys: dict[str, Any] = {
        "expression": result.expression,
        "at": dict(result.at),
        "mode": result.mode,
        "value": result.value,
        "jacobian": dict(result.jacobian),
    }
    if result.error_estimate:
        keys["error_estimate"] = dict(result.error_estimate)
    return json.record(keys | json.warned(result.warnings))


def hessian(result: Hessian, sparse: bool = False) -> str:
    """A Hessian: expression, at, mode, value, gradient, hessian, colours; sparse: names, rows, columns, values.

    Raises LimitError for a matrix that is too large to be written down with all its zeros.

    >>> from adcalc.api import function
    >>> hessian(function("x^2").hessian({"x": 1})).partition('"gradient"')[2]
    ': {"x": 2.0}, "hessian": {"x": {"x": 2.0}}, "colours": 1}'
    """
    keys: dict[str, Any] = {
        "expression": result.expression,
        "at": dict(result.at),
        "mode": result.mode,
        "value": result.value,
        "gradient": dict(result.gradient),
    }
    if sparse:
        keys["names"] = list(result.names)
        keys |= {key: _plain(getattr(result, key)) for key in ("rows", "columns", "values")}
    else:
        require_small(len(result.names))
        keys["hessian"] = result.hessian
    keys["colours"] = result.colours
    if len(result.error_estimate):
        keys["error_estimate"] = _plain(result.error_estimate) if sparse else result.by_variables(result.error_estimate)
    return json.record(keys | json.warned(result.warnings))


def require_small(count: int) -> None:
    """Raise LimitError where a Hessian is too large to be written down with all its zeros.

    >>> require_small(10)
    """
    if count > _LARGEST:
        raise LimitError(f"the Hessian has {count} rows and columns", None, "--sparse prints only its entries")


def hvp(result: HessianProduct) -> str:
    """A product: expression, at, mode, seed, value, hvp.

    >>> from adcalc.api import function
    >>> hvp(function("x^2").hvp({"x": 1}, {"x": 3})).partition('"seed"')[2]
    ': {"x": 3.0}, "value": 1.0, "hvp": {"x": 6.0}}'
    """
    keys: dict[str, Any] = {
        "expression": result.expression,
        "at": dict(result.at),
        "mode": result.mode,
        "seed": dict(result.seed),
        "value": result.value,
        "hvp": dict(result.hvp),
    }
    if result.error_estimate:
        keys["error_estimate"] = dict(result.error_estimate)
    return json.record(keys | json.warned(result.warnings))


def _plain(numbers: Any) -> list[Any]:
    return [number.item() if hasattr(number, "item") else number for number in numbers]
