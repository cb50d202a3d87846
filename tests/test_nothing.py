"""Arrays of no elements, and variables of which only the size is read: answers of the right shape, or a sentence."""

import numpy as np
import pytest

from adcalc import function
from adcalc.errors import AdcalcError

SHAPES = [(0,), (0, 0), (2, 0), (0, 2), (1, 0, 2)]
TEXTS = """
prod(x) | prod(x, axis=0) | sum(x, axis=0) | mean(x) | max(x) | min(x, axis=0) | norm(x) | x@x | x.T@x | det(x)
inv(x) | trace(x) | x + 1 | sum(x*x) | reshape(x, 0) | logsumexp(x) | softmax(x) | log_softmax(x) | diag(x)
concat(x, x) | stack(x, x) | solve(x, x) | outer(x, x) | size(x) | max(x, 1) | if(sum(x) > 0, x, -x) | logdet(x)
cholesky(x) | prod(x, keepdims=1)
"""
QUESTIONS = {
    "evaluate": lambda f, p: f.evaluate(p),
    "gradient": lambda f, p: f.gradient(p),
    "finite": lambda f, p: f.gradient(p, mode="finite"),
    "jacobian": lambda f, p: f.jacobian(p),
    "hessian": lambda f, p: f.hessian(p),
    "vjp": lambda f, p: f.vjp(p, 1.0),
    "jvp": lambda f, p: f.jvp(p, {"x": p["x"]}),
    "hvp": lambda f, p: f.hvp(p, {"x": p["x"]}),
    "proved": lambda f, p: f.proved(8, p),
    "proved_jacobian": lambda f, p: f.proved_jacobian(8, p),
    "trace": lambda f, p: f.trace(p),
}


def told(question, text, shape):
    """What a user is told: an answer, or what an error says."""
    try:
        return repr(QUESTIONS[question](function(text), {"x": np.zeros(shape)}))
    except AdcalcError as error:
        return error.message


@pytest.mark.parametrize("text", [one.strip() for line in TEXTS.strip().split("\n") for one in line.split("|")])
@pytest.mark.parametrize("question", QUESTIONS)
def test_there_is_an_answer_or_a_sentence(text, question):
    assert all(told(question, text, shape) for shape in SHAPES)


@pytest.mark.parametrize("mode", ["reverse", "forward", "symbolic", "finite"])
def test_an_empty_product_is_1_and_its_gradient_empty(mode):
    found = function("y*prod(x)").gradient({"x": np.zeros(0), "y": 2.0}, mode=mode)
    assert (found.value, found.gradient["y"], found.gradient["x"].shape) == (2.0, 1.0, (0,))
    rows = function("sum(prod(X, axis=1))").gradient({"X": np.zeros((2, 0))}, mode=mode)
    assert (rows.value, rows.gradient["X"].shape) == (2.0, (2, 0))
    assert function("prod(X, axis=1)").evaluate({"X": np.zeros((2, 0))}).value.tolist() == [1.0, 1.0]


def test_a_variable_of_which_only_the_size_is_read_has_a_gradient_of_its_shape():
    f, point = function("size(x)*y^2"), {"x": [1, 2], "y": 3}
    assert f.gradient(point).gradient["x"].tolist() == [0.0, 0.0]
    assert f.gradient(point).gradient["y"] == f.jacobian(point).jacobian["y"] == 12.0
    assert f.hvp(point, {"x": [1, 1], "y": 1}).hvp["y"] == 4.0
    assert len(f.compare(point).ways) > 3


def test_the_diagonal_of_a_matrix_that_is_not_square():
    wide, high = np.arange(6.0).reshape(2, 3), np.arange(6.0).reshape(3, 2)
    for matrix in (wide, high):
        found = function("sum(diag(X)^2)").gradient(X=matrix)
        true = np.zeros(matrix.shape)
        np.fill_diagonal(true, 2 * np.diagonal(matrix))
        assert found.gradient["X"].tolist() == true.tolist()
        assert found.value == float(np.sum(np.diagonal(matrix) ** 2))
