"""Where the functions of arrays lose digits by the rounding of their arguments: far out, and beside poles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from adcalc.modes.digits.array_samples import some
from adcalc.modes.digits.places import NEAR, POLES, TIE, TURNED, WAVES

if TYPE_CHECKING:
    from adcalc.arithmetics.base import Operation

_FAR: Final = 1e4  # arguments from which Bessel functions feel their rounding
_FAR_LEFT: Final = -100.0  # the same for what swings below 0


def ends(numbers: Any, few: bool) -> tuple[float, float]:
    """The least and the greatest of some numbers, as far as they are looked at.

    >>> ends(np.array([1.0, -2.0]), True), ends(np.ones((2, 3)), False)
    ((-2.0, 1.0), (0.0, 1.0))
    """
    if few:
        listed = numbers.ravel().tolist() if isinstance(numbers, np.ndarray) else [float(numbers)]
        return min(listed), max(listed)
    numbers = some(np.asarray(numbers))
    return float(numbers.min(initial=0.0)), float(numbers.max(initial=0.0))


def is_pole(numbers: Any) -> bool:
    """Whether one of some numbers is so near to a whole number below 0 that rounding shows in the gamma function.

    >>> is_pole(np.array([3.0, -2.5])), is_pole(np.array([3.0, -2.00001]))
    (False, True)
    """
    numbers = some(np.asarray(numbers))
    below = numbers[numbers < -TURNED]
    return bool((np.absolute(below - np.rint(below)) < NEAR * -below).any())


def of_wave(evaluate: Operation, op: str, few: bool, notice: Operation) -> Operation:
    """A function that swings about 0, which gives notice where the rounding of an argument shows in its phase.

    >>> of_wave(np.cos, "besselj", True, lambda: print("far"))(np.array([1e9])).size
    far
    1
    """
    far = _FAR if WAVES[op] == 1.0 else None

    def watched(*args: Any, out: Any = None) -> Any:
        least, most = ends(args[-1], few)
        if least < _FAR_LEFT if far is None else not -far < least <= most < far:
            notice()
        return evaluate(*args) if out is None else evaluate(*args, out=out)

    return watched


def is_one(numbers: Any) -> Any:
    """Which numbers are nearly 1 or -1.

    >>> is_one(np.array([0.5, -1.0])).tolist()
    [False, True]
    """
    return np.absolute(np.absolute(numbers) - 1.0) < NEAR


def is_step(number: Any, step: Any = 1.0) -> Any:
    """Where rounding may have put numbers on a whole number of steps, and a half.

    >>> is_step(np.array([0.3, 0.31]), 0.1).tolist()
    [True, False]
    """
    with np.errstate(all="ignore"):
        twice = 2.0 * number / step
        return (np.absolute(twice) < 1.0 / NEAR) & (np.absolute(twice - np.rint(twice)) < TIE * np.absolute(twice))


def has_turned(angles: Any, odd: Any, shape: tuple[int, ...], turn: float) -> bool:
    """Whether one of some angles is not near 0; where there are poles only below 0, whether one is there.

    >>> has_turned(np.array([0.0, 3.0]), np.array([True, True]), (2,), POLES)
    False
    """
    found = some(np.broadcast_to(angles, shape))[odd]
    return bool(((-found if turn == POLES else np.absolute(found)) > TURNED * turn).any())
