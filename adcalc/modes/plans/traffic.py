"""What a plan over arrays costs, counted: operations on elements, and elements that are read and written.

An operation element by element counts once for each element, a sum once for each term but the first, a matrix product
as the products and sums that it is made of, a factorisation by the leading term of its usual count. Comparisons and
choices count nothing, as for numbers.

A step reads each of its arrays once and writes one; a view reads and writes nothing, a contraction never writes the
products that it sums. Divided by the elements of one array this is how many passes over the memory of that array a plan
makes, which is what the time of large arrays goes by.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from adcalc.arithmetics.batch import VIEWS
from adcalc.graph.node import CONDITIONS, CONSTANT, INPUT, Shape
from adcalc.graph.shape import REDUCTIONS, size
from adcalc.modes.plans.plan import Plan

_FREE: Final = (
    VIEWS | CONDITIONS | {"if", "array", "put", "concat", "eye", "diagonal_matrix", "half_lower", INPUT, CONSTANT}
)


def traffic(plan: Plan) -> int:
    """The elements of arrays that the steps of a plan read and write.

    >>> import numpy as np
    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.graph.graph import Graph
    >>> from adcalc.rules.compiled import Compiled
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x", (100,))
    >>> output = graph.arrange("sum", ((0,), False), graph.apply("mul", x, x))
    >>> traffic(Plan(graph, [output], Compiled(standard(), Real())))  # one contraction: x is read, a number is written
    101
    """
    graph = plan.graph
    total = 0
    for step in plan.steps:
        if graph.nodes[step.node].op in VIEWS:
            continue
        read = [node for node in dict.fromkeys(step.args) if graph.nodes[node].op != CONSTANT]
        total += size(graph.shape(step.node)) + sum(size(graph.shape(node)) for node in read)
    return total


def operations(plan: Plan) -> int:
    """The operations on elements that a plan takes.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.graph.graph import Graph
    >>> from adcalc.rules.compiled import Compiled
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> product = graph.apply("matmul", graph.input("A", (4, 3)), graph.input("B", (3, 2)))
    >>> operations(Plan(graph, [product], Compiled(standard(), Real())))  # 8 elements, of 3 products and 2 sums each
    40
    """
    graph = plan.graph
    total = 0
    for node in plan.live:
        op, args, _ = graph.nodes[node]
        if op not in _FREE:
            count = _COUNTS.get(op)
            shapes = [graph.shape(argument) for argument in args]
            total += size(graph.shape(node)) if count is None else count(shapes, graph.shape(node))
    return total


def _product(shapes: Sequence[Shape], shape: Shape) -> int:
    return size(shape) * max(0, 2 * shapes[0][-1] - 1)


def _reduced(shapes: Sequence[Shape], shape: Shape) -> int:
    return size(shapes[0]) - size(shape)


def _cubic(numerator: int, denominator: int) -> Callable[[Any, Any], int]:
    return lambda shapes, shape: numerator * shapes[0][-1] ** 3 // denominator


_COUNTS: Final[dict[str, Callable[[Sequence[Shape], Shape], int]]] = {
    "matmul": _product,
    **dict.fromkeys(REDUCTIONS, _reduced),
    "trace": lambda shapes, shape: shapes[0][0] - 1,
    "det": _cubic(2, 3),
    "logdet": _cubic(2, 3),
    "inv": _cubic(2, 1),
    "adjugate": _cubic(4, 1),
    "cholesky": _cubic(1, 3),
    "solve": lambda shapes, shape: 2 * shapes[0][0] ** 3 // 3 + 2 * shapes[0][0] * size(shape),
}
