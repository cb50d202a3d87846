"""`adcalc grad`: the value and the gradient of an expression at a point."""

from typing import Annotated

import typer

from adcalc.api import Function
from adcalc.cli import options, output
from adcalc.cli.point import names, point

Mode = Annotated[
    str, typer.Option("--mode", "-m", metavar="MODE", help="forward, reverse, symbolic or finite (finite differences)")
]
Difference = Annotated[
    str, typer.Option("--difference", metavar="METHOD", help="of mode finite: richardson, central, forward or complex")
]


def grad(
    expression: options.Expression = None,
    file: options.File = None,
    at: options.At = None,
    wrt: options.Wrt = None,
    mode: Mode = "reverse",
    difference: Difference = "richardson",
    json: options.Json = False,
    functions: options.Functions = None,
    max_operations: options.MaximumOperations = options.MAXIMUM,
) -> None:
    """Print the value and the gradient of an expression at a point.

    Example: adcalc grad "cos(x*y)+y" --at x=0,y=1

    Example: adcalc grad "x^2*y" --at x=3,y=2 --wrt x --mode forward --json

    JSON keys: expression, at, mode, value, gradient; with --mode finite also error_estimate
    """
    table = options.table(functions)
    asked = Function(options.source(expression, file), table, max_operations)
    values = point(at or [], table)
    known = asked.lowered(values).variables
    result = asked.gradient(values, wrt=names(wrt, known), mode=mode, difference=difference)
    if json:
        from adcalc.render import json as json_format

        output.line(json_format.gradient(result))
    else:
        from adcalc.render import layout

        output.show(layout.gradient(asked.text, result))
