"""Values and gradients in floating point, watched: what lost its digits on the way is proved instead (repair.py)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from adcalc.errors import DomainError, NotDifferentiableError, NumberOverflowError
from adcalc.modes import reverse, singular
from adcalc.modes.base import NodeError
from adcalc.results import Gradient

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adcalc.api.program import Program
    from adcalc.graph.node import NodeId
    from adcalc.modes.base import Tape
    from adcalc.modes.watch import Watch
    from adcalc.syntax.lowered import Lowered

Warnings: TypeAlias = tuple[tuple[str, str], ...]
OWN = (NumberOverflowError, DomainError, NotDifferentiableError)  # errors that may be those of floating point


def value(program: Program, lowered: Lowered, at: Mapping[str, float], result: NodeId) -> tuple[float, Warnings]:
    """The value of a result at a point, with its warnings; the proved one where floating point has lost digits.

    >>> from adcalc.api import function
    >>> f = function("1 - cos(x)")
    >>> value(f, *f.at({"x": 1e-9}), 3)[0]
    5e-19
    """
    try:
        tape = program.tape(lowered, at, (), result)
    except OWN as error:
        from adcalc.api.nearest import Asked
        from adcalc.api.repair import instead

        return instead(Asked(program, lowered, at, result), error).value
    watch, lost = program.watch(tape, lowered), program.lost(tape, lowered, (tape.value,))
    noticed = watch.noticed(tape.values)
    if noticed or lost or watch.is_wide(tape.values):
        from adcalc.api.nearest import Asked
        from adcalc.api.repair import value_of

        return value_of(Asked(program, lowered, at, result), tape, noticed, lost)
    return tape.value + 0.0, lost


def gradient(
    program: Program,
    lowered: Lowered,
    at: Mapping[str, float],
    names: Sequence[str],
    mode: str = "reverse",
    difference: str = "richardson",
    at_kink: str | None = None,
) -> Gradient:
    """The gradient at a point; the proved one where floating point has lost digits. Raises what a user reads.

    >>> from adcalc.api import function
    >>> f = function("log(exp(x))")
    >>> gradient(f, *f.at({"x": 1000}), ["x"]).gradient
    {'x': 1.0}
    """
    try:
        return _watched(program, lowered, at, names, mode, difference, at_kink)
    except OWN as error:
        from adcalc.api.nearest import Asked
        from adcalc.api.repair import instead

        asked = Asked(program, lowered, at, lowered.output, tuple(names), at_kink)
        return instead(asked, error).gradient(mode)


def _watched(
    program: Program,
    lowered: Lowered,
    at: Mapping[str, float],
    names: Sequence[str],
    mode: str,
    difference: str,
    at_kink: str | None,
) -> Gradient:
    tape = program.tape(lowered, at, tuple(lowered.variables[name] for name in names))
    watch = program.watch(tape, lowered)
    noticed = watch.noticed(tape.values)
    sums = False
    errors: dict[str, float] = {}
    lost: Warnings = ()
    try:
        kinks = singular.find(tape)
        if kinks.clauses:
            partials: Sequence[float | None] = singular.one_sided(tape, kinks, at_kink).partials
        elif mode == "reverse":
            partials, sums = returned(tape, kinks.active, watch)
        else:
            from adcalc.api.other_modes import partials as by_mode

            partials, errors, branches, sums = by_mode(program, tape, lowered, kinks.active, names, mode, difference)
            lost = tuple(("branch", f"finite differences by {name} took different branches") for name in branches)
        if any(partial is not None and partial - partial != 0.0 for partial in partials):
            from adcalc.modes.faults import slope_overflow

            raise slope_overflow(tape, kinks.active)
    except NodeError as error:
        raise program.explained(error, lowered) from None
    found = {name: (partial or 0.0) + 0.0 for name, partial in zip(names, partials, strict=True)}
    lost = program.lost(tape, lowered, (tape.value, *found.values())) + lost
    answer = Gradient(program.source.text, at, mode, tape.value + 0.0, found, errors, lost)
    wide = watch.is_wide(tape.values)
    if noticed or sums or lost or wide:
        from adcalc.api.nearest import Asked
        from adcalc.api.repair import gradient_of

        asked = Asked(program, lowered, at, lowered.output, tuple(names), at_kink)
        return gradient_of(asked, answer, tape, noticed, sums, wide or bool(lost))
    return answer


def returned(tape: Tape[float], active: bytearray, watch: Watch) -> tuple[Sequence[float | None], bool]:
    """The partials by a return sweep, and whether one of them has lost digits in a sum of adjoints.

    >>> from adcalc.api import function
    >>> from adcalc.modes.watch import Watch
    >>> f = function("sin(x)/x")
    >>> lowered, at = f.at({"x": 1e-9})
    >>> returned(f.tape(lowered, at, (0,)), bytearray([1, 1, 1]), Watch.over(lowered.graph, [0, 1, 2]))[1]
    True
    """
    noticed: dict[float, float] = {}
    adjoints = reverse.sweep(tape, active, watch.adder(noticed))
    partials = [adjoints[node] if node < len(adjoints) else None for node in tape.problem.wrt]
    if not noticed:
        return partials, False
    from adcalc.modes.loss import sums_remain

    return partials, sums_remain(tape, active, adjoints, noticed)
