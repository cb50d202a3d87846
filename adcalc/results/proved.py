"""Results whose every digit is proved: numbers as texts, so that no reader rounds them."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final, NamedTuple

from adcalc.syntax.numeral import number_text

_LONGEST: Final = 1000  # characters of a fraction that is remembered as one


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
    asked for. `exact` are the fractions that the values are known to be. Arrays are there by their elements, row by
    row: `shape` is that of the result, and `shapes` are those of the variables.

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
    shape: tuple[int, ...] = ()
    shapes: Mapping[str, tuple[int, ...]] = {}

    @property
    def value(self) -> str | tuple[str | None, ...] | None:
        """The value, or the tuple of values where the result is a list."""
        return self.values if self.is_list else self.values[0]

    @property
    def remembered(self) -> tuple[str | tuple[str, ...] | None, Mapping[str, str]]:
        """The value as a text that loses nothing where it is a fraction, and no partials; None where it has no digits.

        >>> ProvedValue("1/3", {}, 5, ("0.33333",), False, exact=(Fraction(1, 3),)).remembered
        ('1/3', {})
        """
        texts = [remembered(digits, exact) for digits, exact in zip(self.values, self.exact, strict=True)]
        known = tuple(text for text in texts if text is not None)
        if len(known) < len(texts) or len(self.shape) > 1:
            return None, {}
        return known if self.is_list else known[0], {}


class ProvedGradient(NamedTuple):
    """A value and its partial derivatives at an exact point: so many significant digits each, all proved.

    Arrays are there by their elements; `shapes` are those of the variables that are arrays. The derivatives are of an
    `order` by each variable, or the one that is `mixed` by some.

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
    exact_partials: Mapping[str, Fraction | None] = {}
    shapes: Mapping[str, tuple[int, ...]] = {}
    order: int = 1
    mixed: tuple[str, ...] = ()

    @property
    def remembered(self) -> tuple[str | None, Mapping[str, str]]:
        """Value and partials as texts that lose nothing where they are fractions; none where one has no digits.

        >>> ProvedGradient("x^2", {"x": "3"}, "reverse", 5, "9", {"x": "6"}).remembered
        ('9', {'x': '6'})
        """
        texts = {name: remembered(one, self.exact_partials.get(name)) for name, one in self.gradient.items()}
        known = {name: text for name, text in texts.items() if text is not None and not self.shapes}
        return remembered(self.value, self.exact), known if len(known) == len(texts) else {}


def remembered(digits: str | None, exact: Fraction | None) -> str | None:
    """A number as a text that loses nothing where it is a fraction, unless that is long.

    >>> remembered("0.33333", Fraction(1, 3))
    '1/3'
    """
    text = digits if exact is None else number_text(exact)
    return digits if text is None or len(text) > _LONGEST else text
