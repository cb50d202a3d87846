"""Colours for people, by rich; loaded only when a terminal is looking."""

from typing import TextIO

from adcalc.render.layout import Words

_STYLES = {"expression": "bold", "name": "cyan", "value": "bold green", "quiet": "dim", "error": "bold red", "": ""}


def draw(lines: list[Words], stream: TextIO) -> None:
    """Write lines to a terminal, coloured as it allows, folded at its width.

    >>> import io
    >>> stream = io.StringIO()
    >>> draw([[("x^2", "expression")]], stream)
    >>> stream.getvalue()
    'x^2\\n'
    """
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream, highlight=False, markup=False, emoji=False)
    for line in lines:
        console.print(Text.assemble(*[(word, _STYLES[style]) for word, style in line]), overflow="fold")
