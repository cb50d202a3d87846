"""The curves of a step sweep as a picture, drawn by matplotlib, which is loaded when a picture is asked for."""

from __future__ import annotations

import math
import warnings
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from adcalc.errors import UsageError, suggestion
from adcalc.render.step_sweep import NAMES
from adcalc.syntax.number import short

if TYPE_CHECKING:
    from adcalc.results.comparison import StepSweep

SUFFIXES: Final = ("svg", "png")
INSTALL: Final = 'pip install "adcalc[plot]"'
COLOURS: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")  # told apart by the colour-blind, too (Okabe & Ito)
_MARKERS: Final = ("o", "s", "^", "D")
_NOTHING: Final = (-17, 0)  # the powers of ten of the errors that an empty picture has room for
_MARGIN: Final = 0.4  # powers of ten
_LONGEST: Final = 60  # characters of an expression in the title


def suffix(path: str, known: tuple[str, ...] = SUFFIXES, what: str = "a picture") -> str:
    """The format that a file's name asks for. Raises UsageError where it is none of those that are known.

    >>> suffix("error.SVG")
    'svg'
    """
    _, dot, ending = path.rpartition(".")
    if not dot or ending.lower() not in known:
        name = f"'.{ending}'" if dot and "/" not in ending else f"'{path}'"
        hint = suggestion(ending, known) if dot else None
        endings = f"{', '.join(f'.{one}' for one in known[:-1])} or .{known[-1]}"
        raise UsageError(f"{what} is a file whose name ends in {endings}, not {name}", hint=hint)
    return ending.lower()


def figure_class() -> Any:
    """The class of matplotlib's figures. Raises UsageError with the command that installs it, where it is missing."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise UsageError("pictures are drawn by matplotlib, which is not installed", hint=INSTALL) from None
    return Figure


def picture(text: str, sweep: StepSweep, format: str) -> bytes:
    """The picture of a step sweep as the content of a file; `text` is the expression as adcalc writes it.

    The same sweep always gives the same bytes.

    >>> from adcalc.results.comparison import Series, StepSweep
    >>> sweep = StepSweep("x", 1.0, 1.0, 2.0, True, (1.0, 0.1), (Series("central", 2, (1e-2, 1e-4)),))
    >>> b"<svg" in picture("x^3", sweep, "svg")
    True
    """
    figure = figure_class()(figsize=(7.2, 4.8), layout="constrained")
    from matplotlib.ticker import MaxNLocator

    axes = figure.subplots()
    steps = [math.log10(step) for step in sweep.steps]
    for number, series in enumerate(sweep.series):
        label = f"{NAMES[series.name]}, order {series.order}"
        colour, marker = COLOURS[number % len(COLOURS)], _MARKERS[number % len(_MARKERS)]
        errors = [math.log10(error) if error else math.nan for error in series.errors]  # no point, no line across it
        axes.plot(steps, errors, color=colour, marker=marker, markersize=3, linewidth=1.2, label=label)
        if series.best_step and series.best_error:
            best = [math.log10(series.best_step)], [math.log10(series.best_error)]
            axes.plot(*best, marker=marker, markersize=9, color=colour, fillstyle="none")
    powers = [math.log10(error) for series in sweep.series for error in series.errors if error]
    if not powers:
        axes.text(0.5, 0.5, "no error at any step", transform=axes.transAxes, ha="center")
    low, high = (math.floor(min(powers)), math.ceil(max(powers))) if powers else _NOTHING
    axes.set_ylim(low - _MARGIN, max(high, low + 1) + _MARGIN)
    axes.set_xlim(min(steps) - _MARGIN, max(steps) + _MARGIN)
    for axis in (axes.xaxis, axes.yaxis):  # logarithms on even axes: matplotlib's own scale ends below 1e308
        axis.set_major_locator(MaxNLocator(9, integer=True))
        axis.set_major_formatter(lambda power, _: f"$10^{{{power:.0f}}}$")
    name = plain(sweep.variable)
    axes.set(xlabel=f"step from {name} = {short(sweep.at)}", ylabel=f"error of the derivative by {name}")
    axes.set_title(plain(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 12]} … {text[-9:]}"), fontsize=11)
    axes.grid(alpha=0.25, linewidth=0.6)
    axes.legend(frameon=False)
    return content(figure, format)


def content(figure: Any, format: str) -> bytes:
    """A figure as the content of a file, the same for the same figure: without a date.

    >>> content(figure_class()(), "svg") == content(figure_class()(), "svg")
    True
    """
    from matplotlib import rc_context

    file = BytesIO()
    with rc_context({"svg.hashsalt": "adcalc", "svg.fonttype": "none"}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph")  # a name in letters that matplotlib's font has no shape for
        figure.savefig(file, format=format, dpi=150, metadata=_METADATA[format])
    return file.getvalue()


_METADATA: Final[dict[str, dict[str, Any]]] = {
    "svg": {"Date": None},
    "png": {"Software": "adcalc"},
    "pdf": {"Creator": "adcalc", "Producer": None, "CreationDate": None},
}


def plain(text: str) -> str:
    """A text that matplotlib takes as it stands: a dollar would begin a formula.

    >>> print(plain("a$b"))
    a\\$b
    """
    return text.replace("$", r"\$")
