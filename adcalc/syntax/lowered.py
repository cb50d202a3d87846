"""What lowering needs, and what it leaves: functions and values to ask for, a graph with all that belongs to it."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol, TypeAlias

from adcalc.errors import Place
from adcalc.graph.graph import Graph
from adcalc.graph.node import NodeId
from adcalc.graph.residual import Residual
from adcalc.syntax.code import Code, Definition, Span


class Guard(NamedTuple):
    """What diff differentiated, by what, and the derivative; how many conditions had been decided by then.

    `own` are those among them that depend on a variable which stands for a value; None where it is one of the program.
    """

    node: NodeId
    variable: NodeId
    slope: NodeId
    before: int
    own: tuple[NodeId, ...] | None = None


class Library(Protocol):
    """The function table, as lowering sees it."""

    @property
    def constants(self) -> frozenset[str]:
        """The names that stand for something by themselves."""

    def find(self, name: str, count: int) -> "Definition | str | None":
        """A definition to inline, the name of an elemental operation, or None where there is no such function."""

    def arities(self, name: str) -> list[str]:
        """How the function may be called: ["log(u)", "log(u, b)"]; empty for an unknown name."""

    def names(self) -> list[str]:
        """Every function's name."""

    def solver(self, residual: Residual, graph: Graph) -> str:
        """The name of the operation that solves an equation, known from now on to the table and to the graph."""


class Guide(Protocol):
    """The values at a point, for a program whose way depends on them."""

    def decide(self, condition: NodeId, definitions: Mapping[NodeId, NodeId]) -> bool:
        """Whether a condition holds."""

    def describe(self, condition: NodeId, definitions: Mapping[NodeId, NodeId]) -> str:
        """A condition with its numbers."""


Differentiate: TypeAlias = Callable[[Graph, NodeId, tuple[NodeId, ...]], list[NodeId | None]]  # partials as nodes


class Lowered:
    """A graph, its result, and what it was made from.

    `spans[id]` is the place in the text that each node came from; `names` are the names that the program gave to
    nodes, `calls` the functions of its own that gave a node its value; `variables` the free variables in order of first
    appearance. `guards` are what `diff` differentiated, and `marks` those inputs by which it did so that stand for
    values, with these. `decided` are the conditions that were decided at the point, `truths` their truth, and `ties`
    says whether one of them compares equal values; `seen` are the values that they asked for, by node.
    `weighed` is what a weighed sum that is the result weighs.
    """

    def __init__(self, code: Code) -> None:
        self.code = code
        self.graph = Graph()
        self.output: NodeId = -1
        self.spans: list[Span] = []
        self.names: dict[NodeId, str] = {}
        self.calls: dict[NodeId, str] = {}
        self.variables: dict[str, NodeId] = {}
        self.decided: list[NodeId] = []
        self.truths: tuple[bool, ...] = ()
        self.ties = False
        self.seen: list[Any] = []
        self.guards: list[Guard] = []
        self.marks: dict[NodeId, NodeId] = {}
        self.weighed: NodeId | None = None
        self.plans: dict[Any, Any] = {}  # what has been made ready for arrays

    @property
    def results(self) -> tuple[NodeId, ...]:
        """The nodes of the result: one, or those of a list of several values."""
        op, args, _ = self.graph.nodes[self.output]
        return args if op == "array" and not self.has_arrays else (self.output,)

    @property
    def has_arrays(self) -> bool:
        """Whether a variable is an array, or the result is computed of any: see `computes_arrays`."""
        shapes = self.graph.shapes
        return bool(shapes) and (self.computes_arrays or any(node in shapes for node in self.variables.values()))

    @property
    def computes_arrays(self) -> bool:
        """Whether the result is computed of arrays; a list of numbers that is the result is none."""
        shapes = self.graph.shapes
        if not shapes:
            return False
        key = "arrays", self.output, len(self.guards)
        if key not in self.plans:
            only_a_list = self.graph.nodes[self.output].op == "array" and len(self.graph.shape(self.output)) == 1
            live = self.graph.live(self.output, *(guard.node for guard in self.guards))
            self.plans[key] = any(node in shapes for node in live if not (only_a_list and node == self.output))
        return bool(self.plans[key])

    def place(self, node: NodeId) -> Place | None:
        """The stretch of the text that a node came from; None for nodes that were made later.

        >>> from adcalc.rules.table import standard
        >>> from adcalc.errors import Source
        >>> from adcalc.syntax.lower import lower
        >>> from adcalc.syntax.parser import parse
        >>> lowered = lower(parse(Source("x + sin(y)")), standard())
        >>> lowered.place(lowered.output).excerpt
        'x + sin(y)'
        """
        if node >= len(self.spans):
            return None
        return Place(self.code.source, *self.spans[node])
