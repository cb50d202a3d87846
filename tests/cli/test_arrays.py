"""Arrays on the command line: read from --at and from files, written to files, shown and printed as JSON."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

X = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
W = np.array([[0.5], [-0.25]])
T = np.array([[1.0], [0.0], [0.1]])
LOSS = "sum((X@W - T)^2)"
VALUE = float(np.sum((X @ W - T) ** 2))
SLOPES = {"X": 2 * (X @ W - T) @ W.T, "W": 2 * X.T @ (X @ W - T), "T": -2 * (X @ W - T)}


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    """Commands run in a folder of their own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def refusal(refusal):
    """Run a command with --json that fails, with the exit code of its kind; gives the error object."""

    def refused(*arguments):
        code, error = refusal(*arguments)
        assert code == {"domain": 1, "overflow": 1}.get(error["kind"], 2)
        return error

    return refused


@pytest.fixture
def files(tmp_path):
    """The arrays in every kind of file."""
    np.save(tmp_path / "X.npy", X)
    np.savetxt(tmp_path / "X.csv", X, delimiter=",", header="a,b", comments="")
    np.savez(tmp_path / "X.npz", X)
    np.savez(tmp_path / "all.npz", X=X, W=W, T=T)
    (tmp_path / "X.json").write_text(json.dumps(X.tolist()))
    (tmp_path / "all.json").write_text(json.dumps({"X": X.tolist(), "W": W.tolist(), "T": T.tolist()}))
    (tmp_path / "numbers.json").write_text('{"a": 0.1, "b": "1/3", "v": [1, 2.5]}')


POINT = f"X={X.tolist()}, W={W.tolist()}, T={T.tolist()}"
SMALL = f"W={W.tolist()}, T={T.tolist()}"


def test_the_gradient_is_that_of_the_textbook(answer):
    found = answer("grad", LOSS, "--at", POINT)
    assert found["at"] == {"X": X.tolist(), "W": W.tolist(), "T": T.tolist()}
    assert found["value"] == pytest.approx(VALUE, rel=1e-15)
    for name, slope in SLOPES.items():
        np.testing.assert_allclose(found["gradient"][name], slope, rtol=1e-14)


@pytest.mark.parametrize(
    "point",
    [
        ["--at", f"X=@X.npy, {SMALL}"],
        ["--at", "X=@X.csv", "--at", SMALL],
        ["--at", "X=@X.npz", "--at", SMALL],
        ["--at", "X=@X.json", "-a", SMALL],
        ["--at", f"{SMALL}, X=@all.npz"],
        ["--at", "@all.npz"],
        ["--at", "@all.json"],
    ],
)
def test_arrays_are_read_from_every_kind_of_file(answer, files, point):
    assert answer("grad", LOSS, *point) == answer("grad", LOSS, "--at", POINT)


def test_a_point_file_may_have_numbers_texts_and_lists(answer, files):
    found = answer("eval", "a*v + b", "--at", "@numbers.json")
    assert found["at"] == {"a": 0.1, "b": 1 / 3, "v": [1.0, 2.5]}


def test_a_file_whose_name_has_blanks_is_quoted(answer, tmp_path):
    np.save(tmp_path / "my, own.npy", X)
    assert answer("eval", "sum(X)", "--at", 'X=@"my, own.npy"')["value"] == 21
    assert answer("eval", "sum(X)+y", "--at", "y=1, X=@'my, own.npy'")["value"] == 22


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (lambda: np.save("bad.npy", X + 1j), "file", "X holds complex numbers, not real numbers"),
        (lambda: np.save("bad.npy", [[1.0, np.nan]]), "file", "X[0, 1] is nan, not a finite number"),
        (lambda: np.save("bad.npy", [np.inf]), "file", "X[0] is inf, not a finite number"),
        (lambda: np.save("bad.npy", np.array([{}]), allow_pickle=True), "file", "Python objects"),
        (lambda: np.save("bad.npy", np.array(["a"])), "file", "X holds text, not real numbers"),
        (lambda: Path("bad.npy").touch(), "file", "bad.npy does not hold what numpy has saved"),
        (lambda: None, "file", "cannot read bad.npy: no such file or directory"),
    ],
)
def test_a_file_that_is_no_array_is_underlined(refusal, make, kind, message):
    make()
    found = refusal("eval", "sum(X) + y", "--at", "y=1, X=@bad.npy")
    assert found["kind"] == kind
    assert message in found["message"]
    assert (found["column"], found["length"]) == (6, len("X=@bad.npy"))


def test_lists_of_different_lengths_are_a_shape_error(refusal, tmp_path):
    (tmp_path / "bad.json").write_text("[[1, 2], [3]]")
    found = refusal("eval", "sum(X)", "--at", "X=@bad.json")
    assert (found["kind"], found["column"], found["length"]) == ("shape", 1, len("X=@bad.json"))
    found = refusal("eval", "sum(X)", "--at", "X=[[1, 2], [3]]")
    assert (found["kind"], found["column"]) == ("shape", 3)


def test_a_file_of_several_arrays_says_which(refusal, files):
    found = refusal("eval", "sum(Y)", "--at", "Y=@all.npz")
    assert found["message"] == "all.npz holds several values: X, W, T"
    assert found["hint"] == "write @all.npz for all of them"


def test_a_file_of_one_array_is_no_point(refusal, files):
    assert refusal("eval", "sum(X)", "--at", "@X.npy")["hint"] == "name the variable: x=@X.npy"


def test_shapes_that_do_not_fit_are_underlined_where_they_meet(refusal, files):
    found = refusal("eval", "1 + sum(X@T)", "--at", f"X=@X.csv, T={T.tolist()}")
    assert found["message"] == "3x2 @ 3x1 does not fit: 2 columns meet 3 rows"
    assert (found["kind"], found["column"], found["length"]) == ("shape", 9, 3)
    assert found["hint"] == "X.T@T fits"


# ------------------------------------------------------------------ --out


def test_out_npz_has_the_value_and_every_slope(ask, answer, files):
    code, out, _ = ask("grad", LOSS, "--at", "@all.npz", "--out", "g.npz")
    assert code == 0
    assert out.startswith(LOSS)
    found = np.load("g.npz", allow_pickle=False)
    assert sorted(found) == ["dT", "dW", "dX", "value"]
    exact = answer("grad", LOSS, "--at", "@all.npz")
    assert found["value"] == exact["value"]
    for name in SLOPES:
        assert found[f"d{name}"].tolist() == exact["gradient"][name]


@pytest.mark.parametrize("name", ["g.npy", "g.csv"])
def test_out_of_one_slope(answer, files, name):
    exact = answer("grad", LOSS, "--at", "@all.npz", "--wrt", "X", "--out", name)
    found = np.load(name) if name == "g.npy" else np.loadtxt(name, delimiter=",")
    assert found.tolist() == exact["gradient"]["X"]


def test_out_json_is_the_line_that_json_prints(ask, files):
    _, printed, _ = ask("grad", LOSS, "--at", "@all.npz", "--json", "--out", "g.json")
    assert Path("g.json").read_text() == printed
    _, printed, _ = ask("eval", "1/4", "--json", "--out", "v.json")
    assert Path("v.json").read_text() == printed


@pytest.mark.parametrize(
    ("expression", "value"), [("2", 2.0), ("[1, 2]", [1.0, 2.0]), ("[[1, 2], [3, 4]]", [[1.0, 2.0], [3.0, 4.0]])]
)
def test_out_of_a_value(ask, expression, value):
    for name in ("v.npy", "v.npz", "v.csv"):
        assert ask("eval", expression, "--out", name)[0] == 0
    assert np.load("v.npy").tolist() == value
    assert np.load("v.npz")["value"].tolist() == value
    assert np.loadtxt("v.csv", delimiter=",").tolist() == value


@pytest.mark.parametrize("command", ["eval", "grad"])
@pytest.mark.parametrize("more", [["--digits", "5"], ["--enclosure"], ["--at", "x=[1 .. 2]"], ["--at", "x=2±0.1"]])
def test_out_does_not_leave_out_proved_digits_in_silence(refusal, tmp_path, command, more):
    point = [] if "--at" in more else ["--at", "x=1/3"]
    found = refusal(command, "x^2", *point, *more, "--out", "v.json")
    assert (found["kind"], found["message"]) == ("usage", "--out writes floats")
    assert not (tmp_path / "v.json").exists()


def test_a_gradient_of_numbers_may_be_written(ask):
    assert ask("grad", "x*y", "--at", "x=2, y=3", "--out", "g.npz")[0] == 0
    assert {name: float(array) for name, array in np.load("g.npz").items()} == {"value": 6, "dx": 3, "dy": 2}


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        (["--out", "g.npy"], "file"),
        (["--out", "g.csv"], "file"),
        (["--out", "g.txt"], "usage"),
        (["--out", "g"], "usage"),
        (["--out", "no/such/folder/g.npz"], "file"),
        (["--wrt", "Z", "--out", "g.npz"], "unknown_variable"),
    ],
)
def test_what_cannot_be_written_is_an_error_that_leaves_no_file(refusal, files, arguments, kind):
    before = sorted(os.listdir("."))
    assert refusal("grad", LOSS, "--at", "@all.npz", *arguments)["kind"] == kind
    assert sorted(os.listdir(".")) == before


def test_an_error_leaves_the_file_as_it_was(refusal, files):
    before = Path("all.npz").read_bytes()
    refusal("grad", LOSS, "--at", "@all.npz", "--wrt", "Z", "--out", "all.npz")
    refusal("grad", "sum(log(-X))", "--at", "X=@all.npz", "--out", "all.npz")
    refusal("eval", "zeros(2, 2, 2)", "--out", "X.csv")
    assert Path("all.npz").read_bytes() == before
    assert np.loadtxt("X.csv", delimiter=",", skiprows=1).tolist() == X.tolist()


@pytest.mark.parametrize("name", ["w.npy", "w.npz", "w.csv"])
def test_reading_and_writing_the_same_file(ask, name):
    """Steps of gradient descent, in place."""
    assert ask("eval", "[[1, 2], [3, 4]]", "--out", name)[0] == 0
    for _ in range(3):
        assert ask("eval", "W/2", "--at", f"W=@{name}", "--out", name)[0] == 0
    assert ask("eval", "W*8", "--at", f"W=@{name}", "--out", "last.npy")[0] == 0
    assert np.load("last.npy").tolist() == [[1, 2], [3, 4]]


# ------------------------------------------------------------------ what people and programs see


def test_json_is_exact_and_without_negative_zeros(answer):
    numbers = np.random.default_rng(3).normal(size=(20, 30)) * 10.0 ** np.arange(-150, 150, 10)
    np.save("a.npy", numbers)
    assert answer("eval", "A", "--at", "A=@a.npy")["value"] == numbers.tolist()
    found = answer("grad", "sum(A^2)", "--at", "A=[[-0.0, 1]]")
    assert "-0.0" not in json.dumps(found)


def test_a_million_elements_are_printed(answer):
    np.save("a.npy", np.full((1000, 1000), 0.1))
    found = answer("eval", "A", "--at", "A=@a.npy")
    assert len(found["value"]) == len(found["value"][0]) == 1000


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_large_gradients_fit_the_terminal(ask, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    np.savez("n.npz", X=np.random.default_rng(0).normal(size=(50, 40)), W=np.ones((40, 3)))
    code, out, _ = ask("grad", "sum((X@W)^2)", "--at", "@n.npz")
    assert code == 0
    lines = out.splitlines()
    assert max(len(line) for line in lines[1:] if "∂" not in line) <= columns
    assert sum("∂" in line for line in lines) == 2
    assert "50x40, 7 digits, from" in out


def test_a_terminal_without_unicode_gets_ascii(tmp_path):
    np.save(tmp_path / "a.npy", np.arange(300.0).reshape(100, 3))
    ran = subprocess.run(
        [sys.executable, "-m", "adcalc", "grad", "sum(A^2)", "--at", f"A=@{tmp_path / 'a.npy'}"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        check=True,
    )
    assert b"..." in ran.stdout
    assert ran.stdout.isascii()


def test_an_inverse_by_a_power_is_read_element_by_element_and_says_so(ask, answer):
    code, out, err = ask("eval", "A^-1", "--at", "A=[[2, 1], [1, 4]]")
    assert code == 0
    assert "0.25" in out
    assert err == "warning: A^-1 is 1/A element by element; the inverse matrix is inv(A)\n"
    assert ask("eval", "A^-1", "--at", "A=[[2, 1], [1, 4]]", "--strict")[0] == 1
    found = json.loads(ask("grad", "sum(A⁻¹)", "--at", "A=[[2, 1], [1, 4]]", "--json")[1])
    assert [one["kind"] for one in found["warnings"]] == ["interpretation"]
    for expression in ("A^2", "A^(-1/2)", "1/A", "inv(A)", "A[0]^-1", "sum(A)^-1"):
        assert "warnings" not in answer("eval", expression, "--at", "A=[[2, 1], [1, 4]]")


@pytest.mark.parametrize(
    ("text", "echoed"),
    [
        ("sum( (A@x)^2 )", "sum((A@x)^2)"),
        ("A @x-A.T @ x", "A@x - A.T@x"),
        ("A[0,:]@x*2", "A[0, :]@x*2"),
        ("sum(A,axis = 0)@x", "sum(A, axis=0)@x"),
        ("b = A@x; sum(b)", "sum(b)"),
        ("[[1,2],[3,4]]@x + A@x", "[[1, 2], [3, 4]]@x + A@x"),
        ("concat(x,[5]) + sum(A)", "concat(x, [5]) + sum(A)"),
    ],
)
def test_the_expression_is_echoed_as_it_was_meant(ask, text, echoed):
    code, out, _ = ask("eval", text, "--at", "A=[[1, 2], [3, 4]], x=[1, 2]")
    assert code == 0
    assert out.split(" = ")[0] == echoed


def test_a_column_and_a_vector_that_make_a_square_are_told(ask, answer):
    point = "X=[[1, 2], [3, 4], [5, 6]], W=[[1], [2]], t=[1, 2, 3]"
    code, _, err = ask("grad", "mse(X@W, t)", "--at", point, "--wrt", "W")
    assert code == 0
    assert "3x1 and a vector of 3 make 3x3 in mse(X@W, t)" in err
    for expression in ("mse(X@W, reshape(t, 3, 1))", "mse(reshape(X@W, 3), t)", "sum(reshape(t, 3, 1)*W[0] - t)"):
        assert "warnings" not in answer("eval", f"{expression} + 0*sum(W) + 0*sum(X)", "--at", point)
