"""Numbers that are proved: the balls that hold them, and what is written for them."""

from fractions import Fraction
from math import inf, nextafter
from typing import Final, NamedTuple

from flint import arb, ctx


class Enclosure(NamedTuple):
    """A number that is proved: the ball that holds it, and its digits, rounded from the true value ("": not proved).

    `exact` is the fraction that it is, where that is known; `low` and `high` are its bounds in decimals, where these
    were asked for.

    >>> Enclosure(arb(0.5), "0.5").distance(0.75)
    0.25
    """

    ball: arb
    digits: str
    exact: Fraction | None = None
    low: str = ""
    high: str = ""

    @property
    def vanishes(self) -> bool:
        """Whether "0" is written for a number that is not proved to be 0, only to be nearer to it than 10^-2400.

        >>> Enclosure(arb(0), "0").vanishes
        False
        """
        return self.digits == "0" and not self.ball.is_zero()

    def distance(self, x: float) -> float:
        """How far a float is from the true value, at most.

        >>> Enclosure(arb(0.5), "0.5").distance(0.5)
        0.0
        """
        before = ctx.prec
        ctx.prec = max(before, self.ball.bits() + 64)
        try:
            apart = (self.ball - x).abs_upper()
        finally:
            ctx.prec = before
        near = float(apart)
        return near if arb(near) >= apart else nextafter(near, inf)


ZERO: Final = Enclosure(arb(0), "0", Fraction(0))


class Certified(NamedTuple):
    """A proved value and its proved partials, in the order of `Problem.wrt`; None where no derivative flows."""

    value: Enclosure
    partials: tuple[Enclosure | None, ...]
