"""What stands around a point: the function of numbers that is asked about, and its graph without choices.

Where no operation stands on an edge, a function is the sides of its choices that it takes.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from adcalc.api.program import real, saturating
from adcalc.modes import forward, reverse
from adcalc.modes.base import NodeError, Tape
from adcalc.modes.edges import singular
from adcalc.modes.second import gradient_tape, slopes_at
from adcalc.modes.straight import straightened
from adcalc.modes.together import numbers
from adcalc.syntax.lowered import Lowered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from adcalc.api.asked import Asked
    from adcalc.api.program import Program
    from adcalc.graph.node import NodeId


class Straightened(NamedTuple):
    """What stands around an ordinary point: a graph without choices, its inputs, the point, and a tape of nodes.

    `turns` are the conditions of the choices, with their truth.
    """

    lowered: Lowered
    wrt: tuple[NodeId, ...]
    point: dict[NodeId, float]
    tape: Tape[NodeId]
    turns: list[tuple[NodeId, bool]]


def gradient_at(asked: Asked, mode: str) -> tuple[Tape[float], singular.Kinks, tuple[float, ...]]:
    """The tape at the point, what of it stands on an edge, and the gradient."""
    tape = asked.tape(asked.wrt)
    try:
        kinks = singular.find(tape)
        partials = partials_at(tape, kinks, mode)
    except NodeError as error:
        raise asked.program.explained(error, asked.lowered) from None
    return tape, kinks, partials


def partials_at(tape: Tape[float], kinks: singular.Kinks, mode: str = "reverse") -> tuple[float, ...]:
    """The partials of a tape, by one-sided slopes where something stands on an edge. Raises NodeError."""
    if kinks.clauses:
        found = _beside_edges(tape, kinks)
    else:
        found = (forward if mode == "forward" else reverse).run(tape, kinks.active).partials
    if not all(partial is None or math.isfinite(partial) for partial in found):
        from adcalc.modes.digits.faults import slope_overflow

        raise slope_overflow(tape, kinks.active)
    return tuple((partial or 0.0) + 0.0 for partial in found)


def _beside_edges(tape: Tape[float], kinks: singular.Kinks) -> tuple[float | None, ...]:
    """One-sided slopes by the inputs on which an edge depends; all others in one sweep."""
    problem = tape.problem
    graph, wrt = problem.graph, problem.wrt
    near = set(graph.inputs(graph.live(*kinks.clauses))) if tape.way is None else set(wrt)
    some = tuple(node for node in wrt if node in near)
    others = tuple(node for node in wrt if node not in near)
    sides = singular.one_sided(tape._replace(problem=problem._replace(wrt=some)), kinks).partials
    rest = reverse.run(tape._replace(problem=problem._replace(wrt=others))).partials if others else ()
    found = dict(zip((*some, *others), (*sides, *rest), strict=True))
    return tuple(found[node] for node in wrt)


def around(asked: Asked, tape: Tape[float]) -> Straightened:
    """The graph around an ordinary point."""
    straight = straightened(tape)
    graph, images = straight.graph, straight.images
    source = asked.lowered.graph
    small = Lowered(asked.lowered.code)
    small.graph, small.output = graph, images[asked.lowered.output]
    origins = {image: node for node, image in reversed(images.items())}
    known = len(asked.lowered.spans)
    small.spans = [
        asked.lowered.spans[origins[node]] if origins.get(node, known) < known else (0, 0) for node in range(len(graph))
    ]
    wrt = tuple(graph.input(str(source.nodes[node].label)) for node in asked.wrt)
    point = {graph.input(str(source.nodes[node].label)): value for node, value in tape.problem.point.items()}
    return Straightened(small, wrt, point, asked.program.differentiate.tape(graph, small.output, wrt), straight.turns)


def edges_near(at: Straightened, gradient: Sequence[NodeId | None]) -> tuple[list[NodeId], bool]:
    """The conditions under which the function or its gradient stands on an edge, and whether one holds at all points.

    They are nodes of the graph, without those that are known.

    >>> from adcalc.api import function
    >>> from adcalc.api.asked import Asked
    >>> asked = Asked(f := function("abs(x)*x"), *f.at({"x": 2}), ("x",))
    >>> near = around(asked, asked.tape(asked.wrt))
    >>> watched, _ = edges_near(near, reverse.run(near.tape).partials)
    >>> {near.lowered.graph.nodes[node].op for node in watched}
    {'eq'}
    """
    from adcalc.modes.edges.edges import edges
    from adcalc.modes.edges.settled import settled

    found = [edge.condition for edge in (*edges(at.tape), *edges(gradient_tape(at.tape, gradient)))]
    every = list(dict.fromkeys(found))
    known = settled(at.lowered.graph, every)
    return [node for node in every if node not in known], any(known.values())


def gradient_values(
    program: Program, at: Straightened, gradient: Sequence[NodeId | None]
) -> tuple[Tape[float], bytearray] | None:
    """The gradient's own tape in numbers and what flows on it; None where a partial stands on an edge.

    Raises NodeError where a node has no value, or a partial no finite slope.
    """
    graph = at.lowered.graph
    partials = [partial for partial in gradient if partial is not None]
    values = numbers(graph, partials, at.point, saturating(program.table))
    tape = slopes_at(graph, gradient, at.wrt, at.point, values, real(program.table))
    kinks = singular.find(tape)
    return None if kinks.clauses else (tape, kinks.active)
