"""The places of a graph where digits may be lost, looked at by Python that is made for them.

It is a comparison or two for each place; sums are looked at together, as the length of their quotients. The texts speak
of values by the names that a caller has for them.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

from adcalc.graph.node import NodeId
from adcalc.modes.digits.glance import (
    LOST,
    NARROW,
    NEARBY,
    SURE,
    WIDE,
    is_branch,
    is_lost_angle,
    is_lost_wave,
    is_one,
    is_step,
    is_tie,
)
from adcalc.modes.digits.places import NEAR, POLES, STEEP, TURNED, Places
from adcalc.rules.made import made

_ARGS: Final = 500  # of one call

Sees: TypeAlias = Callable[[Sequence[Any]], bool]
Name: TypeAlias = Callable[[NodeId], str]


class Sum(NamedTuple):
    """Texts of the value of a sum, and of how large it would be if nothing were lost."""

    total: str
    size: str


def written(found: Places, small: float, follow: bool) -> Sees:
    """The places of a graph as one function that sees what a glance does of a tape's values, and less that is in order.

    >>> from adcalc.graph.graph import Graph
    >>> graph = Graph()
    >>> x, y = graph.input("x"), graph.input("y")
    >>> output = graph.apply("sub", graph.apply("exp", x), y)
    >>> see = written(Places.over(graph, graph.live(output)), 1e-3, False)
    >>> see([0.5, 1.0, 1.65, 0.65]), see([1e-9, 1.0, 1.000000001, 1e-9])
    (False, True)
    """
    name = "v[{}]".format
    tests = undisturbed(found, name)
    lines = [*kept(sums(found, name), small, follow), f"return not (kept{''.join(f' and {test}' for test in tests)})"]
    see: Sees = made("\n ".join(["def sees(v):", *lines]), "sees", dict(SPACE))
    return see


def sums(found: Places, name: Name) -> list[Sum]:
    """The sums to look at, as texts of the values of the nodes by their names.

    >>> sums(Places(sums=[(2, 0)], rows=[(7, (3, 4))]), "x{}".format)
    [Sum(total='x2', size='x0'), Sum(total='x7', size='hypot(x3, x4)')]
    """
    rows = [Sum(name(node), size_of(list(map(name, row)))) for node, row in found.rows]
    return [Sum(name(node), name(operand)) for node, operand in found.sums] + rows


def size_of(terms: Sequence[str]) -> str:
    """A text of the size of what some terms are together.

    >>> size_of(["x3", "x4"])
    'hypot(x3, x4)'
    """
    parts = [f"hypot({', '.join(terms[one : one + _ARGS])})" for one in range(0, len(terms), _ARGS)]
    return parts[0] if len(parts) == 1 else f"hypot({', '.join(parts)})"


def kept(sums: Sequence[Sum], small: float, follow: bool) -> list[str]:
    """Lines that say in `kept` whether no sum is so small beside its operand; with `follow`, nor all together.

    What else they name is in `SPACE`.

    >>> kept([], 1e-3, False)
    ['kept = True']
    """
    if not sums:
        return ["kept = True"]
    large = 1.0 / small
    # a sum is smaller than its larger operand by a factor of at most 1 + |ratio|, all together of exp(sum of |ratio|)
    most = math.log(LOST) / math.sqrt(len(sums)) if follow else large
    totals, sizes = (f"({''.join(f'{text}, ' for text in texts)})" for texts in zip(*sums, strict=True))
    return [
        f"try: kept = {size_of([f'{size}/{total}' for total, size in sums])} < {most!r}",
        "except ZeroDivisionError: kept = False",
        f"kept = kept or is_kept({totals}, {sizes}, {large!r}, {follow})",
    ]


def is_kept(totals: Sequence[float], sizes: Sequence[float], large: float, follow: bool) -> bool:
    """Whether no sum is so many times smaller than its operand; a sum of nothing but 0 is as large as that.

    >>> is_kept([0.0, 2.0], [0.0, 1.0], 1e3, False), is_kept([0.0, 2.0], [1.0, 1.0], 1e3, False)
    (True, False)
    """
    product = 1.0
    for total, size in zip(totals, sizes, strict=True):
        if total == 0.0 == size:
            continue
        ratio = size / total if total else math.inf
        loss = ratio if ratio > 1.0 else 1.0 - ratio  # of the larger operand
        if not (0.0 <= ratio <= 1.0 or loss < large):
            return False
        product *= max(1.0, loss)
    return not follow or product <= max(large, LOST)


def undisturbed(found: Places, name: Name) -> list[str]:
    """Texts that are all true where no function loses digits, and nothing may leave the range of floating point.

    They speak of the values of the nodes by their names; what else they name is in `SPACE`.

    >>> undisturbed(Places(zeros=[3]), "x{}".format)
    ['not -1e-05 < x3 < 1e-05']
    """
    if found.wide:
        return ["False"]
    tests: list[str] = []
    for node, angle, turn in found.angles:
        value, argument, acute = name(node), name(angle), TURNED * turn
        lost = f"not lost_angle({value}, {argument}, {turn!r})"
        if turn == POLES:
            tests.append(f"({-acute!r} < {argument} or {lost})")
        else:
            square = f"{argument}*{argument}"
            sure = f"{SURE!r} < {value}*{value} < {1.0 - SURE!r} and {square} < {STEEP * STEEP!r}"
            tests.append(f"({square} < {acute * acute!r} or {sure} or {lost})")
    tests += [f"not {-NEAR!r} < {name(node)} < {NEAR!r}" for node in found.zeros]
    for node, place, power in found.waves:
        value, argument = name(node), name(place)
        tests.append(f"({argument}*{argument} < {NEARBY!r} or not lost_wave({value}, {argument}, {power!r}))")
    tests += [f"not one({name(argument)})" for _, argument in found.ones]
    tests += [f"not branch({name(argument)})" for _, argument in found.branches]
    tests += [f"not tie({name(left)}, {name(right)})" for _, left, right in found.edges]
    tests += [f"not step({', '.join(map(name, args))})" for _, args in found.steps]
    tests += [f"-{STEEP!r} < {name(exponent)} < {STEEP!r}" for _, exponent in found.powers]
    sizes = [*found.sources, *((node, node) for node in found.inputs)]
    tests += [f"({NARROW!r} < {name(node)}*{name(node)} < {WIDE!r} or not {name(base)})" for node, base in sizes]
    return tests


SPACE: Final[Mapping[str, Any]] = {
    "hypot": math.hypot,
    "lost_angle": is_lost_angle,
    "lost_wave": is_lost_wave,
    "one": is_one,
    "branch": is_branch,
    "tie": is_tie,
    "step": is_step,
    "is_kept": is_kept,
}
