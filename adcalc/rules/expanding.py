"""The rules of a table over truncated power series: flint's functions where there are any, and the rows' recurrence."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from flint import arb, arb_series, ctx

from adcalc.arithmetics.ball import UNDECIDED, Ball, Undecided
from adcalc.arithmetics.base import Operation
from adcalc.arithmetics.series import Rough, Series, Tie, start
from adcalc.arithmetics.series_functions import FORMULAS, SLOPES, integrated
from adcalc.graph.node import CONDITIONS, RELATIONS
from adcalc.rules.compiled import Compiled
from adcalc.rules.enclosing import Enclosing
from adcalc.rules.recurrence import Recurrence
from adcalc.rules.table import Table

_RING = frozenset({"add", "sub", "mul", "div", "neg"})


class Unruled(ArithmeticError):  # noqa: N818
    """A series is an argument by which the row has no derivative."""

    def __init__(self, argument: int) -> None:
        super().__init__("no formula for a derivative")
        self.argument = argument


class Expanding(Compiled[Any]):
    """Rules over series and balls, for one precision; `side` is that of the arithmetic.

    >>> rules = Expanding(standard := Table())
    >>> from adcalc.rules.table import standard
    >>> [float(one) for one in Expanding(standard()).value("sinc")(arb_series([0, 1], 3)).coeffs()][:1]
    [1.0]
    """

    def __init__(self, table: Table, side: int = 0, balls: Compiled[arb] | None = None) -> None:
        self.numbers = Series(side)
        super().__init__(table, self.numbers)
        self.balls = Enclosing(table, Ball()) if balls is None else balls
        self._clauses: dict[str, list[tuple[str, int | None, Operation]]] = {}

    def value(self, op: str) -> Operation:
        """The function that computes an operation of balls and series.

        It raises Tie, Rough, Pole and Unruled besides what balls raise.
        """
        found = self._values.get(op)
        if found is None:
            found = self._values[op] = self._function_of(op)
        return found

    def _function_of(self, op: str) -> Operation:
        own = self.numbers.operation(op)
        if own is not None and (op in _RING or op in RELATIONS):
            return own
        plain = self.balls.value(op)
        if op in CONDITIONS or not self.table.rule(op).parameters:
            return plain
        if op in FORMULAS or op in SLOPES:
            return partial(self._along, op, plain)
        return partial(self._of_several if self.numbers.has(op) else self._expanded, op, plain)

    def _along(self, op: str, plain: Operation, u: Any) -> Any:
        if not isinstance(u, arb_series):
            return plain(u)
        if op in SLOPES or self._conditions(op):
            value = plain(u[0])
            self.require_slope(op, value, (u[0],), (0,))
        series = FORMULAS[op](u) if op in FORMULAS else integrated(value, SLOPES[op](u), u)
        if series[0].is_finite() and series[ctx.cap - 1].is_finite():
            return series
        return self._expanded(op, plain, u)

    def _of_several(self, op: str, plain: Operation, *args: Any) -> Any:
        if not any(isinstance(one, arb_series) for one in args):
            return plain(*args)
        try:
            series = self.numbers.operation(op)(*args)  # type: ignore[misc]  # it has one
        except Rough:
            plain(*map(start, args))  # which may have no value
            raise
        if not start(series).is_finite():
            plain(*map(start, args))
            raise Undecided("no finite ball of this precision")
        return series

    def _expanded(self, op: str, plain: Operation, *args: Any) -> Any:
        active = [number for number, one in enumerate(args) if isinstance(one, arb_series)]
        if not active:
            return plain(*args)
        if len(active) > 1:
            return arb_series(Recurrence(self, op, args).coefficients(ctx.cap))
        u = args[active[0]]
        given = [arb_series([u[0], 1]) if one is u else one for one in args]
        series = arb_series(Recurrence(self, op, given).coefficients(ctx.cap))
        step = u.coeffs()[1:]
        if len(step) == 1 and step[0] == 1:
            return series
        return series(arb_series([0, *step])) if any(not one.is_zero() for one in step) else series[0]

    def require_slope(self, op: str, value: arb, args: Sequence[arb], active: Sequence[int]) -> None:
        """Raise Rough, Tie or Unruled where a row has no slope by these of its arguments."""
        rule = self.table.rule(op)
        for argument in active:
            if not rule.mentions(argument):
                raise Unruled(argument)
        for kind, parameter, condition in self._conditions(op):
            if kind == "on" or (parameter is not None and parameter not in active):
                continue
            try:
                truth = condition(value, *args)
            except ZeroDivisionError:
                truth = kind != "smooth"
            if truth is UNDECIDED:
                raise Undecided("balls of this precision do not tell whether there is a slope")
            if kind == "smooth" and not truth:
                raise Rough
            if kind != "smooth" and truth:
                raise Tie

    def _conditions(self, op: str) -> list[tuple[str, int | None, Callable[..., Any]]]:
        found = self._clauses.get(op)
        if found is None:
            clauses = enumerate(self.table.rule(op).clauses)
            found = [(clause.kind, clause.parameter, self.balls.condition(op, n)) for n, clause in clauses]
            self._clauses[op] = found
        return found
