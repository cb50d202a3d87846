"""Exact arithmetic on constants: what is folded, and what is left where it stands."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adcalc.graph.fold import MAXIMUM_BITS, connect, fold, holds

F = Fraction
SMALL = st.fractions(min_value=-100, max_value=100, max_denominator=50)


@pytest.mark.parametrize(
    ("op", "args", "value"),
    [
        ("add", (F(1, 3), F(1, 6)), F(1, 2)),
        ("sub", (F(1), F(1, 3)), F(2, 3)),
        ("mul", (F(2, 3), F(3, 2)), F(1)),
        ("div", (F(1), F(3)), F(1, 3)),
        ("neg", (F(1, 2),), F(-1, 2)),
        ("pow", (F(2), F(10)), F(1024)),
        ("pow", (F(2), F(-2)), F(1, 4)),
        ("pow", (F(0), F(0)), F(1)),
        ("pow", (F(0), F(3)), F(0)),
        ("pow", (F(-1), F(10**30)), F(1)),
        ("pow", (F(-1), F(10**30 + 1)), F(-1)),
        ("pow", (F(-1), F(-3)), F(-1)),
        ("pow", (F(1), F(-(10**30))), F(1)),
        ("pow", (F(-2), F(3)), F(-8)),
        ("pow", (F(2, 3), F(2)), F(4, 9)),
    ],
)
def test_what_every_arithmetic_agrees_on_is_folded(op, args, value):
    assert fold(op, *args) == value


@pytest.mark.parametrize(
    ("op", "args"),
    [
        ("div", (F(1), F(0))),
        ("div", (F(0), F(0))),
        ("pow", (F(0), F(-1))),
        ("pow", (F(2), F(1, 2))),
        ("pow", (F(-8), F(1, 3))),
        ("pow", (F(4), F(1, 2))),
        ("pow", (F(9), F(387420489))),
        ("pow", (F(2), F(MAXIMUM_BITS))),
        ("sin", (F(0),)),
        ("exp", (F(0),)),
        ("mod", (F(7), F(3))),
        ("max", (F(1), F(2))),
        ("add", (F(2) ** MAXIMUM_BITS, F(1))),
        ("mul", (F(2) ** MAXIMUM_BITS, F(2) ** MAXIMUM_BITS)),
    ],
)
def test_what_could_fail_round_or_grow_is_left(op, args):
    assert fold(op, *args) is None


@settings(max_examples=100, deadline=None, derandomize=True)
@given(SMALL, SMALL)
def test_folding_is_exact(left, right):
    assert fold("add", left, right) == left + right
    assert fold("sub", left, right) == left - right
    assert fold("mul", left, right) == left * right
    assert fold("div", left, right) == (left / right if right else None)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(SMALL, st.integers(-20, 20))
def test_whole_powers_are_exact(base, exponent):
    expected = None if not base and exponent < 0 else Fraction(base) ** exponent
    assert fold("pow", base, Fraction(exponent)) == expected


@settings(max_examples=60, deadline=None, derandomize=True)
@given(SMALL, SMALL)
def test_relations_are_those_of_numbers(left, right):
    assert [holds(op, left, right) for op in ("lt", "le", "gt", "ge", "eq", "ne")] == [
        left < right,
        left <= right,
        left > right,
        left >= right,
        left == right,
        left != right,
    ]


@pytest.mark.parametrize(
    ("op", "truths", "result"),
    [
        ("and", [True, True], True),
        ("and", [True, False], False),
        ("and", [None, False], False),
        ("and", [False, None], False),
        ("and", [None, True], None),
        ("or", [False, False], False),
        ("or", [None, True], True),
        ("or", [True, None], True),
        ("or", [None, False], None),
        ("not", [True], False),
        ("not", [None], None),
    ],
)
def test_conditions_are_decided_as_soon_as_they_can_be(op, truths, result):
    assert connect(op, truths) is result
