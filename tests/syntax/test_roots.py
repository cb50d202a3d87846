"""Solutions of equations as values: against mpmath, and against the iteration written out."""

import mpmath
import pytest

from adcalc.api import function
from adcalc.errors import AdcalcSyntaxError, ArityError, NoConvergenceError, NotDifferentiableError, PathError

MODES = ("forward", "reverse", "symbolic")


def cubic(a, b):
    return mpmath.findroot(lambda x: x**3 + x - a * b, 1)


def kepler(e, m):
    return mpmath.findroot(lambda x: x - e * mpmath.sin(x) - m, m)


@pytest.mark.parametrize(
    ("text", "point", "oracle"),
    [
        ("root(x^2 - a, x, 1)", {"a": 2.0}, lambda a: mpmath.sqrt(a)),
        ("root(x^2 - a, x, -1)", {"a": 2.0}, lambda a: -mpmath.sqrt(a)),
        (
            "root(x^3 + x - a*b, x, 1)",
            {"a": 2.0, "b": 1.5},
            lambda a, b: mpmath.findroot(lambda x: x**3 + x - a * b, 1),
        ),
        ("root(x - ecc*sin(x) - m, x, m)", {"ecc": 0.3, "m": 1.0}, kepler),
        ("3*root(exp(x) - a, x, 1)^2", {"a": 5.0}, lambda a: 3 * mpmath.log(a) ** 2),
        ("root(y^2 - root(x^2 - a, x, 1), y, 1)", {"a": 16.0}, lambda a: a ** (mpmath.mpf(1) / 4)),
        ("f(t) = t*exp(t); root(f(w) - a, w, 1)", {"a": 2.0}, lambda a: mpmath.lambertw(a).real),
        ("g(p) = root(x^3 - p, x, 1); g(a)*g(a^2)", {"a": 1.7}, lambda a: a),
        ("root(if(x > 1, x^2, x) - a, x, 2)", {"a": 5.0}, lambda a: mpmath.sqrt(a)),
        ("root(diff(t^4/4 - a*t, t), t, 1)", {"a": 2.0}, lambda a: mpmath.cbrt(a)),
    ],
)
def test_value_and_slopes(text, point, oracle):
    asked = function(text)
    names = list(point)
    with mpmath.workdps(50):
        exact = [mpmath.mpf(point[name]) for name in names]
        value = float(oracle(*exact))
        slopes = [
            float(mpmath.diff(lambda t, k=k: oracle(*exact[:k], t, *exact[k + 1 :]), exact[k]))
            for k in range(len(names))
        ]
    assert asked.value(point) == pytest.approx(value, rel=1e-14)
    for mode in MODES:
        gradient = asked.gradient(point, mode=mode).gradient
        assert [gradient[name] for name in names] == pytest.approx(slopes, rel=1e-12)


def test_the_unrolled_iteration_has_the_same_derivatives():
    unrolled = "x = m; repeat 12 { x = x - (x - ecc*sin(x) - m)/(1 - ecc*cos(x)) } x"
    point = {"ecc": 0.6, "m": 2.0}
    expected = function(unrolled).gradient(point)
    found = function("root(x - ecc*sin(x) - m, x, m)").gradient(point)
    assert found.value == pytest.approx(expected.value, rel=1e-15)
    for name in point:
        assert found.gradient[name] == pytest.approx(expected.gradient[name], rel=1e-14)
    graph = function("root(x - ecc*sin(x) - m, x, m)").lowered().graph
    assert len(graph.live(function("root(x - ecc*sin(x) - m, x, m)").lowered().output)) < 5


def test_second_derivatives_go_through_the_solution():
    formula = function("root(x^2 - a, x, 1)").derivative("a", order=2, point={"a": 4}).formulas[0]
    assert formula.evaluated == pytest.approx(-1 / 32, rel=1e-13)
    assert formula.text == "-1/(4*root(x^2 - a, x, 1)^3)"


def test_what_is_printed_is_read_again():
    text = function("root(x^3 + x - a*b, x, 1)").derivative("a").formulas[0].text
    assert function(text).value(a=2, b=1) == pytest.approx(
        function("root(x^3 + x - a*b, x, 1)").gradient(a=2, b=1).gradient["a"]
    )


def test_the_unknown_is_not_a_variable():
    assert function("root(x^2 - a, x, 1)").variables == ("a",)
    assert function("x + root(x^2 - a, x, 1)").variables == ("x", "a")
    assert function("x + root(x^2 - a, x, 1)").gradient(x=1, a=4).gradient == {"x": 1, "a": 0.25}
    assert function("x = 7; root(x^2 - a, x, 1)").value(a=4) == 2


def test_an_unknown_named_like_what_it_depends_on_is_told_apart():
    text = function("b = x^2; root(x - 2*b, x, 1)").derivative("x").formulas[0].text
    assert function(text).value(x=3) == 12


def test_the_reference_of_compare_is_proved():
    result = function("root(x - ecc*sin(x) - m, x, m)").compare(ecc=0.3, m=1)
    with mpmath.workdps(60):
        e, m = mpmath.mpf(0.3), mpmath.mpf(1)
        x = kepler(e, m)
        assert mpmath.nstr(1 / (1 - e * mpmath.cos(x)), 50) == result.reference["m"]


@pytest.mark.parametrize(
    ("text", "point", "reason"),
    [
        ("root(x^2 - a, x, 1)", {"a": -1}, "flat"),
        ("root(x^2 + 1 + a, x, 3)", {"a": 0}, "was not found"),
        ("root(log(x) - a, x, -1)", {"a": 1}, "no value at the start"),
        ("root(tan(u) - a, u, 1.5707963267948966)", {"a": 2}, "beside a pole"),
    ],
)
def test_where_there_is_no_solution(text, point, reason):
    with pytest.raises(NoConvergenceError, match=reason) as refused:
        function(text).value(point)
    assert refused.value.hint == "try another start"


@pytest.mark.parametrize(
    ("text", "a", "value", "slope"),
    [
        ("root(x^2 - a, x, 1)", 1e300, 1e150, 5e-151),
        ("root(x^2 - a, x, 1)", 1e-300, 1e-150, 5e149),
        ("root(x^2 - a, x, 1e6)", 2.0, 2**0.5, 0.125**0.5),
        ("root(tanh(x) - a, x, 20)", 0.5, 0.5493061443340548, 4 / 3),
        ("root(log(x) - a, x, 1e300)", -600.0, 2.650396553004451e-261, 2.650396553004451e-261),
        ("root(1e-200*(x^2 - a), x, 1)", 2.0, 2**0.5, 0.125**0.5),
        ("root((x - a)^21, x, 1)", 2.0, 2, 1),
    ],
)
def test_solutions_far_from_the_start(text, a, value, slope):
    found = function(text).gradient(a=a)
    assert found.value == pytest.approx(value, rel=1e-12)
    assert found.gradient["a"] == pytest.approx(slope, rel=1e-12)


def test_what_is_no_solution_is_not_taken_for_one():
    """Where Newton's steps lead up and down around the least value, halving them does not make it a solution."""
    for start in (0, 0.1, 0.7, 0.81649, 0.8165, 3, -0.01):
        for text in (f"root(x^3 - 2*x + 2, x, {start})", f"root(x^2 + 1, x, {start})"):
            try:
                value = function(text).value()
            except NoConvergenceError:
                continue
            assert value == pytest.approx(-1.7692923542386314, rel=1e-12)


def test_an_equation_that_holds_by_underflow_alone_has_no_solution_there():
    for text in ("root(x^2 - a, x, 1)", "root(x^21 - a, x, 1)"):
        with pytest.raises(NoConvergenceError, match="flat"):
            function(text).value(a=0)


@pytest.mark.parametrize(
    ("text", "a", "words"),
    [
        ("root(abs(x) + 2*x - a, x, 1)", 0, "is 1 to the left and 0.3333333333333333 to the right"),
        ("root(if(x > 1, x^2, x) - a, x, 2)", 1, "is 1 to the left and 0.5 to the right"),
        ("root(x^3 + abs(a*x) - 1, x, 2)", 0, "is 0.3333333333333333 to the left and -0.3333333333333333 to the right"),
        ("root(abs(x) + x - a, x, 1)", 0, "no value and slope to the left"),
        ("root(floor(x) + x - a, x, 1)", 2, "no value and slope to the left"),
        ("root(y - root(abs(x) + 2*x - a, x, 1), y, 1)", 0, "is 1 to the left and 0.3333333333333333 to the right"),
        ("root(sqrt(x) - a, x, 1)", 0, "no finite slope"),
        ("root(asin(x) - a, x, 0.5)", "pi/2", "no finite slope"),
    ],
)
def test_kinks_of_an_equation_at_its_solution(text, a, words):
    for mode in MODES:
        with pytest.raises(NotDifferentiableError, match=words):
            function(text).gradient({"a": a}, mode=mode)


def test_an_equation_whose_slopes_agree_at_its_kink_has_a_slope():
    asked = function("root(if(x > 1, 2*x - 1, x^2) - a, x, 2)")
    assert [asked.gradient({"a": 1}, mode=mode).gradient["a"] for mode in MODES] == [0.5] * 3
    assert asked.compare(a=1).reference is None


def test_a_flat_solution_is_said_in_the_words_of_the_text():
    with pytest.raises(NotDifferentiableError) as refused:
        function("root((x - a)^2, x, 1)").gradient(a=2)
    assert "slope of the equation by x must be" in refused.value.hint


def test_a_double_root_has_no_slope():
    with pytest.raises((NotDifferentiableError, NoConvergenceError)):
        function("root(x^2 - a, x, 0)").gradient(a=0)


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("root(x^2 - 2, x)", ArityError, "an expression, its unknown and a start"),
        ("root(x^2 - 2, 2, 1)", AdcalcSyntaxError, "the name of the unknown"),
        ("root(3, x, 1)", AdcalcSyntaxError, "does not depend on 'x'"),
        ("root(x > 1, x, 1)", AdcalcSyntaxError, "condition is not a number"),
    ],
)
def test_mistakes_have_their_words(text, error, words):
    with pytest.raises(error, match=words):
        function(text)


def test_a_way_cannot_depend_on_the_unknown():
    with pytest.raises(PathError, match="the unknown u of root decides"):
        function("f(u) = { if u > 2 { u/2 } else { u } }; root(f(u) - x, u, 1)").value(x=1.5)


def test_what_is_shared_is_named_in_every_notation():
    found = function("root(u*a + erfc(-u/b) - p, u, 1)").derivative()
    assert len(found.formulas) == 3
    assert all("operatorname{root}" in formula.latex or found.named for formula in found.formulas)
