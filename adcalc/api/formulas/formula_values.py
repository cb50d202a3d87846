"""The numbers of derivatives at a point, where they exist: watched for lost digits, or by their Taylor series."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adcalc.api import floats
from adcalc.api.asked import Asked
from adcalc.api.formulas.slopes import slope, swept
from adcalc.errors import AdcalcError, NotDifferentiableError
from adcalc.modes.base import NodeError
from adcalc.modes.edges import singular
from adcalc.syntax.number import short

if TYPE_CHECKING:
    from collections.abc import Mapping

    from adcalc.api.function import Function
    from adcalc.api.point import Point
    from adcalc.graph.node import NodeId
    from adcalc.syntax.lowered import Lowered


def proved(function: Function, point: Point, way: tuple[str, ...]) -> float | None:
    """The number of a higher derivative by its Taylor series; None where that is not the way to it.

    >>> from adcalc.api import function
    >>> proved(function("x^3"), {"x": 2}, ("x", "x"))
    12.0
    """
    if len(way) < 2:
        return None
    from adcalc.api.series.partials import partials

    try:
        (number,) = partials(function, point, way, mixed=True).gradient.values()
    except AdcalcError:
        return None
    return float(number)


def watched(
    function: Function, lowered: Lowered, at: Mapping[str, float], way: tuple[str, ...]
) -> tuple[float, floats.Warnings]:
    """The number of a derivative at the point, with its warnings; the proved one where floating point has none.

    >>> from adcalc.api import function
    >>> f = function("x^2")
    >>> watched(f, *f.at({"x": 3}), ("x",))
    (6.0, ())
    """
    try:
        return _evaluated(function, lowered, at, way)
    except floats.OWN as error:
        from adcalc.api.proofs.repair import instead

        node = _unsimplified(function, lowered, way[:-1])
        repaired = instead(Asked(function, lowered, at, way[-1:], output=node), error)
        return repaired.numbers[-1], repaired.warnings


def _unsimplified(function: Function, lowered: Lowered, way: tuple[str, ...]) -> NodeId:
    """The node of a derivative, as the sweeps leave it."""
    node = lowered.output
    for name in way:
        node = slope(function, lowered, node, name)
    return node


def evaluated(function: Function, lowered: Lowered, at: Mapping[str, float], way: tuple[str, ...]) -> float:
    """The float of a derivative at the point, where it exists: every derivative on the way has to be differentiable.

    Raises AdcalcError where it is not.

    >>> from adcalc.api import function
    >>> evaluated(function("x*abs(x)"), *function("x*abs(x)").at({"x": 0}), ("x",))
    0.0
    """
    return _evaluated(function, lowered, at, way)[0]


def _evaluated(
    function: Function, lowered: Lowered, at: Mapping[str, float], way: tuple[str, ...]
) -> tuple[float, floats.Warnings]:
    """The number of a derivative at the point, where it exists; on an edge it has to be the same backwards.

    The formula of a partial is that of one side of an edge: the variables on which an edge depends come last, and
    where there are two of them, partials beside the point tell what it is.

    Raises AdcalcError where it does not exist.
    """
    if len(set(way)) < 2:
        return _along(function, lowered, at, way)
    from adcalc.modes.edges import limits

    variables = lowered.variables
    try:
        tape = function.tape(lowered, at, tuple(variables[name] for name in dict.fromkeys(way)))
        edged = limits.edged(tape, singular.find(tape).clauses)
    except NodeError as error:
        raise function.explained(error, lowered) from None
    ordered = tuple(sorted(way, key=lambda name: variables[name] in edged))
    apart = {name for name in way if variables[name] in edged}
    if len(apart) < 2:
        found = _along(function, lowered, at, ordered)
        if apart and len(way) == 2:  # the other order may have a derivative, too
            backwards = limits.second(tape, variables[ordered[1]], variables[ordered[0]])
            if backwards is not None:
                _require_same(lowered, ordered, found[0], backwards)
        return found
    ways = (way, way[::-1])
    numbers = [None if len(way) > 2 else limits.second(tape, *(variables[name] for name in one)) for one in ways]
    number, other = numbers
    if number is None or other is None:
        raise NotDifferentiableError(
            f"this point is on an edge by more than one variable, and the derivative by {', '.join(way)} "
            f"{'does not exist there' if len(way) == 2 else 'is not looked for at such a point'}",
            lowered.place(lowered.output),
        )
    _require_same(lowered, way, number, other)
    return number, ()


def _require_same(lowered: Lowered, way: tuple[str, ...], number: float, backwards: float) -> None:
    """Raise NotDifferentiableError where a mixed derivative is another one with its variables in the other order."""
    if not singular.is_same(number, backwards):
        raise NotDifferentiableError(
            f"the derivative by {', '.join(way)} depends on their order here: {short(number)} in this one, "
            f"{short(backwards)} backwards",
            lowered.place(lowered.output),
        )


def _along(
    function: Function, lowered: Lowered, at: Mapping[str, float], way: tuple[str, ...]
) -> tuple[float, floats.Warnings]:
    """The number of a derivative, each on the way held to existence."""
    node = lowered.output
    for order, name in enumerate(way):
        try:
            tape, kinks = swept(function, lowered, at, node, name, order > 0)
            if kinks.clauses:
                (partial,) = singular.one_sided(tape, kinks).partials
                if order + 1 == len(way):
                    return (partial or 0.0) + 0.0, ()
        except NodeError as error:
            raise function.explained(error, lowered) from None
        node = slope(function, lowered, node, name)
    return floats.value(Asked(function, lowered, at, output=node))
