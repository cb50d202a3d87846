"""The sentences for boxes without an answer: what may go wrong, where, and what its arguments can be there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adcalc.arithmetics.bounds import bounds
from adcalc.arithmetics.exact import ball
from adcalc.errors import AdcalcError, DomainError, NotDifferentiableError, PrecisionError
from adcalc.graph.node import CONSTANT
from adcalc.modes.base import NodeError
from adcalc.modes.blame import explained as at_a_point
from adcalc.modes.blame import text_of

if TYPE_CHECKING:
    from adcalc.arithmetics.interval import Interval
    from adcalc.modes.proofs.boxes import BoxError
    from adcalc.rules.table import Table
    from adcalc.syntax.lowered import Lowered

_DIGITS: Final = 6
_NARROWER: Final = "take narrower intervals"


def explained(error: BoxError, lowered: Lowered, table: Table) -> AdcalcError:
    """The error that a user reads.

    >>> from adcalc.api import function
    >>> from adcalc.api.uncertainty.boxes import value
    >>> try:
    ...     value(function("log(x - 2)"), {"x": "[1 .. 4]"})
    ... except AdcalcError as error:
    ...     print(error.message, "|", error.hint)
    log(x - 2) has no value where x - 2 = -0.25 | log(u) needs u > 0
    """
    node = error.node
    what, place = text_of(lowered, node), lowered.place(node)
    there = _there(error, lowered)
    if error.kind == "no_rule" or (error.kind == "outside" and all(one.is_point for one in error.arguments)):
        floats = [float(ball(one.low)) for one in error.arguments]
        kind = "domain" if error.kind == "outside" else error.kind
        return at_a_point(NodeError(kind, node, floats, variable=error.parameter), lowered, table)
    if error.kind == "outside":
        return DomainError(f"{what} has no value{there}", place, _needs(error, lowered, table))
    if error.kind == "border":
        return DomainError(f"{what} may have no value{there}", place, _needs(error, lowered, table) or _NARROWER)
    if error.kind == "solution":
        return PrecisionError(f"{what} is not found over intervals", place, "give every variable one number")
    if error.kind == "choice":
        return NotDifferentiableError(
            f"{what} may turn within the intervals of the inputs, and the result may jump there",
            place,
            "abs, min and max have the slopes of both sides; or take narrower intervals",
        )
    if error.kind == "slope":
        return NotDifferentiableError(f"the slope of {what} may not be finite{there}", place, _NARROWER)
    may = "jump" if error.kind == "jump" else "have a kink"
    return NotDifferentiableError(f"{what} may {may}{there}", place, _NARROWER)


def _there(error: BoxError, lowered: Lowered) -> str:
    """Between which numbers the arguments lie."""
    args = lowered.graph.nodes[error.node].args
    known = [
        f"{text_of(lowered, argument)} {_lies(one)}"
        for argument, one in zip(args, error.arguments, strict=False)
        if lowered.graph.nodes[argument].op != CONSTANT and hasattr(one, "low")
    ]
    return f" where {' and '.join(known)}" if known else ""


def _lies(one: Interval) -> str:
    low, high = bounds(one.low, _DIGITS)[0], bounds(one.high, _DIGITS)[1]
    return f"= {low}" if low == high else f"is in [{low}, {high}]"


def _needs(error: BoxError, lowered: Lowered, table: Table) -> str | None:
    """What the function's row says of its domain."""
    return at_a_point(NodeError("domain", error.node, []), lowered, table).hint
