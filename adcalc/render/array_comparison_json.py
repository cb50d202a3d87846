"""A comparison over arrays as scripts read it."""

from typing import Any, Final

from adcalc.render.json import record, warned
from adcalc.results.array_comparison import ArrayComparison, Way

_MOST: Final = 10_000  # elements, beyond which numbers that were drawn at random, and what comes of them, are left out


def comparison(result: ArrayComparison) -> str:
    """The methods side by side; numbers drawn at random in large shapes, and the gradients by them, are null.

    >>> comparison(ArrayComparison("sum(x)", {}, {"x": (3,)}, (), 3.0, "proved", "", {}, ()))[:68]
    '{"expression": "sum(x)", "at": {}, "shapes": {"x": [3]}, "order": 1,'
    """
    told = not result.drawn or sum(getattr(number, "size", 1) for number in result.at.values()) <= _MOST
    found: dict[str, Any] = {
        "expression": result.expression,
        "at": {name: number for name, number in result.at.items() if told or name not in result.drawn},
        "shapes": {name: list(shape) for name, shape in result.shapes.items()},
        "order": 1,
        "value": result.value if told else None,
        "reference": {name: _texts(digits) for name, digits in result.truth.items()}
        if result.reference and told
        else None,
        "methods": [_way(way, told) for way in result.ways],
        "operations": result.operations,
        "reference_by": result.reference or None,
    }
    if not result.reference:
        found["reason"] = result.reason
    if result.drawn:
        found["drawn"] = list(result.drawn)
    if result.claims:
        found["claims"] = {name: stated._asdict() for name, stated in result.claims.items()}
    return record(found | warned(result.warnings))


def _way(way: Way, told: bool) -> dict[str, Any]:
    answer = None if way.gradient is None or not told else dict(way.gradient)
    found: dict[str, Any] = {"mode": way.mode, "gradient": answer, "max_error": way.error}
    found |= {"operations": way.operations, "seconds": way.seconds}
    for key in ("difference", "digits", "passes", "remark"):
        if getattr(way, key) not in (None, ""):
            found[key] = getattr(way, key)
    return found


def _texts(digits: Any) -> Any:
    return digits.tolist() if hasattr(digits, "tolist") else digits
