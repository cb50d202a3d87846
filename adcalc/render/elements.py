"""Arrays at the nodes of a work: their elements where there are few, and else how large they are."""

from math import inf, sqrt
from typing import Any, Final

from adcalc.results.trace import Large, Shown
from adcalc.syntax.number import figure, short

_LINE: Final = 30  # characters of an array that is written in a line


def line(value: Shown, most: int = _LINE) -> str:
    """An array in one line: its elements, or its norm where they would be too long.

    >>> import numpy as np
    >>> line(np.array([[1.0, 2.5]])), line(np.ones(100)), line(Large((256, 512), 3.5))
    ('[[1, 2.5]]', 'norm 10', 'norm 3.5')
    """
    if isinstance(value, Large):
        return f"norm {figure(value.norm)}"
    if value.size <= most:
        text = _nested(value)
        if len(text) <= most:
            return text
    return f"norm {figure(norm(value))}"


def norm(array: Any) -> float:
    """The root of the sum of squares, none of which leaves the numbers.

    >>> import numpy as np
    >>> norm(np.array([1e200, -1e200, 1e200, 1e200]))
    2e+200
    """
    most = float(abs(array).max()) if array.size else 0.0
    if not 0.0 < most < inf:
        return most
    scaled = array / most
    return most * sqrt(float((scaled * scaled).sum()))


def _nested(array: Any) -> str:
    """Lists in lists: the elements in order, with the brackets that open before each and close after it."""
    parts = []
    count = array.shape[-1] if array.ndim else 1
    for number, element in enumerate(array.ravel()):
        opened = closed = 0
        block = 1
        for length in reversed(array.shape):
            block *= length
            opened += number % block == 0
            closed += (number + 1) % block == 0
        parts.append(f"{'[' * opened}{_digits(float(element), 5)}{']' * closed}")
    return ", ".join(parts) if count else "[]"


def cell(value: Shown | None, digits: int, most: tuple[int, int]) -> str:
    """An array as the lines of a cell, its columns aligned; `most` rows and columns are written, and else the norm.

    >>> import numpy as np
    >>> print(cell(np.array([[1.0, 20.0], [-3.5, 4.0]]), 7, (4, 4)))
    [[   1, 20]
     [-3.5,  4]]
    """
    if value is None:
        return ""
    if isinstance(value, float | int):
        return figure(float(value))
    if isinstance(value, Large) or value.ndim > 2 or not value.size:
        return line(value)
    table = value.reshape(1, -1) if value.ndim == 1 else value
    if table.shape[0] > most[0] or table.shape[1] > most[1]:
        return line(value, 0)
    cells = [[_digits(float(element), digits) for element in row] for row in table]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    rows = [f"[{', '.join(text.rjust(width) for text, width in zip(row, widths, strict=True))}]" for row in cells]
    if value.ndim == 1:
        return rows[0]
    return "\n".join(("[" if number == 0 else " ") + row for number, row in enumerate(rows)) + "]"


def _digits(number: float, digits: int) -> str:
    text = short(number)
    return text if len(text) <= digits + 2 else f"{number:.{digits}g}"


def shape(shape: tuple[int, ...]) -> str:
    """A shape as it stands beside a name; nothing for a number.

    >>> shape((4, 3)), shape((3,)), shape(())
    ('4x3', '3', '')
    """
    return "x".join(map(str, shape))
