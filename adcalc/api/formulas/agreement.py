"""Whether the lines of a derivation agree: each is evaluated at random points and compared with the first.

What a line still has to differentiate is differentiated in forward mode, by the rows of the function table. Numbers are
floats; where two of them differ by more than rounding could explain at first sight, balls decide: only lines whose
enclosures have no number in common contradict each other.
"""

from __future__ import annotations

from contextlib import contextmanager
from fractions import Fraction
from math import isclose
from random import Random
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from adcalc.errors import AdcalcError, InternalError
from adcalc.graph.graph import Graph
from adcalc.graph.node import DERIVATIVES, INPUT, NodeId
from adcalc.modes import forward
from adcalc.modes.base import NodeError, Problem
from adcalc.modes.sweep import primal
from adcalc.rewrite.pieces import Piece, copied
from adcalc.rules.table import standard
from adcalc.syntax.number import short

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from adcalc.rules.compiled import Compiled
    from adcalc.rules.table import Table

_POINTS: Final = 3
_MORE: Final = 24  # where there are choices, until both sides of each were seen
_WORK: Final = 20_000  # operations that may be spent on that
_TRIES: Final = 60
_CLOSE: Final = 1e-9
_BITS: Final = 256  # of the balls that decide
_RANGES: Final = ((0.2, 1.2), (-2.0, 2.0), (1.0, 5.0), (0.05, 0.95), (-1.0, 1.0), (-8.0, 8.0), (5.0, 60.0), (50.0, 2e3))
_UNANSWERED: Final = (NodeError, ArithmeticError, ValueError, AdcalcError)


class Chain(NamedTuple):
    """Expressions of a piece's graph that all ought to be the piece's derivative."""

    piece: Piece
    expressions: tuple[NodeId, ...]


class Derived(NamedTuple):
    """A node, the variable that it is differentiated by, and what ought to be its derivative, in the same graph."""

    graph: Graph
    output: NodeId
    variable: NodeId
    target: NodeId


def verified(
    derived: Derived, chains: Sequence[Chain], table: Table, rules: Compiled[float], at: Mapping[str, float]
) -> int:
    """At how many points every expression of the chains was found equal to the derivative that forward mode computes.

    Points are random, the first is `at` where there is one; 0 where no point was found at which all have a value. There
    are more of them where the expression chooses, for a line is only checked on the side that a point is on. Raises
    InternalError where two contradict each other.
    """
    graph = derived.graph
    prepared = [_Prepared(chain) for chain in chains]
    live = graph.live(derived.output, derived.target)
    inputs = {node: str(graph.nodes[node].label) for node in graph.inputs(live)}
    inputs.setdefault(derived.variable, str(graph.nodes[derived.variable].label))
    choices = [node for node in graph.live(derived.output) if graph.nodes[node].op == "if"]
    unseen = {(node, side) for node in choices for side in (False, True)}
    most = max(_POINTS, min(_MORE, _WORK // max(1, len(live)))) if unseen else _POINTS
    found = 0
    for point in _points(list(inputs.values()), inputs[derived.variable], at):
        numbers = {node: point[name] for node, name in inputs.items()}
        try:
            answers = list(_answers(derived, prepared, rules, numbers))
        except _UNANSWERED:
            continue
        doubtful = [(number, line) for number, line, right, value in answers if not _agree(right, value)]
        for number, line in doubtful:
            _settle(derived, prepared, table, numbers, (number, line), point)
        found += all(value is not None for _, _, _, value in answers)
        if unseen:
            unseen -= _sides(derived, rules, numbers)
        if found >= most or (found >= _POINTS and not unseen):
            break
    return found


def _sides(derived: Derived, rules: Compiled[float], numbers: Mapping[NodeId, float]) -> set[tuple[NodeId, bool]]:
    """The choices that the expression makes at a point, each with whether its condition holds."""
    nodes = derived.graph.nodes
    tape = primal(Problem(derived.graph, derived.output, (), numbers), rules)
    choices = (node for node in tape.order if nodes[node].op == "if")
    return {(node, bool(tape.values[nodes[node].args[0]])) for node in choices}


class _Prepared:
    """A chain whose derivatives still to be taken have become inputs, so that it can be evaluated."""

    def __init__(self, chain: Chain) -> None:
        self.piece = chain.piece
        self.graph = Graph(chain.piece.graph.residuals)
        self.pending: dict[NodeId, NodeId] = {}  # an input here: what is to be differentiated in the piece's graph
        source = chain.piece.graph
        moved: dict[NodeId, NodeId] = {}
        for node in source.live(*chain.expressions):
            op, args, _ = source.nodes[node]
            if op in DERIVATIVES:
                moved[node] = self.graph.input(f"\0{args[0]}")  # no name of a variable begins so
                self.pending[moved[node]] = args[0]
        self.outputs = [copied(source, node, self.graph, moved) for node in chain.expressions]
        self.inputs = {moved[node]: node for node in moved if source.nodes[node].op == INPUT}

    def values(self, values: Mapping[NodeId, Any], slopes: Mapping[NodeId, Any], rules: Compiled[Any]) -> list[Any]:
        """The values of the expressions, None where one has none; `values`, `slopes` are the piece's inputs'.

        Inputs may be without a value, and what is to be differentiated without a derivative: in a side not taken here.
        """
        point = {here: values[there] for here, there in self.inputs.items() if there in values}
        for here, there in self.pending.items():
            problem = Problem(self.piece.graph, there, tuple(slopes), values)
            try:
                slope = forward.push(primal(problem, rules), {node: slopes[node] for node in slopes if node <= there})
            except (*_UNANSWERED, KeyError):
                continue
            point[here] = rules.arithmetic.constant(Fraction(0)) if slope is None else slope
        found: list[Any] = []
        for output in self.outputs:
            try:
                found.append(primal(Problem(self.graph, output, (), point), rules).value)
            except (*_UNANSWERED, KeyError):
                found.append(None)
        return found


def _answers(
    derived: Derived, prepared: Sequence[_Prepared], rules: Compiled[Any], numbers: Mapping[NodeId, Any]
) -> Iterator[tuple[int, int, Any, Any]]:
    """Chain, line, the derivative by forward mode, the line's own value or None; the last is the target's."""
    arithmetic = rules.arithmetic
    zero, one = arithmetic.constant(Fraction(0)), arithmetic.constant(Fraction(1))
    tape = primal(Problem(derived.graph, derived.output, (derived.variable,), numbers), rules)
    tangents = forward.tangent_sweep(tape, {derived.variable: one})
    held = dict(numbers) | {node: value for node, value in enumerate(tape.values) if value is not None}
    slopes = {node: tangent for node, tangent in enumerate(tangents) if tangent is not None} | {derived.variable: one}
    for number, chain in enumerate(prepared):
        piece = chain.piece
        if piece.source not in held:
            continue  # in a branch that is not taken here
        inner = {here: slopes.get(there, zero) for here, there in piece.inputs.items()}
        active = {here: slope for here, slope in inner.items() if here in piece.functions or here == piece.variable}
        values = {here: held[there] for here, there in piece.inputs.items() if there in held}
        for line, value in enumerate(chain.values(values, active, rules)):
            yield number, line, slopes.get(piece.source, zero), value
    try:
        last = primal(Problem(derived.graph, derived.target, (), numbers), rules).value
    except _UNANSWERED:
        last = None
    yield len(prepared), 0, slopes.get(derived.output, zero), last


def _agree(right: float, value: float | None) -> bool:
    return value is None or isclose(right, value, rel_tol=_CLOSE)


def _settle(
    derived: Derived,
    prepared: Sequence[_Prepared],
    table: Table,
    numbers: Mapping[NodeId, float],
    which: tuple[int, int],
    point: Mapping[str, float],
) -> None:
    """Raise InternalError where a line certainly has another value than the derivative."""
    from adcalc.modes.proofs import certified

    with _precision(_BITS):
        rules = certified.compiled(table, _BITS)
        balls = {node: rules.arithmetic.constant(Fraction(number)) for node, number in numbers.items()}
        try:
            answers = {(number, line): both for number, line, *both in _answers(derived, prepared, rules, balls)}
        except _UNANSWERED:
            return
        right, value = answers.get(which, (None, None))
        if value is None or right is None or right.overlaps(value):
            return
        where = ", ".join(f"{name} = {short(number)}" for name, number in point.items())
        raise InternalError(
            f"the derivation contradicts itself: where {where}, the derivative is {float(right.mid()):.10g}, "
            f"and line {which[1] + 1} is {float(value.mid()):.10g}",
            hint="this is a mistake in adcalc: please report it, with the expression"
            if table is standard()
            else "one of the rows of your own functions may contradict the others",
        )


@contextmanager
def _precision(bits: int) -> Iterator[None]:
    """Balls of so many bits for a while."""
    from flint import ctx

    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


def _points(names: Sequence[str], variable: str, at: Mapping[str, float]) -> Iterator[dict[str, float]]:
    """The point that was given, and random ones, the same in every run; every third with small whole parameters."""
    if all(name in at for name in names):
        yield {name: at[name] for name in names}
    source = Random(0)
    for number in range(_TRIES):
        low, high = _RANGES[number % len(_RANGES)]
        whole = number % 3 == 2
        yield {
            name: float(source.randint(1, 4)) if whole and name != variable else source.uniform(low, high)
            for name in names
        }
