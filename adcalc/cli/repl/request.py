"""One line at the prompt, taken apart: the command, its options and the expression, none of them in quotes.

The shell splits a command line at blanks; here an expression may have blanks, so it is the options that are found:
`--name` at the beginning of a word, outside brackets and quotes. A value goes on to the next option, unless the
expression is still to come; then it is one word.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from adcalc.errors import Place, Source, UsageError

_SCAN = re.compile(
    r"""`[^`\n]*`|"[^"]*"|'[^'\n]*'|(?P<comment>\#[^\n]*)|(?P<open>[(\[{])|(?P<close>[)\]}])"""
    r"""|(?<!\S)(?P<option>--[a-z][a-z-]+|-[a-zA-Z](?=\s*\Z|\s+(?:/[\w.~]|[^\s+*/^%<>=!)\]},;-])))""",
    re.VERBOSE,
)
_WORD = re.compile(r"""(?:"[^"]*"|'[^']*'|[^\s"']|(?<=[,=])\s+|\s+(?=[,=]))+""")
_BLANK = re.compile(r"[\s=]*")


class Part(NamedTuple):
    """A stretch of a line: its text, and where it begins.

    >>> Part("x^2", 5).start
    5
    """

    text: str
    start: int


class Option(NamedTuple):
    """An option as it was typed, and its value; None for a flag.

    >>> Option(Part("--json", 9), None).value is None
    True
    """

    name: Part
    value: Part | None


class Request(NamedTuple):
    """A command's expression and options. An expression that is not there is empty.

    >>> Request(Part("x^2", 5), ()).expression.text
    'x^2'
    """

    expression: Part
    options: tuple[Option, ...]


def split(line: str, begin: int, takes_value: Mapping[str, bool]) -> Request:
    """The expression and the options of a line, behind the command's name.

    `takes_value` has the command's options, and whether a value belongs to each. What looks like a long option is one,
    so that a misspelt one is not taken for mathematics; a short one has to be known.
    Raises UsageError where a value stands behind a flag.

    >>> found = split("grad cos(x*y) + y --wrt x, y --json", 4, {"--wrt": True, "--json": False})
    >>> found.expression, [option.value for option in found.options]
    (Part(text='cos(x*y) + y', start=5), [Part(text='x, y', start=24), None])
    >>> split("grad --mode forward x^2", 4, {"--mode": True}).expression
    Part(text='x^2', start=20)
    """
    marks, end = _marks(line, begin, takes_value)
    stops = [*(start for start, _ in marks[1:]), end]
    expression = _part(line, begin, marks[0][0] if marks else end)
    options: list[Option] = []
    for (start, stop), limit in zip(marks, stops, strict=False):
        name = Part(line[start:stop], start)
        behind = _BLANK.match(line, stop, limit)
        rest = _part(line, behind.end() if behind else stop, limit)
        if not takes_value.get(name.text, True):
            if rest.text and expression.text:
                raise UsageError(
                    f"{name.text} takes no value", Place(Source(line), rest.start, rest.start + len(rest.text))
                )
            options.append(Option(name, None))
            expression = rest if rest.text else expression
            continue
        if not expression.text:
            word = _WORD.match(line, rest.start, rest.start + len(rest.text))
            middle = word.end() if word else rest.start
            expression = _part(line, middle, limit)
            rest = _part(line, rest.start, middle)
        options.append(Option(name, _unquoted(rest)))
    return Request(_unquoted(expression), tuple(options))


def _marks(line: str, begin: int, known: Mapping[str, bool]) -> tuple[list[tuple[int, int]], int]:
    """Where the options stand, and where the line ends: before a comment that no line follows."""
    marks: list[tuple[int, int]] = []
    depth = 0
    for found in _SCAN.finditer(line, begin):
        kind = found.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth -= 1
        elif kind == "option" and depth <= 0 and _is_option(found[0], line[found.end() :], known):
            marks.append(found.span())
        elif kind == "comment" and "\n" not in line[found.end() :].rstrip():
            return marks, found.start()
    return marks, len(line)


def _is_option(word: str, rest: str, known: Mapping[str, bool]) -> bool:
    """Whether a word is an option; at the end of a line `x -a` is a difference, and `-h` an option."""
    return word.startswith("--") or (word in known and bool(rest.strip() or not known[word]))


def _part(line: str, start: int, end: int) -> Part:
    text = line[start:end]
    bare = text.strip()
    return Part(bare, start + len(text) - len(text.lstrip())) if bare else Part("", start)


def _unquoted(part: Part) -> Part:
    """A stretch without the quotes around all of it, which a shell would have needed."""
    text = part.text
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" and text.count(text[0]) == 2:
        return Part(text[1:-1], part.start + 1)
    return part
