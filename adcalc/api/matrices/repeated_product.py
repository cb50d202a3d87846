"""Products of the Hessian of numbers with a direction that are asked for again and again.

From the third one on the gradient has been pushed along a direction that is left open, and all of it is one function.
Where a choice, an edge or what floats cannot hold makes it otherwise, nothing is said, and the sweeps have the answer.
"""

from __future__ import annotations

import math
import sys
from functools import cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from adcalc.api.again import made_again
from adcalc.api.matrices.around import around, edges_near
from adcalc.api.matrices.seeds import tangent_name
from adcalc.api.program import saturating
from adcalc.modes.base import NodeError
from adcalc.modes.digits.loss import is_lost
from adcalc.modes.digits.watch import Watch
from adcalc.modes.edges import singular
from adcalc.modes.plans.unrolled import LARGEST, Run, unrolled
from adcalc.modes.second import product as pushed
from adcalc.modes.sweep import LAZY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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


class _Made:
    """The value and the products by the variables at some `places`, as functions of point and direction."""

    def __init__(self, run: Run, places: tuple[int, ...], everything: Callable[[], Run | None], watch: Watch) -> None:
        self.places = places
        self._run = run
        self._everything = cache(everything)
        self._watch = watch

    def values(self, numbers: Sequence[float]) -> Sequence[float] | None:
        """The value and the products; None where digits may be lost, or something stands on an edge."""
        found = self._run(numbers)
        return self._looked_into(numbers) if found is None else found

    def _looked_into(self, numbers: Sequence[float]) -> Sequence[float] | None:
        """The same where nothing is lost in what the watch notices: differences of exact numbers are right."""
        everything = self._everything()
        found = None if everything is None else everything(numbers)
        if found is None:
            return None
        count, graph = len(self.places) + 1, self._watch.graph
        values: list[Any] = [None] * len(graph)
        for node, value in zip(self._watch.order, found[count:], strict=True):
            values[node] = value
        if self._watch.is_wide(values) or any(is_lost(graph, values, node) for node in self._watch.noticed(values)):
            return None
        return found[:count]


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
        values = made.values([*asked.at.values(), *direction])
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
    outputs = [near.lowered.output, *found.values()]
    run = unrolled(graph, outputs, inputs, rules, watched, watch)
    if run is None:
        return None
    everything = partial(unrolled, graph, [*outputs, *watch.order], inputs, rules, watched)
    return _Made(run, tuple(found), everything, watch)
