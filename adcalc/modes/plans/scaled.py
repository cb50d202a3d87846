"""Graphs made light before they are evaluated: constant factors gathered, and choices that constants decide left out.

2*(-100*(3*x)) is -600*x, multiplied exactly and rounded once. What the sweeps leave on nodes is full of such products,
one for each row on the way, and of choices such as that of x^w, which a whole number w has settled. A graph that is
evaluated again and again is better without them.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final, NamedTuple, TypeAlias

from adcalc.graph.graph import Graph
from adcalc.graph.node import CONDITIONS, CONSTANT, NodeId
from adcalc.modes.edges.settled import settled

_ONE: Final = Fraction(1)
_LARGE: Final = Fraction(2) ** 300  # beyond it, or below its inverse, a factor stays where it is
_Part: TypeAlias = tuple[Fraction, NodeId | None]  # a factor and what it multiplies; None where there is nothing else


class Scaled(NamedTuple):
    """A light graph, where the outputs went, and where in it those nodes end that come from below a boundary.

    >>> Scaled(Graph(), {}, 0).boundary
    0
    """

    graph: Graph
    images: dict[NodeId, NodeId]
    boundary: int


def scaled(graph: Graph, outputs: Sequence[NodeId], boundary: NodeId = 0) -> Scaled:
    """The outputs in a graph of their own, with one factor for each product.

    >>> from adcalc.syntax.unparse import unparse
    >>> graph = Graph()
    >>> x, two, five = graph.input("x"), graph.constant(Fraction(2)), graph.constant(Fraction(5))
    >>> product = graph.apply("mul", two, graph.apply("neg", graph.apply("mul", x, five)))
    >>> made = scaled(graph, [product])
    >>> unparse(made.graph, made.images[product])
    '-10*x'
    """
    work = _Scaling()
    live = graph.live(*outputs)
    truths = settled(graph, [node for node in live if graph.nodes[node].op in CONDITIONS])
    below = -1
    for node in live:
        if node >= boundary and below < 0:
            for output in outputs:
                if output < boundary:
                    work.whole(*work.parts[output])
            below = len(work.graph)
        op, args, label = graph.nodes[node]
        parts = [work.parts[argument] for argument in args]
        if op == CONSTANT and isinstance(label, Fraction):
            work.parts[node] = label, None
        elif op in ("mul", "neg", "div"):
            work.parts[node] = work.product(op, parts)
        elif op in ("add", "sub"):
            work.parts[node] = _ONE, work.total(op, *parts)
        else:
            chosen = args[1 if truths[args[0]] else 2] if op == "if" and args[0] in truths else None
            if chosen is not None and graph.shape(chosen) == graph.shape(node):
                work.parts[node] = work.parts[chosen]
            else:
                work.parts[node] = _ONE, work.graph.copy(graph, node, [work.whole(*part) for part in parts])
    images = {node: work.whole(*work.parts[node]) for node in outputs}
    return Scaled(work.graph, images, len(work.graph) if below < 0 else below)


class _Scaling:
    """Makes the graph."""

    def __init__(self) -> None:
        self.graph = Graph()
        self.parts: dict[NodeId, _Part] = {}

    def whole(self, factor: Fraction, node: NodeId | None) -> NodeId:
        """The product as a node."""
        if node is None:
            return self.graph.constant(factor)
        if factor == 1:
            return node
        if factor == -1:
            return self.graph.apply("neg", node)
        return self.graph.apply("mul", self.graph.constant(factor), node)

    def product(self, op: str, parts: Sequence[_Part]) -> _Part:
        """A product or a quotient of products."""
        if op == "neg":
            factor, node = parts[0]
            return -factor, node
        (left, one), (right, other) = parts
        if op == "div":
            if other is not None or not right:
                return _ONE, self.graph.apply("div", self.whole(left, one), self.whole(right, other))
            factor, rest = left / right, one
        else:
            factor = left * right
            rest = other if one is None else one
            if one is not None and other is not None:
                rest = self.graph.apply("mul", one, other)
        if factor and 1 / _LARGE < abs(factor) < _LARGE:
            return factor, rest
        return _ONE, self.graph.apply(op, self.whole(left, one), self.whole(right, other))

    def total(self, op: str, left: _Part, right: _Part) -> NodeId:
        """A sum or a difference; one of what is negative is the other of what is positive."""
        factor, node = right
        if factor < 0 and node is not None:
            op, factor = "sub" if op == "add" else "add", -factor
        if op == "add" and left[0] < 0 and left[1] is not None:
            return self.graph.apply("sub", self.whole(factor, node), self.whole(-left[0], left[1]))
        return self.graph.apply(op, self.whole(*left), self.whole(factor, node))
