"""The order of what stands in each layer of a drawing: median sweeps, up and down, until few edges cross."""

from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

_SWEEPS: Final = 24


class Joint:
    """What stands in a layer: a box, a bend of a trunk of edges, or a label; it knows its neighbours in the next ones.

    >>> Joint(0, (40.0, 20.0)).width
    40.0
    """

    __slots__ = ("above", "below", "fixed", "height", "light", "position", "rank", "width", "x")

    def __init__(self, rank: int, size: tuple[float, float] | None = None, fixed: bool = False) -> None:
        self.rank = rank
        self.width, self.height = size or (0.0, 0.0)
        self.fixed = fixed  # a box: its edges need not be straight
        self.light = False  # it stands where its only user likes it
        self.above: list[Joint] = []
        self.below: list[Joint] = []
        self.position = 0
        self.x = 0.0


def join(upper: Joint, lower: Joint) -> None:
    """Draw an edge between two joints in neighbouring layers.

    >>> upper, lower = Joint(0), Joint(1)
    >>> join(upper, lower)
    >>> lower.above == [upper]
    True
    """
    upper.below.append(lower)
    lower.above.append(upper)


def ordered(boxes: Sequence[Joint]) -> list[list[Joint]]:
    """All joints that the boxes are joined to, by rank, from left to right with few crossings.

    >>> left, right, a, b = Joint(0), Joint(0), Joint(1), Joint(1)
    >>> for upper, lower in ((left, b), (right, a)):
    ...     join(upper, lower)
    >>> [rank.index(joint) for rank, joint in zip(ordered([left, right, a, b]), (left, b), strict=True)]
    [0, 0]
    """
    ranks: list[list[Joint]] = [[] for _ in range(max((box.rank for box in boxes), default=-1) + 1)]
    for joint in _from_the_result(boxes):
        ranks[joint.rank].append(joint)
    _number(ranks)
    best, fewest = [list(rank) for rank in ranks], _crossings(ranks)
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        downwards = sweep % 2 == 0
        for number in range(len(ranks)) if downwards else range(len(ranks) - 1, -1, -1):
            rank = ranks[number]
            if (sweep // 2 + number) % 2:
                rank.reverse()  # so that equals change places now and then
            rank.sort(key=lambda joint: _median(joint.above if downwards else joint.below, joint.position))
            for position, joint in enumerate(rank):
                joint.position = position
        _exchange(ranks)
        crossings = _crossings(ranks)
        if crossings < fewest:
            best, fewest = [list(rank) for rank in ranks], crossings
    _number(best)
    if _mirrored(boxes):
        for rank in best:
            rank.reverse()
        _number(best)
    return best


def _mirrored(boxes: Iterable[Joint]) -> bool:
    """Whether more operations have their arguments from right to left than from left to right."""
    balance = 0
    for box in boxes:
        for left, right in pairwise(box.above):
            importance = 1 if left.light or right.light else 4
            balance += importance if left.position < right.position else -importance
    return balance < 0


def _from_the_result(boxes: Sequence[Joint]) -> list[Joint]:
    """All joints in the order in which a reader meets them who starts at the results, first arguments first."""
    met: dict[Joint, None] = {}
    waiting = [box for box in boxes if not box.below]
    while waiting:
        joint = waiting.pop()
        if joint not in met:
            met[joint] = None
            waiting.extend(reversed(joint.above))
    return list(met)


def _number(ranks: Iterable[Sequence[Joint]]) -> None:
    for rank in ranks:
        for position, joint in enumerate(rank):
            joint.position = position


def _median(neighbours: Sequence[Joint], otherwise: int) -> float:
    places = sorted(joint.position for joint in neighbours)
    if not places:
        return float(otherwise)
    half = len(places) // 2
    return float(places[half]) if len(places) % 2 else (places[half - 1] + places[half]) / 2


def _crossings(ranks: Sequence[Sequence[Joint]]) -> int:
    total = 0
    for rank in ranks:
        ends: list[int] = []
        for joint in rank:
            below = sorted(other.position for other in joint.below)
            total += sum(len(ends) - bisect_right(ends, place) for place in below)
            for place in below:
                insort(ends, place)
    return total


def _exchange(ranks: Sequence[list[Joint]]) -> None:
    """Exchange neighbours wherever that removes crossings."""
    for rank in ranks:
        for position in range(len(rank) - 1):
            left, right = rank[position], rank[position + 1]
            if _between(left, right) > _between(right, left):
                rank[position], rank[position + 1] = right, left
                left.position, right.position = position + 1, position


def _between(left: Joint, right: Joint) -> int:
    """The crossings of the edges of two joints, when the one stands left of the other."""
    total = 0
    for mine, others in ((left.above, right.above), (left.below, right.below)):
        places = sorted(other.position for other in others)
        total += sum(bisect_right(places, joint.position - 1) for joint in mine)
    return total
