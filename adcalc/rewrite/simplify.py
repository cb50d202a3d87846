"""Formulas as a person would write them: nodes to canonical terms, the identities on each, and back to nodes.

Every pass visits each node once, so that the work grows with the number of nodes. Passes are repeated until nothing
changes. A result with more operations than the original is not used.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from adcalc.graph.count import operations
from adcalc.graph.graph import Graph
from adcalc.graph.node import NodeId
from adcalc.rewrite.algebra import Algebra
from adcalc.rewrite.visit import Step, Visit
from adcalc.rules.table import Table

_PASSES: Final = 10
_LONGER: Final = 6  # operations that the form of arrays may cost
_ATTEMPTS: Final = ((4, 16, True), (4, 16, False), (0, 0, False))  # what is opened, and whether 3/2*x is 3*x/2


class Simplified(NamedTuple):
    """The simplified nodes, and conditions (nodes, too) that were assumed beyond what the given ones require.

    `steps` are the passes that led there, the last of which may have changed nothing.
    """

    outputs: tuple[NodeId, ...]
    assumptions: tuple[NodeId, ...]
    steps: tuple[Step, ...] = ()


def simplify(graph: Graph, outputs: Sequence[NodeId], table: Table) -> Simplified:
    """The outputs in a shorter form, as nodes of the same graph; simplifying them again changes nothing.

    >>> from adcalc.rules.table import standard
    >>> from adcalc.syntax.unparse import unparse
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> product = graph.apply("mul", x, graph.apply("mul", graph.apply("exp", x), x))
    >>> unparse(graph, simplify(graph, [product], standard()).outputs[0])
    'x^2*exp(x)'
    """
    visit = _array_visit if graph.shapes else _visit
    current = tuple(outputs)
    seen: dict[tuple[NodeId, ...], int] = {}
    steps: list[Step] = []
    if graph.shapes:  # arrays in the form in which their products are compared, which may be a little longer
        first = visit(graph, table, *_ATTEMPTS[0]).run(current)
        if operations(graph, *first.outputs) <= operations(graph, *current) + _LONGER:
            current = first.outputs
            steps.append(first)
    while current not in seen and len(seen) < _PASSES:
        count = seen[current] = operations(graph, *current)
        for attempt in _ATTEMPTS:
            step = visit(graph, table, *attempt).run(current)
            if operations(graph, *step.outputs) <= count:
                current = step.outputs
                steps.append(step)
                break
    least = min(seen.values())
    if seen.get(current, least) > least:
        current = min(one for one, count in seen.items() if count == least)
    assumptions = dict.fromkeys(node for step in steps for node in step.assumptions)
    return Simplified(current, tuple(assumptions), tuple(steps))


def _visit(graph: Graph, table: Table, small: int, medium: int, divide: bool) -> Visit:
    return Visit(graph, table, Algebra(small, medium), divide)


def _array_visit(graph: Graph, table: Table, small: int, medium: int, divide: bool) -> Visit:
    from adcalc.rewrite.array_visit import ArrayVisit, matrices  # where there are arrays

    return ArrayVisit(graph, table, matrices(graph, small, medium), divide)
