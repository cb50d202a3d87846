"""Large arrays: of those that take too long to be proved, some elements, rows and columns are looked at."""

from fractions import Fraction

import numpy as np
import pytest

from adcalc import function

RANDOM = np.random.default_rng(7)
N = 100_000


def outliers():
    """Ones between two numbers that cancel: their sum is N - 2."""
    found = np.ones(N)
    found[0], found[-1] = 1e16, -1e16
    return found


def kinds(text, **point):
    """The kinds of the warnings of a value."""
    return [kind for kind, _ in function(text).evaluate(point).warnings]


@pytest.mark.parametrize("text", ["sum(x)", "mean(x)", "2*sum(x) + 1", "x@x[::-1]*0 + sum(x)"])
def test_a_large_sum_of_what_cancels_is_told(text):
    x = outliers()
    assert sum(map(Fraction, x)) == N - 2 != Fraction(float(np.sum(x)))
    assert "cancellation" in kinds(text, x=x)


def test_rows_and_columns_of_large_products_are_looked_at():
    rows = np.ones((100, 200))
    rows[:, 0], rows[:, -1] = 1e16, -1e16
    assert float((rows @ np.ones(200))[0]) != 198
    assert "cancellation" in kinds("A@x", A=rows, x=np.ones(200))
    assert "cancellation" in kinds("sum(A@B)", A=rows, B=np.ones((200, 50)))
    assert "cancellation" in kinds("x@A", A=rows.T.copy(), x=np.ones(200))


def test_every_row_of_a_few_long_ones_is_looked_at():
    rows = RANDOM.uniform(1.0, 2.0, (3, N))
    others = rows.copy()
    others[2] += 1e-12
    assert "cancellation" in kinds("exp(X) - exp(Y)", X=rows, Y=others)


def test_ordinary_large_arrays_are_no_alarm():
    x, square = RANDOM.normal(size=N), RANDOM.normal(size=(300, 300))
    for text in ("sum(x)", "mean(x)", "x@x", "sum(exp(x)*x + x)", "sum((x - mean(x))^2)"):
        assert kinds(text, x=x) == []
    assert kinds("sum((A@x)^2)", A=square, x=x[:300]) == kinds("sum(A@A)", A=square) == []
