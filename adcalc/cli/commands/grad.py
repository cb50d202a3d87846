"""`adcalc grad`: the value and the gradient of an expression at a point."""

from typing import Annotated

import typer

from adcalc.cli import options, output
from adcalc.cli.point import names, point
from adcalc.errors import UsageError

Mode = Annotated[
    str, typer.Option("--mode", "-m", metavar="MODE", help="forward, reverse, symbolic or finite (finite differences)")
]
Difference = Annotated[
    str, typer.Option("--difference", metavar="METHOD", help="of mode finite: richardson, central, forward or complex")
]
Trace = Annotated[bool, typer.Option("--trace", help="after the result, the work of forward or reverse mode")]


def grad(
    expression: options.Expression = None,
    file: options.File = None,
    at: options.At = None,
    wrt: options.Wrt = None,
    mode: Mode = "reverse",
    difference: Difference = "richardson",
    trace: Trace = False,
    json: options.Json = False,
    functions: options.Functions = None,
    max_operations: options.MaximumOperations = options.MAXIMUM,
    at_kink: options.AtKink = None,
    strict: options.Strict = False,
    digits: options.Digits = None,
    enclosure: options.Enclosure = False,
) -> object:
    """Print the value and the gradient of an expression at a point.

    With --digits or --enclosure the point is exact: x=0.1 is one tenth, x=pi is pi; numbers in JSON are texts then.
    Where digits are lost in floating point the answer is the proved one, with a warning; --strict makes that an error.

    Example: adcalc grad "cos(x*y)+y" --at x=0,y=1

    Example: adcalc grad "x^2*y" --at x=3,y=2 --wrt x --mode forward --json

    Example: adcalc grad "cos(x*y)+y" --at x=pi/3,y=1/10 --digits 40

    JSON keys: expression, at, mode, value, gradient; where there are any, warnings; with --mode finite also
    error_estimate; with --trace also nodes, edges, steps, order, layers, held; with --enclosure also
    enclosure {value, gradient}
    """
    table = options.table(functions)
    asked = options.function(expression, file, table, max_operations)
    values = point(at or [], table)
    known = asked.inputs(values)
    chosen = names(wrt, known)
    if digits is not None or enclosure:
        from adcalc.cli.proved import gradient

        if trace:
            raise UsageError("--trace shows the work in floating point", hint="leave --digits or --trace out")
        return gradient(asked, values, digits, enclosure, json, wrt=chosen, mode=mode, at_kink=at_kink)
    result = asked.gradient(values, wrt=chosen, mode=mode, difference=difference, at_kink=at_kink)
    work = asked.trace(values, wrt=chosen, mode=mode) if trace else None
    shown = result.warnings if work is None else tuple(dict.fromkeys((*result.warnings, *work.warnings)))
    output.warn(shown, strict, json)
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
