"""Shapes of variables, as --shape gives them: X=4x3, b=3."""

import re
from collections.abc import Iterable

from adcalc.errors import AdcalcSyntaxError, Place, Source, UsageError

_ONE = re.compile(r"\s*(?:`([^`]+)`|([^\W\d]\w*))\s*=\s*(\d+(?:\s*[x×]\s*\d+)*)\s*\Z")
_MOST = 8  # axes


def shapes(texts: Iterable[str] | None) -> dict[str, tuple[int, ...]]:
    """The shape of each variable that the options name.

    Raises AdcalcSyntaxError for what is no shape, UsageError for a variable with two.

    >>> shapes(["X=4x3, b=3"])
    {'X': (4, 3), 'b': (3,)}
    """
    found: dict[str, tuple[int, ...]] = {}
    for text in texts or ():
        start = 0
        for part in text.split(","):
            place = Place(Source(text), start + len(part) - len(part.lstrip()), start + len(part.rstrip()))
            start += len(part) + 1
            if not part.strip():
                continue
            match = _ONE.match(part)
            lengths = tuple(int(length) for length in re.findall(r"\d+", match[3])) if match else ()
            if not match or len(lengths) > _MOST or not all(lengths):
                raise AdcalcSyntaxError(
                    "this is no shape of a variable", place, "write X=4x3 for a matrix, b=3 for a vector"
                )
            name = match[1] or match[2]
            if name in found:
                raise UsageError(f"{name} has two shapes", place)
            found[name] = lengths
    return found
