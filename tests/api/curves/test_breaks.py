"""Between two samples: what breaks is narrowed down to two neighbours, what bends is not called a break."""

import math
from itertools import pairwise

import pytest

from adcalc.api import function
from adcalc.api.curves.breaks import Scale, narrowed, refined, sharp
from adcalc.api.curves.sampling import Sampler


def between(text, low, high):
    sampler = Sampler(function(text), "x", {}, "x")
    sampler.room = 200
    return narrowed(sampler, sampler.sample(low), sampler.sample(high), Scale(1.0, 1.0, 0.004, 1e-9))


@pytest.mark.parametrize(
    ("text", "what", "at", "sides"),
    [
        ("max(sin(x), cos(x))", "kink", math.pi / 4, (-math.sqrt(0.5), math.sqrt(0.5))),
        ("step(sin(1)*x - 0.7) + x", "jump", 0.7 / math.sin(1), None),
        ("tan(2*x)", "pole", math.pi / 4, None),
        ("1/(sin(1)*x - 0.7)^2", "pole", 0.7 / math.sin(1), None),
        ("-1/(sin(1)*x - 0.7)", "pole", 0.7 / math.sin(1), None),
    ],
)
def test_breaks(text, what, at, sides):
    spot, samples = between(text, 0.5, 1.1)
    if spot is None:  # the very number was met
        assert what == "pole" or any(sample.slope is None for sample in samples)
        return
    assert spot.what == what
    assert spot.high == math.nextafter(spot.low, math.inf)
    assert spot.low == pytest.approx(at, abs=1e-15)
    if sides is not None:
        assert spot.sides == pytest.approx(sides)


@pytest.mark.parametrize(("text", "at"), [("abs(x - 0.7)", 0.7), ("1/(x - 0.7)", 0.7), ("floor(x)", 1.0)])
def test_the_very_number_is_met(text, at):
    spot, samples = between(text, 0.5, 1.1)
    assert spot is None
    assert [sample.at for sample in samples if sample.slope is None] == [at]


@pytest.mark.parametrize("text", ["tanh(1e6*(x - 0.7))", "exp(-1e4*(x - 0.7)^2)", "x^3", "sin(50*x)", "0*x"])
def test_what_bends_does_not_break(text):
    spot, samples = between(text, 0.5, 1.1)
    assert spot is None
    assert all(sample.slope is not None for sample in samples)


def test_zeros_of_a_wave_are_no_poles():
    """All samples of sin(2x)x are rounding errors of 0 here; what lies between them is far larger."""
    sampler = Sampler(function("sin(2*x)*x"), "x", {}, "x")
    sampler.room = 1000
    curve = [sampler.sample(k * math.pi / 2) for k in range(-2, 3)]
    scale = Scale.of(curve)
    for number in sharp(curve, scale):
        assert narrowed(sampler, curve[number], curve[number + 1], scale)[0] is None


def test_refining_ends_where_lines_show_the_curve():
    sampler = Sampler(function("atan(20*x)"), "x", {}, "x")
    grid = [k / 10 for k in range(-10, 11)]
    scale = Scale.of([sampler.sample(at) for at in grid])
    sampler.room = 500
    found = [sampler.sample(at) for at in refined(sampler, grid, scale)]
    for one, other in pairwise(found):
        straight = (one.value + other.value) / 2
        assert straight == pytest.approx(math.atan(20 * (one.at + other.at) / 2), abs=0.02)
    assert len(found) < 200


def test_refining_stops_without_room():
    sampler = Sampler(function("atan(20*x)"), "x", {}, "x")
    grid = [k / 10 for k in range(-10, 11)]
    scale = Scale.of([sampler.sample(at) for at in grid])
    sampler.room = 1
    assert refined(sampler, grid, scale) == grid
