"""Arrays in the language's own notation: calls with words after their arguments, transposes, elements and slices."""

from collections.abc import Mapping

from adcalc.graph.graph import Graph
from adcalc.graph.node import NodeId
from adcalc.syntax.array_forms import Form, form, subscript
from adcalc.syntax.unparse import ATOM, PRODUCT, Operand, Pieces


def pieces(graph: Graph, node: NodeId, names: Mapping[NodeId, str]) -> Pieces | None:
    """How tightly a node of arrays binds and what it is made of; None for one that is written as everywhere else.

    >>> graph = Graph()
    >>> pieces(graph, graph.arrange("sum", ((0,), False), graph.input("X", (2, 3))), {})
    (9, ['sum(', Operand(node=0, level=0, minus=True, wide=False), ', axis=0', ')'])
    """
    found = form(graph, node, names)
    return None if found is None else _form(graph, found)


def _form(graph: Graph, found: Form) -> Pieces:
    name, args, words = found.name, found.args, found.words
    if name == "index":
        inside = subscript(found.place, graph.shape(args[0]))
        return ATOM, [Operand(args[0], ATOM, False), f"[{inside}]"]
    if name == "transpose" and not words:
        return ATOM, [Operand(args[0], ATOM, False), ".T"]
    if name == "ones" and args:
        return PRODUCT, [Operand(args[0], PRODUCT), f"*ones({', '.join(words)})"]
    if name == "concat" and len(args) == 1:  # of one list it would join the elements
        return ATOM, ["concat([", Operand(args[0]), "]", *(f", {word}" for word in words), ")"]
    return ATOM, [f"{name}(", *_listed(args), ", " * bool(args and words) + ", ".join(words), ")"]


def _listed(args: tuple[NodeId, ...]) -> list[str | Operand]:
    listed: list[str | Operand] = []
    for argument in args:
        listed += [", "] * bool(listed) + [Operand(argument)]
    return listed
