"""Claims at exact points: derivative and claim side by side, each in digits that are all proved."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from adcalc.api.checks.evidence import Pair, grafted
from adcalc.api.proofs.exact_question import Question, digits_of
from adcalc.api.proofs.proved import derivatives
from adcalc.api.two_numbers import known
from adcalc.errors import NumberOverflowError, PrecisionError
from adcalc.modes.base import NodeError
from adcalc.modes.proofs import certified
from adcalc.modes.proofs.attempt import Demand

if TYPE_CHECKING:
    from collections.abc import Mapping

    from adcalc.api.function import Function
    from adcalc.api.point import Point
    from adcalc.syntax.claim import Claim


class There(NamedTuple):
    """A function at the exact point that somebody asked about: its digits, and its floats `near`, if it has any.

    >>> from adcalc.api import function
    >>> There.make(function("x^2"), {"x": "1/4"}, 20).near
    {'x': 0.25}
    """

    asked: Question
    shown: Mapping[str, str]
    near: Mapping[str, float] | None

    @classmethod
    def make(cls, function: Function, point: Point, digits: int) -> There:
        """The function at a point, for so many digits. Raises what a gradient in digits raises of the point."""
        asked = Question.make(function, point, Demand(known(digits)))
        shown = {name: digits_of(function, value, digits) for name, value in asked.at.items()}
        try:
            near = function.numbers({name: point[name] for name in asked.at})
        except NumberOverflowError:
            return cls(asked, shown, None)
        return cls(asked, shown, near)

    def pair(self, claim: Claim) -> Pair:
        """Derivative and claim at the point.

        Raises what a gradient raises where there is no derivative, PrecisionError where nothing can be proved.
        """
        asked = self.asked
        (true,) = derivatives(asked, [claim.wrt])
        graph = asked.lowered.graph
        node = grafted(claim.lowered.graph, claim.lowered.output, graph)
        try:
            (claimed,) = certified.evaluate(graph, [node], asked.point, asked.function.table, demand=asked.demand)
        except NodeError:
            return Pair(self.shown, true, None)
        except PrecisionError as error:
            error.place = claim.expression
            raise
        return Pair(self.shown, true, claimed)
