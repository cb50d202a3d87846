"""What a session does where digits are in force: values are kept as they were written, so that none of them is lost.

A variable's value is a constant expression, and so is that of an expression of variables: with their texts in the
places of their names. Where that would become too long, or there are functions of the session in it, a value that is a
fraction is kept as that, and any other is rounded to the digits that were printed.
"""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from adcalc.cli.repl.store import Held
from adcalc.errors import AdcalcError, NumberOverflowError
from adcalc.syntax.code import inner
from adcalc.syntax.number import short
from adcalc.syntax.point import parse_constant

if TYPE_CHECKING:
    from adcalc.api import Function
    from adcalc.cli.repl.session import Session
    from adcalc.results.proved import ProvedValue

_LONGEST: Final = 500  # characters of a constant expression


def in_force(session: "Session") -> int:
    """The digits that are in force; 0 where answers are floats.

    >>> from adcalc.cli.repl.session import Session
    >>> in_force(Session())
    0
    """
    return int(session.settings.get("digits", 0))


def inlined(session: "Session", text: str) -> str | None:
    """An expression with the session's values in the places of their names; None where that is no constant expression.

    >>> from adcalc.cli.repl.session import Session
    >>> session = Session()
    >>> session.answer("x = sqrt(2)")
    >>> inlined(session, "x^2/3")
    '(sqrt(2))^2/3'
    """
    read, store = session.reader.text(text), session.store
    if not read.calls.isdisjoint(store.functions):
        return None
    texts = {name: held.text for name, held in store.values.items()}
    if isinstance(store.answer, str | float):
        texts["ans"] = str(store.answer)
    parts, end = [], 0
    for operation, operand, (start, stop) in read.code.block:
        if inner(operation, operand):
            return None  # it has names of its own
        if operation == "name" and operand in texts:
            parts += [text[end:start], f"({texts[operand]})"]
            end = stop
    whole = "".join([*parts, text[end:]])
    if len(whole) > _LONGEST:
        return None
    try:
        parse_constant(whole, session.table)
    except AdcalcError:
        return None
    return whole


def asked(session: "Session", function: "Function", names: Sequence[str]) -> "ProvedValue":
    """The value of a function at the session's values, in the digits that are in force.

    >>> from adcalc.api import function
    >>> from adcalc.cli.repl.session import Session
    >>> session = Session()
    >>> session.settings["digits"] = "5"
    >>> asked(session, function("2/3"), ()).value
    '0.66667'
    """
    from adcalc.api.proofs import proved

    values = session.store.values
    point = {name: values[name].text or values[name].number for name in names if name in values}
    return proved.value(function, point, in_force(session))


def is_short(text: str) -> bool:
    """Whether a text is there that is read again with each question, so that what it says is exact.

    >>> is_short("[1, 1/3]"), is_short("")
    (True, False)
    """
    return 0 < len(text) <= _LONGEST


def has_arrays(session: "Session", names: Sequence[str]) -> bool:
    """Whether one of these names has an array as its value.

    >>> from adcalc.cli.repl.session import Session
    >>> has_arrays(Session(), ["x"])
    False
    """
    values = session.store.values
    return any(not isinstance(values[name].number, float) for name in names if name in values)


def held(text: str) -> Held:
    """A value by its text, which is a decimal or a fraction. Raises NumberOverflowError beyond floating point.

    >>> held("1/4")
    Held(text='1/4', number=0.25)
    """
    above, _, below = text.partition("/")
    number = float(above) / float(below or 1)
    if abs(number) > sys.float_info.max:
        raise NumberOverflowError("the value is beyond the range of floating point")
    return Held(text, number)


def shown(session: "Session", value: Held) -> str:
    """A value for a person: in the digits that are in force, where it has them.

    >>> from adcalc.cli.repl.session import Session
    >>> session = Session()
    >>> shown(session, Held("2/3", 2 / 3))
    '0.6666666666666666'
    >>> session.settings["digits"] = "5"
    >>> shown(session, Held("2/3", 2 / 3))
    '0.66667'
    """
    if in_force(session) and isinstance(value.number, float):
        from adcalc.api import Function
        from adcalc.api.proofs import proved
        from adcalc.errors import Source

        try:
            digits = proved.value(Function(Source(value.text), session.table), {}, in_force(session)).value
        except AdcalcError:
            digits = None
        if isinstance(digits, str):
            return digits
    return short(value.number)


def told(session: "Session", value: Held) -> float | str:
    """A value for a program: a number, or a text where digits are in force.

    >>> from adcalc.cli.repl.session import Session
    >>> told(Session(), Held("2", 2.0))
    2.0
    """
    return shown(session, value) if in_force(session) and isinstance(value.number, float) else value.number
