"""The way that a program takes at a point: values while it is being lowered, and the truth of its conditions."""

import math
from collections.abc import Mapping
from typing import Any

from adcalc.errors import ShapeError
from adcalc.graph.graph import Graph
from adcalc.graph.node import RELATIONS, NodeId
from adcalc.modes.sweep import ByOp, first_infinite, on_demand
from adcalc.rules.compiled import Compiled


class Path:
    """The values of a growing graph at a point, each computed once, when a condition asks for it.

    `truths` are those of the conditions that were decided, in order; `ties` says whether one compares equal values.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> path = Path(graph, Compiled(standard(), Real()), {x: 2.0})
    >>> path.decide(graph.apply("lt", x, graph.apply("mul", x, x)), {})
    True
    """

    def __init__(self, graph: Graph, rules: Compiled[Any], point: Mapping[NodeId, Any]) -> None:
        self.truths: list[bool] = []
        self.ties = False
        self._graph = graph
        self._rules = rules
        self._point = point
        self._values: list[Any] = []
        self._functions = ByOp(rules.value)

    def decide(self, condition: NodeId, definitions: Mapping[NodeId, NodeId]) -> bool:
        """Whether a condition holds.

        `definitions` are inputs that stand for other nodes. Raises NodeError where the condition has no value.
        """
        shape = self._graph.shape(condition)
        if shape:
            raise ShapeError(
                "this condition has a truth for each element of an array",
                None,
                "where(c, a, b) chooses element by element",
            )
        holds = bool(self.value(condition, definitions))
        self._refuse_overflow(condition)
        self.truths.append(holds)
        self.ties = self.ties or self._balanced(condition)
        return holds

    @property
    def known(self) -> list[Any]:
        """The values that have been computed, by node; None for all others."""
        return self._values

    def value(self, node: NodeId, definitions: Mapping[NodeId, NodeId]) -> Any:
        """The value of a node. Raises NodeError where it has none."""
        values = self._values
        values.extend([None] * (len(self._graph) - len(values)))
        if values[node] is None and self._graph.shapes:
            from adcalc.modes.plans.growing import grow

            grow(self._graph, self._rules, self._point, node, values, definitions)
        elif values[node] is None:
            on_demand(self._graph, self._rules, self._point, node, values, self._functions, definitions)
        return values[node]

    def _refuse_overflow(self, condition: NodeId) -> None:
        """Raise NodeError where a number that overflowed is compared: what the comparison says of it is no truth."""
        nodes, values = self._graph.nodes, self._values
        waiting = [condition]
        while waiting:
            node = waiting.pop()
            op, args, _ = nodes[node]
            if op not in RELATIONS:
                waiting.extend(args)
            elif any(_overflowed(values[argument]) and nodes[argument].args for argument in args):
                raise first_infinite(self._graph, range(node), values)

    def _balanced(self, condition: NodeId) -> bool:
        nodes, values = self._graph.nodes, self._values
        waiting = [condition]
        while waiting:
            op, args, _ = nodes[waiting.pop()]
            if op not in RELATIONS:
                waiting.extend(args)
            elif values[args[0]] is not None and values[args[0]] == values[args[1]]:
                return True
        return False


def _overflowed(value: Any) -> bool:
    return isinstance(value, float) and not math.isfinite(value)
