"""The special functions as balls (python-flint), and the correctly rounded floats that come from them.

A ball is a midpoint and a radius that certainly enclose the true value. Where both of its ends round to the same float,
that float is the right one; where they do not, the working precision is doubled.
"""

import math
from collections.abc import Callable
from typing import Any, Final

from flint import acb, arb, arb_series, ctx

from adcalc.errors import LimitError

_FIRST_PRECISION: Final = 80
_LAST_PRECISION: Final = 8192  # bits
_HOPELESS: Final = 1280  # what is no number with so many bits is none: they hold 1 - 1e-300


def _real(value: acb) -> arb:
    return value.real


def _integer(n: arb) -> int:
    return int(n.unique_fmpz())  # type: ignore[arg-type]  # the caller knows that there is one


def _order(n: arb) -> int | None:
    """The order of a function that has only whole ones, from 0 on; None where it has none."""
    return _integer(n) if n >= 0 and n.is_integer() else None


def _polygamma(n: arb, u: arb) -> arb:
    order = _order(n)
    if order is None or (u <= 0 and u.is_integer()):
        return arb.nan()
    return u.digamma() if order == 0 else _real(acb(u).polygamma(acb(n)))


def _zetaderiv(n: arb, s: arb) -> arb:
    order = _order(n)
    if order is None:
        return arb.nan()
    if order == 0:
        return s.zeta()
    before = ctx.cap
    ctx.cap = order + 1
    try:
        return arb_series([s, 1]).zeta()[order] * arb(order).fac()
    finally:
        ctx.cap = before


_WIDE: Final = 1e-3  # a radius of a value that is at most 1/2


def _sphericalj(n: arb, u: arb) -> arb:
    order = _order(n)
    if order is None:
        return arb.nan()
    if u == 0:
        return arb(1 if order == 0 else 0)
    # sqrt(pi/2/u)*J(n + 1/2, u), as a power series in u^2 that has no branch point
    series = (-u * u / 4).hypgeom_0f1(n + arb(3) / 2, regularized=True)
    value = arb.pi().sqrt() / 2 * (u / 2) ** order * series
    if order >= 1 and not value.rad() < _WIDE:  # of a wide ball the series knows nothing
        half = arb(0, 0.5)
        value = value.intersection(half) if value.is_finite() else half
        if order == 1 and 0 not in u:
            value = value.intersection((u.sinc() - u.cos()) / u)
    return value


def _gammapdf(a: arb, u: arb) -> arb:
    if u == 0:
        return arb(1) if a == 1 else arb(0) if a > 1 else arb.nan()
    return ((a - 1) * u.log() - u - a.lgamma()).exp()


def _lambertw(u: arb) -> arb:
    # the float nearest to -1/e lies beyond the branch point, by less than half a unit in its last place
    return arb(-1) if u == -math.exp(-1.0) else u.lambertw()


def _lgamma(u: arb) -> arb:
    if u > 0:
        return u.lgamma()
    return abs(arb.pi() / (u.sin_pi() * (1 - u).gamma())).log()


def _bessel(function: Callable[[arb, arb], arb]) -> Callable[[arb, arb], arb]:
    def reflected(n: arb, u: arb) -> arb:
        if u < 0 and n.is_integer():
            return -function(-u, n) if _integer(n) % 2 else function(-u, n)
        return function(u, n)

    return reflected


FUNCTIONS: Final[dict[str, Callable[..., arb]]] = {
    "gamma": arb.gamma,
    "lgamma": _lgamma,
    "digamma": arb.digamma,
    "polygamma": _polygamma,
    "beta": lambda u, w: (u.lgamma() + w.lgamma() - (u + w).lgamma()).exp(),
    "gammainc": lambda a, u: u.gamma_lower(a, regularized=1) if a > 0 and u >= 0 else arb.nan(),
    "gammaincc": lambda a, u: u.gamma_upper(a, regularized=1) if a > 0 and u >= 0 else arb.nan(),
    "gammainc_upper": lambda a, u: u.gamma_upper(a) if u > 0 or (u == 0 and a > 0) else arb.nan(),
    "gammapdf": _gammapdf,
    "erfi": arb.erfi,
    "erfinv": arb.erfinv,
    "zeta": arb.zeta,
    "zetaderiv": _zetaderiv,
    "besselj": _bessel(arb.bessel_j),
    "bessely": lambda n, u: u.bessel_y(n),
    "besseli": _bessel(arb.bessel_i),
    "besselk": lambda n, u: u.bessel_k(n),
    "sphericalj": _sphericalj,
    "airyai": arb.airy_ai,
    "airyaiprime": lambda u: u.airy_ai(derivative=1),
    "airybi": arb.airy_bi,
    "airybiprime": lambda u: u.airy_bi(derivative=1),
    "lambertw": _lambertw,
    "ei": arb.ei,
    "li": arb.li,
    "si": arb.si,
    "ci": arb.ci,
    "shi": arb.shi,
    "chi": arb.chi,
    "fresnels": arb.fresnel_s,
    "fresnelc": arb.fresnel_c,
    "ellipk": lambda u: _real(acb(u).elliptic_k()) if u < 1 else arb.nan(),
    "ellipe": lambda u: _real(acb(u).elliptic_e()) if u <= 1 else arb.nan(),
    "hyp2f1": lambda a, b, c, u: u.hypgeom_2f1(a, b, c) if u < 1 and (c > 0 or not c.is_integer()) else arb.nan(),
}


def rounded(name: str, *args: float) -> float:
    """The float nearest to the true value of a special function at the given floats.

    Raises ValueError where the function has no value, OverflowError where the value is beyond floats, LimitError where
    it would take too long.

    >>> rounded("gamma", 5.0)
    24.0
    >>> rounded("erfi", 1.0)
    1.6504257587975428
    """
    keep_within_limits(name, *args)
    return correctly_rounded(FUNCTIONS[name], *args)


def keep_within_limits(name: str, *args: Any) -> None:
    """Raise LimitError where a special function would take too long at these numbers, floats or balls.

    >>> keep_within_limits("zeta", 2.0)
    """
    order, argument = _LIMITS.get(name, (math.inf, math.inf))
    if (len(args) > 1 and abs(args[0]) > order) or abs(args[-1]) > argument:
        limits = [f"orders up to {order}"] * (order < math.inf) + [f"arguments up to {argument:g}"] * (
            argument < math.inf
        )
        raise LimitError(f"{name} is computed for {' and '.join(limits)}")
    if ctx.prec > _SLOW_BITS and name in _SLOW:
        raise LimitError(f"{name} is computed to {_SLOW_DIGITS} digits")


# One value of these takes seconds with so many digits, and half a minute with ten times as many.
_SLOW: Final = frozenset(
    {"gamma", "lgamma", "digamma", "polygamma", "beta", "gammapdf", "gammainc", "gammaincc", "gammainc_upper"}
    | {"sphericalj", "zeta", "zetaderiv"}
)
_SLOW_DIGITS: Final = 10_000
_SLOW_BITS: Final = 34_000
# The order and the argument beyond which a function would take minutes, or more memory than there is.
_LIMITS: Final[dict[str, tuple[float, float]]] = {
    "polygamma": (1000, 1e6),
    "zeta": (math.inf, 1e5),
    "zetaderiv": (1000, 1e5),
    "sphericalj": (10_000, math.inf),
    **dict.fromkeys(("besselj", "bessely", "besseli", "besselk"), (100_000, math.inf)),
}


def correctly_rounded(function: Callable[..., Any], *args: float) -> float:
    """The float nearest to the true value of a function of balls at the given floats.

    >>> correctly_rounded(arb.exp, 1.0) == math.e
    True
    """
    if not all(map(math.isfinite, args)):
        raise ValueError("not a finite argument")
    before = ctx.prec
    precision = _FIRST_PRECISION
    try:
        while True:
            ctx.prec = precision
            ball = function(*map(arb, args))
            if ball.is_nan() and precision >= _HOPELESS:
                raise ValueError("no value")
            if ball.is_finite():
                low, high = float(ball.lower()), float(ball.upper())
                if low == high:
                    if math.isinf(low):
                        raise OverflowError("beyond the range of floats")
                    return low
                if precision >= _LAST_PRECISION and math.nextafter(low, high) == high:
                    return float(ball.mid())  # as near as makes no difference to the middle between two floats
            if precision >= _LAST_PRECISION:
                raise ValueError("no value")
            precision *= 2
    finally:
        ctx.prec = before
