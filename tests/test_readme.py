"""Every command that README and the examples show is run, and prints what is shown."""

import os
import re
import shlex
from itertools import takewhile
from pathlib import Path

import pytest

from adcalc.cli.app import run

ROOT = Path(__file__).parents[1]
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def shown(text: str) -> list[tuple[str, str]]:
    """The commands of a console session and what each prints."""
    parts = re.split(r"^\$ (.*)$", text, flags=re.MULTILINE)[1:]
    return [(command, output.strip("\n")) for command, output in zip(parts[::2], parts[1::2], strict=True)]


def header(program: str) -> str:
    """The comment at the top of a program."""
    lines = takewhile(lambda line: line.startswith("#"), program.splitlines())
    return "\n".join(line.removeprefix("#").removeprefix(" ") for line in lines)


README = [
    pair
    for block in CONSOLE.findall((ROOT / "README.md").read_text("utf-8"))
    for pair in shown(block)
    if pair[0] != "adcalc repl"  # a recorded session, which tests/cli/repl/test_recorded.py runs
]
EXAMPLES = [
    (path.name, *pair)
    for path in sorted((ROOT / "examples").glob("*.adc"))
    for pair in shown(header(path.read_text("utf-8")))
]


def printed(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    words = shlex.split(command)
    assert words[0] == "adcalc"
    before = os.getcwd()
    os.chdir(ROOT)
    try:
        run(words[1:])
    finally:
        os.chdir(before)
    captured = capsys.readouterr()
    return "\n".join(line.rstrip() for line in (captured.out + captured.err).strip("\n").split("\n"))


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawings are as large as the terminal; this one is of the usual size."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "24")


@pytest.mark.parametrize(("command", "output"), README)
def test_readme_shows_what_is_printed(command: str, output: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(command, capsys) == output


@pytest.mark.parametrize(("name", "command", "output"), EXAMPLES)
def test_every_example_prints_its_checked_answer(
    name: str, command: str, output: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert printed(command, capsys) == output


def test_every_example_is_run() -> None:
    assert {name for name, _, _ in EXAMPLES} == {path.name for path in (ROOT / "examples").glob("*.adc")}


def test_readme_has_exactly_two_set_up_commands_on_its_first_screen() -> None:
    first = (ROOT / "README.md").read_text("utf-8").split("```console")[0]
    commands = re.findall(r"^```sh\n(.*?)\n```", first, re.MULTILINE | re.DOTALL)
    assert len(commands) == 2
    assert all("python3 -m venv" in command for command in commands)
    assert commands[1].endswith("python -m pytest")
