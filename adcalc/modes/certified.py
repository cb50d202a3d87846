"""Values and gradients with proved digits: the ordinary sweeps over balls, with more and more bits.

A ball certainly encloses the true value, so the digits on which both of its ends agree are proved. Where they are too
few (cancellation, a large argument of a sine), everything is computed again with twice the bits. What no precision
settles is not answered: a comparison of equal irrational numbers, a kink or a border of a domain that is met exactly.

A number that balls see to be exactly 0 is 0. One that is still not told from 0 when the bits run out, and is smaller
than half of those bits resolve (10^-2400, and less where many digits are asked), is written "0" and said to vanish:
sin(pi) is one.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from math import inf, nextafter
from typing import Any, Final, NamedTuple, TypeAlias, TypeVar, cast

from flint import arb, ctx

from adcalc.arithmetics.ball import UNDECIDED, Ball, Undecided
from adcalc.arithmetics.decimals import decimals
from adcalc.errors import PrecisionError
from adcalc.graph.count import tree_operations
from adcalc.graph.graph import Graph
from adcalc.graph.node import CONDITIONS, NodeId
from adcalc.modes import reverse, singular
from adcalc.modes.base import NodeError, Problem, Tape
from adcalc.modes.forward import push
from adcalc.modes.sweep import activity, primal
from adcalc.rules.compiled import Compiled
from adcalc.rules.enclosing import Enclosing
from adcalc.rules.table import Table
from adcalc.syntax.unparse import unparse

Exact: TypeAlias = float | Fraction
T = TypeVar("T")

_BITS_PER_DIGIT: Final = 3.3220
_SPARE: Final = 60  # bits beyond those of the digits, for a first try
LAST: Final = 1 << 14  # bits at which trying ends, where no more than 600 digits are asked
_LONGEST: Final = 60  # operations of a sub-expression that a sentence quotes


class Enclosure(NamedTuple):
    """A number that is proved: the ball that holds it, and its digits, rounded from the true value.

    >>> Enclosure(arb(0.5), "0.5").distance(0.75)
    0.25
    """

    ball: arb
    digits: str

    @property
    def vanishes(self) -> bool:
        """Whether "0" is written for a number that is not proved to be 0, only to be nearer to it than 10^-2400.

        >>> Enclosure(arb(0), "0").vanishes
        False
        """
        return self.digits == "0" and not self.ball.is_zero()

    def distance(self, x: float) -> float:
        """How far a float is from the true value, at most.

        >>> Enclosure(arb(0.5), "0.5").distance(0.5)
        0.0
        """
        before = ctx.prec
        ctx.prec = max(before, self.ball.bits() + 64)
        try:
            apart = (self.ball - x).abs_upper()
        finally:
            ctx.prec = before
        near = float(apart)
        return near if arb(near) >= apart else nextafter(near, inf)


ZERO: Final = Enclosure(arb(0), "0")


class Certified(NamedTuple):
    """A proved value and its proved partials, in the order of `Problem.wrt`; None where no derivative flows."""

    value: Enclosure
    partials: tuple[Enclosure | None, ...]


def gradient(problem: Problem[Any], table: Table, digits: int = 50, last: int = LAST) -> Certified:
    """The value and the partials of a problem, each with so many significant digits, all proved.

    The point's numbers are floats or fractions, taken exactly as they are; `last` is the number of bits to give up at.
    Raises NodeError where there is certainly no value or no derivative, PrecisionError where nothing can be proved.

    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> found = gradient(Problem(graph, graph.apply("sin", x), (x,), {x: 1.0}), standard(), 20)
    >>> found.value.digits, found.partials[0].digits
    ('0.84147098480789650665', '0.54030230586813971740')
    """
    return _search(problem.graph, table, digits, last, lambda attempt: _differentiated(problem, attempt))


def evaluate(
    graph: Graph,
    outputs: Sequence[NodeId],
    point: Mapping[NodeId, Exact],
    table: Table,
    digits: int = 50,
    last: int = LAST,
) -> tuple[Enclosure, ...]:
    """The values of some nodes at a point, each with so many significant digits, all proved.

    Raises NodeError where one has certainly no value, PrecisionError where nothing can be proved.

    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> third = graph.constant(Fraction(1, 3))
    >>> [number.digits for number in evaluate(graph, [third], {}, standard(), 10)]
    ['0.3333333333']
    """
    problems = [Problem(graph, output, (), point) for output in outputs]
    return _search(graph, table, digits, last, lambda attempt: tuple(_value(problem, attempt) for problem in problems))


class _OpenError(Exception):
    """What balls of this precision leave open: a sentence, and the node that it is about."""

    def __init__(self, node: NodeId, sentence: str) -> None:
        super().__init__(sentence)
        self.node = node
        self.sentence = sentence


class _Attempt(NamedTuple):
    """One try: the rules at its precision, the digits that are wanted, and whether it is the last one."""

    rules: Compiled[arb]
    digits: int
    is_last: bool

    def enclosure(self, tape: Tape[arb], ball: arb) -> Enclosure:
        """The number with its digits. Raises _OpenError where they are not proved."""
        text = decimals(ball, self.digits, nearly=self.is_last)
        if text is None and self.is_last and ball.abs_upper() < arb(2) ** (-ctx.prec // 2):
            text = "0"
        if text is None:
            wide = (node for node in tape.order if _is_wide(tape.values[node], self.digits))
            raise _OpenError(next(wide, tape.problem.output), _DIGITS)
        return Enclosure(ball, text)


def _search(graph: Graph, table: Table, digits: int, last: int, attempt: Callable[[_Attempt], T]) -> T:
    """What an attempt finds, tried with twice the bits until it leaves nothing open."""
    before = ctx.prec
    precision = int(digits * _BITS_PER_DIGIT) + _SPARE
    last = max(last, (8 if last >= LAST else 2) * precision)
    try:
        while True:
            ctx.prec = precision
            try:
                return attempt(_Attempt(compiled(table, precision), digits, precision >= last))
            except _OpenError as left_open:
                if precision >= last:
                    error = PrecisionError(_sentence(graph, left_open, digits))
                    error.node = left_open.node
                    raise error from None
            precision *= 2
    finally:
        ctx.prec = before


def _tape(problem: Problem[Any], attempt: _Attempt) -> Tape[arb]:
    """The primal sweep over balls.

    Raises NodeError where there is certainly no value, _OpenError where balls do not tell.
    """
    rules = attempt.rules
    nodes = problem.graph.nodes
    point = {node: rules.arithmetic.constant(Fraction(value)) for node, value in problem.point.items()}
    try:
        tape = primal(problem._replace(point=point), rules)
    except NodeError as error:
        op, args, _ = nodes[error.node]
        if isinstance(error.__cause__, Undecided) and not _is_outside(rules, op, error.arguments):
            if op in ("if", *CONDITIONS):
                raise _OpenError(args[0], _UNDECIDED) from None
            raise _OpenError(error.node, _BORDER) from None
        raise _in_floats(error, "domain") from None
    if not tape.value.is_finite():
        infinite = next(node for node in tape.order if _is_infinite(tape.values[node]) and nodes[node].args)
        raise _OpenError(infinite, _BORDER)
    return tape


def _value(problem: Problem[Any], attempt: _Attempt) -> Enclosure:
    tape = _tape(problem, attempt)
    return attempt.enclosure(tape, tape.value)


def _differentiated(problem: Problem[Any], attempt: _Attempt) -> Certified:
    tape = _tape(problem, attempt)
    try:
        kinks = singular.find(cast("Tape[Any]", tape))
        partials = _one_sided(tape, kinks) if kinks.clauses else reverse.run(tape, kinks.active).partials
    except Undecided:
        raise _OpenError(_undecided(tape), _MAYBE_KINK) from None
    except NodeError as error:
        if isinstance(error.__cause__, Undecided):
            raise _OpenError(error.node, _SLOPE) from None
        raise _in_floats(error, error.kind) from None
    value = attempt.enclosure(tape, tape.value)
    return Certified(value, tuple(None if ball is None else attempt.enclosure(tape, ball) for ball in partials))


def _one_sided(tape: Tape[arb], kinks: singular.Kinks) -> list[arb | None]:
    """The partials at a point with kinks: where a partial meets one, both one-sided slopes are exact and equal."""
    partials = []
    jump = next((node for node, clause in kinks.clauses.items() if clause == singular.JUMP), None)
    if jump is not None:
        raise NodeError("jump", jump, tape.arguments(jump))
    inside = next((node for node, clause in kinks.clauses.items() if clause == singular.INSIDE), None)
    if inside is not None:
        raise _OpenError(inside, _KINK)
    for variable in tape.problem.wrt:
        active = activity(tape, (variable,))
        met = [node for node in kinks.clauses if active[node]]
        choice = next((node for node in met if kinks.clauses[node] == singular.CHOICE), None)
        if choice is not None:
            sides = [tape.values[argument] for argument in tape.problem.graph.nodes[choice].args[1:]]
            if None not in sides and sides[0] != sides[1]:
                raise NodeError("jump", choice, [float(value) for value in sides])
            raise _OpenError(choice, _KINK)
        right = push(tape, {variable: arb(1)}, kinks.clauses)
        if met and right is not None:
            left = -(push(tape, {variable: arb(-1)}, kinks.clauses) or arb(0))
            if left != right:
                slopes = (float(left), float(right))
                raise NodeError("kink", met[0], tape.arguments(met[0]), slopes, variable)
            if not left == right:  # balls that are not exact are neither
                raise _OpenError(met[0], _KINK)
        partials.append(right)
    return partials


def _is_outside(rules: Compiled[arb], op: str, args: list[Any]) -> bool:
    """Whether arguments are certainly outside an operation's domain."""
    if op == "if" or op in CONDITIONS:
        return False
    on = (index for index, clause in enumerate(rules.table.rule(op).clauses) if clause.kind == "on")
    return any(rules.condition(op, index)(arb.nan(), *args) is False for index in on)


def _undecided(tape: Tape[arb]) -> NodeId:
    """The first node of which balls do not tell whether it stands on a kink or a jump."""
    nodes = tape.problem.graph.nodes
    for node in tape.order:
        op, args, _ = nodes[node]
        if args and op != "if" and op not in CONDITIONS:
            for index in range(len(tape.rules.table.rule(op).clauses)):
                try:
                    truth = tape.rules.condition(op, index)(tape.values[node], *tape.arguments(node))
                except Undecided:
                    return node
                if truth is UNDECIDED:
                    return node
    return tape.problem.output


def _is_infinite(value: Any) -> bool:
    return isinstance(value, arb) and not value.is_finite()


def _is_wide(value: Any, digits: int) -> bool:
    return isinstance(value, arb) and value.rel_one_accuracy_bits() < digits * _BITS_PER_DIGIT


def _in_floats(error: NodeError, kind: str) -> NodeError:
    """The same error with floats for arguments, as sentences want them."""
    arguments = [float(value) if isinstance(value, arb) else value for value in error.arguments]
    return NodeError(kind, error.node, arguments, error.slopes, error.variable, error.clause)


_UNDECIDED: Final = "it cannot be decided whether {} holds: its sides are equal in all digits that were tried"
_BORDER: Final = "{} has no value that can be proved: as far as digits tell, it stands on the border of its domain"
_MAYBE_KINK: Final = "{} may stand exactly on a kink or a jump: no number of digits tells"
_KINK: Final = "{} has a kink exactly here, and no proved slope"
_SLOPE: Final = "the slope of {} cannot be proved: as far as digits tell, it is not finite"
_DIGITS: Final = "{digits} digits of the answer cannot be proved, because of {}"


def _sentence(graph: Graph, what: _OpenError, digits: int) -> str:
    small = tree_operations(graph, what.node) <= _LONGEST
    text = unparse(graph, what.node) if small else f"an intermediate {graph.nodes[what.node].op}"
    return what.sentence.format(text, digits=digits)


@lru_cache(maxsize=64)
def compiled(table: Table, precision: int) -> Compiled[arb]:
    """The rules over balls compiled for one precision in bits, which has to be flint's when they are used.

    >>> from adcalc.rules.table import standard
    >>> compiled(standard(), 100).table is standard()
    True
    """
    return Enclosing(table, Ball())
