"""`adcalc trace`: the work of forward or reverse mode, as tables or step by step."""

from typing import Annotated

import typer

from adcalc.cli import options, output
from adcalc.cli.point import names, point
from adcalc.errors import AdcalcError, Source, UsageError
from adcalc.syntax.point import parse_names

Mode = Annotated[str | None, typer.Option("--mode", "-m", metavar="MODE", help="forward or reverse (default: reverse)")]
Steps = Annotated[bool, typer.Option("--steps", help="a pair of tables for each step of the return sweep")]
Detail = Annotated[
    str | None,
    typer.Option("--detail", metavar="names|all", help="whether what the program names is one node, or is opened"),
]
Order = Annotated[str, typer.Option("--order", metavar="ORDER", help="creation, depth-first or layered")]
Checkpoints = Annotated[
    int | None,
    typer.Option(
        "--checkpoints",
        metavar="N",
        help="of how many layers of arrays --order layered keeps the values, the others being computed again [all]",
        min=0,
    ),
]
Seed = Annotated[
    str | None, typer.Option("--seed", metavar="SEED", help='a direction of forward mode: "x=1, y=0", "W=[[1], [0]]"')
]
Only = Annotated[str | None, typer.Option("--only", metavar="NAMES", help="these nodes and their neighbours alone")]
Depth = Annotated[int | None, typer.Option("--depth", metavar="N", help="nodes at most N edges from the result", min=0)]
Html = Annotated[
    str | None, typer.Option("--html", metavar="FILE", help="a page of both modes to step through in a browser")
]
As = Annotated[str | None, typer.Option("--as", metavar="program", help="the differential program, itself valid input")]


def trace(
    expression: options.Expression = None,
    file: options.File = None,
    at: options.At = None,
    wrt: options.Wrt = None,
    mode: Mode = None,
    steps: Steps = False,
    detail: Detail = None,
    order: Order = "creation",
    checkpoints: Checkpoints = None,
    seed: Seed = None,
    only: Only = None,
    depth: Depth = None,
    as_: As = None,
    html: Html = None,
    json: options.Json = False,
    functions: options.Functions = None,
    max_operations: options.MaximumOperations = options.MAXIMUM,
    strict: options.Strict = False,
) -> object:
    """Show the work of forward or reverse mode: nodes, edges and how the algorithm fills them.

    Example: adcalc trace "f(u, v) = u/2 + v; a = x^2; b = x^3; f(a, b)" --at x=0.5 --steps

    Example: adcalc trace "cos(x*y)+y" --at x=0,y=1 --mode forward

    Example: adcalc trace "Y = linear(X, W, B); L = sum(Y^2); L" --at "X=[[1, 2]], W=[[3], [4]], B=[5]"

    Example: adcalc trace "a = x*y; b = sin(x); z = a + b; z" --as program

    Example: adcalc trace "cos(x*y)+y" --at x=0,y=1 --html trace.html

    JSON keys: expression, at, mode, value, gradient, nodes, edges, steps, order, layers, held; of arrays also memory;
    with --as: program
    """
    table = options.table(functions)
    asked = options.function(expression, file, table, max_operations)
    values = point(at or [], table)
    seeds = asked.numbers(point([seed], table)) if seed is not None else None
    if as_ is not None:
        if as_ != "program":
            raise UsageError(f"there is no form '{as_}'", hint="--as program")
        made = asked.differential_program(values, seeds, mode or "forward", detail)
        if json:
            from adcalc.render.trace_json import program

            output.line(program(made))
        else:
            output.show([[(line, "")] for line in made.program.splitlines()])
        return made
    chosen = names(wrt, asked.inputs(values))
    nodes = None if only is None else [name for name, _ in parse_names(Source(only))]
    mode = mode or ("reverse" if seed is None else "forward")
    try:
        result = asked.trace(
            values,
            wrt=chosen,
            mode=mode,
            order=order,
            detail=detail,
            seed=seeds,
            only=nodes,
            depth=depth,
            checkpoints=checkpoints,
        )
    except AdcalcError as error:
        if error.work is not None and not json:
            from adcalc.render.trace import unfinished

            output.show(unfinished(error.work, output.width()))
        raise
    output.warn(result.warnings, strict, json)
    if html is not None:
        from adcalc.api.work.pages import trace_page

        output.save(html, trace_page(asked, values, chosen, mode, order, detail, seeds, nodes, depth, checkpoints))
    if json:
        from adcalc.render.trace_json import trace as as_json

        output.line(as_json(result))
    elif html is not None:
        output.show([[(f"{html}: {len(result.nodes)} nodes, {len(result.steps)} steps", "")]])
    else:
        from adcalc.render.trace import trace as blocks

        output.show(blocks(asked.text, result, output.width(), steps))
    return result
