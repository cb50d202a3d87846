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
from adcalc.modes.digits.flat import is_flat
from adcalc.modes.sweep import primal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from adcalc.api.asked import Asked
    from adcalc.modes.base import Tape
    from adcalc.modes.digits.watch import Watch


class Partials(NamedTuple):
    """The partials by the inputs of a problem, None where no derivative flows.

    `errors` are those that finite differences know of, `branches` the variables by which they took different branches;
    `sums` says whether digits may have been lost in a sum.
    """

    partials: Sequence[float | None]
    errors: dict[str, float]
    branches: Sequence[str]
    sums: bool


def partials(asked: Asked, tape: Tape[float], active: bytearray, mode: str, difference: str) -> Partials:
    """The partials of a tape without kinks by a mode. Raises what that raises.

    >>> from adcalc.api import function
    >>> from adcalc.api.asked import Asked
    >>> f = function("x*y")
    >>> asked = Asked(f, *f.at({"x": 2, "y": 3}), ("x", "y"))
    >>> partials(asked, asked.tape(asked.wrt), bytearray([1, 1, 1]), "forward", "").partials
    (3.0, 2.0)
    """
    watch = asked.program.watch(tape, asked.lowered)
    if mode == "finite":
        from adcalc.api.estimates import estimates

        found, errors, branches = estimates(tape, asked.names, difference)
        sums = False
        with suppress(NodeError):  # differences do not tell what they lose
            _, sums = returned(tape, active, watch)
        return Partials(found, errors, branches, sums)
    if mode == "symbolic":
        noticed: list[int] = []
        formulas = asked.program.symbolic(asked.lowered, tape.problem.output, tape.problem.wrt)
        return Partials([_evaluated(asked, tape, formula, noticed) for formula in formulas], {}, (), bool(noticed))
    if len(asked.names) == 1:
        return _pushed(tape, active, watch)
    cancelled: dict[float, float] = {}
    pushed = forward.run(tape, active, watch.adder(cancelled)).partials
    return Partials(pushed, {}, (), bool(cancelled) or is_flat(tape, active))


def _pushed(tape: Tape[float], active: bytearray, watch: Watch) -> Partials:
    """The only partial, by one forward sweep."""
    problem = tape.problem
    tangents = forward.tangent_sweep(tape, {problem.wrt[0]: 1.0})
    lost = watch.pushed(tape, tangents) or is_flat(tape, active)
    return Partials((tangents[problem.output],), {}, (), lost)


def _evaluated(asked: Asked, tape: Tape[float], formula: int | None, noticed: list[int]) -> float | None:
    """The number of a formula; infinite where it overflows, as in the other modes: no node of it is to blame."""
    if formula is None:
        return None
    try:
        made = primal(tape.problem._replace(output=formula), saturating(asked.program.table))
    except NodeError as error:
        if error.kind != "overflow":
            raise
        return math.inf
    noticed += asked.program.watch(made, asked.lowered).noticed(made.values)
    return made.value
