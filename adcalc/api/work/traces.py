"""The work of a mode as data: sweeps recorded on the nodes that a reader wants to see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from adcalc.api.asked import Asked
from adcalc.api.program import real
from adcalc.api.work.statements import row, text_of
from adcalc.api.work.substitution import substitution
from adcalc.errors import UnknownVariableError, UsageError, suggestion
from adcalc.graph.node import CONDITIONS
from adcalc.modes import forward, reverse
from adcalc.modes.base import NodeError, Problem
from adcalc.modes.blame import underflow
from adcalc.modes.digits import faults
from adcalc.modes.edges import singular
from adcalc.modes.plans.orders import Order, arranged
from adcalc.modes.sweep import activity, primal
from adcalc.modes.trace import View, Work, record, view
from adcalc.results.trace import Trace, TraceEdge, TraceNode, TraceStep
from adcalc.syntax.naming import node_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from adcalc.api.program import Program
    from adcalc.graph.node import NodeId
    from adcalc.modes.base import Tape
    from adcalc.syntax.lowered import Lowered

MODES: Final = ("forward", "reverse")
DETAILS: Final = ("names", "all")
_WORKED: Final = 4  # directions whose substitution is written out
CLOSE: Final = 1e-9  # relative: slopes that are the same
_NOTHING: Final = Work({}, {}, [])


class Request:
    """A trace that is asked for: of which function and where, and how it is to be shown.

    Raises UsageError for a mode or detail that there is not, and what a point may raise.

    >>> from adcalc.api import function
    >>> Request(function("x*y"), {"x": 1, "y": 2}, ["y"]).names
    ['y']
    """

    def __init__(
        self,
        program: Program,
        point: Mapping[str, Any],
        wrt: Iterable[str] | None = None,
        mode: str = "reverse",
        order: str = "creation",
        detail: str | None = None,
        seed: Mapping[str, Any] | None = None,
        checkpoints: int | None = None,
    ) -> None:
        if mode not in MODES:
            hint = "diff --steps shows the symbolic work" if mode == "symbolic" else suggestion(mode, MODES)
            raise UsageError(f"there is no trace of mode '{mode}'", hint=hint or "forward or reverse")
        if detail is not None and detail not in DETAILS:
            raise UsageError(f"there is no detail '{detail}'", hint="names or all")
        if seed is not None and mode != "forward":
            raise UsageError("a seed is a direction of forward mode", hint="add --mode forward")
        if checkpoints is not None and order != "layered":
            raise UsageError("checkpoints are layers whose values are kept", hint="add --order layered")
        self.program = program
        self.mode, self.order, self.seed, self.checkpoints = mode, order, seed, checkpoints
        self.lowered, self.at = program.at(point)
        self.names = program.chosen(wrt if seed is None else seed, self.lowered)
        self.closed = None if detail == "all" else named(self.lowered)
        variables = self.lowered.variables
        numbers: dict[NodeId, Any] = {variables[name]: value for name, value in self.at.items()}
        wanted = tuple(variables[name] for name in self.names)
        self.problem: Problem[float] = Problem(self.lowered.graph, self.lowered.output, wanted, numbers)

    def arranged(self, evaluated: list[NodeId]) -> tuple[Order, View]:
        """The evaluated nodes in the order asked for, and those of them that are to be seen."""
        way = arranged(self.problem.graph, evaluated, self.problem.output, self.order)
        return way, view(self.problem.graph, way.nodes, self.problem.output, self.closed)


def trace(request: Request) -> Trace:
    """The work of forward or reverse mode at a point.

    Raises what `Function.gradient` raises; the error's `work` is then the trace as far as it went.

    >>> from adcalc.api import function
    >>> [node.adjoint for node in trace(Request(function("a = x^2; b = x^3; a/2 + b"), {"x": 0.5})).nodes]
    [1.25, 0.5, 1.0, 1.0, 1.0]
    """
    if request.lowered.computes_arrays:
        from adcalc.api.work.array_traces import traced

        return traced(request)
    if request.checkpoints is not None:
        raise UsageError("checkpoints are for programs with arrays", hint="leave --checkpoints out")
    try:
        tape = primal(request.problem, real(request.program.table))
        tape = tape._replace(way=request.program.way(request.lowered))
        kinks = singular.find(tape)
        way, seen = request.arranged(list(tape.order))
        tape = tape._replace(order=way.nodes)
        if request.mode == "forward":
            return _forward(request, tape, kinks, way, seen)
        return _reverse(request, tape, kinks, way, seen)
    except NodeError as error:
        explained = request.program.explained(error, request.lowered)
        explained.work = _unfinished(request, error)
        raise explained from None


def named(lowered: Lowered) -> dict[NodeId, str]:
    """The nodes that stand for what the program named: its values, and the calls of its functions.

    >>> from adcalc.api import function
    >>> list(named(function("f(u) = u^2; a = x + 1; f(a) + 1").lowered()).values())
    ['f', 'a']
    """
    return {node: name for node, name in {**lowered.calls, **lowered.names}.items() if lowered.graph.nodes[node].args}


def _forward(request: Request, tape: Tape[float], kinks: singular.Kinks, way: Order, seen: View) -> Trace:
    variables = request.lowered.variables
    exact = singular.one_sided(tape, kinks).partials if kinks.clauses and request.seed is None else ()  # may raise
    directions = {name: {variables[name]: 1.0} for name in request.names}
    if request.seed is not None:
        directions = {"seed": {variables[name]: value for name, value in request.seed.items()}}
    tangents = [forward.tangent_sweep(tape, direction, kinks.clauses) for direction in directions.values()]
    slopes = {name: (row[tape.problem.output] or 0.0) + 0.0 for name, row in zip(directions, tangents, strict=True)}
    _require_finite(tape, kinks.active, list(slopes.values()))
    if any(abs((one or 0.0) - other) > CLOSE * abs(other) for one, other in zip(exact, slopes.values(), strict=False)):
        raise UsageError("at this point the derivative is that of the points beside it, which no trace can show")
    steps = (TraceStep("start"), *(TraceStep("push", node) for node in seen.nodes))
    made = _trace(request, way, seen, tape.values, _NOTHING, tangents, steps)
    return made._replace(
        gradient=slopes if request.seed is None else {},
        directions=tuple(directions),
        substitution=tuple(substitution(tape, row) for row in tangents[:_WORKED]),
        warnings=_warnings(request, tape),
    )


def _reverse(request: Request, tape: Tape[float], kinks: singular.Kinks, way: Order, seen: View) -> Trace:
    adjoints = reverse.sweep(tape, kinks.active)
    partials = [(adjoints[node] if node < len(adjoints) else None) or 0.0 for node in tape.problem.wrt]
    _require_finite(tape, kinks.active, partials)
    if kinks.clauses:
        exact = singular.one_sided(tape, kinks).partials
        if any(abs((one or 0.0) - other) > CLOSE * abs(other) for one, other in zip(exact, partials, strict=True)):
            raise UsageError(
                "at this point the derivative comes from one-sided sweeps, which reverse mode cannot show",
                hint="--mode forward shows them",
            )
    work = record(tape, kinks.active, seen)
    primals = [TraceStep("primal", node) for node in seen.nodes]
    made = _trace(request, way, seen, tape.values, work, [], (TraceStep("start"), *primals, *work.steps))
    gradient = {name: partial + 0.0 for name, partial in zip(request.names, partials, strict=True)}
    return made._replace(gradient=gradient, warnings=_warnings(request, tape))


def _warnings(request: Request, tape: Tape[float]) -> tuple[tuple[str, str], ...]:
    """What underflowed, and what floating point got wrong, with the true numbers."""
    from adcalc.api.proofs.repair import beside

    told = beside(Asked(request.program, request.lowered, request.at, tuple(request.names)))
    return tuple(dict.fromkeys((*told, *underflow(tape, request.lowered))))


def _require_finite(tape: Tape[float], active: bytearray, partials: list[float]) -> None:
    if any(partial - partial != 0.0 for partial in partials):
        raise faults.slope_overflow(tape, active)


def _unfinished(request: Request, error: NodeError) -> Trace:
    """The work as far as it went."""
    values = error.values if error.kind in ("domain", "overflow") else None
    evaluated = request.problem.graph.live(request.problem.output)
    if values is None:  # the values are all there: it was a slope that failed
        tape = primal(request.problem, real(request.program.table))
        values, evaluated = tape.values, list(tape.order)
        if request.mode == "reverse" and error.work is None:
            _, seen = request.arranged(sorted(evaluated))
            error.work = record(tape, activity(tape, request.problem.wrt), seen, error.node)
    way, seen = request.arranged(evaluated)
    return _trace(request, way, seen, values, error.work or _NOTHING, [], ())


def _trace(
    request: Request,
    way: Order,
    seen: View,
    values: list[Any],
    work: Work,
    tangents: list[list[Any]],
    steps: tuple[TraceStep, ...],
) -> Trace:
    """The trace as data; of unfinished work, what is known."""
    lowered, graph = request.lowered, request.lowered.graph
    names = node_names(lowered, seen.nodes)
    users: dict[NodeId, int] = {}
    for args in seen.args.values():
        for argument in args:
            users[argument] = users.get(argument, 0) + 1
    wanted = set(request.problem.wrt) if work.steps else set()
    nodes = tuple(
        TraceNode(
            node,
            names.get(node) or text_of(lowered, node, names),  # a constant goes by its number
            graph.nodes[node].op,
            seen.args[node],
            text_of(lowered, node, names),
            _positive_zero(values[node]) if node < len(values) else None,
            work.adjoints.get(node, 0.0 if node in wanted else None),
            tuple(_positive_zero(row[node]) for row in tangents),
            lowered.spans[node],
            users.get(node, 0) > 1,
        )
        for node in seen.nodes
    )
    edges = tuple(
        TraceEdge(argument, node, work.partials.get((argument, node)))
        for node in seen.nodes
        for argument in seen.args[node]
    )
    result = values[lowered.output] if lowered.output < len(values) else None
    ops = dict.fromkeys(node.op for node in nodes if node.args)
    return Trace(
        request.program.source.text,
        request.at,
        request.mode,
        (result or 0.0) + 0.0,
        {},
        lowered.output,
        nodes,
        edges,
        steps,
        request.order,
        way.layers,
        way.held,
        rules={op: row(request.program.table, op) for op in ops if op != "if" and op not in CONDITIONS},
    )


def _positive_zero(value: Any) -> Any:
    return value + 0.0 if isinstance(value, float) else value


def narrowed(whole: Trace, only: Iterable[str] | None = None, depth: int | None = None) -> Trace:
    """A trace of fewer nodes: those named and their neighbours, and those at most `depth` edges from the result.

    Raises UnknownVariableError for a name that no node has.

    >>> from adcalc.api import function
    >>> [node.name for node in narrowed(trace(Request(function("sin(x)*y"), {"x": 1, "y": 2})), ["x"]).nodes]
    ['x', 'v1']
    """
    by_name = {node.name: node for node in whole.nodes}
    args = {node.id: node.args for node in whole.nodes}
    kept = set(args)
    if only is not None:
        chosen = set()
        for name in only:
            if name not in by_name:
                known = list(by_name)
                hint = (
                    suggestion(name, known) or f"its nodes are {', '.join(known[:8])}{' …' if len(known) > 8 else ''}"
                )
                raise UnknownVariableError(f"no node of this trace is called '{name}'", None, hint)
            chosen.add(by_name[name].id)
        kept = chosen.union(*(args[node] for node in chosen))
        kept.update(node for node, below in args.items() if chosen.intersection(below))
    if depth is not None:
        near = frontier = {whole.output}
        for _ in range(depth):
            frontier = {below for node in frontier for below in args[node]} - near
            near = near | frontier
        kept &= near
    return whole._replace(
        nodes=tuple(node for node in whole.nodes if node.id in kept),
        edges=tuple(edge for edge in whole.edges if edge.source in kept and edge.target in kept),
        steps=tuple(
            step._replace(updates=tuple(update for update in step.updates if update.node in kept))
            for step in whole.steps
            if step.node is None or step.node in kept
        ),
    )
