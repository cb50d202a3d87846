"""What the gradients of arrays are measured against: proved digits where arrays are small, else longer floats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from adcalc.arithmetics.enclosure import ZERO
from adcalc.errors import AdcalcError, LimitError
from adcalc.graph.unfold import unfolded
from adcalc.modes.base import NodeError, Problem
from adcalc.modes.digits.array_range import extended, lossy
from adcalc.modes.proofs import certified

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adcalc.api.arrays.arrays import Prepared
    from adcalc.api.program import Program
    from adcalc.syntax.lowered import Lowered

_UNFOLDED: Final = 6_000  # elements of all arrays together, of which digits are proved: some seconds
_FLOAT_BITS: Final = 52


class Reference(NamedTuple):
    """What partials are, by variable, as arrays of something from which a float's distance can be told.

    `kind` is "proved", "extended" or "" for none, and then `reason` says why; `digits` are texts.

    >>> Reference("", "why").kind
    ''
    """

    kind: str
    reason: str = ""
    numbers: Mapping[str, Any] = {}
    digits: Mapping[str, Any] = {}

    def error(self, name: str, partial: Any) -> float:
        """How far the farthest element of a partial is off, at most."""
        true = self.numbers[name]
        if self.kind == "extended":
            return float(np.max(np.abs(np.asarray(partial, dtype=np.longdouble) - true), initial=0.0))
        pairs = zip(np.ravel(true), np.ravel(partial), strict=True)
        return max((one.distance(float(number)) for one, number in pairs), default=0.0)

    def size(self, name: str) -> float:
        """The size of the largest element."""
        true = self.numbers[name]
        if self.kind == "extended":
            return float(np.max(np.abs(true), initial=0.0))
        return max((abs(float(one.digits)) for one in np.ravel(true)), default=0.0)


def reference(
    program: Program, lowered: Lowered, at: Mapping[str, Any], names: Sequence[str], made: Prepared, digits: int
) -> Reference:
    """The gradient of a number by some variables as exactly as can be; `made` is the plan of value and partials.

    >>> from adcalc.api import function
    >>> from adcalc.api.arrays.arrays import prepared
    >>> f = function("sum(x^2)")
    >>> lowered, at = f.at({"x": [1, 2]})
    >>> found = reference(f, lowered, at, ["x"], prepared(f, lowered, ("x",), "reverse"), 50)
    >>> found.kind, found.digits["x"].tolist()
    ('proved', ['2', '4'])
    """
    try:
        return _proved(program, lowered, at, names, digits)
    except LimitError:
        return _extended(lowered, at, names, made)
    except NodeError as error:
        return Reference("", program.explained(error, lowered).message)
    except AdcalcError as error:
        return Reference("", error.message)


def _proved(program: Program, lowered: Lowered, at: Mapping[str, Any], names: Sequence[str], digits: int) -> Reference:
    inputs = list(lowered.variables.values())
    whole = unfolded(lowered.graph, [lowered.output, *inputs], None, _UNFOLDED)
    point: dict[int, float] = {}
    for name, node in lowered.variables.items():
        point.update(zip(map(int, whole.elements[node].flat), np.ravel(at[name]).tolist(), strict=True))
    ids = [whole.elements[lowered.variables[name]] for name in names]
    wrt = tuple(int(node) for one in ids for node in one.flat)
    problem: Problem[Any] = Problem(whole.graph, int(whole.elements[lowered.output]), wrt, point)
    found = iter(certified.gradient(problem, program.table, digits).partials)
    numbers, written = {}, {}
    for name, one in zip(names, ids, strict=True):
        numbers[name] = np.empty(one.shape, dtype=object)
        written[name] = np.empty(one.shape, dtype=object)
        for index in np.ndindex(one.shape):
            enclosure = next(found) or ZERO
            numbers[name][index], written[name][index] = enclosure, enclosure.digits
    return Reference("proved", "", numbers, written)


def _extended(lowered: Lowered, at: Mapping[str, Any], names: Sequence[str], made: Prepared) -> Reference:
    """The same plan over longer floats, where this machine has any and every operation keeps them."""
    if np.finfo(np.longdouble).nmant <= _FLOAT_BITS:
        return Reference("", "the arrays are large, and this machine has no longer floats")
    lost = lossy(made.plan)
    if lost is not None:
        return Reference("", f"the arrays are large, and {lost} has no longer floats")
    try:
        whole = extended(made.plan, {lowered.variables[name]: value for name, value in at.items()})
        found = whole[1 : 1 + len(made.partials)]
    except (NodeError, TypeError):
        return Reference("", "the arrays are large, and longer floats have no value here")
    partials = dict(zip(made.flowing, found, strict=True))
    zero = np.longdouble(0.0)
    numbers = {name: np.broadcast_to(partials.get(name, zero), np.shape(at[name])) for name in names}
    if not all(np.all(np.isfinite(number)) for number in numbers.values()):
        return Reference("", "the arrays are large, and some element stands on an edge")
    return Reference("extended", "", numbers, {name: np.vectorize(str)(number) for name, number in numbers.items()})
