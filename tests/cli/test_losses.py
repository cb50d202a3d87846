"""Warnings about lost digits at the command line, in a session and in JSON."""

import json

import pytest


@pytest.mark.parametrize("command", ["eval", "grad", "diff"])
def test_people_read_where_the_digits_went(ask, command):
    code, out, err = ask(command, "(x - sin(x))/x^3", "--at", "x=1e-10")
    assert code == 0
    assert "= 0.16666666666666666" in out
    assert err.startswith(
        "warning: x - sin(x) loses digits where x = 1e-10, sin(x) = 1e-10: floating point has no digit"
    )


@pytest.mark.parametrize("command", ["eval", "grad", "diff"])
def test_scripts_read_it_in_the_object(ask, command):
    code, out, err = ask(command, "(x - sin(x))/x^3", "--at", "x=1e-10", "--json")
    assert (code, err) == (0, "")
    read = json.loads(out)
    assert read["value"] == 1 / 6
    assert [warning["kind"] for warning in read["warnings"]] == ["cancellation"]


@pytest.mark.parametrize("command", ["eval", "grad", "diff"])
def test_strict_makes_it_an_error(ask, command):
    code, out, err = ask(command, "log(exp(x))", "--at", "x=1000", "--strict", "--json")
    assert (code, out) == (1, "")
    assert json.loads(err)["error"]["kind"] == "precision"


def test_with_the_work_both_have_warnings(ask):
    code, out, _ = ask("grad", "(x - sin(x))/x^3", "--at", "x=1e-10", "--trace", "--json")
    read = json.loads(out)
    assert (code, read["value"], read["nodes"][-1]["value"]) == (0, 1 / 6, 0.0)
    assert read["warnings"][0]["kind"] == "cancellation"


def test_compare_goes_on_showing_what_floats_lose(ask):
    _, out, _ = ask("compare", "(x - sin(x))/x^3", "--at", "x=1e-10", "--json")
    methods = {method["mode"]: method for method in json.loads(out)["methods"]}
    assert methods["reverse"]["gradient"]["x"] == 0.0


def test_on_a_pipe(ask, monkeypatch):
    import io
    import sys

    monkeypatch.setattr(sys, "stdin", io.StringIO("x = 1e-10\ny = x - sin(x)\ngrad (x - sin(x))/x^3\n"))
    code, out, err = ask("repl")
    assert code == 0
    assert "∂/∂x = -1.6666666666666668e-12" in out
    assert err.count("loses digits") == 2
    monkeypatch.setattr(sys, "stdin", io.StringIO("x = 1e-10\n(x - sin(x))/x^3\n"))
    code, out, err = ask("repl", "--json")
    assert json.loads(out.splitlines()[-1])["warnings"][0]["kind"] == "cancellation"
