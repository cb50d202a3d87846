"""Directions: for each variable a number, or an array in its shape; what is not named is 0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from adcalc.errors import ShapeError, UnknownVariableError, unknown_variable
from adcalc.graph.shape import text
from adcalc.syntax.point import Binding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adcalc.api.point import Point
    from adcalc.api.program import Program
    from adcalc.errors import Place


def along(program: Program, at: Mapping[str, Any], seed: Point) -> dict[str, Any]:
    """The direction in floats and arrays of floats, for each of the variables that the seed names.

    One number is that of every element. Raises UnknownVariableError for a name that is no variable, ShapeError for an
    array of another shape.

    >>> from adcalc.api import function
    >>> along(function("x*y"), {"x": 1.0, "y": 2.0}, {"y": "1/2"})
    {'y': 0.5}
    """
    for name, given in seed.items():
        if name not in at:
            raise unknown_variable(name, list(at), _place(given))
    found = program.numbers(seed)
    for name, number in found.items():
        shape, other = (getattr(one, "shape", ()) for one in (at[name], number))
        if other not in ((), shape):
            raise ShapeError(
                f"{name} is {text(shape)}, and its direction {text(other)}",
                _place(seed[name]),
                "a direction has the variable's shape, or is one number for every element" if shape else None,
            )
    return found


def seeded(program: Program, at: Mapping[str, Any], names: Sequence[str], seed: Point) -> dict[str, Any]:
    """The direction in the shapes of the variables that are differentiated by, in order.

    Raises what `along` raises, and UnknownVariableError for a name that is none of these.

    >>> from adcalc.api import function
    >>> seeded(function("x*y"), {"x": -1.0, "y": 2.0}, ["x", "y"], {"y": "1/2"})
    {'x': 0.0, 'y': 0.5}
    """
    given = along(program, at, seed)
    for name in given:
        if name not in names:
            raise UnknownVariableError(
                f"the seed names {name}, which is not differentiated by", _place(seed[name]), f"add {name} to --wrt"
            )
    return {name: at[name] * 0.0 + given.get(name, 0.0) for name in names}


def _place(value: Any) -> Place | None:
    return value.place if isinstance(value, Binding) else None
