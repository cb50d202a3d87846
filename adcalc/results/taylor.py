"""A Taylor series as plain data."""

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeAlias

Digits: TypeAlias = float | str | None  # a float, so many digits as text, or what no float can hold


class Taylor(NamedTuple):
    """The coefficients c[k] = f⁽ᵏ⁾/k! of an expression in one variable at a point, and the derivatives f⁽ᵏ⁾.

    They are floats, correctly rounded, or texts where a number of digits was asked; None is a number beyond floats, and
    `texts` has, by order, those that floats cannot hold. `variable` is "" where there is none, and the powers are those
    of `step`, such as x - 1. `warnings` are pairs of a kind and a message.

    >>> Taylor("x^2", {"x": 3.0}, "x", "x - 3", 1, (9.0, 6.0), (9.0, 6.0)).value
    9.0
    """

    expression: str
    at: Mapping[str, Any]
    variable: str
    step: str
    order: int
    coefficients: tuple[Digits, ...]
    derivatives: tuple[Digits, ...]
    texts: tuple[Mapping[int, str], Mapping[int, str]] = ({}, {})
    warnings: tuple[tuple[str, str], ...] = ()

    @property
    def value(self) -> Digits:
        """The expression's own value.

        >>> Taylor("2", {}, "", "", 0, (2.0,), (2.0,)).value
        2.0
        """
        return self.coefficients[0]
