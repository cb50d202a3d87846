"""Functions of arrays, element by element, that NumPy and SciPy lack: written with those that they have."""

from typing import Any, Final

import numpy as np

_SQRT_2PI: Final = np.sqrt(2.0 * np.pi)
_SPLIT: Final = 134217729.0  # 2^27 + 1: what is left of a product with it has half the digits


def sech(u: Any, out: Any = None) -> Any:
    """The hyperbolic secant, which is 0 where its reciprocal would overflow; `out` is where to write it.

    >>> float(sech(np.array([0.0, 800.0])).sum())
    1.0
    """
    small = np.exp(np.negative(np.abs(u, out=out), out=out), out=out)
    square = small * small
    square += 1.0
    small *= 2.0
    small /= square
    return small


def normalpdf(u: Any) -> Any:
    """The normal density, exact to the last digits far out too, where the rounding of a square would be seen.

    >>> float(normalpdf(np.array([0.0]))[0])
    0.3989422804014327
    """
    u = np.minimum(np.abs(u), 1e8)
    scaled = _SPLIT * u
    head = scaled - (scaled - u)  # its square is exact, and the rest of u's square comes apart
    return np.exp(-0.5 * head * head) * np.exp(-0.5 * (u - head) * (u + head)) / _SQRT_2PI
