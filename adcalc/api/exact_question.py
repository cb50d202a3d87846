"""A question at an exact point: the graph there, the numbers as they were written, and what is proved of a node.

A point's value is what was written: one tenth, a third, π. It is never rounded to a float; where it is no fraction it
is evaluated again at every precision that is tried.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from adcalc.api.exact import exact
from adcalc.errors import AdcalcError, NotDifferentiableError, PrecisionError, unknown_variable
from adcalc.graph.graph import Graph
from adcalc.graph.shape import elements
from adcalc.modes import certified
from adcalc.modes.attempt import Demand, Terms
from adcalc.modes.base import NodeError, Problem
from adcalc.syntax.lowered import Lowered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from adcalc.api.function import Function
    from adcalc.api.point import Point
    from adcalc.graph.node import NodeId, Shape
    from adcalc.modes.attempt import Exact
    from adcalc.modes.base import Way
    from adcalc.modes.certified import Certified, Enclosure


class Question(NamedTuple):
    """A function at an exact point: its graph there, the numbers and their digits, the way there, what is wanted."""

    function: Function
    given: Point
    lowered: Lowered
    at: dict[str, Exact]
    shown: dict[str, str]
    way: Way | None
    demand: Demand
    shapes: Mapping[str, Shape] = {}  # of the variables that are arrays, whose elements are variables here
    shape: Shape = ()  # of the result

    @classmethod
    def make(cls, function: Function, point: Point, demand: Demand, several: bool = False) -> Question:
        """The question at a point. Raises what the point's own values raise, and the errors of a point that misfits."""
        at = {name: exact(name, value, function.table) for name, value in point.items()}
        if _has_arrays(function, point, several):
            from adcalc.api.exact_arrays import by_element

            small = by_element(function, point, at, several)
            shown = {name: _digits(function, name, value, demand.digits) for name, value in small.at.items()}
            return cls(function, point, small.lowered, small.at, shown, None, demand, small.shapes, small.result)
        shown = {name: _digits(function, name, value, demand.digits) for name, value in at.items()}
        way = None
        if function.needs_point:
            from adcalc.api.exact_way import along

            lowered, way = along(function, at)
            lowered = function.one_result(lowered, several)
        else:
            lowered = function.lowered(point, several)
        function.require(lowered, point)
        known = [name for name in lowered.variables if name in at]
        return cls(
            function,
            point,
            lowered,
            {name: at[name] for name in known},
            {name: shown[name] for name in known},
            way,
            demand,
        )

    def chosen(self, wrt: Iterable[str] | None) -> list[str]:
        """The variables to differentiate by, an array's elements one by one. Raises UnknownVariableError."""
        if not self.shapes:
            return self.function.chosen(wrt, self.lowered)
        known = dict.fromkeys(name.partition("[")[0] for name in self.lowered.variables)
        names = list(known if wrt is None else wrt)
        for name in names:
            if name not in known:
                raise unknown_variable(name, list(known))
        return [one for name in names for one in elements(name, self.shapes.get(name, ()))]

    @property
    def point(self) -> dict[NodeId, Exact]:
        """The numbers of the point, by node."""
        return {self.lowered.variables[name]: value for name, value in self.at.items()}

    def terms(self, output: NodeId) -> Terms:
        """What belongs to a question about a node: of a result the derivatives inside it, which have to exist."""
        is_result = output == self.lowered.output or output in self.lowered.results
        return Terms(self.lowered.guards if is_result else (), self.lowered.marks, self.way)

    def value(self, output: NodeId) -> Enclosure:
        """The value of a node. Raises what a user reads."""
        graph, table = self.lowered.graph, self.function.table
        try:
            (found,) = certified.evaluate(
                graph, [output], self.point, table, terms=self.terms(output), demand=self.demand
            )
        except NodeError as error:
            raise self.function.explained(error, self.lowered) from None
        except PrecisionError as error:
            raise self.placed(error) from None
        return found

    def gradient(self, output: NodeId, wrt: Sequence[str], terms: Terms) -> Certified:
        """The value of a node and its partials by some variables. Raises what a user reads."""
        variables = tuple(self.lowered.variables[name] for name in wrt)
        problem: Problem[Exact] = Problem(self.lowered.graph, output, variables, self.point)
        try:
            return certified.gradient(problem, self.function.table, terms=terms, demand=self.demand)
        except NodeError as error:
            raise self.function.explained(error, self.lowered) from None
        except PrecisionError as error:
            raise self._kink(self.placed(error), wrt) from None

    def placed(self, error: PrecisionError) -> PrecisionError:
        """The error with its place in the text."""
        if error.node is not None and error.place is None:
            error.place = self.lowered.place(error.node)
        return error

    def _kink(self, error: PrecisionError, wrt: Sequence[str]) -> AdcalcError:
        """The error of a kink, where floats find one at the point: it says both slopes, and why there is no digit."""
        try:
            self.function.gradient(self.given, wrt=wrt)
        except NotDifferentiableError as kink:
            return kink
        except AdcalcError:
            pass  # whatever floats say of it, nothing is proved
        return error


def _has_arrays(function: Function, point: Point, several: bool) -> bool:
    """Whether there are arrays at a point, or in what is computed there."""
    if function.needs_shapes or function.shapes_at(point):
        return True
    return not function.needs_point and function.lowered(point, several).has_arrays


def _digits(function: Function, name: str, value: Exact, digits: int) -> str:
    """The digits of a point's value. Raises what a user reads of a constant expression without value."""
    graph, output = (value.graph, value.output) if isinstance(value, Lowered) else (Graph(), 0)
    if not isinstance(value, Lowered):
        output = graph.constant(Fraction(value))
    try:
        (found,) = certified.evaluate(graph, [output], {}, function.table, demand=Demand(digits, True))
    except NodeError as error:
        assert isinstance(value, Lowered)
        raise function.explained(error, value) from None
    except PrecisionError as error:
        if isinstance(value, Lowered) and error.node is not None:
            error.place = value.place(error.node)
        raise
    return found.digits
