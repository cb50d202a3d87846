"""Programs whose way depends on the point: their graph at a point, and what may be said of them without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adcalc.errors import PathError
from adcalc.graph.node import RELATIONS
from adcalc.modes.base import NodeError
from adcalc.modes.path import Path
from adcalc.syntax.number import short

if TYPE_CHECKING:
    from collections.abc import Mapping

    from adcalc.api.program import Program
    from adcalc.graph.node import NodeId
    from adcalc.syntax.lowered import Lowered


class Guide:
    """What lowering asks at a point: which way a condition goes.

    Raises UnboundVariableError, DomainError and the like, where a condition has no value.
    """

    def __init__(self, program: Program, lowered: Lowered, at: Mapping[str, float]) -> None:
        from adcalc.api.program import real

        self.lowered = lowered
        self._program = program
        self.path = Path(lowered.graph, real(program.table), _Inputs(program, lowered, at))

    def decide(self, condition: NodeId, definitions: Mapping[NodeId, NodeId]) -> tuple[bool, bool]:
        """Whether a condition holds, and whether a step off the point may change that."""
        try:
            return self.path.decide(condition, definitions)
        except NodeError as error:
            raise self._program.explained(error, self.lowered) from None

    def describe(self, condition: NodeId, definitions: Mapping[NodeId, NodeId]) -> str:
        """A condition's last comparison with its numbers: 3.5 > 0.1."""
        graph = self.lowered.graph
        node = condition
        while graph.nodes[node].op not in RELATIONS:
            node = graph.nodes[node].args[-1]
        op, args, _ = graph.nodes[node]
        left, right = (short(self.path.value(argument, definitions)) for argument in args)
        return f"{left} {RELATIONS[op]} {right}"


class _Inputs(dict):  # type: ignore[type-arg]  # the numbers of the inputs, looked up by name when first met
    def __init__(self, program: Program, lowered: Lowered, at: Mapping[str, float]) -> None:
        super().__init__()
        self._program, self._lowered, self._at = program, lowered, at

    def __missing__(self, node: NodeId) -> float:
        name = str(self._lowered.graph.nodes[node].label)
        if name not in self._at:
            if name not in self._lowered.variables:  # nobody knows it before the equation is solved
                unknown = name.partition("#")[0]
                raise PathError(
                    f"the unknown {unknown} of root decides here which way the program goes",
                    hint="if(c, a, b) is a formula, and may stand in an equation",
                )
            raise self._program.unbound(name, self._lowered, self._at)
        number = self[node] = self._at[name]
        return number
