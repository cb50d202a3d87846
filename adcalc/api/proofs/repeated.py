"""Proved gradients that are asked for again and again: from the third one on, all but the numbers has been done.

The sweeps over balls look at every node of the graph. Written out as one Python function (modes/plans/written.py) the
same balls are computed several times as fast; what it has nothing to say about is left to the sweeps.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from flint import arb, ctx, fmpq

from adcalc.api.again import made_again
from adcalc.arithmetics.decimals import decimals
from adcalc.arithmetics.exact import rational
from adcalc.modes.proofs.certified import MOST, first_precision
from adcalc.results.proved import ProvedGradient

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adcalc.api.function import Function
    from adcalc.modes.plans.written import Written
    from adcalc.syntax.lowered import Lowered

_LARGEST: Final = 5000  # nodes that are written out
_NUMBERS: Final = frozenset({float, int, Fraction})


def gradient(
    function: Function, point: Mapping[str, Any], digits: int, wrt: Sequence[str] | None
) -> ProvedGradient | None:
    """The proved gradient at a point of numbers; None where the sweeps are to be asked.

    >>> from adcalc.api import function
    >>> f = function("sin(x)")
    >>> for _ in range(4):
    ...     found = gradient(f, {"x": Fraction(1, 2)}, 20, None)
    >>> found.gradient
    {'x': '0.87758256189037271612'}
    """
    if function.needs_point or function.needs_shapes or not 1 <= digits <= MOST:
        return None
    for value in point.values():
        if type(value) not in _NUMBERS:
            return None
    lowered = function.lowered(point)
    names = tuple(lowered.variables if wrt is None else wrt)
    made = made_again(lowered.plans, ("written", names), lambda: _written(function, lowered, names))
    if made is None or lowered.variables.keys() != point.keys():
        return None
    shown: dict[str, str] = {}
    given, balls = [], []
    before = ctx.prec
    ctx.prec = first_precision(digits)
    try:
        for name in lowered.variables:
            number, ball, shown[name] = _known(point[name], digits)
            given.append(number)
            balls.append(ball)
        found = made.run(given, balls)
        texts = [None] if found is None else [decimals(number, digits) for number in found]
    except (ValueError, OverflowError):  # of no finite number
        return None
    finally:
        ctx.prec = before
    if found is None or None in texts:
        return None
    value, *fractions = map(rational, found)
    return ProvedGradient(
        function.source.text,
        shown,
        "reverse",
        digits,
        texts[0],
        dict(zip(names, texts[1:], strict=True)),
        None,
        {},
        value,
        dict(zip(names, fractions, strict=True)),
    )


def _written(function: Function, lowered: Lowered, names: tuple[str, ...]) -> Written | None:
    """Value and partials as one function; None where they cannot be written out."""
    from adcalc.modes.edges.edges import edges, without_rule
    from adcalc.modes.plans.written import Unlike, Written

    graph = lowered.graph
    if lowered.has_arrays or lowered.guards or any(name not in lowered.variables for name in names):
        return None
    if len(set(names)) < len(names) or len(graph.live(lowered.output)) > _LARGEST:
        return None
    wrt = tuple(lowered.variables[name] for name in names)
    tape = function.differentiate.tape(graph, lowered.output, wrt)
    if without_rule(tape) is not None:
        return None
    never = [edge.condition for edge in edges(tape)]
    zero = graph.constant(Fraction(0))
    partials = [zero if one is None else one for one in function.symbolic(lowered, lowered.output, wrt)]
    try:
        return Written(graph, [lowered.output, *partials], never, list(lowered.variables.values()))
    except Unlike:
        return None


@lru_cache(maxsize=256)
def _known(number: float | Fraction, digits: int) -> tuple[fmpq, arb, str]:
    """A number of a point, the ball around it with the bits of so many digits, and its digits."""
    exact = fmpq(*number.as_integer_ratio())
    text = decimals(exact, digits)
    assert text is not None
    return exact, arb(exact), text
