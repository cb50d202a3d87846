"""The four methods side by side on arrays, each element judged; and closed forms that are claimed, beside the graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from adcalc.api.arrays import arrays
from adcalc.api.checks.array_claims import Asked, ask
from adcalc.api.comparisons import accuracy, methods
from adcalc.api.comparisons.array_reference import Reference, reference
from adcalc.api.program import real
from adcalc.api.proofs import array_repair
from adcalc.errors import AdcalcError, LimitError, RefutedError, UsageError
from adcalc.graph.shape import size
from adcalc.modes import differences
from adcalc.modes.base import NodeError
from adcalc.modes.plans.plan import Plan
from adcalc.modes.plans.traffic import operations, traffic
from adcalc.results.array_comparison import ArrayComparison, Stated, Way
from adcalc.syntax.number import short

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from adcalc.api.checks.array_claims import Claimed
    from adcalc.api.function import Function
    from adcalc.api.point import Point
    from adcalc.errors import Place
    from adcalc.graph.node import Shape

_LARGEST_RUN: Final = {"richardson": 5_000}  # operations for one difference by every element: a second or two
_LARGEST: Final = 60_000  # of other differences
_SWEEPS: Final = 2_000  # of forward mode, one for each element
_APART: Final = 1e-6  # of the largest element: farther from the derivative no closed form is by rounding
_TOO_LONG: Final = "not run: it would take too long"


def compare(
    function: Function,
    point: Point,
    wrt: Iterable[str] | None = None,
    claims: Sequence[Place] = (),
    shapes: Mapping[str, Shape] | None = None,
    digits: int = 50,
) -> ArrayComparison:
    """Gradients of a number by arrays, or what a weight of an array result hands back, by every method.

    Where `claims` are given, they are about the variables that are compared, if `wrt` does not say others. Variables
    without a value are drawn at random in their shapes.
    Raises what `ask` and `Function.gradient` raise, RefutedError where a claim is not the derivative.

    >>> from adcalc.api import function
    >>> result = compare(function("sum(x^2)"), {"x": [1, 2]})
    >>> result.reference, [way.error for way in result.ways if way.mode in ("forward", "reverse")]
    ('proved', [0.0, 0.0])
    """
    asked = ask(function, claims, point, shapes or {})
    at = asked.point()
    names = list(wrt) if wrt is not None else [one.variable for one in asked.claims] or list(asked.own)
    names = list(dict.fromkeys(function.chosen(names, asked.lowered)))
    if not names:
        raise UsageError("there is no variable to differentiate by")
    answer = arrays.gradient(asked.function, asked.lowered, at, names)  # raises where there is no derivative
    made = arrays.prepared(asked.function, asked.lowered, tuple(names), "reverse")
    truth = reference(asked.function, asked.lowered, at, names, made, digits)
    largest = max((*asked.shapes.values(), np.shape(answer.value)), key=size)
    bench = _Bench(asked, at, names, size(largest))
    ways = [bench.forward(), bench.swept("reverse"), bench.swept("symbolic")]
    ways += [bench.finite(difference) for difference in differences.METHODS]
    stated: dict[str, Stated] = {}
    if asked.claims:
        closed, stated = bench.claimed(answer.partials)
        ways.append(closed)
    return ArrayComparison(
        function.source.text,
        {name: at[name] for name in asked.shapes},
        asked.shapes,
        tuple(name for name in at if name not in asked.given),
        answer.value,
        truth.kind,
        truth.reason,
        truth.digits,
        tuple(_judged(way, truth) for way in ways),
        asked.weighed,
        largest,
        bench.value_operations,
        stated,
        array_repair.beside(asked.function, asked.lowered, at, names),
    )


class _Bench:
    """The methods at one point, timed and counted; passes are counted by an array of so many elements."""

    def __init__(self, asked: Asked, at: Mapping[str, Any], names: Sequence[str], elements: int) -> None:
        self.asked, self.at, self.names, self.elements = asked, at, tuple(names), elements
        self.function, self.lowered = asked.function, asked.lowered
        self.point = {self.lowered.variables[name]: value for name, value in at.items()}
        shown = self.lowered.output if self.lowered.weighed is None else self.lowered.weighed
        self.shown = shown
        self.value_operations = operations(Plan(self.lowered.graph, [shown], real(self.function.table)))
        self.count = sum(size(asked.shapes[name]) for name in names)

    def passes(self, plan: Plan) -> float:
        """How many times a plan goes over the memory of the array."""
        return round(traffic(plan) / max(self.elements, 1), 2)

    def swept(self, mode: str) -> Way:
        """Reverse mode, or its formulas simplified: one plan of value and gradient."""
        try:
            found = arrays.gradient(self.function, self.lowered, self.at, self.names, mode)
        except AdcalcError as error:
            return Way(mode, None, None, remark=error.message)
        plan = arrays.prepared(self.function, self.lowered, self.names, mode).plan
        _, seconds = methods.timed(lambda: plan.run(self.point))
        return Way(mode, None, found.partials, None, None, operations(plan), self.passes(plan), seconds)

    def forward(self) -> Way:
        """Forward mode: one sweep for each element."""
        made = arrays.prepared(self.function, self.lowered, self.names, "forward")
        sweeps = [(size(self.asked.shapes[name]), plan) for name, (_, plan) in made.tangents.items()]
        count = operations(made.plan) + sum(number * operations(plan) for number, plan in sweeps)
        passes = self.passes(made.plan) + sum(number * self.passes(plan) for number, plan in sweeps)
        if self.count > _SWEEPS:
            return Way("forward", None, None, None, None, count, passes, None, f"counted, {_TOO_LONG}")
        found, seconds = methods.timed(
            lambda: arrays.gradient(self.function, self.lowered, self.at, self.names, "forward").partials
        )
        return Way("forward", None, found, None, None, count, passes, seconds)

    def finite(self, difference: str) -> Way:
        """One kind of finite difference, by every element."""
        if self.count * self.value_operations > _LARGEST_RUN.get(difference, _LARGEST):
            return Way("finite", difference, None, remark=_TOO_LONG)
        try:
            found, seconds = methods.timed(
                lambda: arrays.gradient(self.function, self.lowered, self.at, self.names, "finite", difference).partials
            )
        except LimitError:
            return Way("finite", difference, None, remark=_TOO_LONG)
        except AdcalcError as error:
            return Way("finite", difference, None, remark=error.message)
        return Way("finite", difference, found, seconds=seconds)

    def claimed(self, partials: Mapping[str, Any]) -> tuple[Way, dict[str, Stated]]:
        """The closed forms: one plan of the value and all of them. Raises RefutedError where one is another thing."""
        claims = [one for one in self.asked.claims if one.variable in self.names]
        graph, first = self.lowered.graph, self.lowered.output + 1
        plan = Plan(graph, [self.shown, *(one.node for one in claims)], real(self.function.table), first)
        try:
            (_, *found), seconds = methods.timed(lambda: plan.run(self.point))
        except NodeError as error:
            raise self.function.explained(error, self.lowered) from None
        given: dict[str, Any] = {}
        stated: dict[str, Stated] = {}
        for one, number in zip(claims, found, strict=True):
            true = np.asarray(partials[one.variable])
            given[one.variable] = np.broadcast_to(number, true.shape) + 0.0
            stated[one.variable] = _stated(one, given[one.variable], true)
        return Way("claim", None, given, None, None, operations(plan), self.passes(plan), seconds), stated


def _stated(one: Claimed, claimed: Any, true: Any) -> Stated:
    with np.errstate(all="ignore"):  # a claim may have no value
        apart = np.abs(claimed - true)
    scale = float(np.max(np.abs(true), initial=0.0))
    far = float(np.max(apart, initial=0.0))
    share = far / scale if scale else far
    if not share <= _APART:  # nor where one is no number
        index = np.unravel_index(int(np.argmax(np.where(np.isnan(apart), np.inf, apart))), true.shape)
        place = [int(number) for number in index]
        mine, theirs = short(float(claimed[index])), short(float(true[index]))
        said = f"is {mine}" if np.isfinite(claimed[index]) else "has no value"
        told = f"element {place} {said}, and the derivative's is {theirs}" if place else f"it {said}, not {theirs}"
        raise RefutedError(
            f"{one.text} is not the derivative by {one.variable}: {told}",
            one.claim.expression,
            "adcalc check says by proved digits what is wrong",
            {"variable": one.variable, "element": place},
        )
    return Stated(one.text, far, share)


def _judged(way: Way, truth: Reference) -> Way:
    """The way with its largest error, and the digits that are right seen from the largest element of a variable."""
    if way.gradient is None or not truth.kind:
        return way
    worst, digits = 0.0, accuracy.ALL
    for name, partial in way.gradient.items():
        error = truth.error(name, partial)
        worst = max(worst, error)
        digits = min(digits, accuracy.digits(error, truth.size(name) or 1.0))
    return way._replace(error=worst, digits=digits)
