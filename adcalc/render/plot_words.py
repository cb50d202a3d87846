"""What a plot leaves out, in words: where there is no value, where there is no derivative, and why."""

import math
import re
from collections.abc import Sequence
from textwrap import wrap
from typing import Final

from adcalc.render.layout import Words
from adcalc.results.plot import Plot, Spot
from adcalc.syntax.number import figure, short
from adcalc.syntax.unparse import quoted

_LISTED: Final = 6  # places of one kind
_NARROWEST: Final = 30  # columns
_WHERE: Final = re.compile(r" where .*? = .*\Z|:? the slope by .*\Z", re.DOTALL)


def missing(result: Plot, width: int) -> list[Words]:
    """The lines that say what is missing, places of one kind together.

    >>> from adcalc.results.plot import Plot, Spot
    >>> spot = Spot("no derivative", 0.0, 0.0, "not_differentiable", "abs(x) has a kink where x = 0: …", "abs(x)",
    ...     sides=(-1.0, 1.0))
    >>> for words in missing(Plot("abs(x)", {}, "x", -1.0, 1.0, "reverse", "x", (), spots=(spot,)), 80):
    ...     print("".join(word for word, _ in words))
      no derivative at x = 0: abs(x) has a kink, slope -1 on the left and 1 on the right
    """
    groups: dict[tuple[str, str], list[Spot]] = {}
    for spot in result.spots:
        groups.setdefault((spot.what, _why(spot)), []).append(spot)
    lines: list[Words] = []
    for (what, why), spots in groups.items():
        said = "no derivative" if what in ("jump", "kink") else what
        sentence = f"{said} {_places(spots, result)}: {why}" if what != "pole" else f"a pole {_places(spots, result)}"
        broken = wrap(sentence, max(width - 4, _NARROWEST), break_long_words=False, break_on_hyphens=False)
        lines += [[("  " if number == 0 else "    ", ""), (part, "")] for number, part in enumerate(broken)]
    return lines


def _why(spot: Spot) -> str:
    """Why something is missing, without the numbers of one place."""
    if spot.what == "pole":
        return ""
    reason = _WHERE.sub("", spot.message)
    if spot.what == "no value" and spot.kind == "domain" and spot.about:
        return f"{spot.about} has none{f', {spot.hint}' if spot.hint else ''}"
    if spot.sides is None:
        return reason
    left, right = map(figure, spot.sides)
    if spot.what == "jump":
        return f"{reason} from {left} to {right}"
    return f"{reason}, slope {left} on the left and {right} on the right"


def _places(spots: Sequence[Spot], result: Plot) -> str:
    """Where it is: at x = 1, 2 and 3; for x < 0."""
    name = quoted(result.variable)
    points = [spot for spot in spots if spot.is_point]
    stretches = [_stretch(spot, result, name) for spot in spots if not spot.is_point]
    parts = []
    if points:
        shown = [_number(spot) for spot in points[:_LISTED]]
        more = len(points) - len(shown)
        listed = f"{', '.join(shown)} and {more} more" if more else _and(shown)
        sign = "≈" if any(spot.low != spot.high for spot in points) else "="
        parts.append(f"at {name} {sign} {listed}")
    if stretches:
        more = len(stretches) - _LISTED
        listed = f"{', '.join(stretches[:_LISTED])} and {more} more" if more > 0 else _and(stretches)
        parts.append(f"for {listed}")
    return " and ".join(parts)


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _number(spot: Spot) -> str:
    """A place: the number itself, or one between two neighbours."""
    return short(spot.low) if spot.low == spot.high else figure(spot.low)


def _stretch(spot: Spot, result: Plot, name: str) -> str:
    """A stretch as people write it: x < 0, 1 <= x <= 2; by whichever number beside its end is the shorter."""
    if spot.low <= result.low and spot.high >= result.high:
        return f"all {name}"
    (low, below), (high, above) = _end(spot.low, -math.inf, spot), _end(spot.high, math.inf, spot)
    if spot.low <= result.low:
        return f"{name} {above} {high}"
    if spot.high >= result.high:
        return f"{name} {below.replace('<', '>').replace('≤', '≥')} {low}"
    return f"{low} {below} {name} {above} {high}"


def _end(number: float, outwards: float, spot: Spot) -> tuple[str, str]:
    """The number that an end is said by, and whether that belongs to the stretch."""
    if not spot.exact:
        return f"about {figure(number)}", "≤"
    beside = math.nextafter(number, outwards)
    return (short(beside), "<") if len(short(beside)) < len(short(number)) else (short(number), "≤")
