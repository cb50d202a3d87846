"""What lies to one side of a point: the limits of value and slope, taken very near to it.

At a jump, where a choice turns only in the second order, and where a program goes another way to each side, rows and
dual numbers at the point do not tell what a step off it meets. So everything is run again a step of 2^-1100 beside the
point, in numbers of thousands of bits and along the way that the program takes there; and at a far smaller step, to see
that both tell the same limit.
"""

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from flint import arb, ctx

from adcalc.arithmetics.near import Near, TooFewBits
from adcalc.errors import AdcalcError
from adcalc.graph.node import NodeId
from adcalc.modes.base import NodeError, Tape
from adcalc.modes.edges.directional import Side
from adcalc.modes.edges.stepping import stepped
from adcalc.modes.edges.suspects import watched
from adcalc.modes.forward import tangent_sweep
from adcalc.modes.sweep import activity
from adcalc.rules.compiled import Compiled
from adcalc.rules.enclosing import Enclosing
from adcalc.rules.table import Table

_STEPS: Final = (-1100, -1200)  # powers of 2: smaller than every float
_BITS: Final = (4096, 16384)
_SAME: Final = 2.0**-60  # relative: two numbers that tell the same limit
_VANISHING: Final = 2.0**-20  # how much smaller what goes to 0 is at the smaller step
_ROUNDING: Final = 1e-9  # of the floats at the point
_SMALLER: Final = (-2600, -2800)  # powers of 2: of a step beside a step
_NO_STEPS: Final[Mapping[NodeId, arb]] = MappingProxyType({})
_NOTHING: Final = arb(2) ** -300  # of a derivative: the steps themselves make it
_NOISE: Final = arb(2) ** -4000  # more than that is no rounding


def side(tape: Tape[float], variable: NodeId, sign: int) -> Side:
    """Value and slope of the output a very small step along a variable.

    Raises NodeError of kind "beside" where there are none: no value there, no limit, or no end of the program.

    >>> from adcalc.api import function
    >>> f = function("x*floor(x)")
    >>> lowered, at = f.at({"x": 2})
    >>> below = side(f.tape(lowered, at, (0,)), 0, -1)
    >>> below.value, below.slope, below.jumps
    (2.0, -1.0, True)
    """
    before = ctx.prec
    try:
        for bits in _BITS:
            ctx.prec = bits
            try:
                return _side(tape, variable, sign, _rules(tape.rules.table, bits, bits == _BITS[-1]))
            except TooFewBits:
                continue
            except (AdcalcError, NodeError, ArithmeticError, ValueError) as error:
                if isinstance(error, NodeError) and error.kind == "beside":
                    raise
                if not isinstance(error.__cause__, TooFewBits):
                    break
    finally:
        ctx.prec = before
    raise NodeError("beside", tape.problem.output, [sign], variable=variable)


def edged(tape: Tape[float], edges: Iterable[NodeId]) -> set[NodeId]:
    """The inputs on which edges depend that the point stands on.

    >>> from adcalc.api import function
    >>> f = function("max(x, y)*z")
    >>> sorted(edged(f.tape(*f.at({"x": 1, "y": 1, "z": 2}), ()), [2]))
    [0, 1]
    """
    graph = tape.problem.graph
    turning = [graph.nodes[edge].args[0] if graph.nodes[edge].op == "if" else edge for edge in edges]
    return set(graph.inputs(graph.live(*turning)))


def second(tape: Tape[float], variable: NodeId, then: NodeId) -> float | None:
    """The derivative by `then` of the partial by a variable; None where there is none.

    Beside the point, too, the partial has to exist, from both sides: that of max(x*y, 0) by x has no value at (0, y),
    whatever a formula says of it. It is taken there by a step far smaller than the one that led there.

    >>> from adcalc.api import function
    >>> [
    ...     second(f.tape(*f.at({"x": 0, "y": 0}), (0, 1)), 0, 1)
    ...     for f in map(function, ("max(x*y, 0)", "x*y*abs(x*y)", "if(x < y, x*y, y*x)"))
    ... ]
    [None, 0.0, 1.0]
    """
    before = ctx.prec
    try:
        ctx.prec = _BITS[-1]
        return _second(tape, variable, then, _rules(tape.rules.table, _BITS[-1], True))
    except (AdcalcError, NodeError, ArithmeticError, ValueError):
        return None
    finally:
        ctx.prec = before


def _second(tape: Tape[float], variable: NodeId, then: NodeId, rules: Compiled[arb]) -> float:
    here = _slope(tape, variable, {}, rules)
    (right, left), (nearer_right, nearer_left) = (
        [(_slope(tape, variable, {then: step}, rules) - here) / step for step in (arb(2) ** power, -(arb(2) ** power))]
        for power in _STEPS
    )
    if not abs(nearer_right - nearer_left).mid() <= _NOTHING:
        _require_gone(nearer_right - nearer_left, right - left)
    return 0.0 if abs(nearer_right).mid() <= _NOTHING else _limit(right, nearer_right)


def _slope(tape: Tape[float], variable: NodeId, steps: Mapping[NodeId, arb], rules: Compiled[arb]) -> arb:
    """The partial by a variable some steps off the point. Raises ValueError where it does not exist there."""
    value = _moved(tape, variable, steps, rules)[0].value
    (right, left), (nearer_right, nearer_left) = (
        [_beside(tape, variable, sign, arb(2) ** power, rules, steps) for sign in (1, -1)] for power in _SMALLER
    )
    for (far, *_), (near, *_) in ((right, nearer_right), (left, nearer_left)):
        _require_gone(near - value, far - value)
    _require_gone(nearer_right[1] + nearer_left[1], right[1] + left[1])
    ahead, back = (_settled(*slopes) for slopes in ((right[1], nearer_right[1]), (left[1], nearer_left[1])))
    return (ahead - back) / 2


def _settled(far: arb, near: arb) -> arb:
    """The nearer of two numbers, or the 0 to which they go."""
    return arb(0) if _is_less(near, far, arb(0)) else near


def _require_gone(near: arb, far: arb) -> None:
    """Raise ValueError where a difference does not go to 0: see _is_less."""
    if not near.rad() < _NOISE or not (near.contains(0) or abs(near).mid() <= _VANISHING * abs(far).mid()):
        raise ValueError("no limit")


@lru_cache(maxsize=8)
def _rules(table: Table, bits: int, is_last: bool) -> Compiled[arb]:
    """The rules in numbers of a precision, which has to be flint's when they are used."""
    return Enclosing(table, Near(is_last))


def _side(tape: Tape[float], variable: NodeId, sign: int, rules: Compiled[arb]) -> Side:
    (value, slope, _), (nearer_value, nearer_slope, at) = (
        _beside(tape, variable, sign, arb(2) ** power, rules) for power in _STEPS
    )
    found, here = _limit(value, nearer_value), tape.value
    jumps = False
    if not any(one is not None and math.isclose(one, here, rel_tol=1e-12) for one in (found, at)):
        exact = _value(tape, variable, rules)
        jumps = (
            exact is None
            or not _is_less(nearer_value - exact, value - exact, exact)
            or not math.isclose(here, float(exact), rel_tol=_ROUNDING, abs_tol=_ROUNDING)
        )
    return Side(found, _limit(slope, nearer_slope), None, jumps=jumps)


def _limit(far: arb, near: arb) -> float:
    """What a number goes to, by its values at two steps. Raises ValueError where they do not tell, or TooFewBits."""
    is_wide = any(one.rad() > _SAME * abs(one).mid() for one in (far, near))
    if is_wide and max(far.rad(), near.rad()) > _NOTHING:
        raise TooFewBits("digits were lost on the way to the limit")
    if _is_less(near, far, arb(0)):
        return 0.0
    if not abs(far - near).mid() <= _SAME * abs(near).mid():
        raise TooFewBits("noise on the way to the limit") if is_wide else ValueError("no limit")
    number = float(near.mid())
    if not math.isfinite(number):
        raise ValueError("a limit beyond floating point")
    return number + 0.0


def _is_less(near: arb, far: arb, beside: arb) -> bool:
    """Whether a difference goes to 0: it does where it is 0, or far smaller at the smaller step."""
    return bool(abs(near).mid() <= max(_VANISHING * abs(far).mid(), _SAME * abs(beside).mid()))


def _beside(
    tape: Tape[float],
    variable: NodeId,
    sign: int,
    step: arb,
    rules: Compiled[arb],
    steps: Mapping[NodeId, arb] = _NO_STEPS,
) -> tuple[arb, arb, float | None]:
    """Value and slope at a point beside the tape's, or beside one that is some steps off it; and the float there."""
    there, at = _moved(tape, variable, {**steps, variable: sign * step + steps.get(variable, 0)}, rules)
    (moved,) = there.problem.wrt
    tangents = tangent_sweep(there, {moved: arb(sign)}, _lasting(there, moved))
    slope = tangents[there.problem.output]
    return there.value, arb(0) if slope is None else slope, at


def _value(tape: Tape[float], variable: NodeId, rules: Compiled[arb]) -> arb | None:
    """The value at the point itself in these numbers."""
    try:
        return _moved(tape, variable, _NO_STEPS, rules)[0].value
    except (AdcalcError, NodeError):
        return None


def _moved(
    tape: Tape[float], variable: NodeId, steps: Mapping[NodeId, arb], rules: Compiled[arb]
) -> tuple[Tape[arb], float | None]:
    for node in (variable, *steps):
        if node not in tape.problem.point:
            raise NodeError("beside", node, [])  # a value that the program computed
    return stepped(tape, variable, steps, rules)


def _lasting(tape: Tape[arb], variable: NodeId) -> dict[NodeId, int]:
    """The kinks that go along with the step, as that of max(x, x) does."""
    nodes, rules = tape.problem.graph.nodes, tape.rules
    active = activity(tape, (variable,))
    found: dict[NodeId, int] = {}
    known: dict[str, list[int]] = {}
    for node in tape.order:
        op, args, _ = nodes[node]
        if not active[node] or not args:
            continue
        if op not in known:
            known[op] = [clause.number for clause in watched(tape, op, len(args)) if clause.kind == "kink"]
        for number in known[op]:
            if rules.condition(op, number)(tape.values[node], *tape.arguments(node)):
                found[node] = number
    return found
