"""The rules of a table over truncated power series: flint's functions where there are any, and the rows' recurrence."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from flint import arb, arb_series, ctx, fmpq

from adcalc.arithmetics.ball import UNDECIDED, Undecided
from adcalc.arithmetics.base import Operation
from adcalc.arithmetics.exact import Exact, ball
from adcalc.arithmetics.moving import Moving, Rough, Tie, first_power, start
from adcalc.arithmetics.series import Series
from adcalc.arithmetics.series_functions import FORMULAS, SLOPES, integrated, restarted
from adcalc.arithmetics.turns import Turns
from adcalc.graph.node import CONDITIONS
from adcalc.rules.compiled import Compiled
from adcalc.rules.enclosing import Proving
from adcalc.rules.recurrence import Recurrence
from adcalc.rules.table import Table

_OWN_EDGES = frozenset({"pow", "mod", "hypot", "atan2", "xlogy", "logsumexp"})  # of the series themselves


class Unruled(ArithmeticError):  # noqa: N818  # it is no mistake
    """What moves is an argument by which the row has no derivative."""

    def __init__(self, argument: int) -> None:
        super().__init__("no formula for a derivative")
        self.argument = argument


class Expanding(Compiled[Any]):
    """Rules over series and numbers, for one precision; `side` is that of the arithmetic.

    >>> from adcalc.arithmetics.moving import begun
    >>> from adcalc.rules.table import standard
    >>> before, ctx.cap = ctx.cap, 3
    >>> [float(one) for one in Expanding(standard()).value("sinc")(begun(fmpq(0), 1)).series.coeffs()]
    [1.0, 0.0, -0.16666666666666666]
    >>> ctx.cap = before
    """

    def __init__(self, table: Table, side: int | None = 0, numbers: Compiled[Any] | None = None) -> None:
        self.series = Series(side)
        super().__init__(table, self.series)
        self.numbers = Proving(table, Exact()) if numbers is None else numbers
        self._clauses: dict[str, tuple[list[bool], list[tuple[str, int | None, Operation]]]] = {}

    def value(self, op: str) -> Operation:
        """The function that computes an operation of numbers and of what moves.

        It raises Tie, Rough, Pole and Unruled besides what numbers raise.
        """
        found = self._values.get(op)
        if found is None:
            found = self._values[op] = self._function_of(op)
        return found

    def _function_of(self, op: str) -> Operation:
        if self.series.has(op):
            own = self.series.operation(op)
            assert own is not None
            return own
        plain = self.numbers.value(op)
        if op in CONDITIONS or not self.table.rule(op).parameters:
            return plain
        return partial(self._moved, op, plain)

    def _moved(self, op: str, plain: Operation, *args: Any) -> Any:
        """The result at the point, and the series that begins there."""
        active = [number for number, one in enumerate(args) if type(one) is Moving]
        if not active:
            return plain(*args)
        if op == "pow" and start(args[0]) == 0:
            self.series.along(op, fmpq(0), *args)  # which has a word for a pole
        starts = [start(one) for one in args]
        at = plain(*starts)
        if op in _OWN_EDGES:
            series = self.series.along(op, at, *args)
        else:
            try:
                self.require_slope(op, at, starts, active)
            except Rough as rough:
                rough.order = first_power(args[active[0]])
                raise
            series = self._formula(op, at, args[0]) if len(args) == 1 else None
        if series is None:
            series = self._expanded(op, at, args, active)
        found = Moving(at, series) if isinstance(series, arb_series) else series
        if type(found) is Moving and not found.series[0].is_finite():
            raise Undecided("no finite ball of this precision")
        return found

    def _formula(self, op: str, at: Any, u: Moving) -> arb_series | None:
        if op in ("sin", "cos") and type(u.at) is Turns:  # whose sine and cosine may be known exactly
            sine, cosine = (ball(self.numbers.value(name)(u.at)) for name in ("sin", "cos"))
            across, along = (-sine, cosine) if op == "cos" else (cosine, sine)
            step = restarted(u.series, arb(0))
            series = along * step.cos() + across * step.sin()
        elif op in FORMULAS:
            series = FORMULAS[op](u.series)
        elif op in SLOPES:
            series = integrated(ball(at), SLOPES[op](u.series), u.series)
        else:
            return None
        return series if series[0].is_finite() and series[ctx.cap - 1].is_finite() else None

    def _expanded(self, op: str, at: Any, args: Sequence[Any], active: Sequence[int]) -> Any:
        if len(active) > 1:
            return arb_series(Recurrence(self, op, args).coefficients(ctx.cap))
        u = args[active[0]]
        given = [Moving(u.at, arb_series([ball(u.at), 1])) if one is u else one for one in args]
        step = u.series.coeffs()[1:]
        first = first_power(u)
        if not first:
            return at
        series = arb_series(Recurrence(self, op, given).coefficients((ctx.cap - 1) // first + 1))
        return series if len(step) == 1 and step[0] == 1 else series(arb_series([0, *step]))

    def require_slope(self, op: str, value: Any, args: Sequence[Any], active: Sequence[int]) -> None:
        """Raise Rough, Tie or Unruled where a row has no slope by these of its arguments."""
        ruled, conditions = self._clauses.get(op) or self._known(op)
        for argument in active:
            if not ruled[argument]:
                raise Unruled(argument)
        for kind, parameter, condition in conditions:
            if parameter is not None and parameter not in active:
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

    def _known(self, op: str) -> tuple[list[bool], list[tuple[str, int | None, Operation]]]:
        """By which arguments a row has a derivative, and its conditions for one."""
        rule = self.table.rule(op)
        conditions = [
            (clause.kind, clause.parameter, self.numbers.condition(op, number))
            for number, clause in enumerate(rule.clauses)
            if clause.kind != "on"
        ]
        found = self._clauses[op] = [rule.mentions(number) for number in range(len(rule.parameters))], conditions
        return found
