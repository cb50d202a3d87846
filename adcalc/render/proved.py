"""Answers in proved digits, for people and for scripts: numbers are texts, and nobody rounds them."""

from collections.abc import Mapping
from typing import Any

from adcalc.graph.elements import elements, nested
from adcalc.render import json
from adcalc.render.layout import Words, cut, operator
from adcalc.results.proved import Bounds, ProvedGradient, ProvedValue

_LIST = 62  # characters of a list that stands in one line


def value(text: str, result: ProvedValue) -> list[Words]:
    """The lines of a value, or of its enclosure; `text` is the expression as adcalc writes it.

    >>> value("1/3", ProvedValue("1/3", {}, 5, ("0.33333",), False))
    [[('1/3', 'expression'), (' = ', 'quiet'), ('0.33333', 'value')]]
    >>> value("A", ProvedValue("A", {}, 5, ("1", "2"), True, shape=(2, 1)))[0][2]
    ('[[1], [2]]', 'value')
    """
    enclosures = result.enclosures or [None] * len(result.values)
    numbers = [number(digits, enclosure) for digits, enclosure in zip(result.values, enclosures, strict=True)]
    if not result.is_list:
        return [_equation(text, *numbers[0])]
    shape = result.shape or (len(numbers),)
    whole = str(nested([shown for _, shown in numbers], shape)).replace("'", "")
    if not numbers or (len(whole) <= _LIST and not result.enclosures):
        return [_equation(text, " = ", whole)]
    places = elements("", shape)
    width = max(map(len, places))
    lines: list[Words] = [[(cut(text), "expression")]]
    for place, (sign, shown) in zip(places, numbers, strict=True):
        lines.append([(f"  {place:>{width}}", "name"), (sign, "quiet"), (shown, "value")])
    return lines


def gradient(text: str, result: ProvedGradient) -> list[Words]:
    """The lines of a gradient, or of its enclosure: the value, then one partial a line.

    >>> found = ProvedGradient("x^2", {"x": "3"}, "reverse", 5, "9", {"x": "6"})
    >>> for line in gradient("x^2", found):
    ...     print("".join(word for word, _ in line))
    x^2 = 9
      ∂/∂x = 6
    """
    lines = [_equation(text, *number(result.value, result.value_enclosure))]
    operators = {name: operator(result.mixed or (name,) * result.order) for name in result.gradient}
    width = max(map(len, operators.values()), default=0)
    for name, partial in result.gradient.items():
        sign, shown = number(partial, result.enclosures.get(name))
        lines.append([(f"  {operators[name].ljust(width)}", "name"), (sign, "quiet"), (shown, "value")])
    return lines


def value_json(result: ProvedValue) -> str:
    """A value: expression, at, value; enclosure where it was asked for. Numbers are texts.

    >>> value_json(ProvedValue("1/3", {}, 5, ("0.33333",), False))
    '{"expression": "1/3", "at": {}, "value": "0.33333"}'
    """
    found = nested(result.values, result.shape) if result.shape else result.value
    keys: dict[str, Any] = {"expression": result.expression, "at": _whole(result.at, result.shapes), "value": found}
    if result.enclosures:
        every = [list(one) for one in result.enclosures]
        keys["enclosure"] = nested(every, result.shape) if result.shape else every if result.is_list else every[0]
    return json.record(keys)


def gradient_json(result: ProvedGradient) -> str:
    """A gradient: expression, at, mode, value, gradient; order and enclosure {value, gradient} where asked for.

    >>> gradient_json(ProvedGradient("x^2", {"x": "3"}, "reverse", 5, "9", {"x": "6"}))
    '{"expression": "x^2", "at": {"x": "3"}, "mode": "reverse", "value": "9", "gradient": {"x": "6"}}'
    """
    keys: dict[str, Any] = {
        "expression": result.expression,
        "at": _whole(result.at, result.shapes),
        "mode": result.mode,
        "value": result.value,
        "gradient": _whole(result.gradient, result.shapes),
    }
    if result.order != 1:
        keys["order"] = result.order
    if result.value_enclosure is not None:
        bounds = {name: list(one) for name, one in result.enclosures.items()}
        keys["enclosure"] = {"value": list(result.value_enclosure), "gradient": _whole(bounds, result.shapes)}
    return json.record(keys)


def _whole(flat: Mapping[str, Any], shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Any]:
    """What belongs to variables, with the elements of arrays put together again."""
    found: dict[str, Any] = {}
    for label in flat:
        name = label.partition("[")[0] if shapes else label
        if name not in found:
            shape = shapes.get(name, ())
            found[name] = nested([flat[element] for element in elements(name, shape)], shape)
    return found


def number(digits: str | None, enclosure: Bounds | None) -> tuple[str, str]:
    """The sign before a number, and the number: its digits, or between which decimals it lies, if these are two.

    >>> number("0.5", None), number("1.4", Bounds("1.41", "1.42"))
    ((' = ', '0.5'), (' ∈ ', '[1.41, 1.42]'))
    """
    if enclosure is None or (digits is not None and enclosure == (digits, digits)):
        return " = ", digits or ""
    return " ∈ ", f"[{enclosure.low}, {enclosure.high}]"


def _equation(text: str, sign: str, shown: str) -> Words:
    return [(cut(text), "expression"), (sign, "quiet"), (shown, "value")]
