"""`adcalc hessian`: the second derivatives of an expression at a point."""

from typing import Annotated

import typer

from adcalc.cli import options, output
from adcalc.cli.point import names, point

Sparse = Annotated[bool, typer.Option("--sparse", help="only the entries that can be other than 0: row, column, value")]


def hessian(
    expression: options.Expression = None,
    file: options.File = None,
    at: options.At = None,
    wrt: options.Wrt = None,
    mode: options.Mode = "reverse",
    difference: options.Difference = "richardson",
    sparse: Sparse = False,
    json: options.Json = False,
    functions: options.Functions = None,
    max_operations: options.MaximumOperations = options.MAXIMUM,
    strict: options.Strict = False,
    digits: options.Digits = None,
    enclosure: options.Enclosure = False,
) -> object:
    """Print the Hessian of an expression at a point: the symmetric matrix of second derivatives.

    It is forward over reverse. Which entries can be other than 0 is seen from the graph; variables whose columns do not
    meet share a sweep. --mode says how the gradient is made; with finite, its differences are taken.
    With --digits or --enclosure the point is exact: x=0.1 is one tenth, x=pi is pi; numbers in JSON are texts then.

    Example: adcalc hessian "x^2*y + sin(y)" --at x=1,y=2

    Example: adcalc hessian "exp(x*y)" --at x=1/3,y=pi --digits 30

    Example: adcalc hessian "sum((x[1:] - x[:-1]^2)^2)" --at "x=ones(1000)" --sparse --json

    JSON keys: expression, at, mode, value, gradient, hessian (by two variables, in the shape of both), colours; with
    --sparse names, rows, columns and values (both of each pair) for hessian; with --mode finite also error_estimate;
    with --enclosure also enclosure {value, gradient, hessian or values}
    """
    table = options.table(functions)
    asked = options.function(expression, file, table, max_operations)
    values = point(at or [], table)
    chosen = names(wrt, asked.inputs(values))
    if digits is not None or enclosure:
        from adcalc.cli import proved

        return proved.hessian(asked, values, digits, enclosure, json, chosen, mode, sparse)
    result = asked.hessian(values, wrt=chosen, mode=mode, difference=difference)
    output.warn(result.warnings, strict, json)
    if json:
        from adcalc.render import matrix_json

        output.line(matrix_json.hessian(result, sparse))
    else:
        from adcalc.render import matrix

        output.show(matrix.hessian(asked.text, result, output.width(), sparse))
    return result
