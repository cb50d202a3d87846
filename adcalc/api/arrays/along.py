"""Forward mode over arrays: a gradient by one sweep for each element, and the slope of an array by one number."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from adcalc.api.arrays.arrays import evaluated
from adcalc.errors import LimitError
from adcalc.modes.base import NodeError
from adcalc.modes.digits.array_watch import ArrayWatch
from adcalc.modes.edges.edges import edges
from adcalc.modes.plans.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adcalc.api.arrays.arrays import Prepared
    from adcalc.api.program import Program
    from adcalc.graph.node import NodeId
    from adcalc.syntax.lowered import Lowered

_DIRECTIONS: Final = 100_000  # elements that forward mode differentiates by, one sweep each


def each(made: Prepared, point: Mapping[NodeId, Any], at: Mapping[str, Any], names: Sequence[str]) -> list[Any]:
    """The partials of a number, one element at a time: forward mode has as many sweeps as there are elements.

    Raises LimitError where these are too many.

    >>> from adcalc.api import function
    >>> function("sum(x^2)").gradient(x=[1, 2], mode="forward").gradient["x"].tolist()
    [2.0, 4.0]
    """
    count = sum(np.size(at[name]) for name in names)
    if count > _DIRECTIONS:
        raise LimitError(
            f"forward mode takes a sweep for each of the {count} elements", None, "--mode reverse takes one for all"
        )
    partials: list[Any] = []
    for name in names:
        whole = np.zeros(np.shape(at[name]))
        if name in made.tangents:
            seed, plan = made.tangents[name]
            for index in np.ndindex(whole.shape):
                direction = np.zeros(whole.shape)
                direction[index] = 1.0
                (whole[index],) = plan.run({**point, seed: direction})
                if made.plan.watch and plan.watch:
                    made.plan.watch.noticed += plan.watch.noticed
                    made.plan.watch.left += plan.watch.left
        partials.append(whole)
    return partials


def slope(
    program: Program, lowered: Lowered, at: Mapping[str, Any], name: str
) -> tuple[Any, Any, tuple[str, str] | None]:
    """The derivative of an array by a number, the array, and if digits may be lost the warning about it.

    Its sentence is empty where few may be. The derivative is None where an element stands on an edge.
    Raises what `evaluated` raises.

    >>> from adcalc.api import function
    >>> f = function("t*x")
    >>> slope(f, *f.at({"t": 2, "x": [1, 3]}, several=True), "t")[0].tolist()
    [1.0, 3.0]
    """
    from adcalc.api.program import real

    (value,) = evaluated(program, lowered, at, [lowered.output])
    point = {lowered.variables[one]: number for one, number in at.items()}
    lost = _lost(lowered.plans["value", lowered.output][0], point, value, lowered)
    key = ("slope", name)
    if key not in lowered.plans:
        graph, output, variable = lowered.graph, lowered.output, lowered.variables[name]
        first = output + 1
        watched = [edge.condition for edge in edges(program.differentiate.tape(graph, output, (variable,)))]
        (tangent,) = program.differentiate(graph, output, (variable,))
        outputs = [graph.constant(Fraction(0)) if tangent is None else tangent, *watched]
        lowered.plans[key] = Plan(graph, outputs, real(program.table), first, watch=ArrayWatch(graph, first))
    try:
        found, *met = lowered.plans[key].run(point)
    except NodeError:
        return None, value, lost
    of_slope = _lost(lowered.plans[key], point, found, lowered)
    lost = of_slope if lost is None or (of_slope and of_slope[1]) else lost
    if any(np.any(edge) for edge in met) or not np.all(np.isfinite(found)):
        return None, value, lost
    return np.broadcast_to(found, lowered.graph.shape(lowered.output)) + 0.0, value, lost


def _lost(plan: Plan, point: Mapping[NodeId, Any], found: Any, lowered: Lowered) -> tuple[str, str] | None:
    from adcalc.api.proofs.array_doubts import is_doubtful

    watch = plan.watch
    if watch is None or not is_doubtful(plan, point, [found], lowered):
        return None
    if not (watch.severe or watch.left):
        return "cancellation", ""
    kind, what = ("cancellation", "lose digits") if watch.severe else ("underflow", "may come from what underflows")
    return kind, f"slopes {what} in some elements, and too many operations lead to them to prove them"
