"""Names for what expressions share, so that their text stays as long as their graph."""

from collections.abc import Iterator, Sequence

from adcalc.graph import count
from adcalc.graph.graph import Graph
from adcalc.graph.node import CONDITIONS, NodeId
from adcalc.syntax.code import RESERVED
from adcalc.syntax.unparse import BUDGET, labels

_CONSTANTS = frozenset(("e", "pi", "π", "tau", "τ", "inf"))
_WORTH_A_NAME = 4  # operations that a name must save


def shared_names(
    graph: Graph, outputs: Sequence[NodeId], budget: int = BUDGET, taken: frozenset[str] = frozenset()
) -> dict[NodeId, str]:
    """The nodes that are worth a name when the outputs are printed together, in evaluation order; mostly none.

    Names that are `taken` stand for something else already.

    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> shared_names(graph, [graph.apply("mul", x, x)])
    {}
    """
    if count.tree_operations(graph, *outputs) <= max(budget, 3 * count.operations(graph, *outputs) // 2):
        return {}
    fresh = _fresh_names(labels(graph, outputs) | _CONSTANTS | RESERVED | taken)
    return {node: next(fresh) for node in _worth_naming(graph, outputs)}


def _worth_naming(graph: Graph, outputs: Sequence[NodeId]) -> list[NodeId]:
    """The nodes that are used more than once and would print at length each time, in evaluation order."""
    nodes = graph.nodes
    live = graph.live(*outputs)
    uses = count.uses(graph, live, outputs)
    sizes: dict[NodeId, int] = {}
    chosen: list[NodeId] = []
    for node in live:
        op, args, _ = nodes[node]
        size = 1 + sum(sizes[argument] for argument in args) if args else 0
        if size * (uses[node] - 1) >= _WORTH_A_NAME and size > 1 and op not in CONDITIONS:
            chosen.append(node)
            size = 0
        sizes[node] = size
    return chosen


def _fresh_names(taken: frozenset[str]) -> Iterator[str]:
    """a, b, …, z, aa, ab, … without those that are taken."""
    number = 0
    while True:
        name, rest = "", number
        while rest >= 0:
            name = chr(ord("a") + rest % 26) + name
            rest = rest // 26 - 1
        if name not in taken:
            yield name
        number += 1
