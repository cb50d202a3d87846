"""Values and gradients in floating point, watched: what lost its digits on the way is proved instead (repair.py)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from adcalc.api.again import made_again
from adcalc.errors import DomainError, NotDifferentiableError, NumberOverflowError
from adcalc.modes import reverse
from adcalc.modes.base import NodeError
from adcalc.modes.digits.flat import is_flat
from adcalc.modes.edges import singular

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from adcalc.api.asked import Asked
    from adcalc.modes.base import Tape
    from adcalc.modes.digits.watch import Watch
    from adcalc.modes.plans.unrolled import Run

Warnings: TypeAlias = tuple[tuple[str, str], ...]
_SWEEPS: Final = 64  # take as long as writing them out
OWN = (NumberOverflowError, DomainError, NotDifferentiableError)  # errors that may be those of floating point


class Slopes(NamedTuple):
    """A value and its partials in the order that was asked for, what differences say of these, and warnings.

    >>> Slopes(1.0, (2.0,), {}, ()).value
    1.0
    """

    value: float
    partials: tuple[float, ...]
    errors: Mapping[str, float]
    warnings: Warnings


def value(asked: Asked) -> tuple[float, Warnings]:
    """The value at a point, with its warnings; the proved one where floating point has lost digits.

    >>> from adcalc.api import function
    >>> from adcalc.api.asked import Asked
    >>> f = function("1 - cos(x)")
    >>> value(Asked(f, *f.at({"x": 1e-9})))[0]
    5e-19
    """
    program, lowered = asked.program, asked.lowered
    try:
        found = _again(asked)
        if found is not None:
            return found[0], ()
        tape = asked.tape(())
    except OWN as error:
        from adcalc.api.proofs.repair import instead

        return instead(asked, error).value
    watch, lost = program.watch(tape, lowered), program.lost(tape, lowered, (tape.value,))
    (noticed, wide), turns = watch.looked(tape.values), asked.turns(tape)
    if noticed or lost or turns or wide:
        from adcalc.api.proofs.repair import value_of

        return value_of(asked, tape, (*noticed, *turns), lost)
    return tape.value + 0.0, lost


def slopes(asked: Asked, mode: str = "reverse", difference: str = "richardson") -> Slopes:
    """Value and partials at a point; the proved ones where floating point has lost digits. Raises what a user reads.

    >>> from adcalc.api import function
    >>> from adcalc.api.asked import Asked
    >>> f = function("log(exp(x))")
    >>> slopes(Asked(f, *f.at({"x": 1000}), ("x",))).partials
    (1.0,)
    """
    try:
        found = _again(asked) if mode == "reverse" else None
        if found is not None:
            return Slopes(found[0], tuple(found[1:]), {}, ())
        return _watched(asked, mode, difference)
    except OWN as error:
        from adcalc.api.proofs.repair import instead

        return instead(asked, error).slopes(asked, mode)


def _again(asked: Asked) -> list[float] | None:
    """A value and its partials by sweeps that have been written out, for what is asked again and again.

    None where the sweeps themselves are to be asked.
    """
    run = made_again(asked.lowered.plans, ("sweeps", asked.output, asked.names), lambda: _written(asked), _SWEEPS)
    try:
        return None if run is None else run([*asked.at.values()])
    except (ValueError, ArithmeticError):
        return None


def _written(asked: Asked) -> Run | None:
    """Both sweeps as one function; None where the point decides what they do."""
    from adcalc.modes.plans.unrolled_sweeps import unrolled_sweeps

    lowered = asked.lowered
    if asked.program.needs_point or asked.is_part or lowered.guards or asked.node not in lowered.results:
        return None
    tape = asked.tape(asked.wrt)
    return unrolled_sweeps(tape, asked.program.watch(tape, lowered))


def _watched(asked: Asked, mode: str, difference: str) -> Slopes:
    program, lowered = asked.program, asked.lowered
    tape = asked.tape(asked.wrt)
    watch = program.watch(tape, lowered)
    noticed, wide = watch.looked(tape.values)
    turns = asked.turns(tape)
    sums = False
    errors: Mapping[str, float] = {}
    lost: Warnings = ()
    try:
        kinks = singular.find(tape)
        if kinks.clauses:
            partials: Sequence[float | None] = singular.one_sided(tape, kinks, asked.at_kink).partials
        elif mode == "reverse":
            partials, sums = returned(tape, kinks.active, watch)
        else:
            from adcalc.api.other_modes import partials as by_mode

            partials, errors, branches, sums = by_mode(asked, tape, kinks.active, mode, difference)
            lost = branched(branches)
        if any(partial is not None and partial - partial != 0.0 for partial in partials):
            from adcalc.modes.digits.faults import slope_overflow

            raise slope_overflow(tape, kinks.active)
    except NodeError as error:
        raise program.explained(error, lowered) from None
    found = tuple([(partial or 0.0) + 0.0 for partial in partials])
    lost = program.lost(tape, lowered, (tape.value, *found)) + lost
    answer = Slopes(tape.value + 0.0, found, errors, lost)
    if noticed or turns or sums or lost or wide:
        from adcalc.api.proofs.repair import slopes_of

        return slopes_of(asked, mode, answer, tape, (*noticed, *turns), sums, wide or bool(lost))
    return answer


def branched(names: Iterable[str]) -> Warnings:
    """The warnings about the variables by which finite differences took different branches.

    >>> branched(["x"])
    (('branch', 'finite differences by x took different branches'),)
    """
    return tuple(("branch", f"finite differences by {name} took different branches") for name in names)


def returned(tape: Tape[float], active: bytearray, watch: Watch) -> tuple[Sequence[float | None], bool]:
    """The partials by a return sweep, and whether one of them may have lost digits in a sum.

    >>> from adcalc.api import function
    >>> from adcalc.modes.digits.watch import Watch
    >>> f = function("sin(x)/x")
    >>> lowered, at = f.at({"x": 1e-9})
    >>> returned(f.tape(lowered, at, (0,)), bytearray([1, 1, 1]), Watch(lowered.graph, [0, 1, 2]))[1]
    True
    """
    noticed: dict[float, float] = {}
    adjoints = reverse.sweep(tape, active, watch.adder(noticed))
    partials = [adjoints[node] if node < len(adjoints) else None for node in tape.problem.wrt]
    if is_flat(tape, active):
        return partials, True
    if not noticed:
        return partials, False
    from adcalc.modes.digits.loss import sums_remain

    return partials, sums_remain(tape, active, adjoints, noticed)
