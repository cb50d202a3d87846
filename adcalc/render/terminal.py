"""Colours for people, by rich; loaded only when a terminal is looking."""

from typing import TextIO

from adcalc.render.layout import Words

_STYLES = {"expression": "bold", "name": "cyan", "value": "bold green", "quiet": "dim", "error": "bold red", "": ""}


def draw(lines: list[Words], stream: TextIO) -> None:
    """Write lines to a terminal, coloured as it allows; what is too wide goes on below, indented.

    >>> import io
    >>> stream = io.StringIO()
    >>> draw([[("x^2", "expression")]], stream)
    >>> stream.getvalue()
    'x^2\\n'
    """
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream, highlight=False, markup=False, emoji=False, soft_wrap=True)
    for line in lines:
        whole = Text.assemble(*[(word, _STYLES[style]) for word, style in line])
        hanging = " " * (len(whole.plain) - len(whole.plain.lstrip()) + _HANGING)
        if whole.cell_len > console.width > 2 * len(hanging):
            first, *_ = whole.wrap(console, console.width, overflow="fold")
            rest = whole[len(first) :]
            rest = rest[len(rest.plain) - len(rest.plain.lstrip()) :]
            folded = rest.wrap(console, console.width - len(hanging), overflow="fold")
            whole = Text("\n").join([first, *(Text(hanging) + part for part in folded)])
        console.print(whole)


_HANGING = 4
