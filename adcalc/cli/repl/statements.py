"""What statements at the prompt do: values are bound as they are now, functions defined, expressions evaluated."""

import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from adcalc.cli import options, output
from adcalc.cli.repl import exactly
from adcalc.cli.repl.command import command
from adcalc.cli.repl.request import Part
from adcalc.cli.repl.shown import shown
from adcalc.cli.repl.store import Function, Held, is_reserved
from adcalc.errors import AdcalcSyntaxError, Place, ShapeError, Source, UnboundVariableError, UsageError
from adcalc.syntax.code import Block, Definition, Span, called, inner
from adcalc.syntax.unparse import quoted

if TYPE_CHECKING:
    from adcalc.api import Function as Asked
    from adcalc.cli.repl.session import Session

_FILE: Final = re.compile(r"\s*(?:(?:`[^`\n]+`|[^\W\d]\w*)\s*=\s*)?@(?:\"[^\"\n]+\"|[^\s,;]+)\s*")
_NUMERAL: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]{1,3})?")
_STATEMENTS: Final = frozenset({"assign", "define", "result", "repeat", "for", "while", "branch"})


def run_statements(session: "Session", entry: str) -> bool:
    """Carry out the statements of an entry, one after the other; whether one of them asked for a value.

    >>> from adcalc.cli.repl.session import Session
    >>> run_statements(Session(), "f(u) = u^2; y = f(3); y + 1")
    y + 1 = 10
    True
    """
    bound: dict[str, Any] = {}
    if _FILE.fullmatch(entry):
        _read_file(session, entry, bound)
        _tell(session, bound, [])
        return False
    block = session.reader.text(entry).code.block
    defined: list[str] = []
    begin = 0
    asked = False
    for number, (operation, operand, span) in enumerate(block):
        if operation not in _STATEMENTS:
            continue
        if operation == "assign":
            bound[operand] = _assign(session, operand, entry, span)
        elif operation == "define":
            _define(session, operand, entry[slice(*span)])
            defined.append(operand.name)
        elif operation == "result":
            if number + 1 < len(block):
                raise AdcalcSyntaxError(
                    "nobody uses the value of this expression",
                    Place(Source(entry), *span),
                    "name it with '=', or give it a line of its own",
                )
            asked = True
            session.last = entry
            _evaluate(session, Part(entry[slice(*span)], span[0]))
        else:
            bound |= _block(session, block[begin : number + 1], entry, span)
        begin = number + 1
    for name in defined:
        _validate(session, name)
    if not asked:
        _tell(session, bound, defined)
    return asked


def _evaluate(session: "Session", expression: Part) -> None:
    """What `eval` does with an expression."""
    asked = command("eval")
    parameters = session.parameters(asked)
    text = exactly.inlined(session, expression.text) if exactly.in_force(session) else None
    session.call(asked, parameters, expression, [], text=text)


def _read_file(session: "Session", entry: str, bound: dict[str, Any]) -> None:
    """Bind what a file holds: `X = @w.npy`, or all of it: `@all.npz`."""
    from adcalc.cli.point import point

    whole = entry.strip()
    begin = entry.index(whole)
    session.reader.typed(whole, begin)
    values = point([whole], session.table)
    for name in values:
        _require_free(name, entry, (begin, begin + len(whole)))
    asked = session.reader.function("0", 0, session.table, options.MAXIMUM)
    for name, number in asked.numbers(values).items():
        session.store.bind(name, _held(number))
        bound[name] = number


def _held(number: Any) -> Held:
    """A value that no text says exactly."""
    return Held(repr(number) if isinstance(number, float) else "", number)


def _assign(session: "Session", name: str, entry: str, span: Span) -> Any:
    _require_free(name, entry, span)
    text = entry[slice(*span)]
    right = text.partition("=")[2]
    start = span[0] + len(text) - len(right.lstrip())
    value = _value(session, right.strip(), start)
    session.store.bind(name, value)
    return exactly.told(session, value)


def _value(session: "Session", text: str, start: int) -> Held:
    """The value of an expression now. Where no name of the session is in it, its text is kept, which is exact."""
    if _NUMERAL.fullmatch(text) and abs(plain := float(text)) <= sys.float_info.max:
        return Held(text, plain)  # what a program sends, thousands a second
    read = session.reader.text(text)
    values = session.store.values
    function = session.reader.function(text, start, session.table, options.MAXIMUM)
    names = function.inputs(values)
    if exactly.in_force(session):
        held = _exact_value(session, text, function, names)
        if held is not None:
            return held
    number: Any = _numbers(session, function, names)
    is_exact = not names and not read.calls & session.store.functions.keys() and function.code is read.code
    if isinstance(number, tuple):
        from numpy import array

        number = array(number)
    return Held(text, number) if is_exact else _held(number)


def _numbers(session: "Session", function: "Asked", names: Sequence[str]) -> Any:
    """The value of a function at the session's values, whose warnings are told."""
    found = function.evaluate(session.store.point(names))
    output.warn(found.warnings, bool(session.settings.get("strict")), session.json)
    return found.value


def _exact_value(session: "Session", text: str, function: "Asked", names: Sequence[str]) -> Held | None:
    """The value of an expression now, where digits are in force: its text, or a fraction, or else the digits.

    Arrays are kept as floats: None.
    """
    if exactly.has_arrays(session, names):
        return None
    result = exactly.asked(session, function, names)
    found = result.remembered[0]
    if not isinstance(found, str):
        return None
    value = exactly.held(found)
    return value if result.exact[0] is not None else value._replace(text=exactly.inlined(session, text) or found)


def _define(session: "Session", definition: Definition, text: str) -> None:
    session.store.define(definition.name, Function(text, definition.parameters, frozenset(called(definition.body))))


def _validate(session: "Session", name: str) -> None:
    """Read a call of a function that was just defined, so that a mistake in its body is found now."""
    function = session.store.functions[name]
    call = f"{name}({', '.join(map(quoted, function.parameters))})"
    session.reader.function(call, 0, session.table, options.MAXIMUM)


def _block(session: "Session", block: Block, entry: str, span: Span) -> dict[str, Any]:
    """What a loop or a choice leaves in the names that it assigns."""
    text = entry[slice(*span)]
    names = _assigned(block)
    for name in names:
        _require_free(name, entry, span)
    found: dict[str, Held] = {}
    while names:
        program = f"{text}\n[{', '.join(map(quoted, names))}]"
        function = session.reader.function(program, span[0], session.table, options.MAXIMUM)
        try:
            values = _values(session, function, function.inputs(session.store.values))
        except ShapeError:
            if len(names) == 1:
                raise
            for name in names:  # one after the other, since they do not fit into a list
                alone = session.reader.function(f"{text}\n{quoted(name)}", span[0], session.table, options.MAXIMUM)
                found[name] = _held(alone.value(session.store.point(alone.inputs(session.store.values))))
            break
        except UnboundVariableError as error:
            unbound = [name for name in names if error.message == f"'{name}' has no value"]
            if not unbound or unbound[0] in session.reader.text(text).names:
                raise
            names.remove(unbound[0])  # the way that was taken gives it no value, or it is a loop's index
            continue
        found = dict(zip(names, values, strict=True))
        break
    for name, value in found.items():
        session.store.bind(name, value)
    exact = exactly.in_force(session)
    return {
        name: exactly.shown(session, value) if exact and isinstance(value.number, float) else value.number
        for name, value in found.items()
    }


def _values(session: "Session", function: "Asked", names: Sequence[str]) -> list[Held]:
    """The values of a list, as they are kept."""
    if exactly.in_force(session) and not exactly.has_arrays(session, names):
        texts = exactly.asked(session, function, names).remembered[0]
        if isinstance(texts, tuple):
            return [exactly.held(text) for text in texts]
    numbers: Any = _numbers(session, function, names)
    return [_held(one if getattr(one, "ndim", 0) else float(one)) for one in numbers]


def _assigned(block: Block) -> list[str]:
    """The names that statements assign, in the order of the text."""
    names: list[str] = []
    waiting = [block]
    while waiting:
        for operation, operand, _ in waiting.pop():
            if operation == "assign":
                names.append(operand)
            waiting.extend(shared for shared, own in inner(operation, operand) if own is None)
    return list(dict.fromkeys(names))


def _require_free(name: str, entry: str, span: Span) -> None:
    if is_reserved(name):
        what = "the last value" if name == "ans" else "the last gradient"
        raise UsageError(f"{name} is {what}", Place(Source(entry), *span), "choose another name")


def _tell(session: "Session", bound: dict[str, Any], defined: list[str]) -> None:
    """Say what was bound: to a program always, to a person at a terminal."""
    if session.json:
        from adcalc.render import json

        record: dict[str, object] = {}
        if bound:
            record["bound"] = bound
        if defined:
            record["defined"] = {name: session.store.functions[name].text for name in defined}
        output.line(json.record(record))
    elif session.echo and bound:
        width = max(map(len, bound))
        output.show([line for name, value in bound.items() for line in shown([(name.ljust(width), "name")], value)])
