"""`adcalc functions`: the function table, or one function in full."""

from typing import Annotated

import typer

from adcalc.cli import options, output

Name = Annotated[str | None, typer.Argument(help="a function: its rule, dual number form, domain, definition, example")]


def functions(
    name: Name = None,
    json: options.Json = False,
    functions: options.Functions = None,
) -> None:
    """Print the function table; with a name, one function in full.

    Example: adcalc functions

    Example: adcalc functions sin

    JSON keys: functions, a list of objects with name, group, form, meaning, rule, dual, domain, definition, example
    """
    from adcalc.api.functions import rows

    found = rows(options.table(functions), name and name.removeprefix(options.MINUS_MARK))
    if json:
        from adcalc.render import json as json_format

        output.line(json_format.functions(found))
        return
    from adcalc.render import layout

    if name is None:
        output.show(layout.function_table(found))
    else:
        for row in found:
            output.show(layout.function_row(row))
