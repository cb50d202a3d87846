"""Where the boxes of a layered drawing stand, and by which way its edges go: layers, order, coordinates.

Sugiyama's method. Every node has a layer, arguments above users. An edge over several layers passes each by a joint,
and the edges of one source share their joints until they part, as a trunk does. A label is a joint as well, with a
width, so that nothing can cover it. Median sweeps then order each layer; a weighted least-squares fit under the
distances to be kept (by pooling neighbours that would come too close) gives the places.
"""

import math
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from adcalc.render.ordering import Joint, join, ordered

_SWEEPS: Final = 12
_FAR: Final = 3  # layers by which a node may stand apart from its user before its arguments' edges are made longer
_BETWEEN: Final = 22.0  # from box to box, left to right
_BESIDE: Final = 10.0  # from an edge or a label to what is next to it
_GAP: Final = 34.0  # from layer to layer, where edges run straight down
_HALF_GAP: Final = 19.0  # and from layer to label
_STEEP: Final = 0.08  # of the way that the edges go sideways is added to the gap
_WIDEST_GAP: Final = 64.0
_SLANT: Final = 0.9  # the most by which an edge is slanted where it passes between labels
_LIGHT: Final = 0.05  # how little a box follows what is there for it alone
_PORTS: Final = 18.0  # between the ends of two edges at the same box


class Arrow(NamedTuple):
    """An edge to be placed, by the positions of its ends in the list of boxes; `label` is its label's size, if any.

    >>> Arrow(0, 1).label is None
    True
    """

    source: int
    target: int
    label: tuple[float, float] | None = None


class Route(NamedTuple):
    """The way of an edge, from the source down to the target: points (x, y, slope), and the middle of its label.

    The slope is how far the edge goes sideways for each step down, where it passes the point.

    >>> Route(((0.0, 0.0, 0.0), (5.0, 9.0, 0.0)), None).label is None
    True
    """

    points: tuple[tuple[float, float, float], ...]
    label: tuple[float, float] | None


class Placed(NamedTuple):
    """The middles of the boxes, the routes of the edges, and the width and height of it all.

    >>> place([(40.0, 20.0)], []).boxes
    ((20.0, 10.0),)
    """

    boxes: tuple[tuple[float, float], ...]
    routes: tuple[Route, ...]
    width: float
    height: float


def place(sizes: Sequence[tuple[float, float]], arrows: Sequence[Arrow]) -> Placed:
    """The places of boxes of these sizes; each arrow goes from an earlier box to a later one, no two the same way.

    >>> placed = place([(40.0, 20.0), (40.0, 20.0), (40.0, 20.0)], [Arrow(0, 2), Arrow(1, 2)])
    >>> [round(x) for x, _ in placed.boxes]
    [20, 82, 51]
    """
    labelled = any(arrow.label is not None for arrow in arrows)
    layers = _layers(len(sizes), arrows)
    boxes = [Joint(2 * layer if labelled else layer, size, True) for layer, size in zip(layers, sizes, strict=True)]
    paths = _paths(boxes, arrows)
    for box in boxes:
        box.light = not box.above and len(box.below) == 1
    for (source, _, _), path in zip(arrows, paths, strict=True):
        for joint in path:
            joint.light = boxes[source].light
    ranks = ordered(boxes)
    _coordinates(ranks)
    _straighten(ranks, paths)
    left = min((joint.x - joint.width / 2 for rank in ranks for joint in rank), default=0.0)
    for rank in ranks:
        for joint in rank:
            joint.x -= left
    tops, bottoms = _heights(ranks, _HALF_GAP if labelled else _GAP)
    middles = tuple((box.x, (tops[box.rank] + bottoms[box.rank]) / 2) for box in boxes)
    width = max((joint.x + joint.width / 2 for rank in ranks for joint in rank), default=0.0)
    return Placed(middles, _routes(boxes, arrows, paths, tops, bottoms), width, bottoms[-1] if bottoms else 0.0)


def _layers(count: int, arrows: Sequence[Arrow]) -> list[int]:
    """The layer of every box: as high as its arguments allow, or right above its first user where that costs nothing.

    It costs nothing where a box and all that it is made of serve that user alone, and little where only what has no
    arguments is used elsewhere.
    """
    above: list[list[int]] = [[] for _ in range(count)]
    below: list[list[int]] = [[] for _ in range(count)]
    for source, target, _ in arrows:
        above[target].append(source)
        below[source].append(target)
    layers: list[int] = []
    free: list[bool] = []
    cheap: list[bool] = []
    for box in range(count):
        layers.append(1 + max((layers[source] for source in above[box]), default=-1))
        alone = [source for source in above[box] if len(below[source]) == 1]
        free.append(len(alone) == len(above[box]) and all(free[source] for source in alone))
        cheap.append(all(not above[source] or (len(below[source]) == 1 and cheap[source]) for source in above[box]))
    for box in range(count - 1, -1, -1):
        if below[box]:
            lowest = min(layers[target] for target in below[box]) - 1
            if free[box] or not above[box] or (cheap[box] and lowest - layers[box] >= _FAR):
                layers[box] = lowest
    highest = min(layers, default=0)
    return [layer - highest for layer in layers]


def _paths(boxes: Sequence[Joint], arrows: Sequence[Arrow]) -> list[list[Joint]]:
    """The joints of every arrow between its ends; joints and boxes learn their neighbours."""
    trunks: dict[tuple[int, int], Joint] = {}
    paths: list[list[Joint]] = []
    for source, target, label in arrows:
        before, end = boxes[source], boxes[target]
        path: list[Joint] = []
        for rank in range(before.rank + 1, end.rank):
            own = label is not None and rank == end.rank - 1
            joint = None if own else trunks.get((source, rank))
            if joint is None:
                joint = Joint(rank, label if own else None)
                join(before, joint)
                if not own:
                    trunks[source, rank] = joint
            path.append(joint)
            before = joint
        join(before, end)
        paths.append(path)
    return paths


def _coordinates(ranks: Sequence[Sequence[Joint]]) -> None:
    """Give every joint its place from left to right: near those above and below it, apart from those beside it."""
    distances = [_distances(rank) for rank in ranks]
    for rank, distance in zip(ranks, distances, strict=True):
        for joint, x in zip(rank, distance, strict=True):
            joint.x = x - distance[-1] / 2
    order = list(range(len(ranks)))
    for sweep in range(2 * _SWEEPS):
        both = sweep >= _SWEEPS
        for number in order if sweep % 2 else reversed(order):
            rank = ranks[number]
            wishes = [_wish(joint, both or sweep % 2 == 1, both or sweep % 2 == 0) for joint in rank]
            for joint, x in zip(rank, _apart(wishes, distances[number]), strict=True):
                joint.x = x


def _distances(rank: Sequence[Joint]) -> list[float]:
    """How far right of the first joint each one has to stand at least."""
    places = [0.0]
    for left, right in pairwise(rank):
        space = _BETWEEN if left.fixed and right.fixed else _BESIDE
        places.append(places[-1] + (left.width + right.width) / 2 + space)
    return places[: len(rank)]


def _wish(joint: Joint, above: bool, below: bool) -> tuple[float, float]:
    """Where a joint would like to stand, and how much: joints of a long edge insist on standing straight."""
    total = weight = 0.0
    for neighbours in (joint.above if above else (), joint.below if below else ()):
        for other in neighbours:
            stiffness = 1.0 if joint.fixed and other.fixed else 2.0 if joint.fixed or other.fixed else 8.0
            if other.light:
                stiffness *= _LIGHT
            total += stiffness * other.x
            weight += stiffness
    if not weight:
        return joint.x, _LIGHT * _LIGHT
    return total / weight, weight * _LIGHT if joint.light else weight


def _apart(wishes: Sequence[tuple[float, float]], distances: Sequence[float]) -> list[float]:
    """The places nearest to what is wished, by weighted squares, that keep their distances."""
    pools: list[tuple[float, float, int]] = []  # where a pool stands less its distance, its weight, how many it holds
    for (wish, weight), distance in zip(wishes, distances, strict=True):
        place, size = wish - distance, 1
        while pools and pools[-1][0] > place:
            other, heavier, more = pools.pop()
            place = (place * weight + other * heavier) / (weight + heavier)
            weight += heavier
            size += more
        pools.append((place, weight, size))
    places = [place for place, _, size in pools for _ in range(size)]
    return [place + distance for place, distance in zip(places, distances, strict=True)]


def _straighten(ranks: Sequence[Sequence[Joint]], paths: Sequence[Sequence[Joint]]) -> None:
    """Let every long edge run straight down for as long as its neighbours leave it room."""
    for path in sorted(paths, key=len, reverse=True):
        run: list[Joint] = []
        low, high = -math.inf, math.inf
        for joint in (*path, None):
            if joint is not None:
                left, right = _room(ranks[joint.rank], joint)
                if max(low, left) <= min(high, right):
                    run.append(joint)
                    low, high = max(low, left), min(high, right)
                    continue
            middle = sorted(other.x for other in run)[len(run) // 2] if run else 0.0
            for other in run:
                other.x = min(max(middle, low), high)
            if joint is not None:
                run = [joint]
                low, high = left, right


def _room(rank: Sequence[Joint], joint: Joint) -> tuple[float, float]:
    """How far a joint can go to the left and to the right."""
    left, right = -math.inf, math.inf
    if joint.position:
        other = rank[joint.position - 1]
        left = other.x + (other.width + joint.width) / 2 + _BESIDE
    if joint.position + 1 < len(rank):
        other = rank[joint.position + 1]
        right = other.x - (other.width + joint.width) / 2 - _BESIDE
    return min(left, joint.x), max(right, joint.x)


def _heights(ranks: Sequence[Sequence[Joint]], least: float) -> tuple[list[float], list[float]]:
    """Where every rank begins and ends from top to bottom."""
    tops: list[float] = []
    bottoms: list[float] = []
    for number, rank in enumerate(ranks):
        gap = 0.0
        if number:
            sideways = max((abs(upper.x - joint.x) for joint in rank for upper in joint.above), default=0.0)
            gap = min(_WIDEST_GAP, least + _STEEP * sideways)
        tops.append((bottoms[-1] if bottoms else 0.0) + gap)
        bottoms.append(tops[-1] + max((joint.height for joint in rank), default=0.0))
    return tops, bottoms


def _routes(
    boxes: Sequence[Joint],
    arrows: Sequence[Arrow],
    paths: Sequence[Sequence[Joint]],
    tops: Sequence[float],
    bottoms: Sequence[float],
) -> tuple[Route, ...]:
    leaving = [_ports(box, box.below) for box in boxes]
    arriving = [_ports(box, box.above) for box in boxes]
    middle = [(top + bottom) / 2 for top, bottom in zip(tops, bottoms, strict=True)]
    between = [True] * len(tops)  # ranks of labels, where no box is in the way
    for box in boxes:
        between[box.rank] = False
    routes = []
    for (source, target, label), path in zip(arrows, paths, strict=True):
        first, last = (path[0], path[-1]) if path else (boxes[target], boxes[source])
        start, end = boxes[source], boxes[target]
        points = [(leaving[source][first], middle[start.rank] + start.height / 2)]
        for joint in path:
            heights = (middle[joint.rank],) if between[joint.rank] else (tops[joint.rank], bottoms[joint.rank])
            points += [(joint.x, height) for height in heights]
        points.append((arriving[target][last], middle[end.rank] - end.height / 2))
        place = (last.x, middle[last.rank]) if label is not None else None
        routes.append(Route(tuple(_slanted(points, {middle[joint.rank] for joint in path})), place))
    return tuple(routes)


def _ports(box: Joint, neighbours: Sequence[Joint]) -> dict[Joint, float]:
    """Where the edges of a box touch it, side by side in the order of where they come from."""
    ordered = sorted(neighbours, key=lambda joint: joint.x)
    step = min(_PORTS, 0.7 * box.width / max(1, len(ordered)))
    return {joint: box.x + (number - (len(ordered) - 1) / 2) * step for number, joint in enumerate(ordered)}


def _slanted(points: Sequence[tuple[float, float]], free: Collection[float]) -> list[tuple[float, float, float]]:
    """The points with their slopes: none at boxes, and where the edge is free as much as it needs to go on smoothly."""
    slanted = []
    for number, (x, y) in enumerate(points):
        slope = 0.0
        if y in free and 0 < number < len(points) - 1:
            (left, above), (right, below) = points[number - 1], points[number + 1]
            before, after = (x - left) / (y - above), (right - x) / (below - y)
            if before * after > 0:
                slope = math.copysign(min(abs(before), abs(after), _SLANT), before)
        slanted.append((x, y, slope))
    return slanted
