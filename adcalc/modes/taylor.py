"""Taylor coefficients with proved digits: the primal sweep over truncated power series of balls.

The inputs move along a line, point + t·direction, and so do all values; what the output becomes is the series of the
function along the line. Where the balls are too wide for the digits that are wanted, everything is computed again with
more bits, as for values (certified.py).

At a point on an edge (a kink, a choice that turns there) each side has a series of its own. Both are computed, from the
point to the right and to the left; as far as they agree they are the series.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, Protocol, TypeAlias, TypeVar

from flint import arb, ctx

from adcalc.arithmetics.exact import ball
from adcalc.arithmetics.moving import Moving, Tie, begun, start
from adcalc.errors import PrecisionError
from adcalc.graph.graph import Graph
from adcalc.graph.node import NodeId
from adcalc.modes.base import NodeError, Problem
from adcalc.modes.proofs.attempt import Attempt, Demand, Exact
from adcalc.modes.proofs.certified import proving
from adcalc.modes.proofs.open import OpenError
from adcalc.modes.proofs.rational import fractions, is_alone
from adcalc.modes.proofs.singularity import SingularError, explained, singular_at
from adcalc.modes.sweep import primal
from adcalc.rules.compiled import Compiled
from adcalc.rules.expanding import Expanding
from adcalc.rules.table import Table

T = TypeVar("T")
Line: TypeAlias = Mapping[str, int]  # the direction, by the names of inputs; those that stay are left out

LAST: Final = 1 << 12  # bits at which trying ends, where few digits are asked
_SPARE: Final = 48
_RATIONAL: Final = 1000  # the highest order at which fractions are looked for
_ZERO: Final = 1200  # bits that hold the least float
_DEMAND: Final = Demand(1)
_TIED: Final = "{} turns exactly here, and its two sides agree in all digits that were tried"


class Question(Protocol):
    """A function of named inputs: where they begin, and its problem in the numbers of some rules."""

    starts: Mapping[str, Exact]
    live: list[NodeId] | None  # what its result needs, where that is always the same

    @property
    def graph(self) -> Graph:
        """The graph of the latest problem."""

    def problem(self, rules: Compiled[Any], values: Mapping[str, Any]) -> Problem[Any]:
        """The problem where the inputs have these values. Raises NodeError where the way to it has no value."""


class Fixed:
    """The question whose graph is the same for all values.

    >>> graph = Graph()
    >>> Fixed(graph, graph.input("x"), {}).graph is graph
    True
    """

    def __init__(self, graph: Graph, output: NodeId, starts: Mapping[str, Exact]) -> None:
        self.starts = starts
        self._graph = graph
        self._output = output
        self.live: list[NodeId] | None = graph.live(output)
        self._inputs = {str(graph.nodes[node].label): node for node in graph.inputs(self.live)}

    @property
    def graph(self) -> Graph:
        """The graph."""
        return self._graph

    def problem(self, rules: Compiled[Any], values: Mapping[str, Any]) -> Problem[Any]:
        """The problem where the inputs have these values."""
        point = {node: values[name] for name, node in self._inputs.items() if name in values}
        return Problem(self._graph, self._output, (), point)


class Open(Exception):  # noqa: N818  # it is no mistake, only too few bits
    """Digits that this precision does not prove; `zero` says that all of them are of numbers not told from 0."""

    def __init__(self, sentence: str, zero: bool = False) -> None:
        super().__init__(sentence)
        self.zero = zero


def expanded(
    question: Question,
    table: Table,
    lines: Sequence[Line],
    order: int,
    bits: int,
    read: Callable[[Any, bool], T],
    exactly: bool = False,
) -> T:
    """What `read` makes of the coefficients along some lines, with the precision raised until it does not raise Open.

    It is given the coefficients of each line, of t^0 up to t^order, and whether this is the last precision; `bits` is
    how many it needs of each. They are balls; with `exactly` they are fractions where all of them are rational.
    Raises SingularError where there is no series, PrecisionError where nothing can be proved.

    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> question = Fixed(graph, graph.apply("exp", graph.input("x")), {"x": 0.0})
    >>> expanded(question, standard(), [{"x": 1}], 3, 53, lambda found, last: [float(one) for one in found[0]])
    [1.0, 1.0, 0.5, 0.16666666666666666]
    """
    before, length = ctx.prec, ctx.cap
    precision = bits + _SPARE + order // 4
    last = max(LAST, 8 * precision)
    exact: list[list[Any]] | None = None
    try:
        if exactly and order <= _RATIONAL:
            ctx.cap = order + 1
            exact = _rational(question, table, lines)
        while True:
            ctx.prec, ctx.cap = precision, order + 1
            try:
                if exact is not None:
                    return read(exact if exactly else [list(map(arb, one)) for one in exact], precision >= last)
                return read([_coefficients(question, table, line, precision) for line in lines], precision >= last)
            except SingularError as singular:  # as of 0/0 beside the point
                may_pass = singular.kind == "edge" or (singular.kind == "pole" and singular.order <= 0)
                if not may_pass or exact is not None or order > _RATIONAL:
                    raise
                exact = _rational(question, table, lines)
                if exact is None:  # the same once more, for the graph has to be that of the error
                    _coefficients(question, table, singular.line, precision)
                    raise
            except (Open, OpenError) as left_open:
                if precision >= last:
                    error = PrecisionError(str(left_open))
                    error.node = getattr(left_open, "node", None)
                    raise error from None
                zero = getattr(left_open, "zero", False) and precision < _ZERO
                if zero and exact is None and order <= _RATIONAL:
                    exact = _rational(question, table, lines)
                precision = max(2 * precision, _ZERO) if zero else 2 * precision
    finally:
        ctx.prec, ctx.cap = before, length


@lru_cache(maxsize=64)
def rules_of(table: Table, precision: int, side: int | None) -> Expanding:
    """The rules over series for one precision in bits, which has to be flint's when they are used.

    >>> from adcalc.rules.table import standard
    >>> rules_of(standard(), 100, 0).table is standard()
    True
    """
    return Expanding(table, side, proving(table, precision))


def _rational(question: Question, table: Table, lines: Sequence[Line]) -> list[list[Any]] | None:
    """The coefficients as fractions, where all that they are made of is rational."""
    found: list[list[Any]] = []
    for line in lines:
        series = fractions(question, table, line)
        if series is None:
            return None
        found.append(series)
    return found


def coefficients(question: Question, table: Table, line: Line, order: int) -> list[Any]:
    """The coefficients along a line with the bits in force, in fractions or in balls.

    Raises SingularError where there is no series, OpenError where more bits may tell.

    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> coefficients(Fixed(graph, graph.apply("mul", x, x), {"x": 3.0}), standard(), {"x": 1}, 1)
    [9, 6]
    """
    before = ctx.cap
    ctx.cap = order + 1
    try:
        exact = fractions(question, table, line)
        return exact if exact is not None else _coefficients(question, table, line, ctx.prec)
    finally:
        ctx.cap = before


def _coefficients(question: Question, table: Table, line: Line, precision: int) -> list[arb]:
    try:
        try:
            return _swept(question, rules_of(table, precision, 0 if is_alone(line) else None), line)
        except NodeError as error:
            if not isinstance(error.__cause__, Tie):
                raise explained(error, question.graph, table, precision) from None
            edge = error
        if not is_alone(line):
            raise singular_at("mixed", edge)
        return _two_sided(question, table, line, precision, edge)
    except SingularError as error:
        error.line = line
        raise


def _swept(question: Question, rules: Expanding, line: Line) -> list[arb]:
    """The series along one line, by one sweep. Raises NodeError."""
    attempt = Attempt(rules.numbers, _DEMAND, False)
    values: dict[str, Any] = {name: attempt.number(0, begin) for name, begin in question.starts.items()}
    for name, direction in line.items():
        if direction and ctx.cap > 1:
            values[name] = begun(values[name], direction)
    problem = question.problem(rules, values)
    value = primal(problem, rules, question.live).value
    if not ball(start(value)).is_finite():
        raise NodeError("overflow", problem.output, [])
    if not isinstance(value, Moving):
        return [ball(value), *[arb(0)] * (ctx.cap - 1)]
    found: list[arb] = value.series.coeffs() or [arb(0)]
    found[0] = ball(value.at)
    return found + [arb(0)] * (ctx.cap - len(found))


def _two_sided(question: Question, table: Table, line: Line, precision: int, edge: NodeError) -> list[arb]:
    """The series that both sides of a point on an edge have in common with its value. Raises SingularError."""
    sides: list[list[arb]] = []
    try:
        (here, *_) = _swept(question, rules_of(table, precision, 0), {})
    except NodeError as error:
        raise explained(error, question.graph, table, precision) from None
    for sign in (-1, 1):
        try:
            sides.append(
                _swept(question, rules_of(table, precision, 1), {name: sign * way for name, way in line.items()})
            )
        except NodeError as error:
            found = explained(error, question.graph, table, precision)
            if found.kind == "pole":
                raise found from None
            raise singular_at("edge" if found.kind == "domain" else found.kind, edge) from None
    left, right = [one if number % 2 == 0 else -one for number, one in enumerate(sides[0])], sides[1]
    around = [[before, after] for before, after in zip(left, right, strict=True)]
    around[0].append(here)
    for number, several in enumerate(around):
        if any(one != another for one in several for another in several):
            found = singular_at("sides", edge)
            found.order = number
            shown = [float((one * arb(number).fac()).mid()) + 0.0 for one in (several[0], here, several[1])]
            found.sides = shown[0], shown[1], shown[2]
            raise found
    if not all(one == several[0] for several in around for one in several):
        raise OpenError(edge.node, _TIED)
    return right
