"""--digits and --enclosure on the command line: what is printed, in JSON, and what is refused."""

import json
import signal
import subprocess
import sys
import time

import mpmath
import pytest
from flint import fmpz

from adcalc.cli.app import run


def test_a_value_in_digits(ask):
    assert ask("eval", "(x - sin(x))/x^3", "--at", "x=1e-10", "--digits", "30") == (
        0,
        "(x - sin(x))/x^3 = 0.166666666666666666666583333333\n",
        "",
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("zeros(0)", "[]"),
        ("zeros(2, 0)", "[[], []]"),
        ("[[5]]", "[[5]]"),
        ("A/4", "[[0.25, 0.5], [0.75, 1]]"),
        ("A/3", "\n  [0, 0] = 0.333333333333333\n"),
    ],
)
def test_arrays_keep_their_shape(ask, text, shown):
    at = ["--at", "A=[[1, 2], [3, 4]]"] if "A" in text else []
    code, out, _ = ask("eval", text, *at, "--digits", "15")
    assert code == 0
    assert shown in out


def test_a_gradient_in_digits(ask):
    code, out, _ = ask("grad", "cos(x*y) + y", "--at", "x=pi, y=1/3", "--digits", "20")
    assert code == 0
    assert out.splitlines() == [
        "cos(x*y) + y = 0.83333333333333333333",
        "  ∂/∂x = -0.28867513459481288225",
        "  ∂/∂y = -1.7206990463513267759",
    ]


def test_a_short_list_stands_in_one_line_and_a_long_one_does_not(ask):
    assert ask("eval", "[x, x^2]", "--at", "x=0.1", "--digits", "20")[1] == "[x, x^2] = [0.1, 0.01]\n"
    out = ask("eval", "[x, sqrt(x)]", "--at", "x=0.1", "--digits", "60")[1].splitlines()
    assert [line[:9] for line in out] == ["[x, sqrt(", "  [0] = 0", "  [1] = 0"]


def test_json_has_texts_and_the_keys_that_it_has_without_digits(answer):
    at = ("--at", "x=1/3")
    exact, floats = answer("grad", "x^2", *at, "--digits", "25"), answer("grad", "x^2", *at)
    assert list(exact) == list(floats)
    assert exact["at"] == {"x": "0.3333333333333333333333333"}
    assert exact["value"] == "0.1111111111111111111111111"
    assert exact["gradient"] == {"x": "0.6666666666666666666666667"}
    assert list(answer("eval", "x", *at, "--digits", "5")) == list(answer("eval", "x", *at))
    assert answer("eval", "[x, 2]", *at, "--digits", "5")["value"] == ["0.33333", "2"]


def test_enclosures(ask, answer):
    assert answer("eval", "sqrt(2)", "--digits", "5", "--enclosure")["enclosure"] == ["1.4142", "1.4143"]
    assert answer("eval", "[1/4, sqrt(2)]", "--digits", "2", "--enclosure")["enclosure"] == [
        ["0.25"] * 2,
        ["1.4", "1.5"],
    ]
    found = answer("grad", "x^2", "--at", "x=1/3", "--enclosure")
    assert found["enclosure"]["value"] == ["0.111111111111111", "0.111111111111112"]
    assert found["enclosure"]["gradient"]["x"] == ["0.666666666666666", "0.666666666666667"]
    assert ask("eval", "pi", "--enclosure", "--digits", "4")[1] == "pi ∈ [3.141, 3.142]\n"


def test_an_enclosure_without_digits_has_no_value(answer):
    found = answer("eval", "log(exp(1)) - 1", "--enclosure")
    assert found["value"] is None
    assert found["enclosure"][0].startswith("-")


def test_an_enclosure_is_no_option_that_takes_the_next_word(ask):
    assert ask("eval", "--enclosure", "-1/4") == ask("eval", "-1/4", "--enclosure")


def test_formulas_in_digits(answer, ask):
    found = answer("diff", "x^3*sin(y)", "--at", "x=1/3, y=pi/6", "--digits", "20")
    assert found["at"] == {"x": "0.33333333333333333333", "y": "0.52359877559829887308"}
    assert found["value"] == "0.018518518518518518519"
    assert found["evaluated"] == {"x": "0.16666666666666666667", "y": "0.032075014954979209139"}
    assert ask("diff", "x^2", "--digits", "20")[1] == "x^2\n  ∂/∂x = 2*x\n"
    second = answer("diff", "exp(x*y)", "--wrt", "x,x,y", "--at", "x=0, y=1/3", "--digits", "10")
    assert second["evaluated"] == {"x,x,y": "0.6666666667"}


def test_a_comparison_with_more_digits(answer):
    assert answer("compare", "exp(x)", "--at", "x=0.5", "--digits", "70")["reference"]["x"] == (
        "1.648721270700128146848650787814163571653776100710148011575079311640661"
    )


def test_the_place_is_underlined(ask):
    code, out, err = ask("grad", "1 + abs(x - 0.1)", "--at", "x=0.1", "--digits", "30")
    assert (code, out) == (1, "")
    assert err == (
        "error: abs(x - 0.1) has a kink where x - 0.1 = 0: the slope by x is -1 to the left and 1 to the right\n"
        "  1 + abs(x - 0.1)\n      ^^^^^^^^^^^^\n"
    )


def test_what_cannot_be_proved_is_an_error_with_its_place(refusal):
    code, error = refusal("eval", "2*floor(log(exp(x)))", "--at", "x=1", "--digits", "30")
    assert (code, error["kind"], error["column"], error["length"]) == (1, "precision", 3, 18)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("eval", "pi", "--digits", "0"), "0 is less than 1"),
        (("eval", "pi", "--digits", "-3"), "-3 is less than 1"),
        (("grad", "x", "--at", "x=1", "--digits", "many"), "not a whole number"),
        (("grad", "x", "--at", "x=1", "--digits", "5", "--trace"), "--trace"),
        (("grad", "x", "--at", "x=1", "--digits", "5", "--mode", "finite"), "finite differences"),
        (("grad", "x", "--at", "x=1", "--digits", "5", "--mode", "fast"), "no mode 'fast'"),
        (("diff", "x^2 + y^2 = 25", "--implicit", "y", "--at", "x=3,y=4", "--digits", "5"), "no digits are proved"),
    ],
)
def test_what_makes_no_sense_is_refused(refusal, arguments, words):
    code, error = refusal(*arguments)
    assert (code, error["kind"]) == (2, "usage")
    assert words in error["message"]


def test_too_many_digits(refusal):
    assert refusal("eval", "pi", "--digits", "1000000")[1]["kind"] == "limit"
    assert refusal("compare", "x", "--at", "x=1", "--digits", "1000000")[1]["kind"] == "limit"


STARTED = """
import sys
import adcalc.api.proofs.proved
from adcalc.cli.app import main
sys.argv = ["adcalc", "eval", "x = 1/3; for k in 1..100000 { x = sin(x + k) }; x", "--digits", "20000"]
print("ready", flush=True)
main()
"""


def test_ctrl_c_stops_the_work():
    process = subprocess.Popen([sys.executable, "-c", STARTED], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout.readline() == b"ready\n"
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, b"")
    assert b"Traceback" not in err


def test_arrays_are_nested_lists_of_digits(capsys):
    assert run(["grad", "x@x/3", "--at", "x=[0.1, 1/3]", "--digits", "12", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["at"] == {"x": ["0.1", "0.333333333333"]}
    assert answer["gradient"] == {"x": ["0.0666666666667", "0.222222222222"]}
    assert answer["value"] == "0.0403703703704"


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("9^9^9^9", "9^9^387420489 is too large a number for ball arithmetic"),
        ("exp(exp(exp(exp(10))))", "is too large a number for ball arithmetic"),
        ("1e100/(sqrt(2)^2 - 2)", "it stands on the border of its domain"),
        ("log(sqrt(2)^2 - 2)", "it stands on the border of its domain"),
    ],
)
def test_a_number_too_large_for_balls_is_no_border(refusal, expression, words):
    code, error = refusal("eval", expression, "--digits", "20")
    assert (code, error["kind"]) == (1, "precision")
    assert words in error["message"]


def test_exponents_have_any_number_of_digits(answer):
    mantissa, _, exponent = answer("eval", "exp(exp(exp(10)))", "--digits", "20")["value"].partition("e+")
    with mpmath.workdps(10_000):
        power = mpmath.exp(mpmath.exp(10)) / mpmath.log(10)
        assert mantissa == mpmath.nstr(10 ** mpmath.frac(power), 20)
        assert int(fmpz(exponent)) == int(mpmath.floor(power))
