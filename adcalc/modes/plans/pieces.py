"""One seen node of an array graph as a piece of its own: how it is computed, and what its adjoint hands down.

What lies between a node and the seen nodes below it is a small graph. Its return sweep, run on nodes from a node that
stands for the adjoint, gives a formula for each argument: X.T @ dL/dY. The formula can be printed, and it can be run.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from adcalc.arithmetics.symbolic import Symbolic
from adcalc.graph.graph import Graph
from adcalc.graph.node import CONDITIONS, CONSTANT, INPUT, NodeId
from adcalc.modes import forward, reverse
from adcalc.modes.base import Problem, Tape
from adcalc.modes.edges.edges import edges
from adcalc.modes.plans.plan import Plan
from adcalc.modes.sweep import activity
from adcalc.rules.shaped import Shaped

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from adcalc.rules.compiled import Compiled
    from adcalc.rules.table import Table

DERIVATIVE: Final = "d/d"  # of the result by a node: a sign, until it has a value


class Small(NamedTuple):
    """The graph of one node alone: its inputs stand for the seen nodes below it, by their names.

    `names` has the seen node of each input's name; `name` is the node's own, `result` that of the result.
    """

    graph: Graph
    output: NodeId
    names: Mapping[str, NodeId]
    name: str
    result: str


class Piece:
    """A node to be computed from `args`, and its adjoint to be handed down to those of them that are active.

    `needs` are the seen nodes whose values the return sweep takes: arguments, or the node's own value (`own`).

    >>> from adcalc.api import function
    >>> f = function("Y = X@W; L = sum(Y); L")
    >>> trace = f.trace(X=[[1, 2]], W=[[3], [4]])
    >>> [edge.formula for edge in trace.edges]
    ['dL/dY @ W.T', 'X.T @ dL/dY', '1']
    """

    def __init__(
        self, small: Small, node: NodeId, active: Collection[NodeId], table: Table, rules: Compiled[float]
    ) -> None:
        self.small, self.node, self.rules = small, node, rules
        graph, output = small.graph, small.output
        self.shape = graph.shape(output)
        order = graph.below(output)
        self.inputs = {one: small.names[str(graph.nodes[one].label)] for one in order if graph.nodes[one].op == INPUT}
        wanted = tuple(one for one, seen in self.inputs.items() if seen in active)
        self.tape: Tape[Any] = Tape(
            Problem(graph, output, wanted, {}), Shaped(table, Symbolic(graph)), order, list(range(len(graph)))
        )
        first = len(graph)
        conditions = [edge.condition for edge in edges(self.tape)] if wanted else []
        self.up = Plan(graph, [output, *conditions], rules, first)
        self.bar = self._sign() if small.name != small.result else graph.constant(Fraction(1))
        self.flows = self._swept(wanted)
        self.down: Plan | None = None
        self._images: dict[NodeId, NodeId] = {}
        if self.flows:
            self.down, self._images = self._return_plan()
        taken = {old for old in self._images if old in self.inputs}
        self.own = output in self._images
        self.needs = {self.inputs[old] for old in taken} | ({node} if self.own else set())

    @property
    def args(self) -> tuple[NodeId, ...]:
        """The seen nodes that the node is computed from."""
        return tuple(self.inputs.values())

    def up_point(self, values: Mapping[NodeId, Any]) -> dict[NodeId, Any]:
        """The point at which `up` is run: its first output is the value, the others say whether it is on an edge."""
        return {one: values[seen] for one, seen in self.inputs.items()}

    def down_point(self, values: Mapping[NodeId, Any], bar: Any) -> dict[NodeId, Any]:
        """The point at which `down` is run: its outputs are the flows, in their order."""
        point = {new: values[self.inputs[old]] for old, new in self._images.items() if old in self.inputs}
        if self.own:
            point[self._images[self.small.output]] = values[self.node]
        if self.bar in self._images and self.small.graph.nodes[self.bar].op != CONSTANT:
            whole = np.broadcast_to(bar, self.shape) if np.shape(bar) != self.shape else bar
            as_matrix = self.down is not None and "matmul" in self.down.graph.ops
            point[self._images[self.bar]] = np.ascontiguousarray(whole) if as_matrix and self.shape else whole
        return point

    def inside(self) -> list[NodeId]:
        """The largest expressions inside the node, in the small graph, that the return sweep computes once more."""
        graph = self.small.graph
        primal = set(self.tape.order) - {self.small.output}
        moving = activity(self.tape, tuple(self.inputs))
        again = {old for old in self._images if old in primal and graph.nodes[old].args and moving[old]}
        users = [old for old in self._images if old not in again and old != self.small.output]
        used = {argument for old in users for argument in graph.nodes[old].args}
        return sorted(again & (used | set(self.flows.values())))

    def tangent(self, tangents: Mapping[NodeId, NodeId]) -> NodeId | None:
        """The tangent of the node, a node of the small graph, from those of its inputs."""
        tangent: NodeId | None = forward.push(self.tape, tangents)
        return tangent

    def _sign(self) -> NodeId:
        """The adjoint as a node that prints as dL/dY."""
        graph, small = self.small.graph, self.small
        own = graph.input(small.name, self.shape)
        return graph.apply(DERIVATIVE, graph.input(small.result), own)

    def _swept(self, wanted: tuple[NodeId, ...]) -> dict[NodeId, NodeId]:
        """What arrives at each of the inputs that are wanted."""
        if not wanted:
            return {}
        graph, rules = self.small.graph, self.tape.rules
        active = activity(self.tape, wanted)
        adjoints = {self.small.output: self.bar}
        for node in reversed(self.tape.order):
            if node in adjoints and graph.nodes[node].args:
                for argument, flow in reverse.flows(self.tape, node, adjoints[node], active):
                    before = adjoints.get(argument)
                    adjoints[argument] = flow if before is None else rules.value("add")(before, flow)
        return {one: adjoints[one] for one in wanted if one in adjoints}

    def _return_plan(self) -> tuple[Plan, dict[NodeId, NodeId]]:
        """The flows over the values that they need, where the node's own value is one of them."""
        graph, output = self.small.graph, self.small.output
        needed = set(self.flows.values())
        waiting = list(needed)
        while waiting:
            node = waiting.pop()
            if node not in (output, self.bar):
                new = set(graph.nodes[node].args) - needed
                needed |= new
                waiting.extend(new)
        back = Graph(graph.residuals)
        images: dict[NodeId, NodeId] = {}
        for node in sorted(needed):
            op, args, _ = graph.nodes[node]
            if node == output or (node == self.bar and op != CONSTANT):
                images[node] = back.input("#value" if node == output else "#bar", graph.shape(node))
            else:
                images[node] = back.copy(graph, node, [images[argument] for argument in args])
        flows = [images[flow] for flow in self.flows.values()]
        return Plan(back, flows, self.rules, 0), images


def fixed(graph: Graph, nodes: Collection[NodeId]) -> set[NodeId]:
    """Those of the given nodes, arguments first, that depend on no input: data, and what is made of data alone.

    >>> graph = Graph()
    >>> x, table = graph.input("x"), graph.apply("array", graph.constant(Fraction(1)))
    >>> fixed(graph, [0, 1, 2, graph.apply("mul", x, table)]) == {1, 2}
    True
    """
    found: set[NodeId] = set()
    for node in nodes:
        op, args, _ = graph.nodes[node]
        if op != INPUT and op not in CONDITIONS and all(argument in found for argument in args):
            found.add(node)
    return found
