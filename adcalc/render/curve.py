"""A curve in the terminal: several series against one axis, both axes logarithmic.

Each character cell of a terminal holds two by four braille dots, which is fine enough for a line; where there is no
braille, a series is drawn with its own letter. Series are told apart by the mark that stands on each of them, and by
colour where there is any.
"""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from adcalc.render.layout import Words

_STYLES: Final = ("value", "name", "error", "expression")
_DOTS: Final = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))  # of a braille character, by row and column
_BRAILLE: Final = 0x2800
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
    xs = [math.log10(x) for line in lines for x, _ in line.points]
    ys = [math.log10(y) for line in lines for _, y in line.points if y]
    if not xs or not ys:
        return [[("  nothing to draw: there is no error at any step", "quiet")]]
    labels = 8
    box = _Box(min(xs), max(xs), math.floor(min(ys)), math.ceil(max(ys)), max(width - labels, 10), height)
    canvas = _Letters(box) if ascii_only else _Braille(box)
    for number, line in enumerate(lines):
        _draw(canvas, box, line, number)
    rows = canvas.rows([line.mark for line in lines])
    bar, corner, rule = ("|", "+", "-") if ascii_only else ("│", "└", "─")
    drawn: list[Words] = []
    for number, row in enumerate(rows):
        drawn.append([(f"{box.label(number):>{labels - 2}} {bar}", "quiet"), *row])
    drawn.append([(" " * (labels - 1) + corner + rule * box.columns, "quiet")])
    drawn.append([(" " * labels + _axis(box), "quiet")])
    drawn.append([(f"  {line.mark} {line.name}", _STYLES[n % len(_STYLES)]) for n, line in enumerate(lines)])
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


class _Letters:
    """A canvas on which each series is drawn with its own letter."""

    fine = (1, 1)

    def __init__(self, box: _Box) -> None:
        self.cells: list[list[int | None]] = [[None] * box.columns for _ in range(box.height)]

    def dot(self, row: int, column: int, series: int) -> None:
        self.cells[row][column] = series

    def mark(self, row: int, column: int, series: int) -> None:
        self.cells[row][column] = series

    def rows(self, marks: Sequence[str]) -> list[Words]:
        return [
            [(" ", "") if cell is None else (marks[cell], _STYLES[cell % len(_STYLES)]) for cell in row]
            for row in self.cells
        ]


class _Braille:
    """A canvas of braille dots; a cell has the colour of the series that was drawn there last."""

    fine = (2, 4)

    def __init__(self, box: _Box) -> None:
        self.dots = [[0] * box.columns for _ in range(box.height)]
        self.series = [[0] * box.columns for _ in range(box.height)]
        self.marked: dict[tuple[int, int], int] = {}

    def dot(self, row: int, column: int, series: int) -> None:
        self.dots[row // 4][column // 2] |= _DOTS[row % 4][column % 2]
        self.series[row // 4][column // 2] = series

    def mark(self, row: int, column: int, series: int) -> None:
        self.marked[row // 4, column // 2] = series

    def rows(self, marks: Sequence[str]) -> list[Words]:
        drawn: list[Words] = []
        for row, dots in enumerate(self.dots):
            words: Words = []
            for column, pattern in enumerate(dots):
                series = self.marked.get((row, column))
                if series is not None:
                    words.append((marks[series], _STYLES[series % len(_STYLES)]))
                elif pattern:
                    words.append((chr(_BRAILLE + pattern), _STYLES[self.series[row][column] % len(_STYLES)]))
                else:
                    words.append((" ", ""))
            drawn.append(words)
        return drawn


def _draw(canvas: _Letters | _Braille, box: _Box, line: Line, series: int) -> None:
    """One series: its points joined, with its mark on the right half, where lines are apart."""
    before: tuple[int, int] | None = None
    marked: tuple[int, int] | None = None
    for x, y in sorted(line.points):
        if y is None:
            before = None
            continue
        row, column = box.at(x, y, canvas.fine)
        if not y:
            before = None
            canvas.dot(row, column, series)
            continue
        for step_row, step_column in _between(before or (row, column), (row, column)):
            canvas.dot(step_row, step_column, series)
        before = row, column
        if marked is None or column < box.columns * canvas.fine[0] * _MARKED:
            marked = before
    if marked is not None:
        canvas.mark(*marked, series)


_MARKED: Final = 0.85  # of the width


def _between(start: tuple[int, int], end: tuple[int, int]) -> list[tuple[int, int]]:
    """The dots of a straight line, both ends included."""
    steps = max(abs(end[0] - start[0]), abs(end[1] - start[1]), 1)
    return [
        (round(start[0] + (end[0] - start[0]) * k / steps), round(start[1] + (end[1] - start[1]) * k / steps))
        for k in range(steps + 1)
    ]


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
