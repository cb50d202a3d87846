"""The error of difference quotients against their step: truncation on one side, rounding on the other."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from adcalc.modes.differences import Shifted
from adcalc.modes.higher import at_step
from adcalc.results.comparison import Series, StepSweep

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from adcalc.modes.base import Tape

_DECADES: Final = 16
_EACH: Final = 4  # steps in a decade
_QUOTIENTS: Final = (("forward", 1), ("central", 2), ("five-point", 4))
_AROUND: Final = 2  # steps on either side that are as good as the best one, or it is not called the best
_ABOVE: Final = 30  # times the error at the best step: what is certainly truncation, or certainly rounding
_SHOWING: Final = 3  # steps at the least that show a slope
_NEAR: Final = 8  # steps next to the best one that its slopes are taken from


def step_sweep(
    tape: Tape[float], name: str, distance: Callable[[float], float], slope: float, proved: bool
) -> StepSweep:
    """The errors of three quotients by one variable at steps from its scale down to 1e-16 of it.

    `distance` says how far a quotient is from the truth, whose float is `slope`.

    >>> from adcalc.api import function
    >>> f = function("exp(x)")
    >>> lowered, at = f.at({"x": 0})
    >>> sweep = step_sweep(f.tape(lowered, at, (0,)), "x", lambda quotient: abs(quotient - 1), 1.0, True)
    >>> [(series.order, round(series.truncation)) for series in sweep.series]
    [(1, 1), (2, 2), (4, 4)]
    """
    (variable,) = tape.problem.wrt
    shifted = Shifted(tape, variable)
    wanted = [shifted.scale * 10.0 ** (-place / _EACH) for place in range(_DECADES * _EACH + 1)]
    steps = tuple(dict.fromkeys(step for step in map(shifted.step, wanted) if step and math.isfinite(step)))
    series = []
    for label, order in _QUOTIENTS:
        quotients = [_quotient(shifted, order, step) for step in steps]
        errors = [None if quotient is None else distance(quotient) for quotient in quotients]
        series.append(_series(label, order, steps, [e if e is None or math.isfinite(e) else None for e in errors]))
    return StepSweep(name, shifted.at + 0.0, shifted.scale, slope + 0.0, proved, steps, tuple(series))


def _quotient(shifted: Shifted, order: int, step: float) -> float | None:
    try:
        return at_step(shifted, order, step)
    except ValueError:  # infinities that meet in its sum
        return None


def _series(name: str, order: int, steps: Sequence[float], errors: Sequence[float | None]) -> Series:
    """One quotient's errors, with the best step and the slopes on its two sides."""
    shown = [(step, error) for step, error in zip(steps, errors, strict=True) if error is not None]
    if not shown:
        return Series(name, order, tuple(errors))
    around = [max(error for _, error in shown[max(0, n - _AROUND) : n + _AROUND + 1]) for n in range(len(shown))]
    best = min(range(len(shown)), key=lambda n: around[n])  # where luck has no part in it
    best_step, best_error = shown[best]
    above = [point for point in shown[:best] if point[1] > _ABOVE * around[best]]
    below = [point for point in shown[best + 1 :] if point[1] > _ABOVE * around[best]]
    return Series(name, order, tuple(errors), best_step, best_error, _slope(above[-_NEAR:]), _slope(below[: 3 * _NEAR]))


def _slope(points: Sequence[tuple[float, float]]) -> float | None:
    """The power of the step that the error goes with: a line of least squares through the logarithms."""
    if len(points) < _SHOWING:
        return None
    xs, ys = [math.log(step) for step, _ in points], [math.log(error) for _, error in points]
    x, y = math.fsum(xs) / len(xs), math.fsum(ys) / len(ys)
    return math.fsum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / math.fsum((a - x) ** 2 for a in xs)
