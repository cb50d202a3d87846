"""Functions along lines through exact points, and the proved numbers that come of it.

A point's values are what is written: x = 0.1 is one tenth, and pi is π. A program whose way depends on the point takes
the way that exact numbers take, beside the point as at it.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from adcalc.api.paths import Beside
from adcalc.api.proofs.exact import exact
from adcalc.api.proofs.exact_question import Question as ExactQuestion
from adcalc.api.series.singularities import filled, no_series
from adcalc.arithmetics.decimals import BITS_PER_DIGIT
from adcalc.errors import NumberOverflowError, PrecisionError, ShapeError, unknown_variable
from adcalc.modes.base import Problem
from adcalc.modes.proofs.attempt import Demand
from adcalc.modes.proofs.certified import require_digits
from adcalc.modes.proofs.singularity import SingularError
from adcalc.modes.taylor import Fixed, expanded
from adcalc.syntax.lower import lower
from adcalc.syntax.lowered import Lowered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from adcalc.api.function import Function
    from adcalc.api.point import Point
    from adcalc.graph.graph import Graph
    from adcalc.graph.node import NodeId, Shape
    from adcalc.modes.taylor import Line, Question, T
    from adcalc.rules.compiled import Compiled

_FLOAT: Final = 53
_FLOAT_DIGITS: Final = 17


class Expansions:
    """A function at an exact point, ready to be expanded along lines; `digits` are those of its answers, or floats.

    Raises what `Function.at` raises, and for derivatives inside that do not exist what `Function.value` raises.

    >>> from adcalc.api import function
    >>> Expansions(function("x*y"), {"x": 1, "y": "1/3"}).along([{"x": 1}], 1, lambda found, last: len(found[0]))
    2
    """

    def __init__(self, function: Function, point: Point, digits: int | None = None) -> None:
        if digits is not None:
            require_digits(digits)
        self.function = function
        self.digits = digits
        self.shapes: Mapping[str, Shape] = {}
        if digits is None and not function.needs_point and not function.needs_shapes:
            self.lowered, self.shown = function.at(point)
            starts = {name: exact(name, point[name], function.table) for name in self.shown}
        if digits is not None or function.needs_point or function.needs_shapes or self.lowered.has_arrays:
            asked = ExactQuestion.make(function, point, Demand(digits or _FLOAT_DIGITS, True))
            self.lowered, self.shapes, starts = asked.lowered, asked.shapes, dict(asked.at)
            self.shown = asked.shown if digits is not None else self._floats(point)
        self.starts: dict[str, Any] = starts
        if self.lowered.guards:
            with suppress(NumberOverflowError):  # in floats
                function.evaluate(point)
        self._question: Question = Fixed(self.lowered.graph, self.lowered.output, starts)
        if function.needs_point:
            self._question = Travelling(function, starts)

    def _floats(self, point: Point) -> dict[str, Any]:
        known = {name.partition("[")[0] for name in self.lowered.variables}
        return self.function.numbers({name: value for name, value in point.items() if name in known})

    @property
    def variables(self) -> list[str]:
        """The variables, an array's as one."""
        return list(dict.fromkeys(name.partition("[")[0] for name in self.lowered.variables))

    def chosen(self, wrt: Iterable[str] | None) -> list[str]:
        """The variables that are asked for, or all. Raises UnknownVariableError, and ShapeError for an array."""
        known = self.variables
        names = known if wrt is None else list(wrt)
        for name in names:
            if name not in known:
                raise unknown_variable(name, known)
            if name in self.shapes:
                raise ShapeError(f"'{name}' is an array, and a series is in one number", hint="take an element")
        return names

    def along(self, lines: Sequence[Line], order: int, read: Callable[[Any, bool], T]) -> T:
        """What `read` makes of the coefficients along some lines: see `expanded`.

        Raises DomainError, NotDifferentiableError and the like where there is no series, PrecisionError where digits
        cannot be proved.
        """
        bits = _FLOAT if self.digits is None else int(self.digits * BITS_PER_DIGIT) + 4
        question = self._question
        try:
            return expanded(question, self.function.table, lines, order, bits, read, self.digits is not None)
        except SingularError as error:
            name = ", ".join(error.line)
            raise no_series(error, self._latest(), self.function.table, name) from None
        except PrecisionError as error:
            where = self._latest()
            message = error.message if error.node is None else filled(error.message, error.node, where)
            place = None if error.node is None else where.place(error.node)
            raise PrecisionError(message, place, error.hint) from None

    def _latest(self) -> Lowered:
        return self._question.lowered if isinstance(self._question, Travelling) else self.lowered


class Travelling:
    """The question whose graph is made on the way that the values take: see Question; `place` is that of the result.

    >>> from adcalc.api import function
    >>> Travelling(function("if x > 1 { x } else { 1 }"), {"x": 2.0}).starts
    {'x': 2.0}
    """

    live: list[NodeId] | None = None

    def __init__(self, function: Function, starts: Mapping[str, Any], place: int = 0) -> None:
        self.starts = starts
        self.lowered = Lowered(function.code)
        self._function = function
        self._place = place

    @property
    def graph(self) -> Graph:
        """The graph that was made last."""
        return self.lowered.graph

    def problem(self, rules: Compiled[Any], values: Mapping[str, Any]) -> Problem[Any]:
        """The problem along the way of the values. Raises NodeError where a condition on the way has no value."""
        function = self._function
        hidden = function.table.constants.intersection(values)

        def guide(made: Lowered) -> Beside:
            self.lowered = made
            return Beside(function, made, values, rules)

        there = lower(function.code, function.table, hidden, function.maximum, guide, function.differentiate)
        point = {node: values[name] for name, node in there.variables.items() if name in values}
        return Problem(there.graph, there.results[self._place], (), point)
