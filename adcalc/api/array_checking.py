"""Claims about arrays decided by proved digits: the arrays are unfolded, and every element is compared.

At random numbers of the shapes at hand, derivative and claim are enclosed in balls of 60 digits, element by element.
One element whose balls do not touch refutes a claim, whatever its form.
"""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from adcalc.api.array_claims import Asked, Claimed, ask
from adcalc.api.array_sentences import Element, Pair, against, label, note, of_shapes, shown
from adcalc.api.evidence import DIGITS
from adcalc.errors import LimitError, PrecisionError, UsageError
from adcalc.graph.count import operations
from adcalc.graph.shape import size
from adcalc.graph.unfold import unfolded
from adcalc.modes import certified
from adcalc.modes.base import NodeError, Problem
from adcalc.render.check import sign
from adcalc.results.check import Check, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adcalc.api.function import Function
    from adcalc.api.point import Point
    from adcalc.errors import Place
    from adcalc.graph.graph import Graph
    from adcalc.graph.node import NodeId, Shape

_AGREED: Final = 50  # digits
_WANTED: Final = 12  # points
_LEAST: Final = 3  # points without which nothing is said to hold
_TRIED: Final = 200  # points
_LARGE: Final = 3000  # operations, from which on a third of the points has to do
_LARGEST: Final = 60_000  # elements of all arrays together
_BITS: Final = 1 << 11  # at which a point is given up


class _Numbers:
    """The question on numbers: the graph of the function and of its claims, one node for each element."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        graph, lowered = asked.lowered.graph, asked.lowered
        wanted = [lowered.output, *(one.node for one in asked.claims)]
        whole = unfolded(graph, [*wanted, *lowered.variables.values()], None, _LARGEST)
        self.graph: Graph = whole.graph
        self.elements = whole.elements
        self.output: NodeId = int(whole.elements[lowered.output])
        self.shapes = asked.shapes
        claimed = [int(node) for one in asked.claims for node in self.elements[one.node].flat]
        self.is_large = operations(self.graph, self.output, *claimed) > _LARGE

    def at(self, point: Mapping[str, Any]) -> dict[NodeId, float]:
        """The numbers of the elements, by node."""
        found: dict[NodeId, float] = {}
        for name, node in self.asked.lowered.variables.items():
            ids = self.elements[node]
            found.update(zip((int(one) for one in ids.flat), np.ravel(point[name]).tolist(), strict=True))
        return found

    def pairs(self, point: Mapping[str, Any], last: int = _BITS) -> list[Pair | None]:
        """Derivative and claim of each claim; None where the claim's digits stay open.

        Raises NodeError, PrecisionError or LimitError where there is no derivative.
        """
        numbers, table = self.at(point), self.asked.function.table
        variables = [self.elements[self.asked.lowered.variables[one.variable]] for one in self.asked.claims]
        wrt = tuple(int(node) for ids in variables for node in ids.flat)
        problem: Problem[Any] = Problem(self.graph, self.output, wrt, numbers)
        partials = iter(certified.gradient(problem, table, DIGITS, last).partials)
        slopes = [[next(partials) or certified.ZERO for _ in ids.flat] for ids in variables]
        return [
            self._pair(one, point, numbers, ids.shape, true, last)
            for one, ids, true in zip(self.asked.claims, variables, slopes, strict=True)
        ]

    def _pair(
        self,
        one: Claimed,
        point: Mapping[str, Any],
        numbers: Mapping[NodeId, float],
        shape: Shape,
        true: list[certified.Enclosure],
        last: int,
    ) -> Pair | None:
        table = self.asked.function.table
        ids = [int(node) for node in self.elements[one.node].flat]
        found: list[certified.Enclosure | None] = []
        try:
            try:
                found += certified.evaluate(self.graph, ids, numbers, table, DIGITS, last)
            except NodeError:
                for node in ids:
                    try:
                        found += certified.evaluate(self.graph, [node], numbers, table, DIGITS, last)
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
    function: Function, places: Sequence[Place], point: Point | None = None, shapes: Mapping[str, Shape] | None = None
) -> Check:
    """The verdicts on claims about arrays of the given shapes, or of those of a point, where they are checked first.

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
    numbers = _Numbers(asked)
    searches = _searched(numbers)
    verdicts = tuple(_verdict(numbers, one, found) for one, found in zip(asked.claims, searches, strict=True))
    return Check(function.source.text, function.text, asked.given, verdicts, asked.weighed)


def _searched(numbers: _Numbers) -> list[_Search]:
    """Random points, the first of them the one that was asked about, until each claim is refuted or held at enough."""
    asked = numbers.asked
    found = [_Search() for _ in asked.claims]
    wanted = _WANTED // 3 if numbers.is_large else _WANTED
    first = islice(asked.random(), 1 if asked.given else 0)
    for number, point in enumerate(chain(first, islice(asked.random(False), _TRIED))):
        is_asked = bool(asked.given) and number == 0
        try:
            pairs = numbers.pairs(point, certified.LAST if is_asked else _BITS)
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


def _verdict(numbers: _Numbers, one: Claimed, found: _Search) -> Verdict:
    asked = numbers.asked
    about = ((one.variable,), one.text, one.claim.expression)
    if found.against:
        pair = found.against[0]
        element = pair.apart[0]
        derivative, claimed = shown(element)
        return Verdict(
            *about,
            False,
            against(asked, pair),
            "",
            pair.point,
            derivative,
            claimed,
            note(found.against[:2]),
            label(one, element),
        )
    if found.agreeing < (1 if not numbers.shapes else _LEAST):
        few = f"only {found.agreeing} points" if found.agreeing else "no point"
        what = "the claim cannot be compared with" if found.open else f"{few} could be found at which there is"
        raise PrecisionError(
            f"{what} {sign((one.variable,), asked.weighed)}", one.claim.place, "give a point with --at, where it exists"
        )
    count = size(numbers.shapes.get(one.variable, ()))
    every = "" if count == 1 else f" in all {count} elements"
    evidence = f"they agree to {_AGREED} digits{every} at {found.agreeing} random points"
    if asked.given:
        evidence += ", the given one among them"
    shapes = of_shapes(asked)
    return Verdict(*about, True, f"{evidence}; {shapes}" if shapes else evidence, "")
