"""Derivatives inside expressions, against SymPy and mpmath; nested ones, which must not be confused."""

import mpmath
import pytest
import sympy

from adcalc.api import function
from adcalc.errors import AdcalcSyntaxError, ArityError, DomainError, NotDifferentiableError, PrecisionError

X, Y = sympy.symbols("x y")


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("diff(x^5, x)", 5 * X**4),
        ("diff(x^5, x, 0)", X**5),
        ("diff(x^5, x, 3)", 60 * X**2),
        ("diff(sin(x)*y, x)", sympy.cos(X) * Y),
        ("diff(x*diff(x*y, y), x)", 2 * X),
        ("diff(x*diff(x + y, y), x)", sympy.Integer(1)),
        ("diff(diff(x^2*y^3, x), y)", 6 * X * Y**2),
        ("diff(diff(x^3, x)*x, x)", 9 * X**2),
        ("diff(x*y, z) + x", X),
        ("diff(7, x) + x", X),
        ("y*diff(exp(x*y), x)", Y**2 * sympy.exp(X * Y)),
        ("diff(if(1 < 2, x^2, x), x)", 2 * X),
        ("diff(sum(x^k, k = 1..4), x)", 1 + 2 * X + 3 * X**2 + 4 * X**3),
        ("sum(diff(x^k, x), k = 1..4)", 1 + 2 * X + 3 * X**2 + 4 * X**3),
        ("f(u) = u^3; diff(f(2*x), x)", 24 * X**2),
        ("f(u) = u^3; g(t) = diff(f(t), t); g(3*x)", 27 * X**2),
        ("f(u) = u^3; g(t) = diff(f(t), t); diff(g(x^2), x)", 12 * X**3),
        ("f(u, w) = u*diff(u*w^2, w); f(x, y)", 2 * X**2 * Y),
        ("g(t) = { s = t^2; diff(s*t, t) }; g(x*y)", 3 * X**2 * Y**2),
        ("h(t) = diff(t^2, t); diff(h(t)*t, t)*x/t", 4 * X),
        ("a = x^2; diff(a*x, x)", 3 * X**2),
        ("t = 3*x; diff(t^2, t)", 6 * X),
        ("t = 3*x; diff(3*x*t, t)", 3 * X),
        ("t = 3*x; y2 = t^2; diff(y2, t)", 6 * X),
        ("t = 3*x; diff(t^2, x)", 18 * X),
        ("sum(diff(k*x, k), k = 1..3)", 3 * X),
        ("prod(diff(k^2*x, k), k = 1..3)", 48 * X**3),
        ("f(x) = diff(x^2*y, x); f(3)*y", 6 * Y**2),
        ("f(u) = diff(u*x, x); f(x)", 2 * X),
        ("k = 2; diff(y^2*k, k)*x", X * Y**2),
        ("t = x; diff(x*t, t)", X),
        ("t = x; diff(x*t, x)", 2 * X),
        ("t = 2; diff(t^3*x, t)", 12 * X),
        ("t = x; u = t^2; diff(diff(t*u, t), u)", sympy.Integer(1)),
        ("u = x; w = y; diff(diff(u*w^2, w), u)", 2 * Y),
        ("for k in 1..3 { x = diff(x^2*k, x) } x", 2 * 2 * 2 * 6 * X),
        ("x = x^2; diff(x*y, x)", Y),
    ],
)
def test_a_derivative_is_an_expression(text, formula):
    asked = function(text)
    for point in ({"x": 1.3, "y": 0.7}, {"x": -0.4, "y": 2.5}):
        at = {name: value for name, value in point.items() if name in asked.variables}
        at.update({name: 1.5 for name in asked.variables if name not in at})
        numbers = {X: point["x"], Y: point["y"]}
        assert asked.value(at) == pytest.approx(float(formula.subs(numbers)), rel=1e-12, abs=1e-14)
        for mode in ("forward", "reverse", "symbolic"):
            gradient = asked.gradient(at, mode=mode).gradient
            for name, symbol in (("x", X), ("y", Y)):
                expected = float(sympy.diff(formula, symbol).subs(numbers))
                assert gradient.get(name, 0.0) == pytest.approx(expected, rel=1e-12, abs=1e-14)


def test_a_newton_iteration_differentiates_itself():
    """x converges to sqrt(a) by its own derivative; the slope by a is that of the square root."""
    asked = function("f(x) = x^2 - a\nx = 1\nrepeat 7 { x = x - f(x)/diff(f(x), x) }\nx")
    assert asked.variables == ("a",)
    assert asked.value(a=2) == pytest.approx(2**0.5, rel=1e-15)
    for mode in ("forward", "reverse", "symbolic"):
        assert asked.gradient({"a": 2}, mode=mode).gradient["a"] == pytest.approx(0.5 / 2**0.5, rel=1e-14)


def test_a_newton_iteration_that_stops_by_itself():
    text = "f(t) = exp(t) - a*t - 2; x = 1; while abs(f(x)) > 1e-12 { x = x - f(x)/diff(f(x), x) } x"
    with mpmath.workdps(40):
        solution = mpmath.findroot(lambda t: mpmath.exp(t) - 0.5 * t - 2, 1)
        slope = solution / (mpmath.exp(solution) - mpmath.mpf("0.5"))
    found = function(text).gradient(a=0.5)
    assert found.value == pytest.approx(float(solution), rel=1e-13)
    assert found.gradient["a"] == pytest.approx(float(slope), rel=1e-9)  # as far as the iteration went


def test_what_a_derivative_makes_disappear_needs_no_value():
    asked = function("diff(x*diff(x*y, y), x)")
    assert asked.value(x=3) == 6
    assert asked.gradient(x=3).gradient == {"x": 2, "y": 0}
    assert asked.value(x=3, y=100) == 6


def test_a_gradient_is_a_list():
    assert function("grad(x*y^2, [x, y])").value(x=2, y=3) == (9.0, 12.0)
    assert function("g(u, w) = grad(u*w, [w, u]); g(x, 5)").value(x=2) == (2.0, 5.0)
    assert function("1 + grad(x*y^2, [x, y])").value(x=2, y=3).tolist() == [10.0, 13.0]


# ------------------------------------------------------------------ where there is none


@pytest.mark.parametrize(
    ("text", "point", "words"),
    [
        ("diff(abs(x), x)", {"x": 0}, "kink"),
        ("diff(sqrt(x), x)", {"x": 0}, "no finite slope"),
        ("diff(floor(x), x)", {"x": 1}, "jumps"),
        ("2 + diff(if(x > 0, x, -x), x)", {"x": 0}, "kink"),
        ("g(t) = diff(abs(t), t); g(x - 1)", {"x": 1}, "kink"),
        ("x*diff(max(x, y), x)", {"x": 1, "y": 1}, "kink"),
    ],
)
def test_a_derivative_that_does_not_exist_has_no_value(text, point, words):
    with pytest.raises(NotDifferentiableError, match=words):
        function(text).value(point)
    with pytest.raises(NotDifferentiableError, match=words):
        function(text).gradient(point)


def test_where_it_exists_all_the_same():
    assert function("diff(x*abs(x), x)").value(x=0) == 0
    assert function("diff(abs(x), x)").value(x=-3) == -1
    assert function("if(x > 1, diff(abs(x), x), 7)").value(x=0) == 7


@pytest.mark.parametrize(
    ("text", "point"),
    [  # at these points the formula of each derivative says another number than the derivative, which is 1 or 0
        ("diff(max(x, 0) + min(x, 0), x)", {"x": 0}),
        ("diff(max(x, 0) - max(-x, 0), x)", {"x": 0}),
        ("diff(abs(x) + 2*min(x, 0), x)", {"x": 0}),
        ("diff(if(x == 0, 0, x), x)", {"x": 0}),
        ("diff(x*if(x == 0, 0, 1), x)", {"x": 0}),
        ("diff(abs(x)*sign(x), x)", {"x": 0}),
        ("diff(min(x^4, x^2), x, 2)", {"x": 0}),
        ("diff(if(x^2 > 0, x^2, x^3), x, 2)", {"x": 0}),  # 2, where the formula of one side is part of the other's
        ("diff(diff(if(x == 0, x^2, 0), x), x)", {"x": 0}),
        ("grad(if(x == 0, 0, x)*y, [x, y])[0]", {"x": 0, "y": 3}),
        ("diff(diff(mod(x, 1), x), x)", {"x": 0}),  # there is none of a derivative that does not exist
        ("diff(diff(x + floor(x), x), x)", {"x": 1}),
        ("diff(x + floor(x), x, 3)", {"x": 1}),
    ],
)
def test_what_a_formula_says_on_an_edge_is_not_taken_for_the_derivative(text, point):
    with pytest.raises(NotDifferentiableError):
        function(text).value(**point)
    with pytest.raises((NotDifferentiableError, PrecisionError)):
        function(text).proved(12, point)
    with pytest.raises((NotDifferentiableError, PrecisionError)):
        function(text).proved_gradient(12, point)


@pytest.mark.parametrize(
    "text",
    [
        "diff(diff(if(x == 0, 0, x*y), x), y)",  # 1: that function is x*y
        "diff(diff(max(x*y^2, 0), x), y)",  # none, for beside (0, 0) there is no slope by x
        "diff(diff(abs(x)*y^2, x), y)",
        "diff(diff(x*abs(y), y), x)",
    ],
)
def test_along_an_edge_too_a_formula_is_not_taken_for_the_derivative(text):
    with pytest.raises(NotDifferentiableError):
        function(text).value(x=0, y=0)
    with pytest.raises((NotDifferentiableError, PrecisionError)):
        function(text).proved(12, {"x": 0, "y": 0})
    inner = function(text[5:-4])
    with pytest.raises(NotDifferentiableError):
        inner.gradient({"x": 0, "y": 0}, wrt=[text[-2]])
    with pytest.raises((NotDifferentiableError, PrecisionError)):
        inner.proved_gradient(12, {"x": 0, "y": 0}, wrt=[text[-2]])


def test_along_an_edge_limits_know_where_it_is_the_derivative():
    assert function("diff(if(x == 0, 0, x*y), y)").gradient({"x": 0, "y": 0}, wrt=["x"]).gradient == {"x": 1}
    assert function("diff(diff(max(x, 0)^3*y, x), y)").value(x=0, y=1) == 0
    assert function("diff(diff(x*y*abs(x*y), x), y)").value(x=0, y=0) == 0
    assert function("diff(max(x, 0)^3*y, x)").gradient(x=0, y=1).gradient == {"x": 0, "y": 0}


def test_over_an_interval_too_a_derivative_of_a_derivative_needs_that():
    assert function("diff(diff(mod(x, 1), x), x)").enclosed({"x": "[1/4 .. 3/4]"}).enclosures[0] == ("0", "0")
    with pytest.raises(NotDifferentiableError, match="may jump"):
        function("diff(diff(mod(x, 1), x), x)").enclosed({"x": "[1/4 .. 5/4]"})


def test_outside_the_domain():
    with pytest.raises(DomainError, match="log"):
        function("diff(x*log(x), x)").value(x=-1)


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("diff(x)", ArityError, "an expression, a variable"),
        ("diff(x, x, 1, 2)", ArityError, "an expression, a variable"),
        ("diff(x, 2)", AdcalcSyntaxError, "second argument of diff is a variable"),
        ("diff(x, x + 1)", AdcalcSyntaxError, "second argument of diff is a variable"),
        ("f(u) = u^2; diff(f, x)", AdcalcSyntaxError, "'f' is a function"),
        ("diff(x, pi)", AdcalcSyntaxError, "'pi' is a constant"),
        ("diff(x, x, y)", AdcalcSyntaxError, "order of a derivative"),
        ("diff(x, x, -1)", AdcalcSyntaxError, "order of a derivative"),
        ("diff(x, x, 1.5)", AdcalcSyntaxError, "order of a derivative"),
        ("diff(x > 1, x)", AdcalcSyntaxError, "condition is not a number"),
        ("grad(x*y, x)", ArityError, "a list of variables"),
        ("grad(x*y, [])", AdcalcSyntaxError, "nothing between the brackets|list of variables"),
    ],
)
def test_mistakes_have_their_words(text, error, words):
    with pytest.raises(error, match=words):
        function(text).value(x=1, y=2)


def test_derivatives_of_derivatives_as_formulas():
    assert function("diff(x^2*y, x)").derivative("y").formulas[0].text == "2*x"
    assert function("f(t) = sin(t)^2; diff(f(x), x)").derivative().formulas[0].text == "2*cos(x)^2 - 2*sin(x)^2"


def test_many_names_do_not_collide():
    text = "; ".join(f"t = x + {k}; s{k} = diff(t^2, t)" for k in range(20))
    text += "; " + " + ".join(f"s{k}" for k in range(20))
    assert function(text).value(x=1) == sum(2 * (1 + k) for k in range(20))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("k = 2; diff(y^2*k, k)", 4),  # y^2 has the same 2, which nothing is differentiated by
        ("u = y; diff(abs(y + 2) + u, u)", 1),  # abs(y + 2) does not depend on u
        ("u = y + 2; diff(abs(y + 2) + u^2, u)", 0),
        ("u = y + 2; diff(floor(u)*y, u)*0 + 1", None),
    ],
)
def test_what_has_the_same_value_as_the_variable_is_not_differentiated_by_it(text, value):
    if value is None:
        assert function(text).value(y=-2.5) == 1
        return
    assert function(text).value(y=-2) == value


@pytest.mark.parametrize(
    ("text", "x", "words"),
    [
        ("u = x; diff(abs(u) + x, u)", 0, "kink where u = 0: the slope by u is -1 to the left"),
        ("u = 2*x; if u > 0 { y = u^2 } else { y = u } diff(y, u)", 0, "u > 0 turns here"),
        ("f(u) = diff(if(u > 0, u, 2*u), u); f(x - 1)", 1, "the slope by u is 2 to the left and 1 to the right"),
    ],
)
def test_a_kink_by_a_name_is_said_with_the_name(text, x, words):
    with pytest.raises(NotDifferentiableError, match=words):
        function(text).value(x=x)


def test_a_function_is_not_an_expression():
    with pytest.raises(AdcalcSyntaxError, match="'f' is a function") as refused:
        function("f(x) = x^2; diff(f, x)")
    assert refused.value.hint == "write diff(f(x), x)"
    assert function("f(x) = x^2; f = 3*x; diff(f, x)").value(x=1) == 3


def test_derivatives_in_a_long_loop_take_no_more_time_each():
    """Each looks at its own expression alone: 3000 rounds, which took minutes when each looked at all."""
    text = "y = x; n = 0; while n < 3000 { y = y - 0.01*(y^2 - 2)/diff(y^2 - 2, y); n = n + 1 } y"
    assert function(text).gradient(x=1.5).value == pytest.approx(2**0.5, rel=1e-12)
