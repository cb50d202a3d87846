"""What is said about bad input: each file of tests/mistakes holds one, and the diagnostic that it gets.

The input stands above the line `---`, the words below it. An input that begins with `--at` is a point; one that is read
well is evaluated at x=1, y=2, as far as it has these variables. One that begins with `--claim` is a claim about x^2*y.
"""

from pathlib import Path

import pytest

from adcalc.api import function
from adcalc.errors import AdcalcError, Source
from adcalc.render import text as render
from adcalc.rules.table import standard
from adcalc.syntax.claim import claim_in, read_claim
from adcalc.syntax.parser import parse
from adcalc.syntax.point import parse_point

MISTAKES = sorted((Path(__file__).parent / "mistakes").glob("*.txt"))


def ask(text):
    """Read a point, or evaluate anything else."""
    if text.startswith("--at "):
        parse_point(Source(text.removeprefix("--at ")), standard())
        return
    if text.startswith("--claim "):
        read_claim(claim_in(text.removeprefix("--claim ")), parse(Source("x^2*y")), ("x", "y"), standard())
        return
    asked = function(text)
    point = {"x": 1, "y": 2}
    used = {name: value for name, value in point.items() if name in asked.variables}
    asked.value(used or point)


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
    assert len(MISTAKES) >= 70


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_the_place_is_inside_the_text_or_just_behind_it(path):
    text = path.read_text(encoding="utf-8").partition("\n---\n")[0]
    with pytest.raises(AdcalcError) as refused:
        ask(text)
    place = refused.value.place
    if place is not None:
        assert 0 <= place.start <= len(text)
        assert "\n" not in place.excerpt.strip("\n")
