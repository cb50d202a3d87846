"""Balls: enclosures, exactness where numbers are exact, and truths that are not known. (Every row: test_rows.py.)"""

from fractions import Fraction

import pytest
from flint import arb, ctx, fmpq

from adcalc.arithmetics.ball import UNDECIDED, Ball, Undecided
from adcalc.errors import LimitError

BALL = Ball()


@pytest.fixture(autouse=True)
def _precision():
    before = ctx.prec
    ctx.prec = 200
    yield
    ctx.prec = before


def apply(op, *args):
    return BALL.operation(op)(*[value if isinstance(value, arb) else arb(value) for value in args])


def around(value, radius=1e-20):
    return arb(value, radius)


def third():
    return BALL.constant(Fraction(1, 3))


def test_constants_hold_their_exact_value_at_every_precision():
    for bits in (20, 60, 1000):
        ctx.prec = bits
        tenth = BALL.constant(Fraction(1, 10))
        assert fmpq(1, 10) in tenth
        assert not tenth.is_exact()
        assert tenth.rel_accuracy_bits() >= bits - 3


@pytest.mark.parametrize("value", [Fraction(3, 8), Fraction(-5), Fraction(0), Fraction(2**3000 + 1, 2**400)])
def test_what_is_finite_in_binary_is_exact(value):
    ctx.prec = 20
    ball = BALL.constant(value)
    assert ball.is_exact()
    assert ball.fmpq() == fmpq(value.numerator, value.denominator)


@pytest.mark.parametrize(
    ("op", "args", "value"),
    [
        ("pow", (0.0, 0.0), 1),
        ("pow", (-2.0, 3.0), -8),
        ("pow", (-2.0, -1.0), -0.5),
        ("pow", (4.0, 0.5), 2),
        ("mod", (-7.0, 3.0), 2),
        ("mod", (7.5, -2.0), -0.5),
        ("round", (2.5,), 2),
        ("round", (3.5,), 4),
        ("round", (-0.5,), 0),
        ("round", (2.4,), 2),
        ("floor", (-0.5,), -1),
        ("step", (0.0,), 1),
        ("step", (-1e-300,), 0),
        ("sign", (0.0,), 0),
        ("xlogy", (0.0, 0.0), 0),
        ("hypot", (0.0, -3.0), 3),
        ("log2", (8.0,), 3),
        ("log10", (1e22,), 22),
        ("acosh", (1.0,), 0),
        ("sinpi", (1e300,), 0),
        ("cospi", (0.5,), 0),
        ("sinc", (0.0,), 1),
        ("logistic", (0.0,), 0.5),
        ("min", (1.0, 2.0), 1),
        ("atan2", (0.0, 1.0), 0),
    ],
)
def test_exact_values_come_out_exactly(op, args, value):
    assert apply(op, *args) == value


@pytest.mark.parametrize(
    ("op", "args"),
    [
        ("log", (-1.0,)),
        ("log", (0.0,)),
        ("div", (1.0, around(0))),
        ("sqrt", (around(0),)),
        ("pow", (-8.0, Fraction(1, 3))),
        ("pow", (0.0, -1.0)),
        ("pow", (around(0), 0.5)),
        ("xlogy", (0.0, -1.0)),
        ("gamma", (-3.0,)),
        ("tan", (around(1.5707963267948966, 1e-9),)),
        ("asin", (around(1),)),
        ("atanh", (1.0,)),
        ("lambertw", (-0.36787944117144233,)),
    ],
)
def test_without_a_finite_ball_there_is_no_answer(op, args):
    given = [BALL.constant(value) if isinstance(value, Fraction) else value for value in args]
    with pytest.raises(Undecided):
        apply(op, *given)


@pytest.mark.parametrize("op", ["div", "mod"])
def test_zero_divides_nothing(op):
    with pytest.raises(ZeroDivisionError):
        apply(op, 1.0, 0.0)


@pytest.mark.parametrize(
    ("op", "args", "held"),
    [
        ("floor", (around(2),), (1, 2)),
        ("ceil", (around(2),), (2, 3)),
        ("round", (around(2.5),), (2, 3)),
        ("sign", (around(0),), (-1, 0, 1)),
        ("step", (around(0),), (0, 1)),
        ("abs", (around(0),), (0, 1e-20)),
        ("mod", (around(4), 2.0), (0, 1.999)),
        ("max", (around(1), 1.0), (1,)),
        ("pow", (around(0, 0.5), 2.0), (0, 0.25)),
        ("pow", (around(0, 0.5), 3.0), (-0.125, 0, 0.125)),
        ("cbrt", (around(0, 1),), (-1, 0, 1)),
        ("atan2", (around(0), -1.0), (-3.14, 3.14)),
    ],
)
def test_a_ball_on_a_jump_or_a_kink_holds_both_sides(op, args, held):
    ball = apply(op, *args)
    assert all(value in ball for value in held)


@pytest.mark.parametrize(
    ("op", "left", "right", "truth"),
    [
        ("lt", 1.0, 2.0, True),
        ("lt", 2.0, 2.0, False),
        ("le", 2.0, 2.0, True),
        ("eq", 0.5, 0.5, True),
        ("ne", 0.5, 0.5, False),
        ("eq", around(1), 2.0, False),
        ("ne", around(1), 2.0, True),
        ("gt", around(1), 0.5, True),
        ("ge", around(1), 1.5, False),
    ],
)
def test_what_balls_decide(op, left, right, truth):
    assert apply(op, left, right) is truth


@pytest.mark.parametrize("op", ["lt", "le", "gt", "ge", "eq", "ne"])
def test_overlapping_balls_decide_nothing(op):
    assert apply(op, around(1), 1.0) is UNDECIDED
    assert BALL.operation(op)(third(), third()) is UNDECIDED
    assert apply(op, arb.nan(), 1.0) is UNDECIDED


def test_an_unknown_truth_cannot_be_taken_for_one():
    with pytest.raises(Undecided):
        bool(UNDECIDED)
    with pytest.raises(Undecided):
        _ = UNDECIDED == True  # noqa: E712
    with pytest.raises(Undecided):
        _ = 1 if UNDECIDED else 2
    with pytest.raises(TypeError):
        hash(UNDECIDED)


def test_an_unknown_truth_matters_only_where_it_matters():
    known = {"and": (False, True), "or": (True, False)}
    for op, (settling, neutral) in known.items():
        connect = BALL.operation(op)
        for first, second in ((UNDECIDED, settling), (settling, UNDECIDED)):
            assert connect(first, second) is settling
        for first, second in ((UNDECIDED, neutral), (neutral, UNDECIDED), (UNDECIDED, UNDECIDED)):
            assert connect(first, second) is UNDECIDED
        for first in (True, False):
            for second in (True, False):
                assert connect(first, second) is ((first and second) if op == "and" else (first or second))
    assert BALL.operation("not")(UNDECIDED) is UNDECIDED
    assert BALL.operation("not")(False) is True


def test_what_would_take_minutes_is_refused():
    with pytest.raises(LimitError, match="orders up to 1000"):
        apply("polygamma", 2000.0, 1.0)


def test_what_is_unknown_is_left_to_its_definition():
    assert BALL.operation("relu") is None
    assert BALL.operation("acoth") is None
