"""How many operations a set of outputs takes: as a shared graph, and written out as a tree.

An operation counts as what a person would write for it: xlogy is a product and a logarithm, hypot two squares, a sum
and a root; a rational constant that is no whole number is a quotient.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from adcalc.graph.graph import Graph
from adcalc.graph.node import Node, NodeId

_WEIGHTS: Final = {"xlogy": 2, "hypot": 4, "adjugate": 3, "transpose": 0, "reshape": 0, "broadcast": 0}


def operations(graph: Graph, *outputs: NodeId) -> int:
    """How many operations evaluate the outputs, each shared one counted once.

    >>> graph = Graph()
    >>> sine = graph.apply("sin", graph.input("x"))
    >>> operations(graph, graph.apply("add", sine, graph.apply("exp", sine)))
    3
    """
    return sum(_weight(graph.nodes[node]) for node in graph.live(*outputs))


def tree_operations(graph: Graph, *outputs: NodeId) -> int:
    """How many operations the outputs have when written out in full, whatever is shared.

    >>> graph = Graph()
    >>> node = graph.input("x")
    >>> for _ in range(100):
    ...     node = graph.apply("add", node, node)
    >>> tree_operations(graph, node) == 2**100 - 1
    True
    """
    nodes = graph.nodes
    live = graph.live(*outputs)
    left = uses(graph, live, outputs)
    sizes: dict[NodeId, int] = {}
    for node in live:
        args = nodes[node].args
        sizes[node] = sum(sizes[argument] for argument in args) + _weight(nodes[node])
        for argument in args:
            left[argument] -= 1
            if not left[argument]:
                del sizes[argument]  # it may have as many digits as the graph has nodes
    return sum(sizes[output] for output in outputs)


def uses(graph: Graph, live: Sequence[NodeId], outputs: Sequence[NodeId]) -> dict[NodeId, int]:
    """How often each live node is an argument or an output.

    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> square = graph.apply("mul", x, x)
    >>> uses(graph, [x, square], [square])
    {0: 2, 1: 1}
    """
    counts = dict.fromkeys(live, 0)
    for node in live:
        for argument in graph.nodes[node].args:
            counts[argument] += 1
    for output in outputs:
        counts[output] += 1
    return counts


def _weight(node: Node) -> int:
    if node.args:
        return _WEIGHTS.get(node.op, 1)
    return int(isinstance(node.label, Fraction) and node.label.denominator != 1)
