"""Brackets that have no partner: which one is to blame for a text that the parser stopped reading."""

import re
from typing import Final

from adcalc.errors import AdcalcSyntaxError, Place, Source
from adcalc.syntax.parser import Stop

_BRACKETS = re.compile(r"[][(){}]|#[^\n]*|`[^`\n]*`")
_CLOSERS: Final = {"(": ")", "[": "]", "{": "}"}
_BRACKET_NAMES: Final = {"(": "parenthesis", "[": "bracket", "{": "brace"}
_WANTING: Final = frozenset(  # what a value must follow
    {
        "PLUS",
        "_PLUS_MINUS",
        "_MINUS",
        "_TIMES",
        "_OVER",
        "_POWER",
        "PERCENT",
        "COMPARISON",
        "EQUAL",
        "AND",
        "OR",
        "NOT",
        "_RANGE",
        "AT",
    }
)
_OUTSIDE: Final = frozenset({"SEPARATOR", "LBRACE", "RBRACE", "FOR", "REPEAT", "WHILE", "ELSE"})  # never in ( ) or [ ]


def unbalanced(source: Source, stop: Stop, word: str) -> AdcalcSyntaxError | None:
    """The error of a bracket that has no partner, if that is what stopped the parser at a word.

    >>> from adcalc.syntax.parser import read
    >>> try:
    ...     read(Source("(x"))
    ... except Stop as stop:
    ...     unbalanced(Source("(x"), stop, "").message
    'this parenthesis is never closed'
    """
    position = stop.position
    opened: list[int] = []
    follow(source.text, opened, 0, position)
    closing = word if word in _CLOSERS.values() else ""
    at_the_word = Place(source, position, position + 1)
    if closing and not opened:
        name = next(_BRACKET_NAMES[opener] for opener, closer in _CLOSERS.items() if closer == closing)
        return AdcalcSyntaxError(f"this {name} closes nothing", at_the_word, "remove it, or open one before it")
    if not opened or stop.before in _WANTING:  # a value is missing: that comes first
        return None
    top = source.text[opened[-1]]
    never_closed = AdcalcSyntaxError(
        f"this {_BRACKET_NAMES[top]} is never closed",
        Place(source, opened[-1], opened[-1] + 1),
        f"add '{_CLOSERS[top]}'",
    )
    if closing and closing != _CLOSERS[top]:
        if any(_CLOSERS[source.text[at]] == closing for at in opened):
            return never_closed
        return AdcalcSyntaxError(
            f"'{word}' does not close the '{top}' before it", at_the_word, f"write {_CLOSERS[top]}"
        )
    if not word:
        return None if stop.waiting[0] else never_closed
    if top != "{" and (stop.found in _OUTSIDE or "\n" in source.text[opened[-1] : position]):
        later = opened[:]
        follow(source.text, later, position, len(source.text))
        return never_closed if later[: len(opened)] == opened else None
    return None


def follow(text: str, opened: list[int], begin: int, end: int) -> None:
    """Bring the list of the brackets that are open from one position of a text to another.

    >>> opened = []
    >>> follow("f(x, [y", opened, 0, 7)
    >>> opened
    [1, 5]
    """
    for found in _BRACKETS.finditer(text, begin, end):
        bracket = found.group()
        if bracket in _CLOSERS:
            opened.append(found.start())
        elif opened and _CLOSERS[text[opened[-1]]] == bracket:
            opened.pop()
