"""Questions about arrays as questions about numbers: one input, and one result, for each element."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from adcalc.api.arrays.arrays import Slopes, evaluated, finished
from adcalc.api.program import real
from adcalc.graph.elements import elements as labels
from adcalc.graph.shape import size
from adcalc.graph.unfold import MATRICES, unfolded
from adcalc.modes import forward, reverse
from adcalc.modes.base import NodeError
from adcalc.modes.edges import singular
from adcalc.modes.plans.plan import Plan
from adcalc.syntax.lowered import Lowered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adcalc.api.program import Program
    from adcalc.graph.graph import Graph
    from adcalc.graph.node import NodeId
    from adcalc.rules.table import Table

_UNFOLDED: Final = 200_000  # elements of arrays that are looked at one by one


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


def by_element(lowered: Lowered, at: Mapping[str, Any], known: Mapping[NodeId, Any] | None = None) -> Elements:
    """The same program on numbers, by all of its variables. Raises LimitError where there are too many elements.

    `known` are the values of nodes at the point: those of matrices choose the pivots of eliminations.

    >>> from adcalc.api import function
    >>> by_element(*function("sum(x)").at({"x": [1, 2]})).at
    {'x[0]': 1.0, 'x[1]': 2.0}
    """
    whole = unfolded(lowered.graph, [lowered.output], known, _UNFOLDED)
    small = Lowered(lowered.code)
    small.graph = whole.graph
    spans = lowered.spans
    small.spans = [spans[origin] if origin < len(spans) else (0, 0) for origin in whole.origins]
    results = tuple(int(node) for node in np.ravel(whole.elements[lowered.output]))
    is_array = bool(lowered.graph.shape(lowered.output))
    small.output = small.graph.apply("array", *results) if is_array else results[0]
    numbers: dict[str, float] = {}
    names: dict[str, list[str]] = {}
    for name in lowered.variables:
        if name not in at:
            continue
        names[name] = labels(name, np.shape(at[name]))
        for label, number in zip(names[name], np.ravel(at[name]), strict=True):
            small.variables[label] = small.graph.input(label)
            numbers[label] = float(number)
    return Elements(small, numbers, results, names)


def elements(program: Program, lowered: Lowered, at: Mapping[str, Any], names: Sequence[str]) -> Elements:
    """The same program on numbers, to differentiate by some of its variables.

    Raises LimitError where there are too many elements, and what `evaluated` raises.

    >>> from adcalc.api import function
    >>> f = function("sum(x)")
    >>> elements(f, *f.at({"x": [1, 2]}), ["x"]).at
    {'x[0]': 1.0, 'x[1]': 2.0}
    """
    known: Mapping[NodeId, Any] = {}
    inverts = not MATRICES.isdisjoint(lowered.graph.ops)
    if lowered.guards or inverts:
        evaluated(program, lowered, at, [lowered.output])  # also the derivatives inside have to exist
    if inverts:
        known = values(program, lowered, at)
    parts = by_element(lowered, at, known)
    return parts._replace(names={name: parts.names[name] for name in names})


def values(program: Program, lowered: Lowered, at: Mapping[str, Any]) -> dict[NodeId, Any]:
    """The values of the nodes at a point, as far as they have any. Raises NodeError.

    >>> from adcalc.api import function
    >>> f = function("sum(x)")
    >>> float(values(f, *f.at({"x": [1, 2]}))[f.lowered(shapes={"x": (2,)}).output])
    3.0
    """
    return _values(program.table, lowered, {lowered.variables[name]: value for name, value in at.items()})


def constants(table: Table, lowered: Lowered) -> dict[NodeId, Any]:
    """The values of the nodes of a constant expression, as far as they have any. Raises NodeError.

    >>> from adcalc.rules.table import standard
    >>> from adcalc.syntax.point import parse_constant
    >>> found = parse_constant("det([[0, 1], [2, 0]])", standard())
    >>> float(constants(standard(), found)[found.output])
    -2.0
    """
    return _values(table, lowered, {})


def _values(table: Table, lowered: Lowered, point: Mapping[NodeId, Any]) -> dict[NodeId, Any]:
    found = Plan(lowered.graph, [lowered.output], real(table), plain=True).values(point)
    return {node: value for node, value in enumerate(found) if value is not None}


def slopes(
    program: Program,
    lowered: Lowered,
    at: Mapping[str, Any],
    names: Sequence[str],
    mode: str,
    difference: str,
    at_kink: str | None,
) -> Slopes:
    """The gradient as of a function of all elements. Raises what `Function.gradient` raises.

    >>> from adcalc.api import function
    >>> f = function("sum(x*abs(x))")
    >>> slopes(f, *f.at({"x": [0, -2]}), ["x"], "reverse", "", None).partials["x"].tolist()
    [0.0, 4.0]
    """
    known = values(program, lowered, at)
    small, point, _, every = by_element(lowered, at, known)
    chosen = [label for name in names for label in every[name]]
    tape = program.tape(small, point, tuple(small.variables[label] for label in chosen))
    tape = tape._replace(way=None)  # the way that was taken stays the way
    errors: dict[str, float] = {}
    branches: Sequence[str] = ()
    try:
        kinks = singular.find(tape)
        if kinks.clauses:
            partials: Sequence[float | None] = singular.one_sided(tape, kinks, at_kink).partials
        elif mode == "finite":
            from adcalc.api.estimates import estimates

            partials, errors, branches = estimates(tape, chosen, difference)
        else:
            partials = (forward if mode == "forward" else reverse).run(tape, kinks.active).partials
        if any(partial is not None and partial - partial != 0.0 for partial in partials):
            from adcalc.modes.digits.faults import slope_overflow

            raise slope_overflow(tape, kinks.active)
    except NodeError as error:
        raise program.explained(error, small) from None
    flat = dict(zip(chosen, partials, strict=True))
    given = {
        name: finished(np.reshape([flat[label] or 0.0 for label in every[name]], np.shape(at[name]))) for name in names
    }
    value = tape.value if lowered.weighed is None else known[lowered.weighed]
    return Slopes(finished(value), given, errors, tuple(branches))


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
    if op in MATRICES:
        return size(graph.shape(args[0])) * graph.shape(args[0])[-1]
    return own if op in ("take", "put") else max([own, *(size(graph.shape(argument)) for argument in args)])
