"""Where a curve has no value or no derivative: the samples that lack one, grouped, and the ends of each group found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adcalc.api.curves.sampling import after, distance
from adcalc.results.plot import Spot

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from adcalc.api.curves.sampling import Sampler
    from adcalc.results.plot import Sample

_WITHIN: Final = 0.3819660112501051  # of the way from one sample to the next: on no grid
_KIND: Final = 2  # of the parts of a key, what is missing and the kind of error
_ROUNDED: Final = 4  # neighbours that are one place, told apart by rounding: floor(x/2) jumps at -5e-324, too


def gaps(sampler: Sampler, samples: Sequence[Sample]) -> tuple[list[Spot], list[Sample]]:
    """Where something is missing, and the samples beside it, where all is there or another thing is missing.

    >>> from adcalc.api import function
    >>> from adcalc.api.curves.sampling import Sampler
    >>> sampler = Sampler(function("sqrt(x - 1)"), "x", {}, "x")
    >>> samples = [sampler.sample(float(number)) for number in range(4)]
    >>> sampler.room = 1000
    >>> [(spot.what, spot.low, spot.high) for spot in gaps(sampler, samples)[0]]
    [('no value', 0.0, 0.9999999999999999), ('no derivative', 1.0, 1.0)]
    """
    spots: list[Spot] = []
    edges: list[Sample] = []
    first = 0
    while first < len(samples):
        if not sampler.key(samples[first]):
            first += 1
            continue
        last = first
        while last + 1 < len(samples) and _goes_on(sampler, samples[last], samples[last + 1]):
            last += 1
        spot, beside = _gap(sampler, samples, first, last)
        spots.append(spot)
        edges += beside
        first = last + 1
    return spots, edges


def _goes_on(sampler: Sampler, one: Sample, other: Sample) -> bool:
    """Whether the same is missing at two samples, and between them."""
    key = sampler.key(one)
    if sampler.key(other) != key:
        return False
    within = one.at + _WITHIN * (other.at - one.at)
    return not one.at < within < other.at or sampler.key(sampler.sample(within)) == key


def _gap(sampler: Sampler, samples: Sequence[Sample], first: int, last: int) -> tuple[Spot, list[Sample]]:
    """One group of samples as a spot with its ends, and the samples beside it."""
    key = sampler.key(samples[first])
    low, high, exact = samples[first].at, samples[last].at, True
    edges: list[Sample] = []

    for number, step in ((first, -1), (last, 1)):
        if not 0 <= number + step < len(samples):
            continue
        beyond = _outside(sampler, samples[number + step], samples[number], key)
        end, outside, found = sampler.edge(samples[number].at, beyond, _holds(sampler, key, beyond))
        edges += [sampler.sample(end), sampler.sample(outside)]
        exact = exact and found
        low, high = (end, high) if step < 0 else (low, end)
    if first == last and distance(low, high) <= _ROUNDED:
        low = high = samples[first].at
    error = sampler.errors[samples[first].at]
    left, right = error.details.get("left"), error.details.get("right")
    sides = None if left is None or right is None or low != high else (left, right)
    what = "no value" if key[0] == "value" else "no derivative"
    about = " ".join(key[2].split())
    return Spot(what, low, high, error.kind, error.message, about, error.hint or "", sides, exact), edges


def _holds(sampler: Sampler, key: tuple[str, ...], beyond: float) -> Callable[[Sample], bool]:
    """Whether a sample lacks the same, for the same reason where the one beyond lacks it for another.

    Else reasons do not part a gap: very near to 0 it may be an underflow that is to blame.
    """
    count = len(key) if sampler.key(sampler.sample(beyond))[:_KIND] == key[:_KIND] else _KIND
    return lambda sample: sampler.key(sample)[:count] == key[:count]


def _outside(sampler: Sampler, beyond: Sample, here: Sample, key: tuple[str, ...]) -> float:
    """A number beside a group that is not of it: the sample beyond, or where that is of the same kind the neighbour."""
    if sampler.key(beyond) != key:
        return beyond.at
    beside = after(here.at, beyond.at)
    if sampler.key(sampler.sample(beside)) != key:
        return beside
    return here.at + _WITHIN * (beyond.at - here.at)
