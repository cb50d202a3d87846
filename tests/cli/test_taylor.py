"""`adcalc taylor`, and `grad` of other orders, as people and scripts meet them."""

import json

import pytest
import sympy
from mpmath import mp

from adcalc.cli.app import run


def test_the_keys_are_those_of_the_contract(answer):
    found = answer("taylor", "exp(x)*y", "--at", "x=0,y=2", "--wrt", "x", "--order", "3")
    assert found == {
        "expression": "exp(x)*y",
        "at": {"x": 0.0, "y": 2.0},
        "order": 3,
        "coefficients": [2.0, 2.0, 1.0, 1 / 3],
        "derivatives": [2.0, 2.0, 2.0, 2.0],
    }


def test_digits_are_texts(answer):
    found = answer("taylor", "sqrt(x)", "--at", "x=2", "-n", "1", "--digits", "30")
    assert found["at"] == {"x": "2"}
    assert found["coefficients"] == ["1.41421356237309504880168872421", "0.353553390593273762200422181052"]


def test_what_floats_cannot_hold(answer, ask):
    found = answer("taylor", "1/(1-x)", "--at", "x=0", "--order", "200")
    assert found["coefficients"] == [1.0] * 201
    assert found["derivatives"][171:] == [None] * 30
    assert [one["kind"] for one in found["warnings"]] == ["overflow"]
    code, out, err = ask("taylor", "1/(1-x)", "--at", "x=0", "--order", "200")
    assert code == 0
    assert "7.8865786736479050e+374" in out
    assert err.startswith("warning: derivatives from order 171 on are beyond")
    code, out, err = ask("taylor", "1/(1-x)", "--at", "x=0", "--order", "200", "--strict")
    assert (code, out) == (1, "")


@pytest.mark.parametrize(
    ("arguments", "code", "kind"),
    [
        (["1/x", "--at", "x=0"], 1, "domain"),
        (["sqrt(x)", "--at", "x=0"], 1, "not_differentiable"),
        (["abs(x)", "--at", "x=0"], 1, "not_differentiable"),
        (["abs(x^2 - 2)", "--at", "x=sqrt(2)"], 1, "precision"),
        (["x", "--at", "x=1", "--order", "10001"], 1, "limit"),
        (["x", "--at", "x=1", "--order", "-1"], 2, "usage"),
        (["x*y", "--at", "x=1,y=1"], 2, "usage"),
        (["x*y", "--at", "x=1,y=1", "--wrt", "x,y"], 2, "usage"),
        (["x*y", "--at", "x=1,y=1", "--wrt", "t"], 2, "unknown_variable"),
        (["x", "--at", "x=1", "--digits", "0"], 2, "usage"),
        (["x"], 2, "unbound_variable"),
        (["sum(x)", "--at", "x=[1, 2]"], 2, "shape"),
        (["x +* 2", "--at", "x=1"], 2, "syntax"),
    ],
)
def test_errors(ask, arguments, code, kind):
    found, out, err = ask("taylor", *arguments, "--json")
    assert (found, out) == (code, "")
    assert json.loads(err)["error"]["kind"] == kind


def test_both_sides_of_a_kink(ask):
    _, _, err = ask("taylor", "x*abs(x)", "--at", "x=0", "--json")
    assert (json.loads(err)["error"]["left"], json.loads(err)["error"]["right"]) == (-2.0, 2.0)


def test_degenerate_series(answer, ask):
    assert ask("taylor", "2+3")[:2] == (0, "2 + 3\n  = 5\n")
    assert ask("taylor", "x^2", "--at", "x=3", "--order", "0")[1] == "x^2\n  = 9 + O(x - 3)\n"
    assert answer("taylor", "7", "--order", "2")["coefficients"] == [7.0, 0.0, 0.0]


@pytest.mark.parametrize("width", [80, 120])
def test_the_lines_fit(ask, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    for digits in ([], ["--digits", "50"]):
        code, out, _ = ask("taylor", "exp(sin(x))", "--at", "x=pi/3", "--order", "15", *digits)
        assert code == 0
        assert max(map(len, out.splitlines())) <= width


# ------------------------------------------------------------------ grad


def test_gradients_of_an_order(answer):
    found = answer("grad", "x^4*y^3", "--at", "x=1,y=2", "--order", "2")
    assert found["mode"] == "taylor"
    assert found["order"] == 2
    assert found["value"] == 8.0
    assert found["gradient"] == {"x": 96.0, "y": 12.0}
    assert "order" not in answer("grad", "x^4*y^3", "--at", "x=1,y=2")


def test_mixed_partials(answer, ask):
    found = answer("grad", "x^4*y^3", "--at", "x=1,y=2", "--wrt", "x,x,y")
    assert (found["order"], found["gradient"]) == (3, {"x,x,y": 144.0})
    same = answer("grad", "x^4*y^3", "--at", "x=1,y=2", "--wrt", "x,y", "--mixed")
    assert (same["order"], same["gradient"]) == (2, {"x,y": 48.0})
    out = ask("grad", "x^4*y^3", "--at", "x=1,y=2", "--wrt", "x,x,y")[1]
    assert out == "x^4*y^3 = 8\n  ∂³/∂x²∂y = 144\n"


@pytest.mark.parametrize("options", [["--order", "3"], ["--wrt", "x,x,x"], ["--wrt", "x", "--order", "3"]])
def test_an_order_is_kept_with_digits(answer, ask, options):
    with mp.workdps(50):
        true = mp.nstr(8 * mp.exp(mp.mpf(2) / 3), 25, strip_zeros=False)
    found = answer("grad", "exp(2*x)", "--at", "x=1/3", *options, "--digits", "25")
    assert found["order"] == 3
    assert found["gradient"] == {"x": true}
    people = ask("grad", "exp(2*x)", "--at", "x=1/3", *options, "--digits", "25")[1]
    assert people.splitlines()[1] == f"  ∂³/∂x³ = {true}"


@pytest.mark.parametrize(
    "options",
    [["--mode", "forward"], ["--trace"], ["--at-kink", "left"], ["--enclosure"], ["--trace", "--digits", "5"]],
)
def test_what_only_first_derivatives_have(ask, options):
    for which in (["--order", "2"], ["--wrt", "x,x"]):
        code, out, err = ask("grad", "x^3", "--at", "x=1", *which, *options)
        assert (code, out) == (2, "")
        assert "first derivatives" in err


def test_formulas_of_high_order_are_short_and_their_numbers_right(answer):
    found = answer("diff", "sqrt(1+x^2)", "--order", "6", "--at", "x=1")
    x = sympy.symbols("x")
    true = sympy.sqrt(1 + x**2).diff(x, 6)
    assert found["evaluated"]["x"] == float(sympy.N(true.subs(x, 1), 30))
    formula = found["derivatives"]["x"]
    assert sympy.simplify(sympy.sympify(formula.replace("^", "**")) - true) == 0
    assert len(formula) < 80


def test_in_a_session(capsys):
    from adcalc.cli.repl.session import Session

    session = Session()
    session.answer("x = 1/3")
    session.answer("taylor sin(x) --order 2")
    assert capsys.readouterr().out.splitlines()[-1].split("│")[0].strip() == "2"
    session.answer("ans")
    with mp.workdps(40):
        assert capsys.readouterr().out.strip() == f"ans = {float(mp.sin(mp.mpf(1) / 3))}"


@pytest.mark.parametrize(("at", "powers"), [("0", "x + O(x^2)"), ("-1/2", "(x + 1/2)"), ("0.1", "(x - 0.1)")])
def test_powers_are_written_alike_with_digits_and_without(capsys, at, powers):
    for digits in ([], ["--digits", "5"]):
        assert run(["taylor", "exp(x)", "--at", f"x={at}", "--order", "1", *digits]) == 0
        assert powers in capsys.readouterr().out
