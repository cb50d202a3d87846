"""Plots: samples are what `gradient` says, and every break is found where it is, and nowhere else."""

import math
from itertools import pairwise

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adcalc.api import function
from adcalc.api.curves.plots import plot
from adcalc.errors import AdcalcError, DomainError, LimitError, UnknownVariableError, UsageError


def made(text, low, high, **options):
    return plot(function(text), "x", low, high, **options)


def spots(text, low, high, **options):
    return [(spot.what, spot.low, spot.high) for spot in made(text, low, high, **options).spots]


# ------------------------------------------------------------------ samples


@pytest.mark.parametrize(
    ("text", "f", "df"),
    [
        ("sin(x)*x", lambda x: mpmath.sin(x) * x, lambda x: mpmath.sin(x) + x * mpmath.cos(x)),
        ("exp(-x^2)", lambda x: mpmath.exp(-x * x), lambda x: -2 * x * mpmath.exp(-x * x)),
        ("y = x; repeat 3 { y = sin(y) + x } y", None, None),
        ("y = 10; while abs(y^2 - x - 6) > 1e-12 { y = (y + (x + 6)/y)/2 } y", lambda x: mpmath.sqrt(x + 6), None),
        ("diff(sin(x)*x, x)", lambda x: mpmath.sin(x) + x * mpmath.cos(x), None),
        ("root(y^3 + y - x, y, 0)", lambda x: mpmath.findroot(lambda y: y**3 + y - x, x / 2), None),
    ],
)
def test_samples_are_right(text, f, df):
    if f is None:

        def f(x):
            y = x
            for _ in range(3):
                y = mpmath.sin(y) + x
            return y

    found = made(text, -5, 5, samples=21)
    assert [sample.at for sample in found.samples] == [k / 2 for k in range(-10, 11)]
    with mpmath.workdps(30):
        for sample in found.samples:
            x = mpmath.mpf(sample.at)
            slope = df(x) if df else mpmath.diff(f, x)
            assert sample.value == pytest.approx(float(f(x)), rel=1e-11, abs=1e-13)
            assert sample.slope == pytest.approx(float(slope), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("mode", ["forward", "reverse", "symbolic", "finite"])
def test_every_mode_samples_alike(mode):
    found = made("exp(sin(x))", -2, 2, samples=9, mode=mode)
    for sample in found.samples:
        assert sample.slope == pytest.approx(math.cos(sample.at) * math.exp(math.sin(sample.at)), rel=1e-8, abs=1e-9)


@given(st.floats(-5, 5), st.floats(0.001, 5), st.integers(2, 40))
def test_samples_are_what_gradient_says_at_their_numbers(low, width, count):
    f = function("abs(x)*sqrt(x + 2) + floor(x)")
    try:
        found = plot(f, "x", low, low + width, samples=count)
    except DomainError:
        assert low + width < -2
        return
    for sample in found.samples:
        if sample.slope is None:
            with pytest.raises(AdcalcError) as refused:
                f.gradient(x=sample.at)
            assert sample.problem == refused.value.message
        else:
            expected = f.gradient(x=sample.at)
            assert (sample.value, sample.slope) == (expected.value, expected.gradient["x"])


@given(st.floats(-1e300, 1e300), st.floats(1e-300, 1e300), st.integers(2, 60))
def test_so_many_samples_evenly_from_end_to_end(low, width, count):
    high = low + width
    if high == low or math.isinf(high):
        return
    ats = [sample.at for sample in made("x/2", low, high, samples=count).samples]
    assert (ats[0], ats[-1]) == (low, high)
    assert len(ats) <= count
    assert ats == sorted(set(ats))
    step = high / (count - 1) - low / (count - 1)
    if len(ats) == count:
        for number, at in enumerate(ats):
            assert at == pytest.approx(low + step * number, rel=1e-9, abs=abs(low) * 1e-12)


def test_the_derivative_may_be_by_another_variable():
    found = plot(function("a*x^2"), "x", -1, 1, {"a": 3}, wrt="a", samples=3)
    assert [(sample.value, sample.slope) for sample in found.samples] == [(3, 1), (0, 0), (3, 1)]
    assert (found.at, found.wrt) == ({"a": 3.0}, "a")


def test_where_the_curve_bends_there_are_more_samples():
    found = made("tanh(50*x)", -1, 1)
    assert len(found.samples) > 201
    extra = sorted({sample.at for sample in found.samples} - {k / 100 for k in range(-100, 101)})
    assert all(abs(at) < 0.2 for at in extra)
    with mpmath.workdps(20):  # straight lines between them show the curve
        pairs = list(pairwise(found.samples))
        for one, other in pairs:
            middle = float(mpmath.tanh(50 * (one.at + other.at) / 2))
            assert abs((one.value + other.value) / 2 - middle) < 0.02


# ------------------------------------------------------------------ what is missing


@pytest.mark.parametrize(
    ("text", "low", "high", "expected"),
    [
        ("abs(x)", -5, 5, [("no derivative", 0, 0)]),
        ("abs(x - 0.123)", -5, 5, [("no derivative", 0.123, 0.123)]),
        ("1/x", -5, 5, [("no value", 0, 0)]),
        ("1/(x - 0.123)", -5, 5, [("no value", 0.123, 0.123)]),
        ("1/(x - 0.123)^2", -5, 5, [("no value", 0.123, 0.123)]),
        ("sqrt(x)", -5, 5, [("no value", -5, -5e-324), ("no derivative", 0, 0)]),
        ("log(x - 0.3)", -5, 5, [("no value", -5, 0.3)]),
        ("asin(x)", 0, 2, [("no derivative", 1, 1), ("no value", 1.0000000000000002, 2)]),
        ("floor(x)", 0.5, 2.5, [("no derivative", 1, 1), ("no derivative", 2, 2)]),
        ("if x > 1 { x^2 } else { 3*x }", -5, 5, [("no derivative", 1, 1)]),
        ("if x > 0.71875 { x^2 } else { 3*x }", -5, 5, [("no derivative", 0.71875, 0.71875)]),
        ("x*abs(x) + max(x, x)", -5, 5, []),
        ("tanh(1e6*x)", -5, 5, []),
        ("exp(-1000*x^2)", -5, 5, []),
        ("sin(x)^2 + cos(x)^2", -5, 5, []),
        ("(x + 0.123) - x", 2, 9, []),
        ("sin(100*x)", -5, 5, []),
        ("0*x + 2", -5, 5, []),
        ("exp(x)", -700, 700, []),
    ],
)
def test_places(text, low, high, expected):
    assert spots(text, low, high) == expected


@pytest.mark.parametrize(
    ("text", "what", "at"),
    [
        ("max(sin(x), cos(x))", "kink", [math.pi / 4]),
        ("tan(x)", "pole", [-math.pi / 2, math.pi / 2]),
        ("floor(x/pi)", "jump", [0, math.pi]),
        ("cos(x) + abs(sin(x))", "kink", [0, math.pi]),
    ],
)
def test_what_lies_between_two_floats_is_found_there(text, what, at):
    found = [spot for spot in made(text, -2, 3.5).spots if spot.what in (what, "no derivative")]
    places = sorted(found, key=lambda spot: spot.low)
    assert len(places) == len(at)
    for spot, place in zip(places, at, strict=True):
        assert spot.high == pytest.approx(place, abs=1e-15)
        if spot.what == what:
            assert math.nextafter(spot.low, math.inf) == spot.high


def test_sides_are_told():
    (spot,) = made("max(sin(x), cos(x))", 0, 2).spots
    assert spot.sides == pytest.approx((-math.sqrt(0.5), math.sqrt(0.5)))
    (spot,) = made("abs(x)", -1, 1).spots
    assert spot.sides == (-1, 1)
    (spot,) = made("2*step(x*pi - pi/7)", -1, 1).spots
    assert spot.sides in ((0, 2), None)
    assert spot.low == pytest.approx(1 / 7)


@settings(deadline=None, derandomize=True)
@given(
    st.floats(-3, 3),
    st.sampled_from(["sin(x)", "x^2/4", "exp(x/4)", "1"]),
    st.sampled_from(["abs(x - ({}))", "step(sin(1)*x - sin(1)*({}))", "1/(sin(1)*x - sin(1)*({}))"]),
    st.sampled_from([-2.0, -0.5, 0.5, 2.0]),
)
def test_a_break_anywhere_is_found(at, ground, broken, size):
    found = made(f"{ground} + {size}*{broken.format(at)}", -4, 4.1).spots
    near = [spot for spot in found if min(abs(spot.low - at), abs(spot.high - at)) <= 1e-12]
    assert near
    assert [spot for spot in found if spot not in near and spot.kind != "overflow"] == []


@given(
    st.recursive(
        st.sampled_from(["x", "2*x", "x - 1", "x/3"]),
        lambda inner: st.one_of(
            st.tuples(
                st.sampled_from(
                    ["sin({})", "cos({})", "tanh({})", "atan({})", "1/(1+({})^2)", "exp(-({})^2)", "erf({})", "({})^3"]
                ),
                inner,
            ).map(lambda pair: pair[0].format(pair[1])),
            st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda parts: f"({parts[0]}) {parts[1]} ({parts[2]})"),
        ),
        max_leaves=5,
    ),
    st.floats(-4, 3),
    st.floats(0.01, 6),
    st.sampled_from([None, 2, 3, 5, 11, 50]),
)
def test_a_smooth_curve_has_no_breaks(text, low, width, samples):
    found = made(text, low, low + width, samples=samples)
    assert [spot for spot in found.spots if spot.kind != "overflow"] == []
    assert found.cuts == {} or found.spots


def test_lines_end_at_jumps_and_not_at_kinks():
    found = made("abs(x) + 3*step(x*pi - 1)", -1, 1)
    cut = [what for at, what in found.cuts.items() if abs(at - 1 / math.pi) < 1e-12]
    assert "value" in cut
    assert not any(what == "value" and abs(at) < 0.1 for at, what in found.cuts.items())


def test_a_curve_that_turns_too_often_is_no_secret():
    assert [kind for kind, _ in made("sin(1000*x)", -5, 5).warnings] == ["sampling"]
    assert made("sin(100*x)", -5, 5).warnings == ()


def test_warnings_of_the_samples_are_told_once():
    ((kind, message),) = made("1 + exp(-x)", 0, 1000, samples=11).warnings
    assert kind == "underflow"
    assert message.startswith("exp(-x) underflows to 0")
    assert message.endswith("(so at 3 of 11 samples)")


def test_a_slope_without_a_formula_is_missing_everywhere():
    found = plot(function("besselj(n, 2)"), "n", 0, 3, samples=4)
    assert all(sample.slope is None and sample.value is not None for sample in found.samples)
    assert [(spot.what, spot.low, spot.high) for spot in found.spots] == [("no derivative", 0, 3)]


def test_a_convention_at_kinks():
    found = made("abs(x)", -1, 1, samples=3, at_kink="right")
    assert [sample.slope for sample in found.samples] == [-1, 1, 1]


# ------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(5, -5, "backwards"), (2, 2, "empty"), (0, "inf", "finite"), (0, "1e999", "finite"), (0, math.inf, "finite")],
)
def test_what_is_no_range(low, high, words):
    with pytest.raises(UsageError, match=words):
        made("x", low, high)


def test_an_expression_without_any_value():
    with pytest.raises(DomainError) as refused:
        made("log(x)", -5, -1)
    assert refused.value.message.startswith("there is no value for x from -5 to -1: log(x)")
    assert refused.value.place.excerpt == "log(x)"
    assert refused.value.exit_code == 1


def test_unknown_names():
    with pytest.raises(UnknownVariableError):
        plot(function("x"), "y", 0, 1)
    with pytest.raises(UnknownVariableError):
        plot(function("x"), "x", 0, 1, {"z": 2})
    with pytest.raises(UnknownVariableError):
        plot(function("x"), "x", 0, 1, wrt="z")


def test_a_loop_without_end_says_where():
    f = function("while x < 10 { x = 1*x } x")
    f.maximum = 2000
    with pytest.raises(LimitError, match=r"where x = 9$"):
        plot(f, "x", 9, 11)


@pytest.mark.parametrize(
    ("low", "high"), [(0, "1e-300"), (1.0, 1.0000000000000004), (-1e308, 1e308), ("-1.7e308", "1.7e308"), (0, 5e-324)]
)
@pytest.mark.parametrize("text", ["x", "x^2", "sin(x)", "abs(x)", "1/x"])
def test_ranges_of_any_size(text, low, high):
    if (text, high) == ("1/x", 5e-324):
        with pytest.raises(DomainError):
            made(text, low, high)
        return
    found = made(text, low, high)
    assert all(math.isfinite(number) for sample in found.samples for number in sample[:3] if number is not None)
    assert len(found.samples) >= 2
