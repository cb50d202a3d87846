"""Higher derivatives as nodes, along the variables by which one differentiates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adcalc.api.formulas.slopes import slope
from adcalc.rewrite.simplify import simplify

if TYPE_CHECKING:
    from adcalc.api.function import Function
    from adcalc.graph.node import NodeId
    from adcalc.syntax.lowered import Lowered


class Higher:
    """Derivatives along ways, each taken of the simplest form of the one before.

    Without that they swell: the sixth derivative of sqrt(1 + x^2) takes 76 operations for 11.

    >>> from adcalc.api import function
    >>> from adcalc.syntax.unparse import unparse
    >>> f = function("x^3")
    >>> higher = Higher(f, f.lowered())
    >>> unparse(f.lowered().graph, higher.simplest(("x", "x")))
    '6*x'
    """

    def __init__(self, function: Function, lowered: Lowered) -> None:
        self._function = function
        self._lowered = lowered
        self._known: dict[tuple[str, ...], tuple[NodeId, tuple[NodeId, ...]]] = {(): (lowered.output, ())}

    def partial(self, way: tuple[str, ...]) -> NodeId:
        """The node of a derivative, as the last sweep leaves it."""
        self.simplest(way[:-1])
        return self._raw(way) if way else self._lowered.output

    def simplest(self, way: tuple[str, ...]) -> NodeId:
        """The simplest form of a derivative."""
        for order in range(1, len(way) + 1):
            if way[:order] not in self._known:
                simple = simplify(self._lowered.graph, [self._raw(way[:order])], self._function.table)
                assumed = (*self._known[way[: order - 1]][1], *simple.assumptions)
                self._known[way[:order]] = simple.outputs[0], assumed
        return self._known[way][0]

    def assumptions(self, way: tuple[str, ...]) -> tuple[NodeId, ...]:
        """What the simpler forms on the way took for granted."""
        return self._known[way[:-1]][1]

    def _raw(self, way: tuple[str, ...]) -> NodeId:
        return slope(self._function, self._lowered, self._known[way[:-1]][0], way[-1])
