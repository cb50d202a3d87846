"""Dual numbers put into an expression and worked out, innermost operations first, as one does it on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from adcalc.graph.count import tree_operations
from adcalc.graph.node import CONSTANT
from adcalc.modes.plans.orders import layers
from adcalc.syntax.number import figure
from adcalc.syntax.unparse import unparse

if TYPE_CHECKING:
    from adcalc.graph.node import NodeId
    from adcalc.modes.base import Tape

_LONGEST = 40  # operations of an expression whose substitution is written out


def substitution(tape: Tape[float], tangents: list[Any]) -> tuple[str, ...]:
    """The lines for one direction; none where the expression is too long for them.

    >>> from adcalc.api import function
    >>> from adcalc.modes.forward import tangent_sweep
    >>> f = function("cos(x*y) + y")
    >>> lowered, at = f.at({"x": 0, "y": 1})
    >>> tape = f.tape(lowered, at, (0, 1))
    >>> for line in substitution(tape, tangent_sweep(tape, {0: 1.0})):
    ...     print(line)
    cos(⟨0, 1⟩ × ⟨1, 0⟩) + ⟨1, 0⟩
    cos(⟨0, 1⟩) + ⟨1, 0⟩
    ⟨1, 0⟩ + ⟨1, 0⟩
    ⟨2, 0⟩
    """
    graph, output = tape.problem.graph, tape.problem.output
    if tree_operations(graph, output) > _LONGEST:
        return ()
    layer = layers(graph, tape.order)
    known: dict[NodeId, str] = {}
    lines: dict[str, None] = {}
    for depth in range(layer[output] + 1):
        for node in tape.order:
            value = tape.values[node]
            if layer[node] == depth and isinstance(value, float) and graph.nodes[node].op != CONSTANT:
                known[node] = dual(value, tangents[node])
        lines.setdefault(unparse(graph, output, known).replace("*", " × "))
    return tuple(lines)


def dual(value: float, tangent: float | None) -> str:
    """A dual number; no tangent at all is 0.

    >>> dual(0.5, None)
    '⟨0.5, 0⟩'
    """
    return f"⟨{figure(value)}, {figure(tangent or 0.0)}⟩"
