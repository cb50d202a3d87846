"""A comparison as scripts read it."""

import math
from typing import TYPE_CHECKING, Any, Final

from adcalc.render.json import record, warned

if TYPE_CHECKING:
    from adcalc.results.comparison import Comparison, Method


def comparison(result: "Comparison") -> str:
    """The methods side by side: expression, at, order, value, reference, methods, operations, formulas, growth.

    Where they apply also laws, bound, reason (why there is no reference), spread, sweep. Counts beyond floating point
    are null; what ends in _log10 has their size.

    >>> import json
    >>> from adcalc.results.comparison import Comparison, Swelling
    >>> found = Comparison("x", {"x": 1.0}, 1, 1.0, None, "why", (), 0, Swelling(0, 0))
    >>> json.loads(comparison(found))["reason"]
    'why'
    """
    swelling = result.swelling
    found: dict[str, Any] = {
        "expression": result.expression,
        "at": dict(result.at),
        "order": result.order,
        "value": result.value,
        "reference": None if result.reference is None else dict(result.reference),
        "methods": [_method(method) for method in result.methods],
        "operations": result.operations,
        "formulas": {
            **_sized("expression_tree", swelling.expression_tree),
            "expression_graph": swelling.expression_graph,
            **_sized("derivative_tree", swelling.derivative_tree),
            "derivative_graph": swelling.derivative_graph,
            "simplified": swelling.simplified,
            "seconds": swelling.seconds,
        },
        "growth": [row._asdict() | _sized("tree", row.tree) for row in result.growth],
    }
    if result.laws:
        found["laws"] = {column: law._asdict() for column, law in result.laws.items()}
    if result.bound is not None:
        found["bound"] = {"ratio": result.bound[0], "op": result.bound[1]}
    if result.reference is None:
        found |= {"reason": result.reason, "spread": result.spread}
    if result.sweep is not None:
        columns = [series._asdict() | {"errors": list(series.errors)} for series in result.sweep.series]
        found["sweep"] = result.sweep._asdict() | {"steps": list(result.sweep.steps), "series": columns}
    return record(found | warned(result.warnings))


def _method(method: "Method") -> dict[str, Any]:
    keys = {key: part for key, part in method._asdict().items() if part is not None or key in _ALWAYS}
    if not method.remark:
        del keys["remark"]
    return keys | {"gradient": None if method.gradient is None else dict(method.gradient)}


_ALWAYS: Final = frozenset({"gradient", "max_error", "operations", "seconds"})


def _sized(key: str, count: int | None) -> dict[str, Any]:
    """A count that may be beyond any float, and how many digits it has."""
    fits = count is None or count < 1 << 1023
    return {key: count if fits else None, f"{key}_log10": math.log10(count) if count else None}
