"""`adcalc hvp`: the Hessian of an expression times a direction."""

from typing import Annotated

import typer

from adcalc.cli import options, output
from adcalc.cli.point import names, point
from adcalc.cli.seed import direction

Seed = Annotated[
    str | None, typer.Option("--seed", metavar="SEED", help='the direction: "x=1, y=0"; what is not named is 0')
]


def hvp(
    expression: options.Expression = None,
    file: options.File = None,
    at: options.At = None,
    seed: Seed = None,
    wrt: options.Wrt = None,
    mode: options.Mode = "reverse",
    difference: options.Difference = "richardson",
    json: options.Json = False,
    functions: options.Functions = None,
    max_operations: options.MaximumOperations = options.MAXIMUM,
    strict: options.Strict = False,
    digits: options.Digits = None,
    enclosure: options.Enclosure = False,
) -> object:
    """Print the product of the Hessian with a direction, without the matrix: the gradient, pushed along it.

    With --digits or --enclosure point and seed are exact: x=0.1 is one tenth, x=pi is pi; numbers in JSON are texts.

    Example: adcalc hvp "x^2*y" --at x=1,y=2 --seed "x=1, y=0"

    Example: adcalc hvp "exp(x*y)" --at x=1/3,y=pi --seed "x=1/3" --digits 30

    Example: adcalc hvp "sum((A@x)^2)" --at "A=[[1,2],[3,4]], x=[1,1]" --wrt x --seed "x=[1,0]"

    JSON keys: expression, at, mode, seed, value, hvp (by variable, in its shape); with --mode finite also
    error_estimate; with --enclosure also enclosure {value, hvp}
    """
    table = options.table(functions)
    asked = options.function(expression, file, table, max_operations)
    values = point(at or [], table)
    chosen = names(wrt, asked.inputs(values))
    along = direction(seed, asked.inputs(values), table)
    if digits is not None or enclosure:
        from adcalc.cli import proved

        return proved.product("hvp", asked, values, digits, enclosure, json, along, wrt=chosen, mode=mode)
    result = asked.hvp(values, along, wrt=chosen, mode=mode, difference=difference)
    output.warn(result.warnings, strict, json)
    if json:
        from adcalc.render import matrix_json

        output.line(matrix_json.hvp(result))
    else:
        from adcalc.render import matrix

        output.show(matrix.hvp(asked.text, result, output.width))
    return result
