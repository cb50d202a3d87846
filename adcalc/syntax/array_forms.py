"""Nodes of arrays as the calls, indices and products that a person writes for them.

What a label says of axes, shapes and places becomes words of the language again. A notation draws a form in its own
way; which form a node has is the same for all of them.
"""

from collections.abc import Collection
from fractions import Fraction
from math import prod
from typing import Any, Final, NamedTuple

from adcalc.graph.graph import Graph
from adcalc.graph.node import NodeId, Shape
from adcalc.syntax.reductions import REDUCED

_NAMES: Final = {row: name for name, row in REDUCED.items()}
_DIAGONALS: Final = frozenset(("diagonal", "diagonal_matrix"))


class Form(NamedTuple):
    """A call: the function's name, the nodes that it is called with, and the words after them.

    `axes` are those of a reduction that goes along some of them only, and `kept` says that they keep their place.
    `shape` is the one that is made, `place` the index that is taken or put into.

    >>> Form("trace", (0,)).words
    ()
    """

    name: str
    args: tuple[NodeId, ...]
    words: tuple[str, ...] = ()
    axes: tuple[int, ...] = ()
    kept: bool = False
    shape: Shape = ()
    place: tuple[Any, ...] = ()


def form(graph: Graph, node: NodeId, named: Collection[NodeId] = ()) -> Form | None:
    """How a node of arrays is written, or None for one that is written as everywhere else.

    The name is that of a function of the language, or "transpose", "index", "ones" for what has signs of its own. What
    is `named` is not looked into.

    >>> graph = Graph()
    >>> X = graph.input("X", (2, 3))
    >>> form(graph, graph.arrange("sum", ((0,), False), X)).words
    ('axis=0',)
    """
    op, args, label = graph.nodes[node]
    if label is None:
        return Form("diag", args) if op in _DIAGONALS else _mean(graph, node, named) if op == "div" else None
    if not args and op != "eye":
        return None
    found = _FORMS.get(op)
    return None if found is None else found(graph, args, label, named)


def subscript(index: tuple[Any, ...], shape: Shape) -> str:
    """An index as the language writes it, of an array with this shape.

    >>> subscript((1, (0, 3, 1), (2, -1, -1)), (4, 3, 3))
    '1, :, 2::-1'
    """
    return ", ".join(_slice(one, length) for one, length in zip(index, shape, strict=False))


def _slice(index: Any, length: int) -> str:
    if not isinstance(index, tuple):
        return str(index)
    begin, end, step = index
    if begin == end:
        return "0:0"
    first = "" if (step > 0 and begin == 0) else str(begin)
    last = "" if end < 0 or (step > 0 and end >= length) else str(end)
    return f"{first}:{last}" + (f":{step}" if step != 1 else "")


def _reduction(name: str, argument: NodeId, axes: tuple[int, ...], kept: bool, rank: int) -> Form:
    words = []
    some = axes if len(axes) < rank else ()
    if some:
        words.append(_axis(some))
    if kept:
        words.append("keepdims=1")
    return Form(name, (argument,), tuple(words), some, kept)


def _axis(axes: tuple[int, ...]) -> str:
    return f"axis={axes[0] if len(axes) == 1 else list(axes)}"


def _reduced(name: str) -> Any:
    def found(graph: Graph, args: tuple[NodeId, ...], label: Any, named: Collection[NodeId]) -> Form:
        axes, kept = label
        return _reduction(name, args[0], axes, kept, len(graph.shape(args[0])))

    return found


def _reshape(graph: Graph, args: tuple[NodeId, ...], label: Any, named: Collection[NodeId]) -> Form:
    """A new shape; behind a reduction that lacks nothing but it, the reduction without its axes."""
    op, inner, reduced = graph.nodes[args[0]]
    shape = graph.shape(args[0])
    if op in _NAMES and isinstance(reduced, tuple) and args[0] not in named:
        axes, kept = reduced
        if kept and label == tuple(length for axis, length in enumerate(shape) if axis not in axes):
            return _reduction(_NAMES[op], inner[0], axes, False, len(graph.shape(inner[0])))
    if not label:
        return Form("index", args, place=(0,) * len(shape))
    return Form("reshape", args, tuple(map(str, label)), shape=label)


def _transpose(graph: Graph, args: tuple[NodeId, ...], label: Any, named: Collection[NodeId]) -> Form:
    if label == tuple(reversed(range(len(label)))):
        return Form("transpose", args)
    return Form("transpose", args, tuple(map(str, label)))


def _take(graph: Graph, args: tuple[NodeId, ...], label: Any, named: Collection[NodeId]) -> Form:
    return Form("index", args, place=label)


def _put(graph: Graph, args: tuple[NodeId, ...], label: Any, named: Collection[NodeId]) -> Form:
    shape, index = label
    places = [str(list(one[: 2 if one[2] == 1 else 3])) if isinstance(one, tuple) else str(one) for one in index]
    return Form("put", args, (str(list(shape)), *places), shape=shape, place=index)


def _broadcast(graph: Graph, args: tuple[NodeId, ...], label: Any, named: Collection[NodeId]) -> Form:
    lengths = tuple(map(str, label))
    value = graph.nodes[args[0]].label
    if value == 0 and isinstance(value, Fraction):
        return Form("zeros", (), lengths, shape=label)
    alone = value == 1 and isinstance(value, Fraction)
    return Form("ones", () if alone else args, lengths, shape=label)


def _concat(graph: Graph, args: tuple[NodeId, ...], label: Any, named: Collection[NodeId]) -> Form:
    (axis,) = label
    return Form("concat", args, (f"axis={axis}",) if axis else (), axes=label)


def _eye(graph: Graph, args: tuple[NodeId, ...], label: Any, named: Collection[NodeId]) -> Form:
    return Form("eye", (), tuple(map(str, label[:1] if label[0] == label[1] else label)), shape=label)


def _mean(graph: Graph, node: NodeId, named: Collection[NodeId]) -> Form | None:
    """A sum over axes divided by how many elements are added."""
    total, count = graph.nodes[node].args
    op, inner, label = graph.nodes[total]
    if op != "sum" or total in named or not isinstance(label, tuple):
        return None
    shape = graph.shape(inner[0])
    if graph.nodes[count].label != Fraction(prod(shape[axis] for axis in label[0])):
        return None
    axes, kept = label
    return _reduction("mean", inner[0], axes, kept, len(shape))


def _softmax(name: str) -> Any:
    def found(graph: Graph, args: tuple[NodeId, ...], label: Any, named: Collection[NodeId]) -> Form:
        axes = label[0] if label[0] != (len(graph.shape(args[0])) - 1,) else ()
        return Form(name, args, (_axis(axes),) if axes else (), axes)

    return found


_FORMS: Final[dict[str, Any]] = {
    **{row: _reduced(name) for name, row in REDUCED.items()},
    "softmax_over": _softmax("softmax"),
    "log_softmax_over": _softmax("log_softmax"),
    "reshape": _reshape,
    "transpose": _transpose,
    "take": _take,
    "put": _put,
    "broadcast": _broadcast,
    "concat": _concat,
    "eye": _eye,
}
