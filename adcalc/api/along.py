"""The slope of an array result by one number: each element's, by one forward sweep over nodes."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from adcalc.api.arrays import evaluated
from adcalc.modes.base import NodeError
from adcalc.modes.edges import edges
from adcalc.modes.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from adcalc.api.program import Program
    from adcalc.syntax.lowered import Lowered


def slope(program: Program, lowered: Lowered, at: Mapping[str, Any], name: str) -> Any:
    """The derivative of an array by a number, and the array; None for the first where an element stands on an edge.

    Raises what `evaluated` raises.

    >>> from adcalc.api import function
    >>> f = function("t*x")
    >>> slope(f, *f.at({"t": 2, "x": [1, 3]}, several=True), "t")[0].tolist()
    [1.0, 3.0]
    """
    from adcalc.api.program import real

    (value,) = evaluated(program, lowered, at, [lowered.output])
    key = ("slope", name)
    if key not in lowered.plans:
        graph, output, variable = lowered.graph, lowered.output, lowered.variables[name]
        first = len(graph)
        watched = [edge.condition for edge in edges(program.differentiate.tape(graph, output, (variable,)))]
        (tangent,) = program.differentiate(graph, output, (variable,))
        outputs = [graph.constant(Fraction(0)) if tangent is None else tangent, *watched]
        lowered.plans[key] = Plan(graph, outputs, real(program.table), first)
    try:
        found, *met = lowered.plans[key].run({lowered.variables[one]: number for one, number in at.items()})
    except NodeError:
        return None, value
    if any(np.any(edge) for edge in met) or not np.all(np.isfinite(found)):
        return None, value
    return np.broadcast_to(found, lowered.graph.shape(lowered.output)) + 0.0, value
