"""Matrices of derivatives as people read them: Jacobians, Hessians, and products of Hessians with a direction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from adcalc.graph.elements import elements
from adcalc.graph.shape import size
from adcalc.render.layout import eighty, equation, parts, value
from adcalc.results import Value
from adcalc.syntax.number import figure, short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from adcalc.render.layout import Columns, Words
    from adcalc.results.jacobian import Jacobian
    from adcalc.results.second import Hessian, HessianProduct

_EDGE: Final = 3  # rows or columns shown at each end of a large matrix
_MOST: Final = 20  # rows or columns of a matrix that is shown whole
_DOTS: Final = "…"
_GAP: Final = 2  # blanks between columns


def table(rows: Sequence[str], columns: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> list[Words]:
    """A matrix with the names of its rows and columns, in blocks as wide as there is room; of many columns the ends.

    >>> for line in table(["x", "y"], ["x", "y"], [["1", "-20"], ["-20", "4"]], 80):
    ...     print("".join(word for word, _ in line))
             x    y
        x    1  -20
        y  -20    4
    """
    head = max(map(len, rows), default=0)
    widths = [max([len(name), *(len(row[k]) for row in cells)]) for k, name in enumerate(columns)]
    lines: list[Words] = []
    for shown in _blocks(widths, width - 4 - head):
        lines += [[]] if lines else []
        lines.append([(" " * (4 + head), ""), *((_cell(columns, widths, k), "name") for k in shown)])
        for name, row in zip(rows, cells, strict=True):
            line: Words = [(f"    {name.rjust(head)}", "name")]
            line += [(_cell(row, widths, k), "quiet" if k is None or row[k] in ("0", "·") else "value") for k in shown]
            lines.append(line)
    if any(_DOTS in word for word, _ in lines[0]) or _DOTS in rows:
        lines.append([(f"    {_DOTS} more: --json has all", "quiet")])
    return lines


def _cell(row: Sequence[str], widths: Sequence[int], place: int | None) -> str:
    return f"  {_DOTS}" if place is None else " " * _GAP + row[place].rjust(widths[place])


def _blocks(widths: Sequence[int], room: int) -> list[list[int | None]]:
    """The columns that stand beside one another, block by block; of too many both ends, with None between them."""
    if len(widths) > _MOST and sum(widths) + _GAP * len(widths) > room:
        return [_ends(widths, room)]
    blocks: list[list[int | None]] = [[]]
    left = room
    for place, wide in enumerate(widths):
        if wide + _GAP > left and blocks[-1]:
            blocks.append([])
            left = room
        blocks[-1].append(place)
        left -= wide + _GAP
    return blocks


def _ends(widths: Sequence[int], room: int) -> list[int | None]:
    left, right, used = 0, 0, 3
    while left + right < len(widths):
        take_left = left <= right
        place = left if take_left else len(widths) - 1 - right
        used += widths[place] + _GAP
        if used > room and left:
            break
        left, right = left + take_left, right + (not take_left)
    return [*range(left), None, *range(len(widths) - right, len(widths))]


def _places(count: int) -> list[int]:
    """The rows or columns of a matrix that are shown; those in the middle of a large one are not."""
    return list(range(count)) if count <= _MOST else [*range(_EDGE), *range(count - _EDGE, count)]


# ------------------------------------------------------------ Hessians


def hessian(text: str, result: Hessian, width: int, sparse: bool = False) -> list[Words]:
    """The lines of a Hessian: value, gradient, matrix, and what it took; or its entries, a line for each.

    >>> from adcalc.api import function
    >>> for line in hessian("x^2*y", function("x^2*y").hessian({"x": 1, "y": 2}), 80):
    ...     print("".join(word for word, _ in line))
    x^2*y = 2
      ∂/∂x = 4
      ∂/∂y = 1
      ∂²
           x  y
        x  4  2
        y  2  0
      reverse, then 2 forward sweeps: 2 colours for 2 variables
    """
    lines = [equation(text, result.value), *parts(result.gradient, "∂/∂", columns=lambda: width)]
    names = result.names
    if not names:
        return [*lines, [("  no variables, no second derivatives", "quiet")]]
    if sparse:
        lines.append([(f"  ∂², {len(result.values)} of {len(names) ** 2} entries", "name")])
        lines += _entries(result)
    else:
        lines.append([("  ∂²", "name")])
        lines += _square(result, width)
    found = work(result.mode, result.colours, len(names), len(result.values), result.error_estimate)
    return [*lines, [(f"  {found}", "quiet")]]


def _square(result: Hessian, width: int) -> list[Words]:
    names, shown = result.names, _places(len(result.names))
    place = {number: k for k, number in enumerate(shown)}
    cells = [["0"] * len(shown) for _ in shown]
    for row, column, number in zip(result.rows, result.columns, result.values, strict=True):
        if row in place and column in place:
            cells[place[row]][place[column]] = figure(float(number))
    labels = [names[number] for number in shown]
    if len(names) > len(shown):
        cells = [[*row[:_EDGE], _DOTS, *row[_EDGE:]] for row in cells]
        labels.insert(_EDGE, _DOTS)
        cells.insert(_EDGE, [_DOTS] * len(labels))
    return table(labels, labels, cells, width)


def _entries(result: Hessian) -> list[Words]:
    names = result.names
    first = max(map(len, names))
    lines: list[Words] = []
    for place, (row, column, number) in enumerate(zip(result.rows, result.columns, result.values, strict=True)):
        line: Words = [(f"    {names[row].ljust(first)}  {names[column].ljust(first)}  ", "name")]
        line.append((short(float(number)), "value"))
        if len(result.error_estimate):
            line.append((f" ± {result.error_estimate[place]:.1g}", "quiet"))
        lines.append(line)
    return lines


def work(mode: str, colours: int, count: int, entries: int, errors: Sequence[float] = ()) -> str:
    """How a Hessian of so many variables and entries was found.

    >>> work("reverse", 2, 2, 3)
    'reverse, then 2 forward sweeps: 2 colours for 2 variables'
    """
    variables = f"{count} variable{'' if count == 1 else 's'}"
    if not entries and not colours:
        return "nothing bends here: no sweep"
    if mode == "finite":
        within = f", within {max(errors):.0e}" if len(errors) else ""
        return f"differences of {colours} partial{'' if colours == 1 else 's'} for {variables}{within}"
    sweeps = f"{colours} forward sweep{'' if colours == 1 else 's'}"
    shared = f"{colours} colour{'' if colours == 1 else 's'}"
    first = "reverse" if mode == "symbolic" else mode
    formulas = ", as formulas" if mode == "symbolic" else ""
    return f"{first}, then {sweeps}{formulas}: {shared} for {variables}"


# ------------------------------------------------------------ products with a direction


def hvp(text: str, result: HessianProduct, columns: Columns = eighty) -> list[Words]:
    """The lines of a product: the value, then the product's part for each variable.

    >>> from adcalc.api import function
    >>> for line in hvp("x^2*y", function("x^2*y").hvp({"x": 1, "y": 2}, {"x": 1})):
    ...     print("".join(word for word, _ in line))
    x^2*y = 2
      ∂²·seed
        x = 4
        y = 2
    """
    head: Words = [("  ∂²·seed", "name")]
    return [equation(text, result.value), head, *parts(result.hvp, "", result.error_estimate, 4, columns)]


# ------------------------------------------------------------ Jacobians


def jacobian(text: str, result: Jacobian, width: int) -> list[Words]:
    """The lines of a Jacobian: the values, the matrix or, where there are arrays, one for each variable.

    >>> from adcalc.api import function
    >>> for line in jacobian("[x^2, x*y]", function("[x^2, x*y]").jacobian({"x": 1, "y": 2}), 80):
    ...     print("".join(word for word, _ in line))
    [x^2, x*y] = [1, 2]
           ∂/∂x  ∂/∂y
      [0]     2     0
      [1]     2     1
      reverse mode: 2 adjoints, where forward mode has 3 tangents
    """
    lines = value(text, Value("", {}, result.value), lambda: width)
    if isinstance(result.value, float):
        lines += parts(result.jacobian, "∂/∂", result.error_estimate, columns=lambda: width)
    elif result.jacobian:
        lines += _matrix(result, width)
    work = _sweeps(result)
    return [*lines, [(f"  {work}", "quiet")]] if work else lines


def _matrix(result: Jacobian, width: int) -> list[Words]:
    """The matrix, a row for each element of the result and a column for each of the variables."""
    shape = getattr(result.value, "shape", None) or (len(result.value),)
    count = size(shape)
    names: list[str] = []
    columns: list[list[float]] = []  # the shown columns, from the first row to the last
    for name, block in result.jacobian.items():
        inside = getattr(block, "shape", shape)[len(shape) :]
        own = elements(name, inside)
        flat: Any = [[number] for number in block] if isinstance(block, tuple) else block.reshape(count, len(own))
        columns += [[float(flat[row][place]) for row in _places(count)] for place in _places(len(own))]
        heads = [f"∂/∂{own[place]}" for place in _places(len(own))]
        if len(heads) < len(own):
            heads.insert(_EDGE, _DOTS)
            columns.insert(len(columns) - _EDGE, [])
        names += heads
    rows = elements("", shape)
    shown = [rows[place] for place in _places(count)]
    cells = [[figure(column[row]) if column else _DOTS for column in columns] for row in range(len(shown))]
    if len(shown) < count:
        shown.insert(_EDGE, _DOTS)
        cells.insert(_EDGE, [_DOTS] * len(names))
    return table(shown, names, cells, width)


def _sweeps(result: Jacobian) -> str:
    """Which mode it was, and what the other one would have had to carry."""
    names = {"forward": "tangents", "reverse": "adjoints"}
    if result.mode not in names or not any(result.work.values()):
        known = [error for block in result.error_estimate.values() for error in _flat(block)]
        within = f", within {max(known):.0e}" if known and not isinstance(result.value, float) else ""
        return f"{result.mode} mode{within}" if result.jacobian else ""
    other = "reverse" if result.mode == "forward" else "forward"
    counts = [
        f"{result.work[mode]} {names[mode][: -1 if result.work[mode] == 1 else None]}" for mode in (result.mode, other)
    ]
    return f"{result.mode} mode: {counts[0]}, where {other} mode has {counts[1]}"


def _flat(block: Any) -> list[float]:
    return [block] if isinstance(block, float) else list(block) if isinstance(block, tuple) else block.ravel().tolist()
