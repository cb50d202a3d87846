"""Intervals: the operations on all pairs of numbers, comparisons that do not decide, and ends that stay exact."""

import itertools
import operator
from fractions import Fraction
from random import Random

import pytest
from flint import arb, fmpq

from adcalc.arithmetics.ball import UNDECIDED, Undecided
from adcalc.arithmetics.interval import Interval, Intervals, common, greatest, hull, kept, least, point
from adcalc.arithmetics.turns import Turns
from adcalc.errors import InternalError


def interval(low, high):
    return Interval(fmpq(*Fraction(low).as_integer_ratio()), fmpq(*Fraction(high).as_integer_ratio()))


def numbers(one, count=9):
    return [one.low + (one.high - one.low) * fmpq(step, count - 1) for step in range(count)]


def holds(one, number):
    return one.low <= number <= one.high


@pytest.mark.parametrize("operation", [operator.add, operator.sub, operator.mul, operator.truediv])
def test_every_pair_is_enclosed_and_the_ends_are_met(operation):
    random = Random(3)
    for _ in range(200):
        ends = [sorted(Fraction(random.randrange(-9, 9), random.randrange(1, 4)) for _ in range(2)) for _ in range(2)]
        u, w = (interval(*pair) for pair in ends)
        if operation is operator.truediv and w.holds_zero:
            with pytest.raises(Undecided if w.low != w.high else ZeroDivisionError):
                operation(u, w)
            continue
        found = operation(u, w)
        every = [operation(one, other) for one, other in itertools.product(numbers(u), numbers(w))]
        assert all(holds(found, one) for one in every)
        assert found.low in every
        assert found.high in every


def test_one_object_is_one_number():
    x = interval(-1, 2)
    assert [(one.low, one.high) for one in (x - x, x * x)] == [(0, 0), (0, 4)]
    y = interval(1, 2)
    assert ((y / y).low, (y / y).high) == (1, 1)
    same = interval(-1, 2)
    assert ((x * same).low, (x - same).low) == (-2, -3)


RELATIONS = {
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
    "eq": operator.eq,
    "ne": operator.ne,
}


@pytest.mark.parametrize("name", RELATIONS)
def test_a_relation_holds_where_it_does_for_all_pairs(name):
    relation = Intervals().operation(name)
    for a, b, c, d in itertools.product(range(4), repeat=4):
        if a > b or c > d:
            continue
        truths = {RELATIONS[name](one, other) for one in (a, b) for other in (c, d)}
        if b > a or d > c:  # numbers between the ends
            truths |= {RELATIONS[name](one, other) for one in {a, (a + b) / 2, b} for other in {c, (c + d) / 2, d}}
        found = relation(interval(a, b), interval(c, d))
        if found is UNDECIDED:
            assert len(truths) == 2 or name in ("eq", "ne")
        else:
            assert truths == {found}


def test_a_number_is_compared_with_itself():
    x = interval(-1, 2)
    truths = {name: Intervals().operation(name)(x, x) for name in RELATIONS}
    assert truths == {"lt": False, "le": True, "gt": False, "ge": True, "eq": True, "ne": False}


def test_ends_stay_exact():
    x = Interval(fmpq(1, 3), Turns(fmpq(1)))
    assert repr(x + x) == "[2/3, 2*pi]"
    assert repr(-x) == "[-1*pi, -1/3]"
    assert (x * point(fmpq(0))).low == 0
    assert isinstance((x * x).high, arb)


def test_long_fractions_become_balls():
    assert isinstance(kept(fmpq(1, 3**2000)), arb)
    assert kept(fmpq(1, 3)) == fmpq(1, 3)


def test_least_and_greatest_of_balls_that_overlap():
    one, other = arb(1, 0.1), arb(1, 0.2)
    assert least(one, other).lower() <= arb("0.8")
    assert greatest(one, other).upper() >= arb("1.2")
    assert least(fmpq(1), Turns(fmpq(1))) == 1


def test_what_is_in_common_and_what_holds_both():
    one, other = interval(0, 2), interval(1, 3)
    assert (hull(one, other).low, hull(one, other).high) == (0, 3)
    assert (common(one, other).low, common(one, other).high) == (1, 2)
    with pytest.raises(InternalError, match="nothing in common"):
        common(interval(0, 1), interval(2, 3))


def test_what_intervals_do_not_know_is_undecided():
    with pytest.raises(Undecided):
        Intervals().solve(operator.neg, operator.neg, [])
    assert Intervals().operation("gamma") is None
    with pytest.raises(Undecided):
        Intervals().operation("inf")()
    with pytest.raises(Undecided):
        Intervals().operation("log")(interval(0, 1))
