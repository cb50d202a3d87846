"""jacobian, hessian and hvp on the command line: what is printed, for people and for scripts."""

import json
import subprocess
import sys

import pytest
from reading import strictly

from adcalc.cli.app import invoke
from adcalc.cli.repl.session import Session

AT = ["--at", "x=1,y=2"]


@pytest.fixture(autouse=True)
def eighty(monkeypatch):
    """A terminal of eighty columns."""
    monkeypatch.setenv("COLUMNS", "80")


def test_hessian_for_people(ask):
    code, out, err = ask("hessian", "x^2*y + sin(y)", *AT)
    assert (code, err) == (0, "")
    assert out == (
        "x^2*y + sin(y) = 2.909297426825682\n"
        "  ∂/∂x = 4\n"
        "  ∂/∂y = 0.5838531634528576\n"
        "  ∂²\n"
        "       x           y\n"
        "    x  4           2\n"
        "    y  2  -0.9092974\n"
        "  reverse, then 2 forward sweeps: 2 colours for 2 variables\n"
    )


def test_hessian_for_scripts(ask):
    code, out, _ = ask("hessian", "x^2*y", *AT, "--json")
    assert code == 0
    assert strictly(out) == {
        "expression": "x^2*y",
        "at": {"x": 1.0, "y": 2.0},
        "mode": "reverse",
        "value": 2.0,
        "gradient": {"x": 4.0, "y": 1.0},
        "hessian": {"x": {"x": 4.0, "y": 2.0}, "y": {"x": 2.0, "y": 0.0}},
        "colours": 2,
    }


def test_sparse_hessians(ask):
    _, out, _ = ask("hessian", "x^2*y", *AT, "--sparse")
    assert out.splitlines()[3:] == [
        "  ∂², 3 of 4 entries",
        "    x  x  4",
        "    x  y  2",
        "    y  x  2",
        "  reverse, then 2 forward sweeps: 2 colours for 2 variables",
    ]
    found = strictly(ask("hessian", "x^2*y", *AT, "--sparse", "--json")[1])
    assert (found["names"], found["rows"], found["columns"]) == (["x", "y"], [0, 0, 1], [0, 1, 0])
    assert found["values"] == [4.0, 2.0, 2.0]
    assert "hessian" not in found
    exact = strictly(ask("hessian", "x^3", "--at", "x=1", "--sparse", "--json", "--mode", "finite")[1])
    assert len(exact["error_estimate"]) == 1


def test_hessians_of_arrays(ask):
    found = strictly(ask("hessian", "sum((A@x)^2)", "--at", "A=[[1,2],[3,4]], x=[1,1]", "--json")[1])
    assert found["hessian"]["x"]["x"] == [[20.0, 28.0], [28.0, 40.0]]
    blocks = found["hessian"]["A"]["x"]
    assert [len(blocks), len(blocks[0]), len(blocks[0][0])] == [2, 2, 2]
    _, out, _ = ask("hessian", "sum((x[1:] - x[:-1]^2)^2)", "--at", "x=ones(30)")
    assert "…" in out
    assert "x[0]" in out
    assert "x[29]" in out
    assert out.endswith("more: --json has all\n  reverse, then 3 forward sweeps: 3 colours for 30 variables\n")
    assert max(map(len, out.splitlines())) <= 80
    lines = ask("hessian", "sum(x^3)", "--at", "x=[1,2]", "--sparse")[1].splitlines()
    assert lines[-3:-1] == ["    x[0]  x[0]  6", "    x[1]  x[1]  12"]


def test_hessians_without_anything(ask):
    assert ask("hessian", "3")[1] == "3 = 3\n  no variables, no second derivatives\n"
    assert strictly(ask("hessian", "3", "--json")[1])["hessian"] == {}
    assert "nothing bends here: no sweep" in ask("hessian", "2*x + y", *AT)[1]


def test_what_differences_and_formulas_say_of_themselves(ask):
    assert (
        "differences of 2 partials for 2 variables, within " in ask("hessian", "exp(x*y)", *AT, "--mode", "finite")[1]
    )
    assert "finite mode, within " in ask("jacobian", "[exp(x), y]", *AT, "--mode", "finite")[1]
    assert "finite mode, within " in ask("jacobian", "x^2", "--at", "x=[1,2]", "--mode", "finite")[1]
    assert "sweeps, as formulas: 2 colours" in ask("hessian", "exp(x*y)", *AT, "--mode", "symbolic")[1]
    assert " ± " in ask("jacobian", "exp(x)*y", *AT, "--mode", "finite")[1]


def test_jacobian_for_people(ask):
    code, out, err = ask("jacobian", "[x^2, x*y, y]", *AT)
    assert (code, err) == (0, "")
    assert out == (
        "[x^2, x*y, y] = [1, 2, 2]\n"
        "         ∂/∂x  ∂/∂y\n"
        "    [0]     2     0\n"
        "    [1]     2     1\n"
        "    [2]     0     1\n"
        "  reverse mode: 2 adjoints, where forward mode has 3 tangents\n"
    )
    assert ask("jacobian", "x*y", *AT)[1].splitlines()[1:] == [
        "  ∂/∂x = 2",
        "  ∂/∂y = 1",
        "  reverse mode: 1 adjoint, where forward mode has 2 tangents",
    ]
    assert ask("jacobian", "[1, 2]")[1] == "[1, 2] = [1, 2]\n"
    assert "symbolic mode\n" in ask("jacobian", "[x, y]", *AT, "--mode", "symbolic")[1]


def test_jacobians_too_wide_for_the_terminal(ask):
    _, out, _ = ask("jacobian", "A@x", "--at", "A=[[1,2],[3,4],[5,6]], x=[1,1]")
    assert max(map(len, out.splitlines())) <= 80
    assert len(out.splitlines()) == 1 + 4 + 1 + 4 + 1
    _, out, _ = ask("jacobian", "x^2", "--at", "x=ones(100)")
    assert max(map(len, out.splitlines())) <= 80
    assert "[99]" in out


def test_jacobian_for_scripts(ask):
    found = strictly(ask("jacobian", "[x^2, x*y]", *AT, "--json")[1])
    assert found["mode"] == "reverse"
    assert found["value"] == [1.0, 2.0]
    assert found["jacobian"] == {"x": [2.0, 2.0], "y": [0.0, 1.0]}
    found = strictly(ask("jacobian", "A@x", "--at", "A=[[1,2],[3,4],[5,6]], x=[1,1]", "--wrt", "x", "--json")[1])
    assert found["jacobian"] == {"x": [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]}
    found = strictly(ask("jacobian", "[x^2, y]", *AT, "--mode", "finite", "--json")[1])
    assert [len(column) for column in found["error_estimate"].values()] == [2, 2]
    assert strictly(ask("jacobian", "x", "--at", "x=1", "--json")[1])["jacobian"] == {"x": 1.0}
    assert strictly(ask("jacobian", "[x, abs(x)]", "--at", "x=0", "--at-kink", "zero", "--json")[1])["jacobian"] == {
        "x": [1.0, 0.0]
    }


def test_hvp(ask):
    assert ask("hvp", "x^2*y", *AT, "--seed", "x=1") == (0, "x^2*y = 2\n  ∂²·seed\n    x = 4\n    y = 2\n", "")
    found = strictly(ask("hvp", "x^2*y", *AT, "--seed", "x=1, y=-1", "--json")[1])
    assert list(found) == ["expression", "at", "mode", "seed", "value", "hvp"]
    assert (found["seed"], found["hvp"]) == ({"x": 1.0, "y": -1.0}, {"x": 2.0, "y": 2.0})
    found = strictly(ask("hvp", "sum(x)^2", "--at", "x=[1,2]", "--seed", "x=[1,0]", "--json")[1])
    assert found["hvp"] == {"x": [2.0, 2.0]}
    found = strictly(ask("hvp", "exp(x)", "--at", "x=1", "--seed", "x=1", "--mode", "finite", "--json")[1])
    assert set(found["error_estimate"]) == {"x"}
    assert "x = [2, 2]" in ask("hvp", "sum(x)^2", "--at", "x=[1,2]", "--seed", "x=[1,0]")[1]
    assert "x = [4, 4]" in ask("hvp", "sum(x)^2", "--at", "x=[1,2]", "--seed", "x=1")[1]  # for every element


@pytest.mark.parametrize(
    ("arguments", "code", "kind", "words"),
    [
        (["hessian", "abs(x)", "--at", "x=0"], 1, "not_differentiable", "-1 to the left and 1 to the right"),
        (["hessian", "x*abs(x)", "--at", "x=0"], 1, "not_differentiable", "sign(x)"),
        (["hessian", "[x, y]", *AT], 2, "shape", "one number is needed"),
        (["hessian", "x"], 2, "unbound_variable", "'x' has no value"),
        (["hessian", "x", "--at", "x=1", "--mode", "fwd"], 2, "usage", "no mode 'fwd'"),
        (["hessian", "x", "--at", "x=1", "--wrt", "y"], 2, "unknown_variable", "'y'"),
        (["hessian", "sum(x)^2", "--at", "x=ones(6000)"], 1, "limit", "6000 rows"),
        (["jacobian", "[x, log(x)]", "--at", "x=0"], 1, "domain", "log(x)"),
        (["jacobian", "[x, sqrt(x)]", "--at", "x=0"], 1, "not_differentiable", "no finite slope"),
        (["jacobian", "x", "--at", "x=1", "--at-kink", "up"], 2, "usage", "no convention 'up'"),
        (["hvp", "x^2", "--at", "x=1"], 2, "usage", "there is no direction"),
        (["hvp", "x^2", "--at", "x=1", "--seed", " "], 2, "usage", "there is no direction"),
        (["hvp", "x^2", "--at", "x=1", "--seed", "z=1"], 2, "unknown_variable", "'z'"),
        (["hvp", "sum(x)", "--at", "x=[1,2]", "--seed", "x=[1]"], 2, "shape", "x is a vector of 2, and its direction"),
        (["hvp", "2"], 2, "usage", "the expression has no variables, and so no direction"),
        (["jvp", "[2]", "--seed", ""], 2, "usage", "the expression has no variables, and so no direction"),
        (["hvp", "x*y", *AT, "--wrt", "x", "--seed", "y=1"], 2, "unknown_variable", "the seed names y"),
        (["hvp", "x^2", "--at", "x=1", "--seed", "x="], 2, "syntax", "missing"),
    ],
)
def test_refusals(ask, arguments, code, kind, words):
    found, out, err = ask(*arguments, "--json")
    assert (found, out) == (code, "")
    error = strictly(err)["error"]
    assert error["kind"] == kind
    assert words in error["message"]
    assert ask(*arguments)[2].startswith("error: ")


def test_warnings_and_strict(ask):
    code, out, err = ask("hessian", "exp(-x) + 0*x", "--at", "x=800")
    assert code == 0
    assert "underflows" in err
    assert ask("hessian", "exp(-x) + 0*x", "--at", "x=800", "--strict")[0] == 1
    found = strictly(ask("hessian", "exp(-x) + 0*x", "--at", "x=800", "--json")[1])
    assert found["warnings"][0]["kind"] == "underflow"
    assert ask("jacobian", "[exp(-x), x]", "--at", "x=800", "--strict")[0] == 1
    assert out


def test_files_and_functions(ask, tmp_path):
    program = tmp_path / "f.adc"
    program.write_text("square(u) = u^2\nsquare(x)*y\n")
    table = tmp_path / "rows.adc"
    table.write_text("twice(u) = 2*u\n")
    assert strictly(ask("hessian", "--file", str(program), *AT, "--json")[1])["colours"] == 2
    assert strictly(ask("jacobian", "[twice(x)]", "--at", "x=1", "--functions", str(table), "--json")[1])[
        "jacobian"
    ] == {"x": [2.0]}
    assert ask("hessian", "sum(sin(k*x), k=1..50)", "--at", "x=1", "--max-operations", "10")[0] == 1


def test_results_are_returned(capsys):
    assert invoke(["hessian", "x^2", "--at", "x=3"]).value == 9.0
    assert invoke(["jacobian", "[x, y]", *AT]).value == (1.0, 2.0)
    assert invoke(["hvp", "x^2", "--at", "x=3", "--seed", "x=1"]).hvp == {"x": 2.0}
    capsys.readouterr()


def test_in_a_session(capsys):
    session = Session()
    session.answer("x = 1")
    session.answer("y = 2")
    session.answer("hessian x^2*y")
    out = capsys.readouterr().out
    assert "∂²" in out
    session.answer("ans")
    assert "2" in capsys.readouterr().out
    session.answer("jacobian [x, x*y] --wrt x")
    assert "[1]     2" in capsys.readouterr().out
    session.answer("hvp x^2*y --seed x=1, y=0")
    assert "x = 4" in capsys.readouterr().out
    session.answer("hessian x^2*y --sparse")
    assert "3 of 4 entries" in capsys.readouterr().out


def test_numbers_load_no_numpy():
    script = (
        "import sys; from adcalc.cli.app import run; "
        "run(['hessian', 'x^2*y', '--at', 'x=1,y=2']); run(['jacobian', '[x, x*y]', '--at', 'x=1,y=2']); "
        "run(['hvp', 'x^2', '--at', 'x=1', '--seed', 'x=1', '--json']); "
        "print(*sorted({'numpy', 'rich', 'flint', 'scipy', 'lark'} & set(sys.modules)), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stderr.strip() == ""


@pytest.mark.parametrize("more", [(), ("--digits", "9"), ("--mode", "symbolic"), ("--mode", "finite")])
def test_what_a_derivative_lacks_is_told_at_the_result(ask, more):
    code, _, err = ask("hessian", "y = 2; x^1.5*y", "--at", "x=0", "--json", *more)
    error = json.loads(err)["error"]
    assert (code, error["kind"], error["column"], error["length"]) == (1, "not_differentiable", 8, 7)


def test_elements_stand_in_messages_as_people_write_them(ask):
    assert "sign(v[0]) has a kink where v[0] = 0" in ask("hessian", "sum(v*abs(v))", "--at", "v=[0,1]")[2]
