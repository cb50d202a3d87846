"""Graph to text: the inverse of parser and lowering, by one printer that several notations share.

A notation says of one node how tightly it binds and which pieces it is made of: strings, and operands that must bind at
least so tightly. The printer adds the brackets and keeps what is still to be printed on a stack, so depth is no issue.
"""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final, NamedTuple, Protocol

from adcalc.graph.graph import Graph
from adcalc.graph.node import CONSTANT, DERIVATIVES, INPUT, RELATIONS, Node, NodeId
from adcalc.graph.residual import written
from adcalc.syntax.code import RESERVED
from adcalc.syntax.numeral import integer_text, number_text

# How tightly the phrases of the grammar bind.
ANY, OR, AND, NOT, RELATION, SUM, MODULO, PRODUCT, POWER, ATOM = range(10)

_NAME = re.compile(r"[^\W\d²³¹⁰⁴⁵⁶⁷⁸⁹½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞][^\W²³¹⁰⁴⁵⁶⁷⁸⁹½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞]*")
LEFT: Final = {
    "add": SUM,
    "sub": SUM,
    "mul": PRODUCT,
    "div": PRODUCT,
    "mod": PRODUCT,
    "matmul": PRODUCT,
    "broadcast": PRODUCT,
}  # they begin with an operand
BUDGET = 40  # operations of a text that needs no names


class Operand(NamedTuple):
    """A node to be printed inside another: how tightly it must bind, and whether it may begin with a minus.

    `wide` says that there is nothing around it, so that it may be spaced widely.

    >>> Operand(0, SUM, True).node
    0
    """

    node: NodeId
    level: int = ANY
    minus: bool = True
    wide: bool = False


Pieces = tuple[int, list["str | Operand"]]


class Notation(Protocol):
    """How the nodes of a graph are written."""

    def pieces(self, node: NodeId, minus: bool, wide: bool = False) -> Pieces:
        """How tightly a node binds, and what it is made of; `minus` says whether it may begin with a minus.

        `wide` says whether it stands alone.
        """

    def is_named(self, node: NodeId) -> bool:
        """Whether a name stands for the node, whatever it is made of."""

    def begins_with_operand(self, op: str) -> int | None:
        """The level that an operation demands of an operand that it begins with; None where it begins otherwise."""

    def brackets(self) -> tuple[str, str]:
        """What stands around a phrase that binds too loosely."""


def write(graph: Graph, output: NodeId, notation: Notation) -> str:
    """The text of one expression in a notation.

    >>> graph = Graph()
    >>> write(graph, graph.apply("sin", graph.input("x")), _Plain(graph, {}, frozenset()))
    'sin(x)'
    """
    negative = _begin_with_minus(graph, output, notation)
    opening, closing = notation.brackets()
    text: list[str] = []
    waiting: list[str | Operand] = [Operand(output, wide=True)]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            text.append(item)
            continue
        level, pieces = notation.pieces(item.node, item.minus, item.wide)
        if level < item.level or (item.node in negative and not item.minus and level < ATOM):
            level, pieces = notation.pieces(item.node, True)
            waiting.append(closing)
            waiting.extend(reversed(pieces))
            waiting.append(opening)
        else:
            waiting.extend(reversed(pieces))
    return "".join(text)


def _begin_with_minus(graph: Graph, output: NodeId, notation: Notation) -> set[NodeId]:
    """Which of the nodes to be printed begin with a minus, if nobody puts brackets around them."""
    nodes = graph.nodes
    negative: set[NodeId] = set()
    for node in _printed(graph, output, notation):
        op, args, label = nodes[node]
        if notation.is_named(node):
            continue
        if op == "neg" or (isinstance(label, Fraction) and label < 0):
            negative.add(node)
        elif args and args[0] in negative:
            level = notation.begins_with_operand(op)
            if level is not None and notation.pieces(args[0], True)[0] >= level:
                negative.add(node)
    return negative


def _printed(graph: Graph, output: NodeId, notation: Notation) -> list[NodeId]:
    """The nodes that the text of the output is made of, ascending: names hide what they stand for."""
    found = {output}
    waiting = [output]
    while waiting:
        for argument in graph.nodes[waiting.pop()].args:
            if argument not in found:
                found.add(argument)
                if not notation.is_named(argument):
                    waiting.append(argument)
    return sorted(found)


class _Plain:
    """The language's own notation."""

    def __init__(self, graph: Graph, names: Mapping[NodeId, str], taken: frozenset[str]) -> None:
        self._graph = graph
        self._nodes = graph.nodes
        self._names = names
        self._has_e = "e" in taken
        self._arrays = None
        if graph.shapes:
            from adcalc.syntax.array_text import pieces  # a scalar expression never needs it

            self._arrays = pieces

    def is_named(self, node: NodeId) -> bool:
        return node in self._names

    def brackets(self) -> tuple[str, str]:
        return "(", ")"

    def begins_with_operand(self, op: str) -> int | None:
        return LEFT.get(op)

    def pieces(self, node: NodeId, minus: bool, wide: bool = False) -> Pieces:
        if node in self._names:
            return ATOM, [self._names[node]]
        op, args, label = self._nodes[node]
        if op == INPUT:
            return ATOM, [quoted(str(label))]
        if op == CONSTANT:
            assert isinstance(label, Fraction)
            return number_pieces(label)
        if self._arrays is not None:
            found = self._arrays(self._graph, node, self._names)
            if found is not None:
                return found
        if op == "exp" and self._nodes[args[0]] == _ONE and not self._has_e:
            return ATOM, ["e"]
        if op == "pow":
            return POWER, [Operand(args[0], ATOM, False), "^", *self._exponent(args[1])]
        if op in _BINARY:
            sign, level, tight, right = _BINARY[op]
            spaced = wide and level == PRODUCT
            if op == "mul" and self._graph.shapes and self._nodes[args[0]].op == "matmul":
                tight = POWER  # (x@x)*y: two kinds of products
            sign = " @ " if spaced and op == "matmul" else sign
            return level, [Operand(args[0], tight, minus, spaced), sign, Operand(args[1], right, False)]
        if op == "neg":
            return PRODUCT, ["-", Operand(args[0], PRODUCT, False, wide)]
        if op == "not":
            return NOT, ["not ", Operand(args[0], NOT, False)]
        if op in DERIVATIVES:
            sign, variable = DERIVATIVES[op], quoted(str(self._nodes[args[1]].label))
            if self._nodes[args[0]].op == INPUT and args[0] != args[1]:
                return POWER, [sign, Operand(args[0]), f"/{sign}{variable}"]
            return POWER, [f"{op}{variable}(", Operand(args[0]), ")"]
        if not args:
            return ATOM, [op]
        opening, closing = ("[", "]") if op == "array" else (f"{op}(", ")")
        pieces: list[str | Operand] = [opening]
        for number, argument in enumerate(args):
            pieces += [", "] * bool(number) + [Operand(argument)]
        return ATOM, [*pieces, closing]

    def _exponent(self, node: NodeId) -> list[str | Operand]:
        """An exponent: a minus needs no brackets there, and a simple fraction stays a fraction."""
        op, args, label = self._nodes[node]
        if node in self._names:
            return [Operand(node)]
        if op == "neg" and (self._nodes[args[0]].op not in (CONSTANT, "neg")):
            return ["-", Operand(args[0], POWER, False)]
        if isinstance(label, Fraction):
            if label.denominator == 1:
                return [integer_text(label.numerator)]
            if label.denominator < 10:
                return [f"({integer_text(label.numerator)}/{label.denominator})"]
            text = number_text(label)
            return [f"({text})"] if "/" in text else [text]
        return [Operand(node, POWER, False)]


_ONE = Node(CONSTANT, (), Fraction(1))
_BINARY: Final[dict[str, tuple[str, int, int, int]]] = {
    "add": (" + ", SUM, SUM, MODULO),
    "sub": (" - ", SUM, SUM, MODULO),
    "mul": ("*", PRODUCT, PRODUCT, POWER),
    "div": ("/", PRODUCT, PRODUCT, POWER),
    "matmul": ("@", PRODUCT, PRODUCT, POWER),
    "mod": (" % ", MODULO, PRODUCT, POWER),
    "or": (" or ", OR, OR, AND),
    "and": (" and ", AND, AND, NOT),
    **{op: (f" {sign} ", RELATION, SUM, SUM) for op, sign in RELATIONS.items()},
}


def unparse(graph: Graph, output: NodeId, names: Mapping[NodeId, str] | None = None) -> str:
    """An expression as text of the language, with no more brackets than it needs.

    `names` are nodes to be printed as a name. The text parses and lowers back to the same node, except that constants
    are folded and that a minus before a product belongs to the product's first factor.

    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> third = graph.constant(Fraction(1, 3))
    >>> unparse(graph, graph.apply("mul", third, graph.apply("pow", graph.apply("neg", x), third)))
    '1/3*(-x)^(1/3)'
    """
    output, names = written(graph, output, names or {})
    return write(graph, output, _Plain(graph, names, labels(graph, (output,)) | set(names.values())))


def unparse_program(
    graph: Graph, outputs: Sequence[NodeId], budget: int = BUDGET, taken: frozenset[str] = frozenset()
) -> tuple[list[tuple[str, str]], list[str]]:
    """Several expressions as text, after statements that name what they share: (name, text) of each, then the texts.

    Names appear only where the expressions printed in full have more than `budget` operations and half as many again
    as the graph. The length of the text is then linear in the number of nodes.

    >>> graph = Graph()
    >>> node = graph.input("x")
    >>> for _ in range(6):
    ...     node = graph.apply("mul", graph.apply("sin", node), node)
    >>> statements, texts = unparse_program(graph, [node])
    >>> len(statements), texts
    (2, ['sin(sin(b)*b)*(sin(b)*b)'])
    """
    from adcalc.syntax.sharing import shared_names

    outputs = [written(graph, output, {})[0] for output in outputs]
    statements: list[tuple[str, str]] = []
    known: dict[NodeId, str] = {}
    notation = _Plain(graph, known, labels(graph, outputs))
    for node, name in shared_names(graph, outputs, budget, taken).items():
        statements.append((name, write(graph, node, notation)))
        known[node] = name
    return statements, [write(graph, output, notation) for output in outputs]


def labels(graph: Graph, outputs: Sequence[NodeId]) -> frozenset[str]:
    """The names of the variables in some expressions.

    >>> graph = Graph()
    >>> labels(graph, [graph.input("x")])
    frozenset({'x'})
    """
    return frozenset(str(graph.nodes[node].label) for node in graph.inputs(graph.live(*outputs)))


def quoted(name: str) -> str:
    """A variable's name as the language writes it: in backquotes where it is not a plain word.

    >>> quoted("x_1"), quoted("flow rate"), quoted("if")
    ('x_1', '`flow rate`', '`if`')
    """
    return name if _NAME.fullmatch(name) and name not in RESERVED else f"`{name}`"


def number_pieces(value: Fraction) -> Pieces:
    """A constant as a piece: a quotient binds like one, and so does a minus.

    >>> number_pieces(Fraction(2, 3))
    (7, ['2/3'])
    """
    text = number_text(value)
    return PRODUCT if "/" in text or value < 0 else ATOM, [text]
