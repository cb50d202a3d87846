"""Claims about arrays decided by proved digits: the arrays are unfolded, and every element is compared.

At random numbers of the shapes at hand, derivative and claim are enclosed in balls of 60 digits, element by element.
One element whose balls do not touch refutes a claim, whatever its form.
"""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np

from adcalc.api.checks.array_claims import Asked, Claimed, ask
from adcalc.api.checks.array_sentences import Element, Pair, against, label, note, of_shapes
from adcalc.api.checks.evidence import BITS, LARGE, decimal
from adcalc.api.checks.findings import few
from adcalc.api.point import shape_of
from adcalc.api.proofs.exact import exact
from adcalc.api.proofs.exact_arrays import exact_elements
from adcalc.api.proofs.exact_question import digits_of
from adcalc.api.two_numbers import agreed, between, known, side_by_side
from adcalc.arithmetics.enclosure import ZERO, Enclosure
from adcalc.errors import LimitError, PrecisionError, UsageError
from adcalc.graph.count import operations
from adcalc.graph.elements import nested
from adcalc.graph.shape import size
from adcalc.graph.unfold import unfolded
from adcalc.modes.base import NodeError, Problem
from adcalc.modes.proofs import certified
from adcalc.render.check import sign
from adcalc.results.check import Check, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adcalc.api.function import Function
    from adcalc.api.point import Point
    from adcalc.errors import Place
    from adcalc.graph.graph import Graph
    from adcalc.graph.node import NodeId, Shape
    from adcalc.modes.proofs.attempt import Exact

_WANTED: Final = 12  # points
_LEAST: Final = 3  # points without which nothing is said to hold
_TRIED: Final = 200  # points
_LARGEST: Final = 60_000  # elements of all arrays together


class _Numbers:
    """The question on numbers: the graph of the function and of its claims, one node for each element.

    `digits` are those in which numbers are compared, where somebody said so; `exact` are then the numbers of the point
    that was asked about, by variable and element.
    """

    def __init__(self, asked: Asked, digits: int | None, exact: Mapping[str, list[Exact]]) -> None:
        self.asked = asked
        self.digits = digits
        self.exact = exact
        graph, lowered = asked.lowered.graph, asked.lowered
        wanted = [lowered.output, *(one.node for one in asked.claims)]
        whole = unfolded(graph, [*wanted, *lowered.variables.values()], None, _LARGEST)
        self.graph: Graph = whole.graph
        self.elements = whole.elements
        self.output: NodeId = int(whole.elements[lowered.output])
        self.shapes = asked.shapes
        claimed = [int(node) for one in asked.claims for node in self.elements[one.node].flat]
        self.is_large = operations(self.graph, self.output, *claimed) > LARGE

    def at(self, point: Mapping[str, Any]) -> dict[NodeId, Exact]:
        """The numbers of the elements, by node."""
        found: dict[NodeId, Exact] = {}
        for name, node in self.asked.lowered.variables.items():
            ids = [int(one) for one in self.elements[node].flat]
            found.update(zip(ids, self.numbers(name, point[name]), strict=True))
        return found

    def numbers(self, name: str, value: Any) -> list[Exact]:
        """The elements of a variable: as they were written, decimals, or the floats that they are."""
        if name in self.exact and value is self.asked.given.get(name):
            return self.exact[name]
        floats: list[Exact] = np.ravel(value).tolist()
        return floats if self.digits is None else [decimal(float(cast("float", number))) for number in floats]

    def told(self, point: Mapping[str, Any]) -> dict[str, Any]:
        """A point as it is told: with proved digits its numbers are those, as texts."""
        digits, function = self.digits, self.asked.function
        if digits is None:
            return dict(point)
        found = {name: [digits_of(function, one, digits) for one in self.numbers(name, point[name])] for name in point}
        return {name: nested(texts, self.shapes[name]) for name, texts in found.items()}

    def pairs(self, point: Mapping[str, Any], last: int = BITS) -> list[Pair | None]:
        """Derivative and claim of each claim; None where the claim's digits stay open.

        Raises NodeError, PrecisionError or LimitError where there is no derivative.
        """
        numbers, table = self.at(point), self.asked.function.table
        variables = [self.elements[self.asked.lowered.variables[one.variable]] for one in self.asked.claims]
        wrt = tuple(int(node) for ids in variables for node in ids.flat)
        problem: Problem[Any] = Problem(self.graph, self.output, wrt, numbers)
        partials = iter(certified.gradient(problem, table, known(self.digits), last).partials)
        slopes = [[next(partials) or ZERO for _ in ids.flat] for ids in variables]
        return [
            self._pair(one, point, numbers, ids.shape, true, last)
            for one, ids, true in zip(self.asked.claims, variables, slopes, strict=True)
        ]

    def _pair(
        self,
        one: Claimed,
        point: Mapping[str, Any],
        numbers: Mapping[NodeId, Exact],
        shape: Shape,
        true: list[Enclosure],
        last: int,
    ) -> Pair | None:
        table, wanted = self.asked.function.table, known(self.digits)
        ids = [int(node) for node in self.elements[one.node].flat]
        found: list[Enclosure | None] = []
        try:
            try:
                found += certified.evaluate(self.graph, ids, numbers, table, wanted, last)
            except NodeError:
                for node in ids:
                    try:
                        found += certified.evaluate(self.graph, [node], numbers, table, wanted, last)
                    except NodeError:
                        found.append(None)
        except (PrecisionError, LimitError):
            return None
        if len(found) < len(true):  # one number says the same of every element
            found *= len(true)
        indices = np.ndindex(shape)
        return Pair(point, tuple(Element(*three) for three in zip(indices, true, found, strict=True)))


class _Search:
    """What points show about one claim."""

    def __init__(self) -> None:
        self.agreeing = 0
        self.open = 0
        self.against: list[Pair] = []

    def see(self, pair: Pair | None) -> None:
        """Take a point into account."""
        if pair is None:
            self.open += 1
        elif pair.apart:
            self.against.append(pair)
        else:
            self.agreeing += 1


def check(
    function: Function,
    places: Sequence[Place],
    point: Point | None = None,
    shapes: Mapping[str, Shape] | None = None,
    digits: int | None = None,
    enclosure: bool = False,
) -> Check:
    """The verdicts on claims about arrays of the given shapes, or of those of a point, where they are checked first.

    `digits` and `enclosure` are those of `checking.check`.

    Raises what `ask` raises, what a gradient raises at the point, PrecisionError where nothing can be decided.

    >>> from adcalc.api import function
    >>> from adcalc.syntax.claim import claim_in
    >>> check(function("A@x"), [claim_in("x: A.T@g")], None, {"A": (3, 2), "x": (2,)}).verdicts[0].holds
    True
    """
    asked = ask(function, places, point or {}, shapes or {})
    for number, one in enumerate(asked.claims):
        if one.variable in [other.variable for other in asked.claims[:number]]:
            raise UsageError(
                f"there are two claims about {sign((one.variable,), asked.weighed)}",
                one.claim.place,
                "leave one of them out",
            )
    numbers = _Numbers(asked, digits, {} if digits is None else _exactly(asked, point or {}))
    searches = _searched(numbers)
    pairs = zip(asked.claims, searches, strict=True)
    verdicts = tuple(_verdict(numbers, one, found, enclosure) for one, found in pairs)
    return Check(function.source.text, function.text, numbers.told(asked.given), verdicts, asked.weighed)


def _exactly(asked: Asked, point: Point) -> dict[str, list[Exact]]:
    """The numbers of a point as they were written; one number of a weight is that of each of its elements."""
    found = {}
    for name, value in point.items():
        number, shape = exact(name, value, asked.function.table), asked.shapes[name]
        is_one = not shape_of(value, asked.function.table)
        found[name] = [number] * size(shape) if is_one else exact_elements(number, asked.function.table)
    return found


def _searched(numbers: _Numbers) -> list[_Search]:
    """Random points, the first of them the one that was asked about, until each claim is refuted or held at enough."""
    asked = numbers.asked
    found = [_Search() for _ in asked.claims]
    wanted = _WANTED // 3 if numbers.is_large else _WANTED
    first = islice(asked.random(), 1 if asked.given else 0)
    for number, point in enumerate(chain(first, islice(asked.random(False), _TRIED))):
        is_asked = bool(asked.given) and number == 0
        try:
            pairs = numbers.pairs(point, certified.LAST if is_asked else BITS)
        except NodeError:
            if is_asked:
                _raise_at(numbers, point)
            continue
        except (PrecisionError, LimitError):
            if is_asked:
                raise
            continue
        for one, pair in zip(found, pairs, strict=True):
            one.see(pair)
        if all(len(one.against) > 1 or one.agreeing >= wanted or one.open >= wanted for one in found):
            break
    return found


def _raise_at(numbers: _Numbers, point: Mapping[str, Any]) -> None:
    """Raise what the gradient says at a point where there is none."""
    asked = numbers.asked
    asked.function.gradient({name: point[name] for name in numbers.shapes})
    raise PrecisionError("nothing can be proved at the point that is given")


def _verdict(numbers: _Numbers, one: Claimed, found: _Search, enclosure: bool) -> Verdict:
    asked, digits = numbers.asked, numbers.digits
    about = ((one.variable,), one.text, one.claim.expression)
    if found.against:
        pair = found.against[0]
        element = pair.apart[0]
        derivative, claimed = side_by_side(element.derivative, element.claimed, digits)
        bounds = between(element.derivative, element.claimed, digits) if enclosure and digits is not None else None
        return Verdict(
            *about,
            False,
            against(asked, pair, digits),
            "",
            numbers.told(pair.point),
            derivative,
            claimed,
            note(found.against[:2]),
            label(one, element),
            bounds,
        )
    if found.agreeing < (1 if not numbers.shapes else _LEAST):
        there_are = f"{few(found.agreeing)} could be found at which there is"
        what = "the claim cannot be compared with" if found.open else there_are
        raise PrecisionError(
            f"{what} {sign((one.variable,), asked.weighed)}", one.claim.place, "give a point with --at, where it exists"
        )
    count = size(numbers.shapes.get(one.variable, ()))
    every = "" if count == 1 else f" in all {count} elements"
    evidence = f"they agree to {agreed(digits)}{every} at {found.agreeing} random points"
    if asked.given:
        evidence += ", the given one among them"
    shapes = of_shapes(asked)
    return Verdict(*about, True, f"{evidence}; {shapes}" if shapes else evidence, "")
