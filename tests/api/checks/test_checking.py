"""Claims about derivatives: what holds, what is refuted, and what is not decided."""

import random
from fractions import Fraction

import pytest
from mpmath import mp

from adcalc.api import function
from adcalc.api.checks.checking import refutations
from adcalc.errors import (
    AdcalcSyntaxError,
    DomainError,
    NotDifferentiableError,
    Place,
    PrecisionError,
    Source,
    UnknownVariableError,
    UsageError,
)


def verdict(expression, claim, **point):
    return function(expression).check([claim], point or None).verdicts[0]


HOLDS = [
    ("x^2", "x: x + x"),
    ("sin(x)^2", "x: sin(2x)"),
    ("sin(x)^2 + cos(x)^2", "x: 0"),
    ("atan(x) + atan(1/x)", "x: 0"),
    ("cos(x*y) + y", "y: 1 - x*sin(x*y)"),
    ("log(x)", "x: 1/x"),
    ("log(abs(x))", "x: 1/x"),
    ("abs(x)", "x: sign(x)"),
    ("abs(x)", "x: x/abs(x)"),
    ("sqrt(x^2)", "x: sqrt(x^2)/x"),
    ("x^3/3", "x: x^3/x"),
    ("floor(x)", "x: 0"),
    ("floor(x)*x", "x: floor(x)"),
    ("max(x, y)", "x: step(x - y)"),
    ("if(x > 0, x^2, sin(x))", "x: if(x > 0, 2x, cos(x))"),
    ("gamma(x)", "x: gamma(x)*digamma(x)"),
    ("besselj(n, x)", "x: n/x*besselj(n, x) - besselj(n + 1, x)"),
    ("polygamma(n, x)", "x: polygamma(n + 1, x)"),
    ("x^y", "y: x^y*log(x)"),
    ("acosh(x - 5000)", "x: 1/sqrt((x - 5000)^2 - 1)"),
    ("tanh(x)", "x: 1 - tanh(x)^2"),
    ("x^3", "x, x: 6x"),
    ("x^2*y^3", "y, x: 6*x*y^2"),
    ("abs(x)", "x, x: 0"),
    ("f(u) = u^2; a = x*y; f(a) + x", "x: 2*a*y + 1"),
    ("f(u) = u^2; a = x*y; f(a) + x", "y: f(a)*2/y"),
    ("e^x", "x: e^x"),
    ("x + 0*y", "y: 0"),
    ("exp(-x^2)", "x: -2*x*exp(-x^2)"),
    ("sum(x^k/k!, k = 0..9)", "x: sum(x^k/k!, k = 0..8)"),
]
REFUTED = [
    ("sin(x)^2", "x: 2*sin(x)"),
    ("sin(x)^2", "x: sin(2x)*(1 + 1e-12)"),
    ("sin(x)^2", "x: sin(2x)*(1 + 1e-30)"),
    ("sin(x)^2", "x: sin(2x) + 1e-45"),
    ("sin(x)^2 + cos(x)^2", "x: 1e-40*x"),
    ("erf(x)", "x: exp(-x^2)*1.1283791670955126"),
    ("exp(x)", "x: 2.718281828459045^x"),
    ("x^2/2", "x: sqrt(x^2)"),
    ("x^2/2", "x: abs(x)"),
    ("sqrt(x^2)", "x: 1"),
    ("x*log(abs(x)) - x", "x: log(x)"),
    ("x^2", "x: 2*exp(log(x))"),
    ("x^2", "x: 2x + 0*log(x)"),
    ("x^2", "x: x/0"),
    ("abs(x)", "x: 1"),
    ("if(x > 0, x^2, sin(x))", "x: 2x"),
    ("if(x < 100, x, 2x)", "x: 1"),
    ("cos(x*y)", "x: y*sin(x*y)"),
    ("x^3", "x, x: 3*x^2"),
    ("floor(x)*x", "x: x"),
    ("gamma(x)", "x: digamma(x)"),
    ("x^3", "x: 3*x^2 + floor(x/500)"),
]


@pytest.mark.parametrize(("expression", "claim"), HOLDS)
def test_what_is_right_holds(expression, claim):
    found = verdict(expression, claim)
    assert found.holds, found.evidence
    assert "simplify" in found.evidence or "agree to 50 digits at" in found.evidence


@pytest.mark.parametrize(("expression", "claim"), REFUTED)
def test_what_is_wrong_is_refuted_with_a_point(expression, claim):
    found = verdict(expression, claim)
    assert not found.holds
    assert set(found.point) == set(function(expression).variables)
    assert found.derivative != found.claimed


ORACLES = {
    "sin(x)^2": lambda x: mp.sin(x) ** 2,
    "x^2/2": lambda x: x**2 / 2,
    "x^2": lambda x: x**2,
    "abs(x)": abs,
    "erf(x)": mp.erf,
    "gamma(x)": mp.gamma,
    "sqrt(x^2)": lambda x: mp.sqrt(x**2),
    "x*log(abs(x)) - x": lambda x: x * mp.log(abs(x)) - x,
    "exp(x)": mp.exp,
}


@pytest.mark.parametrize(("expression", "claim"), [case for case in REFUTED if case[0] in ORACLES])
def test_the_numbers_of_a_refutation_are_right(expression, claim):
    """Against a difference quotient of mpmath's own function values."""
    found = verdict(expression, claim)
    with mp.workdps(80):
        (x,) = found.point.values()
        true = mp.diff(ORACLES[expression], mp.mpf(x))
        assert abs(mp.mpf(found.derivative) / true - 1) < 1e-11


def test_a_refutation_on_half_the_line_names_a_point_of_that_half():
    assert verdict("x^2/2", "x: sqrt(x^2)").point["x"] < 0
    assert verdict("if(x < 100, x, 2x)", "x: 1").point["x"] >= 100


def test_a_claim_without_a_value_says_so():
    found = verdict("x^2", "x: 2*exp(log(x))")
    assert found.claimed is None
    assert "no value at x = -" in found.evidence
    assert "other points it agrees" in found.evidence


def test_a_hole_of_one_point_is_no_refutation_unless_it_is_asked_about():
    assert verdict("x^3/3", "x: x^3/x").holds
    found = verdict("x^3/3", "x: x^3/x", x=0)
    assert not found.holds
    assert (found.derivative, found.claimed, found.point) == ("0", None, {"x": 0.0})


def test_rounding_noise_is_never_enough():
    """What agrees in every digit that floats have is told apart, and by as many digits as it takes."""
    found = verdict("x^2", "x: 2*x + 1e-25*x")
    assert found.derivative != found.claimed
    assert len(found.derivative) > 20
    tiny = verdict("sin(x)", "x: cos(x)*(1 + 1e-70)")
    assert not tiny.holds
    assert "they differ by" in tiny.evidence


def test_more_digits_than_are_shown_tell_numbers_apart():
    for addend in ("1e-400", "1e-4000", "1e-400*sin(x)"):
        found = verdict("x^2", f"x: 2*x + {addend}")
        assert not found.holds
        assert "they differ by " in found.evidence
    assert "(they differ by 1.0e-4000)" in verdict("x^2", "x: 2*x + 1e-4000").evidence
    identity = verdict("exp(x)", "x: cosh(x) + sinh(x)")  # which no digits tell apart
    assert identity.holds


def test_an_exact_number_and_one_with_zeros_are_not_two_numbers():
    found = verdict("x^2", "x: 2*x + 1e-20", x=1)
    assert (found.derivative, found.claimed) == ("2", "2.00000000000000000001")


@pytest.mark.parametrize(
    ("claim", "note"),
    [
        ("x: 2*x + 1e-400", "the claim is 1e-400 too large everywhere"),
        ("x: 2*x + 10^5000", "the claim is 1e5000 too large everywhere"),
        ("x: 2*x - 1e400/1001", "the claim is 1e400/1001 too small everywhere"),
        ("x: 10^-5000*x", "the claim is 5e-5001 times the derivative"),
        ("x: 3.14159265358979323846*x", "the claim is about 1.57079632679 times the derivative"),
    ],
)
def test_a_note_has_a_number_of_any_size(claim, note):
    assert verdict("x^2", claim).note == note


def test_a_function_without_a_domain_that_was_found_says_so():
    found = verdict("log(-exp(x))", "x: 1")
    assert (found.holds, found.evidence) == (True, "both simplify to 1; no point of the domain was found")


def test_a_point_at_the_end_of_floating_point_has_points_near_it():
    assert verdict("x", "x: 1", x=1.7976931348623157e308).holds


@pytest.mark.parametrize("count", [10, 30])
def test_what_shares_much_is_neither_written_out_nor_multiplied_out(count):
    """As a tree the derivative of the 30th has 10^18 operations, and simplifying it would multiply polynomials out."""
    steps = "; ".join(f"a{k + 1} = 3.5*a{k}*(1 - a{k})" for k in range(count))
    found = verdict(f"a0 = x; {steps}; a{count}", "x: 1")
    assert not found.holds
    assert found.formula == ""


@pytest.mark.parametrize(
    ("claim", "note"),
    [
        ("x: -2*x", "the claim has the wrong sign"),
        ("x: x", "the claim is 1/2 times the derivative"),
        ("x: 2*x + 1", "the claim is 1 too large everywhere"),
        ("x: 2*x - 1/3", "the claim is 1/3 too small everywhere"),
        ("x: 0", ""),
        ("x: x^2", ""),
    ],
)
def test_what_a_wrong_claim_has_in_common(claim, note):
    assert verdict("x^2", claim).note == note


# ---------------------------------------------------------------- at a point


def test_at_a_point_both_numbers_are_shown():
    found = verdict("sin(x)*y", "x: cos(x)*y", x=1, y=2)
    assert found.holds
    assert found.point == {"x": 1.0, "y": 2.0}
    assert found.derivative == found.claimed == "1.08060461174"


def test_a_claim_that_is_right_at_the_point_and_wrong_elsewhere_is_refuted_elsewhere():
    found = verdict("abs(x)", "x: 1", x=3)
    assert not found.holds
    assert found.point["x"] < 0
    assert "at x = 3 they agree" in found.evidence


def test_the_point_itself_refutes_first():
    assert verdict("abs(x)", "x: 1", x=-3).point == {"x": -3.0}


def test_points_near_the_given_one_are_tried_where_no_others_are_in_the_domain():
    narrow = "asin(x - exp(11))"  # about 59,874
    right = "x: 1/sqrt(1 - (x - exp(11))^2)"
    with pytest.raises(PrecisionError, match="no point of the domain"):
        verdict(narrow, "x: 1")
    assert verdict(narrow, right, x=59874.5).holds
    assert not verdict(narrow, right.replace("1 -", "2 -"), x=59874.5).holds


def test_constants_tell_where_to_look():
    assert verdict("asin(x - 1000)", "x: 1/sqrt(1 - (x - 1000)^2)").holds
    assert not verdict("if(x^2 > 12345, x, 2x)", "x: 2").holds
    assert not verdict("max(x, 777)", "x: 0").holds
    assert not verdict("max(x, y, 777)", "x: step(x - y)").holds


@pytest.mark.parametrize(
    ("expression", "claim", "error"),
    [
        ("abs(x)", "x: 1", NotDifferentiableError),
        ("log(x)", "x: 1/x", DomainError),
        ("sqrt(x)", "x: 1/(2*sqrt(x))", NotDifferentiableError),
        ("if(x > 0, 1, -1) + x", "x: 1", NotDifferentiableError),
    ],
)
def test_where_there_is_no_derivative_there_is_nothing_to_check(expression, claim, error):
    with pytest.raises(error):
        verdict(expression, claim, x=0)


def test_what_no_digits_decide_at_the_point_is_not_decided():
    with pytest.raises(PrecisionError) as refused:
        verdict("abs(sin(log(exp(pi*x))))", "x: 1", x=1)
    assert refused.value.place.excerpt == "abs(sin(log(exp(pi*x))))"


# ---------------------------------------------------------------- what cannot be checked


def test_a_derivative_without_a_formula():
    with pytest.raises(NotDifferentiableError, match="no formula"):
        verdict("gammainc(a, x)", "a: 1")


def test_a_claim_that_balls_cannot_compare():
    with pytest.raises(PrecisionError, match="cannot be compared"):
        verdict("x^2", "x: 2*x + floor(sin(log(exp(pi))))")


def test_two_claims_about_one_derivative():
    with pytest.raises(UsageError, match="two claims about ∂/∂x") as refused:
        function("x^2").check(["x: 2*x", "x: x"])
    assert refused.value.place.excerpt == "x: x"
    assert function("x^2").check(["x: 2*x", "x, x: 2"]).holds


@pytest.mark.parametrize(("claim", "error"), [("z: 1", UnknownVariableError), ("x: ", AdcalcSyntaxError)])
def test_what_is_no_claim_about_this_function(claim, error):
    with pytest.raises(error):
        verdict("x^2", claim)


def test_a_function_without_variables_has_no_derivative_to_claim():
    with pytest.raises(UnknownVariableError, match="no variable 'x'"):
        verdict("5", "x: 0")


# ---------------------------------------------------------------- results and errors


def test_the_result_has_every_verdict_in_order():
    file = Source("y: x\nx: 2\n", "claims")
    result = function("x*y").check([Place(file, 0, 4), Place(file, 5, 9)])
    assert [found.holds for found in result.verdicts] == [True, False]
    assert not result.holds
    assert result.at == {}
    (error,) = refutations(result)
    assert (error.kind, error.exit_code) == ("refuted", 1)
    assert (error.place.line, error.place.column, error.place.excerpt) == (2, 4, "2")
    assert error.hint == "the derivative is y"
    assert error.details["variable"] == "x"
    assert set(error.details["point"]) == {"x", "y"}


def test_a_name_with_a_value_is_a_variable_of_the_claim():
    assert verdict("e^x", "x: e^x*log(e)", x=1, e=2).holds
    assert not verdict("e^x", "x: e^x", x=1, e=2).holds


def test_fractions_and_texts_are_points():
    found = function("x^2").check(["x: 2*x"], {"x": Fraction(1, 4)})
    assert found.verdicts[0].derivative == "0.5"
    assert function("x^2").check(["x: 2*x"], {"x": "1/4"}).at == {"x": 0.25}


def test_large_expressions_are_checked_at_fewer_points():
    terms = 700
    expression = " + ".join(f"sin({k}*x)*y" for k in range(1, terms))
    claim = "y: " + " + ".join(f"sin({k}*x)" for k in range(1, terms))
    found = verdict(expression, claim)
    assert found.holds
    assert "at 15 points" in found.evidence
    wrong = verdict(expression, claim.replace("sin(500*x)", "sin(501*x)"))
    assert not wrong.holds


def test_polynomials_with_a_wrong_coefficient_are_always_caught():
    seed = random.Random(7)
    for _ in range(20):
        powers = [(seed.randint(-9, 9) or 1, seed.randint(1, 6)) for _ in range(4)]
        expression = " + ".join(f"{factor}*x^{power}" for factor, power in powers)
        slope = [(factor * power, power - 1) for factor, power in powers]
        right = " + ".join(f"{factor}*x^{power}" for factor, power in slope)
        changed = seed.randrange(4)
        wrong = " + ".join(f"{factor + (k == changed)}*x^{power}" for k, (factor, power) in enumerate(slope))
        assert verdict(expression, f"x: {right}").holds
        assert not verdict(expression, f"x: {wrong}").holds
