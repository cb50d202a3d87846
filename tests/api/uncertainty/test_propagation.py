"""Error bars: the examples of the GUM (JCGM 100:2008, annex H), normal distributions by moments, and refusals."""

import itertools
import math
import statistics
from fractions import Fraction

import mpmath
import pytest
from mpmath import mp

from adcalc.api import function
from adcalc.api.uncertainty.propagation import propagate
from adcalc.errors import (
    AdcalcError,
    NotDifferentiableError,
    NumberOverflowError,
    ShapeError,
    UnboundVariableError,
    UnknownVariableError,
    UsageError,
)
from adcalc.syntax.point import Binding, Spread


def asked(text, given=(), coverage=None, **at):
    return propagate(function(text), at, given, coverage)


# ---------------------------------------------------------------- the GUM's examples


GAUGE = "ls + d - ls*(da*th + as*dt)"  # H.1.7, in nanometres
GAUGE_AT = {
    "ls": "50000623±25",
    "d": "215±9.7",
    "da": "0±0.58e-6",
    "th": "-0.1±0.41",
    "as": "11.5e-6±1.2e-6",
    "dt": "0±0.029",
}


def test_h1_calibration_of_an_end_gauge():
    found = asked(GAUGE, **GAUGE_AT)
    assert found.value == 50000838
    assert round(found.uncertainty) == 32
    parts = {name: abs(found.sensitivity[name]) * found.uncertainties[name] for name in found.sensitivity}
    assert {name: round(part, 1) for name, part in parts.items()} == {
        "ls": 25.0,
        "d": 9.7,
        "da": 2.9,
        "th": 0.0,
        "as": 0.0,
        "dt": 16.7,
    }
    assert math.isclose(sum(found.contributions.values()), 1)


def test_h1_terms_of_second_order():
    """H.1.7: two more terms, of 11.7 nm and 1.7 nm, make 34 nm of the 32 nm."""
    second = asked(GAUGE, **GAUGE_AT).second_order
    assert second.matters
    assert second.shift == 0
    assert round(second.uncertainty) == 34
    extra = second.uncertainty**2 - asked(GAUGE, **GAUGE_AT).uncertainty ** 2
    assert math.isclose(extra, (50000623 * 0.58e-6 * 0.41) ** 2 + (50000623 * 1.2e-6 * 0.029) ** 2, rel_tol=1e-9)


VOLTS = (5.007, 4.994, 5.005, 4.990, 4.999)
MILLIAMPERES = (19.663, 19.639, 19.640, 19.685, 19.678)
RADIANS = (1.0456, 1.0438, 1.0468, 1.0428, 1.0433)


@pytest.mark.parametrize(
    ("text", "value", "uncertainty"),
    [("V/I*cos(phi)", 127.732, 0.071), ("V/I*sin(phi)", 219.847, 0.295), ("V/I", 254.260, 0.236)],
)
def test_h2_resistance_and_reactance(text, value, uncertainty):
    """From the five observations of table H.2, with the correlations of their means."""
    series = {"V": VOLTS, "I": [one / 1000 for one in MILLIAMPERES], "phi": RADIANS}
    if "phi" not in text:
        del series["phi"]
    at = {}
    for name, numbers in series.items():
        mean, off = statistics.fmean(numbers), statistics.stdev(numbers) / math.sqrt(len(numbers))
        at[name] = f"{mean!r}±{off!r}"
    given = {
        (one, other): statistics.correlation(series[one], series[other])
        for one, other in itertools.combinations(series, 2)
    }
    found = asked(text, given, **at)
    assert round(found.value, 3) == value
    assert abs(found.uncertainty - uncertainty) <= 0.001  # the table computes with rounded numbers
    assert math.isclose(sum(found.contributions.values()), 1)


def test_h2_with_the_rounded_correlations_of_its_table():
    given = {("V", "I"): "-0.36", ("V", "phi"): "0.86", ("I", "phi"): "-0.65"}
    at = {"V": "4.9990±0.0032", "I": "19.6610e-3±0.0095e-3", "phi": "1.04446±0.00075"}
    assert round(asked("V/I*sin(phi)", given, **at).uncertainty, 2) == 0.30
    assert round(asked("V/I*cos(phi)", given, **at).uncertainty, 2) == 0.07


@pytest.mark.parametrize(("at", "value", "uncertainty"), [("30", -0.1494, 0.0041), ("20", -0.1712, 0.0029)])
def test_h3_calibration_of_a_thermometer(at, value, uncertainty):
    found = asked("y1 + y2*(t - 20)", {("y1", "y2"): "-0.930"}, y1="-0.1712±0.0029", y2="0.00218±0.00067", t=at)
    assert round(found.value, 4) == value
    assert round(found.uncertainty, 4) == uncertainty
    assert "t" not in found.contributions


def test_h4_measurement_of_activity():
    """The first of its two ways: by the mean counting rates, which are correlated."""
    found = asked(
        "AS*mS/mx*Rx/RS",
        {("Rx", "RS"): "0.646"},
        AS="0.1368±0.0018",
        mS="5.0192±0.0050",
        mx="5.0571±0.0010",
        Rx="652.60±6.42",
        RS="206.09±3.79",
    )
    assert math.isclose(found.value, 0.4300, abs_tol=1e-4)
    assert round(found.uncertainty, 4) == 0.0083


# ---------------------------------------------------------------- normal distributions, by their moments

NODES, WEIGHTS = [], []
with mpmath.mp.workdps(30):
    for root in mpmath.polyroots(
        mpmath.taylor(lambda x: mpmath.hermite(12, x), 0, 12)[::-1], maxsteps=200, extraprec=200
    ):
        x = mpmath.re(root)
        weight = 2**11 * mpmath.factorial(12) * mpmath.sqrt(mpmath.pi) / (144 * mpmath.hermite(11, x) ** 2)
        NODES.append(float(x * mpmath.sqrt(2)))
        WEIGHTS.append(float(weight / mpmath.sqrt(mpmath.pi)))


def moments(f, means, offs, correlation=0.0):
    """Mean and standard deviation of a function of two correlated normal numbers, by Gauss and Hermite."""
    total = [0.0, 0.0]
    numbers = []
    for (one, w1), (other, w2) in itertools.product(zip(NODES, WEIGHTS, strict=True), repeat=2):
        second = correlation * one + math.sqrt(1 - correlation**2) * other
        value = f(means[0] + offs[0] * one, means[1] + offs[1] * second)
        numbers.append((value, w1 * w2))
    total[0] = sum(value * weight for value, weight in numbers)
    return total[0], math.sqrt(sum((value - total[0]) ** 2 * weight for value, weight in numbers))


@pytest.mark.parametrize("correlation", [0.0, 0.5, -0.9])
@pytest.mark.parametrize(
    ("text", "f"),
    [
        ("x*y", lambda x, y: x * y),
        ("x^2 + x*y", lambda x, y: x * x + x * y),
        ("exp(x)*y", lambda x, y: math.exp(x) * y),
        ("sin(x)/y", lambda x, y: math.sin(x) / y),
        ("x^3*y^2", lambda x, y: x**3 * y**2),
    ],
)
def test_the_second_order_is_that_of_a_normal_distribution(text, f, correlation):
    """The corrected numbers are as much nearer to the true ones as the terms that are left out are small."""
    given = {("x", "y"): correlation} if correlation else ()
    for size in (0.02, 0.01):
        found = asked(text, given, x=f"0.7±{size}", y=f"1.5±{2 * size}")
        mean, deviation = moments(f, (0.7, 1.5), (size, 2 * size), correlation)
        second = found.second_order
        assert abs(second.value - mean) < 60 * size**4 + 1e-12
        assert abs(second.uncertainty - deviation) < 60 * size**5 / deviation + 1e-12
        assert abs(second.uncertainty - deviation) <= abs(found.uncertainty - deviation)


@pytest.mark.parametrize("size", ["1e-5", "1e-8"])
def test_the_second_order_does_not_cancel(size):
    """The formulas of these derivatives have no right digit in floats."""
    second = asked("(1 - cos(x))/x^2", x=f"{size}±{size}").second_order
    with mp.workdps(60):
        u = mp.mpf(size)
        slope, curve, third = (mp.diff(lambda x: (1 - mp.cos(x)) / x**2, u, order) for order in (1, 2, 3))
        assert math.isclose(second.shift, curve * u**2 / 2, rel_tol=1e-9)
        variance = slope**2 * u**2 + (curve**2 / 2 + slope * third) * u**4
        assert math.isclose(second.uncertainty, mp.sqrt(variance), rel_tol=1e-9)


def test_a_square_at_its_bottom_has_uncertainty_of_second_order_only():
    """Of x^2 with x normal around 0 the mean is u^2 and the variance 2*u^4."""
    found = asked("x^2", x="0±0.1")
    assert found.uncertainty == 0
    assert found.contributions == {"x": 0.0}
    assert found.second_order.matters
    assert math.isclose(found.second_order.value, 0.01)
    assert math.isclose(found.second_order.uncertainty, math.sqrt(2) * 0.01)


def test_a_cube_has_a_term_of_third_derivatives():
    """9*m^4*u^2 + 36*m^2*u^4 is the variance of x^3, but for u^6."""
    found = asked("x^3", x="1±0.1")
    assert math.isclose(found.second_order.uncertainty**2, 9 * 0.01 + 36 * 0.0001, rel_tol=1e-12)


@pytest.mark.parametrize(
    ("text", "at", "matters"),
    [
        ("2*x + y", {"x": "1±0.5", "y": "2±0.5"}, False),
        ("x*y", {"x": "100±1", "y": "100±1"}, False),
        ("x*y", {"x": "1±1", "y": "1±1"}, True),
        ("exp(x)", {"x": "0±0.05"}, False),
        ("exp(x)", {"x": "0±0.5"}, True),
    ],
)
def test_curvature_matters_where_it_is_a_twentieth_of_the_uncertainty(text, at, matters):
    second = asked(text, **at).second_order
    assert second.matters is matters


# ---------------------------------------------------------------- shares and correlations


def test_shares_are_those_of_the_variance():
    found = asked("x*y", x="2±0.1", y="3±0.2")
    assert (found.value, found.uncertainty) == (6.0, 0.5)
    assert found.contributions == {"x": 0.36, "y": 0.64}
    assert found.sensitivity == {"x": 3.0, "y": 2.0}


def test_a_share_may_be_negative_where_correlations_are():
    found = asked("x + y", {("y", "x"): "-0.9"}, x="1±0.1", y="1±0.3")
    assert found.contributions["x"] < 0 < 1 < found.contributions["y"]
    assert math.isclose(sum(found.contributions.values()), 1)
    assert found.correlations == {"y,x": -0.9}


def test_what_cancels_leaves_no_uncertainty():
    """Exactly: one tenth is no float, and its multiples must cancel all the same."""
    found = asked("x - y", {("x", "y"): 1}, x="0.3±0.1", y="0.7±0.1")
    assert (found.uncertainty, found.contributions) == (0.0, {"x": 0.0, "y": 0.0})
    assert asked("3*x - y", {("x", "y"): 1}, x="0.3±0.1", y="0.7±0.3").uncertainty < 1e-16


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({("x", "x"): 1}, "with itself"),
        ({("x", "y"): 2}, "from -1 to 1, not 2"),
        ({("x", "y"): "-1.01"}, "from -1 to 1"),
        ({("x", "z"): 0.5}, "z has no uncertainty"),
        ({("x", "q"): 0.5}, "q has no uncertainty"),
        ({("x", "y"): 0.5, ("y", "x"): 0.5}, "given twice"),
        ({("x", "y"): 1, ("y", "w"): 1, ("x", "w"): 0}, "no quantities have these correlations"),
        ({("x", "y"): "0.9", ("y", "w"): "0.9", ("x", "w"): "0.6"}, "no quantities have these correlations"),
    ],
)
def test_impossible_correlations_are_refused(given, words):
    with pytest.raises(UsageError) as refused:
        asked("x*y*z*w", given, x="1±0.1", y="1±0.1", z="1", w="1±0.1")
    assert words in refused.value.message


def test_correlations_at_the_border_of_what_is_possible_are_taken():
    """0.6 and 0.8 are the cosine and the sine of one angle: the matrix is singular, exactly."""
    given = {("x", "y"): "0.6", ("y", "z"): "0", ("x", "z"): "0.8"}
    assert asked("x + y + z", given, x="1±0.1", y="1±0.1", z="1±0.1").uncertainty > 0
    given = {("x", "y"): 0.6, ("x", "z"): 0.8}
    assert asked("x + y + z", given, x="1±0.1", y="1±0.1", z="1±0.1").uncertainty > 0


# ---------------------------------------------------------------- the enclosure


def test_the_enclosure_is_over_all_inputs_within_their_uncertainties():
    found = asked("x^2*y", x="2.0±0.1", y="3.1±0.2")
    assert found.bounds == ("10.469", "14.553")
    low, high = found.enclosure
    assert Fraction(low) <= Fraction(19, 10) ** 2 * Fraction(29, 10) < Fraction(low) + Fraction(1, 10**13)
    assert Fraction(high) >= Fraction(21, 10) ** 2 * Fraction(33, 10) > Fraction(high) - Fraction(1, 10**13)


def test_a_domain_that_the_uncertainties_leave_is_a_warning():
    found = asked("sqrt(x)", x="0.05±0.1")
    assert found.enclosure is None
    assert found.uncertainty > 0
    ((kind, message),) = found.warnings
    assert kind == "enclosure"
    assert "sqrt(x) has no value" in message


@pytest.mark.parametrize("text", ["abs(x)", "max(x, 0)", "if(x > 0, x, -x)", "floor(x)"])
def test_a_kink_or_a_jump_that_the_uncertainties_reach_is_a_warning(text):
    found = asked(text, x="0.05±0.1")
    assert [kind for kind, _ in found.warnings] == ["kink"]
    assert "smooth" in found.warnings[0][1]
    assert asked(text, x="0.5±0.1").warnings == ()


# ---------------------------------------------------------------- degenerate cases, and what is refused


@pytest.mark.parametrize(
    ("text", "at", "value"),
    [("2", {}, 2.0), ("x", {"x": "3"}, 3.0), ("x", {"x": 0.5}, 0.5), ("x*0", {"x": "3±0"}, 0.0)],
)
def test_without_uncertainty_there_is_none(text, at, value):
    found = asked(text, **at)
    assert (found.value, found.uncertainty) == (value, 0.0)
    assert not any(found.contributions.values())
    assert not found.second_order.matters


def test_an_exact_input_may_stand_on_a_kink():
    assert asked("x + abs(y)", x="1±0.1", y="0").uncertainty == 0.1
    assert asked("x + abs(y)", x="1±0.1", y="0±0").uncertainty == 0.1


def test_programs_whose_way_depends_on_the_point():
    found = asked("while x < 4 { x = 2*x }; x^2", x="1.5±0.1")
    assert (found.value, round(found.uncertainty, 9)) == (36.0, 4.8)
    assert found.second_order is not None


def test_a_power_of_two_inputs_has_a_second_order():
    """Its row chooses between formulas that are equal everywhere."""
    at = {"x": "2±0.1", "y": "3±0.2"}
    found, same = asked("x^y", **at).second_order, asked("exp(y*log(x))", **at).second_order
    assert found.shift == pytest.approx(same.shift)
    assert found.uncertainty == pytest.approx(same.uncertainty)


def test_slopes_that_turn_have_no_second_order():
    found = asked("x*abs(x) + x", x="0±0.1")
    assert found.second_order is None
    assert math.isclose(found.uncertainty, 0.1)


def test_large_and_small_numbers():
    assert math.isclose(asked("x*1e200", x="1e100±1e100").uncertainty, 1e300)
    assert math.isclose(asked("x*1e-200", x="1e-100±1e-100").uncertainty, 1e-300)
    with pytest.raises(NumberOverflowError):
        asked("x*1e200 + y", x="1e100±1e200", y="1±1")
    assert asked("exp(x)", x="700±30").enclosure is None


def test_values_may_be_numbers_texts_and_what_the_parser_made():
    two = function("x").numbers({"x": "2"})["x"]
    assert asked("x*y*z", x="2 +/- 0.1", y=two, z=Fraction(1, 2)).value == 2.0
    from adcalc.errors import Source
    from adcalc.rules.table import standard
    from adcalc.syntax.point import parse_point

    parsed = parse_point(Source("x=2±0.1, y=3"), standard())
    assert isinstance(parsed.intervals["x"], Spread)
    assert isinstance(parsed.values["y"], Binding)
    assert asked("x*y", **parsed.values, **parsed.intervals).uncertainty == pytest.approx(0.3)


def test_an_expanded_uncertainty():
    assert asked("x", (), 2, x="1±0.25").expanded == 0.5
    assert asked("x", x="1±0.25").expanded is None


@pytest.mark.parametrize("coverage", [0, -1, math.inf, math.nan])
def test_a_coverage_factor_is_a_positive_number(coverage):
    with pytest.raises(UsageError, match="positive"):
        asked("x", (), coverage, x="1±0.1")


@pytest.mark.parametrize(
    ("text", "at", "kind", "words"),
    [
        ("abs(x)", {"x": "0±0.1"}, NotDifferentiableError, "kink"),
        ("floor(x)", {"x": "2±0.1"}, NotDifferentiableError, "jumps"),
        ("sqrt(x)", {"x": "0±0.1"}, NotDifferentiableError, "no finite slope"),
        ("log(x)", {"x": "0±0.1"}, AdcalcError, "no value"),
        ("x", {"x": "1±-0.1"}, UsageError, "the uncertainty of x is negative"),
        ("x", {"x": "[1 .. 2]"}, UsageError, "x has an interval, and a standard uncertainty is needed"),
        ("x + y", {"x": "1±0.1"}, UnboundVariableError, "'y' has no value"),
        ("x", {"x": "1±0.1", "y": "2±0.1"}, UnknownVariableError, "no variable 'y'"),
        ("[x, x]", {"x": "1±0.1"}, ShapeError, "one number is needed"),
        ("x*sum(X)", {"x": "1±0.1", "X": [1, 2]}, UsageError, "arrays"),
        ("x*1e200", {"x": "1e200±1"}, NumberOverflowError, "beyond"),
        ("x", {"x": "1±1/0"}, AdcalcError, "1/0"),
    ],
)
def test_what_has_no_error_bars_says_why(text, at, kind, words):
    with pytest.raises(kind) as refused:
        asked(text, **at)
    assert words in refused.value.message


def test_the_hint_for_an_interval_is_its_standard_uncertainty():
    """GUM 4.3.7: of a value that lies anywhere in it alike, half of its width over the root of 3."""
    with pytest.raises(UsageError) as refused:
        asked("x", x="[1 .. 2]")
    assert refused.value.hint.endswith("x=1.5±0.29")
