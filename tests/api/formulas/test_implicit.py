"""Derivatives of what an equation defines, against SymPy's total derivatives."""

import pytest
import sympy

from adcalc.api.formulas.implicit import Equation
from adcalc.errors import AdcalcSyntaxError, NotDifferentiableError, Source, UnknownVariableError, UsageError

X, Y = sympy.symbols("x y")


@pytest.mark.parametrize(
    ("text", "equation", "point"),
    [
        ("x^2 + y^2 = 25", X**2 + Y**2 - 25, {"x": 3, "y": 4}),
        ("y = x*y^2 + 1", Y - X * Y**2 - 1, {"x": 0.1875, "y": 4 / 3}),
        ("x^3 + y^3 = 6*x*y", X**3 + Y**3 - 6 * X * Y, {"x": 3, "y": 3}),
        ("sin(x + y) = x - x", sympy.sin(X + Y), {"x": 0.5, "y": -0.5}),
        ("exp(x*y) - 1", sympy.exp(X * Y) - 1, {"x": 2, "y": 0}),
        ("y + log(y) = x", Y + sympy.log(Y) - X, {"x": 1, "y": 1}),
    ],
)
@pytest.mark.parametrize("order", [1, 2, 3])
def test_against_sympy(text, equation, point, order):
    slope = -sympy.diff(equation, X) / sympy.diff(equation, Y)
    expected = slope
    for _ in range(order - 1):
        expected = sympy.diff(expected, X) + sympy.diff(expected, Y) * slope
    (formula,) = Equation(Source(text)).implicit("y", order=order, point=point).formulas
    number = expected.subs({X: sympy.Float(point["x"], 40), Y: sympy.Float(point["y"], 40)})
    assert formula.evaluated == pytest.approx(float(number), rel=1e-11, abs=1e-12)


def test_what_is_printed():
    found = Equation(Source("x^2 + y^2 = 25")).implicit("y")
    assert (found.formulas[0].text, found.of) == ("-x/y", "dy")
    assert Equation(Source("x^2+y^2=25")).text == "x^2 + y^2 = 25"
    assert Equation(Source("x^2+y^2-25")).text == "x^2 + y^2 - 25 = 0"


def test_several_variables_are_partial_derivatives():
    found = Equation(Source("p*v = n*8.314*t")).implicit("v", "t", "p")
    assert [formula.text for formula in found.formulas] == ["8.314*n/p", "-v/p"]
    assert found.of == "∂v"


def test_mixed_partials():
    z = sympy.Symbol("z")
    found = Equation(Source("x^2*z + y*z^3 = 10")).implicit("z", "x", "y", mixed=True, point={"x": 1, "y": 1, "z": 2})
    equation = X**2 * z + Y * z**3 - 10
    by_x = -sympy.diff(equation, X) / sympy.diff(equation, z)
    by_y = -sympy.diff(equation, Y) / sympy.diff(equation, z)
    expected = sympy.diff(by_x, Y) + sympy.diff(by_x, z) * by_y
    assert found.formulas[0].evaluated == pytest.approx(float(expected.subs({X: 1, Y: 1, z: 2})), rel=1e-12)


def test_the_point_has_to_lie_on_the_curve():
    with pytest.raises(UsageError, match="its left side is 34, its right side 25"):
        Equation(Source("x^2 + y^2 = 25")).implicit("y", point={"x": 3, "y": 5})


def test_where_the_equation_does_not_determine_the_variable():
    circle = Equation(Source("x^2 + y^2 = 25"))
    with pytest.raises(NotDifferentiableError, match="does not determine 'y' here"):
        circle.implicit("y", point={"x": 5, "y": 0})
    with pytest.raises(UnknownVariableError):
        circle.implicit("z")
    with pytest.raises(UsageError, match="--wrt"):
        circle.implicit("y", "y")
    with pytest.raises(UsageError, match="order"):
        circle.implicit("y", order=0)


@pytest.mark.parametrize("text", ["x + = 2", "x = y = 2", "= 2", "x ="])
def test_texts_that_are_no_equations(text):
    with pytest.raises(AdcalcSyntaxError):
        Equation(Source(text)).implicit("x")
