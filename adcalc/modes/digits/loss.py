"""What became of digits on a tape: whether a loss that was noticed is one, and what left the range of floating point.

A difference of numbers without rounding errors is right however small it is, and so is one of a number and itself. An
underflow is harmless where it is added to something larger, and harmful where it is divided by.
"""

import math
import sys
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from heapq import heapify, heappop, heappush
from typing import Any, Final

from adcalc.graph.fold import fold
from adcalc.graph.graph import Graph
from adcalc.graph.node import CONSTANT, INPUT, NodeId
from adcalc.modes import reverse
from adcalc.modes.base import NodeError, Tape
from adcalc.modes.digits.faults import has_underflowed
from adcalc.modes.digits.flat import made_of
from adcalc.modes.digits.places import SUMMED, SUMS
from adcalc.modes.sweep import activity

HARMLESS: Final = 1e6  # times a number: sums of numbers as large lose no digit that counts
SEVERE: Final = 1e8
_LEAST: Final = sys.float_info.min
_ABSORBED: Final = 1e18  # a sum so many times as large does not feel what underflows
_SCALING: Final = frozenset({"mul", "neg", "abs"})
_TINY: Final = 1e-20  # so small an argument is 0 for the functions that do not feel it
_TRIED: Final = 200  # operations that are looked at, to find a number exact
_HIGHEST: Final = 16  # power that is computed exactly
_SELECTING: Final = frozenset({"min", "max"})
_INSENSITIVE: Final = frozenset(
    {"exp", "exp2", "cos", "cosh", "cospi", "logistic", "softplus", "logsumexp", "sech", "erfc", "normalpdf"}
    | {"normalcdf", "acos"}
)


def is_lost(graph: Graph, values: Sequence[Any], node: NodeId) -> bool:
    """Whether a small sum or value may have fewer digits than it shows: not where all that it is made of is exact.

    >>> from adcalc.api import function
    >>> graph = function("y - x^2").lowered().graph
    >>> is_lost(graph, [4.0, 2.0, 2.0, 4.0, 0.0], 4), is_lost(graph, [0.01, 0.1, 2.0, 0.010000000000000002, 0.0], 4)
    (False, True)
    """
    op, args, _ = graph.nodes[node]
    if op == "sub" and _source(graph, values, args[0]) == _source(graph, values, args[1]):
        return False
    return op in SUMMED or not all(_is_exact(graph, values, argument) for argument in args)


def _source(graph: Graph, values: Sequence[Any], node: NodeId) -> Any:
    """The node that a choice or a maximum has its value from; a sum or a product by its operands, in any order."""
    while True:
        op, args, _ = graph.nodes[node]
        if op == "if":
            node = args[1] if values[args[0]] else args[2]
        elif op in _SELECTING and len(args) == 2 and values[args[0]] != values[args[1]]:
            node = args[0] if values[args[0]] == values[node] else args[1]
        elif op == "abs" and values[args[0]] > 0.0:
            node = args[0]
        elif op in ("mul", "add"):
            return op, *sorted(args)
        else:
            return node


def _is_exact(graph: Graph, values: Sequence[Any], output: NodeId) -> bool:
    """Whether a value on a tape is certainly the true one: rational operations on exact numbers that did not round."""
    known: set[NodeId] = set()
    waiting = [output]
    for _ in range(_TRIED):
        if not waiting:
            return True
        node = waiting[-1]
        op, args, label = graph.nodes[node]
        if op == "if":
            args = (args[1] if values[args[0]] else args[2],)
        missing = [argument for argument in args if argument not in known]
        if missing:
            waiting += missing
            continue
        waiting.pop()
        if op != INPUT:
            if node >= len(values) or values[node] is None:  # the sweep did not come so far
                return False
            found = label if op == CONSTANT else _exactly(op, [values[argument] for argument in args])
            if found is None or not math.isfinite(values[node]) or found != Fraction(values[node]):
                return False
        known.add(node)
    return False


def _exactly(op: str, args: list[float]) -> Fraction | None:
    """The true result of an operation on floats, where that is a fraction that is easily known."""
    if not all(map(math.isfinite, args)) or (op == "pow" and abs(args[1]) > _HIGHEST):
        return None
    numbers = [Fraction(number) for number in args]
    found = fold(op, *numbers)
    if found is not None or (op == "mod" and not numbers[1]):
        return found
    if op in _RATIONAL and len(args) <= 2:
        return _RATIONAL[op](*numbers)
    if op == "sqrt":
        root = Fraction(math.sqrt(args[0]))
        return root if root * root == numbers[0] else None
    if args == [0.0] and op in _ZERO_AT_ZERO:
        return Fraction(0)
    if args == [0.0] and op in _ONE_AT_ZERO:
        return Fraction(1)
    return Fraction(0) if args == [1.0] and op == "log" else None


_RATIONAL: Final[dict[str, Callable[..., Fraction]]] = {  # besides what constants are folded by
    "abs": abs,
    "if": lambda u: u,
    "min": min,
    "max": max,
    "mod": lambda u, w: u % w,
    "sign": lambda u: Fraction((u > 0) - (u < 0)),
    "step": lambda u: Fraction(u >= 0),
    "floor": lambda u: Fraction(math.floor(u)),
    "ceil": lambda u: Fraction(math.ceil(u)),
    "round": lambda u: Fraction(round(u)),
}
_ZERO_AT_ZERO: Final = frozenset(
    {"sin", "tan", "asin", "atan", "sinh", "tanh", "expm1", "log1p", "asinh", "atanh", "erf", "sinpi"}
)
_ONE_AT_ZERO: Final = frozenset({"exp", "exp2", "cos", "cosh", "cospi"})


def sums_remain(
    tape: Tape[float], active: bytearray, adjoints: Sequence[float | None], noticed: Mapping[float, float]
) -> bool:
    """Whether sums of adjoints that cancelled, given with the size of what cancelled, still matter at an input.

    Only what lies below such a sum is looked at: a node to which others hand down much more has lost nothing.

    >>> from adcalc.api import function
    >>> f = function("sin(x)/x + sin(y)")
    >>> lowered, at = f.at({"x": 1e-9, "y": 1})
    >>> tape = f.tape(lowered, at, (0, 3))
    >>> sums_remain(tape, activity(tape, (0, 3)), [0.0, 1e9, 1.0, 0.54, 1.0, 1.0], {0.0: 1e9})
    True
    """
    noise = {node: size for total, size in noticed.items() for node in _places(adjoints, total)}
    wrt = set(tape.problem.wrt)
    waiting = [-node for node in noise]
    heapify(waiting)
    try:
        while waiting:
            node = -heappop(waiting)
            size = noise[node]
            if size <= HARMLESS * abs(adjoints[node] or 0.0):
                continue
            if node in wrt:
                return True
            for argument, partial in reverse.flows(tape, node, 1.0, active):
                if argument not in noise:
                    noise[argument] = 0.0
                    heappush(waiting, -argument)
                noise[argument] += size * abs(partial)
    except (NodeError, ValueError, ArithmeticError):
        return True
    return False


def _places(adjoints: Sequence[float | None], total: float) -> list[NodeId]:
    """The nodes with an adjoint."""
    found = []
    node = -1
    try:
        while True:
            node = adjoints.index(total, node + 1)
            found.append(node)
    except ValueError:
        return found


def sums_matter(tape: Tape[float], harmless: float = HARMLESS) -> bool:
    """Whether a partial derivative is so much smaller than what its sum is made of that digits of it are lost.

    What a sum of adjoints loses at one node need not matter at the inputs, where larger ones are added to it.

    >>> from adcalc.api import function
    >>> f = function("sin(x)/x")
    >>> lowered, at = f.at({"x": 1e-9})
    >>> sums_matter(f.tape(lowered, at, (0,)))
    True
    """
    wrt = tape.problem.wrt
    active = activity(tape, wrt)
    try:
        adjoints = reverse.sweep(tape, active)
        sizes = [0.0] * len(adjoints)
        sizes[tape.problem.output] = 1.0
        for node in reversed(tape.order):
            size = sizes[node]
            if size and adjoints[node] is not None:
                for argument, partial in reverse.flows(tape, node, 1.0, active):
                    sizes[argument] += size * max(abs(partial), made_of(tape, node, argument))
    except (NodeError, ValueError, ArithmeticError):
        return True
    found = [(sizes[one], abs(adjoints[one] or 0.0)) for one in wrt if one < len(adjoints)]
    return not all(size <= harmless * bar for size, bar in found)


def is_severe(graph: Graph, values: Sequence[Any], node: NodeId) -> bool:
    """Whether a sum has certainly lost so many digits that fewer than eight of it are right.

    >>> from adcalc.api import function
    >>> is_severe(function("1 - cos(x)").lowered().graph, [1e-9, 1.0, 1.0, 0.0], 3)
    True
    """
    op, args, _ = graph.nodes[node]
    return op in SUMS and abs(values[node]) < max([abs(values[one]) for one in args]) / SEVERE


def left_range(tape: Tape[float], is_gradient: bool) -> NodeId | None:
    """The first node whose value is beyond floating point or too small for it, where that may matter to the answer.

    The result stands for adjoints that are. None where all is well.

    >>> from adcalc.api import function
    >>> f = function("sqrt(x^2 + y^2)")
    >>> lowered, at = f.at({"x": 1e-160, "y": 1e-160})
    >>> left_range(f.tape(lowered, at, ()), False)
    2
    >>> f = function("1 + exp(-x)")
    >>> lowered, at = f.at({"x": 800})
    >>> left_range(f.tape(lowered, at, ()), False)
    """
    nodes, values = tape.problem.graph.nodes, tape.values
    output = tape.problem.output
    for node in tape.order:
        if isinstance(values[node], float) and not math.isfinite(values[node]) and nodes[node].args:
            return node
    first, lost = _lost(tape)
    if first is not None and (output in lost or lost.get(first) == math.inf):
        return first
    return output if is_gradient and _adjoints_left_range(tape) else None


def _lost(tape: Tape[float]) -> tuple[NodeId | None, dict[NodeId, float]]:
    """The first value that underflows, and what is made of such values, each with the largest that it may be in truth.

    Where that is not known the first has no bound.
    """
    graph, values = tape.problem.graph, tape.values
    first: NodeId | None = None
    lost: dict[NodeId, float] = {}
    for node in tape.order:
        value = values[node]
        if not isinstance(value, float):
            continue
        if has_underflowed(graph, values, node):
            first = node if first is None else first
            lost[node] = _LEAST
        op, args, _ = graph.nodes[node]
        if first is None or lost.keys().isdisjoint(args):
            continue
        bounds = [lost[one] for one in args if one in lost]
        if op in SUMS:
            if abs(value) <= _ABSORBED * sum(bounds):
                lost[node] = abs(value) + sum(bounds)
        elif op in _SCALING or (op == "div" and args[1] not in lost):
            left, *right = [lost.get(one) or abs(values[one]) for one in args]
            lost[node] = max(_LEAST, left * right[0] if op == "mul" else left / right[0] if right else left)
        elif op not in _INSENSITIVE or max(bounds) > _TINY:
            lost[first] = math.inf
            break
    return first, lost


def _adjoints_left_range(tape: Tape[float]) -> bool:
    """Whether an adjoint is infinite or too small, and not 0 by a factor that is."""
    active = activity(tape, tape.problem.wrt)
    try:
        adjoints = reverse.sweep(tape, active)
        for node in tape.order:
            bar = adjoints[node]
            if bar is None:
                continue
            if not math.isfinite(bar) or 0.0 < abs(bar) < _LEAST:
                return True
            if bar and active[node] and has_underflowed(tape.problem.graph, tape.values, node):
                return True
            if bar:
                handed = reverse.flows(tape, node, bar, active)
                if any(flow == 0.0 for _, flow in handed):
                    unit = reverse.flows(tape, node, 1.0, active)
                    if any(one and not flow for (_, one), (_, flow) in zip(unit, handed, strict=True)):
                        return True
    except (NodeError, ValueError, ArithmeticError):
        return True
    return False
