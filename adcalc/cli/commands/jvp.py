"""`adcalc jvp`: the slope of the result along a direction of the variables."""

from typing import Annotated

import typer

from adcalc.cli import options, output
from adcalc.cli.point import point
from adcalc.cli.seed import direction

Seed = Annotated[
    str | None,
    typer.Option("--seed", metavar="SEED", help='a direction of the variables: "x=1, y=0", "X=@dX.npy"'),
]


def jvp(
    expression: options.Expression = None,
    file: options.File = None,
    at: options.At = None,
    seed: Seed = None,
    json: options.Json = False,
    functions: options.Functions = None,
    max_operations: options.MaximumOperations = options.MAXIMUM,
    at_kink: options.AtKink = None,
    strict: options.Strict = False,
    digits: options.Digits = None,
    enclosure: options.Enclosure = False,
) -> object:
    """Print the product of the Jacobian with a direction: the slope of the result where the variables move along it.

    Variables that the seed does not name stay where they are. The answer has the shape of the result.
    With --digits or --enclosure point and seed are exact: x=0.1 is one tenth, x=pi is pi; numbers in JSON are texts.

    Example: adcalc jvp "[2x, x*y]" --at x=3,y=2 --seed "x=1, y=0"

    Example: adcalc jvp "exp(x*y)" --at x=1/3,y=pi --seed "x=1/3, y=sqrt(2)" --digits 30

    Example: adcalc jvp "A@x" --at "A=[[1,2],[3,4]], x=[1,1]" --seed "x=[1,0]" --json

    JSON keys: expression, at, value, jvp; with --enclosure also enclosure {value, jvp}
    """
    table = options.table(functions)
    asked = options.function(expression, file, table, max_operations)
    values = point(at or [], table)
    along = direction(seed, asked.inputs(values), table)
    if digits is not None or enclosure:
        from adcalc.cli import proved

        return proved.product("jvp", asked, values, digits, enclosure, json, along, at_kink=at_kink)
    result = asked.jvp(values, along, at_kink=at_kink)
    output.warn(result.warnings, strict, json)
    if json:
        from adcalc.render import json as json_format

        output.line(json_format.product(result))
    else:
        from adcalc.render.products import jvp as lines

        output.show(lines(asked.text, result, output.width))
    return result
