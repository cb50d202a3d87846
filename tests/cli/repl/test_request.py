"""A line without quotes, taken apart."""

import pytest

from adcalc.cli.repl.request import split
from adcalc.errors import UsageError

KNOWN = {
    "--at": True,
    "-a": True,
    "--wrt": True,
    "-w": True,
    "--mode": True,
    "-m": True,
    "--json": False,
    "-f": True,
    "-h": False,
}


@pytest.mark.parametrize(
    ("line", "expression", "options"),
    [
        ("grad x^2", "x^2", []),
        ("grad x - a", "x - a", []),
        ("grad x -a", "x -a", []),
        ("grad x -a + w", "x -a + w", []),
        ("grad -x", "-x", []),
        ("grad -w", "-w", []),
        ("grad -h", "", [("-h", None)]),
        ("grad x -w y", "x", [("-w", "y")]),
        ("grad -w y x + 1", "x + 1", [("-w", "y")]),
        ("grad --json x", "x", [("--json", None)]),
        ("grad x --json", "x", [("--json", None)]),
        ("grad --at x=1, y = 2 --json", "", [("--at", "x=1, y = 2"), ("--json", None)]),
        ("grad --at x=1, y=2 x*y", "x*y", [("--at", "x=1, y=2")]),
        ("grad x*y --at x = 1, y = 2", "x*y", [("--at", "x = 1, y = 2")]),
        ("grad --at='x=1, y=2' x*y", "x*y", [("--at", "x=1, y=2")]),
        ("grad f(x, --y)", "f(x, --y)", []),
        ("grad x --y", "x --y", []),
        ("grad `a --json` * 2", "`a --json` * 2", []),
        ('grad "x # y" --wrt x', "x # y", [("--wrt", "x")]),
        ("grad x --wrt x  # by x --json", "x", [("--wrt", "x")]),
        ("grad -f programs/a.adc", "", [("-f", "programs/a.adc")]),
        ("grad -f a.adc --json", "", [("-f", "a.adc"), ("--json", None)]),
        ("grad a = x*y; a + 1 --mode forward", "a = x*y; a + 1", [("--mode", "forward")]),
        ("grad f(x", "f(x", []),
        ("grad", "", []),
    ],
)
def test_expression_and_options(line, expression, options):
    found = split(line, 4, KNOWN)
    assert found.expression.text == expression
    assert [(name.text, value and value.text) for name, value in found.options] == options
    for part in (found.expression, *(part for option in found.options for part in option if part)):
        assert line[part.start :].startswith(part.text)


def test_a_flag_takes_no_value():
    with pytest.raises(UsageError, match="--json takes no value"):
        split("grad x --json y", 4, KNOWN)
