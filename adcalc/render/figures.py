"""Figures as people read them: counts, times, errors, tables that know their width, and sentences beside a word."""

from __future__ import annotations

import math
from textwrap import wrap
from typing import TYPE_CHECKING, Final, TypeAlias

from adcalc.render.layout import Block, Grid, Words
from adcalc.syntax.number import figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from adcalc.results.trace import Shown

Cell: TypeAlias = tuple[str, str]

_NARROWEST: Final = 30  # columns of a sentence
_ORDINALS: Final = ("first", "second", "third")


def table(columns: Sequence[tuple[str, list[Cell]]]) -> Grid:
    """A table of named columns, all but the first aligned to the right.

    >>> table([("x", [("1", "")])]).header
    ('x',)
    """
    rows = tuple(zip(*(cells for _, cells in columns), strict=True))
    return Grid([], tuple(head for head, _ in columns), rows, frozenset(range(1, len(columns))))


def columns(grid: Grid) -> int:
    """How many columns of a terminal a table takes.

    >>> columns(table([("x", [("1", "")]), ("y", [("10", "")])]))
    8
    """
    cells = [[head, *(row[number][0] for row in grid.rows)] for number, head in enumerate(grid.header)]
    return sum(max(map(len, column)) + 2 for column in cells) + len(cells) - 1


def tables(named: Sequence[tuple[str, list[Cell]]], width: int) -> list[Block]:
    """The columns in as many tables as the width asks for, the first column in each, with blank lines between.

    >>> [grid.header for grid in tables([("x", [("1", "")]), ("y", [("10", "")]), ("z", [("100", "")])], 9) if grid]
    [('x', 'y'), ('x', 'z')]
    """
    first, *rest = named
    found: list[Block] = []
    shown = [first]
    for column in rest:
        if len(shown) > 1 and columns(table([*shown, column])) > width:
            found += [table(shown), []]
            shown = [first]
        shown.append(column)
    return [*found, table(shown)]


def facts(pairs: Sequence[tuple[str, str]], width: int) -> list[Words]:
    """Sentences, each behind the word that says what it is about, broken at the width.

    >>> facts([("size", "small")], 80)
    [[('  size  ', 'name'), ('small', '')]]
    """
    column = max((len(about) for about, _ in pairs), default=0)
    lines: list[Words] = []
    for before, (about, sentence) in zip(["", *(about for about, _ in pairs)], pairs, strict=False):
        broken = wrap(sentence, max(width - column - 4, _NARROWEST), break_long_words=False, break_on_hyphens=False)
        heads = ["" if lines and about == before else about, *[""] * (len(broken) - 1)]
        lines += [[(f"  {head.ljust(column)}  ", "name"), (part, "")] for head, part in zip(heads, broken, strict=True)]
    return lines


def count(number: int) -> str:
    """A number of operations, however large.

    >>> count(1234567), count(2**100)
    ('1234567', '1.3e30')
    """
    if number < 10**7:
        return str(number)
    exponent = math.floor(math.log10(number))
    leading = 10 ** (math.log10(number) - exponent)
    return f"{leading:.1f}e{exponent}" if leading < 9.95 else f"1.0e{exponent + 1}"


def known(number: Shown | None) -> str:
    """A number at a node, or an array in a line; a condition in words; nothing where none is known.

    >>> known(1.0), known(1 / 3), known(True), known(None)
    ('1', '0.3333333', 'true', '')
    """
    if number is None:
        return ""
    if not isinstance(number, float | int):
        from adcalc.render.elements import line

        return line(number)
    return ("true" if number else "false") if isinstance(number, bool) else figure(number)


def decimal(number: Shown | None) -> str:
    """A number of a table, where whole ones keep their decimal point.

    >>> decimal(1.0), decimal(1 / 3), decimal(True), decimal(None)
    ('1.0', '0.3333333', 'true', '')
    """
    text = known(number)
    return f"{text}.0" if text.lstrip("-").isdigit() and len(text) < len("-1000000") else text


def counted(number: int, noun: str) -> str:
    """A number of things.

    >>> counted(1, "node"), counted(2, "node")
    ('1 node', '2 nodes')
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"


def seconds(time: float | None) -> str:
    """A time as people say it.

    >>> seconds(0.0000123), seconds(0.25), seconds(None)
    ('12 µs', '250 ms', '–')
    """
    if time is None:
        return "–"
    for unit, size in (("µs", 1e-6), ("ms", 1e-3)):
        if time < 999.5 * size:
            return f"{time / size:.1f} {unit}" if time < 9.95 * size else f"{time / size:.0f} {unit}"
    return f"{time:.1f} s"


def ordinal(number: int) -> str:
    """First, second, third, 4th, …

    >>> ordinal(2), ordinal(11), ordinal(23)
    ('second', '11th', '23rd')
    """
    if number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    last = "th" if number // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{last}"


def error(size: float | None) -> str:
    """An error to two digits.

    >>> error(1.234e-7), error(0.0), error(None)
    ('1.2e-07', '0', '–')
    """
    return "–" if size is None else f"{size:.1e}" if size else "0"


def cut(text: str, room: int) -> str:
    """A text shortened in its middle to the room there is.

    >>> cut("a*b*c*d*f*g", 10)
    'a*b…*f*g'
    """
    if len(text) <= room:
        return text
    room -= 2  # the dots are three where there is nothing but ASCII
    return f"{text[: room // 2 - 1]}…{text[len(text) - (room - room // 2) :]}"
