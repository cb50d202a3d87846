"""Array graphs evaluated: one straight line of NumPy's functions, made once and run at any point.

A graph of value and derivatives is evaluated from the first node to the last. What is shared is computed once, what
nobody needs any more is let go at once, and a result takes the place of an argument of its own size that dies with it.
A sum of products is one contraction: the products are never written down.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from adcalc.arithmetics.batch import UFUNCS, VIEWS, function, power
from adcalc.graph.node import CONSTANT, INPUT, NodeId
from adcalc.modes.base import NodeError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adcalc.arithmetics.base import Operation
    from adcalc.graph.graph import Graph
    from adcalc.modes.array_watch import ArrayWatch
    from adcalc.rules.compiled import Compiled

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


class _Step(NamedTuple):
    """One evaluation: the function, where its arguments are, and which of them it may write over."""

    node: NodeId
    function: Operation
    args: tuple[NodeId, ...]
    over: NodeId | None
    frees: tuple[NodeId, ...]
    lenient: bool


class Plan:
    """The outputs of an array graph as a straight line of steps.

    Nodes from `lenient` on, and those that are only used on a side of a choice, may come out as
    infinities or as no number inside; what becomes of them is looked at in the end.

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
        self._beyond: NodeId | None = None  # a constant beyond floating point
        self.watch = watch
        self.steps = self._made()
        if watch is not None:
            self.steps = [
                step._replace(function=watch.over(step.node, step.function, step.args)) for step in self.steps
            ]

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
            self.watch.noticed.clear()
        for node, number in (self._constants if constants is None else constants).items():
            values[node] = number
        for node in self.live:
            if self.graph.nodes[node].op == INPUT:
                values[node] = point[node]
        node = 0
        try:
            with np.errstate(divide="raise", invalid="raise", over="raise", under="ignore"):
                for node, evaluate, args, over, frees, lenient in self.steps:
                    given = [values[argument] for argument in args]
                    if lenient:
                        with np.errstate(all="ignore"):
                            made = evaluate(*given) if over is None else evaluate(*given, out=values[over])
                    else:
                        made = evaluate(*given) if over is None else evaluate(*given, out=values[over])
                    values[node] = made
                    for argument in frees:
                        values[argument] = None
        except (ValueError, ArithmeticError) as error:
            raise self._blamed(node, point, error) from error
        return values

    # ------------------------------------------------------------ making the steps

    def _made(self) -> list[_Step]:
        graph, nodes = self.graph, self.graph.nodes
        uses = _uses(graph, self.live, self.outputs)
        steps: list[tuple[NodeId, Operation, tuple[NodeId, ...], bool]] = []
        fused = set() if self.plain else self._fused(uses)
        for node in self.live:
            op, args, _ = nodes[node]
            if op == INPUT or node in fused:
                continue
            if op == CONSTANT:
                self._constants[node] = self._constant(node)
                continue
            if op == "sum" and args[0] in fused:
                factors = _factors(graph, args[0])
                steps.append((node, self._contraction(node, factors), factors, False))
                continue
            evaluate, given, may = self._function(node)
            steps.append((node, evaluate, given, may and graph.shape(node) != ()))
        return self._with_memory(steps)

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

    def _with_memory(self, steps: list[tuple[NodeId, Operation, tuple[NodeId, ...], bool]]) -> list[_Step]:
        """The steps with what each may write over, and what each is the last to use."""
        if self.plain:
            return [_Step(*step[:3], None, (), self._is_lenient(step[0])) for step in steps]
        nodes, shape = self.graph.nodes, self.graph.shape
        owner: dict[NodeId, NodeId] = {}  # whose memory a value lies in
        for node, _, args, _ in steps:
            owner[node] = owner.get(args[0], args[0]) if nodes[node].op in VIEWS and args else node
        kept = {owner.get(output, output) for output in self.outputs}
        last: dict[NodeId, int] = {}
        for number, (_, _, args, _) in enumerate(steps):
            for argument in args:
                last[owner.get(argument, argument)] = number
        members: dict[NodeId, list[NodeId]] = {}
        for node, whose in owner.items():
            members.setdefault(whose, []).append(node)
        made: list[_Step] = []
        for number, (node, evaluate, args, may) in enumerate(steps):
            dying = [
                whose
                for whose in dict.fromkeys(owner.get(argument, argument) for argument in args)
                if last[whose] == number and whose not in kept and whose in owner
            ]
            over = None
            if may:
                over = next((a for a in args if a in dying and shape(a) == shape(node) and owner[a] == a), None)
            if over is not None:
                owner[node] = node
                frees = (over, *(member for whose in dying if whose != over for member in members[whose]))
            else:
                frees = tuple(member for whose in dying for member in members[whose])
            made.append(_Step(node, evaluate, args, over, frees, self._is_lenient(node)))
        return made

    def _is_lenient(self, node: NodeId) -> bool:
        return node >= self.lenient or node in self._sheltered

    def _fused(self, uses: Mapping[NodeId, int]) -> set[NodeId]:
        """The products that only a sum uses."""
        graph = self.graph
        found = set()
        for node in self.live:
            op, args, _ = graph.nodes[node]
            if (
                op == "sum"
                and uses[args[0]] == 1
                and _factors(graph, args[0])
                and not self._is_lenient(node) ^ (self._is_lenient(args[0]))
            ):
                found.add(args[0])
        return found

    def _contraction(self, node: NodeId, factors: tuple[NodeId, ...]) -> Operation:
        """The sum over axes of a product, without the product."""
        graph = self.graph
        (product,) = graph.nodes[node].args
        label: Any = graph.nodes[node].label
        axes, kept = label
        full = graph.shape(product)
        wanted = graph.shape(node)
        letters = [_LETTERS[axis] for axis in range(len(full))]
        shapes = [graph.shape(factor) for factor in factors]
        inputs, reduced = [], []
        for shape in shapes:
            lead = len(full) - len(shape)
            inputs.append(
                "".join(letters[lead + axis] for axis, length in enumerate(shape) if length == full[lead + axis])
            )
            reduced.append(tuple(length for axis, length in enumerate(shape) if length == full[lead + axis]))
        output = "".join(letters[axis] for axis in range(len(full)) if axis not in axes)
        flat = len(axes) == len(full) and all(shape == full for shape in shapes)
        subscripts = f"{','.join(inputs)}->{output}"

        def contracted(*given: Any) -> Any:
            if flat:
                made = np.dot(np.ravel(given[0]), np.ravel(given[-1]))
            else:
                parts = [np.reshape(part, shape) for part, shape in zip(given, reduced, strict=True)]
                made = np.einsum(subscripts, *parts)
            return np.reshape(made, wanted) if kept and wanted else made

        return contracted

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


def _factors(graph: Graph, node: NodeId) -> tuple[NodeId, ...]:
    """The factors of a product or a square; none for anything else."""
    op, args, _ = graph.nodes[node]
    shape = graph.shape(node)
    if op == "mul" and any(graph.shape(argument) == shape for argument in args) and shape:
        return args
    if op == "pow" and graph.nodes[args[1]].label == 2 and shape:
        return args[0], args[0]
    return ()


def _uses(graph: Graph, live: Sequence[NodeId], outputs: Sequence[NodeId]) -> dict[NodeId, int]:
    from adcalc.graph.count import uses

    return uses(graph, live, outputs)


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
