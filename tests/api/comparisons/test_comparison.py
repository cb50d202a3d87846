"""Comparisons: references and errors against mpmath at 60 digits, costs against closed forms, and no answer."""

import math
from itertools import pairwise

import mpmath
import pytest

from adcalc.api import function
from adcalc.api.comparisons import methods
from adcalc.api.comparisons.growth import law
from adcalc.errors import (
    AdcalcError,
    DomainError,
    LimitError,
    NotDifferentiableError,
    UnknownVariableError,
    UsageError,
)

EXACT = ("forward", "reverse", "symbolic")
FINITE = ("richardson", "central", "forward", "complex")


def by_name(result):
    return {(method.mode, method.difference): method for method in result.methods}


def truth(oracle, point, name, order=1):
    """The derivative at the very floats of the point."""
    with mpmath.workdps(120):
        exact = {key: mpmath.mpf(value) for key, value in point.items()}
        return mpmath.diff(lambda shifted: oracle(**{**exact, name: shifted}), exact[name], order)


# text, the same for mpmath, point
CASES = [
    ("cos(x*y) + y", lambda x, y: mpmath.cos(x * y) + y, {"x": 0.5, "y": 1.0}),
    ("exp(x)/(1 + exp(x))", lambda x: mpmath.exp(x) / (1 + mpmath.exp(x)), {"x": 0.1}),
    ("(x - sin(x))/x^3", lambda x: (x - mpmath.sin(x)) / x**3, {"x": 1e-3}),
    ("x^y", lambda x, y: x**y, {"x": 1.7, "y": -2.3}),
    ("x^2", lambda x: x**2, {"x": 1e8}),
    ("gamma(x)", mpmath.gamma, {"x": 2.5}),
    ("if(x > 0, x*y, y)", lambda x, y: x * y, {"x": 2.0, "y": 0.3}),
    ("a = sin(x); b = a*x; b/a + b", lambda x: x + mpmath.sin(x) * x, {"x": 0.7}),
    ("log(x)*sqrt(y)", lambda x, y: mpmath.log(x) * mpmath.sqrt(y), {"x": 1e8, "y": 1e-8}),
]


@pytest.mark.parametrize(("text", "oracle", "point"), CASES)
def test_the_reference_is_right_to_fifty_digits_at_the_very_floats(text, oracle, point):
    result = function(text).compare(point)
    for name, digits in result.reference.items():
        with mpmath.workdps(60):
            exact = truth(oracle, point, name)
            assert abs(mpmath.mpf(digits) - exact) <= abs(exact) * mpmath.mpf(10) ** -49
        assert len(digits.replace("-", "").replace(".", "").partition("e")[0].lstrip("0")) in range(1, 51)


@pytest.mark.parametrize(("text", "oracle", "point"), CASES)
def test_the_largest_error_is_the_largest_error_rounded_up(text, oracle, point):
    for method in function(text).compare(point).methods:
        if method.gradient is None:
            continue
        with mpmath.workdps(60):
            errors = [abs(truth(oracle, point, name) - mpmath.mpf(found)) for name, found in method.gradient.items()]
            assert max(errors) <= method.max_error <= max(errors) * (1 + mpmath.mpf(10) ** -15) + mpmath.mpf(10) ** -320


def test_every_method_is_there_with_its_gradient_cost_and_time():
    result = function("cos(x*y) + y").compare(x=0.5, y=1)
    assert list(by_name(result)) == [(mode, None) for mode in EXACT] + [("finite", name) for name in FINITE]
    for method in result.methods:
        assert list(method.gradient) == ["x", "y"]
        assert method.operations > 0
        assert method.seconds > 0
        assert (method.evaluations is not None) == (method.mode == "finite")


def test_methods_give_what_grad_gives():
    f = function("x^2*sin(y) + exp(x/y)")
    for method in f.compare(x=1.5, y=0.7).methods:
        if method.mode != "symbolic":  # which compare simplifies
            kind = {"difference": method.difference} if method.difference else {}
            assert method.gradient == f.gradient(x=1.5, y=0.7, mode=method.mode, **kind).gradient


def test_finite_differences_lose_what_theory_says():
    found = by_name(function("exp(sin(x))").compare(x=1))
    assert all(found[mode, None].digits > 15 for mode in EXACT)
    assert 6.5 < found["finite", "forward"].digits < 9
    assert 9.5 < found["finite", "central"].digits < 12.5
    assert found["finite", "richardson"].digits > 12
    assert found["finite", "complex"].digits > 15


def test_a_partial_of_zero_is_measured_by_the_largest_one():
    result = by_name(function("cos(x) + 1e6*y").compare(x=0, y=1))
    assert result["finite", "forward"].max_error < 1
    assert result["finite", "forward"].digits > 5


# ------------------------------------------------------------------ costs


def test_the_finite_differences_cost_their_evaluations():
    result = function("x*y*z").compare(x=1, y=2, z=3)
    found = by_name(result)
    assert result.operations == 2
    central, forward = found["finite", "central"], found["finite", "forward"]
    assert (central.evaluations, central.operations) == (7, 7 * 2 + 3 * 2)
    assert (forward.evaluations, forward.operations) == (4, 4 * 2 + 3 * 2)


def test_the_formulas_are_counted_as_diff_counts_them():
    f = function("sin(x*y)*exp(x*y)/y")
    swelling = f.compare(x=1, y=2).swelling
    stats = f.derivative(operations=True).operations
    assert swelling[:5] == tuple(stats)


def test_the_gradient_obeys_its_bound():
    result = function("x^y*sin(x) - y/x").compare(x=2, y=3)
    assert by_name(result)["reverse", None].operations <= result.bound[0] * result.operations


def test_much_work_is_counted_and_not_run():
    names = [f"x{k}" for k in range(2000)]
    result = function("*".join(names)).compare(dict.fromkeys(names, 1.0))
    central = by_name(result)["finite", "central"]
    assert central.gradient is None
    assert central.evaluations == 4001
    assert central.operations == 4001 * 1999
    assert "too long" in central.remark
    assert by_name(result)["reverse", None].max_error == 0
    assert by_name(result)["reverse", None].operations == 3 * 1999


def test_a_formula_that_swells_beyond_simplifying_is_evaluated_as_it_is():
    text = "".join(f"f{k} = sin({f'f{k - 1}' if k else 'x'})*{f'f{k - 1}' if k else 'x'};" for k in range(60)) + "f59"
    result = function(text).compare(x=2)
    symbolic = by_name(result)["symbolic", None]
    assert result.swelling.simplified is None
    assert result.swelling.derivative_tree > 10**30
    assert "not simplified" in symbolic.remark
    assert symbolic.gradient == pytest.approx(by_name(result)["reverse", None].gradient, rel=1e-12)


# ------------------------------------------------------------------ where something is missing


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("abs(x)", {"x": 0}),
        ("sqrt(x)", {"x": 0}),
        ("floor(x)", {"x": 1}),
        ("1/x", {"x": 0}),
        ("exp(x)", {"x": 1000}),
        ("x*y", {"x": 1}),
        ("x", {"x": 1, "z": 2}),
        ("sqrt(x^2)", {"x": 0}),
        ("x/1e-300", {"x": 1e10}),
        ("x*1e200*1e200", {"x": 1e-300}),
    ],
)
@pytest.mark.parametrize("order", [1, 2])
def test_an_input_error_is_the_error_of_grad(text, point, order):
    f = function(text)
    with pytest.raises(AdcalcError) as expected:
        f.gradient(point)
    with pytest.raises(type(expected.value)) as refused:
        f.compare(point, order=order)
    if order == 1:
        assert refused.value.as_dict() == expected.value.as_dict()


def test_a_kink_whose_slopes_agree_is_compared():
    result = function("x*abs(x)").compare(x=0)
    assert result.kink
    assert result.bound is None
    assert by_name(result)["reverse", None].gradient == {"x": 0.0}
    assert "kink" in by_name(result)["forward", None].remark
    assert by_name(result)["finite", "central"].gradient["x"] != 0


def test_without_a_reference_the_spread_is_said():
    result = function("if(x >= 0, x*abs(x), -x^2)").compare(x=0)
    assert result.reference is None
    assert "kink" in result.reason
    answers = [method.gradient["x"] for method in result.methods if method.gradient is not None]
    assert result.spread == max(answers) - min(answers)
    assert all(method.max_error is None and method.digits is None for method in result.methods)


def test_a_function_without_complex_values_has_no_complex_step():
    found = by_name(function("gamma(x)").compare(x=2.5))["finite", "complex"]
    assert (found.gradient, found.max_error, found.seconds) == (None, None, None)
    assert "gamma" in found.remark


def test_a_domain_without_room_has_no_differences():
    found = by_name(function("sqrt(x)*0 + sqrt(1 - x)*0 + y").compare(x=0.5, y=2))
    assert found["finite", "central"].gradient["y"] == pytest.approx(1)
    edge = function("x^1.5").compare(x=0)
    assert edge.reference == {"x": "0"}
    assert "values around" in by_name(edge)["finite", "central"].remark


def test_constants_and_idle_variables():
    constant = function("2 + 3").compare()
    assert (constant.value, constant.reference, constant.growth) == (5.0, {}, constant.growth)
    assert all(method.gradient == {} and method.max_error == 0 for method in constant.methods)
    idle = function("a = y; x^2").compare(x=3, y=2, wrt=["y"])
    assert idle.reference == {"y": "0"}
    assert all(method.gradient == {"y": 0.0} for method in idle.methods)


def test_variables_are_chosen_once_each():
    result = function("x*y").compare(x=1, y=2, wrt=["y", "y"])
    assert result.reference == {"y": "1"}
    with pytest.raises(UnknownVariableError):
        function("x*y").compare(x=1, y=2, wrt=["z"])


def test_an_error_beyond_floats_is_none():
    found = by_name(function("exp(x)").compare(x=700))
    for method in found.values():
        assert method.max_error is None or math.isfinite(method.max_error)


# ------------------------------------------------------------------ higher derivatives


@pytest.mark.parametrize(
    ("text", "oracle", "point"),
    [
        ("exp(sin(x))", lambda x: mpmath.exp(mpmath.sin(x)), {"x": 1.0}),
        ("x^5*y", lambda x, y: x**5 * y, {"x": 1.5, "y": 2.0}),
        ("log(x)/y", lambda x, y: mpmath.log(x) / y, {"x": 3.0, "y": 0.3}),
    ],
)
@pytest.mark.parametrize("order", [2, 4])
def test_higher_derivatives_against_mpmath(text, oracle, point, order):
    result = function(text).compare(point, order=order)
    for name, digits in result.reference.items():
        with mpmath.workdps(60):
            exact = truth(oracle, point, name, order)
            assert abs(mpmath.mpf(digits) - exact) <= abs(exact) * mpmath.mpf(10) ** -45 + mpmath.mpf(10) ** -45
        for mode in EXACT:
            assert by_name(result)[mode, None].gradient[name] == pytest.approx(float(exact), rel=1e-13, abs=1e-13)
    assert by_name(result)["finite", "complex"].gradient is None
    assert "sweep" in by_name(result)["reverse", None].remark


def test_differences_fall_apart_with_the_order():
    f = function("exp(sin(x))")
    orders = [by_name(f.compare(x=1, order=order)) for order in (1, 3, 6)]
    for name in FINITE[:3]:
        digits = [found["finite", name].digits for found in orders]
        assert digits[0] > digits[1] + 2 > digits[2] + 3


def test_orders_that_make_no_sense():
    with pytest.raises(UsageError):
        function("x").compare(x=1, order=0)
    with pytest.raises(LimitError):
        function("x").compare(x=1, order=101)
    with pytest.raises(LimitError) as refused:
        function("sin(x)/x").compare(x=3, order=20)
    assert "operations" in refused.value.message
    assert function("x^3").compare(x=3, order=100).reference == {"x": "0"}


def test_a_second_derivative_that_does_not_exist():
    with pytest.raises(NotDifferentiableError):
        function("x*abs(x)").compare(x=0, order=2)
    with pytest.raises(DomainError):
        function("log(x)").compare(x=-1, order=2)


# ------------------------------------------------------------------ growth


def test_growth_of_a_product():
    names = [f"x{k}" for k in range(1, 9)]
    result = function("*".join(names)).compare(dict.fromkeys(names, 1.5))
    assert [row.variables for row in result.growth] == list(range(2, 9))
    for row in result.growth:
        n = row.variables
        assert (row.value, row.reverse) == (n - 1, 3 * (n - 1))
        assert row.tree == n * (n - 2)  # n products of n - 1 factors
        assert row.label == "*".join(names[:n]) or "…" in row.label
    assert {column: law.kind for column, law in result.laws.items()} == {
        "value": "linear",
        "reverse": "linear",
        "graph": "linear",
        "simplified": "linear",
        "forward": "quadratic",
        "tree": "quadratic",
    }


def test_growth_goes_by_the_names_of_a_program():
    text = "x = 4*x*(1 - x);" * 6 + "y = x; y*1"
    result = function(text).compare(x=0.3)
    assert [row.label for row in result.growth] == ["x1", "x2", "x3", "x4", "x5", "y", "y*1"]
    assert result.laws["tree"].kind == "exponential"
    assert result.laws["tree"].rate == pytest.approx(4, rel=0.05)


def test_growth_of_a_long_path_is_thinned_and_its_last_row_is_the_result():
    result = function("+".join(f"sin({k}*x)" for k in range(100))).compare(x=0.3)
    assert len(result.growth) <= 8
    assert result.growth[-1].value == result.operations
    assert result.laws["reverse"].kind == result.laws["tree"].kind == "linear"
    steps = [row.step for row in result.growth]
    assert len({after - before for before, after in pairwise(steps)}) == 1


@pytest.mark.parametrize(
    ("formula", "kind"),
    [
        (lambda n: 7, "constant"),
        (lambda n: 3 * n + 11, "linear"),
        (lambda n: n * n + 5 * n + 3, "quadratic"),
        (lambda n: n**3 + n, "cubic"),
        (lambda n: 2**n + 3 * n, "exponential"),
        (lambda n: 4 ** (50 * n), "exponential"),  # beyond floats
        (lambda n: (-1) ** n * n, ""),
        (lambda n: {1: 1, 2: 50, 3: 51, 4: 90}.get(n, 100 * n), ""),
    ],
)
def test_laws(formula, kind):
    steps = list(range(1, 9))
    assert law(steps, [formula(n) for n in steps]).kind == kind


def test_rates():
    assert law([10, 20, 30, 40], [30, 60, 90, 120]).rate == 3
    assert law([1, 2, 3, 4, 5], [3 * 5**n for n in range(1, 6)]).rate == pytest.approx(5)


@pytest.mark.parametrize(
    "values",
    [
        [3, 9, 19, 28, 38, 46, 54, 62],  # of a program whose formulas are simplified: 8 a step
        [3, 9, 19, 28, 38],
        [10, 20, 28, 40, 48, 60],
    ],
)
def test_uneven_steps_are_no_exponential(values):
    assert law(range(1, len(values) + 1), values).kind == "linear"


@pytest.mark.parametrize("values", [[1, 17, 25, 29, 31, 32], [0, 16, 24, 28, 30], [10, 50, 70, 80, 84]])
def test_what_levels_off_follows_no_law(values):
    assert law(range(1, len(values) + 1), values).kind == ""


def test_a_way_through_an_infinity_is_left_out_of_the_growth():
    result = function("tanh(2^x - y*10^50)").compare(x=0, y=1e308)
    assert result.value == -1
    assert [row.label for row in result.growth] == ["2^x", "tanh(2^x - y*10^50)"]


# ------------------------------------------------------------------ step sweeps


def test_a_sweep_shows_the_orders():
    sweep = function("exp(sin(x))").compare(x=1, sweep=True).sweep
    assert (sweep.variable, sweep.proved) == ("x", True)
    assert sweep.slope == pytest.approx(float(truth(lambda x: mpmath.exp(mpmath.sin(x)), {"x": 1.0}, "x")), rel=1e-15)
    assert sweep.steps[0] == 1.0
    assert sweep.steps[-1] == 2.0**-52  # a smaller one is lost in 1 + h
    for series in sweep.series:
        assert series.truncation == pytest.approx(series.order, abs=0.15)
        assert series.rounding == pytest.approx(-1, abs=0.2)
        balance = 2.0 ** (-52 / (series.order + 1))  # where truncation and rounding are alike
        assert balance / 30 < series.best_step < balance * 30
    errors = [series.best_error for series in sweep.series]
    assert errors[0] > 100 * errors[1] > 1000 * errors[2] / 10


def test_the_errors_of_a_sweep_are_those_of_its_quotients():
    sweep = function("x^3").compare(x=1, sweep=True).sweep
    place = sweep.steps.index(0.1) if 0.1 in sweep.steps else 4
    step = sweep.steps[place]
    assert sweep.series[0].errors[place] == pytest.approx(3 * step + step**2, rel=1e-10)
    assert sweep.series[1].errors[place] == pytest.approx(step**2, rel=1e-10)
    assert sweep.series[2].errors[place] < 1e-13


def test_a_sweep_goes_by_the_scale_and_the_chosen_variable():
    sweep = function("x*y").compare(x=1e6, y=1, sweep=True).sweep
    assert (sweep.variable, sweep.scale, sweep.steps[0]) == ("x", 1e6, 1e6)
    assert function("x*y").compare(x=1e6, y=1, wrt=["y"], sweep=True).sweep.variable == "y"


def test_steps_out_of_the_domain_are_gaps():
    sweep = function("log(x)").compare(x=0.01, sweep=True).sweep
    assert sweep.series[0].errors[0] is not None
    assert sweep.series[1].errors[0] is None
    assert sweep.series[2].errors[-1] is not None
    assert sweep.series[1].truncation == pytest.approx(2, abs=0.1)


def test_a_polynomial_has_no_truncation_to_show():
    sweep = function("x^2").compare(x=1, sweep=True).sweep
    assert sweep.series[1].truncation is None
    assert 0.0 in sweep.series[1].errors


def test_a_sweep_without_a_reference_measures_from_reverse_mode():
    sweep = function("if(x >= 0, x*abs(x), -x^2)").compare(x=0, sweep=True).sweep
    assert not sweep.proved
    assert sweep.slope == 0


def test_sweeps_that_make_no_sense():
    with pytest.raises(UsageError):
        function("2").compare(sweep=True)
    with pytest.raises(UsageError):
        function("x").compare(x=1, order=2, sweep=True)


def test_measuring_stops_in_time():
    runs = []
    result, seconds = methods.timed(lambda: runs.append(None) or sum(range(2_000_000)))
    assert result == sum(range(2_000_000))
    assert len(runs) <= 7
    assert seconds > 0


@pytest.mark.parametrize(("text", "x"), [("x", 1e308), ("1e308*x", 0.0), ("1/3/x", 1e300), ("exp(x)", 709.7)])
def test_a_sweep_at_the_ends_of_floating_point_has_floats(text, x):
    sweep = function(text).compare(x=x, sweep=True).sweep
    errors = [error for series in sweep.series for error in series.errors if error is not None]
    assert all(math.isfinite(number) for number in (*sweep.steps, *errors))
    assert "-0.0" not in repr(sweep)


# ------------------------------------------------------------------ no answer in floating point


def test_infinities_that_meet_in_a_quotient_are_left_out():
    found = by_name(function("exp(x)").compare(x=709, order=3))
    assert found["finite", "richardson"].digits < 1
    assert found["reverse", None].digits > 15


def test_a_complex_value_beyond_floats_is_not_a_missing_function():
    found = by_name(function("sin(x)").compare(x=1e300))
    assert found["finite", "complex"].remark == "a complex value is beyond the range of floating point"


def test_nothing_is_proved_of_a_choice_that_is_not_decided():
    result = function("if(sin(x)^2 + cos(x)^2 < 1, x, y)").compare(x=2, y=2)
    assert result.reference is None
    assert by_name(result)["reverse", None].gradient == {"x": 0.0, "y": 1.0}


@pytest.mark.parametrize(
    ("text", "x"),
    [
        ("if x > 0 { x^2 } else { 0 }", 0),  # second derivatives 0 to the left and 2 to the right
        ("if x == 0.7 { 0 } else { (x - 0.7)^2 }", 0.7),
        ("if x > 1 { x^2 } else { 2*x - 1 }", 1),
    ],
)
def test_where_a_program_turns_no_higher_derivatives_are_compared(text, x):
    for order in (2, 3):
        with pytest.raises(NotDifferentiableError, match="turns here, and this derivative is not looked for"):
            function(text).compare({"x": x}, order=order)
    beside = 2.0 if x < 1 else 0.0  # 2*x - 1 has none
    assert function(text).compare({"x": x + (1 if x < 1 else -1)}, order=2).methods[0].gradient == {"x": beside}
