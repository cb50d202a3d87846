"""Questions about arrays as questions about numbers: one input, and one result, for each element."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from adcalc.api.arrays.arrays import evaluated
from adcalc.api.program import real
from adcalc.graph.elements import elements as labels_of
from adcalc.graph.shape import size
from adcalc.graph.unfold import unfolded
from adcalc.modes.plan import Plan
from adcalc.syntax.lowered import Lowered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adcalc.api.program import Program
    from adcalc.graph.graph import Graph
    from adcalc.graph.node import NodeId

_UNFOLDED: Final = 200_000  # elements of arrays that are looked at one by one
_MATRICES: Final = frozenset({"solve", "inv", "det", "logdet", "adjugate", "cholesky"})


class Elements(NamedTuple):
    """A program of numbers and its point, the nodes of the result's elements, and the names of each variable's.

    >>> from adcalc.api import function
    >>> f = function("x^2")
    >>> elements(f, *f.at({"x": [1, 2]}, several=True), ["x"]).names
    {'x': ['x[0]', 'x[1]']}
    """

    lowered: Lowered
    at: dict[str, float]
    results: tuple[NodeId, ...]
    names: dict[str, list[str]]

    @property
    def flat(self) -> tuple[str, ...]:
        """The names of all elements to differentiate by."""
        return tuple(name for some in self.names.values() for name in some)


def elements(program: Program, lowered: Lowered, at: Mapping[str, Any], names: Sequence[str]) -> Elements:
    """The same program on numbers. Raises LimitError where there are too many elements, and what `evaluated` raises.

    >>> from adcalc.api import function
    >>> f = function("sum(x)")
    >>> elements(f, *f.at({"x": [1, 2]}), ["x"]).at
    {'x[0]': 1.0, 'x[1]': 2.0}
    """
    known: dict[NodeId, Any] = {}
    inverts = not _MATRICES.isdisjoint(lowered.graph.ops)
    if lowered.guards or inverts:
        evaluated(program, lowered, at, [lowered.output])  # also the derivatives inside have to exist
    if inverts:
        point = {lowered.variables[name]: value for name, value in at.items()}
        values = Plan(lowered.graph, [lowered.output], real(program.table), plain=True).values(point)
        known = {node: value for node, value in enumerate(values) if value is not None}
    whole = unfolded(lowered.graph, [lowered.output], known, _UNFOLDED)
    small = Lowered(lowered.code)
    small.graph = whole.graph
    spans = lowered.spans
    small.spans = [spans[origin] if origin < len(spans) else (0, 0) for origin in whole.origins]
    results = tuple(int(node) for node in np.ravel(whole.elements[lowered.output]))
    small.output = results[-1] if results else -1
    numbers: dict[str, float] = {}
    labels: dict[str, list[str]] = {}
    for name in lowered.variables:
        if name not in at:
            continue
        own = labels_of(name, np.shape(at[name]))
        for label, number in zip(own, np.ravel(at[name]), strict=True):
            small.variables[label] = small.graph.input(label)
            numbers[label] = float(number)
        labels[name] = own
    return Elements(small, numbers, results, {name: labels[name] for name in names})


def work(graph: Graph, output: NodeId) -> int:
    """How many operations on numbers a result takes, about: what it is unfolded to.

    >>> from adcalc.graph.graph import Graph
    >>> graph = Graph()
    >>> work(graph, graph.apply("sin", graph.input("x", (3,))))
    6
    """
    return sum(_operations(graph, node) for node in graph.live(output))


def _operations(graph: Graph, node: NodeId) -> int:
    op, args, _ = graph.nodes[node]
    own = size(graph.shape(node))
    if op == "matmul":
        return own * max(1, graph.shape(args[0])[-1])
    if op in _MATRICES:
        return size(graph.shape(args[0])) * graph.shape(args[0])[-1]
    return own if op in ("take", "put") else max([own, *(size(graph.shape(argument)) for argument in args)])
