"""Proved digits of arrays, at elements that are as exact as they were written, against mpmath's matrices."""

# ruff: noqa: N803, N806  # matrices have capital letters

import mpmath
import pytest

from adcalc.api import function
from adcalc.api.proofs import proved
from adcalc.errors import AdcalcError, UnknownVariableError, UsageError
from adcalc.graph.elements import nested

POINT = {"A": "[[2, 1/3], [0.1, pi]]", "x": "[1, sqrt(2)]"}


def matrices():
    with mpmath.workdps(80):
        return mpmath.matrix([[2, mpmath.mpf(1) / 3], [mpmath.mpf(1) / 10, mpmath.pi]]), mpmath.matrix(
            [1, mpmath.sqrt(2)]
        )


def digits(number, count=40):
    with mpmath.workdps(80):
        return mpmath.nstr(number, count, strip_zeros=False)


def test_values_of_an_array_are_proved_one_by_one():
    found = proved.value(function("A@x"), POINT, 40)
    A, x = matrices()
    with mpmath.workdps(80):
        wanted = A * x
    assert list(found.values) == [digits(wanted[0]), digits(wanted[1])]
    assert found.shape == (2,)
    assert nested([found.at[f"A[{i}, {j}]"] for i in range(2) for j in range(2)], (2, 2))[1][0] == "0.1"


@pytest.mark.parametrize(("text", "oracle"), [
    ("x@inv(A)@x", lambda A, x: (x.T * A**-1 * x)[0]),
    ("det(A)*sum(x)", lambda A, x: mpmath.det(A) * (x[0] + x[1])),
    ("logdet(A)/norm(x)", lambda A, x: mpmath.log(mpmath.det(A)) / mpmath.norm(x, 2)),
    ("sum(solve(A, x)^2)", lambda A, x: mpmath.norm(mpmath.lu_solve(A, x), 2) ** 2),
])  # fmt: skip
def test_gradients_through_matrices_are_right_in_every_digit(text, oracle):
    found = proved.gradient(function(text), POINT, 30)
    A, x = matrices()
    with mpmath.workdps(80):
        for row in range(2):
            for column in range(2):

                def moved(t, row=row, column=column):
                    other = A.copy()
                    other[row, column] = t
                    return oracle(other, x)

                slope = mpmath.diff(moved, A[row, column], h=mpmath.mpf(10) ** -35)
                assert mpmath.almosteq(mpmath.mpf(found.gradient[f"A[{row}, {column}]"]), slope, rel_eps=1e-28)
    assert found.shapes == {"A": (2, 2), "x": (2,)}


def test_variables_are_chosen_by_their_names():
    found = proved.gradient(function("s*sum(x)"), {"x": [1, 2], "s": "1/3"}, 20, wrt=["s"])
    assert found.gradient == {"s": "3"}
    with pytest.raises(UnknownVariableError):
        proved.gradient(function("sum(x)"), {"x": [1, 2]}, 20, wrt=["x[0]"])


@pytest.mark.parametrize("text", ["while sum(x) > 1 { x = x/2 }; sum(x)", "sum(diff(sum(x^3), x))"])
def test_what_is_no_formula_is_refused(text):
    with pytest.raises(UsageError, match="proved digits of arrays are those of a formula"):
        proved.value(function(text), {"x": [1, 2]}, 20)


def test_a_kink_at_an_element_is_told_as_for_numbers():
    with pytest.raises(AdcalcError) as caught:
        proved.gradient(function("sum(abs(x))"), {"x": "[0, 1]"}, 20)
    assert caught.value.kind == "not_differentiable"


def test_a_matrix_that_is_singular_only_in_floats():
    point = {"A": "[[1, 1], [1, 1 + 1e-20]]"}
    assert proved.value(function("inv(A)"), point, 30).values == tuple(
        str(one) for one in (10**20 + 1, -(10**20), -(10**20), 10**20)
    )
    with pytest.raises(AdcalcError, match="has no value"):
        proved.value(function("inv(A)"), {"A": "[[1, 2], [2, 4]]"}, 20)
