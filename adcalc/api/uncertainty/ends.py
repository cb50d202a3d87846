"""What a value of a box says: the ends of a variable's interval, exact until a precision is chosen."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from flint import ctx

from adcalc.api.point import constant_of
from adcalc.api.proofs.exact import number_of
from adcalc.arithmetics.bounds import bounds
from adcalc.arithmetics.exact import Exact, ball
from adcalc.arithmetics.interval import Interval, point
from adcalc.errors import Source, UsageError
from adcalc.modes.base import NodeError, Problem
from adcalc.modes.proofs.attempt import in_floats
from adcalc.modes.sweep import primal
from adcalc.rules.enclosing import Proving
from adcalc.syntax.lowered import Lowered
from adcalc.syntax.point import Binding, Spread, parse_point
from adcalc.syntax.point import Interval as Written
from adcalc.syntax.unparse import quoted

if TYPE_CHECKING:
    from adcalc.api.function import Function
    from adcalc.errors import Place
    from adcalc.rules.table import Table


def read(name: str, value: Any, table: Table) -> Any:
    """The value of a variable, where it is a text with an interval or ± as what it is; others as they are.

    >>> from adcalc.rules.table import standard
    >>> type(read("x", "2±0.1", standard())).__name__, read("x", "1/2", standard())
    ('Spread', '1/2')
    """
    if not isinstance(value, str) or not any(mark in value for mark in ("..", "±", "+/-")):
        return value
    return parse_point(Source(f"{quoted(name)}={value}"), table).intervals.get(name, value)


class Ends(NamedTuple):
    """The exact ends of a variable's interval as they are written, the same for a number; and where that is."""

    low: Any
    high: Any
    spread: Any
    place: Place | None

    @classmethod
    def of(cls, function: Function, name: str, value: Any) -> Ends:
        """What a value of a point says. Raises UsageError for an array, and for what is no number."""
        found = read(name, value, function.table)
        if isinstance(found, Written):
            low, high = (_of_numbers(name, end, found.place, function.table) for end in (found.low, found.high))
            return cls(low, high, None, found.place)
        if isinstance(found, Spread):
            middle = _of_numbers(name, found.middle, found.place, function.table)
            return cls(middle, middle, _of_numbers(name, found.spread, found.place, function.table), found.place)
        place = found.place if isinstance(found, Binding) else None
        exact = _of_numbers(name, constant_of(name, found, function.table), place, function.table)
        return cls(exact, exact, None, place)

    def interval(self, function: Function, name: str) -> Interval:
        """All numbers of it, at the working precision. Raises UsageError where it runs backwards."""
        low = _number(function, self.low)
        if self.spread is not None:
            off = _number(function, self.spread)
            if off < 0:
                raise UsageError(f"what {name} may be off by is negative", self.place, f"write {name}=2±0.1")
            return Interval(low - off, low + off) if off != 0 else point(low)
        if self.low is self.high:
            return point(low)
        high = _number(function, self.high)
        if low > high:
            ends = f"{name}=[{bounds(high, 6)[0]} .. {bounds(low, 6)[1]}]"
            raise UsageError(f"the interval of {name} runs backwards", self.place, f"write {ends}")
        return Interval(low, high)


def _of_numbers(name: str, value: Any, place: Place | None, table: Table) -> Any:
    """What a number is written as, without the arrays that it is made of. Raises UsageError for an array."""
    number = number_of(value, table) if isinstance(value, Lowered) else value
    if number.graph.shapes if isinstance(number, Lowered) else hasattr(number, "shape"):
        raise UsageError(f"{name} is an array, and a box is of numbers", place, "name its elements: x_1, x_2")
    return number


@lru_cache(maxsize=16)
def _exactly(table: Table, precision: int) -> Proving:
    """The rules over exact numbers, compiled for one precision in bits."""
    return Proving(table, Exact())


def _number(function: Function, value: Any) -> Any:
    """A number, as exact as the working precision makes it. Raises what a user reads."""
    rules = _exactly(function.table, int(ctx.prec))
    if not isinstance(value, Lowered):
        return rules.arithmetic.constant(Fraction(value))
    try:
        number = primal(Problem(value.graph, value.output, (), {}), rules).value
    except NodeError as error:
        raise function.explained(in_floats(error, error.kind), value) from None
    if not ball(number).is_finite():
        raise UsageError("the ends of an interval are finite numbers", value.place(value.output))
    return number
