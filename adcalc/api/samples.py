"""Points to try: of several scales and both signs, short enough to read, and the same in every run."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_SEED = 2718
_SCALES = (
    lambda seed: seed.uniform(1.0, 4.0),
    lambda seed: seed.uniform(0.05, 0.95),
    lambda seed: 10.0 ** seed.uniform(0.5, 3.0),
    lambda seed: 10.0 ** seed.uniform(-4.0, -1.0),
    lambda seed: float(seed.randint(1, 6)),  # for what is defined at whole numbers alone
)
_WEIGHTS = (4, 3, 2, 1, 2)
_LATE = 300  # points, after which huge and tiny numbers are tried


def _huge(seed: random.Random) -> float:
    return float(10.0 ** seed.uniform(-9.0, 9.0))


def samples(names: Sequence[str], near: Mapping[str, float] | None = None) -> Iterator[dict[str, float]]:
    """Points without end; every other one is close to `near`, where that is given.

    The numbers of a point are all positive, all negative, or of both signs; of one scale, or each of its own.

    >>> from itertools import islice
    >>> list(islice(samples(["x", "y"]), 1))
    [{'x': 1.04, 'y': 1.63}]
    """
    seed = random.Random(_SEED)
    number = 0
    while True:
        one_scale = seed.choices(_SCALES, _WEIGHTS)[0] if number > 2 else _SCALES[0]
        one_scale = _huge if number > _LATE and number % 4 == 0 else one_scale
        point = {}
        for name in names:
            scale = one_scale if number % 2 == 0 else seed.choices(_SCALES, _WEIGHTS)[0]
            sign = (1.0, -1.0, seed.choice((1.0, -1.0)))[number % 3]
            point[name] = sign * float(f"{scale(seed):.3g}")
        yield point
        number += 1
        if near is not None:
            yield beside(near, 10.0 ** seed.uniform(-6.0, 0.0), seed)


def beside(point: Mapping[str, float], distance: float, seed: random.Random | None = None) -> dict[str, float]:
    """A point that differs from another in every number, by no more than a relative distance (at 0: by that much).

    >>> 0 < abs(beside({"x": 2.0}, 1e-6)["x"] - 2.0) <= 2e-6
    True
    """
    seed = random.Random(_SEED) if seed is None else seed
    steps = {name: distance * seed.uniform(0.3, 1.0) * seed.choice((-1.0, 1.0)) for name in point}
    return {name: value + (value or 1.0) * steps[name] for name, value in point.items()}
