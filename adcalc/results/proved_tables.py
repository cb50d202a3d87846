"""Jacobians, Hessians and products with them whose every digit is proved: plain data."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from adcalc.graph.elements import elements, nested
from adcalc.results.proved import Bounds, remembered


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

    @property
    def bounds(self) -> Any:
        """The decimals between which each number lies, as nested lists of the shape; an exact 0 needs none asked for.

        >>> Block((ProvedNumber("0.33", Bounds("0.33", "0.34")), ZERO), (2,)).bounds
        [['0.33', '0.34'], ['0', '0']]
        """
        return self.told(lambda number: list(number.bounds or (number.digits, number.digits)))

    @property
    def remembered(self) -> str | tuple[str, ...] | None:
        """The number, or a list of them, as texts that lose nothing where they are fractions; None for anything else.

        >>> Block((ProvedNumber("0.33333", exact=Fraction(1, 3)),)).remembered
        '1/3'
        """
        texts = [remembered(number.digits, number.exact) for number in self.numbers]
        known = tuple(text for text in texts if text is not None)
        if len(known) < len(texts) or len(self.shape) > 1:
            return None
        return known if self.shape else known[0]


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

    @property
    def remembered(self) -> tuple[str | tuple[str, ...] | None, Mapping[str, str]]:
        """The value as a text that loses nothing where it is a fraction, and no partials."""
        return self.value.remembered, {}


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
    def remembered(self) -> tuple[str | tuple[str, ...] | None, Mapping[str, str]]:
        """Value and partials as texts that lose nothing where they are fractions; no partials by arrays."""
        known = {name: block.remembered for name, block in self.gradient.items() if not block.shape}
        partials = {name: text for name, text in known.items() if isinstance(text, str)}
        return self.value.remembered, partials if len(partials) == len(self.gradient) else {}

    @property
    def entries(self) -> Block:
        """The values of the entries, in one row."""
        return Block(self.values, (len(self.values),))

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

    @property
    def remembered(self) -> tuple[str | tuple[str, ...] | None, Mapping[str, str]]:
        """The value as a text that loses nothing where it is a fraction, and no partials."""
        return self.value.remembered, {}
