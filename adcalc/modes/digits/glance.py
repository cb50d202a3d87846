"""A glance at a tape: whether digits may have been lost on it at all. It may see too much, and never too little.

Nearly all tapes are in order, and to find that out must cost next to nothing. A graph that is asked for the first time
is looked at as it stands, in one pass and with nothing made ready; one that is asked again has its places written out
(looks.py).
"""

import math
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

from adcalc.graph.graph import Graph
from adcalc.graph.node import CONSTANT, INPUT, Node, NodeId
from adcalc.modes.digits import places
from adcalc.modes.digits.places import KINDS, NEAR, POLES, QUARTER, STEEP, STEPS, SUMS, TIE, TURNED, TURNS, WAVES

LOST: Final = 1e6  # what rounding is multiplied by on a path of many sums
_ACUTE: Final = TURNED * QUARTER
WIDE: Final = 1e60  # the square of a number beyond which products may leave the range of floating point
NARROW: Final = 1e-60
SURE: Final = (
    4.0 * NEAR * STEEP
) ** 2  # the square of a sine further from 0 and 1 loses no digits, up to such an angle
NEARBY: Final = 100.0  # the square of an argument up to which waves lose digits at their zeros alone
_FAR: Final = 1e8  # an argument beyond which rounding leaves nothing of a phase
_CLOSE: Final = 1.01  # rounding in the comparison itself


_Look: TypeAlias = Callable[..., bool]


def is_lost_angle(value: float, angle: float, turn: float) -> bool:
    """Whether an angle is so near to a multiple of a turn that a function of it, which has a value, loses digits there.

    So it is with an argument of the gamma function near one of its poles, for which the turn is 1.

    >>> from math import pi, sin
    >>> is_lost_angle(sin(4.0), 4.0, pi / 2), is_lost_angle(sin(pi), pi, pi / 2)
    (False, True)
    """
    if -TURNED * turn < angle < TURNED * turn:
        return False
    if turn == POLES:
        if angle > 0.0:
            return False
    elif SURE < value * value < 1.0 - SURE and -STEEP < angle < STEEP:
        return False
    try:
        return abs(math.remainder(angle, turn)) < NEAR * abs(angle)
    except ValueError:
        return True


def is_one(number: float) -> bool:
    """Whether a number is nearly 1 or -1.

    >>> is_one(-0.9999999), is_one(0.9)
    (True, False)
    """
    return -NEAR < abs(number) - 1.0 < NEAR


def is_branch(number: float) -> bool:
    """Whether a number is nearly -1/e, where the slope of Lambert's function is infinite.

    >>> is_branch(-0.3678794), is_branch(-0.3)
    (True, False)
    """
    return -NEAR < number * math.e + 1.0 < NEAR


def is_lost_wave(value: float, argument: float, power: float) -> bool:
    """Whether a function that swings about 0 is so near to it that rounding of its argument shows.

    >>> is_lost_wave(0.01, 1e3, 1.0), is_lost_wave(0.001, 1e6, 1.0)
    (False, True)
    """
    if argument * argument < NEARBY or (argument > 0.0 and power > 1.0):
        return False  # all but Bessel's swing below 0
    return abs(argument) > _FAR or value * value < NEAR * NEAR * abs(argument) ** power


def is_tie(left: float, right: float) -> bool:
    """Whether two numbers are the same to rounding.

    >>> is_tie(0.3, 0.1 + 0.2), is_tie(0.3, 0.30001)
    (True, False)
    """
    return abs(left - right) < TIE * abs(left)


def is_step(number: float, step: float = 1.0) -> bool:
    """Whether a number is so near to a whole number of steps, and a half, that rounding may have put it there.

    >>> is_step(0.3, 0.1), is_step(0.31, 0.1)
    (True, False)
    """
    twice = 2.0 * number / step
    return abs(twice) < 1.0 / NEAR and abs(twice - round(twice)) < TIE * abs(twice)


def is_wide(value: float) -> bool:
    """Whether a number is so large or small that products of it may leave the range of floating point.

    >>> is_wide(1e-31), is_wide(0.0)
    (True, False)
    """
    return not NARROW < value * value < WIDE and value != 0.0


def has_left(value: float, base: float) -> bool:
    """Whether a function may have left the range of floating point, though its argument has not.

    >>> has_left(0.0, -800.0), has_left(0.0, 0.0)
    (True, False)
    """
    return not NARROW < value * value < WIDE and base != 0.0


def sees(graph: Graph, order: Sequence[NodeId], values: Sequence[Any], small: float, follow: bool = True) -> bool:
    """Whether digits may have been lost on a tape, or the range of floating point been left.

    `small` is how much smaller than an operand a sum is that has lost digits; with `follow` small losses multiply.

    >>> from adcalc.api import function
    >>> graph = function("1 - cos(x)").lowered().graph
    >>> sees(graph, range(4), [1.0, 1.0, 0.54, 0.46], 1e-3), sees(graph, range(4), [1.0, 1e-5, 1.0, 5e-11], 1e-3)
    (False, True)
    """
    found = _seen(graph, order, values, small * _CLOSE, follow)
    return _seen(graph, order, values, small * _CLOSE, False) is not False if found is None else found


def _seen(graph: Graph, order: Sequence[NodeId], values: Sequence[Any], small: float, follow: bool) -> bool | None:
    """What is seen; None where small losses are followed, and only rows of sums are left to look at."""
    nodes, looks, large = graph.nodes, _LOOKS, 1.0 / small
    before: dict[NodeId, float] = {}  # the largest of a row of sums, where it is larger than its end
    product = 1.0
    for node in order:
        op, args, label = nodes[node]
        if op in looks:
            look = looks[op]
            if look is _is_lost_quarter:  # the two that are met most are looked at here, which is quicker
                angle = values[args[0]]
                if not -_ACUTE < angle < _ACUTE:
                    value = values[node]
                    sure = SURE < value * value < 1.0 - SURE and -STEEP < angle < STEEP
                    if not sure and is_lost_angle(value, angle, QUARTER):
                        return True
                continue
            if look is not None:
                if look(values[node], *[values[argument] for argument in args]):
                    if (
                        op == "pow"
                        and nodes[args[1]].op == CONSTANT
                        and _is_plain_power(values[args[0]], values[args[1]])
                    ):
                        continue
                    return True
                continue
            left, right = args
            value = values[node]
            if value and 0.0 <= values[right] / value <= 1.0 and (follow or left not in before):
                continue  # both have one sign
            if follow:  # a row of sums loses no more than all of them do, one after the other
                ratio = values[right] / value if value else math.inf
                loss = ratio if ratio > 1.0 else 1.0 - ratio  # of the larger operand
                if loss < large:
                    product *= loss
                elif not _is_exact(nodes, left, right) and (value or values[right]):
                    return True
                continue
            value, size = abs(value), abs(values[left])
            largest = before[left] if left in before and before[left] > size else size
            if not largest < value:
                before[node] = largest
                if largest and not small * largest < value and not _is_exact(nodes, left, right):
                    return True
        elif not args and not NARROW < (value := values[node]) * value < WIDE and (value or (op == CONSTANT and label)):
            return True  # of a constant that is no float, too
    if product < large or not follow:
        return False
    return None if product < LOST else True


def _is_exact(nodes: Sequence[Node], left: NodeId, right: NodeId) -> bool:
    """Whether two numbers are the same, or inputs: their difference is right, however small it is."""
    return left == right or nodes[left].op == nodes[right].op == INPUT


def _is_plain_power(base: float, power: float) -> bool:
    """Whether a power of nearly 1 with a constant exponent loses nothing: nobody asks for its slope by the exponent."""
    return is_one(base) and -STEEP < power < STEEP


def _is_lost_quarter(value: float, angle: float) -> bool:
    return is_lost_angle(value, angle, QUARTER)


def _look(kind: int, op: str) -> _Look:
    """How to look at the value of an operation of some kinds, and at its arguments."""
    if kind == places.IS_ANGLE:
        return _is_lost_quarter
    if op == "pow":
        return lambda value, base, power: not -STEEP < power < STEEP or has_left(value, base) or is_one(base)
    if op == "mod":
        return lambda value, left, right: not 1e-3 * abs(left) < abs(value) or is_step(left, right)
    if kind == places.IS_EDGE:
        look = is_step if op in STEPS else is_tie
        return lambda value, *args: look(*args)
    if kind == places.IS_SOURCE:
        return lambda value, *args: has_left(value, args[-1])
    found: list[_Look] = []
    if kind & places.IS_SOURCE:
        found.append(lambda value, *args: has_left(value, args[-1]))
    for one, turn in TURNS.items():
        if kind & one:
            found.append(lambda value, *args, turn=turn: is_lost_angle(value, args[-1], turn))
    if kind & places.HAS_ZEROS:
        found.append(lambda value, *args: -NEAR < value < NEAR)
    if kind & places.IS_WAVE:
        found.append(lambda value, *args, power=WAVES[op]: is_lost_wave(value, args[-1], power))
    if kind & places.HAS_ONES:
        found.append(lambda value, *args: is_one(args[-1]))
    if kind & places.IS_BRANCH:
        found.append(lambda value, *args: is_branch(args[-1]))
    return found[0] if len(found) == 1 else lambda *given: any(look(*given) for look in found)


_LOOKS: Final[dict[str, _Look | None]] = {op: _look(kind, op) for op, kind in KINDS.items()} | dict.fromkeys(SUMS)
