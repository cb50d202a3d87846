"""A large expression cut into pieces that are small enough to be differentiated on one line.

A piece has a graph of its own, in which the pieces below it are inputs: u1, u2, … Each is a function of the variable,
whose derivative has a name as well. Every node belongs to one piece, so that the pieces together are as long as the
graph, whatever the expression is when it is written out.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from adcalc.graph.count import uses
from adcalc.graph.graph import Graph
from adcalc.graph.node import CONDITIONS, NodeId
from adcalc.rewrite.textbook import spread

_SIZE: Final = 6  # operations of a piece
_WORTH_A_NAME: Final = 2  # operations that a name must save where it is used again


class Piece(NamedTuple):
    """A part of a graph: its name ("" for the whole), the node that it is, and the same in a graph of its own.

    `inputs` says which node each input of the small graph stands for; `functions` are those that change with the
    variable, other than the variable itself. `changes` says whether the piece does.

    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> whole(graph, graph.apply("sin", x), x).functions
    frozenset()
    """

    name: str
    source: NodeId
    graph: Graph
    output: NodeId
    variable: NodeId
    inputs: Mapping[NodeId, NodeId]
    functions: frozenset[NodeId]
    changes: bool


def whole(graph: Graph, output: NodeId, variable: NodeId) -> Piece:
    """The expression in one piece."""
    changing = {variable}
    spread(graph, changing)
    return _piece(graph, "", output, variable, {}, changing)


def cut(graph: Graph, output: NodeId, variable: NodeId, taken: Collection[str]) -> Iterator[Piece]:
    """The expression in small pieces, each after those that it is made of; their names are none of those taken.

    >>> graph = Graph()
    >>> node = x = graph.input("x")
    >>> for _ in range(10):
    ...     node = graph.apply("sin", graph.apply("mul", node, x))
    >>> [piece.name for piece in cut(graph, node, x, {"u2"})]
    ['u1', 'u3', 'u4', 'u5']
    """
    nodes = graph.nodes
    live = graph.live(output)
    counts = uses(graph, live, (output,))
    changing = {variable}
    spread(graph, changing)
    names: dict[NodeId, str] = {}
    sizes: dict[NodeId, int] = {}
    number = 0
    for node in live:
        op, args, _ = nodes[node]
        size = 1 + sum(sizes[argument] for argument in args) if args else 0
        again = size > 1 and size * (counts[node] - 1) >= _WORTH_A_NAME
        if op not in CONDITIONS and (size >= _SIZE or again or node == output):
            number += 1
            while f"u{number}" in taken:
                number += 1
            yield _piece(graph, f"u{number}", node, variable, names, changing)
            names[node] = f"u{number}"
            size = 0
        sizes[node] = size


def _piece(
    graph: Graph, name: str, source: NodeId, variable: NodeId, names: Mapping[NodeId, str], changing: set[NodeId]
) -> Piece:
    nodes, small = graph.nodes, Graph(graph.residuals)
    here = small.adopt(nodes[variable])
    moved, inputs = {variable: here}, {here: variable}
    functions: set[NodeId] = set()
    within = _within(graph, source, names)
    for node in within:
        if node in names:
            moved[node] = small.input(names[node])
            if node in changing:
                functions.add(moved[node])
        if node in names or nodes[node].op == "input":
            inputs[copied(graph, node, small, moved, [node])] = node
    copied(graph, source, small, moved, within)
    return Piece(name, source, small, moved[source], here, inputs, frozenset(functions), source in changing)


def copied(
    graph: Graph, output: NodeId, into: Graph, moved: dict[NodeId, NodeId], within: Sequence[NodeId] | None = None
) -> NodeId:
    """A node copied into another graph; `moved` says what stands for the nodes that are there already, and is filled.

    `within` are the nodes to copy, where that is known.

    >>> graph, other = Graph(), Graph()
    >>> x, u = graph.input("x"), other.input("u")
    >>> other.nodes[copied(graph, graph.apply("sin", x), other, {x: u})].args == (u,)
    True
    """
    for node in graph.live(output) if within is None else within:
        if node not in moved:
            moved[node] = into.copy(graph, node, [moved[argument] for argument in graph.nodes[node].args])
    return moved[output]


def _within(graph: Graph, source: NodeId, names: Mapping[NodeId, str]) -> list[NodeId]:
    """The nodes of a piece in evaluation order, down to the names that it is made of."""
    found, waiting = {source}, [source]
    while waiting:
        for argument in graph.nodes[waiting.pop()].args:
            if argument not in found:
                found.add(argument)
                if argument not in names:
                    waiting.append(argument)
    return sorted(found)
