"""The rules of a table over balls.

They are the rows as they stand, but for one: the row of u^w asks whether w - 1 + 1 is w, so that floats lose no digit
of a tiny exponent. In balls that are not exact no such question is ever answered, and it need not be asked.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from flint import arb

from adcalc.arithmetics.exact import kept
from adcalc.rules.compiled import Compiled

if TYPE_CHECKING:
    from adcalc.arithmetics.base import Arithmetic, Operation
    from adcalc.rules.table import Table


class Enclosing(Compiled[arb]):
    """Rules over balls, compiled on first use.

    >>> from adcalc.arithmetics.ball import Ball
    >>> from adcalc.rules.table import standard
    >>> rules = Enclosing(standard(), Ball())
    >>> float(rules.pull("pow", (0,))(arb(1), arb(8), arb(2), arb(3)))
    12.0
    """

    def pull(self, op: str, active: tuple[int, ...]) -> Operation:
        """The return sweep's step: of (adjoint, value, arguments…)."""
        return partial(self._pulled, active) if op == "pow" else super().pull(op, active)

    def push(self, op: str, active: tuple[int, ...]) -> Operation:
        """The forward sweep's step: of (value, arguments…, tangents of the active ones…)."""
        return partial(self._pushed, active) if op == "pow" else super().push(op, active)

    def _pulled(self, active: tuple[int, ...], bar: arb, v: arb, u: arb, w: arb) -> Any:
        flows = tuple(bar * self._slope(argument, v, u, w) for argument in active)
        return flows if len(flows) > 1 else flows[0]

    def _pushed(self, active: tuple[int, ...], v: arb, u: arb, w: arb, *tangents: arb) -> arb:
        terms = [self._slope(argument, v, u, w) * tangent for argument, tangent in zip(active, tangents, strict=True)]
        return sum(terms[1:], terms[0])

    def _slope(self, argument: int, v: arb, u: arb, w: arb) -> arb:
        if not argument and w == 0:
            return w
        slope: arb = self.value("xlogy")(v, u) if argument else w * self.value("pow")(u, w - 1)
        return slope


class Proving(Enclosing):
    """Rules over balls, fractions and multiples of π, compiled on first use; no sweep makes a fraction too long.

    >>> from flint import fmpq
    >>> from adcalc.arithmetics.exact import Exact
    >>> from adcalc.rules.table import standard
    >>> Proving(standard(), Exact()).pull("mul", (0,))(fmpq(1, 3), fmpq(1), fmpq(1, 2), fmpq(2))
    2/3
    """

    def __init__(self, table: Table, arithmetic: Arithmetic[Any]) -> None:
        super().__init__(table, arithmetic)
        self._pulls: dict[tuple[str, tuple[int, ...]], Operation] = {}
        self._pushes: dict[tuple[str, tuple[int, ...]], Operation] = {}

    def pull(self, op: str, active: tuple[int, ...]) -> Operation:
        """The return sweep's step: of (adjoint, value, arguments…)."""
        found = self._pulls.get((op, active))
        if found is None:
            found = self._pulls[op, active] = partial(_kept, super().pull(op, active))
        return found

    def push(self, op: str, active: tuple[int, ...]) -> Operation:
        """The forward sweep's step: of (value, arguments…, tangents of the active ones…)."""
        found = self._pushes.get((op, active))
        if found is None:
            found = self._pushes[op, active] = partial(_kept, super().push(op, active))
        return found


def _kept(step: Operation, *args: Any) -> Any:
    result = step(*args)
    if type(result) is arb:  # which is what most are
        return result
    if type(result) is not tuple:
        return kept(result)
    for flow in result:
        if type(flow) is not arb:
            return tuple(map(kept, result))
    return result
