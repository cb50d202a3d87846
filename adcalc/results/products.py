"""Products with a Jacobian that nobody writes down: by a weight of the result, or along a direction."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Vjp(NamedTuple):
    """The vector-Jacobian product: the gradient of the result's sum, each element times its weight.

    `value` is the result's; `seed` the weight, one number or in the result's shape, and `name` what the result is
    called, "" where it has no name. `vjp` has each variable's own shape.

    >>> Vjp("[x, 2*x]", {"x": 1.0}, "reverse", (1.0, 2.0), "", (1.0, 1.0), {"x": 3.0}).vjp["x"]
    3.0
    """

    expression: str
    at: Mapping[str, Any]
    mode: str
    value: Any
    name: str
    seed: Any
    vjp: Mapping[str, Any]
    error_estimate: Mapping[str, float] = {}
    warnings: tuple[tuple[str, str], ...] = ()


class Jvp(NamedTuple):
    """The Jacobian-vector product: the slope of the result where the variables move along a direction.

    `seed` is the direction, of those variables that move; `jvp` has the shape of the result.

    >>> Jvp("[x, 2*x]", {"x": 1.0}, (1.0, 2.0), {"x": 3.0}, (3.0, 6.0)).jvp
    (3.0, 6.0)
    """

    expression: str
    at: Mapping[str, Any]
    value: Any
    seed: Mapping[str, Any]
    jvp: Any
    warnings: tuple[tuple[str, str], ...] = ()
