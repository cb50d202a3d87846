"""What is to be said of answers about arrays in which floats may have lost something: nothing, or a warning."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from adcalc.api.arrays.elements import work
from adcalc.api.proofs.judged import Doubt
from adcalc.graph.unfold import MATRICES
from adcalc.modes.blame import text_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adcalc.api.floats import Warnings
    from adcalc.graph.node import NodeId
    from adcalc.modes.digits.array_range import Verdict
    from adcalc.modes.digits.array_watch import ArrayWatch
    from adcalc.modes.plans.plan import Plan
    from adcalc.syntax.lowered import Lowered

_MOST: Final = 20_000  # operations on numbers: a moment's work
_DERIVATIVE: Final = "the derivative underflows"


def stands(
    plan: Plan, lowered: Lowered, at: Mapping[str, Any], found: Sequence[Any], is_whole: bool = True
) -> Warnings | None:
    """What is to be said of an answer of which floats lost nothing; None where they may have.

    `found` are the first outputs of the plan; of an answer that is not the `is_whole` one, others are not known.

    >>> from adcalc.api import function
    >>> from adcalc.api.arrays import arrays
    >>> f = function("1 + exp(-x)")
    >>> lowered, at = f.at({"x": [800, 1]}, several=True)
    >>> made = arrays.evaluated(f, lowered, at, [lowered.output])
    >>> stands(lowered.plans["value", lowered.output][0], lowered, at, made)
    ()
    """
    watch = plan.watch
    if watch is None or not (watch.noticed or watch.left):
        return ()
    if watch.noticed or not is_whole:
        return None
    inside = plan.graph.input
    said = _said(plan, {inside(name): number for name, number in at.items()}, found, lowered)
    if said.name == "DOUBT":
        return None
    if said.name == "RIGHT":
        return ()
    what = _leaving(lowered, watch)
    if what == f"{text_of(lowered, lowered.output)} underflows" and np.all(np.absolute(found[0]) > sys.float_info.min):
        what = _DERIVATIVE  # of a function of many operations, whose value is an ordinary one
    return (("underflow", f"{what} to 0 in some elements"),)


def is_doubtful(plan: Plan, point: Mapping[NodeId, Any], found: Sequence[Any], lowered: Lowered) -> bool:
    """Whether floats may have lost something of the first outputs of a plan that was run at a point.

    >>> from adcalc.api import function
    >>> from adcalc.api.arrays import arrays
    >>> f = function("1 - cos(x)")
    >>> lowered, at = f.at({"x": [1e-9, 1]}, several=True)
    >>> made = arrays.evaluated(f, lowered, at, [lowered.output])
    >>> is_doubtful(lowered.plans["value", lowered.output][0], {lowered.variables["x"]: at["x"]}, made, lowered)
    True
    """
    watch = plan.watch
    if watch is None or not (watch.noticed or watch.left):
        return False
    return bool(watch.noticed) or _said(plan, point, found, lowered).name == "DOUBT"


def unproved(
    lowered: Lowered, plan: Plan, shown: set[NodeId], at: Mapping[str, Any], found: Sequence[Any] = ()
) -> Warnings:
    """The warning about what is too long to be proved, where digits have certainly been lost.

    So it is where what is shown has lost them itself, and where longer floats have other digits than those `found`.

    >>> from adcalc.api import function
    >>> from adcalc.api.arrays import arrays
    >>> f = function("1 - cos(x)")
    >>> lowered, at = f.at({"x": np.full(10**5, 1e-9)}, several=True)
    >>> made = arrays.evaluated(f, lowered, at, [lowered.output])
    >>> unproved(lowered, lowered.plans["value", lowered.output][0], {lowered.output}, at)[0][0]
    'cancellation'
    """
    watch = plan.watch
    if watch is None:
        return ()
    end = "in some elements, and too many operations lead to it to prove it"
    node = next((one for one in watch.severe if one in shown), None)
    if node is None and watch.noticed and found:
        from adcalc.modes.digits.array_range import can_tell

        point = {plan.graph.input(name): number for name, number in at.items()}
        if can_tell(plan) and _said(plan, point, found, lowered).name == "DOUBT":
            node = next((one for one in watch.noticed if lowered.place(one)), watch.noticed[0])
    if node is not None:
        what = text_of(lowered, node) if lowered.place(node) else "the derivative"
        return (("cancellation", f"{what} loses digits {end}"),)
    return (("underflow", f"{_leaving(lowered, watch)} {end}"),) if watch.left else ()


def is_long(lowered: Lowered) -> bool:
    """Whether a program takes too many operations on numbers to look at all of them.

    >>> from adcalc.api import function
    >>> f = function("sum(sin(x))")
    >>> is_long(f.at({"x": [1, 2]})[0]), is_long(f.at({"x": np.ones(20_000)})[0])
    (False, True)
    """
    if "work" not in lowered.plans:
        lowered.plans["work"] = work(lowered.graph, lowered.output)
    return bool(lowered.plans["work"] > _MOST)


def of_matrices(lowered: Lowered, watch: ArrayWatch | None) -> Doubt | None:
    """The doubt about a function of a matrix that is nearly singular: elimination loses digits a few at a time."""
    nodes = lowered.graph.nodes
    node = next((one for one in watch.noticed if nodes[one].op in MATRICES), None) if watch else None
    if node is None:
        return None
    what = text_of(lowered, node) if lowered.place(node) else "the derivative"
    return Doubt("cancellation", f"{what} loses digits, for its matrix is nearly singular", False)


def _said(plan: Plan, point: Mapping[NodeId, Any], found: Sequence[Any], lowered: Lowered) -> Verdict:
    from adcalc.modes.digits.array_range import verdict

    return verdict(plan, point, found, is_long(lowered))


def _leaving(lowered: Lowered, watch: ArrayWatch) -> str:
    """What underflows first."""
    node = next((one for one in watch.left if lowered.place(one)), None)
    return _DERIVATIVE if node is None else f"{text_of(lowered, node)} underflows"
