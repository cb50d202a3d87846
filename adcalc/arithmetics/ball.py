"""The special functions as balls (python-flint), and the correctly rounded floats that come from them.

A ball is a midpoint and a radius that certainly enclose the true value. Where both of its ends round to the same float,
that float is the right one; where they do not, the working precision is doubled.
"""

import math
from collections.abc import Callable
from typing import Any, Final

from flint import acb, arb, arb_series, ctx

_FIRST_PRECISION: Final = 80
_LAST_PRECISION: Final = 8192  # bits


def _real(value: acb) -> arb:
    return value.real


def _zetaderiv(n: arb, s: arb) -> arb:
    order = int(n.unique_fmpz())
    before = ctx.cap
    ctx.cap = order + 1
    try:
        return arb_series([s, 1]).zeta()[order] * arb(order).fac()
    finally:
        ctx.cap = before


def _sphericalj(n: arb, u: arb) -> arb:
    if u == 0:
        return arb(1 if n == 0 else 0) if n >= 0 else arb.nan()
    half = arb(1) / 2
    if n == -1:
        return u.cos() / u
    # sqrt(pi/2/u)*J(n + 1/2, u), as a power series in u^2 that has no branch point
    return arb.pi().sqrt() / 2 * (u / 2) ** int(n.unique_fmpz()) * (-u * u / 4).hypgeom_0f1(n + half + 1, regularized=True)


def _lgamma(u: arb) -> arb:
    if u > 0:
        return u.lgamma()
    return (arb.pi() / (u.sin_pi() * (1 - u).gamma())).__abs__().log()


def _bessel(function: Callable[[arb, arb], arb], power: int) -> Callable[[arb, arb], arb]:
    def reflected(n: arb, u: arb) -> arb:
        if u < 0 and n.is_integer():
            return function(-u, n) * (-1 if int(n.unique_fmpz()) % 2 else 1) ** power
        return function(u, n)

    return reflected


FUNCTIONS: Final[dict[str, Callable[..., arb]]] = {
    "gamma": arb.gamma,
    "lgamma": _lgamma,
    "digamma": arb.digamma,
    "polygamma": lambda n, u: u.digamma() if n == 0 else _real(acb(u).polygamma(acb(n))),
    "beta": lambda u, w: (u.lgamma() + w.lgamma() - (u + w).lgamma()).exp(),
    "gammainc": lambda a, u: u.gamma_lower(a, regularized=1),
    "gammaincc": lambda a, u: u.gamma_upper(a, regularized=1),
    "gammainc_upper": lambda a, u: u.gamma_upper(a),
    "erfi": arb.erfi,
    "erfinv": arb.erfinv,
    "zeta": arb.zeta,
    "zetaderiv": _zetaderiv,
    "besselj": _bessel(arb.bessel_j, 1),
    "bessely": lambda n, u: u.bessel_y(n),
    "besseli": _bessel(arb.bessel_i, 1),
    "besselk": lambda n, u: u.bessel_k(n),
    "sphericalj": _sphericalj,
    "airyai": arb.airy_ai,
    "airyaiprime": lambda u: u.airy_ai(derivative=1),
    "airybi": arb.airy_bi,
    "airybiprime": lambda u: u.airy_bi(derivative=1),
    "lambertw": arb.lambertw,
    "ei": arb.ei,
    "li": arb.li,
    "si": arb.si,
    "ci": arb.ci,
    "shi": arb.shi,
    "chi": arb.chi,
    "fresnels": arb.fresnel_s,
    "fresnelc": arb.fresnel_c,
    "ellipk": lambda u: _real(acb(u).elliptic_k()),
    "ellipe": lambda u: _real(acb(u).elliptic_e()),
    "hyp2f1": lambda a, b, c, u: u.hypgeom_2f1(a, b, c),
}


def rounded(name: str, *args: float) -> float:
    """The float nearest to the true value of a special function at the given floats.

    Raises ValueError where the function has no value, OverflowError where the value is beyond floats.

    >>> rounded("gamma", 0.5) == math.sqrt(math.pi)
    True
    >>> rounded("erfi", 1.0)
    1.6504257587975429
    """
    return correctly_rounded(FUNCTIONS[name], *args)


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
            if ball.is_nan() and precision >= 4 * _FIRST_PRECISION:
                raise ValueError("no value")
            if ball.is_finite():
                low, high = float(ball.lower()), float(ball.upper())
                if low == high or (precision >= _LAST_PRECISION and math.isfinite(low)):
                    if math.isinf(low):
                        raise OverflowError("beyond the range of floats")
                    return float(ball.mid()) if low != high else low
            if precision >= _LAST_PRECISION:
                raise ValueError("no value")
            precision *= 2
    finally:
        ctx.prec = before
