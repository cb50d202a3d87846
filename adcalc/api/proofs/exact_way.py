"""The way that a program takes at an exact point: conditions decided by proved numbers, never by floats.

A comparison that balls leave open is tried again with more bits, and the program is followed anew; where the bits run
out the program has no way that could be proved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from adcalc.api.paths import Guide, Inputs, way
from adcalc.arithmetics.exact import ball
from adcalc.errors import PrecisionError
from adcalc.graph.graph import Graph
from adcalc.modes.base import NodeError
from adcalc.modes.blame import text_of
from adcalc.modes.path import Path
from adcalc.modes.proofs import certified
from adcalc.modes.proofs.attempt import Demand
from adcalc.modes.proofs.open import UNDECIDED_CONDITION, OpenError
from adcalc.syntax.lower import lower

HINT: Final = "whether two numbers are equal no number of digits tells, unless they are fractions or multiples of pi"

if TYPE_CHECKING:
    from collections.abc import Mapping

    from adcalc.api.program import Program
    from adcalc.graph.node import NodeId
    from adcalc.modes.base import Way
    from adcalc.modes.proofs.attempt import Attempt, Exact
    from adcalc.syntax.lowered import Lowered


class _Exactly(Guide):
    """What lowering asks at an exact point. Raises OpenError where balls of this precision do not tell."""

    def __init__(self, program: Program, lowered: Lowered, at: Mapping[str, Any], attempt: Attempt) -> None:
        self.lowered = lowered
        self._program = program
        self._attempt = attempt
        self.path = Path(lowered.graph, attempt.rules, Inputs(program, lowered, at))

    def decide(self, condition: NodeId, definitions: Mapping[NodeId, NodeId]) -> bool:
        """Whether a condition holds."""
        try:
            return self.path.decide(condition, definitions)
        except NodeError as error:
            judged = self._attempt.judged(error, self.lowered.graph)
        except ArithmeticError:
            judged = OpenError(condition, UNDECIDED_CONDITION)
        if isinstance(judged, NodeError):
            raise self._program.explained(judged, self.lowered) from None
        raise _OpenWayError(judged, self.lowered) from None

    def _rounded(self, number: Any) -> float:
        """The middle of a ball."""
        return float(ball(number))


class _OpenWayError(OpenError):
    """What a program's way leaves open, and the graph as far as it went."""

    def __init__(self, what: OpenError, lowered: Lowered) -> None:
        super().__init__(what.node, what.sentence.replace("{}", text_of(lowered, what.node)))
        self.place = lowered.place(what.node)


def along(program: Program, at: Mapping[str, Exact]) -> tuple[Lowered, Way]:
    """The graph of the way that a program takes at a point, and what tells the ways beside it.

    Raises PrecisionError where a condition is not decided, and what the language says of its errors.

    >>> from fractions import Fraction
    >>> from adcalc.api import function
    >>> f = function("n = 0; while x < 1 { x = x + 1/10; n = n + 1 }; n")
    >>> lowered, _ = along(f, {"x": Fraction(1, 10)})
    >>> lowered.graph.nodes[lowered.output].label
    Fraction(9, 1)
    """
    hidden = program.table.constants.intersection(at)

    def attempt(one: Attempt) -> Lowered:
        guides: list[_Exactly] = []
        numbers = _Numbers(at, one)

        def guide(made: Lowered) -> Guide:
            guides.append(_Exactly(program, made, numbers, one))
            return guides[0]

        try:
            lowered = lower(program.code, program.table, hidden, program.maximum, guide, program.differentiate)
        except _OpenWayError as left_open:
            if not one.is_last:
                raise
            raise PrecisionError(left_open.sentence, left_open.place, HINT) from None
        lowered.truths, lowered.ties = tuple(guides[0].path.truths), guides[0].path.ties
        program.arrange(lowered)
        return lowered

    made = certified.search(Graph(), program.table, Demand(1), certified.LAST, attempt)
    return made, way(program, made)


class _Numbers(dict[str, Any]):
    """The numbers of a point at one precision, made when they are first asked for."""

    def __init__(self, at: Mapping[str, Exact], attempt: Attempt) -> None:
        super().__init__()
        self._at, self._attempt = at, attempt

    def __contains__(self, name: object) -> bool:
        return name in self._at

    def __missing__(self, name: str) -> Any:
        number = self[name] = self._attempt.number(0, self._at[name])
        return number
