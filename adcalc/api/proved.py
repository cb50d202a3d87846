"""Values, gradients and derivatives in digits that are all proved, at points that are exact.

A point's value is what was written: one tenth, a third, π. It is never rounded to a float; where it is no fraction it
is evaluated again at every precision that is tried.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from flint import fmpq

from adcalc.api.point import constant_of
from adcalc.arithmetics.decimals import decimals
from adcalc.errors import AdcalcError, NotDifferentiableError, PrecisionError, UsageError, unknown_variable
from adcalc.graph.shape import elements
from adcalc.modes import certified
from adcalc.modes.attempt import Demand, Terms
from adcalc.modes.base import NodeError, Problem, require_mode
from adcalc.results.proved import Bounds, ProvedGradient, ProvedValue
from adcalc.syntax.lowered import Lowered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from adcalc.api.function import Function
    from adcalc.api.point import Number, Point
    from adcalc.graph.node import NodeId, Shape
    from adcalc.modes.attempt import Exact
    from adcalc.modes.base import Way
    from adcalc.modes.certified import Certified, Enclosure
    from adcalc.results import Derivative

ENCLOSED: Final = 15  # digits of an enclosure, where nobody says how many


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
        at = {name: _exact(function, name, value) for name, value in point.items()}
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


def value(function: Function, point: Point, digits: int, enclosure: bool = False) -> ProvedValue:
    """The value at a point, or its values, each with so many significant digits, all proved.

    With `enclosure` each also has the decimals between which it lies, and need not have digits.
    Raises PrecisionError for what cannot be proved, and what `Function.value` raises.

    >>> from adcalc.api import function
    >>> value(function("sin(x)^2"), {"x": "pi/6"}, 30).value
    '0.25'
    >>> value(function("sqrt(x)"), {"x": 2}, 30).value
    '1.41421356237309504880168872421'
    """
    asked = Question.make(function, point, Demand(digits, True, enclosure), several=True)
    found = [asked.value(output) for output in asked.lowered.results]
    return ProvedValue(
        function.source.text,
        asked.shown,
        digits,
        tuple(one.digits or None for one in found),
        asked.lowered.results != (asked.lowered.output,),
        tuple(Bounds(one.low, one.high) for one in found) if enclosure else (),
        tuple(one.exact for one in found),
        asked.shape,
        asked.shapes,
    )


def gradient(
    function: Function,
    point: Point,
    digits: int,
    wrt: Iterable[str] | None = None,
    mode: str = "reverse",
    at_kink: str | None = None,
    enclosure: bool = False,
) -> ProvedGradient:
    """The value and the partial derivatives at a point, each with so many significant digits, all proved.

    All modes but finite differences prove the same digits. Raises PrecisionError for what cannot be proved, and what
    `Function.gradient` raises.

    >>> from adcalc.api import function
    >>> gradient(function("cos(x*y) + y"), {"x": "pi", "y": 1}, 20).gradient
    {'x': '0', 'y': '1'}
    """
    require_mode(mode, at_kink)
    if mode == "finite":
        raise UsageError(
            "finite differences prove no digits", hint="--digits goes with the modes forward, reverse and symbolic"
        )
    wrt = None if wrt is None else list(wrt)
    if mode == "reverse" and not enclosure:
        from adcalc.api import repeated

        again = repeated.gradient(function, point, digits, wrt)
        if again is not None:
            return again
    asked = Question.make(function, point, Demand(digits, True, enclosure))
    lowered = asked.lowered
    names = asked.chosen(wrt)
    terms = asked.terms(lowered.output)._replace(mode=mode, at_kink=at_kink)
    if mode == "symbolic":
        function.lowered(point)  # refuses where the way depends on the point
        variables = tuple(lowered.variables[name] for name in names)
        terms = terms._replace(formulas=function.symbolic(lowered, lowered.output, variables))
    found = asked.gradient(lowered.output, names, terms)
    partials = {name: one or certified.ZERO for name, one in zip(names, found.partials, strict=True)}
    zero = Bounds("0", "0")
    return ProvedGradient(
        function.source.text,
        asked.shown,
        mode,
        digits,
        found.value.digits or None,
        {name: one.digits or None for name, one in partials.items()},
        Bounds(found.value.low, found.value.high) if enclosure else None,
        {name: Bounds(one.low, one.high) if one.low else zero for name, one in partials.items()} if enclosure else {},
        found.value.exact,
        {name: one.exact for name, one in partials.items()},
        {name: shape for name, shape in asked.shapes.items() if elements(name, shape)[0] in partials},
    )


def derivative(
    function: Function,
    point: Point,
    digits: int,
    wrt: Sequence[str] = (),
    order: int = 1,
    mixed: bool = False,
    operations: bool = False,
    steps: bool = False,
) -> Derivative:
    """The derivatives as formulas, with their values at an exact point in proved digits.

    The arguments are those of `Function.derivative`. Raises what that raises, and PrecisionError.

    >>> from adcalc.api import function
    >>> derivative(function("x^3"), {"x": "1/3"}, 10, order=2).formulas[0].evaluated
    '2'
    """
    from adcalc.api.formulas import derivative as formulas

    asked = Question.make(function, point, Demand(digits, True))
    if asked.shapes:
        raise UsageError("formulas of arrays have no proved digits", hint="grad --digits proves their numbers")
    names = function.chosen(wrt or None, asked.lowered)
    is_mixed = mixed or len(set(names)) < len(names)
    ways = [tuple(names) * order] if is_mixed else [(name,) * order for name in names]
    value, numbers = asked.value(asked.lowered.output), derivatives(asked, ways)
    made = formulas(function, asked.lowered, {}, ways, None, operations, steps)
    every = zip(made.formulas, numbers, strict=True)
    return made._replace(
        at=asked.shown,
        value=value.digits,
        formulas=tuple(formula._replace(evaluated=number.digits) for formula, number in every),
    )


def derivatives(asked: Question, ways: Sequence[Sequence[str]]) -> list[Enclosure]:
    """Derivatives of any order at the point, one for each way: by which variables, in which order.

    Every derivative on the way has to exist, as there is none of what has none.

    >>> from adcalc.api import function
    >>> asked = Question.make(function("x^4"), {"x": "1/2"}, Demand(10, True))
    >>> [one.digits for one in derivatives(asked, [("x", "x", "x")])]
    ['12']
    """
    return [_derivative(asked, tuple(way)) for way in ways]


def _derivative(asked: Question, way: tuple[str, ...]) -> Enclosure:
    lowered, node = asked.lowered, asked.lowered.output
    if not way:
        return asked.value(node)
    found: Enclosure | None = None
    for name in way:
        (found,) = asked.gradient(node, [name], asked.terms(node)).partials
        (partial,) = asked.function.symbolic(lowered, node, (lowered.variables[name],))
        node = lowered.graph.constant(Fraction(0)) if partial is None else partial
    return found or certified.ZERO


def _has_arrays(function: Function, point: Point, several: bool) -> bool:
    """Whether there are arrays at a point, or in what is computed there."""
    if function.needs_shapes or function.shapes_at(point):
        return True
    return not function.needs_point and function.lowered(point, several).has_arrays


def _exact(function: Function, name: str, value: Number) -> Exact:
    """A value of a point as it is: the float, the fraction, or the constant expression."""
    if isinstance(value, Fraction | int):
        return Fraction(value)
    found = constant_of(name, value, function.table)
    return found if isinstance(found, Lowered) or hasattr(found, "shape") else Fraction(found)


def _digits(function: Function, name: str, value: Exact, digits: int) -> str:
    """The digits of a point's value. Raises what a user reads of a constant expression without value."""
    if not isinstance(value, Lowered):
        certified.require_digits(digits)
        return decimals(fmpq(*value.as_integer_ratio()), digits) or ""
    try:
        (found,) = certified.evaluate(value.graph, [value.output], {}, function.table, demand=Demand(digits, True))
    except NodeError as error:
        raise function.explained(error, value) from None
    except PrecisionError as error:
        if error.node is not None:
            error.place = value.place(error.node)
        raise
    return found.digits
