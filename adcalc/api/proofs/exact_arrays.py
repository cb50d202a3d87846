"""Arrays at exact points: their elements, each as exact as it was written, and the function of all of them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from adcalc.api.arrays.elements import by_element as unfold
from adcalc.api.arrays.elements import constants, values
from adcalc.errors import UsageError
from adcalc.graph.elements import elements
from adcalc.graph.unfold import unfolded
from adcalc.modes.base import NodeError
from adcalc.syntax.lowered import Lowered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from adcalc.api.function import Function
    from adcalc.api.point import Point
    from adcalc.graph.node import Shape
    from adcalc.modes.proofs.attempt import Exact
    from adcalc.rules.table import Table


class Elements(NamedTuple):
    """A function of numbers in the place of one of arrays: its graph, its exact point, the shapes that were there.

    `result` is the shape of the result, whose elements are the results of the graph, and `name` what it is called.

    >>> Elements(None, {}, {"x": (2,)}, ()).shapes
    {'x': (2,)}
    """

    lowered: Lowered
    at: dict[str, Exact]
    shapes: dict[str, Shape]
    result: Shape
    name: str = ""


def by_element(function: Function, point: Point, given: Mapping[str, Any], several: bool) -> Elements:
    """The function at a point with arrays, element by element; `given` are the point's exact values.

    Raises LimitError where there are too many elements, UsageError for a program whose way depends on the point.

    >>> from adcalc.api import function
    >>> by_element(function("sum(x)"), {"x": [1, 2]}, {"x": np.array([1.0, 2.0])}, False).at
    {'x[0]': Fraction(1, 1), 'x[1]': Fraction(2, 1)}
    """
    floats = function.numbers(point)
    lowered, _ = function.at(point, several)
    if function.needs_point or lowered.guards:
        raise UsageError(
            "proved digits of arrays are those of a formula: this program follows the point, or differentiates inside",
            hint="name the elements: a function of numbers has proved digits in any case",
        )
    here = {name: floats[name] for name in lowered.variables if name in floats}
    try:
        small = unfold(lowered, here, values(function, lowered, here)).lowered
    except NodeError:  # floats choose no pivots
        small = unfold(lowered, here).lowered
    at: dict[str, Exact] = {}
    shapes: dict[str, Shape] = {}
    for name in lowered.variables:
        value = given[name]
        shape = lowered.graph.shape(lowered.variables[name])
        labels = elements(name, shape)
        if shape:
            shapes[name] = shape
            at |= dict(zip(labels, exact_elements(value, function.table), strict=True))
        else:
            at[name] = value
    name = lowered.names.get(lowered.output, "")
    return Elements(small, at, shapes, lowered.graph.shape(lowered.output), name)


def exact_elements(value: Any, table: Table) -> list[Exact]:
    """The elements of an array, row by row: those of a constant expression are expressions of their own.

    >>> from adcalc.rules.table import standard
    >>> exact_elements(np.array([[0.5, 2.0]]), standard())
    [Fraction(1, 2), Fraction(2, 1)]
    """
    if not isinstance(value, Lowered):
        return [Fraction(float(number)) for number in np.ravel(value)]
    try:
        pivots = constants(table, value)
    except NodeError:  # floats choose none
        pivots = {}
    whole = unfolded(value.graph, [value.output], pivots)
    known = len(value.spans)
    spans = [value.spans[origin] if origin < known else (0, 0) for origin in whole.origins]
    found: list[Exact] = []
    for node in np.ravel(whole.elements[value.output]):
        one = Lowered(value.code)
        one.graph, one.spans, one.output = whole.graph, spans, int(node)
        label = whole.graph.nodes[int(node)].label
        found.append(label if isinstance(label, Fraction) else one)
    return found
