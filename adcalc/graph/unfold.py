"""Arrays unfolded: the same computation on numbers, one node for each element.

What numbers can do, arrays can do by way of this: proved digits, one-sided slopes at kinks, sentences that name an
element. It is for arrays that a person could look at; the size of the graph is that of all arrays in it.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import permutations, product
from math import prod
from typing import Any, Final, NamedTuple

import numpy as np

from adcalc.errors import LimitError
from adcalc.graph.elements import elements
from adcalc.graph.graph import Graph
from adcalc.graph.node import INPUT, NodeId
from adcalc.graph.shape import known, size

Ids = np.ndarray[Any, np.dtype[np.int64]]


class Unfolded(NamedTuple):
    """A graph of numbers: the elements of each array node, and the node that each of its own came from.

    >>> graph = Graph()
    >>> x = graph.input("x", (2,))
    >>> unfolded(graph, [graph.apply("sin", x)]).elements[x].tolist()
    [0, 1]
    """

    graph: Graph
    elements: dict[NodeId, Ids]
    origins: list[NodeId]


def unfolded(
    graph: Graph, outputs: Sequence[NodeId], values: Mapping[NodeId, Any] | None = None, maximum: int = 1_000_000
) -> Unfolded:
    """The outputs of an array graph over numbers; an input X becomes X[0, 0], X[0, 1], and so on.

    `values` are those of matrices at the point, if there is one: they choose the pivots of eliminations. Raises
    LimitError where there are more than `maximum` elements.

    >>> graph = Graph()
    >>> x = graph.input("x", (2,))
    >>> [node.label for node in unfolded(graph, [graph.apply("matmul", x, x)]).graph.nodes[:2]]
    ['x[0]', 'x[1]']
    """
    live = graph.live(*outputs)
    total = sum(size(graph.shape(node)) for node in live)
    if total > maximum:
        raise LimitError(
            f"the arrays have {total} elements, and what is asked looks at each of them: at most {maximum}"
        )
    made = Graph(graph.residuals)
    work = _Unfolding(made, values or {})
    found: dict[NodeId, Ids] = {}
    origins: list[NodeId] = []
    for node in live:
        op, args, label = graph.nodes[node]
        given = [found[argument] for argument in args]
        if op == INPUT:
            found[node] = _inputs(made, str(label), graph.shape(node))
        elif not args and not known(op):
            found[node] = np.array(made.copy(graph, node))
        elif known(op):
            found[node] = np.asarray(work.whole(op, args, given, label))
        else:
            found[node] = work.each(op, *given)
        origins.extend([node] * (len(made) - len(origins)))
    return Unfolded(made, found, origins)


def subscript(label: Any) -> tuple[Any, ...]:
    """The label of `take` as NumPy's index: a slice that goes down to the first element has no end.

    >>> subscript((1, (2, -1, -1)))
    (1, slice(2, None, -1))
    """
    return tuple(
        slice(index[0], index[1] if index[1] >= 0 else None, index[2]) if isinstance(index, tuple) else index
        for index in label
    )


def _inputs(graph: Graph, name: str, shape: tuple[int, ...]) -> Ids:
    return np.array([graph.input(element) for element in elements(name, shape)], dtype=np.int64).reshape(shape)


class _Unfolding:
    """Operations on arrays of ids."""

    def __init__(self, graph: Graph, values: Mapping[NodeId, Any]) -> None:
        self.graph = graph
        self.values = values

    @property
    def zero(self) -> NodeId:
        """The number 0."""
        return self.graph.constant(Fraction(0))

    @property
    def one(self) -> NodeId:
        """The number 1."""
        return self.graph.constant(Fraction(1))

    def each(self, op: str, *args: Ids) -> Ids:
        """An operation element by element."""
        parts = np.broadcast_arrays(*args)
        made = np.empty(parts[0].shape, dtype=np.int64)
        for index in np.ndindex(made.shape):
            made[index] = self.graph.apply(op, *(int(part[index]) for part in parts))
        return made

    def fold(self, op: str, ids: Sequence[NodeId], start: NodeId) -> NodeId:
        """A sum, or the like, of some nodes from the left."""
        if not ids:
            return start
        total = int(ids[0])
        for node in ids[1:]:
            total = self.graph.apply(op, total, int(node))
        return total

    def whole(self, op: str, args: tuple[NodeId, ...], given: list[Ids], label: Any) -> Any:
        """An operation on arrays as wholes."""
        if op in _FOLDS:
            return self._along(_FOLDS[op], given[0], *label)
        if op in ("softmax_over", "log_softmax_over"):
            return self._softmax(op, given[0], label[0])
        if op in MATRICES:
            return getattr(self, f"_{op}")(self.values.get(args[0]), *given)
        if op == "array":
            return np.array(given)
        if op == "matmul":
            return self._matmul(*given)
        if op == "outer":
            return self.each("mul", given[0][:, None], given[1][None, :])
        if op == "trace":
            return self.fold("add", list(np.diagonal(given[0])), self.zero)
        return self._arranged(op, given, label)

    def _arranged(self, op: str, given: list[Ids], label: Any) -> Any:
        if op == "eye":
            return np.where(np.eye(*label) > 0, self.one, self.zero)
        if op == "diagonal_matrix":
            return np.where(np.eye(len(given[0])) > 0, given[0], self.zero)
        if op == "half_lower":
            rows, columns = np.indices(given[0].shape)
            half = np.array(self.graph.constant(Fraction(1, 2)))
            made = np.where(rows >= columns, given[0], self.zero)
            np.fill_diagonal(made, self.each("mul", half, np.diagonal(given[0])))
            return made
        if op == "put":
            made = np.full(label[0], self.zero, dtype=np.int64)
            made[subscript(label[1])] = given[0]
            return made
        return ARRANGED[op](label)(*given)

    def _along(self, op: str, ids: Ids, axes: tuple[int, ...], kept: bool) -> Ids:
        others = [axis for axis in range(ids.ndim) if axis not in axes]
        left = [ids.shape[axis] for axis in others]
        rows = np.transpose(ids, (*others, *axes)).reshape(*left, prod(ids.shape[axis] for axis in axes))
        made = np.empty(rows.shape[:-1], dtype=np.int64)
        for index in np.ndindex(made.shape):
            made[index] = self.fold(op, list(rows[index]), self.zero)
            if op == "hypot" and rows.shape[-1] == 1:
                made[index] = self.graph.apply("abs", int(made[index]))
        return made.reshape([1 if axis in axes else length for axis, length in enumerate(ids.shape)]) if kept else made

    def _softmax(self, op: str, ids: Ids, axes: tuple[int, ...]) -> Ids:
        logarithms = self.each("sub", ids, self._along("logsumexp", ids, axes, True))
        return self.each("exp", logarithms) if op == "softmax_over" else logarithms

    def _matmul(self, left: Ids, right: Ids) -> Ids:
        rows = left[None, :] if left.ndim == 1 else left
        columns = right[:, None] if right.ndim == 1 else right
        above = np.broadcast_shapes(rows.shape[:-2], columns.shape[:-2])
        rows = np.broadcast_to(rows, (*above, *rows.shape[-2:]))
        columns = np.broadcast_to(columns, (*above, *columns.shape[-2:]))
        made = np.empty((*above, rows.shape[-2], columns.shape[-1]), dtype=np.int64)
        for index in np.ndindex(made.shape):
            *first, row, column = index
            pairs = zip(rows[(*first, row)], columns[(*first, slice(None), column)], strict=True)
            made[index] = self.fold("add", [self.graph.apply("mul", int(a), int(b)) for a, b in pairs], self.zero)
        if left.ndim == 1:
            made = made[..., 0, :]
        return made[..., 0] if right.ndim == 1 else made

    # ------------------------------------------------------------ eliminations

    def _eliminated(self, value: Any, matrix: Ids, right: Ids) -> tuple[Ids, Ids, int]:
        """Both sides of linear equations with a triangular matrix, and the sign of the rows' exchanges.

        The pivots are those that elimination of the values takes; without values, the diagonal.
        """
        rows, sides, sign = matrix.copy(), right.copy(), 1
        numbers = None if value is None else np.array(value, dtype=float)
        count = len(rows)
        for place in range(count):
            if numbers is not None:
                best = place + int(np.argmax(np.abs(numbers[place:, place])))
                if best != place:
                    sign = -sign
                    for table in (rows, sides, numbers):
                        table[[place, best]] = table[[best, place]]
            for row in range(place + 1, count):
                factor = np.array(self.graph.apply("div", int(rows[row, place]), int(rows[place, place])))
                rows[row, place + 1 :] = self.each(
                    "sub", rows[row, place + 1 :], self.each("mul", factor, rows[place, place + 1 :])
                )
                sides[row] = self.each("sub", sides[row], self.each("mul", factor, sides[place]))
                if numbers is not None and numbers[place, place]:
                    numbers[row] -= numbers[row, place] / numbers[place, place] * numbers[place]
        return rows, sides, sign

    def _solve(self, value: Any, matrix: Ids, right: Ids) -> Ids:
        rows, sides, _ = self._eliminated(value, matrix, right.reshape(len(right), prod(right.shape[1:])))
        for row in reversed(range(len(rows))):
            for later in range(row + 1, len(rows)):
                sides[row] = self.each("sub", sides[row], self.each("mul", rows[row, later], sides[later]))
            sides[row] = self.each("div", sides[row], rows[row, row])
        return sides.reshape(right.shape)

    def _inv(self, value: Any, matrix: Ids) -> Ids:
        return self._solve(value, matrix, np.where(np.eye(len(matrix)) > 0, self.one, self.zero))

    def _det(self, value: Any, matrix: Ids) -> NodeId:
        if value is not None and len(matrix) <= 4 and not np.linalg.det(np.array(value, dtype=float)):
            return self._expanded(matrix)
        rows, _, sign = self._eliminated(value, matrix, matrix[:, :0])
        total = self.fold("mul", list(np.diagonal(rows)), self.one)
        return self.graph.apply("neg", total) if sign < 0 else total

    def _expanded(self, matrix: Ids) -> NodeId:
        """The determinant as the sum over all permutations: it needs no pivot."""
        total = self.zero
        for order in permutations(range(len(matrix))):
            term = self.fold("mul", [matrix[row, column] for row, column in enumerate(order)], self.one)
            odd = sum(order[a] > order[b] for a, b in product(range(len(order)), repeat=2) if a < b) % 2
            total = self.graph.apply("sub" if odd else "add", total, term)
        return total

    def _logdet(self, value: Any, matrix: Ids) -> NodeId:
        return self.graph.apply("log", self._det(value, matrix))

    def _adjugate(self, value: Any, matrix: Ids) -> Ids:
        count = len(matrix)
        made = np.empty((count, count), dtype=np.int64)
        for row, column in np.ndindex(count, count):
            minor = self._det(
                None if value is None else np.delete(np.delete(value, row, 0), column, 1),
                np.delete(np.delete(matrix, row, 0), column, 1),
            )
            made[column, row] = self.graph.apply("neg", minor) if (row + column) % 2 else minor
        return made

    def _cholesky(self, value: Any, matrix: Ids) -> Ids:
        count = len(matrix)
        two = self.graph.constant(Fraction(2))
        made = np.full((count, count), self.zero, dtype=np.int64)
        for row in range(count):
            for column in range(row + 1):
                pair = self.graph.apply("add", int(matrix[row, column]), int(matrix[column, row]))
                rest = int(matrix[row, row]) if row == column else self.graph.apply("div", pair, two)
                for k in range(column):
                    rest = self.graph.apply(
                        "sub", rest, self.graph.apply("mul", int(made[row, k]), int(made[column, k]))
                    )
                made[row, column] = (
                    self.graph.apply("sqrt", rest)
                    if row == column
                    else self.graph.apply("div", rest, int(made[column, column]))
                )
        return made


ARRANGED: Final[dict[str, Callable[[Any], Callable[..., Any]]]] = {  # they move elements, whatever these are
    "reshape": lambda label: lambda x: np.reshape(x, label),
    "broadcast": lambda label: lambda x: np.broadcast_to(x, label),
    "transpose": lambda label: lambda x: np.transpose(x, label),
    "take": lambda label: lambda x: x[subscript(label)],
    "concat": lambda label: lambda *parts: np.concatenate(parts, axis=label[0]),
    "diagonal": lambda label: np.diagonal,
}
_FOLDS = {"sum": "add", "max_over": "max", "min_over": "min", "logsumexp_over": "logsumexp", "norm_over": "hypot"}
MATRICES = frozenset({"solve", "inv", "det", "logdet", "adjugate", "cholesky"})  # whose pivots the values choose
