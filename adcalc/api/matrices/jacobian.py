"""Jacobians: the partials of every result, forward or reverse by what is cheaper."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from adcalc.api import floats
from adcalc.api.asked import Asked
from adcalc.api.program import real
from adcalc.modes.base import NodeError, Tape, require_mode
from adcalc.modes.digits.flat import is_flat
from adcalc.modes.edges import singular
from adcalc.modes.several import partials, work
from adcalc.modes.together import shared_tape
from adcalc.results.jacobian import Jacobian

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from adcalc.api.function import Function
    from adcalc.api.point import Point
    from adcalc.graph.node import NodeId


class Rows(NamedTuple):
    """The values of some results, a row of partials for each, the mode that was used, and what each would take."""

    values: list[float]
    partials: list[tuple[float, ...]]
    mode: str
    work: Mapping[str, int]
    errors: list[tuple[float, ...]]
    warnings: floats.Warnings


def jacobian(
    function: Function,
    point: Point,
    wrt: Iterable[str] | None = None,
    mode: str | None = None,
    difference: str = "richardson",
    at_kink: str | None = None,
) -> Jacobian:
    """The Jacobian at a point. Raises what `Function.gradient` raises.

    >>> from adcalc.api import function
    >>> jacobian(function("[x^2, x*y]"), {"x": 1, "y": 2}).jacobian
    {'x': (2.0, 2.0), 'y': (0.0, 1.0)}
    """
    require_mode(mode or "reverse", at_kink)
    lowered, at = function.at(point, several=True)
    if mode == "symbolic" and function.needs_point:
        function.lowered(several=True)  # refuses: it has no point
    names = list(dict.fromkeys(function.chosen(wrt, lowered)))
    if lowered.has_arrays:
        from adcalc.api.matrices import jacobian_arrays

        return jacobian_arrays.jacobian(function, lowered, at, names, mode, difference, at_kink)
    asked = Asked(function, lowered, at, tuple(names), at_kink=at_kink)
    found = rows(asked, lowered.results, mode, difference)
    single = lowered.results == (lowered.output,)
    columns = {name: tuple(row[place] for row in found.partials) for place, name in enumerate(names)}
    errors = (
        {name: tuple(row[place] for row in found.errors) for place, name in enumerate(names)} if found.errors else {}
    )
    return Jacobian(
        function.source.text,
        at,
        found.mode,
        found.values[0] if single else tuple(found.values),
        {name: column[0] if single else column for name, column in columns.items()},
        found.work,
        {name: column[0] if single else column for name, column in errors.items()},
        found.warnings,
    )


def rows(asked: Asked, outputs: Sequence[NodeId], mode: str | None, difference: str) -> Rows:
    """The partials of some results by the inputs of a question. Raises what `jacobian` raises.

    All share one tape where they can. A result that stands on a kink, or where digits may be lost, is asked about on
    its own.
    """
    tape = _shared(asked, outputs)
    counted: dict[str, int] = {}
    if tape is not None:
        try:
            kinks = singular.find(tape)
        except NodeError:
            return _one_by_one(asked, outputs, mode or "reverse", difference, counted)
        found = work(tape, outputs, kinks.active)
        counted = found._asdict()
        mode = mode or found.cheaper(len(asked.names), len(outputs))
        if not kinks.clauses and mode in ("forward", "reverse"):
            together = _together(asked, tape, outputs, kinks.active, mode, counted)
            if together is not None:
                return together
    return _one_by_one(asked, outputs, mode or "reverse", difference, counted)


def _shared(asked: Asked, outputs: Sequence[NodeId]) -> Tape[float] | None:
    """One tape for all results; None where each has to be looked at on its own."""
    program, lowered = asked.program, asked.lowered
    if not asked.is_part and (program.needs_point or lowered.guards):
        return None
    point = {lowered.variables[name]: value for name, value in asked.at.items()}
    try:
        tape = shared_tape(lowered.graph, outputs, asked.wrt, point, real(program.table))
    except NodeError:
        return None
    return tape if all(math.isfinite(tape.values[output]) for output in outputs) else None


def _together(
    asked: Asked,
    tape: Tape[float],
    outputs: Sequence[NodeId],
    active: bytearray,
    mode: str,
    counted: Mapping[str, int],
) -> Rows | None:
    """The rows by sweeps over one tape; None where digits may be lost, or a slope is beyond floating point."""
    watch = asked.program.watch(tape, asked.lowered, tuple(outputs))
    cancelled: dict[float, float] = {}
    if any(watch.looked(tape.values)):
        return None
    try:
        found = partials(tape, outputs, active, mode, watch.adder(cancelled))
    except NodeError:
        return None
    numbers = [tuple((partial or 0.0) + 0.0 for partial in row) for row in found]
    values = [tape.values[output] + 0.0 for output in outputs]
    if cancelled or is_flat(tape, active) or not all(math.isfinite(one) for row in numbers for one in row):
        return None
    lost = asked.program.lost(tape, asked.lowered, (*values, *(one for row in numbers for one in row)))
    return None if lost else Rows(values, numbers, mode, counted, [], ())


def _one_by_one(
    asked: Asked, outputs: Sequence[NodeId], mode: str, difference: str, counted: Mapping[str, int]
) -> Rows:
    """A gradient for each result."""
    found = [floats.slopes(asked._replace(output=output), mode, difference) for output in outputs]
    errors = [tuple(one.errors[name] for name in asked.names) for one in found if one.errors]
    return Rows(
        [one.value for one in found],
        [one.partials for one in found],
        mode,
        counted,
        errors if len(errors) == len(found) else [],
        tuple(dict.fromkeys(warning for one in found for warning in one.warnings)),
    )


def whole(values: Sequence[Any], shape: tuple[int, ...]) -> Any:
    """Numbers as an array of a shape, or as the float that they are.

    >>> whole([2.0], ())
    2.0
    """
    import numpy as np

    made = np.array(values, dtype=float).reshape(shape)
    return made + 0.0 if shape else float(made) + 0.0
