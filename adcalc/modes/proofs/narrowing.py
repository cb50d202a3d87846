"""The range of a function over a box, as narrow as some work makes it.

Of one box three things are known: the range that the plain sweep finds; that of the centred form, f(m) + ∇f(X)·(X - m),
whose excess shrinks with the square of the box (Moore 1966); and where a slope has one sign, the end at which the least
and the greatest value lie. What all of them hold is taken. Then the box is cut in two where its range reaches farthest,
again and again, until that changes little or the work is done. A box for which there is no answer is cut in the same
way: it may only have been too large.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

from flint import fmpq

from adcalc.arithmetics import interval
from adcalc.arithmetics.exact import ball
from adcalc.arithmetics.interval import Interval, common, hull, point
from adcalc.graph.node import NodeId
from adcalc.modes.proofs.boxes import BoxError, Swept, slopes

Box: TypeAlias = Mapping[NodeId, Interval]
Sweep: TypeAlias = Callable[[Box], Swept]  # raises BoxError

ZERO: Final = point(interval.ZERO)
_WORK: Final = 20_000  # operations over a box: what a box costs is about ten times as much
_MOST: Final = 128  # boxes that are looked at
_FINE: Final = 1 / 1024  # of the range: what is nearer to a value that is taken is left
_DEEPEST: Final = 24  # cuts of boxes for which there is no answer


class Piece(NamedTuple):
    """A box, the range over it, and the slopes by its wide inputs (None: they were not found).

    The least value over it is at most `below`, the greatest at least `above`: such values are taken.
    """

    box: Box
    range: Interval
    slopes: Mapping[NodeId, Interval] | None
    below: Any
    above: Any

    @property
    def is_wide(self) -> bool:
        """Whether it can be cut."""
        return bool(_wide(self.box))


def cover(sweep: Sweep, box: Box, wrt: Sequence[NodeId] | None = None) -> list[Piece]:
    """Boxes that make up a box, with what is known of each.

    With `wrt` the slopes are by these inputs, and have to be found. Raises BoxError where there is no answer for a box.
    """
    done: list[Piece] = []
    waiting = [box]
    cuts = 0
    while waiting:
        one = waiting.pop()
        try:
            done.append(_piece(sweep, one, wrt))
        except BoxError as error:
            if error.kind != "outside":
                _refuse_outside(sweep, one)
            if cuts >= _DEEPEST or error.kind in ("outside", "no_rule", "solution") or not _wide(one):
                raise _about(error, one, box) from None
            cuts += 1
            waiting.extend(reversed(_cut(one, _widest(one, None))))
    return done


def narrowed(sweep: Sweep, box: Box, operations: int, parts: int = 1) -> Interval:
    """The range over a box, one of so many parts, for so many operations a sweep.

    Raises BoxError where there is no answer for it.
    """
    pieces = cover(sweep, box)
    room = min(_MOST, _WORK // max(1, operations)) // parts
    while len(pieces) < room:
        low, high = _outermost(pieces, True), _outermost(pieces, False)
        least_taken = min(_float(one.below) for one in pieces)
        greatest_taken = max(_float(one.above) for one in pieces)
        width = _float(high.range.high) - _float(low.range.low)
        gaps = (least_taken - _float(low.range.low), _float(high.range.high) - greatest_taken)
        worst = low if gaps[0] >= gaps[1] else high
        if max(gaps) <= width * _FINE or not _wide(worst.box):
            break
        try:
            found = [_piece(sweep, half, None) for half in halves(worst)]
        except BoxError:
            break  # balls may know less of a part than of the whole
        pieces = [one for one in pieces if one is not worst]
        pieces += [one._replace(range=common(one.range, worst.range)) for one in found]
    whole = pieces[0].range
    for one in pieces[1:]:
        whole = hull(whole, one.range)
    return whole


def _piece(sweep: Sweep, box: Box, wrt: Sequence[NodeId] | None) -> Piece:
    swept = sweep(box)
    plain = swept.tape.value
    wide = _wide(box)
    known = _slopes(swept, wide, wrt)
    if not wide:
        return Piece(box, plain, known, plain.high, plain.low)
    middle = {node: point(_middle(one)) if node in wide else one for node, one in box.items()}
    inside = sweep(middle).tape.value
    if known is None or (wrt is not None and not known.keys() >= set(wide)):
        return Piece(box, plain, known, inside.high, inside.low)
    moved = inside
    for node in wide:
        moved = moved + known[node] * (box[node] - middle[node])
    found = common(plain, moved)
    rising = {node: bool(known[node].low >= 0) for node in wide if _has_sign(known[node])}
    if not rising:
        return Piece(box, found, known, inside.high, inside.low)
    first = {node: point(box[node].low if rises else box[node].high) for node, rises in rising.items()}
    last = {node: point(box[node].high if rises else box[node].low) for node, rises in rising.items()}
    lowest, highest = (sweep({**box, **ends}).tape.value for ends in (first, last))
    found = common(found, Interval(lowest.low, highest.high))
    if len(rising) == len(wide):
        return Piece(box, found, known, lowest.high, highest.low)
    return Piece(box, found, known, inside.high, inside.low)


def _slopes(swept: Swept, wide: Sequence[NodeId], wrt: Sequence[NodeId] | None) -> dict[NodeId, Interval] | None:
    """The slopes by the wide inputs, where there are any; those of `wrt` have to be there."""
    asked = list(dict.fromkeys((*wide, *(wrt or ()))))
    try:
        every = slopes(swept, asked)
    except BoxError:
        if wrt is None:
            return None
        asked = list(wrt)
        every = slopes(swept, asked)  # it may be another input along which it jumps
    return {node: ZERO if one is None else one for node, one in zip(asked, every, strict=True)}


def _has_sign(slope: Interval) -> bool:
    return bool(slope.low >= 0 or slope.high <= 0)


def _middle(one: Interval) -> Any:
    """A number in the middle of an interval, exactly known."""
    if isinstance(one.low, fmpq) and isinstance(one.high, fmpq):
        return (one.low + one.high) / 2
    return ((ball(one.low) + ball(one.high)) / 2).mid()


def halves(one: Piece) -> list[Box]:
    """The halves of a box, along the input with which the value changes most."""
    return _cut(one.box, _widest(one.box, one.slopes))


def _wide(box: Box) -> list[NodeId]:
    return [node for node, one in box.items() if not one.is_point]


def _widest(box: Box, known: Mapping[NodeId, Interval] | None) -> NodeId:
    """The input along which the value changes most, as far as slopes say; else the widest one."""
    wide = _wide(box)
    if known is None or not known.keys() >= set(wide):
        return max(wide, key=lambda node: float(box[node].apart))
    return max(wide, key=lambda node: float(box[node].apart) * _size(known[node]))


def _size(slope: Interval) -> float:
    return max(abs(_float(slope.low)), abs(_float(slope.high)))


def _float(number: Any) -> float:
    return float(ball(number))


def _cut(box: Box, node: NodeId) -> list[Box]:
    one, middle = box[node], _middle(box[node])
    return [{**box, node: Interval(one.low, middle)}, {**box, node: Interval(middle, one.high)}]


def _outermost(pieces: list[Piece], below: bool) -> Piece:
    if below:
        return min(pieces, key=lambda one: _float(one.range.low))
    return max(pieces, key=lambda one: _float(one.range.high))


def _refuse_outside(sweep: Sweep, box: Box) -> None:
    """Raise BoxError where there is certainly no value in the middle of a box."""
    middle = {node: point(_middle(one)) for node, one in box.items()}
    try:
        sweep(middle)
    except BoxError as error:
        if error.kind == "outside":
            error.box = middle
            raise


def _about(error: BoxError, box: Box, whole: Box) -> BoxError:
    if error.box is None and box is not whole:
        error.box = box
    return error
