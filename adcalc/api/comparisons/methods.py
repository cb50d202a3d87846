"""The four modes run on one question, each with what it takes: the rows of a comparison before they are judged."""

from __future__ import annotations

import math
from fractions import Fraction
from time import perf_counter
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from adcalc.api.formulas.simplifying import simplifies
from adcalc.api.formulas.slopes import slope, swept
from adcalc.api.program import saturating
from adcalc.errors import AdcalcError, LimitError
from adcalc.graph.count import operations, tree_operations
from adcalc.modes import cost, differences, forward, higher, reverse, together
from adcalc.modes.base import NodeError, Tape
from adcalc.modes.edges import singular
from adcalc.modes.sweep import primal
from adcalc.results.comparison import Method, Swelling

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from adcalc.api.function import Function
    from adcalc.graph.node import NodeId
    from adcalc.modes.base import Derivatives
    from adcalc.syntax.lowered import Lowered

T = TypeVar("T")

LARGEST_ORDER: Final = 100
_LARGEST_FORMULA: Final = 100_000  # operations of a derivative that is differentiated again
_LARGEST_RUN: Final = 2_200_000  # nodes visited by one method, beyond which it is counted and not run: a second or so
_ENOUGH: Final = 0.03  # seconds of measuring
_REPEATS: Final = 7


class Part(NamedTuple):
    """One output to differentiate once more by some variables: the expression itself, or a derivative of it."""

    names: tuple[str, ...]
    tape: Tape[float]
    kinks: singular.Kinks


class Question(NamedTuple):
    """What is compared: a function at a point, the variables, the order, and the parts that the answer has."""

    function: Function
    lowered: Lowered
    at: Mapping[str, float]
    names: tuple[str, ...]
    order: int
    tape: Tape[float]
    parts: tuple[Part, ...]

    @property
    def value_operations(self) -> int:
        """What the value costs."""
        return cost.elemental(self.lowered.graph, self.tape.order)

    def explained(self, error: NodeError) -> AdcalcError:
        """The error that a user reads."""
        return self.function.explained(error, self.lowered)


def question(function: Function, lowered: Lowered, at: Mapping[str, float], names: list[str], order: int) -> Question:
    """The question of a comparison, when every derivative on the way exists.

    Raises AdcalcError where one does not, or where they are more work than a comparison is worth.

    >>> from adcalc.api import function
    >>> f = function("x^3*y")
    >>> [part.names for part in question(f, *f.at({"x": 1, "y": 2}), ["x", "y"], 2).parts]
    [('x',), ('y',)]
    """
    wrt = tuple(lowered.variables[name] for name in names)
    tape = function.tape(lowered, at, wrt)
    try:
        if order == 1:
            parts = [Part(tuple(names), tape, singular.find(tape))]
        else:
            parts = [_part(function, lowered, at, name, order) for name in names]
        for part in parts:
            if part.kinks.clauses:
                singular.one_sided(part.tape, part.kinks)
    except NodeError as error:
        raise function.explained(error, lowered) from None
    return Question(function, lowered, at, tuple(names), order, tape, tuple(parts))


def _part(function: Function, lowered: Lowered, at: Mapping[str, float], name: str, order: int) -> Part:
    """The derivative of the order before, by sweeps over nodes; every one on the way has to be differentiable."""
    node = lowered.output
    for before in range(order):
        tape, kinks = swept(function, lowered, at, node, name, before > 0)
        if before == order - 1:
            break
        if kinks.clauses:
            singular.one_sided(tape, kinks)
        node = slope(function, lowered, node, name)
        count = operations(lowered.graph, node)
        if count > _LARGEST_FORMULA:
            raise LimitError(
                f"the derivative of order {before + 1} by {name} takes {count} operations before it is simplified",
                hint=f"try --order {before + 1}",
            )
    return Part((name,), tape, kinks)


def sweeps(asked: Question, mode: str) -> Method:
    """Forward or reverse mode: gradient, operations, seconds.

    >>> from adcalc.api import function
    >>> f = function("x*y")
    >>> sweeps(question(f, *f.at({"x": 2, "y": 3}), ["x", "y"], 1), "reverse").gradient
    {'x': 3.0, 'y': 2.0}
    """
    gradient: dict[str, float] = {}
    count, seconds = 0, 0.0
    for part in asked.parts:
        meter = cost.Meter(part.tape.rules)
        counted = meter.tape(part.tape.problem)
        on_kink = bool(part.kinks.clauses)
        if not on_kink and mode == "forward" and cost.tangents(part.tape, part.tape.problem.wrt) > _LARGEST_RUN // 2:
            return Method(mode, None, None, operations=meter.forward(counted), remark=_TOO_LONG)
        found, time = _timed_sweeps(part, mode)
        count += (meter.one_sided if on_kink else meter.reverse if mode == "reverse" else meter.forward)(counted)
        seconds += time
        gradient |= _numbers(part.names, found)
    remark = f"after {asked.order - 1} sweep{'s' * (asked.order > 2)} over nodes" if asked.order > 1 else ""
    if any(part.kinks.clauses for part in asked.parts):
        remark = "on a kink: both one-sided slopes, which agree"
    return Method(mode, None, _finite(gradient), operations=count, seconds=seconds, remark=remark)


def _timed_sweeps(part: Part, mode: str) -> tuple[Derivatives[float], float]:
    """The partials of a part, with the seconds that both sweeps take; on a kink, that both sides take."""
    if part.kinks.clauses:
        return timed(lambda: singular.one_sided(part.tape, part.kinks))
    run = reverse.run if mode == "reverse" else forward.run
    return timed(lambda: run(primal(part.tape.problem, part.tape.rules)))


def symbolic(asked: Question) -> tuple[Method, Swelling]:
    """The formulas, simplified and evaluated; and how large they are.

    >>> from adcalc.api import function
    >>> f = function("x*x*x")
    >>> method, swelling = symbolic(question(f, *f.at({"x": 2}), ["x"], 1))
    >>> method.gradient, swelling.simplified
    ({'x': 12.0}, 2)
    """
    graph, output = asked.lowered.graph, asked.lowered.output
    swelling = Swelling(tree_operations(graph, output), operations(graph, output))
    if asked.function.needs_point:
        return Method("symbolic", None, None, remark="the way that the program takes depends on the point"), swelling
    start = perf_counter()
    raw = [formula for part in asked.parts for formula in formulas(asked, part.tape.problem.output, part.names)]
    if len(raw) < len(asked.names):
        return Method("symbolic", None, None, remark="too many formulas with choices"), swelling
    swelling = swelling._replace(
        derivative_tree=tree_operations(graph, *raw), derivative_graph=operations(graph, *raw), seconds=0.0
    )
    remark = ""
    simple = simplified(asked, raw, _LARGEST_SIMPLIFIED)
    if simple is None:
        simple, remark = raw, "not simplified: that would take too long"
    else:
        swelling = swelling._replace(simplified=operations(graph, *simple))
    swelling = swelling._replace(seconds=perf_counter() - start)
    point = {asked.lowered.variables[name]: value for name, value in asked.at.items()}
    rules = saturating(asked.function.table)
    nodes = [output, *simple]
    count = cost.elemental(graph, graph.live(*nodes))
    try:
        values, seconds = timed(lambda: together.values(graph, nodes, point, rules))
    except NodeError:
        return Method("symbolic", None, None, operations=count, remark="its formula has no value here"), swelling
    gradient = _finite({name: value + 0.0 for name, value in zip(asked.names, values[1:], strict=True)})
    if gradient is None:
        remark = "its formula has no value in floating point here"
    return Method("symbolic", None, gradient, operations=count, seconds=seconds, remark=remark), swelling


_LARGEST_SIMPLIFIED: Final = 5000  # operations: about half a second
_BEYOND: Final = "a quotient is beyond the range of floating point"
_TOO_LONG: Final = "counted, not run: it would take too long"


def formulas(asked: Question, output: NodeId, names: Sequence[str]) -> list[NodeId]:
    """The partials of a node as formulas; none where the choices among them make that too much work.

    >>> from adcalc.api import function
    >>> f = function("x*y")
    >>> formulas(question(f, *f.at({"x": 2, "y": 3}), ["x"], 1), f.lowered().output, ["x"])
    [1]
    """
    graph = asked.lowered.graph
    if "if" in graph.ops and len(names) * len(graph) > _LARGEST_RUN // 2:
        return []
    wrt = tuple(asked.lowered.variables[name] for name in names)
    zero = graph.constant(Fraction(0))
    return [zero if partial is None else partial for partial in asked.function.symbolic(asked.lowered, output, wrt)]


def simplified(asked: Question, raw: Sequence[NodeId], largest: int) -> list[NodeId] | None:
    """The formulas as `diff` prints them; None where simplifying would take too long.

    >>> from adcalc.api import function
    >>> f = function("x^2")
    >>> asked = question(f, *f.at({"x": 2}), ["x"], 1)
    >>> len(simplified(asked, formulas(asked, f.lowered().output, ["x"]), 100))
    1
    """
    graph = asked.lowered.graph
    if not simplifies(graph, raw, largest):
        return None
    from adcalc.rewrite.simplify import simplify

    return list(simplify(graph, raw, asked.function.table).outputs)


def finite(asked: Question, difference: str) -> Method:
    """One kind of finite difference: gradient, operations, evaluations, seconds.

    >>> from adcalc.api import function
    >>> f = function("x*x")
    >>> finite(question(f, *f.at({"x": 2}), ["x"], 1), "central").evaluations
    3
    """
    if difference == "complex" and asked.order > 1:
        return Method("finite", difference, None, remark="only first derivatives have one")
    each = asked.value_operations
    wanted = higher.evaluations(len(asked.names), asked.order, difference) + 1
    if wanted * len(asked.tape.order) > _LARGEST_RUN:
        return Method("finite", difference, None, None, None, wanted * each, wanted, remark=_TOO_LONG)
    try:
        estimates, seconds = timed(_differences(asked, difference))
    except NodeError as error:
        return Method("finite", difference, None, remark=_no_quotient(asked, difference, error))
    except (ValueError, ArithmeticError):  # infinities that meet in a sum
        return Method("finite", difference, None, remark=_BEYOND)
    evaluations = sum(estimate.evaluations for estimate in estimates) + 1  # one for the value itself
    count = evaluations * each + sum(estimate.operations for estimate in estimates)
    gradient = _finite({name: one.slope + 0.0 for name, one in zip(asked.names, estimates, strict=True)})
    remark = "took different branches" if any(estimate.branches for estimate in estimates) else ""
    remark = remark if gradient is not None else _BEYOND
    return Method("finite", difference, gradient, None, None, count, evaluations, seconds, remark)


def _no_quotient(asked: Question, difference: str, error: NodeError) -> str:
    if difference != "complex":
        return "the function has no values around the point"
    if error.kind == "overflow":
        return "a complex value is beyond the range of floating point"
    return f"no complex {asked.lowered.graph.nodes[error.node].op}"


def _differences(asked: Question, difference: str) -> Callable[[], list[differences.Estimate]]:
    if asked.order > 1:
        return lambda: higher.run(asked.tape, asked.order, difference)
    if difference != "complex":
        return lambda: differences.run(asked.tape, difference)
    from adcalc.arithmetics.complexes import Complex
    from adcalc.rules.compiled import Compiled

    rules = Compiled(asked.function.table, Complex())
    return lambda: differences.run(asked.tape, difference, rules)


def timed(action: Callable[[], T]) -> tuple[T, float]:
    """What an action gives, and the seconds of its fastest run: of a few, as long as they are short.

    >>> timed(lambda: 2 + 2)[0]
    4
    """
    best, spent = math.inf, 0.0
    for _ in range(_REPEATS):
        start = perf_counter()
        result = action()
        seconds = perf_counter() - start
        best, spent = min(best, seconds), spent + seconds
        if spent > _ENOUGH:
            break
    return result, best


def _numbers(names: tuple[str, ...], found: Derivatives[float]) -> dict[str, float]:
    return {name: (partial or 0.0) + 0.0 for name, partial in zip(names, found.partials, strict=True)}


def _finite(gradient: dict[str, float]) -> dict[str, float] | None:
    return gradient if all(map(math.isfinite, gradient.values())) else None
