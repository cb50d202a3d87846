"""Derivations: the lines of `rewrite.derivation`, checked against each other and written in three notations.

A derivation that is short enough is written in full. Otherwise the expression is cut into pieces that have names, so
that the whole is as long as the expression, and no longer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adcalc.api.formulas.agreement import Chain, Derived, verified
from adcalc.api.program import real
from adcalc.errors import LimitError
from adcalc.graph.count import operations
from adcalc.graph.graph import Graph
from adcalc.render.latex import latex
from adcalc.render.mathml import content
from adcalc.results.derivation import Derivation, DerivationLine, Written
from adcalc.rewrite.derivation import Line, derive
from adcalc.rewrite.pieces import Piece, copied, cut, whole
from adcalc.syntax.unparse import unparse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from adcalc.graph.node import NodeId
    from adcalc.rules.table import Table

_LIMIT: Final = 10_000  # operations of an expression whose derivation is written
_WITHOUT: Final = (1_000_000, 1_000_000)  # limits of a piece, which is small by itself


class Derivations:
    """Derivations in one graph, with the names that its formulas share.

    `sign` is "d/d", or "∂/∂" where there are several variables.
    """

    def __init__(self, graph: Graph, table: Table, sign: str, at: Mapping[str, float]) -> None:
        self.graph = graph
        self.table = table
        self.sign = sign
        self.at = at

    def derivation(
        self, wrt: tuple[str, ...], output: NodeId, target: NodeId, names: Mapping[NodeId, str]
    ) -> Derivation:
        """How the derivative of a node by the last of these variables becomes the target.

        `names` are those that the target's formula uses. Raises InternalError where a line is wrong.
        """
        graph = self.graph
        variable = graph.input(wrt[-1])
        used = {node: names[node] for node in graph.live(target) if node in names}
        lines, chains = self._in_full(output, variable, target, used) or self._in_pieces(output, variable, target, used)
        derived = Derived(graph, output, variable, target)
        points = verified(derived, chains, self.table, real(self.table), self.at)
        return Derivation(wrt, tuple(lines), points)

    def _in_full(
        self, output: NodeId, variable: NodeId, target: NodeId, names: Mapping[NodeId, str]
    ) -> tuple[list[DerivationLine], list[Chain]] | None:
        if operations(self.graph, output) > 100:
            return None  # certainly longer than any line may be
        piece = whole(self.graph, output, variable)
        last = None if names else copied(self.graph, target, piece.graph, {})
        lines = derive(piece, self.table, self.sign, last)
        if lines is None:
            return None
        written = [self._line(piece, line) for line in lines]
        if names:
            written += self._ending("names for what is used again", variable, target, names, None)
        return written, [Chain(piece, tuple(line.expression for line in lines))]

    def _in_pieces(
        self, output: NodeId, variable: NodeId, target: NodeId, names: Mapping[NodeId, str]
    ) -> tuple[list[DerivationLine], list[Chain]]:
        graph = self.graph
        taken = {str(graph.nodes[node].label) for node in graph.inputs(graph.live(output, target))}
        written: list[DerivationLine] = []
        chains: list[Chain] = []
        left: Written | None = None
        for piece in cut(graph, output, variable, taken | set(names.values())):
            value = _written(piece.graph, piece.output)
            written.append(DerivationLine("definition", "", *value, left=_written(*_named(piece.name))))
            if piece.changes:
                lines = derive(piece, self.table, self.sign, None, _WITHOUT)
                assert lines is not None
                left = _written(*self._slope(piece.name, str(graph.nodes[variable].label)))
                first, *rest = (self._line(piece, line) for line in lines[1:])
                written += [first._replace(left=left), *rest]
                chains.append(Chain(piece, tuple(line.expression for line in lines)))
        return written + self._ending("substitute and simplify", variable, target, names, left), chains

    def _ending(
        self, rule: str, variable: NodeId, target: NodeId, names: Mapping[NodeId, str], left: Written | None
    ) -> list[DerivationLine]:
        """The formula itself, after what it has names for."""
        graph = self.graph
        known: dict[NodeId, str] = {}
        lines: list[DerivationLine] = []
        for node, name in names.items():
            value = _written(graph, node, known)
            lines.append(DerivationLine("definition", "", *value, left=_written(*_named(name))))
            known[node] = name
        if left is None:
            left = self._operator(str(graph.nodes[variable].label))
        return [*lines, DerivationLine(rule, "", *_written(graph, target, known), left=left)]

    def _line(self, piece: Piece, line: Line) -> DerivationLine:
        applied = _joined([_written(piece.graph, node) for node in line.applied_to]) if line.applied_to else None
        value = _written(piece.graph, line.expression)
        return DerivationLine(line.rule, applied.text if applied else "", *value, applied=applied)

    def _slope(self, name: str, variable: str) -> tuple[Graph, NodeId]:
        graph = Graph()
        return graph, graph.apply(self.sign, graph.input(name), graph.input(variable))

    def _operator(self, variable: str) -> Written:
        graph = Graph()
        here = graph.input(variable)
        sign, latex_sign = ("∂", r"\partial ") if self.sign == "∂/∂" else ("d", "d ")
        below = f"<mrow><mi>{sign}</mi>{content(graph, here)}</mrow>"
        return Written(
            f"{self.sign}{unparse(graph, here)}",
            f"\\frac{{{latex_sign.rstrip()}}}{{{latex_sign}{latex(graph, here)}}}",
            f"<mfrac><mi>{sign}</mi>{below}</mfrac>",
        )


def keep_within_limits(graph: Graph, output: NodeId) -> None:
    """Raise LimitError where an expression is too large for anybody to read its derivation.

    >>> graph = Graph()
    >>> keep_within_limits(graph, graph.input("x"))
    """
    if operations(graph, output) > _LIMIT:
        raise LimitError(
            f"a derivation is written for expressions of up to {_LIMIT} operations, and this one has more",
            hint="leave out --steps for the formula alone",
        )


def _named(name: str) -> tuple[Graph, NodeId]:
    graph = Graph()
    return graph, graph.input(name)


def _written(graph: Graph, node: NodeId, names: Mapping[NodeId, str] | None = None) -> Written:
    return Written(unparse(graph, node, names), latex(graph, node, names), content(graph, node, names))


def _joined(parts: list[Written]) -> Written:
    """Several expressions, with commas between them."""
    return Written(
        ", ".join(part.text for part in parts),
        ", ".join(part.latex for part in parts),
        "<mo>,</mo>".join(part.mathml for part in parts),
    )
