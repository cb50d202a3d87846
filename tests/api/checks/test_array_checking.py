"""Claims about arrays: the gradients of the textbooks hold, and their usual mistakes are refuted at an element."""

import re

import numpy as np
import pytest

from adcalc.api import function
from adcalc.api.checks.checking import refutations
from adcalc.errors import (
    AdcalcSyntaxError,
    DomainError,
    LimitError,
    NotDifferentiableError,
    PrecisionError,
    ShapeError,
    UnknownVariableError,
    UsageError,
)

LAYER = {"X": (4, 3), "W": (3, 2), "B": (2,)}
COLUMNS = {"x": (4, 3), "gamma": (3,), "beta": (3,)}
SCALE = "(var(x, axis=0) + eps)^(-1/2)"
CENTRED = "(x - mean(x, axis=0))"
DX = f"gamma*{SCALE}*(g - mean(g, axis=0) - {CENTRED}/(var(x, axis=0) + eps)*mean(g*{CENTRED}, axis=0))"
BATCHNORM = "batchnorm(x, gamma, beta, eps)"

HOLDS = [
    ("X@W + B", "X: g@W.T", LAYER),
    ("X@W + B", "W: X.T@g", LAYER),
    ("X@W + B", "B: sum(g, axis=0)", LAYER),
    (BATCHNORM, f"x: {DX}", COLUMNS),
    (BATCHNORM, f"gamma: sum(g*{CENTRED}*{SCALE}, axis=0)", COLUMNS),
    (BATCHNORM, "beta: sum(g, axis=0)", COLUMNS),
    (BATCHNORM, f"eps: -sum(g*gamma*{CENTRED}*(var(x, axis=0) + eps)^(-3/2))/2", COLUMNS),
    ("sum((X@W - T)^2)", "W: 2*X.T@(X@W - T)", {"X": (4, 3), "W": (3, 2), "T": (4, 2)}),
    ("x.T@A@x", "x: (A + A.T)@x", {"A": (3, 3), "x": (3,)}),
    ("x.T@A@x", "A: outer(x, x)", {"A": (3, 3), "x": (3,)}),
    ("trace(A@X@B)", "X: A.T@B.T", {"A": (2, 3), "X": (3, 4), "B": (4, 2)}),
    ("logdet(A)", "A: inv(A).T", {"A": (3, 3)}),
    ("inv(A)", "A: -inv(A).T@g@inv(A).T", {"A": (2, 2)}),
    ("norm(x)", "x: x/norm(x)", {"x": (5,)}),
    ("softmax(x)", "x: softmax(x)*(g - sum(g*softmax(x)))", {"x": (4,)}),
    ("tanh(X)", "X: g*(1 - tanh(X)^2)", {"X": (2, 3)}),
    ("sum(X)", "X: 1", {"X": (2, 3)}),
    ("sum(X)", "X: ones(2, 3)", {"X": (2, 3)}),
    ("max(X, 0)", "X: g*step(X)", {"X": (2, 3)}),
    ("A.T", "A: g.T", {"A": (2, 3)}),
    ("x[1:]*t", "x: concat([0], g)*t", {"x": (3,)}),
    ("x[1:]*t", "t: sum(g*x[1:])", {"x": (3,)}),
    ("[x^2, x*y]", "x: 2*x*g[0] + y*g[1]", {}),
    ("[x^2, x*y]", "y: x*g[1]", {}),
    ("h = tanh(X@W); sum(h^2)", "W: X.T@(2*h*(1 - h^2))", {"X": (4, 3), "W": (3, 2)}),
    ("d(u) = 1 - u^2; h = tanh(X); h@w", "X: outer(g, w)*d(h)", {"X": (4, 3), "w": (3,)}),
]
REFUTED = [
    ("X@W + B", "X: g@W.T/2", LAYER, "the claim is 0.5 times the derivative"),
    ("X@W + B", "W: -X.T@g", LAYER, "the claim has the wrong sign"),
    ("X@W + B", "W: X.T@g*(1 + 1e-30)", LAYER, ""),
    ("X@W", "X: g@W", {"X": (2, 3), "W": (3, 3)}, ""),
    ("logdet(A)", "A: inv(A)", {"A": (3, 3)}, "the claim is the transpose of the derivative"),
    (BATCHNORM, f"gamma: sum(g*{CENTRED}, axis=0)", COLUMNS, ""),
    (BATCHNORM, "gamma: sum(g*x, axis=0)", COLUMNS, ""),
    (BATCHNORM, f"x: gamma*{SCALE}*g", COLUMNS, ""),
    ("sum((X@W - T)^2)", "W: X.T@(X@W - T)", {"X": (4, 3), "W": (3, 2), "T": (4, 2)}, "0.5 times"),
    ("sum(X)", "X: 2", {"X": (2, 3)}, "2 times"),
    ("sum(X)", "X: X", {"X": (2, 3)}, ""),
    ("sum(X^2)", "X: 2*X*X/sqrt(X^2)", {"X": (2, 3)}, ""),
    ("sum(X^2)", "X: 2*exp(log(X))", {"X": (2, 3)}, ""),
    ("[x^2, x*y]", "x: 2*x", {}, ""),
    ("x.T@A@x", "x: 2*A@x", {"A": (3, 3), "x": (3,)}, ""),
]


@pytest.mark.parametrize(("expression", "claim", "shapes"), HOLDS)
def test_what_is_right_holds(expression, claim, shapes):
    (found,) = function(expression).check([claim], shapes=shapes).verdicts
    assert found.holds, found.evidence
    assert re.search(r"agree to 50 digits .*at (4|12) random points", found.evidence)


@pytest.mark.parametrize(("expression", "claim", "shapes", "note"), REFUTED)
def test_what_is_wrong_is_refuted_at_an_element(expression, claim, shapes, note):
    result = function(expression).check([claim], shapes=shapes)
    (found,) = result.verdicts
    assert not found.holds
    assert note in found.note
    assert bool(note) == bool(found.note)
    name = claim.partition(":")[0]
    assert found.element.partition("[")[0] == name
    assert ("[" in found.element) == (name in shapes)
    assert np.shape(found.point[name]) == shapes.get(name, ())
    assert found.derivative != found.claimed
    (error,) = refutations(result)
    assert error.exit_code == 1
    assert error.place.excerpt == claim.partition(": ")[2]
    assert error.as_dict()["element"] == found.element


def test_the_numbers_of_a_refutation_are_those_of_numpy():
    """Against a central difference of NumPy's own batch normalisation at the point that refutes."""
    (found,) = function(BATCHNORM).check([f"x: gamma*{SCALE}*g"], shapes=COLUMNS).verdicts
    at = {name: np.asarray(number) for name, number in found.point.items()}

    def loss(x):
        hat = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + at["eps"])
        return float(np.sum(at["g"] * (at["gamma"] * hat + at["beta"])))

    place = tuple(map(int, re.findall(r"\d+", found.element)))
    step = np.zeros_like(at["x"])
    step[place] = 1e-5
    slope = (loss(at["x"] + step) - loss(at["x"] - step)) / 2e-5
    assert float(found.derivative) == pytest.approx(slope, rel=1e-7)
    wrong = at["gamma"] * (at["x"].var(axis=0) + at["eps"]) ** -0.5 * at["g"]
    assert float(found.claimed) == pytest.approx(wrong[place], rel=1e-11)


def test_the_first_element_that_differs_is_named():
    (found,) = function("sum(x^2)").check(["x: 2*x + [0, 0, 1e-40, 1]"], shapes={"x": (4,)}).verdicts
    assert found.element == "x[2]"
    assert "2 of 4 elements differ" in found.evidence
    assert found.derivative != found.claimed


def test_several_claims_are_judged_each_for_itself():
    result = function("X@W + B").check(["X: g@W.T", "W: X.T@g*2", "B: sum(g, axis=0)"], shapes=LAYER)
    assert [verdict.holds for verdict in result.verdicts] == [True, False, True]
    assert result.weighed
    (error,) = refutations(result)
    assert "X.T@g*2 is not dL/dW of X@W + B: element [0, 0] is " in error.message
    assert error.hint == "the claim is 2 times the derivative"


def test_a_point_gives_shapes_and_is_looked_at_first():
    point = {"X": [[1, 2], [3, 4], [5, 6]], "W": [[1], [2]], "B": [3]}
    result = function("X@W + B").check(["W: X.T@g", "B: sum(g)"], point)
    assert result.holds
    assert "the given one among them" in result.verdicts[0].evidence
    # wrong at the point that is given alone
    (found,) = function("sum(X^2)").check(["X: 2*X + if(sum(X) == 3, 1, 0)"], {"X": [1, 2]}).verdicts
    assert not found.holds
    assert found.evidence.endswith("at the point given")
    assert found.point["X"].tolist() == [1.0, 2.0]


def test_a_part_of_a_point_and_shapes_go_together():
    (found,) = function(BATCHNORM).check(["beta: sum(g, axis=0)"], {"eps": "1/10"}, COLUMNS).verdicts
    assert found.holds
    (found,) = function("t*x").check(["x: t*g"], {"g": [1, 2, 3]}, {"x": (3,)}).verdicts
    assert found.holds


FAILS = [
    ("X@W", "X: g@W.T", {}, ShapeError, "nobody says which shapes X and W have"),
    ("X@W", "X: g@W.T", {"X": (2, 3)}, ShapeError, "nobody says which shape W has"),
    ("X@W", "X: g@W.T", {"X": (2, 3), "W": (4, 2)}, ShapeError, "2x3 @ 4x2 does not fit"),
    ("X@W", "X: g@W", {"X": (2, 3), "W": (3, 2)}, ShapeError, "2x2 @ 3x2 does not fit"),
    ("X@W + B", "B: g", LAYER, ShapeError, "has the shape of B, a vector of 2, and the claim is 4x2"),
    ("X@W + B", "Q: g", LAYER, UnknownVariableError, "no variable 'Q'"),
    ("X@W + B", "X: g@Q", LAYER, UnknownVariableError, "no variable 'Q'"),
    ("X@W + B", "g: X", LAYER, UnknownVariableError, "no variable 'g'"),
    ("sum(X@W)", "X: g", {"X": (4, 3), "W": (3, 2)}, UnknownVariableError, "no variable 'g'"),
    ("X@W + B", "X, X: 0", LAYER, UsageError, "first derivatives"),
    ("X@W + B", "X: g@", LAYER, AdcalcSyntaxError, "a value is missing after '@'"),
    ("g*X", "X: g", {"X": (3,)}, UsageError, "'g' is the weight of the result"),
    ("x^2", "x: [2*x, 1]", {}, ShapeError, "the derivative is a number, and the claim is a list"),
    ("sum(x)", "x: 1", {"x": (2,), "y": (3,)}, UnknownVariableError, "no variable 'y'"),
    ("sum(x)", "x: 1", {"x": (1000, 1000)}, LimitError, "elements"),
]


@pytest.mark.parametrize(("expression", "claim", "shapes", "kind", "message"), FAILS)
def test_what_cannot_be_asked_is_an_error(expression, claim, shapes, kind, message):
    with pytest.raises(kind, match=re.escape(message)):
        function(expression).check([claim], shapes=shapes)


def test_two_claims_about_one_variable():
    with pytest.raises(UsageError, match="two claims about dL/dX"):
        function("X@W").check(["X: g@W.T", "X: 0"], shapes={"X": (2, 3), "W": (3, 2)})


def test_shapes_and_point_have_to_agree():
    with pytest.raises(ShapeError, match="X is a vector of 2 at the point, and 2x2 is said of it"):
        function("sum(X)").check(["X: 1"], {"X": [1, 2]}, {"X": (2, 2)})
    with pytest.raises(ShapeError, match="the result is a vector of 3, and its weight g a vector of 2"):
        function("2*x").check(["x: 2*g"], {"g": [1, 2]}, {"x": (3,)})


def test_at_the_point_there_has_to_be_a_derivative():
    with pytest.raises(NotDifferentiableError, match=r"X\[1\] = 0"):
        function("sum(abs(X))").check(["X: sign(X)"], {"X": [1, 0]})
    with pytest.raises(DomainError):
        function("sum(log(X))").check(["X: 1/X"], {"X": [1, -1]})
    with pytest.raises(PrecisionError, match="no point"):
        function("sum(log(-exp(X)))").check(["X: 1"], shapes={"X": (2,)})


def test_a_way_that_depends_on_the_point_is_refused():
    with pytest.raises(UsageError, match="depends on the point"):
        function("while norm(x) < 10 { x = 2*x } x").check(["x: g"], {"x": [1, 2]})
