"""Arrays as people read them: short ones in a line, matrices with aligned columns, large ones by their edges."""

from typing import Any, Final

from adcalc.syntax.number import short

_EDGE: Final = 3  # rows or columns shown at each end of a large array
_MOST: Final = 8  # rows or columns of an array that is shown whole


def rows(array: Any, most: int = _MOST) -> list[str]:
    """The lines of an array in brackets, its columns aligned; what is left out is a row or a column of dots.

    >>> import numpy as np
    >>> print("\\n".join(rows(np.array([[1.0, 20.0], [-3.5, 4.0]]))))
    [[   1, 20]
     [-3.5,  4]]
    """
    if array.ndim == 0:
        return [short(float(array))]
    if array.ndim == 1:
        return [f"[{', '.join(_cells(array, most))}]"]
    if array.ndim > 2:
        inside = [rows(part, most) for part in _shown(array, most)]
        lines = [line for part in inside for line in part]
        return _bracketed(lines)
    table = [_cells(row, most) for row in _shown(array, most)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = [f"[{', '.join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))}]" for row in table]
    if len(array) > most:
        lines.insert(_EDGE, "…")
    return _bracketed(lines)


def _bracketed(lines: list[str]) -> list[str]:
    whole = [("[" if number == 0 else " ") + line for number, line in enumerate(lines)] or ["["]
    whole[-1] += "]"
    return whole


def _shown(array: Any, most: int) -> list[Any]:
    return list(array) if len(array) <= most else [*array[:_EDGE], *array[-_EDGE:]]


def _cells(row: Any, most: int) -> list[str]:
    cells = [short(float(number)) for number in _shown(row, most)]
    if len(row) > most:
        cells.insert(_EDGE, "…")
    return cells
