"""Reverse mode: one return sweep for every partial of one output.

The primal sweep leaves v[0], v[1], … on the tape. The return sweep visits the same ids from the last to the first and
accumulates, for every active argument j of node i, the pull of i's rule:

    bar[j] += pull(rule(i), bar[i])

Ids count upwards from arguments to users, so bar[i] is complete by the time it is used. The work does not grow with the
number of inputs (Griewank & Walther 2008, section 3.3). In the arithmetic of nodes this is symbolic differentiation.
"""

from fractions import Fraction
from typing import Any, Final

from adcalc.arithmetics.base import Operation, V
from adcalc.graph.node import NodeId
from adcalc.modes.base import Derivatives, NodeError, Tape
from adcalc.modes.sweep import ByOp, activity, taken

_ZERO: Final = Fraction(0)
_ONE: Final = Fraction(1)


def run(tape: Tape[V], active: bytearray | None = None, add: Operation | None = None) -> Derivatives[V]:
    """Every partial of the output by the problem's inputs; `active` says what flows, where that is known already.

    `add` is an addition that looks at what it adds, in the place of the arithmetic's own.

    >>> from fractions import Fraction
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
    adjoints = sweep(tape, activity(tape, tape.problem.wrt) if active is None else active, add)
    partials = tuple(adjoints[node] if node < len(adjoints) else None for node in tape.problem.wrt)
    return Derivatives(tape.value, partials)


def sweep(tape: Tape[V], active: bytearray, add: Operation | None = None) -> list[Any]:
    """The adjoint of every node; None where no derivative flows.

    Raises NodeError where a slope is beyond the numbers.
    """
    nodes, values, rules = tape.problem.graph.nodes, tape.values, tape.rules
    adjoints: list[Any] = [None] * len(values)
    output = tape.problem.output
    if not active[output]:
        return adjoints
    adjoints[output] = rules.arithmetic.constant(_ONE)
    add = add or rules.value("add")
    both = ByOp(lambda op: rules.pull(op, (0, 1)))
    first = ByOp(lambda op: rules.pull(op, (0,)))
    second = ByOp(lambda op: rules.pull(op, (1,)))
    node = output
    try:
        for node in reversed(tape.order):
            bar = adjoints[node]
            if bar is None:
                continue
            op, args, _ = nodes[node]
            if len(args) == 2:
                left, right = args
                if active[left]:
                    if active[right]:
                        flow, other = both[op](bar, values[node], values[left], values[right])
                        before = adjoints[right]
                        adjoints[right] = other if before is None else add(before, other)
                    else:
                        flow = first[op](bar, values[node], values[left], values[right])
                else:
                    flow = second[op](bar, values[node], values[left], values[right])
                    left = right
                before = adjoints[left]
                adjoints[left] = flow if before is None else add(before, flow)
            elif len(args) == 1:
                argument = args[0]
                flow = first[op](bar, values[node], values[argument])
                before = adjoints[argument]
                adjoints[argument] = flow if before is None else add(before, flow)
            elif args:
                for argument, flow in flows(tape, node, bar, active):
                    before = adjoints[argument]
                    adjoints[argument] = flow if before is None else add(before, flow)
    except (ValueError, ArithmeticError) as error:
        raise NodeError("slope_overflow", node, tape.arguments(node)) from error
    return adjoints


def flows(tape: Tape[V], node: NodeId, bar: V, active: bytearray) -> list[tuple[NodeId, V]]:
    """What the adjoint of one node hands down to each of its active arguments, an argument used twice named twice."""
    op, args, _ = tape.problem.graph.nodes[node]
    rules = tape.rules
    if op == "if":
        if rules.arithmetic.decides:
            side = taken(tape, node)
            return [(side, bar)] if active[side] else []
        choose, zero, condition = rules.value("if"), rules.arithmetic.constant(_ZERO), tape.values[args[0]]
        sides = [(args[1], choose(condition, bar, zero)), (args[2], choose(condition, zero, bar))]
        value = tape.values[node]
        return [(side, rules.received(flow, value, tape.values[side])) for side, flow in sides if active[side]]
    pattern = tuple(k for k, argument in enumerate(args) if active[argument])
    if not pattern:
        return []
    result = rules.pull(op, pattern)(bar, tape.values[node], *tape.arguments(node))
    parts = result if len(pattern) > 1 else (result,)
    return [(args[k], part) for k, part in zip(pattern, parts, strict=True)]
