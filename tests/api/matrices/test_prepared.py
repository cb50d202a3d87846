"""A prepared Hessian: what `hessian` says, at any point and as often as one likes."""

import numpy as np
import pytest

import adcalc
from adcalc.api import function
from adcalc.api.matrices.prepared import PreparedHessian
from adcalc.errors import AdcalcError, NotDifferentiableError


def same(triplets, result):
    size = len(result.names)
    found = np.zeros((size, size))
    found[triplets.rows, triplets.columns] = triplets.values
    np.testing.assert_allclose(found, result.matrix, rtol=1e-12, atol=1e-12 * (abs(result.matrix).max() + 1e-300))


PIECES = [
    ("x^2*y + sin(x*y)", [{"x": 1, "y": 2}, {"x": -3, "y": 0.5}, {"x": 0, "y": 0}]),
    ("if(x > 0, x^2*y, -x^3)", [{"x": 1, "y": 2}, {"x": -1, "y": 2}, {"x": 2, "y": 3}]),
    ("abs(x)^3 + y^2", [{"x": 1, "y": 2}, {"x": 0, "y": 1}, {"x": -2, "y": 1}]),
    ("max(x*y, x + y)^2", [{"x": 1, "y": 2}, {"x": 5, "y": 5}, {"x": -1, "y": 3}]),
    ("x^y", [{"x": 2, "y": 3}, {"x": 1.5, "y": -0.5}, {"x": 3, "y": 1}]),
    ("gamma(x)*y", [{"x": 1.5, "y": 2}, {"x": 3, "y": 1}]),
    ("2*x - y", [{"x": 1, "y": 2}, {"x": 3, "y": 1}]),
    ("s = x; while s < 50 { s = s^2 + y }; s", [{"x": 2, "y": 3}, {"x": 3, "y": 1}, {"x": 20, "y": 1}]),
    ("sum(x)^2*y", [{"x": [1, 2], "y": 3}, {"x": [4, 5], "y": 6}]),
    ("sum(abs(x)^3)", [{"x": [1, 2]}, {"x": [0, -1]}, {"x": [-1, -1]}]),
    ("1/x", [{"x": 2}, {"x": 1e-100}]),
]


@pytest.mark.parametrize(("text", "points"), PIECES)
def test_it_says_what_hessian_says_on_every_piece(text, points):
    asked = function(text)
    prepared = PreparedHessian(asked, points[0])
    for point in [*points, *points]:
        same(prepared(point), asked.hessian(point))
    assert prepared.names == asked.hessian(points[0]).names


def test_where_there_is_none_it_says_so_and_goes_on():
    prepared = PreparedHessian(function("x*abs(x) + log(x + 2)"), {"x": 1})
    with pytest.raises(NotDifferentiableError, match="sign"):
        prepared({"x": 0})
    with pytest.raises(AdcalcError, match="log"):
        prepared({"x": -2})
    assert prepared({"x": 1}).values.tolist() == pytest.approx([2 - 1 / 9])
    with pytest.raises(NotDifferentiableError):
        PreparedHessian(function("abs(x)"), {"x": 0})({"x": 0})


def test_a_large_sparse_one_by_levels():
    program = "f = 0; for i in 0..298 { f = f + 100*(x[i+1] - x[i]^2)^2 + (1 - x[i])^2 }; f"
    prepared = adcalc.PreparedHessian(function(program), {"x": np.ones(300)})
    chance = np.random.default_rng(0)
    for _ in range(3):
        x = chance.uniform(0.5, 1.5, 300)
        found = prepared.run(x)
        same(found, function(program).hessian({"x": x}))
        assert len(found.values) == 898


def test_large_random_sparse_ones_agree_with_the_sweeps():
    chance = np.random.default_rng(1)
    for _ in range(5):
        terms = []
        for _ in range(150):
            one, other = chance.integers(0, 60, 2)
            shape = chance.choice(["sin(x[{0}]*x[{1}])", "x[{0}]^3/(1 + x[{1}]^2)", "exp(0.1*x[{0}]) - 2*x[{1}]", "x[{0}]*x[{1}]*3"])  # fmt: skip  # noqa: E501
            terms.append(str(shape).format(one, other))
        asked = function(" + ".join(terms))
        points = [{"x": chance.normal(size=60)} for _ in range(3)]
        prepared = PreparedHessian(asked, points[0])
        for point in points:
            same(prepared(point), asked.hessian(point))


def test_a_part_of_the_variables_and_none():
    prepared = PreparedHessian(function("x^2*y*z"), {"x": 1, "y": 2, "z": 3}, wrt=["z", "x"])
    assert prepared.names == ("z", "x")
    assert prepared.variables == ("x", "y", "z")
    same(prepared({"x": 2, "y": 3, "z": 1}), function("x^2*y*z").hessian({"x": 2, "y": 3, "z": 1}, wrt=["z", "x"]))
    assert PreparedHessian(function("7"), {})({}).values.tolist() == []
