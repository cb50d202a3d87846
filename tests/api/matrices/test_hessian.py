"""Hessians of numbers: against mpmath at fifty digits, in every mode, and where there are none."""

import itertools
import math

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_agreement import CORPUS, oracle

from adcalc.api import function
from adcalc.errors import AdcalcError, NotDifferentiableError, UsageError
from adcalc.modes import MODES

SMOOTH = [case for case in CORPUS if not any(word in case[0] for word in ("besselj", "lambertw", "zeta"))]


def truth(text, point):
    """The Hessian at fifty digits, by differences that know no rule."""
    names = list(point)
    with mpmath.workdps(60):
        f = oracle(text, names)
        at = tuple(mpmath.mpf(number) for number in point.values())
        found = {}
        for one, first in enumerate(names):
            for other, second in enumerate(names):
                orders = tuple((k == one) + (k == other) for k in range(len(names)))
                slope = mpmath.diff(f, at, orders) if len(at) > 1 else mpmath.diff(f, at[0], 2)
                found[first, second] = float(mpmath.re(slope))
    return found


def flat(result):
    return {(one, other): number for one, row in result.hessian.items() for other, number in row.items()}


@pytest.mark.parametrize(("text", "point"), SMOOTH)
def test_every_mode_agrees_with_mpmath_on(text, point):
    true = truth(text, point)
    scale = max([abs(function(text).value(point)), *map(abs, true.values())])
    for mode in MODES:
        result = function(text).hessian(point, mode=mode)
        loose = {"rel": 1e-6, "abs": 1e-6 * scale} if mode == "finite" else {"rel": 1e-8, "abs": 1e-11 * scale}
        assert flat(result) == pytest.approx(true, **loose), (text, mode)
        assert all(number == flat(result)[pair[::-1]] for pair, number in flat(result).items())
        assert result.mode == mode
        assert result.gradient == pytest.approx(function(text).gradient(point).gradient, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "point", "expected"),
    [
        ("besselj(2, x)*y", {"x": 1.5, "y": 2}, {("x", "x"), ("x", "y")}),
        ("zeta(x)", {"x": 3}, {("x", "x")}),
        ("lambertw(x)", {"x": 0.7}, {("x", "x")}),
    ],
)
def test_functions_whose_slopes_are_functions_of_their_own(text, point, expected):
    result, true = flat(function(text).hessian(point)), truth(text, point)
    for pair in expected:
        assert result[pair] == pytest.approx(true[pair], rel=1e-9)


ATOMS = st.sampled_from(["x", "y", "z", "2", "0.5"])
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(st.sampled_from(["sin", "cos", "exp", "atan", "tanh"]), inner).map(lambda t: f"{t[0]}({t[1]})"),
        inner.map(lambda t: f"1/(2 + ({t})^2)"),
    ),
    max_leaves=8,
)


@settings(max_examples=80, deadline=None)
@given(EXPRESSIONS, st.tuples(*[st.floats(-1.5, 1.5).map(lambda number: round(number, 3)) for _ in range(3)]))
def test_generated_expressions_agree_with_mpmath(text, numbers):
    point = dict(zip("xyz", numbers, strict=True))
    asked = function(f"{text} + 0*x + 0*y + 0*z")
    try:
        true = truth(text, point)
    except (ZeroDivisionError, OverflowError):
        return
    scale = max([1e-3, *map(abs, true.values())])
    if not math.isfinite(scale) or scale > 1e12:
        return
    for mode in ("reverse", "forward"):
        assert flat(asked.hessian(point, mode=mode)) == pytest.approx(true, rel=1e-7, abs=1e-9 * scale)


# ------------------------------------------------------------------ how many sweeps


def test_inputs_that_bend_nothing_have_zeros_in_every_mode():
    for mode in MODES:
        found = function("a*x + (x - 10)^2*b + c + (a + 3)^4").hessian(
            {"a": -1.0, "x": 2.0, "b": 0.5, "c": 1.0}, mode=mode
        )
        rows = [[round(found.hessian[one][other], 3) + 0.0 for other in "axbc"] for one in "axbc"]
        assert rows == [[48.0, 1.0, 0.0, 0.0], [1.0, 1.0, -16.0, 0.0], [0.0, -16.0, 0.0, 0.0], [0.0] * 4]


def test_colours_are_few_where_the_matrix_is_sparse():
    names = [f"x{k}" for k in range(60)]
    point = {name: 0.1 * k + 0.5 for k, name in enumerate(names)}
    arrow = " + ".join(f"x0*{name}^2" for name in names)
    chain = " + ".join(f"sin({one}*{other})" for one, other in itertools.pairwise(names))
    apart = " + ".join(f"exp({name})" for name in names)
    assert [function(text).hessian(point).colours for text in (arrow, chain, apart)] == [2, 3, 1]


def test_entries_that_are_always_zero_are_none():
    result = function("x*y + z^2 + 3*x").hessian({"x": 1, "y": 2, "z": 3})
    assert list(zip(result.rows, result.columns, result.values, strict=True)) == [(0, 1, 1.0), (1, 0, 1.0), (2, 2, 2.0)]


def test_a_part_of_the_variables():
    result = function("x^2*y*z").hessian({"x": 1, "y": 2, "z": 3}, wrt=["z", "x"])
    assert result.hessian == {"z": {"z": 0.0, "x": 4.0}, "x": {"z": 4.0, "x": 12.0}}
    assert function("x^2").hessian({"x": 1}, wrt=["x", "x"]).hessian == {"x": {"x": 2.0}}


@pytest.mark.parametrize("mode", MODES)
def test_nothing_to_differentiate(mode):
    empty = function("3").hessian({}, mode=mode)
    assert (empty.value, empty.hessian, empty.colours) == (3.0, {}, 0)
    linear = function("2*x - y/3").hessian({"x": 1, "y": 1}, mode=mode)
    assert linear.hessian == {"x": {"x": 0.0, "y": 0.0}, "y": {"x": 0.0, "y": 0.0}}
    assert linear.colours == 0
    gone = function("x^2 + y - y").hessian({"x": 3, "y": 1}, mode=mode)
    assert gone.hessian == {"x": {"x": 2.0, "y": 0.0}, "y": {"x": 0.0, "y": 0.0}}
    constant = function("7 + 0*x").hessian({"x": 2}, mode=mode)
    assert constant.hessian == {"x": {"x": 0.0}}


def test_no_result_is_a_negative_zero():
    result = function("-x*y*0 - x^3").hessian({"x": 0, "y": 0})
    assert all(math.copysign(1.0, number) > 0 for number in flat(result).values())


# ------------------------------------------------------------------ edges


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("text", "point", "expected"),
    [
        ("abs(x)^3", {"x": 0}, {"x": {"x": 0.0}}),
        ("abs(x)*x^2*y", {"x": 0, "y": 2}, {"x": {"x": 0.0, "y": 0.0}, "y": {"x": 0.0, "y": 0.0}}),
        ("max(x, x)^2", {"x": 1}, {"x": {"x": 2.0}}),
        ("if(x > 0, x^3, -x^3)", {"x": 0}, {"x": {"x": 0.0}}),
        ("if(x > 1, x^2, 2*x - 1) + (x - 1)^2*0", {"x": 2}, {"x": {"x": 2.0}}),
        (
            "x^y",
            {"x": 2, "y": 1},
            {"x": {"x": 0.0, "y": 1 + math.log(2)}, "y": {"x": 1 + math.log(2), "y": 2 * math.log(2) ** 2}},
        ),
        ("x^2", {"x": 0}, {"x": {"x": 2.0}}),
        ("if(x < 1, x^2, sqrt(x - 1))", {"x": 0.5}, {"x": {"x": 2.0}}),
    ],
)
def test_second_derivatives_that_exist_at_edges(text, point, expected, mode):
    result = function(text).hessian(point, mode=mode).hessian
    for one, row in expected.items():
        assert result[one] == pytest.approx(row, rel=1e-6, abs=1e-9), (text, mode)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("text", "point", "kind", "part"),
    [
        ("abs(x)", {"x": 0}, "not_differentiable", "abs(x)"),
        ("x*abs(x)", {"x": 0}, "not_differentiable", "-2 to the left and 2 to the right"),
        ("max(x, y)^2", {"x": 1, "y": 1}, "not_differentiable", "max(x, y)"),
        ("sqrt(x)", {"x": 0}, "not_differentiable", "no finite slope"),
        ("x^1.5", {"x": 0}, "not_differentiable", "no finite slope"),
        ("if(x > 0, x^2, 0)", {"x": 0}, "not_differentiable", "to the left and"),
        ("floor(x)*y", {"x": 2, "y": 1}, "not_differentiable", "floor(x)"),
        ("log(x)", {"x": -1}, "domain", "log(x)"),
        ("1/x + y", {"x": 0, "y": 1}, "domain", "1/x"),
        ("exp(x)", {"x": 1000}, "overflow", "exp(x)"),
        ("x^-150*y", {"x": 0.01, "y": 1}, "overflow", "slope"),
        ("gammainc(x, y)", {"x": 1.5, "y": 1}, "not_differentiable", "no formula"),
    ],
)
def test_where_there_is_none_the_error_names_the_place(text, point, kind, part, mode):
    with pytest.raises(AdcalcError) as refused:
        function(text).hessian(point, mode=mode)
    assert refused.value.kind == kind
    assert part in refused.value.message


@pytest.mark.parametrize(
    "text",
    [
        "if x > 0.7 { x^2 } else { 0.49 + 1.4*(x - 0.7) }",
        "if x > 0.7 and x < 2 { 0 } else { (x - 0.7)^2 }",
        "if x == 0.7 { 0 } else { (x - 0.7)^2 }",
    ],
)
def test_on_the_edge_of_a_way_that_bends_to_nothing(text):
    """The way itself has slopes that are constant, and those beside it are not."""
    asked = function(text)
    for question in (
        lambda: asked.hessian({"x": 0.7}),
        lambda: asked.hvp({"x": 0.7}, {"x": 1}),
        lambda: asked.derivative(order=2, point={"x": 0.7}),
    ):
        with pytest.raises(NotDifferentiableError, match="turns here, and this derivative is not looked for"):
            question()


@pytest.mark.parametrize(
    "text",
    [
        "max(x*y, 0)",  # the slope by x at (0, y) is 0 to one side and y to the other
        "max(x*y^2, 0)",
        "abs(x*y)",
        "abs(x)*abs(y)",
        "max(x*y, 0)*(1 + x) + exp(x)",
        "x^y",  # has no value where x < 0 beside y = 0
    ],
)
def test_a_mixed_derivative_asks_for_slopes_beside_the_point(text):
    """None of these has a slope by x, or by y, all along the other axis near the origin."""
    asked = function(text)
    at = {"x": 0, "y": 2 if text == "x^y" else 0}
    for question in (lambda: asked.hessian(at), lambda: asked.hvp(at, {"x": 1, "y": 1})):
        with pytest.raises(NotDifferentiableError, match="there is no second derivative by"):
            question()


@pytest.mark.parametrize(
    ("text", "at", "plain"),
    [
        ("if(x == 0, 0, x*y)", {"x": 0, "y": 0}, "x*y"),
        ("if(x == 0, 0, x*y) + if(y == 0, 0, x*y)", {"x": 0, "y": 0}, "2*x*y"),
        ("if(x*y == 0, 0, 3*x*y + x^2*y^2)", {"x": 0, "y": 0}, "3*x*y + x^2*y^2"),
        ("x*y*abs(x*y)", {"x": 0, "y": 0}, "0*x*y"),  # it is of the fourth order
        ("max(x, y)^4 + x*y", {"x": 0, "y": 0}, "x*y"),
        ("hypot(x, y)^4", {"x": 0, "y": 0}, "(x^2 + y^2)^2"),
        ("hypot(x, y)^2*z", {"x": 0, "y": 0, "z": 3}, "(x^2 + y^2)*z"),
        ("norm([x, y])^4 + x*y", {"x": 0, "y": 0}, "(x^2 + y^2)^2 + x*y"),
        ("0^x", {"x": 1}, "0*x"),
    ],
)
def test_second_derivatives_where_formulas_have_none(text, at, plain):
    """The same function without the edge is the oracle."""
    found, true = function(text).hessian(at), function(plain).hessian(at)
    assert found.hessian == true.hessian
    assert not found.warnings
    along = dict.fromkeys(at, 1)
    assert function(text).hvp(at, along).hvp == function(plain).hvp(at, along).hvp


def test_a_mixed_derivative_by_its_formula_asks_for_slopes_beside_the_point():
    doubled = function("if(x == 0, 0, x*y) + if(y == 0, 0, x*y)")  # 2*x*y
    (found,) = doubled.derivative("x", "y", mixed=True, point={"x": 0, "y": 0}).formulas
    assert found.evaluated == doubled.gradient({"x": 0, "y": 0}, wrt=("x", "y"), order=1, mixed=True).gradient["x,y"]
    assert found.evaluated == 2.0
    with pytest.raises(AdcalcError, match="does not exist there"):
        function("max(x*y, 0)").derivative("x", "y", mixed=True, point={"x": 0, "y": 0})
    with pytest.raises(AdcalcError, match="x\\^y has no finite slope"):
        function("x^y").gradient({"x": 0, "y": 0}, wrt=("x", "x", "y"))


def test_mixed_derivatives_that_depend_on_their_order_are_none():
    """Peano's example: its mixed derivatives at the origin are -1 and 1."""
    asked = function("if(x == 0 and y == 0, 0, x*y*(x^2 - y^2)/(x^2 + y^2))")
    with pytest.raises(NotDifferentiableError, match="depends on their order here: -1 by x first, 1 by y first"):
        asked.hessian({"x": 0, "y": 0})
    with pytest.raises(NotDifferentiableError, match="order"):
        asked.hvp({"x": 0, "y": 0}, {"x": 1})
    assert asked.hessian({"x": 1, "y": 2}).hessian["x"]["y"] == pytest.approx(-171 / 125, rel=1e-12)


def test_unknown_modes_and_several_results():
    with pytest.raises(UsageError, match="no mode 'revers'"):
        function("x").hessian({"x": 1}, mode="revers")
    with pytest.raises(AdcalcError, match="one number is needed"):
        function("[x, y]").hessian({"x": 1, "y": 1})
    with pytest.raises(UsageError, match="no difference 'left'"):
        function("x^2").hessian({"x": 1}, mode="finite", difference="left")


# ------------------------------------------------------------------ programs


def test_the_way_of_a_program_is_differentiated_twice():
    asked = function("s = x; while s < 100 { s = s^2 + y }; s")
    for mode in ("reverse", "forward", "finite"):
        result = flat(asked.hessian({"x": 2, "y": 3}, mode=mode))
        assert result == pytest.approx({("x", "x"): 12512, ("x", "y"): 2512, ("y", "x"): 2512, ("y", "y"): 658})
    with pytest.raises(UsageError, match="symbolic mode has no point"):
        asked.hessian({"x": 2, "y": 3}, mode="symbolic")


def test_derivatives_and_roots_inside():
    assert function("diff(x^3*y, x)").hessian({"x": 1, "y": 2}).hessian == {
        "x": {"x": 12.0, "y": 6.0},
        "y": {"x": 6.0, "y": 0.0},
    }
    assert function("root(t^2 - a, t, 1)").hessian({"a": 2}).hessian["a"]["a"] == pytest.approx(-(2**-2.5) / 2)
    with pytest.raises(NotDifferentiableError):
        function("diff(abs(x), x)^2").hessian({"x": 0})


def test_differences_of_gradients_warn_where_they_branch_and_say_how_sure_they_are():
    result = function("if(x > 1, x^3, x^2*1.5 - 0.5)").hessian({"x": 1.01}, mode="finite")
    assert result.hessian["x"]["x"] == pytest.approx(6.06, rel=1e-3)
    assert len(result.error_estimate) == len(result.values)
    central = function("x^4*y").hessian({"x": 1, "y": 1}, mode="finite", difference="central")
    assert central.error_estimate == ()
    assert central.hessian["x"]["x"] == pytest.approx(12, rel=1e-8)
    exact = function("x^4*y").hessian({"x": 1, "y": 1}, mode="finite", difference="complex")
    assert exact.hessian["x"]["x"] == pytest.approx(12, rel=1e-15)


def test_underflow_is_warned_of():
    result = function("exp(-x) + x*0").hessian({"x": 800})
    assert result.hessian == {"x": {"x": 0.0}}
    assert [kind for kind, _ in result.warnings] == ["underflow"]


def test_deep_expressions():
    depth = 20_000
    nested = "sin(" * depth + "x" + ")" * depth
    result = function(nested + " + x*y").hessian({"x": 0.1, "y": 2})
    assert result.hessian["x"]["y"] == 1.0
    assert math.isfinite(result.hessian["x"]["x"])


@pytest.mark.parametrize("mode", ["forward", "reverse", "symbolic"])
def test_a_formula_whose_parts_leave_the_range_is_not_taken(mode):
    """2*x/y^3 is representable, and y^3 is not."""
    found = function("x/y").hessian({"x": 1e150, "y": 1e150}, mode=mode).hessian
    assert found == {"x": {"x": 0.0, "y": -1e-300}, "y": {"x": -1e-300, "y": pytest.approx(2e-300, rel=1e-12)}}
