"""Slopes at exact points on edges where sweeps do not tell them: by the series to both sides, as far as these agree.

x^2*sign(x) has the slope 0 at 0, although a factor of it jumps; a program may go another way to each side and have one
slope all the same. A series of order one along the variable, from the point to the right and to the left, knows.
"""

from __future__ import annotations

from math import factorial, isfinite
from typing import TYPE_CHECKING, Any, Final

from adcalc.arithmetics.exact import ball
from adcalc.errors import AdcalcError, NotDifferentiableError
from adcalc.graph.node import CONDITIONS, RELATIONS
from adcalc.modes.base import NodeError, Problem
from adcalc.modes.proofs.open import KINK, MIXED, TURNS, OpenError, sentence
from adcalc.modes.proofs.singularity import SingularError
from adcalc.modes.taylor import Fixed, Question, coefficients

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from adcalc.api.proofs.exact_question import Question as Asked
    from adcalc.errors import PrecisionError
    from adcalc.graph.node import NodeId
    from adcalc.modes.base import Tape
    from adcalc.modes.proofs.attempt import Attempt

_OPEN: Final = frozenset({KINK, TURNS})  # what sweeps say who look at one side at most


def may_be_smooth(error: NodeError | OpenError) -> bool:
    """Whether an error of the sweeps leaves it open that there is a slope: not where both are known, and differ.

    >>> may_be_smooth(OpenError(0, KINK)), may_be_smooth(NodeError("kink", 0, []))
    (True, False)
    """
    return error.sentence in _OPEN if isinstance(error, OpenError) else error.kind == "jump"


def slopes(asked: Asked, output: NodeId, names: Sequence[str]) -> list[Any] | None:
    """The slopes of a node by some variables with the bits in force; None where one does not exist, or is not known.

    Raises NodeError where a program's slopes to both sides differ, OpenError where more bits may tell.

    >>> from adcalc.api import function
    >>> from adcalc.api.proofs.exact_question import Question
    >>> from adcalc.modes.proofs.attempt import Demand
    >>> asked = Question.make(function("x^2*sign(x)"), {"x": 0}, Demand(5, True))
    >>> slopes(asked, asked.lowered.output, ["x"])
    [0]
    """
    lowered = asked.lowered
    question = _question(asked, output)
    if question is None:
        return None
    name = ""
    found: list[Any] = []
    try:
        for name in names:
            found.append(coefficients(question, asked.function.table, {name: 1}, 1)[1])
        return found
    except SingularError as error:
        left, _, right = error.sides
        if asked.way is None or error.kind != "sides" or error.order != 1 or not isfinite(left - right):
            return None
        raise NodeError("kink", output, [], (left, right), lowered.variables[name]) from None
    except OpenError as error:
        raise OpenError(output, error.sentence.replace("{}", "an edge")) from None
    except (NodeError, AdcalcError, KeyError):  # KeyError: a value inside a derivative, which is no variable
        return None


def derivative(asked: Asked, output: NodeId, name: str, order: int) -> Any | None:
    """The derivative of an order of a node by one variable with the bits in force; None where no series tells it.

    Where the series to both sides are the same up to that order, and at the point, there is one.

    >>> from adcalc.api import function
    >>> from adcalc.api.proofs.exact_question import Question
    >>> from adcalc.modes.proofs.attempt import Demand
    >>> asked = Question.make(function("max(x^4, x^2)"), {"x": 0}, Demand(5, True))
    >>> derivative(asked, asked.lowered.output, "x", 2)
    2
    """
    question = _question(asked, output)
    if question is None:
        return None
    try:
        return coefficients(question, asked.function.table, {name: 1}, order)[order] * factorial(order)
    except (NodeError, OpenError, AdcalcError, KeyError):  # KeyError: see slopes
        return None


def _question(asked: Asked, output: NodeId) -> Question | None:
    """The question about a node that a series answers; None about a node of a program that is no result of it."""
    if asked.way is None:
        return Fixed(asked.lowered.graph, output, asked.at)
    if output not in asked.lowered.results:
        return None
    from adcalc.api.series.expansions import Travelling

    return Travelling(asked.function, asked.at, asked.lowered.results.index(output))


def reliable(asked: Asked, tape: Tape[Any], edges: Iterable[NodeId], wrt: NodeId, along: NodeId) -> NodeId | None:
    """None where a partial by one variable is what its formula says at all points along another one, beside an edge.

    Where an edge goes on along that variable, and turns with the other, the formula may be that of another side: as at
    (0, y) that of if(x == 0, 0, x*y). Gives the node of such an edge.

    >>> from fractions import Fraction
    >>> from adcalc.api import function
    >>> from adcalc.api.proofs.exact_question import Question
    >>> from adcalc.modes.proofs.attempt import Demand
    >>> from adcalc.modes.base import Problem
    >>> from adcalc.modes.proofs.certified import proving
    >>> from adcalc.modes.sweep import primal
    >>> asked = Question.make(function("abs(x*y)"), {"x": 0, "y": 0}, Demand(5, True))
    >>> graph, output = asked.lowered.graph, asked.lowered.output
    >>> problem = Problem(graph, output, (0, 1), {0: Fraction(0), 1: Fraction(0)})
    >>> reliable(asked, primal(problem, proving(asked.function.table, 53)), [output], 0, 1) == output
    True
    """
    graph = asked.lowered.graph
    for edge in edges:
        for turning in _turning(tape, edge):
            inputs = graph.inputs(graph.below(turning))
            if wrt in inputs and not (along in inputs and _moves(asked, turning, str(graph.nodes[along].label))):
                return edge
    return None


def unreliable(asked: Asked, output: NodeId, wrt: str, along: str) -> tuple[NodeId | None, NodeId | None]:
    """The edge that keeps a node's partial by one variable from being its formula along another one, if there is any.

    With it comes the edge for the variables in the other order.

    >>> from adcalc.api import function
    >>> from adcalc.api.proofs.exact_question import Question
    >>> from adcalc.modes.proofs.attempt import Demand
    >>> asked = Question.make(function("if(x == 0, 0, x*y)"), {"x": 0, "y": 0}, Demand(5, True))
    >>> [edge is None for edge in unreliable(asked, asked.lowered.output, "x", "y")]
    [False, True]
    """
    graph, (one, other) = asked.lowered.graph, (asked.lowered.variables[name] for name in (wrt, along))
    problem: Problem[Any] = Problem(graph, output, (one, other), asked.point)

    def attempt(bits: Attempt) -> tuple[NodeId | None, NodeId | None]:
        tape = bits.tape(problem, asked.terms(output))
        edges = bits.kinks(tape).clauses
        return reliable(asked, tape, edges, one, other), reliable(asked, tape, edges, other, one)

    return asked.search(attempt, lambda: None)


def require_either_order(asked: Asked, one: str, other: str) -> None:
    """Raise NotDifferentiableError where floats find another mixed derivative in the order that is not proved.

    >>> from adcalc.api import function
    >>> from adcalc.api.proofs.exact_question import Question
    >>> from adcalc.modes.proofs.attempt import Demand
    >>> f = function("if(x == 0, 0, x*y)")  # in one order there is a formula: 1, and in the other a limit: 1
    >>> require_either_order(Question.make(f, {"x": 0, "y": 0}, Demand(5, True)), "x", "y")
    """
    if asked.shapes:
        return
    try:
        asked.function.derivative(one, other, mixed=True, point=asked.given)
    except NotDifferentiableError:
        raise
    except AdcalcError:
        return  # which says nothing of the order


def not_proved(asked: Asked, edge: NodeId, one: str, other: str) -> PrecisionError:
    """The error where a second derivative by two variables is not proved because of an edge."""
    what = MIXED.replace("{one}", one).replace("{other}", other)
    error = sentence(asked.lowered.graph, OpenError(edge, what), asked.demand.digits)
    error.place = asked.lowered.place(edge)
    return error


def _turning(tape: Tape[Any], edge: NodeId) -> Iterator[NodeId]:
    """The nodes that are 0 on an edge, or whole, or whatever it is that turns there."""
    graph = tape.problem.graph
    op, args, _ = graph.nodes[edge]
    if op in ("max", "min"):
        yield graph.apply("sub", *args)
    elif op != "if" and op not in CONDITIONS:
        yield from args
    else:
        for node in graph.below(args[0] if op == "if" else edge):
            if graph.nodes[node].op in RELATIONS:
                left, right = graph.nodes[node].args
                one, other = tape.values[left], tape.values[right]
                is_apart = one is not None and other is not None and bool(ball(one) != ball(other))
                if not is_apart:
                    yield graph.apply("sub", left, right)


def _moves(asked: Asked, node: NodeId, name: str) -> bool:
    """Whether a node certainly has a slope by a variable that is not 0."""
    question = Fixed(asked.lowered.graph, node, asked.at)
    try:
        return bool(ball(coefficients(question, asked.function.table, {name: 1}, 1)[1]) != 0)
    except (NodeError, OpenError, AdcalcError, KeyError):
        return False
