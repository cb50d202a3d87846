"""Going between two floats: halfway in their order, to the very neighbours."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adcalc.api import function
from adcalc.api.curves.sampling import Sampler, after, between, distance
from adcalc.errors import UnboundVariableError

FLOATS = st.floats(allow_nan=False, allow_infinity=False)


def sampler(text, **point):
    made = Sampler(function(text), "x", point, "x")
    made.room = 1000
    return made


@given(FLOATS, FLOATS)
def test_halfway_is_strictly_between(one, other):
    middle = between(one, other)
    low, high = min(one, other), max(one, other)
    if middle is None:
        assert math.nextafter(low, high) == high or low == high
    else:
        assert low < middle < high
        assert math.copysign(1, middle) == 1 or middle < 0


@given(FLOATS, FLOATS)
def test_halving_ends_soon(one, other):
    steps = 0
    while (middle := between(one, other)) is not None:
        one, steps = middle, steps + 1
    assert steps <= 66


@given(FLOATS)
def test_neighbours_are_one_apart(number):
    above = after(number, math.inf)
    if math.isfinite(above):
        assert distance(number + 0.0, above) == 1
    assert after(-5e-324, 1.0) == 0
    assert math.copysign(1, after(-5e-324, 1.0)) == 1


@pytest.mark.parametrize(
    ("text", "inside", "outside", "last", "first"),
    [
        ("sqrt(x - 1)", 0.0, 3.0, 0.9999999999999999, 1.0),
        ("log(x)", -4.0, 2.0, 0.0, 5e-324),
        ("1/x", 0.0, 2.0, 0.0, 5e-324),
        ("sqrt(4 - x^2)", 3.0, 1.0, math.nextafter(2, 3), 2.0),
    ],
)
def test_the_edge_of_what_has_no_value(text, inside, outside, last, first):
    made = sampler(text)
    key = made.key(made.sample(inside))
    assert made.edge(inside, outside, lambda sample: made.key(sample) == key) == (last, first, True)


def test_without_room_the_edge_is_not_exact():
    made = sampler("sqrt(x - 1)")
    made.room = 5
    last, first, exact = made.edge(0.0, 3.0, lambda sample: sample.value is None)
    assert not exact
    assert 0 <= last < 1 <= first <= 3


def test_every_number_is_asked_for_once():
    made = sampler("x^2")
    assert made.sample(0.0) is made.sample(-0.0)
    assert made.room == 999


def test_what_no_number_can_help_is_raised():
    with pytest.raises(UnboundVariableError):
        sampler("x*y").sample(1.0)


def test_a_value_without_a_slope_is_kept():
    made = sampler("abs(x - 1)*a", a=2.0)
    sample = made.sample(1.0)
    assert (sample.value, sample.slope) == (0, None)
    assert "kink" in sample.problem
    assert made.key(sample) == ("slope", "not_differentiable", "abs(x - 1)")
