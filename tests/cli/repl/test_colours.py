"""Colours of the line being typed: together the stretches are the line, whatever it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adcalc.cli.repl.colours import STYLES, coloured
from adcalc.cli.repl.session import Session

SESSION = Session()
SESSION.answer("x = 2")
SESSION.answer("mine(u) = u")


def pieces(text):
    return [piece for piece in coloured(SESSION, text) if piece[0]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2x + sin(y)", [("number", "2"), ("variable", "x"), ("function", "sin"), ("name", "y")]),
        ("mine(x) # why", [("function", "mine"), ("variable", "x"), ("comment", " # why")]),
        ("if x > 1 { a = 2 }", [("keyword", "if"), ("variable", "x"), ("number", "1"), ("name", "a"), ("number", "2")]),
        ("x $ 2", [("variable", "x"), ("wrong", "$"), ("number", "2")]),
        ("grad x --mode forward", [("command", "grad"), ("variable", "x"), ("option", "--mode"), ("name", "forward")]),
        (":set mode x", [("command", ":set")]),
        ("cso(1", [("number", "1")]),
    ],
)
def test_stretches(text, expected):
    assert pieces(text) == expected


WORDS = [
    "grad",
    "x",
    "--wrt",
    " ",
    "\n",
    "(",
    "}",
    "2",
    "#",
    "`",
    "'",
    '"',
    ":",
    "set",
    "--",
    "-",
    "=",
    "@a",
    "²",
    "sin(",
]


@given(st.lists(st.sampled_from(WORDS), max_size=12).map("".join))
def test_nothing_is_lost_or_added(text):
    found = list(coloured(SESSION, text))
    assert "".join(stretch for _, stretch in found) == text
    assert {style for style, _ in found} <= STYLES.keys()
