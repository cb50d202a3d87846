"""Expressions made at random, with exact points, and what mpmath says of their values and derivatives."""

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import product
from math import comb, prod
from random import Random
from typing import Any, NamedTuple

import mpmath
from mpmath import mp

CANCELLING = (
    "(x - sin(x))/x^3",
    "(exp(x) - 1 - x)/x^2",
    "(1 - cos(x))/x^2",
    "sqrt(y + x) - sqrt(y)",
    "log(1 + x) - x",
    "tan(x) - sin(x) - x^3/2",
    "1/(y + x) - 1/y",
    "(y + x)^3 - y^3 - 3*y^2*x",
    "exp(y + x) - exp(y)",
    "atan(y + x) - atan(y)",
    "cosh(x)^2 - sinh(x)^2*(1 + x)",
)
TINY = ("1e-10", "1e-7", "3e-20", "1/10^30", "-2e-9", "pi/1e12")
POINTS = (
    "0.1",
    "1/3",
    "2.5",
    "pi",
    "-0.7",
    "sqrt(2)",
    "1e-3",
    "17",
    "pi/6",
    "-3",
    "1.25",
    "e/10",
    "0.3",
    "-1/7",
    "2",
    "100",
)
_ONE = (
    *("sin({})", "cos({})", "exp(sin({}))", "atan({})", "tanh({})", "log(1 + ({})^2)", "sqrt(2 + ({})^2)", "erf({})"),
    *("-({})", "({})^2", "({})^3", "abs({})", "cosh(cos({}))", "asinh({})", "1/(2 + cos({}))", "log(3 + sin({}))"),
    *("gamma(3 + sin({}))", "({})^-2", "exp(-({})^2)", "sinh(sin({}))"),
)
_TWO = ("{} + {}", "({}) - ({})", "({})*({})", "({})/(3 + sin({}))", "({})*sin({})", "hypot({}, {})", "max({}, {})")
_LEAVES = ("x", "y", "x", "y", "0.1", "3", "1/7", "pi", "2.5e-3")
_LARGEST = 10_000  # exponent of ten
_TINY = 1000  # the same of small numbers: that many digits more take mpmath long
_NUMBER = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?(?:e[+-]?\d+)?)")
_FUNCTIONS = (
    *("sin", "cos", "tan", "exp", "log", "sqrt", "atan", "tanh", "erf", "cosh", "sinh", "asinh", "gamma", "hypot"),
)


def _remembered(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of mpmath that is asked only once for each number and precision: texts repeat their parts."""

    @lru_cache(maxsize=512)
    def at(precision: int, *args: Any) -> Any:
        return function(*args)

    return lambda *args: at(mp.prec, *args)


_NAMES = {
    **{name: _remembered(getattr(mpmath, name)) for name in _FUNCTIONS},
    "abs": abs,
    "max": max,
    "mpf": mpmath.mpf,
}


def made(random: Random, size: int) -> str:
    """An expression of about so many operations."""
    parts = [random.choice(_LEAVES) for _ in range(3)]
    for _ in range(size):
        if random.random() < 0.5:
            place = random.randrange(len(parts))
            parts[place] = random.choice(_ONE).format(parts[place])
        else:
            left, right = random.choice(parts), random.choice(parts)
            parts[random.randrange(len(parts))] = random.choice(_TWO).format(left, right)
        parts.append(random.choice(_LEAVES))
    return max(parts, key=len)


def evaluated(text: str, values: Mapping[str, object]) -> mpmath.mpf:
    """What mpmath makes of a text, whose numbers are exact: an expression, or names for values before it."""
    space = {"pi": +mp.pi, "e": +mp.e, **_NAMES, **values}
    *statements, result = _compiled(text)
    for name, code in statements:
        space[name] = eval(code, space)
    return mpmath.mpf(eval(result[1], space))


@lru_cache(maxsize=512)
def _compiled(text: str) -> list[tuple[str, Any]]:
    parts = [part.rpartition("=") for part in _NUMBER.sub(r"mpf('\1')", text).replace("^", "**").split(";")]
    return [(name.strip(), compile(source.strip(), "<text>", "eval")) for name, _, source in parts]


def slope(text: str, values: dict[str, object], name: str) -> mpmath.mpf:
    """The derivative by a variable, by differences of so small a step that its error is far beyond any digit asked.

    The precision in force is shared between step and rounding: a third of its digits are right.
    """
    step = mpmath.mpf(10) ** (-mp.dps // 3)
    above, below = ({**values, name: values[name] + sign * step} for sign in (1, -1))
    return (evaluated(text, above) - evaluated(text, below)) / (2 * step)


def is_rounded(printed: str, true: mpmath.mpf, digits: int) -> bool:
    """Whether a decimal is the true number rounded to so many significant digits, or is that number, and shorter.

    Of a number that is too small for mpmath's precision nothing is known but that.
    """
    power = int(printed.partition("e")[2] or 0)
    if power < -_LARGEST:  # whose fraction nobody can write down
        return abs(true) < mpmath.mpf(10) ** (-mp.dps // 4)
    if power > _LARGEST:
        return abs(mpmath.mpf(printed) - true) <= abs(true) * mpmath.mpf(10) ** (1 - digits) / 2
    if Fraction(printed) and abs(true) < mpmath.mpf(10) ** (-mp.dps // 3):
        return abs(Fraction(printed)) < Fraction(1, 10 ** (mp.dps // 3))
    return agrees(printed, true, digits, max(2 * digits, mp.dps // 6), max(4 * digits, mp.dps // 4))


def agrees(printed: str, true: mpmath.mpf, digits: int, known: int, places: int) -> bool:
    """The same, however small the number is: it is known to so many digits, or to so many places where it is 0."""
    exact, given = _fraction(true), Fraction(printed)
    significand = printed.lstrip("-").partition("e")[0].replace(".", "").lstrip("0")
    if len(significand) < digits:  # then it claims to be the number itself
        return abs(given - exact) <= (abs(exact) / 10**known if given else Fraction(1, 10**places))
    exponent = int(printed.partition("e")[2] or 0)
    shown = len(printed.partition("e")[0].partition(".")[2]) - exponent
    assert len(significand) == digits
    return abs(given - exact) <= Fraction(1, 2) * Fraction(10) ** -shown * (1 + Fraction(1, 10**digits))


def _fraction(number: mpmath.mpf) -> Fraction:
    sign, mantissa, exponent, _ = number._mpf_
    return Fraction(-int(mantissa) if sign else int(mantissa)) * Fraction(2) ** exponent


def curvature(text: str, values: dict[str, object], one: str, other: str) -> mpmath.mpf:
    """The second derivative by two variables, by differences: a third of the digits in force are right, and more."""
    step = mpmath.mpf(10) ** (-mp.dps // 4)
    total = mpmath.mpf(0)
    for first in (1, -1):
        for second in (1, -1):
            moved = dict(values)
            moved[one] += first * step
            moved[other] += second * step
            total += first * second * evaluated(text, moved)
    return total / (4 * step * step)


class Part(NamedTuple):
    """A derivative of one of some results, so often by each variable, times a weight (a text)."""

    weight: str
    result: int
    orders: tuple[int, ...]


class Truth:
    """Derivatives of some texts at an exact point, by central differences with steps far below any digit asked.

    What agrees with differences of twice the digits is right; what does not is asked again with ever smaller steps and
    many more digits, as they may have lost more than that.
    """

    def __init__(self, texts: Sequence[str], point: Mapping[str, str]) -> None:
        self.texts = texts
        self.point = point
        self._known: dict[Any, mpmath.mpf] = {}

    def holds(self, printed: str, parts: Sequence[Part], digits: int) -> bool:
        """Whether a decimal is the sum of some parts, rounded to so many digits."""
        order = max((sum(part.orders) for part in parts), default=0)
        power = int(printed.partition("e")[2] or 0)
        small = max(0, -power) if power > -_TINY else 0
        for places, spare in (
            (digits + 40, 2 * digits + 100),
            (5 * digits + 200, 10 * digits + 400 + small),
            (5 * digits + 600, 10 * digits + 1200 + small),
        ):
            with mp.workdps(order * places + spare):
                try:
                    total = mpmath.fsum(evaluated(part.weight, {}) * self._partial(part, places) for part in parts)
                except (ArithmeticError, ValueError, TypeError):  # the step leaves the domain: a shorter one does not
                    continue
                if not -_TINY < power < _LARGEST:
                    right = is_rounded(printed, total, digits)
                else:
                    is_noise = not total or abs(total) < mpmath.mpf(10) ** (digits + 30 - spare)
                    right = (printed == "0" or not is_noise) and agrees(printed, total, digits, 2 * digits + 10, places)
                if right:
                    return True
        return False

    def _partial(self, part: Part, places: int) -> mpmath.mpf:
        step = mpmath.mpf(10) ** -places
        total = mpmath.mpf(0)
        for taken in product(*(range(order + 1) for order in part.orders)):
            sign = (-1) ** sum(taken) * prod(map(comb, part.orders, taken))
            moved = [order - 2 * one for order, one in zip(part.orders, taken, strict=True)]
            total += sign * self._value(part.result, tuple(moved), step)
        return total / (2 * step) ** sum(part.orders)

    def _value(self, result: int, moved: tuple[int, ...], step: mpmath.mpf) -> mpmath.mpf:
        key = mp.prec, result, moved, step
        if key not in self._known:
            start = {name: evaluated(number, {}) for name, number in self.point.items()}
            values = {name: start[name] + times * step for name, times in zip(start, moved, strict=True)}
            self._known[key] = evaluated(self.texts[result], values)
        return self._known[key]
