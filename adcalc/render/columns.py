"""The columns of a plot, for other programs: as CSV, and as what its JSON has."""

import csv
from io import StringIO
from typing import Any

from adcalc.results.plot import Plot, Spot

KEYS = ("expression", "at", "mode", "f", "error", "places", "warnings")  # no variable's column is called so


def columns(result: Plot) -> dict[str, list[float | None]]:
    """The numbers of the variable, of the value `f` and of the derivative `df_dx`, None where there is none.

    The column of a variable that is called like another one of these or like a key of the JSON has quotes: `` `f` ``.

    >>> from adcalc.results.plot import Sample
    >>> columns(Plot("x", {}, "x", 0.0, 1.0, "reverse", "x", (Sample(0.0, 0.0, 1.0), Sample(1.0, 1.0, None))))
    {'x': [0.0, 1.0], 'f': [0.0, 1.0], 'df_dx': [1.0, None]}
    """
    slope = f"df_d{result.wrt}"
    name = f"`{result.variable}`" if result.variable in (*KEYS, slope) else result.variable
    return {
        name: [sample.at for sample in result.samples],
        "f": [sample.value for sample in result.samples],
        slope: [sample.slope for sample in result.samples],
    }


def record(result: Plot) -> dict[str, Any]:
    """What the JSON of a plot has: expression, at, mode, the columns, places.

    >>> record(Plot("x", {}, "x", 0.0, 1.0, "reverse", "x", ()))["at"]
    {'x': [0.0, 1.0]}
    """
    at = {result.variable: [result.low, result.high], **result.at}
    keys: dict[str, Any] = {"expression": result.expression, "at": at, "mode": result.mode}
    return keys | columns(result) | {"places": [place(spot) for spot in result.spots]}


def place(spot: Spot) -> dict[str, Any]:
    """Where something is missing: what, from, to, kind, message; left and right where the two sides differ.

    >>> place(Spot("no value", 0.0, 0.0, "domain", "1/x has no value"))
    {'what': 'no value', 'from': 0.0, 'to': 0.0, 'kind': 'domain', 'message': '1/x has no value'}
    """
    keys = {"what": spot.what, "from": spot.low, "to": spot.high, "kind": spot.kind, "message": spot.message}
    return keys if spot.sides is None else keys | {"left": spot.sides[0], "right": spot.sides[1]}


def table(result: Plot) -> str:
    """The columns as CSV, with the reason where a number is missing in the column `error`.

    >>> from adcalc.results.plot import Sample
    >>> print(table(Plot("x", {}, "x", 0.0, 1.0, "reverse", "x", (Sample(0.0, None, None, "no"),))), end="")
    x,f,df_dx,error
    0.0,,,no
    """
    found = columns(result)
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*found, "error"])
    for row, sample in zip(zip(*found.values(), strict=True), result.samples, strict=True):
        writer.writerow([*("" if number is None else repr(number) for number in row), sample.problem])
    return text.getvalue()
