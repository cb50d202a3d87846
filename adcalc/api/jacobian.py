"""Jacobians: the partials of every result, forward or reverse by what is cheaper."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from adcalc.api.around import Asked
from adcalc.api.program import real, saturating
from adcalc.errors import AdcalcError
from adcalc.modes import forward, reverse, singular
from adcalc.modes.base import NodeError, Tape, require_mode
from adcalc.modes.several import partials, shared_tape, work
from adcalc.modes.sweep import primal
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
    warnings: tuple[tuple[str, str], ...]


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
        from adcalc.api import jacobian_arrays

        return jacobian_arrays.jacobian(function, lowered, at, names, mode, difference, at_kink)
    asked = Asked(function, lowered, at, tuple(names))
    found = rows(asked, lowered.results, mode, difference, at_kink)
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


def rows(
    asked: Asked, outputs: Sequence[NodeId], mode: str | None, difference: str, at_kink: str | None = None
) -> Rows:
    """The partials of some results by the inputs of a question. Raises what `jacobian` raises."""
    tape = _shared(asked, outputs)
    counted: dict[str, int] = {}
    if tape is not None:
        try:
            kinks = singular.find(tape)
        except NodeError as error:
            raise asked.program.explained(error, asked.lowered) from None
        found = work(tape, outputs, kinks.active)
        counted = found._asdict()
        mode = mode or found.cheaper(len(asked.names), len(outputs))
        if not kinks.clauses and mode in ("forward", "reverse"):
            return _together(asked, tape, outputs, kinks.active, mode, counted)
    return _one_by_one(asked, outputs, mode or "reverse", difference, at_kink, counted)


def _shared(asked: Asked, outputs: Sequence[NodeId]) -> Tape[float] | None:
    """One tape for all results; None where each has to be looked at on its own.

    Raises AdcalcError where there is no value.
    """
    program, lowered = asked.program, asked.lowered
    if not asked.is_part and (program.needs_point or lowered.guards):
        return None
    point = {lowered.variables[name]: value for name, value in asked.at.items()}
    try:
        tape = shared_tape(lowered.graph, outputs, asked.wrt, point, real(program.table))
        if all(math.isfinite(tape.values[output]) for output in outputs):
            return tape
    except NodeError:
        pass
    for output in outputs:
        asked.tape((), output)  # which says what has no value
    return None


def _together(
    asked: Asked,
    tape: Tape[float],
    outputs: Sequence[NodeId],
    active: bytearray,
    mode: str,
    counted: Mapping[str, int],
) -> Rows:
    try:
        found = partials(tape, outputs, active, mode)
        for output, row in zip(outputs, found, strict=True):
            _require_finite(tape._replace(problem=tape.problem._replace(output=output)), row, active)
    except NodeError as error:
        raise asked.program.explained(error, asked.lowered) from None
    numbers = [tuple((partial or 0.0) + 0.0 for partial in row) for row in found]
    values = [tape.values[output] + 0.0 for output in outputs]
    lost = asked.program.lost(tape, asked.lowered, (*values, *(one for row in numbers for one in row)))
    return Rows(values, numbers, mode, counted, [], lost)


def _require_finite(tape: Tape[float], row: Sequence[float | None], active: bytearray) -> None:
    """Raise NodeError where a slope is beyond floating point, naming the operation that hands down too much."""
    if not all(partial is None or math.isfinite(partial) for partial in row):
        from adcalc.modes.faults import slope_overflow

        order = [node for node in tape.order if node <= tape.problem.output]
        raise slope_overflow(tape._replace(order=order), active)


def _one_by_one(
    asked: Asked,
    outputs: Sequence[NodeId],
    mode: str,
    difference: str,
    at_kink: str | None,
    counted: Mapping[str, int],
) -> Rows:
    """A gradient for each result."""
    values, numbers, errors = [], [], []
    warnings: dict[tuple[str, str], None] = {}
    for output in outputs:
        tape = asked.tape(asked.wrt, output)
        tape = tape if len(outputs) == 1 else _on_its_own(tape)
        try:
            row, error, met = _row(asked, tape, mode, difference, at_kink)
        except NodeError as problem:
            raise asked.program.explained(problem, asked.lowered) from None
        values.append(tape.value + 0.0)
        numbers.append(tuple((partial or 0.0) + 0.0 for partial in row))
        errors += [error] if error else []
        warnings.update(dict.fromkeys(asked.program.lost(tape, asked.lowered, (values[-1], *numbers[-1]))))
        warnings.update(dict.fromkeys(met))
    return Rows(values, numbers, mode, counted, errors if len(errors) == len(values) else [], tuple(warnings))


def _on_its_own(tape: Tape[float]) -> Tape[float]:
    """The tape of one of several results, where another point may lead another way: there it is that result, too."""
    way, problem, rules = tape.way, tape.problem, tape.rules
    if way is None or not problem.wrt:
        return tape
    beside, variable, truths = way.beside, problem.wrt[0], way.truths

    def elsewhere(point: Mapping[NodeId, float]) -> tuple[float, tuple[bool, ...]]:
        try:
            there, _ = beside(problem.output, point, variable, rules)
        except AdcalcError as error:
            raise NodeError("domain", problem.output, []) from error
        return primal(there, rules).value, truths

    return tape._replace(way=way._replace(elsewhere=elsewhere))


def _row(
    asked: Asked, tape: Tape[float], mode: str, difference: str, at_kink: str | None
) -> tuple[Sequence[float | None], tuple[float, ...], list[tuple[str, str]]]:
    """The gradient of one result, what differences say of it, and warnings. Raises NodeError."""
    kinks = singular.find(tape)
    if kinks.clauses:
        return singular.one_sided(tape, kinks, at_kink).partials, (), []
    if mode == "finite":
        from adcalc.api.estimates import estimates

        row, known, ways = estimates(tape, asked.names, difference)
        met = [("branch", f"finite differences by {name} took different branches") for name in ways]
        return row, tuple(known[name] for name in asked.names) if known else (), met
    if mode == "symbolic":
        formulas = asked.program.symbolic(asked.lowered, tape.problem.output, asked.wrt)
        found: list[float | None] = []
        for formula in formulas:
            problem = None if formula is None else tape.problem._replace(output=formula)
            found.append(None if problem is None else primal(problem, saturating(asked.program.table)).value)
    else:
        found = list((forward if mode == "forward" else reverse).run(tape, kinks.active).partials)
    _require_finite(tape, found, kinks.active)
    return found, (), []


def whole(values: Sequence[Any], shape: tuple[int, ...]) -> Any:
    """Numbers as an array of a shape, or as the float that they are.

    >>> whole([2.0], ())
    2.0
    """
    import numpy as np

    made = np.array(values, dtype=float).reshape(shape)
    return made + 0.0 if shape else float(made) + 0.0
