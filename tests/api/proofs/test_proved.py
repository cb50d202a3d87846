"""Proved digits at exact points: against mpmath, whose numbers are exact too, and where there is no answer."""

from fractions import Fraction
from random import Random

import mpmath
import pytest
from mpmath import mp
from proving import CANCELLING, POINTS, TINY, evaluated, is_rounded, made, slope

from adcalc.api import Function, function
from adcalc.api.proofs import proved
from adcalc.errors import (
    AdcalcError,
    DomainError,
    LimitError,
    NotDifferentiableError,
    PathError,
    PrecisionError,
    Source,
    UnboundVariableError,
    UnknownVariableError,
    UsageError,
)
from adcalc.modes.proofs import certified

DIGITS = (1, 2, 5, 15, 30, 50, 77)
SIDES = ("right", "left", "zero", "mean")
BATCHES = 12
EACH = 40


def value(text, digits=30, **point):
    return proved.value(function(text), point, digits).value


def gradient(text, digits=30, mode="reverse", at_kink=None, **point):
    return proved.gradient(function(text), point, digits, mode=mode, at_kink=at_kink).gradient


# ---------------------------------------------------------------- mpmath at more than twice the digits


def asked(random):
    """A generated question: every third of a kind in which digits cancel."""
    if random.random() < 1 / 3:
        text = random.choice(CANCELLING)
        text = f"({text})*({made(random, 3)})" if random.random() < 0.5 else text
        return text, {"x": random.choice(TINY), "y": random.choice(POINTS)}
    return made(random, random.randrange(2, 14)), {"x": random.choice(POINTS), "y": random.choice(POINTS)}


@pytest.mark.parametrize("batch", range(BATCHES))
def test_not_one_digit_is_wrong(batch):
    answered = 0
    for number in range(EACH):
        random = Random(EACH * batch + number)
        text, every = asked(random)
        digits, mode = random.choice(DIGITS), random.choice(("forward", "reverse", "symbolic"))
        f = function(text)
        point = {name: every[name] for name in f.variables}
        try:
            found = proved.gradient(f, point, digits, mode=mode)
        except (DomainError, NotDifferentiableError, PrecisionError):
            continue
        answered += 1
        with mp.workdps(6 * digits + 500):
            values = {name: evaluated(number, {}) for name, number in point.items()}
            true = evaluated(text, values)
            assert is_rounded(found.value, true, digits), (text, point, digits, mpmath.nstr(true, digits + 5))
            for name in point:
                true = slope(text, values, name)
                assert is_rounded(found.gradient[name], true, digits), (text, point, digits, name, mode)
    assert answered > EACH * 0.8


def test_the_oracle_would_see_a_wrong_digit():
    with mp.workdps(100):
        assert is_rounded("3.1416", +mp.pi, 5)
        assert not is_rounded("3.1415", +mp.pi, 5)
        assert not is_rounded("3.14", +mp.pi, 5)
        assert is_rounded("0.25", mp.mpf("0.25"), 5)


@pytest.mark.parametrize("mode", ["forward", "reverse", "symbolic"])
def test_every_mode_proves_the_same_digits(mode):
    found = gradient("exp(x*y)*sin(x/y) + diff(x^3*y, x)", 40, mode, x="1/3", y="pi")
    assert found == gradient("exp(x*y)*sin(x/y) + diff(x^3*y, x)", 40, x="1/3", y="pi")


# ---------------------------------------------------------------- points are exact


@pytest.mark.parametrize(
    ("number", "digits"),
    [
        ("0.1", "0.1"),
        ("1/3", "0.333333333333333333333333333333"),
        ("pi", "3.14159265358979323846264338328"),
        ("sqrt(2)", "1.41421356237309504880168872421"),
        (Fraction(2, 7), "0.285714285714285714285714285714"),
        (0.1, "0.100000000000000005551115123126"),
        (3, "3"),
        ("1e400", "1e+400"),
        ("10^-400", "1e-400"),
    ],
)
def test_a_number_is_what_was_given(number, digits):
    found = proved.value(function("x"), {"x": number}, 30)
    assert (found.value, found.at) == (digits, {"x": digits})


def test_exact_inputs_are_found_to_be_equal_where_floats_are_not():
    assert value("x + y - 0.3", x="0.1", y="0.2") == "0"
    assert value("if(x + y == 0.3, 1, 2)", x="0.1", y="0.2") == "1"
    assert value("floor(x*10)", x="0.3") == "3"
    assert value("if(3*x == 1, 1, 2)", x="1/3") == "1"


def test_multiples_of_pi_are_exact_too():
    assert value("[sin(x), cos(x), tan(x/4), sin(x/6), cos(7*x/3)]", x="pi") == ("0", "-1", "1", "0.5", "0.5")
    assert gradient("cos(x*y) + y", x="pi", y=1) == {"x": "0", "y": "1"}
    assert value("4*atan(1) - pi") == "0"
    assert value("asin(1/2)*6 - acos(-1)") == "0"


def test_the_larger_of_two_numbers_stays_exact():
    assert value("max(x, sin(x)) - 1/3", x="1/3") == "0"
    assert value("min(1/3, exp(x))*3 - 1", x=0) == "0"
    assert value("max(sin(x), pi) - pi", x=1) == "0"
    assert gradient("max(pi, max(x*sin(x), pi))*x", x="0.7")["x"] == value("pi")


def test_what_is_exact_stays_a_fraction():
    found = proved.value(function("[x^2 - 1/7, sqrt(x)]"), {"x": "1/9"}, 10)
    assert found.exact == (Fraction(1, 81) - Fraction(1, 7), Fraction(1, 3))


def test_a_point_that_is_a_constant_expression_gets_as_many_bits_as_it_takes():
    with mp.workdps(120):
        true = mp.exp(mp.sin(mp.sqrt(2)) * 100)
        assert is_rounded(value("exp(sin(x)*100)", 80, x="sqrt(2)"), true, 80)


@pytest.mark.parametrize(
    ("point", "error"),
    [
        ({}, UnboundVariableError),
        ({"x": 1, "y": 2}, UnknownVariableError),
        ({"x": "log(-1)"}, DomainError),
        ({"x": "exp(0) + sin(1)^2 + cos(1)^2 - 2"}, PrecisionError),
    ],
)
def test_a_point_that_is_none(point, error):
    with pytest.raises(error):
        proved.value(function("cos(x)"), point, 10)


def test_the_error_of_a_value_is_in_its_own_text():
    with pytest.raises(DomainError) as refused:
        value("x", x="1 + log(-1)")
    assert refused.value.place.excerpt == "log(-1)"


# ---------------------------------------------------------------- what cannot be proved


@pytest.mark.parametrize(
    ("text", "point", "error", "words", "excerpt"),
    [
        ("1 + sin(x)^2 + cos(x)^2 - 2", {"x": 1}, PrecisionError, "nearer to 0 than 10\\^-", None),
        ("1 + sqrt(sin(log(exp(x))))", {"x": "pi"}, PrecisionError, "border", "sqrt(sin(log(exp(x))))"),
        ("2*if(log(exp(x)) > 1, x, -x)", {"x": 1}, PrecisionError, "cannot be decided", "log(exp(x)) > 1"),
        ("3 + floor(log(exp(x)))", {"x": 1}, PrecisionError, "floor", "floor(log(exp(x)))"),
        ("inf", {}, PrecisionError, "finite", None),
        ("2 + log(x)", {"x": -1}, DomainError, "no value where x = -1", "log(x)"),
        ("2 + 1/(x - 0.1)", {"x": "0.1"}, DomainError, "no value", "1/(x - 0.1)"),
        ("2 + sin(x)/sin(pi)", {"x": "0.1"}, DomainError, "no value", "sin(x)/sin(pi)"),
    ],
)
def test_there_is_no_value_that_could_be_proved(text, point, error, words, excerpt):
    with pytest.raises(error, match=words) as refused:
        value(text, **point)
    assert refused.value.place.excerpt == (excerpt or text)


@pytest.mark.parametrize(
    ("text", "point", "error", "excerpt"),
    [
        ("1 + abs(x - 0.1)", {"x": "0.1"}, NotDifferentiableError, "abs(x - 0.1)"),
        ("1 + max(x, 1/3)", {"x": "1/3"}, NotDifferentiableError, "max(x, 1/3)"),
        ("1 + floor(10*x)", {"x": "0.3"}, NotDifferentiableError, "floor(10*x)"),
        ("1 + sqrt(x - 0.1)", {"x": "0.1"}, NotDifferentiableError, "sqrt(x - 0.1)"),
        ("1 + abs(sin(x))", {"x": "pi"}, NotDifferentiableError, "abs(sin(x))"),
        ("if x > 0.1 { x^2 } else { x }", {"x": "0.1"}, NotDifferentiableError, "x > 0.1"),
        ("x*diff(abs(x), x)", {"x": 0}, NotDifferentiableError, "abs(x)"),
        ("2*if(x > 1, x^2, x)", {"x": 1}, NotDifferentiableError, "if(x > 1, x^2, x)"),
        ("2 + if(x > 1, 1, -1)", {"x": 1}, NotDifferentiableError, "if(x > 1, 1, -1)"),
        ("abs(x)*1e400", {"x": 0}, PrecisionError, "abs(x)"),
    ],
)
def test_there_is_no_slope_that_could_be_proved(text, point, error, excerpt):
    with pytest.raises(error) as refused:
        gradient(text, **point)
    assert refused.value.place.excerpt == excerpt


def test_halfway_between_two_roundings_nothing_is_guessed():
    with pytest.raises(PrecisionError, match="halfway between two roundings"):
        value("exp(log(0.25))", 1)
    assert value("exp(log(0.25))", 2) == "0.25"
    assert value("0.25", 1) == "0.3"  # what is known exactly has a rule for it


def test_a_kink_whose_slopes_agree_is_none():
    assert gradient("x*abs(x)", x=0) == {"x": "0"}
    assert gradient("max(x, x)*sin(x)", x="1/3") == gradient("x*sin(x)", x="1/3")
    assert gradient("exp(max(max(1/4, x), x))", x="1/2") == gradient("exp(x)", x="1/2")


def test_conventions_at_kinks():
    slopes = {
        side: gradient("3*abs(x - 0.1)", at_kink=side, x="0.1")["x"] for side in ("right", "left", "zero", "mean")
    }
    assert slopes == {"right": "3", "left": "-3", "zero": "0", "mean": "0"}
    with pytest.raises(UsageError, match="no convention"):
        gradient("x", at_kink="up", x=1)


# ---------------------------------------------------------------- programs and what is inside expressions


def test_a_loop_ends_where_it_ends_in_exact_numbers():
    text = "n = 0; while x < 1 { x = x + 0.1; n = n + 1 }; n"
    assert value(text, x="0.1") == "9"
    found = function(text).evaluate({"x": "0.1"})
    assert found.value == 9  # ten tenths are less than 1 in floats, and the answer is the proved one
    assert found.warnings[0][1].startswith("x < 1 is decided by rounding where x + 0.1 = 0.99999")


def test_newtons_method_as_a_program():
    text = "y = 1; while abs(y*y - x) > 1e-60 { y = (y + x/y)/2 }; y"
    found = proved.gradient(function(text), {"x": 2}, 50)
    with mp.workdps(80):
        assert is_rounded(found.value, mp.sqrt(2), 50)
        assert is_rounded(found.gradient["x"], 1 / (2 * mp.sqrt(2)), 50)


def test_a_way_that_no_digits_decide():
    with pytest.raises(PrecisionError, match="cannot be decided") as refused:
        value("if log(exp(x)) > 1 { x } else { 2*x }", x=1)
    assert refused.value.place.excerpt == "log(exp(x)) > 1"


def test_symbolic_mode_has_no_way():
    with pytest.raises(PathError):
        gradient("if x > 1 { x^2 } else { x }", mode="symbolic", x=3)


def test_a_loop_without_end_says_so():
    with pytest.raises(LimitError, match="has not ended"):
        proved.value(Function(Source("while x > 0 { x = x + 1 }; x"), maximum_operations=1000), {"x": 1}, 10)


def test_diff_and_root_inside():
    with mp.workdps(60):
        assert is_rounded(
            value("diff(exp(sin(x)), x, 2)", x="0.3"), mp.diff(lambda x: mp.exp(mp.sin(x)), mp.mpf("0.3"), 2), 30
        )
        found = proved.gradient(function("root(u^3 - x*u - 1, u, 1)"), {"x": "0.1"}, 30)
        u = mp.findroot(lambda u: u**3 - u / 10 - 1, 1)
        assert is_rounded(found.value, u, 30)
        assert is_rounded(found.gradient["x"], u / (3 * u**2 - mp.mpf("0.1")), 30)


# ---------------------------------------------------------------- enclosures


def test_an_enclosure_holds_the_number_and_is_as_narrow_as_the_digits():
    found = proved.gradient(function("sqrt(x)"), {"x": 2}, 20, enclosure=True)
    with mp.workdps(60):
        low, high = map(mp.mpf, found.value_enclosure)
        assert low <= mp.sqrt(2) <= high
        assert high - low <= mp.mpf(10) ** -19
        low, high = map(mp.mpf, found.enclosures["x"])
        assert low <= 1 / (2 * mp.sqrt(2)) <= high


def test_an_enclosure_needs_no_digits():
    found = proved.value(function("sin(x)^2 + cos(x)^2 - 1"), {"x": 1}, 10, enclosure=True)
    assert found.value is None
    low, high = found.enclosures[0]
    assert low.startswith("-")
    assert int(high.partition("e-")[2]) > 2000


# ---------------------------------------------------------------- how many digits


@pytest.mark.parametrize("digits", [0, -3])
def test_less_than_one_digit_is_none(digits):
    with pytest.raises(UsageError, match="from 1 on"):
        value("pi", digits)


def test_more_than_anybody_reads():
    with pytest.raises(LimitError):
        value("pi", certified.MOST + 1)
    with pytest.raises(LimitError, match="zeta"):
        value("zeta(x)", 20_000, x=3)


def test_a_thousand_digits():
    with mp.workdps(1200):
        assert is_rounded(value("exp(sin(x))", 1000, x="1/3"), mp.exp(mp.sin(mp.mpf(1) / 3)), 1000)


def test_finite_differences_prove_nothing():
    with pytest.raises(UsageError, match="finite differences"):
        gradient("x^2", mode="finite", x=1)


def test_python_asks_a_function():
    f = function("x/3")
    assert f.proved(10, x=1).value == "0.3333333333"
    assert f.proved_gradient(10, x=1).gradient == {"x": "0.3333333333"}


def test_no_float_is_ever_the_reason_for_an_error():
    assert value("exp(x)/exp(x - 1)", 5, x=10000) == "2.7183"
    assert value("x*1e-400", 5, x="1e400") == "1"


def test_everything_that_is_refused_is_an_error_of_ours():
    for text in (
        "gamma(x)",
        "1/x",
        "log(x)",
        "x^x",
        "atan2(x, x)",
        "x % x",
        "acosh(x)",
        "besselk(0, x)",
        "zeta(1 + x)",
    ):
        for number in ("0", "-1", "pi - 22/7", "1e-300"):
            try:
                gradient(text, 10, x=number)
            except AdcalcError as error:
                assert error.kind in ("domain", "precision", "not_differentiable", "limit", "overflow")  # noqa: PT017
