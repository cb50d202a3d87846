"""Large, shallow graphs of numbers evaluated level by level: nodes of one level and one operation are one array.

A loop over a thousand elements leaves a thousand nodes of each kind that do not need each other. Sorted by level and
operation they are evaluated by one function of NumPy's for each group: gather the arguments, operate, and write where
the group lies. Arguments that lie in a row, or all in one place, are not even gathered. A long sum from the left is one
operation of many arguments, added up in the order in which it is written, so that the rounding is the same.

On deep chains levels are as many as nodes, and nothing is gained: `pays` says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

import numpy as np

from adcalc.arithmetics.batch import function, power
from adcalc.graph.count import uses
from adcalc.graph.node import CONSTANT, INPUT, NodeId

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from adcalc.arithmetics.base import Operation
    from adcalc.graph.graph import Graph
    from adcalc.rules.compiled import Compiled

Array: TypeAlias = "np.ndarray[Any, np.dtype[np.float64]]"
_LONG: Final = 8  # terms of a sum that is added up at once
_CHAINED: Final = frozenset({"add", "sub"})
_SUM: Final = "sum of terms"


class _Task(NamedTuple):
    """A node, or a sum from the left: the operation, its arguments, and the signs of a sum's terms."""

    node: NodeId
    op: str
    args: tuple[NodeId, ...]
    signs: tuple[float, ...]
    exponent: float | None


class Levels:
    """The outputs of a graph of numbers as functions of some inputs.

    One instance has one working memory: it is not to be run by two threads at once.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.graph.graph import Graph
    >>> from adcalc.rules.compiled import Compiled
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x, y = graph.input("x"), graph.input("y")
    >>> levels = Levels(graph, [graph.apply("mul", x, y), y], [x, y], Compiled(standard(), Real()))
    >>> levels.run(np.array([2.0, 3.0])).tolist()
    [6.0, 3.0]
    """

    def __init__(
        self, graph: Graph, outputs: Sequence[NodeId], inputs: Sequence[NodeId], rules: Compiled[float]
    ) -> None:
        self._graph = graph
        self._rules = rules
        live = graph.live(*outputs)
        constants = self._constants(live)
        tasks = self._tasks(live, outputs, constants)
        self._places: dict[NodeId, int] = {node: place for place, node in enumerate(inputs)}
        for node in constants:
            self._places[node] = len(self._places)
        groups = self._grouped(tasks)
        self._values: Array = np.zeros(len(self._places))
        for node, number in constants.items():
            self._values[self._places[node]] = number
        self._head = self._values[: len(inputs)]
        self._steps = [step for group in groups for step in self._step(group)]
        self._outputs = self._view([self._places[node] for node in outputs])
        self.depth = len({self._level[group[0].node] for group in groups})
        self.groups = len(groups)

    def run(self, inputs: Array) -> Array:
        """The outputs at the inputs' values, in an array of their own; infinities and worse where there is no value."""
        self._head[...] = inputs
        with np.errstate(all="ignore"):
            for step in self._steps:
                step()
        made = self._outputs()
        return made.copy() if made.base is not None else made

    # ------------------------------------------------------------ what is evaluated together

    def _constants(self, live: Sequence[NodeId]) -> dict[NodeId, float]:
        """The values of the nodes that depend on no input."""
        found: dict[NodeId, float] = {}
        for node in live:
            op, args, label = self._graph.nodes[node]
            if op == CONSTANT:
                found[node] = self._rules.arithmetic.constant(label)  # type: ignore[arg-type]  # its label is its value
            elif op != INPUT and all(argument in found for argument in args):
                try:
                    found[node] = float(self._rules.value(op)(*[found[argument] for argument in args]))
                except (ValueError, ArithmeticError):
                    found[node] = np.nan
        return found

    def _tasks(
        self, live: Sequence[NodeId], outputs: Sequence[NodeId], constants: Mapping[NodeId, float]
    ) -> list[_Task]:
        """The operations, long sums from the left taken together."""
        nodes = self._graph.nodes
        used = uses(self._graph, live, outputs)
        ends = set(outputs)
        inner: set[NodeId] = set()  # sums that only go on in a longer one
        for node in live:
            op, args, _ = nodes[node]
            if op in _CHAINED and nodes[args[0]].op in _CHAINED and used[args[0]] == 1 and args[0] not in ends:
                inner.add(args[0])
        swallowed: set[NodeId] = set()
        tasks = []
        for node in reversed(live):
            op, args, _ = nodes[node]
            if op == INPUT or node in constants or node in swallowed:
                continue
            if op in _CHAINED and node not in inner:
                terms, signs, passed = self._chain(node, inner)
                if len(terms) >= _LONG:
                    swallowed.update(passed)
                    tasks.append(_Task(node, _SUM, terms, signs, None))
                    continue
            exponent = constants.get(args[1]) if op == "pow" else None
            tasks.append(_Task(node, op, args, (), exponent))
        tasks.reverse()
        return tasks

    def _chain(self, node: NodeId, inner: set[NodeId]) -> tuple[tuple[NodeId, ...], tuple[float, ...], list[NodeId]]:
        """The terms of a sum from the left, their signs, and the sums inside it."""
        nodes = self._graph.nodes
        terms: list[NodeId] = []
        signs: list[float] = []
        passed: list[NodeId] = []
        while True:
            op, (left, right), _ = nodes[node]
            terms.append(right)
            signs.append(1.0 if op == "add" else -1.0)
            if left not in inner:
                return (left, *reversed(terms)), (1.0, *reversed(signs)), passed
            passed.append(left)
            node = left

    def _grouped(self, tasks: Sequence[_Task]) -> list[list[_Task]]:
        """The operations by level and kind, each in a place behind its arguments."""
        level: dict[NodeId, int] = {}
        kinds: dict[tuple[Any, ...], list[_Task]] = {}
        for task in tasks:
            own = level[task.node] = 1 + max((level.get(argument, 0) for argument in task.args), default=0)
            label = self._graph.nodes[task.node].label
            kinds.setdefault((own, task.op, len(task.args), task.exponent, label), []).append(task)
        self._level = level
        groups = [kinds[kind] for kind in sorted(kinds, key=lambda kind: kind[0])]
        for group in groups:
            group.sort(key=lambda task: [self._places[argument] for argument in task.args])
            for task in group:
                self._places[task.node] = len(self._places)
        return groups

    # ------------------------------------------------------------ how a group is evaluated

    def _step(self, group: Sequence[_Task]) -> list[Callable[[], Any]]:
        start = self._places[group[0].node]
        out = self._values[start : start + len(group)]
        first = group[0]
        columns = [[self._places[task.args[k]] for task in group] for k in range(len(first.args))]
        if first.op == _SUM:
            return [_added(self._values, np.array(columns), np.array([task.signs for task in group]).T, out)]
        steps = power(first.exponent) if first.exponent is not None else None
        if steps is not None:
            source = self._view(columns[0])
            chain = [_unary(steps[0], source, out)]
            return [*chain, *(_unary(ufunc, _fixed(out), out) for ufunc in steps[1:])]
        evaluate = function(first.op, self._graph.nodes[first.node].label, self._rules.value)
        sources = [self._view(column) for column in columns]
        if isinstance(evaluate, np.ufunc):
            if len(sources) == 1:
                return [_unary(evaluate, sources[0], out)]
            if len(sources) == 2:
                return [_binary(evaluate, sources[0], sources[1], out)]
        return [_general(evaluate, sources, out)]

    def _view(self, places: Sequence[int]) -> Callable[[], Array]:
        """Some places of the memory: themselves where they lie at even distances, else a copy of what is there."""
        values = self._values
        if len(places) and len(set(places)) == 1:
            return _fixed(np.broadcast_to(values[places[0] : places[0] + 1], (len(places),)))
        index = np.array(places, dtype=np.intp)
        if len(index) > 1:
            gaps = np.diff(index)
            if gaps[0] > 0 and (gaps == gaps[0]).all():
                return _fixed(values[index[0] : index[-1] + 1 : gaps[0]])
        room = np.empty(len(index))
        return lambda: values.take(index, out=room, mode="clip")


def pays(graph: Graph, outputs: Sequence[NodeId]) -> bool:
    """Whether a graph has so many nodes in so few levels that evaluating them by levels is worth while.

    >>> from adcalc.graph.graph import Graph
    >>> graph = Graph()
    >>> pays(graph, [graph.apply("sin", graph.input("x"))])
    False
    """
    live = graph.live(*outputs)
    if len(live) < _FEW:
        return False
    level: dict[NodeId, int] = {}
    chained: dict[NodeId, int] = {}  # the level of a sum from the left, which counts once
    for node in live:
        op, args, _ = graph.nodes[node]
        if op in _CHAINED:
            left, right = args
            chained[node] = max(chained.get(left, level[left]), level[right])
            level[node] = chained[node] + 1
        else:
            level[node] = 1 + max((level[argument] for argument in args), default=-1)
    return len(live) >= _CROWD * (1 + max(level.values()))


_FEW: Final = 200  # nodes
_CROWD: Final = 8  # nodes in a level


def _fixed(view: Array) -> Callable[[], Array]:
    return lambda: view


def _unary(ufunc: Any, source: Callable[[], Array], out: Array) -> Callable[[], Any]:
    return lambda: ufunc(source(), out=out)


def _binary(ufunc: Any, left: Callable[[], Array], right: Callable[[], Array], out: Array) -> Callable[[], Any]:
    return lambda: ufunc(left(), right(), out=out)


def _general(evaluate: Operation, sources: Sequence[Callable[[], Array]], out: Array) -> Callable[[], Any]:
    def step() -> None:
        out[...] = evaluate(*[source() for source in sources])

    return step


def _added(values: Array, places: Any, signs: Array, out: Array) -> Callable[[], Any]:
    """Sums of as many terms each, added from the first to the last."""
    signed = bool((signs < 0.0).any())

    def step() -> None:
        terms = values[places]
        if signed:
            terms *= signs
        out[...] = np.add.accumulate(terms, axis=0)[-1]

    return step
