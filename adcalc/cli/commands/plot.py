"""`adcalc plot`: value and derivative of an expression over a range."""

from typing import Annotated, Any, Final

import typer

from adcalc.api.curves.plots import MAXIMUM_SAMPLES
from adcalc.api.curves.plots import plot as sampled
from adcalc.cli import options, output
from adcalc.cli.point import names, ranged
from adcalc.errors import UsageError
from adcalc.results.plot import Plot
from adcalc.syntax.point import Binding, Range
from adcalc.syntax.unparse import quoted

_FILES: Final = ("svg", "png", "pdf", "csv", "json")
_FINE: Final = {"svg": 400, "png": 400, "pdf": 400}  # samples of a picture
_PLAIN: Final = 200  # of what is read by other programs
_NARROWEST: Final = 20

At = Annotated[
    list[str] | None,
    typer.Option("--at", "-a", metavar="POINT", help='a range for one variable, values for the others: "x=-5..5, a=2"'),
]
Wrt = Annotated[
    str | None,
    typer.Option("--wrt", "-w", metavar="NAME", help="the variable to differentiate by, if not that of the range"),
]
Samples = Annotated[
    int | None,
    typer.Option(
        "--samples",
        metavar="N",
        help="so many, evenly spaced; else as the drawing needs them, more where it bends",
        min=2,
        max=MAXIMUM_SAMPLES,
    ),
]
Mode = Annotated[
    str, typer.Option("--mode", "-m", metavar="MODE", help="forward, reverse, symbolic or finite (finite differences)")
]
Out = Annotated[
    str | None,
    typer.Option("--out", metavar="FILE", help="write a picture, .svg, .png or .pdf, or the samples, .csv or .json"),
]


def plot(
    expression: options.Expression = None,
    file: options.File = None,
    at: At = None,
    wrt: Wrt = None,
    samples: Samples = None,
    mode: Mode = "reverse",
    out: Out = None,
    json: options.Json = False,
    functions: options.Functions = None,
    max_operations: options.MaximumOperations = options.MAXIMUM,
    at_kink: options.AtKink = None,
    strict: options.Strict = False,
) -> Plot:
    """Draw the value and the derivative of an expression over a range.

    Where there is no value or no derivative, nothing is drawn, and the lines below the drawing say why.

    Example: adcalc plot "sin(x)*x" --at x=-5..5

    Example: adcalc plot "a*exp(-x^2)" --at "x=-pi..pi, a=2" --wrt a --out bell.svg

    Example: adcalc plot "abs(x)" --at x=-1..1 --samples 5 --json

    JSON keys: expression, at, mode, the variable's name (x), f, df_dx: columns, null where there is none; places:
    what, from, to, kind, message, left, right
    """
    format = _format(out)
    table = options.table(functions)
    asked = options.function(expression, file, table, max_operations)
    values, ranges = ranged(at or [], table)
    name, found = _range(ranges, asked.inputs([*values, *ranges]))
    chosen = names(wrt, asked.inputs([*values, *ranges]))
    if chosen is not None and len(chosen) > 1:
        raise UsageError("one derivative is drawn, and --wrt names several", hint=f"write --wrt {chosen[0]}")
    drawn = not json and out is None
    result = sampled(
        asked,
        name,
        Binding(found.low, found.place),
        Binding(found.high, found.place),
        values,
        wrt=chosen[0] if chosen else None,
        mode=mode,
        samples=samples,
        fine=2 * max(output.width(), _NARROWEST) if drawn else _FINE.get(format, _PLAIN),
        at_kink=at_kink,
        place=found.place,
    )
    output.warn(result.warnings, strict, json)
    if out is not None:
        output.save(out, _content(asked.text, result, format))
    if json:
        from adcalc.render import json as json_format

        output.line(json_format.plot(result))
    elif out is not None:
        from adcalc.render.figures import counted
        from adcalc.render.plot_words import missing

        words = counted(len(result.samples), "sample")
        output.show([[(f"{out}: ", "name"), (words, "")], *missing(result, output.width())])
    else:
        from adcalc.render.plot import plot as blocks

        output.show(blocks(asked.text, result, output.width(), output.height(), not output.has_braille()))
    return result


def _format(out: str | None) -> str:
    """The format that the name of a file asks for; whatever draws it is there."""
    if out is None:
        return ""
    from adcalc.render.picture import figure_class, suffix

    format = suffix(out, _FILES, "a plot")
    if format in _FINE:
        figure_class()
    return format


def _range(ranges: dict[str, Range], known: tuple[str, ...]) -> tuple[str, Range]:
    """The one variable that has a range."""
    if not ranges:
        name = quoted(known[0]) if known else "x"
        raise UsageError("a plot needs the range of a variable", hint=f"add --at {name}=-5..5")
    (name, found), *others = ranges.items()
    if others:
        raise UsageError("a plot is over the range of one variable", others[0][1].place, "give this one a value")
    return name, found


def _content(text: str, result: Plot, format: str) -> Any:
    """What a file of a format holds."""
    if format == "csv":
        from adcalc.render.columns import table

        return table(result)
    if format == "json":
        from adcalc.render import json as json_format

        return json_format.plot(result) + "\n"
    from adcalc.render.plot_picture import picture

    return picture(text, result, format)
