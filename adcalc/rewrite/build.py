"""Canonical terms back to a graph, in the shape in which a person would write them.

One fraction bar for each product, roots where an exponent is a half, minus signs in front of whole products, and sums
that begin with a positive term where there is one.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from adcalc.graph.graph import Graph
from adcalc.graph.node import CONSTANT, INPUT, NodeId
from adcalc.rewrite.terms import BASE, PRODUCT, SUM, TermId, Terms
from adcalc.syntax.numeral import integer_text, number_text

_HALF: Final = Fraction(1, 2)
_ONE: Final = Fraction(1)


class Build:
    """The nodes of terms in a graph.

    >>> from adcalc.rewrite.algebra import Algebra
    >>> from adcalc.syntax.unparse import unparse
    >>> graph, algebra = Graph(), Algebra()
    >>> x = algebra.leaf("input", "x")
    >>> root = algebra.power(x, algebra.number(Fraction(-1, 2)))
    >>> (node,) = Build(graph, algebra).nodes([algebra.scaled(Fraction(1, 2), root)])
    >>> unparse(graph, node)
    '1/(2*sqrt(x))'
    """

    def __init__(self, graph: Graph, terms: Terms, divide: bool = True) -> None:
        self.graph = graph
        self.terms = terms
        self.divide = divide  # whether 3/2*x is to be written as 3*x/2
        self._nodes: dict[TermId, NodeId] = {}

    def nodes(self, outputs: Iterable[TermId]) -> list[NodeId]:
        """The nodes of some terms."""
        outputs = list(outputs)
        for term in self._needed(outputs):
            if term not in self._nodes:
                self._nodes[term] = self._node(term)
        return [self._nodes[output] for output in outputs]

    def _needed(self, outputs: list[TermId]) -> list[TermId]:
        """The terms that become nodes of their own, arguments before users."""
        terms = self.terms
        needed = bytearray(max(outputs, default=-1) + 1)
        for output in outputs:
            needed[output] = 1
        for term in range(len(needed) - 1, -1, -1):
            if not needed[term]:
                continue
            op, args, _ = terms.terms[term]
            for monomial in args if op == SUM else [term] if op == PRODUCT else []:
                for base, exponent in terms.factors(monomial):
                    needed[base] = 1
                    if terms.value(exponent) is None:
                        needed[exponent] = 1
            if op not in (SUM, PRODUCT):
                for argument in args:
                    needed[argument] = 1
        return [term for term in range(len(needed)) if needed[term]]

    def _node(self, term: TermId) -> NodeId:
        graph = self.graph
        op, args, weights = self.terms.terms[term]
        if op == CONSTANT:
            return graph.constant(weights[0])
        if op == INPUT:
            return graph.input(weights[0])
        if op == BASE:
            return graph.apply("exp", graph.constant(_ONE))
        if op == PRODUCT:
            return self._quotient(_ONE, term)
        if op != SUM:
            return graph.apply(op, *(self._nodes[argument] for argument in args))
        entries = list(zip(args, weights, strict=True))
        leading = next((k for k, (_, weight) in enumerate(entries) if weight > 0), 0)
        entries.insert(0, entries.pop(leading))
        node = self._quotient(entries[0][1], entries[0][0])
        for monomial, weight in entries[1:]:
            node = graph.apply("add" if weight > 0 else "sub", node, self._quotient(abs(weight), monomial))
        return node

    def _quotient(self, coefficient: Fraction, monomial: TermId) -> NodeId:
        """A number times a product of powers, with one bar for all that is divided by."""
        graph, terms = self.graph, self.terms
        above: list[tuple[int, NodeId]] = []
        below: list[tuple[int, NodeId]] = []
        for base, exponent in terms.factors(monomial):
            value = terms.value(exponent)
            rank = terms.rank(base)
            if base == terms.base:
                above.append((self._exponential_rank(exponent), graph.apply("exp", self._exponent(exponent))))
            elif value is None:
                above.append((max(rank, 3), graph.apply("pow", self._nodes[base], self._nodes[exponent])))
            elif value > 0:
                above.append((rank if value.denominator == 1 else max(rank, 3), self._power(base, value)))
            else:
                below.append((rank, self._power(base, -value)))
        above.sort(key=_rank)
        below.sort(key=_rank)
        numerator, denominator = coefficient, _ONE
        if self.divide and self._prefers_quotient(coefficient):
            numerator, denominator = Fraction(coefficient.numerator), Fraction(coefficient.denominator)
        top = [node for _, node in above]
        bottom = [node for _, node in below]
        negative = numerator == -1 and bool(top)
        if not top or abs(numerator) != 1:
            top.insert(0, graph.constant(numerator))
        if denominator != 1:
            bottom.insert(0, graph.constant(denominator))
        node = self._chain(top)
        if bottom:
            node = graph.apply("div", node, self._chain(bottom))
        return graph.apply("neg", node) if negative else node

    def _exponential_rank(self, exponent: TermId) -> int:
        """Where a power of e stands in a product."""
        return 4

    def _chain(self, factors: list[NodeId]) -> NodeId:
        node = factors[0]
        for factor in factors[1:]:
            node = self.graph.apply("mul", node, factor)
        return node

    def _power(self, base: TermId, value: Fraction) -> NodeId:
        node = self._nodes[base]
        if value == 1:
            return node
        if value == _HALF:
            return self.graph.apply("sqrt", node)
        return self.graph.apply("pow", node, self.graph.constant(value))

    def _exponent(self, exponent: TermId) -> NodeId:
        value = self.terms.value(exponent)
        return self._nodes[exponent] if value is None else self.graph.constant(value)

    def _prefers_quotient(self, value: Fraction) -> bool:
        """Whether 3*x/2 is better than 1.5*x."""
        if value.denominator == 1:
            return False
        above, below = integer_text(abs(value.numerator)), integer_text(value.denominator)
        text = number_text(abs(value))
        quotient = len(below) + 1 + (len(above) + 1 if above != "1" else 0)
        return "/" in text or value.denominator <= 4 or quotient < len(text) + 1


def _rank(pair: tuple[int, NodeId]) -> int:
    return pair[0]
