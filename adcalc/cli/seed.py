"""The seed of a product: a weight of the result, with its name or without, or a direction of the variables."""

import re
from collections.abc import Sequence
from typing import Any

from adcalc.cli.point import alone, point
from adcalc.errors import Place, Source, UsageError
from adcalc.rules.table import Table
from adcalc.syntax.point import Binding
from adcalc.syntax.unparse import quoted

_NAMED = re.compile(r"\s*(`[^`]*`|[^\W\d]\w*)\s*=(?!=)|\s*\Z")

_UNNAMED = re.compile(r"\s*[-\[\d.]")


def weight(text: str | None, table: Table) -> Any:
    """The weight of the result: a value, or a name with one.

    Raises UsageError where there is none, and what the language says of the text.

    >>> from adcalc.rules.table import standard
    >>> list(weight("Y=2", standard())), weight("[1, 0]", standard()).place.excerpt
    (['Y'], '[1, 0]')
    """
    if text is None or not text.strip():
        raise UsageError(
            "there is no seed", hint='give the weight of the result: --seed "[1, 0]" or --seed "Y=@dY.npy"'
        )
    if _NAMED.match(text):
        return point([text], table)
    return alone(text, "seed", table)


def direction(text: str | None, variables: Sequence[str], table: Table) -> dict[str, Binding]:
    """A direction of the variables. Raises UsageError where there is none, and what the language says of the text.

    >>> from adcalc.rules.table import standard
    >>> list(direction("x=1, y=0", ["x", "y"], standard()))
    ['x', 'y']
    """
    names = [quoted(name) for name in variables]
    example = ", ".join(f"{name}={int(name == names[0])}" for name in names[:2])
    hint = f'--seed "{example}" gives one; what it does not name is 0'
    if text is not None and text.strip():
        if _UNNAMED.match(text) and variables:
            raise UsageError("a direction names the variables that move", Place(Source(text), 0, len(text)), hint)
        return point([text], table)
    if not variables:
        raise UsageError("the expression has no variables, and so no direction", hint="eval gives its value")
    raise UsageError("there is no direction", hint=hint)
