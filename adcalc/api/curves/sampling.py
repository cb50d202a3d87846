"""Samples of a function along one variable: what `gradient` says at each number, and the way between two of them."""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING, Final

from adcalc.errors import LimitError, MathematicsError
from adcalc.results.plot import Sample
from adcalc.syntax.number import short

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from adcalc.api.function import Function

_SIGN: Final = 1 << 63


class Sampler:
    """Values and derivatives along one variable, each computed once; the other variables stand still.

    `room` is how many samples may still be asked for beyond those that are wanted in any case: who looks for more
    than that takes what there is.

    >>> from adcalc.api import function
    >>> sampler = Sampler(function("a*x^2"), "x", {"a": 2.0}, "x")
    >>> sampler.sample(3.0)
    Sample(at=3.0, value=18.0, slope=12.0, problem='')
    """

    def __init__(
        self,
        function: Function,
        name: str,
        point: Mapping[str, float],
        wrt: str,
        mode: str = "reverse",
        at_kink: str | None = None,
    ) -> None:
        self.function = function
        self.name = name
        self.point = dict(point)
        self.wrt = (wrt,)
        self.mode = mode
        self.at_kink = at_kink
        self.room = 0
        self.known: dict[float, Sample] = {}
        self.errors: dict[float, MathematicsError] = {}
        self.warnings: dict[float, tuple[tuple[str, str], ...]] = {}

    def sample(self, number: float) -> Sample:
        """Value and derivative where the variable has a number. Raises LimitError, and what no number can help."""
        number += 0.0
        found = self.known.get(number)
        if found is None:
            self.room -= 1
            found = self.known[number] = self._sampled(number)
        return found

    def _sampled(self, number: float) -> Sample:
        point = {**self.point, self.name: number}
        try:
            result = self.function.gradient(point, wrt=self.wrt, mode=self.mode, at_kink=self.at_kink)
        except LimitError as error:
            where = f"{error.message}, where {self.name} = {short(number)}"
            raise LimitError(where, error.place, error.hint) from None
        except MathematicsError as error:
            self.errors[number] = error
            return Sample(number, self._value(point), None, error.message)
        if result.warnings:
            self.warnings[number] = result.warnings
        return Sample(number, result.value, result.gradient[self.wrt[0]])

    def _value(self, point: Mapping[str, float]) -> float | None:
        try:
            value = self.function.evaluate(point).value
        except MathematicsError:
            return None
        return value if isinstance(value, float) else None

    def key(self, sample: Sample) -> tuple[str, ...]:
        """What is missing at a sample and why: () where nothing is."""
        error = self.errors.get(sample.at)
        if error is None:
            return ()
        about = error.place.excerpt if error.place else ""
        return ("value" if sample.value is None else "slope", error.kind, about)

    def edge(self, inside: float, outside: float, holds: Callable[[Sample], bool]) -> tuple[float, float, bool]:
        """The last number on the way from one that has a property to one that has not, the first without, whether so.

        >>> from adcalc.api import function
        >>> sampler = Sampler(function("sqrt(x - 1)"), "x", {}, "x")
        >>> sampler.room = 100
        >>> sampler.edge(0.0, 3.0, lambda sample: sample.value is None)
        (0.9999999999999999, 1.0, True)
        """
        beside = after(inside, outside)
        if beside == outside or not holds(self.sample(beside)):
            return inside, beside, True
        inside = beside
        while self.room > 0:
            middle = between(inside, outside)
            if middle is None:
                return inside, outside, True
            if holds(self.sample(middle)):
                inside = middle
            else:
                outside = middle
        return inside, outside, False


def between(low: float, high: float) -> float | None:
    """A number halfway between two in the order of all floats, 0 if it lies between; None where they are neighbours.

    >>> between(1.0, 1.5), between(-1.0, 5.0), between(1.0, 1.0000000000000002)
    (1.25, 0.0, None)
    """
    if min(low, high) < 0.0 < max(low, high):
        return 0.0
    first, last = _place(low), _place(high)
    middle = (first + last) // 2
    return None if middle in (first, last) else _float(middle)


def distance(low: float, high: float) -> int:
    """How many floats it is from one to another.

    >>> distance(1.0, 1.0000000000000004)
    2
    """
    return _place(high) - _place(low)


def after(number: float, towards: float) -> float:
    """The neighbour of a number on the way to another one.

    >>> after(1.0, 2.0)
    1.0000000000000002
    """
    return math.nextafter(number, towards) + 0.0


def _place(number: float) -> int:
    """The place of a float in the order of all of them; that of 0 is 0."""
    bits: int = struct.unpack("<q", struct.pack("<d", number + 0.0))[0]
    return bits if bits >= 0 else -(bits + _SIGN)


def _float(place: int) -> float:
    bits = place if place >= 0 else -place - _SIGN
    (number,) = struct.unpack("<d", struct.pack("<q", bits))
    return float(number)
