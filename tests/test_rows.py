"""Every row of the function table, against functions and derivatives that mpmath computes at 60 digits.

A new row is tested by existing: its points are drawn from its own clauses, and a row without an oracle fails.
"""

import itertools
import math
import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

import pytest
from flint import arb, arb_series, ctx
from mpmath import mp, mpf

from adcalc.api import function
from adcalc.arithmetics.ball import UNDECIDED, Undecided
from adcalc.arithmetics.exact import ball as number_as_ball
from adcalc.arithmetics.moving import Moving, Rough, Tie
from adcalc.arithmetics.real import Real
from adcalc.arithmetics.symbolic import Symbolic
from adcalc.errors import NotDifferentiableError, Source
from adcalc.modes import forward, reverse
from adcalc.modes.base import NodeError, Problem
from adcalc.modes.edges import singular
from adcalc.modes.proofs import certified
from adcalc.modes.sweep import primal
from adcalc.rules.compiled import Compiled
from adcalc.rules.entry import Entry
from adcalc.rules.expanding import Expanding
from adcalc.rules.recurrence import Recurrence
from adcalc.rules.table import standard
from adcalc.syntax.lower import lower
from adcalc.syntax.parser import parse

DIGITS = 60
LEAST = 2.3e-308  # below it, floats have fewer digits and errors are absolute
GREATEST = 1.7e308
ELEMENTARY = 4.0  # units in the last place
SPECIAL = 16.0

TABLE = standard()
REAL = Compiled(TABLE, Real())
OF_ARRAYS = frozenset(
    {"softmax", "log_softmax", "linear", "mse", "cross_entropy", "batchnorm", "layernorm"}
)  # and theirs
ENTRIES = [
    entry
    for entry in TABLE.entries()
    if entry.parameters and entry.group != "arrays" and entry.name not in OF_ARRAYS  # they are in test_arrays.py
]
ROWS = [entry for entry in ENTRIES if TABLE.find(entry.name, len(entry.parameters)) == entry.name]
DEFINED = [entry for entry in ENTRIES if entry not in ROWS]


class Oracle(NamedTuple):
    """A function of mpmath numbers and its partial derivatives; None where mpmath.diff finds the partial."""

    value: Callable[..., Any]
    partials: tuple[Callable[..., Any] | None, ...]


def by_difference(value: Callable[..., Any], count: int = 1) -> Oracle:
    """An oracle whose partials mpmath.diff finds."""
    return Oracle(value, (None,) * count)


def whole(u: Any) -> Any:
    """An int where the number is whole: mpmath's functions of integer order are real then."""
    return int(u) if abs(u) < 1e6 and u == int(u) else u


def precise(digits: int, function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, computed with more digits: for formulas that cancel."""

    def computed(*args: Any) -> Any:
        with mp.workdps(digits):
            return function(*args)

    return computed


def sech(u: Any) -> Any:
    return 2 * mp.exp(-abs(u)) / (1 + mp.exp(-2 * abs(u)))


def logistic(u: Any) -> Any:
    return 1 / (1 + mp.exp(-u)) if u > 0 else mp.exp(u) / (1 + mp.exp(u))


def softplus(u: Any) -> Any:
    return max(u, 0) + mp.log1p(mp.exp(-abs(u)))


def logsumexp(u: Any, w: Any) -> Any:
    return max(u, w) + mp.log1p(mp.exp(-abs(u - w)))


def sinc_slope(u: Any) -> Any:
    return (u * mp.cos(u) - mp.sin(u)) / u**2 if u else mpf(0)


def modulo(u: Any, w: Any) -> Any:
    remainder = rational(u) % rational(w)
    return mpf(remainder.numerator) / remainder.denominator


def rational(u: Any) -> Fraction:
    sign, mantissa, exponent, _ = u._mpf_
    return Fraction((-1) ** sign * int(mantissa)) * Fraction(2) ** int(exponent)


def sphericalj(n: Any, u: Any) -> Any:
    if u == 0:
        return mpf(1 if n == 0 else 0)
    sign = 1 if u > 0 or n % 2 == 0 else -1
    return sign * mp.sqrt(mp.pi / 2 / abs(u)) * mp.besselj(n + mpf(1) / 2, abs(u))


def normalpdf(u: Any) -> Any:
    return mp.exp(-(u**2) / 2) / mp.sqrt(2 * mp.pi)


def normalcdf(u: Any) -> Any:
    return mp.erfc(-u / mp.sqrt(2)) / 2 if u > -1e9 else mpf(0)  # mpmath fails beyond


def polygamma(n: Any, u: Any) -> Any:
    return mp.psi(int(n), u)


def gammapdf(a: Any, u: Any) -> Any:
    if not u:
        return mpf(a == 1)
    return mp.exp((a - 1) * mp.log(u) - u - mp.loggamma(a))


def asec(u: Any) -> Any:
    return mp.acos(1 / u)


def acsc(u: Any) -> Any:
    return mp.asin(1 / u)


def root_of_difference(u: Any) -> Any:
    """sqrt(1 - u^2), or sqrt(u^2 - 1) beyond 1."""
    return mp.sqrt(abs((1 - u) * (1 + u)))


ZERO = (lambda u: mpf(0),)
ORACLES: dict[str, Oracle] = {
    "add": Oracle(lambda u, w: mp.fadd(u, w, exact=True), (lambda u, w: 1, lambda u, w: 1)),
    "sub": Oracle(lambda u, w: mp.fsub(u, w, exact=True), (lambda u, w: 1, lambda u, w: -1)),
    "mul": Oracle(lambda u, w: u * w, (lambda u, w: w, lambda u, w: u)),
    "div": Oracle(lambda u, w: u / w, (lambda u, w: 1 / w, lambda u, w: -u / w**2)),
    "neg": Oracle(lambda u: -u, (lambda u: -1,)),
    "mod": Oracle(modulo, (lambda u, w: 1, lambda u, w: -mpf(rational(u) // rational(w)))),
    "pow": Oracle(
        lambda u, w: mp.power(u, whole(w)),
        (
            lambda u, w: w * mp.power(u, whole(w - 1)) if w else 0,
            lambda u, w: mp.power(u, w) * mp.log(u) if u else 0,
        ),
    ),
    "sqrt": Oracle(mp.sqrt, (lambda u: 1 / (2 * mp.sqrt(u)),)),
    "cbrt": Oracle(lambda u: mp.sign(u) * mp.cbrt(abs(u)), (lambda u: 1 / (3 * mp.cbrt(abs(u)) ** 2),)),
    "exp": Oracle(mp.exp, (mp.exp,)),
    "exp2": Oracle(lambda u: mpf(2) ** u, (lambda u: mpf(2) ** u * mp.log(2),)),
    "expm1": Oracle(mp.expm1, (mp.exp,)),
    "log": Oracle(mp.log, (lambda u: 1 / u,)),
    "log2": Oracle(lambda u: mp.log(u) / mp.log(2), (lambda u: 1 / (u * mp.log(2)),)),
    "log10": Oracle(mp.log10, (lambda u: 1 / (u * mp.log(10)),)),
    "log1p": Oracle(mp.log1p, (lambda u: 1 / (1 + u),)),
    "xlogy": Oracle(lambda u, w: u * mp.log(w) if u else mpf(0), (lambda u, w: mp.log(w), lambda u, w: u / w)),
    "hypot": Oracle(mp.hypot, (lambda u, w: u / mp.hypot(u, w), lambda u, w: w / mp.hypot(u, w))),
    "sin": Oracle(mp.sin, (mp.cos,)),
    "cos": Oracle(mp.cos, (lambda u: -mp.sin(u),)),
    "tan": Oracle(mp.tan, (lambda u: 1 / mp.cos(u) ** 2,)),
    "cot": Oracle(mp.cot, (lambda u: -1 / mp.sin(u) ** 2,)),
    "sec": Oracle(mp.sec, (lambda u: mp.sin(u) / mp.cos(u) ** 2,)),
    "csc": Oracle(mp.csc, (lambda u: -mp.cos(u) / mp.sin(u) ** 2,)),
    "asin": Oracle(mp.asin, (lambda u: 1 / root_of_difference(u),)),
    "acos": Oracle(mp.acos, (lambda u: -1 / root_of_difference(u),)),
    "atan": Oracle(mp.atan, (lambda u: 1 / (1 + u**2),)),
    "acot": Oracle(lambda u: mp.atan(1 / u), (lambda u: -1 / (1 + u**2),)),
    "asec": Oracle(asec, (lambda u: 1 / (abs(u) * root_of_difference(u)),)),
    "acsc": Oracle(acsc, (lambda u: -1 / (abs(u) * root_of_difference(u)),)),
    "atan2": Oracle(mp.atan2, (lambda y, x: x / (x**2 + y**2), lambda y, x: -y / (x**2 + y**2))),
    "sinc": Oracle(lambda u: mp.sin(u) / u if u else mpf(1), (precise(800, sinc_slope),)),
    "sinpi": Oracle(precise(400, mp.sinpi), (lambda u: mp.pi * mp.cospi(u),)),
    "cospi": Oracle(precise(400, mp.cospi), (lambda u: -mp.pi * mp.sinpi(u),)),
    "sinh": Oracle(mp.sinh, (mp.cosh,)),
    "cosh": Oracle(mp.cosh, (mp.sinh,)),
    "tanh": Oracle(mp.tanh, (lambda u: sech(u) ** 2,)),
    "coth": Oracle(mp.coth, (lambda u: -(mp.csch(u) ** 2),)),
    "sech": Oracle(sech, (lambda u: -sech(u) * mp.tanh(u),)),
    "csch": Oracle(mp.csch, (lambda u: -mp.csch(u) * mp.coth(u),)),
    "asinh": Oracle(mp.asinh, (lambda u: 1 / mp.sqrt(1 + u**2),)),
    "acosh": Oracle(mp.acosh, (lambda u: 1 / root_of_difference(u),)),
    "atanh": Oracle(mp.atanh, (lambda u: 1 / ((1 - u) * (1 + u)),)),
    "acoth": Oracle(lambda u: mp.atanh(1 / u), (lambda u: 1 / ((1 - u) * (1 + u)),)),
    "asech": Oracle(lambda u: mp.acosh(1 / u), (lambda u: -1 / (u * root_of_difference(u)),)),
    "acsch": Oracle(lambda u: mp.asinh(1 / u), (lambda u: -1 / (abs(u) * mp.sqrt(1 + u**2)),)),
    "abs": Oracle(abs, (mp.sign,)),
    "sign": Oracle(mp.sign, ZERO),
    "floor": Oracle(precise(400, mp.floor), ZERO),
    "ceil": Oracle(precise(400, mp.ceil), ZERO),
    "round": Oracle(precise(400, mp.nint), ZERO),
    "step": Oracle(lambda u: mpf(u >= 0), ZERO),
    "min": Oracle(min, (lambda u, w: mpf(u < w), lambda u, w: mpf(u > w))),
    "max": Oracle(max, (lambda u, w: mpf(u > w), lambda u, w: mpf(u < w))),
    "gamma": Oracle(mp.gamma, (lambda u: mp.gamma(u) * mp.digamma(u),)),
    "lgamma": Oracle(lambda u: mp.log(abs(mp.gamma(u))), (mp.digamma,)),
    "digamma": Oracle(mp.digamma, (lambda u: polygamma(1, u),)),
    "polygamma": Oracle(polygamma, (None, lambda n, u: polygamma(n + 1, u))),
    "beta": by_difference(mp.beta, 2),
    "gammainc": Oracle(lambda a, u: mp.gammainc(a, 0, u, regularized=True), (None, gammapdf)),
    "gammaincc": Oracle(lambda a, u: mp.gammainc(a, u, regularized=True), (None, lambda a, u: -gammapdf(a, u))),
    "gammainc_upper": Oracle(mp.gammainc, (None, lambda a, u: -mp.exp(-u) * (u ** (a - 1) if u or a > 1 else 1))),
    "gammapdf": Oracle(gammapdf, (None, lambda a, u: gammapdf(a, u) * ((a - 1) / u - 1))),
    "erf": Oracle(mp.erf, (lambda u: 2 * mp.exp(-(u**2)) / mp.sqrt(mp.pi),)),
    "erfc": Oracle(lambda u: 2 * normalcdf(-u * mp.sqrt(2)), (lambda u: -2 * mp.exp(-(u**2)) / mp.sqrt(mp.pi),)),
    "erfi": by_difference(mp.erfi),
    "erfinv": by_difference(mp.erfinv),
    "zeta": by_difference(mp.zeta),
    "zetaderiv": by_difference(lambda n, u: mp.zeta(u, derivative=int(n)), 2),
    "besselj": by_difference(lambda n, u: mp.besselj(whole(n), u), 2),
    "bessely": by_difference(lambda n, u: mp.bessely(whole(n), u), 2),
    "besseli": by_difference(lambda n, u: mp.besseli(whole(n), u), 2),
    "besselk": by_difference(lambda n, u: mp.besselk(whole(n), u), 2),
    "sphericalj": by_difference(sphericalj, 2),
    "airyai": by_difference(mp.airyai),
    "airyaiprime": by_difference(lambda u: mp.airyai(u, derivative=1)),
    "airybi": by_difference(mp.airybi),
    "airybiprime": by_difference(lambda u: mp.airybi(u, derivative=1)),
    "lambertw": Oracle(mp.lambertw, (lambda u: 1 / (u + mp.exp(mp.lambertw(u))),)),
    "ei": by_difference(mp.ei),
    "li": Oracle(lambda u: mp.li(u) if u else mpf(0), (lambda u: 1 / mp.log(u),)),
    "si": by_difference(mp.si),
    "ci": by_difference(mp.ci),
    "shi": by_difference(mp.shi),
    "chi": by_difference(mp.chi),
    "fresnels": Oracle(mp.fresnels, (lambda u: mp.sin(mp.pi * u**2 / 2),)),
    "fresnelc": Oracle(mp.fresnelc, (lambda u: mp.cos(mp.pi * u**2 / 2),)),
    "ellipk": by_difference(mp.ellipk),
    "ellipe": by_difference(mp.ellipe),
    "hyp2f1": by_difference(mp.hyp2f1, 4),
    "normalpdf": Oracle(normalpdf, (lambda u: -u * normalpdf(u),)),
    "normalcdf": Oracle(normalcdf, (normalpdf,)),
    "logistic": Oracle(logistic, (lambda u: logistic(u) * logistic(-u),)),
    "softplus": Oracle(softplus, (logistic,)),
    "logsumexp": Oracle(logsumexp, (lambda u, w: logistic(u - w), lambda u, w: logistic(w - u))),
    # definitions
    "hypot(u)": Oracle(abs, (mp.sign,)),
    **{f"{name}(u)": Oracle(lambda u: u, (lambda u: mpf(1),)) for name in ("min", "max", "Min", "Max", "logsumexp")},
    "log(u, b)": Oracle(
        lambda u, b: mp.log(u) / mp.log(b),
        (lambda u, b: 1 / (u * mp.log(b)), lambda u, b: -mp.log(u) / (b * mp.log(b) ** 2)),
    ),
    "clip": Oracle(
        lambda u, low, high: min(max(u, low), high),
        (
            lambda u, low, high: mpf(low < u < high),
            lambda u, low, high: mpf(u < low < high),
            lambda u, low, high: mpf(high < max(u, low)),
        ),
    ),
    "relu": Oracle(lambda u: max(u, mpf(0)), (lambda u: mpf(u > 0),)),
    "factorial": Oracle(mp.factorial, (lambda u: mp.factorial(u) * mp.digamma(u + 1),)),
    "Li": by_difference(lambda u: mp.li(u) - mp.li(2)),
    "silu": Oracle(lambda u: u * logistic(u), (lambda u: logistic(u) + u * logistic(u) * logistic(-u),)),
    "gelu": Oracle(lambda u: u * normalcdf(u), (lambda u: normalcdf(u) + u * normalpdf(u),)),
    "elu": Oracle(lambda u: u if u > 0 else mp.expm1(u), (lambda u: mpf(1) if u > 0 else mp.exp(u),)),
}
ARCS = ("sin", "cos", "tan", "cot", "sec", "csc", "tan2", "sinh", "cosh", "tanh", "coth", "sech", "csch")
ALIASES = {
    "ln": "log",
    "loggamma": "lgamma",
    "uppergamma": "gammainc_upper",
    "elliptic_k": "ellipk",
    "elliptic_e": "ellipe",
    "Abs": "abs",
    "ceiling": "ceil",
    "Heaviside": "step",
    "sigmoid": "logistic",
    "expit": "logistic",
    **{
        name: name.lower()
        for name in ("Min", "Max", "Si", "Ci", "Ei", "Shi", "Chi", "FresnelS", "FresnelC", "LambertW")
    },
    **{f"arc{name}": f"a{name}" for name in ARCS},
}


def oracle(entry: Entry) -> Oracle:
    found = ORACLES.get(form(entry), ORACLES.get(ALIASES.get(entry.name, entry.name)))
    assert found is not None, f"{form(entry)} has no oracle: add one to ORACLES"
    assert len(found.partials) == len(entry.parameters)
    return found


def partial(entry: Entry, argument: int, args: tuple[float, ...]) -> Any:
    """The true partial derivative by one argument."""
    formula = oracle(entry).partials[argument]
    exact = [mpf(value) for value in args]
    if formula is not None:
        return real(formula(*exact))
    value = oracle(entry).value

    def along(u: Any) -> Any:
        return value(*exact[:argument], u, *exact[argument + 1 :])

    return real(mp.diff(along, exact[argument], relative=exact[argument] != 0))


def real(value: Any) -> Any:
    return mpf(value.real) if isinstance(value, mp.mpc) else mpf(value)


# ---------------------------------------------------------------- points

EDGES = [
    *(0.0, 1e-300, 1e-160, 1e-20, 1e-10, 1e-5, 0.01, 0.1, 0.3, 0.5, 0.7, 1 - 1e-10, 1 - 2.0**-53, 1.0, 1 + 2.0**-52),
    *(1 + 1e-10, 1.3, math.pi / 2, 2.0, 2.5, 3.0, math.pi, 5.0, 10.0, 17.25, 22.0, 30.0, 36.5, 100.0, 350.0, 700.0),
    *(1000.0, 12345.678, 1e10, 1e22, 1e155, 1e300),
]
MILD = [0.0, 1e-10, 1e-3, 0.1, 0.25, 0.5, 0.9, 0.999, 1.0, 1.4616, 1.5, 2.0, 2.5, 3.7, 5.2, 9.99, 24.5, 40.0]
ORDERS = [0.0, 1.0, 2.0, 3.0, 7.0, 0.5, 1.5, 2.25, -1.0, -2.0, -0.5]
DOMAINS: dict[str, Callable[..., bool]] = {  # of the definitions that have more than an alias's domain
    "log(u, b)": lambda u, b: u > 0 and b > 0 and b != 1,
    "factorial(u)": lambda u: u > -1 or u != math.floor(u),
    "Li(u)": lambda u: u >= 0 and u != 1,
}
EXTRA = {"lambertw": [(-math.exp(-1.0),), (-0.367,), (-0.36787,), (1e300,)], "erfc": [(26.0,)], "ellipk": [(-1e10,)]}


def form(entry: Entry) -> str:
    """How a function is called, as the table has it."""
    return f"{entry.name}({', '.join(entry.parameters)})"


def numbers(entry: Entry, parameter: str, seed: random.Random) -> list[float]:
    """Candidates for one argument, of both signs and many magnitudes; whole and half orders for `n`."""
    if parameter == "n":
        return ORDERS
    if entry.group == "special":
        return [*MILD, *(-value for value in MILD if value), *(seed.uniform(-12, 12) for _ in range(30))]
    spread = [seed.choice((-1, 1)) * seed.uniform(1, 10) * 10 ** seed.uniform(-4, 3) for _ in range(150)]
    near = [seed.uniform(-1, 1) for _ in range(150)]
    near += [seed.choice((-1, 1)) * (1 + seed.choice((-1, 1)) * 10 ** seed.uniform(-16, 0)) for _ in range(100)]
    return [*EDGES, *(-value for value in EDGES if value), *spread, *near]


def candidates(entry: Entry) -> list[tuple[float, ...]]:
    """Points within the domain and outside, the same ones in every run."""
    seed = random.Random(entry.name)
    columns = [numbers(entry, parameter, seed) for parameter in entry.parameters]
    if len(columns) == 1:
        return [*((value,) for value in columns[0]), *EXTRA.get(entry.name, [])]
    some = [tuple(seed.choice(column) for column in columns) for _ in range(3000)]
    return [*some, *((value,) * len(columns) for value in columns[0]), *EXTRA.get(entry.name, [])]


def points(entry: Entry, count: int) -> list[tuple[float, ...]]:
    """At most so many points within the domain."""
    inside = [args for args in candidates(entry) if is_inside(entry, args)]
    assert inside, "no point within the domain"
    return random.Random(1).sample(inside, min(count, len(inside)))


def is_inside(entry: Entry, args: tuple[float, ...]) -> bool:
    """Whether a point is in the domain, by the row's own `on`."""
    domain = DOMAINS.get(form(entry))
    if domain is not None:
        return domain(*args)
    name = ALIASES.get(entry.name, entry.name)
    if TABLE.find(name, len(args)) != name:
        return True
    return all(holds(condition, math.nan, args) for condition in clauses(name, "on"))


def clauses(name: str, kind: str, argument: int | None = None) -> list[Callable[..., bool]]:
    """The conditions of a row's clauses of one kind; with an argument, those that speak of it."""
    return [
        REAL.condition(name, index)
        for index, clause in enumerate(TABLE.rule(name).clauses)
        if clause.kind == kind and (argument is None or clause.parameter in (None, argument))
    ]


def holds(condition: Callable[..., bool], value: float, args: tuple[float, ...]) -> bool:
    try:
        return bool(condition(value, *args))
    except (ValueError, ArithmeticError):
        return False


def is_smooth(name: str, argument: int, value: float, args: tuple[float, ...]) -> bool:
    return all(holds(condition, value, args) for condition in clauses(name, "smooth", argument))


def is_differentiable(name: str, argument: int, value: float, args: tuple[float, ...]) -> bool:
    return is_smooth(name, argument, value, args) and not any(
        holds(condition, value, args) for kind in ("kink", "jump") for condition in clauses(name, kind, argument)
    )


# ---------------------------------------------------------------- comparison


def error(found: float, true: Any) -> float:
    """How far a float is from the true value, in units in the last place; underflow counts as absolute."""
    if abs(true) > GREATEST:
        return 0.0 if math.isinf(found) and (found > 0) == (true > 0) else math.inf
    if not math.isfinite(found):
        return math.inf
    if abs(true) < 1e-300:  # an intermediate result may have lost its last digits already
        return 0.0 if abs(found - true) <= LEAST else math.inf
    return float(abs(mpf(found) - true) / mpf(math.ulp(float(true))))


def evaluated(function: Callable[..., Any], *args: float) -> Any:
    """The result; None where it is beyond the range."""
    try:
        return function(*args)
    except OverflowError:
        return None


def condition_of_value(entry: Entry, args: tuple[float, ...]) -> float:
    """How much a function's own sum amplifies rounding: 1 where nothing cancels."""
    if form(entry) == "logsumexp(u, w)":
        return float(1 + max(map(abs, args)) / max(abs(logsumexp(*map(mpf, args))), mpf(LEAST)))
    if entry.name == "Li" and args[0] != 2:
        return float(1 + abs(mp.li(2) / (mp.li(args[0]) - mp.li(2))))
    return 1.0


def condition_of_partial(entry: Entry, argument: int, args: tuple[float, ...], true: Any) -> float:
    """The same for a slope; for special functions also how much the last digit of the arguments matters."""
    exact = [mpf(value) for value in args]
    if form(entry) == "logsumexp(u, w)":
        return float(1 + abs(exact[0] - exact[1]))
    if entry.name in ("silu", "gelu"):
        first = (logistic if entry.name == "silu" else normalcdf)(exact[0])
        return float(1 + abs(first / true)) if abs(true) > LEAST else 1.0
    if entry.group != "special" or not true:
        return 1.0
    if entry.name == "beta":
        return float(1 + abs(mp.beta(*exact) * mp.digamma(sum(exact)) / true))
    total = mpf(1)
    for other, value in enumerate(args):
        if entry.parameters[other] != "n" and value:
            nearby = tuple(value * (1 - 2.0**-30) if k == other else given for k, given in enumerate(args))
            total += abs(partial(entry, argument, nearby) / true - 1) * 2.0**30
    return float(total)


# ---------------------------------------------------------------- what is compared


class Miss(NamedTuple):
    """One number that differs from the true one by more than it may."""

    what: str
    args: tuple[float, ...]
    found: float
    true: float
    units: float


def compare(entry: Entry, args: tuple[float, ...]) -> list[Miss]:
    """A row's or a definition's value and partials at one point, each with its error in units."""
    compared = []
    with mp.workdps(DIGITS):
        true = real(oracle(entry).value(*map(mpf, args)))
        value, partials = answers(entry, args)
        compared.append(miss("value", args, value, true, condition_of_value(entry, args)))
        for argument, slopes in partials.items():
            true = partial(entry, argument, args)
            scale = condition_of_partial(entry, argument, args, true)
            for mode, slope in slopes.items():
                compared.append(miss(f"{mode} by {entry.parameters[argument]}", args, slope, true, scale))
    return compared


def nearest(true: Any) -> float:
    """A float for the message of a failure: mpmath's own conversion refuses what is far beyond floats."""
    return 0.0 if abs(true) < mpf(10) ** -400 else float(true)


def miss(what: str, args: tuple[float, ...], found: float | None, true: Any, scale: float) -> Miss:
    number = math.copysign(math.inf, true) if found is None else found
    return Miss(what, args, number, nearest(true), error(number, true) / scale)


def answers(entry: Entry, args: tuple[float, ...]) -> tuple[float | None, dict[int, dict[str, float | None]]]:
    """The value, and for each argument that has a slope here what reverse and forward mode say of it."""
    return answers_of_row(entry, args) if entry in ROWS else answers_of_definition(entry, args)


def answers_of_row(entry: Entry, args: tuple[float, ...]) -> tuple[float | None, dict[int, dict[str, float | None]]]:
    name = entry.name
    value = evaluated(REAL.value(name), *args)
    if value is None or not math.isfinite(value):
        return value, {}
    partials = {}
    for argument in range(len(args)):
        if TABLE.rule(name).mentions(argument) and is_differentiable(name, argument, value, args):
            partials[argument] = {
                "reverse": evaluated(REAL.pull(name, (argument,)), 1.0, value, *args),
                "forward": evaluated(REAL.push(name, (argument,)), value, *args, 1.0),
            }
    return value, partials


def answers_of_definition(
    entry: Entry, args: tuple[float, ...]
) -> tuple[float | None, dict[int, dict[str, float | None]]]:
    told = [argument for argument in range(len(args)) if mentions(entry, argument)]
    problem = called(entry.name, args)
    try:
        tape = primal(problem._replace(wrt=tuple(problem.wrt[k] for k in told)), REAL)
    except NodeError as failure:
        if failure.kind != "overflow":
            raise
        return None, {}
    try:
        if singular.find(tape).clauses:
            return tape.value, {}
        back, along = reverse.run(tape).partials, forward.run(tape).partials
    except NodeError as failure:
        if failure.kind not in ("slope", "jump"):
            raise
        return tape.value, {}
    return tape.value, {
        k: {"reverse": b or 0.0, "forward": f or 0.0} for k, b, f in zip(told, back, along, strict=True)
    }


def called(name: str, args: tuple[float, ...]) -> Problem[float]:
    """The problem of a function's value and gradient at the given arguments, as a user would type it."""
    names = NAMES[: len(args)]
    lowered = lower(parse(Source(f"{name}({', '.join(names)})")), TABLE)
    inputs = tuple(lowered.variables.get(variable, -1) for variable in names)
    assert -1 not in inputs
    return Problem(lowered.graph, lowered.output, inputs, dict(zip(inputs, args, strict=True)))


NAMES = ("x", "y", "z", "t")


# ---------------------------------------------------------------- the tests


def allowance(entry: Entry) -> float:
    return SPECIAL if entry.group == "special" else ELEMENTARY


every_function = pytest.mark.parametrize("entry", ENTRIES, ids=form)
every_row = pytest.mark.parametrize("entry", ROWS, ids=form)


@every_function
def test_value_and_partials_are_right_to_the_last_digits(entry: Entry) -> None:
    count = 20 if entry.group == "special" else 400 if len(entry.parameters) == 1 else 300
    misses = [
        miss for args in points(entry, count) for miss in compare(entry, args) if not miss.units <= allowance(entry)
    ]
    assert misses == []


@every_row
def test_push_is_the_transpose_of_pull_and_both_are_linear(entry: Entry) -> None:
    name, seed = entry.name, random.Random(2)
    tested = 0
    for args in points(entry, 12 if entry.group == "special" else 40):
        value = evaluated(REAL.value(name), *args)
        active = tuple(
            k
            for k in range(len(args))
            if TABLE.rule(name).mentions(k) and value is not None and is_differentiable(name, k, value, args)
        )
        if not active:
            continue
        pull, push = REAL.pull(name, active), REAL.push(name, active)
        weight, direction, other = seed.uniform(-2, 2), *([seed.uniform(-2, 2) for _ in active] for _ in range(2))
        adjoints = evaluated(pull, weight, value, *args)
        if adjoints is None:
            continue
        adjoints = adjoints if len(active) > 1 else (adjoints,)
        if not all(math.isfinite(adjoint) and abs(adjoint) < 1e300 for adjoint in adjoints):
            continue
        tested += 1
        terms = [adjoint * tangent for adjoint, tangent in zip(adjoints, direction, strict=True)]
        scale = sum(map(abs, terms)) + LEAST
        tangent = push(value, *args, *direction)
        assert abs(weight * tangent - sum(terms)) <= 1e-13 * scale, args
        doubled = push(value, *args, *(2 * part for part in direction))
        assert abs(doubled - 2 * tangent) <= 1e-13 * scale / abs(weight), args
        both = push(value, *args, *(a + b for a, b in zip(direction, other, strict=True)))
        sum_of_two = tangent + push(value, *args, *other)
        largest = 4 * sum(map(abs, adjoints)) / abs(weight) + LEAST
        assert abs(both - sum_of_two) <= 1e-13 * largest, args
    assert tested


@every_row
def test_outside_its_domain_a_row_has_no_value(entry: Entry) -> None:
    domain = clauses(entry.name, "on")
    outside = [args for args in candidates(entry) if domain and not is_inside(entry, args)]
    assert outside or not domain or entry.name in ("tan", "sec")  # no float is a pole of these
    for args in outside[:60]:
        with pytest.raises((ValueError, ZeroDivisionError)):
            pytest.fail(f"{entry.name}{args} is {REAL.value(entry.name)(*args)}")


@every_row
def test_at_a_kink_the_slopes_are_the_one_sided_derivatives(entry: Entry) -> None:
    name, seed = entry.name, random.Random(3)
    value_of = oracle(entry).value
    for index, clause in enumerate(TABLE.rule(name).clauses):
        if clause.kind != "kink":
            continue
        kinks = [
            args
            for args in candidates(entry)
            if is_inside(entry, args) and holds(REAL.condition(name, index), REAL.value(name)(*args), args)
        ]
        assert kinks
        active = tuple(range(len(entry.parameters)))
        slope = REAL.slope(name, index, active)
        for args in kinks[:10]:
            for direction in itertools.product((-1.0, 1.0, seed.uniform(-2, 2)), repeat=len(args)):
                with mp.workdps(400):
                    tiny = mpf(10) ** -350
                    ahead = value_of(*(mpf(a) + tiny * part for a, part in zip(args, direction, strict=True)))
                    true = float((ahead - value_of(*map(mpf, args))) / tiny)
                found = slope(REAL.value(name)(*args), *args, *direction)
                assert math.isclose(found, true, rel_tol=1e-14, abs_tol=0.0)


@every_row
def test_where_a_jump_is_said_to_be_the_value_jumps(entry: Entry) -> None:
    name, value_of = entry.name, oracle(entry).value
    for index, clause in enumerate(TABLE.rule(name).clauses):
        if clause.kind != "jump":
            continue
        inside = [args for args in candidates(entry) if is_inside(entry, args)]
        jumps = [args for args in inside if holds(REAL.condition(name, index), REAL.value(name)(*args), args)]
        jumps = [args for args in jumps if max(map(abs, args)) < 1e40]
        assert jumps
        argument = clause.parameter or 0
        for args in jumps[:20]:
            with mp.workdps(400):
                tiny = mpf(10) ** -350
                below, above = (
                    value_of(*(mpf(a) + (k == argument) * side * tiny for k, a in enumerate(args))) for side in (-1, 1)
                )
            assert abs(above - below) > 1e-310, args


@every_row
def test_where_the_slope_is_said_to_fail_it_fails(entry: Entry) -> None:
    name, value_of = entry.name, oracle(entry).value
    rough = [
        (argument, args)
        for args in candidates(entry)
        if is_inside(entry, args) and clauses(name, "smooth")
        for argument in range(len(args))
        if mentions(entry, argument) and evaluated(REAL.value(name), *args) is not None
        if not is_smooth(name, argument, REAL.value(name)(*args), args)
    ]
    assert bool(rough) == bool(clauses(name, "smooth"))
    for argument, args in rough[:20]:
        quotients = []
        for size in (1e-9, -1e-9, 1e-12, -1e-12):
            moved = tuple(a + (k == argument) * size * max(1.0, abs(a)) for k, a in enumerate(args))
            if not is_inside(entry, moved):
                break
            change = mpf(moved[argument]) - args[argument]
            quotients.append(real(value_of(*map(mpf, moved)) - value_of(*map(mpf, args))) / change)
        has_slope = len(quotients) == 4 and max(quotients) - min(quotients) <= 1e-2 * max(map(abs, quotients))
        assert not has_slope, args


@every_function
def test_second_derivatives_come_from_the_symbolic_first_ones(entry: Entry) -> None:
    problem = called(entry.name, (0.5,) * len(entry.parameters))
    graph, inputs = problem.graph, problem.wrt
    told = [k for k in range(len(inputs)) if mentions(entry, k)]
    wrt = tuple(inputs[k] for k in told)
    nodes = Compiled(TABLE, Symbolic(graph))
    live = graph.inputs(graph.live(problem.output))
    outputs = reverse.run(primal(Problem(graph, problem.output, wrt, {node: node for node in live}), nodes)).partials
    tested = 0
    for args in tame(entry)[:12]:
        first = answers(entry, args)[1]
        for argument, output in zip(told, outputs, strict=True):
            if output is None or argument not in first:
                continue
            tape = primal(Problem(graph, output, wrt, dict(zip(inputs, args, strict=True))), REAL)
            assert math.isclose(tape.value, first[argument]["reverse"] or 0.0, rel_tol=1e-14, abs_tol=1e-300)
            try:
                if singular.find(tape).clauses:
                    continue
            except NodeError:
                continue  # no second derivative here
            second = reverse.run(tape).partials
            for other, found in zip(told, second, strict=True):
                with mp.workdps(30):
                    true, size = slope_of_partial(entry, argument, other, args)
                assert abs((found or 0.0) - true) <= 1e-11 * size, (args, argument, other)
                tested += 1
    assert tested or entry.group == "piecewise" or entry.name in ("add", "hypot", "logsumexp")


def tame(entry: Entry) -> list[tuple[float, ...]]:
    """Points where a difference quotient of second order is to be trusted."""
    return [args for args in points(entry, 200) if all(1e-3 < abs(a) < 20 or a in (0.0, 1.0) for a in args)]


BITS = 4096  # enough for the sine of 1e300, and for what cancels at 1e-300


@every_row
def test_balls_hold_the_true_value_and_the_true_slopes(entry: Entry) -> None:
    name, before = entry.name, ctx.prec
    ctx.prec = BITS if entry.group != "special" else 512
    rules = certified.compiled(TABLE, ctx.prec)
    compared = 0
    try:
        for args in points(entry, 6 if entry.group == "special" else 60):
            given = [arb(value) for value in args]
            if name == "lambertw" and args == (-math.exp(-1.0),):
                continue  # this float lies beyond the branch point; in floats it stands for it
            ball = rules.value(name)(*given)
            with mp.workdps(DIGITS):
                assert is_held(ball, real(oracle(entry).value(*map(mpf, args)))), args
                for argument in range(len(args)):
                    if TABLE.rule(name).mentions(argument) and is_differentiable(name, argument, float(ball), args):
                        slope = rules.pull(name, (argument,))(arb(1), ball, *given)
                        assert is_held(slope, partial(entry, argument, args)), (args, argument)
                        assert rules.push(name, (argument,))(ball, *given, arb(1)).overlaps(slope)
                        compared += 1
    finally:
        ctx.prec = before
    assert compared


def is_held(ball: arb, true: Any) -> bool:
    """Whether a narrow ball holds a number that mpmath knows to some 45 digits."""
    with mp.workprec(BITS):
        middle, radius = (mp.make_mpf(part._mpf_) for part in (ball.mid(), ball.rad()))
        size = abs(true) * mpf(10) ** -45 + mpf(10) ** (-50 if ball.is_zero() else -2000)
        return bool(radius <= size and abs(middle - true) <= size)


@every_row
def test_outside_its_domain_a_row_has_no_ball(entry: Entry) -> None:
    name, before = entry.name, ctx.prec
    ctx.prec = 256
    rules = certified.compiled(TABLE, ctx.prec)
    try:
        for args in [args for args in candidates(entry) if not is_inside(entry, args)][:40]:
            given = [arb(value) for value in args]
            with pytest.raises((Undecided, ValueError, ZeroDivisionError)):
                pytest.fail(f"{name}{args} is {rules.value(name)(*given)}")
            domain = [index for index, clause in enumerate(TABLE.rule(name).clauses) if clause.kind == "on"]
            assert any(rules.condition(name, index)(arb.nan(), *given) is False for index in domain), args
    finally:
        ctx.prec = before


@every_row
def test_a_wide_ball_holds_the_values_of_all_its_points_or_says_that_it_cannot(entry: Entry) -> None:
    name, before, seed = entry.name, ctx.prec, random.Random(5)
    ctx.prec = 128
    rules = certified.compiled(TABLE, ctx.prec)
    try:
        for args in points(entry, 12 if entry.group == "special" else 60):
            width = 2.0 ** seed.choice((-40, -10, -2))
            wide = [arb(value, abs(value) * width) for value in args]
            try:
                ball = rules.value(name)(*wide)
            except Undecided:
                continue
            for _ in range(5):
                inside = [arb(value * (1 + 0.99 * seed.uniform(-width, width))) for value in args]
                assert rules.value(name)(*inside).overlaps(ball), (args, width)
            assert all(
                truth is UNDECIDED or truth is bool(truth)
                for truth in (rules.condition(name, k)(ball, *wide) for k in range(len(TABLE.rule(name).clauses)))
            )
    finally:
        ctx.prec = before


@every_function
def test_series_are_those_of_mpmath(entry: Entry) -> None:
    """At points that the float stands for exactly: correctly rounded, or two units where mpmath is at its limits."""
    slow = entry.name in ("zeta", "zetaderiv", "polygamma", "hyp2f1")
    order, count = (3, 2) if slow else (6, 4) if entry.group == "special" else (8, 12)
    compared = 0
    for args in points_of_series(entry)[:count]:
        called_with = dict(zip(NAMES, args, strict=False))
        asked = function(f"{entry.name}({', '.join(called_with)})")
        for argument, name in enumerate(called_with):
            try:
                series = asked.taylor(called_with, order=order, wrt=name).coefficients
            except NotDifferentiableError:
                continue  # on an edge, or without a rule: the tests above know where that is
            with mp.workdps(DIGITS):
                true = series_of(entry, argument, args, order)
                for number, coefficient in zip(true, series, strict=True):
                    assert error(coefficient, number) <= 2 or abs(number) < mpf(10) ** -35, (args, name, number)
                    compared += 1
    assert compared


def points_of_series(entry: Entry) -> list[tuple[float, ...]]:
    """Points off the edges, as far as a row has any."""
    inside = [args for args in points(entry, 200) if all(1e-3 < abs(a) < 15 for a in args)]
    return [args for args in inside if len(set(args)) == len(args) and not any(abs(a) == 1.0 for a in args)]


def series_of(entry: Entry, argument: int, args: tuple[float, ...], order: int) -> list[Any]:
    plain = {"sinpi": lambda u: mp.sin(mp.pi * u), "cospi": lambda u: mp.cos(mp.pi * u)}  # at any precision
    value, exact = plain.get(entry.name, oracle(entry).value), [mpf(given) for given in args]
    return mp.taylor(lambda u: real(value(*exact[:argument], u, *exact[argument + 1 :])), exact[argument], order)


@every_row
def test_the_recurrence_and_the_series_of_flint_are_the_same(entry: Entry) -> None:
    """Each row's own recurrence, also of the functions that flint has series of, on a line that is not straight."""
    before, compared = (ctx.prec, ctx.cap), 0
    ctx.prec, ctx.cap = 256, 7
    rules = Expanding(TABLE)
    try:
        for args in points_of_series(entry):
            if compared >= 21:
                break
            active = [k for k in range(len(args)) if TABLE.rule(entry.name).mentions(k)]
            line = [Moving(arb(a), arb_series([a, 1, 0, 2])) if k in active else arb(a) for k, a in enumerate(args)]
            try:
                one, other = rules.value(entry.name)(*line), Recurrence(rules, entry.name, line).coefficients(7)
            except (Rough, Tie):
                continue
            series = one.series.coeffs() if isinstance(one, Moving) else [number_as_ball(one)]
            for number in range(7):
                ball = series[number] if number < len(series) else arb(0)
                assert ball.overlaps(other[number]), (args, number)
                assert ball.is_zero() or ball.rel_accuracy_bits() > 100 or abs(ball) < 1e-40, (args, number, ball)
                compared += 1
    finally:
        ctx.prec, ctx.cap = before
    assert compared


def mentions(entry: Entry, argument: int) -> bool:
    """Whether there is a slope by this argument: by the order of a Bessel function there is none."""
    name = ALIASES.get(entry.name, entry.name)
    return TABLE.find(name, len(entry.parameters)) != name or TABLE.rule(name).mentions(argument)


def slope_of_partial(entry: Entry, argument: int, other: int, args: tuple[float, ...]) -> tuple[Any, Any]:
    """A second derivative by difference, and the size that its error is measured by."""
    value, formula = oracle(entry).value, oracle(entry).partials[argument]
    exact = [mpf(given) for given in args]

    def along(u: Any) -> Any:
        given = [*exact[:other], u, *exact[other + 1 :]]
        if formula is not None:
            return real(formula(*given))
        return real(mp.diff(lambda w: value(*given[:argument], w, *given[argument + 1 :]), given[argument]))

    slope = mp.diff(along, exact[other])
    return slope, abs(slope) + abs(along(exact[other])) + mpf(LEAST)


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if entry.variadic], ids=form)
def test_further_arguments_fold_from_the_left(entry: Entry) -> None:
    args = (0.3, 1.7, -0.4, 1.1)
    tape = primal(called(entry.name, args), REAL)
    value_of = oracle(entry).value
    with mp.workdps(DIGITS):
        total = mpf(args[0])
        for argument in args[1:]:
            total = value_of(total, mpf(argument))
    assert error(tape.value, total) <= 4


def test_constants() -> None:
    found = {name: primal(Problem(lowered.graph, lowered.output, (), {}), REAL) for name, lowered in CONSTANTS.items()}
    assert {name: tape.value for name, tape in found.items()} == {
        "pi": math.pi,
        "π": math.pi,
        "tau": math.tau,
        "τ": math.tau,
        "e": math.e,
        "1/inf": 0.0,
    }


CONSTANTS = {name: lower(parse(Source(name)), TABLE) for name in ("pi", "π", "tau", "τ", "e", "1/inf")}
