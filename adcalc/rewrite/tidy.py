"""Expressions kept tidy while a derivation is worked out: what every teacher does without a word.

Factors 1 and summands 0 are not written, numbers and signs go to the front, a fraction has one bar, and a product in
which nothing is left to differentiate is put in the usual order. Nothing is cancelled, collected or multiplied out:
that would be a step of its own.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Final, NamedTuple

from adcalc.graph.graph import Graph
from adcalc.graph.node import CONSTANT, DERIVATIVES, INPUT, NodeId
from adcalc.syntax.numeral import number_text

_ONE: Final = Fraction(1)
_SMALL: Final = 4  # the denominator of a decimal that goes below the bar
_SUMS: Final = frozenset(("add", "sub"))


class Parts(NamedTuple):
    """A product as number·factors over number·factors; the number below is positive.

    >>> Parts(Fraction(2), [0], Fraction(3), [1]).above
    [0]
    """

    number: Fraction
    above: list[NodeId]
    divisor: Fraction
    below: list[NodeId]


class Tidy:
    """The nodes of a graph, some of which hold derivatives that are still to be taken.

    >>> graph = Graph()
    >>> tidy, x = Tidy(graph), graph.input("x")
    >>> slope = tidy.derivative(tidy.apply("sin", x), x)
    >>> graph.nodes[tidy.substitute(tidy.apply("mul", x, slope), slope, graph.constant(Fraction(-2)))].op
    'mul'
    """

    def __init__(self, graph: Graph, sign: str = "d/d") -> None:
        self.graph = graph
        self.sign = sign  # how derivatives are written: an operation of `DERIVATIVES`
        self._open: set[NodeId] = set()
        self._seen = 0

    def number(self, value: Fraction | int) -> NodeId:
        """The node of a number."""
        return self.graph.constant(Fraction(value))

    def derivative(self, node: NodeId, variable: NodeId) -> NodeId:
        """The node that stands for a derivative still to be taken."""
        return self.graph.apply(self.sign, node, variable)

    def is_open(self, node: NodeId) -> bool:
        """Whether a derivative is still to be taken somewhere in a node."""
        nodes = self.graph.nodes
        for other in range(self._seen, len(nodes)):
            op, args, _ = nodes[other]
            if op in DERIVATIVES or not self._open.isdisjoint(args):
                self._open.add(other)
        self._seen = len(nodes)
        return node in self._open

    def waiting(self, node: NodeId, named: frozenset[NodeId] = frozenset()) -> Iterator[NodeId]:
        """The derivatives still to be taken, from left to right; those of `named` nodes are left as they are.

        >>> graph = Graph()
        >>> tidy, x = Tidy(graph), graph.input("x")
        >>> slope = tidy.derivative(tidy.apply("sin", x), x)
        >>> list(tidy.waiting(tidy.apply("mul", x, slope))) == [slope]
        True
        """
        stack, met = [node], {node}
        while stack:
            node = stack.pop()
            op, args, _ = self.graph.nodes[node]
            if op in DERIVATIVES:
                if args[0] not in named:
                    yield node
                continue
            for argument in reversed(args):
                if argument not in met and self.is_open(argument):
                    met.add(argument)
                    stack.append(argument)

    def substitute(self, node: NodeId, old: NodeId, new: NodeId) -> NodeId:
        """A node with another in the place of a derivative, tidied on the way up."""
        made = {old: new}
        for other in self.graph.live(node):
            op, args, _ = self.graph.nodes[other]
            if other != old and op not in DERIVATIVES and not made.keys().isdisjoint(args):
                made[other] = self.apply(op, *(made.get(argument, argument) for argument in args))
        return made.get(node, node)

    def rebuilt(self, node: NodeId, first: NodeId) -> NodeId:
        """A node tidied down to those before `first`, which stay as they are."""
        made: dict[NodeId, NodeId] = {}
        for other in self.graph.live(node):
            op, args, _ = self.graph.nodes[other]
            if other >= first and args and op not in DERIVATIVES:
                made[other] = self.apply(op, *(made.get(argument, argument) for argument in args))
        return made.get(node, node)

    def apply(self, op: str, *args: NodeId) -> NodeId:
        """The node of an operation, tidy where it is one of the four."""
        if op == "neg":
            return self.sum([(-1, args[0])])
        if op in _SUMS:
            return self.sum([(1, args[0]), (1 if op == "add" else -1, args[1])])
        if op == "mul":
            return self.product(args)
        if op == "div":
            return self.product(args[:1], args[1:])
        return self.graph.apply(op, *args)

    # ------------------------------------------------------------ sums

    def sum(self, summands: Iterable[tuple[int, NodeId]]) -> NodeId:
        """The sum of nodes with signs, in the order given; numbers are added up."""
        nodes = self.graph.nodes
        waiting = list(summands)[::-1]
        found: list[tuple[int, NodeId]] = []
        total, place = Fraction(0), 0
        while waiting:
            sign, node = waiting.pop()
            op, args, label = nodes[node]
            if sign > 0 and op in _SUMS:
                waiting += [(1 if op == "add" else -1, args[1]), (1, args[0])]
            elif isinstance(label, Fraction):
                place = len(found) if not total else place
                total += sign * label
            else:
                parts = self.parts(node)
                if parts.number < 0:
                    sign, node = -sign, self._assembled(parts._replace(number=-parts.number))
                found.append((sign, node))
        if total or not found:
            found.insert(place, (1 if total >= 0 else -1, self.number(abs(total))))
        sign, result = found[0]
        if sign < 0:
            parts = self.parts(result)
            result = self._assembled(parts._replace(number=-parts.number))
        for sign, node in found[1:]:
            result = self.graph.apply("add" if sign > 0 else "sub", result, node)
        return result

    def summands(self, node: NodeId) -> list[tuple[int, NodeId]]:
        """A sum as nodes with signs, all brackets opened.

        >>> graph = Graph()
        >>> x, y = graph.input("x"), graph.input("y")
        >>> Tidy(graph).summands(graph.apply("sub", x, graph.apply("sub", x, y)))
        [(1, 0), (-1, 0), (1, 1)]
        """
        found: list[tuple[int, NodeId]] = []
        waiting = [(1, node)]
        while waiting:
            sign, node = waiting.pop()
            op, args, _ = self.graph.nodes[node]
            if op in _SUMS:
                waiting += [(sign if op == "add" else -sign, args[1]), (sign, args[0])]
            elif op == "neg" and self.graph.nodes[args[0]].op in ("neg", *_SUMS):
                waiting.append((-sign, args[0]))
            else:
                found.append((sign, node))
        return found

    # ------------------------------------------------------------ products

    def product(self, above: Iterable[NodeId], below: Iterable[NodeId] = ()) -> NodeId:
        """The product of nodes, divided by others."""
        whole = Parts(_ONE, [], _ONE, [])
        for node in above:
            whole = self._times(whole, self.parts(node))
        for node in below:
            whole = self._times(whole, self._inverse(node))
        return self._assembled(whole)

    def parts(self, node: NodeId) -> Parts:
        """A product as its number and its factors, above and below the bar, all brackets opened.

        >>> graph = Graph()
        >>> x = graph.input("x")
        >>> Tidy(graph).parts(graph.apply("neg", graph.apply("div", x, graph.constant(Fraction(2)))))
        Parts(number=Fraction(-1, 1), above=[0], divisor=Fraction(2, 1), below=[])
        """
        number, divisor = _ONE, _ONE
        above: list[NodeId] = []
        below: list[NodeId] = []
        waiting = [(node, False)]
        while waiting:
            node, inverted = waiting.pop()
            op, args, label = self.graph.nodes[node]
            if op == "neg":
                number = -number
                waiting.append((args[0], inverted))
            elif op == "mul":
                waiting += [(args[1], inverted), (args[0], inverted)]
            elif op == "div" and not inverted:
                waiting += [(args[1], True), (args[0], False)]
            elif isinstance(label, Fraction) and not (inverted and label <= 0):
                number, divisor = (number, divisor * label) if inverted else (number * label, divisor)
            else:
                (below if inverted else above).append(node)
        return Parts(number, above, divisor, below)

    def joined(self, factors: list[NodeId]) -> NodeId:
        """The plain product of nodes, in the order given.

        >>> graph = Graph()
        >>> graph.nodes[Tidy(graph).joined([graph.input("x"), graph.input("y")])].op
        'mul'
        """
        result = factors[0]
        for factor in factors[1:]:
            result = self.graph.apply("mul", result, factor)
        return result

    def _inverse(self, node: NodeId) -> Parts:
        if self.graph.nodes[node].op == "div":
            return Parts(_ONE, [], _ONE, [node])
        number, above, divisor, below = self.parts(node)
        if below or divisor != 1 or not number:
            return Parts(_ONE, [], _ONE, [node])
        return Parts(Fraction(1 if number > 0 else -1), [], abs(number), above)

    def _times(self, left: Parts, right: Parts) -> Parts:
        return Parts(
            left.number * right.number,
            left.above + right.above,
            left.divisor * right.divisor,
            left.below + right.below,
        )

    def _assembled(self, parts: Parts) -> NodeId:
        number, above, divisor, below = parts
        if not number:
            return self.number(0)
        negative = number < 0
        if (below or divisor != 1) and (number.denominator <= _SMALL or "/" in number_text(number)):
            number, divisor = Fraction(number.numerator), divisor * number.denominator
        if not any(self.is_open(node) for node in above):
            above = sorted(above, key=self._rank)
        below = sorted(below, key=self._rank)
        if not above:
            above, negative = [self.number(number)], False
        elif abs(number) != 1:
            above, negative = [self.number(number), *above], False
        node = self.joined(above)
        if divisor != 1:
            below = [self.number(divisor), *below]
        if below:
            node = self.graph.apply("div", node, self.joined(below))
        return self.graph.apply("neg", node) if negative else node

    def _rank(self, node: NodeId) -> int:
        """Where a factor stands: numbers, constants, variables, powers, functions, sums."""
        op, args, _ = self.graph.nodes[node]
        if op == "pow" and self.graph.nodes[args[0]].op == INPUT:
            exponent = self.graph.nodes[args[1]].label
            return 2 if isinstance(exponent, Fraction) and exponent.denominator == 1 else 3
        if op in ("pow", "sqrt"):
            inner = self.graph.nodes[args[0]].op
            return 5 if inner in _SUMS else 3 if inner in (INPUT, CONSTANT) else 4
        return 0 if op == CONSTANT else 2 if op == INPUT else 5 if op in _SUMS else 4 if args else 1
