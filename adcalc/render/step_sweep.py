"""What a person sees of a step sweep: the curves of error against step, and the figures that they show."""

import math

from adcalc.render.curve import Line, curve
from adcalc.render.figures import error, facts, tables
from adcalc.render.layout import Block, operator
from adcalc.results.comparison import StepSweep

NAMES = {"forward": "forward step", "central": "central step", "five-point": "five points"}
_HEIGHT = 18  # rows of a drawing
_WIDEST = 110


def step_sweep(result: StepSweep, width: int, ascii_only: bool = False) -> list[Block]:
    """The blocks of a step sweep, drawn with braille or, with `ascii_only`, with letters.

    >>> from adcalc.results.comparison import Series
    >>> series = Series("central", 2, (1e-3, 1e-5), 0.1, 1e-5)
    >>> sweep = StepSweep("x", 1.0, 1.0, 2.0, True, (1.0, 0.1), (series,))
    >>> print("".join(word for word, _ in step_sweep(sweep, 60, True)[0]))
    error of ∂/∂x by differences, against the step (both logarithmic)
    """
    lines = [
        Line(str(series.order), NAMES[series.name], tuple(zip(result.steps, series.errors, strict=True)))
        for series in result.series
    ]
    title = f"error of {operator((result.variable,))} by differences, against the step"
    blocks: list[Block] = [[(title, "name"), (" (both logarithmic)", "quiet")]]
    blocks += curve(lines, min(width, _WIDEST), _HEIGHT, ascii_only)
    blocks += [[], *tables(_columns(result), width)]
    sentences = facts(_sentences(result), width)
    return [*blocks, *([[], *sentences] if sentences else [])]


def _columns(result: StepSweep) -> list[tuple[str, list[tuple[str, str]]]]:
    found = result.series
    return [
        ("quotient", [(NAMES[series.name], "name") for series in found]),
        ("order", [(str(series.order), "") for series in found]),
        ("best step", [(error(series.best_step), "value") for series in found]),
        ("its error", [(error(series.best_error), "") for series in found]),
        ("digits", [(_digits(series.best_error, result.slope), "") for series in found]),
        ("above it", [(_power(series.truncation), "") for series in found]),
        ("below it", [(_power(series.rounding), "") for series in found]),
    ]


def _digits(error: float | None, slope: float) -> str:
    """How many digits are right at the best step."""
    if error is None or not slope:
        return "–"
    return str(max(0, min(_ALL, round(-math.log10(error / abs(slope)))))) if error else str(_ALL)


_ALL = 16  # digits of a float


def _power(slope: float | None) -> str:
    return "–" if slope is None else f"step^{slope:.2f}"


_TRUNCATION = "truncation: the error of the quotient itself falls with the power of the step that is its order"
_ROUNDING = "rounding: the digits that the subtraction cancels; a smaller step makes it worse, at every order"


def _sentences(result: StepSweep) -> list[tuple[str, str]]:
    lines = []
    if any(series.truncation is not None for series in result.series):
        lines.append(("above", _TRUNCATION))
    if any(series.rounding is not None for series in result.series):
        lines.append(("below", _ROUNDING))
    if not result.proved:
        lines.append(("note", "errors are distances from reverse mode: no digits are proved here"))
    gaps = sum(one is None for series in result.series for one in series.errors)
    if gaps:
        lines.append(("note", f"{gaps} quotients are missing: the function has no value at a point that they need"))
    return lines
