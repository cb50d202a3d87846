"""Functions along lines through exact points, and the proved numbers that come of it.

A point's values are what is written: x = 0.1 is one tenth, and pi is π. A program whose way depends on the point takes
the way that exact numbers take, beside the point as at it.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from adcalc.api.exact import decimal, exact, started
from adcalc.api.paths import Beside
from adcalc.api.singularities import filled, no_series
from adcalc.errors import NumberOverflowError, PrecisionError, ShapeError, UsageError, unknown_variable
from adcalc.modes.base import Problem
from adcalc.modes.taylor import Fixed, SingularError, expanded
from adcalc.syntax.lower import lower
from adcalc.syntax.lowered import Lowered
from adcalc.syntax.point import Binding

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from adcalc.api.function import Function
    from adcalc.api.point import Point
    from adcalc.graph.graph import Graph
    from adcalc.modes.taylor import Line, Question, Start, T
    from adcalc.rules.compiled import Compiled

_BITS_PER_DIGIT: Final = 3.3220
_FLOAT: Final = 53


class Expansions:
    """A function at an exact point, ready to be expanded along lines; `digits` are those of its answers, or floats.

    Raises what `Function.at` raises, and for derivatives inside that do not exist what `Function.value` raises.

    >>> from adcalc.api import function
    >>> Expansions(function("x*y"), {"x": 1, "y": "1/3"}).along([{"x": 1}], 1, lambda found, last: len(found[0]))
    2
    """

    def __init__(self, function: Function, point: Point, digits: int | None = None) -> None:
        if digits is not None and digits < 1:
            raise UsageError("the number of digits is 1 or more")
        self.function = function
        self.digits = digits
        self.at: Mapping[str, Any]
        if function.needs_point and not _differentiates(function):
            self.lowered, self.at = _anywhere(function, point)
        else:
            self.lowered, self.at = function.at(point)
        self.exact = {name: exact(name, point[name], function.table) for name in self.at}
        self._small = self.lowered  # over numbers, where there are arrays
        self._question = self._asked()

    def _asked(self) -> Question:
        function, lowered = self.function, self.lowered
        if lowered.guards:
            with suppress(NumberOverflowError):  # in floats
                function.evaluate(self.at)
        starts = {name: start for name, value in self.exact.items() for name, start in started(name, value)}
        if not function.needs_point:
            if lowered.has_arrays:
                from adcalc.api.arrays import by_element

                self._small, *_ = by_element(lowered, self.at)
            return Fixed(self._small.graph, self._small.output, starts)
        if any(not isinstance(value, float) for value in self.at.values()):
            raise ShapeError(
                "the way of a program with arrays depends on the point, and such a way has no series here",
                hint="grad differentiates it once",
            )
        return _Travelling(function, starts)

    def along(self, lines: Sequence[Line], order: int, read: Callable[[Any, bool], T]) -> T:
        """What `read` makes of the coefficients along some lines: see `expanded`.

        Raises DomainError, NotDifferentiableError and the like where there is no series, PrecisionError where digits
        cannot be proved.
        """
        bits = _FLOAT if self.digits is None else int(self.digits * _BITS_PER_DIGIT) + 4
        for line in lines:
            for name in line:
                if not isinstance(self.at.get(name), float):
                    raise ShapeError(f"'{name}' is an array, and a series is in one number", hint="take an element")
        question = self._question
        try:
            return expanded(question, self.function.table, lines, order, bits, read)
        except SingularError as error:
            name = ", ".join(error.line)
            raise no_series(error, self._latest(), self.function.table, name) from None
        except PrecisionError as error:
            where = self._latest()
            message = error.message if error.node is None else filled(error.message, error.node, where)
            place = None if error.node is None else where.place(error.node)
            raise PrecisionError(message, place, error.hint) from None

    def point(self) -> dict[str, Any]:
        """The numbers of the point: floats, or so many digits as text.

        >>> from adcalc.api import function
        >>> Expansions(function("x"), {"x": "1/3"}, 5).point()
        {'x': '0.33333'}
        """
        if self.digits is None:
            return self.at
        return {name: decimal(value, self.digits, self.function.table) for name, value in self.exact.items()}

    def _latest(self) -> Lowered:
        return self._question.lowered if isinstance(self._question, _Travelling) else self._small


def _differentiates(function: Function) -> bool:
    """Whether there may be derivatives inside, whose existence is looked at in floats."""
    return any(word in function.source.text for word in ("diff", "grad"))


def _anywhere(function: Function, point: Point) -> tuple[Lowered, Mapping[str, Any]]:
    """The variables of a program whose way floats are not asked for: they may take another one, or come to no end."""
    names = function.inputs(point)
    for name, value in point.items():
        if name not in names:
            raise unknown_variable(name, list(names), value.place if isinstance(value, Binding) else None)
    lowered = Lowered(function.code)
    at = function.numbers({name: point[name] for name in names if name in point})
    lowered.variables = {name: lowered.graph.input(name) for name in at}
    return lowered, at


class _Travelling:
    """The question whose graph is made on the way that the values take: see Question."""

    def __init__(self, function: Function, starts: Mapping[str, Start]) -> None:
        self.starts = starts
        self.lowered = Lowered(function.code)
        self._function = function

    @property
    def graph(self) -> Graph:
        """The graph that was made last."""
        return self.lowered.graph

    def problem(self, rules: Compiled[Any], values: Mapping[str, Any]) -> Problem[Any]:
        """The problem along the way of the values. Raises NodeError where a condition on the way has no value."""
        function = self._function
        hidden = frozenset(name for name in values if function.table.find(name, 0) is not None)

        def guide(made: Lowered) -> Beside:
            self.lowered = made
            return Beside(function, made, values, rules)

        there = lower(function.code, function.table, hidden, function.maximum, guide, function.differentiate)
        point = {node: values[name] for name, node in there.variables.items() if name in values}
        return Problem(there.graph, there.output, (), point)
