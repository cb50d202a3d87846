"""Where a derivative does not exist: kinks, jumps and infinite slopes, found before any mode differentiates.

Every mode asks here first, so that all of them give the same answer at these points. At a kink the one-sided
derivatives are computed by two forward sweeps, ±1 along the variable: exact, because a chain of directionally
differentiable functions is one. Where the two agree, that is the derivative.
"""

import math
from typing import Final, NamedTuple

from adcalc.graph.fold import connect
from adcalc.graph.node import CONDITIONS, NodeId
from adcalc.modes.base import Derivatives, NodeError, Tape
from adcalc.modes.forward import push
from adcalc.modes.sweep import activity, primal, taken


class Kinks(NamedTuple):
    """The nodes that stand on a kink, each with the clause that says so, and which nodes a derivative flows through."""

    clauses: dict[NodeId, int]
    active: bytearray


def find(tape: Tape[float]) -> Kinks:
    """The kinks that a derivative of the problem would meet.

    Raises NodeError at the first jump, infinite slope or argument without a rule.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.graph.graph import Graph
    >>> from adcalc.modes.base import Problem
    >>> from adcalc.rules.compiled import Compiled
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> tape = primal(Problem(graph, graph.apply("abs", x), (x,), {x: 0.0}), Compiled(standard(), Real()))
    >>> find(tape).clauses
    {1: 0}
    """
    nodes, rules = tape.problem.graph.nodes, tape.rules
    active, boundaries = _choices(tape)
    kinks = {node: _CHOICE for node in boundaries if active[node]}
    watched: dict[str, list[tuple[int, str, int | None]]] = {}
    for node in tape.order:
        op, args, _ = nodes[node]
        clauses = watched.get(op)
        if clauses is None:
            clauses = watched[op] = _watched(tape, op, len(args))
        if not clauses or not any(active[argument] for argument in args):
            continue
        for index, kind, parameter in clauses:
            if parameter is not None and not active[args[parameter]]:
                continue
            if kind == "no_rule":
                raise NodeError("no_rule", node, tape.arguments(node), variable=parameter)
            holds = rules.condition(op, index)(tape.values[node], *tape.arguments(node))
            if kind == "smooth" and not holds:
                blamed = NodeError("slope", node, tape.arguments(node), clause=index)
                blamed.values = tape.values
                raise blamed
            if kind == "jump" and holds:
                raise NodeError("jump", node, tape.arguments(node))
            if kind == "kink" and holds:
                kinks[node] = index
    return Kinks(kinks, active)


_CHOICE: Final = -1  # the clause of a choice, which has no row


def _choices(tape: Tape[float]) -> tuple[bytearray, set[NodeId]]:
    """What a derivative flows through, and the choices on a boundary, both of whose sides are then on the tape.

    A side that is put there may hold further choices on a boundary, so the search begins again after each.
    """
    nodes = tape.problem.graph.nodes
    active = activity(tape, tape.problem.wrt)
    found: set[NodeId] = set()
    waiting = [node for node in tape.order if nodes[node].op == "if"] if "if" in tape.problem.graph.ops else []
    while waiting:
        node = waiting.pop()
        if node not in found and _on_boundary(tape, nodes[node].args[0], active):
            found.add(node)
            _agreeing_sides(tape, node)
            active = activity(tape, tape.problem.wrt)
            waiting = [step for step in tape.order if nodes[step].op == "if"]
    return active, found


def one_sided(tape: Tape[float], kinks: Kinks) -> Derivatives[float]:
    """The partials at a point with kinks, where the one-sided derivatives agree.

    Raises NodeError of kind "kink" with both slopes where they do not.
    """
    partials = []
    for variable, left, right in slopes(tape, kinks):
        if not (math.isfinite(left) and math.isfinite(right)):
            raise NodeError("slope_overflow", tape.problem.output, [])
        if not math.isclose(left, right, rel_tol=1e-12, abs_tol=0.0):
            node = next(iter(kinks.clauses))
            raise NodeError("kink", node, tape.arguments(node), (left, right), variable)
        partials.append(right)
    return Derivatives(tape.value, tuple(partials))


def slopes(tape: Tape[float], kinks: Kinks) -> list[tuple[NodeId, float, float]]:
    """For each input: its id, the slope to the left and the slope to the right."""
    result = []
    for variable in tape.problem.wrt:
        right = push(tape, {variable: 1.0}, kinks.clauses) or 0.0
        left = -(push(tape, {variable: -1.0}, kinks.clauses) or 0.0)
        result.append((variable, left, right))
    return result


def _watched(tape: Tape[float], op: str, count: int) -> list[tuple[int, str, int | None]]:
    """The clauses of an operation that can spoil a derivative: (index, kind, argument)."""
    if not count or op in CONDITIONS or op == "if":
        return []
    rule = tape.rules.table.rule(op)
    found: list[tuple[int, str, int | None]] = [
        (-1, "no_rule", argument) for argument in range(count) if not rule.mentions(argument)
    ]
    found += [
        (index, clause.kind, clause.parameter) for index, clause in enumerate(rule.clauses) if clause.kind != "on"
    ]
    return found


def _comparisons(tape: Tape[float], condition: NodeId) -> list[NodeId]:
    """The comparisons that a condition connects, itself if it is one."""
    nodes = tape.problem.graph.nodes
    found: list[NodeId] = []
    waiting = [condition]
    while waiting:
        node = waiting.pop()
        if nodes[node].op in ("and", "or", "not"):
            waiting.extend(nodes[node].args)
        else:
            found.append(node)
    return found


def _on_boundary(tape: Tape[float], condition: NodeId, active: bytearray) -> bool:
    """Whether a step off the point could change a condition: it turns on equal values that depend on a variable."""
    nodes, values = tape.problem.graph.nodes, tape.values
    comparisons = _comparisons(tape, condition)
    truths: dict[NodeId, bool | None] = {}
    for node in comparisons:
        left, right = nodes[node].args
        equal = values[node] is not None and values[left] == values[right] and (active[left] or active[right])
        truths[node] = None if equal else values[node]
    if all(truths[node] is not None or values[node] is None for node in comparisons):
        return False
    for node in tape.problem.graph.live(condition):
        op, args, _ = nodes[node]
        if op in ("and", "or", "not"):
            truths[node] = connect(op, [truths.get(argument) for argument in args])
    return truths[condition] is None


def _agreeing_sides(tape: Tape[float], node: NodeId) -> None:
    """Evaluate what a choice left out, and hold the side that was not taken to the value of the side that was.

    Raises NodeError of kind "jump" where the values differ, or where the other side has none.
    """
    args = tape.problem.graph.nodes[node].args
    other = args[2] if taken(tape, node) == args[1] else args[1]
    try:
        for left_out in (*_comparisons(tape, args[0]), other):
            _complete(tape, left_out)
    except NodeError as error:
        raise NodeError("jump", node, []) from error
    if tape.values[other] != tape.values[node]:
        raise NodeError("jump", node, [tape.values[other], tape.values[node]])


def _complete(tape: Tape[float], output: NodeId) -> None:
    """Put the nodes that an output needs on the tape, where they are not there yet."""
    if tape.values[output] is not None:
        return
    beyond = primal(tape.problem._replace(output=output), tape.rules)
    missing = [step for step in beyond.order if tape.values[step] is None]
    for step in missing:
        tape.values[step] = beyond.values[step]
    tape.order[:] = sorted({*tape.order, *missing})
