"""Second derivatives at an exact point: what is found of them with the bits of one attempt.

At an ordinary point, where no operation of the function or of its gradient stands on an edge, all entries come from one
graph without choices: its gradient as nodes, and over the balls of these one forward sweep that carries a tangent for
each colour. Elsewhere each partial is differentiated on its own, by the same one-sided slopes as first derivatives,
and in both orders, which have to agree; of one of them the first partial has to be what its formula says.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from adcalc.api.proofs.exact_edges import derivative, not_proved, reliable, require_either_order
from adcalc.arithmetics.ball import Undecided
from adcalc.arithmetics.enclosure import Certified, Enclosure
from adcalc.arithmetics.exact import ball, rational
from adcalc.errors import NotDifferentiableError
from adcalc.modes import forward
from adcalc.modes.base import NodeError, Problem
from adcalc.modes.edges.turning import turning
from adcalc.modes.proofs.open import MAYBE_KINK, TURNS, OpenError
from adcalc.modes.second import Slopes, formulas, pushed, slopes, slopes_at
from adcalc.modes.straight import straightened
from adcalc.modes.together import numbers
from adcalc.syntax.number import short

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from adcalc.api.proofs.exact_question import Question
    from adcalc.graph.graph import Graph
    from adcalc.graph.node import NodeId
    from adcalc.modes.base import Tape
    from adcalc.modes.edges.singular import Kinks
    from adcalc.modes.proofs.attempt import Attempt, Exact, Terms

T = TypeVar("T")


class Curved(NamedTuple):
    """What is proved of a function: its value, its gradient, the upper triangle of its Hessian, and the colours."""

    value: Enclosure
    gradient: tuple[Enclosure | None, ...]
    entries: tuple[tuple[int, int, Enclosure], ...]
    colours: int


class _Around(NamedTuple):
    """What stands around an ordinary point: a graph without choices, its inputs, and its gradient as nodes of it."""

    truths: tuple[bool, ...]
    graph: Graph
    wrt: tuple[NodeId, ...]
    tape: Tape[Any]
    made: Slopes


class Second:
    """The second derivatives of a question by some of its variables, as often as there are attempts.

    >>> from adcalc.api import function
    >>> from adcalc.api.proofs.exact_question import Question
    >>> from adcalc.modes.proofs.attempt import Demand
    >>> asked = Question.make(function("x^2*y"), {"x": "1/3", "y": 2}, Demand(5, True))
    >>> found = asked.search(Second(asked, ["x", "y"], "reverse").matrix, lambda: None)
    >>> [(row, column, entry.digits) for row, column, entry in found.entries]
    [(0, 0, '4'), (0, 1, '0.66667')]
    """

    def __init__(self, asked: Question, names: Sequence[str], mode: str) -> None:
        lowered = asked.lowered
        self._asked = asked
        self._names = tuple(names)
        self._mode = mode
        self._wrt = tuple(lowered.variables[name] for name in names)
        self._terms: Terms = asked.swept(lowered.output, self._names, mode)
        self._problem: Problem[Any] = Problem(lowered.graph, lowered.output, self._wrt, asked.point)
        self._partials: Sequence[NodeId | None] = ()  # as nodes of the function's own graph, once they are needed
        self._known: _Around | None = None

    def matrix(self, attempt: Attempt) -> Curved:
        """Value, gradient and Hessian.

        Raises NodeError where a derivative certainly does not exist, OpenError where it is not known well enough, and
        NotDifferentiableError where a mixed one depends on the order of its variables.
        """
        tape, kinks, gradient = self._first(attempt)
        found = self._ordinary(attempt, tape, kinks, self._entries)
        if found is None:
            rows = self._by_rows(attempt, tape, range(len(self._names)))
            self._require_reliable(tape, kinks, rows)
            found = self._symmetric(attempt, rows), len(self._names)
        entries, colours = found
        value, slopes = attempt.proved_gradient(tape, gradient)
        proofs = [
            (row, column, attempt.proved(tape, number, self._what(row, column))) for row, column, number in entries
        ]
        return Curved(value, slopes, tuple(proofs), colours)

    def product(self, attempt: Attempt, direction: Mapping[str, Exact]) -> Certified:
        """The value, and the product of the Hessian with a direction, None where nothing flows: see `matrix`."""
        tape, kinks, _ = self._first(attempt)
        along = {self._names.index(name): attempt.number(0, number) for name, number in direction.items()}

        def read(attempt: Attempt, around: _Around) -> Sequence[Any]:
            gradient = around.made.gradient
            slopes, _ = self._gradient(attempt, around, tuple(around.wrt[place] for place in along))
            swept = forward.tangent_sweep(slopes, {around.wrt[place]: number for place, number in along.items()})
            return [None if partial is None else swept[partial] for partial in gradient]

        found = self._ordinary(attempt, tape, kinks, read)
        if found is None:
            rows = self._by_rows(attempt, tape, along)
            self._require_reliable(tape, kinks, rows)
            self._symmetric(attempt, {pair: slope for pair, slope in rows.items() if pair[::-1] in rows})
            multiply, add = attempt.rules.value("mul"), attempt.rules.value("add")
            sums: list[Any] = [None] * len(self._names)
            for (row, column), slope in rows.items():
                if column in along:
                    term = multiply(slope, along[column])
                    sums[row] = term if sums[row] is None else add(sums[row], term)
            found = sums
        proofs = [
            None if number is None else attempt.proved(tape, number, f"the product's part of {{}} for {name}")
            for name, number in zip(self._names, found, strict=True)
        ]
        return Certified(attempt.proved(tape, tape.value, "{}"), tuple(proofs))

    def _what(self, row: int, column: int) -> str:
        names = self._names
        twice = f"by {names[row]} twice" if row == column else f"by {names[row]} and {names[column]}"
        return f"the second derivative of {{}} {twice}"

    def _first(self, attempt: Attempt) -> tuple[Tape[Any], Kinks, Sequence[Any]]:
        tape = attempt.tape(self._problem, self._terms)
        kinks = attempt.kinks(tape)
        return tape, kinks, self._asked.partials(attempt, tape, self._terms, kinks)

    # ------------------------------------------------------------ at ordinary points

    def _ordinary(
        self, attempt: Attempt, tape: Tape[Any], kinks: Kinks, read: Callable[[Attempt, _Around], T]
    ) -> T | None:
        """What is read of the graph around the point; None where that is no ordinary one, or not known to be one."""
        if kinks.clauses:
            return None
        around = self._around(tape)
        try:
            return read(attempt, around)
        except NodeError as error:
            found = error if error.kind == "edge" else attempt.judged(error, around.graph)
        except OpenError as error:
            found = error
        except Undecided:
            found = OpenError(tape.problem.output, MAYBE_KINK)
        if isinstance(found, OpenError) and not attempt.is_last:
            raise OpenError(tape.problem.output, found.sentence)
        return None

    def _around(self, tape: Tape[Any]) -> _Around:
        """The graph around the point, which is the same in every attempt in which the same sides are taken."""
        straight = straightened(tape)
        truths = tuple(truth for _, truth in straight.turns)
        if self._known is None or self._known.truths != truths:
            graph, labels = straight.graph, self._problem.graph.nodes
            wrt = tuple(graph.input(str(labels[node].label)) for node in self._wrt)
            output = straight.images[tape.problem.output]
            symbolic = self._asked.function.differentiate.tape(graph, output, wrt)
            made = slopes(symbolic, "forward" if self._mode == "forward" else "reverse")
            self._known = _Around(truths, graph, wrt, symbolic, made)
        return self._known

    def _gradient(
        self, attempt: Attempt, around: _Around, wrt: tuple[NodeId, ...], further: Sequence[NodeId] = ()
    ) -> tuple[Tape[Any], bytearray]:
        """The gradient's own tape, and what flows on it. Raises NodeError, also where it stands on an edge."""
        graph, gradient = around.graph, around.made.gradient
        asked = self._asked
        point = {graph.input(name): attempt.number(0, number) for name, number in asked.at.items()}
        partials = [partial for partial in gradient if partial is not None]
        values = numbers(graph, [*partials, *further], point, attempt.rules)
        tape = slopes_at(graph, gradient, wrt, point, values, attempt.rules)
        kinks = attempt.kinks(tape)
        if kinks.clauses:
            raise NodeError("edge", next(iter(kinks.clauses)), [])
        return tape, kinks.active

    def _entries(self, attempt: Attempt, around: _Around) -> tuple[Sequence[tuple[int, int, Any]], int]:
        """The entries, and how many sweeps they took: pushed, or the values of formulas."""
        made = around.made
        if self._mode != "symbolic":
            return pushed(*self._gradient(attempt, around, around.wrt), made), made.number
        places = formulas(around.tape, made)
        values = self._gradient(attempt, around, around.wrt, [node for _, _, node in places])[0].values
        return [(row, column, values[node]) for row, column, node in places], made.number

    # ------------------------------------------------------------ at all others

    def _by_rows(self, attempt: Attempt, tape: Tape[Any], columns: Collection[int]) -> dict[tuple[int, int], Any]:
        """The derivatives of each partial by some inputs, and of these partials by all, each held to existence.

        Twice by one input it is that of the series to both sides, where these tell; beside a condition that turns a
        program's way the partials are others, and nothing else tells.
        """
        asked, graph = self._asked, self._problem.graph
        twice = {place: derivative(asked, self._problem.output, self._names[place], 2) for place in columns}
        found: dict[tuple[int, int], Any] = {
            (place, place): number for place, number in twice.items() if number is not None
        }
        turns = turning(tape)
        if turns and (len(self._names) > 1 or len(found) < len(twice)):
            raise OpenError(turns[0], TURNS)
        if turns:
            return found
        self._partials = self._partials or asked.function.symbolic(asked.lowered, self._problem.output, self._wrt)
        for row, partial in enumerate(self._partials):
            if partial is None:
                continue
            below = set(graph.inputs(graph.below(partial)))
            chosen = [
                place
                for place, node in enumerate(self._wrt)
                if node in below and (place in columns or row in columns) and (row, place) not in found
            ]
            if not chosen:
                continue
            wrt = tuple(self._wrt[place] for place in chosen)
            terms = asked.terms(partial)
            partials_tape = attempt.tape(self._problem._replace(output=partial, wrt=wrt), terms)
            partials = asked.partials(attempt, partials_tape, terms, attempt.kinks(partials_tape))
            zero = attempt.rules.arithmetic.constant(Fraction(0))
            found |= {
                (row, place): zero if slope is None else slope for place, slope in zip(chosen, partials, strict=True)
            }
        return found

    def _require_reliable(self, tape: Tape[Any], kinks: Kinks, pairs: Collection[tuple[int, int]]) -> None:
        """Raise PrecisionError where beside an edge the first partial of no order is known to be its formula.

        Where one is, the other order must not have a limit that is another number.
        """
        for row, column in sorted({(min(pair), max(pair)) for pair in pairs}) if kinks.clauses else ():
            if row == column:
                continue
            ways = ((self._wrt[row], self._wrt[column]), (self._wrt[column], self._wrt[row]))
            edges = [reliable(self._asked, tape, kinks.clauses, *way) for way in ways]
            if edges[0] is not None and edges[1] is not None:
                raise not_proved(self._asked, edges[0], self._names[row], self._names[column])
            if edges != [None, None]:
                require_either_order(self._asked, self._names[row], self._names[column])

    def _symmetric(self, attempt: Attempt, found: Mapping[tuple[int, int], Any]) -> tuple[tuple[int, int, Any], ...]:
        """The upper triangle of derivatives in both orders: what encloses both of each pair."""
        zero = attempt.rules.arithmetic.constant(Fraction(0))
        entries = []
        for row, column in sorted({(min(pair), max(pair)) for pair in found}):
            one, other = found.get((row, column), zero), found.get((column, row), zero)
            if ball(one) != ball(other):  # certainly
                first, then = self._names[row], self._names[column]
                raise NotDifferentiableError(
                    f"the second derivative by {first} and {then} depends on their order here: "
                    f"{short(float(ball(one)))} by {first} first, {short(float(ball(other)))} by {then} first",
                    self._asked.lowered.place(self._problem.output),
                )
            same = row == column or (rational(one) is not None and rational(one) == rational(other))
            entries.append((row, column, one if same else ball(one).union(ball(other))))
        return tuple(entries)
