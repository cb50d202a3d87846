"""How each method's cost grows along an expression: from result to result on the longest path to the last."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from adcalc.api.comparisons.methods import formulas, simplified
from adcalc.graph.count import operations, tree_operations
from adcalc.modes import cost
from adcalc.modes.base import NodeError
from adcalc.modes.blame import text_of
from adcalc.results.comparison import Growth, Law
from adcalc.syntax.naming import node_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from adcalc.api.comparisons.methods import Question
    from adcalc.graph.node import NodeId

_ROWS: Final = 8
_FEW: Final = 4  # named results on the path, below which its operations are taken instead
_LABEL: Final = 24  # characters
_SIMPLIFIED: Final = 400  # operations
COLUMNS: Final = ("value", "forward", "reverse", "tree", "graph", "simplified")


def growth(asked: Question) -> tuple[Growth, ...]:
    """At most eight results on the longest path, each with what its value and its gradient cost.

    >>> from adcalc.api import function
    >>> from adcalc.api.comparisons.methods import question
    >>> f = function("x*y*z")
    >>> rows = growth(question(f, *f.at({"x": 1, "y": 2, "z": 3}), ["x", "y", "z"], 1))
    >>> [(row.label, row.value, row.reverse) for row in rows]
    [('x*y', 1, 3), ('x*y*z', 2, 6)]
    """
    path = longest_path(asked)
    names = asked.lowered.names
    named = [node for node in path if node in names or node == asked.lowered.output]
    labels: dict[NodeId, str] = {}
    if len(named) >= _FEW and any(node in names for node in named):
        path, labels = named, node_names(asked.lowered, asked.tape.order)
    rows = []
    for place in range(len(path), 0, -math.ceil(len(path) / _ROWS) or -1)[::-1]:
        node = path[place - 1]
        named_here = labels.get(node, names.get(node)) if node in names else None
        label = named_here or _cut(text_of(asked.lowered, node))
        row = _row(asked, node, label, place)
        rows += [] if row is None else [row]
    return tuple(rows)


def _row(asked: Question, node: NodeId, label: str, step: int) -> Growth | None:
    """One result's costs; None where its own value is infinite on the way to one that is not."""
    graph = asked.lowered.graph
    inputs = {asked.lowered.variables[name] for name in asked.names}
    wrt = tuple(variable for variable in graph.inputs(graph.live(node)) if variable in inputs)
    meter = cost.Meter(asked.tape.rules)
    try:
        tape = meter.tape(asked.tape.problem._replace(output=node, wrt=wrt))
    except NodeError:
        return None
    forward = reverse = None
    try:
        reverse = meter.reverse(tape)
        forward = meter.forward(tape)
    except (NodeError, ValueError, ArithmeticError):  # a slope beyond the range on the way to one within it
        pass
    raw = formulas(asked, node, [str(graph.nodes[variable].label) for variable in wrt])
    simple = simplified(asked, raw, _SIMPLIFIED) if raw else None
    return Growth(
        label,
        step,
        len(wrt),
        meter.value(tape),
        forward,
        reverse,
        tree_operations(graph, *raw) if raw else None,
        operations(graph, *raw) if raw else None,
        None if simple is None else operations(graph, *simple),
    )


def longest_path(asked: Question) -> list[NodeId]:
    """The operations on a longest path from the inputs to the result, in order of evaluation.

    >>> from adcalc.api import function
    >>> from adcalc.api.comparisons.methods import question
    >>> f = function("sin(x)*x")
    >>> longest_path(question(f, *f.at({"x": 1}), ["x"], 1))
    [1, 2]
    """
    nodes = asked.lowered.graph.nodes
    values = asked.tape.values
    depth: dict[NodeId, int] = {}
    before: dict[NodeId, NodeId] = {}
    for node in asked.tape.order:
        known = [argument for argument in nodes[node].args if argument in depth and values[argument] is not None]
        depth[node] = 0
        if known:
            before[node] = max(known, key=lambda argument: depth[argument])
            depth[node] = depth[before[node]] + cost.elemental(asked.lowered.graph, [node])
    path = []
    node = asked.lowered.output
    while node in before:
        if cost.elemental(asked.lowered.graph, [node]):
            path.append(node)
        node = before[node]
    return path[::-1]


def laws(rows: Sequence[Growth]) -> dict[str, Law]:
    """How each column grows, where four rows or more show it."""
    found = {}
    for column in COLUMNS:
        points = [(row.step, getattr(row, column)) for row in rows if getattr(row, column) is not None]
        if len(points) >= _FEW:
            found[column] = law(*zip(*points, strict=True))
            if not found[column].kind and len(points) > _FEW:  # the result may only put together what was on the way
                found[column] = law(*zip(*points[:-1], strict=True))
    return found


def law(steps: Sequence[int], values: Sequence[int]) -> Law:
    """The law that the increases of a column follow: all alike, growing with the step, or growing by a factor.

    The increases tell, and not the values, so that what there is to begin with does not matter.

    >>> law([1, 2, 3, 4], [5, 8, 11, 14]), law([1, 2, 3, 4], [2, 5, 10, 17]).kind, law([1, 2, 3, 4], [2, 4, 8, 16])
    (Law(kind='linear', rate=3.0), 'quadratic', Law(kind='exponential', rate=2.0))
    """
    rises = [after - before for before, after in pairwise(values)]
    widths = [after - before for before, after in pairwise(steps)]
    if not any(rises):
        return Law("constant", 0.0)
    if min(rises) <= 0 or len(rises) < 3:
        return Law("", 0.0)
    slopes = [math.log(rise) - math.log(width) for rise, width in zip(rises, widths, strict=True)]
    if max(slopes) - min(slopes) <= math.log(_ALIKE):
        return Law("linear", sum(rises) / sum(widths))
    middles = [before + width / 2 for before, width in zip(steps, widths, strict=False)]
    bend, _, apart = _fit(middles, slopes)
    bent = bend * (middles[-1] - middles[0])
    if abs(bent) <= math.log(_ALIKE) and apart <= _POOR:  # unequal, and neither rising nor falling
        return Law("linear", sum(rises) / sum(widths))
    if bent < 0:
        return Law("", 0.0)  # it levels off
    half = len(steps) // 2
    factor = (math.log(values[-1]) - math.log(values[half])) / (steps[-1] - steps[half])
    best = Law("exponential", math.exp(factor)), apart
    for power, kind in enumerate(("quadratic", "cubic"), 1):
        off = _polynomial([(middle / middles[-1]) ** power for middle in middles], slopes)
        best = min(best, (Law(kind, 0.0), off), key=lambda fit: fit[1])
    return best[0] if best[1] <= _POOR else Law("", 0.0)


_ALIKE: Final = 1.6  # increases of a linear law, the largest by the least
_POOR: Final = 0.2  # of a fit: the typical relative distance


def _polynomial(xs: Sequence[float], logarithms: Sequence[float]) -> float:
    """How far increases are from a line over xs, each by its own size; they may be beyond floats."""
    ys = [math.exp(max(one - max(logarithms), -_RANGE)) for one in logarithms]
    slope, start, _ = _fit(xs, ys)
    if slope <= 0:
        return math.inf
    return math.sqrt(math.fsum(((start + slope * x) / y - 1) ** 2 for x, y in zip(xs, ys, strict=True)) / len(xs))


_RANGE: Final = 300.0  # of natural logarithms that are told apart


def _fit(xs: Sequence[float], ys: Sequence[float]) -> tuple[float, float, float]:
    """The line of least squares: its slope, where it starts, and how far the points are from it."""
    x, y = math.fsum(xs) / len(xs), math.fsum(ys) / len(ys)
    slope = math.fsum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / math.fsum((a - x) ** 2 for a in xs)
    rest = math.fsum((b - y - slope * (a - x)) ** 2 for a, b in zip(xs, ys, strict=True))
    return slope, y - slope * x, math.sqrt(rest / len(xs))


def _cut(text: str) -> str:
    return text if len(text) <= _LABEL else f"{text[: _LABEL - 11]} … {text[-8:]}"
