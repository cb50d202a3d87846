"""`adcalc jacobian`: the partial derivatives of every result at a point."""

from typing import Annotated

import typer

from adcalc.cli import options, output
from adcalc.cli.point import names, point

Mode = Annotated[
    str | None,
    typer.Option(
        "--mode", "-m", metavar="MODE", help="forward, reverse, symbolic or finite (default: the cheaper sweep)"
    ),
]


def jacobian(
    expression: options.Expression = None,
    file: options.File = None,
    at: options.At = None,
    wrt: options.Wrt = None,
    mode: Mode = None,
    difference: options.Difference = "richardson",
    json: options.Json = False,
    functions: options.Functions = None,
    max_operations: options.MaximumOperations = options.MAXIMUM,
    at_kink: options.AtKink = None,
    strict: options.Strict = False,
    digits: options.Digits = None,
    enclosure: options.Enclosure = False,
) -> object:
    """Print the Jacobian of a list or an array of results at a point: a row for each of them.

    Forward mode carries all directions in one sweep, reverse mode takes a sweep for each result; without --mode, it is
    the cheaper one. A single result has its gradient for a Jacobian.
    With --digits or --enclosure the point is exact: x=0.1 is one tenth, x=pi is pi; numbers in JSON are texts then, and
    the mode is reverse where none is named.

    Example: adcalc jacobian "[2*x^2, x*y]" --at x=1,y=2

    Example: adcalc jacobian "[2*sin(x), x*y]" --at x=pi/3,y=1/10 --digits 30

    Example: adcalc jacobian "A@x" --at "A=[[1,2],[3,4]], x=[1,1]" --wrt x --json

    JSON keys: expression, at, mode (what was used), value, jacobian (by variable, in the shape of the result and then
    of the variable); with --mode finite also error_estimate; with --enclosure also enclosure {value, jacobian}
    """
    table = options.table(functions)
    asked = options.function(expression, file, table, max_operations)
    values = point(at or [], table)
    chosen = names(wrt, asked.inputs(values))
    if digits is not None or enclosure:
        from adcalc.cli import proved

        return proved.jacobian(asked, values, digits, enclosure, json, chosen, mode, at_kink)
    result = asked.jacobian(values, wrt=chosen, mode=mode, difference=difference, at_kink=at_kink)
    output.warn(result.warnings, strict, json)
    if json:
        from adcalc.render import matrix_json

        output.line(matrix_json.jacobian(result))
    else:
        from adcalc.render import matrix

        output.show(matrix.jacobian(asked.text, result, output.width()))
    return result
