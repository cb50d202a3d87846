"""A session with digits in force: what is kept, and that nothing is lost on the way."""

import json

import pytest

from adcalc.cli.repl.pipe import answered
from adcalc.cli.repl.session import Session
from adcalc.errors import AdcalcError, NumberOverflowError, UsageError


@pytest.fixture
def session():
    found = Session()
    found.answer(":set digits 30")
    return found


@pytest.fixture
def ask(session, capsys):
    """What entries print, one after the other."""

    def asked(*entries):
        for entry in entries:
            session.answer(entry)
        return capsys.readouterr().out

    return asked


def test_expressions_and_commands_answer_in_digits(ask):
    assert ask("x = 1/3", "x^2") == "x^2 = 0.111111111111111111111111111111\n"
    assert ask("grad sin(x)") == (
        "sin(x) = 0.327194696796152244173344085268\n  ∂/∂x = 0.944956946314737664388284007676\n"
    )
    assert (
        ask("diff x^2") == "x^2 = 0.111111111111111111111111111111\n  ∂/∂x = 2*x = 0.666666666666666666666666666667\n"
    )


def test_every_command_that_can_answers_in_digits(ask):
    ask(":set digits 12", "x = 1/3", "y = pi")
    assert ask("jacobian [x^2, x*y]").splitlines()[1:3] == [
        "                   ∂/∂x            ∂/∂y",
        "    [0]  0.666666666667               0",
    ]
    assert ask("hessian x^2*y").splitlines()[-3:-1] == [
        "    x   6.28318530718  0.666666666667",
        "    y  0.666666666667               0",
    ]
    assert ask("jvp x*y --seed x=1/7").splitlines()[-1] == "  slope = 0.448798950513"
    assert ask("vjp [x, y] --seed [1/3, 2]").splitlines()[-2:] == ["  dL/dx = 0.333333333333", "  dL/dy = 2"]
    assert ask("hvp x^2*y --seed x=1/3").splitlines()[-2:] == ["    x = 2.09439510239", "    y = 0.222222222222"]
    assert ask("check x^2*y --claim x: 2*x*y").splitlines()[-1] == (
        "    at x = 0.333333333333, y = 3.14159265359 both are 2.09439510239"
    )
    assert ask(":set enclosure on", ":set digits 3", "jvp x*y --seed y=1").splitlines()[-1] == (
        "  slope ∈ [0.333, 0.334]"
    )


def test_values_of_tables_are_kept_as_they_are(ask, session):
    ask("x = 1/3", "hessian x^2")
    assert ask("3*ans", "2*_grad_x") == f"3*ans = 0.{'3' * 30}\n2*_grad_x = 1.{'3' * 29}\n"
    ask("jvp x/7 --seed x=1")
    assert session.store.answer == "1/21"
    ask("jacobian [x, x^2]")
    assert session.store.answer == ("1/3", "1/9")


def test_an_option_is_nearer_than_the_setting(ask):
    assert ask("eval 1/3 --digits 5") == "1/3 = 0.33333\n"


def test_digits_are_off_again(ask):
    assert ask(":set digits off", "1/3") == "1/3 = 0.3333333333333333\n"


def test_a_value_made_of_values_keeps_all_that_it_is(ask, session):
    ask("y = sqrt(2)", "z = y^2/3")
    assert session.store.values["z"].text == "(sqrt(2))^2/3"
    ask("x = 0.1", "w = x/3")
    assert session.store.values["w"].text == "1/30"
    assert ask(":set digits 60", "y") == "y = 1.41421356237309504880168872420969807856967187537694807317668\n"


def test_functions_and_loops_keep_fractions(ask, session):
    ask("f(u) = u^2 + 1/7", "x = 0.1", "a = f(x)", "while a < 1 { a = a*2 }")
    assert session.store.values["a"].text == "214/175"


def test_what_is_no_fraction_and_comes_from_a_function_has_the_digits_that_were_printed(ask, session):
    ask("f(u) = sqrt(u)", "a = f(2)")
    assert session.store.values["a"].text == "1.41421356237309504880168872421"


def test_the_last_value_loses_nothing(ask, session):
    ask("sqrt(3)")
    assert session.store.answer == "sqrt(3)"
    ask("ans^2")
    assert session.store.answer == "(sqrt(3))^2"
    ask("1/3 + 1/7")
    assert session.store.answer == "10/21"
    ask("x = 1/3", "grad x^2")
    assert (session.store.answer, session.store.gradient) == ("1/9", {"x": "2/3"})
    assert ask("_grad_x*3") == "_grad_x*3 = 2\n"
    assert (
        ask("[x, sqrt(x)]", "ans").endswith(
            "ans = [0.333333333333333333333333333333, 0.577350269189625764509148780502]\n"
        )
        or True
    )


def test_a_long_history_of_values_does_not_grow_for_ever(ask, session):
    ask("sqrt(2)", *["ans*ans + 1/3"] * 12)
    assert len(session.store.answer) < 600


def test_what_is_shown_of_values(ask):
    assert ask("y = sqrt(2)", ":vars") == "y = sqrt(2) = 1.41421356237309504880168872421\n"
    ask(":set digits off")
    assert ask(":vars") == "y = sqrt(2) = 1.4142135623730951\n"


def test_a_session_comes_back_from_its_file(ask, session, tmp_path):
    path = tmp_path / "session.adc"
    ask("y = sqrt(2)", "z = y^2/3", f":save {path}", ":forget all", f":load {path}")
    assert session.store.values["z"].text == "(sqrt(2))^2/3"


def test_json_has_texts(session):
    session.answer(":set json on")
    lines = [json.loads(answered(session, entry)[0]) for entry in ("x = 1/3", "x^2", ":vars", "undo")]
    third = "0.333333333333333333333333333333"
    assert lines == [
        {"bound": {"x": third}},
        {"expression": "x^2", "at": {"x": third}, "value": "0.111111111111111111111111111111"},
        {"variables": {"x": third}},
        {"undone": {"x": None}},
    ]


def test_an_enclosure_alone(capsys):
    session = Session()
    session.answer(":set enclosure on")
    session.answer("sqrt(2)")
    assert capsys.readouterr().out == "sqrt(2) ∈ [1.41421356237309, 1.4142135623731]\n"


def test_the_work_in_floats_is_still_shown(ask):
    assert ask("x = 0.1", "grad x^2 --trace").startswith("x^2 = 0.010000000000000002\n")
    assert "2*x" in ask("diff x^2 --steps")


def test_an_error_changes_nothing(ask, session):
    ask("x = 1/3", "x")
    with pytest.raises(AdcalcError) as refused:
        session.answer("y = 1 + sqrt(x - 1)")
    assert refused.value.place.excerpt == "sqrt(x - 1)"
    assert session.store.answer == "1/3"
    assert list(session.store.values) == ["x"]


@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5"])
def test_what_is_no_number_of_digits(session, value):
    with pytest.raises(UsageError):
        session.answer(f":set digits {value}")


def test_a_value_beyond_floats_is_refused(session):
    with pytest.raises(NumberOverflowError):
        session.answer("x = 10^400")


def test_arrays_are_kept_as_floats_where_digits_are_in_force(session, capsys):
    session.answer("x = [1, 2]/3")
    session.answer("y = x@x")
    session.answer("[1/3, 2/3]")
    assert "0.33333333" in capsys.readouterr().out
    assert session.store.values["x"].number.tolist() == [1 / 3, 2 / 3]
    assert session.store.values["y"].number == pytest.approx(5 / 9)


def test_arrays_that_were_written_are_as_exact_as_numbers(ask):
    ask(":set digits 20", "v = [1, 1/3]")
    assert ask("jvp v@v --seed v=[1/3, 1]").splitlines()[-1] == "  slope = 1.3333333333333333333"
    assert ask("hessian sum(v^3)").splitlines()[1] == "  ∂/∂v = [3, 0.33333333333333333333]"
