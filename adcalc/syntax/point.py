"""Points: the values after --at, in the same language as expressions, and exact until an arithmetic rounds them."""

from typing import Any, NamedTuple, TypeAlias

from adcalc.errors import AdcalcSyntaxError, Place, Source, UnboundVariableError, UsageError
from adcalc.syntax.code import Block, Code
from adcalc.syntax.lower import lower
from adcalc.syntax.lowered import Library, Lowered
from adcalc.syntax.parser import parse


class Binding(NamedTuple):
    """A variable's value, and where it was written: an exact constant expression, or the array that a file holds."""

    value: Any  # Lowered, or an array of NumPy's
    place: Place


class _Ends(NamedTuple):
    low: Lowered
    high: Lowered
    place: Place


class Range(_Ends):
    """A variable's lowest and highest value as exact constant expressions, and where they were written.

    >>> from adcalc.rules.table import standard
    >>> parse_point(Source("a=2, x=-pi..pi"), standard()).ranges["x"].place.excerpt
    'x=-pi..pi'
    """

    __slots__ = ()


class Interval(_Ends):
    """All numbers between two exact constant expressions as a variable's value, and where they were written.

    >>> from adcalc.rules.table import standard
    >>> parse_point(Source("a=2, x=[1.9 .. 2.1]"), standard()).intervals["x"].place.excerpt
    'x=[1.9 .. 2.1]'
    """

    __slots__ = ()


class Spread(NamedTuple):
    """A value and what it may be off by, 2±0.1, as exact constant expressions, and where they were written.

    >>> from adcalc.rules.table import standard
    >>> parse_point(Source("a=2, x=2 +/- 0.1"), standard()).intervals["x"].place.excerpt
    'x=2 +/- 0.1'
    """

    middle: Lowered
    spread: Lowered
    place: Place


Valued: TypeAlias = Binding | Range | Interval | Spread


class Point(NamedTuple):
    """A parsed point: the values, the files that it refers to, by variable ("" for a whole point), and the ranges.

    `intervals` are the variables that stand for all numbers of one, and those that are written with ±.

    >>> from adcalc.rules.table import standard
    >>> sorted(parse_point(Source("x=pi/3, y=@y.json"), standard()).values)
    ['x']
    """

    values: dict[str, Binding]
    files: list[tuple[str, str, Place]]
    ranges: dict[str, Range]
    intervals: dict[str, Interval | Spread]


def parse_point(source: Source, library: Library) -> Point:
    """The bindings of a text such as "x=0, y=pi/3, z=-5..5, @more.json".

    Raises AdcalcSyntaxError, UnboundVariableError for a value that is not constant, UsageError for a name bound twice.

    >>> from adcalc.rules.table import standard
    >>> parse_point(Source("x=1/3"), standard()).values["x"].place.excerpt
    'x=1/3'
    """
    point = Point({}, [], {}, {})
    for operation, operand, span in parse(source, "point").block:
        place = Place(source, *span)
        if operation in _BINDINGS:
            kind, group = _BINDINGS[operation]
            name, *blocks = operand
            if name in point.values or name in point.ranges or name in point.intervals:
                raise UsageError(f"{name} has two values", place)
            point[group][name] = kind(*[constant(source, block, library) for block in blocks], place)
        elif operation == "bind_file":
            point.files.append((*operand, place))
        else:
            point.files.append(("", operand, place))
    return point


_BINDINGS: dict[str, tuple[Any, int]] = {  # what a binding is, and where in a point it belongs
    "bind": (Binding, 0),
    "bind_range": (Range, 2),
    "bind_interval": (Interval, 3),
    "bind_spread": (Spread, 3),
}


def parse_names(source: Source) -> list[tuple[str, Place]]:
    """The variables of a text such as "x, y", each with its place.

    >>> [name for name, _ in parse_names(Source("x, `flow rate`"))]
    ['x', 'flow rate']
    """
    return [(operand, Place(source, *span)) for _, operand, span in parse(source, "names").block]


def constant(source: Source, block: Block, library: Library) -> Lowered:
    """The graph of a constant expression.

    Raises UnboundVariableError where a variable occurs in it.
    """
    lowered = lower(Code(source, [*block, ("result", None, block[-1][2])]), library)
    if lowered.variables:
        name, node = next(iter(lowered.variables.items()))
        raise UnboundVariableError(
            f"a value is a constant expression, and '{name}' is a variable", lowered.place(node), "write numbers and pi"
        )
    return lowered


def parse_constant(text: str, library: Library) -> Lowered:
    """The graph of a text that is a constant expression: "1/3", "pi/2".

    Raises AdcalcSyntaxError, UnboundVariableError.

    >>> from adcalc.rules.table import standard
    >>> parse_constant("1/3", standard()).graph.nodes[-1].label
    Fraction(1, 3)
    """
    source = Source(text)
    code = parse(source)
    statements = [step[0] for step in code.block if step[0] in ("assign", "define", "result")]
    if statements != ["result"]:
        raise AdcalcSyntaxError("a value is one expression", Place(source, 0, len(text)), "such as 1/3 or pi/2")
    return constant(source, code.block[:-1], library)
