"""Partials as nodes of the graph that they are of: the sweeps, where the numbers are nodes."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from adcalc.arithmetics.symbolic import Symbolic
from adcalc.errors import ShapeError
from adcalc.modes import forward, reverse
from adcalc.modes.base import Problem, Tape
from adcalc.rules.compiled import Compiled

if TYPE_CHECKING:
    from adcalc.graph.graph import Graph
    from adcalc.graph.node import NodeId
    from adcalc.rules.table import Table

_REMEMBERED: Final = 4  # graphs


class Differentiate:
    """Partials as nodes: the rules are compiled once for a graph, and the last few graphs are remembered.

    >>> from adcalc.graph.graph import Graph
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> [partial] = Differentiate(standard())(graph, graph.apply("exp", x), (x,))
    >>> graph.nodes[partial].op
    'exp'
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self._known: list[tuple[Graph, bool, Compiled[Any]]] = []  # and whether there were arrays

    def __call__(self, graph: Graph, output: NodeId, wrt: tuple[NodeId, ...]) -> list[NodeId | None]:
        """The partials of an output; those of an array by a number are arrays.

        Raises ShapeError for the derivative of an array by an array.
        """
        tape = self.tape(graph, output, wrt)
        if graph.shapes:
            return self._of_arrays(tape)
        if any(graph.nodes[node].op == "if" for node in tape.order):  # each side's slope stays inside its own side
            one = graph.constant(Fraction(1))
            return [forward.push(tape, {variable: one}) if variable <= output else None for variable in wrt]
        return list(reverse.run(tape).partials)

    def tape(self, graph: Graph, output: NodeId, wrt: tuple[NodeId, ...]) -> Tape[Any]:
        """The tape of an output whose numbers are nodes: of an array graph its own, else folded ones."""
        rules = self._rules(graph)
        order = graph.below(output)
        values: list[Any] = list(range(output + 1)) if graph.shapes else [None] * (output + 1)
        for node in order if not graph.shapes else ():
            op, args, _ = graph.nodes[node]
            values[node] = rules.value(op)(*[values[argument] for argument in args]) if args else node
        return Tape(Problem(graph, output, wrt, {}), rules, order, values)

    def _of_arrays(self, tape: Tape[Any]) -> list[NodeId | None]:
        graph, output, wrt = tape.problem.graph, tape.problem.output, tape.problem.wrt
        if not graph.shape(output):
            return list(reverse.run(tape).partials)
        one = graph.constant(Fraction(1))
        partials: list[NodeId | None] = []
        for variable in wrt:
            partial = None
            if variable <= output:
                partial = forward.push(tape, {variable: one})
            if partial is not None and graph.shape(variable):
                raise ShapeError("this is the derivative of an array by an array", None, "take one element, or a sum")
            partials.append(partial)
        return partials

    def _rules(self, graph: Graph) -> Compiled[Any]:
        for known, arrays, rules in self._known:
            if known is graph and arrays == bool(graph.shapes):
                return rules
        made: Compiled[Any] = Compiled(self._table, Symbolic(graph))
        if graph.shapes:
            from adcalc.rules.shaped import Shaped

            made = Shaped(self._table, Symbolic(graph))
        self._known = [(graph, bool(graph.shapes), made), *self._known[: _REMEMBERED - 1]]
        return made
