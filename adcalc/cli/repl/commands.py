"""The session's own commands: what begins with a colon, and `again` and `undo`."""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from adcalc.cli import output
from adcalc.cli.app import COMMANDS
from adcalc.cli.repl.exactly import shown as exact
from adcalc.cli.repl.exactly import told
from adcalc.cli.repl.settings import change, record, tell
from adcalc.cli.repl.shown import brief, shown
from adcalc.errors import AdcalcError, FileError, Place, Source, UnknownVariableError, UsageError, suggestion
from adcalc.syntax.notation import read_text
from adcalc.syntax.number import short
from adcalc.syntax.unparse import quoted

if TYPE_CHECKING:
    from adcalc.cli.repl.session import Session
    from adcalc.cli.repl.store import Held
    from adcalc.render.layout import Words

_LAST = 20  # entries that :history shows


def run(session: "Session", entry: str) -> None:
    """Carry out one of the session's own commands. Raises UsageError for one that it does not have.

    >>> from adcalc.cli.repl.session import Session
    >>> session = Session()
    >>> session.answer("x = 1/4")
    >>> run(session, ":vars")
    x = 1/4 = 0.25
    """
    words = entry.split(None, 1)
    word, rest = words[0].removeprefix(":"), words[1].strip() if len(words) > 1 else ""
    action = ACTIONS.get(word)
    if action is None:
        if word in COMMANDS:
            raise UsageError(f"there is no ':{word}'", _place(entry, words[0]), f"write {word}, without the colon")
        hint = suggestion(word, list(ACTIONS))
        raise UsageError(
            f"there is no ':{word}'",
            _place(entry, words[0]),
            hint.replace("'", "':", 1) if hint else f"one of {', '.join(f':{name}' for name in ACTIONS)}",
        )
    try:
        action(session, rest)
    except AdcalcError as error:
        if error.place is None and rest and isinstance(error, UsageError | UnknownVariableError):
            error.place = _place(entry, rest)
        raise


def _place(entry: str, words: str) -> Place:
    start = entry.index(words)
    return Place(Source(entry), start, start + len(words))


# ------------------------------------------------------------------ what the session holds


def _vars(session: "Session", rest: str) -> None:
    values = session.store.values
    if session.json:
        tell(session, "variables", {name: told(session, value) for name, value in values.items()})
        return
    lines: list[Words] = []
    width = max((len(quoted(name)) for name in values), default=0)
    for name, held in values.items():
        text, number = held
        line: Words = [(quoted(name).ljust(width), "name"), (" = ", "quiet")]
        if isinstance(number, float):
            known = exact(session, held)
            if text not in (short(number), repr(number), known):
                line += [(" ".join(text.split()), "expression"), (" = ", "quiet")]
        else:
            known = brief(number, output.width() - width - len(" = "))
        lines.append([*line, (known, "value")])
    if not lines:
        lines = [[("no variable has a value; x = 2 gives it one", "quiet")]]
    output.show(lines)


def _functions(session: "Session", rest: str) -> None:
    found = session.store.functions
    if session.json:
        tell(session, "functions", {name: one.text for name, one in found.items()})
    elif not found:
        output.show([[("no function is defined; f(u) = u^2 defines one", "quiet")]])
    else:
        output.show([[(line, "expression")] for one in found.values() for line in one.text.split("\n")])


def _forget(session: "Session", rest: str) -> None:
    names = re.findall(r"`[^`]+`|[^\s,]+", rest)
    if not names:
        raise UsageError("there is no name to forget", hint=":forget x, or :forget all")
    store = session.store
    if names == ["all"] and "all" not in store.values:
        names = list(dict.fromkeys([*store.values, *store.functions]))
    for name in names:
        if not store.forget(name.strip("`")):
            known = [*store.values, *store.functions]
            raise UnknownVariableError(f"the session has no {name}", None, suggestion(name, known))
    if session.json:
        tell(session, "forgotten", dict.fromkeys(names, True))


def _undo(session: "Session", rest: str) -> None:
    names = session.store.undo()
    if not names:
        raise UsageError("there is nothing to take back")
    store = session.store
    if session.json:
        values = {name: told(session, store.values[name]) if name in store.values else None for name in names}
        tell(session, "undone", values)
    elif session.echo:
        for name in names:
            value, function = store.values.get(name), store.functions.get(name)
            lines: list[Words] = _lines(session, name, value) if value else []
            if function is not None:
                lines = [[(function.text, "expression")]]
            output.show(lines or [[(name, "name"), (" stands for nothing again", "quiet")]])


def _lines(session: "Session", name: str, value: "Held") -> "list[Words]":
    return shown([(name, "name")], exact(session, value) if isinstance(value.number, float) else value.number)


def _again(session: "Session", rest: str) -> None:
    if not session.last:
        raise UsageError("nothing has been asked yet")
    last = session.last
    try:
        session.repeat(last)
    except AdcalcError as error:
        raise session.reader.located(error, last) from None
    finally:
        session.last = last


# ------------------------------------------------------------------ files


def _save(session: "Session", rest: str) -> None:
    from adcalc.syntax.format import canonical

    path = _path(rest, ":save")
    program = session.store.program()
    output.save(path, f"# {path}: a session of adcalc\n\n{canonical(Source(program))}" if program else "")
    if session.json:
        tell(session, "saved", {path: len(session.store.values) + len(session.store.functions)})
    elif session.echo:
        output.show([[(path, "name"), (" is written", "quiet")]])


def _load(session: "Session", rest: str) -> None:
    load_file(session, _path(rest, ":load"))


def load_file(session: "Session", path: str) -> None:
    """Carry out the statements of a file; errors are about the file. Raises FileError where it cannot be read.

    >>> from adcalc.cli.repl.session import Session
    >>> load_file(Session(), "examples/no_such.adc")
    Traceback (most recent call last):
    adcalc.errors.FileError: cannot read examples/no_such.adc: no such file or directory
    """
    from adcalc.cli.repl.statements import run_statements

    text = read_text(path)
    try:
        if text.strip():
            run_statements(session, text)
    except AdcalcError as error:
        session.reader.located(error, text)
        place = error.place
        if place is not None and place.source.text == text:
            error.place = Place(Source(text, path), place.start, place.end)
        raise


def _path(rest: str, name: str) -> str:
    path = rest[1:-1] if len(rest) > 1 and rest[0] == rest[-1] and rest[0] in "\"'" else rest
    if not path:
        raise FileError("there is no file name", None, f"{name} session.adc")
    return path


# ------------------------------------------------------------------ the rest


def _history(session: "Session", rest: str) -> None:
    entries = session.history[:-1]  # without this one
    if rest.isascii() and rest.isdigit():
        entries = entries[-int(rest) :] if int(rest) else []
    elif rest:
        entries = [entry for entry in entries if rest in entry]
    else:
        entries = entries[-_LAST:]
    if session.json:
        output.line(record("history", entries))
    else:
        output.show(
            [[(entry.replace("\n", "\n  "), "expression")] for entry in entries] or [[("nothing yet", "quiet")]]
        )


def _quit(session: "Session", rest: str) -> None:
    session.is_over = True


def _help(session: "Session", rest: str) -> None:
    from adcalc.cli.repl.help import show_help

    show_help(session, rest)


ACTIONS: Final[Mapping[str, Callable[["Session", str], None]]] = {
    "help": _help,
    "set": change,
    "vars": _vars,
    "functions": _functions,
    "forget": _forget,
    "undo": _undo,
    "again": _again,
    "save": _save,
    "load": _load,
    "history": _history,
    "quit": _quit,
    "exit": _quit,
}
