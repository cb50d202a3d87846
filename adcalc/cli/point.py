"""The point: what --at gives, and the JSON files that it names, as exact constant expressions."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from adcalc.errors import FileError, Place, Source, UsageError, unknown_variable
from adcalc.rules.table import Table
from adcalc.syntax.notation import read_text
from adcalc.syntax.point import (
    Binding,
    Interval,
    Range,
    Spread,
    Valued,
    parse_constant,
    parse_names,
    parse_point,
)

_RANGED: Final = "{} has a range, and one value is needed here"
_FOR_PLOT: Final = "a range is for adcalc plot"
_MARKS: Final = ("..", "±", "+/-")  # of a value in a file that is no single number
_WITH_INTERVAL: Final = ("an interval", "eval and grad take it; a range to draw has no brackets: -5..5")
_WITH_SPREAD: Final = ("a value with ±", "eval, grad and propagate take it")


def point(texts: Iterable[str], table: Table) -> dict[str, Binding]:
    """Every variable's value, from all --at options together.

    Raises UsageError for a variable with two values, a range or an interval, FileError, and what the language says of
    its errors.

    >>> from adcalc.rules.table import standard
    >>> list(point(["x=1, y=pi/3", "z=2"], standard()))
    ['x', 'y', 'z']
    """
    values, ranges = ranged(texts, table)
    for name, found in ranges.items():
        raise UsageError(_RANGED.format(name), found.place, _FOR_PLOT)
    return values


def ranged(texts: Iterable[str], table: Table) -> tuple[dict[str, Binding], dict[str, Range]]:
    """Every variable's value, and the ranges of those that have one instead, from all --at options together.

    Raises what `point` raises, but for ranges.

    >>> from adcalc.rules.table import standard
    >>> values, ranges = ranged(["a=2, x=-5..5"], standard())
    >>> list(values), list(ranges)
    (['a'], ['x'])
    """
    values: dict[str, Binding] = {}
    ranges: dict[str, Range] = {}
    for name, found in bindings(texts, table).items():
        if isinstance(found, Range):
            ranges[name] = found
        elif isinstance(found, Binding):
            values[name] = found
        else:
            what, hint = _WITH_SPREAD if isinstance(found, Spread) else _WITH_INTERVAL
            raise UsageError(f"{name} has {what}, and one number is needed here", found.place, hint)
    return values, ranges


def spread(texts: Iterable[str], table: Table) -> dict[str, Binding | Interval | Spread]:
    """Every variable's value, interval, or value with ±, from all --at options together.

    Raises what `point` raises, but for intervals.

    >>> from adcalc.rules.table import standard
    >>> list(spread(["a=2, x=[1 .. 2]", "y=3±0.1"], standard()))
    ['a', 'x', 'y']
    """
    values: dict[str, Binding | Interval | Spread] = {}
    for name, found in bindings(texts, table).items():
        if isinstance(found, Range):
            raise UsageError(_RANGED.format(name), found.place, f"{_FOR_PLOT}; an interval is written x=[-5 .. 5]")
        values[name] = found
    return values


def has_interval(values: Mapping[str, Binding | Interval | Spread]) -> bool:
    """Whether one of the values is an interval, or has ±.

    >>> from adcalc.rules.table import standard
    >>> has_interval(spread(["x=2"], standard())), has_interval(spread(["x=2, y=3±0.1"], standard()))
    (False, True)
    """
    return any(not isinstance(value, Binding) for value in values.values())


def bindings(texts: Iterable[str], table: Table) -> dict[str, Valued]:
    """Whatever each variable stands for, from all --at options together.

    Raises UsageError for a variable with two values, FileError, and what the language says of its errors.

    >>> from adcalc.rules.table import standard
    >>> list(bindings(["a=2, x=-5..5", "y=[1 .. 2]"], standard()))
    ['a', 'x', 'y']
    """
    every: dict[str, Valued] = {}
    for text in texts:
        source = Source(text)
        if not text.strip():
            continue
        parsed = parse_point(source, table)
        found: dict[str, Valued] = {**parsed.values, **parsed.ranges, **parsed.intervals}
        for name, path, place in parsed.files:
            content = _json(path, place)
            if name:
                _bind(found, name, content, path, place, table)
            elif isinstance(content, dict):
                for key, value in content.items():
                    _bind(found, key, value, path, place, table)
            else:
                raise FileError(f"{path} holds no object with a value for each variable", place)
        for name, one in found.items():
            if name in every:
                raise UsageError(f"{name} has two values", one.place)
            every[name] = one
    return every


def names(text: str | None, known: Iterable[str]) -> list[str] | None:
    """The variables of --wrt, or None where it was not given.

    Raises UnknownVariableError for a name that the expression does not have.

    >>> names("x, y", ["x", "y", "z"])
    ['x', 'y']
    """
    if text is None:
        return None
    if not text.strip():
        raise UsageError("--wrt names no variable", hint="leave it out for all of them")
    variables = list(known)
    chosen = []
    for name, place in parse_names(Source(text)):
        if name not in variables:
            raise unknown_variable(name, variables, place)
        chosen.append(name)
    return chosen


def _json(path: str, place: Place) -> Any:
    """The content of a JSON file, its numbers as written."""
    text = read_text(path)
    try:
        return json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except ValueError as error:
        raise FileError(f"{path} is not JSON: {error}", place) from None


def _bind(found: dict[str, Valued], name: str, content: Any, path: str, place: Place, table: Table) -> None:
    if name in found:
        raise UsageError(f"{name} has two values", place)
    if not isinstance(content, str):
        raise FileError(
            f"the value of {name} in {path} is not a number", place, 'write a number, or a text such as "pi/3"'
        )
    if any(mark in content for mark in _MARKS):
        from adcalc.syntax.unparse import quoted

        found |= parse_point(Source(f"{quoted(name)}={content}"), table).intervals
    if name not in found:
        found[name] = Binding(parse_constant(content, table), place)
