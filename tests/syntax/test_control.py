"""Statements with blocks: what they compute is what the same program in Python computes, slopes against mpmath."""

import mpmath
import pytest

from adcalc.api import Function, function
from adcalc.errors import (
    AdcalcSyntaxError,
    ArityError,
    DomainError,
    LimitError,
    NotDifferentiableError,
    NumberOverflowError,
    PathError,
    PrecisionError,
    Source,
    UnboundVariableError,
    UnknownVariableError,
    UsageError,
)


def slope(oracle, x):
    with mpmath.workdps(50):
        return float(mpmath.diff(oracle, mpmath.mpf(x)))


def held(text, oracle, x, modes=("forward", "reverse")):
    """Value and slope of a program are those of an oracle written in Python."""
    asked = function(text)
    assert asked.value(x=x) == pytest.approx(float(oracle(mpmath.mpf(x))), rel=1e-13)
    for mode in modes:
        found = asked.gradient({"x": x}, mode=mode).gradient["x"]
        assert found == pytest.approx(slope(oracle, x), rel=1e-12, abs=1e-300), mode


def powers(x):
    total = mpmath.mpf(0)
    for k in range(1, 5):
        total += k * x**k
    return total


def pieces(x):
    return x**2 if x > 1 else x**3 if x > 0 else 5 * x


def triangle(x):
    total = mpmath.mpf(0)
    for k in range(1, 4):
        for j in range(1, k + 1):
            total += x**j / k
    return total


@pytest.mark.parametrize(
    ("text", "oracle"),
    [
        ("repeat 3 { x = x*x } x", lambda x: x**8),
        ("repeat 0 { x = x*x } x", lambda x: x),
        ("repeat 1 + 2 { x = x*x }\nx", lambda x: x**8),
        ("s = 0; for k in 1..4 { s = s + k*x^k } s", powers),
        ("s = 0\nfor k in 1..3 {\n  for j in 1..k {\n    s = s + x^j/k\n  }\n}\ns", triangle),
        ("s = x; for k in 3..1 { s = 0 } s", lambda x: x),
        ("for k in -1..1 { x = x + k*x } x", lambda x: (x - x + 0) * 0),
        ("k = 5*x; for k in 1..3 { x = x*k } x*k", lambda x: 6 * x * 5 * x),
        ("f(u) = { a = u*u; a + 1 }; f(x) + f(2*x)", lambda x: x**2 + 1 + 4 * x**2 + 1),
        ("f(u) = {\n  a = u\n  repeat 2 { a = a*u }\n  a\n}\na = 7*x\nf(x) + a", lambda x: x**3 + 7 * x),
        ("f(u) = { if 1 < 2 { u^2 } else { u^3 } }; f(x)", lambda x: x**2),
        (
            "g(u) = { h = sin(u); h^2 }; f(u) = { g(u) + g(u^2) }; f(x)",
            lambda x: mpmath.sin(x) ** 2 + mpmath.sin(x**2) ** 2,
        ),
        ("if 2 > 1 { y = x^2 } else { y = 1/0 } y", lambda x: x**2),
        ("if 2 < 1 { y = 1 } else if 3 < 2 { y = 2 } else { y = x^3 } y", lambda x: x**3),
        ("n = 0; y = 1; while n < 5 { y = y*x; n = n + 1 } y", lambda x: x**5),
    ],
)
def test_what_needs_no_point_unfolds(text, oracle):
    held(text, oracle, 1.3, ("forward", "reverse", "symbolic", "finite")[:3])


@pytest.mark.parametrize(
    ("text", "oracle", "points"),
    [
        ("y = 1; while abs(y^2 - x) > 1e-14*x { y = (y + x/y)/2 } y", mpmath.sqrt, (2.0, 0.3, 1e6)),
        ("if x > 0 { y = x^2 } else { y = -3*x } y", lambda x: x**2 if x > 0 else -3 * x, (2.0, -2.0)),
        (
            "if x > 1 { x^2 } else if x > 0 { x^3 } else { 5*x }",
            lambda x: x**2 if x > 1 else x**3 if x > 0 else 5 * x,
            (2, 0.5, -1),
        ),
        ("y = x; if x > 0 { y = sin(y) }\ny*2", lambda x: 2 * mpmath.sin(x) if x > 0 else 2 * x, (0.7, -0.7)),
        ("n = 0; while x > 1 { x = x/2; n = n + 1 } x + n", lambda x: x / 8 + 3, (5.0, 7.9)),
        ("f(n) = if(n <= 1, 1, n*f(n - 1)); f(x)", lambda x: x * (x - 1) * (x - 2) * (x - 3), (4.5, 4.2)),
        ("f(n) = { if n <= 1 { 1 } else { n*f(n - 1) } }; f(x)", lambda x: x * (x - 1) * (x - 2) * (x - 3), (4.5,)),
        ("g(n) = if(n < 1, n, h(n - 1)); h(n) = if(n < 1, n^2, g(n - 1)); g(x)", lambda x: (x - 3) ** 2, (3.5,)),
        (
            "if not (x < 1 or x > 2) { y = x^2 } else { y = 0*x } y",
            lambda x: x**2 if 1 <= x <= 2 else 0 * x,
            (1.5, 3.0),
        ),
        ("while x < 100 { if x > 10 { x = x^2 } else { x = 3*x } } x", lambda x: (x * 9) ** 2, (1.5,)),
    ],
)
def test_what_depends_on_the_point_follows_its_path(text, oracle, points):
    for x in points:
        held(text, oracle, x)


def test_a_loop_leaves_no_counter_behind():
    assert function("k = 5; for k in 1..3 { x = x*k } k*x").value(x=1) == 30
    assert function("for k in 1..3 { x = x*k } k*x").variables == ("x", "k")


def test_locals_stay_inside_and_globals_are_seen():
    assert function("c = 2; f(u) = { a = c*u; a }; a = 10; f(x) + a").value(x=3) == 16


def test_two_calls_do_not_share_their_locals():
    assert function("f(u) = { s = 0; for k in 1..3 { s = s + u } s }; f(x)*f(y)").value(x=1, y=2) == 18


# ------------------------------------------------------------------ boundaries


@pytest.mark.parametrize(
    ("text", "x", "expected"),
    [
        ("if x > 1 { y = x^2 } else { y = 2*x - 1 } y", 1, 2),
        ("if x >= 1 { y = x^2 } else { y = 2*x - 1 } y", 1, 2),
        ("if x > 0 { x*abs(x) } else { -x^2 }", 0, 0),
        ("y = 0; if x > 0 { y = x^3 } y", 0, 0),
        ("if x > 0 { if x > 0 { y = x } else { y = 77 } } else { y = x } y", 0, 1),
        ("f(n) = if(n <= 0, 0*n, n^2*(1 + f(n - 1))); f(x)", 0, 0),
        ("while x < 4 { x = x*x } x", 2.0, 4),
        ("if x == 0 { 1 } else { sin(x)/x }", 0, 0),
        ("if x == 0 { y = 0 } else { y = x } y", 0, 1),
        ("if x >= 1 { n = 1 } else { n = 0 } if n == 1 { y = x^2 } else { y = 2*x - 1 } y", 1, 2),
        ("if x^2 > 0 { y = x } else { y = -x } y", 0, 1),
        ("y = 1; if x >= 0 { y = 1 + x^2 } else { if log(x + 1) < 0 { y = 1 - x^2 } } y", 0, 0),
        (
            "a = floor(x)^2; if a > 0 { y = 3*x - 2 } else { y = x } if x == 1 { y = y + 0*x } y - if(a > 0, 2*x, 2)",
            1,
            1,
        ),
    ],
)
def test_equal_values_and_slopes_on_a_boundary_are_a_derivative(text, x, expected):
    if text.startswith("while"):
        with pytest.raises(NotDifferentiableError, match="jumps"):
            function(text).gradient(x=x)
        return
    for mode in ("forward", "reverse"):
        assert function(text).gradient({"x": x}, mode=mode).gradient["x"] == expected


@pytest.mark.parametrize(
    ("text", "x", "words"),
    [
        ("if x > 0 { y = x^2 } else { y = -x } y", 0, "the slope by x is -1 to the left and 0 to the right"),
        ("if x > 1 { y = x^2 } else { y = 3*x } y", 1, "jumps from 3 to 1"),
        ("while x < 10 { x = x*2 } x", 5, "jumps from 20 to 10"),
        ("f(n) = if(n <= 1, 1, n*f(n - 1)); f(x)", 5, "is 154 to the left and 274 to the right"),
        ("y = 1; if x == 0 { y = 2 } y", 0, "jumps"),
        (
            "if x >= 1 { n = 1 } else { n = 0 } if n > 0.5 { y = x^2 } else { y = 3*x - 2 } y",
            1,
            "is 3 to the left and 2",
        ),
        ("s = 0; for k in 1..9 { if x >= 1 { s = s + x } else { s = s + 2*x - 1 } } s", 1, "18 to the left and 9 to"),
        ("n = floor(x); y = 0; while n > 0 { y = y + x; n = n - 1 } y", 2, "jumps from 2 to 4"),
        ("f(n) = if(n == 0, 1, n*f(n - 1)); f(x)", 3, "to no end"),
        ("while x != 10 { x = x + 1 } x", 0, "to no end"),
        ("if x <= 0 { y = x } else { while x < 100 { x = 2*x } y = x } y", 0, "to no end"),
        ("if x < 0 { y = log(x) } else { y = x } y", 0, "to no end with a value and a slope to the left of this x"),
    ],
)
def test_a_boundary_where_they_differ_is_said(text, x, words):
    for mode in ("forward", "reverse", "finite"):
        with pytest.raises(NotDifferentiableError, match=words):
            function(text).gradient({"x": x}, mode=mode)


@pytest.mark.parametrize(
    ("text", "x", "value"),
    [
        ("f(n) = if(n == 0, 1, n*f(n - 1)); f(x)", 3, 6),
        ("while x != 10 { x = x + 1 } x", 0, 10),
        ("if x >= 0 { y = x } else { if log(x) > 0 { y = 1 } else { y = 2 } } y", 0, 0),
        ("if x <= 0 { y = x } else { while x < 100 { x = x*2 } y = x } y", 0, 0),
    ],
)
def test_the_value_on_a_boundary_needs_no_other_way(text, x, value):
    assert function(text).value(x=x) == value


def test_a_derivative_inside_needs_both_sides_of_a_boundary():
    assert function("if x > 0 { y = x^2 } else { y = -x^2 } diff(y, x)").value(x=0) == 0
    with pytest.raises(NotDifferentiableError, match="is 1 to the left and 0 to the right"):
        function("if x > 0 { y = x^2 } else { y = x } diff(y, x)").value(x=0)


def test_what_is_not_the_derivative_of_the_way_is_not_shown_as_one():
    """At 0 the way is the constant 1, and the derivative that of what lies beside it."""
    asked = function("if x == 0 { y = 1 } else { y = sin(x)/x + x } y")
    assert asked.gradient(x=0).gradient == {"x": 1}
    for mode in ("forward", "reverse"):
        with pytest.raises(UsageError):
            asked.trace(x=0, mode=mode)
    assert asked.compare(x=0).reference is None
    with pytest.raises(PrecisionError, match="x == 0 turns exactly here"):
        asked.check(["x: 1"], {"x": 0})
    with pytest.raises(NotDifferentiableError, match="not looked for"):
        asked.compare(x=0, order=2)


def test_a_difference_does_not_go_where_a_program_has_no_end():
    text = "y = 1; while abs(y^2 - x) > 1e-12 { y = (y + x/y)/2 } y"
    assert function(text).gradient({"x": 0.01}, mode="finite").gradient["x"] == pytest.approx(5, rel=1e-5)


def test_a_boundary_of_what_is_not_differentiated_is_none():
    assert function("if y > 0 { z = x } else { z = 3*x } z").gradient({"x": 2, "y": 0}, wrt=["x"]).gradient == {"x": 3}


def test_an_iteration_that_stands_still_ends():
    """The last condition compares equal values: the way that goes on stands still, too."""
    found = function("y = 1; z = 0; while y != z { z = y; y = (y + x/y)/2 } y").gradient(x=4)
    assert found.value == 2
    assert found.gradient["x"] == pytest.approx(0.25)


# ------------------------------------------------------------------ without a point


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("while x < 10 { x = 2*x } x", "while"),
        ("if x < 10 { x = 2*x } x", "if"),
        ("f(n) = if(n <= 1, 1, n*f(n - 1)); f(x)", "if"),
    ],
)
def test_symbolic_mode_refuses_by_name(text, what):
    asked = function(text)
    assert asked.variables == ("x",)
    for question in (asked.derivative, lambda: asked.gradient(x=3.5, mode="symbolic")):
        with pytest.raises(PathError, match=f"this '{what}' goes") as refused:
            question()
        assert "forward and reverse" in refused.value.hint
        assert refused.value.place.excerpt.startswith(what)


def test_variables_of_a_program_without_a_point():
    text = "f(u) = u*c; c = 2; while a < b { t = a; a = f(t) + d } if a > 1 { q = e1 } q + pi"
    assert function(text).variables == ("a", "b", "d", "e1")


def test_a_variable_that_the_path_does_not_meet_may_have_a_value():
    found = function("if x > 0 { y = x } else { y = z } y").gradient(x=2, z=5)
    assert found.gradient == {"x": 1, "z": 0}
    with pytest.raises(UnknownVariableError):
        function("if x > 0 { y = x } else { y = z } y").gradient(x=2, z=5, w=1)
    with pytest.raises(UnboundVariableError):
        function("if x > 0 { y = x } else { y = z } y").gradient(z=5)


def test_what_fails_on_the_way_is_an_error_of_the_point():
    with pytest.raises(DomainError, match="log"):
        function("while log(x) < 5 { x = x - 1 } x").value(x=0.5)


# ------------------------------------------------------------------ limits and mistakes


def test_an_endless_loop_names_itself_and_its_condition():
    asked = Function(Source("y = x\nwhile y > 0 { y = y + 1 }\ny"), maximum_operations=2000)
    with pytest.raises(LimitError) as refused:
        asked.value(x=1)
    assert "'while' has not ended after" in refused.value.message
    assert "> 0 still holds" in refused.value.hint
    assert refused.value.place.line == 2


def test_a_loop_too_long_is_refused_at_once():
    with pytest.raises(LimitError, match="100000000000 rounds"):
        function("repeat 1e11 { x = x + 1 } x")
    with pytest.raises(LimitError, match="rounds"):
        function("for k in 1..1e11 { x = x + 1 } x")


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("repeat x { y = 2 } x", AdcalcSyntaxError, "whole number that is known without a point"),
        ("repeat 1.5 { y = 2 } x", AdcalcSyntaxError, "whole number"),
        ("repeat -1 { y = 2 } x", AdcalcSyntaxError, "whole number"),
        ("for k in 1..x { y = 2 } x", AdcalcSyntaxError, "from one whole number to another"),
        ("while x { x = 1 } x", AdcalcSyntaxError, "followed by a condition"),
        ("if x { x = 1 } x", AdcalcSyntaxError, "followed by a condition"),
        ("x; if 1 > 0 { y = 1 } y", AdcalcSyntaxError, "nobody uses the value"),
        ("repeat 2 { x^2 } x", AdcalcSyntaxError, "nobody uses the value"),
        ("f(u) = { a = u }; f(x)", AdcalcSyntaxError, "has no result"),
        ("f(u) = { g(v) = v; g(u) }; f(x)", AdcalcSyntaxError, "in the program itself"),
        ("f(u) = { u }; f(x, 2)", ArityError, "called with 2"),
        ("if 1 > 0 { y = 2 }", AdcalcSyntaxError, "no result"),
        ("f = { 2 }; f", AdcalcSyntaxError, "body of a function"),
    ],
)
def test_mistakes_have_their_words(text, error, words):
    with pytest.raises(error, match=words):
        function(text).value(x=3)


def test_a_result_inside_a_branch():
    asked = function("if x > 0 { x^2 } else { -x }")
    assert asked.value(x=3) == 9
    assert asked.value(x=-3) == 3
    assert asked.text == "if x > 0 { x^2 } else { -x }"


def test_finite_differences_say_that_they_took_different_branches():
    text = "if x > 1 { y = x^3 } else { y = 3*x } y"
    found = function(text).gradient({"x": 1.000001}, mode="finite", difference="central")
    assert found.warnings == (("branch", "finite differences by x took different branches"),)
    assert function(text).gradient({"x": 2}, mode="finite").warnings == ()
    assert function("if(x > 1, x^3, 3*x)").gradient({"x": 1.000001}, mode="finite", difference="forward").warnings == ()
    assert function("if(x < 1, x^3, 3*x)").gradient({"x": 0.9999999999}, mode="finite", difference="forward").warnings


def test_a_long_loop_is_one_graph_and_no_recursion():
    text = "y = x; n = 0; while n < 5000 { y = y + sin(y)*0.001; n = n + 1 } y"
    found = function(text).gradient(x=1.0)
    forward = function(text).gradient({"x": 1.0}, mode="forward").gradient["x"]
    assert found.gradient["x"] == pytest.approx(forward, rel=1e-12)


def test_a_jump_is_told_from_left_to_right():
    for text, words in (("if(x > 1, 0.5*x, x)", "from 1 to 0.5"), ("if(x >= 1, 0.5*x, x)", "from 1 to 0.5")):
        with pytest.raises(NotDifferentiableError, match=words):
            function(text).gradient(x=1)


def test_infinities_decide_nothing():
    """inf - inf is no number, and would end the loop by comparing false."""
    text = "n = 0; y = x; z = x; while y - z < 1 { y = y*y; z = 2*z*z; n = n + 1 } n*x"
    with pytest.raises(NumberOverflowError):
        function(text).value(x=2)
    with pytest.raises(NumberOverflowError):
        function("y = x; while y >= 0 { y = y*y } y").value(x=2)


def test_a_name_that_the_way_does_not_assign_is_told_so():
    with pytest.raises(UnboundVariableError) as refused:
        function("if x < 3 { y = 1 } y").value(x=3.5)
    assert "does not assign it" in refused.value.hint
    with pytest.raises(UnboundVariableError) as refused:
        function("f(u) = u^2; f + x").value(x=3.5)
    assert refused.value.hint == "f is a function: write f(u)"


def test_a_loop_that_never_runs_has_variables():
    assert function("repeat 0 { x = x*y } 3").variables == ("x", "y")
    assert function("for k in 3..1 { x = x*k*y } 3").variables == ("x", "y")


def test_an_else_if_has_a_place_of_its_own():
    with pytest.raises(NotDifferentiableError) as refused:
        function("if x > 5 { x } else if x > 4 { x^2 } else { 4*x }").gradient(x=4)
    assert refused.value.place.excerpt.startswith("x > 4")
