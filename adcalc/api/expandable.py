"""Derivatives of any order at a point: what a function is asked of its Taylor series."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from adcalc.api.program import Program

if TYPE_CHECKING:
    from collections.abc import Iterable

    from adcalc.api.function import Function
    from adcalc.api.point import Number, Point
    from adcalc.results import Gradient
    from adcalc.results.taylor import Taylor


class Expandable(Program):
    """A program with Taylor series: `Function` is one.

    >>> from adcalc.api import function
    >>> isinstance(function("x"), Expandable)
    True
    """

    @property
    def _whole(self) -> Function:
        return cast("Function", self)

    def taylor(
        self,
        point: Point | None = None,
        /,
        *,
        order: int = 5,
        wrt: str | None = None,
        digits: int | None = None,
        **values: Number,
    ) -> Taylor:
        """The Taylor coefficients in one variable at an exact point, and the derivatives: every digit is proved.

        They are correctly rounded floats, or texts of so many `digits`. `wrt` is the variable where there are several.
        Raises what `gradient` raises, UsageError where the variable is not clear, PrecisionError for unproved digits.

        >>> from adcalc.api import function
        >>> function("sin(x)").taylor(x=0, order=3).derivatives
        (0.0, 1.0, 0.0, -1.0)
        """
        from adcalc.api.series.taylor import taylor

        return taylor(self._whole, {**(point or {}), **values}, order, wrt, digits)

    def partials(
        self,
        point: Point,
        wrt: Iterable[str] | None = None,
        order: int = 1,
        mixed: bool = False,
        mode: str = "reverse",
        at_kink: str | None = None,
    ) -> Gradient:
        """The derivatives of an order by each variable, or one mixed derivative, with every digit of the floats proved.

        It is `Function.gradient` that asks for them; `mode` and `at_kink` have to be those of Taylor series: none.
        Raises UsageError where they are not, and what `gradient` raises.

        >>> from adcalc.api import function
        >>> function("x^3*y").partials({"x": 2, "y": 1}, ("x", "x", "y")).gradient
        {'x,x,y': 12.0}
        """
        from adcalc.api.series.partials import partials, require_plain

        require_plain(mode, at_kink)
        return partials(self._whole, point, wrt, order, mixed)
