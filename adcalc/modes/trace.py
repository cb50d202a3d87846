"""The work of a mode, recorded on the nodes that are to be seen.

Any set of nodes can be seen, as long as it holds the inputs and the output: what lies between two of them is passed
through by the same sweep. So a value that the program names, or a call of its function, is one node, and the edge to
it carries its partial derivative; with every node in sight the edges carry the elemental partials.
"""

from collections.abc import Collection, Iterable, Mapping
from heapq import heappop, heappush
from typing import NamedTuple

from adcalc.graph.graph import Graph
from adcalc.graph.node import CONDITIONS, CONSTANT, NodeId
from adcalc.modes import reverse
from adcalc.modes.base import NodeError, Tape
from adcalc.results.trace import Term, TraceStep, Update

_WRITTEN = 8  # terms of an accumulator that are written out


class View(NamedTuple):
    """The nodes to be seen, in evaluation order, and those among them from which each is computed."""

    nodes: list[NodeId]
    args: dict[NodeId, tuple[NodeId, ...]]


class Work(NamedTuple):
    """What the return sweep did: the partial on every edge (source, target), every adjoint, and the steps."""

    partials: dict[tuple[NodeId, NodeId], float]
    adjoints: dict[NodeId, float]
    steps: list[TraceStep]


def view(
    graph: Graph,
    evaluated: Iterable[NodeId],
    output: NodeId,
    closed: Mapping[NodeId, str] | None,
    hidden: Collection[NodeId] = (),
) -> View:
    """What is seen of a graph: everything but `hidden`, or where `closed` names nodes not what lies inside those.

    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> named = graph.apply("sin", graph.apply("exp", x))
    >>> view(graph, range(4), graph.apply("neg", named), {named: "a"}).args
    {0: (), 2: (0,), 3: (2,)}
    """
    nodes = graph.nodes
    evaluated = list(evaluated)
    known = set(evaluated)  # what lies in a branch that was not taken is not
    unseen = CONDITIONS | {CONSTANT}  # they are written inside the statements that use them
    order = [node for node in evaluated if (nodes[node].op not in unseen and node not in hidden) or node == output]
    if closed is None:
        seen = set(order)
    else:
        seen = {node for node in order if not nodes[node].args or closed.get(node)}
        waiting = [output]
        while waiting:
            node = waiting.pop()
            seen.add(node)
            if node not in closed:
                waiting.extend(argument for argument in nodes[node].args if argument not in seen)
        seen.intersection_update(order)
    return View(
        [node for node in order if node in seen],
        {node: _below(graph, node, seen, known) for node in order if node in seen},
    )


def _below(graph: Graph, node: NodeId, seen: set[NodeId], known: set[NodeId]) -> tuple[NodeId, ...]:
    """The seen nodes from which a node is computed, with nothing seen between."""
    found: dict[NodeId, None] = {}
    passed: set[NodeId] = set()
    waiting = list(reversed(graph.nodes[node].args))
    while waiting:
        below = waiting.pop()
        if below in seen:
            found.setdefault(below)
        elif below in known and below not in passed:
            passed.add(below)
            waiting.extend(reversed(graph.nodes[below].args))
    return tuple(found)


def record(tape: Tape[float], active: bytearray, seen: View, until: NodeId | None = None) -> Work:
    """The return sweep over the seen nodes, as it fills the accumulators; `until` is a node before which it ends.

    The adjoints are those of `reverse.run`; each step is one node's adjoint handed down to its arguments.
    Raises NodeError of kind "slope_overflow" where an accumulator or a partial leaves the numbers; its `work` is what
    was done before.

    >>> from adcalc.api import function
    >>> f = function("x*y")
    >>> lowered, at = f.at({"x": 3, "y": 2})
    >>> tape = f.tape(lowered, at, (0, 1))
    >>> record(tape, bytearray([1, 1, 1]), view(lowered.graph, tape.order, tape.problem.output, None)).adjoints
    {2: 1.0, 0: 2.0, 1: 3.0}
    """
    output = tape.problem.output
    shown = set(seen.nodes)
    work = Work({}, {}, [])
    if not active[output]:
        return work
    work.adjoints[output] = 1.0
    terms: dict[NodeId, list[Term]] = {}
    seed = [Update(output, (), 1.0)]
    for node in reversed(seen.nodes):
        bar = work.adjoints.get(node)
        if until is not None and node <= until:
            break
        if bar is None or not seen.args[node]:
            continue
        updates = seed if node == output else []
        partials = _handed_down(tape, active, shown, node, 1.0)
        for argument, flow in _handed_down(tape, active, shown, node, bar).items():
            before = work.adjoints.get(argument)
            total = flow if before is None else before + flow
            if total - total != 0.0 or partials[argument] - partials[argument] != 0.0:
                error = NodeError("slope_overflow", node, tape.arguments(node))
                error.work = work
                raise error
            work.partials[argument, node] = partials[argument] + 0.0
            work.adjoints[argument] = total + 0.0
            so_far = terms.setdefault(argument, [])
            so_far.insert(0, Term(node, bar, partials[argument] + 0.0))
            written = tuple(so_far) if len(so_far) <= _WRITTEN else (so_far[0],)
            updates.append(Update(argument, written, total + 0.0, len(so_far) - len(written)))
        work.steps.append(TraceStep("return", node, tuple(updates)))
    return work


def _handed_down(
    tape: Tape[float], active: bytearray, shown: set[NodeId], node: NodeId, bar: float
) -> dict[NodeId, float]:
    """What the adjoint of a node adds to the accumulators of the seen nodes right below it."""
    adjoints = {node: bar}
    reached: dict[NodeId, float] = {}
    waiting = [-node]  # the last node first: what it hands down is complete by then
    while waiting:
        above = -heappop(waiting)
        try:
            flows = reverse.flows(tape, above, adjoints.pop(above), active)
        except (ValueError, ArithmeticError) as error:
            raise NodeError("slope_overflow", above, tape.arguments(above)) from error
        for argument, flow in flows:
            home = reached if argument in shown else adjoints
            if argument in home:
                home[argument] += flow
            else:
                home[argument] = flow
                if home is adjoints:
                    heappush(waiting, -argument)
    return reached
