"""A derivative and what somebody says it is, side by side: in as many proved digits as tell them apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flint import fmpq

from adcalc.arithmetics.bounds import bounds
from adcalc.arithmetics.decimals import decimals
from adcalc.results.proved import Bounds

if TYPE_CHECKING:
    from adcalc.arithmetics.enclosure import Enclosure

DIGITS: Final = 60  # of both numbers, where nobody says how many
_AGREED: Final = 50  # of them, at which numbers are said to agree
_SPARE: Final = 10  # digits beyond those that somebody asked for
_SHOWN: Final = (12, 20, 30, 40, 50, DIGITS)
_MORE: Final = (0, 5, _SPARE)


def known(digits: int | None) -> int:
    """In how many digits numbers are enclosed that are compared in so many, or in those that nobody chose.

    >>> known(None), known(20)
    (60, 30)
    """
    return DIGITS if digits is None else digits + _SPARE


def agreed(digits: int | None) -> str:
    """To what numbers agree that are compared in so many digits, or in those that nobody chose.

    >>> agreed(None), agreed(1)
    ('50 digits', '1 digit')
    """
    return f"{digits or _AGREED} digit{'' if digits == 1 else 's'}"


def side_by_side(
    derivative: Enclosure, claimed: Enclosure | None, digits: int | None = None, differ: bool = True
) -> tuple[str, str | None]:
    """Both numbers in the digits asked for, and in more of them where they differ only there.

    >>> from flint import arb
    >>> from adcalc.arithmetics.enclosure import Enclosure
    >>> one, other = (Enclosure(arb(number), "") for number in (1 / 8, 1 / 8 + 1 / 2**20))
    >>> side_by_side(one, other, 5), side_by_side(one, None)
    (('0.125', '0.1250009537'), ('0.125', None))
    """
    ladder = _SHOWN if digits is None else tuple(digits + more for more in _MORE)
    one, other = "", ""
    for count in ladder if differ else ladder[:1]:
        one = _digits(derivative, count, digits is None)
        if claimed is None:
            return one, None
        other = _digits(claimed, count, digits is None)
        if bare(one) != bare(other):
            break
    return one, other


def between(derivative: Enclosure, claimed: Enclosure | None, digits: int) -> tuple[Bounds, Bounds | None]:
    """The decimals between which each of the two lies.

    >>> from flint import arb
    >>> from adcalc.arithmetics.enclosure import Enclosure
    >>> between(Enclosure(arb(2).sqrt(), "1.4"), None, 3)
    (Bounds(low='1.41', high='1.42'), None)
    """
    low_and_high = Bounds(*bounds(_number(derivative), digits))
    return low_and_high, None if claimed is None else Bounds(*bounds(_number(claimed), digits))


def bare(number: str) -> str:
    """A number without the zeros at its end, which say only whether it was rounded.

    >>> bare("1.500"), bare("1.500e-7")
    ('1.5', '1.5e-7')
    """
    digits, e, exponent = number.partition("e")
    return (digits.rstrip("0").rstrip(".") if "." in digits else digits) + e + exponent


def _digits(number: Enclosure, digits: int, nearly: bool) -> str:
    return decimals(_number(number), digits, nearly) or number.digits


def _number(one: Enclosure) -> Any:
    return one.ball if one.exact is None else fmpq(one.exact.numerator, one.exact.denominator)
