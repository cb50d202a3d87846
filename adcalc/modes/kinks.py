"""Slopes at kinks in exact numbers: both one-sided ones, and whether they are certainly the same."""

from fractions import Fraction
from typing import Any

from adcalc.arithmetics.exact import ball
from adcalc.graph.node import CONDITIONS, NodeId
from adcalc.modes import singular
from adcalc.modes.base import NodeError, Tape
from adcalc.modes.forward import tangent_sweep
from adcalc.modes.open import KINK, TURNS, OpenError
from adcalc.modes.sweep import activity


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
    nodes = tape.problem.graph.nodes
    kinks = kinks._replace(clauses=_without_twins(tape, kinks.clauses))
    partials = []
    jump = next((node for node, clause in kinks.clauses.items() if clause == singular.JUMP), None)
    if jump is not None:
        raise NodeError("jump", jump, tape.arguments(jump))
    inside = next((node for node, clause in kinks.clauses.items() if clause == singular.INSIDE), None)
    if inside is not None:
        raise OpenError(inside, KINK)
    for variable in tape.problem.wrt:
        active = activity(tape, (variable,))
        turned = next((node for node in kinks.clauses if nodes[node].op in CONDITIONS), None)
        if turned is not None:
            raise OpenError(turned, TURNS)
        met = [node for node in kinks.clauses if active[node]]
        choice = next((node for node in met if kinks.clauses[node] == singular.CHOICE), None)
        if choice is not None:
            sides = [tape.values[argument] for argument in nodes[choice].args[1:]]
            if None not in sides and sides[0] != sides[1]:
                raise NodeError("jump", choice, [float(ball(value)) for value in sides])
            raise OpenError(choice, KINK)
        one = tape.rules.arithmetic.constant(Fraction(1))
        ahead = tangent_sweep(tape, {variable: one}, kinks.clauses)
        right = ahead[tape.problem.output]
        back = tangent_sweep(tape, {variable: -one}, kinks.clauses) if met and right is not None else []
        if not all(_is_opposite(ahead[node], back[node]) for node in met if back):
            left = -(back[tape.problem.output] or 0 * one)
            if left != right:
                if convention is None:
                    slopes = (float(ball(left)), float(ball(right)))
                    raise NodeError("kink", met[0], tape.arguments(met[0]), slopes, variable)
                right = {"right": right, "left": left, "zero": 0 * one, "mean": (left + right) / (one + one)}[
                    convention
                ]
            elif not left == right:  # noqa: SIM201  # balls that are not exact are neither
                raise OpenError(met[0], KINK)
        partials.append(right)
    return partials


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
