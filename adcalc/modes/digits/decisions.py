"""Comparisons so close that rounding may have decided them, and steps such as floor so near to a jump.

A comparison is wrong where its sides differ by less than their rounding errors. To stand that near proves nothing:
others decide it again in balls.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from adcalc.graph.graph import Graph
from adcalc.graph.node import CONDITIONS, RELATIONS, NodeId
from adcalc.modes.digits import loss
from adcalc.modes.digits.places import EDGES, SUMS
from adcalc.modes.digits.watch import Watch

_NOISE: Final = 2.0**-49  # of what was added: the rounding error of a sum of sums
_SAME: Final = SUMS | {"abs", "neg"}  # whose errors are those of the arguments


def doubtful(graph: Graph, order: Sequence[NodeId], values: Sequence[Any]) -> list[NodeId]:
    """The comparisons among some nodes, in evaluation order, whose truth may come from lost digits.

    >>> from adcalc.api import function
    >>> graph = function("if(x + 1e16 - 1e16 > 2, x, 0)").lowered().graph
    >>> [node.op for node in graph.nodes[:6]]
    ['input', 'constant', 'add', 'sub', 'constant', 'gt']
    >>> doubtful(graph, range(6), [0.9, 1e16, 1e16, 0.0, 2.0, False])
    [5]
    """
    nodes = graph.nodes
    noticed = dict.fromkeys(Watch(graph, order).looked(values)[0])
    if not noticed:
        return []
    errors: dict[NodeId, float] = {}
    found = [node for node in noticed if nodes[node].op in EDGES and loss.is_lost(graph, values, node)]
    known = errors.get
    for node in order if len(noticed) > len(found) else ():
        op, args, _ = nodes[node]
        if node in noticed and op not in EDGES:
            errors[node] = _NOISE * max([abs(values[argument]) for argument in args])
        elif any(argument in errors for argument in args):
            if op not in CONDITIONS:
                parts = [(values[one], known(one, 0.0)) for one in args if isinstance(values[one], float)]
                errors[node] = _handed(op, values[node], parts)
            elif op in RELATIONS and node not in noticed and _is_within(values, args, errors):
                found.append(node)
    return found


def _is_within(values: Sequence[Any], args: Sequence[NodeId], errors: Mapping[NodeId, float]) -> bool:
    """Whether two numbers are no further from each other than they may be wrong."""
    left, right = args
    return bool(abs(values[left] - values[right]) <= errors.get(left, 0.0) + errors.get(right, 0.0))


def _handed(op: str, value: float, args: Sequence[tuple[float, float]]) -> float:
    """About how wrong a value is whose arguments are so wrong."""
    if op in _SAME:
        return sum(error for _, error in args)
    relative = sum(error / abs(number) if number else error for number, error in args if error)
    return max([relative * abs(value), *(error for _, error in args)])
