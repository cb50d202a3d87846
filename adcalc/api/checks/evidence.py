"""Derivative and claim side by side at points all over the domain, each in a ball of 60 proved digits.

Balls that do not touch show that a claim is wrong, whatever its form. Balls that touch although they are so narrow show
that it is right there, as far as any digits can. Points where there is no derivative say nothing.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from adcalc.api.checks.samples import beside, samples
from adcalc.api.formulas.slopes import slope
from adcalc.api.paths import turned
from adcalc.api.two_numbers import known
from adcalc.arithmetics.enclosure import ZERO, Enclosure
from adcalc.errors import AdcalcError, LimitError, PrecisionError
from adcalc.graph.count import operations
from adcalc.modes.base import NodeError, Problem
from adcalc.modes.proofs import certified

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adcalc.api.function import Function
    from adcalc.graph.graph import Graph
    from adcalc.graph.node import NodeId
    from adcalc.modes.proofs.attempt import Exact
    from adcalc.syntax.claim import Claim
    from adcalc.syntax.lowered import Lowered

BITS: Final = 1 << 11  # at which a point is given up
_WANTED: Final = 60  # points
_TRIED: Final = 800  # points
_FAR: Final = 10**12
_MARKS: Final = 20  # constants around which points are tried
LARGE: Final = 3000  # operations, from which on a quarter or a third of the points has to do
_CLOSER: Final = 1 << 13  # bits in which numbers are told apart that agree in all the digits above: 1200 digits
_CLOSE: Final = 4  # points at which that is tried


class Pair(NamedTuple):
    """Both numbers at a point, the claim's None where it has no value.

    `apart` is how far the claim is too large, where only more digits than the two have tell them apart.
    """

    point: Mapping[str, Any]  # numbers, or their digits where these are proved
    derivative: Enclosure
    claimed: Enclosure | None
    apart: Enclosure | None = None

    @property
    def differs(self) -> bool:
        """Whether the two are certainly not the same."""
        return self.claimed is None or self.apart is not None or self.derivative.ball != self.claimed.ball


class Found(NamedTuple):
    """What points show: how many agree, how many have a derivative and an open claim, and what refutes it, if any.

    `some` are the first of those that agree.
    """

    agreeing: int
    open: int
    against: Pair | None
    some: tuple[Pair, ...] = ()


class Question(NamedTuple):
    """A claim in the graph of its function: `orders` are the result and its derivatives up to the one claimed.

    `digits` are those in which both are compared, where somebody said so; points are then the decimals that they are
    written as, not the floats nearest to these.
    """

    function: Function
    lowered: Lowered
    claim: Claim
    orders: tuple[NodeId, ...]
    claimed: NodeId
    digits: int | None = None

    @classmethod
    def make(cls, function: Function, lowered: Lowered, claim: Claim, digits: int | None = None) -> Question:
        """The question that a claim asks."""
        orders = [lowered.output]
        for name in claim.wrt:
            orders.append(slope(function, lowered, orders[-1], name))
        claimed = grafted(claim.lowered.graph, claim.lowered.output, lowered.graph)
        return cls(function, lowered, claim, tuple(orders), claimed, digits)

    @property
    def derivative(self) -> NodeId:
        """The derivative as a node, as the sweep leaves it."""
        return self.orders[-1]

    def true(self, at: Mapping[str, float], last: int = BITS) -> Enclosure:
        """The derivative at a point, by the sweeps, which know where there is none.

        Raises NodeError, PrecisionError or LimitError there.
        """
        numbers, graph = self.numbers(at), self.lowered.graph
        for node, name in zip(self.orders, self.claim.wrt, strict=False):
            problem = Problem(graph, node, (self.lowered.variables[name],), numbers)
            (partial,) = certified.gradient(problem, self.function.table, known(self.digits), last).partials
        error = turned(self.function, self.lowered, at)
        if error is not None:
            raise error
        return partial or ZERO

    def pair(self, at: Mapping[str, float], true: Enclosure, last: int = BITS) -> Pair:
        """Derivative and claim at a point. Raises PrecisionError or LimitError where balls do not tell the claim's."""
        graph, table = self.lowered.graph, self.function.table
        try:
            (claimed,) = certified.evaluate(graph, [self.claimed], self.numbers(at), table, known(self.digits), last)
        except NodeError:
            return Pair(at, true, None)
        return Pair(at, true, claimed)

    def tried(self, at: Mapping[str, float]) -> Pair | bool:
        """Both numbers at a point; False where there is no derivative, True where it exists and the claim is open.

        Raises NotDifferentiableError where there is no formula for the derivative at any point.
        """
        if self.function.needs_point:
            try:
                way = self._along(at)
            except AdcalcError:
                return False
            return way._tried(at)
        return self._tried(at)

    def _along(self, at: Mapping[str, float]) -> Question:
        """The question about the way that the program takes at a point."""
        lowered, _ = self.function.at(at)
        return Question.make(self.function, lowered, self.claim, self.digits)

    def _tried(self, at: Mapping[str, float]) -> Pair | bool:
        try:
            true = self.true(at)
        except NodeError as error:
            if error.kind == "no_rule":
                raise self.function.explained(error, self.lowered) from None
            return False
        except (PrecisionError, LimitError):
            return False
        try:
            return self.pair(at, true)
        except (PrecisionError, LimitError):
            return True

    def numbers(self, at: Mapping[str, float]) -> dict[NodeId, Exact]:
        """The numbers of a point, by node."""
        number: Any = float if self.digits is None else decimal
        return {self.lowered.variables[name]: number(value) for name, value in at.items()}


def decimal(number: float) -> Fraction:
    """The decimal that a float is written as.

    >>> decimal(0.1)
    Fraction(1, 10)
    """
    return Fraction(repr(number))


def at_point(question: Question, at: Mapping[str, float]) -> Pair:
    """Both numbers at the point that was asked about.

    Raises what a gradient raises where there is no derivative, PrecisionError where nothing can be proved.
    """
    try:
        return question.pair(at, question.true(at, certified.LAST), certified.LAST)
    except NodeError as error:
        raise question.function.explained(error, question.lowered) from None
    except PrecisionError as error:
        if error.node is not None:
            error.place = question.lowered.place(error.node)
        raise


def search(question: Question, near: Mapping[str, float] | None) -> Found:
    """Points all over the domain, until one refutes the claim or enough agree.

    A claim without a value refutes only where it has none beside the point either.
    """
    large = operations(question.lowered.graph, *question.orders, question.claimed) > LARGE
    scale = 4 if large else 1
    agreeing, left_open = 0, 0
    against: Pair | None = None
    some: list[Pair] = []
    points = samples(list(question.lowered.variables), near, _landmarks(question))
    for at in islice(points, _TRIED // scale):
        pair = question.tried(at)
        if not isinstance(pair, Pair):
            left_open += pair
        elif pair.claimed is None:
            left_open += 1
            if against is None:
                again = question.tried(beside(at, 1e-6))
                against = pair if isinstance(again, Pair) and again.claimed is None else None
        elif pair.differs:
            return Found(agreeing, left_open, pair)
        else:
            agreeing += 1
            some += [pair] if len(some) < _CLOSE else []
            if agreeing >= _WANTED // scale:
                break
    return Found(agreeing, left_open, against, tuple(some))


def closer(question: Question, pairs: Sequence[Pair], difference: NodeId) -> Pair | None:
    """The first of some pairs that agree whose difference, in many more digits, is certainly not 0; None without any.

    A claim that is wrong by 1e-400 agrees in all digits that anybody reads, and is wrong.
    """
    graph, table = question.lowered.graph, question.function.table
    last = BITS if operations(graph, difference) > LARGE else _CLOSER
    for pair in pairs:
        try:
            (apart,) = certified.evaluate(graph, [difference], question.numbers(pair.point), table, 2, last)
        except (NodeError, PrecisionError, LimitError):
            continue
        if 0 not in apart.ball:
            return pair._replace(apart=apart)
    return None


def _landmarks(question: Question) -> list[float]:
    """The constants of function and claim: domains end and choices turn at one of them, more often than not."""
    graph = question.lowered.graph
    labels = (graph.nodes[node].label for node in graph.live(question.lowered.output, question.claimed))
    sizes = {abs(label) for label in labels if isinstance(label, Fraction) and label and abs(label) < _FAR}
    return [float(size) for size in sorted(sizes)[:_MARKS] if size > 1 / _FAR]


def grafted(source: Graph, output: NodeId, into: Graph) -> NodeId:
    """A node of one graph in another, over the inputs of the same names.

    >>> from adcalc.graph.graph import Graph
    >>> here, there = Graph(), Graph()
    >>> grafted(here, here.apply("sin", here.input("x")), there)
    1
    """
    moved: dict[NodeId, NodeId] = {}
    into.residuals.update(source.residuals)
    for node in source.live(output):
        moved[node] = into.copy(source, node, [moved[argument] for argument in source.nodes[node].args])
    return moved[output]
