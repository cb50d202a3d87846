"""Axes: round numbers, told apart, at any size."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adcalc.render.axis import Axis


def labels(low, high, count=5):
    return [label for _, label in Axis(low, high).ticks(count).labels]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (-5.0, 5.0, ["-4", "-2", "0", "2", "4"]),
        (0.0, 1.0, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (0.0, 1e-300, ["0", "2e-301", "4e-301", "6e-301", "8e-301", "1e-300"]),
        (-1e308, 1e308, ["-1e308", "-5e307", "0", "5e307", "1e308"]),
        (-math.pi, math.pi, ["-2", "0", "2"]),
        (0.0, 2e6, ["0", "5e5", "1e6", "1.5e6", "2e6"]),
        (99990.0, 100010.0, ["99990", "99995", "100000", "100005", "100010"]),
    ],
)
def test_labels(low, high, expected):
    assert labels(low, high) == expected


def test_close_numbers_are_written_as_differences():
    ticks = Axis(1e6, 1e6 + 1e-3).ticks(3)
    assert ticks.base == "1000000"
    assert [label for _, label in ticks.labels] == ["0", "0.0005", "0.0010"]


@given(st.floats(-1e308, 1e308), st.floats(-1e308, 1e308), st.integers(1, 20))
def test_every_label_says_where_it_stands(one, other, count):
    low, high = min(one, other), max(one, other)
    if low == high:
        return
    ticks = Axis(low, high).ticks(count)
    texts = [label for _, label in ticks.labels]
    assert len(set(texts)) == len(texts) <= 3 * count + 2
    for at, label in ticks.labels:
        said = Fraction(label) + Fraction(ticks.base or 0)
        assert float(abs(said - Fraction(at))) <= abs(at) * 2e-16 + 1e-323
        assert -1e-6 <= Axis(low, high).place(at) <= 1 + 1e-6


@given(st.floats(-1e308, 1e308), st.floats(-1e308, 1e308), st.floats(0, 1))
def test_places_are_between_the_ends(one, other, part):
    low, high = min(one, other), max(one, other)
    if low == high:
        return
    axis = Axis(low, high)
    assert (axis.place(low), axis.place(high)) == (0, 1)
    at = low * (1 - part) + high * part
    assert -1e-9 <= axis.place(min(max(at, low), high)) <= 1 + 1e-9
