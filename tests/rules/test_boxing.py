"""Rules over intervals: functions by balls and their slopes, and the rows that choose."""

import pytest
from flint import fmpq

from adcalc.arithmetics.ball import Undecided
from adcalc.arithmetics.exact import ball
from adcalc.arithmetics.interval import Interval, point
from adcalc.rules.boxing import Boxing
from adcalc.rules.table import standard

ONE = point(fmpq(1))


@pytest.fixture(scope="module")
def rules():
    return Boxing(standard())


def interval(low, high):
    return Interval(fmpq(low), fmpq(high))


def ends(one):
    return float(ball(one.low)), float(ball(one.high))


def test_where_a_function_rises_its_ends_are_its_range(rules):
    assert ends(rules.value("gamma")(Interval(fmpq(4), fmpq(257, 64)))) == pytest.approx((6.0, 6.11926), rel=1e-4)


def test_where_it_turns_balls_hold_all_of_it(rules):
    low, high = ends(rules.value("gamma")(interval(1, 2)))
    assert 0.8 < low <= 0.88560319441
    assert high >= 1


def test_a_pole_inside_is_undecided(rules):
    with pytest.raises(Undecided):
        rules.value("gamma")(interval(-1, 1))
    with pytest.raises(Undecided):
        rules.value("zeta")(interval(0, 2))


@pytest.mark.parametrize(
    ("op", "u", "w", "slopes"),
    [
        ("max", (2, 3), (0, 1), ((1, 1), (0, 0))),
        ("max", (0, 1), (2, 3), ((0, 0), (1, 1))),
        ("max", (0, 2), (1, 3), ((0, 1), (0, 1))),
        ("max", (1, 2), (0, 1), ((0, 1), (0, 1))),
        ("min", (2, 3), (0, 1), ((0, 0), (1, 1))),
        ("min", (0, 1), (2, 3), ((1, 1), (0, 0))),
        ("min", (0, 2), (1, 3), ((0, 1), (0, 1))),
        ("hypot", (-1, 1), (-1, 1), ((-1, 1), (-1, 1))),
        ("hypot", (3, 3), (4, 4), ((0.6, 0.6), (0.8, 0.8))),
    ],
)
def test_slopes_of_rows_that_choose(rules, op, u, w, slopes):
    one, other = interval(*u), interval(*w)
    found = rules.pull(op, (0, 1))(ONE, rules.value(op)(one, other), one, other)
    assert tuple(map(ends, found)) == tuple(map(pytest.approx, slopes))


def test_the_tangent_of_a_choice_lies_between_those_of_its_sides(rules):
    u, w = interval(0, 2), interval(1, 3)
    found = rules.push("max", (0, 1))(rules.value("max")(u, w), u, w, point(fmpq(5)), point(fmpq(7)))
    assert ends(found) == (5, 7)


@pytest.mark.parametrize(
    ("u", "slope"), [((1, 2), (1, 1)), ((-2, -1), (-1, -1)), ((0, 1), (-1, 1)), ((-1, 1), (-1, 1))]
)
def test_the_slope_of_the_absolute_value(rules, u, slope):
    one = interval(*u)
    assert ends(rules.pull("abs", (0,))(ONE, rules.value("abs")(one), one)) == slope


def test_the_slopes_of_a_power(rules):
    u, w = interval(-1, 2), point(fmpq(3))
    assert ends(rules.pull("pow", (0,))(ONE, rules.value("pow")(u, w), u, w)) == (0, 12)
    zero = point(fmpq(0))
    assert ends(rules.pull("pow", (0,))(ONE, ONE, u, zero)) == (0, 0)
    base = interval(1, 2)
    low, high = ends(rules.push("pow", (0, 1))(rules.value("pow")(base, base), base, base, ONE, ONE))
    assert low <= 1
    assert high >= 4 * (1 + 0.6931)
