"""How many digits of a float are right."""

from __future__ import annotations

import math
from typing import Final

ALL: Final = 16.0  # digits of a float


def digits(error: float, size: float) -> float:
    """How many digits are right of a number of some size that is off by an error; at most those of a float.

    >>> round(digits(0.001, 1.0)), digits(0.0, 1.0), digits(5.0, 1.0)
    (3, 16.0, 0.0)
    """
    if error == 0.0:
        return ALL
    return max(0.0, min(ALL, math.log10(size) - math.log10(error))) if math.isfinite(size) else 0.0
