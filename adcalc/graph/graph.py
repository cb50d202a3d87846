"""The expression DAG, the Wengert list and the tape in one: a flat list of nodes, arguments before users.

The list only grows, and it is hash-consed: applying the same operation to the same arguments twice gives the same
id. A shared sub-expression is therefore one node, whoever writes it and however often.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from adcalc.graph.node import CONSTANT, INPUT, Label, Node, NodeId, Shape

if TYPE_CHECKING:
    from adcalc.graph.residual import Residual

_make = tuple.__new__
MAKERS: Final = frozenset(  # operations on numbers that make arrays, or take nothing but arrays
    {"array", "broadcast", "put", "eye", "matmul", "outer", "trace", "det", "logdet", "inv", "solve", "adjugate"}
    | {"cholesky", "diagonal", "diagonal_matrix"}
)


class Graph:
    """An append-only list of nodes in evaluation order.

    >>> graph = Graph()
    >>> x, y = graph.input("x"), graph.input("y")
    >>> graph.apply("mul", x, y) == graph.apply("mul", x, y)
    True
    >>> len(graph)
    3
    """

    __slots__ = ("ids", "known", "nodes", "ops", "residuals", "shapes")

    def __init__(self, residuals: "dict[str, Residual] | None" = None) -> None:
        self.nodes: list[Node] = []
        self.ops: set[str] = set()  # the operations that occur
        self.residuals = {} if residuals is None else residuals  # the equations of operations that solve one
        self.shapes: dict[NodeId, Shape] = {}  # what is not listed is a scalar
        self.ids: dict[tuple[str, tuple[NodeId, ...], Label], NodeId] = {}  # the inverse of `nodes`
        self.known: dict[Any, Any] = {}  # what has been found out about it, and is the same at every point

    def __len__(self) -> int:
        return len(self.nodes)

    def input(self, name: str, shape: Shape = ()) -> NodeId:
        """The id of the independent variable `name`.

        >>> graph = Graph()
        >>> graph.nodes[graph.input("x")]
        Node(op='input', args=(), label='x')
        """
        node = self.adopt(Node(INPUT, (), name))
        if shape:
            self.shapes[node] = shape
        return node

    def constant(self, value: Fraction) -> NodeId:
        """The id of an exact number.

        >>> graph = Graph()
        >>> graph.constant(Fraction(1, 10)) == graph.constant(Fraction("0.1"))
        True
        """
        return self.adopt(Node(CONSTANT, (), value))

    def apply(self, op: str, *args: NodeId) -> NodeId:
        """The id of operation `op` on earlier nodes. Raises ShapeError where their shapes do not fit.

        >>> graph = Graph()
        >>> graph.apply("sin", graph.input("x"))
        1
        """
        key = (op, args, None)  # equal to the node, and quicker to make
        found = self.ids.get(key)
        if found is None:
            if self.shapes or op in MAKERS:
                return self.adopt(_make(Node, key))
            found = self.ids[key] = len(self.nodes)
            self.nodes.append(_make(Node, key))
            self.ops.add(op)
        return found

    def arrange(self, op: str, label: Label, *args: NodeId) -> NodeId:
        """The id of an operation on arrays that its label tells more of: axes, a shape, an index.

        >>> graph = Graph()
        >>> graph.shape(graph.arrange("broadcast", (2, 3), graph.input("x")))
        (2, 3)
        """
        return self.adopt(Node(op, args, label))

    def copy(self, source: "Graph", node: NodeId, args: Iterable[NodeId] = ()) -> NodeId:
        """The id of what a node of another graph is: the same input or constant, or its operation on nodes here.

        >>> graph, other = Graph(), Graph()
        >>> x = other.input("x", (2,))
        >>> graph.shape(graph.copy(other, x))
        (2,)
        """
        op, _, label = source.nodes[node]
        made = self.adopt(Node(op, tuple(args), label))
        if op == INPUT and node in source.shapes:
            self.shapes[made] = source.shapes[node]
        return made

    def shape(self, node: NodeId) -> Shape:
        """The static shape of a node's value; () for a scalar.

        >>> graph = Graph()
        >>> graph.shape(graph.input("x"))
        ()
        """
        return self.shapes.get(node, ())

    def live(self, *outputs: NodeId) -> list[NodeId]:
        """The ids that the outputs depend on, themselves included, ascending: the evaluation order.

        >>> graph = Graph()
        >>> x = graph.input("x")
        >>> unused, used = graph.apply("sin", x), graph.apply("cos", x)
        >>> graph.live(used)
        [0, 2]
        """
        if not outputs:
            return []
        nodes = self.nodes
        top = max(outputs)
        needed = bytearray(top + 1)
        for output in outputs:
            needed[output] = 1
        for node in range(top, -1, -1):
            if needed[node]:
                for argument in nodes[node].args:
                    needed[argument] = 1
        return [node for node in range(top + 1) if needed[node]]

    def below(self, output: NodeId) -> list[NodeId]:
        """What `live` gives, at a cost that goes by the nodes found and not by the size of the graph.

        >>> graph = Graph()
        >>> x = graph.input("x")
        >>> graph.below(graph.apply("cos", x))
        [0, 1]
        """
        nodes = self.nodes
        found = {output}
        waiting = [output]
        while waiting:
            for argument in nodes[waiting.pop()].args:
                if argument not in found:
                    found.add(argument)
                    waiting.append(argument)
        return sorted(found)

    def inputs(self, live: Iterable[NodeId]) -> list[NodeId]:
        """Those of the given nodes that are independent variables, in the order given.

        >>> graph = Graph()
        >>> graph.inputs(graph.live(graph.apply("sin", graph.input("x"))))
        [0]
        """
        return [node for node in live if self.nodes[node].op == INPUT]

    def adopt(self, node: Node) -> NodeId:
        """The id of a node whose arguments are already here. Raises ShapeError where their shapes do not fit.

        >>> graph = Graph()
        >>> graph.adopt(Node("input", (), "x")) == graph.input("x")
        True
        """
        found = self.ids.get(node)
        if found is None:
            op, args, label = node
            if op in MAKERS or (self.shapes and args):
                from adcalc.graph.shape import inferred  # where there are arrays

                shapes = self.shapes
                shape = inferred(op, [shapes.get(argument, ()) for argument in args], label)
                if shape:
                    shapes[len(self.nodes)] = shape
            found = self.ids[node] = len(self.nodes)
            self.nodes.append(node)
            self.ops.add(node.op)
        return found
