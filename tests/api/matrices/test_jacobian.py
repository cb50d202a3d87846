"""Jacobians: row by row the gradients of the results, by whichever mode."""

import itertools

import mpmath
import numpy as np
import pytest
from test_agreement import CORPUS, truth

from adcalc.api import function
from adcalc.api.matrices import jacobian_arrays
from adcalc.errors import AdcalcError, LimitError, UsageError
from adcalc.modes import MODES

SYSTEM = ["x^2*y", "sin(x*z)/y", "exp(z - x)", "3", "y"]
AT = {"x": 1.2, "y": 2.0, "z": 0.7}


@pytest.mark.parametrize("mode", [None, *MODES])
def test_a_list_of_results_against_mpmath(mode):
    result = function(f"[{', '.join(SYSTEM)}]").jacobian(AT, mode=mode)
    for row, text in enumerate(SYSTEM):
        value, gradient = truth(text, AT)
        assert result.value[row] == pytest.approx(value, rel=1e-14)
        found = {name: column[row] for name, column in result.jacobian.items()}
        assert found == pytest.approx(gradient, rel=1e-8 if mode == "finite" else 1e-13, abs=1e-8)
    assert result.mode == (mode or result.mode)


@pytest.mark.parametrize(("text", "point"), CORPUS)
def test_a_single_result_has_its_gradient(text, point):
    result = function(text).jacobian(point)
    assert result.jacobian == pytest.approx(function(text).gradient(point).gradient, rel=1e-15)
    assert isinstance(result.value, float)


def test_the_cheaper_mode_is_taken_and_may_be_overruled():
    names = [f"x{k}" for k in range(20)]
    point = dict.fromkeys(names, 0.5)
    many_in = function(f"[{' + '.join(f'sin({name})' for name in names)}, {'*'.join(names)}]")
    many_out = function("[" + ", ".join(f"sin({k}*x)*x" for k in range(20)) + "]")
    assert many_in.jacobian(point).mode == "reverse"
    assert many_out.jacobian({"x": 0.5}).mode == "forward"
    banded = function("[" + ", ".join(f"{one}*{other}" for one, other in itertools.pairwise(names)) + "]")
    assert banded.jacobian(point).work == {"forward": 38, "reverse": 19}
    for asked, at in ((many_in, point), (many_out, {"x": 0.5})):
        one, other = (asked.jacobian(at, mode=mode).jacobian for mode in ("forward", "reverse"))
        for name in one:
            assert one[name] == pytest.approx(other[name], rel=1e-14)


@pytest.mark.parametrize("mode", [None, *MODES])
def test_degenerate_cases(mode):
    assert function("[3, 4]").jacobian({}, mode=mode).jacobian == {}
    assert function("3").jacobian({}, mode=mode).jacobian == {}
    assert function("[x]").jacobian({"x": 2}, mode=mode).jacobian == {"x": (1.0,)}
    assert function("[x, y - y]").jacobian({"x": 2, "y": 1}, mode=mode).jacobian == {"x": (1.0, 0.0), "y": (0.0, 0.0)}
    assert function("[x*y, y]").jacobian({"x": 2, "y": 1}, wrt=["y"], mode=mode).jacobian == {"y": (2.0, 1.0)}
    empty = function("x[0:0]").jacobian({"x": [1, 2]}, mode=mode)
    assert empty.jacobian["x"].shape == (0, 2)
    assert function("x^2").jacobian({"x": np.zeros(0)}, mode=mode).jacobian["x"].shape == (0, 0)


@pytest.mark.parametrize("mode", [None, *MODES])
def test_kinks(mode):
    assert function("[abs(x)^2, x]").jacobian({"x": 0}, mode=mode).jacobian == {"x": (0.0, 1.0)}
    with pytest.raises(AdcalcError, match="abs\\(x\\) has a kink"):
        function("[x, abs(x)]").jacobian({"x": 0}, mode=mode)
    assert function("[x, abs(x)]").jacobian({"x": 0}, mode=mode, at_kink="left").jacobian == {"x": (1.0, -1.0)}
    with pytest.raises(AdcalcError, match="1/x has no value"):
        function("[x, 1/x]").jacobian({"x": 0}, mode=mode)
    with pytest.raises(AdcalcError, match="no finite slope"):
        function("[x, sqrt(x)]").jacobian({"x": 0}, mode=mode)
    with pytest.raises(AdcalcError, match="exp\\(x\\) is beyond"):
        function("[x, exp(x)]").jacobian({"x": 1000}, mode=mode)


def test_unknown_words():
    with pytest.raises(UsageError, match="no mode 'fwd'"):
        function("x").jacobian({"x": 1}, mode="fwd")
    with pytest.raises(UsageError, match="no convention 'up'"):
        function("x").jacobian({"x": 1}, at_kink="up")


def test_programs_follow_their_way():
    asked = function("y = x; while y < 10 { y = y^2 }; [y, x*z]")
    for mode in (None, "forward", "reverse", "finite"):
        found = asked.jacobian({"x": 2, "z": 3}, mode=mode).jacobian
        assert found["x"] == pytest.approx((32.0, 3.0))
        assert found["z"] == pytest.approx((0.0, 2.0))
    with pytest.raises(UsageError, match="symbolic mode has no point"):
        asked.jacobian({"x": 2, "z": 3}, mode="symbolic")
    assert function("[diff(x^3, x), x]").jacobian({"x": 2}).jacobian == {"x": (12.0, 1.0)}


# ------------------------------------------------------------------ arrays

ARRAYS = [
    ("A@x", {"A": (3, 2), "x": (2,)}),
    ("x^2*y", {"x": (4,), "y": ()}),
    ("softmax(x)", {"x": (5,)}),
    ("inv(A)", {"A": (2, 2)}),
    ("[sum(x), x[0]*y, 3]", {"x": (3,), "y": ()}),
    ("tanh(A@B + c)", {"A": (2, 3), "B": (3, 2), "c": (2,)}),
    ("A.T", {"A": (2, 3)}),
    ("where(x > 0, x^2, -x)", {"x": (6,)}),
    ("sum(A*x, axis=0)", {"A": (3, 2), "x": (2,)}),
    ("exp(x[1:]) - x[:-1]", {"x": (4,)}),
    ("dot(x, x)", {"x": (4,)}),
]


def complex_step(text, point):
    """The Jacobian of a function of NumPy's, by steps along the imaginary axis."""
    space = {
        "sum": np.sum, "exp": np.exp, "tanh": np.tanh, "inv": np.linalg.inv, "dot": np.dot,
        "softmax": lambda x: np.exp(x) / np.sum(np.exp(x)), "where": lambda c, a, b: np.where(c, a, b),
    }  # fmt: skip
    code = compile(text.replace("^", "**").replace("x > 0", "x.real > 0"), "<oracle>", "eval")
    found = {}
    for name in point:
        columns = []
        for index in np.ndindex(point[name].shape):
            moved = {other: value.astype(complex) for other, value in point.items()}
            moved[name][index] += 1e-30j
            columns.append(np.asarray(eval(code, space, moved)).imag / 1e-30)
        shape = np.shape(columns[0])
        found[name] = np.moveaxis(np.array(columns), 0, -1).reshape(shape + point[name].shape)
    return found


@pytest.mark.parametrize("way", ["elements", "runs"])
@pytest.mark.parametrize("mode", [None, *MODES])
@pytest.mark.parametrize(("text", "shapes"), ARRAYS)
def test_arrays_against_the_complex_step(text, shapes, mode, way, monkeypatch):
    if way == "runs":
        monkeypatch.setattr(jacobian_arrays, "_unfolds", lambda lowered, runs: False)
    chance = np.random.default_rng(3)
    point = {name: chance.normal(size=shape) for name, shape in shapes.items()}
    expected = complex_step(text, {name: np.asarray(value) for name, value in point.items()})
    result = function(text).jacobian({name: value if value.shape else float(value) for name, value in point.items()}, mode=mode)  # fmt: skip  # noqa: E501
    assert set(result.jacobian) == set(shapes)
    for name, block in result.jacobian.items():
        assert np.shape(block) == expected[name].shape
        np.testing.assert_allclose(block, expected[name], rtol=1e-8 if mode == "finite" else 1e-12, atol=1e-10)


@pytest.mark.parametrize("way", ["elements", "runs"])
@pytest.mark.parametrize("mode", [None, "forward", "reverse"])
def test_elements_on_edges(mode, way, monkeypatch):
    if way == "runs":
        monkeypatch.setattr(jacobian_arrays, "_unfolds", lambda lowered, runs: False)
    with pytest.raises(AdcalcError, match=r"x\[1\] = 0: the slope by x\[1\] is -1 to the left and 1"):
        function("abs(x)").jacobian({"x": [1, 0]}, mode=mode)
    assert function("abs(x)^2").jacobian({"x": [1, 0]}, mode=mode).jacobian["x"].tolist() == [[2, 0], [0, 0]]
    with pytest.raises(AdcalcError, match=r"log\(x\) has no value where x\[1\] = -1"):
        function("log(x)").jacobian({"x": [1, -1]}, mode=mode)
    with pytest.raises(AdcalcError, match="has no derivative"):
        function("x*diff(sum(abs(x)), x)").jacobian({"x": [1, 0]}, mode=mode)


def test_a_jacobian_too_large_to_write_down_is_refused():
    with pytest.raises(LimitError, match="10000 rows and 10000 columns"):
        function("x^2").jacobian({"x": np.ones(10000)})


def test_large_arrays_by_runs_of_a_plan():
    chance = np.random.default_rng(0)
    matrix, x = chance.normal(size=(60, 50)), chance.normal(size=50)
    result = function("tanh(A@x)").jacobian({"A": matrix, "x": x}, wrt=["x"])
    slope = 1 / np.cosh(matrix @ x) ** 2
    np.testing.assert_allclose(result.jacobian["x"], slope[:, None] * matrix, rtol=1e-12)
    assert result.mode == "forward"


def test_the_oracle_is_right():
    """mpmath, where both oracles can be asked."""
    one = complex_step("x^2*y", {"x": np.array(1.5), "y": np.array(2.0)})
    assert float(one["x"]) == pytest.approx(float(mpmath.diff(lambda x: x**2 * 2, 1.5)))
