"""Derivatives inside array programs, held to existence: there is none where an element stands on a kink or a jump."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from adcalc.errors import NotDifferentiableError
from adcalc.modes.blame import text_of
from adcalc.modes.edges.edges import edges

if TYPE_CHECKING:
    from collections.abc import Mapping

    from adcalc.api.program import Program
    from adcalc.graph.graph import Graph
    from adcalc.graph.node import NodeId
    from adcalc.syntax.lowered import Lowered


class Inner(NamedTuple):
    """A node inside what `diff` differentiates, and the condition under which there is no derivative of it.

    >>> Inner(3, 5).condition
    5
    """

    node: NodeId
    condition: NodeId


def inner(program: Program, lowered: Lowered) -> list[Inner]:
    """What has to be false for the derivatives inside a program to exist.

    >>> from adcalc.api import function
    >>> f = function("sum(diff(sum(abs(x)), x))")
    >>> lowered, _ = f.at({"x": [1, 2]})
    >>> len(inner(f, lowered))
    1
    """
    graph = lowered.graph
    found: dict[NodeId, NodeId] = {}
    used = set(graph.live(lowered.output)) if lowered.guards else set()
    for guard in lowered.guards:
        if guard.slope in used:
            for edge in edges(program.differentiate.tape(graph, guard.node, (guard.variable,))):
                found.setdefault(_with_values(graph, edge.condition, lowered.marks), edge.node)
    return [Inner(node, condition) for condition, node in found.items()]


def missing(node: NodeId, lowered: Lowered) -> NotDifferentiableError:
    """The error of a derivative inside a program that does not exist.

    >>> from adcalc.api import function
    >>> try:
    ...     function("sum(diff(sum(abs(x)), x))").value(x=[0, 1])
    ... except NotDifferentiableError as error:
    ...     print(error.message)
    abs(x) has a kink, a jump or an infinite slope at an element here, and what is differentiated has no derivative
    """
    return NotDifferentiableError(
        f"{text_of(lowered, node)} has a kink, a jump or an infinite slope at an element here, "
        "and what is differentiated has no derivative",
        lowered.place(node),
    )


def _with_values(graph: Graph, output: NodeId, marks: Mapping[NodeId, NodeId]) -> NodeId:
    """A node with values in the places of the inputs that stand for them."""
    if not marks:
        return output
    images: dict[NodeId, NodeId] = {}
    waiting = [output]
    while waiting:
        node = waiting[-1]
        if node in images:
            waiting.pop()
            continue
        below = (marks[node],) if node in marks else graph.nodes[node].args
        wanted = [one for one in below if one not in images]
        if wanted:
            waiting.extend(wanted)
        elif node in marks:
            images[node] = images[marks[node]]
        else:
            moved = tuple(images[one] for one in below)
            images[node] = node if moved == below else graph.copy(graph, node, moved)
    return images[output]
