"""`adcalc compare` as a person and as a script see it; tests/golden holds what is printed at 80 and 120 columns."""

import json
import math
import sys
from pathlib import Path

import pytest

from adcalc.api.comparisons import methods
from adcalc.cli.app import run

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
TEN = "a=1,b=2,c=3,d=4,e=5,f=6,g=7,h=8,i=9,j=10"
# no function that one C library rounds otherwise than another: what is printed must be the same everywhere
CASES = {
    "compare": ["x^3*y - x/y", "--at", "x=0.3,y=0.7"],
    "compare_one": ["1/(1 + x^2)", "--at", "x=0.3"],
    "compare_order": ["1/x", "--at", "x=3", "--order", "4"],
    "compare_many": ["-f", str(ROOT / "examples" / "speelpenning.adc"), "--at", TEN],
    "compare_program": ["-f", str(ROOT / "examples" / "logistic_map.adc"), "--at", "x=0.3"],
    "compare_kink": ["x*abs(x)", "--at", "x=0"],
    "compare_no_reference": ["if(x >= 0, x*abs(x), -x^2)", "--at", "x=0"],
    "compare_cancellation": ["1/(1 - x) - 1 - x", "--at", "x=1e-6"],
    "compare_constant": ["2 + 3"],
    "compare_growth": ["x*y + 1", "--at", "x=2,y=3", "--growth"],
    "compare_sweep": ["1/(1 + x^2)", "--at", "x=0.3", "--sweep-step"],
}

LOST = "1/(1 - x) - 1 - x loses digits where 1/(1 - x) - 1 = 1.000001000006634e-06, x = 1e-06"
WARNED = {
    "compare_cancellation": f"warning: {LOST}: floating point has 5 digits right, and the answer is the proved one\n"
}


@pytest.fixture
def still(monkeypatch):
    """Every measured time is the same."""
    monkeypatch.setattr(methods, "timed", lambda action: (action(), 1.25e-5))


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", CASES)
def test_what_a_person_sees(name, width, ask, monkeypatch, still):
    monkeypatch.setenv("COLUMNS", str(width))
    code, out, err = ask("compare", *CASES[name])
    assert (code, err) == (0, WARNED.get(name, ""))
    assert out == (GOLDEN / f"{name}_{width}.txt").read_text("utf-8")
    assert max(map(len, out.splitlines())) <= width


def numbers(value):
    """Every number of a JSON value."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, float):
            yield one


def test_the_keys_that_scripts_read(ask):
    code, out, err = ask("compare", "cos(x*y)+y", "--at", "x=0.5,y=1", "--json")
    answer = json.loads(out)
    assert (code, err, out.count("\n")) == (0, "", 1)
    assert list(answer)[:6] == ["expression", "at", "order", "value", "reference", "methods"]
    assert answer["at"] == {"x": 0.5, "y": 1.0}
    assert list(answer["reference"]) == ["x", "y"]
    assert answer["reference"]["x"] == "-0.47942553860420300027328793521557138808180336794060"
    assert [method["mode"] for method in answer["methods"]] == ["forward", "reverse", "symbolic", *["finite"] * 4]
    assert [m["difference"] for m in answer["methods"][3:]] == ["richardson", "central", "forward", "complex"]
    for method in answer["methods"]:
        assert {"mode", "gradient", "max_error", "operations", "seconds"} <= set(method)
        assert "difference" in method or method["mode"] != "finite"
    assert answer["operations"] == 3
    assert answer["bound"] == {"ratio": 4, "op": "mul"}
    assert answer["formulas"]["derivative_tree"] == 9
    assert answer["growth"][-1]["label"] == "cos(x*y)+y"


@pytest.mark.parametrize("name", CASES)
def test_the_json_of_every_case_is_json(name, ask):
    code, out, _ = ask("compare", *CASES[name], "--json")
    answer = json.loads(out, parse_constant=pytest.fail)
    assert code == 0
    assert all(math.isfinite(number) and str(number) != "-0.0" for number in numbers(answer))


def test_a_method_without_an_answer_says_so(ask):
    _, out, _ = ask("compare", "gamma(x)", "--at", "x=2.5", "--json")
    complex_step = json.loads(out)["methods"][-1]
    assert complex_step["gradient"] is None
    assert complex_step["max_error"] is None
    assert "gamma" in complex_step["remark"]


def test_without_a_reference_the_reason_is_there(ask):
    _, out, _ = ask("compare", "if(x >= 0, x*abs(x), -x^2)", "--at", "x=0", "--json")
    answer = json.loads(out)
    assert answer["reference"] is None
    assert "kink" in answer["reason"]
    assert answer["spread"] > 0


def test_a_tree_beyond_floats_has_its_size_in_json(ask):
    text = "".join(f"f{k} = sin({f'f{k - 1}' if k else 'x'})*{f'f{k - 1}' if k else 'x'};" for k in range(600)) + "f599"
    _, out, _ = ask("compare", text, "--at", "x=1", "--json")
    formulas = json.loads(out)["formulas"]
    assert formulas["derivative_tree"] is None
    assert formulas["derivative_tree_log10"] == pytest.approx(600 * math.log10(4), abs=1)


def test_a_sweep_has_its_columns_in_json(ask):
    _, out, _ = ask("compare", "exp(x)", "--at", "x=0", "--sweep-step", "--json")
    sweep = json.loads(out)["sweep"]
    assert sweep["variable"] == "x"
    assert [series["order"] for series in sweep["series"]] == [1, 2, 4]
    assert all(len(series["errors"]) == len(sweep["steps"]) for series in sweep["series"])


def test_wrt_chooses_and_picks_what_is_stepped(ask):
    _, out, _ = ask("compare", "x^2*y", "--at", "x=1,y=2", "--wrt", "y", "--json")
    assert list(json.loads(out)["reference"]) == ["y"]
    _, out, _ = ask("compare", "x^2*exp(y)", "--at", "x=1,y=2", "--wrt", "y", "--sweep-step")
    assert "∂/∂y" in out


def test_a_terminal_without_braille_gets_letters(ask, monkeypatch):
    class Plain:
        encoding = "ascii"

        def __init__(self, stream):
            self.stream = stream

        def __getattr__(self, name):
            return getattr(self.stream, name)

    monkeypatch.setattr(sys, "stdout", Plain(sys.stdout))
    code, out, _ = ask("compare", "exp(x)", "--at", "x=0", "--sweep-step")
    assert code == 0
    assert out.isascii()
    assert "\\u" not in out
    assert "4444" in out
    code, out, _ = ask("compare", "gamma(x)", "--at", "x=2.5")
    assert out.isascii()
    assert "\\" not in out


# ------------------------------------------------------------------ pictures


def test_a_picture_is_written(tmp_path, ask):
    for name, start in (("error.svg", b"<?xml"), ("error.PNG", b"\x89PNG")):
        code, out, err = ask("compare", "exp(x)", "--at", "x=0", "--sweep-step", "--out", str(tmp_path / name))
        assert (code, err) == (0, "")
        assert "five points" in out
        assert (tmp_path / name).read_bytes().startswith(start)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["error.PNG", "error.svg"]


def test_a_picture_that_cannot_be_finished_leaves_the_old_one(tmp_path, ask, monkeypatch):
    from adcalc.cli import output

    target = tmp_path / "error.svg"
    target.write_text("before")

    def broken(*names):
        raise OSError(28, "no room")

    monkeypatch.setattr(output.os, "replace", broken)
    code, _, err = ask("compare", "exp(x)", "--at", "x=0", "--sweep-step", "--out", str(target))
    assert code == 2
    assert "cannot be written" in err
    assert target.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["error.svg"]


@pytest.mark.parametrize(
    ("arguments", "kind", "words"),
    [
        (["--out", "error.svg"], "usage", "--sweep-step"),
        (["--sweep-step", "--out", "error.pdf"], "usage", ".svg or .png"),
        (["--sweep-step", "--out", "error"], "usage", ".svg or .png"),
        (["--sweep-step", "--out", "/no/such/folder/error.svg"], "file", "cannot be written"),
        (["--sweep-step", "--order", "2"], "usage", "first derivatives"),
        (["--order", "0"], "usage", "1 or more"),
        (["--order", "-1"], "usage", "1 or more"),
        (["--order", "1000"], "limit", "up to order 100"),
        (["--wrt", "z"], "unknown_variable", "'z'"),
        (["--order", "x"], "usage", "x"),
    ],
)
def test_requests_that_make_no_sense(arguments, kind, words, ask, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = ask("compare", "exp(x)", "--at", "x=0", *arguments, "--json")
    error = json.loads(err)["error"]
    assert (code, out, error["kind"]) == (1 if kind == "limit" else 2, "", kind)
    assert words in error["message"] + error.get("hint", "")
    assert list(tmp_path.iterdir()) == []


def test_the_install_command_is_said_where_matplotlib_is_missing(ask, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    code, out, err = ask("compare", "x", "--at", "x=1", "--sweep-step", "--out", str(tmp_path / "a.svg"))
    assert (code, out) == (2, "")
    assert 'pip install "adcalc[plot]"' in err
    code, _, _ = ask("compare", "x", "--at", "x=1", "--sweep-step")
    assert code == 0


@pytest.mark.parametrize(
    ("expression", "point"),
    [("abs(x)", "x=0"), ("log(x)", "x=-1"), ("sqrt(x)", "x=0"), ("x+y", "x=1"), ("cso(x)", "x=1")],
)
def test_an_error_is_the_error_of_grad(expression, point, ask, capsys):
    code, out, err = ask("compare", expression, "--at", point)
    assert out == ""
    assert run(["grad", expression, "--at", point]) == code > 0
    assert capsys.readouterr().err == err


def test_a_large_expression_is_compared(ask):
    text = "+".join(f"sin({k}*x)*y" for k in range(2500))
    code, out, _ = ask("compare", text, "--at", "x=0.3,y=1", "--json")
    answer = json.loads(out)
    assert code == 0
    assert answer["operations"] == 9999
    assert answer["methods"][1]["operations"] < 4 * 9999
    assert answer["methods"][1]["max_error"] < 1e-9


# ---------------------------------------------------------------- arrays

LAYER = ["X@W + B", "--at", "X=[[1,2],[3,4]], W=[[1],[2]], B=[1], g=[[1],[2]]"]


@pytest.mark.usefixtures("still")
def test_arrays_are_compared_in_a_table(ask):
    code, out, err = ask("compare", *LAYER, "--claim", "W: X.T@g", "--claim", "B: sum(g, axis=0)")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[:6] == [
        "X@W + B (2x1), weighed by g",
        "  dL/dW = (2x1)",
        "    [[ 7],",
        "     [10]]",
        "  dL/dB = [3]",
        "",
    ]
    assert lines[6].split("│")[0].strip() == "method"
    table = {line.split("│")[0].strip(): line for line in lines if "│" in line}
    assert [cell.strip() for cell in table["reverse mode"].split("│")[1:3]] == ["0", "16"]
    assert [cell.strip() for cell in table["closed form"].split("│")[1:3]] == ["0", "16"]
    told = " ".join(out.split())
    assert "errors against proved digits of every element" in told
    assert "passes a pass reads or writes 2x2 elements, as many as the largest array has" in told
    assert "closed form dL/dW, dL/dB: graph and closed form agree to rounding; no element differs" in told
    assert "drawn at random" not in told


def test_json_of_arrays(ask):
    code, out, err = ask("compare", *LAYER, "--claim", "W: X.T@g", "--json")
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert list(answer) == [
        "expression",
        "at",
        "shapes",
        "order",
        "value",
        "reference",
        "methods",
        "operations",
        "reference_by",
        "claims",
    ]
    assert answer["reference"] == {"W": [["7"], ["10"]]}
    assert answer["claims"] == {"W": {"claim": "X.T@g", "difference": 0.0, "share": 0.0}}
    modes = [method["mode"] for method in answer["methods"]]
    assert modes == ["forward", "reverse", "symbolic", *["finite"] * 4, "claim"]
    reverse, closed = answer["methods"][1], answer["methods"][-1]
    assert reverse["gradient"] == closed["gradient"] == {"W": [[7.0], [10.0]]}
    assert {"mode", "gradient", "max_error", "operations", "seconds", "digits", "passes"} <= set(reverse)


def test_numbers_that_were_drawn_in_large_shapes_are_left_out(ask):
    code, out, _ = ask("compare", "sum(x^2)", "--shape", "x=20000", "--json")
    answer = json.loads(out)
    assert code == 0
    assert len(out) < 4000
    assert (answer["at"], answer["value"], answer["reference"]) == ({}, None, None)
    assert (answer["shapes"], answer["drawn"]) == ({"x": [20000]}, ["x"])
    assert all(method["gradient"] is None for method in answer["methods"])
    assert answer["methods"][1]["max_error"] is not None or answer["reference_by"] is None


def test_a_closed_form_that_is_wrong_is_an_error(ask):
    code, out, err = ask("compare", "sum(x^2)", "--at", "x=[1, 2]", "--claim", "x: x")
    assert (code, out) == (1, "")
    assert err == (
        "error: x is not the derivative by x: element [1] is 2, and the derivative's is 4\n"
        "  x: x\n"
        "     ^\n"
        "hint: adcalc check says by proved digits what is wrong\n"
    )
