"""`adcalc taylor`: the Taylor series of an expression in one variable."""

from typing import Annotated

import typer

from adcalc.cli import options, output
from adcalc.cli.point import names, point
from adcalc.errors import UsageError
from adcalc.results.taylor import Taylor

Order = Annotated[int, typer.Option("--order", "-n", metavar="N", help="the highest power, from 0 on")]
Wrt = Annotated[str | None, typer.Option("--wrt", "-w", metavar="NAME", help="the variable, where there are several")]


def taylor(
    expression: options.Expression = None,
    file: options.File = None,
    at: options.At = None,
    wrt: Wrt = None,
    order: Order = 5,
    digits: options.Digits = None,
    json: options.Json = False,
    functions: options.Functions = None,
    max_operations: options.MaximumOperations = options.MAXIMUM,
    strict: options.Strict = False,
) -> Taylor:
    """Print the Taylor series in one variable: the polynomial, its coefficients and the derivatives.

    Every printed digit is proved. The point is exact: x=0.1 is one tenth, and pi is π.

    Example: adcalc taylor "exp(sin(x))" --at x=0 --order 8

    Example: adcalc taylor "x^2*log(y)" --at x=3,y=1 --wrt y --digits 40 --json

    JSON keys: expression, at, order, coefficients, derivatives; null is a number beyond floats, see warnings
    """
    table = options.table(functions)
    asked = options.function(expression, file, table, max_operations)
    values = point(at or [], table)
    chosen = names(wrt, asked.inputs(values))
    if chosen is not None and len(chosen) > 1:
        raise UsageError("a series is in one variable", hint="grad --wrt x,x,y gives mixed partial derivatives")
    result = asked.taylor(values, order=order, wrt=chosen[0] if chosen else None, digits=digits)
    output.warn(result.warnings, strict, json)
    from adcalc.render import taylor as render

    if json:
        output.line(render.taylor_json(result))
    else:
        output.show(render.taylor(asked.text, result, output.width()))
    return result
