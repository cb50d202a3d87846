"""A graph of numbers that is evaluated again and again, written out as one Python function: a line for each node.

To write and to compile it takes as long as some thirty evaluations node by node, and each one after that a tenth.
With it go the looks at what may have lost digits (glance.py), on numbers that are at hand.
"""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any, Final, TypeAlias

from adcalc.graph.graph import Graph
from adcalc.graph.node import CONSTANT, INPUT, NodeId
from adcalc.modes.digits.looks import SPACE, Sum, kept, sums, undisturbed
from adcalc.modes.digits.watch import Watch
from adcalc.modes.sweep import LAZY
from adcalc.rules.compiled import Compiled
from adcalc.rules.made import made
from adcalc.rules.printer import INFIX, Printer

LARGEST: Final = 5000  # nodes that are written out

Run: TypeAlias = Callable[[Sequence[float]], list[Any] | None]


def unrolled(
    graph: Graph,
    outputs: Sequence[NodeId],
    inputs: Sequence[NodeId],
    rules: Compiled[float],
    never: Iterable[NodeId] = (),
    watch: Watch | None = None,
) -> Run | None:
    """The outputs as a function of the inputs' numbers; None for a graph with choices, and for a large one.

    None, too, where there is a number that is beyond floating point.

    The function has nothing to say, and gives None, where one of some conditions holds that are `never` to, or where
    the watch notices something. It raises ValueError or ArithmeticError where a node has no value.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> run = unrolled(graph, [graph.apply("mul", x, x), x], [x], Compiled(standard(), Real()))
    >>> run([3.0])
    [9.0, 3.0]
    """
    live = graph.live(*outputs, *never)
    if len(live) > LARGEST or any(graph.nodes[node].op in LAZY for node in live):
        return None
    listing = Listing(graph, rules)
    try:
        for node in live:
            op, args, _ = graph.nodes[node]
            if op == "pow" and graph.nodes[args[1]].label == 2:
                listing.lines.append(f"x{node} = x{args[0]} * x{args[0]}")
            else:
                listing.evaluate(node)
    except OverflowError:
        return None
    listing.require(f"not x{node}" for node in never)
    if watch is not None:
        listing.look(watch)
    return listing.function(inputs, [f"x{node}" for node in outputs])


class Listing:
    """The lines of a function of some inputs of a graph, and the name space in which they mean something.

    A node's value is named after it: x7.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> listing = Listing(graph, Compiled(standard(), Real()))
    >>> listing.evaluate(graph.apply("mul", x, x))
    >>> listing.lines
    ['x1 = (x0 * x0)']
    """

    def __init__(self, graph: Graph, rules: Compiled[float]) -> None:
        self.graph = graph
        self.rules = rules
        self.printer = Printer(rules.arithmetic, rules.value)
        self.space = self.printer.space
        self.lines: list[str] = []

    def evaluate(self, node: NodeId) -> None:
        """The line that gives a node its value, of those of its arguments."""
        op, args, label = self.graph.nodes[node]
        names = [f"x{argument}" for argument in args]
        if op == CONSTANT:
            assert isinstance(label, Fraction)
            self.space[f"x{node}"] = self.rules.arithmetic.constant(label)
        elif op in self.rules.arithmetic.infix:
            self.lines.append(f"x{node} = {INFIX[op].format(*names)}")
        elif op != INPUT:
            self.lines.append(f"x{node} = {self.printer.operation(op)}({', '.join(names)})")

    def look(self, watch: Watch) -> None:
        """Go no further where a watch notices something."""
        self.keep(sums(watch.places, "x{}".format), watch.small, watch.follow)
        self.require(undisturbed(watch.places, "x{}".format))

    def keep(self, sums: Sequence[Sum], small: float, follow: bool = False) -> None:
        """Go no further where one of some sums is much smaller than what it is made of."""
        self.space |= SPACE
        self.lines += kept(sums, small, follow)
        self.require(["kept"])

    def require(self, conditions: Iterable[str]) -> None:
        """Go no further where one of some conditions does not hold."""
        self.lines += [f"if not ({condition}): return None" for condition in conditions]

    def function(self, inputs: Sequence[NodeId], results: Iterable[str]) -> Run:
        """All of it as a function of the inputs, that returns the results."""
        lines = [f"{', '.join(f'x{node}' for node in inputs)}, = inputs" if inputs else "", *self.lines]
        body = "".join(f"    {line}\n" for line in (*lines, f"return [{', '.join(results)}]"))
        run: Run = made(f"def run(inputs):\n{body}", "run", self.space)
        return run
