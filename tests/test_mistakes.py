"""What is said about bad input: each file of tests/mistakes holds one, and the diagnostic that it gets.

The input stands above the line `---`, the words below it. An input that begins with `--at` is a point; one that is read
well is evaluated at the values of POINT, as far as it has these variables. One that begins with `--claim` is a claim
about x^2*y, and one that begins with `--correlation` is of x and y.
"""

import re
from pathlib import Path

import pytest

from adcalc.api import function
from adcalc.errors import AdcalcError, AdcalcSyntaxError, Source
from adcalc.render import text as render
from adcalc.rules.table import standard
from adcalc.syntax import notation
from adcalc.syntax.claim import claim_in, read_claim
from adcalc.syntax.correlation import parse_correlation
from adcalc.syntax.parser import parse
from adcalc.syntax.point import parse_point

POINT = {
    "x": 1,
    "y": 2,
    "u": [1, 2, 3],
    "v": [1, 2],
    "A": [[1, 2], [3, 4]],
    "B": [[1, 2, 3], [4, 5, 6]],
    "X": [[1, 2], [3, 4], [5, 6]],
    "W": [[1], [2]],
    "T": [[1], [2], [3]],
}
MISTAKES = sorted((Path(__file__).parent / "mistakes").glob("*.txt"))


def ask(text):
    """Read a point, or evaluate anything else."""
    if text.startswith("--at "):
        parse_point(Source(text.removeprefix("--at ")), standard())
        return
    if text.startswith("--correlation "):
        parse_correlation(Source(text.removeprefix("--correlation ")), standard(), ["x", "y"])
        return
    if text.startswith("--claim "):
        read_claim(claim_in(text.removeprefix("--claim ")), parse(Source("x^2*y")), ("x", "y"), standard())
        return
    asked = function(text)
    used = {name: value for name, value in POINT.items() if name in asked.variables}
    asked.value(used or POINT)


def diagnostic(text):
    """The words for an input; empty where it is no mistake."""
    try:
        ask(text)
    except AdcalcError as error:
        return render.text(render.error(error))
    return ""


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_the_diagnostic_of(path):
    text, _, expected = path.read_text(encoding="utf-8").partition("\n---\n")
    assert diagnostic(text) + "\n" == expected


def test_there_are_many_mistakes():
    assert len(MISTAKES) >= 260


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_the_place_is_inside_the_text_or_just_behind_it(path):
    text = path.read_text(encoding="utf-8").partition("\n---\n")[0]
    with pytest.raises(AdcalcError) as refused:
        ask(text)
    place = refused.value.place
    if place is not None:
        assert 0 <= place.start <= len(text)
        assert "\n" not in place.excerpt.strip("\n")


def examples():
    """Every example of mistakes.adc, its kind of text, and the sentence that it stands below."""
    sentence = ""
    for line in notation.read("mistakes.adc").splitlines():
        if line.startswith("    "):
            text = line[4:]
            kind = next((kind for kind in ("at", "claim", "correlation") if text.startswith(f"--{kind} ")), "program")
            yield text.removeprefix(f"--{kind} "), {"at": "point"}.get(kind, kind), sentence
        elif line and not line.startswith("#"):
            sentence = line.split(" | ")[-2]


@pytest.mark.parametrize(("text", "kind", "sentence"), list(examples()))
def test_every_example_gets_the_sentence_that_it_stands_below(text, kind, sentence):
    with pytest.raises(AdcalcSyntaxError) as refused:
        parse(Source(text), kind)
    pattern = re.sub(r"\\{\w+\\}", ".+", re.escape(sentence))
    assert re.fullmatch(pattern, refused.value.message)
    assert not re.search(r"\{\w+\}", refused.value.message + refused.value.hint)
    assert 0 <= refused.value.place.start <= len(text)


@pytest.mark.parametrize("closer", [")", "]", "}"])
@pytest.mark.parametrize("opener", ["(", "[", "f(u) = {"])
def test_brackets_close_their_own_kind(opener, closer):
    text = f"{opener}x{closer}"
    if dict(zip("([{", ")]}", strict=True))[opener[-1]] == closer:
        assert parse(Source(text)).block
        return
    with pytest.raises(
        AdcalcSyntaxError, match=f"'\\{closer}' does not close the '\\{opener[-1]}' before it"
    ) as refused:
        parse(Source(text))
    assert refused.value.place.excerpt == closer


@pytest.mark.parametrize(
    ("text", "opener"),
    [
        ("sin(x + (y - 1)", 3),
        ("[x, (y)", 0),
        ("f(u) = { [u, 2]", 7),
        ("while x < 3 { if x > 0 { x = 2 }", 12),
        ("a = (x # )\nb = 2", 4),
        ("a = f(`)`\nb = 2", 5),
        ("if (x > 0 { 1 }", 3),
        ("f(u) = { (u }", 9),
        ("max(x, [1, 2)", 7),
    ],
)
def test_a_bracket_that_is_never_closed_is_pointed_at_where_it_opens(text, opener):
    with pytest.raises(AdcalcSyntaxError, match=r"this \w+ is never closed") as refused:
        parse(Source(text))
    assert refused.value.place.start == opener


@pytest.mark.parametrize(("text", "closer"), [("x)", 1), ("(x))", 3), ("x]", 1), ("}", 0), ("f(u) = { u } }", 13)])
def test_a_bracket_that_closes_nothing_is_pointed_at(text, closer):
    with pytest.raises(AdcalcSyntaxError, match=r"this \w+ closes nothing") as refused:
        parse(Source(text))
    assert refused.value.place.start == closer


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("max(x,\n y z)", "two names stand side by side"),
        ("max(x\n y)", "two names stand side by side"),
        ("(x\n = 2)", "'=' names a value at the beginning of a statement"),
        ("(x +", "a value is missing after '+'"),
        ("f(u) = { u +", "a value is missing after '+'"),
        ("repeat 2 { while x < 3", "'while' needs a block in braces"),
        ("repeat 2 { if x > 0 { 1 } else", "'else' needs a block in braces"),
        ("(x; y)", "';' separates statements, not the values in brackets"),
    ],
)
def test_a_bracket_is_not_blamed_for_another_mistake(text, message):
    with pytest.raises(AdcalcSyntaxError) as refused:
        parse(Source(text))
    assert refused.value.message == message


def test_a_hint_repeats_a_short_condition_and_not_a_long_one():
    hints = []
    for condition in ("x < 3  # why\n", " and ".join(["x < 3"] * 20)):
        with pytest.raises(AdcalcSyntaxError, match="'while' needs a block") as refused:
            parse(Source(f"while {condition}"))
        hints.append(refused.value.hint)
    assert hints == ["write while x < 3 { … }", "write while … { … }"]
