"""Terms that are arrays back to a graph: words as products of matrices, their scalars on the first factor."""

from adcalc.graph.graph import Graph
from adcalc.graph.node import NodeId
from adcalc.graph.shape import size
from adcalc.rewrite.build import Build
from adcalc.rewrite.shaped_terms import BEHIND, ShapedTerms
from adcalc.rewrite.terms import PRODUCT, SUM, TermId


class BuildArrays(Build):
    """The nodes of terms that may be arrays.

    >>> from adcalc.rewrite.matrices import Matrices
    >>> from adcalc.syntax.unparse import unparse
    >>> graph, algebra = Graph(), Matrices({"A": (2, 3), "x": (3,), "c": ()})
    >>> for name, shape in algebra.inputs.items():
    ...     _ = graph.input(name, shape)
    >>> A, x, c = (algebra.leaf("input", name) for name in "Axc")
    >>> product = algebra.multiply([(algebra.made("matmul", (A, x)), algebra.one), (c, algebra.one)])
    >>> unparse(graph, BuildArrays(graph, algebra).nodes([product])[0])
    'c*A @ x'
    """

    def __init__(self, graph: Graph, terms: ShapedTerms, divide: bool = True) -> None:
        super().__init__(graph, terms, divide)
        self.shaped = terms

    def _node(self, term: TermId) -> NodeId:
        op, args, weights = self.terms.terms[term]
        if op == "matmul":
            return self._product([self._nodes[one] for one in args])
        if weights and op not in (SUM, PRODUCT, "constant", "input"):
            return self.graph.arrange(op, weights[0], *(self._nodes[one] for one in args))
        return super()._node(term)

    def _product(self, factors: list[NodeId]) -> NodeId:
        """A product of matrices from the left, or from the right where that takes far fewer multiplications."""
        shapes = [self.graph.shape(one) for one in factors]
        rows = 1 if len(shapes[0]) == 1 else shapes[0][-2]
        columns = 1 if len(shapes[-1]) == 1 else shapes[-1][-1]
        from_left = sum(rows * size(shape) for shape in shapes[1:])
        from_right = sum(columns * size(shape) for shape in shapes[:-1])
        if len(factors) > 2 and (columns == 1 < rows or 2 * from_right < from_left):
            node = factors[-1]
            for factor in reversed(factors[:-1]):
                node = self.graph.apply("matmul", factor, node)
            return node
        node = factors[0]
        for factor in factors[1:]:
            node = self.graph.apply("matmul", node, factor)
        return node

    def _exponential_rank(self, exponent: TermId) -> int:
        return super()._exponential_rank(exponent) + (BEHIND if self.shaped.shape(exponent) else 0)

    def _chain(self, factors: list[NodeId]) -> NodeId:
        """A product; where only its last factor is an array, and a product of matrices, that begins with the others."""
        graph = self.graph
        *others, last = factors
        if not others or graph.nodes[last].op != "matmul" or any(graph.shape(one) for one in others):
            return super()._chain(factors)
        rights: list[NodeId] = []
        while graph.nodes[last].op == "matmul":
            last, right = graph.nodes[last].args
            rights.append(right)
        node = graph.apply("mul", super()._chain(others), last)
        for right in reversed(rights):
            node = graph.apply("matmul", node, right)
        return node
