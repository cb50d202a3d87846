"""Balls: numbers that carry the proof of their digits (python-flint's arb).

A ball is a midpoint and a radius that certainly enclose the true value; an operation encloses every value that its
arguments' balls allow. How narrow the balls are is the working precision's affair (flint's `ctx.prec`, in bits), which
the caller sets and may raise. Constants are made at that precision, so compiled rules belong to one precision.

A comparison of balls that overlap is neither true nor false. It is `UNDECIDED`, which `and` and `or` pass on unless the
other side settles the matter, and which nobody can mistake for an answer: asking for its truth raises `Undecided`.
"""

import operator
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from typing import Any, Final

from flint import arb, ctx, fmpq

from adcalc.arithmetics.base import RING, Operation
from adcalc.arithmetics.solving import newton
from adcalc.arithmetics.special import FUNCTIONS, keep_within_limits


class Undecided(ArithmeticError):  # noqa: N818  # it is no mistake, only too few bits
    """Balls of this precision do not tell: a comparison of overlapping balls, or a ball that leaves a domain.

    >>> bool(UNDECIDED)
    Traceback (most recent call last):
        ...
    adcalc.arithmetics.ball.Undecided: a comparison that balls of this precision do not decide
    """


class _Unknown:
    """A truth that is not known. There is one, `UNDECIDED`; to take it for a truth, or to compare it, raises."""

    def __bool__(self) -> bool:
        raise Undecided("a comparison that balls of this precision do not decide")

    def __eq__(self, other: object) -> bool:
        return bool(self)

    __hash__ = None  # type: ignore[assignment]  # what cannot be compared cannot be looked up

    def __repr__(self) -> str:
        return "UNDECIDED"


UNDECIDED: Final = _Unknown()


def _relation(holds: Callable[[arb, arb], bool], fails: Callable[[arb, arb], bool], of_equals: bool) -> Operation:
    # flint's comparisons are true where they hold for every pair of numbers of the two balls; one ball is one number
    def relation(left: arb, right: arb) -> Any:
        if left is right:
            return of_equals
        return True if holds(left, right) else False if fails(left, right) else UNDECIDED

    return relation


def _and(left: Any, right: Any) -> Any:
    return False if left is False or right is False else left if right is True else right


def _or(left: Any, right: Any) -> Any:
    return True if left is True or right is True else left if right is False else right


def _not(truth: Any) -> Any:
    return truth if truth is UNDECIDED else not truth


def _div(u: arb, w: arb) -> arb:
    if w.is_zero():
        raise ZeroDivisionError
    return u / w


def _power(u: arb, w: arb) -> arb:
    if u.is_zero():
        if w.is_zero():
            return arb(1)
        return arb(0) if w > 0 else arb.nan()
    if w > 0 and w.is_integer() and 0 in u:  # flint gives up here
        top = u.abs_upper() ** w
        return top.union(arb(0) if w.fmpz() % 2 == 0 else -top)
    return u**w


def _mod(u: arb, w: arb) -> arb:
    return u - w * _div(u, w).floor()


def _round(u: arb) -> arb:
    above = u + 0.5
    if above.is_integer() and above.fmpz() % 2:  # halfway: to the even one
        return above - 1
    return above.floor()


def _step(u: arb) -> arb:
    return arb(1) if u >= 0 else arb(0) if u < 0 else arb(0.5, 0.5)


def _cbrt(u: arb) -> arb:
    if u.is_zero() or u > 0:
        return u.root(3)
    if u < 0:
        return -(-u).root(3)
    top = u.abs_upper().root(3)
    return top.union(-top)


def _xlogy(u: arb, w: arb) -> arb:
    return arb(0) if u.is_zero() and w >= 0 else u * w.log()


def _hypot(u: arb, w: arb) -> arb:
    if u.is_zero() or w.is_zero():
        return abs(u + w)
    return (u * u + w * w).sqrt()


def _softplus(u: arb) -> arb:
    return u + (-u).exp().log1p() if u > 0 else u.exp().log1p()


def _normalcdf(u: arb) -> arb:
    return (-u / arb(2).sqrt()).erfc() / 2


def _normalpdf(u: arb) -> arb:
    return (-u * u / 2).exp() / (2 * arb.pi()).sqrt()


def _acosh(u: arb) -> arb:
    return arb(0) if u == 1 else u.acosh()


_WIDER: Final = 8  # balls that are tried around a solution, each eight times as wide

# Those that are finite wherever they are defined, however wide their arguments' balls are.
_PLAIN: Final[dict[str, Operation]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "neg": operator.neg,
    "lt": _relation(operator.lt, operator.ge, False),
    "le": _relation(operator.le, operator.gt, True),
    "gt": _relation(operator.gt, operator.le, False),
    "ge": _relation(operator.ge, operator.lt, True),
    "eq": _relation(operator.eq, operator.ne, True),
    "ne": _relation(operator.ne, operator.eq, False),
    "and": _and,
    "or": _or,
    "not": _not,
    "pi": arb.pi,
    "inf": arb.pos_inf,
    "abs": abs,
    "sign": arb.sgn,
    "floor": arb.floor,
    "ceil": arb.ceil,
    "round": _round,
    "step": _step,
    "min": arb.min,
    "max": arb.max,
}
CHECKED: Final[dict[str, Operation]] = {
    "div": _div,
    "mod": _mod,
    "pow": _power,
    "sqrt": arb.sqrt,
    "cbrt": _cbrt,
    "exp": arb.exp,
    "exp2": lambda u: arb(2) ** u,
    "expm1": arb.expm1,
    "log": arb.log,
    "log2": lambda u: u.log_base(2),
    "log10": lambda u: u.log_base(10),
    "log1p": arb.log1p,
    "xlogy": _xlogy,
    "hypot": _hypot,
    "sin": arb.sin,
    "cos": arb.cos,
    "tan": arb.tan,
    "cot": arb.cot,
    "sec": arb.sec,
    "csc": arb.csc,
    "asin": arb.asin,
    "acos": arb.acos,
    "atan": arb.atan,
    "atan2": arb.atan2,
    "sinc": arb.sinc,
    "sinpi": arb.sin_pi,
    "cospi": arb.cos_pi,
    "sinh": arb.sinh,
    "cosh": arb.cosh,
    "tanh": arb.tanh,
    "coth": arb.coth,
    "sech": arb.sech,
    "csch": arb.csch,
    "asinh": arb.asinh,
    "acosh": _acosh,
    "atanh": arb.atanh,
    "erf": arb.erf,
    "erfc": arb.erfc,
    "normalpdf": _normalpdf,
    "normalcdf": _normalcdf,
    "lambertw": arb.lambertw,  # of a ball: no float stands for the branch point here
    "logistic": lambda u: 1 / (1 + (-u).exp()),
    "softplus": _softplus,
    "logsumexp": lambda u, w: u.max(w) + (-abs(u - w)).exp().log1p(),
}


class Ball:
    """The arithmetic of balls, at the working precision of the moment.

    An operation raises Undecided where it has no finite ball: for arguments outside its domain, of which a row's own
    conditions can tell more, and for those whose balls reach out of it.

    >>> Ball().operation("lt")(arb(1), arb(2)), Ball().operation("eq")(arb.pi(), arb.pi())
    (True, UNDECIDED)
    >>> Ball().constant(Fraction(1, 10)).contains(fmpq(1, 10))
    True
    """

    infix = RING
    decides = True

    def constant(self, value: Fraction) -> arb:
        numerator, denominator = value.numerator, value.denominator
        if denominator & (denominator - 1):
            return arb(fmpq(numerator, denominator))
        return arb((numerator, 1 - denominator.bit_length()))

    def operation(self, op: str) -> Operation | None:
        if op in _PLAIN:
            return _PLAIN[op]
        if op in CHECKED:
            return partial(_finite, CHECKED[op])
        return partial(_special, op) if op in FUNCTIONS else None

    def solve(self, equation: Operation, slope: Operation, args: Sequence[arb]) -> arb:
        """A ball that holds exactly one solution, by Newton's method on balls: it proves what it finds.

        Where the image of a ball lies inside the ball, there is one solution in it, and it lies in the image (Moore
        1966). Raises NoConvergence where no solution is found, Undecided where this precision does not prove it.
        """
        x = arb(newton(_middle(equation), _middle(slope), float(args[0].mid())))
        for _ in range(ctx.prec.bit_length() + 2):  # the digits double
            x = (x - equation(x).mid() / slope(x).mid()).mid()
        step = equation(x) / slope(x)
        radius = 4 * step.abs_upper() + arb(2) ** (4 - ctx.prec) * (1 + abs(x).abs_upper())
        for _ in range(_WIDER):
            around = arb(x, radius.abs_upper())
            image: arb = x - equation(x) / slope(around)
            if not image.is_finite():
                break
            if around.contains_interior(image):
                return image
            radius = radius * 8
        raise Undecided("no ball that holds one solution")


def _middle(function: Operation) -> Callable[[float], float]:
    """A function of balls, in floats."""
    return lambda x: float(function(arb(x)).mid())


def _finite(function: Operation, *args: arb) -> arb:
    value: arb = function(*args)
    if not value.is_finite():
        raise Undecided("no finite ball of this precision")
    return value


def _special(name: str, *args: arb) -> arb:
    keep_within_limits(name, *args)
    return _finite(FUNCTIONS[name], *args)
