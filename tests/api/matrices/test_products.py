"""Products with a Jacobian, against Jacobians that mpmath and NumPy make without knowing a rule."""

import numpy as np
import pytest
from mpmath import mp

from adcalc.api import function
from adcalc.errors import LimitError, NotDifferentiableError, ShapeError, UnknownVariableError, UsageError

MODES = ("reverse", "forward", "symbolic", "finite")
CHANCE = np.random.default_rng(7)


def random(*shape):
    return CHANCE.normal(size=shape)


LAYER = {"X": random(3, 2), "W": random(2, 4), "B": random(4)}
WEIGHT = random(3, 4)


def jacobian(values, at, names, step=1e-20):
    """Rows of slopes by NumPy's complex step, exact to rounding: of a function that is written with NumPy alone."""
    found = {}
    for name in names:
        number = np.asarray(at[name], dtype=complex)
        columns = []
        for index in np.ndindex(number.shape):
            moved = number.copy()
            moved[index] += 1j * step
            columns.append(np.asarray(values(*{**at, name: moved}.values())).imag / step)
        found[name] = np.moveaxis(np.array(columns), 0, -1).reshape(*columns[0].shape, *number.shape)
    return found


ARRAYS = {
    "linear(X, W, B)": (LAYER, lambda x, w, b: x @ w + b),
    "Y = tanh(X@W); Y*Y + B": (LAYER, lambda x, w, b: np.tanh(x @ w) ** 2 + b),
    "batchnorm(x, gamma, beta, eps)": (
        {"x": random(5, 3), "gamma": random(3), "beta": random(3), "eps": 0.3},
        lambda x, gamma, beta, eps: gamma * (x - x.mean(0)) / np.sqrt(((x - x.mean(0)) ** 2).mean(0) + eps) + beta,
    ),
    "[sum(x), x[0]*x[1]]": ({"x": random(3)}, lambda x: np.array([x.sum(), x[0] * x[1]])),
    "x*t": ({"x": random(2, 2), "t": 1.5}, lambda x, t: x * t),
    "exp(x).T[1:]": ({"x": random(2, 3)}, lambda x: np.exp(x).T[1:]),
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("expression", ARRAYS)
def test_a_weight_of_an_array_is_handed_back(expression, mode):
    at, values = ARRAYS[expression]
    rows = jacobian(values, at, at)
    value = values(*at.values())
    weight = random(*value.shape)

    found = function(expression).vjp(at, weight, mode=mode)

    close = 1e-7 if mode == "finite" else 1e-12
    assert found.value == pytest.approx(value, rel=1e-13, abs=1e-13)
    assert list(found.vjp) == list(at)
    for name in at:
        true = np.tensordot(weight, rows[name], value.ndim)
        assert np.shape(found.vjp[name]) == np.shape(at[name])
        assert found.vjp[name] == pytest.approx(true, rel=close, abs=close)


@pytest.mark.parametrize("expression", ARRAYS)
def test_a_direction_of_arrays_moves_the_result(expression):
    at, values = ARRAYS[expression]
    rows = jacobian(values, at, at)
    directions = {name: random(*np.shape(number)) if np.ndim(number) else 0.7 for name, number in at.items()}
    true = sum(np.tensordot(rows[name], directions[name], np.ndim(at[name])) for name in at)

    found = function(expression).jvp(at, directions)

    assert found.value == pytest.approx(values(*at.values()), rel=1e-13, abs=1e-13)
    assert found.jvp == pytest.approx(true, rel=1e-12, abs=1e-12)


LISTS = {
    "[x^2, x*y]": lambda x, y: [x**2, x * y],
    "[x/y, sin(x*y), y]": lambda x, y: [x / y, mp.sin(x * y), y],
    "z = x*y; [z, exp(z)]": lambda x, y: [x * y, mp.exp(x * y)],
    "while x < 10 { x = x*y } [x, y]": lambda x, y: [x * y**2, y],
    "if x > 1 { z = x*y } else { z = x/y } [z, z^2]": lambda x, y: [x * y, (x * y) ** 2],
}


def slopes(values, point):
    """The Jacobian as rows by variable, from mpmath's differences."""
    with mp.workdps(40):
        count = len(values(**point))
        return {
            name: [
                float(mp.diff(lambda moved, name=name, k=k: values(**{**point, name: moved})[k], mp.mpf(point[name])))
                for k in range(count)
            ]
            for name in point
        }


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("expression", LISTS)
def test_a_list_of_numbers_has_a_weight_for_each(expression, mode):
    point = {"x": 1.5, "y": 3.0}
    rows = slopes(LISTS[expression], point)
    weight = [2.0, -0.5, 3.0][: len(rows["x"])]
    asked = function(expression)
    if asked.needs_point and mode == "symbolic":
        return  # there is no formula

    found = asked.vjp(point, weight, mode=mode)

    assert isinstance(found.value, tuple)
    assert found.value == pytest.approx([float(value) for value in LISTS[expression](1.5, 3.0)])
    for name, row in rows.items():
        assert found.vjp[name] == pytest.approx(np.dot(weight, row), rel=1e-6 if mode == "finite" else 1e-12)


@pytest.mark.parametrize("expression", LISTS)
def test_a_list_of_numbers_moves_along_a_direction(expression):
    point = {"x": 1.5, "y": 3.0}
    rows = slopes(LISTS[expression], point)

    found = function(expression).jvp(point, {"x": 2.0, "y": -1.0})

    assert isinstance(found.jvp, tuple)
    assert found.jvp == pytest.approx([2.0 * x - y for x, y in zip(rows["x"], rows["y"], strict=True)], rel=1e-12)
    assert function(expression).jvp(point, {"y": 1}).jvp == pytest.approx(rows["y"], rel=1e-12)


@pytest.mark.parametrize("mode", MODES)
def test_a_number_has_a_weight_too(mode):
    found = function("x^2*y").vjp({"x": 3, "y": 2}, 10, mode=mode)
    assert (found.value, found.vjp["x"], found.vjp["y"]) == pytest.approx((18.0, 120.0, 90.0), rel=1e-9)
    assert function("x^2*y").jvp({"x": 3, "y": 2}, {"x": 1, "y": -1}).jvp == pytest.approx(12.0 - 9.0)


@pytest.mark.parametrize("seed", [2, "2", {"Y": 2}, np.full((3, 4), 2.0), [[2] * 4] * 3, {"Y": [[2] * 4] * 3}])
def test_one_number_is_the_weight_of_every_element(seed):
    found = function("linear(X, W, B)").vjp(LAYER, seed)
    assert found.vjp["B"].tolist() == [6.0] * 4
    assert found.vjp["W"] == pytest.approx(LAYER["X"].T @ np.full((3, 4), 2.0))


def test_no_array_of_the_caller_is_taken_or_changed():
    x, weight = np.array([-0.0, 1.0]), np.array([1.0, -0.0])
    found = function("x").vjp({"x": x}, weight)
    found.vjp["x"][:] = 7.0
    found.value[:] = 7.0
    assert str(weight) == "[ 1. -0.]"
    assert str(x) == "[-0.  1.]"


def test_a_program_can_be_asked_again():
    asked = function("Y = X@W; Y")
    first = asked.vjp({"X": LAYER["X"], "W": LAYER["W"]}, {"Y": WEIGHT})
    second = asked.vjp({"X": LAYER["X"][:2], "W": LAYER["W"]}, {"Y": WEIGHT[:2]}, wrt=["W"])
    assert first.name == second.name == "Y"
    assert second.vjp["W"] == pytest.approx(LAYER["X"][:2].T @ WEIGHT[:2])
    assert list(second.vjp) == ["W"]


@pytest.mark.parametrize("mode", MODES)
def test_a_weight_of_0_meets_no_kink(mode):
    x = [0.0, -2.0, 3.0]
    assert function("abs(x)").vjp({"x": x}, [0, 1, 1], mode=mode).vjp["x"] == pytest.approx([0, -1, 1])
    assert function("[abs(x), x]").vjp({"x": 0}, [0, 1], mode=mode).vjp["x"] == pytest.approx(1)


@pytest.mark.parametrize("mode", MODES)
def test_a_kink_is_named_with_its_element(mode):
    with pytest.raises(NotDifferentiableError, match=r"x\[1\] = 0"):
        function("abs(x)").vjp({"x": [1, 0]}, [1, 1], mode=mode)
    found = function("abs(x)").vjp({"x": [1, 0]}, [1, 1], mode=mode, at_kink="right")
    assert found.vjp["x"].tolist() == [1.0, 1.0]


def test_along_a_kink_both_sides_are_compared():
    assert function("abs(x)").jvp({"x": [0, -1]}, {"x": [0, 1]}).jvp.tolist() == [0.0, -1.0]
    assert function("x*abs(x)").jvp({"x": [0, -1]}, {"x": [1, 1]}).jvp.tolist() == [0.0, 2.0]
    with pytest.raises(NotDifferentiableError, match="-1 to the left and 1 to the right"):
        function("abs(x)").jvp({"x": [0, -1]}, {"x": [1, 1]})
    with pytest.raises(LimitError, match="4096"):
        function("abs(x)").jvp({"x": np.zeros(4096)}, {"x": 1})


WRONG = [
    ("linear(X, W, B)", LAYER, [1, 2], ShapeError, "the result is 3x4, and its weight a vector of 2"),
    ("linear(X, W, B)", LAYER, WEIGHT.T, ShapeError, "the result is 3x4, and its weight 4x3"),
    ("Y = X@W + B; Y", LAYER, {"Y": [[1]]}, ShapeError, "the result Y is 3x4, and its weight 1x1"),
    ("Y = X@W + B; Y", LAYER, {"Z": 1}, UnknownVariableError, "the result is Y, not Z"),
    ("linear(X, W, B)", LAYER, {"X": 1}, UsageError, "'X' is a variable"),
    ("linear(X, W, B)", LAYER, {"Y": 1, "Z": 1}, UsageError, "one weight"),
    ("x^2", {"x": 1}, [1], ShapeError, "the result is a number, and its weight a vector of 1"),
    ("[x, x]", {"x": 1}, [1, 2, 3], ShapeError, "the result is a vector of 2, and its weight a vector of 3"),
    ("[x, x]", {"x": 1}, [float("nan"), 1], UsageError, "finite"),
]


@pytest.mark.parametrize(("expression", "at", "seed", "kind", "message"), WRONG)
def test_a_weight_that_does_not_fit_is_refused(expression, at, seed, kind, message):
    with pytest.raises(kind, match=message):
        function(expression).vjp(at, seed)


@pytest.mark.parametrize(
    ("seed", "kind", "message"),
    [
        ({"x": [1, 2, 3]}, ShapeError, "x is a vector of 2, and its direction a vector of 3"),
        ({"z": 1}, UnknownVariableError, "no variable 'z'"),
        ({"t": [1]}, ShapeError, "t is a number, and its direction a vector of 1"),
        ({}, UsageError, "direction"),
    ],
)
def test_a_direction_that_does_not_fit_is_refused(seed, kind, message):
    with pytest.raises(kind, match=message):
        function("t*x").jvp({"x": [1, 2], "t": 3}, seed)


def test_names_of_weights_are_nobody_elses():
    f = function("[`weight of the result`, 2*`weight of the result 0`]")
    assert f.vjp({"weight of the result": 1, "weight of the result 0": 1}, [3, 5]).vjp == {
        "weight of the result": 3.0,
        "weight of the result 0": 10.0,
    }


def test_infinite_slopes_and_missing_values_are_errors():
    with pytest.raises(NotDifferentiableError, match=r"x\[0\] = 0"):
        function("sqrt(x)").vjp({"x": [0, 1]}, 1)
    for ask in (lambda f, at: f.vjp(at, 1), lambda f, at: f.jvp(at, {"x": 1})):
        with pytest.raises(Exception, match="no value") as refused:
            ask(function("log(x)"), {"x": [-1, 1]})
        assert refused.value.kind == "domain"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("diff(abs(u), u)", "the slope by u is -1 to the left and 1 to the right"),
        ("diff(u*abs(u), u)", "the slope by a step along the seed is -2 to the left and 2 to the right"),
        ("if u > 0 { log(u) } else { 0 }", "to the right of this step along the seed"),
    ],
)
def test_derivatives_inside_and_ways_on_an_edge(text, words):
    with pytest.raises(NotDifferentiableError, match=words):
        function(text).jvp({"u": 0}, {"u": 1})
    assert function("diff(u^2*abs(u), u)").jvp({"u": 0}, {"u": 1}).jvp == 0.0
    assert function("diff(u^2*abs(u), u)").jvp({"u": 3}, {"u": 2}).jvp == 36.0
