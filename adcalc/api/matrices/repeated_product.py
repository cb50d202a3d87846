"""Products of the Hessian of numbers with a direction that are asked for again and again.

From the third one on the gradient has been pushed along a direction that is left open, and all of it is one function.
Where a choice, an edge or what floats cannot hold makes it otherwise, nothing is said, and the sweeps have the answer.
"""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, NamedTuple

from adcalc.api.again import made_again
from adcalc.api.matrices.around import around, edges_near
from adcalc.api.matrices.seeds import tangent_name
from adcalc.api.program import saturating
from adcalc.modes import singular
from adcalc.modes.base import NodeError
from adcalc.modes.second import product as pushed
from adcalc.modes.sweep import LAZY
from adcalc.modes.unrolled import LARGEST, Run, unrolled
from adcalc.modes.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from adcalc.api.asked import Asked
    from adcalc.api.floats import Warnings
    from adcalc.graph.node import NodeId


class Product(NamedTuple):
    """A value, the product of the Hessian with a direction, what differences say of each part of it, and warnings.

    >>> Product(1.0, [2.0]).warnings
    ()
    """

    value: float
    products: Sequence[float]
    errors: Sequence[float] = ()
    warnings: Warnings = ()


class _Made(NamedTuple):
    """The function of point and direction, that gives the value and the products by the variables at some places."""

    run: Run
    places: tuple[int, ...]


def product(asked: Asked, direction: Sequence[float]) -> Product | None:
    """The value and the product of the Hessian with a direction; None where the sweeps are to be asked.

    >>> from adcalc.api import function
    >>> from adcalc.api.asked import Asked
    >>> f = function("x^2*y")
    >>> lowered, at = f.at({"x": 1, "y": 2})
    >>> for _ in range(4):
    ...     found = product(Asked(f, lowered, at, ("x", "y")), [1.0, 0.0])
    >>> found.products
    [4.0, 2.0]
    """
    lowered = asked.lowered
    if asked.program.needs_point or asked.is_part or lowered.guards or not LAZY.isdisjoint(lowered.graph.ops):
        return None
    made = made_again(lowered.plans, ("product", asked.names), lambda: _made(asked))
    if made is None:
        return None
    try:
        values = made.run([*asked.at.values(), *direction])
    except (ValueError, ArithmeticError):
        return None
    if values is None:
        return None
    value, *found = [one + 0.0 for one in values]
    products = [0.0] * len(direction)
    for place, one in zip(made.places, found, strict=True):
        products[place] = one
    if not math.isfinite(value + sum(map(abs, products))):
        return None
    answer = Product(value, products)
    if all(abs(number) >= sys.float_info.min for number in (value, *products)):
        return answer
    return answer._replace(warnings=asked.program.lost(asked.tape(asked.wrt), lowered, (value, *products)))


def _made(asked: Asked) -> _Made | None:
    """What is made once; None where it cannot be, or not here."""
    if len(asked.lowered.graph.live(asked.lowered.output)) > LARGEST:
        return None
    tape = asked.tape(asked.wrt)
    try:
        if singular.find(tape).clauses:
            return None
    except NodeError:
        return None
    near = around(asked, tape)
    graph, rules = near.lowered.graph, saturating(asked.program.table)
    seeds = [graph.input(tangent_name(name)) for name in asked.names]
    gradient, products = pushed(near.tape, dict(zip(near.wrt, seeds, strict=True)))
    watched, is_edge = edges_near(near, gradient)
    if is_edge:
        return None
    found: dict[int, NodeId] = {place: node for place, node in enumerate(products) if node is not None}
    watch = Watch(graph, graph.live(near.lowered.output, *found.values(), *watched), bool(asked.lowered.names))
    inputs = [*(graph.input(name) for name in asked.at), *seeds]
    run = unrolled(graph, [near.lowered.output, *found.values()], inputs, rules, watched, watch)
    return None if run is None else _Made(run, tuple(found))
