"""What a person sees of a plot in the terminal: the two curves, their axes, and what is missing, in words."""

from itertools import pairwise
from textwrap import wrap
from typing import Final

from adcalc.render.axis import Axis, Ticks
from adcalc.render.canvas import STYLES, Braille, Letters, line
from adcalc.render.curves import Panel, Path, panels
from adcalc.render.figures import cut
from adcalc.render.layout import Block, Words, operator
from adcalc.render.plot_words import missing
from adcalc.results.plot import Plot
from adcalc.syntax.number import short
from adcalc.syntax.unparse import quoted

_WIDEST: Final = 160  # columns
_HIGHEST, _LOWEST = 24, 6  # rows of a drawing
_AROUND: Final = 8  # lines of a terminal that are for all else
_LABEL: Final = 3  # rows to a number of the vertical axis
_FEWEST: Final = 3  # numbers beside a drawing, where there is room
_BORDER: Final = 1e-3  # of a row
_APART: Final = 12  # columns to one of the horizontal axis
_NAMES: Final = ("value", "slope")
_LETTERS: Final = "*+"
_KEYS: Final = ("⣀⣀⣀", "⢀⢀⢀")
_DOTTED: Final = 2  # of so many dots of the slope one is drawn


def plot(text: str, result: Plot, width: int, height: int, ascii_only: bool = False) -> list[Block]:
    """The blocks of a plot, drawn with braille or, with `ascii_only`, with letters; `text` is the expression.

    >>> from adcalc.results.plot import Plot, Sample
    >>> samples = tuple(Sample(k / 8, k / 8, 1.0) for k in range(9))
    >>> for words in plot("x", Plot("x", {}, "x", 0.0, 1.0, "reverse", "x", samples), 40, 16, True):
    ...     print("".join(word for word, _ in words).rstrip())
    x  for x from 0 to 1
     1.0 |++++++++++++++++++++++++++++++***
         |                           ***
         |                      *****
     0.5 |               *******
         |          *****
         |       ***
         |  *****
       0 |**
         ++---------------+---------------+
          0              0.5            1.0
      * value  + ∂/∂x
    """
    drawn = panels(result)
    blocks = _head(text, result, width)
    rows = min(max(height - _AROUND, _LOWEST * len(drawn)), _HIGHEST) // max(len(drawn), 1)
    ticks = [panel.axis.ticks(max(rows // _LABEL, _FEWEST)) for panel in drawn]
    margin = max((len(label) for one in ticks for _, label in one.labels), default=0) + 3
    columns = max(min(width, _WIDEST) - margin - 1, 10)
    for number, (panel, one) in enumerate(zip(drawn, ticks, strict=True)):
        if len(drawn) > 1:
            blocks.append(_legend(list(panel.curves), result, ascii_only, one.base))
        blocks += _panel(panel, one, rows, columns, margin, ascii_only)
        if number + 1 == len(drawn):
            blocks += _below(result, columns, margin, ascii_only)
    if len(drawn) == 1:
        blocks.append(_legend(list(drawn[0].curves), result, ascii_only, ticks[0].base))
    return [*blocks, *missing(result, width)]


def _head(text: str, result: Plot, width: int) -> list[Block]:
    """What is drawn, and where: in one line, if there is room."""
    where = f"for {quoted(result.variable)} from {short(result.low)} to {short(result.high)}"
    where += "".join(f", {quoted(name)} = {short(number)}" for name, number in result.at.items())
    if len(text) + 2 + len(where) <= width:
        return [[(text, "expression"), (f"  {where}", "quiet")]]
    broken = wrap(where, max(width - 2, 1), break_long_words=False, break_on_hyphens=False)
    return [[(cut(text, width), "expression")], *([(f"  {part}", "quiet")] for part in broken)]


def _legend(names: list[str], result: Plot, ascii_only: bool, base: str) -> Words:
    """Which line is which, and what the numbers beside it are added to."""
    words: Words = []
    for name in names:
        number = _NAMES.index(name)
        key = _LETTERS[number] if ascii_only else _KEYS[number]
        said = "value" if name == "value" else operator((quoted(result.wrt),))
        words += [(f"  {key} ", STYLES[number]), (said, "")]
    return [*words, (f"  ({base} + …)", "quiet")] if base else words


def _dot(height: float, last: int) -> int:
    """The row of dots of a height between 0 and 1, whichever side of a border between two rows rounding puts it."""
    return min(max(int((1.0 - height) * last + 0.5 - _BORDER), 0), last)


def _panel(panel: Panel, ticks: Ticks, rows: int, columns: int, margin: int, ascii_only: bool) -> list[Block]:
    """The rows of one drawing."""
    canvas = (Letters if ascii_only else Braille)(rows, columns, _LETTERS)
    wide, high = canvas.fine[0] * columns - 1, canvas.fine[1] * rows - 1
    for name in sorted(panel.curves, key=_NAMES.index, reverse=True):  # the value over its slope
        number = _NAMES.index(name)
        for path in panel.curves[name]:
            canvas.path(_dots(path, wide, high), number, _DOTTED if name == "slope" else 1)
    zero = _dot(panel.axis.place(0.0), high) // canvas.fine[1] if panel.axis.low < 0.0 < panel.axis.high else -1
    labels = {_dot(panel.axis.place(at), high) // canvas.fine[1]: label for at, label in ticks.labels}
    bar, level = ("|", "-") if ascii_only else ("│", "┈")
    return [
        [
            (f"{labels.get(row, ''):>{margin - 2}} {bar}", "quiet"),
            *_joined(canvas.row(row, (level, "quiet") if row == zero else (" ", ""))),
        ]
        for row in range(rows)
    ]


def _dots(path: Path, wide: int, high: int) -> list[tuple[int, int]]:
    """The dots of a line, each once."""
    places = [(_dot(y, high), round(x * wide)) for x, y in path]
    dots = places[:1]
    for one, other in pairwise(places):
        dots += line(one, other)[1:] if one != other else []
    return dots


def _joined(words: Words) -> Words:
    """The words of a row, those of one style in one."""
    joined: Words = []
    for word, style in words:
        if joined and joined[-1][1] == style:
            joined[-1] = (joined[-1][0] + word, style)
        else:
            joined.append((word, style))
    return joined[:-1] if joined and not joined[-1][0].strip() else joined


def _below(result: Plot, columns: int, margin: int, ascii_only: bool) -> list[Block]:
    """The horizontal axis and its numbers."""
    axis = Axis(result.low, result.high)
    ticks = axis.ticks(max(columns // _APART, 2))
    corner, rule, mark = ("+", "-", "+") if ascii_only else ("└", "─", "┬")
    line_below, text = [rule] * columns, ""
    for at, label in ticks.labels:
        column = min(max(round(axis.place(at) * (columns - 1)), 0), columns - 1)
        line_below[column] = mark
        place = max(margin + column - len(label) // 2 - (label[0] == "-"), 0)
        place = min(place, margin + columns - len(label))
        if not text or place > len(text):
            text = text.ljust(place) + label
    named = [(f"{' ' * margin}{quoted(result.variable)} = {ticks.base} + …", "quiet")] if ticks.base else None
    blocks: list[Block] = [[(" " * (margin - 1) + corner + "".join(line_below), "quiet")], [(text, "quiet")]]
    return [*blocks, named] if named else blocks
