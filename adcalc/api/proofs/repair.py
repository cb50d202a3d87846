"""Answers that floating point got wrong, computed again in balls: the proved one is told, and why.

Where a loss of digits was noticed the same numbers go through the sweeps once more, as balls. If eight digits of the
floats were right they stand. If not, the proved numbers, rounded to floats, take their place, with a warning that says
where the digits went. What overflowed on the way to a number that floats do have is proved in the same way.
"""

from __future__ import annotations

import math
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, TypeVar

from adcalc.api.floats import Slopes, Warnings, slopes
from adcalc.api.proofs.judged import RIGHT, Doubt, Repaired, digits, judged, points, proved, work_of_floats
from adcalc.api.proofs.nearest import floats
from adcalc.errors import AdcalcError, MathematicsError, NumberOverflowError
from adcalc.modes import blame, reverse
from adcalc.modes.base import NodeError
from adcalc.modes.digits import faults, loss
from adcalc.modes.digits.glance import is_step
from adcalc.modes.digits.places import EDGES
from adcalc.modes.digits.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from fractions import Fraction

    from adcalc.api.asked import Asked
    from adcalc.graph.graph import Graph
    from adcalc.graph.node import NodeId
    from adcalc.modes.base import Tape
    from adcalc.syntax.lowered import Lowered

T = TypeVar("T")

_LEAST: Final = sys.float_info.min
_LISTED: Final = 8  # derivatives that a warning tells


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
    on_tape = {node: values for node in noticed if node < len(values) and values[node] is not None}
    turns = {node: asked.lowered.seen for node in noticed if node not in on_tape}
    lost = [node for node in on_tape if loss.is_lost(graph, values, node)]
    outside = loss.left_range(tape, bool(asked.names)) if wide else None
    sums = sums and loss.sums_matter(tape)
    if not (lost or sums or turns or outside is not None):
        return Repaired(tuple(numbers))
    turns |= {node: values for node in lost if _is_edge(graph, values, node)}
    lost = [node for node in lost if node not in turns]
    kind, cause = "cancellation", "the derivative is a sum of much larger numbers, which cancel"
    if lost:
        cause = blame.cancelled(asked.lowered, values, worst(graph, values, lost))
    elif outside is not None:
        kind, cause = _range(asked.lowered, tape, outside)
    elif turns and not sums:
        cause = next(blame.decided(asked.lowered, known, node) for node, known in turns.items())
    severe = outside is not None or bool(turns) or any(loss.is_severe(graph, values, node) for node in lost)
    doubt = Doubt(kind, cause, severe or (sums and loss.sums_matter(tape, loss.SEVERE)), bool(turns))

    def prove(at: Mapping[str, Fraction]) -> tuple[float, ...] | AdcalcError | None:
        return floats(asked, at)

    def stands(exact: Mapping[str, Fraction]) -> bool:
        if any(_is_hidden(graph, known, node) for node, known in turns.items()):
            return False
        value = floats(asked._replace(names=()), exact)
        return not isinstance(value, tuple) or digits(numbers[0], value[0]) >= RIGHT

    return judged(asked.at, numbers, doubt, prove, stands)


def _is_edge(graph: Graph, values: Sequence[Any], node: NodeId) -> bool:
    """Whether rounding may have decided a node that was noticed: a comparison, a step, the end of a period."""
    op, args, _ = graph.nodes[node]
    return op in EDGES or (op == "mod" and is_step(values[args[0]], values[args[1]]))


def _is_hidden(graph: Graph, values: Sequence[Any], node: NodeId) -> bool:
    """Whether floats do not see the edge that a comparison or a step may stand on."""
    first, *others = [values[argument] for argument in graph.nodes[node].args]
    return any(first != other for other in others or [float(round(2.0 * first)) / 2.0])


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
        work = work_of_floats(message)
        told.append((kind, message if work == message else f"{work}; {truth}"))
    return tuple(told)


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

    def prove(at: Mapping[str, Fraction]) -> tuple[float, ...] | None:
        found = floats(asked, at)
        return found if isinstance(found, tuple) else None

    return Repaired(*proved_instead(asked, error, prove), True)


def proved_instead(
    asked: Asked, error: MathematicsError, prove: Callable[[Mapping[str, Fraction]], T | None]
) -> tuple[T, Warnings]:
    """What is proved at a point where floating point has no answer, with the warning that says so.

    Where rounding is to blame there has to be an answer for the decimals as they were written, too.
    Raises the error again where there is none, or the error was not one of floating point.

    >>> from adcalc.api import function
    >>> from adcalc.api.asked import Asked
    >>> f = function("log(exp(x))")
    >>> proved_instead(Asked(f, *f.at({"x": 1000})), NumberOverflowError("it overflows"), lambda at: at["x"])
    (Fraction(1000, 1), (('overflow', 'it overflows: the answer is the proved one'),))
    """
    kind, cause = _own_doubt(asked, error)
    exact, written = points(asked.at)
    true = prove(exact)
    if true is None or (kind == "cancellation" and written != exact and prove(written) is None):
        raise error
    return true, ((kind, proved(cause)),)


def _own_doubt(asked: Asked, error: MathematicsError) -> tuple[str, str]:
    """Why an error may be one of floating point: its kind and a sentence.

    Raises the error where there is no reason to think so.

    >>> from adcalc.api import function
    >>> from adcalc.api.asked import Asked
    >>> f = function("1/exp(-x)")
    >>> asked = Asked(f, *f.at({"x": 800}))
    >>> try:
    ...     asked.tape(())
    ... except MathematicsError as error:
    ...     print(_own_doubt(asked, error))
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
    noticed = Watch(graph, order).noticed(values)
    lost = [node for node in noticed if loss.is_lost(graph, values, node)]
    if not lost:
        if isinstance(origin, NodeError) and _was_rounded(graph, values, origin.node):
            return "cancellation", f"in floating point {error.message}"
        raise error
    node = worst(graph, values, lost)
    blamed = blame.decided if graph.nodes[node].op in EDGES else blame.cancelled
    return "cancellation", blamed(asked.lowered, values, node)


def _was_rounded(graph: Graph, values: Sequence[Any], node: NodeId) -> bool:
    """Whether an operation failed whose arguments may be other numbers than the true ones."""
    known = all(one < len(values) and values[one] is not None for one in graph.nodes[node].args)
    return known and loss.is_lost(graph, values, node)


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
