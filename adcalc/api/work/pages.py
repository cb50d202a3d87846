"""One page for a question: both modes' work, the drawing, the formula and its derivation, put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adcalc.api.work.traces import Request, narrowed, trace
from adcalc.errors import AdcalcError
from adcalc.graph.shape import known
from adcalc.render.html import DRAWABLE, page
from adcalc.render.mathml import mathml
from adcalc.render.svg import svg
from adcalc.results.trace import Drawing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from adcalc.api.function import Function
    from adcalc.results.derivation import Derivation
    from adcalc.syntax.lowered import Lowered

_DERIVED = 4  # variables whose derivations the page shows
_WRITTEN = 200  # operations of an expression that is written as a formula


def trace_page(
    function: Function,
    point: Mapping[str, Any],
    wrt: Iterable[str] | None = None,
    mode: str = "reverse",
    order: str = "creation",
    detail: str | None = None,
    seed: Mapping[str, float] | None = None,
    only: Iterable[str] | None = None,
    depth: int | None = None,
    checkpoints: int | None = None,
) -> str:
    """The text of an HTML file that shows forward and reverse mode at a point, `mode` first, step by step.

    A seed is forward mode's direction; reverse mode then shows the partials by its variables.
    Raises what `Function.trace` raises.

    >>> from adcalc.api import function
    >>> "<svg" in trace_page(function("x*y"), {"x": 1, "y": 2})
    True
    """
    lowered, _ = function.at(point)
    if lowered.computes_arrays and seed is None:  # forward mode goes along one direction: every element alike
        seed = dict.fromkeys(function.chosen(wrt, lowered), 1.0)
        wrt = list(seed)
    elif seed is not None:
        wrt = list(seed)
    chosen = None if wrt is None else list(wrt)
    nodes = None if only is None else list(only)
    reverse, forward = (
        narrowed(trace(Request(function, point, chosen, each, order, detail, direction, checkpoints)), nodes, depth)
        for each, direction in (("reverse", None), ("forward", seed))
    )
    drawing = Drawing(reverse.expression, reverse.at, reverse.output, reverse.nodes, reverse.edges)
    rules = {op: _readable(function, op, text) for op, text in reverse.rules.items()}
    reverse, forward = reverse._replace(rules=rules), forward._replace(rules=rules)
    picture = svg(drawing, steps=True) if len(drawing.nodes) <= DRAWABLE else ""
    derivations = () if lowered.computes_arrays else _derivations(function, chosen)
    return page(forward, reverse, picture, _formula(lowered), derivations, mode)


def _readable(function: Function, op: str, text: str) -> str:
    """A row as a reader knows it: without what floating point needs at the edges of its domain."""
    from adcalc.rewrite.simplify import simplify
    from adcalc.syntax.unparse import unparse

    if ("if(" not in text and "xlogy" not in text) or known(op):
        return text
    rule = function.table.rule(op)
    (differential,) = simplify(rule.graph, [rule.differential], function.table).outputs
    return f"{text.partition(' = ')[0]} = {unparse(rule.graph, differential)}"


def _formula(lowered: Lowered) -> str:
    from adcalc.graph.count import tree_operations

    if tree_operations(lowered.graph, lowered.output) > _WRITTEN:
        return ""
    return mathml(lowered.graph, lowered.output)


def _derivations(function: Function, wrt: list[str] | None) -> Sequence[Derivation]:
    """The derivations by the first few variables; none where symbolic differentiation has no answer."""
    from adcalc.graph.count import operations

    lowered = function.lowered()
    names = list(lowered.variables if wrt is None else wrt)[:_DERIVED]
    if not names or operations(lowered.graph, lowered.output) > _WRITTEN // 4:
        return ()
    try:
        return function.derivative(*names, steps=True).steps
    except AdcalcError:
        return ()
