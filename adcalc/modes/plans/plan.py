"""Array graphs evaluated: one straight line of NumPy's functions, made once and run at any point.

A graph of value and derivatives is evaluated from the first node to the last. What is shared is computed once, what
nobody needs any more is let go at once, and a result takes the place of an argument of its own size that dies with it.
Others are written into arrays that stay with the plan from run to run: fresh memory costs more than most operations.
A sum of products is one contraction: the products are never written down.
"""

from __future__ import annotations

from itertools import groupby
from math import inf
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from adcalc.arithmetics.batch import UFUNCS, function, power
from adcalc.graph.count import uses
from adcalc.graph.node import CONSTANT, INPUT, NodeId
from adcalc.modes.base import NodeError
from adcalc.modes.plans.contracted import contraction, product_of
from adcalc.modes.plans.storage import Step, Writable, stored

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adcalc.arithmetics.base import Operation
    from adcalc.graph.graph import Graph
    from adcalc.graph.node import Shape
    from adcalc.modes.digits.array_watch import ArrayWatch
    from adcalc.rules.compiled import Compiled

_DOUBLE: Final = np.dtype(float)
STRICT: Final[Any] = {"divide": "raise", "invalid": "raise", "over": "raise", "under": "ignore"}
LENIENT: Final[Any] = {"all": "ignore"}  # infinities, and what is no number, are looked at in the end
_TOLD: Final[Any] = {"under": "call"}  # NumPy knows for nothing what it underflows at
_TOLD_OF_ALL: Final[Any] = {"all": "ignore", "over": "call", "under": "call"}


class Plan:
    """The outputs of an array graph as a straight line of steps.

    `stretches` are the steps with how strict NumPy is about them. Nodes from `lenient` on, and those that are only used
    on a side of a choice, may come out as infinities or as no number inside; what becomes of them is looked at in the
    end.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.graph.graph import Graph
    >>> from adcalc.rules.compiled import Compiled
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x", (3,))
    >>> plan = Plan(graph, [graph.apply("exp", graph.apply("neg", x))], Compiled(standard(), Real()))
    >>> plan.run({x: np.zeros(3)})[0].tolist()
    [1.0, 1.0, 1.0]
    """

    def __init__(
        self,
        graph: Graph,
        outputs: Sequence[NodeId],
        rules: Compiled[float],
        lenient: NodeId | None = None,
        plain: bool = False,
        watch: ArrayWatch | None = None,
    ) -> None:
        self.graph = graph
        self.outputs = tuple(outputs)
        self.rules = rules
        self.lenient = len(graph) if lenient is None else lenient
        self.plain = plain  # every node as it stands, and kept
        self.live = graph.live(*outputs)
        self._sheltered = sheltered(graph, self.outputs, self.live)
        self._constants: dict[NodeId, Any] = {}
        self.watch = watch
        self._beyond: NodeId | None = None  # a constant beyond floating point
        self.steps, slots = self._made()
        if watch is not None:
            self.steps = [
                step._replace(function=watch.over(step.node, step.function, step.args)) for step in self.steps
            ]
        stretches = groupby(self.steps, lambda step: self._is_lenient(step.node))
        loose = LENIENT if watch is None else _TOLD_OF_ALL
        strict = STRICT if watch is None else STRICT | _TOLD
        self.stretches = [(loose if lenient else strict, list(steps)) for lenient, steps in stretches]
        self._slots = len(slots)
        self._kept: list[list[Any]] = []  # the arrays of runs that are over: a run takes some, or makes its own

    @property
    def constants(self) -> Mapping[NodeId, Any]:
        """The numbers that are there before the first step."""
        return self._constants

    def run(self, point: Mapping[NodeId, Any], constants: Mapping[NodeId, Any] | None = None) -> list[Any]:
        """The values of the outputs, none of which is the point's own. Raises NodeError where a node has no value.

        `constants` are what the constants are, where the point's numbers are no ordinary floats.
        """
        values = self.values(point, constants)
        nodes = self.graph.nodes
        return [np.copy(values[one]) if nodes[one].op == INPUT else values[one] for one in self.outputs]

    def values(self, point: Mapping[NodeId, Any], constants: Mapping[NodeId, Any] | None = None) -> list[Any]:
        """The values of the outputs, and of all nodes of a plain plan, by id."""
        if self._beyond is not None and constants is None:
            raise NodeError("overflow", self._beyond, [])
        values: list[Any] = [None] * (max(self.outputs, default=-1) + 1)
        if self.watch is not None:
            self.watch.clear()
        for node, number in (self._constants if constants is None else constants).items():
            values[node] = number
        for node in self.live:
            if self.graph.nodes[node].op == INPUT:
                values[node] = point[node]
        arrays = self._arrays(point) if constants is None else None
        node = 0
        left = [] if self.watch is None else self.watch.left

        def leaves(*_: Any) -> None:
            left.append(node)

        try:
            for strictness, steps in self.stretches:
                with np.errstate(**strictness, call=leaves):
                    for node, evaluate, args, over, slot, frees in steps:
                        given = [values[argument] for argument in args]
                        if over is not None:
                            made = evaluate(*given, out=values[over])
                        elif slot is None or arrays is None:
                            made = evaluate(*given)
                        elif arrays[slot] is None:
                            made = arrays[slot] = evaluate(*given)
                        else:
                            made = evaluate(*given, out=arrays[slot])
                        values[node] = made
                        for argument in frees:
                            values[argument] = None
        except (ValueError, ArithmeticError) as error:
            raise self._blamed(node, point, error) from error
        if arrays:
            self._kept.append(arrays)
        return values

    def _arrays(self, point: Mapping[NodeId, Any]) -> list[Any] | None:
        """Arrays of a run's own to write to, one for each slot; None where the numbers are no ordinary floats."""
        if any(getattr(number, "dtype", _DOUBLE) != _DOUBLE for number in point.values()):
            return None
        try:
            return self._kept.pop()
        except IndexError:
            return [None] * self._slots

    # ------------------------------------------------------------ making the steps

    def _made(self) -> tuple[list[Step], list[Shape]]:
        graph, nodes = self.graph, self.graph.nodes
        used = uses(graph, self.live, self.outputs)
        steps: list[Writable] = []
        fused = set() if self.plain else self._fused(used)
        for node in self.live:
            op, args, _ = nodes[node]
            if op == INPUT or node in fused:
                continue
            if op == CONSTANT:
                self._constants[node] = self._constant(node)
                continue
            if op == "sum" and args[0] in fused:
                factors = product_of(graph, args[0])
                steps.append((node, contraction(graph, node, factors), factors, False))
                continue
            evaluate, given, may = self._function(node)
            steps.append((node, evaluate, given, may and graph.shape(node) != ()))
        if self.plain:
            return [Step(*step[:3], None, None, ()) for step in steps], []
        return stored(graph, self.outputs, steps)

    def _constant(self, node: NodeId) -> Any:
        """A constant's number; of one beyond floating point it is known, and said when the plan is run."""
        label: Any = self.graph.nodes[node].label
        try:
            return self.rules.arithmetic.constant(label)
        except OverflowError:
            self._beyond = node
            return inf

    def _function(self, node: NodeId) -> tuple[Operation, tuple[NodeId, ...], bool]:
        """The function of an operation, its arguments, and whether it can write its result anywhere."""
        nodes = self.graph.nodes
        op, args, label = nodes[node]
        if op == "pow" and nodes[args[1]].op == CONSTANT:
            steps = power(self._constant(args[1]))
            if steps is not None:
                return (steps[0] if len(steps) == 1 else _chain(steps)), args[:1], True
        if op == "if":
            return (np.where if self._is_lenient(node) else _chosen), args, False
        return function(op, label, self.rules.value), args, op in UFUNCS

    def _is_lenient(self, node: NodeId) -> bool:
        return node >= self.lenient or node in self._sheltered

    def _fused(self, used: Mapping[NodeId, int]) -> set[NodeId]:
        """The products that only a sum uses."""
        graph = self.graph
        found = set()
        for node in self.live:
            op, args, _ = graph.nodes[node]
            if (
                op == "sum"
                and used[args[0]] == 1
                and product_of(graph, args[0])
                and self._is_lenient(node) == self._is_lenient(args[0])
            ):
                found.add(args[0])
        return found

    # ------------------------------------------------------------ what went wrong

    def _blamed(self, node: NodeId, point: Mapping[NodeId, Any], error: Exception) -> NodeError:
        """The error of a node, with the numbers of the first element that has no value."""
        if not self.plain:
            try:
                Plan(self.graph, self.outputs, self.rules, self.lenient, plain=True).values(point)
            except NodeError as plain:
                plain.__cause__ = plain.__cause__ or error
                return plain
        kind = "overflow" if "overflow" in str(error) else "domain"
        return NodeError(kind, node, [])


def _chosen(condition: Any, taken: Any, other: Any) -> Any:
    made = np.where(condition, taken, other)
    if not np.all(np.isfinite(made)):
        raise ValueError("a side that is chosen has no value")
    return made


def _chain(steps: tuple[Any, ...]) -> Operation:
    def chained(x: Any, out: Any = None) -> Any:
        made = steps[0](x) if out is None else steps[0](x, out=out)
        for step in steps[1:]:
            made = step(made, out=made) if isinstance(made, np.ndarray) else step(made)
        return made

    return chained


def sheltered(graph: Graph, outputs: Sequence[NodeId], live: Sequence[NodeId]) -> set[NodeId]:
    """The nodes that are only used on a side of a choice: they, or elements of them, may be of no use at all.

    >>> from adcalc.graph.graph import Graph
    >>> graph = Graph()
    >>> x = graph.input("x", (2,))
    >>> root = graph.apply("sqrt", x)
    >>> choice = graph.apply("if", graph.apply("lt", x, x), x, root)
    >>> sheltered(graph, [choice], graph.live(choice)) == {root}
    True
    """
    if "if" not in graph.ops:
        return set()
    exposed = set(outputs)
    for node in reversed(live):
        if node not in exposed:
            continue
        op, args, _ = graph.nodes[node]
        exposed.update(args[:1] if op == "if" else args)
    return {node for node in live if node not in exposed and graph.nodes[node].args}
