"""The words of a syntax error: the nearest example of a known mistake names it.

grammar/mistakes.adc pairs sentences with malformed inputs. A text makes the same mistake as an example when the parser
stops at the same kind of word after the same kind of word. Where no example fits, Lark parses the text again and
says what could have stood there; only then is it loaded.
"""

import re
from functools import lru_cache
from typing import Final

from adcalc.errors import AdcalcSyntaxError, Place, Source
from adcalc.syntax import notation
from adcalc.syntax.parser import Stop, read

_WORD = re.compile(r"\s*(`[^`\n]*`|[^\W\d]\w*|[0-9.]+(?:[eE][+-]?[0-9]+)?|\*\*|<=|>=|==|!=|\.\.|.)?", re.DOTALL)
_LAST_WORD = re.compile(r"(`[^`\n]*`|\w+|\*\*|<=|>=|==|!=|[^\w\s])\s*\Z")
_EQUAL = re.compile(r"\w\s*(=)(?!=)[^=(),;\n]*\Z")  # inside brackets, where a comparison was meant
_MARKS: Final = {"point": "--at ", "claim": "--claim "}  # what examples that are no programs begin with
_PLAIN: Final = {
    "NAME": "a name",
    "NUMBER": "a number",
    "LPAR": "'('",
    "RPAR": "')'",
    "COMMA": "','",
    "EQUAL": "'='",
    "__ANON_0": "'..'",
    "FILE": "@file",
    "ON": "on",
    "COLON": "':'",
    "PLUS": "an operator",
    "SEPARATOR": "';'",
    "$END": "the end",
}


def explain(source: Source, start: str, stop: Stop) -> AdcalcSyntaxError:
    """The error to raise for a text that the parser stopped reading.

    >>> error = explain(Source("sin x"), "program", Stop(4, "NAME", "NAME", 0))
    >>> error.message, error.hint
    ('two names stand side by side', 'write sin*x for the product, sin(x) for a call')
    """
    text = source.text
    position = stop.position
    found = _WORD.match(text, position)
    assert found is not None
    word = found.group(1) or ""
    place = Place(source, position, position + max(1, len(word))) if word else Place(source, len(text), len(text) + 1)
    unbalanced = _unbalanced(source, position, word)
    if unbalanced is not None:
        return unbalanced
    equal = _EQUAL.search(text, 0, position)
    if equal and start == "program" and stop.depth and stop.found in ("COMMA", "RPAR"):
        message, hint = _examples()["program", "NAME", "EQUAL", True]
        return AdcalcSyntaxError(message, Place(source, equal.start(1), equal.end(1)), hint)
    label = _label(stop, start, text)
    if label is None:
        what = f"'{word}'" if word else "the end of the text"
        if word and not word.isprintable():
            from unicodedata import name

            what = f"U+{ord(word):04X} ({name(word, 'a control character').lower()})"
        return AdcalcSyntaxError(f"{what} was not expected here", place, _expected(text, start))
    message, hint = label
    before = _LAST_WORD.search(text, 0, position)
    for key, value in {"{left}": before.group(1) if before else "", "{right}": word}.items():
        message, hint = message.replace(key, value), hint.replace(key, value)
    return AdcalcSyntaxError(message, place, hint or None)


def _label(stop: Stop, start: str, text: str) -> tuple[str, str] | None:
    """The sentence and hint of the nearest example: the same place in brackets and kind of text if there is one."""
    examples = _examples()
    kinds = (_kind(start, text, stop), "point" if start == "program" else "program")
    if len(stop.found) == 1:
        foreign = (_foreign(stop, text), stop.found)
        return next((examples[kind, word] for kind in kinds for word in foreign if (kind, word) in examples), None)
    inside = stop.depth > 0
    found = (examples.get((kind, stop.before, stop.found, depth)) for depth in (inside, not inside) for kind in kinds)
    return next((label for label in found if label), None)


def _kind(start: str, text: str, stop: Stop) -> str:
    """What is being read: a claim is one thing before its colon, and an expression behind it."""
    if start == "claim" and ":" in text[: stop.position]:
        return "claimed"
    return start if start in _MARKS else "program"


def _foreign(stop: Stop, text: str) -> str:
    """A character that begins no token, and its double where it stands twice."""
    return stop.found * (2 if text.startswith(stop.found * 2, stop.position) else 1)


def _unbalanced(source: Source, position: int, word: str) -> AdcalcSyntaxError | None:
    """The error of a bracket that has no partner, if that is what stopped the parser."""
    opened: list[int] = []
    for found in re.finditer(r"[()]|#[^\n]*|`[^`\n]*`", source.text[:position]):
        if found.group() == "(":
            opened.append(found.start())
        elif found.group() == ")" and opened:
            opened.pop()
    if word == ")" and not opened:
        return AdcalcSyntaxError(
            "this parenthesis closes nothing", Place(source, position, position + 1), "remove it, or open one before it"
        )
    if not word and opened:
        at = opened[-1]
        complete = not re.search(r"[-+*/^%,<>=(]\s*\Z", source.text)
        if complete:
            return AdcalcSyntaxError("this parenthesis is never closed", Place(source, at, at + 1), "add ')'")
    return None


def _expected(text: str, start: str) -> str | None:
    """What could have stood where the parser stopped, in Lark's own reckoning."""
    from lark.exceptions import UnexpectedCharacters, UnexpectedToken

    from adcalc.syntax.generate import lark_parser

    try:
        lark_parser(start).parse(text)
    except UnexpectedToken as error:
        allowed = set(error.accepts or error.expected)
    except UnexpectedCharacters as error:
        allowed = set(error.allowed or ())
    else:
        return None
    words = [words for name, words in _PLAIN.items() if name in allowed]
    return f"it could be {', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else None


@lru_cache(maxsize=1)
def _examples() -> dict[tuple[str | bool, ...], tuple[str, str]]:
    """The sentences and hints of mistakes.adc by where the parser stops in their examples; the first one counts.

    A foreign character is known by itself alone, other stops by the words before and at them and whether a bracket is
    open; both by what kind of text it is.
    """
    labels: dict[tuple[str | bool, ...], tuple[str, str]] = {}
    label = ("", "")
    for line in notation.read("mistakes.adc").splitlines():
        if line.startswith("    "):
            kind = next((kind for kind, mark in _MARKS.items() if line.startswith(mark, 4)), "program")
            text = line[4:].removeprefix(_MARKS.get(kind, ""))
            try:
                read(Source(text), kind)
            except Stop as stop:
                kind = _kind(kind, text, stop)
                if len(stop.found) == 1:
                    labels.setdefault((kind, _foreign(stop, text)), label)
                else:
                    labels.setdefault((kind, stop.before, stop.found, stop.depth > 0), label)
            except AdcalcSyntaxError:
                continue  # refused for a reason of its own, which has its own words
        elif line and not line.startswith("#"):
            sentence, _, hint = line.rpartition(" | ")
            label = (sentence, hint)
    return labels
