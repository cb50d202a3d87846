"""The way that a program takes all over a box: its conditions have one truth there, or it has no one way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adcalc.api.paths import Guide, Inputs
from adcalc.errors import PrecisionError
from adcalc.graph.node import RELATIONS
from adcalc.modes.base import NodeError
from adcalc.modes.blame import text_of
from adcalc.modes.path import Path
from adcalc.syntax.lower import lower

if TYPE_CHECKING:
    from collections.abc import Mapping

    from adcalc.api.program import Program
    from adcalc.arithmetics.interval import Interval
    from adcalc.graph.node import NodeId
    from adcalc.rules.boxing import Boxing
    from adcalc.syntax.lowered import Lowered


class _Everywhere(Guide):
    """What lowering asks over a box. Raises PrecisionError where a condition does not have one truth all over it."""

    def __init__(self, program: Program, lowered: Lowered, box: Mapping[str, Interval], rules: Boxing) -> None:
        self.lowered = lowered
        self._program = program
        self.path = Path(lowered.graph, rules, Inputs(program, lowered, box))

    def decide(self, condition: NodeId, definitions: Mapping[NodeId, NodeId]) -> bool:
        """Whether a condition holds."""
        try:
            return self.path.decide(condition, definitions)
        except (NodeError, ArithmeticError):
            raise PrecisionError(
                f"{text_of(self.lowered, condition)} is not decided by the intervals of the inputs, and the way of the"
                " program depends on it",
                self.lowered.place(condition),
                "take narrower intervals, on one side of it",
            ) from None

    def describe(self, condition: NodeId, definitions: Mapping[NodeId, NodeId]) -> str:
        """A condition's last comparison with its intervals."""
        graph = self.lowered.graph
        node = condition
        while graph.nodes[node].op not in RELATIONS:
            node = graph.nodes[node].args[-1]
        return text_of(self.lowered, node)


def along(program: Program, box: Mapping[str, Interval], rules: Boxing) -> Lowered:
    """The graph of the way that a program takes all over a box.

    Raises PrecisionError where a condition is not decided, and what the language says of its errors.

    >>> from flint import fmpq
    >>> from adcalc.api import function
    >>> from adcalc.arithmetics.interval import Interval
    >>> from adcalc.rules.boxing import Boxing
    >>> f = function("while x < 4 { x = 2*x }; x")
    >>> lowered = along(f, {"x": Interval(fmpq(1), fmpq(3, 2))}, Boxing(f.table))
    >>> lowered.graph.nodes[lowered.output].op
    'mul'
    """
    hidden = program.table.constants.intersection(box)
    lowered = lower(
        program.code,
        program.table,
        hidden,
        program.maximum,
        lambda made: _Everywhere(program, made, box, rules),
        program.differentiate,
    )
    program.arrange(lowered)
    return lowered
