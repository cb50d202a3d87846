"""Second derivatives that floating point got wrong, computed again in balls: the formulas on the graph have the digits.

Where a loss of digits was noticed, value, gradient and second derivatives are there as nodes; where a sweep of floats
came to no end at all, Taylor series give them one by one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from adcalc.api.floats import slopes
from adcalc.api.program import saturating
from adcalc.api.proofs.judged import Doubt, Repaired, cause_of, judged
from adcalc.api.proofs.nearest import of_nodes
from adcalc.api.proofs.repair import proved_instead, worst
from adcalc.errors import AdcalcError
from adcalc.modes import blame
from adcalc.modes.base import NodeError, Problem, Tape
from adcalc.modes.digits import loss
from adcalc.modes.digits.watch import Watch
from adcalc.modes.together import numbers as evaluated

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from fractions import Fraction

    from adcalc.api.asked import Asked
    from adcalc.api.matrices.around import Straightened
    from adcalc.api.matrices.triangle import Triangle
    from adcalc.errors import MathematicsError
    from adcalc.graph.node import NodeId

_SERIES: Final = 300  # second derivatives that are proved one by one


def checked(asked: Asked, near: Straightened, nodes: Sequence[NodeId], numbers: Sequence[float]) -> Repaired:
    """The numbers of some nodes around a point if eight digits of each are right, or else the proved ones.

    >>> from adcalc.api import function
    >>> from adcalc.api.matrices.around import around
    >>> from adcalc.api.asked import Asked
    >>> f = function("1 - cos(x)")
    >>> asked = Asked(f, *f.at({"x": 1e-9}), ("x",))
    >>> near = around(asked, asked.tape(asked.wrt))
    >>> checked(asked, near, [near.lowered.output], [0.0]).numbers
    (5e-19,)
    """
    graph, table = near.lowered.graph, asked.program.table
    doubt = Doubt("underflow", "a second derivative is made of numbers beyond the range of floating point", True)
    try:
        values = evaluated(graph, nodes, near.point, saturating(table))
        order = [node for node in graph.live(*nodes) if values[node] is not None]
        tape = Tape(Problem(graph, max(nodes), near.wrt, near.point), saturating(table), order, values)
        watch = Watch(graph, order, bool(asked.lowered.names))
        lost = [node for node in dict.fromkeys(watch.noticed(values)) if loss.is_lost(graph, values, node)]
        outside = loss.left_range(tape, False) if watch.is_wide(values) else None
    except (NodeError, ArithmeticError):
        lost = []
    else:
        if not lost and outside is None:
            return Repaired(tuple(numbers))
        if lost:
            severe = any(loss.is_severe(graph, values, node) for node in lost)
            doubt = Doubt("cancellation", blame.cancelled(near.lowered, values, worst(graph, values, lost)), severe)

    def prove(at: Mapping[str, Fraction]) -> tuple[float, ...] | None:
        point = {node: at[str(graph.nodes[node].label)] for node in near.point}
        return of_nodes(graph, nodes, point, table)

    at = {str(graph.nodes[node].label): value for node, value in near.point.items()}
    return judged(at, numbers, doubt, prove)


def instead(asked: Asked, error: MathematicsError) -> Triangle:
    """The upper triangle of a Hessian, proved entry by entry where floats came to no end.

    Raises the error where there are too many, or one is no float.

    >>> from adcalc.api import function
    >>> function("log(exp(x))^2").hessian({"x": 1000}).hessian
    {'x': {'x': 2.0}}
    """
    found, warnings = proved_instead(asked, error, lambda at: by_series(asked, at))
    return found._replace(warnings=warnings)


def beside_edges(asked: Asked, numbers: Sequence[float], read: Callable[[Triangle], Sequence[float]]) -> Repaired:
    """Numbers at a point on an edge if eight digits of each are right, or else the proved ones.

    They are what `read` makes of the triangle, the value and perhaps the gradient before all others.

    >>> from adcalc.api import function
    >>> from adcalc.api.asked import Asked
    >>> f = function("(1 - cos(x))*max(x, x)")
    >>> asked = Asked(f, *f.at({"x": 1e-9}), ("x",))
    >>> beside_edges(asked, [0.0, 0.0], lambda whole: (whole.value, whole.entries[0][2])).numbers
    (5.000000000000001e-28, 3e-09)
    """
    first = slopes(asked)
    kind, cause = "cancellation", "the second derivative is a sum of much larger numbers, which cancel"
    if first.warnings:
        kind, told = first.warnings[0]
        cause = cause_of(told)

    def prove(at: Mapping[str, Fraction]) -> tuple[float, ...] | None:
        found = by_series(asked, at)
        return None if found is None else tuple(read(found))

    found = judged(asked.at, numbers, Doubt(kind, cause, False), prove)
    if found.is_new or not first.warnings:
        return found
    return Repaired((first.value, *found.numbers[1:]), first.warnings, True)


def by_series(asked: Asked, at: Mapping[str, Any]) -> Triangle | None:
    """The upper triangle of a Hessian by Taylor series, proved entry by entry; None where that takes too long.

    >>> from adcalc.api import function
    >>> from adcalc.api.asked import Asked
    >>> f = function("x^3")
    >>> by_series(Asked(f, *f.at({"x": 2}), ("x",)), {"x": 2}).entries
    ((0, 0, 12.0),)
    """
    from adcalc.api.function import Function
    from adcalc.api.matrices.triangle import Triangle
    from adcalc.api.series.partials import partials

    names, function = asked.names, asked.program
    if asked.is_part or len(names) * (len(names) + 1) // 2 > _SERIES or not isinstance(function, Function):
        return None
    try:
        first = partials(function, at, names)
        found: list[tuple[int, int, float]] = []
        for row, one in enumerate(names):
            for column in range(row, len(names)):
                (number,) = partials(function, at, (one, names[column]), mixed=True).gradient.values()
                found.append((row, column, float(number)))
    except AdcalcError:
        return None
    return Triangle(float(first.value), tuple(float(one) for one in first.gradient.values()), tuple(found), len(names))
