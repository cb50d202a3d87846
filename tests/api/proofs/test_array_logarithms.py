"""Logarithms of sums of exponentials that are nearly 0, against mpmath."""

import math

import mpmath
import numpy as np
import pytest
from mpmath import mp, mpf

from adcalc.api import function
from adcalc.errors import ShapeError


def logsumexp(numbers):
    return mpmath.log(mpmath.fsum(mpmath.exp(mpf(float(one))) for one in numbers))


def near(numbers):
    return pytest.approx(np.array(numbers, dtype=float), rel=5e-9, abs=0.0)


@pytest.mark.parametrize(
    "numbers",
    [
        [-50.0, math.log1p(-math.exp(-50.0))],
        [-math.log(2.0)] * 2,
        [-math.log(3.0)] * 3,
        [0.0, -40.0, -45.0],
        [-40.0, 0.0],
    ],
)
def test_the_logarithm_of_a_sum_that_is_nearly_1(numbers):
    with mp.workdps(60):
        wanted = float(logsumexp(numbers))
    assert function("logsumexp(x)").value(x=numbers) == near(wanted)
    if len(numbers) == 2:
        assert function("logsumexp(x, y)").value(x=numbers[0], y=numbers[1]) == near(wanted)


@pytest.mark.parametrize("axis", [0, 1])
def test_the_probability_of_what_is_nearly_certain(axis):
    logits = np.array([[30.0, 0.0, 1.0], [0.5, 45.0, 2.0], [1.0, 1.0, 1.0]])
    with mp.workdps(400):
        rows = logits if axis else logits.T
        wanted = np.array([[float(mpf(one) - logsumexp(row)) for one in row] for row in rows])
    found = function(f"log_softmax(X, axis={axis})").value(X=logits)
    assert found == near(wanted if axis else wanted.T)


def test_the_loss_of_a_network_that_is_nearly_sure():
    with mp.workdps(400):
        wanted = float((logsumexp([400, 0, 1]) - 400 + logsumexp([1, 45, 2]) - 45) / 2)
    found = function("cross_entropy(X, [0, 1])").evaluate({"X": [[400, 0, 1], [1, 45, 2]]})
    assert found.value == near(wanted)
    assert found.warnings == ()


def test_nothing_has_no_logarithm_of_a_sum():
    with pytest.raises(ShapeError, match="there is no logsumexp of nothing"):
        function("logsumexp(x)").value(x=[])
