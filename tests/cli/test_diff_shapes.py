"""`adcalc diff` over vectors and matrices: the lines that people see, and the words of the refusals."""

import json

import pytest


def test_least_squares(ask):
    asked = ("diff", "sum((X@W - T)^2)", "--wrt", "W", "--shape", "X=4x3, W=3x2, T=4x2")
    assert ask(*asked) == (0, "sum((X@W - T)^2)\n  ∂/∂W = 2*X.T @ (X@W - T)\n", "")
    code, out, _ = ask(*asked, "--json")
    assert (code, json.loads(out)["derivatives"]) == (0, {"W": "2*X.T @ (X@W - T)"})
    assert ask(*asked, "--format", "latex")[1] == "2 X^{\\top} \\left(X W - T\\right)\n"


def test_numbers_stand_below_the_formula(ask):
    _, out, _ = ask("diff", "sum(A^2)/2", "--at", "A=[[1, 2], [3, 4]]")
    assert out == "sum(A^2)/2 = 15\n  ∂/∂A = A = (2x2)\n    [[1, 2],\n     [3, 4]]\n"


def test_an_assumption_is_said(ask):
    _, out, _ = ask("diff", "det(A)", "--shape", "A=3x3")
    assert out == "det(A)\n  ∂/∂A = det(A)*inv(A).T\n  for det(A) != 0\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("x@A@x",), '--shape "x=3, A=3x3"'),
        (("X@w", "--shape", "X=4x3,w=3"), "jacobian"),
        (("sum(x^2)", "--shape", "x=3", "--order", "2"), "by it twice"),
        (("sum(x^2)", "--shape", "x=3", "--steps"), "leave it out"),
        (("sum(x^2)", "--shape", "x=3,y=2"), "its variables are x"),
        (("x^2 + y^2 = 1", "--implicit", "y", "--shape", "x=3"), "an equation is one of numbers"),
        (("det(A)", "--shape", "A=2x3"), "a square matrix, and this is 2x3"),
    ],
)
def test_what_is_refused(ask, arguments, words):
    code, out, err = ask("diff", *arguments)
    assert (code, out) == (2, "")
    assert words in err
    code, out, err = ask("diff", *arguments, "--json")
    assert (code, out) == (2, "")
    assert set(json.loads(err)["error"]) >= {"kind", "message"}


def test_a_graph_takes_shapes(ask):
    code, out, err = ask("graph", "sum((X@w)^2)", "--shape", "X=4x3, w=3")
    assert (code, err) == (0, "")
    assert "v1 = X @ w" in out
