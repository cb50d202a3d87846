"""Values, gradients and derivatives in digits that are all proved, at points that are exact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from adcalc.api.formulas.slopes import slope
from adcalc.api.proofs import exact_edges
from adcalc.api.proofs.exact_edges import not_proved, unreliable
from adcalc.api.proofs.exact_question import Question, require_provable
from adcalc.arithmetics.enclosure import ZERO, Enclosure
from adcalc.errors import MathematicsError, UsageError
from adcalc.modes.base import Problem
from adcalc.modes.edges.turning import turning
from adcalc.modes.proofs.attempt import Demand
from adcalc.modes.proofs.open import TURNS, OpenError, sentence
from adcalc.results.proved import Bounds, ProvedGradient, ProvedValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from adcalc.api.function import Function
    from adcalc.api.point import Point
    from adcalc.graph.node import NodeId
    from adcalc.modes.proofs.attempt import Attempt
    from adcalc.results import Derivative

ENCLOSED: Final = 15  # digits of an enclosure, where nobody says how many


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
    require_provable(mode, at_kink)
    wrt = None if wrt is None else list(wrt)
    if mode == "reverse" and not enclosure:
        from adcalc.api.proofs import repeated

        again = repeated.gradient(function, point, digits, wrt)
        if again is not None:
            return again
    asked = Question.make(function, point, Demand(digits, True, enclosure))
    lowered = asked.lowered
    variables = asked.named(wrt)
    names = asked.chosen(variables)
    terms = asked.swept(lowered.output, names, mode, at_kink)
    found = asked.gradient(lowered.output, names, terms)
    partials = {name: one or ZERO for name, one in zip(names, found.partials, strict=True)}
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
        {name: asked.shapes[name] for name in variables if name in asked.shapes},
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
    from adcalc.api.formulas.formulas import derivative as formulas

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
    """One derivative; by the series to both sides where it is by one variable, and its formulas do not tell."""
    try:
        return _by_formulas(asked, way)
    except MathematicsError:
        found = _by_series(asked, way) if len(set(way)) == 1 else None
        if found is None:
            raise
        return found


def _by_series(asked: Question, way: tuple[str, ...]) -> Enclosure | None:
    """The derivative by one variable that a series tells; None where there is no such series, or nothing is proved."""
    output = asked.lowered.output
    problem: Problem[Any] = Problem(asked.lowered.graph, output, (), asked.point)

    def attempt(bits: Attempt) -> Enclosure | None:
        tape = bits.tape(problem, asked.terms(output))
        number = exact_edges.derivative(asked, output, way[0], len(way))
        return None if number is None else bits.proved(tape, number, f"the derivative of {{}} by {way[0]}")

    try:
        return asked.search(attempt, lambda: None)
    except MathematicsError:
        return None


def _require_same_way(asked: Question, way: tuple[str, ...]) -> None:
    """Raise PrecisionError where a program goes another way beside the point, so that its formulas are others there."""
    wrt = tuple(asked.lowered.variables[name] for name in dict.fromkeys(way))
    problem: Problem[Any] = Problem(asked.lowered.graph, asked.lowered.output, wrt, asked.point)

    def attempt(bits: Attempt) -> list[NodeId]:
        return turning(bits.tape(problem, asked.terms(problem.output)))

    turns = asked.search(attempt, lambda: None)
    if turns:
        error = sentence(asked.lowered.graph, OpenError(turns[0], TURNS), asked.demand.digits)
        error.place = asked.lowered.place(turns[0])
        raise error


def _by_formulas(asked: Question, way: tuple[str, ...]) -> Enclosure:
    lowered, node = asked.lowered, asked.lowered.output
    if not way:
        return asked.value(node)
    if len(way) > 1 and asked.way is not None:
        _require_same_way(asked, way)
    if len(way) == 2 and way[0] != way[1]:
        edges = unreliable(asked, node, *way)
        if edges[0] is not None:
            way = way[::-1]  # which is the same, if it is known
        if edges != (None, None):
            exact_edges.require_either_order(asked, *way)
    found: Enclosure | None = None
    for name, following in zip(way, (*way[1:], ""), strict=True):
        (found,) = asked.gradient(node, [name], asked.terms(node)).partials
        edge = unreliable(asked, node, name, following)[0] if following not in ("", name) else None
        if edge is not None:
            raise not_proved(asked, edge, name, following)
        node = slope(asked.function, lowered, node, name)
    return found or ZERO
