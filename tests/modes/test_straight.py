"""Tapes as graphs without choices."""

import pytest

from adcalc.api import function
from adcalc.modes.straight import straightened
from adcalc.syntax.unparse import unparse


def straight(text, **point):
    asked = function(text)
    lowered, at = asked.at(point)
    found = straightened(asked.tape(lowered, at, ()))
    turns = [(unparse(found.graph, node), truth) for node, truth in found.turns]
    return unparse(found.graph, found.images[lowered.output]), turns


@pytest.mark.parametrize(
    ("text", "point", "expected", "turns"),
    [
        ("x*y", {"x": 1, "y": 2}, "x*y", []),
        ("if(x > 0, x^2, log(x))", {"x": 3}, "x^2", [("x > 0", True)]),
        ("if(x > 0, log(x), x^2)", {"x": -3}, "x^2", [("x > 0", False)]),
        ("if(x > 0 and y > 0, x, y)", {"x": -1, "y": 1}, "y", [("x > 0", False)]),
        ("if(x > 0 or y > 0, x, y)", {"x": 1, "y": 1}, "x", [("x > 0", True)]),
        ("if(x > 0 and y > 0, x, y)", {"x": 1, "y": 1}, "x", [("x > 0 and y > 0", True)]),
        ("if(x > 0, if(y > 0, x*y, x), y)", {"x": 1, "y": -1}, "x", [("y > 0", False), ("x > 0", True)]),
        ("if(not x > 0, x, -x)", {"x": 1}, "-x", [("not x > 0", False)]),
    ],
)
def test_the_sides_that_were_taken(text, point, expected, turns):
    found, met = straight(text, **point)
    assert found == expected
    assert sorted(met) == sorted(turns)
