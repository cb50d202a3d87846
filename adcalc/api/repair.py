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
from contextlib import suppress
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from adcalc.api.nearest import Asked, floats
from adcalc.errors import AdcalcError, DomainError, MathematicsError, NumberOverflowError
from adcalc.modes import blame, faults, loss, reverse
from adcalc.modes.base import NodeError
from adcalc.modes.watch import Watch
from adcalc.results import Gradient

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adcalc.graph.node import NodeId
    from adcalc.modes.base import Tape
    from adcalc.syntax.lowered import Lowered

_RIGHT: Final = 8.3  # digits: no more than half a unit in the eighth is missing
_LEAST: Final = sys.float_info.min

Warnings = tuple[tuple[str, str], ...]


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
    asked: Asked, found: Gradient, tape: Tape[float], noticed: Sequence[NodeId], sums: bool, wide: bool
) -> Gradient:
    """The gradient if eight digits of every number are right, or else the proved one.

    Those of finite differences are right as far as their own estimate; what counts is what the sweep would find.
    """
    numbers = [found.value, *found.gradient.values()]
    if found.mode == "finite":
        with suppress(NodeError):
            numbers[1:] = [partial or 0.0 for partial in reverse.run(tape).partials]
    repaired = checked(asked, tape, numbers, noticed, sums, wide)
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
    exact = {name: Fraction(value) for name, value in asked.at.items()}
    written = {name: Fraction(repr(value)) for name, value in asked.at.items()}
    true = floats(asked, exact)
    right = 0.0
    if isinstance(true, tuple):
        right = min(map(_digits, numbers, true))
        if right >= _RIGHT:
            return Repaired(tuple(numbers), (), False, asked)
    if written != exact and true is not None:
        meant = floats(asked, written)
        if isinstance(meant, tuple) and min(map(_digits, numbers, meant)) >= _RIGHT:
            return Repaired(tuple(numbers), (), False, asked)
        if isinstance(true, AdcalcError):
            true = true if isinstance(meant, AdcalcError) else None
    if isinstance(true, AdcalcError):
        if isinstance(true, DomainError) or not _has_value(asked, exact, numbers[0]):
            raise true
        true = None  # of one-sided slopes balls know less than floats
    if true is None:
        is_certain = sums and loss.sums_matter(tape, loss.SEVERE)
        if outside is None and not is_certain and not any(loss.is_severe(graph, values, node) for node in lost):
            return Repaired(tuple(numbers), (), False, asked)
        sentence = f"{cause}: digits of the answer may be lost, and none are proved"
        return Repaired(tuple(numbers), ((kind, sentence),), False, asked)
    left = "no digit" if right < 1.0 else "1 digit" if right < 2.0 else f"{int(right)} digits"
    return Repaired(
        true, ((kind, f"{cause}: floating point has {left} right, and the answer is the proved one"),), True, asked
    )


def _has_value(asked: Asked, at: Mapping[str, Fraction], number: float) -> bool:
    """Whether a number is the function's value, as far as balls tell."""
    value = floats(asked._replace(names=()), at)
    return not isinstance(value, tuple) or _digits(number, value[0]) >= _RIGHT


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
    exact = {name: Fraction(value) for name, value in asked.at.items()}
    written = {name: Fraction(repr(value)) for name, value in asked.at.items()}
    true = floats(asked, exact)
    if not isinstance(true, tuple):
        raise error
    if kind == "cancellation" and written != exact and not isinstance(floats(asked, written), tuple):
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
