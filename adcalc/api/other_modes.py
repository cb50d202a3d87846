"""Partials by the modes that are asked for by name: forward, symbolic and finite differences.

Each says beside its partials whether sums have cancelled in them, as the return sweep does.
"""

from __future__ import annotations

import math
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from adcalc.api.floats import returned
from adcalc.api.program import saturating
from adcalc.modes import forward
from adcalc.modes.base import NodeError
from adcalc.modes.sweep import primal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from adcalc.api.program import Program
    from adcalc.modes.base import Tape
    from adcalc.modes.watch import Watch
    from adcalc.syntax.lowered import Lowered


class Partials(NamedTuple):
    """The partials by the inputs of a problem, None where no derivative flows.

    `errors` are those that finite differences know of, `branches` the variables by which they took different branches;
    `sums` says whether digits may have been lost in a sum.
    """

    partials: Sequence[float | None]
    errors: dict[str, float]
    branches: Sequence[str]
    sums: bool


def partials(
    program: Program,
    tape: Tape[float],
    lowered: Lowered,
    active: bytearray,
    names: Sequence[str],
    mode: str,
    difference: str,
) -> Partials:
    """The partials of a tape without kinks by a mode. Raises what that raises.

    >>> from adcalc.api import function
    >>> f = function("x*y")
    >>> lowered, at = f.at({"x": 2, "y": 3})
    >>> partials(f, f.tape(lowered, at, (0, 1)), lowered, bytearray([1, 1, 1]), ["x", "y"], "forward", "").partials
    (3.0, 2.0)
    """
    watch = program.watch(tape, lowered)
    if mode == "finite":
        from adcalc.api.estimates import estimates

        found, errors, branches = estimates(tape, names, difference)
        sums = False
        with suppress(NodeError):  # differences do not tell what they lose
            _, sums = returned(tape, active, watch)
        return Partials(found, errors, branches, sums)
    if mode == "symbolic":
        noticed: list[int] = []
        numbers = [_evaluated(program, tape, lowered, formula, noticed) for formula in _formulas(program, tape)]
        return Partials(numbers, {}, (), bool(noticed))
    if len(names) == 1:
        return _pushed(tape, watch)
    cancelled: dict[float, float] = {}
    return Partials(forward.run(tape, active, watch.adder(cancelled)).partials, {}, (), bool(cancelled))


def _pushed(tape: Tape[float], watch: Watch) -> Partials:
    """The only partial, by one forward sweep."""
    problem = tape.problem
    tangents = forward.tangent_sweep(tape, {problem.wrt[0]: 1.0})
    lost = watch.pushed(tape, tangents)
    return Partials((tangents[problem.output],), {}, (), lost)


def _formulas(program: Program, tape: Tape[float]) -> Sequence[int | None]:
    problem = tape.problem
    return program.differentiate(problem.graph, problem.output, problem.wrt)


def _evaluated(
    program: Program, tape: Tape[float], lowered: Lowered, formula: int | None, noticed: list[int]
) -> float | None:
    """The number of a formula; infinite where it overflows, as in the other modes: no node of it is to blame."""
    if formula is None:
        return None
    try:
        made = primal(tape.problem._replace(output=formula), saturating(program.table))
    except NodeError as error:
        if error.kind != "overflow":
            raise
        return math.inf
    noticed += program.watch(made, lowered).noticed(made.values)
    return made.value
