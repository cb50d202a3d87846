"""Directions: a number, or an array in its shape, for each variable; what is not named is 0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from adcalc.errors import ShapeError, UnknownVariableError, unknown_variable
from adcalc.syntax.point import Binding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adcalc.api.point import Point
    from adcalc.api.program import Program
    from adcalc.syntax.lowered import Lowered


def seeded(
    program: Program, lowered: Lowered, at: Mapping[str, Any], names: Sequence[str], seed: Point
) -> dict[str, Any]:
    """The direction in floats and arrays of floats, for each of the variables in order.

    Raises UnknownVariableError for a name that is none of them, ShapeError for an array of another shape.

    >>> from adcalc.api import function
    >>> f = function("x*y")
    >>> seeded(f, *f.at({"x": 1, "y": 2}), ["x", "y"], {"y": "1/2"})
    {'x': 0.0, 'y': 0.5}
    """
    given = program.numbers(seed)
    for name in given:
        place = seed[name].place if isinstance(seed[name], Binding) else None
        if name not in lowered.variables:
            raise unknown_variable(name, list(lowered.variables), place)
        if name not in names:
            raise UnknownVariableError(
                f"the seed names {name}, which is not differentiated by", place, f"add {name} to --wrt"
            )
        if getattr(given[name], "shape", ()) != getattr(at[name], "shape", ()):
            from adcalc.graph.shape import text

            raise ShapeError(
                f"the seed of {name} is {_words(given[name], text)}, and {name} itself {_words(at[name], text)}", place
            )
    return {name: given.get(name, at[name] * 0.0) for name in names}


def _words(value: Any, text: Any) -> str:
    shape = getattr(value, "shape", ())
    return text(shape) if shape else "a number"
