"""Taylor series in one variable, with every digit proved."""

from __future__ import annotations

import operator
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

from flint import fmpz

from adcalc.api.proofs.exact import step
from adcalc.api.series.expansions import Expansions
from adcalc.api.series.rounded import Rounded, rounded
from adcalc.errors import LimitError, UsageError
from adcalc.results.taylor import Taylor

if TYPE_CHECKING:
    from adcalc.api.function import Function
    from adcalc.api.point import Point

LARGEST_ORDER: Final = 10_000


def taylor(function: Function, point: Point, order: int, wrt: str | None = None, digits: int | None = None) -> Taylor:
    """The coefficients of f in powers of one variable less its value at the point, up to an order, and the derivatives.

    The variable is `wrt`, or the only one that there is. The numbers are correctly rounded floats, or texts of so many
    `digits`. Raises UsageError where the variable is not clear, DomainError or NotDifferentiableError where there is no
    series, PrecisionError where digits cannot be proved.

    >>> from adcalc.api import function
    >>> taylor(function("exp(x)"), {"x": 0}, 3).coefficients
    (1.0, 1.0, 0.5, 0.16666666666666666)
    """
    require_order(order)
    asked = Expansions(function, point, digits)
    names = asked.variables if wrt is None else [wrt]
    if wrt is None and len(names) > 1:
        listed = ", ".join(names)
        raise UsageError(
            f"a series is in one variable, and there are {listed}", hint=f"say which one: --wrt {names[0]}"
        )
    name = asked.chosen(names)[0] if names else ""
    lines = [{name: 1} if name else {}]

    def read(found: Any, is_last: bool) -> tuple[Rounded, Rounded]:
        (coefficients,) = found
        derivatives = [one * factorial for one, factorial in zip(coefficients, factorials(order), strict=True)]
        return rounded(coefficients, digits, is_last), rounded(derivatives, digits, is_last)

    coefficients, derivatives = asked.along(lines, order, read)
    return Taylor(
        function.source.text,
        asked.shown,
        name,
        step(name, asked.starts[name]) if name else name,
        order,
        coefficients.numbers,
        derivatives.numbers,
        (coefficients.texts, derivatives.texts),
        _beyond("coefficient", coefficients, digits) + _beyond("derivative", derivatives, digits),
    )


def require_order(order: int) -> None:
    """Raise UsageError or LimitError for an order that makes no sense.

    >>> require_order(50)
    """
    if order < 0:
        raise UsageError("the order of a derivative is 0 or more")
    if order > LARGEST_ORDER:
        raise LimitError(f"series are computed up to order {LARGEST_ORDER}")


@lru_cache(maxsize=4)
def factorials(order: int) -> tuple[fmpz, ...]:
    """The factorials up to that of an order, exactly.

    >>> [int(one) for one in factorials(4)]
    [1, 1, 2, 6, 24]
    """
    return tuple(map(fmpz, accumulate(range(1, order + 1), operator.mul, initial=1)))


def _beyond(what: str, found: Rounded, digits: int | None) -> tuple[tuple[str, str], ...]:
    """The warnings about numbers that floats cannot hold, and about those that no number of digits tells from 0."""
    warnings = []
    if digits is not None:
        listed = ", ".join(map(str, found.vanished))
        which = f"the {what} of order {listed} is" if len(found.vanished) == 1 else f"the {what}s of order {listed} are"
        return (("precision", f"{which} not told from 0 by any number of digits"),) if listed else ()
    large = [order for order, number in enumerate(found.numbers) if number is None]
    for kind, orders, sentence in (
        ("overflow", large, "beyond the range of floating point"),
        ("underflow", found.vanished, "too small for floating point"),
    ):
        if orders:
            first = f"the {what} of order {orders[0]} is"
            which = first if len(orders) == 1 else f"{what}s from order {orders[0]} on are"
            warnings.append((kind, f"{which} {sentence}; --digits 17 has every digit"))
    return tuple(warnings)
