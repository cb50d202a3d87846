"""Derivatives of arrays as formulas: what is given, what is refused, and what the numbers at a point are."""

import json

import numpy as np
import pytest

from adcalc.api import function
from adcalc.errors import NotDifferentiableError, ShapeError, UnknownVariableError, UsageError
from adcalc.render import json as json_format


def texts(text, *wrt, **options):
    shapes = options.pop("shapes", None)
    return [formula.text for formula in function(text, shapes=shapes).derivative(*wrt, **options).formulas]


def test_the_derivative_by_an_array_has_its_shape():
    shapes = {"X": (4, 3), "W": (3, 2), "T": (4, 2)}
    assert texts("sum((X@W - T)^2)", "W", shapes=shapes) == ["2*X.T @ (X@W - T)"]
    assert texts("sum(X)", shapes={"X": (2, 3)}) == ["ones(2, 3)"]
    assert texts("3 + 0*sum(X)", "X", shapes={"X": (2, 3)}) == ["zeros(2, 3)"]


def test_the_derivative_of_an_array_by_a_number_is_taken_element_by_element():
    assert texts("s^3*X@w", "s", order=2, shapes={"X": (4, 3), "w": (3,)}) == ["6*s*X @ w"]
    assert texts("[x^2, x*y]", "x") == ["[2*x, y]"]


def test_mixed_derivatives_meet_the_array_once():
    found = texts("sum(A^2)*t^3", "t", "A", "t", mixed=True, shapes={"A": (2, 2)})
    assert found == ["12*t*A"]


@pytest.mark.parametrize(
    ("text", "shapes", "wrt", "options", "message"),
    [
        ("X@w", {"X": (4, 3), "w": (3,)}, ("w",), {}, "an index for each"),
        ("sum(A^2)", {"A": (2, 2)}, ("A",), {"order": 2}, "by it twice has 4 indices"),
        ("a@b", {"a": (2,), "b": (2,)}, ("a", "b"), {"mixed": True}, "by all of them has 2 indices"),
        ("X@w", {"X": (4, 3)}, (), {}, "4x3 and a number"),
    ],
)
def test_what_has_more_indices_is_refused(text, shapes, wrt, options, message):
    with pytest.raises(ShapeError, match=message) as raised:
        function(text, shapes=shapes).derivative(*wrt, **options)
    assert raised.value.hint


def test_derivations_are_of_numbers():
    with pytest.raises(UsageError, match="--steps"):
        function("sum(x^2)", shapes={"x": (3,)}).derivative(steps=True)


def test_shapes_that_are_missing_are_asked_for():
    with pytest.raises(ShapeError) as raised:
        function("x@A@x").derivative()
    assert raised.value.hint == 'say which variables are arrays: --shape "x=3, A=3x3", with their own lengths'
    with pytest.raises(ShapeError, match="a number") as raised:
        function("X@w", shapes={"X": (4, 3)}).derivative()
    assert "w=3" in raised.value.hint
    assert "X=" not in raised.value.hint


def test_shapes_of_what_is_no_variable_are_refused():
    with pytest.raises(UnknownVariableError):
        function("x^2", shapes={"y": (3,)}).derivative()


def test_a_value_has_the_shape_that_was_said():
    with pytest.raises(ShapeError, match="said to be a vector of 3"):
        function("sum(x)", shapes={"x": (3,)}).derivative(point={"x": [1, 2]})


def test_numbers_at_a_point():
    table, w, t = np.arange(12.0).reshape(4, 3) / 7, np.array([1.0, -2.0, 0.5]), np.ones(4)
    found = function("sum((X@w - t)^2)").derivative("w", point={"X": table, "w": w, "t": t})
    np.testing.assert_allclose(found.value, np.sum((table @ w - t) ** 2))
    np.testing.assert_allclose(found.formulas[0].evaluated, 2 * table.T @ (table @ w - t))
    read = json.loads(json_format.derivative(found))
    assert read["derivatives"] == {"w": "2*X.T @ (X@w - t)"}
    np.testing.assert_allclose(read["evaluated"]["w"], 2 * table.T @ (table @ w - t))


def test_numbers_of_arrays_at_a_point():
    found = function("s^2*x").derivative("s", point={"s": 3, "x": [1, -2]})
    assert found.value.tolist() == [9.0, -18.0]
    assert found.formulas[0].evaluated.tolist() == [6.0, -12.0]


def test_kinks_are_found_at_elements():
    with pytest.raises(NotDifferentiableError, match=r"x\[1\] = 0"):
        function("sum(abs(x))").derivative(point={"x": [1, 0]})
    with pytest.raises(NotDifferentiableError, match="by t"):
        function("abs(x*t)").derivative("t", point={"x": [1, 0], "t": 1})
    with pytest.raises(NotDifferentiableError, match="norm"):
        function("norm(x)").derivative(point={"x": [0, 0]})


def test_batch_normalisation():
    shapes = {"x": (8, 3), "g": (3,), "b": (3,), "V": (8, 3)}
    found = function("sum(batchnorm(x, g, b, 0.001)*V)", shapes=shapes).derivative("x", "b")
    assert [formula.text for formula in found.formulas][1] == "sum(V, axis=0)"
    source = np.random.default_rng(1)
    at = {name: source.normal(size=shape) for name, shape in shapes.items()}
    names = {"mean": np.mean, "sum": np.sum, "sqrt": np.sqrt, **at}
    for shared in found.named:
        names[shared.name] = eval(shared.text.replace("^", "**"), {"__builtins__": {}}, names)
    by_formula = eval(found.formulas[0].text.replace("^", "**"), {"__builtins__": {}}, names)
    slopes = np.empty((8, 3))
    for index in np.ndindex(8, 3):
        moved = at["x"].astype(complex)
        moved[index] += 1e-30j
        centred = moved - np.mean(moved, axis=0)
        whole = at["g"] * centred / np.sqrt(np.mean(centred**2, axis=0) + 0.001) + at["b"]
        slopes[index] = np.sum(whole * at["V"]).imag / 1e-30
    np.testing.assert_allclose(by_formula, slopes, rtol=1e-9, atol=1e-12)
