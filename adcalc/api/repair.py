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

from adcalc.api.floats import Slopes, slopes
from adcalc.api.nearest import floats
from adcalc.errors import AdcalcError, DomainError, MathematicsError, NumberOverflowError
from adcalc.modes import blame, faults, loss, reverse
from adcalc.modes.base import NodeError
from adcalc.modes.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from adcalc.api.asked import Asked
    from adcalc.graph.node import NodeId
    from adcalc.modes.base import Tape
    from adcalc.syntax.lowered import Lowered

_RIGHT: Final = 8.3  # digits: no more than half a unit in the eighth is missing
_LEAST: Final = sys.float_info.min
_PROVED: Final = "the answer is the proved one"
_LISTED: Final = 8  # derivatives that a warning tells

Warnings = tuple[tuple[str, str], ...]


class Repaired(NamedTuple):
    """The numbers of an answer, the value before its partials, and what is to be said of them; whether they are new."""

    numbers: tuple[float, ...]
    warnings: Warnings = ()
    is_new: bool = False

    @property
    def value(self) -> tuple[float, Warnings]:
        """The value alone, with its warnings."""
        return self.numbers[0], self.warnings

    def slopes(self, asked: Asked, mode: str) -> Slopes:
        """The numbers as partials that a mode was asked for; a finite difference is then as exact as a float."""
        value, *partials = self.numbers
        errors = {}
        if mode == "finite":
            errors = {name: math.ulp(one) / 2.0 for name, one in zip(asked.names, partials, strict=True)}
        return Slopes(value, tuple(partials), errors, self.warnings)


class Doubt(NamedTuple):
    """Why numbers are in doubt: the kind of a warning and the sentence for it, and whether they are certainly wrong.

    >>> Doubt("cancellation", "1 - cos(x) loses digits", False).kind
    'cancellation'
    """

    kind: str
    cause: str
    is_severe: bool


def slopes_of(
    asked: Asked, mode: str, found: Slopes, tape: Tape[float], noticed: Sequence[NodeId], sums: bool, wide: bool
) -> Slopes:
    """Value and partials if eight digits of every number are right, or else the proved ones.

    Those of finite differences are right as far as their own estimate; what counts is what the sweep would find.
    """
    numbers = [found.value, *found.partials]
    if mode == "finite":
        with suppress(NodeError):
            numbers[1:] = [partial or 0.0 for partial in reverse.run(tape).partials]
    repaired = checked(asked, tape, numbers, noticed, sums, wide)
    if repaired.is_new:
        return repaired.slopes(asked, mode)
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
    >>> from adcalc.api.asked import Asked
    >>> f = function("1 - cos(x)")
    >>> asked = Asked(f, *f.at({"x": 1e-9}))
    >>> checked(asked, asked.tape(()), [0.0], [asked.node], False, False).numbers
    (5e-19,)
    """
    graph, values = tape.problem.graph, tape.values
    lost = [node for node in dict.fromkeys(noticed) if loss.is_lost(graph, values, node)]
    outside = loss.left_range(tape, bool(asked.names)) if wide else None
    sums = sums and loss.sums_matter(tape)
    if not (lost or sums or outside is not None):
        return Repaired(tuple(numbers))
    kind, cause = "cancellation", "the derivative is a sum of much larger numbers, which cancel"
    if lost:
        cause = blame.cancelled(asked.lowered, values, worst(graph, values, lost))
    elif outside is not None:
        kind, cause = _range(asked.lowered, tape, outside)
    severe = outside is not None or any(loss.is_severe(graph, values, node) for node in lost)
    doubt = Doubt(kind, cause, severe or (sums and loss.sums_matter(tape, loss.SEVERE)))

    def prove(at: Mapping[str, Fraction]) -> tuple[float, ...] | AdcalcError | None:
        return floats(asked, at)

    def stands(exact: Mapping[str, Fraction]) -> bool:
        value = floats(asked._replace(names=()), exact)
        return not isinstance(value, tuple) or _digits(numbers[0], value[0]) >= _RIGHT

    return judged(asked.at, numbers, doubt, prove, stands)


def beside(asked: Asked) -> Warnings:
    """The warnings about the work of floats, for an answer that shows it as it is: they tell the true numbers.

    >>> from adcalc.api import function
    >>> from adcalc.api.asked import Asked
    >>> f = function("1 - cos(x)")
    >>> beside(Asked(f, *f.at({"x": 1e-9})))[0][1]
    '1 - cos(x) loses digits where cos(x) = 1: floating point has no digit right; in truth the value is 5e-19'
    """
    try:
        found = slopes(asked)
    except AdcalcError:
        return ()
    partials = [f"∂/∂{name} {one!r}" for name, one in zip(asked.names, found.partials, strict=True)][:_LISTED]
    truth = ", ".join([f"in truth the value is {found.value!r}", *partials])
    told = []
    for kind, message in found.warnings:
        cause = message.removesuffix(_PROVED)
        told.append((kind, message if cause == message else f"{cause.removesuffix(', and ').rstrip(': ')}; {truth}"))
    return tuple(told)


def judged(
    at: Mapping[str, float],
    numbers: Sequence[float],
    doubt: Doubt,
    prove: Callable[[Mapping[str, Fraction]], tuple[float, ...] | AdcalcError | None],
    stands: Callable[[Mapping[str, Fraction]], bool] = lambda exact: True,
) -> Repaired:
    """Numbers in doubt as they are, if eight digits of each are right, or else the proved ones.

    `prove` gives the numbers at an exact point, the error where there are none, or None where nothing is proved. Such
    an error is raised, unless `stands` says that the first number is the function's value all the same.

    >>> judged({}, [1.0], Doubt("cancellation", "it cancels", True), lambda at: (3.0,)).numbers
    (3.0,)
    """
    exact = {name: Fraction(value) for name, value in at.items()}
    written = {name: Fraction(repr(value)) for name, value in at.items()}
    true = prove(exact)
    right = 0.0
    if isinstance(true, tuple):
        right = min(map(_digits, numbers, true))
        if right >= _RIGHT:
            return Repaired(tuple(numbers))
    if written != exact and true is not None:
        meant = prove(written)
        if isinstance(meant, tuple) and min(map(_digits, numbers, meant)) >= _RIGHT:
            return Repaired(tuple(numbers))
        if isinstance(true, AdcalcError):
            true = true if isinstance(meant, AdcalcError) else None
    if isinstance(true, AdcalcError):
        if isinstance(true, DomainError) or not stands(exact):
            raise true
        true = None  # of one-sided slopes balls know less than floats
    if true is None:
        if not doubt.is_severe:
            return Repaired(tuple(numbers))
        sentence = f"{doubt.cause}: digits of the answer may be lost, and none are proved"
        return Repaired(tuple(numbers), ((doubt.kind, sentence),))
    left = "no digit" if right < 1.0 else "1 digit" if right < 2.0 else f"{int(right)} digits"
    sentence = f"{doubt.cause}: floating point has {left} right, and {_PROVED}"
    return Repaired(true, ((doubt.kind, sentence),), True)


def instead(asked: Asked, error: MathematicsError) -> Repaired:
    """The proved numbers of an answer that floating point has not, where they are floats and the error was its own.

    Raises the error again where it was not.

    >>> from adcalc.api import function
    >>> from adcalc.api.asked import Asked
    >>> f = function("log(exp(x))")
    >>> asked = Asked(f, *f.at({"x": 1000}))
    >>> try:
    ...     asked.tape(())
    ... except MathematicsError as error:
    ...     print(instead(asked, error).numbers)
    (1000.0,)
    """
    kind, cause = own_doubt(asked, error)
    exact = {name: Fraction(value) for name, value in asked.at.items()}
    written = {name: Fraction(repr(value)) for name, value in asked.at.items()}
    true = floats(asked, exact)
    if not isinstance(true, tuple):
        raise error
    if kind == "cancellation" and written != exact and not isinstance(floats(asked, written), tuple):
        raise error
    return Repaired(true, ((kind, f"{cause}: {_PROVED}"),), True)


def own_doubt(asked: Asked, error: MathematicsError) -> tuple[str, str]:
    """Why an error may be one of floating point: its kind and a sentence.

    Raises the error where there is no reason to think so.

    >>> from adcalc.api import function
    >>> from adcalc.api.asked import Asked
    >>> f = function("1/exp(-x)")
    >>> asked = Asked(f, *f.at({"x": 800}))
    >>> try:
    ...     asked.tape(())
    ... except MathematicsError as error:
    ...     print(own_doubt(asked, error))
    ('underflow', 'exp(-x) underflows to 0 where -x = -800')
    """
    if isinstance(error, NumberOverflowError):
        return "overflow", error.message
    graph = asked.lowered.graph
    origin = error.__context__
    values = origin.values if isinstance(origin, NodeError) else None
    if values is None or not any(value is not None for value in values):
        try:
            values = asked.tape(()).values
        except AdcalcError:
            raise error from None
    order = [node for node, value in enumerate(values) if value is not None]
    if isinstance(origin, NodeError) and (below := faults.lost_below(graph, values, origin.node)) is not None:
        return "underflow", blame.underflows(asked.lowered, below, values)
    noticed = Watch.over(graph, order).noticed(values)
    lost = [node for node in noticed if loss.is_lost(graph, values, node)]
    if not lost:
        raise error
    node = worst(graph, values, lost)
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


def worst(graph: Any, values: Sequence[Any], nodes: Sequence[NodeId]) -> NodeId:
    """The node whose value is smallest beside what it was made of.

    >>> from adcalc.api import function
    >>> worst(function("x - y + 1").lowered().graph, [3.0, 2.0, 1.0, 1.0, 2.0], [2, 4])
    2
    """

    def ratio(node: NodeId) -> float:
        largest = max([abs(values[argument]) for argument in graph.nodes[node].args])
        return abs(values[node]) / largest if largest else 1.0

    return min(nodes, key=ratio)


def _range(lowered: Lowered, tape: Tape[float], node: NodeId) -> tuple[str, str]:
    """The kind and the sentence for a node that left the range of floating point."""
    value = tape.values[node]
    if not math.isfinite(value):
        error = NodeError("overflow", node, tape.arguments(node))
        return "overflow", blame.explained(error, lowered, tape.rules.table).message
    if abs(value) < _LEAST:
        return "underflow", blame.underflows(lowered, node, tape.values)
    return "underflow", "an adjoint is too large or too small for floating point"
