"""Slopes that are nearly 0, though what they are made of is not: rounding may be all that is left of them.

At a maximum of besselj(1, u) its slope is half of besselj(0, u) - besselj(2, u), which cancel. That is inside a row,
where no sum of the graph shows it; so the slopes of such functions are looked at themselves. Where the argument was
rounded, the slope is that of a point beside: it is lost at every place where the function is flat.
"""

from fractions import Fraction
from typing import Final

from adcalc.graph.node import INPUT, Node, NodeId
from adcalc.modes import reverse
from adcalc.modes.base import Tape
from adcalc.modes.digits.places import NEAR

_CANCELLING: Final = frozenset({"besselj", "bessely", "besseli", "sphericalj", "beta", "gammapdf"})
_SQUARED: Final = frozenset({"fresnels", "fresnelc"})  # their slopes have the square of the argument
_TURNING: Final = {  # power of the argument, by which a slope changes with the argument's rounding
    **dict.fromkeys(("besselj", "bessely", "besseli", "sphericalj", "sinc", "ci", "hyp2f1"), 1),
    **dict.fromkeys(("airyai", "airybi", "airyaiprime", "airybiprime", *_SQUARED), 2),
    **dict.fromkeys(("beta", "gammapdf", "si"), 0),
}
_LEFT: Final = {"gamma": 1, "lgamma": 0, "polygamma": 1, "zeta": 1, "zetaderiv": 1}  # flat only to the left of 2
_END: Final = 2.0
FLAT: Final = frozenset({*_TURNING, *_LEFT})


def is_flat(tape: Tape[float], active: bytearray) -> bool:
    """Whether a function has a slope by an active argument that is nearly 0 beside what it is made of.

    >>> from adcalc.api import function
    >>> f = function("besselj(1, x)")
    >>> for x in (1.8, 1.841183781340659):
    ...     tape = f.tape(*f.at({"x": x}), (1,))
    ...     print(is_flat(tape, bytearray([0, 1, 1])))
    False
    True
    """
    nodes = tape.problem.graph.nodes
    if FLAT.isdisjoint(tape.problem.graph.ops):
        return False
    for node in tape.order:
        if nodes[node].op in FLAT and active[node]:
            for argument, slope in reverse.flows(tape, node, 1.0, active):
                size = made_of(tape, node, argument)
                if size and abs(slope) < NEAR * size:
                    return True
    return False


def made_of(tape: Tape[float], node: NodeId, argument: NodeId) -> float:
    """How large the numbers are of which a slope by an argument is made; 0 of a function that is not flat there.

    >>> from adcalc.api import function
    >>> f = function("besselj(1, 20*x)")
    >>> tape = f.tape(*f.at({"x": 1}), (1,))
    >>> made_of(tape, 4, 3) == abs(f.value(x=1)) * 20.0
    True
    """
    nodes = tape.problem.graph.nodes
    op, args, _ = nodes[node]
    if op not in FLAT:
        return 0.0
    place = abs(tape.values[argument])
    if op in _LEFT and tape.values[argument] > _END:
        return 0.0
    factor = 1.0 if op in _CANCELLING else 0.0
    if place > 1.0 and op in _SQUARED:
        factor = place * place
    elif not all(_is_given(nodes[one]) for one in args):
        power = _LEFT[op] if op in _LEFT else _TURNING[op]
        factor = max(1.0, place if power == 1 else place * place if power else 1.0)
    return float(abs(tape.values[node]) * factor)


def _is_given(node: Node) -> bool:
    """Whether a number was not rounded: one that was given, or a constant that is a float."""
    if isinstance(node.label, Fraction):
        return node.label.denominator & (node.label.denominator - 1) == 0
    return node.op == INPUT
