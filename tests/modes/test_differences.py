"""Finite differences: how good they are, and that they know it."""

import math

import mpmath
import pytest

from adcalc.api import function
from adcalc.arithmetics.complexes import Complex
from adcalc.errors import UsageError
from adcalc.modes import differences
from adcalc.modes.sweep import primal
from adcalc.rules.compiled import Compiled

# text, the same for mpmath, point
CORPUS = [
    ("exp(x)", mpmath.exp, 1.0),
    ("sin(x)", mpmath.sin, 2.0),
    ("cos(x)", mpmath.cos, 0.0),
    ("log(x)", mpmath.log, 0.5),
    ("1/x", lambda x: 1 / x, 0.1),
    ("x^5 - 3*x", lambda x: x**5 - 3 * x, 1.7),
    ("sqrt(x)", mpmath.sqrt, 4.0),
    ("tan(x)", mpmath.tan, 1.2),
    ("atan(x)", mpmath.atan, -3.0),
    ("exp(sin(x))*x", lambda x: mpmath.exp(mpmath.sin(x)) * x, 2.5),
    ("1/(1 + exp(-x))", lambda x: 1 / (1 + mpmath.exp(-x)), 0.3),
    ("x*log(x)", lambda x: x * mpmath.log(x), 3.0),
    ("sin(10*x)", lambda x: mpmath.sin(10 * x), 0.4),
    ("exp(-x^2)", lambda x: mpmath.exp(-(x**2)), 1.5),
    ("x^3", lambda x: x**3, 0.0),
    ("asin(x)", mpmath.asin, 0.9),
    ("erf(x)", mpmath.erf, 0.7),
    ("cosh(x) - sinh(x)", lambda x: mpmath.cosh(x) - mpmath.sinh(x), 1.0),
    # scales
    ("x^2", lambda x: x**2, 1e8),
    ("sin(x/1e8)", lambda x: mpmath.sin(x / 10**8), 1e8),
    ("log(x)", mpmath.log, 1e8),
    ("x^2", lambda x: x**2, 1e-8),
    ("sin(x)", mpmath.sin, 1e-8),
    ("exp(x)", mpmath.exp, 1e-8),
    # near a domain's end
    ("sqrt(x)", mpmath.sqrt, 1e-3),
    ("log(x)", mpmath.log, 1e-3),
    ("asin(x)", mpmath.asin, 0.9999),
    ("1/(x - 1)", lambda x: 1 / (x - 1), 1.001),
    ("sqrt(x)", mpmath.sqrt, 1e-8),
    ("log(x)", mpmath.log, 1e-8),
]
COMPLEX = [case for case in CORPUS if not case[0].startswith("erf")]


def truth(oracle, x):
    with mpmath.workdps(50):
        return float(mpmath.diff(oracle, mpmath.mpf(x), h=mpmath.mpf(10) ** -25 * max(1, abs(x))))


def estimate(text, x, method):
    result = function(text).gradient(x=x, mode="finite", difference=method)
    return result.gradient["x"], result.error_estimate.get("x")


@pytest.mark.parametrize(("text", "oracle", "x"), CORPUS)
def test_richardson_is_within_its_own_error_estimate(text, oracle, x):
    slope, error = estimate(text, x, "richardson")
    assert abs(slope - truth(oracle, x)) <= error + 1e-15 * abs(slope)


@pytest.mark.parametrize(("text", "oracle", "x"), CORPUS)
def test_richardson_is_good_to_nine_digits(text, oracle, x):
    slope, _ = estimate(text, x, "richardson")
    assert slope == pytest.approx(truth(oracle, x), rel=1e-9, abs=1e-11)


def test_richardson_is_better_than_central_and_central_better_than_forward():
    def total(method):
        errors = []
        for text, oracle, x in CORPUS[:18]:
            exact = truth(oracle, x)
            errors.append(math.log10(abs(estimate(text, x, method)[0] - exact) / max(abs(exact), 1e-3) + 1e-17))
        return sum(errors) / len(errors)

    richardson, central, forward = total("richardson"), total("central"), total("forward")
    assert richardson < central - 1 < forward - 2


@pytest.mark.parametrize(("text", "oracle", "x"), COMPLEX)
def test_the_complex_step_is_exact_to_rounding(text, oracle, x):
    slope, error = estimate(text, x, "complex")
    assert error is None
    assert slope == pytest.approx(truth(oracle, x), rel=2e-14, abs=1e-15)


@pytest.mark.parametrize("method", ["richardson", "central", "forward", "complex"])
def test_every_method_gives_every_partial(method):
    result = function("x^2*y + z").gradient(x=1, y=2, z=3, mode="finite", difference=method)
    assert result.gradient == pytest.approx({"x": 4, "y": 1, "z": 1}, rel=1e-6)


def test_only_richardson_estimates_its_error():
    f = function("sin(x)")
    assert set(f.gradient(x=1, mode="finite").error_estimate) == {"x"}
    for method in ("central", "forward", "complex"):
        assert f.gradient(x=1, mode="finite", difference=method).error_estimate == {}


def test_an_input_that_does_not_matter_has_slope_zero_without_error():
    result = function("a = y; x^2").gradient(x=1, y=1, mode="finite")
    assert result.gradient["y"] == 0
    assert result.error_estimate["y"] == 0


def test_a_point_beside_the_domains_end_is_differentiated_from_inside():
    slope, _ = estimate("sqrt(x)", 1e-12, "richardson")
    assert slope == pytest.approx(0.5e6, rel=1e-4)
    slope, _ = estimate("sqrt(x)", 1e-12, "forward")
    assert math.isfinite(slope)


def test_a_closed_end_of_a_domain_is_answered_from_inside_by_the_one_sided_difference():
    assert estimate("x^1.5", 0.0, "forward")[0] == pytest.approx(0, abs=1e-3)


def test_an_unknown_method_is_refused():
    with pytest.raises(UsageError) as refused:
        function("x").gradient(x=1, mode="finite", difference="sideways")
    assert "richardson" in refused.value.hint


def test_the_complex_step_refuses_what_has_no_complex_values():
    with pytest.raises(UsageError, match="complex"):
        function("lgamma(x)").gradient(x=2.5, mode="finite", difference="complex")


@pytest.mark.parametrize(
    "text", ["if(x > 1, x^2, x^3)", "abs(x)*x", "max(x, 1)*x", "floor(x)*x", "x % 2", "hypot(x, 1)"]
)
def test_piecewise_functions_away_from_their_kinks(text):
    exact = function(text).gradient(x=2.5).gradient["x"]
    for method in ("richardson", "central", "forward"):
        assert estimate(text, 2.5, method)[0] == pytest.approx(exact, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(
    ("method", "evaluations"), [("central", 2), ("forward", 1), ("complex", 1), ("richardson", 68)]
)
def test_evaluations_are_counted(method, evaluations):
    f = function("exp(x)*y")
    lowered, at = f.at({"x": 1, "y": 2})
    tape = f.tape(lowered, at, tuple(lowered.variables.values()))
    rules = Compiled(f.table, Complex()) if method == "complex" else None
    estimates = differences.run(tape, method, rules)
    assert [estimate.evaluations for estimate in estimates] == [evaluations] * 2


def test_the_calls_of_a_shifted_function_are_what_is_counted(monkeypatch):
    calls = []
    monkeypatch.setattr(differences, "primal", lambda *args: calls.append(args) or primal(*args))
    f = function("log(x)")
    lowered, at = f.at({"x": 1e-9})  # steps that leave the domain are evaluations, too
    estimates = differences.run(f.tape(lowered, at, (lowered.variables["x"],)), "richardson")
    assert estimates[0].evaluations == len(calls) > 68


@pytest.mark.parametrize(
    ("text", "slope"), [("x^(5/3) + exp(x) - 1", 1.0), ("x^(4/3) + log(1 + x)", 1.0), ("x^(5/3)", 0.0)]
)
def test_steps_that_rounding_swallows_do_not_replace_what_larger_ones_have_found(text, slope):
    """One-sided steps go far below rounding: exp(x) - 1 is 0 there, and x^(5/3) is not."""
    found = function(text).gradient(x=0, mode="finite")
    assert abs(found.gradient["x"] - slope) <= max(1e-5, 10 * found.error_estimate["x"])
