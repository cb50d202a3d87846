"""Products of arrays as a paper prints them, for every notation that draws mathematics.

A product of matrices has no sign, one element by element has one; a vector before a matrix is a row, so it is
transposed; inverses and transposes are exponents.
"""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from adcalc.graph.graph import Graph
from adcalc.graph.node import INPUT, NodeId
from adcalc.syntax.unparse import ATOM, MODULO, POWER, PRODUCT, Operand, Pieces

_TURNED: Final = (1, 0)
_WITHOUT_SIGN: Final = frozenset(("matmul", "outer", "solve"))

Parts = list["str | Operand"]


class Marks(NamedTuple):
    """How a notation writes what arrays need; pairs and triples stand around and between parts."""

    raised: tuple[str, str, str]
    lowered: tuple[str, str, str]
    group: tuple[str, str]  # around what has a subscript already
    brackets: tuple[str, str]
    norm: tuple[str, str]
    top: str
    minus_top: str
    inverse: str
    minus: str
    times: str
    by_elements: str
    divided: str
    circle: str
    comma: str
    total: str
    logarithm: str
    ones: str
    word: Callable[[str], str]
    letter: Callable[[str], str]
    matrix: tuple[str, str, str, str]


class ArrayProducts:
    """Products of arrays in a notation; `names` are nodes that are printed as a name."""

    def __init__(self, graph: Graph, names: Mapping[NodeId, str], marks: Marks) -> None:
        self.graph = graph
        self.names = names
        self.marks = marks

    def rank(self, node: NodeId) -> int:
        """How many axes a node has."""
        return len(self.graph.shape(node))

    def has(self, node: NodeId, op: str) -> bool:
        """Whether a node is an operation that is written out."""
        return node not in self.names and self.graph.nodes[node].op == op

    def called(self, word: str, args: tuple[NodeId, ...], words: tuple[str, ...] = (), below: str = "") -> Pieces:
        """A function with its arguments in brackets, words after them, and what stands below its name."""
        opening, closing = self.marks.brackets
        before = [self.marks.logarithm] * word.startswith("log_")
        parts: Parts = []
        for argument in args:
            parts += [self.marks.comma] * bool(parts) + [Operand(argument)]
        parts += [part for one in words for part in (self.marks.comma, self.marks.letter(one))][not parts :]
        name: Parts = [self.marks.word(word.removeprefix("log_"))]
        name = self.scripted(self.marks.lowered, name, [below]) if below else name
        return ATOM, [*before, *name, opening, *parts, closing]

    def scripted(self, marks: tuple[str, str, str], base: Parts, script: Parts) -> Parts:
        """Something, and what stands above or below it."""
        return [marks[0], *base, marks[1], *script, marks[2]]

    def raised(self, node: NodeId, exponent: str) -> Parts:
        """A node with an exponent."""
        return self.scripted(self.marks.raised, [Operand(node, ATOM, False)], [exponent])

    def element(self, node: NodeId, below: str) -> Parts:
        """What stands below a letter: an index, beside another one that the letter may have."""
        base: Parts = [Operand(node, ATOM, False)]
        if node in self.names or self.graph.nodes[node].op in ("take", INPUT):
            name = self.names.get(node) or str(self.graph.nodes[node].label)
            if len(name) > 1:
                base = [self.marks.group[0], *base, self.marks.group[1]]
        return self.scripted(self.marks.lowered, base, [below])

    def factor(self, node: NodeId, minus: bool) -> Operand:
        """A factor on the left of a product without a sign: what has one inside stands in brackets."""
        op, args, _ = self.graph.nodes[node]
        signed = op in ("mul", "div") and bool(self.rank(args[1])) and (op == "div" or bool(self.rank(args[0])))
        return Operand(node, POWER if signed and node not in self.names else PRODUCT, minus)

    def last(self, node: NodeId) -> Operand:
        """A factor on the right of a product without a sign, where brackets make no difference."""
        whole = node not in self.names and self.graph.nodes[node].op in _WITHOUT_SIGN and not self.makes_row(node)
        return Operand(node, PRODUCT if whole else POWER, False)

    # ------------------------------------------------------------ products

    def turned(self, node: NodeId) -> Parts:
        """A matrix transposed, or a vector as a row."""
        if self.has(node, "transpose") and self.graph.nodes[node].label == _TURNED:
            return [Operand(self.graph.nodes[node].args[0], POWER, False)]
        if self.has(node, "inv"):
            return self.raised(self.graph.nodes[node].args[0], self.marks.minus_top)
        return self.raised(node, self.marks.top)

    def row(self, node: NodeId) -> Parts:
        """A vector as a row: of a product its factors backwards, each transposed."""
        parts: Parts = []
        while self.has(node, "mul") and not self.rank(self.graph.nodes[node].args[0]):
            number, node = self.graph.nodes[node].args
            parts += [Operand(number, PRODUCT, False), self.marks.times]
        if self.makes_row(node):
            return [*parts, Operand(node, PRODUCT, False)]
        waiting = [(node, False)]
        while waiting:  # the last factor comes first
            one, inverted = waiting.pop()
            args = self.graph.nodes[one].args
            if self.has(one, "solve") and not inverted:
                waiting += [(args[0], True), (args[1], False)]
            elif self.has(one, "matmul") and not self.makes_row(one) and not inverted:
                waiting += [(args[0], False), (args[1], False)]
            else:
                parts += [self.marks.times] * (bool(parts) and parts[-1] != self.marks.times)
                parts += self._turned_inverse(one) if inverted else self.turned(one)
        return parts

    def _turned_inverse(self, node: NodeId) -> Parts:
        if self.has(node, "transpose"):
            return self.raised(self.graph.nodes[node].args[0], self.marks.inverse)
        return self.raised(node, self.marks.minus_top)

    def makes_row(self, node: NodeId) -> bool:
        """Whether a product of a vector and a matrix is a row as it stands."""
        if not self.has(node, "matmul"):
            return False
        left, right = self.graph.nodes[node].args
        return self.rank(left) == 1 and self.rank(right) == 2

    def matmul(self, args: tuple[NodeId, ...], minus: bool) -> Pieces:
        """A product without a sign; brackets inside it make no difference."""
        left, right = args
        if max(self.rank(left), self.rank(right)) > 2:
            return PRODUCT, [self.factor(left, minus), self.marks.times, Operand(right, POWER, False)]
        first: Parts = self.row(left) if self.rank(left) == 1 else [self.factor(left, minus)]
        second = self.raised(right, self.marks.top) if self.makes_row(right) else [self.last(right)]
        return PRODUCT, [*first, self.marks.times, *second]

    def outer(self, args: tuple[NodeId, ...], minus: bool) -> Pieces:
        """A column before a row."""
        return PRODUCT, [self.factor(args[0], minus), self.marks.times, *self.row(args[1])]

    def solve(self, args: tuple[NodeId, ...], minus: bool) -> Pieces:
        """The solution of linear equations as the inverse before the right side."""
        _, inverse = self.inv(args[:1], False)
        return PRODUCT, [*inverse, self.marks.times, self.last(args[1])]

    def inv(self, args: tuple[NodeId, ...], minus: bool) -> Pieces:
        """An inverse as an exponent."""
        if self.has(args[0], "transpose"):
            return POWER, self.raised(self.graph.nodes[args[0]].args[0], self.marks.minus_top)
        return POWER, self.raised(args[0], self.marks.inverse)

    def mul(self, args: tuple[NodeId, ...], minus: bool) -> Pieces | None:
        """A product element by element has a sign; one with a number has none."""
        left, right = args
        arrays = bool(self.rank(left)) and bool(self.rank(right))
        whole = left not in self.names and self.graph.nodes[left].op in (*_WITHOUT_SIGN, "sum")
        last = self.last(right) if self.rank(right) and not arrays else Operand(right, POWER, False)
        if not arrays and not whole and last.level == POWER:
            return None
        sign = self.marks.by_elements if arrays else self.marks.times
        return PRODUCT, [Operand(left, POWER if whole else PRODUCT, minus), sign, last]

    def neg(self, args: tuple[NodeId, ...], minus: bool) -> Pieces | None:
        """A minus before a sum over elements needs no brackets."""
        if not self.has(args[0], "sum"):
            return None
        return PRODUCT, [self.marks.minus, Operand(args[0], MODULO, False)]

    def div(self, args: tuple[NodeId, ...], minus: bool) -> Pieces | None:
        """A quotient element by element has a sign; one by a number is a fraction."""
        if not self.rank(args[1]):
            return None
        return PRODUCT, [Operand(args[0], PRODUCT, minus), self.marks.divided, Operand(args[1], POWER, False)]

    def pow(self, args: tuple[NodeId, ...], minus: bool) -> Pieces | None:
        """A power element by element."""
        if not self.rank(args[0]) and not self.rank(args[1]):
            return None
        return POWER, self.scripted(
            self.marks.raised, [Operand(args[0], ATOM, False)], [self.marks.circle, Operand(args[1])]
        )

    def logdet(self, args: tuple[NodeId, ...], minus: bool) -> Pieces:
        """The logarithm of a determinant."""
        level, parts = self.called("det", args)
        return level, [self.marks.logarithm, *parts]
