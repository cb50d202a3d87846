"""The methods side by side on arrays: errors against an oracle, counts by hand, closed forms beside the graph."""

from pathlib import Path

import numpy as np
import pytest
from mpmath import mp, mpf

from adcalc.api import Function, function
from adcalc.api.comparisons import array_reference as references
from adcalc.errors import (
    LimitError,
    NotDifferentiableError,
    RefutedError,
    ShapeError,
    Source,
    UnknownVariableError,
    UsageError,
)
from adcalc.results.array_comparison import ArrayComparison

EXAMPLES = Path(__file__).parents[3] / "examples"
CLAIMS = ["x: dx(g)", "gamma: dgamma(g)", "beta: dbeta(g)"]
COLUMNS = {"x": (4, 3), "gamma": (3,), "beta": (3,)}


def by_name(result):
    assert isinstance(result, ArrayComparison)
    return {way.name if way.mode != "finite" else f"finite {way.name}": way for way in result.ways}


def test_all_methods_stand_side_by_side():
    result = function("sum(exp(x)*y)").compare({"x": [0.5, 1.5], "y": [2, 3]})
    ways = by_name(result)
    assert list(ways) == [
        "forward",
        "reverse",
        "symbolic",
        "finite richardson",
        "finite central",
        "finite forward",
        "finite complex",
    ]
    with mp.workdps(60):
        true = {
            "x": [mp.exp(mpf(0.5)) * 2, mp.exp(mpf(1.5)) * 3],
            "y": [mp.exp(mpf(0.5)), mp.exp(mpf(1.5))],
        }
        assert result.reference == "proved"
        for name, numbers in true.items():
            for digits, number in zip(result.truth[name], numbers, strict=True):
                assert abs(mpf(digits) / number - 1) < mpf(10) ** -49
        for way in ways.values():
            if way.gradient is None:
                continue
            errors = [
                abs(number - float_)
                for name, numbers in true.items()
                for number, float_ in zip(numbers, map(mpf, way.gradient[name].tolist()), strict=True)
            ]
            assert way.error == pytest.approx(float(max(errors)), rel=1e-6, abs=1e-60)
    assert ways["reverse"].digits > 15
    assert 6 < ways["finite forward"].digits < ways["finite central"].digits < ways["finite richardson"].digits


def test_costs_are_counted_on_elements():
    result = function("sum(x^2)").compare({"x": [1.0] * 10})
    ways = by_name(result)
    assert result.operations == 19
    assert ways["reverse"].operations == 29  # and 2*x
    # the contraction reads x and writes a number; 2*x reads and writes
    assert ways["reverse"].passes == pytest.approx((10 + 1 + 10 + 10) / 10)
    # a sweep for each element: 2*x*dx summed
    assert ways["forward"].operations > 10 * ways["reverse"].operations
    assert ways["forward"].passes > 10


def test_an_array_result_is_compared_by_its_weight():
    at = {"X": [[1, 2], [3, 4]], "W": [[1, 0], [2, 1]], "g": [[1, 0], [0, 1]]}
    result = function("X@W").compare(at)
    assert result.weighed
    assert result.drawn == ()
    assert result.value.tolist() == [[5, 2], [11, 4]]
    assert by_name(result)["reverse"].gradient["X"].tolist() == [[1, 2], [0, 1]]
    drawn = function("X@W").compare({"X": at["X"], "W": at["W"]})
    assert drawn.drawn == ("g",)
    assert drawn.at["g"].shape == (2, 2)


def test_closed_forms_stand_beside_the_graph():
    asked = Function(Source((EXAMPLES / "batchnorm.adc").read_text("utf-8")))
    result = asked.compare(claims=CLAIMS, shapes=COLUMNS)
    ways = by_name(result)
    assert list(result.claims) == ["x", "gamma", "beta"]
    assert list(ways["reverse"].gradient) == ["x", "gamma", "beta"]
    for name, stated in result.claims.items():
        apart = np.max(np.abs(ways["claim"].gradient[name] - ways["reverse"].gradient[name]))
        assert stated.difference == apart <= 1e-13
        assert stated.share <= 1e-14
    assert ways["claim"].passes < ways["reverse"].passes
    assert ways["claim"].operations < ways["reverse"].operations
    assert all(ways[name].seconds > 0 for name in ("claim", "reverse"))
    assert ways["claim"].digits > 14


@pytest.mark.parametrize("name", ["batchnorm", "batchnorm_deviation"])
def test_large_arrays_are_held_to_longer_floats(name):
    asked = Function(Source((EXAMPLES / f"{name}.adc").read_text("utf-8")))
    shapes = {"x": (128, 64), "gamma": (64,), "beta": (64,)}
    result = asked.compare({"eps": 0.01}, claims=CLAIMS, shapes=shapes)
    ways = by_name(result)
    if np.finfo(np.longdouble).nmant <= 52:
        assert "longer floats" in result.reason
        return
    assert result.reference == "extended"
    assert ways["forward"].gradient is None
    assert ways["forward"].operations > 10**8
    assert ways["finite central"].remark == "not run: it would take too long"
    assert 13 < ways["reverse"].digits < 16
    assert 13 < ways["claim"].digits < 16
    # the reference itself, of one column, by numbers of forty digits
    at, g = result.at, result.at["g"]
    with mp.workdps(40):
        column = [mpf(float(number)) for number in at["x"][:, 5]]
        weights = [mpf(float(number)) for number in g[:, 5]]
        count, gamma, eps = len(column), mpf(float(at["gamma"][5])), mpf(at["eps"])
        mean = mp.fsum(column) / count
        var = mp.fsum((number - mean) ** 2 for number in column) / count
        scale = 1 / mp.sqrt(var + eps) if name == "batchnorm" else 1 / (mp.sqrt(var) + eps)
        inner = scale if name == "batchnorm" else 1 / mp.sqrt(var)
        hat = [(number - mean) * scale for number in column]
        bent = mp.fsum(w * h for w, h in zip(weights, hat, strict=True)) / count
        true = gamma * scale * (weights[7] - mp.fsum(weights) / count - (column[7] - mean) * inner * bent)
        assert abs(mpf(str(result.truth["x"][7, 5])) / true - 1) < mpf(10) ** -15
        assert abs(mpf(float(ways["reverse"].gradient["x"][7, 5])) / true - 1) < mpf(10) ** -12


def test_neither_graph_nor_closed_form_goes_over_memory_more_often_than_it_has_to():
    asked = Function(Source((EXAMPLES / "batchnorm.adc").read_text("utf-8")))
    shapes = {"x": (128, 64), "gamma": (64,), "beta": (64,)}
    ways = by_name(asked.compare(claims=CLAIMS, shapes=shapes))
    assert ways["reverse"].passes < 30
    assert ways["claim"].passes < 23


def test_without_longer_floats_there_is_no_reference(monkeypatch):
    monkeypatch.setattr(references, "_UNFOLDED", 5)
    result = function("logdet(A)").compare({"A": np.eye(3).tolist()}, claims=["A: inv(A).T"])
    assert result.reference == ""
    assert result.reason == "the arrays are large, and inv has no longer floats"
    assert by_name(result)["reverse"].error is None
    assert result.claims["A"].share <= 1e-15


def test_a_closed_form_that_is_not_the_derivative_is_refuted():
    with pytest.raises(RefutedError, match=r"g@W is not the derivative by X: element \[\d, \d\] is ") as refuted:
        function("X@W").compare(claims=["X: g@W"], shapes={"X": (2, 2), "W": (2, 2)})
    assert refuted.value.exit_code == 1
    assert refuted.value.place.excerpt == "g@W"
    with pytest.raises(RefutedError, match="it is 2, not 6"):
        function("x^2").compare(x=3, claims=["x: 2"])


def test_a_claim_about_a_number_is_compared_too():
    result = function("x^2").compare(x=3, claims=["x: x + x"])
    assert result.claims["x"].difference == 0.0
    assert by_name(result)["claim"].gradient["x"] == 6.0


def test_on_a_kink_where_both_slopes_agree_there_is_an_answer():
    result = function("sum(x*abs(x))").compare({"x": [0, 1]})
    assert by_name(result)["reverse"].gradient["x"].tolist() == [0.0, 2.0]


FAILS = [
    ("X@W", {}, {}, ShapeError, "nobody says"),
    ("X@W", {"Q": 1}, {"X": (2, 2), "W": (2, 2)}, UnknownVariableError, "no variable 'Q'"),
    ("sum(abs(x))", {"x": [0, 1]}, {}, NotDifferentiableError, r"x\[0\] = 0"),
    ("sum([1, 2])", {}, {"x": (2,)}, UnknownVariableError, "no variable 'x'"),
]


@pytest.mark.parametrize(("expression", "point", "shapes", "kind", "message"), FAILS)
def test_what_cannot_be_compared_is_an_error(expression, point, shapes, kind, message):
    with pytest.raises(kind, match=message):
        function(expression).compare(point, shapes=shapes)


@pytest.mark.parametrize("option", [{"order": 2}, {"growth": True}, {"sweep": True}])
def test_higher_orders_and_growth_are_about_numbers(option):
    with pytest.raises(UsageError, match="first derivatives"):
        function("sum(x^2)").compare({"x": [1, 2]}, **option)


def test_orders_that_make_no_sense_are_refused_as_for_numbers():
    with pytest.raises((UsageError, LimitError)):
        function("sum(x^2)").compare({"x": [1, 2]}, order=0)
