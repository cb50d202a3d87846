"""Products of the Hessian with a direction: those of the matrix, without the matrix."""

import pytest
from test_agreement import CORPUS

from adcalc.api import function
from adcalc.errors import AdcalcError, NotDifferentiableError, ShapeError, UnknownVariableError
from adcalc.modes import MODES

SEEDS = (1.0, -0.5, 2.0)


@pytest.mark.parametrize(("text", "point"), CORPUS)
def test_it_is_the_product_of_the_matrix(text, point):
    asked = function(text)
    seed = dict(zip(point, SEEDS, strict=False))
    matrix = asked.hessian(point).hessian
    expected = {one: sum(row[other] * seed[other] for other in row) for one, row in matrix.items()}
    entries = [abs(number) for row in matrix.values() for number in row.values()]
    size = max([abs(asked.value(point)), *entries])
    for mode in MODES:
        loose = {"rel": 1e-6, "abs": 1e-6 * size} if mode == "finite" else {"rel": 1e-9, "abs": 1e-12 * size}
        assert asked.hvp(point, seed, mode=mode).hvp == pytest.approx(expected, **loose), (text, mode)


def test_what_the_seed_does_not_name_is_zero():
    result = function("x^2*y").hvp({"x": 1, "y": 2}, {"y": "1/2"})
    assert result.hvp == {"x": 1.0, "y": 0.0}
    assert result.seed == {"x": 0.0, "y": 0.5}
    assert function("x^2*y").hvp({"x": 1, "y": 2}, {}).hvp == {"x": 0.0, "y": 0.0}


def test_a_part_of_the_variables():
    asked = function("x^2*y*z")
    assert asked.hvp({"x": 1, "y": 2, "z": 3}, {"x": 1}, wrt=["x", "z"]).hvp == {"x": 12.0, "z": 4.0}
    with pytest.raises(UnknownVariableError, match="the seed names y"):
        asked.hvp({"x": 1, "y": 2, "z": 3}, {"y": 1}, wrt=["x", "z"])
    with pytest.raises(UnknownVariableError, match="no variable 'w'"):
        asked.hvp({"x": 1, "y": 2, "z": 3}, {"w": 1})
    with pytest.raises(ShapeError, match="x is a number, and its direction a vector of 2"):
        asked.hvp({"x": 1, "y": 2, "z": 3}, {"x": [1, 2]})


@pytest.mark.parametrize("mode", MODES)
def test_nothing_to_differentiate(mode):
    assert function("3").hvp({}, {}, mode=mode).hvp == {}
    assert function("2*x + 1").hvp({"x": 1}, {"x": 5}, mode=mode).hvp == {"x": 0.0}


@pytest.mark.parametrize("mode", MODES)
def test_edges(mode):
    asked = function("x^2 + abs(y)*y")
    assert asked.hvp({"x": 1, "y": 0}, {"x": 3}, mode=mode).hvp == pytest.approx({"x": 6.0, "y": 0.0})
    with pytest.raises(NotDifferentiableError, match="sign"):
        asked.hvp({"x": 1, "y": 0}, {"y": 1}, mode=mode)
    assert function("abs(x)^3").hvp({"x": 0}, {"x": 1}, mode=mode).hvp == {"x": 0.0}
    with pytest.raises(AdcalcError, match="log"):
        function("log(x)").hvp({"x": 0}, {"x": 1}, mode=mode)


def test_programs():
    asked = function("s = x; while s < 100 { s = s^2 + y }; s")
    for mode in ("reverse", "forward", "finite"):
        found = asked.hvp({"x": 2, "y": 3}, {"x": 1, "y": 2}, mode=mode).hvp
        assert found == pytest.approx({"x": 12512 + 2 * 2512, "y": 2512 + 2 * 658})


def test_differences_say_how_sure_they_are():
    result = function("exp(x*y)").hvp({"x": 0.5, "y": 1}, {"x": 1}, mode="finite")
    assert set(result.error_estimate) == {"x", "y"}
    assert all(0 <= error < 1e-8 for error in result.error_estimate.values())
    assert function("exp(x)").hvp({"x": 1}, {"x": 1}, mode="finite", difference="central").error_estimate == {}


# ------------------------------------------------------------ asked for again and again


AGAIN = (
    "x^2*y + sin(x*y)",
    "abs(x)*y^2",
    "max(x, y)^2",
    "if(x > y, x^3, y^3)",
    "x^y",
    "sqrt(x)*exp(y)",
    "x + 3*y",
    "log(x)*y",
    "(x*y)^2 + 1e200*x^2",
    "1e-200*x^2*y*1e-150",
    "floor(x)*y^2",
    "hypot(x, y)",
    "tanh(x)/(1 + y^2)",
    "(x - sin(x))*y",
    "log(1 + x)*cos(y)",
)


@pytest.mark.parametrize("text", AGAIN)
def test_the_answers_stay_the_same_when_it_is_asked_again(text):
    asked = function(text)
    numbers = [0.0, 1.0, -1.0, 0.5, 2.0, 1e-9, 1e-300, 1e160]
    points = [
        ({"x": x, "y": y}, {"x": dx, "y": dy}) for x in numbers for y in numbers for dx, dy in ((1, 0), (0.3, -2))
    ]

    def told(one, point, seed):
        try:
            return one.hvp(point, seed)
        except AdcalcError as error:
            return type(error), str(error)

    for _ in range(3):
        told(asked, {"x": 0.75, "y": 0.25}, {"x": 1})
    for point, seed in points:
        first, again = told(function(text), point, seed), told(asked, point, seed)
        if isinstance(first, tuple) and not hasattr(first, "hvp"):
            assert again == first, (point, seed)
            continue
        assert again.warnings == first.warnings, (point, seed)
        assert again.value == first.value
        assert again.hvp == pytest.approx(first.hvp, rel=1e-15, abs=0.0), (point, seed)
