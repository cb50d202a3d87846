"""The rules over balls: those of every row are in test_rows.py; here is the one that differs."""

from fractions import Fraction

import pytest
from flint import arb, ctx, fmpq

from adcalc.arithmetics.ball import Ball, Undecided
from adcalc.rules.compiled import Compiled
from adcalc.rules.enclosing import Enclosing
from adcalc.rules.table import standard

RULES = Enclosing(standard(), Ball())


@pytest.fixture(autouse=True)
def _precision():
    before = ctx.prec
    ctx.prec = 200
    yield
    ctx.prec = before


def slopes(u, w):
    return RULES.pull("pow", (0, 1))(arb(1), RULES.value("pow")(u, w), u, w)


def test_the_slopes_of_a_power_whose_exponent_is_not_exact():
    base, exponent = arb(8), Ball().constant(Fraction(1, 3))
    by_base, by_exponent = slopes(base, exponent)
    assert fmpq(1, 12) in by_base
    assert by_exponent.overlaps(2 * arb(8).log())
    with pytest.raises(Undecided):  # the row itself asks what no ball answers
        Compiled(standard(), Ball()).pull("pow", (0,))(arb(1), arb(2), base, exponent)


@pytest.mark.parametrize(
    ("u", "w", "by_base"), [(0, 2, 0), (0, 1, 1), (0, 0, 0), (-2, 3, 12), (-2, -1, -0.25), (5, 0, 0)]
)
def test_exact_slopes_by_the_base(u, w, by_base):
    assert RULES.pull("pow", (0,))(arb(1), RULES.value("pow")(arb(u), arb(w)), arb(u), arb(w)) == by_base


def test_a_positive_power_of_zero_has_no_slope_by_the_exponent():
    assert slopes(arb(0), arb(2))[1] == 0


def test_push_is_the_sum_of_what_pull_hands_down():
    u, w = arb(3), arb(0.5)
    v = RULES.value("pow")(u, w)
    by_base, by_exponent = slopes(u, w)
    pushed = RULES.push("pow", (0, 1))(v, u, w, arb(2), arb(-1))
    assert pushed.overlaps(2 * by_base - by_exponent)
    assert RULES.push("pow", (1,))(v, u, w, arb(-1)).overlaps(-by_exponent)


def test_other_rows_are_as_they_stand():
    assert RULES.pull("mul", (0, 1))(arb(1), arb(6), arb(2), arb(3)) == (3, 2)
    assert RULES.push("sin", (0,))(arb(0), arb(0), arb(2)) == 2
