"""A linear axis: where numbers lie on it, from 0 to 1, and round numbers to write beside it."""

import math
from fractions import Fraction
from typing import Final, NamedTuple

_STEPS: Final = (1, 2, 5)
_SMALL, _LARGE = -4, 6  # powers of ten between which numbers are written out
_LONG: Final = 16  # digits of a number that is written out where the others are added to it
_SLACK: Final = Fraction(1, 10**9)  # of the width: the ends are floats, and round numbers need not be
_DIGITS: Final = 7  # of a label; where neighbours need more to be told apart, the differences are written


class Ticks(NamedTuple):
    """Numbers of an axis, each with its label; `base` is what they are added to, "" where the labels say all.

    >>> Axis(0.0, 1.0).ticks(2).base
    ''
    """

    labels: tuple[tuple[float, str], ...]
    base: str


class Axis(NamedTuple):
    """A stretch of the number line, of any size, with its ends apart.

    >>> Axis(-5.0, 5.0).place(0.0)
    0.5
    """

    low: float
    high: float

    def place(self, number: float) -> float:
        """Where a number lies: 0 at the low end, 1 at the high one.

        >>> Axis(-1e308, 1e308).place(1e308)
        1.0
        """
        width = self.high - self.low
        if math.isinf(width):
            return (number / 2 - self.low / 2) / (self.high / 2 - self.low / 2)
        return (number - self.low) / width

    def ticks(self, count: int) -> Ticks:
        """Round numbers on the axis, about so many.

        >>> Axis(-5.0, 5.0).ticks(5).labels
        ((-4.0, '-4'), (-2.0, '-2'), (0.0, '0'), (2.0, '2'), (4.0, '4'))
        >>> Axis(1.0, 1.0 + 1e-12).ticks(2)
        Ticks(labels=((1.0, '0'), (1.000000000001, '1e-12')), base='1')
        """
        low, high = Fraction(self.low), Fraction(self.high)
        slack = (high - low) * _SLACK
        tried = []
        for step, power in _steps((high - low) / max(count, 1)):
            first, last = math.ceil((low - slack) / step), math.floor((high + slack) / step)
            tried.append((abs(last - first + 1 - count), step, power, range(first, last + 1)))
        _, step, power, places = min(tried, key=lambda one: one[0])
        numbers = list({float(step * k): step * k for k in places}.values())
        largest = max((_power(abs(number)) for number in numbers if number), default=power)
        base = ""
        shown = numbers
        if numbers and largest - power + 1 > _DIGITS:
            base = _decimal(numbers[0], max(0, -power)) if largest < _LONG else _text(numbers[0], power, largest)
            base = base.rstrip("0").rstrip(".") if "." in base else base
            shown = [number - numbers[0] for number in numbers]
            largest = max((_power(abs(number)) for number in shown if number), default=power)
        labels = [(float(number), _text(one, power, largest)) for number, one in zip(numbers, shown, strict=True)]
        return Ticks(tuple(labels), base)


def _steps(least: Fraction) -> list[tuple[Fraction, int]]:
    """The round numbers, 1, 2 or 5 times a power of ten, next to a number on either side, with their powers."""
    power = _power(least)
    steps = [(times * Fraction(10) ** exponent, exponent) for exponent in (power, power + 1) for times in _STEPS]
    above = next(place for place, (step, _) in enumerate(steps) if place and step >= least)
    return [steps[above], steps[above - 1]]


def _power(number: Fraction) -> int:
    """The power of ten of a number's first digit."""
    power = len(str(number.numerator)) - len(str(number.denominator))
    return power if number >= Fraction(10) ** power else power - 1


def _text(number: Fraction, power: int, largest: int) -> str:
    """A multiple of a power of ten, written like all others of the axis, of which the largest has such a power."""
    if not number:
        return "0"
    if power >= _SMALL and largest < _LARGE:
        return _decimal(number, max(0, -power))
    own = _power(abs(number))
    mantissa = _decimal(number / Fraction(10) ** own, own - power)
    return f"{mantissa.rstrip('0').rstrip('.') if '.' in mantissa else mantissa}e{own}"


def _decimal(number: Fraction, places: int) -> str:
    """A number with so many decimals, which are all that it has."""
    digits = str(abs(round(number * 10**places))).rjust(places + 1, "0")
    sign = "-" if number < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else sign + digits
