"""`adcalc compare`: all modes of differentiation side by side."""

from typing import Annotated

import typer

from adcalc.cli import options, output
from adcalc.cli.commands.check import ClaimFile, Claims, claims
from adcalc.cli.point import names, point
from adcalc.cli.shapes import shapes
from adcalc.errors import UsageError
from adcalc.results.array_comparison import ArrayComparison

Order = Annotated[int, typer.Option("--order", "-n", metavar="N", help="compare Nth derivatives by each variable")]
SweepStep = Annotated[
    bool, typer.Option("--sweep-step", help="the error of finite differences against their step, as a curve")
]
Out = Annotated[
    str | None, typer.Option("--out", metavar="FILE", help="with --sweep-step: a picture, FILE.svg or .png")
]
Growth = Annotated[bool, typer.Option("--growth", help="how each method's cost grows along any expression")]

Digits = Annotated[int, typer.Option("--digits", metavar="N", help="proved digits of the reference", min=1)]


def compare(
    expression: options.Expression = None,
    file: options.File = None,
    at: options.At = None,
    shape: options.Shape = None,
    wrt: options.Wrt = None,
    claim: Claims = None,
    claim_file: ClaimFile = None,
    order: Order = 1,
    growth: Growth = False,
    sweep_step: SweepStep = False,
    out: Out = None,
    json: options.Json = False,
    functions: options.Functions = None,
    max_operations: options.MaximumOperations = options.MAXIMUM,
    digits: Digits = 50,
) -> object:
    """Compare forward, reverse and symbolic mode with finite differences: errors, operations, time.

    Errors are against 50 proved digits, or those of --digits, at the floats that the modes get; operations are counted.
    --sweep-step is by the first variable of --wrt.

    Example: adcalc compare "cos(x*y)+y" --at x=0.5,y=1

    Example: adcalc compare "exp(sin(x))" --at x=1 --order 5

    Example: adcalc compare "sin(x)" --at x=1 --sweep-step --out error.svg

    Over arrays errors are the largest of all elements: against proved digits, of large arrays against longer floats.

    --claim sets closed forms, as check reads them, beside the graph: how far they agree, passes over memory, time.

    A pass is as many elements read or written as the largest array has. --shape alone draws numbers at random.

    Example: adcalc compare "X@W + B" --shape "X=256x512, W=512x256, B=256" --claim "W: X.T@g"

    JSON keys: expression, at, order, value, reference, methods, operations, formulas, growth, laws; bound, warnings;
    without reference: reason, spread; with --sweep-step: sweep; over arrays shapes, reference_by, drawn, claims
    {variable: {claim, difference, share}} for formulas, growth, laws, bound
    """
    if out is not None:
        from adcalc.render.picture import figure_class, suffix

        if not sweep_step:
            raise UsageError("--out is for the picture of a step sweep", hint="add --sweep-step")
        format = suffix(out)
        figure_class()
    table = options.table(functions)
    asked = options.function(expression, file, table, max_operations)
    values = point(at or [], table)
    chosen = names(wrt, asked.inputs(values))
    stated = claims(claim or [], claim_file)
    said = shapes(shape or [])
    result = asked.compare(
        values, wrt=chosen, order=order, growth=growth, sweep=sweep_step, digits=digits, claims=stated, shapes=said
    )
    output.warn(result.warnings, False, json)
    if isinstance(result, ArrayComparison):
        _show_arrays(asked.text, result, json)
        return result
    if out is not None and result.sweep is not None:
        from adcalc.render.picture import picture

        output.save(out, picture(asked.text, result.sweep, format))
    if json:
        from adcalc.render.comparison_json import comparison as as_json

        output.line(as_json(result))
    elif result.sweep is not None:
        from adcalc.render.comparison import head
        from adcalc.render.step_sweep import step_sweep

        output.show(
            [
                head(asked.text, result, output.width()),
                [],
                *step_sweep(result.sweep, output.width(), not output.has_braille()),
            ]
        )
    else:
        from adcalc.render.comparison import comparison

        output.show(comparison(asked.text, result, output.width(), growth))
    return result


def _show_arrays(text: str, result: ArrayComparison, as_json: bool) -> None:
    if as_json:
        from adcalc.render.array_comparison_json import comparison as line

        output.line(line(result))
    else:
        from adcalc.render.array_comparison import comparison

        output.show(comparison(text, result, output.width()))
