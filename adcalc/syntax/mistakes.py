"""The words of a syntax error: Lark parses the text again, and the nearest example of a known mistake names it.

grammar/mistakes.adc pairs sentences with malformed inputs. An input makes the same mistake as an example when the
parser stops in the same state at the same kind of word (Lark's `match_examples`), or at the same foreign character.
Only here, when a message is needed, is Lark loaded.
"""

import re
from functools import lru_cache
from typing import Any

from adcalc.errors import AdcalcSyntaxError, Place, Source
from adcalc.syntax import notation
from adcalc.syntax.generate import lark_parser

_WORD = re.compile(r"\s*(`[^`\n]*`|[^\W\d]\w*|[0-9.]+(?:[eE][+-]?[0-9]+)?|\*\*|<=|>=|==|!=|\.\.|.)?", re.DOTALL)
_LAST_WORD = re.compile(r"(`[^`\n]*`|\w+|\*\*|<=|>=|==|!=|[^\w\s])\s*\Z")


def explain(source: Source, start: str, position: int) -> AdcalcSyntaxError:
    """The error to raise for a text that the parser stopped reading at `position`.

    >>> error = explain(Source("sin x"), "program", 4)
    >>> error.message, error.hint
    ('two names stand side by side', 'write sin*x for the product, sin(x) for a call')
    """
    text = source.text
    found = _WORD.match(text, position)
    assert found is not None
    word = found.group(1) or ""
    place = Place(source, position, position + max(1, len(word))) if word else Place(source, len(text), len(text) + 1)
    unbalanced = _unbalanced(source, position, word)
    if unbalanced is not None:
        return unbalanced
    label = _label(text, start)
    if label is None:
        what = f"'{word}'" if word else "the end of the text"
        return AdcalcSyntaxError(f"{what} was not expected here", place)
    message, hint = label
    before = _LAST_WORD.search(text, 0, position)
    words = {"{left}": before.group(1) if before else "", "{right}": word}
    for key, value in words.items():
        message, hint = message.replace(key, value), hint.replace(key, value)
    return AdcalcSyntaxError(message, place, hint or None)


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


def _label(text: str, start: str) -> tuple[str, str] | None:
    from lark.exceptions import UnexpectedCharacters, UnexpectedInput

    parser = lark_parser(start)
    try:
        parser.parse(text)
    except UnexpectedCharacters as error:
        return _foreign(error.char)
    except UnexpectedInput as error:
        examples = {label: list(inputs) for label, inputs in _examples()}
        matched: Any = error.match_examples(parser.parse, examples, use_accepts=True)
        return matched if matched is not None else None
    return None


def _foreign(character: str) -> tuple[str, str] | None:
    """The label of the first example that stops at the same character, which no token of the language begins with."""
    from lark.exceptions import UnexpectedCharacters, UnexpectedInput

    parser = lark_parser("program")
    for label, inputs in _examples():
        for example in inputs:
            if character in example:
                try:
                    parser.parse(example)
                except UnexpectedCharacters as error:
                    if error.char == character:
                        return label
                except UnexpectedInput:
                    continue
    return None


@lru_cache(maxsize=1)
def _examples() -> tuple[tuple[tuple[str, str], tuple[str, ...]], ...]:
    """The pairs of mistakes.adc: ((sentence, hint), inputs)."""
    pairs: list[tuple[tuple[str, str], tuple[str, ...]]] = []
    label: tuple[str, str] | None = None
    inputs: list[str] = []
    for line in [*notation.read("mistakes.adc").splitlines(), "end"]:
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith(" "):
            inputs.append(line[4:])
            continue
        if label is not None:
            pairs.append((label, tuple(inputs)))
        sentence, _, hint = line.rpartition(" | ")
        label, inputs = (sentence, hint), []
    return tuple(pairs)
