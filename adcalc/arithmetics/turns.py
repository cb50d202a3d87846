"""Multiples of π that are known exactly, so that the sine of π is 0 and not merely near it."""

from typing import Any, Final, TypeAlias

from flint import arb, fmpq

Real: TypeAlias = Any  # a fraction, a multiple of π, or a ball

_HALF: Final = fmpq(1, 2)
# sin(q*pi) where that is rational, and q with it: there are no others (Niven 1956)
_SINES: Final = {(0, 1): fmpq(0), (1, 6): _HALF, (1, 2): fmpq(1), (5, 6): _HALF}
_TANGENTS: Final = {(0, 1): fmpq(0), (1, 4): fmpq(1), (3, 4): fmpq(-1)}


class Turns:
    """A number q·π with a fraction q that is not 0. What is no such multiple any more becomes a ball.

    >>> Turns(fmpq(1, 2)) + Turns(fmpq(-1, 2)), Turns(fmpq(1, 2)) / Turns(fmpq(1, 3))
    (0, 3/2)
    >>> Turns(fmpq(1)) > 3, Turns(fmpq(1)) == fmpq(22, 7)
    (True, False)
    """

    __slots__ = ("halves",)

    def __init__(self, halves: fmpq) -> None:
        self.halves = halves  # of a whole turn: the q

    @property
    def ball(self) -> arb:
        """The number as a ball.

        >>> Turns(fmpq(1)).ball > 3
        True
        """
        return arb.pi() * self.halves

    def __repr__(self) -> str:
        return f"{self.halves}*pi"

    def __add__(self, other: Real) -> Real:
        if isinstance(other, Turns):
            return turns(self.halves + other.halves)
        return self if other == 0 else self.ball + other

    def __radd__(self, other: Real) -> Real:
        return self if other == 0 else other + self.ball

    def __sub__(self, other: Real) -> Real:
        return self + -other

    def __rsub__(self, other: Real) -> Real:
        return -self if other == 0 else other - self.ball

    def __mul__(self, other: Real) -> Real:
        if isinstance(other, fmpq):
            return turns(self.halves * other)
        return self.ball * (other.ball if isinstance(other, Turns) else other)

    def __rmul__(self, other: Real) -> Real:
        return turns(self.halves * other) if isinstance(other, fmpq) else other * self.ball

    def __truediv__(self, other: Real) -> Real:
        if isinstance(other, Turns):
            return self.halves / other.halves
        return turns(self.halves / other) if isinstance(other, fmpq) else self.ball / other

    def __rtruediv__(self, other: Real) -> Real:
        return other / self.ball

    def __neg__(self) -> "Turns":
        return Turns(-self.halves)

    def __abs__(self) -> "Turns":
        return Turns(abs(self.halves))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Turns):
            return bool(self.halves == other.halves)
        return False  # a fraction it is not, and of a ball nobody can tell

    def __ne__(self, other: object) -> bool:
        if isinstance(other, Turns | fmpq):
            return not self == other
        return bool(self.ball != other)

    __hash__ = None  # type: ignore[assignment]  # numbers are no keys

    def __lt__(self, other: Real) -> bool:
        return bool(self.halves < other.halves if isinstance(other, Turns) else self.ball < other)

    def __le__(self, other: Real) -> bool:
        return bool(self.halves <= other.halves if isinstance(other, Turns) else self.ball <= other)

    def __gt__(self, other: Real) -> bool:
        return bool(self.halves > other.halves if isinstance(other, Turns) else self.ball > other)

    def __ge__(self, other: Real) -> bool:
        return bool(self.halves >= other.halves if isinstance(other, Turns) else self.ball >= other)


def turns(halves: fmpq) -> fmpq | Turns:
    """A multiple of π, or 0.

    >>> turns(fmpq(0)), turns(fmpq(1, 3))
    (0, 1/3*pi)
    """
    return Turns(halves) if halves else halves


def sine(halves: fmpq) -> fmpq | arb:
    """sin(q·π), as a fraction where it is one.

    >>> sine(fmpq(7, 6)), sine(fmpq(2)), sine(fmpq(1, 4)) < 1
    (-1/2, 0, True)
    """
    rest = halves - 2 * (halves / 2).floor()
    sign = 1
    if rest >= 1:
        rest, sign = rest - 1, -1
    known = _SINES.get((int(rest.p), int(rest.q)))
    return arb.sin_pi_fmpq(halves) if known is None else sign * known


def cosine(halves: fmpq) -> fmpq | arb:
    """cos(q·π), as a fraction where it is one.

    >>> cosine(fmpq(1, 2)), cosine(fmpq(1, 3))
    (0, 1/2)
    """
    return sine(halves + _HALF)


def tangent(halves: fmpq) -> fmpq | arb:
    """tan(q·π), as a fraction where it is one. Raises ZeroDivisionError at a pole.

    >>> tangent(fmpq(5, 4))
    1
    """
    known = _TANGENTS.get((int((rest := halves - halves.floor()).p), int(rest.q)))
    return sine(halves) / cosine(halves) if known is None else known


def angle(sine: fmpq) -> fmpq | None:
    """The q with sin(q·π) the given fraction and |q| ≤ 1/2; None where it is no fraction.

    >>> angle(fmpq(-1, 2)), angle(fmpq(1, 3))
    (-1/6, None)
    """
    size = abs(sine)
    found = fmpq(0) if size == 0 else fmpq(1, 6) if size == _HALF else _HALF if size == 1 else None
    return found if found is None or sine >= 0 else -found
