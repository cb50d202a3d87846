"""The lines of a plot in a window: what the terminal and a picture draw, each in its own way.

Lines are lists of points in the unit square, (0, 0) the lower left. They end where the curve breaks, and at the edges
of the window: beside a pole no window is large enough.
"""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final, NamedTuple, TypeAlias

from adcalc.render.axis import Axis
from adcalc.results.plot import Plot

Path: TypeAlias = list[tuple[float, float]]

_NEAR: Final = 0.05  # of the range: how far a pole may reach
_LARGE: Final = 3.0  # times what is seen elsewhere: so large may the values be beside a break and still be shown
_BEYOND: Final = 0.3  # of what is seen elsewhere: the room for a curve that leaves the window
_ALIKE: Final = 4.0  # times as large as the smaller: curves that share an axis
_PARTS: Final = 200
_ROUNDING: Final = 2.0**-50
_FAR: Final = 1e6  # windows
_ENDS: Final = 10  # one number in so many is left out at either end, where breaks are everywhere


class Panel(NamedTuple):
    """One drawing: its vertical axis, and the curves in it, by name ("value", "slope").

    >>> Panel(Axis(0.0, 1.0), {"value": [[(0.0, 0.0), (1.0, 1.0)]]}).curves["value"]
    [[(0.0, 0.0), (1.0, 1.0)]]
    """

    axis: Axis
    curves: dict[str, list[Path]]


class Window(NamedTuple):
    """What is shown of a curve: its lowest and its highest number, and whether it is flat but for rounding.

    >>> Window(0.0, 1.0, False).size
    0.5
    """

    low: float
    high: float
    is_flat: bool

    @property
    def size(self) -> float:
        """Half the height of the curve, which no float is too small for."""
        return 0.0 if self.is_flat else self.high / 2 - self.low / 2


def panels(result: Plot) -> list[Panel]:
    """The curves of value and slope, in one panel where one axis shows both, else in two.

    >>> from adcalc.results.plot import Plot, Sample
    >>> samples = tuple(Sample(k / 4, k / 4, 1.0) for k in range(5))
    >>> [panel.axis for panel in panels(Plot("x", {}, "x", 0.0, 1.0, "reverse", "x", samples))]
    [Axis(low=0.0, high=1.0)]
    """
    curve = result.curve()
    points = {
        "value": [(sample.at, sample.value) for sample in curve],
        "slope": [(sample.at, sample.slope) for sample in curve],
    }
    windows = {name: window for name in points if (window := _window(result, name)) is not None}
    across = Axis(result.low, result.high)
    drawn = []
    for names in _grouped(windows):
        shown = [windows[name] for name in names]
        axis = _axis(min(one.low for one in shown), max(one.high for one in shown))
        cuts = {name: {at for at, what in result.cuts.items() if what in (name, "value")} for name in names}
        drawn.append(Panel(axis, {name: _paths(points[name], cuts[name], across, axis) for name in names}))
    return drawn


def _grouped(windows: dict[str, Window]) -> list[list[str]]:
    """The names of the curves that share an axis."""
    names = list(windows)
    if len(names) < 2:
        return [names] if names else []
    whole = max(one.high / 2 for one in windows.values()) - min(one.low / 2 for one in windows.values())
    fit = all(one.is_flat or one.size * _ALIKE >= whole for one in windows.values())
    return [names] if fit else [[name] for name in names]


def _axis(low: float, high: float) -> Axis:
    """The axis of what is shown, with room around what is flat."""
    if high - low > _ROUNDING * max(-low, high):
        return Axis(low, high)
    room = abs(low) / 2 or 1.0
    return Axis(low - room, high + room)


def _window(result: Plot, name: str) -> Window | None:
    """What is shown of a curve; None where it has no number at all."""
    curve = [(sample.at, number) for sample in result.samples if (number := getattr(sample, name)) is not None]
    if not curve:
        return None
    numbers = [number for _, number in curve]
    low, high = min(numbers), max(numbers)
    size = max((abs(sample.value) for sample in result.samples if sample.value is not None), default=0.0)
    width = (result.high / 2 - result.low / 2) * 2
    is_flat = high - low <= _ROUNDING * max(-low, high)
    if is_flat or (name == "slope" and max(-low, high) * width <= _ROUNDING * size):
        return Window(low, high, True)
    core = _away(result, curve)
    inner_low, inner_high = min(core), max(core)
    inner = inner_high - inner_low
    if not inner or high / _LARGE - low / _LARGE <= inner:
        return Window(low, high, False)
    return Window(max(low, inner_low - _BEYOND * inner), min(high, inner_high + _BEYOND * inner), False)


def _away(result: Plot, curve: Sequence[tuple[float, float]]) -> list[float]:
    """The numbers of a curve that are not beside a place where one is missing, or the middle ones of all."""
    near = (result.high / 2 - result.low / 2) * 2 * _NEAR
    ends = sorted(end for spot in result.spots for end in {spot.low, spot.high})
    if not ends:
        return [number for _, number in curve]
    ats = [at for at, _ in curve]
    found, every = [], []
    for part in range(_PARTS + 1):  # evenly: where the curve bends the samples are many
        at = result.low + (result.high / _PARTS - result.low / _PARTS) * part
        number = curve[max(bisect_right(ats, at) - 1, 0)]
        place = bisect_right(ends, number[0])
        every.append(number[1])
        if all(abs(end - number[0]) > near for end in ends[max(place - 1, 0) : place + 1]):
            found.append(number[1])
    if len(found) > _PARTS // _ENDS:
        return found
    every.sort()
    return every[len(every) // _ENDS : -(len(every) // _ENDS)]


def _paths(points: Sequence[tuple[float, float | None]], cuts: set[float], across: Axis, axis: Axis) -> list[Path]:
    """The lines of a curve inside the window."""
    paths: list[Path] = []
    before: tuple[float, float] | None = None
    for at, number in points:
        if number is None:
            before = None
            continue
        here = across.place(at), min(max(axis.place(number), -_FAR), _FAR)
        part = _clipped(before or here, here)
        if part is not None:
            if before is not None and paths and paths[-1][-1] == part[0]:
                paths[-1].append(part[1])
            else:
                paths.append([part[0]] if part[0] == part[1] else list(part))
        before = None if at in cuts else here
    return paths


def _clipped(
    one: tuple[float, float], other: tuple[float, float]
) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """The part of a straight line that is between the heights 0 and 1; None where no part is."""
    (x, y), (u, v) = one, other
    if max(y, v) < 0.0 or min(y, v) > 1.0:
        return None
    ends = []
    for a, b, c, d in ((x, y, u, v), (u, v, x, y)):
        height = min(max(b, 0.0), 1.0)
        ends.append((a, b) if height == b else (a + (c - a) * (height - b) / (d - b), height))
    return ends[0], ends[1]
