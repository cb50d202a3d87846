"""Where a curve breaks or turns between two samples: found by going there, halving the way until nothing is between.

A straight line between two samples says that the function goes along. Where value and slope at the two do not fit
together, that is looked at again halfway, and halfway again on the side that does not fit: a smooth function fits in
the end, a jump, a kink or a pole never does.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from adcalc.api.curves.sampling import between
from adcalc.results.plot import Sample, Spot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from adcalc.api.curves.sampling import Sampler

_VISIBLE: Final = 0.004  # of the spread of the values: what a drawing shows
_OUTSIDE: Final = 20  # one sample in so many is left out at either end of a spread: those near poles
_NARROW: Final = 1e-4  # of all values: as small a spread is that of a curve with one hump
_ROUNDING: Final = 2.0**-43  # of the largest value: what many operations may round away
_STEEP: Final = 0.05  # of a rise: a misfit that does not show
_TURN: Final = 1 / 12  # of the spread of the slopes
_SHARP: Final = 2.0  # times as fast a change of slope as beside it
_LEVEL: Final = 1e-9  # relative: slopes that are the same
_GONE: Final = 1e-3  # of the largest change of slope on the way to it: no kink
_SAME: Final = 1e-6  # relative: slopes between which there is rounding alone
_POLE: Final = 1e3  # times as large as before
_ROUGH: Final = 0.1  # of the spread of the values
_DEPTH: Final = 6  # halvings of an interval where the curve bends


class Scale(NamedTuple):
    """What is large, for a curve's values and slopes.

    >>> Scale.of([Sample(k / 2, k * k / 4, float(k)) for k in range(5)]).value
    4.0
    """

    value: float
    slope: float
    visible: float  # a change of the value that a drawing shows, and that is not mere rounding
    level: float  # a change of slope that is none

    @staticmethod
    def of(samples: Sequence[Sample]) -> Scale:
        """The spreads of values and slopes, without the extremes that stand beside poles."""
        values = sorted(sample.value for sample in samples if sample.value is not None)
        slopes = sorted(sample.slope for sample in samples if sample.slope is not None)
        width = samples[-1].at / 2 - samples[0].at / 2
        most = max(map(abs, slopes), default=0.0)
        size = max(map(abs, values), default=0.0)
        spread = _spread(values)
        level = _LEVEL * max(most, size / width / 2 if width else 0.0)
        return Scale(spread, _spread(slopes), max(_VISIBLE * spread, _ROUNDING * size), level)


def _spread(numbers: Sequence[float]) -> float:
    if not numbers:
        return 0.0
    out = len(numbers) // _OUTSIDE
    whole = numbers[-1] / 2 - numbers[0] / 2
    return max(numbers[-1 - out] - numbers[out], 2 * _NARROW * whole) or 2 * whole


def misfit(one: Sample, other: Sample) -> float:
    """How far the slopes at two samples are from telling the change of the value; 0 where one is missing.

    >>> misfit(Sample(0.0, 0.0, 0.0), Sample(1.0, 1.0, 2.0)), misfit(Sample(0.0, 0.0, 0.0), Sample(1.0, 5.0, 0.0))
    (0.0, 5.0)
    """
    if one.value is None or other.value is None or one.slope is None or other.slope is None:
        return 0.0
    return abs(other.value - one.value - (other.at - one.at) * (one.slope / 2 + other.slope / 2))


def turn(one: Sample, other: Sample) -> float:
    """How much the slope changes between two samples; 0 where one is missing.

    >>> turn(Sample(0.0, 0.0, -1.0), Sample(1.0, 1.0, 2.0))
    3.0
    """
    return 0.0 if one.slope is None or other.slope is None else abs(other.slope - one.slope)


def is_bent(one: Sample, other: Sample, scale: Scale) -> bool:
    """Whether a straight line between two samples would not show the curve.

    >>> is_bent(Sample(0.0, 0.0, 1.0), Sample(1.0, 1.0, 1.0), Scale(1.0, 0.0, 0.01, 0.0))
    False
    """
    if one.value is None or other.value is None:
        return False
    off = misfit(one, other)
    bent = off > max(scale.visible, _STEEP * abs(other.value - one.value))
    return bent or turn(one, other) > max(_TURN * scale.slope, scale.level)


def is_rough(one: Sample, other: Sample, scale: Scale) -> bool:
    """Whether a straight line between two samples has little to do with the curve.

    >>> is_rough(Sample(0.0, 0.0, 1.0), Sample(1.0, 0.1, 1.0), Scale(1.0, 0.0, 0.01, 0.0))
    True
    """
    if one.value is None or other.value is None:
        return False
    return misfit(one, other) > max(_ROUGH * scale.value, scale.visible, abs(other.value - one.value) / 2)


def refined(sampler: Sampler, numbers: Sequence[float], scale: Scale) -> list[float]:
    """The numbers, and more where the curve bends, as long as there is room.

    >>> from adcalc.api import function
    >>> from adcalc.api.curves.sampling import Sampler
    >>> sampler = Sampler(function("tanh(30*x)"), "x", {}, "x")
    >>> grid = [k / 10 for k in range(-10, 11)]
    >>> scale = Scale.of([sampler.sample(number) for number in grid])
    >>> sampler.room = 100
    >>> more = refined(sampler, grid, scale)
    >>> len(more) > len(grid), all(abs(number) < 0.2 for number in set(more) - set(grid))
    (True, True)
    """
    found = list(numbers)
    fresh = set(found)
    for _ in range(_DEPTH):
        middles = []
        for one, other in pairwise(found):
            if (one in fresh or other in fresh) and is_bent(sampler.sample(one), sampler.sample(other), scale):
                middle = one / 2 + other / 2
                if one < middle < other:
                    middles.append(middle)
        if not middles or len(middles) > sampler.room:
            break
        for middle in middles:
            sampler.sample(middle)
        found = sorted([*found, *middles])
        fresh = set(middles)
    return found


def sharp(samples: Sequence[Sample], scale: Scale) -> list[int]:
    """The samples behind which the curve may break or turn before the next one, those first where it must.

    >>> curve = [Sample(k - 2.5, abs(k - 2.5), -1.0 if k < 2.5 else 1.0) for k in range(6)]
    >>> sharp(curve, Scale.of(curve))
    [2]
    """
    pairs = list(pairwise(samples))
    rates = [turn(one, other) / ((other.at - one.at) or 1.0) for one, other in pairs]
    whole = [None not in (one.value, one.slope, other.value, other.slope) for one, other in pairs]
    found = []
    for number, (one, other) in enumerate(pairs):
        if not whole[number]:
            continue
        assert one.value is not None
        assert other.value is not None
        if misfit(one, other) > max(scale.visible, abs(other.value - one.value) / 4):
            found.append(number)
            continue
        beside = [rates[n] for n in (number - 1, number + 1) if 0 <= n < len(pairs) and whole[n]]
        usual = sum(beside) * (2 if len(beside) == 1 else 1)
        if beside and rates[number] > _SHARP * usual and turn(one, other) > scale.level:
            found.append(number)
    return sorted(found, key=lambda number: not _contradicts(*pairs[number]))


def narrowed(sampler: Sampler, one: Sample, other: Sample, scale: Scale) -> tuple[Spot | None, list[Sample]]:
    """What lies between two samples, if it is a break, and the samples next to it; else those on the way there.

    The samples are three where the middle one is the very number without value or derivative; then no spot is given.

    >>> from adcalc.api import function
    >>> from adcalc.api.curves.sampling import Sampler
    >>> sampler = Sampler(function("max(sin(x), cos(x))"), "x", {}, "x")
    >>> sampler.room = 100
    >>> spot, (left, right) = narrowed(sampler, sampler.sample(0.7), sampler.sample(0.9), Scale(1.0, 1.0, 0.01, 0.0))
    >>> spot.what, left.at < 0.7853981633974484 <= right.at
    ('kink', True)
    """
    first = max(abs(one.value or 0.0), abs(other.value or 0.0), scale.value)
    way: list[Sample] = [one, other]
    largest = turn(one, other)
    low, high = sorted((one.value or 0.0, other.value or 0.0))
    while sampler.room > 0:
        visible = max(scale.visible, _VISIBLE * (high - low))  # if all samples were zeros of a wave, these are none
        middle = between(one.at, other.at)
        if middle is None:
            spot = _spot(one, other, first, visible, max(_GONE * largest, scale.level))
            return (spot, [one, other]) if spot else (None, way)
        half = sampler.sample(middle)
        if half.value is None or half.slope is None:
            return None, [one, half, other]
        way.append(half)
        low, high = min(low, half.value), max(high, half.value)
        one, other = (one, half) if _is_left(one, half, other) else (half, other)
        largest = max(largest, turn(one, other))
        assert one.value is not None
        assert other.value is not None
        if abs(other.value - one.value) < visible / 10 and turn(one, other) <= _GONE * largest:
            return None, way
    return None, way


def _is_left(one: Sample, half: Sample, other: Sample) -> bool:
    """Whether what does not fit lies between the first two."""
    left, right = _contradicts(one, half), _contradicts(half, other)
    if left != right:
        return left
    left_off, right_off = misfit(one, half), misfit(half, other)
    left_turn, right_turn = turn(one, half), turn(half, other)
    rounded = _ROUNDING * abs(half.value or 0.0)
    if max(left_off, right_off) > max((other.at - one.at) * max(left_turn, right_turn) / 2, rounded):
        return left_off > right_off
    return left_turn > right_turn


def _contradicts(one: Sample, other: Sample) -> bool:
    """Whether a value rises between two falling slopes, or falls between two that rise."""
    if one.value is None or other.value is None or one.slope is None or other.slope is None:
        return False
    rise = other.value - one.value
    if abs(rise) <= _ROUNDING * abs(one.value):
        return False
    return (one.slope < 0.0 < rise and other.slope < 0.0) or (rise < 0.0 < one.slope and other.slope > 0.0)


def _spot(one: Sample, other: Sample, first: float, visible: float, level: float) -> Spot | None:
    """What two neighbouring numbers have between them, where their slopes do not say how the one goes to the other."""
    assert one.value is not None
    assert other.value is not None
    assert one.slope is not None
    assert other.slope is not None
    size, rise = max(abs(one.value), abs(other.value)), abs(other.value - one.value)
    off, bend = misfit(one, other), turn(one, other)
    if size > _POLE * first and off + (other.at - one.at) * bend > _GONE * size:
        message = "the values beside it are beyond all others"
        return Spot("pole", one.at, other.at, "domain", message, sides=(one.value, other.value))
    if rise > visible and off > rise / 4:
        return Spot("jump", one.at, other.at, "not_differentiable", "the value jumps", sides=(one.value, other.value))
    if bend > max(level, _SAME * max(abs(one.slope), abs(other.slope))):
        return Spot("kink", one.at, other.at, "not_differentiable", "a kink", sides=(one.slope, other.slope))
    return None
