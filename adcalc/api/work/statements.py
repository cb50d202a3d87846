"""One seen node as a statement: its expression over the names of the seen nodes that it is computed from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adcalc.errors import AdcalcError
from adcalc.graph.count import tree_operations
from adcalc.graph.graph import Graph
from adcalc.syntax.unparse import unparse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from adcalc.graph.node import NodeId
    from adcalc.rules.table import Table
    from adcalc.syntax.lowered import Lowered

_LONGEST = 60  # operations of a statement that is written out


def statement(graph: Graph, node: NodeId, names: Mapping[NodeId, str]) -> tuple[Graph, NodeId]:
    """A small graph of one node, whose inputs are the named nodes below it; so its cost does not grow with the graph.

    >>> graph = Graph()
    >>> product = graph.apply("mul", graph.input("x"), graph.input("y"))
    >>> small, output = statement(graph, graph.apply("sin", product), {product: "a"})
    >>> unparse(small, output)
    'sin(a)'
    """
    small = Graph(graph.residuals)
    moved: dict[NodeId, NodeId] = {}
    waiting = [node]
    while waiting:
        current = waiting[-1]
        args = graph.nodes[current].args
        if current in moved:
            waiting.pop()
        elif current in names and current != node:
            moved[current] = small.input(names[current], graph.shape(current))
        elif not args:
            moved[current] = small.copy(graph, current)
        else:
            missing = [argument for argument in args if argument not in moved]
            if missing:
                waiting.extend(reversed(missing))
            else:
                moved[current] = small.copy(graph, current, [moved[argument] for argument in args])
    return small, moved[node]


def row(table: Table, op: str) -> str:
    """The row of an operation without its clauses; nothing for those that are linear and have none.

    >>> from adcalc.rules.table import standard
    >>> row(standard(), "log"), row(standard(), "transpose")
    ('d log(u) = du/u', '')
    """
    try:
        return table.rule(op).text.split("  ")[0].split("\n")[0].strip()
    except (StopIteration, AdcalcError):
        return ""


def text_of(lowered: Lowered, node: NodeId, names: Mapping[NodeId, str]) -> str:
    """A node over the names below it; where that is long, the user's own words for it.

    >>> from adcalc.api import function
    >>> lowered = function("a = x*y; sin(a) + 1").lowered()
    >>> text_of(lowered, lowered.output, {0: "x", 1: "y", 2: "a"})
    'sin(a) + 1'
    """
    small, output = statement(lowered.graph, node, names)
    place = lowered.place(node)
    if place is not None and tree_operations(small, output) > _LONGEST:
        words = " ".join(place.excerpt.split())
        return words if len(words) <= 2 * _LONGEST else f"{words[: 2 * _LONGEST - 20]} … {words[-17:]}"
    return unparse(small, output)
