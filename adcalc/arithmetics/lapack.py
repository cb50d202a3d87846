"""Functions of a whole matrix, for which it is factored: LAPACK's, in doubles whatever the matrix is made of."""

from typing import Any, Final, TypeAlias

import numpy as np

from adcalc.arithmetics.base import Operation

Matrix: TypeAlias = np.ndarray[Any, np.dtype[Any]]


def _logdet(matrix: Matrix) -> float:
    sign, size = np.linalg.slogdet(matrix)
    if sign <= 0.0:
        raise ValueError("the determinant is not positive")
    return float(size)


def _inverse(matrix: Matrix) -> Matrix:
    try:
        return np.linalg.inv(matrix)
    except np.linalg.LinAlgError:
        raise ValueError("the matrix is singular") from None


def _solved(matrix: Matrix, right: Matrix) -> Matrix:
    try:
        return np.linalg.solve(matrix, right)
    except np.linalg.LinAlgError:
        raise ValueError("the matrix is singular") from None


def _cholesky(matrix: Matrix) -> Matrix:
    try:
        return np.linalg.cholesky((matrix + matrix.T) / 2.0)
    except np.linalg.LinAlgError:
        raise ValueError("the matrix is not positive definite") from None


def _adjugate(matrix: Matrix) -> Matrix:
    """From the singular values: exact also where one of them is 0, and the inverse does not exist."""
    left, sizes, right = np.linalg.svd(matrix)
    others = np.array([np.prod(np.delete(sizes, place)) for place in range(len(sizes))])
    sign = np.linalg.det(left) * np.linalg.det(right)
    made: Matrix = (right.T * (others * np.round(sign))) @ left.T
    return made


LAPACK: Final[dict[str, Operation]] = {
    "det": np.linalg.det,
    "logdet": _logdet,
    "inv": _inverse,
    "adjugate": _adjugate,
    "solve": _solved,
    "cholesky": _cholesky,
}
