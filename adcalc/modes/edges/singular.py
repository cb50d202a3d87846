"""Where a derivative does not exist: kinks, jumps and infinite slopes, found before any mode differentiates.

Every mode asks here first, so that all of them give the same answer at these points. At a kink, or on the boundary of
a choice, the one-sided derivatives are computed by two steps, ±1 along the variable (directional.py); where something
jumps, or a program takes another way to a side, by the limits there (limits.py). Where the two agree, that is the
derivative.
"""

import math
from bisect import bisect_left
from typing import Any, Final, NamedTuple

from adcalc.graph.fold import connect
from adcalc.graph.node import CONDITIONS, CONNECTIVES, NodeId
from adcalc.modes.base import Derivatives, NodeError, Problem, Tape
from adcalc.modes.edges.directional import Side, Unsure, side
from adcalc.modes.edges.suspects import known, suspects
from adcalc.modes.edges.turning import turning
from adcalc.modes.sweep import activity, primal, taken

_SAME: Final = 1e-6  # relative


class Kinks(NamedTuple):
    """The nodes that stand on a kink, each with the clause that says so, and which nodes a derivative flows through.

    A jump, a choice on its boundary and a condition that turned the way of a program have negative numbers.
    """

    clauses: dict[NodeId, int]
    active: bytearray


def find(tape: Tape[float]) -> Kinks:
    """The kinks that a derivative of the problem would meet.

    Raises NodeError at the first infinite slope or argument without a rule.

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
    kinks = _own(tape)
    for node in _solutions(tape, kinks.active):
        if _has_kink_inside(tape, node, kinks.active):
            kinks.clauses[node] = INSIDE
    return kinks


def _own(tape: Tape[float]) -> Kinks:
    """The kinks but for those of equations at their solutions."""
    rules, values = tape.rules, tape.values
    kinks: dict[NodeId, int] = {}
    found = known(tape)
    if found is None:
        order = list(tape.order)  # of what the point needs: the other sides of choices come beside it
        active, boundaries = _choices(tape)
        kinks |= dict.fromkeys(boundaries, CHOICE)
        if tape.way is not None:
            kinks |= dict.fromkeys(turning(tape), CHOICE)
        found = suspects(tape, order, active)
    for node, clauses in found.at:
        for index, kind, parameter in clauses:
            if kind == "no_rule":
                raise NodeError("no_rule", node, tape.arguments(node), variable=parameter)
            try:
                holds = rules.condition(tape.problem.graph.nodes[node].op, index)(values[node], *tape.arguments(node))
            except ZeroDivisionError:
                holds = kind != "smooth"  # the slope of an equation, infinite at its solution
            if kind == "smooth" and not holds:
                raise NodeError("slope", node, tape.arguments(node), clause=index, values=values)
            if kind == "jump" and holds:
                kinks[node] = JUMP
            if kind == "kink" and holds:
                kinks[node] = index
    return Kinks(kinks, found.active)


CHOICE: Final = -1  # the clause of a choice or a condition, which has no row
JUMP: Final = -2
INSIDE: Final = -3  # of a solution: its equation has a kink there


def _solutions(tape: Tape[float], active: bytearray) -> list[NodeId]:
    """The nodes that a derivative flows through which are solutions of equations."""
    residuals = tape.rules.table.residuals
    if residuals.keys().isdisjoint(tape.problem.graph.ops):
        return []
    return [node for node in tape.order if tape.problem.graph.nodes[node].op in residuals and active[node]]


def _has_kink_inside(tape: Tape[float], node: NodeId, active: bytearray) -> bool:
    """Whether an equation, or one inside it, has a kink or a jump at its solution."""
    rules = tape.rules
    waiting = [(tape, node, active)]
    while waiting:
        around, solution, flows = waiting.pop()
        op, args, _ = around.problem.graph.nodes[solution]
        residual = rules.table.residuals[op]
        own = residual.arguments
        point = {**dict(enumerate(around.arguments(solution))), own: around.values[solution]}
        wrt = (own, *(number for number, argument in enumerate(args) if number and flows[argument]))
        try:
            inside = primal(Problem(residual.graph, residual.output, wrt, point), rules)
            kinks = _own(inside)
        except NodeError as error:
            raise NodeError("slope", node, tape.arguments(node), clause=0) from error
        if kinks.clauses:
            return True
        waiting += [(inside, inner, kinks.active) for inner in _solutions(inside, kinks.active)]
    return False


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
            _put_beside(tape, node)
            active = activity(tape, tape.problem.wrt)
            waiting = [step for step in tape.order if nodes[step].op == "if"]
    return active, found


def one_sided(tape: Tape[float], kinks: Kinks, convention: str | None = None) -> Derivatives[float]:
    """The partials at a point with kinks, where the one-sided derivatives agree.

    Where they do not a convention picks the slope to the right, to the left, 0 or the mean of both.
    Raises NodeError of kind "kink" with both slopes where there is none.
    """
    partials = []
    for variable, left, right in slopes(tape, kinks):
        if not (math.isfinite(left) and math.isfinite(right)):
            raise NodeError("slope_overflow", tape.problem.output, [])
        if math.isclose(left, right, rel_tol=1e-12, abs_tol=0.0):
            partials.append(right)
        elif convention is None:
            node = _to_blame(tape, kinks, variable)
            raise NodeError("kink", node, _arguments(tape, node), (left, right), variable)
        else:
            partials.append({"right": right, "left": left, "zero": 0.0, "mean": left / 2 + right / 2}[convention])
    return Derivatives(tape.value, tuple(partials))


def slopes(tape: Tape[float], kinks: Kinks) -> list[tuple[NodeId, float, float]]:
    """For each input: its id, the slope to the left and the slope to the right.

    Raises NodeError of kind "jump" where the value is another one to a side.
    """
    used = set(tape.order)
    result = []
    for variable in tape.problem.wrt:
        if variable not in used and tape.way is None:
            result.append((variable, 0.0, 0.0))
            continue
        right, left = _side(tape, kinks, variable, 1), _side(tape, kinks, variable, -1)
        for one in (left, right):
            if one.jumps:
                raise _jump(tape, kinks, variable, one, one is left)
        result.append((variable, 0.0 - left.slope, right.slope))
    return result


def _side(tape: Tape[float], kinks: Kinks, variable: NodeId, sign: int) -> Side:
    turned = any(tape.problem.graph.nodes[node].op in CONDITIONS for node in kinks.clauses)
    if not turned:
        try:
            return side(tape, {variable: float(sign)})
        except Unsure:
            pass
    from adcalc.modes.edges import limits

    try:
        return limits.side(tape, variable, sign)
    except NodeError as error:
        error.node = _to_blame(tape, kinks, variable)
        raise


def _to_blame(tape: Tape[float], kinks: Kinks, variable: NodeId) -> NodeId:
    """The first node on a kink that depends on a variable, one of which no row tells the slopes before the others."""
    graph = tape.problem.graph
    found = [node for node in kinks.clauses if variable in graph.below(node)] or list(kinks.clauses)
    return next((node for node in found if kinks.clauses[node] < 0), found[0])


def _jump(tape: Tape[float], kinks: Kinks, variable: NodeId, one: Side, to_the_left: bool) -> NodeError:
    """The error of another value to a side: it blames the choice that turned, or else the first that could.

    The two values stand in it from left to right.
    """
    if one.jump is not None:
        return NodeError("jump", one.jump, list(one.values if to_the_left else reversed(one.values)))
    node = _to_blame(tape, kinks, variable)
    arguments = _arguments(tape, node) if kinks.clauses[node] == JUMP else []
    error = NodeError("jump", node, arguments)
    error.result = (one.value, tape.value) if to_the_left else (tape.value, one.value)
    return error


def _arguments(tape: Tape[float], node: NodeId) -> list[Any]:
    """The values of a node's arguments; none of those that a choice or a program's way left out."""
    args, values = tape.problem.graph.nodes[node].args, tape.values
    return [values[argument] for argument in args] if all(argument < len(values) for argument in args) else []


def _comparisons(tape: Tape[float], condition: NodeId) -> list[NodeId]:
    """The comparisons that a condition connects, itself if it is one."""
    nodes = tape.problem.graph.nodes
    found: list[NodeId] = []
    waiting = [condition]
    while waiting:
        node = waiting.pop()
        if nodes[node].op in CONNECTIVES:
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
        moves = left != right and (active[left] or active[right])  # x > x is false wherever it stands
        equal = moves and values[node] is not None and values[left] == values[right]
        truths[node] = None if equal else values[node]
    if all(truths[node] is not None or values[node] is None for node in comparisons):
        return False
    for node in tape.problem.graph.live(condition):
        op, args, _ = nodes[node]
        if op in CONNECTIVES:
            truths[node] = connect(op, [truths.get(argument) for argument in args])
    return truths[condition] is None


def _put_beside(tape: Tape[float], node: NodeId) -> None:
    """Evaluate what a choice left out, as far as it has a value, so that a trace can show both sides."""
    args = tape.problem.graph.nodes[node].args
    other = args[2] if taken(tape, node) == args[1] else args[1]
    for left_out in (*_comparisons(tape, args[0]), other):
        try:
            _complete(tape, left_out)
        except NodeError:
            continue  # whether that matters is seen from the side on which it lies


def _complete(tape: Tape[float], output: NodeId) -> None:
    """Put the nodes that an output needs on the tape, where they are not there yet.

    A value alone does not say so: it may be that of a longer tape, of which this one is a part.
    """
    place = bisect_left(tape.order, output)
    if place < len(tape.order) and tape.order[place] == output:
        return
    beyond = primal(tape.problem._replace(output=output), tape.rules)
    for step in beyond.order:
        if tape.values[step] is None:
            tape.values[step] = beyond.values[step]
    tape.order[:] = sorted({*tape.order, *beyond.order})


def is_same(one: float, other: float) -> bool:
    """Whether two numbers are one derivative: limits know it no better.

    >>> is_same(1.0, 1.0 + 1e-9), is_same(0.0, 1e-9)
    (True, False)
    """
    return math.isclose(one, other, rel_tol=_SAME, abs_tol=_SAME * _SAME)
