"""Tables of numbers as text: one row a line, the columns divided by commas, semicolons, tabs or blanks."""

import re
from typing import Any, Final

from adcalc.errors import FileError, Place

_DELIMITERS: Final = ("\t", ";", ",")
_QUOTED = re.compile(r'"[^"\n]*"')


def table(text: str, path: str, place: Place | None = None) -> Any:
    """The array of a text: a matrix; of one column or one row a vector, of one number a number.

    A first line that holds no number names the columns; `#` begins a comment. Raises FileError, naming line and column.

    >>> table("a;b\\n1;2\\n3;4", "w.csv").tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    >>> table("1\\n2", "w.csv").tolist()
    [1.0, 2.0]
    """
    import numpy as np

    lines = text.splitlines()
    kept = [number for number, line in enumerate(lines) if _content(line)]
    if not kept:
        raise FileError(f"{path} holds no numbers", place)
    first = _content(lines[kept[0]])
    delimiter = next((sign for sign in _DELIMITERS if sign in _QUOTED.sub("", first)), None)
    if not any(map(_is_number, _cells(first, delimiter))):
        kept = kept[1:]
        if not kept:
            raise FileError(f"{path} holds no numbers", place)
        delimiter = delimiter or next((sign for sign in _DELIMITERS if sign in lines[kept[0]]), None)
    try:
        numbers = np.loadtxt(
            [lines[number] for number in kept], delimiter=delimiter, comments="#", quotechar='"', dtype=float, ndmin=0
        )
    except ValueError:
        numbers = _strict([(number + 1, _content(lines[number])) for number in kept], delimiter, path, place)
    return numbers


def _content(line: str) -> str:
    return line.partition("#")[0].strip()


def _cells(line: str, delimiter: str | None) -> list[str]:
    return [cell.strip().strip('"').strip() for cell in line.split(delimiter)]


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell


def _strict(lines: list[tuple[int, str]], delimiter: str | None, path: str, place: Place | None) -> Any:
    """The numbers cell by cell: slower, and able to say which cell is none."""
    import numpy as np

    rows: list[list[float]] = []
    for number, line in lines:
        cells = _cells(line, delimiter)
        if len(cells) > 1 and delimiter and not cells[-1] and (not rows or len(rows[0]) == len(cells) - 1):
            cells.pop()  # a delimiter at the end of every line
        if rows and len(cells) != len(rows[0]):
            raise FileError(
                f"{path} has {_counted(len(rows[0]))} in line {lines[0][0]} and {len(cells)} in line {number}", place
            )
        for column, cell in enumerate(cells, 1):
            if not _is_number(cell):
                raise FileError(
                    f"{path}, line {number}, column {column}: {cell!r} is no number"
                    if cell
                    else f"{path}, line {number}, column {column} is empty",
                    place,
                    _hint(cell, delimiter),
                )
        rows.append([float(cell) for cell in cells])
    return np.squeeze(np.array(rows))


def _counted(count: int) -> str:
    return f"{count} column{'' if count == 1 else 's'}"


def _hint(cell: str, delimiter: str | None) -> str | None:
    if delimiter != "," and re.fullmatch(r"[-+]?\d*,\d+", cell):
        return "decimals are written with a point: 1.5"
    return "every cell holds a number" if cell else "every row has a number in every column"
