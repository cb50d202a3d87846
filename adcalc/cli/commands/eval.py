"""`adcalc eval`: the value of an expression."""

from adcalc.cli import options, output
from adcalc.cli.point import has_interval, spread


def eval(
    expression: options.Expression = None,
    file: options.File = None,
    at: options.At = None,
    json: options.Json = False,
    out: options.Out = None,
    functions: options.Functions = None,
    max_operations: options.MaximumOperations = options.MAXIMUM,
    strict: options.Strict = False,
    digits: options.Digits = None,
    enclosure: options.Enclosure = False,
) -> object:
    """Print the value of an expression at a point.

    With --digits or --enclosure the point is exact: x=0.1 is one tenth, x=pi is pi; numbers in JSON are texts then.
    A value may be an interval, "x=[1.9 .. 2.1]" or "x=2±0.1" (2+/-0.1): the answer is then its enclosure for all
    numbers of it, with --digits N in N digits.
    A value whose digits are lost in floating point is the proved one, with a warning; --strict makes that an error.

    Example: adcalc eval "sqrt(x^2 + y^2)" --at x=3,y=4

    Example: adcalc eval "(x - sin(x))/x^3" --at x=1e-10 --digits 50

    Example: adcalc eval "x^2 - x" --at "x=[0 .. 1]"

    Example: adcalc eval "A@x" --at "A=[[1, 2], [3, 4]], x=[1, 1]"

    JSON keys: expression, at, value, and warnings where there are any; with --enclosure or an interval also enclosure
    (low, high); at has (low, high) of an interval, and value is null where it has no digits
    """
    if out is not None:
        from adcalc.cli import saving

        saving.require(out)
    table = options.table(functions)
    asked = options.function(expression, file, table, max_operations)
    values = spread(at or [], table)
    if digits is not None or enclosure or has_interval(values):
        if out is not None:
            saving.refuse_digits()
        from adcalc.cli.proved import value

        return value(asked, values, digits, enclosure, json)
    result = asked.evaluate(values)
    output.warn(result.warnings, strict, json)
    if out is not None:
        saving.value(out, result)
    if json:
        from adcalc.render import json as json_format

        output.line(json_format.value(result))
    else:
        from adcalc.render import layout

        output.show(layout.value(asked.text, result, output.width))
    return result
