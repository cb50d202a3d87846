"""Partials by finite differences, with what they say of themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adcalc.arithmetics.complexes import Complex
from adcalc.errors import UsageError
from adcalc.modes import differences
from adcalc.modes.base import NodeError
from adcalc.rules.compiled import Compiled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from adcalc.modes.base import Tape


def estimates(
    tape: Tape[float], names: Sequence[str], method: str
) -> tuple[list[float | None], dict[str, float], list[str]]:
    """The partials, their errors as far as the method knows them, and by which variables the function branched.

    Raises UsageError where the method does not exist, or does not have an operation.

    >>> from adcalc.api import function
    >>> f = function("x^2")
    >>> lowered, at = f.at({"x": 3})
    >>> estimates(f.tape(lowered, at, (lowered.variables["x"],)), ["x"], "central")[0]
    [6.0]
    """
    if method not in differences.METHODS:
        raise UsageError(f"there is no difference '{method}'", hint=f"one of {', '.join(differences.METHODS)}")
    rules = Compiled(tape.rules.table, Complex()) if method == "complex" else None
    try:
        found = differences.run(tape, method, rules)
    except NodeError as error:
        if method != "complex":
            raise
        op = tape.problem.graph.nodes[error.node].op
        raise UsageError(
            f"the complex step needs {op} of complex numbers, which it does not have", hint="try richardson"
        ) from None
    named = dict(zip(names, found, strict=True))
    errors = {name: estimate.error for name, estimate in named.items() if estimate.error is not None}
    return [one.slope for one in found], errors, [name for name, estimate in named.items() if estimate.branches]
