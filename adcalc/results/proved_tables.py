"""Jacobians, Hessians and products with them whose every digit is proved: plain data."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from adcalc.graph.shape import elements, nested
from adcalc.results.proved import Bounds


class ProvedNumber(NamedTuple):
    """A number that is proved: its digits, None where it has only bounds; these, where they were asked for.

    `exact` is the fraction that it is known to be.

    >>> ProvedNumber("0.33333").digits
    '0.33333'
    """

    digits: str | None
    bounds: Bounds | None = None
    exact: Fraction | None = None


ZERO = ProvedNumber("0", None, Fraction(0))


class Block(NamedTuple):
    """Proved numbers in a shape, row by row; a number has the shape ().

    >>> Block((ProvedNumber("1"), ProvedNumber("2")), (2,)).told(lambda number: number.digits)
    ['1', '2']
    """

    numbers: tuple[ProvedNumber, ...]
    shape: tuple[int, ...] = ()

    def told(self, how: Callable[[ProvedNumber], Any]) -> Any:
        """What somebody makes of each number, as nested lists of the shape."""
        return nested([how(number) for number in self.numbers], self.shape)

    @property
    def digits(self) -> Any:
        """The digits, as nested lists of the shape.

        >>> Block((ProvedNumber("1"),)).digits
        '1'
        """
        return self.told(lambda number: number.digits)


class ProvedJacobian(NamedTuple):
    """The values of a result and the derivatives of each by some variables, in digits that are all proved.

    `at` has the point; `jacobian` has, for each variable, a block in the shape of the result and then of the variable.

    >>> one, two = ProvedNumber("1"), ProvedNumber("2")
    >>> at, rows = {"x": Block((one,))}, {"x": Block((two,))}
    >>> ProvedJacobian("2*x", at, "reverse", 5, Block((two,)), rows).jacobian["x"].digits
    '2'
    """

    expression: str
    at: Mapping[str, Block]
    mode: str
    digits: int
    value: Block
    jacobian: Mapping[str, Block]


class ProvedHessian(NamedTuple):
    """Value, gradient and second derivatives in digits that are all proved.

    The matrix has a row for each of `names`: the variables, or the elements of those that are arrays, whose shapes are
    `shapes`. `rows`, `columns` and `values` are its entries, both of each pair, where it can be other than 0 somewhere;
    `colours` is how many directions the forward sweeps took.

    >>> at, value = {"x": Block((ProvedNumber("3"),))}, Block((ProvedNumber("9"),))
    >>> entries = (0,), (0,), (ProvedNumber("2"),)
    >>> slopes = {"x": Block((ProvedNumber("6"),))}
    >>> found = ProvedHessian("x^2", at, "reverse", 5, value, slopes, ("x",), {}, *entries, 1)
    >>> found.hessian["x"]["x"].digits
    '2'
    """

    expression: str
    at: Mapping[str, Block]
    mode: str
    digits: int
    value: Block
    gradient: Mapping[str, Block]
    names: tuple[str, ...]
    shapes: Mapping[str, tuple[int, ...]]
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    values: tuple[ProvedNumber, ...]
    colours: int

    @property
    def hessian(self) -> dict[str, dict[str, Block]]:
        """By pairs of variables: a block in the shape of the first and then of the second."""
        entries = dict(zip(zip(self.rows, self.columns, strict=True), self.values, strict=True))
        place = {name: number for number, name in enumerate(self.names)}
        own = {name: [place[one] for one in elements(name, self.shapes.get(name, ()))] for name in self.gradient}
        return {
            one: {
                other: Block(
                    tuple(entries.get((row, column), ZERO) for row in own[one] for column in own[other]),
                    (*self.shapes.get(one, ()), *self.shapes.get(other, ())),
                )
                for other in own
            }
            for one in own
        }


class ProvedProduct(NamedTuple):
    """A product with the Jacobian or the Hessian in digits that are all proved.

    `kind` is "jvp", "vjp" or "hvp"; `seed` the direction by variable, or the weight of the result by its name, "" where
    it has none; `product` is by variable, or that of jvp in the shape of the result by "".

    >>> one = Block((ProvedNumber("1"),))
    >>> ProvedProduct("jvp", "x", {"x": one}, "forward", 5, one, {"x": one}, {"": one}).product[""].digits
    '1'
    """

    kind: str
    expression: str
    at: Mapping[str, Block]
    mode: str
    digits: int
    value: Block
    seed: Mapping[str, Block]
    product: Mapping[str, Block]
