"""`adcalc eval`: the value of an expression."""

from adcalc.cli import options, output
from adcalc.cli.point import point


def eval(
    expression: options.Expression = None,
    file: options.File = None,
    at: options.At = None,
    json: options.Json = False,
    functions: options.Functions = None,
    max_operations: options.MaximumOperations = options.MAXIMUM,
    strict: options.Strict = False,
    digits: options.Digits = None,
    enclosure: options.Enclosure = False,
) -> object:
    """Print the value of an expression at a point.

    With --digits or --enclosure the point is exact: x=0.1 is one tenth, x=pi is pi; numbers in JSON are texts then.
    A value whose digits are lost in floating point is the proved one, with a warning; --strict makes that an error.

    Example: adcalc eval "sqrt(x^2 + y^2)" --at x=3,y=4

    Example: adcalc eval "(x - sin(x))/x^3" --at x=1e-10 --digits 50

    JSON keys: expression, at, value, and warnings where there are any; with --enclosure also enclosure [low, high]
    """
    table = options.table(functions)
    asked = options.function(expression, file, table, max_operations)
    values = point(at or [], table)
    if digits is not None or enclosure:
        from adcalc.cli.proved import value

        return value(asked, values, digits, enclosure, json)
    result = asked.evaluate(values)
    output.warn(result.warnings, strict, json)
    if json:
        from adcalc.render import json as json_format

        output.line(json_format.value(result))
    else:
        from adcalc.render import layout

        output.show(layout.value(asked.text, result))
    return result
