"""`adcalc vjp`: what a weight of the result hands back to the variables."""

from typing import Annotated

import typer

from adcalc.cli import options, output
from adcalc.cli.point import names, point
from adcalc.cli.seed import weight

Seed = Annotated[
    str | None,
    typer.Option("--seed", metavar="SEED", help='the weight of the result: "[1, 0]", "Y=[[1, 2]]", "Y=@dY.npy", "1"'),
]


def vjp(
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
    at_kink: options.AtKink = None,
    strict: options.Strict = False,
    digits: options.Digits = None,
    enclosure: options.Enclosure = False,
) -> object:
    """Print the product of a weight of the result with the Jacobian: the return sweep of a layer, without its loss.

    The weight has the shape of the result, or is one number for every element; it may be named as the result is.

    The answer is the gradient of the sum of all elements, each times its weight: in each variable's own shape.
    With --digits or --enclosure point and seed are exact: x=0.1 is one tenth, x=pi is pi; numbers in JSON are texts.

    Example: adcalc vjp "[2x, x*y]" --at x=3,y=2 --seed "[1, 0]"

    Example: adcalc vjp "[2*exp(x), x*y]" --at x=1/3,y=pi --seed "[1/3, 1]" --digits 30

    Example: adcalc vjp "linear(X, W, B)" --at "X=[[1,2]], W=[[3],[4]], B=[5]" --seed "Y=[[1]]"

    JSON keys: expression, at, value, vjp; with --mode finite also error_estimate; with --enclosure also enclosure
    {value, vjp}
    """
    table = options.table(functions)
    asked = options.function(expression, file, table, max_operations)
    values = point(at or [], table)
    chosen = names(wrt, asked.inputs(values))
    given = weight(seed, table)
    if digits is not None or enclosure:
        from adcalc.cli import proved

        more = {"wrt": chosen, "mode": mode, "at_kink": at_kink}
        return proved.product("vjp", asked, values, digits, enclosure, json, given, **more)
    result = asked.vjp(values, given, wrt=chosen, mode=mode, difference=difference, at_kink=at_kink)
    output.warn(result.warnings, strict, json)
    if json:
        from adcalc.render import json as json_format

        output.line(json_format.product(result))
    else:
        from adcalc.render.products import vjp as lines

        output.show(lines(asked.text, result, output.width))
    return result
