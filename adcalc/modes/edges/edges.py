"""Where arrays may have no derivative: the clauses of their rows as nodes, true at elements that stand on an edge.

One look at all elements says whether there is any; what becomes of it is then decided on numbers, element by element.
"""

from typing import TYPE_CHECKING, NamedTuple, cast

from adcalc.graph.graph import Graph
from adcalc.graph.node import CONDITIONS, RELATIONS, NodeId
from adcalc.graph.shape import LINEAR
from adcalc.modes.base import Tape
from adcalc.modes.edges.suspects import watched
from adcalc.modes.sweep import activity

if TYPE_CHECKING:
    from adcalc.arithmetics.symbolic import Symbolic


class Edge(NamedTuple):
    """A node, and a condition that holds at the elements of it which stand on a kink, a jump or an infinite slope.

    >>> Edge(3, 5).condition
    5
    """

    node: NodeId
    condition: NodeId


def edges(tape: Tape[NodeId]) -> list[Edge]:
    """The edges that a derivative of an array graph could meet; the tape's numbers are the graph's own nodes.

    >>> from adcalc.arithmetics.symbolic import Symbolic
    >>> from adcalc.modes.base import Problem
    >>> from adcalc.rules.shaped import Shaped
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x", (3,))
    >>> node = graph.apply("abs", x)
    >>> tape = Tape(Problem(graph, node, (x,), {}), Shaped(standard(), Symbolic(graph)), [x, node], [x, node])
    >>> [graph.nodes[edge.condition].op for edge in edges(tape)]
    ['eq']
    """
    graph, rules = tape.problem.graph, tape.rules
    symbolic = cast("Symbolic", rules.arithmetic)
    active = activity(tape, tape.problem.wrt)
    needed = _needed(graph, tape.problem.output, tape.order)
    found: list[Edge] = []
    for node in list(tape.order):
        op, args, _ = graph.nodes[node]
        if op in LINEAR or not any(active[argument] for argument in args):
            continue
        if op in RELATIONS:
            condition: NodeId | None = graph.apply("eq", *args)
            found.append(Edge(node, _where(graph, condition, needed.get(node))))
            continue
        if op in CONDITIONS or op == "if":
            continue
        for index, kind, parameter in watched(tape, op, len(args)):
            if (parameter is not None and not active[args[parameter]]) or kind == "no_rule":
                continue
            condition = rules.condition(op, index)(node, *args)
            if symbolic.truth(condition) is (kind == "smooth"):
                continue  # it never stands there
            if kind == "smooth":
                condition = graph.apply("not", condition)
            found.append(Edge(node, _where(graph, condition, needed.get(node))))
    return found


def without_rule(tape: Tape[NodeId]) -> tuple[NodeId, int] | None:
    """The first node, and the number of its argument, by which there is no formula for the derivative."""
    graph = tape.problem.graph
    active = activity(tape, tape.problem.wrt)
    for node in tape.order:
        op, args, _ = graph.nodes[node]
        if op not in LINEAR and op not in CONDITIONS and op != "if":
            for _, kind, parameter in watched(tape, op, len(args)):
                if kind == "no_rule" and parameter is not None and active[args[parameter]]:
                    return node, parameter
    return None


def _where(graph: Graph, condition: NodeId | None, needed: NodeId | None) -> NodeId:
    assert condition is not None
    return condition if needed is None else graph.apply("and", needed, condition)


def _needed(graph: Graph, output: NodeId, order: list[NodeId]) -> dict[NodeId, NodeId | None]:
    """The condition under which the elements of a node are needed; None where all are."""
    if "if" not in graph.ops:
        return {}
    needed: dict[NodeId, NodeId | None] = {output: None}
    for node in reversed(order):
        if node not in needed:
            continue
        op, args, _ = graph.nodes[node]
        here = needed[node]
        for place, argument in enumerate(args):
            under = here
            if op == "if" and place:
                side = args[0] if place == 1 else graph.apply("not", args[0])
                under = side if here is None else graph.apply("and", here, side)
            if under is not None and graph.shape(argument) not in ((), graph.shape(under)):
                under = None
            if argument not in needed:
                needed[argument] = under
            else:
                before = needed[argument]
                needed[argument] = None if under is None or before is None else graph.apply("or", before, under)
    return needed
