"""A curve: value and derivative at the samples of a range, and the places where one of them is missing."""

from collections.abc import Mapping
from typing import NamedTuple


class Sample(NamedTuple):
    """Value and derivative where the variable has a number; None for what there is not, and then why.

    >>> Sample(3.0, 9.0, 6.0).slope
    6.0
    """

    at: float
    value: float | None
    slope: float | None
    problem: str = ""


class Spot(NamedTuple):
    """Where a value or a derivative is missing, from the first such number to the last.

    `what` is "no value", "no derivative", or what lies between two neighbouring numbers: a "jump" or a "pole" of the
    value, a "kink" of the slope. `sides` are the slopes, of a jump the values, to the left and to the right. `kind` is
    that of the error there, `about` the sub-expression to blame, `hint` what it needs. `exact` says whether the ends
    are the last such numbers, and not just samples.

    >>> Spot("no derivative", 0.0, 0.0, "not_differentiable", "abs(x) has a kink", sides=(-1.0, 1.0)).sides
    (-1.0, 1.0)
    """

    what: str
    low: float
    high: float
    kind: str
    message: str
    about: str = ""
    hint: str = ""
    sides: tuple[float, float] | None = None
    exact: bool = True

    @property
    def is_point(self) -> bool:
        """Whether it is one number, or nothing between two neighbours.

        >>> Spot("pole", 1.0, 1.0000000000000002, "pole", "").is_point
        True
        """
        return self.low == self.high or self.what in ("jump", "pole", "kink")


class Plot(NamedTuple):
    """Value and derivative of an expression over the range of a variable.

    `at` has the other variables' numbers, `wrt` is what the derivative is by. `samples` are in ascending order;
    `edges` stand right beside what breaks the curve, and serve to draw it. `cuts` say behind which of all of them a
    line is not to go on: that of the "value", and so the slope's, or that of the "slope" alone.

    >>> Plot("x^2", {}, "x", 0.0, 1.0, "reverse", "x", (Sample(0.0, 0.0, 0.0), Sample(1.0, 1.0, 2.0))).curve()
    [Sample(at=0.0, value=0.0, slope=0.0, problem=''), Sample(at=1.0, value=1.0, slope=2.0, problem='')]
    """

    expression: str
    at: Mapping[str, float]
    variable: str
    low: float
    high: float
    mode: str
    wrt: str
    samples: tuple[Sample, ...]
    edges: tuple[Sample, ...] = ()
    cuts: Mapping[float, str] = {}
    spots: tuple[Spot, ...] = ()
    warnings: tuple[tuple[str, str], ...] = ()

    def curve(self) -> list[Sample]:
        """All samples that the curve is drawn through, in ascending order."""
        every = {sample.at: sample for sample in (*self.edges, *self.samples)}
        return [every[at] for at in sorted(every)]
