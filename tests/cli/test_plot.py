"""`adcalc plot` as a person and as a script see it; tests/golden holds what is printed at 80 and 120 columns."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from adcalc.cli.app import run

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
# no function that one C library rounds otherwise than another: what is printed must be the same everywhere
CASES = {
    "plot": ["x^3 - 3*x", "--at", "x=-2..2"],
    "plot_pole": ["1/(x - 1)", "--at", "x=-2..3"],
    "plot_kinks": ["abs(x - 1) + floor(x/2)", "--at", "x=-3..3"],
    "plot_domain": ["sqrt(x)*a", "--at", "x=-1..4, a=2", "--wrt", "a"],
    "plot_panels": ["(x - 100)^2/100", "--at", "x=0..1000"],
    "plot_program": [
        "f(t) = if(t > 0, t^2, -t); y = x; repeat 2 { y = y - f(y)/4 } y",
        "--at",
        "x=-2..2",
    ],
    "plot_large": ["x^100", "--at", "x=-1000..1000"],
}


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", CASES)
def test_what_a_person_sees(name, width, ask, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("LINES", "24")
    code, out, err = ask("plot", *CASES[name])
    assert (code, err) == (0, "")
    assert out == (GOLDEN / f"{name}_{width}.txt").read_text("utf-8")
    assert max(map(len, out.splitlines())) <= width


def test_the_keys_that_scripts_read(ask):
    code, out, err = ask("plot", "a*abs(x)", "--at", "x=-1..1, a=2", "--samples", "5", "--json")
    assert (code, err, out.count("\n")) == (0, "", 1)
    answer = json.loads(out)
    assert answer == {
        "expression": "a*abs(x)",
        "at": {"x": [-1, 1], "a": 2},
        "mode": "reverse",
        "x": [-1, -0.5, 0, 0.5, 1],
        "f": [2, 1, 0, 1, 2],
        "df_dx": [-2, -2, None, 2, 2],
        "places": [
            {
                "what": "no derivative",
                "from": 0,
                "to": 0,
                "kind": "not_differentiable",
                "message": "abs(x) has a kink where x = 0: the slope by x is -2 to the left and 2 to the right",
                "left": -2,
                "right": 2,
            }
        ],
    }


def test_the_json_of_a_curve_does_not_depend_on_the_terminal(ask, monkeypatch):
    answers = []
    for columns in ("40", "200"):
        monkeypatch.setenv("COLUMNS", columns)
        answers.append(ask("plot", "sin(x)", "--at", "x=0..1", "--json")[1])
    assert answers[0] == answers[1]
    assert len(json.loads(answers[0])["x"]) == 201


@pytest.mark.parametrize(
    ("arguments", "code", "kind", "place"),
    [
        (["x"], 2, "usage", None),
        (["x", "--at", "x=2"], 2, "usage", None),
        (["x*y", "--at", "x=0..1, y=0..1"], 2, "usage", (9, 6)),
        (["x*y", "--at", "x=0..1"], 2, "unbound_variable", (3, 1)),
        (["x", "--at", "y=0..1"], 2, "unknown_variable", (1, 6)),
        (["x", "--at", "x=0..1, z=1"], 2, "unknown_variable", (9, 3)),
        (["x", "--at", "x=1..0"], 2, "usage", (1, 6)),
        (["x", "--at", "x=1..1"], 2, "usage", (1, 6)),
        (["x", "--at", "x=0..inf"], 2, "usage", (6, 3)),
        (["x", "--at", "x=0.."], 2, "syntax", (6, 1)),
        (["x", "--at", "x=0..1", "--wrt", "y"], 2, "unknown_variable", (1, 1)),
        (["x*y", "--at", "x=0..1, y=1", "--wrt", "x,y"], 2, "usage", None),
        (["x", "--at", "x=0..1", "--samples", "1"], 2, "usage", None),
        (["x", "--at", "x=0..1", "--mode", "best"], 2, "usage", None),
        (["x", "--at", "x=0..1", "--out", "curve.gif"], 2, "usage", None),
        (["[x, x^2]", "--at", "x=0..1"], 2, "shape", (1, 8)),
        (["x", "--at", "x=0..1", "--at", "x=2"], 2, "usage", (1, 3)),
        (["x", "--at", "x=0", "--at", "x=2..3"], 2, "usage", (1, 6)),
        (["while x < 10 { x = x*1 } x", "--at", "x=9..11", "--max-operations", "1000"], 1, "limit", (1, 24)),
        (["log(x)", "--at", "x=-2..-1"], 1, "domain", (1, 6)),
        (["exp(x)", "--at", "x=1000..2000"], 1, "overflow", (1, 6)),
    ],
)
def test_what_is_refused(arguments, code, kind, place, ask):
    found, out, err = ask("plot", *arguments, "--json")
    error = json.loads(err)["error"]
    assert (found, out, error["kind"]) == (code, "", kind)
    assert (error.get("column"), error.get("length")) == (place or (None, None))


@pytest.mark.parametrize("command", ["eval", "grad", "diff", "trace", "compare", "graph"])
def test_other_commands_refuse_a_range(command, capsys):
    assert run([command, "x*y", "--at", "y=2, x=-5..5"]) == 2
    takes_intervals = command in ("eval", "grad")
    assert capsys.readouterr().err.splitlines() == [
        "error: x has a range, and one value is needed here",
        "  y=2, x=-5..5",
        "       ^^^^^^^",
        "hint: a range is for adcalc plot" + ("; an interval is written x=[-5 .. 5]" if takes_intervals else ""),
    ]


def test_a_file_of_samples(ask, tmp_path):
    path = tmp_path / "curve.csv"
    code, out, err = ask("plot", "sqrt(x)", "--at", "x=-1..1", "--samples", "3", "--out", str(path))
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        f"{path}: 3 samples",
        "  no value for x < 0: sqrt(x) has none, sqrt(u) needs u >= 0",
        "  no derivative at x = 0: sqrt(x) has no finite slope",
    ]
    rows = list(csv.reader(path.read_text("utf-8").splitlines()))
    assert rows[0] == ["x", "f", "df_dx", "error"]
    assert rows[1] == ["-1.0", "", "", "sqrt(x) has no value where x = -1"]
    assert rows[3] == ["1.0", "1.0", "0.5", ""]
    ask("plot", "sqrt(x)", "--at", "x=0..1", "--samples", "3", "--out", str(tmp_path / "curve.json"))
    assert json.loads((tmp_path / "curve.json").read_text("utf-8"))["x"] == [0, 0.5, 1]


@pytest.mark.parametrize("suffix", ["svg", "png", "pdf"])
def test_pictures(suffix, ask, tmp_path):
    path = tmp_path / f"curve.{suffix}"
    code, out, _ = ask("plot", "x^2", "--at", "x=-1..1", "--out", str(path))
    assert (code, out) == (0, f"{path}: 401 samples\n")
    assert len(path.read_bytes()) > 1000


def test_a_failure_leaves_the_file_as_it_was(ask, tmp_path):
    path = tmp_path / "curve.svg"
    path.write_text("before", "utf-8")
    assert ask("plot", "log(x)", "--at", "x=-2..-1", "--out", str(path))[0] == 1
    assert ask("plot", "sin(1000*x)", "--at", "x=-5..5", "--strict", "--out", str(path))[0] == 1
    assert path.read_text("utf-8") == "before"
    assert [file.name for file in tmp_path.iterdir()] == ["curve.svg"]
    assert ask("plot", "x", "--at", "x=0..1", "--out", str(tmp_path / "no" / "curve.svg"))[0] == 2


def test_without_matplotlib_the_install_command_is_said(ask, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    code, _, err = ask("plot", "x", "--at", "x=0..1", "--out", str(tmp_path / "curve.svg"))
    assert code == 2
    assert err.splitlines()[-1] == 'hint: pip install "adcalc[plot]"'
    assert ask("plot", "x", "--at", "x=0..1", "--out", str(tmp_path / "curve.csv"))[0] == 0


def test_a_curve_that_is_too_rough_warns(ask):
    code, _, err = ask("plot", "sin(1000*x)", "--at", "x=-5..5")
    assert code == 0
    assert err.startswith("warning: the curve bends or breaks more often than the samples show")
    answer = json.loads(ask("plot", "sin(1000*x)", "--at", "x=-5..5", "--json")[1])
    assert [warning["kind"] for warning in answer["warnings"]] == ["sampling"]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp437"])
def test_plain_terminals_get_letters(encoding):
    ran = subprocess.run(
        [sys.executable, "-m", "adcalc", "plot", "sqrt(x)", "--at", "x=-1..4"],
        capture_output=True,
        env={"PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT), "COLUMNS": "80", "PATH": ""},
        cwd=ROOT,
        check=True,
    )
    out = ran.stdout.decode("ascii")
    assert "* value  + d/dx" in out
    assert "no value for x < 0" in out
    assert "*****" in out


def test_no_more_is_loaded_than_is_needed():
    program = (
        "import sys; from adcalc.cli.app import run;"
        "run(['plot', 'sin(x)', '--at', 'x=0..1', '--json']);"
        "print(*sorted(name for name in sys.modules if '.' not in name), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert not set(ran.stderr.split()) & {"numpy", "rich", "scipy", "flint", "lark", "matplotlib"}


# ------------------------------------------------------------------ in a session


def session(text, *options):
    ran = subprocess.run(
        [sys.executable, "-m", "adcalc", "repl", *options],
        input=text,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT), "COLUMNS": "80", "PYTHONIOENCODING": "utf-8", "PATH": ""},
        cwd=ROOT,
        check=False,
    )
    return ran.returncode, ran.stdout, ran.stderr


def test_a_session_plots_with_what_it_knows():
    code, out, err = session("a = 2\nx = 7\nf(u) = sin(a*u)\nplot f(x)*x --at x = -pi .. pi\n2 + 2\n")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "f(x)*x  for x from -3.141592653589793 to 3.141592653589793, a = 2"
    assert lines[-2:] == ["  ⣀⣀⣀ value  ⢀⢀⢀ ∂/∂x", "2 + 2 = 4"]


def test_a_session_answers_with_one_line_of_json(tmp_path):
    (tmp_path / "point.json").write_text('{"a": 3}', "utf-8")
    code, out, _ = session(
        f'a = 2\nplot a*x --at x=0..1 --samples 3\nagain\nplot a*x --at "@{tmp_path}/point.json, x=0..1" --samples 2\n',
        "--json",
    )
    answers = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [answer["f"] for answer in answers[1:]] == [[0, 1, 2], [0, 1, 2], [0, 3]]


def test_errors_in_a_session_are_placed_in_the_line():
    code, out, err = session("plot x*b --at x=0..1\nplot x^2 --at x=5..1\nplot x\n")
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        "error: 'b' has no value",
        "  plot x*b --at x=0..1",
        "         ^",
        "hint: give it one: b = 1",
        "error: the range of x runs backwards, from 5 to 1",
        "  plot x^2 --at x=5..1",
        "                ^^^^^^",
        "hint: write x=1..5",
        "error: a plot needs the range of a variable",
        "hint: add --at x=-5..5",
    ]
