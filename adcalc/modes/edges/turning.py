"""Where a program turns at a point: the conditions on which its way depends there."""

from adcalc.graph.node import CONDITIONS, RELATIONS, NodeId
from adcalc.modes.base import Tape
from adcalc.modes.edges.suspects import Watched, watched
from adcalc.modes.sweep import ByOp, activity, on_demand


def turning(tape: Tape[float]) -> list[NodeId]:
    """The conditions of a program's way that a step off the point may change.

    They compare equal values of which one moves with a variable, or they depend on something that does, or that jumps.

    >>> from adcalc.api import function
    >>> f = function("if x > 1 { x^2 } else { x }")
    >>> tape = f.tape(*f.at({"x": 1}), (0,))
    >>> [tape.problem.graph.nodes[condition].op for condition in turning(tape)]
    ['gt']
    """
    decided = () if tape.way is None else tape.way.decided
    if not decided:
        return []
    graph, rules = tape.problem.graph, tape.rules
    nodes = graph.nodes
    values = [*tape.values, *[None] * (len(nodes) - len(tape.values))]
    functions = ByOp(rules.value)
    for condition in decided:
        if values[condition] is None:
            on_demand(graph, rules, tape.problem.point, condition, values, functions)
    wide = tape._replace(order=[node for node, value in enumerate(values) if value is not None], values=values)
    active = activity(wide, tape.problem.wrt)
    jumpy = bytearray(len(values))
    known: dict[str, list[Watched]] = {}
    for node in wide.order:
        op, args, _ = nodes[node]
        if any(jumpy[argument] for argument in args):
            jumpy[node] = 1
        elif op in RELATIONS:
            left, right = args
            jumpy[node] = values[left] == values[right] and left != right and (active[left] or active[right])
        elif args and op not in CONDITIONS and op != "if" and any(active[argument] for argument in args):
            if op not in known:
                known[op] = [clause for clause in watched(tape, op, len(args)) if clause.kind == "jump"]
            jumpy[node] = any(
                (parameter is None or active[args[parameter]])
                and rules.condition(op, number)(values[node], *[values[argument] for argument in args])
                for number, _, parameter in known[op]
            )
    return list(dict.fromkeys(condition for condition in decided if jumpy[condition]))
