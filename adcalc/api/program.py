"""The way from a text to a graph, a tape and formulas, that every question goes.

A `Program` knows its text, its graph and its function table; `Function` adds the questions.
"""

from __future__ import annotations

import sys
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from adcalc.api.point import Number, Point, constant_of, missing_hint
from adcalc.arithmetics.real import Real, Saturating
from adcalc.errors import AdcalcError, Source, UnboundVariableError, unknown_variable
from adcalc.modes import forward, reverse
from adcalc.modes.base import NodeError, Problem, Tape
from adcalc.modes.sweep import primal
from adcalc.rules.compiled import Compiled
from adcalc.rules.table import Table, standard
from adcalc.syntax.lower import MAXIMUM_OPERATIONS, lower
from adcalc.syntax.parser import parse
from adcalc.syntax.point import Binding

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from adcalc.graph.node import NodeId
    from adcalc.syntax.lowered import Lowered


class Program:
    """An expression or program and the function table that it is read with.

    >>> Program(Source("a = x*y; a + sin(x)")).variables
    ('x', 'y')
    """

    def __init__(
        self, source: Source, table: Table | None = None, maximum_operations: int = MAXIMUM_OPERATIONS
    ) -> None:
        self.source = source
        self.table = table or standard()
        self._code = parse(source)
        self._maximum = maximum_operations
        self._lowered: dict[frozenset[str], Lowered] = {}
        self.lowered()

    def __repr__(self) -> str:
        return f"adcalc.function({self.source.text!r})"

    def _repr_latex_(self) -> str:
        return f"${self.latex}$"

    @property
    def variables(self) -> tuple[str, ...]:
        """The free variables, in order of first appearance."""
        return tuple(self.lowered().variables)

    @property
    def text(self) -> str:
        """The expression whose value is asked, spaced as adcalc writes it.

        >>> Program(Source("cos(x*y)+y")).text
        'cos(x*y) + y'
        """
        from adcalc.syntax.echo import echo

        return echo(self._code)

    @property
    def latex(self) -> str:
        """The expression in LaTeX."""
        from adcalc.render.latex import latex

        lowered = self.lowered()
        return latex(lowered.graph, lowered.output)

    def lowered(self, bound: Iterable[str] = ()) -> Lowered:
        """The graph, where these names have a value and so are variables, not constants of the language."""
        hidden = frozenset(name for name in bound if self.table.find(name, 0) is not None)
        if hidden not in self._lowered:
            self._lowered[hidden] = lower(self._code, self.table, hidden, self._maximum)
        return self._lowered[hidden]

    def at(self, point: Point) -> tuple[Lowered, dict[str, float]]:
        """The graph and the floats at a point, in the order of the variables."""
        lowered = self.lowered(point)
        known = list(lowered.variables)
        for name, node in lowered.variables.items():
            if name not in point:
                raise UnboundVariableError(
                    f"'{name}' has no value", lowered.place(node), missing_hint(name, point, self.table)
                )
        for name, value in point.items():
            if name not in lowered.variables:
                raise unknown_variable(name, known, value.place if isinstance(value, Binding) else None)
        return lowered, {name: self._number(name, point[name]) for name in lowered.variables}

    def numbers(self, point: Point) -> dict[str, float]:
        """The floats of the variables that a point gives a value, which need not be all."""
        return {name: self._number(name, value) for name, value in point.items()}

    def _number(self, name: str, value: Number) -> float:
        exact = constant_of(name, value, self.table)
        return exact if isinstance(exact, float) else self.tape(exact, {}, ()).value

    def chosen(self, wrt: Iterable[str] | None, lowered: Lowered) -> list[str]:
        """The variables to differentiate by: those that are asked for, or all. Raises UnknownVariableError."""
        names = list(lowered.variables if wrt is None else wrt)
        for name in names:
            if name not in lowered.variables:
                raise unknown_variable(name, list(lowered.variables))
        return names

    def tape(
        self, lowered: Lowered, at: Mapping[str, float], wrt: tuple[NodeId, ...], output: NodeId | None = None
    ) -> Tape[float]:
        """The primal sweep at a point, up to the result or to a formula of it, inside which infinities may pass."""
        numbers = {lowered.variables[name]: value for name, value in at.items()}
        rules = real(self.table) if output is None else saturating(self.table)
        try:
            return primal(Problem(lowered.graph, lowered.output if output is None else output, wrt, numbers), rules)
        except NodeError as error:
            raise self.explained(error, lowered) from None

    def symbolic(self, lowered: Lowered, output: NodeId, wrt: tuple[NodeId, ...]) -> list[NodeId | None]:
        """The partials of a node as nodes of the same graph."""
        from adcalc.arithmetics.symbolic import Symbolic

        graph = lowered.graph
        live = graph.live(output)
        rules: Compiled[Any] = Compiled(self.table, Symbolic(graph))
        tape = primal(Problem(graph, output, wrt, {node: node for node in graph.inputs(live)}), rules)
        if any(graph.nodes[node].op == "if" for node in live):  # each side's slope stays inside its own side
            one = graph.constant(Fraction(1))
            return [forward.push(tape, {variable: one}) if variable <= output else None for variable in wrt]
        return list(reverse.run(tape).partials)

    def lost(self, tape: Tape[float], lowered: Lowered, numbers: Iterable[float]) -> tuple[tuple[str, str], ...]:
        """The warning about an underflow, where one of the numbers of an answer may come from it."""
        if all(abs(number) >= sys.float_info.min for number in numbers):
            return ()
        from adcalc.modes.blame import underflow

        return underflow(tape, lowered)

    def explained(self, error: NodeError, lowered: Lowered) -> AdcalcError:
        """The error that a user reads, for a node that has no answer."""
        from adcalc.modes.blame import explained

        return explained(error, lowered, self.table)


@lru_cache(maxsize=8)
def real(table: Table) -> Compiled[float]:
    """The rules of a table in floating point, compiled once."""
    return Compiled(table, Real())


@lru_cache(maxsize=8)
def saturating(table: Table) -> Compiled[float]:
    """The rules of a table in floating point inside which infinities may pass, compiled once."""
    return Compiled(table, Saturating())
