"""`adcalc grad`: the value and the gradient of an expression at a point."""

from typing import Annotated

import typer

from adcalc.cli import options, output
from adcalc.cli.point import has_interval, names, spread
from adcalc.errors import UsageError

Trace = Annotated[bool, typer.Option("--trace", help="after the result, the work of forward or reverse mode")]
Order = Annotated[int, typer.Option("--order", "-n", metavar="N", help="Nth derivatives by each variable", min=0)]
Mixed = Annotated[bool, typer.Option("--mixed", help="one mixed partial by all variables of --wrt")]


def grad(
    expression: options.Expression = None,
    file: options.File = None,
    at: options.At = None,
    wrt: options.Wrt = None,
    mode: options.Mode = "reverse",
    difference: options.Difference = "richardson",
    order: Order = 1,
    mixed: Mixed = False,
    trace: Trace = False,
    json: options.Json = False,
    out: options.Out = None,
    functions: options.Functions = None,
    max_operations: options.MaximumOperations = options.MAXIMUM,
    at_kink: options.AtKink = None,
    strict: options.Strict = False,
    digits: options.Digits = None,
    enclosure: options.Enclosure = False,
) -> object:
    """Print the value and the gradient of an expression at a point.

    With --digits or --enclosure the point is exact: x=0.1 is one tenth, x=pi is pi; numbers in JSON are texts then.
    With --order, or a variable named twice in --wrt (a mixed partial), it is exact too, and every digit is proved.
    A value may be an interval, "x=[1.9 .. 2.1]" or "x=2±0.1" (2+/-0.1): value and slopes are then enclosed for all
    numbers of it, and the slopes of both sides of a kink with them.
    Where digits are lost in floating point the answer is the proved one, with a warning; --strict makes that an error.

    Example: adcalc grad "cos(x*y)+y" --at x=0,y=1

    Example: adcalc grad "x^2*y" --at x=3,y=2 --wrt x --mode forward --json

    Example: adcalc grad "exp(x*y)" --at x=1,y=2 --wrt x,x,y

    Example: adcalc grad "cos(x*y)+y" --at x=pi/3,y=1/10 --digits 40

    Example: adcalc grad "sum((A@x)^2)" --at "A=[[1, 2], [3, 4]], x=[1, 1]" --wrt x --out slope.npy

    Example: adcalc grad "x^2*y" --at "x=[1.9 .. 2.1], y=3"

    JSON keys: expression, at, mode, value, gradient; where there are any, warnings; of another order than 1 also order;
    with --mode finite also error_estimate; with --trace also nodes, edges, steps, order, layers, held; with --enclosure
    or an interval also enclosure {value, gradient}; at has (low, high) of an interval, and what has no digits is null
    """
    if out is not None:
        from adcalc.cli import saving

        saving.require(out)
    table = options.table(functions)
    asked = options.function(expression, file, table, max_operations)
    values = spread(at or [], table)
    known = asked.inputs(values)
    chosen = names(wrt, known)
    if trace and (order != 1 or mixed or len(set(chosen or ())) < len(chosen or ())):
        raise UsageError("--trace shows the work of first derivatives", hint="leave it out, or --order")
    if digits is not None or enclosure or has_interval(values):
        if out is not None:
            saving.refuse_digits()
        from adcalc.cli.proved import gradient

        if trace:
            raise UsageError(
                "--trace shows the work in floating point at one point", hint="leave --digits or --trace out"
            )
        return gradient(asked, values, digits, enclosure, json, chosen, mode, at_kink, order, mixed)
    result = asked.gradient(
        values, wrt=chosen, mode=mode, difference=difference, at_kink=at_kink, order=order, mixed=mixed
    )
    work = asked.trace(values, wrt=chosen, mode=mode) if trace else None
    shown = result.warnings if work is None else tuple(dict.fromkeys((*result.warnings, *work.warnings)))
    output.warn(shown, strict, json)
    if out is not None:
        saving.gradient(out, result)
    if json:
        from adcalc.render import json as json_format

        output.line(json_format.gradient(result, work))
    else:
        from adcalc.render import layout

        output.show(layout.gradient(asked.text, result, output.width))
        if work is not None:
            from adcalc.render.trace import work as blocks

            output.show(blocks(work, output.width()))
    return result
