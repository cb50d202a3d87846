"""Where arrays may have lost digits, noticed while they are computed: what nobody needs any more is let go at once.

A sum much smaller than an operand has lost digits, element by element. Of a large array a thousand elements are
looked at, and of a product of matrices a few rows and columns, evenly spread, so that looking costs next to nothing
beside the work itself. Of a small one the elements are taken as floats: a bound on all of them is found before NumPy
has begun.
"""

from __future__ import annotations

import math
from operator import truediv
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from adcalc.arithmetics.batch import VIEWS
from adcalc.graph.node import CONSTANT, INPUT
from adcalc.modes.digits import array_conditions as conditions
from adcalc.modes.digits import places
from adcalc.modes.digits.array_places import ends, has_turned, is_one, is_pole, is_step, of_wave
from adcalc.modes.digits.array_samples import LOOKED, bound_of_sum, of_product, size_of_sum, some, spread
from adcalc.modes.digits.faults import SILENT, has_silently_underflowed
from adcalc.modes.digits.places import (
    KINDS,
    NEAR,
    POLES,
    RARE,
    SMALL,
    STEEP,
    STEPS,
    SUMMED,
    SUMS,
    TIE,
    TIES,
    TURNED,
    TURNS,
    WAVES,
)

if TYPE_CHECKING:
    from adcalc.arithmetics.base import Operation
    from adcalc.graph.graph import Graph
    from adcalc.graph.node import NodeId

_LEAST: Final = 1e-5  # of an operand, however many elements there are
_SEVERE: Final = 1e-8  # of an operand: a sum as small has eight digits at most
_CLOSE: Final = 0.99  # rounding in the comparison itself
_ROUNDED: Final = 1e-7  # times an angle: a value as small there has lost digits by the rounding of the angle
_SMALL_ANGLES: Final = (NEAR / _ROUNDED) ** 2  # together as squares: rounding of them shows at zeros alone
_ROUGH: Final = SUMMED | {"lgamma", "digamma"}  # they lose digits at 0 of numbers that are exact, too
_FEW: Final = 32  # elements that are looked at as floats
_LOSING: Final = (
    places.HAS_ONES | places.HAS_ZEROS | places.IS_BRANCH | sum(TURNS)
)  # kinds of functions that lose digits somewhere
_ODD: Final = (ArithmeticError, AttributeError, TypeError)  # of numbers that are no floats, or 0
_EXTREMES: Final = frozenset({"max_over", "min_over"})
_ARRANGED: Final = VIEWS | _EXTREMES | {"array", "concat", "stack", "put", "eye"}  # their elements are others'


class ArrayWatch:
    """Looks at the steps of a plan; `noticed` are the nodes that may have lost digits since it was cleared.

    `severe` are sums among them that have fewer than eight. `left` are nodes with elements that left the range of
    floating point without an error: NumPy itself tells of them while a plan is run.

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
        self.left: list[NodeId] = []
        self._graph = graph
        self._first = len(graph) if first is None else first

    def over(self, node: NodeId, evaluate: Operation, args: tuple[NodeId, ...]) -> Operation:
        """The function of a step, with a look at what it makes where that may lose digits."""
        op = self._graph.nodes[node].op
        if op in SUMS:
            is_exact = all(map(self._is_exact, args)) or self._is_shift(op, args)
            return evaluate if is_exact else self._of_sum(node, evaluate, args)
        if op == "pow" and len(args) == 2 and not self._is_exact(args[0]):
            if self._graph.nodes[args[1]].op == CONSTANT:
                return self._of_place(node, evaluate, lambda _, w: np.absolute(w) > STEEP)
            return self._of_place(node, evaluate, lambda u, w: (np.absolute(w) > STEEP).any() or is_one(u).any())
        if op in TIES and len(args) == 2:
            return evaluate if all(map(self._is_exact, args)) else self._of_edge(node, evaluate)
        if op in STEPS:
            if all(map(self._is_exact, args)):
                return evaluate
            evaluate = self._of_place(node, evaluate, is_step)
            return self._of_sum(node, evaluate, args) if op == "mod" else evaluate
        if op in ("sum", "matmul") and node < self._first:
            return self._of_reduction(node, evaluate, args)
        if op in conditions.WAYS:
            return self._of_matrix(node, evaluate, op)
        if op in SILENT:
            evaluate = self._of_silent(node, evaluate, op)
        kind = KINDS.get(op, 0)
        if not kind & _LOSING or (op not in _ROUGH and all(map(self._is_exact, args))):
            return evaluate
        if kind & places.HAS_ONES:
            evaluate = self._of_place(node, evaluate, lambda *args: is_one(args[-1]))
        if kind & places.IS_BRANCH:
            evaluate = self._of_place(node, evaluate, lambda *args: np.absolute(args[-1] * np.e + 1.0) < NEAR)
        if kind & places.HAS_ZEROS:
            evaluate = self._of_function(node, evaluate)
        if op in WAVES:
            few = 0 < math.prod(self._graph.shape(node)) <= _FEW
            evaluate = of_wave(evaluate, op, few, lambda: self.noticed.append(node))
        for one, turn in TURNS.items():
            if kind & one:
                evaluate = self._of_function(node, evaluate, turn)
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

    def _of_function(self, node: NodeId, evaluate: Operation, turn: float = 0.0) -> Operation:
        """A look at values near 0; of angles, as parts of a turn, at those near a pole too, but near no angle of 0."""
        shape = self._graph.shape(node)
        few = 0 < math.prod(shape) <= _FEW
        low, high = NEAR, 1.0 / NEAR if turn else math.inf

        def watched(*args: Any, out: Any = None) -> Any:
            near, far = low, high
            if turn and not (few and turn != POLES and np.vdot(args[-1], args[-1]) < _SMALL_ANGLES):
                least, most = ends(args[-1], few)
                if turn == POLES and least < -TURNED and is_pole(args[-1]):
                    self.noticed.append(node)
                top = _ROUNDED * max(most, -least)
                if top > near:
                    near, far = top, 1.0 / top
            made = evaluate(*args) if out is None else evaluate(*args, out=out)
            if few:
                sizes = list(map(abs, made.ravel().tolist())) if shape else [abs(made)]
                if min(sizes) >= near and max(sizes) <= far:
                    return made
            size = np.absolute(some(np.asarray(made)))
            odd = (size < near) | (size > far)
            if odd.any() and (out is not None or not turn or has_turned(args[-1], odd, np.shape(made), turn)):
                self.noticed.append(node)
            return made

        return watched

    def _of_place(self, node: NodeId, evaluate: Operation, is_there: Operation) -> Operation:
        def watched(*args: Any, out: Any = None) -> Any:
            if np.any(is_there(*map(some, np.broadcast_arrays(*args)))):
                self.noticed.append(node)
            return evaluate(*args) if out is None else evaluate(*args, out=out)

        return watched

    def _of_silent(self, node: NodeId, evaluate: Operation, op: str) -> Operation:
        def watched(*args: Any, out: Any = None) -> Any:
            made = evaluate(*args) if out is None else evaluate(*args, out=out)
            if has_silently_underflowed(op, np.asarray(made), args[-1]):
                self.left.append(node)
            return made

        return watched

    def _of_edge(self, node: NodeId, evaluate: Operation) -> Operation:
        def watched(left: Any, right: Any, out: Any = None) -> Any:
            apart = np.absolute(np.subtract(left, right))
            if (apart < TIE * np.absolute(left)).any():
                self.noticed.append(node)
            return evaluate(left, right) if out is None else evaluate(left, right, out=out)

        return watched

    def _of_reduction(self, node: NodeId, evaluate: Operation, args: tuple[NodeId, ...]) -> Operation:
        shape = self._graph.shape(node)
        sizes = [math.prod(self._graph.shape(one)) for one in args]
        few = max(sizes) <= _FEW and 0 < math.prod(shape) <= _FEW
        limit = _limit(math.prod(shape)) / _CLOSE * (math.sqrt(sizes[0]) if len(args) == 1 else 1.0)
        is_product = self._graph.nodes[node].op == "matmul"

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
            if max(map(np.size, args)) <= LOOKED and np.size(made) <= LOOKED:
                self._look(node, np.asarray(made), evaluate(*map(np.abs, args)))
            elif not shape and len({one.shape for one in args}) == 1:
                if not abs(made) > _LEAST * bound_of_sum(args):
                    self._look(node, np.asarray(made), size_of_sum(args), _LEAST)
            elif shape and is_product:
                self._look(node, *of_product(args[0], args[1], made))
            return made

        return watched

    def _of_matrix(self, node: NodeId, evaluate: Operation, op: str) -> Operation:
        def watched(*args: Any) -> Any:
            made, loss = conditions.evaluated(op, evaluate, args)
            if not loss < conditions.LOSING:
                self.noticed.append(node)
                if not loss < conditions.SEVERE:
                    self.severe.append(node)
            return made

        return watched

    def _look(self, node: NodeId, made: Any, operand: Any, limit: float | None = None) -> None:
        limit = limit or _limit(made.size)
        if made.size > LOOKED:
            where = spread(made.shape)
            if np.size(operand) > 1:
                operand = (operand if operand.shape == made.shape else np.broadcast_to(operand, made.shape))[where]
            made = made[where]
            if self._is_short(operand, made, 1.0 / limit):
                return
        sizes, bounds = np.absolute(made), np.absolute(operand)
        if (sizes < limit * bounds).any():
            self.noticed.append(node)
            if (sizes < _SEVERE * bounds).any():
                self.severe.append(node)

    def _is_short(self, operands: Any, sums: Any, large: float) -> bool:
        """Whether the quotients of operands and sums are certainly small, all of them together."""
        told = len(self.left)
        try:
            quotients = operands / sums
        except _ODD:
            return False
        finally:
            del self.left[told:]  # the quotients are nobody's
        return bool(np.vdot(quotients, quotients) < large * large)

    def clear(self) -> None:
        """Forget what was noticed."""
        self.noticed.clear()
        self.severe.clear()
        self.left.clear()

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
    return max(_LEAST, min(SMALL, RARE / (size + 1)))


def _longest(operands: list[float], sums: list[float]) -> float:
    """At least the largest of the quotients of operands and sums."""
    return math.hypot(*map(truediv, operands, sums)) if len(operands) == len(sums) else math.inf
