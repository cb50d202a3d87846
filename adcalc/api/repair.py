"""Answers that floating point got wrong, computed again in balls: the proved one is told, and why.

Where a loss of digits was noticed the same numbers go through the sweeps once more, as balls. If eight digits of the
floats were right they stand. If not, the proved numbers, rounded to floats, take their place, with a warning that says
where the digits went. What overflowed on the way to a number that floats do have is proved in the same way.

A point is the floats that were given, and a constant is what was written. Where these differ by less than a person can
see (x = 0.1 and the constant 0.1), the floats stand, if they are right for the decimals that were written.
"""

from __future__ import annotations

import math
import sys
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from adcalc.errors import AdcalcError, MathematicsError, NumberOverflowError
from adcalc.modes import blame, faults, loss, reverse
from adcalc.modes.base import NodeError, Problem
from adcalc.modes.watch import Watch
from adcalc.results import Gradient

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adcalc.api.program import Program
    from adcalc.graph.node import NodeId
    from adcalc.modes.base import Tape
    from adcalc.modes.certified import Enclosure
    from adcalc.syntax.lowered import Lowered

DIGITS: Final = 17  # of a proved number that becomes a float
ENOUGH: Final = 5e-9  # relative: a float as near as this has eight right digits
LONGEST: Final = 100_000  # operations that are computed again
_BITS: Final = 116  # of the first try
_LAST: Final = 3712  # bits of the last one: floats reach from 2^-1074 to 2^1024
_SPECIAL: Final = 20  # operations that a special function counts for
_LEAST: Final = sys.float_info.min

Warnings = tuple[tuple[str, str], ...]


class Asked(NamedTuple):
    """The question whose answer is in doubt: a function at a point, one of its results, and by which variables."""

    program: Program
    lowered: Lowered
    at: Mapping[str, float]
    output: NodeId
    names: tuple[str, ...] = ()
    at_kink: str | None = None


class Repaired(NamedTuple):
    """The numbers of an answer, the value before its partials, and what is to be said of them; whether they are new."""

    numbers: tuple[float, ...]
    warnings: Warnings
    is_new: bool
    asked: Asked

    @property
    def value(self) -> tuple[float, Warnings]:
        """The value alone, with its warnings."""
        return self.numbers[0], self.warnings

    def gradient(self, mode: str) -> Gradient:
        """The numbers as a gradient that a mode was asked for; a finite difference is then as exact as a float."""
        asked = self.asked
        value, *partials = self.numbers
        gradient = dict(zip(asked.names, partials, strict=True))
        errors = {name: math.ulp(partial) / 2.0 for name, partial in gradient.items()} if mode == "finite" else {}
        text = asked.program.source.text
        return Gradient(text, asked.at, mode, value, gradient, errors, self.warnings)


def gradient_of(
    asked: Asked, found: Gradient, tape: Tape[float], noticed: Sequence[NodeId], sums: bool
) -> Gradient:
    """The gradient if eight digits of every number are right, or else the proved one.

    Those of finite differences are right as far as their own estimate; what counts is what the sweep would find.
    """
    numbers = [found.value, *found.gradient.values()]
    if found.mode == "finite":
        try:
            numbers[1:] = [partial or 0.0 for partial in reverse.run(tape).partials]
        except NodeError:
            pass
    repaired = checked(asked, tape, numbers, noticed, sums, True)
    if repaired.is_new:
        return repaired.gradient(found.mode)
    return found._replace(warnings=(*repaired.warnings, *found.warnings))


def value_of(asked: Asked, tape: Tape[float], noticed: Sequence[NodeId], lost: Warnings) -> tuple[float, Warnings]:
    """The value if eight of its digits are right, or else the proved one; with the warnings."""
    repaired = checked(asked, tape, [tape.value + 0.0], noticed, False, True)
    return repaired.numbers[0], repaired.warnings if repaired.is_new else (*repaired.warnings, *lost)


def checked(
    asked: Asked, tape: Tape[float], numbers: Sequence[float], noticed: Sequence[NodeId], sums: bool, wide: bool
) -> Repaired:
    """The numbers of an answer if eight of their digits are right, or else the proved ones.

    `noticed` are nodes that may have lost digits, `sums` says whether sums of adjoints may have, and `wide` whether
    something may have left the range of floating point.

    >>> from adcalc.api import function
    >>> f = function("1 - cos(x)")
    >>> lowered, at = f.at({"x": 1e-9})
    >>> tape = f.tape(lowered, at, ())
    >>> checked(Asked(f, lowered, at, lowered.output), tape, [0.0], [lowered.output], False, False).numbers
    (5e-19,)
    """
    graph, values = tape.problem.graph, tape.values
    lost = [node for node in dict.fromkeys(noticed) if loss.is_lost(graph, values, node)]
    outside = loss.left_range(tape, bool(asked.names)) if wide else None
    sums = sums and loss.sums_matter(tape)
    if not (lost or sums or outside is not None):
        return Repaired(tuple(numbers), (), False, asked)
    kind, cause = "cancellation", None
    if outside is not None and not lost:
        kind, cause = _range(asked.lowered, tape, outside)
    elif lost:
        cause = blame.cancelled(asked.lowered, values, _worst(graph, values, lost))
    cause = cause or "the derivative is a sum of much larger numbers, which cancel"
    true = _floats(asked, {name: Fraction(value) for name, value in asked.at.items()})
    if true is None:
        is_certain = sums and loss.sums_matter(tape, loss.SEVERE)
        if outside is None and not is_certain and not any(loss.is_severe(graph, values, node) for node in lost):
            return Repaired(tuple(numbers), (), False, asked)
        return Repaired(tuple(numbers), ((kind, f"{cause}: digits of the answer may be lost, and none are proved"),), False, asked)
    right = min(map(_digits, numbers, true))
    if right >= _digits(1.0, 1.0 + ENOUGH):
        return Repaired(tuple(numbers), (), False, asked)
    written = {name: Fraction(repr(value)) for name, value in asked.at.items()}
    if any(written[name] != Fraction(value) for name, value in asked.at.items()):
        meant = _floats(asked, written)
        if meant is not None and min(map(_digits, numbers, meant)) >= _digits(1.0, 1.0 + ENOUGH):
            return Repaired(tuple(numbers), (), False, asked)
    left = "no digit" if right < 1.0 else "1 digit" if right < 2.0 else f"{int(right)} digits"
    return Repaired(
        true, ((kind, f"{cause}: floating point has {left} right, and the answer is the proved one"),), True, asked
    )


def instead(asked: Asked, error: MathematicsError) -> Repaired:
    """The proved numbers of an answer that floating point has not, where they are floats and the error was its own.

    Raises the error again where it was not.

    >>> from adcalc.api import function
    >>> f = function("log(exp(x))")
    >>> lowered, at = f.at({"x": 1000})
    >>> try:
    ...     f.tape(lowered, at, ())
    ... except MathematicsError as error:
    ...     print(instead(Asked(f, lowered, at, lowered.output), error).numbers)
    (1000.0,)
    """
    kind, cause = "overflow", error.message
    if not isinstance(error, NumberOverflowError):
        doubt = _doubt(asked, error)
        if doubt is None:
            raise error
        kind, cause = doubt
    true = _floats(asked, {name: Fraction(value) for name, value in asked.at.items()})
    if true is None:
        raise error
    written = {name: Fraction(repr(value)) for name, value in asked.at.items()}
    if kind == "cancellation" and any(written[name] != Fraction(value) for name, value in asked.at.items()):
        if _floats(asked, written) is None:
            raise error
    return Repaired(true, ((kind, f"{cause}: the answer is the proved one"),), True, asked)


def _doubt(asked: Asked, error: MathematicsError) -> tuple[str, str] | None:
    """Why an error may be one of floating point: its kind and a sentence; None where there is no reason to think so."""
    graph = asked.lowered.graph
    origin = error.__context__
    values = origin.values if isinstance(origin, NodeError) else None
    if values is None or not any(value is not None for value in values):
        try:
            values = asked.program.tape(asked.lowered, asked.at, (), asked.output).values
        except AdcalcError:
            return None
    order = [node for node, value in enumerate(values) if value is not None]
    if isinstance(origin, NodeError) and (below := faults.lost_below(graph, values, origin.node)) is not None:
        return "underflow", blame.underflows(asked.lowered, below, values)
    noticed = Watch.over(graph, order).noticed(values)
    lost = [node for node in noticed if loss.is_lost(graph, values, node)]
    if not lost:
        return None
    node = _worst(graph, values, lost)
    return "cancellation", blame.cancelled(asked.lowered, values, node)


def _floats(asked: Asked, at: Mapping[str, Fraction]) -> tuple[float, ...] | None:
    """The proved numbers at an exact point as floats; None where they are not proved, or beyond floating point."""
    from adcalc.modes import certified
    from adcalc.modes.attempt import Demand, Terms

    program, lowered, output = asked.program, asked.lowered, asked.output
    way = None
    try:
        if program.needs_point:
            from adcalc.api.exact_way import along

            place = lowered.results.index(output) if output in lowered.results else None
            if place is None:
                return None
            lowered, way = along(program, at)
            output = lowered.results[place]
        graph = lowered.graph
        last = _last(lowered, output)
        if last < _BITS:
            return None
        point = {lowered.variables[name]: value for name, value in at.items() if name in lowered.variables}
        wrt = tuple(lowered.variables[name] for name in asked.names)
        is_result = output == lowered.output or output in lowered.results
        terms = Terms(lowered.guards if is_result else (), lowered.marks, way, at_kink=asked.at_kink)
        problem: Problem[Any] = Problem(graph, output, wrt, point)
        if wrt:
            found = certified.gradient(problem, program.table, last=last, terms=terms, demand=Demand(DIGITS))
            numbers = [found.value, *[one or certified.ZERO for one in found.partials]]
        else:
            demand = Demand(DIGITS)
            numbers = [*certified.evaluate(graph, [output], point, program.table, last=last, terms=terms, demand=demand)]
    except (AdcalcError, NodeError, ArithmeticError, ValueError, LookupError):
        return None
    floats = [_float(number) for number in numbers]
    known = tuple(number for number in floats if number is not None)
    return known if len(known) == len(floats) else None


def _last(lowered: Lowered, output: NodeId) -> int:
    """How many bits are tried: fewer for long programs, so that the time is bounded."""
    from adcalc.arithmetics.special import FUNCTIONS

    nodes = lowered.graph.nodes
    count = sum(_SPECIAL if nodes[node].op in FUNCTIONS else 1 for node in lowered.graph.live(output))
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


def _digits(number: float, true: float) -> float:
    """How many digits of a float are right."""
    error = abs(number - true)
    if error <= 5e-324 and abs(true) < _LEAST:
        return 17.0
    if error == 0.0:
        return 17.0
    if not math.isfinite(error) or true == 0.0:
        return 0.0
    return max(0.0, -math.log10(error / abs(true))) if error / abs(true) else 17.0


def _worst(graph: Any, values: Sequence[Any], nodes: Sequence[NodeId]) -> NodeId:
    """The node whose value is smallest beside what it was made of."""

    def ratio(node: NodeId) -> float:
        largest = max([abs(values[argument]) for argument in graph.nodes[node].args])
        return abs(values[node]) / largest if largest else 1.0

    return min(nodes, key=ratio)


def _range(lowered: Lowered, tape: Tape[float], node: NodeId) -> tuple[str, str | None]:
    """The kind and the sentence for a node that left the range of floating point."""
    value = tape.values[node]
    if not math.isfinite(value):
        error = NodeError("overflow", node, tape.arguments(node))
        return "overflow", blame.explained(error, lowered, tape.rules.table).message
    if abs(value) < _LEAST:
        return "underflow", blame.underflows(lowered, node, tape.values)
    return "underflow", "an adjoint is too large or too small for floating point"
