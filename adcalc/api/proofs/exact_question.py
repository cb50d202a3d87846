"""A question at an exact point: the graph there, the numbers as they were written, and what is proved of a node.

A point's value is what was written: one tenth, a third, π. It is never rounded to a float; where it is no fraction it
is evaluated again at every precision that is tried.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from flint import fmpq

from adcalc.api.proofs.exact import exact
from adcalc.arithmetics.decimals import decimals
from adcalc.errors import AdcalcError, NotDifferentiableError, PrecisionError, UsageError, unknown_variable
from adcalc.graph.elements import elements, unquoted
from adcalc.modes.base import NodeError, Problem, require_mode
from adcalc.modes.proofs import certified
from adcalc.modes.proofs.attempt import Demand, Terms
from adcalc.modes.proofs.open import KINK, OpenError
from adcalc.syntax.lowered import Lowered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from adcalc.api.function import Function
    from adcalc.api.point import Point
    from adcalc.arithmetics.enclosure import Certified, Enclosure
    from adcalc.graph.node import NodeId, Shape
    from adcalc.modes.base import Tape, Way
    from adcalc.modes.edges.singular import Kinks
    from adcalc.modes.proofs.attempt import Attempt, Exact

T = TypeVar("T")


class Question(NamedTuple):
    """A function at an exact point: its graph there, the numbers and their digits, the way there, what is wanted."""

    function: Function
    given: Point
    lowered: Lowered
    at: dict[str, Exact]
    shown: dict[str, str]
    way: Way | None
    demand: Demand
    shapes: Mapping[str, Shape] = {}  # of the variables that are arrays, whose elements are variables here
    shape: Shape = ()  # of the result, where there are arrays
    name: str = ""  # of the result

    @classmethod
    def make(cls, function: Function, point: Point, demand: Demand, several: bool = False) -> Question:
        """The question at a point. Raises what the point's own values raise, and the errors of a point that misfits."""
        at = {name: exact(name, value, function.table) for name, value in point.items()}
        if _has_arrays(function, point, several):
            from adcalc.api.proofs.exact_arrays import by_element

            small = by_element(function, point, at, several)
            shown = {name: digits_of(function, value, demand.digits) for name, value in small.at.items()}
            return cls(
                function, point, small.lowered, small.at, shown, None, demand, small.shapes, small.result, small.name
            )
        shown = {name: digits_of(function, value, demand.digits) for name, value in at.items()}
        way = None
        if function.needs_point:
            from adcalc.api.proofs.exact_way import along

            lowered, way = along(function, at)
            lowered = function.one_result(lowered, several)
        else:
            lowered = function.lowered(point, several)
        function.require(lowered, point)
        known = [name for name in lowered.variables if name in at]
        return cls(
            function,
            point,
            lowered,
            {name: at[name] for name in known},
            {name: shown[name] for name in known},
            way,
            demand,
            name=lowered.names.get(lowered.output, ""),
        )

    def named(self, wrt: Iterable[str] | None) -> list[str]:
        """The variables to differentiate by, an array as one. Raises UnknownVariableError."""
        if not self.shapes:
            return list(dict.fromkeys(self.function.chosen(wrt, self.lowered)))
        known = list(dict.fromkeys(name.partition("[")[0] for name in self.lowered.variables))
        names = known if wrt is None else list(dict.fromkeys(wrt))
        for name in names:
            if name not in known:
                raise unknown_variable(name, known)
        return names

    def chosen(self, wrt: Iterable[str] | None) -> list[str]:
        """The same, an array's elements one by one."""
        return [one for name in self.named(wrt) for one in elements(name, self.shapes.get(name, ()))]

    @property
    def point(self) -> dict[NodeId, Exact]:
        """The numbers of the point, by node."""
        return {self.lowered.variables[name]: value for name, value in self.at.items()}

    def terms(self, output: NodeId) -> Terms:
        """What belongs to a question about a node: of a result the derivatives inside it, which have to exist."""
        is_result = output == self.lowered.output or output in self.lowered.results
        return Terms(self.lowered.guards if is_result else (), self.lowered.marks, self.way)

    def swept(self, output: NodeId, wrt: Sequence[str], mode: str, at_kink: str | None = None) -> Terms:
        """The same, with the mode that differentiates the node by some variables. Raises PathError if that cannot."""
        terms = self.terms(output)._replace(mode=mode, at_kink=at_kink)
        if mode != "symbolic":
            return terms
        if self.way is not None:
            self.function.lowered(several=True)  # refuses: it has no point
        variables = tuple(self.lowered.variables[name] for name in wrt)
        return terms._replace(formulas=self.function.symbolic(self.lowered, output, variables))

    def value(self, output: NodeId) -> Enclosure:
        """The value of a node. Raises what a user reads."""
        graph, table = self.lowered.graph, self.function.table
        with self.explaining():
            (found,) = certified.evaluate(
                graph, [output], self.point, table, terms=self.terms(output), demand=self.demand
            )
        return found

    def gradient(self, output: NodeId, wrt: Sequence[str], terms: Terms) -> Certified:
        """The value of a node and its partials by some variables. Raises what a user reads."""
        variables = tuple(self.lowered.variables[name] for name in wrt)
        problem: Problem[Any] = Problem(self.lowered.graph, output, variables, self.point)
        return self.search(
            lambda attempt: self.slopes(attempt, problem, terms), lambda: self.function.gradient(self.given, wrt=wrt)
        )

    def slopes(self, attempt: Attempt, problem: Problem[Any], terms: Terms) -> Certified:
        """The value and the partials of a problem with the bits of an attempt. Raises what `partials` raises."""
        tape = attempt.tape(problem, terms)
        return attempt.proved_gradient(tape, self.partials(attempt, tape, terms, attempt.kinks(tape)))

    def partials(self, attempt: Attempt, tape: Tape[Any], terms: Terms, kinks: Kinks) -> Sequence[Any]:
        """The partials of a tape by its inputs: by the series to both sides, where sweeps do not tell.

        Raises NodeError where there is none, OpenError where that is not known.
        """
        try:
            return attempt.partials(tape, terms, kinks)
        except (NodeError, OpenError) as error:
            from adcalc.api.proofs.exact_edges import may_be_smooth, slopes

            if not may_be_smooth(error):
                raise
            names = [str(self.lowered.graph.nodes[node].label) for node in tape.problem.wrt]
            try:
                found = slopes(self, tape.problem.output, names)
            except NodeError as kink:
                if isinstance(error, NodeError):
                    raise error from None
                kink.node = error.node  # which turns
                raise
            except OpenError:
                if attempt.is_last:
                    raise OpenError(error.node, KINK) from None
                raise
            if found is None:
                raise
            return found

    def search(self, attempt: Callable[[Attempt], T], in_floats: Callable[[], object]) -> T:
        """What an attempt finds, tried with more bits until it leaves nothing open. Raises what a user reads."""
        with self.explaining(in_floats):
            return certified.search(self.lowered.graph, self.function.table, self.demand, certified.LAST, attempt)

    @contextmanager
    def explaining(self, in_floats: Callable[[], object] | None = None) -> Iterator[None]:
        """Errors of nodes become what a user reads, with their place in the text.

        Where nothing is proved and floats find a kink, theirs is the error: it says both slopes.
        """
        try:
            yield
        except NodeError as error:
            raise self.function.explained(error, self.lowered) from None
        except PrecisionError as error:
            place = self.lowered.place(error.node) if error.node is not None and error.place is None else error.place
            kink = None if in_floats is None else _kink(in_floats)
            raise kink or PrecisionError(unquoted(error.message), place, error.hint) from None


def _kink(in_floats: Callable[[], object]) -> NotDifferentiableError | None:
    """The error of a kink, where floats find one; whatever else they say, nothing is proved."""
    try:
        in_floats()
    except NotDifferentiableError as kink:
        return kink
    except AdcalcError:
        pass
    return None


def require_provable(mode: str, at_kink: str | None = None) -> None:
    """Raise UsageError for a mode that proves no digits, or that there is not.

    >>> require_provable("forward")
    """
    require_mode(mode, at_kink)
    if mode == "finite":
        raise UsageError(
            "finite differences prove no digits", hint="--digits goes with the modes forward, reverse and symbolic"
        )


def _has_arrays(function: Function, point: Point, several: bool) -> bool:
    """Whether there are arrays at a point, or in what is computed there."""
    if function.needs_shapes or function.shapes_at(point):
        return True
    return not function.needs_point and function.lowered(point, several).has_arrays


def digits_of(function: Function, value: Exact, digits: int) -> str:
    """The digits of a point's value. Raises what a user reads of a constant expression without value.

    >>> from adcalc.api import function
    >>> digits_of(function("x"), 0.1, 20)
    '0.10000000000000000555'
    """
    if not isinstance(value, Lowered):
        certified.require_digits(digits)
        return decimals(fmpq(*value.as_integer_ratio()), digits) or ""
    try:
        (found,) = certified.evaluate(value.graph, [value.output], {}, function.table, demand=Demand(digits, True))
    except NodeError as error:
        raise function.explained(error, value) from None
    except PrecisionError as error:
        if error.node is not None:
            error.place = value.place(error.node)
        raise
    return found.digits
