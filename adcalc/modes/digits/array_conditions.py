"""How many times rounding is multiplied by functions of a whole matrix: that of what is nearly singular by very much.

These are estimates from what is there already: an inverse says how large it is, one more column is solved for beside
the others, and the pivots of a Cholesky factor stand on its diagonal.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from adcalc.arithmetics.base import Operation

LOSING: Final = 1e6  # times the rounding: some ten digits are left
SEVERE: Final = 1e8
_WELL: Final = math.log(1e5)  # a condition with which no determinant is looked into
_FACTORED: Final = 64  # rows of a matrix that is factored once more to know its condition
_CHANCE: Final = 50  # elements among which none is small by chance


def evaluated(op: str, evaluate: Operation, args: Sequence[Any]) -> tuple[Any, float]:
    """The result of a function of a matrix, and how many times rounding is multiplied in an element of it, about.

    >>> def losing(op, *args):
    ...     return evaluated(op, getattr(np.linalg, op), list(map(np.array, args)))[1] > LOSING
    >>> losing("inv", [[1.0, 2.0], [3.0, 4.0]]), losing("inv", [[1.0, 2.0], [3.0, 6.000000001]])
    (False, True)
    >>> losing("det", [[1.0, 2.0], [3.0, 4.0]]), losing("det", [[1.0, 2.0], [3.0, 6.000000001]])
    (False, True)
    >>> losing("solve", [[1.0, 2.0], [3.0, 6.000000001]], [3.0, 9.000000001])
    True
    """
    matrix, *right = args
    if right:
        columns = right[0].reshape(len(right[0]), -1)
        both = evaluate(matrix, np.concatenate((columns, _probe(len(matrix))), axis=1))
        made = np.ascontiguousarray(both[:, :-1]).reshape(right[0].shape)
    else:
        made = both = evaluate(matrix)
    with np.errstate(all="ignore"):
        return made, WAYS[op](matrix, made, both)


def _inv(matrix: Any, made: Any, _: Any) -> float:
    return _condition(matrix, made) * _spread(made)


def _solve(matrix: Any, made: Any, both: Any) -> float:
    return _condition(matrix, both[:, -1]) * _spread(made)


def _det(matrix: Any, made: Any, _: Any) -> float:
    return _of_determinant(matrix, math.log(abs(made)) if made else -math.inf)


def _logdet(matrix: Any, made: Any, _: Any) -> float:
    return _of_determinant(matrix, float(made)) / (min(1.0, abs(made)) or 1e-300)


def _cholesky(matrix: Any, made: Any, _: Any) -> float:
    pivots = np.square(np.diagonal(made)) / np.diagonal(matrix)
    return _spread(made) / float(pivots.min(initial=1.0))


def _of_determinant(matrix: Any, logarithm: float) -> float:
    """The condition of a matrix; 1 where its determinant says that it is good, or where it is a large one."""
    count = len(matrix)
    size = _size(matrix)
    if not 0 < count <= _FACTORED or not size:
        return 1.0
    if math.log(2.0) - logarithm + count * math.log(size / math.sqrt(count)) < _WELL:
        return 1.0  # Guggenheimer, Edelman and Johnson: the condition is less than the exponential of this
    try:
        return _condition(matrix, np.linalg.solve(matrix, _probe(count)))
    except np.linalg.LinAlgError:
        return math.inf


def _condition(matrix: Any, inverse: Any) -> float:
    return _size(matrix) * _size(inverse) / math.sqrt(max(1, len(matrix)))


def _spread(made: Any) -> float:
    """How many times the smallest element that is not 0 goes into the largest, more than by chance."""
    sizes = np.absolute(made)
    largest, smallest = sizes.max(initial=0.0), sizes.min(initial=math.inf)
    if not largest:
        return 1.0
    if not smallest:
        smallest = sizes[sizes > 0.0].min()
    return max(1.0, float(largest / smallest) * min(1.0, _CHANCE / int(sizes.size)))


def _size(numbers: Any) -> float:
    return math.sqrt(np.vdot(numbers, numbers))


def _probe(count: int) -> Any:
    """A column that no matrix is made for: of elements about 1, some negative."""
    turns = np.arange(1.0, count + 1.0)
    return np.copysign(1.0 + 0.3 * np.sin(turns), np.cos(2.3 * turns))[:, None]


WAYS: Final[dict[str, Callable[[Any, Any, Any], float]]] = {
    "inv": _inv,
    "solve": _solve,
    "det": _det,
    "logdet": _logdet,
    "cholesky": _cholesky,
}
