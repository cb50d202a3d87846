"""The point: what --at gives, and the files that it names: exact constant expressions, and arrays."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from adcalc.errors import FileError, Place, Source, UsageError, unknown_variable
from adcalc.rules.table import Table
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


def point(texts: Iterable[str | Mapping[str, Binding]], table: Table) -> dict[str, Binding]:
    """Every variable's value, from all --at options together, and from what a session knows already.

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


def ranged(texts: Iterable[str | Mapping[str, Binding]], table: Table) -> tuple[dict[str, Binding], dict[str, Range]]:
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
        else:
            values[name] = _one(name, found)
    return values, ranges


def spread(texts: Iterable[str | Mapping[str, Binding]], table: Table) -> dict[str, Binding | Interval | Spread]:
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


def bindings(texts: Iterable[str | Mapping[str, Binding]], table: Table) -> dict[str, Valued]:
    """Whatever each variable stands for, from all --at options together.

    Raises UsageError for a variable with two values, FileError, and what the language says of its errors.

    >>> from adcalc.rules.table import standard
    >>> list(bindings(["a=2, x=-5..5", "y=[1 .. 2]"], standard()))
    ['a', 'x', 'y']
    """
    every: dict[str, Valued] = {}
    for text in texts:
        if isinstance(text, Mapping):
            every.update(text)
            continue
        source = Source(text)
        if not text.strip():
            continue
        parsed = parse_point(source, table)
        if parsed.files:
            from adcalc.tables.reading import read
        found: dict[str, Valued] = {**parsed.values, **parsed.ranges, **parsed.intervals}
        for name, path, place in parsed.files:
            content = read(path, place, name)
            if name:
                _bind(found, name, _chosen(content, name, path, place), path, place, table)
            elif isinstance(content, dict):
                for key, value in content.items():
                    _bind(found, key, value, path, place, table)
            else:
                raise FileError(
                    f"{path} holds one value, and not one for each variable", place, f"name the variable: x=@{path}"
                )
        for name, one in found.items():
            if name in every:
                raise UsageError(f"{name} has two values", one.place)
            every[name] = one
    return every


def alone(text: str, name: str, table: Table) -> Binding:
    """A value that stands without its name, which only messages tell: a constant expression, or what a file holds.

    Raises FileError, and what the language says of the text.

    >>> from adcalc.rules.table import standard
    >>> alone("[1, 0]", "seed", standard()).place.excerpt
    '[1, 0]'
    """
    if not text.lstrip().startswith("@"):
        return Binding(parse_constant(text, table), Place(Source(text), 0, len(text)))
    from adcalc.tables.reading import read

    _, path, place = parse_point(Source(text), table).files[0]
    if text[place.end :].strip():
        raise UsageError(f"there is more after the {name}", Place(place.source, place.end, len(text)))
    found: dict[str, Any] = {}
    _bind(found, name, _chosen(read(path, place, name), name, path, place), path, place, table)
    return _one(name, found[name])


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


def _one(name: str, found: Binding | Interval | Spread) -> Binding:
    """What a variable stands for, where that is one number or array."""
    if isinstance(found, Binding):
        return found
    what, hint = _WITH_SPREAD if isinstance(found, Spread) else _WITH_INTERVAL
    raise UsageError(f"{name} has {what}, and one number is needed here", found.place, hint)


def _bind(found: dict[str, Valued], name: str, content: Any, path: str, place: Place, table: Table) -> None:
    """Give a variable what a file holds: an array, or a constant expression exactly as it is written there."""
    if name in found:
        raise UsageError(f"{name} has two values", place)
    if isinstance(content, str) and any(mark in content for mark in _MARKS):
        from adcalc.syntax.unparse import quoted

        found |= parse_point(Source(f"{quoted(name)}={content}"), table).intervals
    if name in found:
        return
    if isinstance(content, str):
        found[name] = Binding(parse_constant(content, table), place)
    elif isinstance(content, list) or hasattr(content, "dtype"):
        from adcalc.tables.checked import array

        found[name] = Binding(array(content, name, place), place)
    else:
        raise FileError(
            f"the value of {name} in {path} is not a number", place, 'write a number, a text such as "pi/3", or lists'
        )


def _chosen(content: Any, name: str, path: str, place: Place) -> Any:
    """What a file holds for one variable: its only value, or, of several, that of the same name."""
    if not isinstance(content, dict):
        return content
    if name in content:
        return content[name]
    if len(content) == 1:
        return next(iter(content.values()))
    names = ", ".join(map(str, content))
    raise FileError(
        f"{path} holds {f'several values: {names}' if content else 'no value'}",
        place,
        f"write @{path} for all of them" if content else None,
    )
