"""Where entries end."""

import pytest

from adcalc.cli.repl.entries import Depth, entries


@pytest.mark.parametrize(
    "text",
    ["f(u) = {", "sin(x", "[1, 2", "x +", "x ^", "y =", "x and", "f(u) = { if u > 1 { 2 }", "x *  # why", "(" * 5000],
)
def test_what_goes_on(text):
    assert not Depth(text).is_complete


@pytest.mark.parametrize("text", ["", "x", "f(x)", "x)", "}", "x!", "`a (b`", "x # (", "f(u) = { u }", "x == y", "$"])
def test_what_is_complete(text):
    assert Depth(text).is_complete


def test_entries_of_a_text():
    lines = [
        "a = 1  \n",
        "\n",
        "f(u) = {\n",
        "\n",
        "  u\n",
        "}\n",
        "sin(a\n",
        "\n",
        "b +\r\n",
        "2\n",
        ":set (\n",
        "x (",
    ]
    assert list(entries(lines)) == ["a = 1", "f(u) = {\n\n  u\n}", "sin(a", "b +\n2", ":set (", "x ("]
