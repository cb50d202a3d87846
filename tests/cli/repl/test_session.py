"""A session: what an entry binds, what a question knows, what an error leaves."""

import math
from contextlib import redirect_stdout
from io import BytesIO, TextIOWrapper

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


# ------------------------------------------------------------------ statements


def test_an_expression_is_evaluated(ask):
    assert ask("1/4") == "1/4 = 0.25\n"


def test_a_value_is_that_of_a_variable_and_not_a_constant_in_the_expression(ask):
    assert ask("x = 3", "y = 2", "grad x*y") == "x*y = 6\n  ∂/∂x = 2\n  ∂/∂y = 3\n"


def test_a_value_is_the_number_at_this_moment(ask, session):
    ask("x = 3", "y = x^2", "x = 5")
    assert session.store.values["y"].number == 9


def test_a_value_without_names_is_kept_as_typed_which_is_exact(ask, session):
    ask("x = 1/3", "y = pi/4", "z = 2*x")
    assert [value.text for value in session.store.values.values()] == ["1/3", "pi/4", repr(2 / 3)]
    assert session.store.values["y"].number == math.pi / 4


def test_a_name_of_the_session_hides_a_constant(ask, session):
    ask("e = 2", "x = e^3")
    assert session.store.values["x"].number == 8
    assert ask("grad e*x") == "e*x = 16\n  ∂/∂e = 8\n  ∂/∂x = 2\n"


def test_functions_call_functions_and_variables_of_the_session(ask):
    ask("a = 3", "f(u) = a*u", "g(u) = f(u)^2", "x = 2")
    assert ask("grad g(x)") == "g(x) = 36\n  ∂/∂x = 36\n  ∂/∂a = 24\n"


def test_a_function_is_replaced_for_those_that_call_it(ask):
    assert ask("f(u) = u", "g(u) = f(u) + 1", "g(3)", "f(u) = u^2", "g(3)") == "g(3) = 4\ng(3) = 10\n"


def test_functions_may_call_each_other_when_they_come_together(ask):
    ask("even(n) = if(n < 1, 1, odd(n - 1)); odd(n) = if(n < 1, 0, even(n - 1))")
    assert ask("even(4)", "odd(4)") == "even(4) = 1\nodd(4) = 0\n"


def test_one_entry_may_be_a_whole_program(ask, session):
    assert ask("a = 2; b = a^2\na + b") == "a + b = 6\n"
    assert session.store.values["b"].number == 4


def test_a_loop_goes_on_from_the_session_s_values(ask, session):
    ask("x = 1", "repeat 6 { x = (x + 2/x)/2 }")
    assert abs(session.store.values["x"].number - math.sqrt(2)) < 1e-15


def test_a_choice_binds_what_its_way_assigns(ask, session):
    ask("x = 1", "if x > 0 { y = 2 } else { z = 3 }", "for k in 1..3 { x = x*k }")
    assert {name: value.number for name, value in session.store.values.items()} == {"x": 6, "y": 2}


def test_a_name_inside_a_command_s_program_stays_there(ask, session):
    assert ask("x = 1; y = 2", "grad a = x*y; a + sin(x)").splitlines()[1:] == [
        "  ∂/∂x = 2.5403023058681398",
        "  ∂/∂y = 1",
    ]
    assert "a" not in session.store.values


def test_a_value_that_nobody_uses_is_refused(refuse):
    assert refuse("x^2; 3").message == "nobody uses the value of this expression"


@pytest.mark.parametrize("entry", ["ans = 2", "_grad = 1", "_grad_x = 1", "repeat 2 { ans = 1 }"])
def test_the_session_s_own_names_cannot_be_bound(refuse, entry):
    assert refuse(entry).hint == "choose another name"


def test_a_variable_may_be_a_list(ask):
    assert ask("x = [1, 2]", "2*x") == "2*x = [2, 4]\n"


# ------------------------------------------------------------------ the last answer


def test_the_last_value_and_gradient_have_names(ask):
    ask("x = 3; y = 2", "grad x^2*y")
    assert ask("ans/2") == "ans/2 = 9\n"
    assert ask("_grad") == "_grad = [12, 9]\n"
    assert ask("x - 0.5*_grad_x") == "x - 0.5*_grad_x = -3\n"


def test_the_last_value_is_a_constant(ask):
    ask("2.5", "x = 2")
    assert ask("grad ans*x") == "ans*x = 5\n  ∂/∂x = 2.5\n"


def test_there_is_no_last_value_at_first(refuse):
    assert refuse("ans + 1").hint == "there is no answer yet"


def test_again_uses_the_values_as_they_are(ask):
    assert ask("x = 1", "grad x^2", "x = 5", "again", ":again").split("\n\n")[0].count("x^2 = 25") == 2


def test_again_goes_on_with_the_last_value(ask):
    assert ask("2", "ans^2", "again", "again").splitlines()[-1] == "ans^2 = 256"


def test_again_repeats_a_question_that_had_no_answer(ask, refuse):
    refuse("grad q^2")
    assert ask("q = 1", "again") == "q^2 = 1\n  ∂/∂q = 2\n"


def test_nothing_can_be_repeated_at_first(refuse):
    assert refuse("again").message == "nothing has been asked yet"


# ------------------------------------------------------------------ taking back


def test_undo_takes_back_one_entry_after_the_other(ask, session, refuse):
    ask("x = 1; y = 2", "x = 5", "f(u) = u", ":forget y")
    seen = []
    for _ in range(4):
        ask("undo")
        seen.append(
            ({name: value.number for name, value in session.store.values.items()}, list(session.store.functions))
        )
    assert seen == [({"x": 5, "y": 2}, ["f"]), ({"x": 5, "y": 2}, []), ({"x": 1, "y": 2}, []), ({}, [])]
    assert refuse("undo").message == "there is nothing to take back"


@pytest.mark.parametrize("entry", ["a = 1; b = cso(a)", "a = 1; a + q", "f(u) = u; g(u) = h(u)", "x = 7; 1/0", "x ="])
def test_an_error_changes_nothing(ask, refuse, session, entry):
    ask("x = 1", "2*x")
    refuse(entry)
    assert {name: value.number for name, value in session.store.values.items()} == {"x": 1}
    assert not session.store.functions
    assert session.store.answer == 2
    ask("undo")
    assert not session.store.values


# ------------------------------------------------------------------ commands


def test_options_stand_without_quotes(ask):
    ask("f(u) = u^2")
    typed = ask("grad f(x*y) + sin(x) --at x=1, y=2 --wrt x --mode forward")
    assert typed == ask('grad "f(x*y) + sin(x)" --at "x=1, y=2" --wrt x --mode=forward')
    assert typed == ask('$ adcalc grad --mode forward --at "x=1, y=2" -w x "f(x*y) + sin(x)"')
    assert typed.splitlines()[1:] == ["  ∂/∂x = 8.54030230586814"]


def test_a_point_that_is_typed_goes_before_the_session_s(ask):
    assert ask("x = 1; y = 2", "grad x*y --at x=5") == "x*y = 10\n  ∂/∂x = 2\n  ∂/∂y = 5\n"


def test_values_from_a_file_go_before_the_session_s(ask, tmp_path):
    path = tmp_path / "p.json"
    path.write_text('{"x": 5}')
    ask("x = 1; y = 2; `flow rate` = 3")
    assert ask(f"eval x*y --at @{path}") == "x*y = 10\n"
    assert ask("eval x*`flow rate` --at `flow rate`=2") == "x*`flow rate` = 2\n"


def test_formulas_need_no_point_and_use_one(ask):
    assert ask("diff x^2*y") == "x^2*y\n  ∂/∂x = 2*x*y\n  ∂/∂y = x^2\n"
    ask("x = 3")
    assert ask("diff x^2*y") == "x^2*y\n  ∂/∂x = 2*x*y\n  ∂/∂y = x^2\n"
    assert ask("diff x^2") == "x^2 = 9\n  ∂/∂x = 2*x = 6\n"


def test_an_equation_keeps_its_sign(ask):
    assert ask("x = 1", "diff x^2 + y^2 = 25 --implicit y") == "x^2 + y^2 = 25\n  dy/dx = -x/y\n"


@pytest.mark.parametrize(
    ("entry", "first"),
    [
        ("compare f(x)", "f(x) = 9"),
        ("trace f(x)*2 --mode forward", "f(x)*2 = 18"),
        ("graph f(x)", "f(x) = 9"),
        ("check f(x) --claim x: 2*x", "f(x)"),
        ("functions sin", "sin(u)"),
        ("eval f(x) + 1", "f(x) + 1 = 10"),
        ("grad -x", "-x = -3"),
        ("grad f(x) --trace", "f(x) = 9"),
    ],
)
def test_every_command_works_at_the_prompt(ask, entry, first):
    ask("x = 3", "f(u) = u^2")
    assert ask(entry).splitlines()[0] == first


@pytest.mark.parametrize("name", ["grad", "diff", "check", "trace"])
def test_a_command_s_name_can_be_a_variable(ask, name):
    assert ask(f"{name} = 3", f"{name} * 2") == f"{name}*2 = 6\n"


def test_an_expression_form_is_not_a_command(ask):
    assert ask("x = 2", "diff(x^3, x)") == "diff(x^3, x) = 12\n"


def test_a_session_is_not_begun_in_a_session(refuse):
    assert refuse("repl").kind == "usage"


def test_a_file_is_differentiated_at_the_session_s_values(ask, tmp_path):
    path = tmp_path / "f.adc"
    path.write_text("a = x*y\na + 1\n")
    assert ask("x = 2; y = 3", f"grad -f {path}") == "a + 1 = 7\n  ∂/∂x = 3\n  ∂/∂y = 2\n"


# ------------------------------------------------------------------ errors


@pytest.mark.parametrize(
    ("entry", "excerpt", "column"),
    [
        ("sin(x) + cso(y)", "cso", 10),
        ("  cso(y)", "cso", 3),
        ("grad x + cso(y) --wrt x", "cso", 10),
        ("a = 2; b = cso(a)", "cso", 12),
        ("grad x^2 --at x=foo", "foo", 17),
        ("grad x^2 --wrt z", "z", 16),
        ("grad x^2 --mod forward", "--mod", 10),
        ("grad x^2 --json 3", "3", 17),
        ("f(u) = u + cso(u)", "cso", 12),
        ("repeat 2 { q = q + 1 }", "q", 16),
        ("grad x^2 --at x=1 --mode forwad", "forwad", 26),
        ("grad x^2 --at x=1 --at-kink up", "up", 29),
        (":sett mode", ":sett", 1),
        (":set mode forwad", "mode forwad", 6),
        ("check x^2 --claim x: 3*y --at x=1", "y", 24),
    ],
)
def test_a_mistake_is_found_in_the_line_as_typed(ask, refuse, entry, excerpt, column):
    ask("k = 1", "g(u) = u")
    place = refuse(entry).place
    assert place.source.text == entry
    assert (place.excerpt, place.column) == (excerpt, column)


def test_a_mistake_in_a_definition_is_found_there(ask, refuse):
    ask("f(u) = log(u)", "g(u) = 1 + f(u)")
    place = refuse("grad g(-x) --at x=1").place
    assert place.source.text == "f(u) = log(u)"
    assert place.excerpt == "log(u)"


def test_a_variable_without_a_value_is_given_one_by_a_statement(refuse):
    assert refuse("grad q^2").hint == "give it one: q = 1"


def test_a_mistake_in_what_is_repeated_is_found_there(ask, refuse):
    ask("q = 1", "grad 1/q", "q = 0")
    place = refuse("again").place
    assert (place.source.text, place.excerpt) == ("grad 1/q", "1/q")


@pytest.mark.parametrize("word", ["quit", "exit", ":quit", ":exit"])
def test_one_leaves_with_the_word_that_comes_to_mind(ask, session, word):
    ask(word)
    assert session.is_over


WORDS = """grad diff eval trace check graph fmt functions repl x y f f(x) (u) = == + - * / ^ ( ) [ ] { } , ; : # ` ' " 2
0 1e3 --at --wrt --mode forward --json --help -f -w -a x=1 sin( log( ans _grad _grad_x again undo :set :vars :forget
:load :history :help json on off keys vi if repeat else for in 1..3 > < not and --claim --order --steps
--implicit - -- @ @a é ∂ $ adcalc 10"""
ODD = ["\0", "\t", "\n"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(st.sampled_from([*WORDS.split(), *ODD]), min_size=1, max_size=8).map(" ".join), max_size=4))
def test_whatever_is_typed_is_answered_or_refused(entries):
    session = Session()
    for entry in entries:
        before = session.store.program(), session.store.answer
        try:
            with redirect_stdout(TextIOWrapper(BytesIO(), encoding="utf-8")):
                session.answer(entry)
        except AdcalcError:
            assert (session.store.program(), session.store.answer) == before


def test_interrupted_work_leaves_the_session_as_it_was(ask, session, monkeypatch):
    ask("x = 1", "grad x^2")

    def stop(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("adcalc.api.Function.gradient", stop)
        with pytest.raises(KeyboardInterrupt):
            session.answer("grad x^3")
    assert ask("again") == "x^3 = 1\n  ∂/∂x = 3\n"


def test_the_same_text_is_read_once(ask, session, monkeypatch):
    ask("x = 1", "grad cos(x)")
    monkeypatch.setattr("adcalc.cli.repl.reader.parse", None)
    assert ask("grad cos(x) --at x=0").splitlines()[0] == "cos(x) = 1"


def test_error_bars_at_the_values_of_the_session(ask):
    out = ask("y = 3", "f(u) = u^2", 'propagate f(x)*y --at "x=2±0.1"')
    assert out.splitlines()[0] == "f(x)*y = 12.0 ± 1.2"
    assert ask("ans").strip() == "ans = 12"
    assert ask("propagate f(x)*y --at x=2 +/- 0.1, y=3±0.1 --correlation x, y=0.3").splitlines()[3] == "  r(x, y) = 0.3"


def test_intervals_beside_the_values_of_the_session(ask, refuse):
    assert ask("y = 3", "eval x^2*y --at x=[1 .. 2]") == "x^2*y ∈ [3, 12]\n"
    assert ask("grad x^2 --at x=2±0.1").splitlines() == ["x^2 ∈ [3.61, 4.41]", "  ∂/∂x ∈ [3.8, 4.2]"]
    error = refuse("diff x^2 --at x=[1 .. 2]")
    assert error.message == "x has an interval, and one number is needed here"
    assert error.place.excerpt == "x=[1 .. 2]"


def test_a_correlation_is_pointed_at_in_the_line(refuse):
    error = refuse("propagate x*y --at x=1±1, y=1±1 --correlation x,y=3")
    assert error.place.excerpt == "x,y=3"


@pytest.mark.parametrize(
    ("entry", "message", "hint"),
    [
        ("hesian x^2*y", "there is no command 'hesian'", "did you mean 'hessian'?"),
        ("jacobain [x, y]", "there is no command 'jacobain'", "did you mean 'jacobian'?"),
        ("taylr exp(x) --order 3", "there is no command 'taylr'", "did you mean 'taylor'?"),
        ("sin x", "two names stand side by side", "write sin*x for the product, sin(x) for a call"),
        (
            "grade + * 2",
            "a value is missing before '*'",
            "two operators stand side by side, or one stands at the beginning",
        ),
        ("grade + 1", "'grade' has no value", "give it one: grade = 1"),
    ],
)
def test_a_misspelt_command_is_told(refuse, entry, message, hint):
    error = refuse(entry)
    assert (error.message, error.hint) == (message, hint)


def test_help_fills_its_lines_at_the_prompt_too(ask, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    said = [line.strip() for line in ask("hessian --help").splitlines()]
    assert "graph; variables whose columns do not meet share a sweep. --mode says how the" in said


def test_a_number_beyond_floats_is_had_with_digits(ask, refuse):
    assert refuse("grad exp(1000*x) --at x=1").hint == ":set digits 17 has every digit"
    assert refuse("exp(1000)").hint == ":set digits 17 has every digit"
    assert "e+434" in ask(":set digits 17", "grad exp(1000*x) --at x=1")
