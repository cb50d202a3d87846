"""`adcalc grad`: the value and the gradient of an expression at a point."""

from typing import Annotated

import typer

from adcalc.cli import options, output
from adcalc.cli.point import names, point
from adcalc.errors import UsageError
from adcalc.results import Gradient

Mode = Annotated[
    str, typer.Option("--mode", "-m", metavar="MODE", help="forward, reverse, symbolic or finite (finite differences)")
]
Difference = Annotated[
    str, typer.Option("--difference", metavar="METHOD", help="of mode finite: richardson, central, forward or complex")
]
Trace = Annotated[bool, typer.Option("--trace", help="after the result, the work of forward or reverse mode")]
Order = Annotated[int, typer.Option("--order", "-n", metavar="N", help="Nth derivatives by each variable", min=0)]
Mixed = Annotated[bool, typer.Option("--mixed", help="one mixed partial by all variables of --wrt")]


def grad(
    expression: options.Expression = None,
    file: options.File = None,
    at: options.At = None,
    wrt: options.Wrt = None,
    mode: Mode = "reverse",
    difference: Difference = "richardson",
    order: Order = 1,
    mixed: Mixed = False,
    trace: Trace = False,
    json: options.Json = False,
    functions: options.Functions = None,
    max_operations: options.MaximumOperations = options.MAXIMUM,
    at_kink: options.AtKink = None,
    strict: options.Strict = False,
) -> Gradient:
    """Print the value and the gradient of an expression at a point.

    Example: adcalc grad "cos(x*y)+y" --at x=0,y=1

    Example: adcalc grad "x^2*y" --at x=3,y=2 --wrt x --mode forward --json

    Example: adcalc grad "exp(x*y)" --at x=1,y=2 --wrt x,x,y

    With --order, or with a variable named twice in --wrt (a mixed partial), every digit is proved.

    JSON keys: expression, at, mode, value, gradient; of another order than 1 also order; with --mode finite also
    error_estimate; with --trace also nodes, edges, steps, order, layers, held
    """
    table = options.table(functions)
    asked = options.function(expression, file, table, max_operations)
    values = point(at or [], table)
    known = asked.inputs(values)
    chosen = names(wrt, known)
    result = asked.gradient(
        values, wrt=chosen, mode=mode, difference=difference, at_kink=at_kink, order=order, mixed=mixed
    )
    if trace and result.mode == "taylor":
        raise UsageError("--trace shows the work of first derivatives", hint="leave it out, or --order")
    work = asked.trace(values, wrt=chosen, mode=mode) if trace else None
    output.warn(result.warnings if work is None else work.warnings, strict, json)
    if json:
        from adcalc.render import json as json_format

        output.line(json_format.gradient(result, work))
    else:
        from adcalc.render import layout

        output.show(layout.gradient(asked.text, result))
        if work is not None:
            from adcalc.render.trace import work as blocks

            output.show(blocks(work, output.width()))
    return result
