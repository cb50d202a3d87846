"""Plots in the terminal: the curve where it is, two lines told apart, nothing joined across a break, all said below."""

from itertools import pairwise

import pytest

from adcalc.api import function
from adcalc.api.curves.plots import plot as sampled
from adcalc.render.curves import panels
from adcalc.render.plot import plot

BRAILLE = range(0x2801, 0x2900)


def made(text, low=-5, high=5, **options):
    return sampled(function(text), "x", low, high, **options)


def drawn(text, low=-5, high=5, width=80, height=24, ascii_only=False, **options):
    result = made(text, low, high, fine=2 * width, **options)
    blocks = plot(function(text).text, result, width, height, ascii_only)
    return ["".join(word for word, _ in block) for block in blocks]


def body(lines, bar="│"):
    """The cells of a drawing."""
    return [line.partition(bar)[2] for line in lines if bar in line]


@pytest.mark.parametrize("width", [30, 60, 80, 120])
@pytest.mark.parametrize("height", [10, 24, 60])
@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("text", ["sin(x)*x", "sin(30*x)", "1/x", "exp(exp(x))", "0*x + 1e-300", "floor(x)"])
def test_a_drawing_fits(text, width, height, ascii_only):
    lines = drawn(text, width=width, height=height, ascii_only=ascii_only)
    assert all(len(line) <= max(width, 40) for line in lines)
    assert len(lines) <= max(height, 22) + 6


def test_a_line_is_where_it_is():
    cells = body(drawn("x", 0, 1, width=40, height=16, ascii_only=True), "|")
    places = {(row, column) for row, line in enumerate(cells) for column, sign in enumerate(line) if sign == "*"}
    rows, columns = len(cells), max(column for _, column in places) + 1
    assert (rows - 1, 0) in places
    assert (0, columns - 1) in places
    for row, column in places:
        assert abs((1 - row / (rows - 1)) - column / (columns - 1)) < 1 / rows


def test_labels_stand_beside_their_rows():
    lines = drawn("x", -4, 4, width=60, height=28, ascii_only=True)
    cells = [line for line in lines if "|" in line]
    for row, line in enumerate(cells):
        label = line.partition("|")[0].strip()
        if label:
            assert float(label) == pytest.approx(4 - 8 * row / (len(cells) - 1), abs=8 / (len(cells) - 1))
    assert sum(bool(line.partition("|")[0].strip()) for line in cells) >= 4


def test_value_and_slope_are_told_apart_without_colours():
    lines = drawn("sin(x)*x")
    assert lines[-1].split() == ["⣀⣀⣀", "value", "⢀⢀⢀", "∂/∂x"]
    lines = drawn("sin(x)*x", ascii_only=True)
    assert lines[-1].split() == ["*", "value", "+", "∂/∂x"]
    text = "".join(body(lines, "|"))
    assert text.count("*") > 30
    assert text.count("+") > 30
    result = made("sin(x)*x", fine=160)
    styles = {style for block in plot("f", result, 80, 24) for word, style in block if ord(word[0]) in BRAILLE}
    assert styles == {"value", "name"}


def test_curves_of_another_size_have_a_drawing_of_their_own():
    assert [list(panel.curves) for panel in panels(made("sin(x)"))] == [["value", "slope"]]
    assert [list(panel.curves) for panel in panels(made("sin(10*x)"))] == [["value"], ["slope"]]
    assert len(body(drawn("sin(10*x)"))) == 16


@pytest.mark.parametrize("text", ["1/x", "tan(x)", "1/(x - 0.3)", "1/sin(x)"])
def test_poles_are_not_joined(text):
    result = made(text)
    (panel,) = [panel for panel in panels(result) if "value" in panel.curves]
    assert panel.axis.high - panel.axis.low < 60
    for path in panel.curves["value"]:
        for (x, y), (u, v) in pairwise(path):
            assert abs(v - y) < 0.9 or abs(u - x) > 0.01
            assert min(x, y, u, v) >= 0
            assert max(x, y, u, v) <= 1


def test_jumps_are_not_joined():
    (panel,) = panels(made("floor(x)", -2.5, 2.5))
    assert len(panel.curves["value"]) == 6
    assert all(len({y for _, y in path}) == 1 for path in panel.curves["value"])


def test_kinks_are_joined_and_their_slopes_are_not():
    (panel,) = panels(made("abs(x)", -2, 2))
    assert [len(panel.curves[name]) for name in ("value", "slope")] == [1, 2]


def test_a_constant_lies_in_the_middle_of_an_axis():
    (panel,) = panels(made("0*x + 3"))
    assert panel.axis.low < 3 <= panel.axis.high


def test_rounding_is_no_curve():
    panel = panels(made("sin(x)^2 + cos(x)^2"))[0]
    assert panel.axis.high - panel.axis.low >= 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("log(x)", "no value for x ≤ 0: log(x) has none, log(u) needs u > 0"),
        ("sqrt(x)", "no value for x < 0: sqrt(x) has none, sqrt(u) needs u >= 0"),
        ("sqrt(x)", "no derivative at x = 0: sqrt(x) has no finite slope"),
        ("asin(x)", "no value for x < -1 and x > 1: asin(x) has none, asin(u) needs -1 <= u and u <= 1"),
        ("1/x", "no value at x = 0: 1/x has none, a divisor must not be 0"),
        ("abs(x)", "no derivative at x = 0: abs(x) has a kink, slope -1 on the left and 1 on the right"),
        ("floor(x)", "no derivative at x = -5, -4, -3, -2, -1, 0 and 5 more: floor(x) jumps"),
        ("tan(x)", "a pole at x ≈ -4.712389, -1.570796, 1.570796 and 4.712389"),
        ("max(sin(x/4), cos(x/4))", "no derivative at x ≈ 3.141593: a kink"),
        ("exp(exp(2*x))", "no value for x ≥ 3.28247"),
        ("sqrt(x^2 - 4)", "no value for -2 < x < 2: sqrt(x^2 - 4) has none, sqrt(u) needs u >= 0"),
        ("if x > 1 { x^2 } else { 3*x }", "no derivative at x = 1: x > 1 turns here, and the result jumps from 3 to 1"),
    ],
)
def test_what_is_missing_is_said(text, words):
    said = " ".join(" ".join(drawn(text, width=120)).split())
    assert words in said


def test_a_long_expression_leaves_room_for_its_range():
    lines = drawn(" + ".join(f"sin({k}*x)" for k in range(1, 30)), -1 / 3, 2 / 3)
    assert lines[1] == "  for x from -0.3333333333333333 to 0.6666666666666666"
    assert len(lines[0]) <= 80
