"""Slopes at kinks in exact numbers: both one-sided ones, and whether they are certainly the same."""

import math
from fractions import Fraction
from typing import Any

from adcalc.arithmetics.exact import ball
from adcalc.graph.node import CONDITIONS, NodeId
from adcalc.modes.base import NodeError, Tape
from adcalc.modes.edges import singular
from adcalc.modes.forward import ahead, tangent_sweep
from adcalc.modes.proofs.open import KINK, TURNS, OpenError
from adcalc.modes.sweep import activity, primal


def one_sided(tape: Tape[Any], kinks: singular.Kinks, convention: str | None) -> list[Any]:
    """The partials at a point with kinks: where a partial meets one, both one-sided slopes are exact and equal.

    Raises NodeError where slopes or values certainly differ, OpenError where balls do not tell; a convention picks one
    of two slopes, as it does for floats.

    >>> from adcalc.arithmetics.exact import Exact
    >>> from adcalc.modes.base import Problem
    >>> from adcalc.modes.sweep import primal
    >>> from adcalc.rules.enclosing import Proving
    >>> from adcalc.rules.table import standard
    >>> from adcalc.graph.graph import Graph
    >>> graph, rules = Graph(), Proving(standard(), Exact())
    >>> x = graph.input("x")
    >>> zero = rules.arithmetic.constant(Fraction(0))
    >>> tape = primal(Problem(graph, graph.apply("abs", x), (x,), {x: zero}), rules)
    >>> one_sided(tape, singular.find(tape), "left")
    [-1]
    """
    graph = tape.problem.graph
    clauses = _without_twins(tape, kinks.clauses)
    jump = next((node for node, clause in clauses.items() if clause == singular.JUMP), None)
    if jump is not None:
        raise NodeError("jump", jump, tape.arguments(jump))
    inside = next((node for node, clause in clauses.items() if clause == singular.INSIDE), None)
    if inside is not None:
        raise OpenError(inside, KINK)
    choices = [node for node, clause in clauses.items() if clause == singular.CHOICE]
    corners = {node: clause for node, clause in clauses.items() if clause >= 0}
    one = tape.rules.arithmetic.constant(Fraction(1))
    partials = []
    for variable in tape.problem.wrt:
        active = activity(tape, (variable,))
        met = [node for node in corners if active[node]]
        tangents = tangent_sweep(tape, {variable: one}, corners)
        for choice in choices:
            if graph.nodes[choice].op in CONDITIONS:
                if variable in graph.below(choice):
                    raise OpenError(choice, TURNS)
            elif variable in graph.below(graph.nodes[choice].args[0]):
                _require_smooth(tape, choice, variable, tangents)
        right = tangents[tape.problem.output]
        back = tangent_sweep(tape, {variable: -one}, corners) if met and right is not None else []
        if not all(_is_opposite(tangents[node], back[node]) for node in met if back):
            left = -(back[tape.problem.output] or 0 * one)
            if left != right:
                slopes = (float(ball(left)), float(ball(right)))
                if convention is not None:
                    mean = (left + right) / (one + one)
                    right = {"right": right, "left": left, "zero": 0 * one, "mean": mean}[convention]
                elif all(map(math.isfinite, slopes)):
                    raise NodeError("kink", met[0], tape.arguments(met[0]), slopes, variable)
                else:
                    raise OpenError(met[0], KINK)
            elif not left == right:  # noqa: SIM201  # balls that are not exact are neither
                raise OpenError(met[0], KINK)
        partials.append(right)
    return partials


def _require_smooth(tape: Tape[Any], choice: NodeId, variable: NodeId, tangents: list[Any]) -> None:
    """Raise where a choice on its boundary is not certainly smooth: both sides have one value and one slope.

    Then it does not matter which of them a step takes. The side that is not taken has to be smooth, too, and what it
    meets is looked for here, as nothing else depends on it.
    """
    condition, first, second = tape.problem.graph.nodes[choice].args
    if first == second:
        return
    one, other = tape.values[first], tape.values[second]
    if one is None or other is None:
        raise OpenError(choice, KINK)
    if one != other:
        sides = (other, one) if ahead(tape, condition, tangents) else (one, other)
        raise NodeError("jump", choice, [float(ball(value)) for value in sides])
    zero = tape.rules.arithmetic.constant(Fraction(0))
    slopes = [zero if tangents[side] is None else tangents[side] for side in (first, second)]
    if not (one == other and slopes[0] == slopes[1]):
        raise OpenError(choice, KINK)
    for side in (first, second):
        try:
            alone = primal(tape.problem._replace(output=side, wrt=(variable,)), tape.rules)
            is_smooth = not singular.find(alone).clauses
        except NodeError:
            is_smooth = False
        if not is_smooth:
            raise OpenError(choice, KINK)


def _without_twins(tape: Tape[Any], clauses: dict[NodeId, int]) -> dict[NodeId, int]:
    """The kinks but for those of max(u, u) and its like: both arguments move alike, and the slope does not jump."""
    nodes, rules = tape.problem.graph.nodes, tape.rules
    one = rules.arithmetic.constant(Fraction(1))
    found = {}
    for node, clause in clauses.items():
        op, args, _ = nodes[node]
        if clause >= 0 and len(args) == 2 and args[0] == args[1]:
            slope, values = rules.slope(op, clause, (0, 1)), (tape.values[node], *tape.arguments(node))
            if slope(*values, one, one) + slope(*values, -one, -one) == 0:
                continue
        found[node] = clause
    return found


def _is_opposite(right: Any, left: Any) -> bool:
    """Whether the tangents of a node in both directions certainly say that its slope does not jump."""
    return right is left if right is None or left is None else bool(right + left == 0)
