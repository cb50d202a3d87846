"""Rows as they stand in a text: found by their heads alone, and parsed only when they are used."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from adcalc.errors import AdcalcSyntaxError, Place, Source
from adcalc.syntax.machine import OPTIONAL

_ROW = re.compile(r"^(?P<d>d[ \t]+)?(?P<name>[^\W\d]\w*)[ \t]*\((?P<parameters>[^)]*)\)[ \t]*=", re.MULTILINE)
_GROUP = re.compile(r"^##[ \t]*(?P<group>.*)$", re.MULTILINE)
_COMMENT = re.compile(r"#[ \t]*(.*?)[ \t]*$", re.MULTILINE)


class Entry(NamedTuple):
    """Where a row stands: its text from `start` to `end`, and what can be told without parsing it.

    >>> from adcalc.rules.table import standard
    >>> standard().entry("sin", 1).comment
    'the sine'
    """

    source: Source
    start: int
    end: int
    name: str
    parameters: tuple[str, ...]
    variadic: bool
    differential: bool
    group: str

    @property
    def optional(self) -> int:
        """How many arguments at the end may be left out, or given by name.

        >>> from adcalc.rules.table import standard
        >>> standard().entry("mean", 3).optional
        2
        """
        return len(OPTIONAL.intersection(self.parameters)) if not self.differential else 0

    @property
    def text(self) -> str:
        """The row as written, without its comment.

        >>> from adcalc.rules.table import standard
        >>> standard().entry("sin", 1).text
        'd sin(u) = cos(u)*du'
        """
        lines = _COMMENT.sub("", self.source.text[self.start : self.end]).split("\n")
        return re.sub(r"[ \t]{2,}", "  ", "\n".join(line.rstrip() for line in lines if line.strip()))

    @property
    def comment(self) -> str:
        """What the function is, from the row's comment.

        >>> from adcalc.rules.table import standard
        >>> standard().entry("exp", 1).comment
        'e^u'
        """
        found = _COMMENT.search(self.source.text, self.start, self.end)
        return found.group(1) if found else ""

    @property
    def place(self) -> Place:
        """The row's place in its file."""
        return Place(self.source, self.start, self.start + len(self.source.text[self.start : self.end].split("\n")[0]))


def entries(source: Source) -> Iterator[Entry]:
    """The rows of a text. A row begins at the left margin; what is indented continues it.

    Raises AdcalcSyntaxError for a line that is no row.

    >>> [entry.name for entry in entries(Source("twice(u) = 2*u"))]
    ['twice']
    """
    text = source.text
    groups = [(found.start(), found["group"]) for found in _GROUP.finditer(text)]
    starts = [found.start() for found in re.finditer(r"^[^\s#]", text, re.MULTILINE)]
    stray = re.search(r"^[ \t]+[^\s#].*", text[: starts[0] if starts else len(text)], re.MULTILINE)
    if stray is not None:
        raise AdcalcSyntaxError(
            "a row begins at the left margin", Place(source, *stray.span()), "what is indented continues a row"
        )
    number = 0
    group = ""
    for start, following in zip(starts, [*starts, len(text)][1:], strict=True):
        while number < len(groups) and groups[number][0] < start:
            group = groups[number][1]
            number += 1
        found = _ROW.match(text, start)
        if found is None:
            line = text[start:following].split("\n")[0]
            raise AdcalcSyntaxError(
                "this is not a row of the function table",
                Place(source, start, start + len(line)),
                "write f(u) = ... for a definition, or d f(u) = ... for a differential",
            )
        parameters = [name.strip() for name in found["parameters"].split(",") if name.strip()]
        variadic = parameters[-1:] == ["..."]
        end = text.find("\n##", start, following)
        yield Entry(
            source,
            start,
            following if end < 0 else end,
            found["name"],
            tuple(parameters[:-1] if variadic else parameters),
            variadic,
            bool(found["d"]),
            group,
        )
