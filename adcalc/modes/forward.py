"""Forward mode: dual numbers ⟨value, tangent⟩, from the inputs to the output.

A tangent is the derivative along a direction that the seed chooses. The sweep pushes it through every node's rule
beside the value; None means that no derivative flows. One sweep gives one direction (`push`), or every partial at once
(`run`), when a node carries one tangent for each input.
"""

from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Any, Final

from adcalc.arithmetics.base import Operation, V
from adcalc.graph.node import CONNECTIVES, NodeId
from adcalc.modes.base import Derivatives, NodeError, Tape
from adcalc.modes.sweep import activity, taken

_ONE: Final = Fraction(1)
_ZERO: Final = Fraction(0)


def run(tape: Tape[V], active: bytearray | None = None, add: Operation | None = None) -> Derivatives[V]:
    """Every partial of the output by the problem's inputs: all directions in one sweep.

    `active` says through which nodes a derivative flows, where that is known already; `add` is an addition that looks
    at what it adds, in the place of the arithmetic's own, where there are several inputs.

    A node's elemental partials are computed once; each tangent is then their sum, weighted by the arguments' tangents.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.graph.graph import Graph
    >>> from adcalc.modes.base import Problem
    >>> from adcalc.modes.sweep import primal
    >>> from adcalc.rules.compiled import Compiled
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x, y = graph.input("x"), graph.input("y")
    >>> output = graph.apply("add", graph.apply("mul", x, y), y)
    >>> run(primal(Problem(graph, output, (x, y), {x: 3.0, y: 2.0}), Compiled(standard(), Real())))
    Derivatives(value=8.0, partials=(2.0, 4.0))
    """
    wrt = tape.problem.wrt
    if len(wrt) == 1:
        return Derivatives(tape.value, (push(tape, {wrt[0]: tape.rules.arithmetic.constant(_ONE)}),))
    active = activity(tape, wrt) if active is None else active
    result = carried(tape, active, (tape.problem.output,), add=add).get(tape.problem.output, {})
    return Derivatives(tape.value, tuple(result.get(node) for node in wrt))


def carried(
    tape: Tape[V],
    active: bytearray,
    outputs: Collection[NodeId],
    directions: Mapping[NodeId, int] | None = None,
    add: Operation | None = None,
) -> dict[NodeId, dict[int, V]]:
    """The tangents of some nodes, of each along all directions that it moves with: all of them in one sweep.

    A direction is an input, or what `directions` says: inputs may share one. Raises NodeError where a slope is beyond
    the numbers.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.graph.graph import Graph
    >>> from adcalc.modes.base import Problem
    >>> from adcalc.modes.sweep import primal
    >>> from adcalc.rules.compiled import Compiled
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x, y = graph.input("x"), graph.input("y")
    >>> output = graph.apply("mul", x, y)
    >>> tape = primal(Problem(graph, output, (x, y), {x: 3.0, y: 2.0}), Compiled(standard(), Real()))
    >>> carried(tape, activity(tape, (x, y)), (output,))[output]
    {0: 2.0, 1: 3.0}
    """
    wrt = tape.problem.wrt
    one = tape.rules.arithmetic.constant(_ONE)
    add, multiply = add or tape.rules.value("add"), tape.rules.value("mul")
    named = {node: node for node in wrt} if directions is None else directions
    tangents: dict[NodeId, dict[int, Any]] = {node: {} for node in wrt}  # along nothing, where it has no direction
    tangents.update((node, {direction: one}) for node, direction in named.items())
    last_use = _last_uses(tape)
    kept = {*wrt, *outputs}
    node = tape.problem.output
    try:
        for node in tape.order:
            args = tape.problem.graph.nodes[node].args
            if active[node] and args:
                total: dict[int, Any] = {}
                for argument, partial in _partials(tape, node, active, one):
                    for direction, tangent in tangents[argument].items():
                        term = multiply(partial, tangent)
                        before = total.get(direction)
                        total[direction] = term if before is None else add(before, term)
                tangents[node] = total
            for argument in args:
                if last_use[argument] == node and argument not in kept:
                    tangents.pop(argument, None)
    except (ValueError, ArithmeticError) as error:
        raise NodeError("slope_overflow", node, tape.arguments(node)) from error
    return tangents


def push(tape: Tape[V], seed: Mapping[NodeId, V], kinks: Mapping[NodeId, int] | None = None) -> V | None:
    """The derivative of the output along one direction: the seed gives the inputs' tangents.

    `kinks` names nodes that stand exactly on a kink, with the clause to follow: there the one-sided derivative along
    the direction is taken, so that two sweeps (±1) give both slopes.
    """
    tangents = tangent_sweep(tape, seed, kinks)
    result: V | None = tangents[tape.problem.output]
    return result


def tangent_sweep(tape: Tape[V], seed: Mapping[NodeId, V], kinks: Mapping[NodeId, int] | None = None) -> list[V | None]:
    """The tangent of every node along one direction."""
    nodes, values, rules = tape.problem.graph.nodes, tape.values, tape.rules
    tangents: list[Any] = [None] * len(values)
    for node, tangent in seed.items():
        if node < len(tangents):
            tangents[node] = tangent
    node = tape.problem.output
    active = activity(tape, tuple(seed))
    pushes: dict[tuple[str, tuple[int, ...]], Any] = {}
    try:
        for node in tape.order:
            if not active[node]:
                continue
            op, args, _ = nodes[node]
            if not args:
                continue
            if op == "if":
                tangents[node] = _chosen_tangent(tape, node, tangents, kinks)
                continue
            pattern = tuple([k for k, argument in enumerate(args) if tangents[argument] is not None])
            if not pattern:
                continue
            if kinks and kinks.get(node, -1) >= 0:
                function = rules.slope(op, kinks[node], pattern)
            else:
                key = (op, pattern)
                if key not in pushes:
                    pushes[key] = rules.push(op, pattern)
                function = pushes[key]
            tangents[node] = function(
                values[node], *[values[argument] for argument in args], *[tangents[args[k]] for k in pattern]
            )
    except (ValueError, ArithmeticError) as error:
        raise NodeError("slope_overflow", node, tape.arguments(node)) from error
    return tangents


def _chosen_tangent(tape: Tape[V], node: NodeId, tangents: list[Any], kinks: Mapping[NodeId, int] | None) -> Any:
    """The tangent of a choice: of the side that is taken a step along the direction."""
    args = tape.problem.graph.nodes[node].args
    rules = tape.rules
    if rules.arithmetic.decides:
        if kinks and node in kinks:
            return tangents[args[1] if ahead(tape, args[0], tangents) else args[2]]
        return tangents[taken(tape, node)]
    zero = rules.arithmetic.constant(_ZERO)
    sides = [zero if tangents[argument] is None else tangents[argument] for argument in args[1:]]
    return rules.value("if")(tape.values[args[0]], *sides)


def ahead(tape: Tape[V], condition: NodeId, tangents: list[Any]) -> bool:
    """The truth of a condition a small step along the direction of the tangents."""
    nodes, values = tape.problem.graph.nodes, tape.values
    truths: dict[NodeId, bool] = {}
    waiting = [condition]
    while waiting:
        node = waiting[-1]
        op, args, _ = nodes[node]
        if op in CONNECTIVES:
            missing = [argument for argument in args if argument not in truths]
            if missing:
                waiting.extend(missing)
                continue
            known = [truths[argument] for argument in args]
            truths[node] = not known[0] if op == "not" else (all if op == "and" else any)(known)
        else:
            left, right = args
            difference = (tangents[left] or 0) - (tangents[right] or 0)
            if values[left] == values[right] and difference:
                truths[node] = op == "ne" or (op in ("gt", "ge") if difference > 0 else op in ("lt", "le"))
            else:
                truths[node] = bool(values[node])
        waiting.pop()
    return truths[condition]


def _partials(tape: Tape[V], node: NodeId, active: bytearray, one: V) -> list[tuple[NodeId, V]]:
    """The active arguments of a node and the elemental partials by them."""
    op, args, _ = tape.problem.graph.nodes[node]
    rules = tape.rules
    if op == "if":
        if rules.arithmetic.decides:
            side = taken(tape, node)
            return [(side, one)] if active[side] else []
        choose, zero, condition = rules.value("if"), rules.arithmetic.constant(_ZERO), tape.values[args[0]]
        sides = [(args[1], choose(condition, one, zero)), (args[2], choose(condition, zero, one))]
        return [(argument, partial) for argument, partial in sides if active[argument]]
    pattern = tuple([k for k, argument in enumerate(args) if active[argument]])
    result = rules.pull(op, pattern)(one, tape.values[node], *tape.arguments(node))
    partials = result if len(pattern) > 1 else (result,)
    return [(args[k], partial) for k, partial in zip(pattern, partials, strict=True)]


def _last_uses(tape: Tape[V]) -> dict[NodeId, NodeId]:
    """The last node that uses each node: after it, its tangents can be dropped."""
    return {argument: node for node in tape.order for argument in tape.problem.graph.nodes[node].args}
