"""The history on disk: whole after a kill, shared by sessions."""

import multiprocessing
from pathlib import Path

from adcalc.cli.repl.history import HistoryFile, home


def test_where_it_is():
    assert home({"XDG_STATE_HOME": "/s"}) == Path("/s/adcalc/history")
    assert home({"XDG_STATE_HOME": "relative", "HOME": "/h"}) == Path("/h/.local/state/adcalc/history")
    assert home({"HOME": "/h"}) == Path("/h/.local/state/adcalc/history")


def test_entries_come_back_as_they_were(tmp_path):
    file = HistoryFile(tmp_path / "a" / "b" / "history")
    entries = ["x = 2", "f(u) = {\n  u^2\n}", "π·x²", '"\\', ""]
    for entry in entries:
        file.append(entry)
    assert HistoryFile(file.path).entries() == entries
    assert file.path.stat().st_mode & 0o777 == 0o600


def test_what_was_torn_costs_one_entry(tmp_path):
    file = HistoryFile(tmp_path / "history")
    file.append("one")
    with file.path.open("ab") as torn:
        torn.write(b'"tw')
    file.append("three")
    file.path.write_bytes(b"\xff\xfe\n17\n" + file.path.read_bytes())
    assert file.entries() == ["one", "three"]


def test_nobody_is_bothered_where_there_is_none(tmp_path):
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file" / "history", tmp_path):
        file = HistoryFile(path)
        file.append("x")
        assert file.entries() == []


def write(path, name):
    file = HistoryFile(path)
    for number in range(300):
        file.append(f"{name} {number} " + "x" * 500)


def test_two_sessions_at_once_lose_no_lines(tmp_path):
    path = tmp_path / "history"
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=write, args=(path, name)) for name in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    found = [entry.split()[:2] for entry in HistoryFile(path).entries()]
    assert len(found) == 600
    for name in "ab":
        assert [int(number) for other, number in found if other == name] == list(range(300))
