"""Jacobians and Hessians in proved digits: against differences in many more digits, and where there is no answer."""

# ruff: noqa: N806  # matrices have capital letters

from fractions import Fraction
from random import Random

import mpmath
import pytest
from mpmath import mp
from proving import CANCELLING, POINTS, TINY, curvature, evaluated, is_rounded, made, slope

from adcalc.api import function
from adcalc.api.proofs import proved, proved_tables
from adcalc.errors import (
    AdcalcError,
    DomainError,
    NotDifferentiableError,
    PathError,
    PrecisionError,
    ShapeError,
    UnknownVariableError,
    UsageError,
)

MODES = ("reverse", "forward", "symbolic")
DIGITS = (1, 2, 5, 15, 30, 50)
BATCHES = 10
EACH = 20


def hessian(text, digits=20, mode="reverse", wrt=None, **point):
    found = proved_tables.hessian(function(text), point, digits, wrt, mode).hessian
    return {one: {other: block.digits for other, block in row.items()} for one, row in found.items()}


def jacobian(text, digits=20, **point):
    found = proved_tables.jacobian(function(text), point, digits)
    return {name: block.digits for name, block in found.jacobian.items()}


def generated(random):
    """An expression and its exact point: every third of a kind in which digits cancel."""
    if random.random() < 1 / 3:
        return random.choice(CANCELLING), {"x": random.choice(TINY), "y": random.choice(POINTS)}
    return made(random, random.randrange(2, 9)), {"x": random.choice(POINTS), "y": random.choice(POINTS)}


def precise(digits):
    """So many decimals that differences are right far beyond the digits that are asked."""
    return mpmath.workdps(8 * digits + 160)


# ---------------------------------------------------------------- mpmath, at many times the digits


@pytest.mark.parametrize("batch", range(BATCHES))
def test_not_one_digit_of_a_hessian_is_wrong(batch):
    answered = 0
    for number in range(EACH):
        random = Random(10_000 + EACH * batch + number)
        text, every = generated(random)
        digits, mode = random.choice(DIGITS), random.choice(MODES)
        f = function(text)
        point = {name: every[name] for name in f.variables}
        try:
            found = proved_tables.hessian(f, point, digits, mode=mode)
        except AdcalcError:
            continue  # outside its domain, or exactly 0 in a form that nobody can tell
        answered += 1
        with precise(digits):
            values = {name: evaluated(value, {}) for name, value in point.items()}
            assert is_rounded(found.value.digits, evaluated(text, values), digits), text
            for name in point:
                assert is_rounded(found.gradient[name].digits, slope(text, values, name), digits), (text, point, name)
                for other in point:
                    printed = found.hessian[name][other].digits
                    true = curvature(text, values, name, other)
                    assert is_rounded(printed, true, digits), (text, point, name, other, printed)
                    assert printed == found.hessian[other][name].digits
    assert answered > EACH // 2


@pytest.mark.parametrize("batch", range(BATCHES))
def test_not_one_digit_of_a_jacobian_is_wrong(batch):
    answered = 0
    for number in range(EACH):
        random = Random(20_000 + EACH * batch + number)
        first, every = generated(random)
        texts = [first, *(made(random, random.randrange(1, 6)) for _ in range(random.randrange(3)))]
        digits, mode = random.choice(DIGITS), random.choice(MODES)
        f = function(f"[{', '.join(texts)}]")
        point = {name: every[name] for name in f.variables}
        try:
            found = proved_tables.jacobian(f, point, digits, mode=mode)
        except AdcalcError:
            continue
        answered += 1
        with precise(digits):
            values = {name: evaluated(value, {}) for name, value in point.items()}
            for place, text in enumerate(texts):
                assert is_rounded(found.value.digits[place], evaluated(text, values), digits)
                for name in point:
                    printed = found.jacobian[name].digits[place]
                    assert is_rounded(printed, slope(text, values, name), digits), (text, point, name, printed)
    assert answered > EACH // 2


def test_a_thousand_digits():
    printed = hessian("exp(sin(x*y))", 1000, x="1/3", y="pi")["x"]["y"]
    with mpmath.workdps(2200):
        x, y = mpmath.mpf(1) / 3, +mp.pi
        u = x * y
        true = mpmath.exp(mpmath.sin(u)) * (mpmath.cos(u) + u * (mpmath.cos(u) ** 2 - mpmath.sin(u)))
        assert is_rounded(printed, true, 1000)


@pytest.mark.parametrize("mode", MODES)
def test_digits_that_cancel(mode):
    """(x - sin(x))/x^3 is 1/6 - x^2/120 + x^4/5040 - …"""
    found = hessian("(x - sin(x))/x^3", 30, mode, x="1e-10")["x"]["x"]
    true = Fraction(-1, 60) + Fraction(12, 5040) / 10**20 - Fraction(30, 362880) / 10**40
    with mpmath.workdps(80):
        assert is_rounded(found, mpmath.mpf(true.numerator) / true.denominator, 30)


# ---------------------------------------------------------------- what is exact


def test_fractions_and_multiples_of_pi_are_exact():
    assert hessian("x^3*y", x="1/3", y="0.1") == {"x": {"x": "0.2", "y": "0.33333333333333333333"},
                                                  "y": {"x": "0.33333333333333333333", "y": "0"}}  # fmt: skip
    assert hessian("sin(x)", x="pi") == {"x": {"x": "0"}}
    assert hessian("x^2", x="10^400") == {"x": {"x": "2"}}
    assert hessian("x^4", 5, x="1e400") == {"x": {"x": "1.2000e+801"}}
    assert jacobian("[x^2, 2*x]", 3, x="1e-400") == {"x": ["2e-400", "2"]}


@pytest.mark.parametrize("mode", MODES)
def test_what_is_certainly_nothing_is_zero(mode):
    assert hessian("x + 3*y", mode=mode, x=1, y=2) == {"x": {"x": "0", "y": "0"}, "y": {"x": "0", "y": "0"}}
    assert hessian("7", mode=mode) == {}
    assert hessian("x^2 + 0*y", mode=mode, x=1, y=2)["y"] == {"x": "0", "y": "0"}
    assert hessian("x^2*y", mode=mode, wrt=["y"], x=1, y=2) == {"y": {"y": "0"}}


def test_a_constant_has_no_jacobian():
    found = proved_tables.jacobian(function("[1/3, 2]"), {}, 5)
    assert (found.value.digits, found.jacobian) == (["0.33333", "2"], {})
    assert jacobian("[y, 2]", y=1) == {"y": ["1", "0"]}
    assert jacobian("x*y", x=2, y="1/3") == {"x": "0.33333333333333333333", "y": "2"}  # one result: its gradient


# ---------------------------------------------------------------- arrays and programs


def test_the_jacobian_of_a_product_is_the_matrix():
    found = proved_tables.jacobian(function("A@x"), {"A": "[[1/3, pi], [0.1, 2]]", "x": [1, 2]}, 20, ["x"])
    assert found.jacobian["x"].digits == [["0.33333333333333333333", "3.1415926535897932385"], ["0.1", "2"]]
    assert found.value.digits[1] == "4.1"
    whole = proved_tables.jacobian(function("A@x"), {"A": "[[1/3, pi], [0.1, 2]]", "x": "[1, 2]"}, 20)
    assert whole.jacobian["A"].digits[1] == [["0", "0"], ["1", "2"]]
    assert whole.jacobian["A"].shape == (2, 2, 2)


def test_the_hessian_of_a_quadratic_form_is_twice_its_symmetric_part():
    A = [[Fraction(1, 3), Fraction(2, 7)], [Fraction(5), Fraction(-1, 10)]]
    point = {"A": "[[1/3, 2/7], [5, -1/10]]", "x": "[sqrt(2), pi]"}
    found = proved_tables.hessian(function("x@A@x"), point, 30, ["x"])
    for i in range(2):
        for j in range(2):
            true = A[i][j] + A[j][i]
            with mpmath.workdps(80):
                assert is_rounded(
                    found.hessian["x"]["x"].digits[i][j], mpmath.mpf(true.numerator) / true.denominator, 30
                )
    assert (found.names, found.shapes) == (("x[0]", "x[1]"), {"x": (2,)})


def test_a_banded_hessian_costs_a_handful_of_sweeps():
    found = proved_tables.hessian(function("sum((x[1:] - x[:-1]^2)^2)"), {"x": "ones(12)/3"}, 40)
    assert found.colours < 5
    assert len(found.values) == 12 + 2 * 11
    third = Fraction(1, 3)
    assert found.hessian["x"]["x"].numbers[0].exact == 12 * third**2 - 4 * third
    assert found.hessian["x"]["x"].numbers[1].exact == -4 * third


@pytest.mark.parametrize(("text", "oracle"), [
    ("for k in 1..3 { x = x*sin(x) }; x", "(x*sin(x)*sin(x*sin(x)))*sin(x*sin(x)*sin(x*sin(x)))"),
    ("n = 0; while n < 2 { x = x^2 + 1; n = n + 1 }; x", "((x^2 + 1)^2 + 1)"),
    ("if x > 1/3 { x^3 } else { exp(x)*x }", "exp(x)*x"),
    ("f(u) = u*diff(u^3, u); f(x) + diff(sin(x)*x, x)", "3*x^3 + sin(x) + x*cos(x)"),
])  # fmt: skip
def test_programs(text, oracle):
    found = proved_tables.hessian(function(text), {"x": "0.3"}, 30)
    with precise(30):
        values = {"x": evaluated("0.3", {})}
        assert is_rounded(found.gradient["x"].digits, slope(oracle, values, "x"), 30)
        assert is_rounded(found.hessian["x"]["x"].digits, curvature(oracle, values, "x", "x"), 30)


# ---------------------------------------------------------------- edges, and where there is nothing


@pytest.mark.parametrize(("text", "point", "expected"), [
    ("abs(x)*x^2", {"x": 0}, {"x": {"x": "0"}}),
    ("max(x, y)^3", {"x": 0, "y": 0}, {"x": {"x": "0", "y": "0"}, "y": {"x": "0", "y": "0"}}),
    ("abs(x + y)^3 + x*y", {"x": "1/3", "y": "-1/3"}, {"x": {"x": "0", "y": "1"}, "y": {"x": "1", "y": "0"}}),
    ("if(x > 0, x^3*y, x^4)", {"x": 0, "y": 1}, {"x": {"x": "0", "y": "0"}, "y": {"x": "0", "y": "0"}}),
])  # fmt: skip
def test_on_an_edge_where_both_sides_bend_alike(text, point, expected):
    assert hessian(text, **point) == expected


@pytest.mark.parametrize(("text", "point", "kind", "words"), [
    ("abs(x)*x", {"x": 0}, NotDifferentiableError, "sign(x)"),
    ("if(x*y == 0, 0, x*y)", {"x": 0, "y": 0}, PrecisionError, "the second derivative by x and y is not proved"),
    ("if(x == 0, 0, x*y) + if(y == 0, 0, x*y)", {"x": 0, "y": 0}, PrecisionError, "if(x == 0, 0, x*y) turns"),
    ("if(x == 0, 0, x*y)", {"x": 0, "y": 0}, NotDifferentiableError, "depends on their order here"),
    ("sqrt(x)", {"x": 0}, NotDifferentiableError, "sqrt(x) has no finite slope"),
    ("1/x", {"x": 0}, DomainError, "1/x has no value where x = 0"),
    ("if x > 0 { x^2*y } else { x^4 }", {"x": 0, "y": 1}, AdcalcError, "x>0 turns here"),
    ("if(x > 0, x^2, 2*x^2)", {"x": 0}, NotDifferentiableError, "if(x > 0"),
    ("sin(x)^2 + cos(x)^2", {"x": "1/3"}, PrecisionError, "no number of digits tells whether it is 0"),
    ("abs(log(exp(x)) - x)", {"x": 1}, AdcalcError, "abs(log(exp(x)) - x)"),
])  # fmt: skip
def test_where_there_is_none_an_error_names_the_sub_expression(text, point, kind, words):
    with pytest.raises(kind) as caught:
        hessian(text, **point)
    assert words.replace(" ", "") in str(caught.value).replace(" ", "")


def test_what_makes_no_sense():
    with pytest.raises(UsageError, match="finite differences prove no digits"):
        proved_tables.jacobian(function("[x]"), {"x": 1}, 5, mode="finite")
    with pytest.raises(UsageError, match="finite differences prove no digits"):
        hessian("x", mode="finite", x=1)
    with pytest.raises(UsageError, match="no mode 'fast'"):
        hessian("x", mode="fast", x=1)
    with pytest.raises(UnknownVariableError, match="no variable 'z'"):
        hessian("x", wrt=["z"], x=1)
    with pytest.raises(ShapeError, match="one number is needed"):
        hessian("[x, x]", x=1)
    with pytest.raises(PathError):
        hessian("if x > 0 { x } else { x^2 }", mode="symbolic", x=1)
    with pytest.raises(UsageError, match="from 1 on"):
        hessian("x", 0, x=1)


def test_a_side_of_a_kink_can_be_chosen():
    found = proved_tables.jacobian(function("[abs(x), x/3]"), {"x": 0}, 5, at_kink="left")
    assert found.jacobian["x"].digits == ["-1", "0.33333"]


def test_enclosures():
    found = proved_tables.hessian(function("exp(x*y)"), {"x": "1/3", "y": 0}, 4, enclosure=True)
    assert found.hessian["x"]["x"].bounds == ["0", "0"]
    assert found.hessian["y"]["y"].bounds == ["0.1111", "0.1112"]
    assert found.gradient["y"].bounds == ["0.3333", "0.3334"]
    open_yet = proved_tables.hessian(function("sin(x)^2 + cos(x)^2"), {"x": "1/3"}, 4, enclosure=True)
    low, high = open_yet.hessian["x"]["x"].bounds
    assert open_yet.hessian["x"]["x"].digits is None
    assert low.startswith("-")
    assert Fraction(low) <= 0 <= Fraction(high)


@pytest.mark.parametrize(
    ("text", "at", "second", "third"),
    [
        ("if x == 0 { 1 } else { sin(x)/x }", 0, Fraction(-1, 3), 0),
        ("if x == 0 { 0 } else { x }", 0, 0, 0),
        ("if x == 0 { 0 } else { x^3 }", 0, 0, 6),
        ("if x > 0 { x^3 } else { 0 }", 0, 0, None),
        ("if x > 0 { x^2 } else { 0 }", 0, None, None),
        ("s = 0; while s < x { s = s + 1 }; s*(x - 2)^3", 2, 0, None),
        ("max(x^3, 0)", 0, 0, None),
        ("abs(x^3)", 0, 0, None),
        ("min(x^4, x^2)", 0, 0, 0),
        ("hypot(x^2, x^3)", 0, 2, 0),  # x^2*sqrt(1 + x^2)
        ("abs(x)*x", 0, None, None),
    ],
)
def test_higher_derivatives_on_an_edge_are_those_of_both_sides(text, at, second, third):
    asked, point = function(text), {"x": at}
    for order, true in ((2, second), (3, third)):
        if true is None:
            with pytest.raises((NotDifferentiableError, PrecisionError)):
                proved.derivative(asked, point, 12, ("x",), order)
        else:
            (found,) = proved.derivative(asked, point, 12, ("x",), order).formulas
            assert float(found.evaluated) == pytest.approx(float(true), rel=1e-11)
    for mode in ("forward", "reverse"):
        if second is None:
            with pytest.raises((NotDifferentiableError, PrecisionError)):
                asked.proved_hessian(12, point, mode=mode)
            with pytest.raises((NotDifferentiableError, PrecisionError)):
                asked.proved_hvp(12, point, {"x": 1}, mode=mode)
        else:
            entry = asked.proved_hessian(12, point, mode=mode).hessian["x"]["x"].digits
            assert float(entry) == pytest.approx(float(second), rel=1e-11)
            product = asked.proved_hvp(12, point, {"x": 3}, mode=mode).product["x"].digits
            assert float(product) == pytest.approx(3 * float(second), rel=1e-11)


def test_mixed_derivatives_are_not_those_of_one_way_of_a_program():
    asked, point = function("if x == 0 { 0 } else { x*y }"), {"x": 0, "y": 1}
    with pytest.raises(NotDifferentiableError, match="x == 0 turns here"):
        asked.proved_hessian(12, point)
    for way in (("x", "y"), ("y", "x")):
        with pytest.raises(PrecisionError, match="turns exactly here"):
            proved.derivative(asked, point, 12, way, mixed=True)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("text", "at"), [("0^x", {"x": 1}), ("x^y", {"x": 0, "y": 3})])
def test_where_a_formula_has_no_value_the_derivatives_may_have_one(text, at, mode):
    name = list(at)[-1]  # the exponent: 0^x is 0 for all x > 0
    assert function(text).proved_hessian(12, at, wrt=[name], mode=mode).hessian[name][name].digits == "0"


@pytest.mark.parametrize("text", ["if(x == 0, 0, x*y*(x^2 - y^2)/(x^2 + y^2))", "if(x == 0, 0, x*y^3/(x^2 + y^2))"])
def test_a_mixed_derivative_is_compared_with_that_in_the_other_order(text):
    """By x first it is -1 or 1, as the limit of f(x, y)/x at x = 0 is -y or y; by y first it is 1 or 0."""
    asked, point = function(text), {"x": 0, "y": 0}
    for way in (("x", "y"), ("y", "x")):
        with pytest.raises(NotDifferentiableError, match="depends on their order"):
            asked.derivative(*way, mixed=True, point=point)
        with pytest.raises(NotDifferentiableError, match="depends on their order"):
            proved.derivative(asked, point, 12, way, mixed=True)
        with pytest.raises(NotDifferentiableError):
            asked.gradient(point, wrt=way, mixed=True)
    with pytest.raises(NotDifferentiableError, match="depends on their order here: "):
        asked.hessian(point)
    with pytest.raises(NotDifferentiableError, match="depends on their order here: "):
        asked.proved_hessian(12, point)
    with pytest.raises(NotDifferentiableError, match="depends on their order here: "):
        asked.proved_hvp(12, point, {"x": 1})
