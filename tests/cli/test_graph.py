"""`adcalc graph` as a person and as a script see it; tests/golden holds what is printed at 80 and 120 columns."""

import json
import os
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from adcalc.cli.app import run

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
NOTES = "f(u, v) = u/2 + v; a = x^2; b = x^3; f(a, b)"
BLACK_SCHOLES = str(ROOT / "examples" / "black_scholes.adc")
CASES = {
    "graph_cos": ["cos(x*y)+y"],
    "graph_cos_numbers": ["cos(x*y)+y", "--at", "x=0,y=1"],
    "graph_notes": [NOTES, "--at", "x=0.5"],
    "graph_black_scholes": ["-f", BLACK_SCHOLES, "--at", "s=100,k=105,r=0.02,sigma=0.25,t=0.5"],
    "graph_choice": ["if(x < 1, x^2, log(-x))", "--at", "x=0.5"],
    "graph_sharing": ["a = x; " + "; ".join(["a = a*sin(a)"] * 12) + "; a"],
    "graph_wide": ["+".join(f"sin({k}*x)" for k in range(1, 41)), "--at", "x=1"],
    "graph_depth": ["-f", BLACK_SCHOLES, "--depth", "3"],
}


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", CASES)
def test_what_a_person_sees(name, width, ask, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    code, out, err = ask("graph", *CASES[name])
    assert (code, err) == (0, "")
    assert out == (GOLDEN / f"{name}_{width}.txt").read_text("utf-8")
    _, *rest = out.splitlines()
    assert max(map(len, rest)) <= width


def test_the_keys_that_scripts_read(ask):
    code, out, _ = ask("graph", "cos(x*y)+y", "--at", "x=0,y=1", "--json")
    answer = json.loads(out)
    assert code == 0
    assert out.count("\n") == 1
    assert list(answer) == ["expression", "at", "variables", "functions", "output", "nodes", "edges"]
    assert (answer["expression"], answer["at"], answer["output"]) == ("cos(x*y)+y", {"x": 0.0, "y": 1.0}, 4)
    assert answer["nodes"][2] == {
        "id": 2,
        "name": "v1",
        "op": "mul",
        "args": [0, 1],
        "value": 0.0,
        "adjoint": 0.0,
        "text": "x*y",
    }
    assert answer["edges"][3] == {"from": 3, "to": 4, "partial": 1.0}


def test_without_a_point_there_are_no_numbers(ask):
    _, out, _ = ask("graph", "cos(x*y)+y", "--json")
    answer = json.loads(out)
    assert answer["at"] == {}
    assert set(answer["nodes"][0]) == {"id", "name", "op", "args", "text"}
    assert answer["edges"][0] == {"from": 0, "to": 2}


def test_numbers_that_are_not_there_are_null(ask):
    _, out, _ = ask("graph", "if(x < 1, x^2, log(-x))", "--at", "x=0.5", "--json")
    answer = json.loads(out)
    nodes = {node["text"]: node for node in answer["nodes"]}
    assert (nodes["log(v3)"]["value"], nodes["log(v3)"]["adjoint"]) == (None, None)
    assert nodes["x < 1"]["value"] is True
    assert "NaN" not in out


def test_json_is_a_format(ask):
    assert (
        ask("graph", "x^2", "--format", "json")
        == ask("graph", "x^2", "--json")
        == ask("graph", "x^2", "--json", "--format", "json")
    )


def test_a_program_says_what_it_defines(ask):
    _, out, _ = ask("graph", NOTES)
    assert out.splitlines()[:3] == ["f(a, b)", "variables: x", "functions: f(u, v)"]
    _, out, _ = ask("graph", "-f", BLACK_SCHOLES)
    assert out.splitlines()[1:3] == ["variables: s, k, r, sigma, t", "functions: normal(z)"]
    _, out, _ = ask("graph", "-f", BLACK_SCHOLES, "--json")
    answer = json.loads(out)
    assert (answer["variables"], answer["functions"]) == (["s", "k", "r", "sigma", "t"], ["normal(z)"])
    assert "variables" not in ask("graph", "x^2")[1]


@pytest.mark.parametrize(
    ("format", "beginning", "end"),
    [("dot", "digraph {", "}"), ("mermaid", "flowchart TB", "stroke-width:3px"), ("svg", "<svg ", "</svg>")],
)
def test_formats(format, beginning, end, ask):
    code, out, err = ask("graph", "x^2*y", "--format", format)
    assert (code, err) == (0, "")
    assert out.startswith(beginning)
    assert out.endswith(f"{end}\n")


@pytest.mark.parametrize(
    ("name", "beginning"),
    [
        ("g.svg", "<svg "),
        ("g.SVG", "<svg "),
        ("g.dot", "digraph {"),
        ("g.gv", "digraph {"),
        ("g.mmd", "flowchart TB"),
        ("g.mermaid", "flowchart TB"),
        ("g.json", '{"expression"'),
        ("g.txt", "x^2*y\n"),
    ],
)
def test_the_name_of_a_file_says_its_format(name, beginning, ask, tmp_path):
    path = tmp_path / name
    code, out, err = ask("graph", "x^2*y", "--out", str(path))
    assert (code, err) == (0, "")
    assert out == f"{path}: 5 nodes, 4 edges\n"
    written = path.read_text("utf-8")
    assert written.startswith(beginning)
    assert written.endswith("\n")
    assert os.listdir(tmp_path) == [name]


def test_a_format_is_stronger_than_a_name(ask, tmp_path):
    path = tmp_path / "g.txt"
    ask("graph", "x", "--format", "svg", "--out", str(path))
    assert ET.fromstring(path.read_text("utf-8")).tag.endswith("svg")
    assert ask("graph", "x", "--json", "--out", str(path)) == (0, "", "")
    assert json.loads(path.read_text("utf-8"))["expression"] == "x"


def test_an_error_leaves_the_file_as_it_was(ask, tmp_path):
    path = tmp_path / "g.svg"
    path.write_text("before")
    assert ask("graph", "log(x)", "--at", "x=-1", "--out", str(path))[0] == 1
    assert ask("graph", "sum(sin(k*x), k = 1..200)", "--out", str(path))[0] == 1
    assert path.read_text() == "before"
    assert os.listdir(tmp_path) == ["g.svg"]


def test_a_file_that_cannot_be_written(refusal, tmp_path):
    code, error = refusal("graph", "x", "--out", str(tmp_path / "no" / "g.json"))
    assert (code, error["kind"]) == (2, "file")
    assert "no such file" in error["message"]


@pytest.mark.parametrize(
    ("arguments", "code", "kind", "words"),
    [
        (["x", "--out", "g.png"], 2, "usage", "g.png does not say"),
        (["x", "--out", "g"], 2, "usage", "g does not say"),
        (["x", "--format", "svk"], 2, "usage", "no format 'svk'"),
        (["x", "--wrt", "x"], 2, "usage", "--wrt"),
        (["x", "--format", "dot", "--depth", "2"], 2, "usage", "--depth is for the tree"),
        (["x", "--depth", "-1"], 2, "usage", "depth"),
        (["x", "--at", "x=1", "--wrt", "y"], 2, "unknown_variable", "no variable 'y'"),
        (["x*y", "--at", "x=1"], 2, "unbound_variable", "'y' has no value"),
        (["x +", "--format", "svg"], 2, "syntax", ""),
        (["sqrt(x)", "--at", "x=0"], 1, "not_differentiable", "sqrt(x)"),
        (["log(x)", "--at", "x=-1"], 1, "domain", "log"),
        (["sum(sin(k*x), k = 1..200)", "--format", "svg"], 1, "limit", "a picture shows"),
        (["-f", "no.adc"], 2, "file", "no.adc"),
    ],
)
def test_what_is_refused(arguments, code, kind, words, ask):
    found, out, err = ask("graph", *arguments)
    assert (found, out) == (code, "")
    assert words in err
    assert err.startswith("error: ")


def test_json_and_another_format_exclude_each_other(refusal):
    code, error = refusal("graph", "x", "--format", "dot")
    assert (code, error["kind"]) == (2, "usage")


def test_hints(refusal):
    assert refusal("graph", "x", "--depth", "2")[1]["hint"] == "the other formats show the whole graph"
    assert refusal("graph", "x", "--wrt", "x")[1]["hint"] == "add --at"


def test_plain_ascii(monkeypatch, ask, capsys):
    import io
    import sys

    stream = io.TextIOWrapper(io.BytesIO(), "ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    assert run(["graph", "cos(x*y)+y", "--at", "x=0,y=1"]) == 0
    stream.flush()
    printed = stream.buffer.getvalue().decode("ascii")
    assert "+- v2 = cos(v1)" in printed
    assert "|  +- v1 = x*y" in printed
    assert "+- ^ y" in printed
    assert "-> v1, v3" in printed
    assert "\\u" not in printed


def test_functions_of_a_file(ask, tmp_path):
    path = tmp_path / "mine.adc"
    path.write_text("cube(u) = u^3\n")
    _, out, _ = ask("graph", "cube(x)", "--functions", str(path), "--json")
    assert [node["text"] for node in json.loads(out)["nodes"]] == ["x", "3", "x^3"]


def test_constants_of_the_language_are_variables_where_they_have_a_value(ask):
    _, out, _ = ask("graph", "e*x", "--at", "e=2,x=3", "--json")
    answer = json.loads(out)
    assert answer["variables"] == ["e", "x"]
    assert answer["nodes"][-1]["value"] == 6.0


def test_a_deep_expression(ask):
    program = "a = x; " + "; ".join(["a = sin(a)"] * 20_000) + "; a"
    code, out, _ = ask("graph", program, "--at", "x=1")
    assert code == 0
    assert "20001 nodes, 20000 edges; written out as a tree, 20001 nodes" in out
    assert len(out.splitlines()) < 80


def test_underflow_is_a_warning_and_with_strict_an_error(ask):
    underflow = ["1 + exp(-x)", "--at", "x=800"]
    code, out, err = ask("graph", *underflow)
    assert (code, err) == (0, "warning: exp(-x) underflows to 0 where -x = -800\n")
    code, out, err = ask("graph", *underflow, "--json")
    assert (code, err) == (0, "")
    assert [warning["kind"] for warning in json.loads(out)["warnings"]] == ["underflow"]
    code, out, err = ask("graph", *underflow, "--strict")
    assert (code, out) == (1, "")


def test_an_output_file_that_is_a_link_stays_one(ask, tmp_path):
    target, link = tmp_path / "target.svg", tmp_path / "link.svg"
    target.write_text("old")
    link.symlink_to(target)
    assert ask("graph", "x^2", "--out", str(link))[0] == 0
    assert link.is_symlink()
    assert target.read_text("utf-8").startswith("<svg")


def test_a_device_is_written_to_and_not_replaced(ask, tmp_path):
    pipe = tmp_path / "pipe.svg"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert ask("graph", "x^2", "--out", str(pipe))[0] == 0
    assert os.read(reader, 1 << 20).startswith(b"<svg")
    os.close(reader)
    assert pipe.is_fifo()


@pytest.mark.parametrize("name", ["folder.json", "no_such_folder/c.svg"])
def test_what_cannot_be_written_is_said(name, ask, tmp_path):
    (tmp_path / "folder.json").mkdir()
    code, out, err = ask("graph", "x^2", "--out", str(tmp_path / name))
    assert (code, out) == (2, "")
    assert "cannot be written" in err
