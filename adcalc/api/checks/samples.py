"""Points to try: of several scales and both signs, short enough to read, and the same in every run."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_SEED: Final = 2718
_WHOLE: Final = (0.0, 0.0)  # one of the numbers from 1 to 6, for what is defined at whole numbers alone
_SCALES: Final = ((0.0, 0.6), (-1.3, 0.0), (0.5, 3.0), (-4.0, -1.0), _WHOLE)  # powers of ten
_WEIGHTS: Final = (4, 3, 2, 1, 2)
_LATE: Final = 300  # points, after which huge and tiny numbers are tried too
_WIDE: Final = (-9.0, 9.0)


def samples(
    names: Sequence[str], near: Mapping[str, float] | None = None, landmarks: Sequence[float] = ()
) -> Iterator[dict[str, float]]:
    """Points without end, some of them close to `near` or to landmarks, where these are given.

    The numbers of a point are all positive, all negative, or of both signs; of one scale, or each of its own. Landmarks
    are numbers around which things may change: 100 in if(x < 100, …), 1000 in asin(x - 1000).

    >>> from itertools import islice
    >>> [sorted(point) for point in islice(samples(["x", "y"]), 2)]
    [['x', 'y'], ['x', 'y']]
    """
    seed = random.Random(_SEED)
    number = 0
    while True:
        scale = _SCALES[0] if number < 3 else seed.choices(_SCALES, _WEIGHTS)[0]
        scale = _WIDE if number > _LATE and number % 4 == 0 else scale
        point = {}
        for name in names:
            size = _size(scale if number % 2 == 0 else seed.choices(_SCALES, _WEIGHTS)[0], seed)
            point[name] = (1.0, -1.0, seed.choice((1.0, -1.0)))[number % 3] * size
        yield point
        number += 1
        if landmarks:
            moved = {name: value if seed.random() < 0.3 else _around(landmarks, seed) for name, value in point.items()}
            yield moved if len(names) > 1 else {name: _around(landmarks, seed) for name in names}
        if near is not None:
            yield beside(near, 10.0 ** seed.uniform(-6.0, 0.0), seed)


def _size(scale: tuple[float, float], seed: random.Random) -> float:
    if scale == _WHOLE:
        return float(seed.randint(1, 6))
    exponent = seed.uniform(*scale)
    return float(f"{10.0**exponent:.3g}")


def _around(landmarks: Sequence[float], seed: random.Random) -> float:
    """A number on one side of a landmark or of its negative, near or not so near."""
    landmark = seed.choice(landmarks) * seed.choice((1.0, 1.0, -1.0))
    step = seed.choice((-1.0, 1.0)) * 10.0 ** seed.uniform(-3.0, 0.3)
    return float(f"{landmark + step * seed.choice((1.0, landmark)):.6g}")


def beside(point: Mapping[str, float], distance: float, seed: random.Random | None = None) -> dict[str, float]:
    """A point that differs from another in every number, by no more than a relative distance (at 0: by that much).

    >>> 0 < abs(beside({"x": 2.0}, 1e-6)["x"] - 2.0) <= 2e-6
    True
    """
    seed = random.Random(_SEED) if seed is None else seed
    steps = {name: distance * seed.uniform(0.3, 1.0) * seed.choice((-1.0, 1.0)) for name in point}
    moved = {name: value + (value or 1.0) * steps[name] for name, value in point.items()}
    return {name: value if math.isfinite(value) else point[name] / 2 for name, value in moved.items()}
