"""Partials of partials, one step at a time: the next one as a node, and whether it exists at a point."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from adcalc.modes.base import NodeError
from adcalc.modes.edges import singular
from adcalc.modes.edges.turning import turning

if TYPE_CHECKING:
    from collections.abc import Mapping

    from adcalc.api.program import Program
    from adcalc.graph.node import NodeId
    from adcalc.modes.base import Tape
    from adcalc.modes.edges.singular import Kinks
    from adcalc.syntax.lowered import Lowered


def slope(program: Program, lowered: Lowered, node: NodeId, name: str) -> NodeId:
    """The partial of a node by a variable, as the sweep leaves it; 0 where the node does not depend on it.

    >>> from adcalc.api import function
    >>> f = function("x*y")
    >>> slope(f, f.lowered(), f.lowered().output, "x") == f.lowered().variables["y"]
    True
    """
    (partial,) = program.symbolic(lowered, node, (lowered.variables[name],))
    return lowered.graph.constant(Fraction(0)) if partial is None else partial


def swept(
    program: Program, lowered: Lowered, at: Mapping[str, float], node: NodeId, name: str, derived: bool
) -> tuple[Tape[float], Kinks]:
    """The sweep over a node at a point, and the kinks on which it stands there; `derived` says that it is a partial.

    Raises NodeError where it certainly has no slope, or is a partial of another way than the points beside this one.

    >>> from adcalc.api import function
    >>> f = function("abs(x)")
    >>> lowered, at = f.at({"x": 0})
    >>> len(swept(f, lowered, at, lowered.output, "x", False)[1].clauses)
    1
    """
    tape = program.tape(lowered, at, (lowered.variables[name],), node)
    turns = turning(tape) if derived else []
    if turns:
        raise NodeError("beside", turns[0], [])
    return tape, singular.find(tape)
