"""Arrays as people read them: short ones in a line, matrices with aligned columns, large ones by their edges.

What is shown whole can be typed in again. Where digits or elements are left out, the line above says so.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from math import inf
from typing import Any, Final, NamedTuple

from adcalc.render.elements import norm, shape
from adcalc.syntax.number import figure, short

_EDGE: Final = 3  # rows, and slices of higher arrays, shown at each end of a large one
_ROWS: Final = 12  # of a matrix that is shown whole
_SLICE_ROWS: Final = 6  # of each matrix of a higher array
_VECTOR: Final = 100  # elements of a vector that is shown whole
_INDENT: Final = 4  # of the lines below the first
_FLOAT = re.compile(r"[-\d.e+]+")
_DOTS: Final = "…"


class Drawn(NamedTuple):
    """An array as lines; where they do not stand behind its name, `note` says what they are.

    >>> Drawn("", ("[1, 2]",)).lines
    ('[1, 2]',)
    """

    note: str
    lines: tuple[str, ...]


def drawn(array: Any, room: int = 80, columns: int = 80) -> Drawn:
    """The lines of an array: one behind its name where that fits into `room`, or several of at most `columns`.

    >>> import numpy as np
    >>> drawn(np.array([1.0, -0.5]))
    Drawn(note='', lines=('[1, -0.5]',))
    >>> note, lines = drawn(np.array([[1.0, 20.0], [-3.5, 1 / 3]]))
    >>> print(note, *lines, sep="\\n")
    2x2, 7 digits
    [[ 1  , 20       ],
     [-3.5,  0.3333333]]
    """
    if array.ndim == 0:
        return Drawn("", (short(float(array)),))
    if not array.size:
        return Drawn("", ("[]",)) if array.ndim == 1 else Drawn(_shape(array), ())
    if array.ndim == 1 or array.ndim == 2 == 1 + len(array):
        line = _line(array, room)
        if line is not None:
            return line
    width = columns - _INDENT
    if array.ndim == 1:
        lines, whole, exact = _vector(array, width)
    elif array.ndim == 2:
        lines, whole, exact = _matrix(array, width, _ROWS)
    else:
        lines, whole, exact = _higher(array, width)
    facts = [_shape(array)]
    if not exact:
        facts.append("7 digits")
    if not whole:
        facts.append(_extent(array))
    return Drawn(", ".join(facts), tuple(lines))


def inline(array: Any, room: int) -> str | None:
    """An array as the language writes it, in full, where that fits into a line.

    >>> import numpy as np
    >>> inline(np.array([[1.0, 0.5]]), 20), inline(np.ones(100), 20)
    ('[[1, 0.5]]', None)
    """
    if 3 * array.size > room:
        return None
    text = _FLOAT.sub(lambda number: short(float(number[0])), repr(array.tolist()))
    return text if len(text) <= room else None


def _shape(array: Any) -> str:
    return shape(array.shape) if array.ndim > 1 else f"{array.size} elements"


def _extent(array: Any) -> str:
    """Between which numbers the elements lie, and the norm."""
    facts = f"from {_rough(float(array.min()))} to {_rough(float(array.max()))}"
    size = norm(array)
    return f"{facts}, norm {_rough(size)}" if size < inf else facts


def _rough(number: float) -> str:
    text = short(number)
    return text if len(text) <= 6 else f"{number:.4g}"


def _line(array: Any, room: int) -> Drawn | None:
    """A vector, or a matrix of one row, in one line: in full, or else with seven digits, if that fits."""
    if 3 * array.size > room:
        return None
    numbers = array.ravel().tolist()
    left, right = "[" * array.ndim, "]" * array.ndim
    for write, note in ((short, ""), (figure, " (7 digits)")):
        line = f"{left}{', '.join(map(write, numbers))}{right}{note}"
        if len(line) <= room:
            return Drawn("", (line,))
    return None


def _vector(array: Any, width: int) -> tuple[list[str], bool, bool]:
    """A vector in as many lines as it takes, or by its edges; whether that is all of it, and exactly."""
    whole = array.size <= _VECTOR
    numbers = array.tolist() if whole else [*array[:_EDGE].tolist(), *array[-_EDGE:].tolist()]
    cells = _aligned([figure(number) for number in numbers])
    size = max(map(len, cells)) + 2
    exact = all(map(_is_exact, numbers))
    if not whole:
        line = f"[{', '.join(cell.strip() for cell in cells[:_EDGE])}, {_DOTS}, "
        return [f"{line}{', '.join(cell.strip() for cell in cells[_EDGE:])}]"], False, exact
    count = max(1, (width - 1) // size)
    rows = [", ".join(cells[begin : begin + count]) for begin in range(0, len(cells), count)]
    lines = [f"{' ' if number else '['}{row}," for number, row in enumerate(rows)]
    lines[-1] = lines[-1].rstrip(",") + "]"
    return lines, True, exact


def _matrix(array: Any, width: int, most: int) -> tuple[list[str], bool, bool]:
    """A matrix with aligned columns; whether that is all of it, and exactly."""
    rows, columns = array.shape
    chosen = _ends(rows, most, _EDGE)
    kept = [row for row in chosen if row is not None]
    fits = max(1, width // 3)  # no column takes less
    shown = _ends(columns, fits, fits // 2)
    cells = {
        column: _aligned([figure(number) for number in array[kept, column].tolist()])
        for column in shown
        if column is not None
    }
    sizes = {column: len(column_cells[0]) for column, column_cells in cells.items()}
    edge = columns
    if None in shown or sum(sizes.values()) + 2 * columns > width - 2:
        edge = _edge(columns, sizes, width - 2)
        shown = _ends(columns, 2 * edge, edge)
    places = {row: place for place, row in enumerate(kept)}
    lines = []
    for row in chosen:
        if row is None:
            lines.append(_DOTS)
            continue
        words = [_DOTS if column is None else cells[column][places[row]] for column in shown]
        lines.append(f"[{', '.join(words)}]")
    exact = all(_is_exact(number) for column in shown if column is not None for number in array[kept, column].tolist())
    whole = None not in chosen and None not in shown
    return _bracketed(lines), whole, exact


def _edge(columns: int, sizes: dict[int, int], width: int) -> int:
    """How many columns fit at each end, beside the dots between them."""
    left, edge = width - 3, 0
    while 2 * edge + 2 < columns:
        left -= sizes.get(edge, width) + sizes.get(columns - 1 - edge, width) + 4
        if left < 0:
            break
        edge += 1
    return max(1, edge)


def _higher(array: Any, width: int) -> tuple[list[str], bool, bool]:
    """The matrices of a higher array, each behind its index."""
    import numpy as np

    above = array.shape[:-2]
    chosen = _ends(int(np.prod(above)), 2 * _EDGE, _EDGE)
    labels = [_DOTS if at is None else f"[{', '.join(map(str, np.unravel_index(at, above)))}]" for at in chosen]
    size = max(map(len, labels)) + 1
    matrices = array.reshape(-1, *array.shape[-2:])
    lines: list[str] = []
    whole, exact = None not in chosen, True
    for at, label in zip(chosen, labels, strict=True):
        if at is None:
            lines.append(label)
            continue
        inside, all_of_it, exactly = _matrix(matrices[at], width - size, _SLICE_ROWS)
        whole, exact = whole and all_of_it, exact and exactly
        lines += [f"{(label if number == 0 else '').ljust(size)}{line}" for number, line in enumerate(inside)]
    return lines, whole, exact


def _ends(count: int, most: int, edge: int) -> list[int | None]:
    """All places up to a number of them, else the first and the last, and None for those between."""
    if count <= most:
        return list(range(count))
    return [*range(edge), None, *range(count - edge, count)]


def _bracketed(lines: Sequence[str]) -> list[str]:
    """The rows of a matrix in its own brackets, with commas between them."""
    found = [("[" if number == 0 else " ") + line for number, line in enumerate(lines)]
    for place, (line, after) in enumerate(pairwise(lines)):
        if _DOTS not in (line, after):
            found[place] += ","
    return [*found[:-1], found[-1] + "]"]


def _aligned(texts: list[str]) -> list[str]:
    """Numbers below each other by their decimal points."""
    parts = [_parts(text) for text in texts]
    before = max(len(left) for left, _ in parts)
    after = max(len(right) for _, right in parts)
    return [left.rjust(before) + right.ljust(after) for left, right in parts]


def _parts(text: str) -> tuple[str, str]:
    place = min((text.index(mark) for mark in ".e" if mark in text), default=len(text))
    return text[:place], text[place:]


def _is_exact(number: float) -> bool:
    return float(figure(number)) == number
