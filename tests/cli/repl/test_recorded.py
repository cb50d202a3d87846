"""The session that README shows, typed again."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from adcalc.cli.repl.screen import PROMPT, answer
from adcalc.cli.repl.session import Session

README = (Path(__file__).parents[3] / "README.md").read_text("utf-8")
RECORDED = re.compile(r"^```console\n\$ adcalc repl\n(.*?)^```", re.MULTILINE | re.DOTALL)
PIPED = re.compile(r"^(printf '.*' \| adcalc repl(?: --json)?)  # (.*)$", re.MULTILINE)


def test_the_recorded_session(capsys, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    (recorded,) = RECORDED.findall(README)
    session = Session(echo=True)
    seen = ""
    for line in recorded.splitlines():
        if line.startswith(PROMPT):
            seen += f"{line}\n"
            answer(session, line.removeprefix(PROMPT))
            printed = capsys.readouterr()
            seen += printed.out + printed.err
    assert seen == recorded


@pytest.mark.parametrize(("command", "shown"), PIPED.findall(README))
def test_the_pipes(command, shown):
    command = command.replace("adcalc", f"{sys.executable} -m adcalc")
    ran = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True, encoding="utf-8")
    assert " / ".join(line.strip() for line in ran.stdout.splitlines()) == shown


def test_there_is_something_to_run():
    assert len(PIPED.findall(README)) == 2
