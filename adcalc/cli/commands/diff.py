"""`adcalc diff`: derivatives as formulas."""

from typing import Annotated

import typer

from adcalc.api import Function
from adcalc.cli import options, output
from adcalc.cli.point import names, point
from adcalc.errors import UsageError

Order = Annotated[int, typer.Option("--order", "-n", metavar="N", help="differentiate N times by each variable", min=0)]
Mixed = Annotated[bool, typer.Option("--mixed", help="one mixed partial by all variables of --wrt")]
Format = Annotated[str, typer.Option("--format", metavar="FORMAT", help="text or latex")]
Stats = Annotated[bool, typer.Option("--stats", help="count operations: as a tree, as a shared graph, simplified")]


def diff(
    expression: options.Expression = None,
    file: options.File = None,
    at: options.At = None,
    wrt: options.Wrt = None,
    order: Order = 1,
    mixed: Mixed = False,
    format: Format = "text",
    stats: Stats = False,
    json: options.Json = False,
    functions: options.Functions = None,
    max_operations: options.MaximumOperations = options.MAXIMUM,
) -> None:
    """Print derivatives as formulas; with --at also their values.

    A variable named twice in --wrt makes one mixed partial: --wrt x,x,y is ∂³/∂x²∂y.

    Example: adcalc diff "x^x"

    Example: adcalc diff "sin(x*y)" --wrt x,x,y --at x=1,y=2

    JSON keys: expression, at, order, derivatives; with --at also value, evaluated; with --stats also stats
    """
    if format not in ("text", "latex"):
        raise UsageError(f"there is no format '{format}'", hint="text or latex")
    table = options.table(functions)
    asked = Function(options.source(expression, file), table, max_operations)
    values = point(at, table) if at else None
    known = asked.lowered(values or ()).variables
    chosen = names(wrt, known)
    result = asked.derivative(*(chosen or ()), order=order, mixed=mixed, point=values, operations=stats)
    if json:
        from adcalc.render import json as json_format

        output.line(json_format.derivative(result, format == "latex"))
    else:
        from adcalc.render import layout

        output.show(layout.derivative(asked.text, result, format == "latex"))
