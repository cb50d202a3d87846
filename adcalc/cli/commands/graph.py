"""`adcalc graph`: the expression as a graph, in the terminal, as a picture, or for other programs to draw."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Final

import typer

from adcalc.api.work.drawings import defined
from adcalc.cli import options, output
from adcalc.cli.point import names, point
from adcalc.errors import UsageError, suggestion

if TYPE_CHECKING:
    from adcalc.results.trace import Drawing

FORMATS: Final = ("tree", "dot", "svg", "mermaid", "json")
_NEEDS_POINT: Final = "its graph depends on the point: give one with --at"
_SUFFIXES: Final = {
    ".svg": "svg",
    ".dot": "dot",
    ".gv": "dot",
    ".mmd": "mermaid",
    ".mermaid": "mermaid",
    ".json": "json",
    ".txt": "tree",
}

Format = Annotated[
    str | None, typer.Option("--format", metavar="FORMAT", help="tree, dot, svg, mermaid or json (default: tree)")
]
Out = Annotated[
    str | None, typer.Option("--out", metavar="FILE", help="write to a file; .svg, .dot, .mmd, .json say the format")
]
Depth = Annotated[
    int | None, typer.Option("--depth", metavar="N", help="levels of the tree below the result [12]", min=0, max=100)
]


def graph(
    expression: options.Expression = None,
    file: options.File = None,
    at: options.At = None,
    wrt: options.Wrt = None,
    shape: options.Shape = None,
    format: Format = None,
    out: Out = None,
    depth: Depth = None,
    json: options.Json = False,
    functions: options.Functions = None,
    max_operations: options.MaximumOperations = options.MAXIMUM,
    strict: options.Strict = False,
) -> None:
    """Show an expression as a graph; with --at the values, adjoints and partial derivatives in it.

    Example: adcalc graph "cos(x*y)+y"

    Example: adcalc graph "f(u, v) = u/2 + v; a = x^2; b = x^3; f(a, b)" --at x=0.5 --out graph.svg

    Example: adcalc graph -f examples/black_scholes.adc --format dot

    JSON keys: expression, at, variables, functions, output, nodes, edges
    """
    chosen_format = _format(format, out, json)
    if depth is not None and chosen_format != "tree":
        raise UsageError("--depth is for the tree", hint="the other formats show the whole graph")
    table = options.table(functions)
    asked = options.function(expression, file, table, max_operations, shape)
    values = point(at, table) if at else None
    variables = asked.inputs(values or ())
    wanted = names(wrt, variables)
    if wanted is not None and values is None:
        raise UsageError("--wrt says which derivatives are shown, and without --at there are none", hint="add --at")
    calls, named = defined(asked)
    if asked.needs_point and values is None and chosen_format == "tree" and out is None:
        from adcalc.render.tree import names_of

        output.show([[(asked.text, "expression")], *names_of(variables, calls), [(_NEEDS_POINT, "quiet")]])
        return
    drawing = asked.graph(values, wrt=wanted)
    output.warn(drawing.warnings, strict, chosen_format == "json")
    if chosen_format == "tree":
        from adcalc.render.text import text as plain
        from adcalc.render.tree import tree

        about = (variables, calls) if file is not None or calls or named else ((), ())
        lines = tree(asked.text, drawing, depth, *about, output.width())
        if out is None:
            output.show(lines)
            return
        text = plain(lines)
    else:
        text = _text(drawing, chosen_format, variables, calls)
    if out is None:
        output.line(text)
        return
    output.save(out, f"{text}\n")
    if not json:
        from adcalc.render.figures import counted

        counts = f"{counted(len(drawing.nodes), 'node')}, {counted(len(drawing.edges), 'edge')}"
        output.show([[(f"{out}: ", "name"), (counts, "")]])


def _format(format: str | None, out: str | None, json: bool) -> str:
    """The format that is asked for, by its name or by the file's."""
    if format is not None and format not in FORMATS:
        raise UsageError(
            f"there is no format '{format}'", hint=suggestion(format, FORMATS) or f"one of {', '.join(FORMATS)}"
        )
    if json and format not in (None, "json"):
        raise UsageError(f"--json and --format {format} cannot both be given", hint="leave one of them out")
    if json or format is not None or out is None:
        return "json" if json else format or "tree"
    suffix = os.path.splitext(out)[1].lower()
    if suffix not in _SUFFIXES:
        raise UsageError(f"the name {out} does not say which format it has", hint="add --format svg, or end it in .svg")
    return _SUFFIXES[suffix]


def _text(drawing: "Drawing", format: str, variables: Sequence[str], functions: Sequence[str]) -> str:
    if format == "svg":
        from adcalc.render.svg import svg

        return svg(drawing)
    if format == "dot":
        from adcalc.render.dot import dot

        return dot(drawing)
    if format == "mermaid":
        from adcalc.render.mermaid import mermaid

        return mermaid(drawing)
    from adcalc.render.trace_json import drawing as as_json

    return as_json(drawing, variables, functions)
