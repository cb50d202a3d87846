"""What can stand where the cursor is: functions with their rules, variables, commands, options, files."""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from adcalc.cli.app import COMMANDS
from adcalc.cli.repl.command import command
from adcalc.cli.repl.commands import ACTIONS
from adcalc.cli.repl.settings import choices, setting_names
from adcalc.cli.repl.shown import brief
from adcalc.syntax.unparse import quoted

if TYPE_CHECKING:
    from adcalc.cli.repl.session import Session
    from adcalc.rules.table import Table

_WORD: Final = re.compile(r"[^\W\d]\w*\Z")
_DASHES: Final = re.compile(r"(?<!\S)--?[a-z-]*\Z")
_FILES: Final = frozenset({"--file", "-f", "--html", "--out", "--claim-file", "--functions", "--load"})
_CONSTANTS: Final = ("pi", "tau", "e", "inf")
_PURPOSES: Final = {
    "help": "what can be typed",
    "set": "mode, keys, …",
    "vars": "the variables' values",
    "functions": "the session's functions",
    "forget": "forget a name",
    "undo": "take the last binding back",
    "again": "repeat the last question",
    "save": "write the session as a program",
    "load": "carry out a program",
    "history": "earlier entries",
    "quit": "leave",
    "exit": "leave",
}


class Candidate(NamedTuple):
    """A word that can stand at the cursor, and what to say beside it, found when it is shown.

    >>> Candidate("sin(", str).text
    'sin('
    """

    text: str
    beside: Callable[[], str]


def candidates(session: "Session", text: str) -> tuple[int, list[Candidate]]:
    """How many characters before the cursor are the word being typed, and the words that it can become.

    >>> from adcalc.cli.repl.session import Session
    >>> [(one.text, one.beside()) for one in candidates(Session(), "x + sinh")[1]]
    [('sinh(', 'c = sinh(a) ⟹ dc = cosh(a)·da')]
    >>> [one.text for one in candidates(Session(), "grad x --mo")[1]]
    ['--mode']
    """
    line = text.lstrip()
    word = re.split(r"\s", text)[-1]
    if line.startswith(":"):
        return _colon(session, line)
    name, begin = session.command_of(text)
    if name and begin < len(text):
        dashes = _DASHES.search(text)
        if dashes:
            asked = command(name)
            return len(dashes[0]), _matching(
                dashes[0], ((option, asked.help.get(option, "show the help")) for option in asked.takes_value)
            )
        before = text.split()[-1] if text[-1].isspace() else (text.split() or [""])[-2]
        if before in _FILES or name == "fmt":
            return len(word), _files(word)
        if before in ("--mode", "-m", "--at-kink", "--difference"):
            option = {"-m": "--mode"}.get(before, before)
            return len(word), _matching(word, ((choice, "") for choice in choices(option.removeprefix("--"))))
    if word.rpartition("=")[2].startswith("@"):
        path = word.rpartition("@")[2]
        return len(path), _files(path)
    found = _WORD.search(text)
    start = found[0] if found else ""
    commands = []
    if line == start and not (text.strip() and not start):
        commands = _matching(start, ((other, _purpose(other)) for other in COMMANDS if other != "repl"))
        commands += _matching(start, ((other, _PURPOSES[other]) for other in ("again", "undo")))
        if not start:
            return 0, commands + [Candidate(f":{other}", _said(_PURPOSES[other])) for other in ACTIONS]
    return len(start), [*_names(session, start, name == "functions"), *commands]


def _names(session: "Session", start: str, only_functions: bool) -> list[Candidate]:
    found: list[Candidate] = []
    if not only_functions:
        known = {name: brief(value.number) for name, value in session.store.values.items()}
        if session.store.answer is not None:
            known |= {"ans": "the last value", "_grad": "the last gradient"}
            slopes = session.store.gradient.items()
            known |= {f"_grad_{name}": one if isinstance(one, str) else brief(one) for name, one in slopes}
        known |= {name: "a constant" for name in _CONSTANTS if name not in known}
        found += _matching(start, ((quoted(name), value) for name, value in known.items()))
        found += _matching(start, ((f"{name}(", one.text) for name, one in session.store.functions.items()))
    closing = "" if only_functions else "("
    found += [
        Candidate(f"{name}{closing}", _rule_of(session.table, name))
        for name in sorted(session.names)
        if name.startswith(start) and name not in session.store.functions and name not in _CONSTANTS
    ]
    return found


def _colon(session: "Session", line: str) -> tuple[int, list[Candidate]]:
    """The session's own commands, and what each takes."""
    words = re.split(r"\s+", line)
    last = words[-1]
    if len(words) == 1:
        return len(last), _matching(last, ((f":{name}", _PURPOSES[name]) for name in ACTIONS))
    name = words[0].removeprefix(":")
    if name in ("load", "save"):
        return len(last), _files(last)
    if name == "set":
        options = setting_names() if len(words) == 2 else choices(words[1])
        return len(last), _matching(last, ((option, "") for option in options))
    if name == "forget":
        held = [*session.store.values, *session.store.functions]
        return len(last), _matching(last, ((quoted(other), "") for other in dict.fromkeys(held)))
    if name == "help":
        topics = [*COMMANDS, *ACTIONS, "keys", "ans", *sorted(session.names)]
        return len(last), _matching(last, ((topic, "") for topic in dict.fromkeys(topics)))
    return len(last), []


def _matching(start: str, pairs: Iterable[tuple[str, str]]) -> list[Candidate]:
    return [Candidate(word, _said(beside)) for word, beside in pairs if word.startswith(start)]


def _said(words: str) -> Callable[[], str]:
    return lambda: words


def _rule_of(table: "Table", name: str) -> Callable[[], str]:
    return lambda: _rule(table, name)


@lru_cache(maxsize=512)
def _rule(table: "Table", name: str) -> str:
    """A function's rule in one line."""
    from adcalc.api.functions import rows

    row = rows(table, name)[0]
    return row.rule or row.definition or row.meaning


def _purpose(name: str) -> str:
    """The first sentence of a command's help."""
    return command(name).purpose


def _files(start: str) -> list[Candidate]:
    """The files and folders that a path can become."""
    folder, _, begin = start.rpartition("/")
    where = os.path.expanduser(f"{folder}/" if "/" in start else ".")
    try:
        names = sorted(_listed(where, begin))
    except OSError:
        return []
    prefix = f"{folder}/" if "/" in start else ""
    return [Candidate(f"{prefix}{name}", str) for name in names]


def _listed(folder: str, begin: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(begin) and (begin or not entry.name.startswith(".")):
                yield f"{entry.name}/" if entry.is_dir() else entry.name
