"""Is a derivative that somebody wrote right? Decided by proved digits, at points all over the domain.

"Holds" means that derivative and claim agree to 50 digits at many points, and the evidence says at how many; if both
simplify to the same formula it says that too. A claim that has no value where the derivative has one is refuted, unless
that happens only at isolated points: x^2/x may stand for x.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from flint import arb

from adcalc.api.checks.evidence import Found, Pair, Question, at_point, closer, search
from adcalc.api.checks.exact_claims import There
from adcalc.api.checks.findings import few, multiple
from adcalc.api.formulas.simplifying import simplifies
from adcalc.api.two_numbers import agreed, bare, between, side_by_side
from adcalc.arithmetics.decimals import decimals
from adcalc.errors import AdcalcError, PrecisionError, RefutedError, ShapeError, UsageError
from adcalc.graph.count import tree_operations
from adcalc.graph.node import CONSTANT
from adcalc.render.check import sign
from adcalc.render.layout import operator
from adcalc.results.check import Check, Verdict
from adcalc.rewrite.simplify import simplify
from adcalc.syntax.claim import claim_in, read_claim
from adcalc.syntax.number import short
from adcalc.syntax.numeral import number_text
from adcalc.syntax.unparse import unparse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adcalc.api.function import Function
    from adcalc.api.point import Point
    from adcalc.errors import Place
    from adcalc.graph.graph import Graph
    from adcalc.graph.node import NodeId, Shape
    from adcalc.results.proved import Bounds

_LEAST: Final = 8  # points without which nothing is said to hold
_ROUGH: Final = 12  # digits of a factor
_SHORT: Final = 20  # characters of a number that is written out
_NAMED: Final = 6  # variables of a point in a sentence
_LONGEST: Final = 200  # characters of a formula in a sentence
_SIMPLIFIED: Final = 25_000  # operations of derivative and claim that are simplified to decide: some seconds
_EXPLAINED: Final = 5_000  # operations that are simplified to say how a claim is wrong


def check(
    function: Function,
    claims: Sequence[str | Place],
    point: Point | None = None,
    shapes: Mapping[str, Shape] | None = None,
    digits: int | None = None,
    enclosure: bool = False,
) -> Check:
    """The verdicts on claims such as "x: 2*x", which may be places in a file; `shapes` are those of array variables.

    At a point, the claim is checked there first. With `digits` derivative and claim are compared in so many, points are
    exact and numbers their proved digits; with `enclosure` both also have the decimals between which they lie.
    Raises AdcalcSyntaxError and its like with the place in the claim, DomainError or NotDifferentiableError where there
    is no derivative at the point, PrecisionError where nothing can be decided.

    >>> from adcalc.api import function
    >>> check(function("x^2"), ["x: x + x"]).verdicts[0].holds
    True
    """
    places = [claim_in(claim) if isinstance(claim, str) else claim for claim in claims]
    if shapes or function.has_arrays(point or {}):
        from adcalc.api.checks.array_checking import check as of_arrays

        return of_arrays(function, places, point, shapes, digits, enclosure)
    there = None if digits is None or point is None else There.make(function, point, digits)
    if there is not None:
        lowered, at = there.asked.lowered, there.near
    else:
        lowered, at = function.at(point) if point is not None else (function.lowered(), None)
    hidden = function.table.constants.intersection(point or ())
    variables = tuple(lowered.variables)
    read = [
        read_claim(place, lowered.code, variables, function.table, hidden, function.differentiate) for place in places
    ]
    for number, claim in enumerate(read):
        if claim.lowered.graph.shape(claim.lowered.output):
            raise ShapeError("the derivative is a number, and the claim is a list", claim.expression)
        if claim.wrt in [other.wrt for other in read[:number]]:
            raise UsageError(f"there are two claims about {operator(claim.wrt)}", claim.place, "leave one of them out")
    verdicts = tuple(_verdict(Question.make(function, lowered, claim, digits), at, there, enclosure) for claim in read)
    shown = at if there is None else there.shown
    return Check(function.source.text, function.text, shown or {}, verdicts)


def refutations(result: Check) -> list[RefutedError]:
    """An error for each claim that does not hold, as a user reads it."""
    return [
        RefutedError(
            f"{_cut(verdict.claim)} is not {sign(verdict.wrt, result.weighed)} of {_cut(result.text)}: "
            f"{verdict.evidence}",
            verdict.place,
            "; ".join(filter(None, (f"the derivative is {verdict.formula}" if verdict.formula else "", verdict.note))),
            {
                "variable": ",".join(verdict.wrt),
                "point": dict(verdict.point),
                "derivative": verdict.derivative,
                "claimed": verdict.claimed,
                **({"element": verdict.element} if verdict.element else {}),
            },
        )
        for verdict in result.verdicts
        if not verdict.holds
    ]


def _verdict(question: Question, at: Mapping[str, float] | None, there: There | None, enclosure: bool) -> Verdict:
    if there is not None:
        given: Pair | None = there.pair(question.claim)
    else:
        given = None if at is None else at_point(question, at)
    found = Found(0, 0, given) if given and given.differs else search(question, at)
    if question.function.needs_point:  # another way has another formula
        same, formula, difference = False, "", None
    else:
        same, formula, difference = _formulas(question, _EXPLAINED if found.against else _SIMPLIFIED)
    if found.against is None and difference is not None and not same:
        found = found._replace(against=closer(question, found.some, difference))
    claim = question.claim
    about = (claim.wrt, claim.expression.excerpt.strip(), claim.expression)
    if found.against is not None:
        note = "" if same or difference is None else _note(question, difference)
        bounds = _bounds(found.against, question.digits, enclosure)
        numbers = _numbers(found.against, question.digits)
        return Verdict(*about, False, _against(found, given, question.digits), formula, *numbers, note, bounds=bounds)
    if not same and found.agreeing < _LEAST:
        raise _undecided(question, found)
    evidence = []
    if same:
        evidence.append(f"both simplify to {formula}" if formula else "both simplify to the same formula")
    if found.agreeing:
        digits = agreed(question.digits)
        evidence.append(f"they agree to {digits} at {found.agreeing} points of the domain")
    else:
        evidence.append("no point of the domain was found")
    if given is None:
        return Verdict(*about, True, "; ".join(evidence), formula)
    numbers, bounds = _numbers(given, question.digits), _bounds(given, question.digits, enclosure)
    return Verdict(*about, True, "; ".join(evidence), formula, *numbers, bounds=bounds)


def _numbers(pair: Pair, digits: int | None) -> tuple[Mapping[str, Any], str, str | None]:
    """The point and both numbers; with proved digits the point is one of texts."""
    point = pair.point
    if digits is not None:
        point = {name: number if isinstance(number, str) else short(number) for name, number in point.items()}
    return point, *side_by_side(pair.derivative, pair.claimed, digits, pair.differs)


def _bounds(pair: Pair, digits: int | None, enclosure: bool) -> tuple[Bounds, Bounds | None] | None:
    return between(pair.derivative, pair.claimed, digits) if enclosure and digits is not None else None


def _formulas(question: Question, largest: int) -> tuple[bool, str, NodeId]:
    """Whether derivative and claim simplify to the same; the derivative's formula if it is short; their difference.

    Of more than so many operations nothing is simplified.
    """
    graph, table = question.lowered.graph, question.function.table
    difference = graph.apply("sub", question.claimed, question.derivative)
    if not simplifies(graph, [question.derivative, question.claimed], largest):
        return question.derivative == question.claimed, "", difference
    (alone,) = simplify(graph, [question.derivative], table).outputs
    first, second, apart = simplify(graph, [question.derivative, question.claimed, difference], table).outputs
    formula = unparse(graph, alone) if tree_operations(graph, alone) < _LONGEST else ""
    same = first == second or _constant(graph, apart) == 0
    return same, formula if len(formula) <= _LONGEST else "", apart if _constant(graph, apart) else difference


def _against(found: Found, given: Pair | None, digits: int | None) -> str:
    """The sentence that refutes."""
    pair = found.against
    assert pair is not None
    point, derivative, claimed = _numbers(pair, digits)
    if claimed is None:
        sentence = f"it has no value at {_where(point)}, where the derivative is {derivative}"
        sentence += f" (at {found.agreeing} other points it agrees)" if found.agreeing else ""
    else:
        sentence = f"at {_where(point)} it is {claimed}, and the derivative is {derivative}"
        if bare(claimed) == bare(derivative) and pair.claimed is not None:
            apart = pair.claimed.ball - pair.derivative.ball if pair.apart is None else pair.apart.ball
            sentence += f" (they differ by {decimals(abs(apart).mid(), 2)})"
    return sentence if given is None or given is pair else f"{sentence}; at {_where(given.point)} they agree"


def _where(point: Mapping[str, Any]) -> str:
    some = [f"{name} = {_text(value)}" for name, value in point.items()]
    return ", ".join(some if len(some) <= _NAMED else [*some[:_NAMED], "…"])


def _text(number: Any) -> str:
    """A number of a point; its proved digits are enough to know it by."""
    if not isinstance(number, str):
        return short(number)
    return number if len(number) <= _SHORT or "e" in number else f"{number[:_SHORT]}…"


def _note(question: Question, difference: NodeId) -> str:
    """What a wrong claim has in common with the derivative: all but a sign, a factor or a term."""
    graph = question.lowered.graph
    apart = _constant(graph, difference)
    if apart is not None:
        return f"the claim is {_number(abs(apart))} too {'large' if apart > 0 else 'small'} everywhere"
    if not simplifies(graph, [question.derivative, question.claimed], _EXPLAINED):
        return ""
    quotient = graph.apply("div", question.claimed, question.derivative)
    (simple,) = simplify(graph, [quotient], question.function.table).outputs
    factor = _constant(graph, simple)
    return multiple(_number(factor)) if factor else ""


def _number(value: Fraction) -> str:
    text = number_text(value)
    if len(text) <= _SHORT:
        return text
    return f"about {decimals(arb(value.numerator) / value.denominator, _ROUGH, nearly=True)}"


def _constant(graph: Graph, node: NodeId) -> Fraction | None:
    op, _, label = graph.nodes[node]
    return label if op == CONSTANT and isinstance(label, Fraction) else None


def _undecided(question: Question, found: Found) -> AdcalcError:
    """The error where too few points tell anything."""
    what = f"{operator(question.claim.wrt)} of {_cut(question.function.text)}"
    hint = "give one with --at, where the derivative exists; others are then tried near it"
    if found.open:
        return PrecisionError(
            f"the claim cannot be compared with {what} to {agreed(question.digits)}",
            question.claim.place,
            hint,
        )
    return PrecisionError(f"{few(found.agreeing)} of the domain of {what} could be found", question.claim.place, hint)


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 30]} … {text[-26:]}"
