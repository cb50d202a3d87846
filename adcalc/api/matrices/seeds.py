"""Seeds: a direction of the variables, or a weight of the result, each in a shape that fits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from adcalc.errors import ShapeError, UnknownVariableError, UsageError, unknown_variable
from adcalc.graph.shape import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from adcalc.api.point import Point
    from adcalc.api.program import Program
    from adcalc.errors import Place
    from adcalc.graph.node import Shape


def along(program: Program, at: Mapping[str, Any], seed: Point) -> dict[str, Any]:
    """The direction in floats and arrays of floats, for each of the variables that the seed names.

    One number is that of every element. Raises UnknownVariableError for a name that is no variable, ShapeError for an
    array of another shape.

    >>> from adcalc.api import function
    >>> along(function("x*y"), {"x": 1.0, "y": 2.0}, {"y": "1/2"})
    {'y': 0.5}
    """
    for name, given in seed.items():
        require_variable(name, at, given)
    found = program.numbers(seed)
    for name, number in found.items():
        shape, other = (getattr(one, "shape", ()) for one in (at[name], number))
        require_direction(name, shape, other, seed[name])
    return found


def seeded(program: Program, at: Mapping[str, Any], names: Sequence[str], seed: Point) -> dict[str, Any]:
    """The direction in the shapes of the variables that are differentiated by, in order; what is not named is 0.

    Raises what `along` raises, and UnknownVariableError for a name that is none of these.

    >>> from adcalc.api import function
    >>> seeded(function("x*y"), {"x": -1.0, "y": 2.0}, ["x", "y"], {"y": "1/2"})
    {'x': 0.0, 'y': 0.5}
    """
    given = along(program, at, seed)
    for name in given:
        require_active(name, names, seed[name])
    return {name: at[name] * 0.0 + given.get(name, 0.0) for name in names}


def tangent_name(name: str) -> str:
    """The name of the input that is the tangent of a variable; nothing that is typed is called so.

    >>> tangent_name("x")
    'dx#seed'
    """
    return f"d{name}#seed"


def require_variable(name: str, known: Iterable[str], given: Any) -> None:
    """Raise UnknownVariableError for a direction of what is no variable.

    >>> require_variable("x", ["x", "y"], 1)
    """
    if name not in known:
        raise unknown_variable(name, list(known), _place(given))


def require_active(name: str, names: Iterable[str], given: Any) -> None:
    """Raise UnknownVariableError where a Hessian's direction names what it does not differentiate by.

    >>> require_active("x", ["x", "y"], 1)
    """
    if name not in names:
        raise UnknownVariableError(
            f"the seed names {name}, which is not differentiated by", _place(given), f"add {name} to --wrt"
        )


def require_direction(name: str, shape: Shape, other: Shape, given: Any) -> None:
    """Raise ShapeError where a direction has neither the variable's shape nor that of a number.

    >>> require_direction("x", (2,), (), 1)
    """
    if other not in ((), shape):
        raise ShapeError(
            f"{name} is {text(shape)}, and its direction {text(other)}",
            _place(given),
            "a direction has the variable's shape, or is one number for every element" if shape else None,
        )


def named_weight(seed: Any, named: str, variables: Iterable[str]) -> tuple[str, Any]:
    """What the result is called, and the weight itself, which may stand behind that name.

    Raises UsageError for several weights or that of a variable, UnknownVariableError for another name.

    >>> named_weight({"Y": [1, 0]}, "Y", ["x"])
    ('Y', [1, 0])
    """
    if not isinstance(seed, Mapping):
        return named, seed
    if len(seed) != 1:
        raise UsageError("a seed gives one weight, the result's", hint='write --seed "[1, 0]"')
    ((name, seed),) = seed.items()
    if name in variables:
        raise UsageError(
            f"'{name}' is a variable, and a seed is the weight of the result{f', {named}' if named else ''}",
            _place(seed),
            f'write --seed "{named or "Y"}=…"; jvp takes a direction of the variables',
        )
    if named and name != named:
        raise UnknownVariableError(f"the result is {named}, not {name}", _place(seed), f'write --seed "{named}=…"')
    return name, seed


def require_weight(named: str, shape: Shape, other: Shape, given: Any) -> None:
    """Raise ShapeError where a weight has neither the result's shape nor that of a number.

    >>> require_weight("Y", (2,), (), 1)
    """
    if other not in ((), shape):
        raise ShapeError(
            f"the result{f' {named}' if named else ''} is {text(shape)}, and its weight {text(other)}",
            _place(given),
            "a weight has the result's shape, or is one number for every element",
        )


def _place(value: Any) -> Place | None:
    place: Place | None = getattr(value, "place", None)
    return place
