"""Where numbers go wrong without stopping a sweep: the first node whose value or slope leaves the floats, or is lost.

An infinite adjoint is noticed only when a partial comes out infinite, and an underflow perhaps never; both are looked
for here, after the fact, so that ordinary answers pay nothing.
"""

import math
import sys
from collections.abc import Sequence
from typing import Any, Final

from adcalc.graph.graph import Graph
from adcalc.graph.node import CONSTANT, NodeId
from adcalc.modes import reverse
from adcalc.modes.base import NodeError, Tape

_LEAST: Final = sys.float_info.min
_ZERO_AT_ZERO: Final = frozenset({"besselj", "besseli", "sphericalj", "gammapdf", "gammainc"})  # of the last argument
_SPECIAL: Final = frozenset(
    {"besselk", "airyai", "airyaiprime", "gammaincc", "gammainc_upper", "beta", "ei", "zetaderiv"}
)
SILENT: Final = _SPECIAL | _ZERO_AT_ZERO  # no array library tells where they underflow
# The arguments that make a result zero; the other functions here are zero nowhere, or at no float.
_FACTORS: Final[dict[str, tuple[int, ...]]] = {
    "mul": (0, 1),
    "div": (0,),
    "pow": (0,),
    **dict.fromkeys(_ZERO_AT_ZERO, (1,)),
}
_NEVER_ZERO: Final = _SPECIAL | {
    "exp",
    "exp2",
    "logistic",
    "softplus",
    "erfc",
    "sech",
    "csch",
    "normalpdf",
    "normalcdf",
}
UNDERFLOWING: Final = _NEVER_ZERO | _FACTORS.keys()  # of which `has_underflowed` may be true


def underflowed(tape: Tape[float]) -> NodeId | None:
    """The first node whose value is too small for floating point, and so lost its digits or became 0.

    >>> from adcalc.api import function
    >>> f = function("1 + exp(-x)")
    >>> lowered, at = f.at({"x": 800})
    >>> tape = f.tape(lowered, at, ())
    >>> lowered.graph.nodes[underflowed(tape)].op
    'exp'
    """
    return next((node for node in tape.order if has_underflowed(tape.problem.graph, tape.values, node)), None)


def lost_below(graph: Graph, values: Sequence[Any], node: NodeId) -> NodeId | None:
    """The first node below another whose value was lost by underflow, so that it, not the other, is to blame.

    >>> from adcalc.api import function
    >>> graph = function("1/exp(-x)").lowered().graph
    >>> graph.nodes[lost_below(graph, [1.0, 800.0, -800.0, 0.0, None], 4)].op
    'exp'
    """
    below = graph.live(node)[:-1]
    return next((n for n in below if n < len(values) and has_underflowed(graph, values, n)), None)


def has_underflowed(graph: Graph, values: Sequence[Any], node: NodeId) -> bool:
    """Whether a node's own value is too small for floating point.

    >>> from adcalc.api import function
    >>> graph = function("x^2").lowered().graph
    >>> has_underflowed(graph, [1e-200, 2.0, 0.0], 2), has_underflowed(graph, [0.0, 2.0, 0.0], 2)
    (True, False)
    """
    value = values[node]
    if not isinstance(value, float) or abs(value) >= _LEAST:
        return False
    op, args, _ = graph.nodes[node]
    if op in _NEVER_ZERO:
        return True
    factors = _FACTORS.get(op)
    return factors is not None and all(values[args[k]] for k in factors)


def has_silently_underflowed(op: str, values: Any, argument: Any) -> bool:
    """Whether one of some values of a `SILENT` operation is too small for floating point, by its last argument.

    >>> import numpy as np
    >>> has_silently_underflowed("besselk", np.array([1.0, 0.0]), np.array([1.0, 800.0]))
    True
    >>> has_silently_underflowed("besselj", np.array([0.0]), np.array([0.0]))
    False
    """
    small = abs(values) < _LEAST
    return bool((small & (argument != 0.0) if op in _ZERO_AT_ZERO else small).any())


def slope_overflow(tape: Tape[float], active: bytearray) -> NodeError:
    """The error of a gradient that is not finite: it names the first node of the return sweep that hands down too much.

    >>> from adcalc.api import function
    >>> f = function("1e200*(1e200*x)")
    >>> lowered, at = f.at({"x": 0})
    >>> tape = f.tape(lowered, at, (1,))
    >>> from adcalc.modes.sweep import activity
    >>> slope_overflow(tape, activity(tape, (1,))).kind
    'slope_overflow'
    """
    nodes = tape.problem.graph.nodes
    adjoints = reverse.sweep(tape, active)
    for node in reversed(tape.order):
        bar = adjoints[node]
        if bar is not None and math.isfinite(bar) and nodes[node].op != CONSTANT:
            flows = reverse.flows(tape, node, bar, active)
            if not all(math.isfinite(flow) and math.isfinite(adjoints[argument]) for argument, flow in flows):
                return NodeError("slope_overflow", node, tape.arguments(node))
    return NodeError("slope_overflow", tape.problem.output, [])
