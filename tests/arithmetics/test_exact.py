"""Fractions and multiples of π beside balls: what stays exact, what becomes a ball, against Python's own fractions."""

import math
from fractions import Fraction

import pytest
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from adcalc.arithmetics.ball import UNDECIDED
from adcalc.arithmetics.exact import Exact, ball, kept, rational
from adcalc.arithmetics.turns import Turns, angle, cosine, sine, tangent, turns

EXACT = Exact()
FRACTIONS = st.fractions(min_value=-50, max_value=50, max_denominator=50)


def of(value):
    return EXACT.constant(Fraction(value))


def apply(op, *args):
    return EXACT.operation(op)(*args)


@given(FRACTIONS, FRACTIONS)
def test_rational_operations_are_those_of_fractions(u, w):
    found = {op: rational(apply(op, of(u), of(w))) for op in ("add", "sub", "mul", "min", "max")}
    assert found == {"add": u + w, "sub": u - w, "mul": u * w, "min": min(u, w), "max": max(u, w)}
    single = {op: rational(apply(op, of(u))) for op in ("floor", "ceil", "round", "abs", "sign", "step", "neg")}
    assert single == {
        "floor": math.floor(u),
        "ceil": math.ceil(u),
        "round": round(u),
        "abs": abs(u),
        "sign": (u > 0) - (u < 0),
        "step": int(u >= 0),
        "neg": -u,
    }
    for op, holds in (("lt", u < w), ("le", u <= w), ("eq", u == w), ("ne", u != w), ("gt", u > w), ("ge", u >= w)):
        assert apply(op, of(u), of(w)) is holds
    if w:
        assert rational(apply("div", of(u), of(w))) == u / w
        assert rational(apply("mod", of(u), of(w))) == u % w


@given(FRACTIONS, st.integers(min_value=0, max_value=5))
def test_powers_and_their_roots(u, n):
    assert rational(apply("pow", of(u), of(n))) == u**n
    assert rational(apply("sqrt", of(u * u))) == abs(u)
    assert rational(apply("cbrt", of(u**3))) == u
    assert rational(apply("hypot", of(3 * u), of(4 * u))) == abs(5 * u)
    assert rational(apply("pow", of(abs(u) ** 3), of(Fraction(2, 3)))) == u * u


@pytest.mark.parametrize(
    ("op", "args", "value"),
    [
        ("pow", (0, 0), 1),
        ("pow", (2, -3), Fraction(1, 8)),
        ("pow", (1, 10**30), 1),
        ("exp", (0,), 1),
        ("log", (1,), 0),
        ("log10", (1000,), 3),
        ("log10", (Fraction(1, 100),), -2),
        ("log2", (Fraction(1, 8),), -3),
        ("exp2", (10,), 1024),
        ("gamma", (5,), 24),
        ("sinpi", (Fraction(1, 6),), Fraction(1, 2)),
        ("cospi", (1,), -1),
        ("round", (Fraction(5, 2),), 2),
        ("round", (Fraction(7, 2),), 4),
    ],
)
def test_values_that_are_fractions(op, args, value):
    assert rational(apply(op, *map(of, args))) == value


@pytest.mark.parametrize(
    ("op", "args"), [("sqrt", (2,)), ("log10", (20,)), ("log2", (-1,)), ("pow", (2, Fraction(1, 2)))]
)
def test_values_that_are_none(op, args):
    try:
        found = apply(op, *map(of, args))
    except ArithmeticError:
        return
    assert rational(found) is None


@pytest.mark.parametrize(("op", "args"), [("div", (1, 0)), ("mod", (1, 0)), ("pow", (0, -1))])
def test_a_division_by_zero(op, args):
    with pytest.raises(ZeroDivisionError):
        apply(op, *map(of, args))


def test_a_ball_and_a_fraction_make_a_ball_around_the_right_number():
    assert apply("add", of(Fraction(1, 3)), arb(2).sqrt()).overlaps(arb(1) / 3 + arb(2).sqrt())
    assert apply("lt", of(Fraction(1, 3)), arb(2).sqrt()) is True
    assert apply("eq", of(Fraction(1, 3)), arb(1) / 3) is UNDECIDED


def test_one_number_is_equal_to_itself():
    root = arb(2).sqrt()
    assert apply("eq", root, root) is True
    assert apply("lt", root, root) is False
    assert apply("eq", root, arb(2).sqrt()) is UNDECIDED
    assert rational(apply("sub", root, root)) == 0
    assert not ball(apply("sub", arb.pos_inf(), arb.pos_inf())).is_finite()


def test_a_long_fraction_becomes_a_ball_that_holds_it():
    before = ctx.prec
    ctx.prec = 100
    try:
        long = Fraction(3**2000, 7**1500)
        found = EXACT.constant(long)
        assert isinstance(found, arb)
        assert found.contains(fmpq(3**2000, 7**1500))
        x = of(Fraction(10, 7))
        for _ in range(40):  # squared forty times it would have a million million digits
            x = apply("mul", x, x)
        assert isinstance(x, arb)
    finally:
        ctx.prec = before
    assert isinstance(kept(fmpq(1, 3)), fmpq)


# ---------------------------------------------------------------- multiples of π


def test_sines_cosines_and_tangents_of_a_whole_turn():
    for q in range(-30, 31):
        halves = fmpq(q, 12)
        angle_ = math.pi * q / 12
        assert math.isclose(float(ball(sine(halves))), math.sin(angle_), abs_tol=1e-12)
        assert math.isclose(float(ball(cosine(halves))), math.cos(angle_), abs_tol=1e-12)
        if (q - 6) % 12:
            assert math.isclose(float(ball(tangent(halves))), math.tan(angle_), abs_tol=1e-12)
        else:
            with pytest.raises(ZeroDivisionError):
                tangent(halves)


def test_the_rational_ones_are_exact():
    assert [sine(fmpq(q, 6)) for q in (0, 1, 3, 5, 6, 7, 9, 12, -1)] == [
        fmpq(0), fmpq(1, 2), fmpq(1), fmpq(1, 2), fmpq(0), fmpq(-1, 2), fmpq(-1), fmpq(0), fmpq(-1, 2),
    ]  # fmt: skip
    assert [tangent(fmpq(q, 4)) for q in (0, 1, 3, 5)] == [fmpq(0), fmpq(1), fmpq(-1), fmpq(1)]
    assert angle(fmpq(-1)) == fmpq(-1, 2)
    assert angle(fmpq(2)) is None


@given(FRACTIONS, FRACTIONS)
def test_multiples_of_pi_are_counted_like_their_fractions(u, w):
    left, right = turns(fmpq(u.numerator, u.denominator)), turns(fmpq(w.numerator, w.denominator))
    pi = arb.pi()
    for found, true in (
        (left + right, pi * (ball(left / pi) + ball(right / pi)) if u and w else ball(left) + ball(right)),
        (left - right, ball(left) - ball(right)),
        (left * right, ball(left) * ball(right)),
        (-left, -ball(left)),
        (left * fmpq(2, 3), ball(left) * 2 / 3),
        (fmpq(2, 3) * left, ball(left) * 2 / 3),
        (left + fmpq(1, 3), ball(left) + arb(1) / 3),
        (fmpq(1, 3) - left, arb(1) / 3 - ball(left)),
        (arb(2).sqrt() * left, arb(2).sqrt() * ball(left)),
    ):
        assert ball(found).overlaps(true)
    assert (left == right) is (u == w)
    assert (left < right) is (u < w)
    assert (left >= right) is (u >= w)


def test_pi_is_no_fraction():
    pi = Turns(fmpq(1))
    assert pi != fmpq(22, 7)
    assert pi > 3
    assert pi < 4
    assert apply("eq", pi, of(Fraction(22, 7))) is False
    assert apply("lt", of(3), pi) is True
    assert rational(apply("div", pi, Turns(fmpq(1, 2)))) == 2


@pytest.mark.parametrize(
    ("op", "args", "halves"),
    [
        ("asin", (1,), (1, 2)),
        ("asin", (Fraction(-1, 2),), (-1, 6)),
        ("acos", (-1,), (1, 1)),
        ("acos", (Fraction(1, 2),), (1, 3)),
        ("atan", (1,), (1, 4)),
        ("atan2", (0, -1), (1, 1)),
        ("atan2", (-2, 2), (-1, 4)),
        ("atan2", (3, 0), (1, 2)),
    ],
)
def test_angles(op, args, halves):
    found = apply(op, *map(of, args))
    assert isinstance(found, Turns)
    assert found.halves == fmpq(*halves)
    assert math.isclose(float(found.ball), getattr(math, op)(*map(float, args)))


def test_angles_that_are_none():
    assert rational(apply("acos", of(1))) == 0
    assert rational(apply("atan2", of(0), of(0))) == 0
    assert isinstance(apply("asin", of(Fraction(1, 3))), arb)
    assert isinstance(apply("sin", of(1)), arb)
