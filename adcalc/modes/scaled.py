"""Constant factors gathered: 2*(-100*(3*x)) is -600*x, multiplied exactly and rounded once.

What the sweeps leave on nodes is full of such products, one for each row on the way. A graph that is evaluated again
and again is better without them.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from adcalc.graph.graph import Graph
from adcalc.graph.node import CONSTANT, NodeId

_ONE: Final = Fraction(1)
_LARGE: Final = Fraction(2) ** 300  # beyond it, or below its inverse, a factor stays where it is


def scaled(graph: Graph, outputs: Sequence[NodeId]) -> tuple[Graph, dict[NodeId, NodeId]]:
    """The outputs in a graph of their own, with one factor for each product, and where each node went.

    >>> from adcalc.syntax.unparse import unparse
    >>> graph = Graph()
    >>> x, two, five = graph.input("x"), graph.constant(Fraction(2)), graph.constant(Fraction(5))
    >>> product = graph.apply("mul", two, graph.apply("neg", graph.apply("mul", x, five)))
    >>> made, images = scaled(graph, [product])
    >>> unparse(made, images[product])
    '-10*x'
    """
    work = _Scaling()
    for node in graph.live(*outputs):
        op, args, label = graph.nodes[node]
        parts = [work.parts[argument] for argument in args]
        if op == CONSTANT and isinstance(label, Fraction):
            work.parts[node] = label, None
        elif op in ("mul", "neg", "div"):
            work.parts[node] = work.product(op, parts)
        elif op in ("add", "sub"):
            work.parts[node] = _ONE, work.total(op, *parts)
        else:
            work.parts[node] = _ONE, work.graph.copy(graph, node, [work.whole(*part) for part in parts])
    return work.graph, {node: work.whole(*work.parts[node]) for node in outputs}


class _Scaling:
    """Nodes as a factor and what it multiplies; None where there is nothing but the factor."""

    def __init__(self) -> None:
        self.graph = Graph()
        self.parts: dict[NodeId, tuple[Fraction, NodeId | None]] = {}

    def whole(self, factor: Fraction, node: NodeId | None) -> NodeId:
        """The product as a node."""
        if node is None:
            return self.graph.constant(factor)
        if factor == 1:
            return node
        if factor == -1:
            return self.graph.apply("neg", node)
        return self.graph.apply("mul", self.graph.constant(factor), node)

    def product(self, op: str, parts: Sequence[tuple[Fraction, NodeId | None]]) -> tuple[Fraction, NodeId | None]:
        """A product or a quotient of products."""
        if op == "neg":
            factor, node = parts[0]
            return -factor, node
        (left, one), (right, other) = parts
        if op == "div":
            if other is not None or not right:
                node = self.graph.apply("div", self.whole(left, one), self.whole(right, other))
                return _ONE, node
            factor, node_or_none = left / right, one
        else:
            factor = left * right
            node_or_none = other if one is None else one
            if one is not None and other is not None:
                node_or_none = self.graph.apply("mul", one, other)
        if not factor or 1 / _LARGE < abs(factor) < _LARGE:
            return factor, node_or_none
        return _ONE, self.graph.apply(op, self.whole(left, one), self.whole(right, other))

    def total(self, op: str, left: tuple[Fraction, NodeId | None], right: tuple[Fraction, NodeId | None]) -> NodeId:
        """A sum or a difference; one of what is negative is the other of what is positive."""
        factor, node = right
        if factor < 0 and node is not None:
            op, factor = "sub" if op == "add" else "add", -factor
        if op == "add" and left[0] < 0 and left[1] is not None:
            return self.graph.apply("sub", self.whole(factor, node), self.whole(-left[0], left[1]))
        return self.graph.apply(op, self.whole(*left), self.whole(factor, node))
