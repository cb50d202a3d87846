"""The command line: what is printed where, with which exit code, in which words."""

import io
import json
import os
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading import strictly

import adcalc
from adcalc.cli.app import run

COMMANDS = ("eval", "grad", "diff", "functions")


def process(*arguments, **options):
    environment = {**os.environ, **options.pop("env", {})}
    return subprocess.run([sys.executable, "-m", "adcalc", *arguments], capture_output=True, env=environment, **options)


# ------------------------------------------------------------------ answers


def test_grad_prints_the_value_and_each_partial(ask):
    assert ask("grad", "cos(x*y)+y", "--at", "x=0,y=1") == (0, "cos(x*y) + y = 2\n  ∂/∂x = 0\n  ∂/∂y = 1\n", "")


def test_grad_in_json_is_the_contract_to_the_letter(ask):
    code, out, err = ask("grad", "cos(x*y)+y", "--at", "x=0,y=1", "--json")
    assert (code, err) == (0, "")
    assert out == (
        '{"expression": "cos(x*y)+y", "at": {"x": 0.0, "y": 1.0}, "mode": "reverse", "value": 2.0, '
        '"gradient": {"x": 0.0, "y": 1.0}}\n'
    )


def test_eval_prints_the_value(ask):
    assert ask("eval", "1/4") == (0, "1/4 = 0.25\n", "")


def test_eval_in_json(answer):
    assert answer("eval", "x^2", "--at", "x=3") == {"expression": "x^2", "at": {"x": 3.0}, "value": 9.0}


def test_diff_in_json_without_a_point(answer):
    found = answer("diff", "x^2*y")
    assert set(found) == {"expression", "at", "order", "derivatives"}
    assert found["order"] == 1
    assert found["at"] == {}
    assert set(found["derivatives"]) == {"x", "y"}


def test_diff_in_json_with_a_point(answer):
    found = answer("diff", "x^2*y", "--at", "x=3,y=2")
    assert set(found) == {"expression", "at", "order", "derivatives", "value", "evaluated"}
    assert (found["value"], found["evaluated"]) == (18.0, {"x": 12.0, "y": 9.0})


def test_diff_of_a_higher_order(answer):
    found = answer("diff", "x^4", "--order", "3", "--at", "x=2")
    assert (found["order"], found["evaluated"]) == (3, {"x": 48.0})


def test_diff_by_a_variable_twice_is_mixed(answer):
    found = answer("diff", "x^3*y", "--wrt", "x,x,y", "--at", "x=2,y=1")
    assert found["evaluated"] == {"x,x,y": 12.0}


def test_diff_in_latex(answer):
    assert "frac" in answer("diff", "x/(1+y)", "--format", "latex")["derivatives"]["y"]


def test_functions_in_json(answer):
    (row,) = answer("functions", "sin")["functions"]
    assert row["name"] == "sin"
    assert {"form", "group", "meaning", "rule", "dual", "domain", "definition", "example"} <= set(row)
    assert len(answer("functions")["functions"]) > 100


def test_functions_lists_every_function_for_people(ask):
    code, out, err = ask("functions")
    assert (code, err) == (0, "")
    for name in ("sin(u)", "relu(u)", "besselj(n, u)", "logistic(u)"):
        assert name in out


@pytest.mark.parametrize("mode", ["forward", "reverse", "symbolic", "finite"])
def test_every_mode_has_the_same_keys(answer, mode):
    found = answer("grad", "x*y", "--at", "x=2,y=3", "--mode", mode)
    expected = ["expression", "at", "mode", "value", "gradient"]
    assert list(found) == (expected if mode != "finite" else [*expected, "error_estimate"])
    assert found["mode"] == mode


def test_the_expression_is_echoed_as_it_was_typed(answer):
    assert answer("eval", "  1+ 1  # two")["expression"] == "  1+ 1  # two"


def test_numbers_read_back_to_the_same_float(answer):
    for text in ("1/3", "pi", "1e-300", "2^0.5", "1e22/3", "0.1+0.2", "5e-324"):
        from adcalc.api import function

        assert answer("eval", text)["value"] == function(text).value()


def test_zero_is_never_negative(ask):
    for arguments in (
        ["grad", "-x^2", "--at", "x=0"],
        ["eval", "-0*x", "--at", "x=1"],
        ["eval", "x", "--at", "x=-0"],
        ["grad", "x*y", "--at", "x=-0.0,y=0"],
    ):
        for options in ([], ["--json"]):
            code, out, _ = ask(*arguments, *options)
            assert code == 0
            assert "-0" not in out.replace("-0*x", "")


# ------------------------------------------------------------------ input


def test_the_expression_may_come_from_standard_input(answer, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("a = x*y\na + 1\n"))
    assert answer("eval", "-", "--at", "x=2,y=3")["value"] == 7


def test_the_expression_may_come_from_a_file(answer, tmp_path):
    path = tmp_path / "program.adc"
    path.write_text("a = x^2\na + 1\n", encoding="utf-8")
    assert answer("eval", "--file", str(path), "--at", "x=2")["value"] == 5
    assert answer("eval", "-f", str(path), "-a", "x=2")["value"] == 5


def test_a_mistake_in_a_file_names_the_file_and_the_line(refusal, tmp_path):
    path = tmp_path / "program.adc"
    path.write_text("a = x^2\na + cso(x)\n", encoding="utf-8")
    code, error = refusal("eval", "--file", str(path), "--at", "x=2")
    assert code == 2
    assert (error["file"], error["line"], error["column"], error["length"]) == (str(path), 2, 5, 3)


def test_a_point_may_be_given_in_parts(answer):
    assert answer("eval", "x*y*z", "--at", "x=2", "-a", "y=3,z=pi/pi")["value"] == 6


def test_a_point_may_be_a_file(answer, tmp_path):
    point, x = tmp_path / "point.json", tmp_path / "x.json"
    point.write_text('{"x": 2, "y": 0.5, "z": "1/4"}', encoding="utf-8")
    x.write_text("3e0", encoding="utf-8")
    assert answer("eval", "x*y*z", "--at", f"@{point}")["value"] == 0.25
    assert answer("eval", "x*2", "--at", f"x=@{x}")["value"] == 6


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("{", "file"),
        ("[1]", "file"),
        ('{"x": [1, "a"]}', "file"),
        ('{"x": [1, null]}', "file"),
        ('{"x": [[1], [2, 3]]}', "shape"),
        ('{"x": {"y": 1}}', "file"),
        ('{"x": null}', "file"),
        ('{"x": true}', "file"),
        ('{"x": "y"}', "unbound_variable"),
        ('{"x": NaN}', None),
    ],
)
def test_a_point_file_that_makes_no_sense_is_refused(refusal, tmp_path, content, kind):
    path = tmp_path / "point.json"
    path.write_text(content, encoding="utf-8")
    code, error = refusal("eval", "x", "--at", f"@{path}")
    assert code == 2
    assert kind is None or error["kind"] == kind


@pytest.mark.parametrize(
    "expression", ["-x^2", "-x", "-sin(x)", "-2", "-x + 1", "-(x)", "-a*x", "-1/x", "-.5x", "-e^x", "-pi", "-h*x"]
)
def test_an_expression_may_begin_with_a_minus_sign(ask, expression):
    from adcalc.api import function

    names = function(expression).variables
    point = ["--at", ",".join(f"{name}=2" for name in names)] if names else []
    code, out, err = ask("eval", expression, *point, "--json")
    assert (code, err) == (0, "")
    assert strictly(out)["value"] == function(expression).value(dict.fromkeys(names, 2))


def test_a_minus_sign_before_or_after_the_options(ask):
    assert ask("grad", "--at", "x=3", "-x^2")[1] == ask("grad", "-x^2", "--at", "x=3")[1]
    assert ask("grad", "--json", "-x^2", "--at", "x=-3")[0] == 0


# ------------------------------------------------------------------ refusals


@pytest.mark.parametrize(
    ("arguments", "code", "kind"),
    [
        (["eval", "x +"], 2, "syntax"),
        (["eval", "cso(1)"], 2, "unknown_function"),
        (["eval", "x"], 2, "unbound_variable"),
        (["eval", "1", "--at", "x=1"], 2, "unknown_variable"),
        (["grad", "x", "--at", "x=1", "--wrt", "y"], 2, "unknown_variable"),
        (["eval", "sin(1, 2)"], 2, "arity"),
        (["eval", "log(-1)"], 1, "domain"),
        (["eval", "1/0"], 1, "domain"),
        (["grad", "abs(x)", "--at", "x=0"], 1, "not_differentiable"),
        (["grad", "sqrt(x)", "--at", "x=0"], 1, "not_differentiable"),
        (["eval", "exp(1000)"], 1, "overflow"),
        (["eval", "9^9^9^9"], 1, "overflow"),
        (["eval", "1e999999999"], 1, "limit"),
        (["eval", "sum(k*x, k=1..1000)", "--at", "x=1", "--max-operations", "10"], 1, "limit"),
        (["eval", "--file", "/no/such/file"], 2, "file"),
        (["eval", "x", "--at", "@/no/such/file"], 2, "file"),
        (["eval"], 2, "usage"),
        (["eval", "1", "--file", "/dev/null"], 2, "usage"),
        (["eval", "1", "2"], 2, "usage"),
        (["eval", "x", "--at", "x=1", "--at", "x=2"], 2, "usage"),
        (["grad", "x", "--at", "x=1", "--mode", "sideways"], 2, "usage"),
        (["grad", "x", "--at", "x=1", "--mode", "finite", "--difference", "odd"], 2, "usage"),
        (["diff", "x", "--format", "word"], 2, "usage"),
        (["diff", "x", "--order", "-1"], 2, "usage"),
        (["eval", "1", "--nonsense"], 2, "usage"),
        (["evaluate", "1"], 2, "usage"),
        (["functions", "cso"], 2, "unknown_function"),
        (["eval", "x", "--at", "x=1e999"], 1, "overflow"),
        (["eval", "x", "--at", "x=inf"], 1, "overflow"),
        (["eval", "x", "--at", "x=1/0"], 1, "domain"),
        (["eval", "x", "--at", "x=y"], 2, "unbound_variable"),
        (["eval", "x", "--functions", "/no/such/file"], 2, "file"),
    ],
)
def test_the_exit_code_and_the_kind_of(refusal, arguments, code, kind):
    found, error = refusal(*arguments)
    assert (found, error["kind"]) == (code, kind)
    assert error["message"]


def test_an_error_for_people_is_the_contract_to_the_letter(ask):
    code, out, err = ask("grad", "sin(x) + cso(y)", "--at", "x=1,y=2")
    assert (code, out) == (2, "")
    assert err == "error: unknown function 'cso'\n  sin(x) + cso(y)\n           ^^^\nhint: did you mean 'cos'?\n"


def test_an_error_for_scripts_has_the_place(refusal):
    _, error = refusal("grad", "sin(x) + cso(y)", "--at", "x=1,y=2")
    assert error == {
        "kind": "unknown_function",
        "message": "unknown function 'cso'",
        "line": 1,
        "column": 10,
        "length": 3,
        "hint": "did you mean 'cos'?",
    }


def test_a_kink_tells_both_slopes(refusal):
    _, error = refusal("grad", "abs(x)", "--at", "x=0")
    assert (error["left"], error["right"]) == (-1.0, 1.0)


def test_an_unknown_command_gets_a_suggestion(ask):
    code, out, err = ask("gard", "x")
    assert (code, out) == (2, "")
    assert "gard" in err
    assert "grad" in err


def test_an_unknown_option_gets_a_suggestion(ask):
    code, out, err = ask("grad", "x", "--ta", "x=1")
    assert (code, out) == (2, "")
    assert "--at" in err


def test_a_misspelt_mode_gets_a_suggestion(refusal):
    assert "reverse" in refusal("grad", "x", "--at", "x=1", "--mode", "revers")[1]["hint"]


def test_a_value_for_a_product_of_names_gets_the_product_as_hint(refusal):
    assert "x*y" in refusal("eval", "xy", "--at", "x=1,y=2")[1]["hint"]


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"x + \x80"])
def test_a_file_that_is_no_text_is_refused(refusal, tmp_path, content):
    path = tmp_path / "binary"
    path.write_bytes(content)
    assert refusal("eval", "--file", str(path))[1]["kind"] == "file"


def test_a_directory_is_no_file(refusal, tmp_path):
    assert refusal("eval", "--file", str(tmp_path))[1]["kind"] == "file"


# ------------------------------------------------------------------ help


def test_the_version(ask):
    assert ask("--version") == (0, f"adcalc {adcalc.__version__}\n", "")


def test_help_lists_the_commands(ask):
    code, out, err = ask("--help")
    assert (code, err) == (0, "")
    assert all(command in out for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_the_help_of_a_command_has_an_example_and_its_json_keys(ask, command, option):
    code, out, err = ask(command, option)
    assert (code, err) == (0, "")
    assert f"Example: adcalc {command}" in " ".join(out.split())
    assert "JSON keys" in out


def test_no_command_at_all_shows_the_help(ask):
    code, out, err = ask()
    assert "grad" in out + err
    assert code in (0, 2)


# ------------------------------------------------------------------ processes


def test_a_process_prints_utf_8():
    ran = process("grad", "x^2", "--at", "x=3", env={"PYTHONIOENCODING": "utf-8"})
    assert (ran.returncode, ran.stdout.decode(), ran.stderr) == (0, "x^2 = 9\n  ∂/∂x = 6\n", b"")


def test_a_terminal_that_knows_only_ascii_gets_plain_ascii():
    ran = process("grad", "x²·y", "--at", "x=3,y=1", env={"PYTHONIOENCODING": "ascii"})
    assert ran.returncode == 0
    assert b"d/dx = 6" in ran.stdout
    ran = process("functions", "mul", env={"PYTHONIOENCODING": "ascii"})
    assert ran.returncode == 0
    assert ran.stdout.isascii()
    ran = process("eval", "Δx + √", "--at", "x=1", env={"PYTHONIOENCODING": "ascii"})
    assert ran.returncode == 2
    assert b"Traceback" not in ran.stderr
    assert ran.stderr.isascii()
    ran = process("eval", "Δx", "--at", "Δx=1", "--json", env={"PYTHONIOENCODING": "ascii"})
    assert json.loads(ran.stdout)["at"] == {"Δx": 1.0}


@pytest.mark.parametrize("environment", [{}, {"NO_COLOR": "1"}, {"TERM": "xterm-256color"}])
def test_a_pipe_gets_no_colours(environment):
    for arguments in (["functions", "sin"], ["eval", "x +"], ["--help"], ["grad", "--help"]):
        ran = process(*arguments, env=environment)
        assert b"\x1b[" not in ran.stdout + ran.stderr


def test_a_closed_pipe_ends_quietly():
    command = f"{sys.executable} -m adcalc functions | head -1"
    ran = subprocess.run(["bash", "-c", f'{command}; echo "${{PIPESTATUS[@]}}"'], capture_output=True, text=True)
    assert ran.stderr == ""
    assert ran.stdout.splitlines()[-1].split()[1] == "0"


def test_a_reader_that_is_gone_before_anything_is_written_is_no_error():
    ran = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m adcalc functions | true; sleep 0.1"], capture_output=True, text=True
    )
    assert "Traceback" not in ran.stderr
    assert "BrokenPipe" not in ran.stderr


def test_a_pipeline_of_json():
    ran = process("grad", "x*y", "--at", "x=2,y=3", "--json")
    again = process(
        "eval",
        "x*y",
        "--at",
        ",".join(f"{name}={value}" for name, value in json.loads(ran.stdout)["gradient"].items()),
        "--json",
    )
    assert json.loads(again.stdout)["value"] == 6


def test_standard_input_of_a_process():
    ran = process("grad", "-", "--at", "x=2", "--json", input=b"a = x^2\n# why not\na*x\n")
    assert json.loads(ran.stdout)["gradient"] == {"x": 12.0}
    ran = process("eval", "-", input=b"\xff\xfe")
    assert ran.returncode == 2
    assert b"Traceback" not in ran.stderr


def test_bytes_that_are_no_text_as_an_argument_get_no_traceback():
    ran = subprocess.run([sys.executable.encode(), b"-m", b"adcalc", b"eval", b"x + \xff\xfe"], capture_output=True)
    assert ran.returncode == 2
    assert b"Traceback" not in ran.stderr
    ran = subprocess.run(
        [sys.executable.encode(), b"-m", b"adcalc", b"eval", b"`\xff`", b"--at", b"`\xff`=1", b"--json"],
        capture_output=True,
    )
    assert b"Traceback" not in ran.stderr


# ------------------------------------------------------------------ anything at all

WORDS = [
    "eval",
    "grad",
    "diff",
    "functions",
    "--at",
    "-a",
    "--wrt",
    "-w",
    "--json",
    "--mode",
    "-m",
    "finite",
    "--order",
    "-n",
    "2",
]
WORDS += [
    "x=1",
    "y=2",
    "x=1,y=2",
    "x",
    "-x^2",
    "x*y",
    "-",
    "--",
    "--help",
    "-1",
    "",
    " ",
    "=",
    "@",
    "x=@",
    "--file",
    "-f",
    "1/0",
]
WORDS += [
    "--stats",
    "--mixed",
    "--format",
    "latex",
    "--difference",
    "abs(x)",
    "\x00",
    "é",
    "-é",
    "--é",
    "-a=x",
    "--at=x=1",
    "-ax=1",
]
PIECES = st.sampled_from(
    [
        *"xy+-*/^()!,=;<>.12%²π#`'\"\n\t\\{}[]|&?:@$~_\x00\ud800é∞",
        "sin(",
        "if(",
        "sum(",
        "k=1..3",
        " and ",
        "e",
        "inf",
        "max(",
        "gamma(",
    ]
)


def assert_civil(code, printed):
    assert code in (0, 1, 2)
    assert "Traceback" not in printed.err
    if code:
        assert printed.err


@settings(
    max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=6)), max_size=6))
def test_no_arguments_get_a_traceback(capsys, monkeypatch, arguments):
    monkeypatch.setattr(sys, "stdin", io.StringIO("x^2"))
    code = run(arguments)
    printed = capsys.readouterr()
    assert_civil(code, printed)


@settings(
    max_examples=120, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(PIECES, max_size=14).map("".join), st.sampled_from(["eval", "grad", "diff"]))
def test_no_expression_gets_a_traceback_and_every_answer_is_json(capsys, text, command):
    if text.strip() == "-":
        return  # standard input
    code = run([command, text, "--json", "--max-operations", "10000"])
    printed = capsys.readouterr()
    assert_civil(code, printed)
    if code:
        assert printed.out == ""
        if text not in ("-h",):
            assert strictly(printed.err)["error"]["message"]
    elif printed.out.startswith("{"):
        assert strictly(printed.out)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=20))
def test_random_bytes_get_no_traceback(capsys, data):
    text = data.decode("utf-8", "surrogateescape")
    code = run(["eval", "--json", f" {text}"])
    assert_civil(code, capsys.readouterr())


@pytest.mark.parametrize("command", ["eval", "grad", "trace"])
def test_an_answer_that_underflowed_says_so(command, capsys):
    words = "exp(-x) underflows to 0 where -x = -800"
    assert run([command, "exp(-x)", "--at", "x=800"]) == 0
    assert capsys.readouterr().err == f"warning: {words}\n"
    assert run([command, "exp(-x)", "--at", "x=800", "--json"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["warnings"] == [{"kind": "underflow", "message": words}]
    assert captured.err == ""
    assert run([command, "exp(-x)", "--at", "x=800", "--json", "--strict"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert json.loads(captured.err)["error"]["kind"] == "precision"


def test_a_true_zero_is_no_warning(capsys):
    assert run(["grad", "x*y + cos(x)", "--at", "x=0,y=0", "--strict"]) == 0
    assert capsys.readouterr().err == ""


def test_behind_two_dashes_stands_no_option(capsys):
    assert run(["eval", "--at", "x=3", "--", "-x^2"]) == 0
    assert capsys.readouterr().out == "-x^2 = -9\n"


def test_an_empty_list_of_variables_is_refused(capsys):
    assert run(["grad", "x^2", "--at", "x=1", "--wrt", " "]) == 2
    assert "--wrt names no variable" in capsys.readouterr().err


def test_a_mistake_of_adcalc_s_own_is_told_without_a_traceback(monkeypatch, capsys):
    def broken(*_, **__):
        raise ZeroDivisionError("inside")

    monkeypatch.setattr("adcalc.api.Function.evaluate", broken)
    assert run(["eval", "1", "--json"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert json.loads(err)["error"]["kind"] == "internal"
    assert "ZeroDivisionError" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["grad", "x", "--digit", "3"], "no such option: --digit", "did you mean '--digits'?"),
        (["grad", "x", "--xyzzy"], "no such option: --xyzzy", "adcalc grad --help lists its options"),
        (["grdd", "x"], "no such command 'grdd'", "did you mean 'grad'?"),
        (["taylor", "x", "--order", "2.5"], "invalid value for '--order' / '-n': '2.5' is not a whole number", None),
        (["eval", "x", "--digits", "0"], "invalid value for '--digits': 0 is less than 1", None),
        (
            ["grad", "x^2", "+", "x"],
            "there is more after the expression: + x",
            "an expression with blanks stands in quotes",
        ),
        (["functions", "sin", "-x"], "adcalc functions takes no -x", None),
        (["functions", "-x"], "there is no function '-x'", None),
        (
            ["check", "x^2", "x: 2*x"],
            "there is more after the expression: x: 2*x",
            'a claim stands behind --claim: --claim "x: …"',
        ),
        (["graph", "x", "--depth", "-1"], "invalid value for '--depth': -1 is not from 0 to 100", None),
    ],
)
def test_wrong_options_are_told_in_words(arguments, message, hint, capsys):
    assert run([*arguments, "--json"]) == 2
    error = json.loads(capsys.readouterr().err)["error"]
    assert (error["message"], error.get("hint")) == (message, hint)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device that is always full is Linux's")
@pytest.mark.parametrize("more", [[], ["--json"]])
def test_a_full_disk_is_told(more):
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "adcalc", "grad", "x^2", "--at", "x=1", *more]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2
    assert "the answer cannot be written: no space left on device" in done.stderr
    assert "mistake" not in done.stderr


def test_a_number_beyond_floats_is_had_with_digits(capsys):
    assert run(["hessian", "exp(x^2)", "--at", "x=100", "--json"]) == 1
    assert json.loads(capsys.readouterr().err)["error"]["hint"] == "--digits 17 has every digit"
    assert run(["hessian", "exp(x^2)", "--at", "x=100", "--digits", "17"]) == 0
    for command in ("trace", "compare", "plot"):
        assert run([command, "exp(x^2)", "--at", "x=100..101" if command == "plot" else "x=100"]) == 1
        assert "--digits" not in capsys.readouterr().err


def test_a_claim_of_a_product_without_its_sign(capsys):
    assert run(["check", "x^2*y", "--claim", "x: 2xy"]) == 2
    assert "hint: a product is written with '*': x*y" in capsys.readouterr().err
