"""What `--help` shows: all that is written, brackets too, in paragraphs that fill the lines of the terminal."""

import itertools

import pytest
import typer

from adcalc.cli.app import COMMANDS, application, run


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("width", [80, 100, 120])
def test_help_says_what_is_written_and_fills_its_lines(capsys, monkeypatch, command, width):
    monkeypatch.setenv("COLUMNS", str(width))
    assert run([command, "--help"]) == 0
    printed = capsys.readouterr().out
    assert "x>=" not in printed
    assert "<=x" not in printed
    lines = [line.strip() for line in printed.splitlines()]
    written = typer.main.get_command(application(command)).commands[command]
    blocks = [list(block) for is_text, block in itertools.groupby(lines, bool) if is_text]
    for paragraph in written.help.split("\n\n"):
        block = next(block for block in blocks if " ".join(block).split() == paragraph.split())
        assert all(len(line) + len(f" {below.split()[0]} ") >= width for line, below in itertools.pairwise(block))
    shown = "".join("".join(line.strip("│").split()) for line in lines)
    for parameter in written.params:
        assert "".join((parameter.help or "").split()) in shown
