"""Numbers a very small step off a point of floats: what floats take to be equal there is equal, and the step decides.

10*x is 7 where x is the float 0.7, though that is less than seven tenths. So a number is three: the float at the point,
what it is there without rounding, and what it is after the step. Floats that differ decide a comparison, and where they
are the same what the step adds does.
"""

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache, partial
from math import isfinite
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from flint import arb

from adcalc.arithmetics.base import Operation
from adcalc.arithmetics.near import TooFewBits
from adcalc.arithmetics.real import Real
from adcalc.graph.fold import holds
from adcalc.graph.node import CONDITIONS, RELATIONS, NodeId
from adcalc.modes.base import Problem, Tape
from adcalc.modes.sweep import primal
from adcalc.rules.compiled import Compiled
from adcalc.rules.table import Table

if TYPE_CHECKING:
    from adcalc.arithmetics.near import Near

_STEPS: Final = frozenset({"floor", "ceil", "round", "sign", "step"})
_TINY: Final = 2.0**-60
_RIGHT: Final = 1e-9  # relative: a float that is less wrong stands for its number


class Off(NamedTuple):
    """A number off a point: the float and the number itself at the point, where it has them, and after the step.

    >>> Off(7.0, arb(7) - arb(2) ** -40, arb(7)).nearby == 7 + arb(2) ** -40
    True
    """

    at: float | None
    base: arb | None
    there: arb

    @property
    def nearby(self) -> arb:
        """What stands for it after the step: the float at the point, moved, or the number itself."""
        if self.at is None or self.base is None:
            return self.there
        near = abs(arb(self.at) - self.base) <= _RIGHT * abs(self.base)
        return arb(self.at) + (self.there - self.base) if near else self.there


class Stepping(Compiled[Any]):
    """The rules of balls near to floats, over numbers off a point: their values alone.

    >>> from adcalc.arithmetics.near import Near
    >>> from adcalc.rules.enclosing import Enclosing
    >>> from adcalc.rules.table import standard
    >>> rules = Stepping(Enclosing(standard(), Near(True)))
    >>> ten, seven = (rules.arithmetic.constant(Fraction(number)) for number in (10, 7))
    >>> x = Off(0.7, arb(0.7), arb(0.7) + arb(2) ** -40)
    >>> rules.value("gt")(rules.value("mul")(x, ten), seven)
    True
    """

    def __init__(self, exact: Compiled[arb]) -> None:
        super().__init__(exact.table, _Constants(exact))
        self._exact = exact
        self._floats = _floating(exact.table)
        self._order = cast("Near", exact.arithmetic).order

    def value(self, op: str) -> Operation:
        """The function that computes an operation: of its arguments."""
        if op in RELATIONS:
            return partial(self._compared, op)
        if op in CONDITIONS:
            return self._exact.value(op)
        if op in _STEPS:
            return partial(self._stepped, op)
        return self._wrapped if op == "mod" else partial(self._applied, op)

    def _applied(self, op: str, *args: Off) -> Off:
        exact = self._exact.value(op)
        there = exact(*[argument.there for argument in args])
        if all(argument.base is argument.there for argument in args):
            base: arb | None = there
        else:
            base = _tried(exact, [argument.base for argument in args])
        if base is not None and abs(there - base) > _TINY * (1 + abs(base)):  # a jump: floats are asked beside it
            return Off(_finite(float(there.mid())), None, there)
        return Off(_tried(self._floats.value(op), [argument.at for argument in args]), base, there)

    def _compared(self, op: str, left: Off, right: Off) -> bool:
        one, other = left.there, right.there
        if left.at is not None and right.at is not None:
            if left.at != right.at:
                return holds(op, left.at, right.at)
            if left.base is not None and right.base is not None:
                one, other = left.there - left.base, right.there - right.base
        return holds(op, self._order(one, other), 0)

    def _stepped(self, op: str, u: Off) -> Off:
        """A step, which stays where it is beside the point, whatever it is there."""
        exact = self._exact.value(op)
        if u.at is None or u.base is None:
            return self._applied(op, u)
        level = exact(arb(u.at) + (u.there - u.base))
        return Off(float(level.mid()), level, level)

    def _wrapped(self, u: Off, w: Off) -> Off:
        """The remainder, by as many periods as floats take beside the point."""
        if u.at is None or w.at is None or u.base is None or w.base is None or not w.at:
            return self._applied("mod", u, w)
        periods = self._exact.value("floor")((arb(u.at) + u.there - u.base) / (arb(w.at) + w.there - w.base))
        at = (arb(u.at) - arb(w.at) * periods).mid()
        return Off(float(at), at, at + (u.there - u.base) - (w.there - w.base) * periods)


class _Constants:
    """The constants of numbers off a point, which stay where they are."""

    infix: frozenset[str] = frozenset()
    decides = True

    def __init__(self, exact: Compiled[arb]) -> None:
        self._exact = exact

    def constant(self, value: Fraction) -> Off:
        number = self._exact.arithmetic.constant(value)
        return Off(float(number.mid()), number, number)

    def operation(self, op: str) -> Operation | None:
        return None


@lru_cache(maxsize=8)
def _floating(table: Table) -> Compiled[float]:
    return Compiled(table, Real())


def _tried(operation: Operation, args: list[Any]) -> Any:
    """The value of an operation at the point; None where it has none, or an argument had none."""
    if any(argument is None for argument in args):
        return None
    try:
        value = operation(*args)
    except TooFewBits:
        raise
    except (ArithmeticError, ValueError):
        return None
    return _finite(value) if isinstance(value, float) else value


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None


def stepped(
    tape: Tape[Any], variable: NodeId, steps: Mapping[NodeId, arb], exact: Compiled[arb]
) -> tuple[Tape[arb], float | None]:
    """The tape some steps off the point of a tape, along the way that a program takes there; by its problem's input.

    With it comes the value that floats have at the point along that way, if they have one.
    Raises NodeError where the output has no value there, AdcalcError where the way has none.
    """
    problem: Any = tape.problem
    rules = Stepping(exact)
    point = {node: rules.arithmetic.constant(Fraction(number)) for node, number in problem.point.items()}
    point |= {node: point[node]._replace(there=point[node].there + step) for node, step in steps.items()}
    moved = variable
    if tape.way is None:
        problem = problem._replace(point=point)
    else:
        problem, moved = tape.way.beside(problem.output, point, variable, rules)
    found = primal(problem, rules)
    values = [value.nearby if isinstance(value, Off) else value for value in found.values]
    inputs = {node: value.nearby for node, value in problem.point.items()}
    there = Tape(Problem(problem.graph, problem.output, (moved,), inputs), exact, found.order, values)
    return there, found.value.at
