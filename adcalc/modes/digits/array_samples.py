"""Which elements of arrays are looked at: all of small ones, and of large ones some that are evenly spread."""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np

LOOKED: Final = 4096  # elements up to which all of an array are looked at
_SPREAD: Final = 1024  # elements of a larger one that are looked at
_LINES: Final = 8  # rows and columns of a large product of matrices that are looked at


def some(value: Any) -> Any:
    """The elements of an array that are looked at.

    >>> some(np.ones((3, 100))).shape, some(np.ones((3, 100000))).shape
    ((3, 100), (3, 342))
    """
    return value if value.size <= LOOKED else value[spread(value.shape)]


@lru_cache(maxsize=256)
def spread(shape: tuple[int, ...]) -> tuple[slice, ...]:
    """Where the elements of a large array are that are looked at: long axes are thinned first.

    >>> spread((3, 100000))
    (slice(None, None, None), slice(None, None, 293))
    """
    size = math.prod(shape)
    steps = [slice(None)] * len(shape)
    for axis in sorted(range(len(shape)), key=shape.__getitem__, reverse=True):
        step = min(shape[axis], -(-size // _SPREAD))
        size = -(-size // step)
        if step > 1:
            steps[axis] = slice(None, None, step)
    return tuple(steps)


def size_of_sum(factors: Sequence[Any]) -> Any:
    """About the sum of the sizes of all elements of a product of large arrays.

    >>> bool(0.5 < size_of_sum([np.linspace(-1, 1, 10**5)]) / 5e4 < 2)
    True
    """
    where = spread(factors[0].shape)
    found = np.absolute(math.prod([factor[where] for factor in factors]))
    return found.sum() * (factors[0].size / found.size)


def bound_of_sum(factors: Sequence[Any]) -> float:
    """No less than `size_of_sum`, and sooner found: by Cauchy and Schwarz.

    >>> numbers = [np.linspace(-1, 1, 10**5)]
    >>> bool(size_of_sum(numbers) < bound_of_sum(numbers) < 2 * size_of_sum(numbers))
    True
    """
    where = spread(factors[0].shape)
    parts = [factor[where] for factor in factors]
    lengths = [math.sqrt(np.vdot(part, part)) for part in parts]
    terms = math.sqrt(parts[0].size) if len(parts) == 1 else 1.0
    return float(math.prod(lengths) * terms * (factors[0].size / parts[0].size))


def of_product(left: Any, right: Any, made: Any) -> tuple[Any, Any]:
    """Some rows and columns of a product of matrices, and what they would be if nothing cancelled.

    >>> A = np.array([[1.0, -1.0]])
    >>> of_product(A, np.ones(2), A @ np.ones(2))
    (array([0.]), array([2.]))
    """
    lines, columns = (slice(None, None, -(-one // _LINES)) for one in (left.shape[-2:][0], right.shape[-1]))
    if right.ndim > 1:
        right, made = right[..., columns], made[..., columns]
    if left.ndim > 1:
        left, made = left[..., lines, :], made[..., lines, :] if right.ndim > 1 else made[..., lines]
    return made, np.absolute(left) @ np.absolute(right)
