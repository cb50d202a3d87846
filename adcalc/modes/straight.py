"""What a tape holds, as a graph without choices: each choice is the side that was taken at the point.

Around a point that stands on no boundary a function is the same as the sides that it takes there, so that one return
sweep over nodes serves where choices would need a sweep for each input.
"""

from typing import NamedTuple

from adcalc.graph.graph import Graph
from adcalc.graph.node import NodeId
from adcalc.modes.base import Tape
from adcalc.modes.sweep import LAZY, choose, taken


class Straight(NamedTuple):
    """A graph without choices, where each node of the tape went, and the conditions that chose, with their truth.

    >>> Straight(Graph(), {}, []).turns
    []
    """

    graph: Graph
    images: dict[NodeId, NodeId]
    turns: list[tuple[NodeId, bool]]


def straightened(tape: Tape[float]) -> Straight:
    """The nodes of a tape in a graph of their own, with the sides that it took.

    >>> from adcalc.api import function
    >>> f = function("if(x > 0, x^2, -x)")
    >>> lowered, at = f.at({"x": 3})
    >>> found = straightened(f.tape(lowered, at, ()))
    >>> found.graph.nodes[found.images[lowered.output]].op, [truth for _, truth in found.turns]
    ('pow', [True])
    """
    source, values = tape.problem.graph, tape.values
    graph = Graph(source.residuals)
    images: dict[NodeId, NodeId] = {}
    turns: dict[NodeId, bool] = {}
    lazy = not LAZY.isdisjoint(source.ops)
    for node in tape.order:
        op, args, _ = source.nodes[node]
        if lazy and op == "if":
            turns[images[args[0]]] = bool(values[args[0]])
            images[node] = images[taken(tape, node)]
        elif lazy and op in LAZY and any(argument not in images for argument in args):
            images[node] = images[choose(op, args, values[args[0]])]  # what decided it
        else:
            images[node] = graph.copy(source, node, [images[argument] for argument in args])
    return Straight(graph, images, list(turns.items()))
