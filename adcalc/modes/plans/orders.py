"""Evaluation orders: which of the many orders that put arguments before users is taken, and what it has to keep.

The result does not depend on the order; the number of values that are needed at once does. A layer is a set of nodes
that do not need each other: an input stands in layer 0, every other node one layer above its highest argument.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from adcalc.errors import UsageError, suggestion
from adcalc.graph.graph import Graph
from adcalc.graph.node import CONSTANT, NodeId

ORDERS: Final = ("creation", "depth-first", "layered")


class Order(NamedTuple):
    """The nodes in the order in which they are evaluated.

    `layers` is in how many layers they stand, `held` how many values are needed at once at most, constants apart.
    """

    nodes: list[NodeId]
    layers: int
    held: int


def arranged(graph: Graph, nodes: list[NodeId], output: NodeId, order: str) -> Order:
    """The given nodes, which hold every argument that they need, in an order.

    "creation" is the order of the text, "depth-first" finishes one argument before it begins the next, "layered"
    evaluates a layer at a time and keeps of the layers below only what is still needed.
    Raises UsageError for another word.

    >>> graph = Graph()
    >>> x, y = graph.input("x"), graph.input("y")
    >>> left, right = graph.apply("sin", x), graph.apply("cos", y)
    >>> arranged(graph, [0, 1, 2, 3, 4], graph.apply("add", left, right), "depth-first").nodes
    [0, 2, 1, 3, 4]
    """
    if order not in ORDERS:
        raise UsageError(
            f"there is no order '{order}'", hint=suggestion(order, ORDERS) or f"one of {', '.join(ORDERS)}"
        )
    layer = layers(graph, nodes)
    if order == "creation":
        chosen = list(nodes)
    elif order == "depth-first":
        chosen = _depth_first(graph, nodes, output)
    else:
        chosen = sorted(nodes, key=lambda node: (layer[node], node))
    steps = [layer[node] for node in chosen] if order == "layered" else range(len(chosen))
    return Order(chosen, max(layer.values(), default=-1) + 1, _held(graph, chosen, steps))


def layers(graph: Graph, nodes: Iterable[NodeId]) -> dict[NodeId, int]:
    """The layer of each of the given nodes, whose arguments come before them.

    >>> graph = Graph()
    >>> layers(graph, range(graph.apply("sin", graph.input("x")) + 1))
    {0: 0, 1: 1}
    """
    layer: dict[NodeId, int] = {}
    for node in nodes:
        layer[node] = 1 + max((layer[argument] for argument in graph.nodes[node].args if argument in layer), default=-1)
    return layer


def _depth_first(graph: Graph, nodes: list[NodeId], output: NodeId) -> list[NodeId]:
    known = set(nodes)
    done: dict[NodeId, None] = {}
    waiting = [output]
    while waiting:
        node = waiting[-1]
        missing = [argument for argument in graph.nodes[node].args if argument in known and argument not in done]
        if node in done or not missing:
            done.setdefault(node)
            waiting.pop()
        else:
            waiting.append(missing[0])
    return [*done, *(node for node in nodes if node not in done)]


def _held(graph: Graph, chosen: list[NodeId], steps: Iterable[int]) -> int:
    """The most values that are needed at once, when the nodes of one step are evaluated together."""
    when = dict(zip(chosen, steps, strict=True))
    change: dict[int, int] = {}
    last: dict[NodeId, int] = {}
    end = max(when.values(), default=0)
    for node in chosen:
        for argument in graph.nodes[node].args:
            if argument in when:
                last[argument] = max(last.get(argument, 0), when[node])
    for node in chosen:
        if graph.nodes[node].op != CONSTANT:
            change[when[node]] = change.get(when[node], 0) + 1
            after = last.get(node, end) + 1
            change[after] = change.get(after, 0) - 1
    most = held = 0
    for step in sorted(change):
        held += change[step]
        most = max(most, held)
    return most
