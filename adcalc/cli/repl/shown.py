"""A value of the session as it is shown: a number, or an array, whole or in few words."""

from typing import TYPE_CHECKING, Any

from adcalc.cli import output
from adcalc.syntax.number import short

if TYPE_CHECKING:
    from adcalc.render.layout import Words


def shown(head: "Words", value: Any) -> "list[Words]":
    """The lines of a value behind its name.

    >>> shown([("x", "name")], 0.5)
    [[('x', 'name'), (' = ', 'quiet'), ('0.5', 'value')]]
    """
    from adcalc.render.layout import valued

    return valued(head, value, output.width)


def brief(value: Any, room: int = 24) -> str:
    """A value in one short line: a large array by its shape alone.

    >>> brief(-2.0)
    '-2'
    """
    if isinstance(value, float | int):
        return short(float(value))
    from adcalc.render.array import drawn, inline

    whole = inline(value, room)
    return f"({drawn(value, room).note.partition(',')[0]})" if whole is None else whole
