"""Arrays over longer floats, which have as many digits and far more range: what left that of floats is held to them."""

from __future__ import annotations

import sys
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from adcalc.arithmetics.batch import KEEP
from adcalc.graph.node import CONSTANT
from adcalc.modes.base import NodeError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adcalc.graph.node import NodeId
    from adcalc.modes.plans.plan import Plan

_RIGHT: Final = 5e-9  # of a number: half a unit in the eighth digit
_LEAST: Final = sys.float_info.min
_SMALLEST: Final = 5e-324
_ROUGH: Final = 1e-312  # an error of numbers that have lost digits only because they are too small to have them
_MOST: Final = sys.float_info.max


class Verdict(Enum):
    """What longer floats say of an answer: it is right, or right and in part too small for floats, or perhaps not.

    >>> Verdict.DOUBT.name
    'DOUBT'
    """

    RIGHT = 0
    SMALL = 1
    DOUBT = 2


def has_longer() -> bool:
    """Whether this machine has floats with more range than doubles.

    >>> has_longer() == (np.finfo(np.longdouble).maxexp > 1024)
    True
    """
    return int(np.finfo(np.longdouble).maxexp) > sys.float_info.max_exp


def can_tell(plan: Plan) -> bool:
    """Whether longer floats tell of an answer if its digits are right.

    >>> from adcalc.api import function
    >>> from adcalc.api.arrays.arrays import evaluated
    >>> f = function("sum(x)")
    >>> lowered, at = f.at({"x": [1, 2]})
    >>> _ = evaluated(f, lowered, at, [lowered.output])
    >>> can_tell(lowered.plans["value", lowered.output][0]) == has_longer()
    True
    """
    return has_longer() and lossy(plan) is None


def lossy(plan: Plan) -> str | None:
    """An operation of a plan that longer floats do not have; None where there is none."""
    return min({plan.graph.nodes[step.node].op for step in plan.steps} - KEEP, default=None)


def extended(plan: Plan, point: Mapping[NodeId, Any]) -> list[Any]:
    """The outputs of a plan over longer floats. Raises NodeError, and TypeError where an operation lacks them.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.graph.graph import Graph
    >>> from adcalc.modes.plans.plan import Plan
    >>> from adcalc.rules.compiled import Compiled
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x", (1,))
    >>> plan = Plan(graph, [graph.apply("neg", x)], Compiled(standard(), Real()))
    >>> extended(plan, {x: np.ones(1)})[0].dtype == np.longdouble
    True
    """
    nodes = plan.graph.nodes
    labels = {node: nodes[node].label for node in plan.live if nodes[node].op == CONSTANT}
    exact = {node: _long(label) for node, label in labels.items() if isinstance(label, Fraction)}
    return plan.run({node: np.asarray(value, dtype=np.longdouble) for node, value in point.items()}, exact)


def verdict(plan: Plan, point: Mapping[NodeId, Any], found: Sequence[Any], is_rough: bool = False) -> Verdict:
    """Whether numbers of which some left the range of floats on their way are right; `found` are the first outputs.

    Those that are too small to have all digits need not have those that they could have where the answer `is_rough`.

    >>> from adcalc.api import function
    >>> from adcalc.api.arrays.arrays import evaluated
    >>> f = function("exp(-x)*exp(x/2)*exp(x/2)")
    >>> lowered, at = f.at({"x": [800, 1]}, several=True)
    >>> made = evaluated(f, lowered, at, [lowered.output])
    >>> plan, _ = lowered.plans["value", lowered.output]
    >>> verdict(plan, {lowered.variables["x"]: at["x"]}, made)
    <Verdict.DOUBT: 2>
    """
    if not can_tell(plan):
        return Verdict.DOUBT
    watch = plan.watch
    kept = None if watch is None else ([*watch.noticed], [*watch.severe], [*watch.left])
    try:
        longer = extended(plan, point)
        beyond = watch is not None and bool(watch.left)
    except (NodeError, TypeError):
        return Verdict.DOUBT
    finally:
        if watch is not None and kept is not None:
            watch.noticed[:], watch.severe[:], watch.left[:] = kept
    is_small, off = False, _ROUGH if is_rough else _SMALLEST
    with np.errstate(all="ignore"):
        for number, true in zip(found, longer, strict=False):
            size, error = np.absolute(true), np.absolute(number - true)
            tiny = size < _LEAST
            if beyond or not np.all((error <= _RIGHT * size) | ((error <= off) & tiny)) or np.any(size > _MOST):
                return Verdict.DOUBT
            is_small = is_small or bool(np.any(tiny & (true != 0.0)))
    return Verdict.SMALL if is_small else Verdict.RIGHT


def _long(number: Fraction) -> Any:
    return np.longdouble(str(number.numerator)) / np.longdouble(str(number.denominator))
