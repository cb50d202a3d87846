"""The Python interface: one method for each question."""

import math
from fractions import Fraction

import pytest

import adcalc
from adcalc.api import Function, function
from adcalc.errors import (
    AdcalcError,
    AdcalcSyntaxError,
    FileError,
    LimitError,
    Source,
    UnboundVariableError,
    UnknownVariableError,
    UsageError,
)


def test_the_package_offers_the_function():
    assert adcalc.function is function
    assert adcalc.Function is Function
    assert adcalc.AdcalcError is AdcalcError


def test_variables_are_in_order_of_first_appearance():
    assert function("b*a + c/b").variables == ("b", "a", "c")


def test_the_text_is_canonical():
    assert function("cos( x*y)+y").text == "cos(x*y) + y"
    assert function("3x²").text == "3*x^2"


@pytest.mark.parametrize(
    ("number", "value"),
    [(2, 4), (2.0, 4), (Fraction(1, 2), 0.25), ("1/2", 0.25), ("pi", math.pi**2), ("-3", 9), ("2e0", 4)],
)
def test_a_value_may_be_given_as_number_fraction_or_text(number, value):
    assert function("x^2").value(x=number) == pytest.approx(value, rel=1e-15)


def test_a_point_may_be_a_mapping_or_keywords_or_both():
    f = function("x - y")
    assert f.value({"x": 3, "y": 1}) == f.value(x=3, y=1) == f.value({"x": 3}, y=1) == 2


def test_a_quoted_variable_is_given_in_a_mapping():
    assert function("2`flow rate`").value({"flow rate": 3}) == 6


def test_evaluate_tells_the_whole():
    result = function("x^2+1").evaluate({"x": "1/2"})
    assert (result.expression, result.at, result.value) == ("x^2+1", {"x": 0.5}, 1.25)


def test_a_gradient_tells_the_whole():
    result = function("x*y").gradient(x=2, y=3)
    assert (result.value, result.gradient, result.mode, result.at) == (6, {"x": 3, "y": 2}, "reverse", {"x": 2, "y": 3})
    assert result.error_estimate == {}


def test_a_constant_has_an_empty_gradient():
    assert function("pi").gradient().gradient == {}


def test_a_gradient_by_some_variables():
    f = function("x*y*z")
    assert f.gradient(x=2, y=3, z=5, wrt=["z", "x"]).gradient == {"z": 6, "x": 15}
    assert list(f.gradient(x=2, y=3, z=5, wrt=["z", "x"]).gradient) == ["z", "x"]
    assert f.gradient(x=2, y=3, z=5, wrt=("y",)).gradient == {"y": 10}


def test_a_gradient_by_an_unknown_variable_is_refused_with_a_suggestion():
    with pytest.raises(UnknownVariableError) as refused:
        function("theta*x").gradient(theta=1, x=2, wrt=["thta"])
    assert refused.value.hint == "did you mean 'theta'?"


def test_a_value_for_an_unknown_variable_is_refused():
    with pytest.raises(UnknownVariableError, match="no variable 'z'"):
        function("x").value(x=1, z=2)


def test_a_variable_without_a_value_is_refused_at_its_place():
    with pytest.raises(UnboundVariableError) as refused:
        function("x + theta").value(x=1)
    assert refused.value.place.excerpt == "theta"


def test_a_name_meant_as_a_product_gets_the_product_as_hint():
    with pytest.raises(AdcalcError) as refused:
        function("xy").value(x=1, y=2)
    assert "x*y" in refused.value.hint


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_value_that_is_no_finite_number_is_refused(value):
    with pytest.raises(AdcalcError):
        function("x").value(x=value)


@pytest.mark.parametrize("value", [10**400, Fraction(10**400), "10^400", "1/0", "log(-1)", "y", "x=1", ""])
def test_a_value_beyond_the_numbers_or_the_language_is_refused_in_words(value):
    with pytest.raises(AdcalcError):
        function("x").value(x=value)


def test_an_unknown_mode_is_refused_with_a_suggestion():
    with pytest.raises(UsageError) as refused:
        function("x").gradient(x=1, mode="revers")
    assert refused.value.hint == "did you mean 'reverse'?"


def test_a_variable_named_like_a_constant_takes_its_value_from_the_point():
    assert function("e^2").value(e=3) == 9
    assert function("e^2").value() == pytest.approx(math.e**2)
    assert function("e*x").gradient(e=2, x=3).gradient == {"e": 3, "x": 2}


def test_a_function_is_asked_at_many_points():
    f = function("e*x")
    assert [f.value(x=1, e=2), f.value(x=1), f.value(x=2, e=5)] == [2, math.e, 10]


# ------------------------------------------------------------------ formulas


def formulas(text, *wrt, **options):
    return {formula.wrt: formula.text for formula in function(text).derivative(*wrt, **options).formulas}


def number_of(text, **point):
    return function(text).value(point)


def test_derivatives_by_every_variable():
    result = formulas("x^2*y")
    assert set(result) == {("x",), ("y",)}
    assert number_of(result["x",], x=3, y=2) == 12
    assert number_of(result["y",], x=3) == 9


def test_derivatives_by_one_variable():
    assert set(formulas("x^2*y", "y")) == {("y",)}


def test_a_higher_order_repeats_the_variable():
    result = formulas("x^4", order=3)
    assert set(result) == {("x", "x", "x")}
    assert number_of(result["x", "x", "x"], x=2) == 48


def test_order_zero_is_the_expression_itself():
    ((way, text),) = formulas("x^2 + x", order=0).items()
    assert way == ()
    assert number_of(text, x=3) == 12


def test_formulas_are_not_differentiated_without_end():
    for order, mixed in ((1001, False), (10**9, False), (501, True)):
        with pytest.raises(LimitError, match="up to order 1000"):
            function("x*y").derivative(order=order, mixed=mixed)


def test_without_variables_there_are_no_derivatives_of_any_order():
    for order in (1, 3):
        result = function("2").derivative(order=order)
        assert (result.order, result.formulas) == (order, ())


def test_a_variable_named_twice_makes_a_mixed_partial():
    assert set(formulas("x^3*y", "x", "x", "y")) == {("x", "x", "y")}
    assert number_of(formulas("x^3*y", "x", "x", "y")["x", "x", "y"], x=2) == 12


def test_mixed_makes_one_partial_of_all():
    assert set(formulas("x^2*y^2", "x", "y", mixed=True)) == {("x", "y")}


def test_a_derivative_is_evaluated_at_a_point():
    result = function("x^3*y").derivative(point={"x": 2, "y": 5})
    assert result.value == 40
    assert {formula.wrt: formula.evaluated for formula in result.formulas} == {("x",): 60, ("y",): 8}


def test_a_derivative_at_a_kink_is_refused():
    with pytest.raises(AdcalcError) as refused:
        function("abs(x)").derivative(point={"x": 0})
    assert refused.value.kind == "not_differentiable"


def test_a_negative_order_is_refused():
    with pytest.raises(UsageError):
        function("x").derivative(order=-1)


def test_a_derivative_by_an_unknown_variable_is_refused():
    with pytest.raises(UnknownVariableError):
        function("x").derivative("z")


def test_operations_are_counted_when_asked():
    result = function("sin(x)*cos(x)").derivative(operations=True)
    assert result.operations.expression_tree == 3
    assert result.operations.expression_graph == 3
    assert result.operations.simplified > 0
    assert function("x").derivative().operations is None


def test_the_derivative_of_a_constant_is_zero():
    assert formulas("a = x; 3 + 0*a") == {("x",): "0"}


def test_latex_is_ready_for_a_notebook():
    f = function("x^2/y")
    assert f._repr_latex_().startswith("$")
    assert f._repr_latex_().endswith("$")
    assert r"\frac" in f._repr_latex_()
    assert r"\partial" in f.derivative()._repr_latex_()
    assert "adcalc.function" in repr(f)


# ------------------------------------------------------------------ functions of one's own


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "mine.adc"
    path.write_text("d cube(u) = 3*u^2*du   # u^3\ncube(u) = u*u*u\ndouble(u) = 2*u\n", encoding="utf-8")
    return str(path)


def test_rows_of_a_file_of_ones_own_are_functions(mine):
    f = function("cube(x) + double(x)", functions=mine)
    assert f.value(x=2) == 12
    for mode in ("forward", "reverse", "symbolic"):
        assert f.gradient(x=2, mode=mode).gradient == {"x": 14}


def test_rows_of_ones_own_are_not_there_without_the_file(mine):
    with pytest.raises(AdcalcError):
        function("cube(x)")


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(FileError, match=r"nowhere\.adc"):
        function("x", functions="/nowhere.adc")


@pytest.mark.parametrize("row", ["cube(u = 3", "hello", "d f(u) = du*du", "f(u) = w", "d f(u) = du*"])
def test_a_row_that_makes_no_sense_is_refused_with_its_file(tmp_path, row):
    path = tmp_path / "wrong.adc"
    path.write_text(row + "\n", encoding="utf-8")
    with pytest.raises(AdcalcError) as refused:
        function("x", functions=str(path))
    assert refused.value.place is not None
    assert refused.value.place.source.name == str(path)


def test_a_limit_of_operations_can_be_set():
    with pytest.raises(LimitError):
        Function(Source("sum(sin(k*x), k = 1..1000)"), None, 100)


def test_an_error_of_the_text_comes_before_any_question():
    with pytest.raises(AdcalcSyntaxError):
        function("x +")


@pytest.mark.parametrize("value", [1j, None, object()])
def test_what_is_no_number_is_no_value(value):
    with pytest.raises(UsageError, match="the value of x is not a number"):
        function("x^2").value(x=value)
