"""`adcalc trace` as a person and as a script see it; tests/golden holds what is printed at 80 and 120 columns."""

import json
import re
from pathlib import Path

import pytest

from adcalc.cli.app import run

GOLDEN = Path(__file__).parents[1] / "golden"
NOTES = "f(u,v) = u/2 + v; a = x^2; b = x^3; f(a, b)"
LAYER = "Y = linear(X, W, B); L = sum((Y - T)^2); L"
AT = "X=[[1, 2], [3, 4], [5, 6]], W=[[1], [2]], B=[0.5], T=[[1], [2], [3]]"
EXAMPLES = Path(__file__).parents[2] / "examples"
NETWORK = [
    "-f",
    str(EXAMPLES / "back_propagation.adc"),
    "--at",
    "V=[[1,-1],[0,1],[1,0],[0,1]], W=[[1,0,-1],[-1,1,1]]",
]
MATRIX = [[round((7 * row + 3 * column) % 11 / 11 - 0.5, 3) for column in range(12)] for row in range(10)]
CASES = {
    "trace_notes": [NOTES, "--at", "x=0.5"],
    "trace_notes_steps": [NOTES, "--at", "x=0.5", "--steps"],
    "trace_notes_opened": [NOTES, "--at", "x=0.5", "--detail", "all"],
    "trace_forward": ["cos(x*y)+y", "--at", "x=0,y=1", "--mode", "forward"],
    "trace_reverse": ["cos(x*y)+y", "--at", "x=0,y=1"],
    "trace_layered": ["sin(x*y) + exp(x)*y - x/y", "--at", "x=0.5,y=2", "--order", "layered"],
    "trace_long": ["+".join(f"sin({k}*x)" for k in range(40)), "--at", "x=1"],
    "trace_linear": [LAYER, "--at", AT],
    "trace_linear_opened": ["sum((X@W + B - T)^2)", "--at", AT, "--wrt", "W,B"],
    "trace_linear_steps": [LAYER, "--at", AT, "--steps"],
    "trace_linear_forward": [LAYER, "--at", AT, "--seed", "W=[[1], [0]], B=2"],
    "trace_network": [*NETWORK, "--order", "layered"],
    "trace_network_again": [*NETWORK, "--order", "layered", "--checkpoints", "0"],
    "trace_large": ["L = sum(exp(A @ x)^2) + sum(x); L", "--at", f"A={MATRIX}, x=[{', '.join(['0.5'] * 12)}]"],
    "trace_program": ["a = x*y; b = sin(x); z = a + b; z", "--as", "program"],
}


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", CASES)
def test_what_a_person_sees(name, width, ask, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    code, out, err = ask("trace", *CASES[name])
    assert (code, err) == (0, "")
    assert out == (GOLDEN / f"{name}_{width}.txt").read_text("utf-8")
    if name != "trace_forward":  # a worked substitution is a line of its own, however long
        assert max(map(len, out.splitlines())) <= width


def test_the_keys_that_scripts_read(ask):
    code, out, _ = ask("trace", "cos(x*y)+y", "--at", "x=0,y=1", "--json")
    answer = json.loads(out)
    assert code == 0
    assert list(answer)[:4] == ["expression", "at", "mode", "value"]
    assert {"nodes", "edges", "steps"} <= set(answer)
    assert answer["nodes"][2] == {
        "id": 2,
        "name": "v1",
        "op": "mul",
        "args": [0, 1],
        "value": 0.0,
        "adjoint": 0.0,
        "text": "x*y",
    }
    assert answer["edges"][0] == {"from": 0, "to": 2, "partial": 1.0}
    assert [step["phase"] for step in answer["steps"]] == ["start"] + ["primal"] * 5 + ["return"] * 3


def test_the_keys_of_arrays_that_scripts_read(ask):
    code, out, _ = ask("trace", LAYER, "--at", AT, "--order", "layered", "--checkpoints", "0", "--json")
    answer = json.loads(out)
    assert code == 0
    assert list(answer)[:5] == ["expression", "at", "mode", "value", "gradient"]
    assert {"nodes", "edges", "steps", "order", "layers", "held", "memory"} <= set(answer)
    nodes = {node["name"]: node for node in answer["nodes"]}
    assert nodes["Y"] == {
        "id": nodes["Y"]["id"],
        "name": "Y",
        "op": "add",
        "args": [nodes[name]["id"] for name in ("X", "W", "B")],
        "shape": [3, 1],
        "value": [[5.5], [11.5], [17.5]],
        "adjoint": [[9.0], [19.0], [29.0]],
        "text": "X@W + B",
    }
    formulas = {(edge["from"], edge["to"]): edge["formula"] for edge in answer["edges"]}
    assert formulas[nodes["W"]["id"], nodes["Y"]["id"]] == "X.T @ dL/dY"
    assert formulas[nodes["B"]["id"], nodes["Y"]["id"]] == "sum(dL/dY, axis=0)"
    assert all(edge["partial"] is None for edge in answer["edges"])
    phases = [step["phase"] for step in answer["steps"]]
    assert phases == ["start"] + ["primal"] * 6 + ["again", "return", "return"]
    memory = answer["memory"]
    assert memory["peak"]["elements"] == answer["held"] == max(one["elements"] for one in memory["moments"])
    assert memory["peak"]["bytes"] == 8 * answer["held"]
    assert (memory["stored"], memory["again"]) == ([], [nodes["Y"]["id"]])


def test_a_large_array_is_null_and_has_its_norm(ask):
    at = f"x={[1.0] * 1500}"
    _, out, _ = ask("trace", "L = sum(2*x); L", "--at", at, "--detail", "all", "--json")
    x, v1, result = json.loads(out)["nodes"]
    assert (x["value"], x["shape"]) == (None, [1500])
    assert x["value_norm"] == pytest.approx(1500**0.5)
    assert v1["adjoint_norm"] == pytest.approx(1500**0.5)
    assert result["value"] == 3000.0


def test_forward_mode_over_arrays_has_tangents(ask):
    _, out, _ = ask("trace", LAYER, "--at", AT, "--seed", "W=1", "--json")
    nodes = {node["name"]: node for node in json.loads(out)["nodes"]}
    assert nodes["Y"]["tangent"] == [[3.0], [7.0], [11.0]]
    assert nodes["X"]["tangent"] is None
    assert "adjoint" not in nodes["Y"]


def test_forward_mode_has_tangents(ask):
    _, out, _ = ask("trace", "x*y", "--at", "x=2,y=3", "--mode", "forward", "--json")
    assert json.loads(out)["nodes"][-1]["tangent"] == {"x": 3.0, "y": 2.0}
    _, out, _ = ask("trace", "x*y", "--at", "x=2,y=3", "--seed", "x=1,y=1", "--json")
    assert json.loads(out)["nodes"][-1]["tangent"] == 5.0


def test_grad_shows_its_work_after_the_result(capsys):
    assert run(["grad", "x*y", "--at", "x=2,y=3", "--trace"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("x*y = 6\n  ∂/∂x = 3\n  ∂/∂y = 2\n")
    assert "adjoint" in out
    run(["grad", "x*y", "--at", "x=2,y=3", "--trace", "--json"])
    assert {"gradient", "nodes", "edges", "steps"} <= set(json.loads(capsys.readouterr().out))
    assert run(["grad", "x*y", "--at", "x=2,y=3", "--trace", "--mode", "symbolic"]) == 2


def test_an_error_comes_after_the_work_so_far(ask):
    code, out, err = ask("trace", "sqrt(x^2)", "--at", "x=0")
    assert code == 1
    assert "sqrt(v1)" in out
    assert "no finite slope" in err
    code, out, err = ask("trace", "sqrt(x^2)", "--at", "x=0", "--json")
    assert (code, out) == (1, "")
    assert json.loads(err)["error"]["kind"] == "not_differentiable"


def test_an_underflow_is_warned_of(ask):
    _, _, err = ask("trace", "1+exp(-x)", "--at", "x=800")
    assert err == "warning: exp(-x) underflows to 0 where -x = -800\n"
    _, out, err = ask("trace", "1+exp(-x)", "--at", "x=800", "--json")
    assert json.loads(out)["warnings"][0]["kind"] == "underflow"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["x*y", "--at", "x=1"], "'y' has no value"),
        (["x", "--at", "x=1", "--mode", "symbolic"], "no trace of mode"),
        (["x", "--at", "x=1", "--order", "layerd"], "no order"),
        (["x", "--at", "x=1", "--detail", "most"], "no detail"),
        (["x", "--at", "x=1", "--only", "z"], "no node"),
        (["x", "--at", "x=1", "--seed", "x=1", "--mode", "reverse"], "direction of forward mode"),
        (["x", "--at", "x=1", "--as", "c"], "no form"),
        ([LAYER, "--at", AT, "--mode", "forward"], "along one direction"),
        ([LAYER, "--at", AT, "--seed", "W=[1, 2, 3]"], "the seed of W is a vector of 3"),
        ([LAYER, "--at", AT, "--checkpoints", "1"], "checkpoints are layers"),
        ([LAYER, "--at", AT, "--order", "layered", "--checkpoints", "-1"], "checkpoints"),
        (["x^2", "--at", "x=1", "--order", "layered", "--checkpoints", "1"], "programs with arrays"),
        (["sum(x)", "--at", "x=[1, 2]", "--as", "program"], "a differential program is of numbers"),
        (["[x, x^2]*[1, 2]", "--at", "x=1"], "one number is needed"),
        (["x", "--at", "x=1", "--depth", "-1"], "depth"),
    ],
)
def test_wrong_requests_are_errors_with_a_reason(arguments, words, ask):
    code, out, err = ask("trace", *arguments)
    assert (code, out) == (2, "")
    assert words in err


def test_plain_ascii_where_the_terminal_has_no_more(capsys, monkeypatch):
    import io
    import sys

    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    assert run(["trace", "cos(x*y)+y", "--at", "x=0,y=1", "--mode", "forward"]) == 0
    stream.flush()
    text = stream.buffer.getvalue().decode("ascii")
    assert "cos(<0, 1> * <1, 0>) + <1, 0>" in text


def test_a_program_read_back_is_the_derivative(ask, capsys):
    _, out, _ = ask("trace", "x^3", "--at", "x=2", "--seed", "x=1", "--as", "program")
    assert run(["eval", out]) == 0
    assert capsys.readouterr().out.endswith(" = 12\n")


def test_a_page_is_written_whole_or_not_at_all(tmp_path, ask):
    path = tmp_path / "trace.html"
    code, out, _ = ask("trace", "x*y", "--at", "x=2,y=3", "--html", str(path))
    assert code == 0
    assert "3 nodes" in out
    before = path.read_text("utf-8")
    assert before.rstrip().endswith("</html>")
    code, out, err = ask("trace", "log(x)", "--at", "x=-1", "--html", str(path))
    assert code == 1
    assert path.read_text("utf-8") == before
    assert list(tmp_path.iterdir()) == [path]
    code, _, err = ask("trace", "x", "--at", "x=1", "--html", str(tmp_path / "no" / "page.html"))
    assert code == 2
    assert "cannot be written" in err


def test_the_page_shows_the_seed_as_its_direction(ask, tmp_path):
    page = tmp_path / "page.html"
    code, _, _ = ask("trace", "cos(x*y)+y", "--at", "x=1,y=1", "--seed", "x=3,y=4", "--html", str(page))
    assert code == 0
    data = page.read_text("utf-8")
    assert "tangent along the seed" in re.sub("<[^>]*>", "", data)
    assert "-1.89029689365527" in data  # 3·(-sin 1) + 4·(1 - sin 1)


def test_a_partial_beyond_floating_point_is_an_error_and_not_an_infinity(ask):
    """The adjoints are within range; the partial of the named value is not."""
    arguments = ["a = x*1e200*1e200; a*1e-300", "--at", "x=1e-100", "--json"]
    code, out, err = ask("trace", *arguments)
    assert (code, out) == (1, "")
    assert json.loads(err)["error"]["kind"] == "overflow"
    code, out, _ = ask("trace", *arguments, "--detail", "all")
    assert code == 0
    assert json.loads(out)["gradient"]["x"] == pytest.approx(1e100)


@pytest.mark.parametrize(("text", "shown"), [("2+3", "⟨5, 0⟩"), ("pi", "⟨3.141593, 0⟩")])
def test_without_a_variable_the_values_are_shown(text, shown, ask):
    code, out, _ = ask("trace", text, "--mode", "forward")
    assert code == 0
    assert shown in out
