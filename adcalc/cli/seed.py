"""The seed of a product: a weight of the result, with its name or without, or a direction of the variables."""

import re
from collections.abc import Mapping
from typing import Any

from adcalc.cli.point import point
from adcalc.errors import UsageError
from adcalc.rules.table import Table

_NAMED = re.compile(r"\s*(`[^`]*`|[^\W\d]\w*)\s*=(?!=)|\s*\Z")


def weight(text: str | None, table: Table) -> Any:
    """The weight of the result: a value, or a name with one.

    Raises UsageError where there is none, and what the language says of the text.

    >>> from adcalc.rules.table import standard
    >>> list(weight("Y=2", standard())), weight("[1, 0]", standard()).place.excerpt
    (['Y'], 'seed=[1, 0]')
    """
    if text is None or not text.strip():
        raise UsageError(
            "there is no seed", hint='give the weight of the result: --seed "[1, 0]" or --seed "Y=@dY.npy"'
        )
    if _NAMED.match(text):
        return point([text], table)
    return point([f"seed={text}"], table)["seed"]


def direction(text: str | None, table: Table) -> Mapping[str, Any]:
    """A direction of the variables. Raises UsageError where there is none, and what the language says of the text.

    >>> from adcalc.rules.table import standard
    >>> list(direction("x=1, y=0", standard()))
    ['x', 'y']
    """
    if text is None or not text.strip():
        raise UsageError("there is no seed", hint='give a direction of the variables: --seed "x=1, y=0"')
    return point([text], table)
