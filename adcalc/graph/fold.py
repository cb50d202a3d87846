"""Exact arithmetic on constants, as far as every arithmetic would agree on the answer.

Nothing that could fail is folded away (1/0 stays a division, so that it is reported where it stands), and nothing
that would grow without bound: 9^9^9^9 stays a power.
"""

import operator
from fractions import Fraction

_RELATIONS = {
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
    "eq": operator.eq,
    "ne": operator.ne,
}
MAXIMUM_BITS = 1 << 20  # of a folded numerator or denominator: three times a literal of a hundred thousand digits


def fold(op: str, *args: Fraction) -> Fraction | None:
    """The exact value of an operation on constants, or None where it has to be left to the arithmetic.

    >>> fold("div", Fraction(1), Fraction(3))
    Fraction(1, 3)
    >>> fold("div", Fraction(1), Fraction(0)) is None
    True
    >>> fold("pow", Fraction(9), Fraction(387420489)) is None
    True
    """
    if op == "neg":
        return -args[0]
    if op not in ("add", "sub", "mul", "div", "pow"):
        return None
    left, right = args
    if op == "pow":
        return _power(left, right)
    if _bits(left) + _bits(right) > MAXIMUM_BITS:
        return None
    if op == "add":
        return left + right
    if op == "sub":
        return left - right
    if op == "mul":
        return left * right
    return left / right if right else None


def holds(relation: str, left: float | Fraction, right: float | Fraction) -> bool:
    """Whether a relation holds between two numbers.

    >>> holds("lt", Fraction(1), Fraction(2))
    True
    """
    return bool(_RELATIONS[relation](left, right))


def connect(op: str, truths: list[bool | None]) -> bool | None:
    """`and`, `or`, `not` of what is known; None where what is not known matters.

    >>> connect("and", [None, False])
    False
    >>> connect("or", [None, False]) is None
    True
    """
    if op == "not":
        return None if truths[0] is None else not truths[0]
    decisive = op == "or"
    if decisive in truths:
        return decisive
    return None if None in truths else not decisive


def _power(base: Fraction, exponent: Fraction) -> Fraction | None:
    if exponent.denominator != 1 or (not base and exponent < 0):
        return None
    if abs(base) == 1 or not base:
        return Fraction(base ** (exponent.numerator % 2)) if base else Fraction(int(not exponent))
    if _bits(base) * abs(exponent.numerator) > MAXIMUM_BITS:
        return None
    return Fraction(base**exponent.numerator)


def _bits(value: Fraction) -> int:
    return value.numerator.bit_length() + value.denominator.bit_length()
