"""Functions of matrices that are nearly singular, against mpmath."""

import mpmath
import numpy as np
import pytest
from mpmath import mp

from adcalc.api import function

NEARLY = np.array([[1.0, 2.0], [3.0, 6.0 + 2.0**-40]])
HILBERT = np.array([[float(round(2.0**30 / (row + column + 1))) for column in range(8)] for row in range(8)])


def near(numbers):
    return pytest.approx(np.array(numbers, dtype=float), rel=5e-9, abs=0.0)


def rows(matrix):
    return [[float(matrix[row, column]) for column in range(matrix.cols)] for row in range(matrix.rows)]


@pytest.mark.parametrize("matrix", [NEARLY, HILBERT])
@pytest.mark.parametrize(
    ("text", "true"),
    [
        ("inv(A)", lambda one: rows(one**-1)),
        ("det(A)", mpmath.det),
        ("logdet(A)", lambda one: mpmath.log(mpmath.det(one))),
        ("trace(inv(A))", lambda one: sum((one**-1)[place, place] for place in range(one.rows))),
    ],
)
def test_values(text, true, matrix):
    with mp.workdps(60):
        exact = mpmath.matrix(matrix.tolist())
        wanted = np.array(true(exact), dtype=float)
        solution = list(mpmath.lu_solve(exact, mpmath.matrix(list(range(1, len(matrix) + 1)))))
    assert function(text).value(A=matrix) == near(wanted)
    assert function("solve(A, b)").value(A=matrix, b=list(range(1, len(matrix) + 1))) == near(solution)


def test_gradients():
    with mp.workdps(60):
        inverse = mpmath.matrix(NEARLY.tolist()) ** -1
        slopes = rows(-(inverse * inverse).T)
        cofactors = rows(mpmath.det(mpmath.matrix(NEARLY.tolist())) * inverse.T)
        logarithms = rows(inverse.T)
    assert function("trace(inv(A))").gradient(A=NEARLY).gradient["A"] == near(slopes)
    assert function("det(A)").gradient(A=NEARLY).gradient["A"] == near(cofactors)
    assert function("logdet(A)").gradient(A=NEARLY).gradient["A"] == near(logarithms)


def test_right_sides_that_belong_to_a_small_solution():
    """Where b is A x the solution is no larger than that of a good matrix."""
    found = function("solve(A, b)").evaluate({"A": NEARLY, "b": [3.0, 9.0 + 2.0**-40]})
    with mp.workdps(60):
        wanted = mpmath.lu_solve(mpmath.matrix(NEARLY.tolist()), mpmath.matrix([3.0, 9.0 + 2.0**-40]))
    assert found.value == near(list(wanted))


def test_a_factor_whose_last_pivot_cancels():
    matrix = np.array([[1.0, 1.0], [1.0, 1.0 + 2.0**-40]])
    assert function("cholesky(A)").value(A=matrix) == near([[1.0, 0.0], [1.0, 2.0**-20]])
    rounded = np.array([[0.1, 0.3], [0.3, 0.9 + 1e-12]])
    with mp.workdps(60):
        wanted = rows(mpmath.cholesky(mpmath.matrix(rounded.tolist())))
    assert function("cholesky(A)").value(A=rounded) == near(wanted)


def test_what_is_too_long_to_prove_is_said_to_lose_digits():
    matrix = np.ones((40, 40)) + 1e-11 * np.diag(np.arange(40.0))
    for text in ("inv(A)", "solve(A, A[0])", "det(A)"):
        ((kind, message),) = function(text).evaluate({"A": matrix}).warnings
        assert kind == "cancellation"
        assert message.endswith("loses digits in some elements, and too many operations lead to it to prove it")


@pytest.mark.parametrize("text", ["inv(A)", "det(A)", "logdet(A)", "solve(A, b)", "cholesky(A)"])
@pytest.mark.parametrize("count", [1, 2, 5, 12])
def test_ordinary_matrices_are_no_alarm(text, count):
    random = np.random.default_rng(count)
    half = random.standard_normal((count, count))
    point = {"A": half @ half.T + np.eye(count), "b": random.standard_normal(count)}
    assert function(text).evaluate({name: point[name] for name in function(text).variables}).warnings == ()
