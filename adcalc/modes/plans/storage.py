"""Where the results of a plan's steps are written: over an argument, to an array that stays, or to fresh memory.

Fresh memory costs more than most operations on it, so that what is needed inside only is written to arrays that are
there from run to run. A result of the plan is never in one of these.
"""

from collections.abc import Callable
from math import prod
from typing import Final, NamedTuple, TypeAlias

from adcalc.arithmetics.base import Operation
from adcalc.arithmetics.batch import VIEWS, WRITING
from adcalc.graph.graph import Graph
from adcalc.graph.node import NodeId, Shape

_KEPT: Final = 1 << 22  # numbers in arrays that stay
Writable: TypeAlias = "tuple[NodeId, Operation, tuple[NodeId, ...], bool]"  # the last: it can write over an argument


class Step(NamedTuple):
    """One evaluation: the function, where its arguments are, which of them or which array it writes to.

    `frees` are the nodes whose values nobody needs from then on.
    """

    node: NodeId
    function: Operation
    args: tuple[NodeId, ...]
    over: NodeId | None
    slot: int | None
    frees: tuple[NodeId, ...]


def stored(graph: Graph, outputs: tuple[NodeId, ...], steps: list[Writable]) -> tuple[list[Step], list[Shape]]:
    """The steps with where each writes to and what each is the last to use, and the shapes of the arrays that stay.

    >>> from adcalc.graph.node import Node
    >>> graph = Graph()
    >>> x = graph.input("x", (3,))
    >>> y, z = graph.apply("exp", x), graph.adopt(Node("sum", (graph.apply("exp", x),), ((0,), False)))
    >>> steps, arrays = stored(graph, (z,), [(y, abs, (x,), True), (z, sum, (y,), False)])
    >>> [step.slot for step in steps], arrays
    ([0, None], [(3,)])
    """
    nodes, shape = graph.nodes, graph.shape
    owner: dict[NodeId, NodeId] = {}  # whose memory a value lies in
    for node, _, args, _ in steps:
        owner[node] = owner.get(args[0], args[0]) if nodes[node].op in VIEWS and args else node
    kept = {owner.get(output, output) for output in outputs}
    last: dict[NodeId, int] = {}
    for number, (_, _, args, _) in enumerate(steps):
        for argument in args:
            last[owner.get(argument, argument)] = number
    members: dict[NodeId, list[NodeId]] = {}
    for node, whose in owner.items():
        members.setdefault(whose, []).append(node)
    made: list[Step] = []
    first: dict[NodeId, NodeId] = {}  # whose memory it was at first, before others wrote over it
    for number, (node, evaluate, args, may) in enumerate(steps):
        dying = [
            whose
            for whose in dict.fromkeys(owner.get(argument, argument) for argument in args)
            if last[whose] == number and whose not in kept and whose in owner
        ]
        over = None
        if may:
            over = next((a for a in args if a in dying and shape(a) == shape(node) and owner[a] == a), None)
        if over is not None:
            owner[node] = node
            first[node] = first.get(over, over)
        frees = tuple(member for whose in dying for member in (members[whose] if whose != over else (over,)))
        made.append(Step(node, evaluate, args, over, None, frees))
    writing = {node for node, _, _, may in steps if may or nodes[node].op in WRITING}
    inside = writing - {first.get(one, one) for one in kept}
    return _with_slots(made, inside, first, shape)


def _with_slots(
    steps: list[Step], inside: set[NodeId], first: dict[NodeId, NodeId], shape: Callable[[NodeId], Shape]
) -> tuple[list[Step], list[Shape]]:
    """The steps with the arrays that stay for those whose memory is not a result's in the end."""
    shapes: list[Shape] = []
    held: dict[NodeId, int] = {}  # by whose memory it was at first
    free: list[int] = []
    made: list[Step] = []
    for step in steps:
        slot = None
        if step.over is None and step.node in inside and shape(step.node):
            slot = next((one for one in free if shapes[one] == shape(step.node)), None)
            if slot is not None:
                free.remove(slot)
            elif sum(map(prod, shapes)) + prod(shape(step.node)) <= _KEPT:
                slot = len(shapes)
                shapes.append(shape(step.node))
            if slot is not None:
                held[step.node] = slot
        made.append(step._replace(slot=slot))
        for node in step.frees:
            whose = first.get(node, node)
            if node != step.over and whose in held:
                free.append(held.pop(whose))
    return made, shapes
