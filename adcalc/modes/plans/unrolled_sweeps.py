"""Both sweeps of reverse mode written out: the same operations in the same order, a line for each.

What the sweeps look up node by node is known beforehand: which rule, which arguments are active, which adjoints are
sums. The numbers are the same to the last bit.
"""

import sys
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from adcalc.graph.node import NodeId
from adcalc.modes.base import Tape
from adcalc.modes.digits.faults import UNDERFLOWING
from adcalc.modes.digits.flat import FLAT
from adcalc.modes.digits.looks import Sum, size_of
from adcalc.modes.digits.watch import Watch
from adcalc.modes.edges.suspects import everywhere
from adcalc.modes.plans.unrolled import LARGEST, Listing, Run
from adcalc.modes.sweep import LAZY

_MANY: Final = 4  # terms of an adjoint that are looked at together
_LEAST: Final = sys.float_info.min


def unrolled_sweeps(tape: Tape[float], watch: Watch) -> Run | None:
    """The output's value and its partials by the problem's inputs, as a function of all inputs' numbers.

    It gives None where something stands on an edge, where digits may have been lost, and where a result is not finite
    or nearly 0; it raises ValueError or ArithmeticError where a node has no value. None for a graph that is not the
    same everywhere, for a large one, and where a row has a number that is beyond floating point.

    >>> from adcalc.api import function
    >>> f = function("x*y + y")
    >>> tape = f.tape(*f.at({"x": 2, "y": 3}), (0, 1))
    >>> unrolled_sweeps(tape, Watch(tape.problem.graph, tape.order))([2.0, 3.0])
    [9.0, 3.0, 3.0]
    """
    graph, output, wrt, point = tape.problem
    suspects = everywhere(tape)
    if suspects is None or len(tape.order) > LARGEST or not LAZY.isdisjoint(graph.ops) or watch.places.wide:
        return None
    if not FLAT.isdisjoint(graph.ops) or not tape.rules.table.residuals.keys().isdisjoint(graph.ops):
        return None  # slopes have to be looked at, and an equation may have an edge inside
    if any(kind == "no_rule" for _, clauses in suspects.at for _, kind, _ in clauses):
        return None
    sweeps = _Sweeps(graph, tape.rules)
    try:
        for node in tape.order:
            sweeps.evaluate(node)
        for node, clauses in suspects.at:
            for number, kind, _ in clauses:
                sweeps.avoid(node, number, kind)
        sweeps.look(watch)
        adjoints = sweeps.returned(tape.order, output, suspects.active, watch.small)
    except OverflowError:
        return None
    found = {node: adjoints[node] for node in wrt if node in adjoints}
    sweeps.require(_ordinary(name) for name in (f"x{output}", *found.values()))
    if len(found) < len(wrt):  # a partial is 0 everywhere, and told with what underflows
        sweeps.require(
            f"not {-_LEAST!r} < x{node} < {_LEAST!r}" for node in tape.order if graph.nodes[node].op in UNDERFLOWING
        )
    return sweeps.function(
        list(point), [f"{name} + 0.0" for name in (f"x{output}", *(found.get(one, "0.0") for one in wrt))]
    )


class _Sweeps(Listing):
    """The lines of both sweeps: f1, f2, … are what flows from a node to an argument, b7 is an adjoint of several."""

    def avoid(self, node: NodeId, clause: int, kind: str) -> None:
        """Go no further where a node stands on an edge."""
        op, args, _ = self.graph.nodes[node]
        names = [f"x{argument}" for argument in args]
        lines, (text,) = self.rules.condition_texts(self.printer, op, clause, f"x{node}", names)
        self.lines += lines
        self.require([text if kind == "smooth" else f"not {text}"])

    def returned(self, order: Sequence[NodeId], output: NodeId, active: bytearray, small: float) -> dict[NodeId, str]:
        """The lines of the return sweep (reverse.py); gives the names of the adjoints where a derivative flows."""
        adjoints = {output: "1.0"} if active[output] else {}
        terms: defaultdict[NodeId, list[str]] = defaultdict(list)
        flows = 0
        for node in reversed(order):
            if node not in adjoints:
                continue
            op, args, _ = self.graph.nodes[node]
            pattern = tuple(place for place, argument in enumerate(args) if active[argument])
            if not pattern:
                continue
            names = [f"x{argument}" for argument in args]
            lines, texts = self.rules.pull_texts(self.printer, op, pattern, adjoints[node], f"x{node}", names)
            self.lines += lines
            handed = list(zip(pattern, texts, strict=True))
            for place, text in reversed(handed) if len(args) == 2 else handed:
                argument, flow = args[place], f"f{flows}"
                flows += 1
                self.lines.append(f"{flow} = {text}")
                before = adjoints.get(argument)
                if before is None:
                    adjoints[argument] = flow
                else:
                    adjoints[argument] = f"b{argument}"
                    self.lines.append(f"b{argument} = {before} + {flow}")
                terms[argument].append(flow)
        found: list[Sum] = []
        for argument, several in terms.items():
            total = adjoints[argument]
            if len(several) < _MANY:
                found += [Sum(total, one) for one in several[1:]]  # as large a sum as these has a first one as large
            else:
                found.append(Sum(total, size_of(several)))
        self.keep(found, small)
        return adjoints


def _ordinary(name: str) -> str:
    """A text that is true of a finite number which is not nearly 0."""
    most = sys.float_info.max
    return f"{_LEAST!r} <= {name} <= {most!r} or {_LEAST!r} <= -{name} <= {most!r}"
