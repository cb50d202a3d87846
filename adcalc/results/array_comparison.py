"""The four methods side by side on arrays, and a closed form that somebody claims beside them."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Way(NamedTuple):
    """One way to the gradient: its answer by variable, how far it is from the reference, and what it costs.

    `mode` is one of the modes, or "claim" for closed forms that were claimed. `error` is the largest of all elements,
    and `digits` how many digits are right there, seen from the largest element of the same variable; None without a
    reference. `operations` are those on elements; `passes` how many times the memory of the largest array is read or
    written; both are of value and gradient together. `seconds` is the time of these.

    >>> Way("reverse", None, {}).name
    'reverse'
    """

    mode: str
    difference: str | None
    gradient: Mapping[str, Any] | None
    error: float | None = None
    digits: float | None = None
    operations: int | None = None
    passes: float | None = None
    seconds: float | None = None
    remark: str = ""

    @property
    def name(self) -> str:
        """The way's name among all.

        >>> Way("finite", "central", None).name
        'central'
        """
        return self.difference or self.mode


class Stated(NamedTuple):
    """A claim beside the composed graph: their largest difference, and that as a share of the largest element.

    >>> Stated("X.T@g", 0.0, 0.0).share
    0.0
    """

    claim: str
    difference: float
    share: float


class ArrayComparison(NamedTuple):
    """The answers to one question about arrays.

    `reference` is "proved" (digits, by unfolding the arrays), "extended" (arrays of longer floats) or "" where there is
    none, and then `reason` says why; `truth` has its digits by variable. `weighed` says that the result is an array and
    the gradient that of the sum of its elements times `g`. `largest` is the shape of the array that passes are counted
    by; `drawn` are the variables whose numbers were drawn at random. `operations` are those of the value alone.
    `warnings` are pairs of a kind and a message.

    >>> ArrayComparison("sum(x)", {}, {"x": (3,)}, (), 3.0, "", "why", {}, ()).reference
    ''
    """

    expression: str
    at: Mapping[str, Any]
    shapes: Mapping[str, tuple[int, ...]]
    drawn: tuple[str, ...]
    value: Any
    reference: str
    reason: str
    truth: Mapping[str, Any]
    ways: tuple[Way, ...]
    weighed: bool = False
    largest: tuple[int, ...] = ()
    operations: int = 0
    claims: Mapping[str, Stated] = {}
    warnings: tuple[tuple[str, str], ...] = ()
