"""Whether numbers in doubt stand: they are held to the proved ones, at the floats of a point and as it was written.

A point is the floats that were given, and a constant is what was written. Where these differ by less than a person can
see (x = 0.1 and the constant 0.1), the floats stand, if they are right for the decimals that were written.
"""

from __future__ import annotations

import math
import sys
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from adcalc.api.floats import Slopes, Warnings
from adcalc.errors import AdcalcError, DomainError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from adcalc.api.asked import Asked

RIGHT: Final = 8.3  # digits: no more than half a unit in the eighth is missing
_PROVED: Final = "the answer is the proved one"
_DIGITS: Final = ": floating point has "
_LEAST: Final = sys.float_info.min


class Repaired(NamedTuple):
    """The numbers of an answer, the value before its partials, and what is to be said of them; whether they are new."""

    numbers: tuple[float, ...]
    warnings: Warnings = ()
    is_new: bool = False

    @property
    def value(self) -> tuple[float, Warnings]:
        """The value alone, with its warnings."""
        return self.numbers[0], self.warnings

    def slopes(self, asked: Asked, mode: str) -> Slopes:
        """The numbers as partials that a mode was asked for; a finite difference is then as exact as a float."""
        value, *partials = self.numbers
        errors = {}
        if mode == "finite":
            errors = {name: math.ulp(one) / 2.0 for name, one in zip(asked.names, partials, strict=True)}
        return Slopes(value, tuple(partials), errors, self.warnings)


class Doubt(NamedTuple):
    """Why numbers are in doubt: the kind of a warning and the sentence for it, and whether they are certainly wrong.

    `turns` says that rounding may have decided a comparison: another answer for the decimals as written is then told.

    >>> Doubt("cancellation", "1 - cos(x) loses digits", False).kind
    'cancellation'
    """

    kind: str
    cause: str
    is_severe: bool
    turns: bool = False


def judged(
    at: Mapping[str, float],
    numbers: Sequence[float],
    doubt: Doubt,
    prove: Callable[[Mapping[str, Fraction]], tuple[float, ...] | AdcalcError | None],
    stands: Callable[[Mapping[str, Fraction]], bool] = lambda exact: True,
) -> Repaired:
    """Numbers in doubt as they are, if eight digits of each are right, or else the proved ones.

    `prove` gives the numbers at an exact point, the error where there are none, or None where nothing is proved. Such
    an error is raised, unless `stands` says that the first number is the function's value all the same.

    >>> judged({}, [1.0], Doubt("cancellation", "it cancels", True), lambda at: (3.0,)).numbers
    (3.0,)
    """
    exact, written = points(at)
    true = prove(exact)
    right = 0.0
    if isinstance(true, tuple):
        right = min(map(digits, numbers, true))
        if right >= RIGHT:
            other = _otherwise(numbers, prove(written)) if doubt.turns and written != exact else ""
            return Repaired(tuple(numbers), ((doubt.kind, f"{doubt.cause}: {other}"),) if other else ())
    if written != exact and true is not None:
        meant = prove(written)
        if isinstance(meant, tuple) and min(map(digits, numbers, meant)) >= RIGHT:
            return Repaired(tuple(numbers))
        if isinstance(true, AdcalcError):
            true = true if isinstance(meant, AdcalcError) else None
    if isinstance(true, AdcalcError):
        if isinstance(true, DomainError) or not stands(exact):
            raise true
        if doubt.turns:
            return Repaired(tuple(numbers))
        true = None  # of one-sided slopes balls know less than floats
    if true is None:
        if not doubt.is_severe:
            return Repaired(tuple(numbers))
        sentence = f"{doubt.cause}: digits of the answer may be lost, and none are proved"
        return Repaired(tuple(numbers), ((doubt.kind, sentence),))
    left = "no digit" if right < 1.0 else "1 digit" if right < 2.0 else f"{int(right)} digits"
    return Repaired(true, ((doubt.kind, f"{doubt.cause}{_DIGITS}{left} right, and {_PROVED}"),), True)


def proved(cause: str) -> str:
    """The sentence that says why the answer is the proved one.

    >>> proved("exp(x) overflows")
    'exp(x) overflows: the answer is the proved one'
    """
    return f"{cause}: {_PROVED}"


def work_of_floats(sentence: str) -> str:
    """What a sentence says of floating point, without the answer that was proved instead.

    >>> work_of_floats(proved("exp(x) overflows")), work_of_floats("x loses digits")
    ('exp(x) overflows', 'x loses digits')
    """
    return sentence.removesuffix(f": {_PROVED}").removesuffix(f", and {_PROVED}")


def cause_of(sentence: str) -> str:
    """Why numbers are proved, of the sentence that says so.

    >>> cause_of("x loses digits: floating point has 1 digit right, and the answer is the proved one")
    'x loses digits'
    """
    return work_of_floats(sentence).partition(_DIGITS)[0]


def points(at: Mapping[str, float]) -> tuple[dict[str, Fraction], dict[str, Fraction]]:
    """The floats of a point as the fractions that they are, and the decimals that somebody wrote for them.

    >>> [number["x"].denominator for number in points({"x": 0.1})]
    [36028797018963968, 10]
    """
    exact = {name: Fraction(value) for name, value in at.items()}
    return exact, {name: Fraction(repr(value)) for name, value in at.items()}


def _otherwise(numbers: Sequence[float], meant: tuple[float, ...] | AdcalcError | None) -> str:
    """What is to be told of the answer for a point as it was written; nothing where it is the same."""
    if isinstance(meant, AdcalcError):
        return f"for the decimals as written {meant.message}"
    if meant is None:
        return "for the decimals as written nothing is proved"
    if min(map(digits, numbers, meant)) >= RIGHT:
        return ""
    first, *slopes = meant
    return f"for the decimals as written the value is {first!r}" + (f", the slopes are {slopes!r}" if slopes else "")


def digits(number: float, true: float) -> float:
    """How many digits of a float are right.

    >>> round(digits(1.00000001, 1.0))
    8
    """
    error = abs(number - true)
    if error <= 5e-324 and abs(true) < _LEAST:
        return 17.0
    if error == 0.0:
        return 17.0
    if not math.isfinite(error) or true == 0.0:
        return 0.0
    return max(0.0, -math.log10(error / abs(true))) if error / abs(true) else 17.0
