"""The session on a pipe: what a script and a program on the other side read."""

import io
import json
import subprocess
import sys

import pytest

from adcalc.cli.app import run


@pytest.fixture
def pipe(capsys, monkeypatch):
    """Run a session on a text; gives the exit code and what was printed."""

    def piped(text, *options):
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        code = run(["repl", *options])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return piped


def records(out):
    return [json.loads(line, parse_constant=pytest.fail) for line in out.splitlines()]


def test_a_script_gets_plain_results(pipe):
    assert pipe("x=2\ngrad x^2\n") == (0, "x^2 = 4\n  ∂/∂x = 4\n", "")


def test_a_here_document_may_go_over_lines(pipe):
    code, out, err = pipe("f(u) = {\n  v = u^2\n\n  v + 1\n}\n# a comment\nf(\n2)\n1 +\n2\n")
    assert (code, out, err) == (0, "f(2) = 5\n1 + 2 = 3\n", "")


def test_an_open_bracket_swallows_no_more_than_its_paragraph(pipe):
    code, out, err = pipe("sin(x\n\n1 + 1\n")
    assert (code, out) == (2, "1 + 1 = 2\n")
    assert "sin(x" in err


def test_a_failing_line_does_not_end_it_and_says_so_at_the_end(pipe):
    code, out, err = pipe("log(-1)\n1 + 1\n")
    assert (code, out) == (1, "1 + 1 = 2\n")
    assert err.splitlines()[1:3] == ["  log(-1)", "  ^^^^^^^"]
    assert pipe("log(-1)\ncso(1)\n1\n")[0] == 2


def test_strict_ends_it(pipe):
    assert pipe("1\nlog(-1)\n2\n", "--strict")[:2] == (1, "1 = 1\n")
    assert pipe("1\n\nlog(-1)\n2\n", "--strict", "--json")[1].count("\n") == 2


def test_nothing_is_no_mistake(pipe):
    assert pipe("") == (0, "", "")
    assert pipe("\n# nothing\n\n", "--json") == (0, "", "")


def test_every_request_has_one_line(pipe):
    requests = [
        "x = 1/4; y = 2",
        "f(u) = u^2",
        "grad f(x)*y",
        "diff f(x)",
        "log(-1)",
        "check x^2 --claim x: 3*x",
        "sin(x",
        "fmt examples/horner.adc",
        "functions sin",
        "graph x --format dot",
        ":vars",
        ":functions",
        ":set",
        ":help",
        "grad --help",
        ":forget x",
        "undo",
        ":history",
        "again",
    ]
    code, out, err = pipe("\n".join(requests) + "\n", "--json")
    found = records(out)
    assert (code, err, len(found)) == (2, "", len(requests))
    answers = dict(zip(requests, found, strict=True))
    assert answers["x = 1/4; y = 2"] == {"bound": {"x": 0.25, "y": 2.0}}
    assert answers["f(u) = u^2"] == {"defined": {"f": "f(u) = u^2"}}
    assert answers["grad f(x)*y"]["expression"] == "f(x)*y"
    assert answers["grad f(x)*y"]["gradient"] == {"x": 1.0, "y": 0.0625}
    assert answers["log(-1)"]["error"]["kind"] == "domain"
    assert answers["check x^2 --claim x: 3*x"]["error"]["kind"] == "refuted"
    assert answers["check x^2 --claim x: 3*x"]["claims"]["x"]["holds"] is False
    assert answers["sin(x"]["error"]["kind"] == "syntax"
    assert answers[":vars"] == {"variables": {"x": 0.25, "y": 2.0}}
    assert answers["undo"] == {"undone": {"x": 0.25}}
    assert "text" in answers["grad --help"]


def test_a_co_process_is_answered_at_once():
    """Each answer is there before the next request is written."""
    with subprocess.Popen(
        [sys.executable, "-m", "adcalc", "repl", "--json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for x in (1.5, -2.0, 1e-300):
            process.stdin.write(f"grad x^2 --at x={x!r}\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["gradient"] == {"x": 2 * x}
        process.stdin.write(":quit\nnever read\n")
        process.stdin.close()
        assert process.stdout.read() == "{}\n"
        assert process.wait() == 0


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_whatever_is_typed_there_is_no_traceback(options):
    words = [
        b"\xff\xfe",
        b"\x00",
        b"`",
        b"'",
        b'"',
        b'grad "x',
        b":",
        b":set\tmode x",
        b"--",
        b"-",
        b"grad -",
        b"grad --",
    ]
    words += [b":load /", b":save /", b"fmt -", b")", b"}", b"{", "\u2202x".encode()]
    text = b"\n".join(words) + b"\n"
    ran = subprocess.run(
        [sys.executable, "-m", "adcalc", "repl", *options], input=text, capture_output=True, check=False, timeout=60
    )
    assert ran.returncode == 2
    assert b"Traceback" not in ran.stderr
    if options:
        assert len(records(ran.stdout.decode())) == text.count(b"\n")


def test_answers_can_become_json_on_the_way(pipe):
    code, out, err = pipe("1/4\n:set json on\n1/4\ncso(1)\n")
    lines = out.splitlines()
    assert (code, err, lines[0], len(lines)) == (2, "", "1/4 = 0.25", 4)
    assert [list(record) for record in records("\n".join(lines[1:]))] == [
        ["settings"],
        ["expression", "at", "value"],
        ["error"],
    ]


def test_a_long_program_is_read_line_by_line_in_no_time(pipe):
    lines = "\n".join(f"  v{number} = u + {number}" for number in range(5000))
    assert pipe(f"f(u) = {{\n{lines}\n  v4999\n}}\nf(1)\n") == (0, "f(1) = 5000\n", "")


def test_depth_is_no_matter(pipe):
    assert pipe(f"x = 3\ngrad {'(' * 20000}x{')' * 20000}^2 --json\n")[1].endswith('"gradient": {"x": 6.0}}\n')


def test_answers_and_errors_keep_their_order():
    ran = subprocess.run(
        [sys.executable, "-m", "adcalc", "repl"],
        input="1\ncso(1)\n2\n",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    lines = ran.stdout.splitlines()
    assert lines[0] == "1 = 1"
    assert lines[1] == "error: unknown function 'cso'"
    assert lines[-1] == "2 = 2"


def test_a_session_can_begin_with_a_file(pipe, tmp_path):
    path = tmp_path / "s.adc"
    path.write_text("x = 3\nf(u) = u^2\n")
    assert pipe("f(x)\n", "--load", str(path))[1] == "f(x) = 9\n"
    assert pipe("", "--load", str(tmp_path / "none.adc"))[0] == 2


def test_the_function_table_can_be_extended(pipe, tmp_path):
    path = tmp_path / "mine.adc"
    path.write_text("cubed(u) = u^3\n")
    assert pipe("x = 2\ngrad cubed(x)\nfunctions cubed\n", "--functions", str(path))[1].startswith("cubed(x) = 8\n")


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [(["grad", "x", "--at", "x=1"], {"prompt_toolkit", "adcalc.cli.repl"}), (["repl"], {"prompt_toolkit", "rich"})],
)
def test_what_is_not_needed_is_not_loaded(arguments, unwanted):
    program = f"import sys; from adcalc.cli.app import run; run({arguments!r}); print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], input="1\n", capture_output=True, text=True, check=True)
    assert not unwanted & set(ran.stdout.splitlines()[-1].split())
