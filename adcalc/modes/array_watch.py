"""Where arrays may have lost digits, noticed while they are computed: what nobody needs any more is let go at once.

A sum much smaller than an operand has lost digits, element by element. Of a large array a few thousand elements are
looked at, evenly spread, so that looking costs next to nothing beside the sum itself. Of a small one the elements are
taken as floats: a bound on all of them is found before NumPy has begun.
"""

from __future__ import annotations

import math
from operator import truediv
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from adcalc.arithmetics.batch import VIEWS
from adcalc.graph.node import CONSTANT, INPUT, RELATIONS
from adcalc.modes.places import HAS_ONES, IS_BRANCH, KINDS

if TYPE_CHECKING:
    from adcalc.arithmetics.base import Operation
    from adcalc.graph.graph import Graph
    from adcalc.graph.node import NodeId

_LOST: Final = 1e-3  # of an operand: a sum as small may have lost digits
_RARE: Final = 1e-2  # what chance may report of an array without any loss
_LEAST: Final = 1e-5  # of an operand, however many elements there are
_SEVERE: Final = 1e-8  # of an operand: a sum as small has eight digits at most
_NEAR: Final = 1e-5  # to a zero of a function, where it loses digits
_TURNED: Final = 1.5  # a smaller angle is near no zero of a sine but 0
_TIE: Final = 1e-12  # of a number: how near another one is the same to rounding
_LOOKED: Final = 4096  # elements of an array that are looked at
_CLOSE: Final = 0.99  # rounding in the comparison itself
_FEW: Final = 32  # elements that are looked at as floats
_STEEP: Final = 1e3  # an exponent that multiplies the errors of its base by itself
_ODD: Final = (ArithmeticError, AttributeError, TypeError)  # of numbers that are no floats, or 0
_ONES: Final = frozenset(op for op, kind in KINDS.items() if kind & HAS_ONES)
_BRANCHES: Final = frozenset(op for op, kind in KINDS.items() if kind & IS_BRANCH)
_SUMS: Final = frozenset({"add", "sub"})
_ANGLES: Final = frozenset({"sin", "cos", "tan"})
_LOGARITHMS: Final = frozenset({"log", "log2", "log10"})
_EDGES: Final = frozenset({*RELATIONS, "min", "max"})
_EXTREMES: Final = frozenset({"max_over", "min_over"})
_ARRANGED: Final = VIEWS | _EXTREMES | {"array", "concat", "stack", "put", "eye"}  # their elements are others'


def _is_one(numbers: Any) -> Any:
    """Which numbers are nearly 1 or -1."""
    return np.absolute(np.absolute(numbers) - 1.0) < _NEAR


class ArrayWatch:
    """Looks at the steps of a plan; `noticed` are the nodes that may have lost digits since it was cleared.

    `severe` are sums among them that have fewer than eight.

    Reductions from `first` on, those of derivatives, are not looked at: they cancel where a derivative is 0.

    >>> from adcalc.graph.graph import Graph
    >>> graph = Graph()
    >>> x = graph.input("x", (2,))
    >>> total = graph.apply("sub", graph.apply("exp", x), graph.apply("cos", x))
    >>> watch = ArrayWatch(graph)
    >>> subtract = watch.over(total, np.subtract, (1, 2))
    >>> subtract(np.array([1.0, 1.0]), np.array([1.0 - 1e-9, 2.0])).tolist()[1], watch.noticed
    (-1.0, [3])
    """

    def __init__(self, graph: Graph, first: NodeId | None = None) -> None:
        self.noticed: list[NodeId] = []
        self.severe: list[NodeId] = []
        self._graph = graph
        self._first = len(graph) if first is None else first

    def over(self, node: NodeId, evaluate: Operation, args: tuple[NodeId, ...]) -> Operation:
        """The function of a step, with a look at what it makes where that may lose digits."""
        op = self._graph.nodes[node].op
        if op in _SUMS:
            is_exact = all(map(self._is_exact, args)) or self._is_shift(op, args)
            return evaluate if is_exact else self._of_sum(node, evaluate, args)
        if op in _ONES and not self._is_exact(args[-1]):
            return self._of_place(node, evaluate, lambda *given: _is_one(given[-1]))
        if op in _BRANCHES and not self._is_exact(args[-1]):
            return self._of_place(node, evaluate, lambda u: np.absolute(u * np.e + 1.0) < _NEAR)
        if op == "pow" and len(args) == 2 and not self._is_exact(args[0]):
            if self._graph.nodes[args[1]].op == CONSTANT:
                return self._of_place(node, evaluate, lambda _, w: np.absolute(w) > _STEEP)
            return self._of_place(node, evaluate, lambda u, w: (np.absolute(w) > _STEEP).any() or _is_one(u).any())
        if (op in _ANGLES or op in _LOGARITHMS) and self._graph.shape(node):
            return evaluate if self._is_exact(args[0]) else self._of_function(node, evaluate, op in _ANGLES)
        if op in _EDGES and len(args) == 2:
            return evaluate if all(map(self._is_exact, args)) else self._of_edge(node, evaluate)
        if op in ("sum", "matmul") and node < self._first:
            return self._of_reduction(node, evaluate, args)
        return evaluate

    def _of_sum(self, node: NodeId, evaluate: Operation, args: tuple[NodeId, ...]) -> Operation:
        shape = self._graph.shape(node)
        large = _CLOSE / _limit(math.prod(shape))
        few = math.prod(shape) <= _FEW and all(self._graph.shape(one) == shape for one in args)

        def watched(left: Any, right: Any, out: Any = None) -> Any:
            operand = right if out is left else left
            made = evaluate(left, right) if out is None else evaluate(left, right, out=out)
            try:
                if not shape:
                    is_well = abs(operand) < large * abs(made)
                else:
                    is_well = few and _longest(operand.ravel().tolist(), made.ravel().tolist()) < large
            except _ODD:
                is_well = False
            if not is_well:
                self._look(node, np.asarray(made), operand)
            return made

        return watched

    def _of_function(self, node: NodeId, evaluate: Operation, is_angle: bool) -> Operation:
        few = 0 < math.prod(self._graph.shape(node)) <= _FEW

        def watched(argument: Any, out: Any = None) -> Any:
            made = evaluate(argument) if out is None else evaluate(argument, out=out)
            if few and min(map(abs, made.ravel().tolist())) >= _NEAR:
                return made
            small = np.absolute(_some(np.asarray(made))) < _NEAR
            if small.any():
                angles = np.absolute(_some(np.asarray(argument)))[small] if is_angle and out is None else None
                if angles is None or (angles > _TURNED).any():
                    self.noticed.append(node)
            return made

        return watched

    def _of_place(self, node: NodeId, evaluate: Operation, is_there: Operation) -> Operation:
        def watched(*args: Any, out: Any = None) -> Any:
            if np.any(is_there(*map(_some, map(np.asarray, args)))):
                self.noticed.append(node)
            return evaluate(*args) if out is None else evaluate(*args, out=out)

        return watched

    def _of_edge(self, node: NodeId, evaluate: Operation) -> Operation:
        def watched(left: Any, right: Any, out: Any = None) -> Any:
            apart = np.absolute(np.subtract(left, right))
            if (apart < _TIE * np.absolute(left)).any():
                self.noticed.append(node)
            return evaluate(left, right) if out is None else evaluate(left, right, out=out)

        return watched

    def _of_reduction(self, node: NodeId, evaluate: Operation, args: tuple[NodeId, ...]) -> Operation:
        shape = self._graph.shape(node)
        sizes = [math.prod(self._graph.shape(one)) for one in args]
        few = max(sizes) <= _FEW and 0 < math.prod(shape) <= _FEW
        limit = _limit(math.prod(shape)) / _CLOSE * (math.sqrt(sizes[0]) if len(args) == 1 else 1.0)

        def watched(*args: Any, out: Any = None) -> Any:
            made = evaluate(*args) if out is None else evaluate(*args, out=out)
            try:
                if few:  # no sum of products is larger than that of their sizes, by Cauchy and Schwarz
                    bound = limit
                    for one in args:
                        bound *= math.hypot(*one.ravel().tolist())
                    if bound < (min(map(abs, made.ravel().tolist())) if shape else abs(made)):
                        return made
            except _ODD:
                pass
            if max(map(np.size, args)) <= _LOOKED and np.size(made) <= _LOOKED:
                self._look(node, np.asarray(made), evaluate(*map(np.abs, args)))
            return made

        return watched

    def _look(self, node: NodeId, made: Any, operand: Any) -> None:
        large = operand if made.size <= _LOOKED else _some(np.broadcast_to(operand, made.shape))
        sizes, bounds = np.absolute(_some(made)), np.absolute(large)
        if (sizes < _limit(made.size) * bounds).any():
            self.noticed.append(node)
            if (sizes < _SEVERE * bounds).any():
                self.severe.append(node)

    def clear(self) -> None:
        """Forget what was noticed."""
        self.noticed.clear()
        self.severe.clear()

    def _is_exact(self, node: NodeId) -> bool:
        """Whether a node's elements are those of the point, or constants."""
        waiting = [node]
        while waiting:
            op, args, _ = self._graph.nodes[waiting.pop()]
            if op in _ARRANGED:
                waiting += args
            elif op not in (INPUT, CONSTANT):
                return False
        return True

    def _is_shift(self, op: str, args: tuple[NodeId, ...]) -> bool:
        """Whether an array's own extreme is subtracted from it, which is 0 there and no loss."""
        nodes = self._graph.nodes
        left, right = args
        while nodes[right].op in VIEWS:
            right = nodes[right].args[0]
        return op == "sub" and nodes[right].op in _EXTREMES and nodes[right].args[0] == left


def _limit(size: int) -> float:
    """How much smaller than an operand an element is that may have lost digits, where there are so many."""
    return max(_LEAST, min(_LOST, _RARE / (size + 1)))


def _longest(operands: list[float], sums: list[float]) -> float:
    """At least the largest of the quotients of operands and sums."""
    return math.hypot(*map(truediv, operands, sums)) if len(operands) == len(sums) else math.inf


def _some(value: Any) -> Any:
    """Elements of an array, not too many and evenly spread."""
    size = value.size
    if size <= _LOOKED:
        return value
    steps = []
    for length in value.shape:
        step = min(length, -(-size // _LOOKED))
        size = -(-size // step)
        steps.append(slice(None, None, step))
    return value[tuple(steps)]
