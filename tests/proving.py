"""Expressions made at random, with exact points, and what mpmath says of their values and slopes."""

import re
from fractions import Fraction
from random import Random

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
_NUMBER = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?(?:e[+-]?\d+)?)")
_NAMES = {
    **{
        name: getattr(mpmath, name)
        for name in ("sin", "cos", "tan", "exp", "log", "sqrt", "atan", "tanh", "erf", "cosh")
    },
    **{name: getattr(mpmath, name) for name in ("sinh", "asinh", "gamma", "hypot")},
    "abs": abs,
    "max": max,
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


def evaluated(text: str, values: dict[str, object]) -> mpmath.mpf:
    """What mpmath makes of a text, whose numbers are exact."""
    source = _NUMBER.sub(r"mpf('\1')", text).replace("^", "**")
    return mpmath.mpf(eval(source, {"mpf": mpmath.mpf, "pi": +mp.pi, "e": +mp.e, **_NAMES, **values}))


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
    exact, given = _fraction(true), Fraction(printed)
    if given and abs(true) < mpmath.mpf(10) ** (-mp.dps // 3):
        return abs(given) < Fraction(1, 10 ** (mp.dps // 3))
    significand = printed.lstrip("-").partition("e")[0].replace(".", "").lstrip("0")
    if len(significand) < digits:  # then it claims to be the number itself
        return abs(given - exact) <= abs(exact) / 10 ** (2 * digits) + Fraction(1, 10 ** (4 * digits))
    exponent = int(printed.partition("e")[2] or 0)
    places = len(printed.partition("e")[0].partition(".")[2]) - exponent
    assert len(significand) == digits
    return abs(given - exact) <= Fraction(1, 2) * Fraction(10) ** -places * (1 + Fraction(1, 10**digits))


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
