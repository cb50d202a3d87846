"""The words of a syntax error: the nearest example of a known mistake names it.

grammar/mistakes.adc pairs sentences with malformed inputs. A text makes the same mistake as an example when the parser
stops at the same kind of word after the same kind of word, while the same word waits for its block. Where no example
fits, Lark parses the text again and says what could have stood there; only then is it loaded.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from adcalc.errors import AdcalcSyntaxError, Place, Source
from adcalc.syntax import notation
from adcalc.syntax.brackets import follow, unbalanced
from adcalc.syntax.parser import Stop, read

_WORD = re.compile(
    r"\s*(`[^`\n]*`|[^\W\d]\w*|[0-9.]+(?:[eE][+-]?[0-9]+)?|\*\*|<=|>=|==|!=|:=|=>|=<|\.\.|.)?", re.DOTALL
)
_LAST_WORD = re.compile(r"(`[^`\n]*`|\w+|\*\*|\+\+|--|\.\.|<=|>=|==|!=|[^\w\s])\s*\Z")
_LAST_NAME = re.compile(r"(`[^`\n]*`|\w+)[^\w`]*\Z")
_FIRST_WORD = re.compile(r"[ \t]*(\w*)")
_EQUAL = re.compile(r"\w\s*(=)(?!=)[^=(),;\n]*\Z")  # inside brackets, where a comparison was meant
_MARKS: Final = {  # what examples that are no programs begin with
    "point": "--at ",
    "claim": "--claim ",
    "correlation": "--correlation ",
}
_LONGEST_WORD: Final = 200
_LONGEST_HEAD: Final = 40  # characters of the text that a hint repeats
_VALUES: Final = frozenset({"NAME", "NUMBER", "QUOTED", "SUPERSCRIPT", "BANG", "RPAR", "RSQB"})  # what ends a value
_BRACKETED: Final = ("list", "index")
_BEHIND: Final = frozenset({"'", "|", "||", "\\"})  # characters that mean something else behind a value
_PLAIN: Final = {
    "NAME": "a name",
    "NUMBER": "a number",
    "LPAR": "'('",
    "RPAR": "')'",
    "RSQB": "']'",
    "LBRACE": "'{'",
    "RBRACE": "'}'",
    "COMMA": "','",
    "EQUAL": "'='",
    "_RANGE": "'..'",
    "FILE": "@file",
    "ON": "on",
    "COLON": "':'",
    "PLUS": "an operator",
    "SEPARATOR": "';'",
    "$END": "the end",
}

_Key: TypeAlias = tuple[str | bool, ...]


class _Words(NamedTuple):
    """The words around the place where the parser stopped."""

    left: str
    right: str
    first: str  # of the statement


def explain(source: Source, start: str, stop: Stop) -> AdcalcSyntaxError:
    """The error to raise for a text that the parser stopped reading.

    >>> try:
    ...     read(Source("sin x"))
    ... except Stop as stop:
    ...     error = explain(Source("sin x"), "program", stop)
    >>> error.message, error.hint
    ('two names stand side by side', 'write sin*x for the product, sin(x) for a call')
    """
    text, position = source.text, stop.position
    words = _words(text, stop)
    lonely = unbalanced(source, stop, words.right)
    if lonely is not None:
        return lonely
    if stop.found == ".":
        from adcalc.syntax.foreign import dotted

        foreign = dotted(source, position)
        if foreign is not None:
            return foreign
    where = ""
    waiting, begin = stop.waiting
    equal = _EQUAL.search(text, 0, position)
    if equal and start == "program" and stop.depth and stop.found in ("COMMA", "RPAR"):
        label = _examples().get(("program", "NAME", "EQUAL", True, ""))
        where = "equal"
    else:
        label, where = _label(stop, start, text, words)
    place = Place(source, *equal.span(1)) if equal and where == "equal" else _place(source, stop, words, where)
    if label is None:
        right = words.right
        what = f"'{right}'" if right else "the end of the text"
        if right and not right.isprintable():
            from unicodedata import name

            what = f"U+{ord(right):04X} ({name(right, 'a control character').lower()})"
        return AdcalcSyntaxError(f"{what} was not expected here", place, _expected(text, start))
    message, hint = label
    fields = {
        "{left}": words.left,
        "{right}": words.right,
        "{first}": words.first,
        "{name}": _last(_LAST_NAME, text, stop) or "x",
        "{word}": "for" if waiting == "range" else waiting,
        "{head}": _head(text[begin:position], waiting),
    }
    known = re.compile("|".join(map(re.escape, fields)))
    message, hint = (known.sub(lambda field: fields[field.group()], sentence) for sentence in (message, hint))
    return AdcalcSyntaxError(message, place, hint or None)


def _words(text: str, stop: Stop) -> _Words:
    right = _WORD.match(text, stop.position)
    assert right is not None
    return _Words(_last(_LAST_WORD, text, stop), right.group(1) or "", _first(text, stop).group(1))


def _first(text: str, stop: Stop) -> re.Match[str]:
    found = _FIRST_WORD.match(text, 1 + max(text.rfind(mark, 0, stop.last) for mark in ";{}\n"))
    assert found is not None
    return found


def _last(pattern: re.Pattern[str], text: str, stop: Stop) -> str:
    found = pattern.search(text, max(0, stop.last - _LONGEST_WORD), stop.last)
    return found.group(1) if found else ""


def _place(source: Source, stop: Stop, words: _Words, where: str) -> Place:
    """The word that is to blame; the end of its line or of the text, where that is what stopped the parser."""
    text, position = source.text, stop.position
    if where == "first":
        return Place(source, *_first(text, stop).span(1))
    if where == "left":
        return Place(source, stop.last - len(words.left), stop.last)
    if not words.right:
        return Place(source, len(text), len(text) + 1)
    if text.startswith("\n", position):
        if words.right == "{":
            position = text.index("{", position)
        return Place(source, position, position + 1)
    return Place(source, position, position + len(words.right))


def _head(phrase: str, word: str) -> str:
    """The text from a word to the block that is missing, on one line."""
    phrase = " ".join(re.sub(r"#[^\n]*", " ", phrase).split())
    return phrase if len(phrase) <= _LONGEST_HEAD else f"{word} …"


def _label(stop: Stop, start: str, text: str, words: _Words) -> tuple[tuple[str, str] | None, str]:
    """The sentence and hint of the nearest example, and which word it is about: "left", "first", or "" for the next.

    Nearest are the same place in brackets and the same kind of text, if there is one.
    """
    examples = _examples()
    kinds = (_kind(start, text, stop), "point" if start == "program" else "program")
    if len(stop.found) == 1:
        foreign = _foreign(stop, text)
        also = (foreign, stop.found, f"value{stop.found}")
        return next((examples[kind, word] for kind in kinds for word in also if (kind, word) in examples), None), ""
    for stem in _stems(stop, text, words):
        for kind in kinds:
            if (kind, *stem) in examples:
                return examples[(kind, *stem)], str(stem[0]) if len(stem) == 2 else ""
    return None, ""


def _stems(stop: Stop, text: str, words: _Words) -> Iterator[_Key]:
    """Where a text stops, from the most special to the most general way of saying it."""
    yield from zip(_Words._fields, words, strict=True)
    inside = _inside(stop, text)
    waiting = stop.waiting[0]
    for depth in dict.fromkeys((inside, inside in _BRACKETED, *_BRACKETED, True, False)):
        if waiting:
            yield _before(stop), stop.found, depth, waiting
        yield stop.before, stop.found, depth, ""


def _inside(stop: Stop, text: str) -> str | bool:
    """Whether a bracket is open, and which kind the innermost one is, where it is that of a list or of an index."""
    if not stop.depth:
        return False
    opened: list[int] = []
    follow(text, opened, 0, stop.position)
    if not opened or text[opened[-1]] != "[":
        return True
    before = text[: opened[-1]].rstrip()
    return "index" if before and (before[-1].isalnum() or before[-1] in "_)]`") else "list"


def _before(stop: Stop) -> str:
    """The kind of the word before; where a block is waited for, all that end a value are alike."""
    return "value" if stop.waiting[0] and stop.before in _VALUES else stop.before


def _kind(start: str, text: str, stop: Stop) -> str:
    """What is being read: a claim is one thing before its colon, and an expression behind it."""
    if start == "claim" and ":" in text[: stop.position]:
        return "claimed"
    return start if start in _MARKS else "program"


def _foreign(stop: Stop, text: str) -> str:
    """A character that begins no token: its double where it stands twice, and whether a value stands before it."""
    sign = stop.found * (2 if text.startswith(stop.found * 2, stop.position) else 1)
    behind = stop.before in _VALUES or stop.before == "_TRANSPOSE"
    if sign == "\\" and text[stop.position + 1 : stop.position + 2].isalpha():
        return sign  # a word of LaTeX
    return f"value{sign}" if behind and sign in _BEHIND else sign


def _expected(text: str, start: str) -> str | None:
    """What could have stood where the parser stopped, in Lark's own reckoning."""
    from lark.exceptions import UnexpectedCharacters, UnexpectedToken

    from adcalc.syntax.generate import lark_parser

    try:
        lark_parser(start).parse(text)
    except UnexpectedToken as error:
        allowed = set(error.accepts or error.expected)
    except UnexpectedCharacters as error:
        allowed = set(error.allowed or ()) - {"RSQB", "LBRACE", "RBRACE"}  # of many states that share one row
    else:
        return None
    words = [words for name, words in _PLAIN.items() if name in allowed]
    return f"it could be {', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else None


@lru_cache(maxsize=1)
def _examples() -> dict[_Key, tuple[str, str]]:
    """The sentences and hints of mistakes.adc by where the parser stops in their examples; the first one counts.

    A foreign character is known by itself, and by whether a value stands before it; a sentence about certain words by
    one of these and whether it stands before the stop, at it, or first in the statement; other stops by the kinds of
    the words before and at them, whether a parenthesis, a list or an index is open, and the word that waits for its
    block. All by what kind of text it is.
    """
    labels: dict[_Key, tuple[str, str]] = {}
    label = ("", "")
    special: frozenset[str] = frozenset()
    for line in notation.read("mistakes.adc").splitlines():
        if line.startswith("    "):
            kind = next((kind for kind, mark in _MARKS.items() if line.startswith(mark, 4)), "program")
            text = line[4:].removeprefix(_MARKS.get(kind, ""))
            try:
                read(Source(text), kind)
            except Stop as stop:
                kind = _kind(kind, text, stop)
                labels.setdefault((kind, *_stem(stop, text, special)), label)
            except AdcalcSyntaxError:
                continue  # refused for a reason of its own, which has its own words
        elif line and not line.startswith("#"):
            *words, sentence, hint = line.split(" | ")
            label = (sentence, hint)
            special = frozenset(" ".join(words).split())
    return labels


def _stem(stop: Stop, text: str, special: frozenset[str]) -> _Key:
    """What an example teaches, but for the kind of its text."""
    if len(stop.found) == 1:
        return (_foreign(stop, text),)
    words = zip(_Words._fields, _words(text, stop), strict=True)
    found = next(((where, word) for where, word in words if word in special), None)
    return found or (_before(stop), stop.found, _inside(stop, text), stop.waiting[0])
