"""Nodes of a graph as numbers: a sweep over them is symbolic differentiation.

Operations on constants are folded and products with 0 and 1 are not built, so that what a rule leaves out stays out;
everything else about the result's form is the business of `simplify`.
"""

from fractions import Fraction
from functools import partial

from adcalc.arithmetics.base import Operation
from adcalc.graph.fold import connect, fold, holds
from adcalc.graph.graph import Graph
from adcalc.graph.node import CONDITIONS, CONNECTIVES, CONSTANT, NodeId


class Symbolic:
    """The arithmetic whose numbers are the nodes of one graph.

    >>> graph = Graph()
    >>> numbers = Symbolic(graph)
    >>> x = graph.input("x")
    >>> numbers.operation("mul")(numbers.constant(Fraction(1)), x) == x
    True
    """

    infix: frozenset[str] = frozenset()
    decides = False

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._truths: dict[NodeId, bool] = {}

    def constant(self, value: Fraction) -> NodeId:
        return self.graph.constant(value)

    def operation(self, op: str) -> Operation | None:
        if op == "if":
            return self._choose
        return partial(self._condition if op in CONDITIONS else self._apply, op)

    def _apply(self, op: str, *args: NodeId) -> NodeId:
        values = [self._value(argument) for argument in args]
        if None not in values:
            folded = fold(op, *(value for value in values if value is not None))
            if folded is not None:
                return self.graph.constant(folded)
        if op == "mul":
            for value, other in zip(values, reversed(args), strict=True):
                if value == 1:
                    return other
                if value == -1:
                    return self._negative(other)
        elif op in ("div", "pow") and values[1] == 1:
            return args[0]
        elif op == "pow" and values[1] == 0 and not self.graph.shape(args[0]):
            return self.graph.constant(Fraction(1))
        elif op == "add" and 0 in values:
            return args[1] if values[0] == 0 else args[0]
        elif op == "sub" and values[1] == 0:
            return args[0]
        elif op == "neg":
            return self._negative(args[0])
        return self.graph.apply(op, *args)

    def _negative(self, node: NodeId) -> NodeId:
        op, args, _ = self.graph.nodes[node]
        return args[0] if op == "neg" else self.graph.apply("neg", node)

    def _condition(self, op: str, *args: NodeId) -> NodeId:
        node = self.graph.apply(op, *args)
        if op in CONNECTIVES:
            truth = connect(op, [self._truths.get(argument) for argument in args])
        else:
            left, right = (self._value(argument) for argument in args)
            truth = holds(op, left, right) if left is not None and right is not None else None
        if truth is not None:
            self._truths[node] = truth
        return node

    def _choose(self, condition: NodeId, taken: NodeId, other: NodeId) -> NodeId:
        truth = self._truths.get(condition)
        if truth is None:
            return taken if taken == other else self.graph.apply("if", condition, taken, other)
        side, shapes = taken if truth else other, self.graph.shape
        if shapes(taken) != shapes(other):  # a choice has the shape of both
            from adcalc.graph.shape import broadcast

            full = broadcast(shapes(taken), shapes(other), shapes(condition))
            return side if shapes(side) == full else self.graph.arrange("broadcast", full, side)
        return side

    def truth(self, condition: NodeId) -> bool | None:
        """Whether a condition holds, where that is known whatever the point is.

        >>> numbers = Symbolic(Graph())
        >>> two = numbers.constant(Fraction(2))
        >>> numbers.truth(numbers.operation("ge")(two, numbers.constant(Fraction(1))))
        True
        """
        return self._truths.get(condition)

    def _value(self, node: NodeId) -> Fraction | None:
        op, _, label = self.graph.nodes[node]
        return label if op == CONSTANT and isinstance(label, Fraction) else None
