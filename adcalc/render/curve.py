"""A curve in the terminal: several series against one axis, both axes logarithmic.

Series are told apart by the mark that stands on each of them, and by colour where there is any.
"""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from adcalc.render.canvas import STYLES, Braille, Letters, line
from adcalc.render.layout import Words

_APART: Final = 9  # columns between two marks of the lower axis


class Line(NamedTuple):
    """One series: the mark that stands on it, its name, its points (y is None in a gap, 0 a dot at the lower edge).

    >>> Line("1", "forward", ((0.1, 1e-3), (0.01, None))).mark
    '1'
    """

    mark: str
    name: str
    points: tuple[tuple[float, float | None], ...]


def curve(lines: Sequence[Line], width: int, height: int, ascii_only: bool = False) -> list[Words]:
    """The lines of a drawing: `height` rows of cells, the numbers of both axes, and the names of the series.

    >>> drawing = curve([Line("o", "line", ((1.0, 1.0), (0.01, 0.01)))], 30, 3, ascii_only=True)
    >>> for words in drawing:
    ...     print("".join(word for word, _ in words).rstrip())
         1 |                oooooo
           |      oooooooooo
      1e-2 |oooooo
           +----------------------
            1e-2      1e-1       1
      o line
    """
    xs = [math.log10(x) for one in lines for x, _ in one.points]
    ys = [math.log10(y) for one in lines for _, y in one.points if y]
    if not xs or not ys:
        return [[("  nothing to draw: there is no error at any step", "quiet")]]
    labels = 8
    box = _Box(min(xs), max(xs), math.floor(min(ys)), math.ceil(max(ys)), max(width - labels, 10), height)
    kind = Letters if ascii_only else Braille
    canvas = kind(box.height, box.columns, [one.mark for one in lines])
    for number, one in enumerate(lines):
        _draw(canvas, box, one, number)
    bar, corner, rule = ("|", "+", "-") if ascii_only else ("│", "└", "─")
    drawn: list[Words] = [
        [(f"{box.label(number):>{labels - 2}} {bar}", "quiet"), *canvas.row(number)] for number in range(box.height)
    ]
    drawn.append([(" " * (labels - 1) + corner + rule * box.columns, "quiet")])
    drawn.append([(" " * labels + _axis(box), "quiet")])
    drawn.append([(f"  {one.mark} {one.name}", STYLES[n % len(STYLES)]) for n, one in enumerate(lines)])
    return drawn


class _Box(NamedTuple):
    """The logarithms that the drawing shows, and its size in cells."""

    left: float
    right: float
    bottom: float
    top: float
    columns: int
    height: int

    def at(self, x: float, y: float | None, fine: tuple[int, int]) -> tuple[int, int]:
        """The row and the column of a point, of a grid so many times finer than the cells."""
        wide, high = self.columns * fine[0], self.height * fine[1]
        across = (math.log10(x) - self.left) / ((self.right - self.left) or 1.0)
        up = (math.log10(y) - self.bottom) / ((self.top - self.bottom) or 1.0) if y else 0.0
        return round((1 - up) * (high - 1)), round(across * (wide - 1))

    def label(self, row: int) -> str:
        """The power of ten beside a row, where there is one."""
        if self.height < 2:
            return ""
        exact = self.top - row * (self.top - self.bottom) / (self.height - 1)
        each = max(1, math.ceil((self.top - self.bottom) / (self.height - 1) * 2))
        nearest = round(exact / each) * each
        rows = (self.top - nearest) / ((self.top - self.bottom) or 1.0) * (self.height - 1)
        return power_of_ten(nearest) if round(rows) == row and self.bottom <= nearest <= self.top else ""


def power_of_ten(exponent: int) -> str:
    """A power of ten as an axis shows it.

    >>> power_of_ten(0), power_of_ten(-8)
    ('1', '1e-8')
    """
    return "1" if exponent == 0 else f"1e{exponent}"


def _draw(canvas: Letters | Braille, box: _Box, one: Line, series: int) -> None:
    """One series: its points joined, with its mark on the right half, where lines are apart."""
    before: tuple[int, int] | None = None
    marked: tuple[int, int] | None = None
    for x, y in sorted(one.points):
        if y is None:
            before = None
            continue
        row, column = box.at(x, y, canvas.fine)
        if not y:
            before = None
            canvas.path([(row, column)], series)
            continue
        canvas.path(line(before or (row, column), (row, column)), series)
        before = row, column
        if marked is None or column < box.columns * canvas.fine[0] * _MARKED:
            marked = before
    if marked is not None:
        canvas.mark(*marked, series)


_MARKED: Final = 0.85  # of the width


def _axis(box: _Box) -> str:
    """The powers of ten below the drawing, as many as there is room for."""
    span = box.right - box.left
    each = max(1, math.ceil(span * _APART / box.columns))
    text = ""
    for exponent in range(math.ceil(box.left - 1e-9), math.floor(box.right + 1e-9) + 1):
        if exponent % each:
            continue
        word = power_of_ten(exponent)
        column = round((exponent - box.left) / (span or 1.0) * (box.columns - 1))
        place = min(column, max(box.columns - len(word), 0))
        if place > len(text) or not text:
            text = text.ljust(place) + word
    return text
