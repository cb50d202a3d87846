"""The work of reverse mode over arrays as data: pieces run a layer at a time, and what flows as formulas.

No Jacobian is ever made: what an edge between two arrays carries is the formula of what flows along it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from adcalc.api.proofs import array_repair
from adcalc.api.work.array_tangents import pushed, seeded
from adcalc.api.work.array_work import ArrayWork, shown
from adcalc.graph.shape import size
from adcalc.modes.base import NodeError
from adcalc.modes.plans.layered import Execution, layered, spread
from adcalc.modes.plans.ledger import root
from adcalc.results.memory import Memory
from adcalc.results.trace import Shown, Term, Trace, TraceEdge, TraceStep, Update

if TYPE_CHECKING:
    from collections.abc import Iterable

    from adcalc.api.work.traces import Request
    from adcalc.graph.node import NodeId

_WRITTEN: Final = 8  # terms of an accumulator that are written out


def traced(request: Request) -> Trace:
    """The work of forward or reverse mode over arrays at a point.

    Raises what `Function.gradient` raises; the error's `work` is then the trace as far as it went.

    >>> from adcalc.api import function
    >>> trace = function("Y = X@W + B; L = sum(Y^2); L").trace(X=[[1, 2]], W=[[3], [4]], B=[5])
    >>> [edge.formula for edge in trace.edges]
    ['dL/dY @ W.T', 'X.T @ dL/dY', 'sum(dL/dY, axis=0)', '2*Y']
    """
    if request.mode == "forward":
        seeded(request)
        made = pushed(ArrayWork(request))
    else:
        made = _reversed(ArrayWork(request))
    return made._replace(warnings=array_repair.beside(request.program, request.lowered, request.at, request.names))


def _reversed(work: ArrayWork) -> Trace:
    request = work.request
    order = layered(work.groups, work.args)
    points = None if request.checkpoints is None else spread(len(work.groups), request.checkpoints)
    if points is not None and len(points) >= len(work.groups) - 1:
        points = None  # all that is needed is kept
    execution = Execution(work.pieces, order, work.given, request.lowered.output, points)
    record = _Record(work, execution)
    try:
        execution.run(record.see)
    except NodeError as error:
        at = NodeError(error.kind, execution.at, [])
        work.refuse(at, work.trace(record.values, record.adjoints, {}, (), ()))
    for node in request.problem.wrt:
        record.adjoints.setdefault(node, shown(0.0, work.shape(node)))
    made = work.trace(record.values, record.adjoints, {}, tuple(record.edges()), tuple(record.steps))
    gradient = _gradient(work, execution)
    work.require(made, bool(execution.on_edge), **gradient)
    memory = _memory(work, execution)
    return made._replace(gradient=gradient, memory=memory, held=memory.peak.elements if memory.moments else 0)


def _gradient(work: ArrayWork, execution: Execution) -> dict[str, Any]:
    """What arrived at the variables, whole and without negative zeros; copied only where it is somebody else's too."""
    request = work.request
    taken = {id(root(value)) for value in work.given.values()}
    found: dict[str, Any] = {}
    for name, node in zip(request.names, request.problem.wrt, strict=True):
        shape, flow = work.shape(node), execution.gradients.get(node, 0.0)
        if not shape:
            found[name] = float(flow) + 0.0
        elif np.shape(flow) != shape or id(root(flow)) in taken:
            found[name] = np.broadcast_to(flow, shape) + 0.0
        else:
            taken.add(id(root(flow)))
            flow += 0.0
            found[name] = flow
    return found


def _memory(work: ArrayWork, execution: Execution) -> Memory:
    """What was held when, and what was computed once more."""
    returned = {node for moment in execution.moments if moment.phase == "return" for node in moment.nodes}
    inside = tuple(
        (node, work.formula(piece, one))
        for node, piece in work.pieces.items()
        if node in returned
        for one in piece.inside()
    )
    computed = [size(work.shape(node)) for node in work.pieces]
    adjoints = [size(work.shape(node)) for node in work.nodes if node in work.active]
    return Memory(
        tuple(execution.moments),
        tuple(node for node in work.nodes if node in execution.kept),
        tuple(execution.again),
        inside,
        sum(computed) + sum(adjoints) + max((moment.work for moment in execution.moments), default=0),
    )


class _Record:
    """What the execution tells, kept as what is to be shown."""

    def __init__(self, work: ArrayWork, execution: Execution) -> None:
        self.work, self.execution = work, execution
        self.values = {node: shown(value, work.shape(node)) for node, value in work.given.items()}
        self.adjoints: dict[NodeId, Shown] = {}
        self.steps = [TraceStep("start"), *(TraceStep("primal", node) for node in work.given)]
        self.terms: dict[NodeId, list[Term]] = {}
        self.partials: dict[tuple[NodeId, NodeId], float] = {}
        self.formulas = {
            (piece.inputs[one], node): work.formula(piece, flow)
            for node, piece in work.pieces.items()
            for one, flow in piece.flows.items()
        }

    def see(self, phase: str, node: NodeId, value: Any) -> None:
        """A value, an adjoint that is handed down, or an accumulator after that."""
        seen = shown(value, self.work.shape(node))
        if phase in ("primal", "again"):
            self.values[node] = seen
            self.steps.append(TraceStep(phase, node))
        elif phase == "return":
            self.adjoints[node] = seen
            seed = (Update(node, (), seen),) if node == self.work.request.lowered.output else ()
            self.steps.append(TraceStep("return", node, seed))
            self._partial(node)
        else:
            self.adjoints[node] = seen
            self.steps[-1] = self._added(node, seen)

    def edges(self) -> Iterable[TraceEdge]:
        """The edges with what flows along them."""
        for node in self.work.nodes:
            for argument in self.work.args[node]:
                pair = argument, node
                yield TraceEdge(argument, node, self.partials.get(pair), self.formulas.get(pair, ""))

    def _partial(self, node: NodeId) -> None:
        """The partials of a node that is a function of numbers alone."""
        piece = self.work.pieces[node]
        if piece.down is not None and not any(piece.small.graph.shape(one) for one in piece.inputs):
            known = {**self.work.given, **self.execution.values}
            flows = piece.down.run(piece.down_point(known, 1.0))
            for one, flow in zip(piece.flows, flows, strict=True):
                self.partials[piece.inputs[one], node] = float(flow) + 0.0

    def _added(self, node: NodeId, total: Shown) -> TraceStep:
        step = self.steps[-1]
        user = step.node or 0
        terms = self.terms.setdefault(node, [])
        terms.insert(0, Term(user, 0.0, 0.0, self.formulas[node, user]))
        written = tuple(terms) if len(terms) <= _WRITTEN else (terms[0],)
        update = Update(node, written, total, len(terms) - len(written))
        return step._replace(updates=(*step.updates, update))
