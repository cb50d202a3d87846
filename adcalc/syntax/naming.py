"""What the nodes of a program are called where its work is shown: the user's names first, then v1, v2, …

A graph has no names. Inputs bring their own and assignments give theirs; the value of a program that ends in a call of
one of its own functions is called after the function. Everything else is numbered in the order of evaluation.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import count

from adcalc.graph.graph import Graph
from adcalc.graph.node import CONSTANT, INPUT, NodeId
from adcalc.syntax.code import Code
from adcalc.syntax.lowered import Lowered
from adcalc.syntax.unparse import quoted, unparse


def node_names(lowered: Lowered, nodes: Iterable[NodeId]) -> dict[NodeId, str]:
    """The name of each of the given nodes but rational constants, no two alike; they come in evaluation order.

    A name that the program gave twice belongs to the later node, the earlier one is numbered: `a = a + 1` makes of
    an input a a node a1. Names are as the user thinks of them, without the backquotes that some need in a text.

    >>> from adcalc.errors import Source
    >>> from adcalc.rules.table import standard
    >>> from adcalc.syntax.lower import lower
    >>> from adcalc.syntax.parser import parse
    >>> lowered = lower(parse(Source("f(u, v) = u/2 + v; a = x^2; b = x^3; f(a, b)")), standard())
    >>> list(node_names(lowered, lowered.graph.live(lowered.output)).values())
    ['x', 'a', 'b', 'v1', 'f']
    """
    table = lowered.graph.nodes
    shown = [node for node in nodes if table[node].op != CONSTANT]
    wanted: dict[NodeId, str] = {}  # and perhaps not free
    for node in shown:
        op, args, label = table[node]
        if op == INPUT:
            wanted[node] = str(label)
        elif node in lowered.names:
            wanted[node] = lowered.names[node]
        elif not args:
            wanted[node] = op  # pi
        elif node == lowered.output:
            called = _called(lowered.code)
            if called is not None:
                wanted[node] = called
    taken = {*lowered.variables, *lowered.names.values()}
    owners = _owners(lowered, wanted, taken)
    taken.update(owners)
    numbered: dict[str, Iterator[int]] = {}
    names: dict[NodeId, str] = {}
    for node in shown:
        stem = wanted.get(node, "v")
        if owners.get(stem) == node:
            names[node] = stem
            continue
        numbers = numbered.setdefault(stem, count(1))
        names[node] = next(name for name in (f"{stem}{number}" for number in numbers) if name not in taken)
        taken.add(names[node])
    return names


def operation_text(graph: Graph, node: NodeId, names: Mapping[NodeId, str]) -> str:
    """One node written as its operation on the names of its arguments: v1 + y; an input as itself, a constant in full.

    Arguments without a name are written in full, down to the names below them.

    >>> from adcalc.graph.graph import Graph
    >>> graph = Graph()
    >>> x = graph.input("flow rate")
    >>> product = graph.apply("mul", graph.apply("sin", x), x)
    >>> operation_text(graph, product, {0: "flow rate", 1: "v1"})
    'v1*`flow rate`'
    """
    args = graph.nodes[node].args
    if not args:
        return unparse(graph, node)
    small = Graph(graph.residuals)  # of this one operation: the cost of a text must not grow with the graph
    stand_ins = []
    for argument in args:
        if argument in names:
            stand_ins.append(small.input(names[argument], graph.shape(argument)))
        elif graph.nodes[argument].args:
            return unparse(graph, node, {other: quoted(name) for other, name in names.items() if other != node})
        else:
            stand_ins.append(small.copy(graph, argument))
    return unparse(small, small.copy(graph, node, stand_ins))


def _owners(lowered: Lowered, wanted: Mapping[NodeId, str], taken: set[str]) -> dict[str, NodeId]:
    """Which node may have which name: an input before an assignment, the later assignment, and others what is left."""
    owners = {name: node for node, name in wanted.items() if node in lowered.names} | lowered.variables
    for node, name in wanted.items():
        if node not in lowered.names and name not in taken:
            owners.setdefault(name, node)
    return owners


def _called(code: Code) -> str | None:
    """The function of the program's own that gives the program its value; None where none does."""
    if len(code.block) < 2:
        return None
    operation, operand, _ = code.block[-2]  # the last is "result"
    if operation != "call":
        return None
    defined = any(step == "define" and made.name == operand[0] for step, made, _ in code.block)
    return str(operand[0]) if defined else None
