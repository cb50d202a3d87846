"""Derivatives of several results at once, as plain data."""

from collections.abc import Mapping
from typing import NamedTuple

from adcalc.results import Number


class Jacobian(NamedTuple):
    """The values of a result and the derivatives of each by some variables.

    `jacobian` has, for each variable, an array in the shape of the result and then of the variable: tuples where
    neither is an array. A single result has the shape (), and its Jacobian is its gradient. `mode` is what was used,
    `work` what each direction would have taken: directions of one forward sweep, and return sweeps.

    >>> Jacobian("[x, x^2]", {"x": 3.0}, "forward", (3.0, 9.0), {"x": (1.0, 6.0)}).jacobian["x"]
    (1.0, 6.0)
    """

    expression: str
    at: Mapping[str, Number]
    mode: str
    value: Number | tuple[float, ...]
    jacobian: Mapping[str, Number | tuple[float, ...]]
    work: Mapping[str, int] = {}
    error_estimate: Mapping[str, Number | tuple[float, ...]] = {}
    warnings: tuple[tuple[str, str], ...] = ()
