"""What a mode is asked, what it answers, and how it says which node has no answer."""

from collections.abc import Callable, Mapping
from typing import Any, Generic, NamedTuple, TypeAlias

from adcalc.arithmetics.base import V
from adcalc.errors import UsageError, suggestion
from adcalc.graph.graph import Graph
from adcalc.graph.node import NodeId
from adcalc.modes import CONVENTIONS, MODES
from adcalc.rules.compiled import Compiled


class Problem(NamedTuple, Generic[V]):
    """One output of a graph, the inputs to differentiate it by, and the value of every input.

    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> Problem(graph, x, (x,), {x: 2.0}).wrt
    (0,)
    """

    graph: Graph
    output: NodeId
    wrt: tuple[NodeId, ...]
    point: Mapping[NodeId, V]


class Derivatives(NamedTuple, Generic[V]):
    """A value, and its partial derivatives in the order of `Problem.wrt`; None where no derivative flows at all."""

    value: V
    partials: tuple[V | None, ...]


Elsewhere: TypeAlias = Callable[[Mapping[NodeId, float]], tuple[float, tuple[bool, ...]]]
Beside: TypeAlias = Callable[[NodeId, Mapping[NodeId, Any], NodeId, Compiled[Any]], tuple[Problem[Any], NodeId]]


class Way(NamedTuple):
    """The way that a program took, where another point may lead another way, and then to another graph.

    `truths` are those of its conditions. `decided` are these, where a step off the point might change one of them, and
    otherwise there are none. `elsewhere` gives value and truths at another point. `beside` gives, for an output, a
    point in other numbers and one of its inputs, the problem there and that input.
    """

    truths: tuple[bool, ...]
    decided: tuple[NodeId, ...]
    elsewhere: Elsewhere
    beside: Beside


class Tape(NamedTuple, Generic[V]):
    """The primal sweep's record: the nodes that were evaluated, in order, and every node's value by its id.

    `way` is that of a program which may take another one at another point, and None where the graph is the same
    everywhere.
    """

    problem: Problem[V]
    rules: Compiled[V]
    order: list[NodeId]
    values: list[Any]
    way: Way | None = None

    @property
    def value(self) -> V:
        """The output's value."""
        result: V = self.values[self.problem.output]
        return result

    def arguments(self, node: NodeId) -> list[Any]:
        """The values of a node's arguments."""
        return [self.values[argument] for argument in self.problem.graph.nodes[node].args]


class NodeError(Exception):
    """No answer, and the node that is to blame.

    `kind` is "domain", "overflow" (of the value), "slope" (the derivative is infinite), "slope_overflow", "jump",
    "kink" (`slopes` has both one-sided derivatives, `variable` the input they are by), "no_rule", "no_room",
    "no_convergence", or "beside" (there is no limit to the side that the only argument says).
    `clause` is the clause of the row that says so, `values` what the primal sweep had computed by then, and `work` what
    a traced return sweep had done.
    """

    def __init__(
        self,
        kind: str,
        node: NodeId,
        arguments: list[Any],
        slopes: tuple[float, float] | None = None,
        variable: NodeId | None = None,
        clause: int | None = None,
        values: list[Any] | None = None,
    ) -> None:
        super().__init__(kind)
        self.kind = kind
        self.node = node
        self.arguments = arguments
        self.slopes = slopes
        self.variable = variable
        self.clause = clause
        self.values = values
        self.result: tuple[float, float] | None = None  # of a jump that shows in the result alone: there and here
        self.work: Any = None


def require_mode(mode: str, at_kink: str | None) -> None:
    """Raise UsageError for a mode or a convention at kinks that there is not.

    >>> require_mode("forward", None)
    """
    if mode not in MODES:
        raise UsageError(
            f"there is no mode '{mode}'", hint=suggestion(mode, list(MODES)) or f"one of {', '.join(MODES)}"
        )
    if at_kink is not None and at_kink not in CONVENTIONS:
        known = list(CONVENTIONS)
        hint = suggestion(at_kink, known) or f"one of {', '.join(known)}"
        raise UsageError(f"there is no convention '{at_kink}' for kinks", hint=hint)
