"""A trace as the data that the page's script folds: numbers as they are shown, sums, and what each step changes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

from adcalc.render.elements import cell
from adcalc.render.figures import decimal
from adcalc.results.trace import Shown, Trace

_ROUNDING: Final = 1e-9  # of the size of its terms that a sum may differ by
DIRECTIONS: Final = 8  # tangents of a node that are shown
_ELEMENTS: Final = (12, 8)  # rows and columns of an array that is shown
_OPERAND: Final = r"(?:[\w.]+|`[^`]*`)"
_SINGLE: Final = re.compile(rf"{_OPERAND} ?[-+*/%^] ?{_OPERAND}|-?{_OPERAND}|{_OPERAND}\([^()]*\)")  # operation
Number: TypeAlias = str | tuple[str, ...]  # as it is shown; with all its digits beside that; an array also in a line


class Sum(NamedTuple):
    """An accumulator or a tangent: the products that make it, its value, and whether adding them gives just that.

    A term between arrays is no product but a formula, alone.
    `more` are products of nodes that are not on the page, -1 where it is not known how many.

    >>> Sum((("0.5", "1.0"),), "0.5", True).total
    '0.5'
    """

    terms: tuple[tuple[Number, ...], ...]
    total: Number
    exact: bool
    more: int = 0


Sums: TypeAlias = Mapping[int, Sequence[Sum | None]]


def number(value: Shown) -> Number:
    """A number as the tables of the terminal show it, with all its digits beside that where it is rounded.

    An array has several lines, with all digits too, and one line for where there is no more room.

    >>> number(0.5), number(1 / 3), number(True)
    ('0.5', ('0.3333333', '0.3333333333333333'), 'true')
    """
    shown = decimal(value)
    if not isinstance(value, float | int):
        return cell(value, 5, _ELEMENTS), cell(value, 17, _ELEMENTS), shown
    return shown if isinstance(value, bool) or float(shown) == value else (shown, repr(value))


def adjoints(trace: Trace) -> Sums:
    """What each node's accumulator is the sum of in the end: adjoint times partial for each of its users.

    >>> from adcalc.results.trace import Term, TraceNode, TraceStep, Update
    >>> step = TraceStep("return", 1, (Update(0, (Term(1, 1.0, 3.0),), 3.0),))
    >>> node = TraceNode(0, "x", "input", (), "x", 1.0, 3.0)
    >>> adjoints(Trace("3*x", {"x": 1.0}, "reverse", 3.0, {"x": 3.0}, 1, (node,), (), (step,)))[0]
    [Sum(terms=(('1.0', '3.0'),), total='3.0', exact=True, more=0)]
    """
    terms: dict[int, list[tuple[Number, ...]]] = {}
    last: dict[int, tuple[Number, bool, int]] = {}
    for _, _, updates in steps(trace):
        for node, factors, *reached in updates:
            last[node] = tuple(reached)
            if factors is not None:
                terms.setdefault(node, []).append(factors)
    found: dict[int, list[Sum | None]] = {}
    for seen in trace.nodes:
        if seen.adjoint is None:
            found[seen.id] = [None]
            continue
        written, total = tuple(reversed(terms.get(seen.id, ()))), number(seen.adjoint)
        same = last.get(seen.id, (None, True, 0))
        found[seen.id] = [Sum(written, *same) if same[0] == total else Sum(written, total, True, -1 if written else 0)]
    return found


def tangents(trace: Trace, reverse: Trace) -> Sums:
    """What each node's tangents are the sums of: partial times tangent for each of its arguments.

    Forward mode has no need of partials by themselves; they are those on the edges of `reverse`. To a reader the
    tangent of what does not depend on the direction is 0.

    >>> from adcalc.results.trace import TraceEdge, TraceNode
    >>> nodes = (TraceNode(0, "x", "input", (), "x", 1.0, None, (1.0,)),
    ...          TraceNode(1, "v1", "mul", (0,), "3*x", 3.0, None, (3.0,)))
    >>> trace = Trace("3*x", {"x": 1.0}, "forward", 3.0, {"x": 3.0}, 1, nodes, (TraceEdge(0, 1, 3.0),))
    >>> tangents(trace, trace)[1]
    [Sum(terms=(('3.0', '1.0'),), total='3.0', exact=True, more=0)]
    """
    if has_arrays(trace):
        return _array_tangents(trace)
    partials = {(edge.source, edge.target): edge.partial for edge in reverse.edges}
    known = {node.id: node.tangents for node in trace.nodes}
    found: dict[int, list[Sum | None]] = {}
    for node in trace.nodes:
        sums: list[Sum | None] = []
        for direction, total in enumerate(node.tangents[:DIRECTIONS]):
            factors = []
            for argument in node.args:
                tangent = known[argument][direction] if argument in known else None
                factors.append((partials.get((argument, node.id)), tangent))
            sums.append(None if isinstance(node.value, bool) else _products(factors, total or 0.0))
        found[node.id] = sums
    return found


def has_arrays(trace: Trace) -> bool:
    """Whether a node is an array: then edges carry formulas.

    >>> has_arrays(Trace("x", {}, "reverse", 1.0, {}, 0, (), ()))
    False
    """
    return any(node.shape for node in trace.nodes)


def _array_tangents(trace: Trace) -> Sums:
    """The tangent of each node along the only direction, as the formulas that add up to it."""
    into: dict[int, list[tuple[Number, ...]]] = {}
    for edge in trace.edges:
        if edge.formula:
            into.setdefault(edge.target, []).append((edge.formula,))
    return {
        node.id: [
            Sum(tuple(into.get(node.id, ())), number(0.0 if tangent is None else tangent), True)
            for tangent in node.tangents[:1]
        ]
        for node in trace.nodes
    }


def _products(factors: Sequence[tuple[float | None, float | None]], total: float) -> Sum:
    """A sum of products; of none where a partial is not known, or does not say it all: at a kink, both sides count."""
    products = [(partial, tangent or 0.0) for partial, tangent in factors if partial is not None]
    unknown = any(partial is None and tangent is not None for partial, tangent in factors)
    added = sum(partial * tangent for partial, tangent in products)
    scale = sum(abs(partial * tangent) for partial, tangent in products)
    if unknown or not products or abs(added - total) > _ROUNDING * scale:
        return Sum((), number(total), True)
    written = tuple((number(partial), number(tangent)) for partial, tangent in products)
    return Sum(written, number(total), added == total)


def steps(trace: Trace) -> Iterator[list[Any]]:
    """The steps: phase, node, and for each accumulator added to: its node, the new product, the sum, whether that is
    exact, and how many of its products are not on the page.

    Each step holds only what it changes, so the data grow with the edges and not with the steps times the nodes.

    >>> from adcalc.results.trace import TraceStep
    >>> list(steps(Trace("x", {}, "reverse", 1.0, {}, 0, (), (), (TraceStep("primal", 0),))))
    [['primal', 0, []]]
    """
    running: dict[int, float] = {}
    counted: dict[int, int] = {}
    for step in trace.steps:
        updates: list[list[Any]] = []
        for update in step.updates:
            added = [term for term in update.terms if term.user == step.node]  # one, or none for the seed
            for term in added:
                if not term.formula:
                    running[update.node] = running.get(update.node, 0.0) + term.adjoint * term.partial
                counted[update.node] = counted.get(update.node, 0) + 1
            factors = [
                (term.formula,) if term.formula else (number(term.adjoint), number(term.partial)) for term in added
            ]
            more = len(update.terms) + update.earlier - counted.get(update.node, 0)
            formula = any(term.formula for term in added)
            exact = more > 0 or not added or formula or running[update.node] == update.adjoint
            updates.append([update.node, factors[0] if factors else None, number(update.adjoint), exact, more])
        yield [step.phase, step.node, updates]


def data(trace: Trace, sums: Sums) -> dict[str, Any]:
    """What the script needs of one mode: the nodes as they are in the end, and what each step changes.

    The `rest` of a node is an adjoint that the steps on the page do not reach, because nodes were left out.

    >>> from adcalc.results.trace import TraceNode
    >>> node = TraceNode(0, "x", "input", (), "x", 1.0)
    >>> data(Trace("x", {}, "reverse", 1.0, {}, 0, (node,), ()), {0: [None]})["nodes"]
    {0: {'name': 'x', 'value': '1.0'}}
    """
    folded = list(steps(trace)) or [["start", None, []]]
    reached = {update[0]: update[2] for step in folded for update in step[2]}
    nodes = {}
    for node in trace.nodes:
        entry: dict[str, Any] = {"name": node.name, "value": None if node.value is None else number(node.value)}
        if node.op != "input":
            entry |= {"op": node.op, "text": node.text, "single": _SINGLE.fullmatch(node.text) is not None}
        if node.place is not None:
            entry["place"] = [_units(trace.expression, position) for position in node.place]
        final = sums[node.id][0] if trace.mode == "reverse" else None
        if final is not None and final.total != reached.get(node.id):
            entry["rest"] = final.total
        if trace.mode == "forward":
            entry["sums"] = [None if one is None else one._asdict() for one in sums[node.id]]
        nodes[node.id] = entry
    return {
        "nodes": nodes,
        "steps": folded,
        "output": trace.output,
        "result": result(trace),
        "directions": directions(trace),
    }


def directions(trace: Trace) -> list[str]:
    """What the columns of tangents have: the derivatives by a variable, or those along the seed.

    >>> directions(Trace("x", {"x": 1.0}, "forward", 1.0, {"x": 1.0}, 0, (), (), directions=("x",)))
    ['∂/∂x']
    """
    shown = trace.directions[:DIRECTIONS]
    return [f"∂/∂{name}" if name in trace.gradient else f"along the {name}" for name in shown]


def result(trace: Trace) -> str:
    """What the result is called: the name of its node, or just that where the node is not on the page.

    >>> result(Trace("x", {}, "reverse", 1.0, {}, 0, (), ()))
    'result'
    """
    return next((node.name for node in trace.nodes if node.id == trace.output), "result")


def _units(text: str, position: int) -> int:
    """A position in a text as browsers count: in units of UTF-16."""
    return position if text.isascii() else len(text[:position].encode("utf-16-le")) // 2
