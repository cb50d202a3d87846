"""The session's own commands: settings, what it holds, files."""

import json

import pytest

from adcalc.cli.repl.session import Session
from adcalc.errors import AdcalcError


@pytest.fixture
def session():
    return Session()


@pytest.fixture
def ask(session, capsys):
    """What entries print, one after the other."""

    def asked(*entries):
        for entry in entries:
            session.history.append(entry)
            session.answer(entry)
        return capsys.readouterr().out

    return asked


@pytest.fixture
def refuse(session):
    """The error of an entry."""

    def refused(entry):
        with pytest.raises(AdcalcError) as caught:
            session.answer(entry)
        return caught.value

    return refused


def state(session):
    values = {name: value.number for name, value in session.store.values.items()}
    return values, {name: function.text for name, function in session.store.functions.items()}


def test_a_mode_is_for_every_command_that_has_one(ask):
    ask("x = 2", ":set mode forward", ":set json on")
    assert json.loads(ask("grad x^2"))["mode"] == "forward"
    assert json.loads(ask("grad x^2 --mode reverse"))["mode"] == "reverse"
    assert json.loads(ask("trace x^2"))["mode"] == "forward"
    ask(":set mode symbolic")
    assert json.loads(ask("trace x^2"))["mode"] == "reverse"
    assert json.loads(ask("grad x^2"))["mode"] == "symbolic"


def test_a_convention_for_kinks_can_be_set_and_unset(ask, refuse):
    ask("x = 0", ":set at-kink right")
    assert ask("grad abs(x)") == "abs(x) = 0\n  ∂/∂x = 1\n"
    ask(":set at-kink off")
    assert refuse("grad abs(x)").kind == "not_differentiable"


def test_settings_are_shown(ask):
    assert ask(":set mode forward", ":set") == "mode  forward\njson  off\nkeys  emacs\n"
    assert ask(":set mode") == "mode  forward\n"


@pytest.mark.parametrize(
    ("entry", "hint"),
    [
        (":set mod forward", "did you mean 'mode'?"),
        (":set mode revers", "did you mean 'reverse'?"),
        (":set keys nano", "one of emacs, vi"),
        (":set max-operations many", ":set max-operations 30"),
        (":var", "did you mean ':vars'?"),
        (":grad x", "write grad, without the colon"),
        (":help sni", "did you mean 'sin'?"),
        (":forget", ":forget x, or :forget all"),
        (":save", ":save session.adc"),
    ],
)
def test_a_mistake_has_a_hint(refuse, entry, hint):
    assert refuse(entry).hint == hint


def test_a_limit_can_be_set(ask, refuse):
    ask(":set max-operations 10")
    assert refuse("sum(k*k, k = 1..100)").kind == "limit"


def test_variables_are_aligned_with_what_they_were_given_as(ask):
    ask("x = 1/4", "theta = 2")
    assert ask(":vars") == "x     = 1/4 = 0.25\ntheta = 2\n"


def test_what_is_forgotten_has_no_value(ask, refuse, session):
    ask("x = 1; y = 2", "f(u) = u", ":forget x, f")
    assert state(session) == ({"y": 2}, {})
    assert refuse("x").kind == "unbound_variable"
    assert refuse(":forget z y").kind == "unknown_variable"
    assert state(session) == ({"y": 2}, {})
    ask(":forget all")
    assert state(session) == ({}, {})


def test_a_file_gives_the_same_session_back(ask, session, tmp_path):
    path = tmp_path / "s.adc"
    ask("x = pi/3", "pi = 3", "y = 0.1 + 0.2", "`flow rate` = 1e-300", "n = -2.5", "z = 2*pi*x")
    ask("f(u) = a*u^2", "a = 1/3", "g(u) = {\n  v = f(u)  # inner\n  v + 1\n}")
    ask(f":save {path}")
    other = Session()
    other.answer(f":load {path}")
    assert state(other)[0] == state(session)[0]
    assert list(state(other)[1]) == list(state(session)[1])
    before = ask("grad g(`flow rate`)")
    other.answer("grad g(`flow rate`)")
    assert ask() == before
    other.answer("undo")
    assert state(other) == ({}, {})


def test_a_file_is_in_canonical_layout(ask, tmp_path):
    path = tmp_path / "s.adc"
    ask("x=1/3", "f(u)=u^2", f":save {path}")
    assert path.read_text().splitlines()[2:] == ["x = 1/3", "f(u) = u^2"]
    assert ask(f"fmt --check {path}") == ""


def test_an_empty_session_is_saved_too(ask, session, tmp_path):
    path = tmp_path / "s.adc"
    ask(f":save {path}", f":load {path}")
    assert state(session) == ({}, {})


def test_a_mistake_in_a_file_is_found_there_and_changes_nothing(ask, refuse, session, tmp_path):
    path = tmp_path / "s.adc"
    path.write_text("x = 1\ny = cso(x)\n")
    error = refuse(f":load {path}")
    assert (error.place.source.name, error.place.line, error.place.excerpt) == (str(path), 2, "cso")
    assert state(session) == ({}, {})
    assert refuse(f":load {tmp_path}/none.adc").kind == "file"
    assert refuse(f":save {tmp_path}/none/s.adc").kind == "file"


def test_an_ordinary_program_can_be_loaded(ask):
    assert ask("x = 0.5", ":load examples/horner.adc") == "horner(x) = -5\n"


def test_history_is_of_this_session(ask):
    ask("x = 1", "sin(x)", "cos(x)")
    assert ask(":history") == "x = 1\nsin(x)\ncos(x)\n"
    assert ask(":history sin") == "sin(x)\n"
    assert ask(":history 1") == ":history sin\n"


@pytest.mark.parametrize("topic", ["", "grad", "set", ":set", "tanh", "keys", "undo", "_grad", "functions", "repl"])
def test_there_is_help(ask, topic):
    assert len(ask(f":help {topic}")) > 30


def test_help_on_a_command_is_the_command_line_s(ask):
    assert "Example: adcalc grad" in ask(":help grad")


def test_quit_ends_it(ask, session):
    ask(":quit")
    assert session.is_over
