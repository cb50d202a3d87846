"""A result with its error bars: rounded as the uncertainty deserves, with the share of each input as a bar."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from adcalc.render import json
from adcalc.render.layout import Words, cut
from adcalc.render.text import columns
from adcalc.syntax.number import short
from adcalc.syntax.unparse import quoted

if TYPE_CHECKING:
    from adcalc.results.propagation import Propagation

_SHOWN: Final = 2  # digits of an uncertainty (JCGM 100:2008, 7.2.6)
_LONGEST_BAR: Final = 50
_LARGE, _SMALL, _WHOLE = 7, -4, 16  # exponents of ten beyond which powers of ten are written
_FLOAT: Final = 17  # digits beyond which those of a float say nothing
_BAR, _BACKWARDS = "█", "░"


def rounded(value: float, uncertainty: float) -> str:
    """A value and its uncertainty, the latter with two digits, the former to the same place, as far as floats have it.

    >>> rounded(12.4, 1.4756), rounded(50000838.0, 31.7), rounded(0.4299, 0.0996), rounded(6.6e-34, 1e-36)
    ('12.4 ± 1.5', '50000838 ± 32', '0.43 ± 0.10', '(6.600 ± 0.010)e-34')
    >>> rounded(1 / 3, 1.66e-20)
    '0.3333333333333333 ± 1.7e-20'
    """
    if not uncertainty:
        return f"{short(value)} ± 0"
    size = Fraction(uncertainty)
    place = _exponent(size) - _SHOWN + 1
    digits = _nearest(size, place)
    if digits >= 10**_SHOWN:
        place, digits = place + 1, digits // 10
    whole = _nearest(abs(Fraction(value)), place)
    if whole >= 10**_FLOAT:
        return f"{short(value)} ± {short(float(digits * Fraction(10) ** place))}"
    top = place + len(str(max(whole, digits))) - 1
    powers = (top >= _LARGE and place > 0) or top >= _WHOLE or top < _SMALL
    point = place - top if powers else place
    sign = "-" if value < 0 and whole else ""
    pair = f"{sign}{_decimal(whole, point)} ± {_decimal(digits, point)}"
    return f"({pair})e{top:+03d}" if powers else pair


def _exponent(size: Fraction) -> int:
    """The power of ten of a positive number's first digit."""
    guess = math.floor((size.numerator.bit_length() - size.denominator.bit_length()) * math.log10(2))
    while size >= Fraction(10) ** (guess + 1):
        guess += 1
    while size < Fraction(10) ** guess:
        guess -= 1
    return guess


def _nearest(size: Fraction, place: int) -> int:
    return math.floor(size / Fraction(10) ** place + Fraction(1, 2))


def _decimal(digits: int, place: int) -> str:
    """A whole number times a power of ten."""
    if place >= 0:
        return str(digits * 10**place)
    text = str(digits).zfill(1 - place)
    return f"{text[:place]}.{text[place:]}"


def propagation(text: str, result: Propagation, width: int) -> list[Words]:
    """The lines of a result with error bars, in so many columns; `text` is the expression as adcalc writes it.

    >>> from adcalc.results.propagation import Propagation
    >>> from adcalc.results.proved import Bounds
    >>> found = Propagation("2*x", {"x": 1.0}, {"x": 0.1}, 2.0, 0.2, {"x": 1.0}, None, (1.8, 2.2))
    >>> found = found._replace(bounds=Bounds("1.8", "2.2"))
    >>> for line in propagation("2*x", found, 40):
    ...     print("".join(word for word, _ in line))
    2*x = 2.00 ± 0.20
      x = 1 ± 0.1  100.0 % █████████████████
      second order: there are no second and third derivatives here
      in [1.8, 2.2] while x is within its ±
    """
    lines: list[Words] = [
        [(cut(text), "expression"), (" = ", "quiet"), (rounded(result.value, result.uncertainty), "value")]
    ]
    if result.expanded is not None:
        times = f"  expanded, k = {short(result.coverage or 0.0)}: "
        lines.append([(times, "name"), (rounded(result.value, result.expanded), "value")])
    lines += _shares(result, width)
    for pair, number in result.correlations.items():
        lines.append([(f"  r({pair.replace(',', ', ')}) = {short(number)}", "quiet")])
    lines += _second(result)
    if result.bounds is not None and result.uncertainties:
        low, high = result.bounds
        every = list(result.uncertainties)
        who = f"{every[0]} is within its ±" if len(every) == 1 else "each input is within its ±"
        lines.append([("  in ", "quiet"), (f"[{low}, {high}]", "value"), (f" while {who}", "quiet")])
    return lines


def _shares(result: Propagation, width: int) -> list[Words]:
    """A line for each input with an uncertainty: its value, its share, and the share as a bar."""
    names = [quoted(name) for name in result.uncertainties]
    values = [f"{short(result.at[name])} ± {short(size)}" for name, size in result.uncertainties.items()]
    shares = list(result.contributions.values())
    percents = [f"{100 * share:.1f} %" for share in shares]
    room = [max(map(columns, column), default=0) for column in (names, values, percents)]
    longest = max(0, min(_LONGEST_BAR, width - sum(room) - 8))
    scale = max([1.0, *map(abs, shares)])
    lines: list[Words] = []
    for name, value, percent, share in zip(names, values, percents, shares, strict=True):
        bar = (_BAR if share >= 0 else _BACKWARDS) * round(abs(share) / scale * longest)
        line: Words = [
            (f"  {_padded(name, room[0])}", "name"),
            (" = ", "quiet"),
            (f"{_padded(value, room[1])}  ", ""),
            (percent.rjust(room[2]), "value"),
        ]
        lines.append([*line, (f" {bar}", "name")] if bar else line)
    return lines


def _padded(text: str, room: int) -> str:
    return text + " " * (room - columns(text))


def _second(result: Propagation) -> list[Words]:
    """What curvature makes of the result, where that shows."""
    second = result.second_order
    if not result.uncertainties:
        return [[("  no input has an uncertainty; one is written x=2±0.1", "quiet")]]
    if second is None:
        if not any(result.uncertainties.values()):
            return []
        return [[("  second order: there are no second and third derivatives here", "quiet")]]
    if not second.matters:
        return []
    if second.uncertainty is None:
        words = f"{short(second.value)}, and no uncertainty: it is too curved for three derivatives"
        return [[("  second order: ", "name"), (words, "value")]]
    return [
        [
            ("  second order: ", "name"),
            (rounded(second.value, second.uncertainty), "value"),
            (", as the function is curved here", "quiet"),
        ]
    ]


def propagation_json(result: Propagation) -> str:
    """A result with error bars: expression, at, value, uncertainty, contributions, second_order, enclosure, and more.

    >>> from adcalc.results.propagation import Propagation
    >>> found = Propagation("x", {"x": 1.0}, {"x": 0.1}, 1.0, 0.1, {"x": 1.0}, None, (0.9, 1.1), {"x": 1.0})
    >>> propagation_json(found)[:84]
    '{"expression": "x", "at": {"x": 1.0}, "value": 1.0, "uncertainty": 0.1, "contributio'
    """
    second = result.second_order
    keys: dict[str, Any] = {
        "expression": result.expression,
        "at": dict(result.at),
        "value": result.value,
        "uncertainty": result.uncertainty,
        "contributions": dict(result.contributions),
        "second_order": None if second is None else second._asdict(),
        "enclosure": None if result.enclosure is None else list(result.enclosure),
        "uncertainties": dict(result.uncertainties),
        "sensitivity": dict(result.sensitivity),
    }
    if result.correlations:
        keys["correlations"] = dict(result.correlations)
    if result.coverage is not None:
        keys |= {"coverage": result.coverage, "expanded": result.expanded}
    return json.record(keys | json.warned(result.warnings))
