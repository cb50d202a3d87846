"""Which formulas are simplified while somebody waits: comparing and checking must not take minutes over a large one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adcalc.graph.count import operations, tree_operations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from adcalc.graph.graph import Graph
    from adcalc.graph.node import NodeId

_QUICK: Final = 100  # operations that are simplified at once, however they share
_SWOLLEN: Final = 100  # a tree so many times its graph takes simplify long


def simplifies(graph: Graph, nodes: Sequence[NodeId], largest: int) -> bool:
    """Whether formulas are quick to simplify: of no more than so many operations together, and not too much shared.

    >>> from adcalc.graph.graph import Graph
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> simplifies(graph, [graph.apply("sin", x)], 1), simplifies(graph, [graph.apply("sin", x)], 0)
    (True, False)
    """
    count = operations(graph, *nodes)
    return count <= largest and (count <= _QUICK or tree_operations(graph, *nodes) <= _SWOLLEN * count)
