"""Taylor coefficients with proved digits: the primal sweep over truncated power series of balls.

The inputs move along a line, point + t·direction, and so do all values; what the output becomes is the series of the
function along the line. Where the balls are too wide for the digits that are wanted, everything is computed again with
more bits, as for values (certified.py).

At a point on an edge (a kink, a choice that turns there) each side has a series of its own. Both are computed, from the
point to the right and to the left; as far as they agree they are the series.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from math import isfinite
from types import MappingProxyType
from typing import Any, Final, Protocol, TypeAlias, TypeVar

from flint import arb, arb_series, ctx

from adcalc.arithmetics.ball import Undecided
from adcalc.arithmetics.series import Pole, Rough, Tie, start
from adcalc.errors import PrecisionError
from adcalc.graph.graph import Graph
from adcalc.graph.node import CONDITIONS, NodeId
from adcalc.modes.base import NodeError, Problem
from adcalc.modes.certified import compiled
from adcalc.modes.sweep import primal
from adcalc.rules.compiled import Compiled
from adcalc.rules.expanding import Expanding, Unruled
from adcalc.rules.table import Table

T = TypeVar("T")
Start: TypeAlias = Callable[[Compiled[arb]], arb]  # where an input begins, at the precision of the rules
Line: TypeAlias = Mapping[str, int]  # the direction, by the names of inputs; those that stay are left out

LAST: Final = 1 << 12  # bits at which trying ends, where few digits are asked
_SPARE: Final = 48
_GROWING: Final = frozenset({"exp", "exp2", "expm1", "sinh", "cosh", "gamma", "erfi", "ei", "pow"})
_HUGE: Final = 1e15  # an argument of which these have no ball
_ZERO: Final = 1200  # bits that hold the least float


class Question(Protocol):
    """A function of named inputs: where they begin, and its problem in the numbers of some rules."""

    starts: Mapping[str, Start]

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

    def __init__(self, graph: Graph, output: NodeId, starts: Mapping[str, Start]) -> None:
        self.starts = starts
        self._graph = graph
        self._output = output
        self._inputs = {str(graph.nodes[node].label): node for node in graph.inputs(graph.live(output))}

    @property
    def graph(self) -> Graph:
        """The graph."""
        return self._graph

    def problem(self, rules: Compiled[Any], values: Mapping[str, Any]) -> Problem[Any]:
        """The problem where the inputs have these values."""
        point = {node: values[name] for name, node in self._inputs.items() if name in values}
        return Problem(self._graph, self._output, (), point)


class SingularError(NodeError):
    """Why there is no series: a node, and of kind "pole" its order, of "sides" what differs to the left and right.

    Other kinds are "domain", "rough" (a branch point or an infinite slope), "no_rule", and "edge": a kink of which no
    side is known.
    """

    order = 0
    limit: float | None = None
    sides: tuple[float, float, float] = (0.0, 0.0, 0.0)  # to the left, at the point, to the right
    line: Line = MappingProxyType({})


class Open(Exception):  # noqa: N818  # it is no mistake, only too few bits
    """Digits that this precision does not prove; `zero` says that all of them are of numbers not told from 0."""

    def __init__(self, sentence: str, node: NodeId | None = None, zero: bool = False) -> None:
        super().__init__(sentence)
        self.node = node
        self.zero = zero


def expanded(
    question: Question, table: Table, lines: Sequence[Line], order: int, bits: int, read: Callable[[Any, bool], T]
) -> T:
    """What `read` makes of the coefficients along some lines, with the precision raised until it does not raise Open.

    It is given the coefficients of each line, of t^0 up to t^order, and whether this is the last precision; `bits` is
    how many it needs of each. Raises SingularError where there is no series, PrecisionError where nothing can be proved.

    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> question = Fixed(graph, graph.apply("exp", graph.input("x")), {"x": lambda rules: arb(0)})
    >>> expanded(question, standard(), [{"x": 1}], 3, 53, lambda found, last: [float(one) for one in found[0]])
    [1.0, 1.0, 0.5, 0.16666666666666666]
    """
    before, length = ctx.prec, ctx.cap
    precision = bits + _SPARE + order // 4
    last = max(LAST, 8 * precision)
    try:
        while True:
            ctx.prec, ctx.cap = precision, order + 1
            try:
                return read([_coefficients(question, table, line, precision) for line in lines], precision >= last)
            except Open as left_open:
                if precision >= last:
                    error = PrecisionError(str(left_open))
                    error.node = left_open.node
                    raise error from None
                precision = max(2 * precision, _ZERO) if left_open.zero and precision < _ZERO else 2 * precision
    finally:
        ctx.prec, ctx.cap = before, length


@lru_cache(maxsize=64)
def rules_of(table: Table, precision: int, side: int) -> Expanding:
    """The rules over series for one precision in bits, which has to be flint's when they are used.

    >>> from adcalc.rules.table import standard
    >>> rules_of(standard(), 100, 0).table is standard()
    True
    """
    return Expanding(table, side, compiled(table, precision))


def _coefficients(question: Question, table: Table, line: Line, precision: int) -> list[arb]:
    try:
        try:
            return _swept(question, rules_of(table, precision, 0), line)
        except NodeError as error:
            if not isinstance(error.__cause__, Tie):
                raise _explained(error, question, table, precision) from None
            edge = error
        return _two_sided(question, table, line, precision, edge)
    except SingularError as error:
        error.line = line
        raise


def _swept(question: Question, rules: Expanding, line: Line) -> list[arb]:
    """The series along one line, by one sweep. Raises NodeError."""
    values: dict[str, Any] = {name: begin(rules.balls) for name, begin in question.starts.items()}
    for name, direction in line.items():
        values[name] = arb_series([values[name], direction]) if direction and ctx.cap > 1 else values[name]
    problem = question.problem(rules, values)
    value = primal(problem, rules).value
    if not start(value).is_finite():
        raise NodeError("overflow", problem.output, [])
    found = value.coeffs() if isinstance(value, arb_series) else [value]
    return [*found, *[arb(0)] * (ctx.cap - len(found))]


def _two_sided(question: Question, table: Table, line: Line, precision: int, edge: NodeError) -> list[arb]:
    """The series that both sides of a point on an edge have in common with its value. Raises SingularError."""
    sides: list[list[arb]] = []
    try:
        (here, *_) = _swept(question, rules_of(table, precision, 0), {})
    except NodeError as error:
        raise _explained(error, question, table, precision) from None
    for sign in (-1, 1):
        try:
            sides.append(
                _swept(question, rules_of(table, precision, 1), {name: sign * way for name, way in line.items()})
            )
        except NodeError as error:
            found = _explained(error, question, table, precision)
            raise _singular("edge" if found.kind == "domain" else found.kind, edge) from None
    left, right = [one if number % 2 == 0 else -one for number, one in enumerate(sides[0])], sides[1]
    for number, (before, after) in enumerate(zip(left, right, strict=True)):
        around = [before, here, after] if number == 0 else [before, after]
        if any(one != another for one in around for another in around):
            found = _singular("sides", edge)
            found.order = number
            shown = [float((one * arb(number).fac()).mid()) + 0.0 for one in (before, here, after)]
            found.sides = shown[0], shown[1], shown[2]
            raise found
        if not all(one == around[0] for one in around):
            raise Open("{} turns exactly here, and its two sides agree in all digits that were tried", edge.node)
    return right


def _explained(error: NodeError, question: Question, table: Table, precision: int) -> SingularError:
    """The reason why a sweep failed. Raises Open where more bits may help."""
    cause = error.__cause__
    grows = question.graph.nodes[error.node].op in _GROWING
    if isinstance(cause, Undecided) and grows and any(abs(start(one)) > _HUGE for one in error.arguments):
        return _singular("overflow", error)
    if isinstance(cause, Undecided) and not _is_outside(error, question.graph, table, precision):
        raise Open("{} has no series that can be proved: as far as digits tell, it stands on an edge", error.node)
    kinds: tuple[tuple[type, str], ...] = ((Pole, "pole"), (Rough, "rough"), (Tie, "edge"), (Unruled, "no_rule"))
    found = _singular(next((kind for known, kind in kinds if isinstance(cause, known)), error.kind), error)
    if isinstance(cause, Pole):
        found.order, found.limit = cause.order, cause.limit
    if isinstance(cause, Unruled):
        found.variable = cause.argument
    return found


def _singular(kind: str, error: NodeError) -> SingularError:
    """The same error of another kind, with floats for the arguments."""
    floats = [float(start(one)) for one in error.arguments if isinstance(one, arb | arb_series)]
    arguments = floats if len(floats) == len(error.arguments) and all(map(isfinite, floats)) else []
    made = SingularError(kind, error.node, arguments, variable=error.variable)
    made.__cause__ = error.__cause__
    return made


def _is_outside(error: NodeError, graph: Graph, table: Table, precision: int) -> bool:
    """Whether the arguments of an operation are certainly outside its domain."""
    op = graph.nodes[error.node].op
    if op == "if" or op in CONDITIONS:
        return False
    balls, args = compiled(table, precision), [start(one) for one in error.arguments]
    on = [number for number, clause in enumerate(table.rule(op).clauses) if clause.kind == "on"]
    return any(balls.condition(op, number)(arb.nan(), *args) is False for number in on)
