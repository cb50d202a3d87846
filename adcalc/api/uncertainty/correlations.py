"""Correlations of inputs: what may be one, and the covariances that they make."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from adcalc.api.point import constant_of
from adcalc.errors import UsageError
from adcalc.syntax.lowered import Lowered
from adcalc.syntax.point import Binding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adcalc.api.function import Function
    from adcalc.errors import Place
    from adcalc.syntax.correlation import Correlation

Pair: TypeAlias = tuple[str, str]


def correlations(
    function: Function, given: Sequence[Correlation] | Mapping[Pair, Any], uncertain: Sequence[str]
) -> dict[Pair, Fraction]:
    """The correlation coefficients of pairs of inputs, of which those with an uncertainty are named.

    Raises UsageError for what is no set of correlations: a coefficient beyond 1, an input with itself, an exact input,
    a pair twice, or coefficients that no quantities can have together.

    >>> from adcalc.api import function
    >>> correlations(function("x*y"), {("x", "y"): "3/10"}, ["x", "y"])
    {('x', 'y'): Fraction(3, 10)}
    """
    found: dict[Pair, Fraction] = {}
    last: Place | None = None
    for (one, other), value, place in _each(given):
        if one == other:
            raise UsageError(f"{one} has correlation 1 with itself", place, "a correlation is of two inputs")
        for name in (one, other):
            if name not in uncertain:
                hint = (
                    f"give it one: {name}=2±0.1" if name in function.inputs(uncertain) else f"one of {_list(uncertain)}"
                )
                raise UsageError(f"{name} has no uncertainty that could be correlated", place, hint)
        if (one, other) in found or (other, one) in found:
            raise UsageError(f"the correlation of {one} and {other} is given twice", place)
        number = _exact(function, one, value, place)
        if abs(number) > 1:
            raise UsageError(f"a correlation is a number from -1 to 1, not {float(number):g}", place)
        found[one, other] = number
        last = place
    if not is_possible(found, uncertain):
        raise UsageError(
            "no quantities have these correlations together",
            last,
            "their matrix is not positive semi-definite; have they been rounded too much?",
        )
    return found


def _exact(function: Function, name: str, value: Any, place: Place | None) -> Fraction:
    """The number that was written: exactly, where it is a fraction; a float as the decimal that it is printed as.

    Raises UsageError for an array.
    """
    found = constant_of(name, value, function.table)
    if isinstance(found, Lowered):
        label = found.graph.nodes[found.output].label
        if isinstance(label, Fraction):
            return label
        found = function.numbers({name: value})[name]
    if not isinstance(found, float):
        raise UsageError("a correlation is a number from -1 to 1, not an array", place)
    return Fraction(repr(float(found)))


def _each(given: Sequence[Correlation] | Mapping[Pair, Any]) -> list[tuple[Pair, Any, Place | None]]:
    if hasattr(given, "items"):
        return [(pair, value, None) for pair, value in given.items()]
    return [(one.names, Binding(one.value, one.place), one.place) for one in given]


def _list(names: Sequence[str]) -> str:
    return ", ".join(names) or "those with ±"


def coefficient(found: Mapping[Pair, Fraction], one: str, other: str) -> Fraction:
    """The correlation of two inputs.

    >>> coefficient({("x", "y"): Fraction(1, 2)}, "y", "x"), coefficient({}, "x", "x")
    (Fraction(1, 2), Fraction(1, 1))
    """
    if one == other:
        return Fraction(1)
    return found.get((one, other), found.get((other, one), Fraction(0)))


def is_possible(found: Mapping[Pair, Fraction], names: Sequence[str]) -> bool:
    """Whether the matrix of correlations is positive semi-definite, decided in exact numbers.

    >>> is_possible({("x", "y"): Fraction(1), ("y", "z"): Fraction(1), ("x", "z"): Fraction(0)}, ["x", "y", "z"])
    False
    """
    used = [name for name in names if any(name in pair for pair in found)]
    rows = [[coefficient(found, one, other) for other in used] for one in used]
    for step, row in enumerate(rows):
        pivot = row[step]
        if pivot < 0 or (pivot == 0 and any(row[step:])):
            return False
        for other in rows[step + 1 :] if pivot else ():
            factor = other[step] / pivot
            for column in range(step, len(used)):
                other[column] -= factor * row[column]
    return True
