"""What can stand at the cursor."""

import pytest

from adcalc.cli.repl.completion import candidates
from adcalc.cli.repl.session import Session


@pytest.fixture
def complete(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model.adc").write_text("x")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "inner.adc").write_text("x")
    (tmp_path / ".hidden").write_text("")
    session = Session()
    for entry in ("theta = 2", "`flow rate` = 1", "mine(u) = u^2"):
        session.answer(entry)

    def completed(text):
        length, found = candidates(session, text)
        stem = text[: len(text) - length]
        return [stem + one.text for one in found]

    return completed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2*the", ["2*theta"]),
        ("x + sinh", ["x + sinh("]),
        ("mi", ["min(", "mine("]),
        ("grad x --dif", ["grad x --difference"]),
        ("grad x --mode f", ["grad x --mode forward", "grad x --mode finite"]),
        ("grad x -m s", ["grad x -m symbolic"]),
        ("grad -f m", ["grad -f model.adc"]),
        ("grad -f folder/", ["grad -f folder/inner.adc"]),
        ("grad x --at @mo", ["grad x --at @model.adc"]),
        ("fmt fo", ["fmt folder/"]),
        (":lo", [":load"]),
        (":load m", [":load model.adc"]),
        (":load .h", [":load .hidden"]),
        (":load none/", []),
        (":set k", [":set keys"]),
        (":set keys ", [":set keys emacs", ":set keys vi"]),
        (":help comp", [":help compare"]),
        (":forget th", [":forget theta"]),
        ("functions tanh", ["functions tanh"]),
        ("comp", ["compare"]),
        ("x + comp", []),
        ("nothing_of_that_name", []),
    ],
)
def test_words(complete, text, expected):
    assert sorted(complete(text)) == sorted(expected)


def test_an_empty_line_can_become_any_command(complete):
    assert {"grad", "compare", "again", ":set", ":quit"} <= set(complete(""))


def test_every_function_has_a_line_beside_it():
    length, found = candidates(Session(), "1 + ")
    assert length == 0
    assert len(found) > 100
    assert all(one.beside() and "\n" not in one.beside() for one in found)
    assert {one.text: one.beside() for one in found}["cos("] == "c = cos(a) ⟹ dc = -sin(a)·da"


def test_answers_are_offered_once_there_are_some():
    session = Session(json=True)
    assert [one.text for one in candidates(session, "_g")[1]] == []
    session.answer("grad x^2 --at x=3")
    assert [(one.text, one.beside()) for one in candidates(session, "_grad_")[1]] == [("_grad_x", "6")]
