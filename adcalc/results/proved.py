"""Results whose every digit is proved: numbers as texts, so that no reader rounds them."""

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple


class Bounds(NamedTuple):
    """Two decimals between which a number certainly lies.

    >>> Bounds("1.41", "1.42").low
    '1.41'
    """

    low: str
    high: str


class ProvedValue(NamedTuple):
    """The value of an expression at an exact point, or its values: so many significant digits, all proved.

    `at` has the digits of the point. A value that has only an enclosure is None; `enclosures` are there where they were
    asked for. `exact` are the fractions that the values are known to be.

    >>> ProvedValue("1/3", {}, 5, ("0.33333",), False).value
    '0.33333'
    """

    expression: str
    at: Mapping[str, str]
    digits: int
    values: tuple[str | None, ...]
    is_list: bool
    enclosures: tuple[Bounds, ...] = ()
    exact: tuple[Fraction | None, ...] = ()

    @property
    def value(self) -> str | tuple[str | None, ...] | None:
        """The value, or the tuple of values where the result is a list."""
        return self.values if self.is_list else self.values[0]


class ProvedGradient(NamedTuple):
    """A value and its partial derivatives at an exact point: so many significant digits each, all proved.

    >>> ProvedGradient("x^2", {"x": "3"}, "reverse", 5, "9", {"x": "6"}).gradient["x"]
    '6'
    """

    expression: str
    at: Mapping[str, str]
    mode: str
    digits: int
    value: str | None
    gradient: Mapping[str, str | None]
    value_enclosure: Bounds | None = None
    enclosures: Mapping[str, Bounds] = {}
    exact: Fraction | None = None
