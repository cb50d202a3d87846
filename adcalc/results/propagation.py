"""Results with error bars: what the uncertainties of the inputs make of the result."""

from collections.abc import Mapping
from typing import NamedTuple

from adcalc.results.proved import Bounds


class SecondOrder(NamedTuple):
    """What the second and third derivatives add to a value and its uncertainty, for normally distributed inputs.

    `shift` is how far the mean of the result lies from its value at the estimates; `value` and `uncertainty` are
    corrected, the latter None where the correction makes no sense; `matters` says whether that shows in the report.

    >>> SecondOrder(0.01, 4.01, 0.4, False).value
    4.01
    """

    shift: float
    value: float
    uncertainty: float | None
    matters: bool


class Propagation(NamedTuple):
    """A value and its combined standard uncertainty (JCGM 100:2008, 5.1.2 and 5.2.2), with what belongs to them.

    `at` has the estimates, `uncertainties` the standard uncertainties of those inputs that have one, `sensitivity` the
    slopes by them, `contributions` the share of each in the variance: they add up to 1, or are all 0 where there is no
    uncertainty. With correlations a share holds half of each covariance, and may be negative or above 1.
    `second_order` is None where there are no second derivatives. `enclosure` are two numbers between which the result
    certainly lies when every input is within its uncertainty of its estimate, and `bounds` the same as decimals; None
    where that is not known. `expanded` is the uncertainty times the coverage factor.

    >>> Propagation("2*x", {"x": 1.0}, {"x": 0.1}, 2.0, 0.2, {"x": 1.0}, None, (1.8, 2.2)).uncertainty
    0.2
    """

    expression: str
    at: Mapping[str, float]
    uncertainties: Mapping[str, float]
    value: float
    uncertainty: float
    contributions: Mapping[str, float]
    second_order: SecondOrder | None
    enclosure: tuple[float, float] | None
    sensitivity: Mapping[str, float] = {}
    correlations: Mapping[str, float] = {}
    coverage: float | None = None
    bounds: Bounds | None = None
    warnings: tuple[tuple[str, str], ...] = ()

    @property
    def expanded(self) -> float | None:
        """The uncertainty times the coverage factor, where one was given.

        >>> Propagation("x", {"x": 1.0}, {"x": 0.1}, 1.0, 0.1, {"x": 1.0}, None, None, coverage=2.0).expanded
        0.2
        """
        return None if self.coverage is None else self.coverage * self.uncertainty
