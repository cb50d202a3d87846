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
    if not graph.shapes:
        return _as_written(graph, node)
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


def _as_written(graph: Graph, node: NodeId) -> Pieces | None:
    """What has no shapes yet: an index with its own parts, a call with its own words."""
    op, args, label = graph.nodes[node]
    if op == "transpose":
        return ATOM, [Operand(args[0], ATOM, False), ".T"]
    if op == "index":
        assert isinstance(label, tuple)
        return ATOM, [Operand(args[0], ATOM, False), "[", *_subscripts(label, list(args[:0:-1])), "]"]
    if op == "keyword_call":
        assert isinstance(label, tuple)
        name, *words = label
        parts = _listed(args[: len(args) - len(words)])
        for word, argument in zip(words, args[len(args) - len(words) :], strict=True):
            parts += [", "] * bool(parts) + [f"{word}=", Operand(argument)]
        return ATOM, [f"{name}(", *parts, ")"]
    return None


def _subscripts(kinds: tuple[str, ...], left: list[NodeId]) -> list[str | Operand]:
    """Indices and slices; `left` are the numbers in them, the last one first."""
    parts: list[str | Operand] = []
    for kind in kinds:
        parts += [", "] * bool(parts)
        if kind == "i":
            parts.append(Operand(left.pop()))
            continue
        parts += [Operand(left.pop())] if "b" in kind else []
        parts.append(":")
        parts += [Operand(left.pop())] if "e" in kind else []
        parts += [":", Operand(left.pop())] if "s" in kind else []
    return parts
