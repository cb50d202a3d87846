"""Which second derivatives can be other than 0: the pairs of inputs that meet in a non-linear operation.

The rows say it themselves. A row's differential is linear in its d-names; where the factor of dw mentions u, or the
function's own value v, the second derivative by u and w is other than 0 somewhere. So sums, differences and products
with constants join nothing, a product joins its two factors with each other, and a sine its argument with itself. Sets
of inputs are kept below non-linear operations alone, so that a sum of a million terms costs nothing. A set is an
integer, bit k for input k.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from adcalc.graph.graph import Graph
from adcalc.graph.node import CONDITIONS, CONSTANT, INPUT, NodeId
from adcalc.rules.compiled import Compiled
from adcalc.rules.rule import strike


class Interactions:
    """For each operation, which of its arguments it joins, and which a derivative flows through.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.rules.table import standard
    >>> found = Interactions(Compiled(standard(), Real()))
    >>> [found.joined(op) for op in ("add", "mul", "div", "sin", "abs")]
    [(), ((0, 1),), ((0, 1), (1, 1)), ((0, 0),), ()]
    """

    def __init__(self, rules: Compiled[Any]) -> None:
        self._rules = rules
        self._joined: dict[str, tuple[tuple[int, int], ...]] = {}
        self._flowing: dict[str, tuple[int, ...]] = {}

    def flowing(self, op: str) -> tuple[int, ...]:
        """The arguments by which an operation has a derivative other than 0: none of those of floor."""
        found = self._flowing.get(op)
        if found is None:
            if op == "if":
                found = (1, 2)
            elif op in CONDITIONS or op in (INPUT, CONSTANT):
                found = ()
            else:
                count = len(self._rules.table.rule(op).parameters)
                found = tuple(k for k in range(count) if self._rules.active(op, (k,)))
            self._flowing[op] = found
        return found

    def joined(self, op: str) -> tuple[tuple[int, int], ...]:
        """The pairs of arguments by which an operation has a second derivative other than 0 somewhere."""
        found = self._joined.get(op)
        if found is None:
            found = () if op == "if" or not self.flowing(op) else tuple(sorted(self._pairs(op)))
            self._joined[op] = found
        return found

    def _pairs(self, op: str) -> set[tuple[int, int]]:
        """The pairs of a row: those where a factor moves with an argument, by itself or by the function's value."""
        rule = self._rules.table.rule(op)
        flowing, d_inputs = self.flowing(op), rule.d_inputs()
        value = len(rule.parameters)
        pairs = set()
        for factor in flowing:
            short = Graph()
            others = [node for k, node in enumerate(d_inputs) if k != factor]
            output = strike(rule.graph, rule.differential, others, short)
            if output is None:
                continue
            for mentioned in range(value + 1):
                if self._moves(short, output, rule.graph.nodes[mentioned].label):
                    with_it = flowing if mentioned == value else (mentioned,)
                    pairs |= {(min(factor, k), max(factor, k)) for k in with_it if k in flowing}
        return pairs

    def _moves(self, row: Graph, output: NodeId, name: Any) -> bool:
        """Whether an expression of a row moves with an input: not where it only decides, or is rounded."""
        moving: set[NodeId] = set()
        for node in row.live(output):
            op, args, label = row.nodes[node]
            if label == name if op == INPUT else any(args[k] in moving for k in self.flowing(op)):
                moving.add(node)
        return output in moving


def pattern(graph: Graph, output: NodeId, wrt: Sequence[NodeId], meets: Interactions) -> list[int]:
    """For each input, the set of those with which its second derivative may be other than 0.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x, y, z = (graph.input(name) for name in "xyz")
    >>> output = graph.apply("add", graph.apply("mul", x, y), graph.apply("sin", z))
    >>> [list(members(row)) for row in pattern(graph, output, (x, y, z), Interactions(Compiled(standard(), Real())))]
    [[1], [0], [2]]
    """
    nodes = graph.nodes
    live = graph.live(output)
    reached = bytearray(output + 1)  # by a derivative of the output
    wanted = bytearray(output + 1)  # whose inputs have to be known
    reached[output] = 1
    joining: list[NodeId] = []
    for node in reversed(live):
        op, args, _ = nodes[node]
        if not args or not (reached[node] or wanted[node]):
            continue
        for k in meets.flowing(op):
            reached[args[k]] |= reached[node]
            wanted[args[k]] |= wanted[node]
        pairs = meets.joined(op)
        if reached[node] and pairs:
            joining.append(node)
            for pair in pairs:
                for k in pair:
                    wanted[args[k]] = 1
    inputs = {node: 1 << place for place, node in enumerate(wrt)}
    below: dict[NodeId, int] = {}
    for node in live:
        if wanted[node]:
            op, args, _ = nodes[node]
            found = inputs.get(node, 0)
            for k in meets.flowing(op) if args else ():
                found |= below.get(args[k], 0)
            if found:
                below[node] = found
    rows = [0] * len(wrt)
    done: set[tuple[int, int]] = set()
    for node in joining:
        op, args, _ = nodes[node]
        for one, other in meets.joined(op):
            pair = below.get(args[one], 0), below.get(args[other], 0)
            if all(pair) and pair not in done:
                done.add(pair)
                _join(rows, *pair)
    return rows


def _join(rows: list[int], one: int, other: int) -> None:
    for place in members(one):
        rows[place] |= other
    if one != other:
        for place in members(other):
            rows[place] |= one


def members(found: int) -> Iterator[int]:
    """The numbers in a set, ascending.

    >>> list(members(0b1010))
    [1, 3]
    """
    while found:
        lowest = found & -found
        yield lowest.bit_length() - 1
        found ^= lowest
