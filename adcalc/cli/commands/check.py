"""`adcalc check`: is a derivative that somebody wrote right?"""

from typing import Annotated

import typer

from adcalc.cli import options, output
from adcalc.cli.point import point
from adcalc.cli.shapes import shapes
from adcalc.errors import Place, Source, UsageError
from adcalc.syntax.notation import read_text

Claims = Annotated[
    list[str] | None,
    typer.Option(
        "--claim", metavar="CLAIM", help='"x: 2*x*y" says what the derivative by x is, "x, y: 2*x" the mixed one'
    ),
]
ClaimFile = Annotated[
    str | None,
    typer.Option("--claim-file", metavar="PATH", help="read claims from a file, one a line; # begins a comment"),
]

_ONE_A_LINE = "write one a line: x: 2*x"


def check(
    expression: options.Expression = None,
    file: options.File = None,
    claim: Claims = None,
    claim_file: ClaimFile = None,
    at: options.At = None,
    shape: options.Shape = None,
    json: options.Json = False,
    functions: options.Functions = None,
    max_operations: options.MaximumOperations = options.MAXIMUM,
    digits: options.Digits = None,
    enclosure: options.Enclosure = False,
) -> None:
    """Say whether claimed derivatives are right, and what shows it: exit 0 where all are, 1 where one is not.

    With --digits or --enclosure they are compared in so many digits instead of 50, and the point is exact: x=0.1 is one
    tenth; numbers in JSON are texts then.

    Of an array result with the weight g, in its shape, a claim is what g hands back: the gradient of sum(g*result).

    Example: adcalc check "cos(x*y)+y" --claim "x: -y*sin(x*y)" --claim "y: 1 - x*sin(x*y)"

    Example: adcalc check "exp(x^2)" --claim "x: 2*x*exp(x^2)" --at x=1/3 --digits 100

    Example: adcalc check "X@W + B" --shape "X=4x3, W=3x2, B=2" --claim "W: X.T@g" --claim "B: sum(g, axis=0)"

    JSON keys: expression, at, claims {variable: {holds, evidence, claim, formula}}; with a point also point,
    derivative, claimed; with --enclosure also enclosure {derivative, claimed}
    """
    table = options.table(functions)
    asked = options.function(expression, file, table, max_operations)
    stated = claims(claim or [], claim_file)
    if not stated:
        where = "" if claim_file is None else f" in {claim_file}"
        raise UsageError(f"there is no claim{where}", hint='give one: --claim "x: 2*x"' if not where else _ONE_A_LINE)
    if enclosure and digits is None:
        from adcalc.api.proofs.proved import ENCLOSED

        digits = ENCLOSED
    result = asked.check(stated, point(at, table) if at else None, shapes(shape or []), digits, enclosure)
    if json:
        from adcalc.render import json as json_format

        output.line(json_format.check(result))
    else:
        from adcalc.render.check import check as lines

        held = lines(result)
        if held:
            output.show(held)
    if not result.holds:
        from adcalc.api.checks.checking import refutations

        first, *further = refutations(result)
        if not json:
            for error in (first, *further)[:-1]:
                output.problem(error, False)
            first = (first, *further)[-1]
        raise first


def claims(texts: list[str], path: str | None) -> list[Place]:
    """The claims of the command line and of a file, each where it stands.

    >>> [place.excerpt for place in claims(["x: 2*x"], None)]
    ['x: 2*x']
    """
    found = [Place(Source(text), 0, len(text)) for text in texts]
    if path is not None:
        source = Source(read_text(path), path)
        start = 0
        for line in source.text.split("\n"):
            if line.strip() and not line.lstrip().startswith("#"):
                found.append(Place(source, start, start + len(line)))
            start += len(line) + 1
    return found
