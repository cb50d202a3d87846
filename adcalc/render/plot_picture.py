"""A plot as a picture, drawn by matplotlib: the same lines and numbers as in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from adcalc.render.axis import Axis
from adcalc.render.curves import panels
from adcalc.render.picture import COLOURS, content, figure_class, plain
from adcalc.syntax.number import short

if TYPE_CHECKING:
    from adcalc.results.plot import Plot

SUFFIXES: Final = ("svg", "png", "pdf")
_STYLES: Final = {"value": ("-", 1.8), "slope": ("--", 1.4)}
_TICKS: Final = (6, 8)  # on the vertical axis, and on the horizontal one
_EDGE: Final = 0.02  # of an axis, beyond what it shows
_LONGEST: Final = 60  # characters of an expression in the title


def picture(text: str, result: Plot, format: str) -> bytes:
    """The picture of a plot as the content of a file; `text` is the expression as adcalc writes it.

    The same plot always gives the same bytes.

    >>> from adcalc.results.plot import Plot, Sample
    >>> samples = tuple(Sample(k / 4, k / 4, 1.0) for k in range(5))
    >>> b"<svg" in picture("x", Plot("x", {}, "x", 0.0, 1.0, "reverse", "x", samples), "svg")
    True
    """
    drawn = panels(result)
    figure = figure_class()(figsize=(7.2, 4.8), layout="constrained")
    every = figure.subplots(max(len(drawn), 1), 1, squeeze=False, sharex=True)[:, 0]
    labels = {"value": "value", "slope": f"∂/∂{plain(result.wrt)}"}
    for axes, panel in zip(every, drawn, strict=False):
        for number, name in enumerate(_STYLES):
            style, width = _STYLES[name]
            label: str | None = labels[name]
            for path in panel.curves.get(name, ()):
                xs, ys = zip(*path, strict=True)
                dot = "." if len(path) == 1 else ""
                axes.plot(xs, ys, style, marker=dot, linewidth=width, color=COLOURS[number], label=label)
                label = None
        if panel.axis.low < 0.0 < panel.axis.high:
            axes.axhline(panel.axis.place(0.0), color="0.6", linewidth=0.8, zorder=0)
        axes.set_ylim(-_EDGE, 1 + _EDGE)
        _numbers(axes.yaxis, panel.axis, _TICKS[0] if len(drawn) < 2 else _TICKS[0] // 2, "")
        axes.grid(alpha=0.25, linewidth=0.6)
        axes.legend(frameon=False)
    across = Axis(result.low, result.high)
    every[-1].set_xlim(-_EDGE, 1 + _EDGE)
    _numbers(every[-1].xaxis, across, _TICKS[1], plain(result.variable))
    shown = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 12]} … {text[-9:]}"
    others = "".join(f", {name} = {short(number)}" for name, number in result.at.items())
    every[0].set_title(plain(f"{shown}{others}"), fontsize=11)
    return content(figure, format)


def _numbers(side: Any, axis: Axis, count: int, name: str) -> None:
    """The numbers beside an axis whose ends are 0 and 1 to matplotlib, which could not hold the largest apart."""
    ticks = axis.ticks(count)
    side.set_ticks([axis.place(number) for number, _ in ticks.labels], [label for _, label in ticks.labels])
    base = f"{ticks.base} + …" if ticks.base else ""
    side.set_label_text(f"{name} = {base}" if name and base else name or base)
