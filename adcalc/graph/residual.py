"""Implicit functions: the solution of an equation as one node, by what its equation and its differential are.

`root(x^2 - a, x, 1)` is a node of an operation that only this graph has. Its arguments are the start and the values on
which the equation depends; its residual says what the equation is.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from adcalc.graph.node import NodeId

if TYPE_CHECKING:
    from adcalc.graph.graph import Graph


class Residual(NamedTuple):
    """An equation F(v, p, …) = 0, and by the implicit function theorem dv = -(∂F/∂p·dp + …)/(∂F/∂v).

    The graph's first inputs are the start and p, …, then v, then one differential for each of the former. `slope` is
    ∂F/∂v, `regular` the condition that it is not 0, and `unknown` what v is called where the equation is written.
    """

    graph: "Graph"
    output: NodeId
    slope: NodeId
    differential: NodeId
    regular: NodeId
    unknown: str
    arguments: int

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the start and of p, …."""
        return tuple(str(self.graph.nodes[node].label) for node in range(self.arguments))


def written(graph: "Graph", output: NodeId, names: Mapping[NodeId, str]) -> tuple[NodeId, Mapping[NodeId, str]]:
    """A node in which every implicit function is written out as root(F, x, start), and the names of nodes there.

    >>> from adcalc.graph.graph import Graph
    >>> graph = Graph()
    >>> written(graph, graph.input("x"), {})
    (0, {})
    """
    while graph.residuals and any(graph.nodes[node].op in graph.residuals for node in graph.below(output)):
        images: dict[NodeId, NodeId] = {}  # an equation may hold the solution of another one
        for node in graph.below(output):
            op, args, _ = graph.nodes[node]
            moved = tuple([images[argument] for argument in args])
            if op in graph.residuals:
                residual = graph.residuals[op]
                unknown = graph.input(residual.unknown)
                images[node] = graph.apply("root", _equation(graph, residual, moved, unknown), unknown, moved[0])
            else:
                images[node] = node if moved == args else graph.copy(graph, node, moved)
        output, names = images[output], {images.get(node, node): name for node, name in names.items()}
    return output, names


def _equation(graph: "Graph", residual: Residual, args: tuple[NodeId, ...], unknown: NodeId) -> NodeId:
    """The residual over these arguments, in their graph."""
    small = residual.graph
    images = {**dict(enumerate(args)), residual.arguments: unknown}
    for node in small.below(residual.output):
        if node not in images:
            images[node] = graph.copy(small, node, (images[one] for one in small.nodes[node].args))
    return images[residual.output]
