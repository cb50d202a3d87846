"""A glance at a tape: whether digits may have been lost on it at all. It may see too much, and never too little.

Nearly all tapes are in order, and to find that out must cost next to nothing. A graph that is asked for the first time
is looked at as it stands, in one pass and with nothing made ready. One that is asked again and again has its places
(places.py) written out as one comparison: quotients of which the longest side is short enough.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from adcalc.graph.graph import Graph
from adcalc.graph.node import CONSTANT, INPUT, Node, NodeId
from adcalc.modes import places
from adcalc.modes.places import KINDS, NEAR, POLES, QUARTER, STEEP, STEPS, SUMS, TIE, TURNED, TURNS, Places
from adcalc.rules.made import made

LOST: Final = 1e6  # what rounding is multiplied by on a path of many sums
_ACUTE: Final = TURNED * QUARTER
_WIDE: Final = 1e60  # the square of a number beyond which products may leave the range of floating point
_NARROW: Final = 1e-60
_SURE: Final = 1e-4  # the square of a sine further from 0 and 1 loses no digits, if the angle is no large one
_ARGS: Final = 500  # of one call
_CLOSE: Final = 1.01  # rounding in the comparison itself

Sees: TypeAlias = Callable[[Sequence[Any]], bool]
_Look: TypeAlias = Callable[..., bool]


def is_lost_angle(value: float, angle: float, turn: float) -> bool:
    """Whether an angle is so near to a multiple of a turn that a function of it, which has a value, loses digits there.

    So it is with an argument of the gamma function near one of its poles, for which the turn is 1.

    >>> from math import pi, sin
    >>> is_lost_angle(sin(4.0), 4.0, pi / 2), is_lost_angle(sin(pi), pi, pi / 2)
    (False, True)
    """
    if -TURNED * turn < angle < TURNED * turn or (_SURE < value * value < 1.0 - _SURE and -STEEP < angle < STEEP):
        return False
    if turn == POLES and angle > 0.0:
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
    return not _NARROW < value * value < _WIDE and value != 0.0


def has_left(value: float, base: float) -> bool:
    """Whether a function may have left the range of floating point, though its argument has not.

    >>> has_left(0.0, -800.0), has_left(0.0, 0.0)
    (True, False)
    """
    return not _NARROW < value * value < _WIDE and base != 0.0


def sees(graph: Graph, order: Sequence[NodeId], values: Sequence[Any], small: float, follow: bool = True) -> bool:
    """Whether digits may have been lost on a tape, or the range of floating point been left.

    `small` is how much smaller than an operand a sum is that has lost digits; with `follow` small losses multiply.

    >>> from adcalc.api import function
    >>> graph = function("1 - cos(x)").lowered().graph
    >>> sees(graph, range(4), [1.0, 1.0, 0.54, 0.46], 1e-3), sees(graph, range(4), [1.0, 1e-5, 1.0, 5e-11], 1e-3)
    (False, True)
    """
    nodes, looks, small = graph.nodes, _LOOKS, small * _CLOSE
    before: dict[NodeId, float] = {}  # the largest of a row of sums, where it is larger than its end
    product = 1.0
    for node in order:
        op, args, label = nodes[node]
        if op in looks:
            look = looks[op]
            if look is _is_lost_quarter:  # the two that are met most are looked at here, which is quicker
                if not -_ACUTE < (angle := values[args[0]]) < _ACUTE and is_lost_angle(values[node], angle, QUARTER):
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
            value, size = abs(values[node]), abs(values[left])
            largest = before[left] if left in before and before[left] > size else size
            if not largest < value:
                before[node] = largest
                if largest and not small * largest < value:
                    if _is_exact(nodes, left, right):
                        continue
                    return True
            if follow:
                other = abs(values[right])
                if size > value or other > value:
                    product *= (size if size > other else other) / value
        elif (
            not args and not _NARROW < (value := values[node]) * value < _WIDE and (value or (op == CONSTANT and label))
        ):
            return True  # of a constant that is no float, too
    return not product < LOST


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
        return has_left
    found: list[_Look] = []
    if kind & places.IS_SOURCE:
        found.append(lambda value, *args: has_left(value, args[0]))
    for one, turn in TURNS.items():
        if kind & one:
            found.append(lambda value, *args, turn=turn: is_lost_angle(value, args[-1], turn))
    if kind & places.HAS_ZEROS:
        found.append(lambda value, *args: -NEAR < value < NEAR)
    if kind & places.HAS_ONES:
        found.append(lambda value, *args: is_one(args[-1]))
    if kind & places.IS_BRANCH:
        found.append(lambda value, *args: is_branch(args[-1]))
    return found[0] if len(found) == 1 else lambda *given: any(look(*given) for look in found)


_LOOKS: Final[dict[str, _Look | None]] = {op: _look(kind, op) for op, kind in KINDS.items()} | dict.fromkeys(SUMS)


def written(found: Places, small: float, follow: bool) -> Sees:
    """The places of a graph as one function that sees what `sees` does of a tape's values, and less that is in order.

    >>> graph = Graph()
    >>> x, y = graph.input("x"), graph.input("y")
    >>> output = graph.apply("sub", graph.apply("exp", x), y)
    >>> see = written(Places.over(graph, graph.live(output)), 1e-3, False)
    >>> see([0.5, 1.0, 1.65, 0.65]), see([1e-9, 1.0, 1.000000001, 1e-9])
    (False, True)
    """
    tests = conditions(found, small, follow, "v[{}]".format)
    lines = ["def sees(v):", " p = 1.0", " try:", f"  return not ({' and '.join(tests) or 'True'})"]
    source = "\n".join([*lines, " except ZeroDivisionError:", "  return True"])
    see: Sees = made(source, "sees", dict(SPACE))
    return see


def conditions(found: Places, small: float, follow: bool, name: Callable[[NodeId], str]) -> list[str]:
    """Texts that are all true where no digits are lost, of the values of the nodes by their names.

    What else they name is in `SPACE`; where small losses are followed they multiply in `p`, which is 1 before.
    They raise ZeroDivisionError where a sum is 0.

    >>> conditions(Places(sums=[(2, 0)]), 1e-3, False, "x{}".format)
    ['hypot(x0/x2) < 1000.0']
    """
    if found.wide:
        return ["False"]
    large = f"{1.0 / small!r}"
    ratios = [f"{name(operand)}/{name(node)}" for node, operand in found.sums]
    rows = [(name(node), f"hypot({', '.join(map(name, row))})") for node, row in found.rows]
    if follow:
        tests = [
            f"(0.0 <= (r := {ratio}) <= 1.0 or (p := p * (r if r > 1.0 else 1.0 - r)) < {large})"  # of the larger one
            for ratio in ratios
        ]
        tests += [f"((r := {size}/abs({node})) <= 1.0 or (p := p * r) < {large})" for node, size in rows]
    else:
        tests = [f"{size} < {large}*abs({node})" for node, size in rows]
        tests += [f"hypot({', '.join(ratios[one : one + _ARGS])}) < {large}" for one in range(0, len(ratios), _ARGS)]
    for node, angle, turn in found.angles:
        value, argument, acute = name(node), name(angle), TURNED * turn
        sure = f"{_SURE!r} < {value}*{value} < {1.0 - _SURE!r} and {-STEEP!r} < {argument} < {STEEP!r}"
        lost = f"lost_angle({value}, {argument}, {turn!r})"
        tests.append(f"({-acute!r} < {argument} < {acute!r} or {sure} or not {lost})")
    tests += [f"not {-NEAR!r} < {name(node)} < {NEAR!r}" for node in found.zeros]
    tests += [f"not one({name(argument)})" for _, argument in found.ones]
    tests += [f"not branch({name(argument)})" for _, argument in found.branches]
    tests += [f"not tie({name(left)}, {name(right)})" for _, left, right in found.edges]
    tests += [f"not step({', '.join(map(name, args))})" for _, args in found.steps]
    tests += [f"-{STEEP!r} < {name(exponent)} < {STEEP!r}" for _, exponent in found.powers]
    sizes = [*found.sources, *((node, node) for node in found.inputs)]
    tests += [f"({_NARROW!r} < {name(node)}*{name(node)} < {_WIDE!r} or not {name(base)})" for node, base in sizes]
    return tests


SPACE: Final[Mapping[str, Any]] = {
    "hypot": math.hypot,
    "lost_angle": is_lost_angle,
    "one": is_one,
    "branch": is_branch,
    "tie": is_tie,
    "step": is_step,
}
