"""A curve over a range: value and derivative at samples, more of them where it bends, and all places that lack one."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from adcalc.api.curves.breaks import Scale, is_rough, narrowed, refined, sharp
from adcalc.api.curves.gaps import gaps
from adcalc.api.curves.sampling import Sampler
from adcalc.errors import NumberOverflowError, UsageError, unknown_variable
from adcalc.results.plot import Plot
from adcalc.syntax.number import short
from adcalc.syntax.unparse import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adcalc.api.function import Function
    from adcalc.api.point import Number
    from adcalc.errors import MathematicsError, Place
    from adcalc.results.plot import Sample, Spot

MAXIMUM_SAMPLES: Final = 1_000_000
_ROUND: Final = 20  # intervals come in multiples of this, so that halves, quarters, fifths and tenths are samples
_MORE: Final = 8  # times as many samples where the curve bends
_LEAST: Final = 2000
_WORK: Final = 2_000_000  # operations that looking for more samples may take
_SEARCH: Final = 100  # samples that finding one break may take
_BREAKS: Final = 80  # that are found between samples
_FEW: Final = 8  # of so many parts of the range one may have lines that say little of the curve
_ROUGH: Final = "the curve bends or breaks more often than the samples show: narrow the range, or give more --samples"


def plot(
    function: Function,
    name: str,
    low: Number,
    high: Number,
    point: Mapping[str, Number] | None = None,
    wrt: str | None = None,
    mode: str = "reverse",
    samples: int | None = None,
    fine: int = 200,
    at_kink: str | None = None,
    place: Place | None = None,
) -> Plot:
    """Value and derivative at samples of one variable between two numbers; the others have those of the point.

    `wrt` is what the derivative is by, the same variable unless another is named. `samples` are evenly spaced; without
    their number there are about `fine`, and more where the curve bends. `place` is where the range was written.
    Raises UsageError for what is no range, what `gradient` raises where that is the same at every sample, and the
    first sample's error where none has a value.

    >>> from adcalc.api import function
    >>> found = plot(function("abs(x)"), "x", -1, 1, samples=5)
    >>> [(sample.at, sample.value, sample.slope) for sample in found.samples]
    [(-1.0, 1.0, -1.0), (-0.5, 0.5, -1.0), (0.0, 0.0, None), (0.5, 0.5, 1.0), (1.0, 1.0, 1.0)]
    >>> [(spot.what, spot.low, spot.sides) for spot in found.spots]
    [('no derivative', 0.0, (-1.0, 1.0))]
    """
    start, end = _ends(function, name, low, high, place)
    known = function.inputs([name, *(point or {})])
    for other, value in {name: place, **(point or {})}.items():
        if other not in known:
            raise unknown_variable(other, list(known), place if other == name else getattr(value, "place", None))
    if samples is not None and not 2 <= samples <= MAXIMUM_SAMPLES:
        raise UsageError(f"there are 2 samples at the least, and {MAXIMUM_SAMPLES} at the most")
    at = function.numbers(point or {})
    sampler = Sampler(function, name, at, wrt or name, mode, at_kink)
    count = samples - 1 if samples is not None else max(1, -(-fine // _ROUND)) * _ROUND
    numbers = grid = _grid(start, end, count)
    curve = [sampler.sample(number) for number in grid]
    if all(sample.value is None for sample in curve):
        raise _nowhere(sampler, curve)
    scale, room = Scale.of(curve), _room(sampler, curve)
    if samples is None:
        sampler.room = min(room, max(_MORE * len(grid), _LEAST))
        numbers = refined(sampler, grid, scale)
        curve = [sampler.sample(number) for number in numbers]
    sampler.room = room
    breaks = _breaks(sampler, curve, scale)
    sampler.room = room
    missing, beside = gaps(sampler, _merged(curve, breaks.edges))
    if samples is None:
        curve = _merged(curve, breaks.bends)
    edges = _merged(breaks.edges, beside)
    hidden = breaks.left_out or (samples is None and _is_rough(curve, scale))
    return Plot(
        function.source.text,
        at,
        name,
        start,
        end,
        mode,
        wrt or name,
        tuple(curve),
        tuple(edges),
        _cuts(_merged(curve, edges), breaks, scale),
        tuple(sorted([*breaks.spots, *missing], key=lambda spot: spot.low)),
        (*_warnings(sampler, grid), *([("sampling", _ROUGH)] if hidden else [])),
    )


def _ends(function: Function, name: str, low: Number, high: Number, place: Place | None) -> tuple[float, float]:
    """The ends of the range as numbers."""
    try:
        start, end = (function.numbers({name: number})[name] + 0.0 for number in (low, high))
    except NumberOverflowError as error:
        raise UsageError("the ends of a range are finite numbers", error.place, "such as -100..100") from None
    if start == end:
        raise UsageError(f"the range of {name} is empty: it begins and ends at {short(start)}", place)
    if start > end:
        turned = f"write {quoted(name)}={short(end)}..{short(start)}"
        raise UsageError(f"the range of {name} runs backwards, from {short(start)} to {short(end)}", place, turned)
    return start, end


def _grid(start: float, end: float, count: int) -> list[float]:
    """Evenly spaced numbers, each rounded once; fewer, where there are not so many between the ends."""
    first, width = Fraction(start), Fraction(end) - Fraction(start)
    return list(dict.fromkeys(float(first + width * step / count) for step in range(count + 1)))


def _nowhere(sampler: Sampler, curve: Sequence[Sample]) -> MathematicsError:
    """The error of a function that has no value at any sample."""
    error = sampler.errors[curve[0].at]
    where = f"{sampler.name} from {short(curve[0].at)} to {short(curve[-1].at)}"
    return type(error)(f"there is no value for {where}: {error.message}", error.place, error.hint)


def _room(sampler: Sampler, curve: Sequence[Sample]) -> int:
    """How many samples may be looked for, given what one takes."""
    known = next(sample.at for sample in curve if sample.value is not None)
    lowered, _ = sampler.function.at({**sampler.point, sampler.name: known})
    return max(_SEARCH, min(_BREAKS * _SEARCH, _WORK // len(lowered.graph)))


class _Breaks(NamedTuple):
    """What `narrowed` found between samples; `left_out` are the samples behind which it did not look."""

    spots: list[Spot]
    edges: list[Sample]
    bends: list[Sample]
    left_out: list[Sample]


def _breaks(sampler: Sampler, curve: Sequence[Sample], scale: Scale) -> _Breaks:
    """Jumps, poles and kinks between samples."""
    found = _Breaks([], [], [], [])
    for number in sharp(curve, scale):
        if len(found.spots) >= _BREAKS or sampler.room < _SEARCH:
            found.left_out.append(curve[number])
            continue
        spot, way = narrowed(sampler, curve[number], curve[number + 1], scale)
        if spot is not None:
            found.spots.append(spot)
        if spot is not None or any(sampler.key(sample) for sample in way):
            found.edges.extend(way)
        elif len(found.bends) < len(curve):
            found.bends.extend(way)
    return found


def _is_rough(curve: Sequence[Sample], scale: Scale) -> bool:
    """Whether lines between the samples have little to do with the curve, in much of its range."""
    rough = math.fsum(other.at / 2 - one.at / 2 for one, other in pairwise(curve) if is_rough(one, other, scale))
    return rough * _FEW > curve[-1].at / 2 - curve[0].at / 2


def _merged(*several: Sequence[Sample]) -> list[Sample]:
    every = {sample.at: sample for samples in several for sample in samples}
    return [every[at] for at in sorted(every)]


def _cuts(curve: Sequence[Sample], breaks: _Breaks, scale: Scale) -> dict[float, str]:
    """Behind which samples the line of the value ends, or that of the slope alone."""
    cuts = {spot.low: "slope" if spot.what == "kink" else "value" for spot in breaks.spots}
    cuts |= {sample.at: "value" for sample in breaks.left_out}
    for one, other in pairwise(curve):
        if one.value is None or other.value is None or (one.slope is None) == (other.slope is None):
            continue
        beside = math.nextafter(one.at, other.at) == other.at
        if beside and abs(other.value - one.value) > scale.visible:
            cuts[one.at] = "value"
    return cuts


def _warnings(sampler: Sampler, grid: Sequence[float]) -> list[tuple[str, str]]:
    """The warnings of the samples, one of each kind."""
    found: dict[str, list[str]] = {}
    for number in grid:
        for kind, message in sampler.warnings.get(number, ()):
            found.setdefault(kind, []).append(message)
    return [(kind, f"{of[0]} (so at {len(of)} of {len(grid)} samples)") for kind, of in found.items()]
