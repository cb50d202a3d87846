"""Shapes: what --shape says of variables that are arrays."""

import re
from collections.abc import Iterable
from typing import Final

from adcalc.errors import Place, Source, UsageError

_FORM: Final = re.compile(r"\s*(`[^`]+`|[^\W\d]\w*)\s*=\s*([^,`=]*?)\s*")
_LENGTHS: Final = re.compile(r"(\d+)(\s*[x×]\s*\d+)*")
_HINT: Final = 'write the lengths: --shape "X=4x3, w=3"'


def shapes(texts: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """The shape of each variable that --shape names; what it does not name is a number.

    Raises UsageError for anything else, with the place.

    >>> shapes(["X=4x3, w=3", "T=2x2x2"])
    {'X': (4, 3), 'w': (3,), 'T': (2, 2, 2)}
    """
    found: dict[str, tuple[int, ...]] = {}
    for text in texts:
        source, begin = Source(text), 0
        for part in text.split(","):
            place = Place(source, begin, begin + len(part))
            begin += len(part) + 1
            form = _FORM.fullmatch(part)
            if form is None:
                raise UsageError("a shape is a name, '=' and lengths", place, _HINT)
            name, lengths = form.group(1).strip("`"), form.group(2)
            if _LENGTHS.fullmatch(lengths) is None:
                raise UsageError(f"the lengths of {name} are whole numbers with an x between them", place, _HINT)
            shape = tuple(int(length) for length in re.split("[x×]", lengths))
            if 0 in shape:
                raise UsageError(f"{name} would have no elements", place, "lengths begin with 1")
            if name in found:
                raise UsageError(f"{name} has two shapes", place)
            found[name] = shape
    return found
