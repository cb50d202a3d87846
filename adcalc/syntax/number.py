"""Numbers in and out: a literal is the rational number that it says, and a float is written as people write it."""

from fractions import Fraction

from adcalc.errors import LimitError, Place

MAXIMUM_EXPONENT = 400_000  # of ten: a larger literal would fill the memory before it meant anything
_CHUNK = 4000  # digits that Python converts at once, whatever its own limit is set to


def exact(text: str, place: Place | None = None) -> Fraction:
    """The rational number that a literal stands for, whatever its length.

    Raises LimitError for an exponent beyond any use.

    >>> exact("0.1")
    Fraction(1, 10)
    >>> exact("1_000e-3")
    Fraction(1, 1)
    """
    if text.isdigit() and len(text) < _CHUNK:
        return Fraction(int(text))
    digits, _, exponent_text = text.replace("_", "").lower().partition("e")
    whole, _, decimals = digits.partition(".")
    if len(exponent_text.lstrip("+-")) > 12 or abs(int(exponent_text or 0)) > MAXIMUM_EXPONENT:
        raise LimitError(f"the exponent of {text} is beyond 10^±{MAXIMUM_EXPONENT}", place)
    exponent = int(exponent_text or 0) - len(decimals)
    mantissa = _integer(whole + decimals)
    return Fraction(mantissa * 10**exponent) if exponent >= 0 else Fraction(mantissa, 10**-exponent)


def short(number: float) -> str:
    """A number as people write it: without a decimal point where it is whole.

    >>> short(-2.0), short(0.5), short(-0.0)
    ('-2', '0.5', '0')
    """
    number += 0.0
    return str(int(number)) if number.is_integer() and abs(number) < 1e16 else repr(number)


def figure(number: float) -> str:
    """A number as a table shows it: in full where it is short, else with seven significant digits.

    >>> figure(0.1), figure(1 / 3), figure(-2.0), figure(1e-20 / 3)
    ('0.1', '0.3333333', '-2', '3.333333e-21')
    """
    text = short(number)
    return text if len(text) <= _FIGURE else f"{number:.7g}"


_FIGURE = 9  # characters of a number that is short enough for a table


def _integer(digits: str) -> int:
    value = 0
    for begin in range(0, len(digits), _CHUNK):
        chunk = digits[begin : begin + _CHUNK]
        value = value * 10 ** len(chunk) + int(chunk)
    return value
