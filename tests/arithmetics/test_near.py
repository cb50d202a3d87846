"""Numbers beside a point: comparisons that always have an answer, at the price of a proof."""

import pytest
from flint import arb, ctx

from adcalc.arithmetics.near import Near, TooFewBits


def test_what_bits_tell_apart_is_compared():
    near = Near(False)
    assert near.operation("lt")(arb(2).sqrt(), arb(3).sqrt())
    assert not near.operation("eq")(arb(2).sqrt(), arb(3).sqrt())
    assert near.operation("le")(arb(2), arb(2))


def test_more_bits_are_asked_for_before_two_numbers_are_taken_to_be_equal():
    with pytest.raises(TooFewBits):
        Near(False).operation("eq")(arb(2).sqrt() ** 2, arb(2))
    for op, truth in (("eq", True), ("ne", False), ("lt", False), ("le", True), ("gt", False), ("ge", True)):
        assert Near(True).operation(op)(arb(2).sqrt() ** 2, arb(2)) is truth


@pytest.mark.parametrize(
    ("op", "argument", "value"),
    [
        ("floor", 2.5, 2),
        ("floor", -2.5, -3),
        ("floor", 3, 3),
        ("ceil", 2.5, 3),
        ("ceil", -2, -2),
        ("round", 2.5, 2),
        ("round", 3.5, 4),
        ("round", -0.5, 0),
        ("round", -1.5, -2),
        ("round", 2.75, 3),
        ("sign", -3, -1),
        ("sign", 0, 0),
        ("step", 0, 1),
        ("step", -1, 0),
    ],
)
def test_steps(op, argument, value):
    assert Near(True).operation(op)(arb(argument)) == value


def test_a_step_that_is_met_up_to_the_last_bit():
    before = ctx.prec
    ctx.prec = 200
    try:
        met = arb(3).sqrt() ** 2
        assert [Near(True).operation(op)(met) for op in ("floor", "ceil", "round")] == [3, 3, 3]
        assert Near(True).operation("sign")(met - 3) == 0
        assert abs(Near(True).operation("mod")(met, arb(3))) < 1e-50
    finally:
        ctx.prec = before


def test_a_remainder_by_nothing_has_no_value():
    with pytest.raises(ZeroDivisionError):
        Near(True).operation("mod")(arb(1), arb(0))
