"""`adcalc fmt`: what it prints, checks and writes, and with which exit codes."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
MESSY = "a=x*y;b=sin( a )#half\n\n\n\nrepeat 2{b=b**2}\na+b"
NEAT = "a = x*y\nb = sin(a)  # half\n\nrepeat 2 {\n    b = b^2\n}\na + b\n"


@pytest.fixture
def messy(tmp_path):
    path = tmp_path / "messy.adc"
    path.write_bytes(MESSY.encode())
    return path


def test_a_file_is_printed_and_left_as_it_is(ask, messy):
    assert ask("fmt", messy) == (0, NEAT, "")
    assert messy.read_bytes() == MESSY.encode()


def test_standard_input(ask, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(MESSY))
    assert ask("fmt", "-") == (0, NEAT, "")


def test_the_layout_gives_the_same_answer(ask, messy, tmp_path):
    neat = tmp_path / "neat.adc"
    neat.write_text(ask("fmt", messy)[1], "utf-8")
    answers = [ask("grad", "-f", path, "--at", "x=2,y=0.5", "--json")[1] for path in (messy, neat)]
    assert [answer.partition('"at"')[2] for answer in answers] == [answers[0].partition('"at"')[2]] * 2
    assert '"gradient"' in answers[0]


def test_a_mistake_is_shown_in_its_place_and_nothing_is_printed(ask, tmp_path):
    path = tmp_path / "wrong.adc"
    path.write_text("a = 1\nb = a + )\n", "utf-8")
    code, out, err = ask("fmt", path)
    assert (code, out) == (2, "")
    assert f"{path}, line 2" in err
    path.write_text("a = 1; ; b = sin a", "utf-8")
    code, out, err = ask("fmt", path)
    assert (code, out) == (2, "")
    assert "two names stand side by side" in err


def test_a_file_that_cannot_be_read(ask, tmp_path):
    code, out, err = ask("fmt", tmp_path / "none.adc")
    assert (code, out) == (2, "")
    assert "none.adc" in err
    (tmp_path / "bytes.adc").write_bytes(b"\xff\xfe")
    assert ask("fmt", tmp_path / "bytes.adc")[0] == 2
    assert ask("fmt", tmp_path)[0] == 2


# ------------------------------------------------------------------ --check


def test_check_names_the_file_and_the_first_difference(ask, messy):
    code, out, err = ask("fmt", "--check", messy)
    assert (code, out) == (1, "")
    assert err.startswith(f"error: {messy} is not in canonical layout\n")
    lines = err.splitlines()
    assert lines[2].index("=") == lines[3].index("^")  # the first blank that is missing
    assert f"adcalc fmt --write {messy}" in err
    assert messy.read_bytes() == MESSY.encode()


def test_check_says_nothing_about_what_is_canonical(ask, monkeypatch):
    assert ask("fmt", "--check", *sorted(EXAMPLES.glob("*.adc"))) == (0, "", "")
    monkeypatch.setattr(sys, "stdin", io.StringIO(NEAT))
    assert ask("fmt", "--check", "-") == (0, "", "")


def test_check_of_standard_input(ask, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("x+1\n"))
    code, out, err = ask("fmt", "--check", "-")
    assert (code, out) == (1, "")
    assert err.startswith("error: standard input is not in canonical layout\n")
    assert "--write" not in err


def test_check_looks_at_every_file_and_the_worst_counts(ask, messy, tmp_path):
    wrong = tmp_path / "wrong.adc"
    wrong.write_text("x +", "utf-8")
    neat = tmp_path / "neat.adc"
    neat.write_text(NEAT, "utf-8")
    code, out, err = ask("fmt", "--check", messy, wrong, neat)
    assert (code, out) == (2, "")
    assert str(messy) in err
    assert str(wrong) in err
    assert str(neat) not in err
    assert ask("fmt", "--check", neat, messy)[0] == 1


@pytest.mark.parametrize("text", ["x", "x\n\n", "\nx\n", "x \n"])
def test_check_sees_the_end_and_the_beginning(ask, tmp_path, text):
    path = tmp_path / "f.adc"
    path.write_text(text, "utf-8")
    assert ask("fmt", "--check", path)[0] == 1


# ------------------------------------------------------------------ --write


def test_write_replaces_the_files(ask, messy, tmp_path):
    other = tmp_path / "other.adc"
    other.write_text("x+1", "utf-8")
    messy.chmod(0o600)
    assert ask("fmt", "--write", messy, other) == (0, "", "")
    assert (messy.read_bytes(), other.read_bytes()) == (NEAT.encode(), b"x + 1\n")
    assert messy.stat().st_mode & 0o777 == 0o600
    assert ask("fmt", "--check", messy, other) == (0, "", "")


def test_write_leaves_what_is_canonical_alone(ask, tmp_path):
    path = tmp_path / "neat.adc"
    path.write_text(NEAT, "utf-8")
    os.utime(path, (1, 1))
    assert ask("fmt", path, "--write") == (0, "", "")
    assert path.stat().st_mtime == 1


def test_write_writes_nothing_where_one_file_has_a_mistake(ask, messy, tmp_path):
    wrong = tmp_path / "wrong.adc"
    wrong.write_text("x +", "utf-8")
    code, out, err = ask("fmt", "--write", messy, wrong)
    assert (code, out) == (2, "")
    assert str(wrong) in err
    assert messy.read_bytes() == MESSY.encode()


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_become_newlines(ask, tmp_path, end):
    path = tmp_path / "f.adc"
    path.write_bytes(f"x  # c{end}y{end}".encode())
    code, _, err = ask("fmt", "--check", path)
    assert code == 1
    assert "newline" in err
    assert ask("fmt", path) == (0, "x  # c\ny\n", "")
    assert ask("fmt", "--write", path)[0] == 0
    assert path.read_bytes() == b"x  # c\ny\n"


def test_a_file_whose_name_begins_with_a_minus(ask, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("-x.adc").write_text("x+1", "utf-8")
    assert ask("fmt", "-x.adc") == (0, "x + 1\n", "")
    assert ask("fmt", "--check", "-x.adc")[0] == 1
    assert ask("fmt", "--write", "-x.adc")[0] == 0
    assert ask("fmt", "--check", "-x.adc") == (0, "", "")


# ------------------------------------------------------------------ what makes no sense


@pytest.mark.parametrize(
    "arguments",
    [
        ("--check", "--write", "a.adc"),
        ("--write", "-"),
        ("--write", "a.adc", "-"),
        ("a.adc", "b.adc"),
        (),
        ("a", "--json"),
    ],
)
def test_requests_that_make_no_sense(ask, arguments):
    code, out, err = ask("fmt", *arguments)
    assert (code, out) == (2, "")
    assert "error" in err


def test_the_help_has_examples(ask):
    code, out, _ = ask("fmt", "--help")
    assert code == 0
    assert "Example: adcalc fmt" in " ".join(out.split())
    assert "--check" in out
    assert "--write" in out


def test_a_program_is_printed_in_utf_8_wherever_it_is_printed(tmp_path):
    path = tmp_path / "f.adc"
    path.write_text("Δx+π # é", "utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "adcalc", "fmt", str(path)],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "Δx + π  # é\n".encode(), b"")
