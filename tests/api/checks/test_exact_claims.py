"""Claims compared in as many digits as somebody asks for, at exact points."""

from fractions import Fraction

import mpmath
import pytest
from mpmath import mp
from proving import is_rounded

from adcalc.api import function
from adcalc.errors import AdcalcError, DomainError, NotDifferentiableError


def verdict(text, claim, digits=20, enclosure=False, **point):
    (found,) = function(text).check([claim], point or None, None, digits, enclosure).verdicts
    return found


@pytest.mark.parametrize("digits", [1, 5, 50, 300, 1000])
def test_both_numbers_have_the_digits_that_were_asked_for(digits):
    found = verdict("exp(x^2)", "x: 2*x*exp(x^2)", digits, x="1/3")
    assert found.holds
    assert f"they agree to {digits} digit{'s' * (digits > 1)} at 60 points" in found.evidence
    with mpmath.workdps(2 * digits + 20):
        x = mpmath.mpf(1) / 3
        assert is_rounded(found.derivative, 2 * x * mpmath.exp(x * x), digits)
        assert is_rounded(found.point["x"], x, digits)
    assert found.claimed == found.derivative


def test_the_point_is_exact():
    assert verdict("sin(x)", "x: cos(x)", x="pi").derivative == "-1"
    assert verdict("x^2", "x: 2*x", x="0.1").derivative == "0.2"
    assert verdict("x^2", "x: 2*x", 5, x="1e400").derivative == "2e+400"
    assert verdict("x^3", "x, x: 6*x", x="1/3").derivative == "2"
    floats = function("x^2").check(["x: 2*x"], {"x": "0.1"}).verdicts[0]
    assert floats.point == {"x": 0.1}  # without digits numbers are floats


def test_numbers_that_differ_only_behind_the_digits_are_shown_in_more():
    found = verdict("sin(x)", "x: cos(x) + 1e-25", 20, x="1/3")
    assert not found.holds
    with mpmath.workdps(60):
        true = mpmath.cos(mpmath.mpf(1) / 3)
        assert is_rounded(found.derivative, true, 25)
        assert is_rounded(found.claimed, true + mpmath.mpf("1e-25"), 25)


def test_a_claim_that_is_wrong_far_behind_the_digits_is_wrong():
    found = verdict("sin(x)", "x: cos(x) + 1e-90", 5, x="1/3")
    assert not found.holds
    assert "they differ by 1e-90" in found.evidence.replace("1.0e-90", "1e-90")


def test_points_that_refute_are_decimals():
    found = verdict("x^2", "x: 2*x + sin(x)/10", 30)
    assert not found.holds
    ((name, text),) = found.point.items()
    with mpmath.workdps(90):
        x = mpmath.mpf(Fraction(text).numerator) / Fraction(text).denominator
        assert (name, is_rounded(found.derivative, 2 * x, 30)) == ("x", True)
        assert is_rounded(found.claimed, 2 * x + mpmath.sin(x) / 10, 30)


@pytest.mark.parametrize(("text", "point", "kind", "words"), [
    ("abs(x - 1/3)", {"x": "1/3"}, NotDifferentiableError, "abs(x - 1/3) has a kink"),
    ("1/(x - pi)", {"x": "pi"}, DomainError, "1/(x - pi) has no value"),
    ("if x > 1/10 { x^2 } else { x^3 }", {"x": "0.1"}, AdcalcError, "x > 1/10 turns"),
    ("floor(log(exp(x)))*x", {"x": 1}, AdcalcError, "floor(log(exp(x)))"),
])  # fmt: skip
def test_where_there_is_no_derivative_an_error_names_the_sub_expression(text, point, kind, words):
    with pytest.raises(kind) as caught:
        verdict(text, "x: x", **point)
    assert words in str(caught.value)


def test_a_claim_without_a_value():
    found = verdict("x^2", "x: 2*x + 0/x", x=0)
    assert (found.holds, found.derivative, found.claimed) == (False, "0", None)


def test_programs_follow_the_exact_point():
    text = "y = x; while y < 0.35 { y = y + 1/10 }; x*y"
    found = verdict(text, "x: 0", x="0.1")
    assert (found.derivative, found.claimed, found.point) == ("0.5", "0", {"x": "0.1"})


def test_enclosures():
    bounds = verdict("exp(x)", "x: exp(x) + 0*x", 4, True, x=1).bounds
    assert bounds == (("2.718", "2.719"), ("2.718", "2.719"))
    wrong = verdict("exp(x)", "x: exp(x)/2", 4, True, x=1)
    assert wrong.bounds[1] == ("1.359", "1.360") or wrong.bounds[1] == ("1.359", "1.36")
    assert verdict("x^2", "x: 2*x + 0/x", 4, True, x=0).bounds == (("0", "0"), None)
    assert verdict("exp(x)", "x: exp(x)", 4, True).bounds is None  # there is no point


# ---------------------------------------------------------------- arrays


POINT = {"A": "[[1, 1/3], [2, 0.1]]", "x": "[1/3, pi]"}


def of_arrays(claim, digits=20, **more):
    return function("A@x").check([claim], {**POINT, **more}, None, digits, True)


def test_claims_about_arrays_are_compared_in_so_many_digits():
    found = of_arrays("x: A.T@g", 100)
    assert found.holds
    assert "they agree to 100 digits in all 2 elements" in found.verdicts[0].evidence
    with mpmath.workdps(220):
        assert is_rounded(found.at["x"][1], +mp.pi, 100)
    assert found.at["A"][1] == ["2", "0.1"]


def test_a_refuted_claim_about_an_array_says_where():
    (found,) = of_arrays("x: A@g", g="1/3").verdicts
    assert (found.holds, found.element) == (False, "x[0]")
    assert found.derivative == "1"
    assert found.claimed == "0.44444444444444444444"  # (1 + 1/3)/3
    assert found.bounds == (("1", "1"), ("0.44444444444444444444", "0.44444444444444444445"))
    assert found.point["g"] == ["0.33333333333333333333"] * 2


def test_random_points_of_arrays_are_decimals():
    (found,) = function("sum(x^2)").check(["x: x"], None, {"x": (2,)}, 10).verdicts
    assert not found.holds
    first = Fraction(found.point["x"][0])
    assert Fraction(found.derivative) == 2 * first
    assert Fraction(found.claimed) == first
