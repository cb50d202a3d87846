"""Derivatives of any order at a point, pure and mixed, by Taylor series: every digit is proved.

The n-th derivative by one variable is n! times a coefficient of the series along that variable. A mixed one is a sum
over coefficients along some lines through the point (polarisation: Kan 2008, "From moments of sum to moments of
product", J. Multivariate Analysis 99): with d = i₁ + i₂ + … and c(s) the coefficient of t^d along the direction s,

    ∂^d f/∂x₁^i₁ ∂x₂^i₂ … = 2^-d · Σ over 0 ≤ k ≤ i of (-1)^(k₁ + k₂ + …)·C(i₁, k₁)·C(i₂, k₂)…·c(i - 2k)
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import comb, prod
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flint import fmpq

from adcalc.api import floats
from adcalc.api.asked import Asked
from adcalc.api.series.expansions import Expansions
from adcalc.api.series.rounded import Rounded, rounded
from adcalc.api.series.taylor import require_order
from adcalc.errors import LimitError, NotDifferentiableError, NumberOverflowError, PrecisionError, UsageError
from adcalc.results import Gradient
from adcalc.results.proved import ProvedGradient

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from adcalc.api.function import Function
    from adcalc.api.point import Point
    from adcalc.modes.taylor import Line
    from adcalc.results.taylor import Digits

MODE: Final = "taylor"
_LINES: Final = 20_000  # of a mixed derivative


class Share(NamedTuple):
    """A line, and the weight that its coefficient has in a mixed derivative.

    >>> Share({"x": 1}, Fraction(2)).weight
    Fraction(2, 1)
    """

    line: Line
    weight: Fraction


def polarised(way: Sequence[str]) -> list[Share]:
    """The lines of the derivative along a way, with their weights. Raises LimitError where there are too many.

    >>> [(share.line, str(share.weight)) for share in polarised(("x", "y"))]
    [({'x': 1, 'y': 1}, '1/2'), ({'x': 1, 'y': -1}, '-1/2')]
    """
    times = {name: tuple(way).count(name) for name in dict.fromkeys(way)}
    order = len(way)
    if len(times) == 1:
        return [Share({way[0]: 1}, Fraction(prod(range(1, order + 1))))]
    if prod(count + 1 for count in times.values()) > 2 * _LINES:
        raise LimitError(f"a derivative by {len(times)} variables {order} times takes too many series")
    found: dict[tuple[int, ...], Fraction] = {}
    for taken in product(*(range(count + 1) for count in times.values())):
        direction = [count - 2 * one for count, one in zip(times.values(), taken, strict=True)]
        if not any(direction):
            continue
        sign = 1 if next(one for one in direction if one) > 0 else -1  # the line backwards has the same coefficients
        key = tuple(sign * one for one in direction)
        weight = (-1) ** sum(taken) * prod(comb(count, one) for count, one in zip(times.values(), taken, strict=True))
        found[key] = found.get(key, Fraction(0)) + Fraction(weight * sign**order, 2**order)
    return [Share(dict(zip(times, key, strict=True)), weight) for key, weight in found.items() if weight]


class Answer(NamedTuple):
    """The derivatives by name, the value, and which of these numbers became 0; their order; by what they are mixed.

    >>> Answer({}, 1.0, {"x": 2.0}, (), 2, ()).order
    2
    """

    at: Mapping[str, Any]
    value: Digits
    numbers: Mapping[str, Digits]
    vanished: tuple[int, ...]
    order: int
    mixed: tuple[str, ...]

    def what(self, is_value: bool) -> str:
        """What a sentence calls the value, or one of the derivatives."""
        return "the value" if is_value else f"a derivative of order {self.order}"


def answer(
    function: Function, point: Point, wrt: Iterable[str] | None, order: int, mixed: bool, digits: int | None = None
) -> Answer:
    """The derivatives of an order by each variable, or one mixed derivative: by the variables of `wrt`, `order` times.

    It is a mixed one where a variable is named twice, or `mixed` says so. Numbers are floats, or texts of `digits`.
    Raises what `Function.gradient` raises, and PrecisionError where digits cannot be proved.

    >>> from adcalc.api import function
    >>> answer(function("x^3*y^2"), {"x": 2, "y": 3}, ("x", "x", "y"), 1, False).numbers
    {'x,x,y': 72.0}
    """
    require_order(order)
    asked = Expansions(function, point, digits)
    names = asked.chosen(wrt)
    is_mixed = bool(names) and (mixed or len(set(names)) < len(names))
    ways = [tuple(names) * order] if is_mixed else [(name,) * order for name in names]
    total = max((len(way) for way in ways), default=order)
    require_order(total)
    shares = [polarised(way) if way else [] for way in ways]
    lines = [share.line for one in shares for share in one] or [{}]

    def read(found: Any, is_last: bool) -> Rounded:
        series, value = iter(found), found[0][0]
        sums = [[next(series)[total] * _fraction(share.weight) for share in one] or [value] for one in shares]
        return rounded([value, *(sum(one[1:], one[0]) for one in sums)], digits, is_last)

    try:
        found = asked.along(lines, total, read)
    except NotDifferentiableError:
        if not is_mixed or digits is not None or function.needs_point or asked.shapes:
            raise
        found = _by_formula(function, point, ways[0])  # which knows one-sided slopes by each variable in turn
    value, *numbers = found.numbers
    keys = [way[0] if len(set(way)) == 1 else ",".join(way) for way in ways] if order else names
    mixture = ways[0] if is_mixed and len(set(ways[0])) > 1 else ()
    return Answer(asked.shown, value, dict(zip(keys, numbers, strict=True)), found.vanished, total, mixture)


def _fraction(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)


def _by_formula(function: Function, point: Point, way: tuple[str, ...]) -> Rounded:
    from adcalc.api.formulas.formula_values import evaluated

    lowered, at = function.at(point)
    return Rounded((floats.value(Asked(function, lowered, at))[0], evaluated(function, lowered, at, way)), (), {})


def partials(
    function: Function, point: Point, wrt: Iterable[str] | None = None, order: int = 1, mixed: bool = False
) -> Gradient:
    """The value and the derivatives as floats: see `answer`. Raises NumberOverflowError where one is beyond floats.

    >>> from adcalc.api import function
    >>> partials(function("x^3*y^2"), {"x": 2, "y": 3}, order=2).gradient
    {'x': 108.0, 'y': 16.0}
    """
    found = answer(function, point, wrt, order, mixed)
    if found.value is None or None in found.numbers.values():
        what = found.what(found.value is None)
        raise NumberOverflowError(f"{what} is beyond the range of floating point", hint="--digits 17 has every digit")
    warnings: tuple[tuple[str, str], ...] = ()
    if found.vanished:
        what = found.what(found.vanished[0] == 0)
        warnings = (("underflow", f"{what} is too small for floating point, and 0 here"),)
    text = function.source.text
    return Gradient(text, found.at, MODE, found.value, dict(found.numbers), {}, warnings, found.order, found.mixed)


def proved_partials(
    function: Function, point: Point, digits: int, wrt: Iterable[str] | None = None, order: int = 1, mixed: bool = False
) -> ProvedGradient:
    """The value and the derivatives in digits that are all proved: see `answer`.

    Raises PrecisionError also where a number is not told from 0.

    >>> from adcalc.api import function
    >>> proved_partials(function("exp(x)"), {"x": "1/3"}, 20, order=2).gradient
    {'x': '1.3956124250860895286'}
    """
    found = answer(function, point, wrt, order, mixed, digits)
    if found.vanished:
        what = found.what(found.vanished[0] == 0)
        raise PrecisionError(f"{what} is so near to 0 that no number of digits tells whether it is 0")
    numbers = {name: str(number) for name, number in found.numbers.items()}
    text = function.source.text
    return ProvedGradient(text, found.at, MODE, digits, str(found.value), numbers, order=found.order, mixed=found.mixed)


def require_plain(mode: str, at_kink: str | None, enclosure: bool = False) -> None:
    """Raise UsageError where derivatives of another order are asked for in a way that only first ones have.

    >>> require_plain("reverse", None)
    """
    for what, is_asked, hint in (
        (f"mode {mode}", mode != "reverse", "compare has every mode for each order"),
        ("a convention for kinks", at_kink is not None, "leave --at-kink out"),
        ("an enclosure", enclosure, "leave --enclosure out: --digits proves as many as are asked for"),
    ):
        if is_asked:
            raise UsageError(f"{what} is about first derivatives", hint=hint)
