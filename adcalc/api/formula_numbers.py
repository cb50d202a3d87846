"""The numbers of formulas at the point of a tape."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from adcalc.api.program import saturating
from adcalc.modes.base import NodeError
from adcalc.modes.sweep import primal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from adcalc.graph.node import NodeId
    from adcalc.modes.base import Tape
    from adcalc.rules.table import Table


def numbers_of(tape: Tape[float], formulas: Sequence[NodeId | None], table: Table) -> list[float | None]:
    """The numbers of formulas at the point of a tape; infinite where one leaves floating point, as in other modes.

    >>> from adcalc.api import function
    >>> f = function("x^2")
    >>> lowered, at = f.at({"x": 3})
    >>> numbers_of(f.tape(lowered, at, ()), f.symbolic(lowered, lowered.output, (0,)), f.table)
    [6.0]
    """
    numbers: list[float | None] = []
    for formula in formulas:
        try:
            problem = None if formula is None else tape.problem._replace(output=formula)
            numbers.append(None if problem is None else primal(problem, saturating(table)).value)
        except NodeError as error:
            if error.kind != "overflow":
                raise
            numbers.append(math.inf)  # where no node of a formula is to blame
    return numbers
