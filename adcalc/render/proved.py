"""Answers in proved digits, for people and for scripts: numbers are texts, and nobody rounds them."""

from collections.abc import Mapping
from typing import Any

from adcalc.render import json
from adcalc.render.layout import Words, cut
from adcalc.results.proved import Bounds, ProvedGradient, ProvedValue

_LIST = 60  # characters of a list's values that stand in one line


def value(text: str, result: ProvedValue) -> list[Words]:
    """The lines of a value, or of its enclosure; `text` is the expression as adcalc writes it.

    >>> value("1/3", ProvedValue("1/3", {}, 5, ("0.33333",), False))
    [[('1/3', 'expression'), (' = ', 'quiet'), ('0.33333', 'value')]]
    """
    enclosures = result.enclosures or [None] * len(result.values)
    numbers = [_number(digits, enclosure) for digits, enclosure in zip(result.values, enclosures, strict=True)]
    if not result.is_list:
        return [_equation(text, *numbers[0])]
    joined = ", ".join(number for _, number in numbers)
    if len(joined) <= _LIST and not result.enclosures:
        return [_equation(text, " = ", f"[{joined}]")]
    width = len(str(len(numbers) - 1))
    lines: list[Words] = [[(cut(text), "expression")]]
    for place, (sign, number) in enumerate(numbers):
        lines.append([(f"  [{place:>{width}}]", "name"), (sign, "quiet"), (number, "value")])
    return lines


def gradient(text: str, result: ProvedGradient) -> list[Words]:
    """The lines of a gradient, or of its enclosure: the value, then one partial a line.

    >>> found = ProvedGradient("x^2", {"x": "3"}, "reverse", 5, "9", {"x": "6"})
    >>> for line in gradient("x^2", found):
    ...     print("".join(word for word, _ in line))
    x^2 = 9
      ∂/∂x = 6
    """
    lines = [_equation(text, *_number(result.value, result.value_enclosure))]
    width = max((len(name) for name in result.gradient), default=0)
    for name, partial in result.gradient.items():
        sign, number = _number(partial, result.enclosures.get(name))
        lines.append([(f"  ∂/∂{name.ljust(width)}", "name"), (sign, "quiet"), (number, "value")])
    return lines


def value_json(result: ProvedValue) -> str:
    """A value: expression, at, value; enclosure where it was asked for. Numbers are texts.

    >>> value_json(ProvedValue("1/3", {}, 5, ("0.33333",), False))
    '{"expression": "1/3", "at": {}, "value": "0.33333"}'
    """
    keys: dict[str, Any] = {"expression": result.expression, "at": dict(result.at), "value": result.value}
    if result.enclosures:
        every = [list(one) for one in result.enclosures]
        keys["enclosure"] = every if result.is_list else every[0]
    return json.record(keys)


def gradient_json(result: ProvedGradient) -> str:
    """A gradient: expression, at, mode, value, gradient; enclosure {value, gradient} where it was asked for.

    >>> gradient_json(ProvedGradient("x^2", {"x": "3"}, "reverse", 5, "9", {"x": "6"}))
    '{"expression": "x^2", "at": {"x": "3"}, "mode": "reverse", "value": "9", "gradient": {"x": "6"}}'
    """
    keys: dict[str, Any] = {
        "expression": result.expression,
        "at": dict(result.at),
        "mode": result.mode,
        "value": result.value,
        "gradient": dict(result.gradient),
    }
    if result.value_enclosure is not None:
        keys["enclosure"] = {"value": list(result.value_enclosure), "gradient": _lists(result.enclosures)}
    return json.record(keys)


def _lists(enclosures: Mapping[str, Bounds]) -> dict[str, list[str]]:
    return {name: list(one) for name, one in enclosures.items()}


def _number(digits: str | None, enclosure: Bounds | None) -> tuple[str, str]:
    """The sign before a number, and the number: its digits, or between which decimals it lies, if these are two."""
    if enclosure is None or (digits is not None and enclosure == (digits, digits)):
        return " = ", digits or ""
    return " ∈ ", f"[{enclosure.low}, {enclosure.high}]"


def _equation(text: str, sign: str, number: str) -> Words:
    return [(cut(text), "expression"), (sign, "quiet"), (number, "value")]
