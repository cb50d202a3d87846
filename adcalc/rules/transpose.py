"""Transposes: what a linear operation on arrays hands an adjoint back as.

Differentials are linear in their d-names, so on the way from a differential to dA there are only linear operations.
Each of them has one transpose here, and the list does not grow with the functions. Arrays are nodes of a graph.

An adjoint may be smaller than the value that it belongs to: one that is the same in all rows is kept as one row, and
is repeated only where an operation needs it whole.
"""

from collections.abc import Callable
from fractions import Fraction
from math import prod
from typing import Any, Final, NamedTuple, TypeAlias

from adcalc.arithmetics.symbolic import Symbolic
from adcalc.graph.node import NodeId, Shape
from adcalc.graph.shape import stretched


class Step(NamedTuple):
    """A linear operation: its arguments as far as they are known, their shapes, its label and its own shape.

    >>> Step("sum", (None,), ((2, 3),), ((0,), False), (3,)).shape
    (3,)
    """

    op: str
    args: tuple[NodeId | None, ...]
    shapes: tuple[Shape, ...]
    label: Any
    shape: Shape

    def other(self, place: int) -> NodeId:
        """The argument beside the one that is differentiated."""
        found = self.args[1 - place]
        assert found is not None
        return found


class Arrays:
    """Operations on the nodes of a graph that are arrays.

    >>> from adcalc.graph.graph import Graph
    >>> graph = Graph()
    >>> arrays = Arrays(Symbolic(graph))
    >>> graph.shape(arrays.whole(graph.input("x"), (2, 3)))
    (2, 3)
    """

    def __init__(self, numbers: Symbolic) -> None:
        self.numbers = numbers
        self.graph = numbers.graph

    def shape(self, node: NodeId) -> Shape:
        """The shape of a node."""
        return self.graph.shape(node)

    def apply(self, op: str, *args: NodeId) -> NodeId:
        """An operation that has no label."""
        operation = self.numbers.operation(op)
        assert operation is not None
        node: NodeId = operation(*args)
        return node

    def whole(self, node: NodeId, shape: Shape) -> NodeId:
        """A node repeated to a full shape."""
        return node if self.shape(node) == shape else self.graph.arrange("broadcast", shape, node)

    def reshaped(self, node: NodeId, shape: Shape) -> NodeId:
        """The elements of a node in another shape."""
        return node if self.shape(node) == shape else self.graph.arrange("reshape", shape, node)

    def total(self, node: NodeId, axes: tuple[int, ...], kept: bool = False) -> NodeId:
        """The sum over some axes."""
        return self.graph.arrange("sum", (axes, kept), node) if axes else node

    def transposed(self, node: NodeId) -> NodeId:
        """A matrix, or each of several, with rows and columns exchanged."""
        rank = len(self.shape(node))
        if rank < 2:
            return node
        op, args, _ = self.graph.nodes[node]
        if op == "transpose" and rank == 2:
            return args[0]
        return self.graph.arrange("transpose", (*range(rank - 2), rank - 1, rank - 2), node)

    def collected(self, bar: NodeId, full: Shape, shape: Shape) -> NodeId:
        """What arrives at an argument of a shape that was repeated to a full shape: the sum over its copies."""
        missing, ones = stretched(shape, full)
        if not missing and not ones:
            return bar
        op, args, _ = self.graph.nodes[bar]
        if op == "neg":  # the sum of what is turned round is the sum, turned round
            bar = args[0]
        have = self.shape(bar)
        lead = len(full) - len(have)
        repeated = [axis for axis in (*missing, *ones) if axis < lead or have[axis - lead] == 1 != full[axis]]
        copies = prod(full[axis] for axis in repeated)
        if copies != 1:
            bar = self.apply("mul", self.numbers.constant(Fraction(copies)), bar)
        axes = tuple(axis - lead for axis in (*missing, *ones) if axis >= lead and axis not in repeated)
        dropped = tuple(axis - lead for axis in missing if axis >= lead)
        whole = axes == dropped  # whatever is summed goes: no axis of length 1 is left to be dropped
        if axes:
            bar = self.total(bar, axes, kept=not whole)
        if dropped and not whole:
            bar = self.reshaped(bar, tuple(n for axis, n in enumerate(self.shape(bar)) if axis not in dropped))
        return self.apply("neg", bar) if op == "neg" else bar

    def product(self, left: NodeId, right: NodeId) -> NodeId:
        """The matrix product of two arrays of two axes or more; what an identity multiplies stays as it is."""
        for node, other in ((left, right), (right, left)):
            factor = self._of_identity(node)
            if factor is not None:
                return self.apply("mul", factor, other)
        return self.apply("matmul", left, right)

    def _of_identity(self, node: NodeId) -> NodeId | None:
        """The number by which an identity matrix is multiplied; None where the node is none."""
        op, args, label = self.graph.nodes[node]
        if op == "mul" and self.shape(args[0]) == ():
            factor = args[0]
            op, _, label = self.graph.nodes[args[1]]
        else:
            factor = self.numbers.constant(Fraction(1))
        square = op == "eye" and isinstance(label, tuple) and label[0] == label[1]
        return factor if square else None


def _matmul(arrays: Arrays, step: Step, bar: NodeId, place: int) -> NodeId:
    left, right = step.shapes
    other, shape, beside = step.other(place), step.shapes[place], step.shapes[1 - place]
    if len(shape) == len(beside) == 1:
        return arrays.apply("mul", bar, other)
    bar = arrays.whole(bar, step.shape)
    if len(shape) + len(beside) == 3:  # a matrix and a vector
        if len(shape) == 2:
            return arrays.apply("outer", other, bar) if place else arrays.apply("outer", bar, other)
        return arrays.product(arrays.transposed(other), bar) if place else arrays.product(other, bar)
    above = step.shape[: -2 + (len(beside) == 1) + (len(shape) == 1)]
    rows = () if len(left) == 1 else left[-2:-1]
    columns = () if len(right) == 1 else right[-1:]
    bar = arrays.reshaped(bar, (*above, *(rows or (1,)), *(columns or (1,))))
    if len(beside) == 1:
        other = arrays.reshaped(other, (1, beside[0]) if place else (beside[0], 1))
    turned = arrays.transposed(other)
    flow = arrays.product(turned, bar) if place else arrays.product(bar, turned)
    if len(shape) == 1:
        flow = arrays.reshaped(flow, (*above, shape[0]))
    return arrays.collected(flow, arrays.shape(flow), shape)


def _outer(arrays: Arrays, step: Step, bar: NodeId, place: int) -> NodeId:
    bar = arrays.whole(bar, step.shape)
    return arrays.product(arrays.transposed(bar) if place else bar, step.other(place))


def _solve(arrays: Arrays, step: Step, bar: NodeId, place: int) -> NodeId:
    return arrays.apply("solve", arrays.transposed(step.other(place)), arrays.whole(bar, step.shape))


def _sum(arrays: Arrays, step: Step, bar: NodeId, place: int) -> NodeId:
    axes, _ = step.label
    if not arrays.shape(bar):
        return bar
    bar = arrays.whole(bar, step.shape)
    kept = tuple(1 if axis in axes else length for axis, length in enumerate(step.shapes[0]))
    return arrays.reshaped(bar, kept)


def _reshape(arrays: Arrays, step: Step, bar: NodeId, place: int) -> NodeId:
    if not arrays.shape(bar):
        return bar
    return arrays.reshaped(arrays.whole(bar, step.shape), step.shapes[0])


def _broadcast(arrays: Arrays, step: Step, bar: NodeId, place: int) -> NodeId:
    return arrays.collected(bar, step.shape, step.shapes[0])


def _transpose(arrays: Arrays, step: Step, bar: NodeId, place: int) -> NodeId:
    label = step.label
    if not arrays.shape(bar):
        return bar
    bar = arrays.whole(bar, step.shape)
    if len(label) == 2:
        return arrays.transposed(bar)
    return arrays.graph.arrange("transpose", tuple(label.index(axis) for axis in range(len(label))), bar)


def _take(arrays: Arrays, step: Step, bar: NodeId, place: int) -> NodeId:
    bar = arrays.whole(bar, step.shape)
    return arrays.graph.arrange("put", (step.shapes[0], step.label), bar)


def _put(arrays: Arrays, step: Step, bar: NodeId, place: int) -> NodeId:
    shape, index = step.label
    return arrays.graph.arrange("take", index, arrays.whole(bar, shape))


def _array(arrays: Arrays, step: Step, bar: NodeId, place: int) -> NodeId:
    if not arrays.shape(bar):
        return bar
    return arrays.graph.arrange("take", (place,), arrays.whole(bar, step.shape))


def _concat(arrays: Arrays, step: Step, bar: NodeId, place: int) -> NodeId:
    (axis,) = step.label
    if not arrays.shape(bar):
        return bar
    begin = sum(shape[axis] for shape in step.shapes[:place])
    end = begin + step.shapes[place][axis]
    whole = [(0, length, 1) for length in step.shape[:axis]]
    return arrays.graph.arrange("take", (*whole, (begin, end, 1)), arrays.whole(bar, step.shape))


def _trace(arrays: Arrays, step: Step, bar: NodeId, place: int) -> NodeId:
    return arrays.apply("mul", bar, arrays.graph.arrange("eye", step.shapes[0]))


def _diagonal(arrays: Arrays, step: Step, bar: NodeId, place: int) -> NodeId:
    return arrays.apply("diagonal_matrix", arrays.whole(bar, step.shape))


def _diagonal_matrix(arrays: Arrays, step: Step, bar: NodeId, place: int) -> NodeId:
    return arrays.apply("diagonal", arrays.whole(bar, step.shape))


def _half_lower(arrays: Arrays, step: Step, bar: NodeId, place: int) -> NodeId:
    return arrays.apply("half_lower", arrays.whole(bar, step.shape))


Transpose: TypeAlias = Callable[[Arrays, Step, NodeId, int], NodeId]

TRANSPOSES: Final[dict[str, Transpose]] = {
    "matmul": _matmul,
    "outer": _outer,
    "solve": _solve,
    "sum": _sum,
    "reshape": _reshape,
    "broadcast": _broadcast,
    "transpose": _transpose,
    "take": _take,
    "put": _put,
    "array": _array,
    "concat": _concat,
    "trace": _trace,
    "diagonal": _diagonal,
    "diagonal_matrix": _diagonal_matrix,
    "half_lower": _half_lower,
}


def transposed(arrays: Arrays, step: Step, bar: NodeId, place: int) -> NodeId:
    """What an adjoint of a linear operation hands down to one of its arguments.

    >>> from adcalc.graph.graph import Graph
    >>> graph = Graph()
    >>> A, bar = graph.input("A", (2, 3)), graph.input("bar", (2,))
    >>> flow = transposed(Arrays(Symbolic(graph)), Step("matmul", (A, None), ((2, 3), (3,)), None, (2,)), bar, 1)
    >>> graph.nodes[flow].op, graph.shape(flow)
    ('matmul', (3,))
    """
    return TRANSPOSES[step.op](arrays, step, bar, place)
