"""A text of the session made a function: the definitions that it needs stand before it, and it is read only once."""

from typing import TYPE_CHECKING, NamedTuple

from adcalc.api import Function
from adcalc.cli.repl.store import Store, is_reserved
from adcalc.errors import AdcalcError, Place, Source
from adcalc.rules.table import Table
from adcalc.syntax.code import Code, called, free_names
from adcalc.syntax.parser import parse

if TYPE_CHECKING:
    from collections.abc import Iterable

_KEPT = 256  # functions that are remembered


class Text(NamedTuple):
    """A text that has been parsed, the functions that it calls and the names that it reads.

    >>> Text(parse(Source("f(x)")), frozenset({"f"}), ("x",)).names
    ('x',)
    """

    code: Code
    calls: frozenset[str]
    names: tuple[str, ...]


class Reader:
    """The functions of the texts of a session, and the way back from a place in one to the line as typed.

    >>> from adcalc.rules.table import standard
    >>> reader = Reader(Store())
    >>> reader.function("x^2", 0, standard(), 1000) is reader.function("x^2", 5, standard(), 1000)
    True
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._texts: dict[str, Text] = {}
        self._functions: dict[tuple[str, tuple[str, ...], Table, int], Function] = {}
        self._read: list[tuple[Source, tuple[str, ...], int]] = []  # a source, what stands before its text, and where
        self._typed: list[tuple[str, int]] = []  # values of options, and where in the line they stand

    def text(self, text: str) -> Text:
        """A text, parsed; with the place in it where it is not in the language."""
        found = self._texts.get(text)
        if found is None:
            code = parse(Source(text))
            if len(self._texts) >= _KEPT:
                self._texts.clear()
            found = Text(code, frozenset(called(code.block)), tuple(free_names(code.block)))
            self._texts[text] = found
        return found

    def function(self, text: str, start: int, table: Table, maximum: int) -> Function:
        """The function of a text that begins at a place in the line, with what the session knows before it."""
        self._typed.append((text, start))
        read = self.text(text)
        before = self._before(read)
        key = (text, before, table, maximum)
        function = self._functions.get(key)
        if function is None:
            code = parse(Source("\n".join([*before, text]))) if before else read.code
            self._read.append((code.source, before, start))
            function = Function(Source(text), table, maximum, code)
            if len(self._functions) >= _KEPT:
                self._functions.clear()
            self._functions[key] = function
        else:
            self._read.append((function.code.source, before, start))
        return function

    def _before(self, read: Text) -> tuple[str, ...]:
        """The statements that stand before a text: values of `ans` and its like, and the session's functions."""
        store = self._store
        found: list[str] = []
        definitions = store.needed(read.calls) if store.functions else []
        names: Iterable[str] = read.names
        if definitions:
            names = (*names, *(name for one in definitions for name in self.text(one).names))
        special = [name for name in dict.fromkeys(names) if is_reserved(name)]
        if special:
            found += store.remembered(special)
        return (*found, *definitions)

    def typed(self, text: str, start: int) -> None:
        """Remember where in the line a value of an option stands."""
        self._typed.append((text, start))

    def begin(self) -> None:
        """Begin another line."""
        self._read.clear()
        self._typed.clear()

    def forget(self) -> None:
        """Forget every function: one may be half made, where work was interrupted."""
        self._functions.clear()
        self._texts.clear()

    def located(self, error: AdcalcError, line: str) -> AdcalcError:
        """The error with its place in the line as typed, or in the definition that it comes from."""
        place = error.place
        if place is None:
            error.place = self._named(error.message, line)
        elif not place.source.name and place.source.text != line:
            error.place = self._place(place, line)
        self.begin()  # so that it is not moved again
        return error

    def _named(self, message: str, line: str) -> Place | None:
        """The place of the option's value that a message names in quotes."""
        for text, start in self._typed:
            if text and f"'{text}'" in message and line.startswith(text, start):
                return Place(Source(line), start, start + len(text))
        return None

    def _place(self, place: Place, line: str) -> Place:
        for source, before, start in self._read:
            if place.source == source:
                begin = 0
                for statement in before:
                    if place.start <= begin + len(statement):
                        return Place(Source(statement), place.start - begin, place.end - begin)
                    begin += len(statement) + 1
                return _shifted(line, place, start - begin)
        for text, start in self._typed:
            if place.source.text == text:
                return _shifted(line, place, start)
        return place


def _shifted(line: str, place: Place, by: int) -> Place:
    end = min(place.end + by, len(line))
    return Place(Source(line), min(place.start + by, end), end)
