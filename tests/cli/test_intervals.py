"""Intervals after --at on the command line: what eval and grad print, and what other commands say."""

import json

import pytest


def test_a_value_over_an_interval(ask):
    assert ask("eval", "x^2 - x", "--at", "x=[0 .. 1]") == (0, "x^2 - x ∈ [-0.25, 0]\n", "")
    assert ask("eval", "x^2", "--at", "x=2+/-0.1") == (0, "x^2 ∈ [3.61, 4.41]\n", "")
    assert ask("eval", "[x, 2]", "--at", "x=[0..1]")[1].splitlines() == ["[x, 2]", "  [0] ∈ [0, 1]", "  [1] = 2"]


def test_a_gradient_over_an_interval(ask):
    code, out, err = ask("grad", "abs(x)*y", "--at", "x=[-1 .. 2], y=3")
    assert (code, err) == (0, "")
    assert out.splitlines() == ["abs(x)*y ∈ [0, 6]", "  ∂/∂x ∈ [-3, 3]", "  ∂/∂y ∈ [0, 2]"]


def test_digits_are_those_of_the_ends(ask):
    assert ask("eval", "sin(x)", "--at", "x=[1/2 .. 1]", "--digits", "3")[1] == "sin(x) ∈ [0.479, 0.842]\n"
    assert (
        ask("eval", "sin(x)", "--at", "x=[1/2 .. 1]", "--digits", "12")[1]
        == "sin(x) ∈ [0.479425538604, 0.841470984808]\n"
    )


def test_json_has_the_keys_of_an_enclosure(ask):
    code, out, _ = ask("grad", "x^2*y", "--at", "x=2±0.1, y=3", "--json")
    assert code == 0
    assert json.loads(out) == {
        "expression": "x^2*y",
        "at": {"x": ["1.9", "2.1"], "y": "3"},
        "mode": "reverse",
        "value": None,
        "gradient": {"x": None, "y": None},
        "enclosure": {"value": ["10.83", "13.23"], "gradient": {"x": ["11.4", "12.6"], "y": ["3.61", "4.41"]}},
    }
    _, out, _ = ask("eval", "[x, x^2]", "--at", "x=[1 .. 2]", "--json")
    assert json.loads(out)["enclosure"] == [["1", "2"], ["1", "4"]]
    _, out, _ = ask("eval", "x", "--at", "x=[1 .. 2]", "--json")
    assert json.loads(out) == {"expression": "x", "at": {"x": ["1", "2"]}, "value": None, "enclosure": ["1", "2"]}


@pytest.mark.parametrize("mode", ["forward", "reverse", "symbolic"])
def test_every_mode_encloses(ask, mode):
    _, out, _ = ask("grad", "x^3", "--at", "x=[1 .. 2]", "--mode", mode, "--json")
    assert json.loads(out)["enclosure"]["gradient"] == {"x": ["3", "12"]}


@pytest.mark.parametrize("command", ["diff", "trace", "compare", "graph", "plot"])
@pytest.mark.parametrize(("value", "words"), [("[1 .. 2]", "x has an interval"), ("1±0.1", "x has a value with ±")])
def test_other_commands_say_who_takes_an_interval(ask, command, value, words):
    code, out, err = ask(command, "x^2", "--at", f"x={value}", "--json")
    error = json.loads(err)["error"]
    assert (code, out, error["kind"]) == (2, "", "usage")
    assert words in error["message"]
    assert "eval" in error["hint"]


def test_check_at_an_interval_is_refused(ask):
    code, _, err = ask("check", "x^2", "--claim", "x: 2*x", "--at", "x=[1 .. 2]")
    assert code == 2
    assert "one number is needed here" in err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["eval", "1/x", "--at", "x=[-1 .. 1]"], 1, "1/x has no value where x = 0"),
        (["grad", "floor(x)", "--at", "x=[0.5 .. 1.5]"], 1, "floor(x) may jump"),
        (["grad", "x^2", "--at", "x=[1 .. 2]", "--mode", "finite"], 2, "finite differences"),
        (["grad", "x^2", "--at", "x=[1 .. 2]", "--at-kink", "left"], 2, "both sides of a kink"),
        (["grad", "x^2", "--at", "x=[1 .. 2]", "--trace"], 2, "--trace"),
        (["eval", "x^2", "--at", "x=[2 .. 1]"], 2, "runs backwards"),
        (["eval", "x^2", "--at", "x=1..2"], 2, "x has a range"),
        (["eval", "x^2*y", "--at", "x=[1 .. 2]"], 2, "'y' has no value"),
        (["eval", "x^2", "--at", "x=[1, 2]±0.1"], 2, "x is an array, and a box is of numbers"),
        (["eval", "x^2", "--at", "x=2±[0.1]"], 2, "x is an array, and a box is of numbers"),
        (["grad", "sum(x)", "--at", "x=[[1] .. [2]]"], 2, "x is an array, and a box is of numbers"),
        (["eval", "x^2", "--at", "x=[1 .. 2], y=1"], 2, "no variable 'y'"),
    ],
)
def test_what_is_refused(ask, arguments, code, words):
    found, out, err = ask(*arguments)
    assert (found, out) == (code, "")
    assert words in err


def test_an_end_may_be_made_of_arrays(ask):
    point = "x=sum([1, 2]), y=[det([[0, 2], [3, 4]]) .. max([1, 2])]"
    assert ask("eval", "x*y", "--at", point)[1] == "x*y ∈ [-18, 6]\n"


def test_the_place_of_an_interval_is_underlined(ask):
    err = ask("eval", "x^2", "--at", "a=1, x=[2 .. 1]")[2]
    assert err.splitlines()[1:3] == ["  a=1, x=[2 .. 1]", "       ^^^^^^^^^^"]
