"""Taylor coefficients as fractions, where all that they are made of is rational: then nothing about them is open.

At a point on an edge each side has coefficients of its own; where these are the same, also at the point, they are the
function's. What balls would only find to be as good as equal is then known to be.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from flint import ctx, fmpq, fmpq_series

from adcalc.arithmetics.exact import TRANSCENDENTAL
from adcalc.arithmetics.rational import Edge, Flat, Rational
from adcalc.errors import AdcalcError
from adcalc.graph.node import INPUT
from adcalc.modes.base import NodeError
from adcalc.modes.sweep import LAZY, primal
from adcalc.rules.compiled import Compiled
from adcalc.syntax.lowered import Lowered

if TYPE_CHECKING:
    from adcalc.modes.taylor import Line, Question
    from adcalc.rules.table import Table


_LONGER: Final = 32  # terms by which series are made longer, where divisions beside the point cost some


def fractions(question: Question, table: Table, line: Line) -> list[fmpq] | None:
    """The coefficients along a line, as many as flint keeps; None where something is not rational, or sides differ.

    >>> from adcalc.graph.graph import Graph
    >>> from adcalc.modes.taylor import Fixed
    >>> from adcalc.rules.table import standard
    >>> graph, before = Graph(), ctx.cap
    >>> apart = graph.apply("sub", graph.input("x"), graph.constant(Fraction(1, 3)))
    >>> cube = graph.apply("pow", graph.apply("abs", apart), graph.constant(Fraction(3)))
    >>> ctx.cap = 3
    >>> fractions(Fixed(graph, cube, {"x": Fraction(1, 3)}), standard(), {"x": 1})
    [0, 0, 0]
    >>> ctx.cap = before
    """
    if _is_transcendental(question):
        return None
    try:
        try:
            return _swept(question, _rules(table, 0), line)
        except NodeError as error:
            if not isinstance(error.__cause__, Edge) or not is_alone(line):
                return None
        (here, *_) = _swept(question, _rules(table, 0), {})
        right = _swept(question, _rules(table, 1), line)
        left = _swept(question, _rules(table, 1), {name: -way for name, way in line.items()})
    except (NodeError, AdcalcError, KeyError):
        return None
    turned = [one if number % 2 == 0 else -one for number, one in enumerate(left)]
    return right if turned == right and right[0] == here else None


def _is_transcendental(question: Question) -> bool:
    """Whether a function of a variable alone says without a sweep that something is not rational at the point."""
    graph = question.graph
    if question.live is None or not LAZY.isdisjoint(graph.ops):
        return False
    for node in question.live:
        op, args, _ = graph.nodes[node]
        if op in TRANSCENDENTAL and graph.nodes[args[0]].op == INPUT:
            begin = question.starts.get(str(graph.nodes[args[0]].label))
            if begin is not None and not isinstance(begin, Lowered) and begin != TRANSCENDENTAL[op]:
                return True
    return False


def is_alone(line: Line) -> bool:
    """Whether one variable moves along a line. Of mixed derivatives lines tell nothing where the point is on an edge.

    Between them the function may be any other.

    >>> is_alone({"x": 2, "y": 0}), is_alone({"x": 1, "y": -1})
    (True, False)
    """
    return sum(map(bool, line.values())) <= 1


def _swept(question: Question, rules: Compiled[Any], line: Line) -> list[fmpq]:
    """The coefficients along a line, as many as flint keeps: of longer series where divisions make these shorter."""
    wanted = ctx.cap
    try:
        while True:
            try:
                value = _value(question, rules, line)
            except NodeError as error:
                if not isinstance(error.__cause__, Flat) or ctx.cap >= wanted + _LONGER:
                    raise
                ctx.cap += _LONGER
                continue
            if not isinstance(value, fmpq_series):
                return [value, *[fmpq(0)] * (wanted - 1)]
            if value.prec >= wanted:
                return [value[number] for number in range(wanted)]
            ctx.cap += wanted - value.prec
    finally:
        ctx.cap = wanted


def _value(question: Question, rules: Compiled[Any], line: Line) -> Any:
    values: dict[str, Any] = {}
    for name, begin in question.starts.items():
        label = begin.graph.nodes[begin.output].label if isinstance(begin, Lowered) else Fraction(begin)
        if isinstance(label, Fraction):
            values[name] = rules.arithmetic.constant(label)
            direction = line.get(name, 0)
            values[name] = fmpq_series([values[name], direction]) if direction else values[name]
    return primal(question.problem(rules, values), rules, question.live).value


@lru_cache(maxsize=16)
def _rules(table: Table, side: int) -> Compiled[Any]:
    return Compiled(table, Rational(side))
