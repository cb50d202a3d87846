"""Products with the Jacobian, which is never made.

A weight of the result times the Jacobian is the gradient of the weighed sum, by one return sweep. The Jacobian times a
direction of the variables is the slope of the result by one number, the step along the direction, by one forward sweep.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from adcalc.api.matrices.seeds import along, named_weight, require_weight
from adcalc.errors import LimitError, UsageError
from adcalc.graph.shape import size
from adcalc.modes.base import require_mode
from adcalc.results.products import Jvp, Vjp
from adcalc.syntax.weighing import moved, weighed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from adcalc.api.floats import Warnings
    from adcalc.api.function import Function
    from adcalc.api.point import Point
    from adcalc.graph.node import Shape
    from adcalc.syntax.code import Code
    from adcalc.syntax.lowered import Lowered

_WEIGHT: Final = "weight of the result"  # no names that a program has without quotes
STEP: Final = "a step along the seed"
DIRECTION: Final = "direction of "
_PROVED: Final = 100_000  # operations on numbers, those of every element together, that are looked at one by one
_LOOKED_AT: Final = 1000  # elements of a result on an edge, one sweep each


def vjp(
    function: Function,
    point: Point,
    seed: Any,
    wrt: Iterable[str] | None = None,
    mode: str = "reverse",
    difference: str = "richardson",
    at_kink: str | None = None,
) -> Vjp:
    """The vector-Jacobian product at a point, for a weight of the result: a number, nested lists, or a name with these.

    One number is the weight of every element. Raises ShapeError where the weight has another shape than the result,
    UnknownVariableError for a name that is not the result's, and what `Function.gradient` raises.

    >>> from adcalc.api import function
    >>> vjp(function("A@x"), {"A": [[1, 2], [3, 4]], "x": [1, 1]}, [1, 10]).vjp["x"].tolist()
    [31.0, 42.0]
    """
    require_mode(mode, at_kink)
    lowered, at = function.at(point, several=True)
    names = function.chosen(wrt, lowered)
    name, weight = _weight(function, lowered, seed)
    shape = lowered.graph.shape(lowered.output)
    asked, numbers = _weighed(function, lowered, weight, shape)
    if lowered.has_arrays:
        from adcalc.api.proofs import array_repair

        place = {**at, **numbers}
        made = asked.lowered_at(place)
        slopes, lost = array_repair.slopes(asked, made, place, names, mode, difference, at_kink)
        shown: Any = slopes.value
        if array_repair.noticed(asked, made, names, mode):
            whole = function.evaluate(point)
            shown, lost = whole.value, tuple(dict.fromkeys((*whole.warnings, *lost)))
        return Vjp(function.source.text, at, mode, shown, name, weight, slopes.partials, slopes.errors, lost)
    found = asked.gradient({**point, **numbers}, wrt=names, mode=mode, difference=difference, at_kink=at_kink)
    value = function.evaluate(point)
    warnings = tuple(dict.fromkeys((*value.warnings, *found.warnings)))
    return Vjp(
        function.source.text, at, mode, value.value, name, weight, found.gradient, found.error_estimate, warnings
    )


def jvp(function: Function, point: Point, seed: Mapping[str, Any], at_kink: str | None = None) -> Jvp:
    """The Jacobian-vector product at a point: the slope of the result along a direction, 0 for variables that it lacks.

    Raises UnknownVariableError for a name that is no variable, ShapeError where a direction has another shape than its
    variable, and what `Function.gradient` raises.

    >>> from adcalc.api import function
    >>> jvp(function("[x^2, x*y]"), {"x": 2, "y": 3}, {"x": 1}).jvp
    (4.0, 3.0)
    """
    lowered, at = function.at(point, several=True)
    directions = along(function, at, seed)
    asked = moved_along(function, tuple(directions))
    if not directions:
        raise UsageError("a seed gives a direction of the variables", hint='write --seed "x=1, y=0"')
    numbers = {**point, STEP: 0.0, **{f"{DIRECTION}{name}": number for name, number in directions.items()}}
    shape = lowered.graph.shape(lowered.output)
    if lowered.has_arrays and shape:
        from adcalc.api.arrays.along import slope
        from adcalc.api.arrays.elements import work

        slopes, value, lost = slope(asked, *asked.at(numbers, several=True), STEP)
        if slopes is not None and not lost:
            return Jvp(function.source.text, at, value, directions, slopes)
        if slopes is not None and size(shape) * work(lowered.graph, lowered.output) > _PROVED:
            whole = function.evaluate(point)
            told = (*whole.warnings, *((lost,) if lost and lost[1] else ()))
            return Jvp(function.source.text, at, whole.value, directions, slopes, told)
        slopes, warnings = _one_by_one(asked, numbers, shape, at_kink)
    elif shape:
        slopes, warnings = _one_by_one(asked, numbers, shape, at_kink)
        slopes = tuple(slopes.tolist())
    else:
        gradient = asked.gradient(numbers, wrt=[STEP], mode="forward", at_kink=at_kink)
        slopes, warnings = gradient.gradient[STEP], gradient.warnings
    result = function.evaluate(point)
    warnings = tuple(dict.fromkeys((*result.warnings, *warnings)))
    return Jvp(function.source.text, at, result.value, directions, slopes, warnings)


def _one_by_one(asked: Function, numbers: Point, shape: Shape, at_kink: str | None) -> tuple[Any, Warnings]:
    """The slope of each element along the step, one after the other. Raises LimitError where there are too many."""
    import numpy as np

    if size(shape) > _LOOKED_AT:
        raise LimitError(f"an element stands on an edge, and {size(shape)} are too many to look at each")
    slopes = np.zeros(shape)
    warnings: dict[tuple[str, str], None] = {}
    for index in np.ndindex(shape):
        weight = np.zeros(shape)
        weight[index] = 1.0
        one = vjp(asked, numbers, weight, [STEP], "forward", at_kink=at_kink)
        slopes[index] = one.vjp[STEP]
        warnings.update(dict.fromkeys(one.warnings))
    return slopes, tuple(warnings)


def weighed_by(function: Function, weights: str | tuple[str, ...]) -> Function:
    """The sum of the result's elements, each times its weight: a variable in its shape, or one for each of a list.

    >>> from adcalc.api import function
    >>> weighed_by(function("[x, y]"), ("u", "w")).variables
    ('x', 'y', 'u', 'w')
    """
    return _made_over(function, weights, lambda code: weighed(code, weights))


def moved_along(function: Function, names: tuple[str, ...]) -> Function:
    """The result with some variables moved a step along their directions.

    >>> from adcalc.api import function
    >>> moved_along(function("x*y"), ("x",)).variables
    ('x', 'a step along the seed', 'direction of x', 'y')
    """
    directions = {name: f"{DIRECTION}{name}" for name in names}
    return _made_over(function, ("along", *names), lambda code: moved(code, directions, STEP))


def _made_over(function: Function, how: Any, change: Callable[[Code], Code]) -> Function:
    """The function of the same text with other code, made once."""
    found: Function | None = function.made_over.get(how)
    if found is None:
        code = change(function.code)
        found = function.made_over[how] = function.__class__(
            function.source, function.table, function.maximum, code, function.shapes
        )
    return found


def weight_names(lowered: Lowered, length: int | None) -> str | tuple[str, ...]:
    """What the weight of a result is called, or of a list those of its results: names that the program does not have.

    >>> from adcalc.api import function
    >>> weight_names(function("[x, y]").lowered(several=True), 2)
    ('weight of the result 0', 'weight of the result 1')
    """
    one = _WEIGHT
    while one in lowered.variables:
        one += "'"
    return one if length is None else tuple(f"{one} {place}" for place in range(length))


def _weighed(function: Function, lowered: Lowered, weight: Any, shape: Shape) -> tuple[Function, dict[str, Any]]:
    """The function of the weighed sum, and the weights of its point."""
    names = weight_names(lowered, None if not shape or lowered.has_arrays else shape[0])
    if isinstance(names, str):
        return weighed_by(function, names), {names: weight}
    each = [weight] * shape[0] if isinstance(weight, float) else [float(number) for number in weight]
    return weighed_by(function, names), dict(zip(names, each, strict=True))


def _weight(function: Function, lowered: Lowered, seed: Any) -> tuple[str, Any]:
    """The result's name, and its weight as a number or an array of the result's shape."""
    named, seed = named_weight(seed, lowered.names.get(lowered.output, ""), lowered.variables)
    weight = function.numbers({named or "the seed": seed})[named or "the seed"]
    require_weight(named, lowered.graph.shape(lowered.output), getattr(weight, "shape", ()), seed)
    return named, weight
