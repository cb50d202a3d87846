"""Hessians: which graph is asked about, and the whole matrix of what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from adcalc.api.asked import Asked
from adcalc.api.matrices.triangle import Triangle, triangle
from adcalc.modes.base import require_mode
from adcalc.results.second import Hessian

if TYPE_CHECKING:
    from collections.abc import Iterable

    from adcalc.api.function import Function
    from adcalc.api.point import Point
    from adcalc.syntax.lowered import Lowered


def hessian(
    function: Function,
    point: Point,
    wrt: Iterable[str] | None = None,
    mode: str = "reverse",
    difference: str = "richardson",
) -> Hessian:
    """The Hessian at a point. Raises what `Function.gradient` raises, for second derivatives too.

    >>> from adcalc.api import function
    >>> hessian(function("x^2*y"), {"x": 1, "y": 2}).hessian
    {'x': {'x': 4.0, 'y': 2.0}, 'y': {'x': 2.0, 'y': 0.0}}
    """
    lowered, at, names = question(function, point, wrt, mode)
    if lowered.has_arrays:
        from adcalc.api.matrices import second_arrays

        return second_arrays.hessian(function, lowered, at, names, mode, difference)
    found = triangle(Asked(function, lowered, at, tuple(names)), mode, difference)
    rows, columns, values, errors = both(found)
    gradient = dict(zip(names, found.gradient, strict=True))
    shapes: dict[str, tuple[int, ...]] = dict.fromkeys(names, ())
    return Hessian(
        function.source.text, at, mode, found.value, gradient, tuple(names), shapes, rows, columns, values,
        found.colours, errors, found.warnings,
    )  # fmt: skip


def question(
    function: Function, point: Point, wrt: Iterable[str] | None, mode: str
) -> tuple[Lowered, dict[str, Any], list[str]]:
    """The graph, the point and the variables of a question about second derivatives.

    Raises UsageError for a mode that there is not.
    """
    require_mode(mode, None)
    lowered, at = function.at(point)
    if mode == "symbolic" and function.needs_point:
        function.lowered()  # refuses: it has no point
    return lowered, at, list(dict.fromkeys(function.chosen(wrt, lowered)))


def both(found: Triangle) -> tuple[tuple[int, ...], tuple[int, ...], tuple[float, ...], tuple[float, ...]]:
    """Rows, columns and values of a whole matrix, and the errors, from its upper triangle: by rows, then columns.

    >>> both(Triangle(0.0, (), ((0, 1, 5.0),), 1))
    ((0, 1), (1, 0), (5.0, 5.0), ())
    """
    errors = found.errors or (0.0,) * len(found.entries)
    whole = [(row, column, value, error) for (row, column, value), error in zip(found.entries, errors, strict=True)]
    whole += [(column, row, value, error) for row, column, value, error in whole if row != column]
    whole.sort(key=lambda entry: entry[:2])
    rows, columns, values, known = zip(*whole, strict=True) if whole else ((), (), (), ())
    return rows, columns, values, known if found.errors else ()
