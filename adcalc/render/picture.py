"""The curves of a step sweep as a picture, drawn by matplotlib, which is loaded when a picture is asked for."""

from __future__ import annotations

import math
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from adcalc.errors import UsageError, suggestion
from adcalc.render.step_sweep import NAMES

if TYPE_CHECKING:
    from adcalc.results.comparison import StepSweep

SUFFIXES: Final = ("svg", "png")
INSTALL: Final = 'pip install "adcalc[plot]"'
_COLOURS: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")  # told apart by the colour-blind, too (Okabe & Ito)
_MARKERS: Final = ("o", "s", "^", "D")
_LONGEST: Final = 60  # characters of an expression in the title


def suffix(path: str) -> str:
    """The format that a file's name asks for. Raises UsageError where it is none that is drawn.

    >>> suffix("error.SVG")
    'svg'
    """
    _, dot, ending = path.rpartition(".")
    if not dot or ending.lower() not in SUFFIXES:
        name = f"'.{ending}'" if dot and "/" not in ending else f"'{path}'"
        hint = suggestion(ending, SUFFIXES) if dot else None
        raise UsageError(f"a picture is a file whose name ends in .svg or .png, not {name}", hint=hint)
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
    from matplotlib import rc_context

    axes = figure.subplots()
    for number, series in enumerate(sweep.series):
        label = f"{NAMES[series.name]}, order {series.order}"
        colour, marker = _COLOURS[number % len(_COLOURS)], _MARKERS[number % len(_MARKERS)]
        axes.plot(
            sweep.steps,
            [error or math.nan for error in series.errors],  # no point, and no line across it
            color=colour,
            marker=marker,
            markersize=3,
            linewidth=1.2,
            label=label,
        )
        if series.best_step and series.best_error:
            axes.plot(
                [series.best_step], [series.best_error], marker=marker, markersize=9, color=colour, fillstyle="none"
            )
    axes.set(xscale="log", yscale="log", xlabel="step", ylabel=f"error of the derivative by {_plain(sweep.variable)}")
    axes.set_title(_plain(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 12]} … {text[-9:]}"), fontsize=11)
    axes.grid(alpha=0.25, linewidth=0.6)
    axes.legend(frameon=False)
    file = BytesIO()
    with rc_context({"svg.hashsalt": "adcalc", "svg.fonttype": "none"}):
        figure.savefig(
            file, format=format, dpi=150, metadata={"Date": None} if format == "svg" else {"Software": "adcalc"}
        )
    return file.getvalue()


def _plain(text: str) -> str:
    """A text that matplotlib takes as it stands: a dollar would begin a formula."""
    return text.replace("$", r"\$")
