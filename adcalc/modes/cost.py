"""What the modes cost, in operations that are counted and not timed.

An operation is an elemental one on numbers: an addition, a product, a sine. Comparisons and choices only decide which
operations are done, and constants are there already; neither counts. The sweeps are counted by running them in an
arithmetic that counts, with the very rules that floats run; so what is stated is what was done.

Reverse mode obeys a bound that the rows give. Let an operation with k active arguments have a pull of p operations;
then a gradient costs at most B times its value, where B is the largest p + k over the operations that occur (1 for
the value, p for the pull, k - 1 for the accumulations), whatever the number of inputs is.

Proof. The return sweep adds once for every flow that reaches an adjoint which has one already: the additions are the
flows less the receivers. An operation hands down k flows, a choice one. Whoever hands down has received, but for the
output; and where anything flows, an input receives too, as ids only fall along flows. So there are at least as many
receivers as there are operations and choices that hand down, and the additions are at most the sum of k - 1 over the
operations. Add 1 + p for each of them, and 1 for each operation that hands down nothing: no sum of terms, each at most
B, is more than B times their number, which is the value's cost (Griewank & Walther 2008, section 4.6, in other words).
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from adcalc.graph.graph import Graph
from adcalc.graph.node import CONDITIONS, Node, NodeId
from adcalc.modes import forward, reverse
from adcalc.modes.edges import singular
from adcalc.modes.sweep import activity, primal, taken
from adcalc.rules.compiled import Compiled
from adcalc.rules.rule import strike

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from adcalc.arithmetics.base import Operation
    from adcalc.modes.base import Problem, Tape
    from adcalc.rules.table import Table

_CONTROL: Final = CONDITIONS | {"if"}


class Bound(NamedTuple):
    """How many times its value a gradient may cost at most, and the operation that it may cost so much for.

    >>> Bound(4, "mul").ratio
    4
    """

    ratio: int
    op: str


class Counting:
    """The arithmetic of another's numbers, in which every operation is counted.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.rules.table import standard
    >>> counting = Counting(Compiled(standard(), Real()))
    >>> Compiled(standard(), counting).pull("mul", (0, 1))(1.0, 6.0, 2.0, 3.0), counting.count
    ((3.0, 2.0), 2)
    """

    infix: frozenset[str] = frozenset()
    decides = True

    def __init__(self, rules: Compiled[float]) -> None:
        self.rules = rules
        self.count = 0

    def constant(self, value: Fraction) -> float:
        """The other arithmetic's constant, which is no operation."""
        return self.rules.arithmetic.constant(value)

    def operation(self, op: str) -> Operation | None:
        """The other arithmetic's operation, made to count: one for each row, even for those that others define."""
        function = self.rules.value(op)
        if op in _CONTROL:
            return function

        def counted(*args: Any) -> Any:
            if args:
                self.count += 1
            return function(*args)

        return counted


class Meter:
    """Counts what value and gradient of a problem cost.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.modes.base import Problem
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x, y = graph.input("x"), graph.input("y")
    >>> product = graph.apply("mul", graph.apply("sin", x), y)
    >>> meter = Meter(Compiled(standard(), Real()))
    >>> tape = meter.tape(Problem(graph, product, (x, y), {x: 1.0, y: 2.0}))
    >>> meter.value(tape), meter.reverse(tape), meter.forward(tape)
    (2, 6, 9)
    """

    def __init__(self, rules: Compiled[float]) -> None:
        self.counting = Counting(rules)
        self.rules: Compiled[float] = Compiled(rules.table, self.counting)

    def tape(self, problem: Problem[float]) -> Tape[float]:
        """The primal sweep of a problem, ready to be counted on."""
        return primal(problem, self.rules)

    def value(self, tape: Tape[float]) -> int:
        """The operations of the primal sweep."""
        return elemental(tape.problem.graph, tape.order)

    def reverse(self, tape: Tape[float]) -> int:
        """The operations of value and gradient in reverse mode: primal sweep, pulls and accumulations."""
        before = self.counting.count
        reverse.run(tape)
        return self.value(tape) + self.counting.count - before

    def forward(self, tape: Tape[float]) -> int:
        """The operations of value and gradient in forward mode: primal sweep and pushes.

        By one input they are the pushes of one direction. By several they are the partials of every node, once, and for
        each tangent that an argument has a product with its partial and, but for the first, a sum.
        """
        wrt = tape.problem.wrt
        before = self.counting.count
        if len(wrt) == 1:
            forward.run(tape)
            return self.value(tape) + self.counting.count - before
        active = activity(tape, wrt)
        terms = tangents = 0
        for node, directions, total in _directions(tape, active):
            terms += total
            tangents += directions
            self._partials(tape, node, active)
        return self.value(tape) + self.counting.count - before + 2 * terms - tangents

    def one_sided(self, tape: Tape[float]) -> int:
        """The operations of a value and both one-sided slopes by every input, at a point on a kink."""
        kinks = singular.find(tape)
        before = self.counting.count
        singular.one_sided(tape, kinks)
        return self.value(tape) + self.counting.count - before

    def _partials(self, tape: Tape[float], node: NodeId, active: bytearray) -> None:
        op, args, _ = tape.problem.graph.nodes[node]
        if op != "if":
            pattern = tuple(k for k, argument in enumerate(args) if active[argument])
            self.rules.pull(op, pattern)(1.0, tape.values[node], *tape.arguments(node))


def tangents(tape: Tape[Any], wrt: tuple[NodeId, ...]) -> int:
    """How many tangents forward mode computes when it carries all directions: the size of its work.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.modes.base import Problem
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x, y = graph.input("x"), graph.input("y")
    >>> product = graph.apply("mul", graph.apply("sin", x), y)
    >>> tangents(primal(Problem(graph, product, (x, y), {x: 1.0, y: 2.0}), Compiled(standard(), Real())), (x, y))
    3
    """
    return sum(directions for _, directions, _ in _directions(tape, activity(tape, wrt)))


def _directions(tape: Tape[Any], active: bytearray) -> list[tuple[NodeId, int, int]]:
    """For each active node but the inputs: along how many directions it moves, and its active arguments together."""
    nodes = tape.problem.graph.nodes
    moved = {node: 1 << index for index, node in enumerate(tape.problem.wrt)}  # one bit for each direction
    found = []
    for node in tape.order:
        op, args, _ = nodes[node]
        if not active[node] or not args:
            continue
        moving = (taken(tape, node),) if op == "if" else args
        sets = [moved.get(argument, 0) for argument in moving if active[argument]]
        union = 0
        for one in sets:
            union |= one
        moved[node] = union
        found.append((node, union.bit_count(), sum(one.bit_count() for one in sets)))
    return found


def elemental(graph: Graph, nodes: Sequence[NodeId]) -> int:
    """How many of the nodes are operations: not inputs, constants, comparisons or choices.

    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> elemental(graph, graph.live(graph.apply("sin", x)))
    1
    """
    return sum(_own(graph.nodes[node]) for node in nodes)


def bound(tape: Tape[Any], table: Table) -> Bound | None:
    """The bound that the gradient of a tape obeys, by whichever of its inputs; None where nothing is differentiated.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.modes.base import Problem
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> bound(primal(Problem(graph, graph.apply("mul", x, x), (), {x: 1.0}), Compiled(standard(), Real())), standard())
    Bound(ratio=4, op='mul')
    """
    graph = tape.problem.graph
    active = activity(tape, tuple(graph.inputs(tape.order)))
    patterns = {
        (graph.nodes[node].op, tuple(k for k, argument in enumerate(graph.nodes[node].args) if active[argument]))
        for node in tape.order
        if active[node] and _own(graph.nodes[node])
    }
    return max((Bound(worst(table, op, pattern), op) for op, pattern in sorted(patterns)), default=None)


def worst(table: Table, op: str, pattern: tuple[int, ...]) -> int:
    """The most that one operation adds to a gradient when some of these arguments are active, its value included.

    >>> from adcalc.rules.table import standard
    >>> worst(standard(), "sin", (0,)), worst(standard(), "add", (0, 1))
    (3, 2)
    """
    subsets = [some for count in range(1, len(pattern) + 1) for some in combinations(pattern, count)]
    rows = [some for some in subsets if all(table.rule(op).mentions(k) for k in some)]
    return max((_pull(table, op, some) + len(some) for some in rows), default=1)


def _pull(table: Table, op: str, active: tuple[int, ...]) -> int:
    """The most operations that a pull can take, whichever side its choices take.

    What is certainly evaluated is evaluated once; what stands inside a choice is written where it is used, and counts
    as often as it is written: that is how rules are printed.
    """
    rule = table.rule(op)
    short = Graph()
    d_inputs = rule.d_inputs()
    struck = [
        strike(rule.graph, rule.differential, [d for other, d in enumerate(d_inputs) if other != k], short)
        for k in active
    ]
    outputs = [output for output in struck if output is not None]
    certain = _certain(short, outputs)
    inside: dict[NodeId, int] = {}
    total = 0
    for node in short.live(*outputs):
        op, args, _ = short.nodes[node]
        parts = [inside[argument] for argument in args]
        taken_side = max(parts[1:]) if op == "if" else 0
        if node in certain:
            inside[node] = 0
            total += _own(short.nodes[node]) + taken_side
        else:
            inside[node] = parts[0] + taken_side if op == "if" else _own(short.nodes[node]) + sum(parts)
    return total


def _certain(graph: Graph, outputs: Sequence[NodeId]) -> set[NodeId]:
    """The nodes that are evaluated whichever sides choices take."""
    found: set[NodeId] = set()
    waiting = list(outputs)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            op, args, _ = graph.nodes[node]
            waiting.extend(args[:1] if op == "if" else args)
    return found


def _own(node: Node) -> int:
    return int(bool(node.args) and node.op not in _CONTROL)
