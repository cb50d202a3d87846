"""One try to prove digits: the sweeps over balls of one precision, and what they leave open.

What is certain is raised as a NodeError: there is no value, no derivative, a kink with its two slopes. What more bits
may settle is an OpenError, and whoever made the attempt makes another one, or gives up.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeAlias, cast

from flint import arb, ctx

from adcalc.arithmetics.ball import UNDECIDED, Undecided
from adcalc.arithmetics.bounds import bounds
from adcalc.arithmetics.decimals import BITS_PER_DIGIT, decimals, power_of_ten
from adcalc.arithmetics.enclosure import Certified, Enclosure
from adcalc.arithmetics.exact import ball, rational
from adcalc.graph.graph import Graph
from adcalc.graph.node import CONDITIONS, CONSTANT, NodeId
from adcalc.modes import forward, reverse
from adcalc.modes.base import NodeError, Problem, Tape, Way
from adcalc.modes.edges import guards, singular
from adcalc.modes.edges.kinks import one_sided
from adcalc.modes.proofs.open import (
    BORDER,
    DIGITS,
    MAYBE_KINK,
    NOT_FINITE,
    NOT_ZERO,
    SLOPE,
    TIE,
    TOO_LARGE,
    UNDECIDED_CONDITION,
    OpenError,
)
from adcalc.modes.sweep import primal
from adcalc.modes.together import shared_tape
from adcalc.rules.compiled import Compiled
from adcalc.syntax.lowered import Guard, Lowered

Exact: TypeAlias = float | Fraction | Lowered  # a number of a point; a constant expression is evaluated in each attempt
_LARGE: Final = 2.0**64  # of an argument with which a value that is not finite is too large
_NONE: Final[Mapping[NodeId, NodeId]] = MappingProxyType({})


class Terms(NamedTuple):
    """What belongs to a question beside its problem.

    `guards` and `marks` are the program's derivatives inside expressions, `way` is the one that it takes; `mode` is how
    to differentiate, where `formulas` are the partials as nodes, for symbolic mode; `at_kink` what to say at a kink.
    """

    guards: Sequence[Guard] = ()
    marks: Mapping[NodeId, NodeId] = _NONE
    way: Way | None = None
    mode: str = "reverse"
    formulas: Sequence[NodeId | None] = ()
    at_kink: str | None = None


class Demand(NamedTuple):
    """How well numbers are to be known: so many digits.

    `strict` refuses what is only as good as certain: a 0 that is none to 10^-2400, a tie of roundings. With `bounds` a
    number may be known less well, and says between which decimals it lies.
    """

    digits: int
    strict: bool = False
    bounds: bool = False


class Attempt(NamedTuple):
    """One try: the rules at its precision, what is demanded, and whether it is the last one."""

    rules: Compiled[Any]
    demand: Demand
    is_last: bool

    def value(self, problem: Problem[Any], terms: Terms) -> Enclosure:
        """The value of a problem.

        Raises NodeError where there is certainly none, OpenError where it is not known well enough.
        """
        tape = self.tape(problem, terms)
        return self.proved(tape, tape.value, "{}")

    def values(self, problem: Problem[Any], outputs: Sequence[NodeId]) -> list[Enclosure]:
        """The values of several nodes, by one sweep. Raises as `value` does."""
        graph, point = problem.graph, {node: self.number(node, value) for node, value in problem.point.items()}
        try:
            shared = shared_tape(graph, outputs, (), point, self.rules)
        except NodeError as error:
            raise self.judged(error, graph) from None
        tapes = (shared._replace(problem=shared.problem._replace(output=output)) for output in outputs)
        return [self.proved(tape, tape.value, "{}") for tape in tapes]

    def gradient(self, problem: Problem[Any], terms: Terms) -> Certified:
        """Value and partials of a problem, None where no derivative flows."""
        tape = self.tape(problem, terms)
        return self.proved_gradient(tape, self.partials(tape, terms, self.kinks(tape)))

    def proved_gradient(self, tape: Tape[Any], partials: Sequence[Any]) -> Certified:
        """Value and partials of a tape, as far as they were demanded."""
        value = self.proved(tape, tape.value, "{}")
        names = [tape.problem.graph.nodes[variable].label for variable in tape.problem.wrt]
        proofs = [
            None if partial is None else self.proved(tape, partial, f"the derivative of {{}} by {name}")
            for name, partial in zip(names, partials, strict=True)
        ]
        return Certified(value, tuple(proofs))

    def kinks(self, tape: Tape[Any]) -> singular.Kinks:
        """What of a tape stands on an edge. Raises NodeError of an infinite slope, OpenError if balls do not tell."""
        try:
            return singular.find(tape)
        except Undecided:
            raise OpenError(undecided(tape), MAYBE_KINK) from None
        except NodeError as error:
            raise open_slope(error) from None

    def partials(self, tape: Tape[Any], terms: Terms, kinks: singular.Kinks) -> Sequence[Any]:
        """The partials of a tape, None where no derivative flows. Raises what `kinks` raises."""
        try:
            if kinks.clauses:
                return one_sided(tape, kinks, terms.at_kink)
            if terms.mode == "symbolic":
                return [None if one is None else self._formula(tape, one) for one in terms.formulas]
            mode: Any = forward if terms.mode == "forward" else reverse
            found: Sequence[Any] = mode.run(tape, kinks.active).partials
        except Undecided:
            raise OpenError(undecided(tape), MAYBE_KINK) from None
        except NodeError as error:
            raise open_slope(error) from None
        return found

    def _formula(self, tape: Tape[Any], formula: NodeId) -> Any:
        return primal(tape.problem._replace(output=formula), self.rules).value

    def tape(self, problem: Problem[Any], terms: Terms) -> Tape[Any]:
        """The primal sweep.

        Raises NodeError where there is certainly no value, OpenError where balls do not tell.
        """
        rules, nodes = self.rules, problem.graph.nodes
        problem = problem._replace(point={node: self.number(node, value) for node, value in problem.point.items()})
        try:
            if terms.guards:
                tape = guards.guarded(problem, rules, terms.guards, terms.marks, terms.way, _exists)
            else:
                tape = primal(problem, rules)
        except NodeError as error:
            raise self.judged(error, problem.graph) from None
        tape = tape if terms.way is None else tape._replace(way=terms.way)
        if not ball(tape.value).is_finite():
            infinite = (node for node in tape.order if _is_infinite(tape.values[node]) and nodes[node].args)
            found = next(infinite, None)
            if found is None:
                raise OpenError(problem.output, NOT_FINITE)
            raise _infinite(found, [tape.values[argument] for argument in nodes[found].args])
        return tape

    def number(self, node: NodeId, value: Exact) -> Any:
        """The number of an input. Raises OpenError where that of a constant expression is not known."""
        if not isinstance(value, Lowered):
            return self.rules.arithmetic.constant(value if type(value) is Fraction else Fraction(value))
        constant = value.graph.nodes[value.output]
        if constant.op == CONSTANT:
            return self.rules.arithmetic.constant(cast("Fraction", constant.label))
        try:
            return primal(Problem(value.graph, value.output, (), {}), self.rules).value
        except NodeError:
            raise OpenError(node, BORDER) from None

    def judged(self, error: NodeError, graph: Graph) -> NodeError | OpenError:
        """The error of a primal sweep, as what it is: certain, or open."""
        op, args, _ = graph.nodes[error.node]
        open_yet = isinstance(error.__cause__, Undecided | OverflowError)
        if not open_yet or _is_outside(self.rules, op, error.arguments):
            return in_floats(error, "domain" if open_yet else error.kind)
        if op in ("if", *CONDITIONS):
            return OpenError(args[0], UNDECIDED_CONDITION)
        return _infinite(error.node, error.arguments)

    def proved(self, tape: Tape[Any], number: Any, what: str) -> Enclosure:
        """The number as far as it was demanded. Raises OpenError where it is not known so well."""
        digits, strict, bounded = self.demand
        around = ball(number)
        output = tape.problem.output
        text = decimals(number, digits, nearly=self.is_last and not strict)
        vanishes = text is None and self.is_last and around.abs_upper() < arb(2) ** (-ctx.prec // 2)
        if vanishes and not strict:
            text = "0"
        if text is None and not around.is_finite():
            raise OpenError(output, NOT_FINITE.replace("{}", what))
        if text is None and not (bounded and (self.is_last or around.rel_accuracy_bits() > digits * BITS_PER_DIGIT)):
            if vanishes:
                raise OpenError(output, NOT_ZERO.replace("{}", what).replace("{places}", str(_places(around))))
            if self.is_last and around.rel_accuracy_bits() > digits * BITS_PER_DIGIT:
                raise OpenError(output, TIE.replace("{}", what))
            wide = (node for node in tape.order if _is_wide(tape.values[node], digits))
            raise OpenError(next(wide, output), DIGITS)
        low, high = bounds(number, digits) if bounded else ("", "")
        return Enclosure(around, text or "", rational(number), low, high)


def _infinite(node: NodeId, arguments: Sequence[Any]) -> OpenError:
    """What is left open where a value is not finite: the domain, or, of an argument that is surely large, its size."""
    around = [ball(argument) for argument in arguments]
    known = all(one.is_finite() and not one.contains(0) and one.rel_accuracy_bits() > 0 for one in around)
    return OpenError(node, TOO_LARGE if known and any(one.abs_lower() > _LARGE for one in around) else BORDER)


def _exists(tape: Tape[Any]) -> Any:
    """A derivative inside an expression on an edge; None at other points. Raises where it is not known to exist."""
    try:
        kinks = singular.find(tape)
        if not kinks.clauses:
            return None
        (slope,) = one_sided(tape, kinks, None)
        return tape.rules.arithmetic.constant(Fraction(0)) if slope is None else slope
    except Undecided:
        raise OpenError(undecided(tape), MAYBE_KINK) from None
    except NodeError as error:
        raise open_slope(error) from None


def open_slope(error: NodeError) -> NodeError | OpenError:
    """The error of a derivative, as what it is: certain, or open."""
    if isinstance(error.__cause__, Undecided | ZeroDivisionError):
        return OpenError(error.node, SLOPE)
    return in_floats(error, error.kind)


def _is_outside(rules: Compiled[Any], op: str, args: list[Any]) -> bool:
    """Whether arguments are certainly outside an operation's domain."""
    if op == "if" or op in CONDITIONS:
        return False
    on = (index for index, clause in enumerate(rules.table.rule(op).clauses) if clause.kind == "on")
    return any(rules.condition(op, index)(arb.nan(), *args) is False for index in on)


def undecided(tape: Tape[Any]) -> NodeId:
    """The first node of which balls do not tell whether it stands on a kink or a jump."""
    nodes = tape.problem.graph.nodes
    for node in tape.order:
        op, args, _ = nodes[node]
        if args and op != "if" and op not in CONDITIONS:
            for index in range(len(tape.rules.table.rule(op).clauses)):
                try:
                    truth = tape.rules.condition(op, index)(tape.values[node], *tape.arguments(node))
                except (Undecided, ZeroDivisionError):
                    return node
                if truth is UNDECIDED:
                    return node
    return tape.problem.output


def _places(around: arb) -> int:
    """How many places behind the point a number certainly begins."""
    upper = around.abs_upper()
    return -power_of_ten(upper) - 1 if upper > 0 else 0


def _is_infinite(value: Any) -> bool:
    return isinstance(value, arb) and not value.is_finite()


def _is_wide(value: Any, digits: int) -> bool:
    return isinstance(value, arb) and value.rel_one_accuracy_bits() < digits * BITS_PER_DIGIT


def in_floats(error: NodeError, kind: str) -> NodeError:
    """The same error with floats for arguments, as sentences want them."""
    arguments = [value if isinstance(value, bool) or value is None else float(ball(value)) for value in error.arguments]
    found = NodeError(kind, error.node, arguments, error.slopes, error.variable, error.clause)
    if kind == "no_convergence":
        found.__cause__ = error.__cause__
    return found
