"""Values and gradients with proved digits: the ordinary sweeps over balls, with more and more bits.

A ball certainly encloses the true value, so the digits on which both of its ends agree are proved. Where they are too
few (cancellation, a large argument of a sine), everything is computed again with twice the bits. What no precision
settles is not answered: a comparison of equal irrational numbers, a kink or a border of a domain that is met exactly.

A number that balls see to be exactly 0 is 0. One that is still not told from 0 when the bits run out, and is smaller
than half of those bits resolve (10^-2400, and less where many digits are asked), is written "0" and said to vanish:
sin(pi) is one.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, TypeVar

from flint import arb, ctx

from adcalc.arithmetics.ball import Ball
from adcalc.arithmetics.decimals import BITS_PER_DIGIT
from adcalc.arithmetics.enclosure import Certified, Enclosure
from adcalc.arithmetics.exact import Exact as ExactArithmetic
from adcalc.errors import LimitError, UsageError
from adcalc.graph.graph import Graph
from adcalc.graph.node import NodeId
from adcalc.modes.base import Problem
from adcalc.modes.proofs.attempt import Attempt, Demand, Exact, Terms
from adcalc.modes.proofs.open import OpenError, sentence
from adcalc.rules.compiled import Compiled
from adcalc.rules.enclosing import Enclosing, Proving
from adcalc.rules.table import Table

T = TypeVar("T")

MOST: Final = 100_000  # digits
_SPARE: Final = 60  # bits beyond those of the digits, for a first try
LAST: Final = 1 << 14  # bits at which trying ends, where no more than 600 digits are asked
_MANY: Final = 1 << 15  # bits from which on a try is so expensive that fewer are made
_NO_TERMS: Final = Terms()


def gradient(
    problem: Problem[Any],
    table: Table,
    digits: int = 50,
    last: int = LAST,
    terms: Terms = _NO_TERMS,
    demand: Demand | None = None,
) -> Certified:
    """The value and the partials of a problem, each with so many significant digits, all proved.

    The point's numbers are floats or fractions, taken exactly as they are, or constant expressions; `last` is the
    number of bits to give up at. `demand` asks for more than digits; `terms` are what belongs to the question besides.
    Raises NodeError where there is certainly no value or no derivative, PrecisionError where nothing can be proved.

    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> found = gradient(Problem(graph, graph.apply("sin", x), (x,), {x: 1.0}), standard(), 20)
    >>> found.value.digits, found.partials[0].digits
    ('0.84147098480789650665', '0.54030230586813971740')
    """
    wanted = demand or Demand(digits)
    return search(problem.graph, table, wanted, last, lambda attempt: attempt.gradient(problem, terms))


def evaluate(
    graph: Graph,
    outputs: Sequence[NodeId],
    point: Mapping[NodeId, Exact],
    table: Table,
    digits: int = 50,
    last: int = LAST,
    terms: Terms = _NO_TERMS,
    demand: Demand | None = None,
) -> tuple[Enclosure, ...]:
    """The values of some nodes at a point, each with so many significant digits, all proved.

    Raises NodeError where one has certainly no value, PrecisionError where nothing can be proved.

    >>> from fractions import Fraction
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> third = graph.constant(Fraction(1, 3))
    >>> [number.digits for number in evaluate(graph, [third], {}, standard(), 10)]
    ['0.3333333333']
    """
    wanted = demand or Demand(digits)
    if len(outputs) > 1 and not terms.guards:
        many: Problem[Any] = Problem(graph, max(outputs), (), point)
        found = search(graph, table, wanted, last, lambda attempt: attempt.values(many, outputs))
    else:
        problems: list[Problem[Any]] = [Problem(graph, output, (), point) for output in outputs]
        found = search(graph, table, wanted, last, lambda attempt: [attempt.value(one, terms) for one in problems])
    return tuple(found)


def search(graph: Graph, table: Table, demand: Demand, last: int, attempt: Callable[[Attempt], T]) -> T:
    """What an attempt finds, tried with twice the bits until it leaves nothing open.

    Raises PrecisionError about a node of the graph where the bits run out, UsageError and LimitError for a number of
    digits that makes no sense.
    """
    require_digits(demand.digits)
    before = ctx.prec
    precision = first_precision(demand.digits)
    last = max(last, (8 if last >= LAST and precision <= _MANY else 2) * precision)
    try:
        while True:
            ctx.prec = precision
            try:
                return attempt(Attempt(proving(table, precision), demand, precision >= last))
            except OpenError as left_open:
                if precision >= last:
                    raise sentence(graph, left_open, demand.digits) from None
            precision *= 2
    finally:
        ctx.prec = before


def first_precision(digits: int) -> int:
    """The bits with which so many digits are tried first.

    >>> first_precision(50)
    226
    """
    return int(digits * BITS_PER_DIGIT) + _SPARE


def require_digits(digits: int) -> None:
    """Raise UsageError or LimitError for a number of digits that makes no sense.

    >>> require_digits(30)
    """
    if digits < 1:
        raise UsageError("the number of digits is a whole number from 1 on", hint="--digits 30")
    if digits > MOST:
        raise LimitError(f"digits are proved up to {MOST}", hint=f"--digits {MOST}")


@lru_cache(maxsize=64)
def proving(table: Table, precision: int) -> Compiled[Any]:
    """The rules over balls and exact numbers, compiled for one precision in bits, which has to be flint's.

    >>> from adcalc.rules.table import standard
    >>> proving(standard(), 100).table is standard()
    True
    """
    return Proving(table, ExactArithmetic())


@lru_cache(maxsize=64)
def compiled(table: Table, precision: int) -> Compiled[arb]:
    """The rules over balls compiled for one precision in bits, which has to be flint's when they are used.

    >>> from adcalc.rules.table import standard
    >>> compiled(standard(), 100).table is standard()
    True
    """
    return Enclosing(table, Ball())
