"""Slopes that are nearly 0, though what they are made of is not: rounding may be all that is left of them.

At a maximum of besselj(1, u) its slope is half of besselj(0, u) - besselj(2, u), which cancel. That is inside a row,
where no sum of the graph shows it; so the slopes of such functions are looked at themselves.
"""

from typing import Final

from adcalc.graph.node import NodeId
from adcalc.modes import reverse
from adcalc.modes.base import Tape
from adcalc.modes.places import NEAR

FLAT: Final = frozenset(
    {"besselj", "bessely", "sphericalj", "beta", "gammapdf", "airyai", "airybi", "airyaiprime", "airybiprime", "gamma"}
    | {"lgamma", "polygamma", "zeta", "zetaderiv", "sinc", "si", "ci", "fresnels", "fresnelc", "hyp2f1"}
)


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
                if abs(slope) < NEAR * made_of(tape, node, argument):
                    return True
    return False


def made_of(tape: Tape[float], node: NodeId, argument: NodeId) -> float:
    """How large the numbers are of which a slope by an argument is made; 0 of a function that is never flat.

    >>> from adcalc.api import function
    >>> f = function("besselj(1, 2*x)")
    >>> tape = f.tape(*f.at({"x": 1}), (1,))
    >>> made_of(tape, 4, 3) == f.value(x=1) / 2.0
    True
    """
    if tape.problem.graph.nodes[node].op not in FLAT:
        return 0.0
    return float(abs(tape.values[node]) / max(1.0, abs(tape.values[argument])))
