"""`adcalc propagate`: the error bars of a result, from those of its inputs."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final

import typer

from adcalc.cli import options, output
from adcalc.cli.point import spread
from adcalc.errors import Source, UsageError
from adcalc.results.propagation import Propagation
from adcalc.syntax.correlation import parse_correlation
from adcalc.syntax.point import Binding

At = Annotated[
    list[str] | None,
    typer.Option(
        "--at",
        "-a",
        metavar="POINT",
        help='values with standard uncertainties: "x=2.0±0.1, y=3.1+/-0.2, z=5" (z is exact)',
    ),
]
Correlations = Annotated[
    list[str] | None,
    typer.Option("--correlation", metavar="PAIR", help='the correlation of two inputs: "x,y=0.3"; may be repeated'),
]
Coverage = Annotated[
    float | None,
    typer.Option("--coverage", metavar="K", help="the expanded uncertainty, too: K times the standard one"),
]


_CONCISE: Final = re.compile(r"\w+\s*=\s*(-?\d+(?:\.(\d+))?)\((\d+)\)")  # 100.021(35), which is a product here
_TWO_SIGNS: Final = re.compile(r"(.*[^\s(,])\s*\+-\s*([\d.].*)", re.DOTALL)  # 2+-0.1, which is 2 - 0.1


def propagate(
    expression: options.Expression = None,
    file: options.File = None,
    at: At = None,
    correlation: Correlations = None,
    coverage: Coverage = None,
    json: options.Json = False,
    functions: options.Functions = None,
    max_operations: options.MaximumOperations = options.MAXIMUM,
    strict: options.Strict = False,
) -> Propagation:
    """Print a value with its combined standard uncertainty, and the share of each input in it.

    The uncertainty is that of the linear formula of JCGM 100:2008 (GUM), 5.1.2 and 5.2.2. What second and third
    derivatives add (note to 5.1.2, for normal distributions) is printed where it is more than a twentieth of the
    uncertainty. A share is what an input's own variance and half of its covariances make of the variance: all add up to
    1, and with correlations one may be negative. The interval is that of the result while every input is within its
    uncertainty, proved; it is no interval of confidence. Numbers are rounded as in GUM 7.2.6; JSON has all digits.

    Example: adcalc propagate "x^2*y" --at "x=2.0±0.1, y=3.1±0.2"

    Example: adcalc propagate "V/I" --at "V=4.999+/-0.0032, I=0.019661+/-9.5e-6" --correlation "V,I=-0.36" --coverage 2

    JSON keys: expression, at, value, uncertainty, contributions {variable: share}, second_order {shift, value,
    uncertainty, matters} or null, enclosure (low, high) or null, uncertainties, sensitivity; with --correlation also
    correlations; with --coverage also coverage, expanded
    """
    from adcalc.api.uncertainty.propagation import propagate as propagated

    table = options.table(functions)
    asked = options.function(expression, file, table, max_operations)
    values = spread(at or [], table)
    if any(not text.strip() for text in correlation or []):
        raise UsageError("--correlation names no variables", hint="write it x,y=0.3")
    pairs = [parse_correlation(Source(text), table, asked.inputs(values)) for text in correlation or []]
    result = propagated(asked, values, pairs, coverage)
    result = result._replace(warnings=(*_misread(values), *result.warnings))
    output.warn(result.warnings, strict, json)
    from adcalc.render import propagation as render

    if json:
        output.line(render.propagation_json(result))
    else:
        output.show(render.propagation(asked.text, result, output.width()))
    return result


def _misread(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Warnings about values that are written as if the digits in brackets, or those behind +-, were an uncertainty."""
    for name, value in values.items():
        written = value.place.excerpt
        signs = _TWO_SIGNS.fullmatch(written)
        if signs is not None and isinstance(value, Binding):
            meant = "±".join(signs.groups())
            yield "interpretation", f"{written} is read as a difference, and exact; an uncertainty is {meant}"
        found = _CONCISE.fullmatch(written)
        if found is not None:
            number, decimals, digits = found.groups()
            places = len(decimals or "")
            off = f"0.{digits.zfill(places)}" if places >= len(digits) else digits if not places else ""
            meant = f"{name}={number}±{off}" if off else f"{name}={number}±…"
            yield "interpretation", f"{found[0]} is read as a product, and exact; digits of uncertainty are {meant}"
