"""Second derivatives as plain data: the Hessian by its entries, and its product with a direction."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from adcalc.results import Number

Places: TypeAlias = "Sequence[int] | Any"  # or NumPy's array of them
Numbers: TypeAlias = "Sequence[float] | Any"


class Hessian(NamedTuple):
    """Value, gradient and second derivatives at a point.

    The matrix has a row for each of `names`: the variables, or the elements of those that are arrays. `rows`, `columns`
    and `values` are its entries, both of each pair, where it can be other than 0 somewhere. `colours` is how many
    directions the forward sweeps took; `error_estimate` has what finite differences say of each entry.

    >>> names, shapes, slopes = ("x", "y"), {"x": (), "y": ()}, {"x": 3.0, "y": 2.0}
    >>> at = {"x": 2.0, "y": 3.0}
    >>> found = Hessian("x*y", at, "reverse", 6.0, slopes, names, shapes, (0, 1), (1, 0), (1.0, 1.0), 2)
    >>> found.hessian
    {'x': {'x': 0.0, 'y': 1.0}, 'y': {'x': 1.0, 'y': 0.0}}
    """

    expression: str
    at: Mapping[str, Number]
    mode: str
    value: float
    gradient: Mapping[str, Number]
    names: tuple[str, ...]
    shapes: Mapping[str, tuple[int, ...]]
    rows: Places
    columns: Places
    values: Numbers
    colours: int
    error_estimate: Sequence[float] = ()
    warnings: tuple[tuple[str, str], ...] = ()

    @property
    def hessian(self) -> dict[str, dict[str, Number]]:
        """By pairs of variables: a number, or an array in the shape of the first and then of the second."""
        return self.by_variables(self.values)

    @property
    def matrix(self) -> Any:
        """The whole matrix, a NumPy array."""
        import numpy as np

        made = np.zeros((len(self.names), len(self.names)))
        made[np.asarray(self.rows, dtype=int), np.asarray(self.columns, dtype=int)] = self.values
        return made

    def by_variables(self, values: Numbers) -> dict[str, dict[str, Number]]:
        """Numbers in the order of the entries, by pairs of variables.

        >>> one = Hessian("x", {"x": 2.0}, "reverse", 2.0, {"x": 1.0}, ("x",), {"x": ()}, (0,), (0,), (5.0,), 1)
        >>> one.by_variables([7.0])
        {'x': {'x': 7.0}}
        """
        if any(self.shapes.values()):
            return self._blocks(values)
        made = {one: dict.fromkeys(self.names, 0.0) for one in self.names}
        for row, column, number in zip(self.rows, self.columns, values, strict=True):
            made[self.names[row]][self.names[column]] = number
        return made

    def _blocks(self, values: Numbers) -> dict[str, dict[str, Number]]:
        import numpy as np

        whole = self._replace(values=values).matrix
        ends = np.cumsum([0, *(int(np.prod(shape)) for shape in self.shapes.values())])
        spans = {name: slice(ends[k], ends[k + 1]) for k, name in enumerate(self.shapes)}
        made: dict[str, dict[str, Number]] = {}
        for one, shape in self.shapes.items():
            made[one] = {}
            for other, second in self.shapes.items():
                block = whole[spans[one], spans[other]].reshape(shape + second)
                made[one][other] = block if block.ndim else float(block)
        return made


class HessianProduct(NamedTuple):
    """The product of the Hessian with a direction at a point, by variables, each in the variable's own shape.

    >>> HessianProduct("x^2", {"x": 3.0}, "reverse", {"x": 1.0}, 9.0, {"x": 2.0}).hvp
    {'x': 2.0}
    """

    expression: str
    at: Mapping[str, Number]
    mode: str
    seed: Mapping[str, Number]
    value: float
    hvp: Mapping[str, Number]
    error_estimate: Mapping[str, float] = {}
    warnings: tuple[tuple[str, str], ...] = ()
