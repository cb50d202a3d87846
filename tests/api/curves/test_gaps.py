"""Gaps: samples that lack something, grouped where there is nothing else between, with the ends where they are."""

import pytest

from adcalc.api import function
from adcalc.api.curves.gaps import gaps
from adcalc.api.curves.sampling import Sampler

INSIDE = 0.9999999999999999


def found(text, numbers, room=2000):
    sampler = Sampler(function(text), "x", {}, "x")
    samples = [sampler.sample(float(number)) for number in numbers]
    sampler.room = room
    return gaps(sampler, samples)[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("floor(x)", [("no derivative", k, k) for k in range(-3, 4)]),
        ("1/(x - 1)/(x + 2)", [("no value", -2, -2), ("no value", 1, 1)]),
        ("log(x)", [("no value", -3, 0)]),
        (
            "sqrt(x^2 - 1)",
            [("no derivative", -1, -1), ("no value", -INSIDE, INSIDE), ("no derivative", 1, 1)],
        ),
        (
            "if(x > 1.5, log(-x), sqrt(x + 2.5))",
            [("no value", -3, -2.5000000000000004), ("no value", 1.5000000000000002, 3)],
        ),
        ("x^2", []),
        ("floor(x/2)", [("no derivative", k, k) for k in (-2, 0, 2)]),
    ],
)
def test_places(text, expected):
    assert [(spot.what, spot.low, spot.high) for spot in found(text, range(-3, 4))] == expected


def test_two_reasons_are_two_places():
    first, second = found("log(x + 1.5) + sqrt(x)", range(-3, 4))[:2]
    assert (first.about, first.low, first.high) == ("log(x + 1.5)", -3, -1.5)
    assert (second.about, second.low, second.high) == ("sqrt(x)", -1.4999999999999998, -5e-324)


def test_without_room_the_ends_are_samples_and_it_is_said():
    (spot,) = found("log(x - 0.3)", range(-3, 4), room=2)
    assert not spot.exact
    assert spot.low == -3
    assert 0 <= spot.high <= 0.3
