"""`adcalc check` as a person and as a script see it: what is printed where, and the exit code."""

import io
import json
import sys

import pytest

RIGHT = ["cos(x*y)+y", "--claim", "x: -y*sin(x*y)", "--claim", "y: 1 - x*sin(x*y)"]
MIXED = ["cos(x*y)+y", "--claim", "x: y*sin(x*y)", "--claim", "y: 1 - x*sin(x*y)"]


# ---------------------------------------------------------------- what holds, what is refuted


def test_what_holds_is_printed_with_its_evidence(ask):
    code, out, err = ask("check", *RIGHT)
    assert (code, err) == (0, "")
    assert out == (
        "cos(x*y) + y\n"
        "  ∂/∂x = -y*sin(x*y)\n"
        "    holds: both simplify to -y*sin(x*y); they agree to 50 digits at 60 points of the domain\n"
        "  ∂/∂y = 1 - x*sin(x*y)\n"
        "    holds: both simplify to 1 - x*sin(x*y); they agree to 50 digits at 60 points of the domain\n"
    )


def test_what_is_refuted_is_an_error_with_its_place_and_its_point(ask):
    code, out, err = ask("check", *MIXED)
    assert code == 1
    assert out.startswith("cos(x*y) + y\n  ∂/∂y = 1 - x*sin(x*y)\n    holds: ")
    assert "∂/∂x" not in out
    assert err == (
        "error: y*sin(x*y) is not ∂/∂x of cos(x*y) + y: at x = 1.35, y = 1.45 it is 1.34292802399, and the"
        " derivative is -1.34292802399\n"
        "  x: y*sin(x*y)\n"
        "     ^^^^^^^^^^\n"
        "hint: the derivative is -y*sin(x*y); the claim has the wrong sign\n"
    )


def test_every_refutation_is_printed(ask):
    code, out, err = ask("check", "x*y", "--claim", "x: x", "--claim", "y: y")
    assert (code, out) == (1, "")
    assert err.count("error: ") == 2
    assert err.index("∂/∂x") < err.index("∂/∂y")


def test_json_of_what_holds(ask):
    code, out, err = ask("check", *RIGHT, "--json")
    answer = json.loads(out)
    assert (code, err, out.count("\n")) == (0, "", 1)
    assert list(answer) == ["expression", "at", "claims"]
    assert (answer["expression"], answer["at"]) == ("cos(x*y)+y", {})
    assert list(answer["claims"]) == ["x", "y"]
    for claim in answer["claims"].values():
        assert claim["holds"] is True
        assert "they agree to 50 digits at 60 points" in claim["evidence"]


def test_json_of_what_is_refuted_has_all_claims_and_an_error_beside(ask):
    code, out, err = ask("check", *MIXED, "--json")
    answer, problem = json.loads(out), json.loads(err)["error"]
    assert (code, out.count("\n"), err.count("\n")) == (1, 1, 1)
    assert [claim["holds"] for claim in answer["claims"].values()] == [False, True]
    assert answer["claims"]["x"]["point"] == {"x": 1.35, "y": 1.45}
    assert answer["claims"]["x"]["claimed"] == "1.34292802399"
    assert (problem["kind"], problem["line"], problem["column"], problem["length"]) == ("refuted", 1, 4, 10)
    assert problem["variable"] == "x"
    assert problem["point"] == {"x": 1.35, "y": 1.45}
    assert (problem["derivative"], problem["claimed"]) == ("-1.34292802399", "1.34292802399")


def test_a_mixed_derivative_and_one_of_higher_order(ask):
    code, out, _ = ask("check", "x^2*y", "--claim", "x,y: 2*x", "--claim", "x, x: 2*y")
    assert code == 0
    assert "∂²/∂x∂y = 2*x\n" in out
    assert "∂²/∂x² = 2*y\n" in out
    _, out, _ = ask("check", "x^2*y", "--claim", "x,y: 2*x", "--claim", "x, x: 2*y", "--json")
    assert list(json.loads(out)["claims"]) == ["x,y", "x,x"]


# ---------------------------------------------------------------- at a point


def test_at_a_point_the_numbers_are_printed_too(ask):
    code, out, _ = ask("check", "x^2", "--claim", "x: 2*x", "--at", "x=1/4")
    assert (code, out.splitlines()[-1]) == (0, "    at x = 0.25 both are 0.5")
    _, out, _ = ask("check", "x^2", "--claim", "x: 2*x", "--at", "x=1/4", "--json")
    answer = json.loads(out)
    assert answer["at"] == {"x": 0.25}
    assert answer["claims"]["x"]["derivative"] == answer["claims"]["x"]["claimed"] == "0.5"


def test_a_claim_that_is_right_at_the_point_alone_is_refuted_elsewhere(ask):
    code, out, err = ask("check", "abs(x)", "--claim", "x: 1", "--at", "x=3")
    assert (code, out) == (1, "")
    assert "at x = -" in err
    assert "at x = 3 they agree" in err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["abs(x)", "--at", "x=0"], 1, "-1 to the left and 1 to the right"),
        (["log(x)", "--at", "x=-1"], 1, "no value where x = -1"),
        (["x*y", "--at", "x=1"], 2, "'y' has no value"),
        (["x", "--at", "x=1,z=2"], 2, "no variable 'z'"),
    ],
)
def test_where_there_is_no_derivative_at_the_point(arguments, code, words, ask):
    found, out, err = ask("check", *arguments, "--claim", "x: 1")
    assert (found, out) == (code, "")
    assert words in err


# ---------------------------------------------------------------- claims in a file


def test_a_file_has_a_claim_on_every_line_and_may_have_comments(tmp_path, ask):
    path = tmp_path / "claims.txt"
    path.write_text("# homework\n\n  x: -y*sin(x*y)   # right\n\ny: 1 - sin(x*y)\r\n\t# end\n", "utf-8")
    code, out, err = ask("check", "cos(x*y)+y", "--claim-file", str(path))
    assert code == 1
    assert "∂/∂x = -y*sin(x*y)\n" in out
    assert f"  {path}, line 5:\n  y: 1 - sin(x*y)\n     ^^^^^^^^^^^^\n" in err
    _, out, err = ask("check", "cos(x*y)+y", "--claim-file", str(path), "--json")
    assert [claim["holds"] for claim in json.loads(out)["claims"].values()] == [True, False]
    problem = json.loads(err)["error"]
    assert (problem["file"], problem["line"], problem["column"]) == (str(path), 5, 4)


def test_claims_of_a_file_come_after_those_of_the_command_line(tmp_path, ask):
    path = tmp_path / "claims.txt"
    path.write_text("x: y\n", "utf-8")
    code, out, _ = ask("check", "x*y", "--claim-file", str(path), "--claim", "y: x", "--json")
    assert (code, list(json.loads(out)["claims"])) == (0, ["y", "x"])


def test_an_error_in_a_file_names_file_line_and_column(tmp_path, ask):
    path = tmp_path / "claims.txt"
    path.write_text("x: 1\n  y: 2*(x\n", "utf-8")
    code, out, err = ask("check", "x*y", "--claim-file", str(path), "--json")
    problem = json.loads(err)["error"]
    assert (code, out) == (2, "")
    assert (problem["kind"], problem["file"], problem["line"], problem["column"]) == ("syntax", str(path), 2, 8)


def test_a_file_that_is_missing_or_holds_no_claim(tmp_path, ask):
    missing, empty = tmp_path / "missing.txt", tmp_path / "empty.txt"
    empty.write_text("# nothing yet\n\n", "utf-8")
    code, out, err = ask("check", "x", "--claim-file", str(missing))
    assert (code, out) == (2, "")
    assert str(missing) in err
    code, out, err = ask("check", "x", "--claim-file", str(empty))
    assert (code, out) == (2, "")
    assert f"there is no claim in {empty}" in err


# ---------------------------------------------------------------- requests that make no sense


@pytest.mark.parametrize(
    ("claims", "kind", "column"),
    [
        ([], "usage", None),
        (["z: 1"], "unknown_variable", 1),
        (["x: 2*z"], "unknown_variable", 6),
        (["x: 2*x", "x: x"], "usage", 1),
        (["2*x"], "syntax", 1),
        (["-2*x"], "syntax", 1),
        (["x: cso(x)"], "unknown_function", 4),
        (["x: 1, y: 2"], "syntax", 5),
    ],
)
def test_no_claim_about_this_expression(claims, kind, column, ask):
    arguments = [part for claim in claims for part in ("--claim", claim)]
    code, out, err = ask("check", "x^2", *arguments, "--json")
    problem = json.loads(err)["error"]
    assert (code, out, problem["kind"], problem.get("column")) == (2, "", kind, column)


def test_what_cannot_be_decided_is_neither(ask):
    code, out, err = ask("check", "log(-abs(x))", "--claim", "x: 7", "--json")
    assert (code, out, json.loads(err)["error"]["kind"]) == (1, "", "precision")


# ---------------------------------------------------------------- where the expression comes from


def test_a_program_from_a_file(tmp_path, ask):
    path = tmp_path / "program.adc"
    path.write_text("f(u) = u^2\na = x*y\nf(a) + x\n", "utf-8")
    claims = ["--claim", "x: 2*a*y + 1", "--claim", "y: f(a)*2/y"]
    code, out, err = ask("check", "-f", str(path), *claims)
    assert (code, err) == (0, "")
    assert out.startswith("f(a) + x\n  ∂/∂x = 2*a*y + 1\n")


def test_an_expression_from_standard_input(ask, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("x^2*y\n"))
    code, out, _ = ask("check", "-", "--claim", "x: 2x*y")
    assert (code, out.splitlines()[0]) == (0, "x^2*y")


def test_expressions_and_claims_may_begin_with_a_minus_sign(ask):
    code, out, _ = ask("check", "-x^2", "--claim", "x: -2x")
    assert (code, out.splitlines()[1]) == (0, "  ∂/∂x = -2x")


def test_a_terminal_with_nothing_but_ascii(ask, monkeypatch):
    class Plain:
        encoding = "ascii"

        def __init__(self, stream):
            self.stream = stream

        def __getattr__(self, name):
            return getattr(self.stream, name)

    monkeypatch.setattr(sys, "stdout", Plain(sys.stdout))
    monkeypatch.setattr(sys, "stderr", Plain(sys.stderr))
    code, out, err = ask("check", "x^2*y", "--claim", "x, y: 2*x", "--claim", "x: y")
    assert code == 1
    assert (out + err).isascii()
    assert "d^2/dxdy = 2*x\n" in out
    assert "is not d/dx of x^2*y" in err


# ---------------------------------------------------------------- arrays

LAYER = ["X@W + B", "--shape", "X=4x3, W=3x2, B=2"]


def test_claims_about_arrays_hold_in_every_element(ask):
    code, out, err = ask("check", *LAYER, "--claim", "W: X.T@g", "--claim", "B: sum(g, axis=0)")
    assert (code, err) == (0, "")
    assert out == (
        "X@W + B\n"
        "  g = dL/d(result)\n"
        "  dL/dW = X.T@g\n"
        "    holds: they agree to 50 digits in all 6 elements at 12 random points; X is 4x3, W is 3x2, B is 2\n"
        "  dL/dB = sum(g, axis=0)\n"
        "    holds: they agree to 50 digits in all 2 elements at 12 random points; X is 4x3, W is 3x2, B is 2\n"
    )


def test_a_wrong_claim_about_an_array_names_the_element(ask):
    code, out, err = ask("check", "sum(x^2)", "--at", "x=[1, 2]", "--claim", "x: x")
    assert (code, out) == (1, "")
    assert err == (
        "error: x is not ∂/∂x of sum(x^2): element [0] is 1, and the derivative's is 2;"
        " 2 of 2 elements differ, at the point given\n"
        "  x: x\n"
        "     ^\n"
        "hint: the claim is 0.5 times the derivative\n"
    )


def test_json_of_array_claims(ask):
    code, out, err = ask("check", *LAYER, "--claim", "W: X.T@g", "--json")
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert answer["at"] == {}
    assert answer["claims"]["W"]["holds"] is True

    code, out, err = ask("check", *LAYER, "--claim", "W: 2*X.T@g", "--json")
    assert code == 1
    told = json.loads(out)["claims"]["W"]
    assert told["element"] == "W[0, 0]"
    assert [len(row) for row in told["point"]["X"]] == [3, 3, 3, 3]
    error = json.loads(err)["error"]
    assert (error["kind"], error["variable"], error["element"]) == ("refuted", "W", "W[0, 0]")
    assert float(error["claimed"]) == pytest.approx(2 * float(error["derivative"]))


def test_shapes_that_nobody_says_are_asked_for(ask):
    code, _, err = ask("check", "X@W", "--claim", "W: X.T@g")
    assert code == 2
    assert err.startswith("error: nobody says which shapes X and W have\n")
    assert 'hint: say it of those that are arrays: --shape "X=4x3"\n' in err
