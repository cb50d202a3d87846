"""What curves are drawn on in a terminal: a grid of cells, in which a point is a braille dot or a letter.

Each cell holds two by four braille dots, which is fine enough for a line; where there is no braille, a series is drawn
with its own letter. A canvas knows nothing of numbers: points are rows and columns of a grid `fine` times the cells.
"""

from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from adcalc.render.layout import Words

Dot: TypeAlias = tuple[int, int]  # row and column, from the upper left

STYLES: Final = ("value", "name", "error", "expression")  # of the series, in turn
_DOTS: Final = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))  # of a braille character, by row and column
_BRAILLE: Final = 0x2800


class Letters:
    """A canvas on which each series is drawn with its own letter.

    >>> canvas = Letters(1, 3, "ab")
    >>> canvas.path([(0, 0), (0, 1)], 1)
    >>> canvas.row(0)
    [('b', 'name'), ('b', 'name'), (' ', '')]
    """

    fine = (1, 1)

    def __init__(self, height: int, columns: int, letters: Sequence[str]) -> None:
        self.letters = letters
        self.cells: list[list[int | None]] = [[None] * columns for _ in range(height)]

    def path(self, dots: Iterable[Dot], series: int, every: int = 1) -> None:
        """Draw a series along its dots."""
        for row, column in dots:
            self.cells[row][column] = series

    def mark(self, row: int, column: int, series: int) -> None:
        """Put the letter of a series over all else."""
        self.cells[row][column] = series

    def row(self, number: int, empty: tuple[str, str] = (" ", "")) -> Words:
        """The cells of a row, an empty one as it is said."""
        return [
            empty if cell is None else (self.letters[cell], STYLES[cell % len(STYLES)]) for cell in self.cells[number]
        ]


class Braille:
    """A canvas of braille dots; a cell has the colour of the series that was drawn there last.

    >>> canvas = Braille(1, 2, "ab")
    >>> canvas.path([(3, 0), (3, 1)], 0)
    >>> canvas.row(0)
    [('⣀', 'value'), (' ', '')]
    """

    fine = (2, 4)

    def __init__(self, height: int, columns: int, letters: Sequence[str]) -> None:
        self.letters = letters
        self.dots = [[0] * columns for _ in range(height)]
        self.series = [[0] * columns for _ in range(height)]
        self.marked: dict[Dot, int] = {}

    def path(self, dots: Iterable[Dot], series: int, every: int = 1) -> None:
        """Draw a series along its dots, or along one in so many of them."""
        for number, (row, column) in enumerate(dots):
            if number % every == 0:
                self.dots[row // 4][column // 2] |= _DOTS[row % 4][column % 2]
                self.series[row // 4][column // 2] = series

    def mark(self, row: int, column: int, series: int) -> None:
        """Put the letter of a series over all else in the cell of a dot."""
        self.marked[row // 4, column // 2] = series

    def row(self, number: int, empty: tuple[str, str] = (" ", "")) -> Words:
        """The cells of a row, an empty one as it is said."""
        words: Words = []
        for column, pattern in enumerate(self.dots[number]):
            mark = self.marked.get((number, column))
            series = self.series[number][column] if mark is None else mark
            style = STYLES[series % len(STYLES)]
            if mark is not None:
                words.append((self.letters[mark], style))
            else:
                words.append((chr(_BRAILLE + pattern), style) if pattern else empty)
        return words


def line(start: Dot, end: Dot) -> list[Dot]:
    """The dots of a straight line, both ends included.

    >>> line((0, 0), (1, 2))
    [(0, 0), (0, 1), (1, 2)]
    """
    steps = max(abs(end[0] - start[0]), abs(end[1] - start[1]), 1)
    return [
        (round(start[0] + (end[0] - start[0]) * k / steps), round(start[1] + (end[1] - start[1]) * k / steps))
        for k in range(steps + 1)
    ]
