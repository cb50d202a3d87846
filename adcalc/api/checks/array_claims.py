"""Claims about arrays: what somebody says is the gradient of a loss, or what a result's weight `g` hands back.

The claim about an array result is the vector-Jacobian product with the weight g, which has the result's shape; about a
number it is the gradient. Either has the shape of its variable; one number says the same of every element.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from adcalc.api.checks.evidence import grafted
from adcalc.api.matrices.products import weighed_by
from adcalc.errors import ShapeError, UsageError, unknown_variable
from adcalc.graph.shape import text
from adcalc.syntax.claim import Claim, read_claim

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from adcalc.api.function import Function
    from adcalc.api.point import Point
    from adcalc.errors import Place
    from adcalc.graph.node import NodeId, Shape
    from adcalc.syntax.lowered import Lowered

WEIGHT: Final = "g"
_SEED: Final = 2718


class Claimed(NamedTuple):
    """A claim about one variable, and the node that it is in the graph of the function."""

    claim: Claim
    variable: str
    node: NodeId

    @property
    def text(self) -> str:
        """The claimed expression as it was written."""
        return self.claim.expression.excerpt.strip()


class Asked(NamedTuple):
    """A function of a number, the sum of the weighed result where that is an array, with the claims in its graph.

    `given` are the numbers of the point that was asked about, of the variables that it has, and of the weight perhaps.
    """

    function: Function
    lowered: Lowered
    claims: tuple[Claimed, ...]
    weighed: bool
    given: Mapping[str, Any]

    @property
    def shapes(self) -> dict[str, Shape]:
        """The shape of every variable, and of the weight."""
        return {name: self.lowered.graph.shape(node) for name, node in self.lowered.variables.items()}

    @property
    def own(self) -> tuple[str, ...]:
        """The function's own variables, without the weight."""
        return tuple(name for name in self.lowered.variables if not (self.weighed and name == WEIGHT))

    def random(self, kept: bool = True) -> Iterator[dict[str, Any]]:
        """Points without end, the same in every run; those given keep their numbers, if they are to."""
        chance = np.random.default_rng(_SEED)
        for number in count():
            point = {name: _drawn(chance, shape, number) for name, shape in self.shapes.items()}
            yield point | dict(self.given) if kept else point

    def point(self) -> dict[str, Any]:
        """The numbers that are given, with others for those that are not, the same in every run."""
        chance = np.random.default_rng(_SEED)
        drawn = {name: _normal(chance, shape) for name, shape in self.shapes.items()}
        return drawn | dict(self.given)


def _normal(chance: np.random.Generator, shape: Shape) -> Any:
    """Normal numbers of a shape, square matrices with a positive determinant; a number is one of common size."""
    if not shape:
        return float(np.round(chance.uniform(0.1, 2.0), 2))
    made = chance.standard_normal(shape)
    if len(shape) == 2 and shape[0] == shape[1]:
        made += 2.0 * np.sqrt(len(made)) * np.eye(*shape)
    return made


def _drawn(chance: np.random.Generator, shape: Shape, number: int) -> Any:
    """Numbers of a shape, short enough to read: of both signs, or positive and with large diagonals, in turns."""
    if number % 3 == 1 or not shape:
        made = chance.uniform(0.1, 2.0, shape)
        if len(shape) == 2 and shape[0] == shape[1]:
            made += len(made) * np.eye(*shape)
    else:
        made = chance.standard_normal(shape) * (1.0 if number % 3 == 0 else 4.0)
    return np.round(made, 2) if shape else float(np.round(made, 2))


def ask(function: Function, places: Sequence[Place], point: Point, shapes: Mapping[str, Shape]) -> Asked:
    """The claims read, for variables of the shapes that are given, or that their values at the point have.

    Raises what reading a claim raises, ShapeError for one of another shape than its variable's, UsageError where shapes
    are missing.

    >>> from adcalc.api import function
    >>> from adcalc.syntax.claim import claim_in
    >>> ask(function("A@x"), [claim_in("x: A.T@g")], {}, {"A": (3, 2), "x": (2,)}).shapes
    {'A': (3, 2), 'x': (2,), 'g': (3,)}
    """
    numbers = function.numbers(point)
    known = _shapes(function, numbers, shapes)
    hidden = function.table.constants.intersection(numbers)
    own = {name: one for name, one in known.items() if name != WEIGHT or name in function.inputs(numbers)}
    plain = function.lowered(hidden, True, own)
    shape = plain.graph.shape(plain.output)
    if shape and WEIGHT in plain.variables:
        raise UsageError(
            f"'{WEIGHT}' is the weight of the result in a claim, and a variable here",
            None,
            "give the variable another name",
        )
    asked, lowered = function, plain
    if shape:
        asked = weighed_by(function, WEIGHT)
        lowered = asked.lowered(hidden, True, known | {WEIGHT: shape})
        known |= {WEIGHT: shape}
        numbers = _with_weight(numbers, shape)
    for name in numbers:
        if name not in lowered.variables:
            raise unknown_variable(name, list(plain.variables), getattr(point[name], "place", None))
    claims = tuple(_read(function, place, plain, lowered, hidden, known) for place in places)
    return Asked(asked, lowered, claims, bool(shape), numbers)


def _with_weight(numbers: Mapping[str, Any], shape: Shape) -> dict[str, Any]:
    """The numbers of a point, its weight, if there is one, in the shape of the result."""
    found = dict(numbers)
    if WEIGHT in found:
        given = tuple(getattr(found[WEIGHT], "shape", ()))
        if given not in ((), shape):
            raise ShapeError(f"the result is {text(shape)}, and its weight {WEIGHT} {text(given)}")
        found[WEIGHT] = np.broadcast_to(found[WEIGHT], shape) + 0.0
    return found


def _shapes(function: Function, numbers: Mapping[str, Any], shapes: Mapping[str, Shape]) -> dict[str, Shape]:
    """The shapes of the variables that are arrays. Raises UsageError where the function cannot be read without more."""
    if function.needs_point:
        raise UsageError(
            "claims about arrays are about one formula, and the way that this program takes depends on the point"
        )
    known = {name: tuple(shape) for name, shape in shapes.items() if shape}
    for name, number in numbers.items():
        here = tuple(getattr(number, "shape", ()))
        if name in shapes and tuple(shapes[name]) != here:
            raise ShapeError(f"{name} is {text(here)} at the point, and {text(tuple(shapes[name]))} is said of it")
        if here:
            known[name] = here
    free = function.inputs(numbers)
    for name in shapes:
        if name not in free and name != WEIGHT:
            raise unknown_variable(name, list(free))
    if function.needs_shapes:
        try:
            function.lowered(numbers, True, known)
        except ShapeError as error:
            missing = [name for name in free if name not in known and name not in numbers and name not in shapes]
            if missing:
                *others, last = missing
                names = f"{', '.join(others)} and {last}" if others else last
                raise ShapeError(
                    f"nobody says which shapes {names} have" if others else f"nobody says which shape {last} has",
                    error.place,
                    f'say it of those that are arrays: --shape "{missing[0]}=4x3"',
                ) from None
            raise
    return known


def _read(
    function: Function,
    place: Place,
    plain: Lowered,
    lowered: Lowered,
    hidden: frozenset[str],
    known: Mapping[str, Shape],
) -> Claimed:
    weight = WEIGHT if WEIGHT in known and WEIGHT not in plain.variables else ""
    claim = read_claim(
        place, plain.code, tuple(plain.variables), function.table, hidden, function.differentiate, known, weight
    )
    if len(claim.wrt) != 1:
        raise UsageError("claims about arrays are about first derivatives", claim.place, 'write "x: …"')
    (name,) = claim.wrt
    shape, given = known.get(name, ()), claim.lowered.graph.shape(claim.lowered.output)
    if given not in ((), shape):
        raise ShapeError(
            f"the derivative by {name} has the shape of {name}, {text(shape)}, and the claim is {text(given)}",
            claim.expression,
            "sum over the axes that it has too many" if len(given) > len(shape) else None,
        )
    node = grafted(claim.lowered.graph, claim.lowered.output, lowered.graph)
    return Claimed(claim, name, node)
