"""A session with arrays: bound, read from files, asked about, saved and loaded."""

import json

import numpy as np
import pytest

from adcalc.cli.repl.colours import coloured
from adcalc.cli.repl.completion import candidates
from adcalc.cli.repl.entries import entries
from adcalc.cli.repl.pipe import answered
from adcalc.cli.repl.session import Session
from adcalc.cli.repl.store import literal
from adcalc.errors import AdcalcError


@pytest.fixture
def session(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return Session()


@pytest.fixture
def ask(session, capsys):
    """What entries print, one after the other."""

    def asked(*given):
        for entry in given:
            session.answer(entry)
        return capsys.readouterr().out

    return asked


def refuse(session, entry):
    with pytest.raises(AdcalcError) as caught:
        session.answer(entry)
    return caught.value


def test_an_array_is_bound_and_used(ask):
    assert ask("A = [[1, 2], [3, 4]]; x = [1, 1]", "A@x") == "A@x = [3, 7]\n"
    assert ask("grad sum((A@x)^2) --wrt x") == "sum((A@x)^2) = 58\n  ∂/∂x = [48, 68]\n"
    assert ask("eval A@x --at x=[1, 0]") == "A@x = [1, 3]\n"


def test_what_an_expression_makes_is_bound(ask, session):
    ask("A = [[1, 2], [3, 4]]", "B = A@A/3", "v = [1/3, pi]")
    assert np.array_equal(session.store.values["B"].number, np.array([[7.0, 10.0], [15.0, 22.0]]) / 3)
    assert session.store.values["v"].text == "[1/3, pi]"
    assert session.store.values["B"].text == ""


def test_ans_and_grad_may_be_arrays(ask, session):
    ask("A = [[1, 2], [3, 4]]", "A@[1, 1]")
    assert ask("ans*2") == "ans*2 = [6, 14]\n"
    ask("grad sum(A^2)")
    assert ask("A - _grad_A/2") == "A - _grad_A/2 = (2x2)\n    [[0, 0],\n     [0, 0]]\n"
    assert ask("sum(_grad)") == "sum(_grad) = 20\n"
    ask("x = 2", "grad x*sum(A)")
    assert "_grad_x, _grad_A" in refuse(session, "_grad").hint
    assert ask("_grad_x") == "_grad_x = 10\n"


def test_gradient_descent(ask, session):
    ask("X = [[1, 2], [3, 4], [5, 6]]; T = X@[1, -1]; w = [0, 0]", "f(w) = sum((X@w - T)^2)")
    for _ in range(2000):
        ask("grad f(w) --wrt w", "w = w - 0.01*_grad_w")
    np.testing.assert_allclose(session.store.values["w"].number, [1, -1], atol=1e-2)


def test_a_loop_leaves_arrays(ask, session):
    ask("A = [[1, 1], [0, 1]]; x = [1, 1]; n = 0", "repeat 3 { x = A@x; n = n + 1 }")
    assert session.store.values["x"].number.tolist() == [4, 1]
    assert session.store.values["n"].number == 3
    assert session.store.values["n"].text == "3.0"


def test_files_are_read(ask, session, tmp_path):
    np.save("w.npy", np.arange(600.0))
    np.savez("all.npz", A=np.eye(2), k=np.array(2.5))
    ask("W = @w.npy", "@all.npz")
    assert session.store.values["W"].number.shape == (600,)
    assert session.store.values["k"].number == 2.5
    assert ask(":vars") == "W = (600 elements)\nA = [[1, 0], [0, 1]]\nk = 2.5\n"
    assert ask("mean(W)*k") == "mean(W)*k = 748.75\n"
    failed = refuse(session, "  W = @no.npy")
    assert failed.kind == "file"
    assert failed.place.excerpt == "W = @no.npy"
    assert refuse(session, "ans = @w.npy").kind == "usage"


def test_save_and_load_are_exact(ask, session):
    numbers = np.random.default_rng(5).normal(size=(30, 20)) * 10.0 ** np.arange(-200, 200, 20)
    np.save("a.npy", numbers)
    ask("A = @a.npy", "v = [1/3, pi]", "B = v*2", "k = 1/3", "f(u) = sum((A@u)^2)", ":save my.adc", ":forget all")
    ask(":load my.adc")
    assert np.array_equal(session.store.values["A"].number, numbers)
    assert session.store.values["v"].text == "[1/3, pi]"
    assert np.array_equal(session.store.values["B"].number, np.array([1 / 3, np.pi]) * 2)
    assert session.store.values["k"].text == "1/3"
    assert list(session.store.functions) == ["f"]


def test_an_array_that_is_too_large_for_a_text_is_refused_by_save(session):
    np.save("a.npy", np.zeros(300_000))
    session.answer("A = @a.npy")
    session.answer("grad sum(A)")
    failed = refuse(session, ":save my.adc")
    assert "300000" in failed.message
    assert "--out" in failed.hint


def test_undo_tells_the_array(capsys):
    session = Session(echo=True)
    session.answer("A = [[1, 2], [3, 4]]")
    session.answer("A = 2")
    capsys.readouterr()
    session.answer("undo")
    assert capsys.readouterr().out == "A = (2x2)\n    [[1, 2],\n     [3, 4]]\n"


def test_json_has_nested_lists():
    session = Session(json=True)
    assert json.loads(answered(session, "A = [[1, 2], [3, 4]]")[0]) == {"bound": {"A": [[1.0, 2.0], [3.0, 4.0]]}}
    assert json.loads(answered(session, "A@[1, 1]")[0])["value"] == [3.0, 7.0]
    assert json.loads(answered(session, ":vars")[0]) == {"variables": {"A": [[1.0, 2.0], [3.0, 4.0]]}}
    assert json.loads(answered(session, "grad sum(A^2)")[0])["gradient"] == {"A": [[2.0, 4.0], [6.0, 8.0]]}
    assert json.loads(answered(session, "A@[1, 2, 3]")[0])["error"]["kind"] == "shape"


def test_an_open_bracket_and_a_product_go_on_in_the_next_line():
    assert list(entries(["A = [[1, 2],", "[3, 4]] @", "[1, 1]", "A.T"])) == ["A = [[1, 2],\n[3, 4]] @\n[1, 1]", "A.T"]


def test_an_error_is_placed_in_the_line(session):
    session.answer("A = [[1, 2], [3, 4]]")
    failed = refuse(session, "grad 1 + sum(A@[1, 2, 3])")
    assert failed.place.excerpt == "A@[1, 2, 3]"
    assert failed.place.source.text == "grad 1 + sum(A@[1, 2, 3])"


@pytest.mark.parametrize("start", ["resh", "conc", "sum", "logde", "eye", "inv", "softm"])
def test_array_functions_are_completed_with_their_rule(start):
    found = candidates(Session(), f"1 + {start}")[1]
    assert found
    assert all(one.beside() for one in found)


def test_helpers_are_not_completed():
    names = [one.text for one in candidates(Session(), "1 + m")[1]]
    assert "max(" in names
    assert "max_over(" not in names


def test_arrays_are_shown_beside_their_names():
    session = Session()
    session.answer("A = [1, 2]; B = zeros(30, 40)")
    beside = {one.text: one.beside() for one in candidates(session, "1 + ")[1]}
    assert (beside["A"], beside["B"]) == ("[1, 2]", "(30x40)")


def test_help_on_array_functions(ask):
    assert ":help" not in ask(":help concat")
    assert "arrays joined along an axis" in ask(":help concat")


def test_nothing_of_an_array_expression_is_coloured_as_wrong():
    pieces = list(coloured(Session(), "sum((A @ B.T)[0, 1:3], axis=0)"))
    assert "".join(piece for _, piece in pieces) == "sum((A @ B.T)[0, 1:3], axis=0)"
    assert ("function", ".T") in pieces
    assert "wrong" not in {style for style, _ in pieces}


@pytest.mark.parametrize("value", [0.1, (1.0, -2.5), np.array([[1e-300, -0.5]]), np.array(3.0)])
def test_literals_read_back(value):
    session = Session()
    session.answer(f"x = {literal(value)}")
    assert np.array_equal(session.store.values["x"].number, value)
