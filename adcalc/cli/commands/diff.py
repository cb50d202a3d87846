"""`adcalc diff`: derivatives as formulas."""

from typing import Annotated

import typer

from adcalc.cli import options, output
from adcalc.cli.point import names, point
from adcalc.errors import UsageError
from adcalc.render.layout import Words
from adcalc.results import Derivative

Order = Annotated[int, typer.Option("--order", "-n", metavar="N", help="differentiate N times by each variable", min=0)]
Format = Annotated[str, typer.Option("--format", metavar="FORMAT", help="text, latex or mathml")]
Stats = Annotated[bool, typer.Option("--stats", help="count operations: as a tree, as a shared graph, simplified")]
Implicit = Annotated[
    str | None, typer.Option("--implicit", metavar="NAME", help="the derivative of this variable along an equation")
]
Steps = Annotated[bool, typer.Option("--steps", help="show the derivation, rule by rule")]
_FORMATS = ("text", "latex", "mathml")


def diff(
    expression: options.Expression = None,
    file: options.File = None,
    at: options.At = None,
    wrt: options.Wrt = None,
    shape: options.Shape = None,
    order: Order = 1,
    mixed: options.Mixed = False,
    implicit: Implicit = None,
    format: Format = "text",
    steps: Steps = False,
    stats: Stats = False,
    json: options.Json = False,
    functions: options.Functions = None,
    max_operations: options.MaximumOperations = options.MAXIMUM,
    digits: options.Digits = None,
    strict: options.Strict = False,
) -> Derivative:
    """Print derivatives as formulas; with --at also their values, with --digits in proved digits at the exact point.

    A variable named twice in --wrt makes one mixed partial: --wrt x,x,y is ∂³/∂x²∂y. Where variables are vectors and
    matrices, --shape says which.

    Example: adcalc diff "x^x"

    Example: adcalc diff "sin(x*y)" --wrt x,x,y --at x=1,y=2

    Example: adcalc diff "x^2*sin(x)" --steps

    Example: adcalc diff "sum((X@w - t)^2)" --wrt w --shape "X=4x3, w=3, t=4"

    Example: adcalc diff "x^2 + y^2 = 25" --implicit y --order 2

    JSON keys: expression, at, order, derivatives; with --at also value, evaluated, and warnings where there are any;
    with --steps also steps; with --stats also stats
    """
    if format not in _FORMATS:
        raise UsageError(f"there is no format '{format}'", hint="text, latex or mathml")
    table = options.table(functions)
    values = point(at, table) if at else None
    if implicit is None:
        asked = options.function(expression, file, table, max_operations, shape)
        chosen = names(wrt, asked.inputs(values or ())) or ()
        if digits is None or values is None:  # formulas have no digits to prove
            result = asked.derivative(*chosen, order=order, mixed=mixed, point=values, operations=stats, steps=steps)
        else:
            from adcalc.api.proofs import proved

            result = proved.derivative(asked, values, digits, chosen, order, mixed, stats, steps)
    else:
        from adcalc.api.formulas.implicit import Equation

        if shape:
            raise UsageError("an equation is one of numbers", hint="leave out --shape, or --implicit")
        if digits is not None and values is not None:
            raise UsageError("along an equation no digits are proved", hint="leave --digits or --implicit out")
        if steps or stats:
            raise UsageError(
                "--steps and --stats are about derivatives by rules", hint="leave them out with --implicit"
            )
        asked = equation = Equation(options.source(expression, file), table, max_operations)
        chosen = names(wrt, equation.inputs(values or ())) or ()
        result = equation.implicit(implicit, *chosen, order=order, mixed=mixed, point=values)
    output.warn(result.warnings, strict, json)
    if json:
        from adcalc.render import json as json_format

        output.line(json_format.derivative(result, format))
    else:
        output.show(_drawn(asked.text, result, format))
    return result


def _drawn(text: str, result: Derivative, format: str) -> list[Words]:
    """The formulas, or how they are derived: what stands in the derivation already is not repeated."""
    from adcalc.render import layout

    formulas = layout.derivative(text, result, format, output.width)
    if not result.steps:
        return formulas
    from adcalc.render import derivation

    if format == "latex":
        return [[(line, "expression")] for one in result.steps for line in derivation.latex(one)]
    if format == "mathml":
        return [[(derivation.mathml(one), "expression")] for one in result.steps]
    drawn = derivation.derivation(result.steps, output.width())
    alone = len(result.steps) == 1 and result.value is None
    return [formulas[0], *drawn, *formulas[2 + len(result.named) if alone else 1 :]]
