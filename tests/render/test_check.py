"""Claims as a person and as a script sees them."""

import json

from adcalc.api import function
from adcalc.render.check import check
from adcalc.render.json import check as to_json


def text(result):
    return ["".join(word for word, _ in line) for line in check(result)]


def test_a_claim_that_holds_with_its_point():
    assert text(function("x^2*y").check(["x: 2*x*y", "x, y: 2*x"], {"x": 3, "y": 2})) == [
        "x^2*y",
        "  ∂/∂x = 2*x*y",
        "    holds: both simplify to 2*x*y; they agree to 50 digits at 60 points of the domain",
        "    at x = 3, y = 2 both are 12",
        "  ∂²/∂x∂y = 2*x",
        "    holds: both simplify to 2*x; they agree to 50 digits at 60 points of the domain",
        "    at x = 3, y = 2 both are 6",
    ]


def test_refuted_claims_are_left_to_the_errors():
    assert text(function("x*y").check(["x: y", "y: 1"]))[1:] == [
        "  ∂/∂x = y",
        "    holds: both simplify to y; they agree to 50 digits at 60 points of the domain",
    ]
    assert text(function("x*y").check(["y: 1"])) == []


def test_what_is_very_long_is_cut():
    claim = " + ".join(f"sin({k}*x)" for k in range(1, 90))
    lines = text(function(" + ".join(f"y*sin({k}*x)" for k in range(1, 90))).check([f"y: {claim}"]))
    assert max(map(len, lines)) < 250
    assert "…" in lines[1]


def test_json_has_both_kinds():
    found = json.loads(to_json(function("x*y").check(["x: y", "y: 1", "x, y: 1"], {"x": 2, "y": 3})))
    assert list(found) == ["expression", "at", "claims"]
    assert found["at"] == {"x": 2.0, "y": 3.0}
    claims = found["claims"]
    assert list(claims) == ["x", "y", "x,y"]
    assert claims["x"]["holds"] is True
    assert claims["x"]["derivative"] == claims["x"]["claimed"] == "3"
    assert claims["y"] == {
        "holds": False,
        "evidence": "at x = 2, y = 3 it is 1, and the derivative is 2",
        "claim": "1",
        "formula": "x",
        "point": {"x": 2.0, "y": 3.0},
        "derivative": "2",
        "claimed": "1",
    }


def test_json_without_a_point_has_none():
    claims = json.loads(to_json(function("x^2").check(["x: 2*x"])))["claims"]
    assert list(claims["x"]) == ["holds", "evidence", "claim", "formula"]
