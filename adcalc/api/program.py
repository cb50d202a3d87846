"""The way from a text to a graph, a tape and formulas, that every question goes.

A `Program` knows its text, its graph and its function table; `Function` adds the questions.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from adcalc.api import floats
from adcalc.api.asked import Asked
from adcalc.api.point import (
    Number,
    Point,
    constant_of,
    missing_hint,
    require_shapes,
    same_point,
    shape_of,
)
from adcalc.api.text import Text
from adcalc.arithmetics.real import Real, Saturating
from adcalc.errors import (
    AdcalcError,
    PathError,
    UnboundVariableError,
    unknown_variable,
)
from adcalc.graph.node import CONSTANT
from adcalc.modes.base import NodeError, Problem, Tape, Way
from adcalc.modes.digits.watch import Watch
from adcalc.modes.sweep import LAZY, primal
from adcalc.rules.compiled import Compiled
from adcalc.syntax.code import free_names, place_of, walk
from adcalc.syntax.lower import lower
from adcalc.syntax.lowered import Lowered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from adcalc.api.paths import Guide
    from adcalc.errors import Place
    from adcalc.graph.node import NodeId, Shape
    from adcalc.rules.table import Table


class Program(Text):
    """An expression or program that can be asked at points.

    >>> from adcalc.errors import Source
    >>> Program(Source("x^2")).at({"x": 3})[1]
    {'x': 3.0}
    """

    def at(self, point: Point, several: bool = False) -> tuple[Lowered, dict[str, Any]]:
        """The graph and the floats at a point, or arrays of them, in the order of the variables."""
        lowered = self.lowered_at(point, several)
        self.require(lowered, point)
        return lowered, {name: self._number(name, point[name]) for name in lowered.variables if name in point}

    def lowered_at(self, point: Point, several: bool = False) -> Lowered:
        """The graph at a point, of which nobody asks yet whether it has all that is needed, and no more."""
        if self.needs_shapes:
            self._require_all(point)
        if not self.needs_point:
            try:
                return self.lowered(point, several, self.shapes_at(point))
            except PathError:
                self.needs_point = True  # with these shapes
        return self.one_result(self._along(self.numbers(point)), several)

    def require(self, lowered: Lowered, point: Point) -> None:
        """Raise UnboundVariableError or UnknownVariableError where a point does not fit the variables."""
        known = list(lowered.variables)
        missing = [name for name in known if name not in point]
        needed = set(lowered.graph.live(lowered.output)) if missing and lowered.guards else None
        for name in missing:  # what a derivative has made disappear needs no value
            if needed is None or lowered.variables[name] in needed:
                raise self.unbound(name, lowered, point)
        for name, value in point.items():
            if name not in lowered.variables and name not in self._required(point):
                raise unknown_variable(name, known, getattr(value, "place", None))

    def shapes_at(self, point: Point) -> dict[str, Shape]:
        """The shapes of the variables that a point makes arrays."""
        found = {name: shape_of(value, self.table) for name, value in point.items()}
        require_shapes(self.shapes, found)
        return {name: shape for name, shape in found.items() if shape}

    def has_arrays(self, point: Point) -> bool:
        """Whether there are arrays in the graph at a point, or its result is one.

        >>> from adcalc.errors import Source
        >>> Program(Source("sum(x)")).has_arrays({"x": [1, 2]}), Program(Source("[x, y]")).has_arrays({})
        (True, True)
        """
        if self.needs_shapes or self.needs_point:
            return self.needs_shapes or bool(self.shapes_at(point))
        lowered = self.lowered(point, True, self.shapes_at(point))
        return lowered.has_arrays or bool(lowered.graph.shape(lowered.output))

    def _require_all(self, point: Point) -> None:
        """Raise UnboundVariableError where a variable has no value: without its shape there is no graph to ask."""
        for name in self._required(point):
            if name not in point:
                raise self._unbound(name, place_of(self.code, name), point)

    def _required(self, point: Point) -> tuple[str, ...]:
        """The names that a point has to give a value, whether the result reads them or not."""
        return self._free_names(point) if self.needs_shapes else ()

    def _along(self, at: Mapping[str, Any], maximum: int | None = None) -> Lowered:
        """The graph of the way that the program takes at a point."""
        if self._paths is None or not same_point(self._paths[0], at):
            from adcalc.api.paths import Guide

            hidden = self.table.constants.intersection(at)
            guides: list[Guide] = []

            def guide(made: Lowered) -> Guide:
                guides.append(Guide(self, made, at))
                return guides[0]

            shapes = {name: value.shape for name, value in at.items() if not isinstance(value, float)}
            lowered = lower(self.code, self.table, hidden, self.maximum, guide, self.differentiate, shapes)
            path = guides[0].path
            lowered.truths, lowered.ties, lowered.seen = tuple(path.truths), path.ties, path.known
            self.arrange(lowered)
            self._paths = dict(at), lowered
        return self._paths[1]

    def arrange(self, lowered: Lowered) -> None:
        """Put the variables of a way into the order of the text."""
        order = {name: place for place, name in enumerate(free_names(self.code.block))}
        variables = sorted(lowered.variables.items(), key=lambda one: order.get(one[0], len(order)))
        lowered.variables = dict(variables)

    def unbound(self, name: str, lowered: Lowered, point: Point) -> UnboundVariableError:
        """The error for a variable that the point gives no value."""
        return self._unbound(name, lowered.place(lowered.variables[name]), point)

    def _unbound(self, name: str, place: Place | None, point: Point) -> UnboundVariableError:
        hint = missing_hint(name, point, self.table)
        defined = next(
            (made for step, made, _ in walk(self.code.block) if step == "define" and made.name == name), None
        )
        if any(step == "assign" and word == name for step, word, _ in walk(self.code.block)):
            hint = "the way that the program takes at this point does not assign it"
        elif defined is not None:
            hint = f"{name} is a function: write {name}({', '.join(defined.parameters)})"
        return UnboundVariableError(f"'{name}' has no value", place, hint)

    def numbers(self, point: Point) -> dict[str, Any]:
        """The floats of the variables that a point gives a value, which need not be all."""
        return {name: self._number(name, value) for name, value in point.items()}

    def _number(self, name: str, value: Number) -> Any:
        exact = constant_of(name, value, self.table)
        if not isinstance(exact, Lowered):
            return exact
        if exact.graph.shapes:
            from adcalc.api.arrays.arrays import evaluated

            return evaluated(self, exact, {}, [exact.output])[0]
        if exact.graph.nodes[exact.output].op == CONSTANT:
            return self.tape(exact, {}, ()).value
        return floats.value(Asked(self, exact, {}))[0]

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
        exact = output is None or output in lowered.results
        rules = real(self.table) if exact else saturating(self.table)
        problem = Problem(lowered.graph, lowered.output if output is None else output, wrt, numbers)
        way = self.way(lowered)
        try:
            if exact and lowered.guards:
                from adcalc.modes.edges.guards import guarded

                tape = guarded(problem, rules, lowered.guards, lowered.marks, way)
            else:
                known: Watch | None = lowered.plans.get(("watch", problem.output))
                tape = primal(problem, rules, None if known is None else [*known.order])
        except NodeError as error:
            raise self.explained(error, lowered) from None
        return tape if way is None else tape._replace(way=way)

    def watch(self, tape: Tape[float], lowered: Lowered, outputs: tuple[NodeId, ...] = ()) -> Watch:
        """The places of a tape where digits may be lost, made once where every point has the same.

        A tape of several outputs names them.
        """
        output = outputs or tape.problem.output
        found: Watch | None = lowered.plans.get(("watch", output))
        if found is None:
            found = Watch(lowered.graph, [*tape.order], bool(lowered.names))
            if LAZY.isdisjoint(lowered.graph.ops):
                lowered.plans["watch", output] = found
        return found

    def way(self, lowered: Lowered) -> Way | None:
        """The way that the program took, where that depends on the point."""
        if not self.needs_point:
            return None
        from adcalc.api.paths import way

        return way(self, lowered)

    def symbolic(self, lowered: Lowered, output: NodeId, wrt: tuple[NodeId, ...]) -> list[NodeId | None]:
        """The partials of a node as nodes of the same graph."""
        return self.differentiate(lowered.graph, output, wrt)

    def require_rules(self, lowered: Lowered, tape: Tape[NodeId]) -> None:
        """Raise NotDifferentiableError where there is no formula for a derivative on a tape of nodes."""
        from adcalc.modes.edges.edges import without_rule

        lacking = without_rule(tape)
        if lacking is not None:
            raise self.explained(NodeError("no_rule", lacking[0], [], variable=lacking[1]), lowered)

    def lost(self, tape: Tape[float], lowered: Lowered, numbers: Iterable[float]) -> floats.Warnings:
        """The warning about an underflow, where one of the numbers of an answer may come from it."""
        if all(abs(number) >= sys.float_info.min for number in numbers):
            return ()
        from adcalc.modes.blame import underflow

        return underflow(tape, lowered)

    def explained(self, error: NodeError, lowered: Lowered) -> AdcalcError:
        """The error that a user reads, for a node that has no answer; one of a derivative is placed at the result."""
        from adcalc.modes.blame import explained

        told = explained(error, lowered, self.table)
        told.place = told.place or lowered.place(lowered.output)
        return told


@lru_cache(maxsize=8)
def real(table: Table) -> Compiled[float]:
    """The rules of a table in floating point, compiled once."""
    return Compiled(table, Real())


@lru_cache(maxsize=8)
def saturating(table: Table) -> Compiled[float]:
    """The rules of a table in floating point inside which infinities may pass, compiled once."""
    return Compiled(table, Saturating())
