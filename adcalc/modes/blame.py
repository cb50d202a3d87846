"""The sentence for a node that has no answer: what it is, where it stands, its arguments, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from adcalc.errors import AdcalcError, DomainError, NoConvergenceError, NotDifferentiableError, NumberOverflowError
from adcalc.graph.elements import unquoted
from adcalc.graph.node import CONDITIONS, CONSTANT, INPUT, NodeId
from adcalc.modes.base import NodeError
from adcalc.modes.digits.faults import lost_below, underflowed
from adcalc.syntax.number import short
from adcalc.syntax.unparse import unparse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from adcalc.graph.graph import Graph
    from adcalc.modes.base import Tape
    from adcalc.rules.table import Table
    from adcalc.syntax.lowered import Lowered

_LONGEST = 60  # characters of a sub-expression in a sentence


def explained(error: NodeError, lowered: Lowered, table: Table) -> AdcalcError:
    """The error that a user reads.

    >>> from adcalc.api import function
    >>> try:
    ...     function("1 + log(x - 2)").value(x=1)
    ... except AdcalcError as error:
    ...     print(error.message, "|", error.hint)
    log(x - 2) has no value where x - 2 = -1 | log(u) needs u > 0
    """
    graph = lowered.graph
    op = graph.nodes[error.node].op
    what = text_of(lowered, error.node)
    where = where_clause(lowered, error)
    place = lowered.place(error.node)
    lost = None if error.values is None else lost_below(graph, error.values, error.node)
    if lost is not None and error.kind in ("domain", "slope"):
        args = [error.values[argument] for argument in graph.nodes[lost].args] if error.values else []
        reason = _underflows(lowered, lost, error.values[lost] if error.values else 0.0, args)
        without = "value" if error.kind == "domain" else "finite slope"
        kind = DomainError if error.kind == "domain" else NotDifferentiableError
        return kind(f"{reason}, and so {what} has no {without}", lowered.place(lost))
    if error.kind == "domain":
        return DomainError(f"{what} has no value{where}", place, _needs(table, op))
    if error.kind == "no_convergence":
        reason = f": {error.__cause__}" if error.__cause__ else ""
        return NoConvergenceError(f"{what} was not found{where}{reason}", place, "try another start")
    if error.kind == "overflow":
        return NumberOverflowError(f"{what} is beyond the range of floating point{where}", place)
    if error.kind == "slope_overflow":
        return NumberOverflowError(f"the slope of {what} is beyond the range of floating point{where}", place)
    if error.kind == "slope":
        return NotDifferentiableError(f"{what} has no finite slope{where}", place, _needs(table, op, error.clause))
    if error.kind == "beside":
        turns = "jumps" if table.jumps(op) else "turns" if op in (*CONDITIONS, "if") else "has a kink"
        return NotDifferentiableError(_beside(error, lowered, f"{what} {turns} here"), place)
    if error.kind == "jump":
        if error.result is None or op not in (*CONDITIONS, "if"):
            return NotDifferentiableError(f"{what} jumps{where}", place)
        there, here = (short(value) for value in error.result)
        return NotDifferentiableError(f"{what} turns here, and the result jumps from {there} to {here}", place)
    if error.kind == "no_rule":
        name = table.rule(op).parameters[error.variable or 0]
        return NotDifferentiableError(f"there is no formula for the derivative of {op} by its argument {name}", place)
    if error.kind == "no_room":
        variable = _name(graph, error.variable or 0).removeprefix("a ")
        return NotDifferentiableError(
            f"{what} has no value on both sides of this {variable}: no difference to take", place
        )
    assert error.slopes is not None
    left, right = (short(slope) for slope in error.slopes)
    variable = _name(graph, error.variable or 0)
    has = "turns here" if op in CONDITIONS else f"has a kink{where}"
    return NotDifferentiableError(
        f"{what} {has}: the slope by {variable} is {left} to the left and {right} to the right",
        place,
        None,
        {"left": error.slopes[0] + 0.0, "right": error.slopes[1] + 0.0},
    )


def _beside(error: NodeError, lowered: Lowered, turns: str) -> str:
    """The sentence for a side without value and slope."""
    op, variable = lowered.graph.nodes[error.node].op, _name(lowered.graph, error.variable or 0).removeprefix("a ")
    if not error.arguments:
        return f"{turns}, and this derivative is not looked for at such a point"
    side = "right" if error.arguments == [1] else "left"
    lacks = (
        "the program comes to no end with a value and a slope" if op in CONDITIONS else "there is no value and slope"
    )
    return f"{turns}, and {lacks} to the {side} of this {variable or 'value'}"


def underflow(tape: Tape[float], lowered: Lowered) -> tuple[tuple[str, str], ...]:
    """The warning about the first value that is too small for floating point, as kind and message.

    >>> from adcalc.api import function
    >>> f = function("1 + exp(-x)")
    >>> lowered, at = f.at({"x": 800})
    >>> underflow(f.tape(lowered, at, ()), lowered)[0][1]
    'exp(-x) underflows to 0 where -x = -800'
    """
    node = underflowed(tape)
    return () if node is None else (("underflow", underflows(lowered, node, tape.values)),)


def underflows(lowered: Lowered, node: NodeId, values: Sequence[Any]) -> str:
    """The sentence about a node whose value is too small for floating point.

    >>> from adcalc.api import function
    >>> underflows(function("exp(-x)").lowered(), 2, [800.0, -800.0, 0.0])
    'exp(-x) underflows to 0 where -x = -800'
    """
    arguments = [values[argument] for argument in lowered.graph.nodes[node].args]
    return _underflows(lowered, node, values[node], arguments)


def cancelled(lowered: Lowered, values: Sequence[Any], node: NodeId) -> str:
    """The sentence about a node that loses digits: a sum in which they cancel, or a function near a zero or a pole.

    >>> from adcalc.api import function
    >>> cancelled(function("x - sin(x)").lowered(), [1e-10, 1e-10, 0.0], 2)
    'x - sin(x) loses digits where x = 1e-10, sin(x) = 1e-10'
    """
    arguments = [values[argument] for argument in lowered.graph.nodes[node].args]
    if lowered.place(node) is None:
        op, shown = lowered.graph.nodes[node].op, [short(value) for value in arguments if isinstance(value, float)]
        if op in ("add", "sub"):
            return f"in the formula of the derivative {' and '.join(shown)} cancel"
        return f"the formula of the derivative loses digits in {op}({', '.join(shown)})"
    place = where_clause(lowered, NodeError("cancellation", node, arguments))
    return f"{text_of(lowered, node)} loses digits{place}"


def decided(lowered: Lowered, values: Sequence[Any], node: NodeId) -> str:
    """The sentence about a comparison or a step that lost digits may have decided.

    >>> from adcalc.api import function
    >>> decided(function("floor(x/0.1)").lowered(), [0.3, 0.1, 2.9999999999999996, 2.0], 3)
    'floor(x/0.1) is decided by rounding where x/0.1 = 2.9999999999999996'
    """
    arguments = [values[argument] for argument in lowered.graph.nodes[node].args]
    return f"{text_of(lowered, node)} is decided by rounding{where_clause(lowered, NodeError('', node, arguments))}"


def _underflows(lowered: Lowered, node: NodeId, value: float, arguments: list[Any]) -> str:
    where = where_clause(lowered, NodeError("underflow", node, arguments))
    return f"{text_of(lowered, node)} underflows to {short(value)}{where}"


def text_of(lowered: Lowered, node: NodeId) -> str:
    """A sub-expression in the user's own words where it has them, shortened where it is long."""
    place = lowered.place(node)
    text = " ".join(place.excerpt.split()) if place else unquoted(unparse(lowered.graph, node))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 21]} … {text[-18:]}"


def _name(graph: Graph, node: NodeId) -> str:
    """What an input is called in the text; nothing where the node is none."""
    op, _, label = graph.nodes[node]
    return str(label).partition("#")[0] if op == INPUT else ""


def where_clause(lowered: Lowered, error: NodeError) -> str:
    """The values of the arguments that are not constants."""
    args = lowered.graph.nodes[error.node].args
    if lowered.graph.nodes[error.node].op == "if":
        if not error.arguments:
            return " here: its other side has no value"
        return f" from {short(error.arguments[0])} to {short(error.arguments[1])}" if error.kind == "jump" else ""
    parts = []
    for argument, value in zip(args, error.arguments, strict=False):
        op = lowered.graph.nodes[argument].op
        if op == CONSTANT or not isinstance(value, float):
            continue
        text = text_of(lowered, argument) if op != INPUT else _name(lowered.graph, argument)
        if text != short(value):
            parts.append(f"{text} = {short(value)}")
    return f" where {', '.join(dict.fromkeys(parts))}" if parts else ""


def _needs(table: Table, op: str, clause: int | None = None) -> str | None:
    """The row's own condition, as a hint: its domain, or the clause that failed."""
    if op == "div":
        return "a divisor must not be 0"
    if op in table.residuals:
        return f"where it is found, the slope of the equation by {table.residuals[op].unknown} must be finite and not 0"
    rule = table.rule(op)
    call = _SYMBOLS.get(op, "{}({})").format(op, ", ".join(rule.parameters))
    wanted = [part for n, part in enumerate(rule.clauses) if (n == clause if clause is not None else part.kind == "on")]
    if not wanted:
        return None
    condition = unparse(rule.graph, wanted[0].condition)
    return f"{call} {'needs' if clause is None else 'has one only for'} {condition}"


_SYMBOLS = {"pow": "u^w", "mod": "u % w"}
