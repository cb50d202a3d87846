"""Quotients of any order, against derivatives that mpmath finds at 50 digits."""

import math

import mpmath
import pytest

from adcalc.api import function
from adcalc.modes import higher
from adcalc.modes.base import NodeError
from adcalc.modes.differences import Estimate, Shifted

CORPUS = [
    ("exp(sin(x))", lambda x: mpmath.exp(mpmath.sin(x)), 1.0),
    ("1/x", lambda x: 1 / x, 2.0),
    ("x^5", lambda x: x**5, 1.5),
    ("log(x)", mpmath.log, 3.0),
    ("cos(x)", mpmath.cos, 0.5),
]


def tape_of(text, x):
    asked = function(text)
    lowered, at = asked.at({"x": x})
    return asked.tape(lowered, at, (lowered.variables["x"],))


def truth(oracle, x, order):
    with mpmath.workdps(60):
        return float(mpmath.diff(oracle, mpmath.mpf(x), order))


@pytest.mark.parametrize(("text", "oracle", "x"), CORPUS)
@pytest.mark.parametrize("order", [2, 3, 4, 5])
def test_every_method_is_as_good_as_its_balance_of_errors(text, oracle, x, order):
    tape, exact = tape_of(text, x), truth(oracle, x, order)
    scale = max(abs(truth(oracle, x, n)) for n in range(order + 3)) * max(1.0, x)
    for method, accuracy in (("richardson", 4), ("central", 2), ("forward", 1)):
        (estimate,) = higher.run(tape, order, method)
        expected = 2.0 ** (-52 * accuracy / (order + accuracy))
        assert abs(estimate.slope - exact) <= 100 * expected * scale


@pytest.mark.parametrize(("text", "oracle", "x"), CORPUS)
def test_richardson_knows_how_far_off_it_is(text, oracle, x):
    for order in (2, 3, 4):
        (estimate,) = higher.run(tape_of(text, x), order, "richardson")
        assert abs(estimate.slope - truth(oracle, x, order)) <= 10 * estimate.error


def test_digits_are_fewer_with_each_order():
    def lost(order):
        (estimate,) = higher.run(tape_of("exp(sin(x))", 1.0), order, "central")
        exact = truth(CORPUS[0][1], 1.0, order)
        return math.log10(abs(estimate.slope / exact - 1))

    assert lost(2) < lost(4) - 2 < lost(8) - 3


@pytest.mark.parametrize("accuracy", [1, 2, 4, 6])
def test_a_quotient_is_exact_for_polynomials_of_its_accuracy(accuracy):
    """Of degree p exactly, of p + 1 not: the quotient's order is what it says."""
    exact = Shifted(tape_of(f"x^{accuracy}", 1.0), 0)
    assert higher.at_step(exact, accuracy, 0.25) == pytest.approx(accuracy, rel=1e-13)
    beyond = Shifted(tape_of(f"x^{accuracy + 1}", 1.0), 0)
    assert higher.at_step(beyond, accuracy, 0.25) != pytest.approx(accuracy + 1, rel=1e-6)


def test_a_step_out_of_the_domain_has_no_quotient():
    shifted = Shifted(tape_of("log(x)", 0.5), 0)
    assert higher.at_step(shifted, 1, 1.0) is not None
    assert higher.at_step(shifted, 2, 1.0) is None
    assert higher.at_step(shifted, 2, 0.25) is not None


def test_evaluations_are_foreseen_and_counted():
    for method in higher.METHODS:
        for order in (2, 5):
            (estimate,) = higher.run(tape_of("exp(x)", 0.0), order, method)
            assert estimate.evaluations == higher.evaluations(1, order, method)


def test_a_narrow_domain_is_met_by_smaller_steps():
    (estimate,) = higher.run(tape_of("log(x)", 1e-4), 2, "central")
    assert estimate.slope == pytest.approx(-1e8, rel=1e-2)


def test_no_room_is_an_error():
    with pytest.raises(NodeError) as refused:
        higher.run(tape_of("sqrt(x) + sqrt(-x)", 0.0), 2, "central")
    assert refused.value.kind == "no_room"


def test_an_input_that_does_not_matter_has_slope_zero():
    asked = function("a = y; x^2")
    lowered, at = asked.at({"x": 1, "y": 2})
    tape = asked.tape(lowered, at, (lowered.variables["y"],))
    assert higher.run(tape, 3) == [Estimate(0.0, 0.0)]
