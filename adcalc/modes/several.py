"""The partials of several results: all directions in one forward sweep, or a return sweep for each result.

Both have the same numbers to compute. Forward mode carries along each node a tangent for each input that it depends on,
reverse mode an adjoint for each result that depends on it; whichever are fewer, is cheaper.
"""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, NamedTuple

from adcalc.arithmetics.base import Operation
from adcalc.graph.node import NodeId
from adcalc.modes import cost, forward, reverse
from adcalc.modes.base import Tape
from adcalc.modes.sweep import taken


class Work(NamedTuple):
    """How many tangents one forward sweep carries, and how many adjoints the return sweeps.

    >>> Work(10, 3).cheaper(4, 1)
    'reverse'
    """

    forward: int
    reverse: int

    def cheaper(self, inputs: int, outputs: int) -> str:
        """The mode that has less to carry; where both have as much, the one with fewer directions."""
        return "forward" if (self.forward, inputs) < (self.reverse, outputs) else "reverse"


def work(tape: Tape[float], outputs: Sequence[NodeId], active: bytearray) -> Work:
    """What each mode would carry.

    >>> from adcalc.api import function
    >>> f = function("x*y*z")
    >>> lowered, at = f.at({"x": 1, "y": 2, "z": 3})
    >>> tape = f.tape(lowered, at, tuple(lowered.variables.values()))
    >>> from adcalc.modes.sweep import activity
    >>> work(tape, [lowered.output], activity(tape, tape.problem.wrt))
    Work(forward=5, reverse=2)
    """
    nodes = tape.problem.graph.nodes
    above = dict.fromkeys(outputs, 0)  # the results that depend on a node, one bit for each
    for number, output in enumerate(outputs):
        above[output] |= 1 << number
    adjoints = 0
    for node in reversed(tape.order):
        op, args, _ = nodes[node]
        some = above.get(node, 0)
        if not some or not args or not active[node]:
            continue
        adjoints += some.bit_count()
        for argument in (taken(tape, node),) if op == "if" else args:
            if active[argument]:
                above[argument] = above.get(argument, 0) | some
    return Work(cost.tangents(tape, tape.problem.wrt), adjoints)


def partials(
    tape: Tape[float], outputs: Sequence[NodeId], active: bytearray, mode: str, add: Operation | None = None
) -> list[tuple[float | None, ...]]:
    """For each output its partials by the problem's inputs, by a mode: "forward" or "reverse".

    `add` is an addition that looks at what it adds.

    Raises NodeError where a slope is beyond the numbers.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.graph.graph import Graph
    >>> from adcalc.modes.together import shared_tape
    >>> from adcalc.rules.compiled import Compiled
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x, y = graph.input("x"), graph.input("y")
    >>> outputs = [graph.apply("mul", x, y), y]
    >>> tape = shared_tape(graph, outputs, (x, y), {x: 2.0, y: 3.0}, Compiled(standard(), Real()))
    >>> from adcalc.modes.sweep import activity
    >>> partials(tape, outputs, activity(tape, (x, y)), "forward")
    [(3.0, 2.0), (None, 1.0)]
    """
    wrt = tape.problem.wrt
    if mode == "forward":
        tangents = forward.carried(tape, active, outputs, add=add)
        found: list[dict[NodeId, Any]] = [tangents.get(output, {}) for output in outputs]
        return [tuple(some.get(node) for node in wrt) for some in found]
    rows = []
    for output in outputs:
        short = tape._replace(
            problem=tape.problem._replace(output=output), order=tape.order[: bisect_right(tape.order, output)]
        )
        rows.append(reverse.run(short, active, add).partials)
    return rows
