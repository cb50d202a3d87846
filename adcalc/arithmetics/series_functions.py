"""Functions of truncated power series: flint's own, and short formulas over them.

`FORMULAS` give the series of a function of one argument. `SLOPES` give that of its derivative, where the value is best
known as a constant and an integral from there. What is not a number in a result says that there is no series here.
"""

from collections.abc import Callable
from typing import Any, Final

from flint import arb, arb_series


def restarted(series: arb_series, constant: arb) -> arb_series:
    """A series with another constant term: one that is known better than by its formula.

    >>> restarted(arb_series([1, 1]), arb(2))[0]
    2.00000000000000
    """
    return arb_series([constant, *series.coeffs()[1:]])


def integrated(constant: arb, slope: Any, u: arb_series) -> arb_series:
    """The series with a constant term that is `slope` times as steep as another one.

    >>> integrated(arb(1), arb(2), arb_series([0, 3]))[1]
    6.00000000000000
    """
    return restarted((slope * u.derivative()).integral(), constant)


def _is_negative(u: arb_series) -> bool:
    return bool(u[0].mid() < 0)


def _cbrt(u: arb_series) -> arb_series:
    root = ((-u if _is_negative(u) else u).log() / 3).exp()
    return -root if _is_negative(u) else root


def _sinh(u: arb_series) -> arb_series:
    rising = u.exp()
    return restarted((rising - 1 / rising) / 2, u[0].sinh())


def _cosh(u: arb_series) -> arb_series:
    rising = u.exp()
    return (rising + 1 / rising) / 2


def _falling(u: arb_series) -> arb_series:
    """The exponential of a negative number."""
    return (u if _is_negative(u) else -u).exp()


def _tanh(u: arb_series) -> arb_series:
    square = _falling(u) ** 2
    size = (1 - square) / (1 + square)
    return restarted(-size if _is_negative(u) else size, u[0].tanh())


def _sech(u: arb_series) -> arb_series:
    falling = _falling(u)
    return 2 * falling / (1 + falling * falling)


def _logistic(u: arb_series) -> arb_series:
    falling = _falling(u)
    return (falling if _is_negative(u) else 1) / (1 + falling)


def softplus(u: arb_series) -> arb_series:
    """The series of log(1 + exp(u)), without overflow.

    >>> softplus(arb_series([0, 1]))[1]
    0.500000000000000
    """
    falling = _falling(u)
    rest = restarted((1 + falling).log(), falling[0].log1p())
    return rest if _is_negative(u) else u + rest


def _size(u: arb_series) -> arb_series:
    return -u if _is_negative(u) else u


FORMULAS: Final[dict[str, Callable[[arb_series], arb_series]]] = {
    "sqrt": arb_series.sqrt,
    "cbrt": _cbrt,
    "exp": arb_series.exp,
    "exp2": lambda u: (u * arb(2).log()).exp(),
    "expm1": lambda u: restarted(u.exp(), u[0].expm1()),
    "log": arb_series.log,
    "log2": lambda u: u.log() / arb(2).log(),
    "log10": lambda u: u.log() / arb(10).log(),
    "log1p": lambda u: restarted((1 + u).log(), u[0].log1p()),
    "sin": arb_series.sin,
    "cos": arb_series.cos,
    "tan": arb_series.tan,
    "cot": lambda u: u.cos() / u.sin(),
    "sec": lambda u: 1 / u.cos(),
    "csc": lambda u: 1 / u.sin(),
    "asin": arb_series.asin,
    "acos": arb_series.acos,
    "atan": arb_series.atan,
    "sinpi": arb_series.sin_pi,
    "cospi": arb_series.cos_pi,
    "sinh": _sinh,
    "cosh": _cosh,
    "tanh": _tanh,
    "coth": lambda u: _cosh(u) / _sinh(u),
    "sech": _sech,
    "csch": lambda u: 1 / _sinh(u),
    "gamma": arb_series.gamma,
    "lgamma": arb_series.lgamma,
    "erf": arb_series.erf,
    "erfc": arb_series.erfc,
    "erfi": arb_series.erfi,
    "normalpdf": lambda u: (u * u / -2).exp() / (2 * arb.pi()).sqrt(),
    "normalcdf": lambda u: (u / -arb(2).sqrt()).erfc() / 2,
    "zeta": arb_series.zeta,
    "airyai": arb_series.airy_ai,
    "airyaiprime": arb_series.airy_ai_prime,
    "airybi": arb_series.airy_bi,
    "airybiprime": arb_series.airy_bi_prime,
    "lambertw": arb_series.lambertw,
    "ei": arb_series.ei,
    "li": arb_series.li,
    "si": arb_series.si,
    "ci": arb_series.ci,
    "shi": arb_series.shi,
    "chi": arb_series.chi,
    "fresnels": arb_series.fresnel_s,
    "fresnelc": arb_series.fresnel_c,
    "logistic": _logistic,
    "softplus": softplus,
}
SLOPES: Final[dict[str, Callable[[arb_series], arb_series]]] = {
    "acot": lambda u: -1 / (1 + u * u),
    "asec": lambda u: 1 / (_size(u) * ((u - 1) * (u + 1)).sqrt()),
    "acsc": lambda u: -1 / (_size(u) * ((u - 1) * (u + 1)).sqrt()),
    "asinh": lambda u: (1 + u * u).rsqrt(),
    "acosh": lambda u: ((u - 1) * (u + 1)).rsqrt(),
    "atanh": lambda u: 1 / ((1 - u) * (1 + u)),
    "acoth": lambda u: 1 / ((1 - u) * (1 + u)),
    "asech": lambda u: -1 / (u * ((1 - u) * (1 + u)).sqrt()),
    "acsch": lambda u: -1 / (_size(u) * (1 + u * u).sqrt()),
}
