"""Sums of products as one contraction: the products are never written down."""

from typing import Any, Final

import numpy as np

from adcalc.arithmetics.base import Operation
from adcalc.graph.graph import Graph
from adcalc.graph.node import NodeId

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


def product_of(graph: Graph, node: NodeId) -> tuple[NodeId, ...]:
    """The factors of a product or a square of arrays; none for anything else.

    >>> graph = Graph()
    >>> x, y = graph.input("x", (3,)), graph.input("y", (3,))
    >>> product_of(graph, graph.apply("mul", x, y)), product_of(graph, x)
    ((0, 1), ())
    """
    op, args, _ = graph.nodes[node]
    shape = graph.shape(node)
    if op == "mul" and any(graph.shape(argument) == shape for argument in args) and shape:
        return args
    if op == "pow" and graph.nodes[args[1]].label == 2 and shape:
        return args[0], args[0]
    return ()


def contraction(graph: Graph, node: NodeId, factors: tuple[NodeId, ...]) -> Operation:
    """The function of the factors that is their product's sum over the axes of a node.

    >>> graph = Graph()
    >>> x, y = graph.input("x", (2, 3)), graph.input("y", (3,))
    >>> total = graph.arrange("sum", ((1,), False), graph.apply("mul", x, y))
    >>> contraction(graph, total, (x, y))(np.ones((2, 3)), np.array([1.0, 2.0, 3.0])).tolist()
    [6.0, 6.0]
    """
    (product,) = graph.nodes[node].args
    label: Any = graph.nodes[node].label
    axes, kept = label
    full = graph.shape(product)
    wanted = graph.shape(node)
    inputs, reduced = [], []
    for factor in factors:
        shape = graph.shape(factor)
        lead = len(full) - len(shape)
        present = [axis for axis, length in enumerate(shape) if length == full[lead + axis]]
        inputs.append("".join(_LETTERS[lead + axis] for axis in present))
        reduced.append(tuple(shape[axis] for axis in present))
    output = "".join(_LETTERS[axis] for axis in range(len(full)) if axis not in axes)
    flat = len(axes) == len(full) and all(graph.shape(factor) == full for factor in factors)
    subscripts = f"{','.join(inputs)}->{output}"

    def contracted(*given: Any) -> Any:
        if flat:
            made = np.dot(np.ravel(given[0]), np.ravel(given[-1]))
        else:
            parts = [np.reshape(part, shape) for part, shape in zip(given, reduced, strict=True)]
            made = np.einsum(subscripts, *parts)
        return np.reshape(made, wanted) if kept and wanted else made

    return contracted
