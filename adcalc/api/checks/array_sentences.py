"""What is said of a claim about an array: where it first differs, by which numbers, and what it has in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from adcalc.api.checks.findings import multiple
from adcalc.api.two_numbers import side_by_side
from adcalc.arithmetics.decimals import decimals
from adcalc.syntax.number import short

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adcalc.api.checks.array_claims import Asked, Claimed
    from adcalc.arithmetics.enclosure import Enclosure

_LONGEST: Final = 100  # characters of a point in a sentence


class Element(NamedTuple):
    """What one element of a claim is at a point, beside the derivative's; None where the claim has no value there.

    >>> from adcalc.arithmetics.enclosure import ZERO
    >>> Element((0, 1), ZERO, None).differs
    True
    """

    place: tuple[int, ...]
    derivative: Enclosure
    claimed: Enclosure | None

    @property
    def differs(self) -> bool:
        """Whether the two are certainly not the same."""
        return self.claimed is None or self.derivative.ball != self.claimed.ball


class Pair(NamedTuple):
    """All elements of a claim at a point.

    >>> Pair({}, ()).apart
    []
    """

    point: Mapping[str, Any]
    elements: tuple[Element, ...]

    @property
    def apart(self) -> list[Element]:
        """The elements that differ."""
        return [element for element in self.elements if element.differs]


def of_shapes(asked: Asked) -> str:
    """The shapes of the variables: x is 4x3, gamma is 3."""
    parts = [
        f"{name} is {'x'.join(map(str, shape))}" for name, shape in asked.shapes.items() if shape and name in asked.own
    ]
    return ", ".join(parts)


def label(one: Claimed, element: Element) -> str:
    """What an element is called: x[0, 2]."""
    return f"{one.variable}[{', '.join(map(str, element.place))}]" if element.place else one.variable


def against(asked: Asked, pair: Pair, digits: int | None = None) -> str:
    """The sentence that refutes, with numbers in so many digits."""
    apart = pair.apart
    element = apart[0]
    derivative, claimed = side_by_side(element.derivative, element.claimed, digits)
    sentence = f"it is {claimed}, not {derivative}"
    if element.place:
        said = "has no value" if claimed is None else f"is {claimed}"
        sentence = f"element {list(element.place)} {said}, and the derivative's is {derivative}"
    elif claimed is None:
        sentence = f"it has no value, where the derivative is {derivative}"
    if len(pair.elements) > 1:
        sentence += f"; {len(apart)} of {len(pair.elements)} elements differ"
    given = asked.given
    if set(given).issuperset(asked.own) and all(pair.point[name] is number for name, number in given.items()):
        return f"{sentence}, at the point given"
    where = ", ".join(f"{name} = {_written(number)}" for name, number in pair.point.items())
    return sentence + (f", at {where}" if len(where) <= _LONGEST else f", at random numbers where {of_shapes(asked)}")


def _written(number: Any) -> str:
    if not isinstance(number, np.ndarray):
        return short(number)
    return str(number.tolist()).replace(".0,", ",").replace(".0]", "]")


def note(pairs: Sequence[Pair]) -> str:
    """What a wrong claim has in common with the derivative at two points: all but a factor, or the elements' places."""
    if len(pairs) < 2:
        return ""
    if all(_is_transposed(pair) for pair in pairs):
        return "the claim is the transpose of the derivative"
    factors: set[str] = set()
    for pair in pairs:
        for element in pair.elements:
            if element.claimed is None or 0 in element.derivative.ball:
                return ""
            factors.add(decimals(element.claimed.ball / element.derivative.ball, 12, nearly=True) or "")
    factor = short(float(factors.pop() or 0)) if len(factors) == 1 else "0"
    return "" if factor in ("0", "1") else multiple(factor)


def _is_transposed(pair: Pair) -> bool:
    there = {element.place: element for element in pair.elements}
    turned = [(element, there.get(element.place[::-1])) for element in pair.elements]
    return all(
        one.claimed is not None and other is not None and one.claimed.ball.overlaps(other.derivative.ball)
        for one, other in turned
    )
