"""One visit of every node of a graph with arrays, whose terms stand for them up to repetition."""

from adcalc.graph.graph import Graph
from adcalc.graph.node import INPUT, Label, NodeId
from adcalc.rewrite.build_arrays import BuildArrays
from adcalc.rewrite.matrices import Matrices
from adcalc.rewrite.terms import TermId
from adcalc.rewrite.visit import Visit
from adcalc.rewrite.words import gathered


def matrices(graph: Graph, small: int, medium: int) -> Matrices:
    """An algebra that knows the shapes of a graph's variables.

    >>> graph = Graph()
    >>> _ = graph.input("A", (2, 3))
    >>> matrices(graph, 4, 16).inputs
    {'A': (2, 3)}
    """
    inputs = [node for node in graph.shapes if graph.nodes[node].op == INPUT]
    return Matrices({str(graph.nodes[node].label): graph.shapes[node] for node in inputs}, small, medium)


class ArrayVisit(Visit):
    """One visit of every node of a graph with arrays.

    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> A = graph.input("A", (2, 3))
    >>> total = graph.apply("add", A, A)
    >>> (found,) = ArrayVisit(graph, standard(), matrices(graph, 4, 16), True).run([total]).outputs
    >>> graph.shape(found)
    (2, 3)
    """

    algebra: Matrices

    def _call(self, op: str, args: tuple[NodeId, ...], label: Label) -> TermId:
        shapes = tuple([self.graph.shape(argument) for argument in args])
        return self.algebra.node(op, tuple([self.terms[argument] for argument in args]), label, shapes)

    def _kept(self, term: TermId) -> TermId:
        return self.algebra.met(self.algebra.lax(term))

    def _whole(self, output: NodeId) -> TermId:
        return self.algebra.wide(self.terms[output], self.graph.shape(output))

    def _build(self) -> BuildArrays:
        return BuildArrays(self.graph, self.algebra, self.divide)

    def _shorter(self, term: TermId) -> TermId | None:
        whole = gathered(self.algebra, term)
        if whole is None:
            return super()._shorter(term)
        self.rewriter.used["factor out"] = None
        return whole
