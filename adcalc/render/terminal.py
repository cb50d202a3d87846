"""Colours and tables for people, by rich; loaded only when a terminal is looking or there is a table to draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from adcalc.render.layout import Block, Grid, Words
from adcalc.render.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

_STYLES = {"expression": "bold", "name": "cyan", "value": "bold green", "quiet": "dim", "error": "bold red", "": ""}
_HANGING = 4
_NARROW = 80  # columns where nobody says how many there are


def draw(blocks: Sequence[Block], stream: TextIO, ascii_only: bool = False, colours: bool = True) -> None:
    """Write lines and tables to a stream, coloured as it allows; what is too wide goes on below, indented.

    >>> import io
    >>> stream = io.StringIO()
    >>> draw([[("x^2", "expression")], Grid([], ("node", "value"), ((("x", ""), ("2", "")),))], stream)
    >>> print(stream.getvalue())
    x^2
     node │ value
    ──────┼───────
     x    │ 2
    <BLANKLINE>
    """
    from rich.console import Console

    console = Console(
        file=stream,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=True,
        no_color=not colours,
        force_terminal=None if colours else False,
        width=None if stream.isatty() else _width(),
    )
    write(console, blocks, ascii_only, fold=colours or stream.isatty())


def write(console: Console, blocks: Sequence[Block], ascii_only: bool = False, fold: bool = True) -> None:
    """Print lines and tables on a console of rich's; `fold` says whether wide lines are broken."""
    for block in blocks:
        if isinstance(block, Grid):
            if block.title:
                console.print(_line(block.title, console, ascii_only, fold))
            console.print(_table(block, ascii_only), soft_wrap=False)
        else:
            console.print(_line(block, console, ascii_only, fold))


def _line(words: Words, console: Console, ascii_only: bool, fold: bool) -> Text:
    from rich.text import Text

    whole = Text.assemble(*[(plain(word) if ascii_only else word, _STYLES[style]) for word, style in words])
    hanging = " " * (len(whole.plain) - len(whole.plain.lstrip()) + _HANGING)
    if fold and whole.cell_len > console.width > 2 * len(hanging):
        first, *_ = whole.wrap(console, console.width, overflow="fold")
        rest = whole[len(first) :]
        rest = rest[len(rest.plain) - len(rest.plain.lstrip()) :]
        folded = rest.wrap(console, console.width - len(hanging), overflow="fold")
        whole = Text("\n").join([first, *(Text(hanging) + part for part in folded)])
    return whole


def _table(grid: Grid, ascii_only: bool) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.ASCII if ascii_only else box.MINIMAL, show_edge=False, header_style="cyan", pad_edge=True)
    for number, head in enumerate(grid.header):
        table.add_column(
            Text(plain(head) if ascii_only else head),
            justify="right" if number in grid.right else "left",
            overflow="fold",
        )
    for row in grid.rows:
        table.add_row(*[Text(plain(word) if ascii_only else word, style=_STYLES[style]) for word, style in row])
    return table


def _width() -> int:
    import os

    asked = os.environ.get("COLUMNS", "")
    return int(asked) if asked.isdigit() and int(asked) > 0 else _NARROW
