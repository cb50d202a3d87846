"""Proved numbers as floats: each the one nearest to the true number."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from adcalc.errors import AdcalcError
from adcalc.modes.base import NodeError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from adcalc.api.asked import Asked
    from adcalc.arithmetics.enclosure import Enclosure
    from adcalc.graph.graph import Graph
    from adcalc.graph.node import NodeId
    from adcalc.rules.table import Table

DIGITS: Final = 17  # of a proved number that becomes a float
LONGEST: Final = 100_000  # operations that are computed again
_BITS: Final = 116  # of the first try
_LAST: Final = 3712  # bits of the last one: floats reach from 2^-1074 to 2^1024
_SPECIAL: Final = 20  # operations that a special function counts for


def floats(asked: Asked, at: Mapping[str, Fraction]) -> tuple[float, ...] | AdcalcError | None:
    """The proved numbers at an exact point as floats, or the error where there are certainly none.

    None where they are not proved, or beyond floating point.

    >>> from adcalc.api import function
    >>> from adcalc.api.asked import Asked
    >>> f = function("1 - cos(x)")
    >>> floats(Asked(f, *f.at({"x": 1e-9}), ("x",)), {"x": Fraction(1, 10**9)})
    (5e-19, 1e-09)
    """
    from adcalc.api.function import Function
    from adcalc.api.proofs.exact_question import Question
    from adcalc.arithmetics.enclosure import ZERO
    from adcalc.modes.proofs import certified
    from adcalc.modes.proofs.attempt import Demand, Terms

    program, lowered, output = asked.program, asked.lowered, asked.node
    way = None
    try:
        if program.needs_point and not asked.is_part:
            from adcalc.api.proofs.exact_way import along

            place = lowered.results.index(output) if output in lowered.results else None
            if place is None:
                return None
            lowered, way = along(program, at)
            output = lowered.results[place]
        graph = lowered.graph
        last = _last(graph, [output])
        if last < _BITS:
            return None
        point = {lowered.variables[name]: value for name, value in at.items() if name in lowered.variables}
        wrt = tuple(lowered.variables[name] for name in asked.names)
        is_result = output == lowered.output or output in lowered.results
        terms = Terms(lowered.guards if is_result else (), lowered.marks, way, at_kink=asked.at_kink)
        problem: Problem[Any] = Problem(graph, output, wrt, point)
        table, demand = program.table, Demand(DIGITS)
        if wrt and way is not None and isinstance(program, Function):  # which may turn, with one slope to both sides
            question = Question(program, at, lowered, dict(at), {}, way, demand)
            found = certified.search(graph, table, demand, last, lambda one: question.slopes(one, problem, terms))
            numbers = [found.value, *[one or ZERO for one in found.partials]]
        elif wrt:
            found = certified.gradient(problem, table, last=last, terms=terms, demand=demand)
            numbers = [found.value, *[one or ZERO for one in found.partials]]
        else:
            numbers = [*certified.evaluate(graph, [output], point, table, last=last, terms=terms, demand=demand)]
    except NodeError as error:
        return program.explained(error, lowered)
    except (AdcalcError, ArithmeticError, ValueError, LookupError):
        return None
    return _all_floats(numbers)


def of_nodes(
    graph: Graph, nodes: Sequence[NodeId], point: Mapping[NodeId, Fraction], table: Table
) -> tuple[float, ...] | None:
    """The proved numbers of some nodes at an exact point as floats; None where they are not proved.

    >>> from adcalc.api import function
    >>> f = function("1 - cos(x)")
    >>> of_nodes(f.lowered().graph, [f.lowered().output], {1: Fraction(1, 10**9)}, f.table)
    (5e-19,)
    """
    from adcalc.modes.proofs import certified
    from adcalc.modes.proofs.attempt import Demand

    last = _last(graph, nodes)
    if last < _BITS:
        return None
    try:
        found = certified.evaluate(graph, nodes, point, table, last=last, demand=Demand(DIGITS))
    except (NodeError, AdcalcError, ArithmeticError, ValueError, LookupError):
        return None
    return _all_floats(found)


def _all_floats(numbers: Iterable[Enclosure]) -> tuple[float, ...] | None:
    floats = [_float(number) for number in numbers]
    known = tuple(number for number in floats if number is not None)
    return known if len(known) == len(floats) else None


def _last(graph: Graph, outputs: Sequence[NodeId]) -> int:
    """How many bits are tried: fewer for long programs, so that the time is bounded."""
    from adcalc.arithmetics.special import FUNCTIONS

    nodes = graph.nodes
    count = sum(_SPECIAL if nodes[node].op in FUNCTIONS else 1 for node in graph.live(*outputs))
    return min(_LAST, LONGEST * _BITS // max(1, count))


def _float(number: Enclosure) -> float | None:
    """The float nearest to a proved number; None where there is none."""
    from flint import arb, ctx

    exact = number.exact
    if exact is None:
        if number.ball.abs_upper() < arb(2) ** -1075:
            return 0.0
        if number.vanishes:
            return None
        before, ctx.prec = ctx.prec, number.ball.bits() + 64  # the middle is rounded, too
        try:
            mantissa, exponent = (int(part) for part in number.ball.mid().man_exp())
        finally:
            ctx.prec = before
        size = mantissa.bit_length() + exponent
        if not -1100 < size < 1100:
            return 0.0 if size < 0 else None
        exact = Fraction(mantissa) * Fraction(2) ** exponent
    try:
        return exact.numerator / exact.denominator + 0.0
    except OverflowError:
        return None
