"""Second derivatives of array programs: against the complex step of gradients, by elements and by columns."""

import numpy as np
import pytest

from adcalc.api import function
from adcalc.api.matrices import second_arrays
from adcalc.errors import AdcalcError, LimitError
from adcalc.modes import MODES

ARRAYS = [
    ("sum(x)^2*y", {"x": (3,), "y": ()}),
    ("sum((X@W - T)^2)", {"X": (3, 2), "W": (2, 2), "T": (3, 2)}),
    ("mean(tanh(X@w)^2)", {"X": (4, 3), "w": (3,)}),
    ("logsumexp(A@x)", {"A": (3, 2), "x": (2,)}),
    ("sum(x[1:]*x[:-1]^2)", {"x": (5,)}),
    ("sum(inv(A))", {"A": (2, 2)}),
    ("logdet(A@A.T)", {"A": (2, 2)}),
    ("sum(where(x > 0, x^3, exp(x)))", {"x": (5,)}),
    ("norm(x)", {"x": (3,)}),
    ("var(x)*y", {"x": (4,), "y": ()}),
    ("3*sum(x) + y", {"x": (4,), "y": ()}),
    ("s = 0; for k in 0..3 { s = s + x[k]^2*x[k+1] }; s", {"x": (5,)}),
]


def sample(shapes):
    chance = np.random.default_rng(7)
    made = {name: chance.normal(size=shape) for name, shape in shapes.items()}
    return {name: value if value.shape else float(value) for name, value in made.items()}


def truth(text, point):
    """Differences of gradients, extrapolated (Richardson's way): gradients are tested elsewhere, against NumPy."""
    asked = function(text)
    flat = np.concatenate([np.ravel(value) for value in point.values()])

    def gradient(vector):
        at, start = {}, 0
        for name, value in point.items():
            count = np.size(value)
            part = vector[start : start + count].reshape(np.shape(value))
            at[name], start = part if part.shape else float(part), start + count
        return np.concatenate([np.ravel(part) for part in asked.gradient(at).gradient.values()])

    columns = []
    for place in range(len(flat)):
        unit = np.eye(len(flat))[place]
        one, two = ((gradient(flat + h * unit) - gradient(flat - h * unit)) / (2 * h) for h in (1e-3, 5e-4))
        columns.append((4 * two - one) / 3)
    return np.array(columns)


@pytest.fixture(params=["elements", "columns"])
def way(request, monkeypatch):
    monkeypatch.setattr(second_arrays, "_is_sparse", lambda *_: request.param == "elements")
    return request.param


@pytest.mark.parametrize(("text", "shapes"), ARRAYS)
def test_hessians(text, shapes, way):
    point = sample(shapes)
    expected = truth(text, point)
    asked = function(text)
    for mode in MODES if way == "elements" else ("reverse",):
        result = asked.hessian(point, mode=mode)
        scale = abs(expected).max() + 1e-9
        np.testing.assert_allclose(result.matrix, expected, rtol=1e-6, atol=1e-7 * scale, err_msg=mode)
        assert (result.matrix == result.matrix.T).all()
        assert result.value == pytest.approx(asked.value(point), rel=1e-12)
        for one, row in result.hessian.items():
            assert np.shape(result.gradient[one]) == shapes[one]
            np.testing.assert_allclose(
                result.gradient[one], asked.gradient(point).gradient[one], rtol=1e-10, atol=1e-12
            )
            for other, block in row.items():
                assert np.shape(block) == shapes[one] + shapes[other]


@pytest.mark.parametrize(("text", "shapes"), ARRAYS)
def test_products_with_a_direction(text, shapes):
    point = sample(shapes)
    seed = {name: np.ones(shape) * 0.5 if shape else 0.5 for name, shape in shapes.items()}
    asked = function(text)
    matrix = asked.hessian(point).matrix
    for mode in MODES:
        result = asked.hvp(point, seed, mode=mode)
        found = np.concatenate([np.ravel(part) for part in result.hvp.values()])
        size = abs(matrix).max() + 1e-9
        np.testing.assert_allclose(found, 0.5 * matrix.sum(axis=1), rtol=1e-6, atol=1e-7 * size, err_msg=mode)
        assert all(np.shape(part) == shapes[name] for name, part in result.hvp.items())


def test_loops_over_elements_are_as_sparse_as_they_look():
    program = "f = 0; for i in 0..198 { f = f + 100*(x[i+1] - x[i]^2)^2 + (1 - x[i])^2 }; f"
    x = np.linspace(0.5, 1.5, 200)
    result = function(program).hessian({"x": x})
    assert (result.colours, len(result.values)) == (3, 3 * 200 - 2)
    expected = np.zeros((200, 200))
    k = np.arange(199)
    expected[k, k] += 1200 * x[:-1] ** 2 - 400 * x[1:] + 2
    expected[k + 1, k + 1] += 200
    expected[k, k + 1] = expected[k + 1, k] = -400 * x[:-1]
    np.testing.assert_allclose(result.matrix, expected, rtol=1e-12)


def test_dense_ones_go_column_by_column():
    result = function("sum(x)^2").hessian({"x": np.ones(300)})
    assert result.colours == 300
    assert (result.matrix == 2.0).all()


@pytest.mark.parametrize("mode", MODES)
def test_edges_name_elements(mode):
    assert function("sum(abs(x)^3)").hessian({"x": [1, 0, -1]}, mode=mode).matrix.diagonal().tolist() == pytest.approx(
        [6, 0, 6], abs=1e-6
    )
    with pytest.raises(AdcalcError, match=r"x\[1\] = 0: the slope by x\[1\] is -2 to the left and 2"):
        function("sum(x*abs(x))").hessian({"x": [1, 0]}, mode=mode)
    with pytest.raises(AdcalcError, match=r"log\(x\) has no value where x\[1\] = -1"):
        function("sum(log(x))").hessian({"x": [1, -1]}, mode=mode)
    with pytest.raises(AdcalcError, match=r"x\[1\]"):
        function("sum(x*abs(x))").hvp({"x": [1, 0]}, {"x": [0, 1]}, mode=mode)
    with pytest.raises(AdcalcError, match="has no derivative"):
        function("sum(x*diff(sum(abs(x)), x))").hessian({"x": [1, 0]}, mode=mode)


def test_edges_among_columns(way):
    with pytest.raises(AdcalcError, match=r"x\[1\]"):
        function("sum(x*abs(x))").hessian({"x": [1, 0]})
    assert function("sum(abs(x)^3)").hessian({"x": [1, 0]}).matrix.tolist() == [[6, 0], [0, 0]]


def test_degenerate_arrays():
    empty = function("sum(x) + y^2").hessian({"x": np.zeros(0), "y": 3})
    assert empty.hessian["y"]["y"] == 2.0
    assert empty.hessian["x"]["x"].shape == (0, 0)
    unused = function("y^2 + 0*sum(x)").hessian({"x": [1, 2], "y": 3})
    assert unused.matrix.tolist() == [[2, 0, 0], [0, 0, 0], [0, 0, 0]] or unused.matrix.tolist() == [[0, 0, 0], [0, 0, 0], [0, 0, 2]]  # fmt: skip  # noqa: E501
    part = function("sum(x)^2*y").hessian({"x": [1, 2], "y": 3}, wrt=["y"])
    assert part.hessian == {"y": {"y": 0.0}}


def test_what_is_too_large_is_refused():
    with pytest.raises(LimitError, match="10000 rows and as many columns"):
        function("sum(x)^2").hessian({"x": np.ones(10_000)})
    with pytest.raises(LimitError, match="evaluations of partials"):
        function("sum(x)^2").hessian({"x": np.ones(300)}, mode="finite")


def test_large_products_without_the_matrix():
    chance = np.random.default_rng(0)
    matrix, x, direction = chance.normal(size=(400, 300)), chance.normal(size=300), chance.normal(size=300)
    result = function("sum((A@x)^2)/2").hvp({"A": matrix, "x": x}, {"x": direction}, wrt=["x"])
    np.testing.assert_allclose(result.hvp["x"], matrix.T @ (matrix @ direction), rtol=1e-10, atol=1e-9)
