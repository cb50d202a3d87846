"""The colours of a line as it is typed, from the parser's own tokens: what looks right is read right."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from adcalc.cli.repl.command import command
from adcalc.cli.repl.request import split
from adcalc.errors import AdcalcError
from adcalc.syntax.code import RESERVED
from adcalc.syntax.parser import KINDS, TOKEN
from adcalc.syntax.tables import TERMINALS

if TYPE_CHECKING:
    from adcalc.cli.repl.session import Session

STYLES: Final = {
    "command": "bold ansimagenta",
    "option": "ansimagenta",
    "number": "ansigreen",
    "function": "ansiblue",
    "variable": "bold ansicyan",
    "name": "ansicyan",
    "keyword": "bold ansiyellow",
    "comment": "ansibrightblack",
    "wrong": "underline ansired",
    "": "",
}
_KINDS: Final = {"NUMBER": "number", "SUPERSCRIPT": "number", "QUOTED": "name", "FILE": "option"}


def coloured(session: "Session", text: str) -> Iterator[tuple[str, str]]:
    """The stretches of a text, each with the name of its style; together they are the text.

    >>> from adcalc.cli.repl.session import Session
    >>> [piece for piece in coloured(Session(), "sin(2x)") if piece[0]]
    [('function', 'sin'), ('number', '2'), ('name', 'x')]
    """
    if text.lstrip().startswith(":"):
        word = text.split(None, 1)[0]
        end = text.index(word) + len(word)
        yield "command", text[:end]
        yield "", text[end:]
        return
    name, begin = session.command_of(text)
    if name:
        yield "command", text[:begin]
    options = _options(name, text, begin) if name else {}
    skip = begin
    for found in TOKEN.finditer(text, begin):
        group = found.lastindex or 0
        word = found[group]
        start = found.end() - len(word)
        if found.end() <= skip and word:
            continue
        if start > max(found.start(), skip):
            between = text[max(found.start(), skip) : start]
            yield "comment" if "#" in between else "", between
        if start in options:
            skip = options[start]
            yield "option", text[start:skip]
        elif word:
            yield _style(session, text, group, word, max(start, skip), found.end())
        if KINDS[group] >= 0 and TERMINALS[KINDS[group]] == "$END":
            return


def _style(session: "Session", text: str, group: int, word: str, start: int, end: int) -> tuple[str, str]:
    stretch = text[start:end]
    kind = KINDS[group]
    terminal = TERMINALS[kind] if kind >= 0 else ""
    if terminal == "NAME":
        if word in RESERVED:
            return "keyword", stretch
        if text[end : end + 1] == "(":
            is_known = word in session.store.functions or word in session.names
            return "function" if is_known else "", stretch
        return "variable" if word in session.store.values else "name", stretch
    if word == ".T":
        return "function", stretch
    if group == len(KINDS) - 1:
        return "wrong", stretch
    return _KINDS.get(terminal, ""), stretch


def _options(name: str, text: str, begin: int) -> dict[int, int]:
    """Where the options of a command begin and end."""
    try:
        found = split(text, begin, command(name).takes_value)
    except AdcalcError:
        return {}
    return {option.name.start: option.name.start + len(option.name.text) for option in found.options}
