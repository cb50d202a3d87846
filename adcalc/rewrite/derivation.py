"""A derivative worked out line by line: rules first, from the outside in, and then the simplifications.

What is still to be differentiated stands in a line as d/dx(…). The leftmost of these is replaced by what its rule says,
wherever it occurs, until none is left. Then `simplify` shows its passes.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from adcalc.graph.count import tree_operations
from adcalc.graph.graph import Graph
from adcalc.graph.node import NodeId
from adcalc.rewrite.pieces import Piece
from adcalc.rewrite.simplify import simplify
from adcalc.rewrite.textbook import POWER, Textbook
from adcalc.rewrite.tidy import Tidy
from adcalc.rewrite.visit import Step
from adcalc.rules.table import Table

LIMITS: Final = (60, 80)  # lines of a derivation that is written in full, and operations of one of them
_SUMS: Final = ("add", "sub")
_ALGEBRA: Final = frozenset(("add", "sub", "neg", "mul", "div", "pow", "sqrt", "input", "constant"))
_IDENTITIES: Final = 3  # that one line quotes


class Line(NamedTuple):
    """One line: an expression of the piece's graph, by which rule, and the sub-expressions that it was applied to.

    >>> Line(0, "", ()).rule
    ''
    """

    expression: NodeId
    rule: str
    applied_to: tuple[NodeId, ...]


def derive(
    piece: Piece, table: Table, sign: str = "d/d", target: NodeId | None = None, limits: tuple[int, int] = LIMITS
) -> list[Line] | None:
    """The lines from d/dx(…) to the derivative in its simplest form; None where that would be too long to read.

    `target` is a node of the piece's graph that is known to be the simplest form; the last line is then that node.
    `limits` are how many lines there may be, and how many operations a line may have.

    >>> from adcalc.rewrite.pieces import whole
    >>> from adcalc.rules.table import standard
    >>> from adcalc.syntax.unparse import unparse
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> piece = whole(graph, graph.apply("mul", x, graph.apply("sin", x)), x)
    >>> for line in derive(piece, standard()):
    ...     print(unparse(piece.graph, line.expression), line.rule, sep=" | ")
    d/dx(x*sin(x)) |
    sin(x) + x*d/dx(sin(x)) | product rule
    sin(x) + x*cos(x) | d sin(u) = cos(u)*du
    """
    graph = piece.graph
    tidy = Tidy(graph, sign)
    textbook = Textbook(tidy, table, piece.variable, piece.functions)
    current = tidy.derivative(piece.output, piece.variable)
    lines = [Line(current, "", ())]
    while waiting := list(tidy.waiting(current, piece.functions)):
        results = [(pending, textbook.apply(graph.nodes[pending].args[0])) for pending in waiting]
        first = results[0][1]
        chosen = [one for one in results if one[1].rule == first.rule] if first.rule == POWER else results[:1]
        for pending, applied in chosen:
            current = tidy.substitute(current, pending, applied.result)
        lines.append(Line(current, first.rule, tuple(graph.nodes[pending].args[0] for pending, _ in chosen)))
        if len(lines) > limits[0] or tree_operations(graph, current) > limits[1]:
            return None
    for step in simplify(graph, [current], table).steps:
        _add(graph, lines, Line(step.outputs[0], _words(step), ()), target is not None)
    if target is not None:
        expressions = [line.expression for line in lines]
        if target in expressions:
            del lines[expressions.index(target) + 1 :]
        _add(graph, lines, Line(target, _last(graph, lines[-1].expression, target), ()), True)
    return lines


def _add(graph: Graph, lines: list[Line], line: Line, ordered: bool) -> None:
    """Another line; one that only changes an order takes the place of the one before, where the order is asked for."""
    if len(lines) > 1 and alike(graph, line.expression, lines[-1].expression):
        if ordered:
            lines[-1] = lines[-1]._replace(expression=line.expression)
    elif line.expression != lines[-1].expression:
        lines.append(line)


def _last(graph: Graph, before: NodeId, target: NodeId) -> str:
    """What leads to the form that is printed without steps, where the passes have ended in another."""
    nodes = graph.nodes
    functions = [{nodes[node].op for node in graph.live(one)} - _ALGEBRA for one in (before, target)]
    if functions[0] != functions[1]:
        return "known identities"
    if tree_operations(graph, target) < tree_operations(graph, before):
        return "simplify further"
    op, after = nodes[before].op, nodes[target].op
    if op == "div" and after != "div" and any(nodes[one].op in _SUMS for one in Tidy(graph).parts(before).above):
        return "split the fraction"
    return "multiply out" if op == "mul" and after in _SUMS else "rearrange"


def _words(step: Step) -> str:
    """What a pass of `simplify` did."""
    kinds = [name for name in step.used if "=" not in name]
    identities = [name for name in step.used if "=" in name]
    quoted = identities[:_IDENTITIES] + ["…"] * (len(identities) > _IDENTITIES)
    return "; ".join([*kinds, *quoted]) or "collect and cancel"


def alike(graph: Graph, left: NodeId, right: NodeId) -> bool:
    """Whether two nodes differ only in the order of summands and factors.

    >>> graph = Graph()
    >>> x, y = graph.input("x"), graph.input("y")
    >>> alike(graph, graph.apply("sub", x, y), graph.apply("add", graph.apply("neg", y), x))
    True
    """
    keys = _keys(graph, (left, right))
    return keys[left] == keys[right]


def _keys(graph: Graph, outputs: Sequence[NodeId]) -> dict[NodeId, int]:
    """A number for each live node, the same for those that differ only in order."""
    tidy = Tidy(graph)
    numbers: dict[object, int] = {}
    keys: dict[NodeId, int] = {}
    for node in graph.live(*outputs):
        op, args, label = graph.nodes[node]
        if op in ("add", "sub", "neg", "mul", "div"):
            key: object = tuple(sorted(_monomial(tidy, keys, *summand) for summand in tidy.summands(node)))
        elif isinstance(label, Fraction):
            key = (_monomial(tidy, keys, 1, node),)
        else:
            key = (op, label, *(keys[argument] for argument in args))
        keys[node] = numbers.setdefault(key, len(numbers))
    return keys


def _monomial(tidy: Tidy, keys: dict[NodeId, int], sign: int, node: NodeId) -> tuple[object, ...]:
    number, above, divisor, below = tidy.parts(node)
    factors = (tuple(sorted(keys[factor] for factor in side)) for side in (above, below))
    return (sign * number.numerator, number.denominator * divisor, *factors)
