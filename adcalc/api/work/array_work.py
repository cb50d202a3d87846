"""The seen nodes of an array graph, each a piece of its own, and what a trace says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NoReturn

import numpy as np

from adcalc.api.arrays import arrays
from adcalc.api.work.statements import row, statement, text_of
from adcalc.api.work.traces import CLOSE
from adcalc.errors import AdcalcError, UsageError
from adcalc.graph.node import CONDITIONS, INPUT
from adcalc.graph.shape import size
from adcalc.modes.plans.pieces import Piece, Small, fixed
from adcalc.modes.sweep import activity
from adcalc.modes.trace import view
from adcalc.results.trace import Large, Shown, Trace, TraceEdge, TraceNode, TraceStep
from adcalc.syntax.naming import node_names
from adcalc.syntax.unparse import quoted, unparse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from adcalc.api.work.traces import Request
    from adcalc.graph.node import NodeId
    from adcalc.modes.base import NodeError

SHOWN: Final = 1000  # elements of an array that a trace holds; of a larger one it has the norm


class ArrayWork:
    """The seen nodes of an array graph, in the order that is asked for, and their pieces.

    >>> from adcalc.api import function
    >>> from adcalc.api.work.traces import Request
    >>> work = ArrayWork(Request(function("sum(A@x)"), {"A": [[1, 2]], "x": [3, 4]}))
    >>> list(work.names.values()), work.groups
    (['A', 'x', 'v1', 'v2'], [[2], [3]])
    """

    def __init__(self, request: Request) -> None:
        self.request = request
        program, lowered = request.program, request.lowered
        graph, output = lowered.graph, lowered.output
        way, _ = request.arranged(graph.live(output))
        data = fixed(graph, graph.live(output))
        hidden = {node for node in data if node not in lowered.names and node != output}
        seen = view(graph, way.nodes, output, request.closed, hidden)
        self.names = node_names(lowered, seen.nodes)
        point = request.problem.point
        self.given: dict[NodeId, Any] = {node: point[node] for node in seen.nodes if graph.nodes[node].op == INPUT}
        own = [node for node in seen.nodes if node in data]
        self.given.update(zip(own, arrays.evaluated(program, lowered, request.at, own), strict=True))
        computed = [node for node in seen.nodes if node not in self.given]
        self.args = {node: () if node in self.given else seen.args[node] for node in seen.nodes}
        self.level = self._levels(seen.nodes)
        self.groups = [[node] for node in computed]
        if request.order == "layered":
            found: dict[int, list[NodeId]] = {}
            for node in sorted(computed):
                found.setdefault(self.level[node], []).append(node)
            self.groups = [found[level] for level in sorted(found)]
        self.nodes = [*self.given, *(node for group in self.groups for node in group)]
        self.active = self._active()
        self.pieces = self._pieces(computed)

    def _levels(self, nodes: Iterable[NodeId]) -> dict[NodeId, int]:
        level: dict[NodeId, int] = {}
        for node in nodes:
            level[node] = 1 + max((level[argument] for argument in self.args[node]), default=-1)
        return level

    def _active(self) -> set[NodeId]:
        """The nodes that a derivative flows through. Raises NotDifferentiableError where a row has none."""
        request = self.request
        wrt = request.problem.wrt
        tape = request.program.differentiate.tape(request.lowered.graph, request.lowered.output, wrt)
        request.program.require_rules(request.lowered, tape)
        flows = activity(tape, wrt)
        return {node for node in self.nodes if flows[node]}

    def _pieces(self, computed: Sequence[NodeId]) -> dict[NodeId, Piece]:
        from adcalc.api.program import real

        request = self.request
        graph, output = request.lowered.graph, request.lowered.output
        table = request.program.table
        by_name = {name: node for node, name in self.names.items()}
        pieces = {}
        for node in computed:
            small, own = statement(graph, node, self.names)
            part = Small(small, own, by_name, self.names[node], self.names[output])
            pieces[node] = Piece(part, node, self.active, table, real(table))
        return pieces

    def formula(self, piece: Piece, node: NodeId, names: Mapping[NodeId, str] | None = None) -> str:
        """A node of a piece as text, where the piece's own value goes by its name."""
        own = {piece.small.output: quoted(piece.small.name)} if node != piece.small.output else {}
        return unparse(piece.small.graph, node, {**own, **(names or {})})

    def shape(self, node: NodeId) -> tuple[int, ...]:
        """The shape of a node."""
        return self.request.lowered.graph.shape(node)

    def trace(
        self,
        values: Mapping[NodeId, Shown],
        adjoints: Mapping[NodeId, Shown],
        tangents: Mapping[NodeId, Shown],
        edges: tuple[TraceEdge, ...],
        steps: tuple[TraceStep, ...],
    ) -> Trace:
        """The trace as data; of unfinished work, what is known."""
        request, lowered = self.request, self.request.lowered
        users = dict.fromkeys(self.nodes, 0)
        for node in self.nodes:
            for argument in self.args[node]:
                users[argument] += 1
        nodes = tuple(
            TraceNode(
                node,
                self.names[node],
                lowered.graph.nodes[node].op,
                self.args[node],
                text_of(lowered, node, self.names),
                values.get(node),
                adjoints.get(node),
                (tangents.get(node),) if tangents else (),
                lowered.spans[node] if node < len(lowered.spans) else None,
                users[node] > 1,
                self.shape(node),
            )
            for node in self.nodes
        )
        ops = dict.fromkeys(node.op for node in nodes if node.args)
        return Trace(
            request.program.source.text,
            request.at,
            request.mode,
            values.get(lowered.output, 0.0),
            {},
            lowered.output,
            nodes,
            edges,
            steps,
            request.order,
            max(self.level.values(), default=-1) + 1,
            rules={op: row(request.program.table, op) for op in ops if op != "if" and op not in CONDITIONS},
        )

    def refuse(self, error: NodeError, made: Trace) -> NoReturn:
        """Raise the error that a user reads about a point where the work ended in a node of a piece."""
        request = self.request
        try:
            arrays.gradient(request.program, request.lowered, request.at, request.names)
            raise request.program.explained(error, request.lowered)
        except AdcalcError as explained:
            explained.work = made
            raise

    def require(self, made: Trace, on_edge: bool, **found: Any) -> None:
        """Raise the error of a point that has no derivative, or whose derivative the work did not find.

        `found` are the derivatives of the result: the partial by each variable, or one along the seed.
        """
        finite = all(np.all(np.isfinite(part)) for part in (made.value, *found.values()))
        if finite and not on_edge:
            return
        request = self.request
        try:
            slopes = arrays.gradient(request.program, request.lowered, request.at, request.names).partials
        except AdcalcError as explained:
            explained.work = made
            raise
        if request.seed is not None:
            slopes = {"seed": sum(np.sum(slopes[name] * np.asarray(part)) for name, part in request.seed.items())}
        if not all(np.allclose(partial, slopes[name], rtol=CLOSE, atol=0.0) for name, partial in found.items()):
            raise UsageError(
                "at this point the derivative comes from one-sided sweeps, which no trace of arrays shows",
                hint="grad has the answer",
            )


def shown(value: Any, shape: tuple[int, ...]) -> Shown:
    """A number, an array that is small enough to be seen, or how large it is.

    >>> shown(np.ones(2), (2,)), shown(np.ones(()), ())
    (array([1., 1.]), 1.0)
    """
    if not shape:
        return float(value) + 0.0
    if size(shape) <= SHOWN:
        return np.broadcast_to(value, shape) + 0.0
    most = max(float(np.max(value)), -float(np.min(value)))
    if most == 0.0 or not np.isfinite(most):
        return Large(shape, most)
    copies = size(shape) / max(np.size(value), 1)
    if 1e-100 < most < 1e100:
        return Large(shape, float(np.linalg.norm(value) * np.sqrt(copies)))
    return Large(
        shape, most * float(np.linalg.norm(np.asarray(value) / most) * np.sqrt(copies))
    )  # squares would be lost
