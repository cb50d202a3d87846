"""Answers about arrays that floating point got wrong: element by element they are questions about numbers.

Where the sweeps of NumPy noticed that digits may be lost, the arrays are unfolded, and every element is answered, and
where it must be proved, as a number is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from adcalc.api import floats
from adcalc.api.arrays import arrays
from adcalc.api.arrays.elements import elements
from adcalc.api.asked import Asked
from adcalc.api.proofs.array_doubts import is_long, of_matrices, stands, unproved
from adcalc.api.proofs.judged import Doubt, Repaired, judged, work_of_floats
from adcalc.api.proofs.nearest import floats as exactly
from adcalc.errors import AdcalcError
from adcalc.graph.shape import size
from adcalc.graph.unfold import MATRICES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from adcalc.api.arrays.arrays import Numbers, Slopes
    from adcalc.api.arrays.elements import Elements
    from adcalc.api.floats import Warnings
    from adcalc.api.program import Program
    from adcalc.graph.node import NodeId
    from adcalc.syntax.lowered import Lowered

_ELIMINATED: Final = 400_000  # operations on numbers where each of many results is made of the same ones
_NEAR: Final = 1e-9  # of a number: how far another is that is the same but for rounding
_ONE_PLAN: Final = frozenset({"reverse", "symbolic"})  # modes whose partials come out of one plan with the value


def value(program: Program, lowered: Lowered, at: Mapping[str, Any]) -> tuple[Numbers, Warnings]:
    """The value at a point, with its warnings; elements that have lost digits are the proved ones.

    Raises what `Function.evaluate` raises.

    >>> from adcalc.api import function
    >>> f = function("1 - cos(x)")
    >>> value(f, *f.at({"x": [1e-9, 1]}, several=True))[0].tolist()
    [5e-19, 0.45969769413186023]
    """
    reason: AdcalcError | None = None
    try:
        (found,) = arrays.evaluated(program, lowered, at, [lowered.output])
    except floats.OWN as error:
        parts = _parts(program, lowered, at, ())
        if parts is None:
            raise
        found, reason = 0.0, error
    else:
        plan, _ = lowered.plans["value", lowered.output]
        told = stands(plan, lowered, at, [found])
        if told is not None:
            return found, told
        parts = _parts(program, lowered, at, ())
        if parts is None:
            return found, unproved(lowered, plan, {lowered.output}, at, [found])
    asked = Asked(program, parts.lowered, parts.at, is_part=True)
    try:
        single = [floats.value(asked._replace(output=node)) for node in parts.results]
        if reason is None and (doubt := of_matrices(lowered, plan.watch)) is not None:
            single = [
                told if told[1] else _judged(asked._replace(output=node), [told[0]], doubt).value
                for node, told in zip(parts.results, single, strict=True)
            ]
    except AdcalcError:
        if reason is not None:
            raise reason from None
        raise
    warnings = _together([some for _, some in single])
    numbers = np.reshape([number for number, _ in single], lowered.graph.shape(lowered.output))
    if not warnings and reason is None and _is_near(found, numbers):
        return found, ()
    return numbers if numbers.ndim else float(numbers), warnings


def slopes(
    program: Program,
    lowered: Lowered,
    at: Mapping[str, Any],
    names: Sequence[str],
    mode: str,
    difference: str,
    at_kink: str | None,
) -> tuple[Slopes, Warnings]:
    """The value and the partials at a point, with warnings; the proved ones where floating point has lost digits.

    Raises what `Function.gradient` raises.

    >>> from adcalc.api import function
    >>> f = function("sum(1 - cos(x))")
    >>> found, _ = slopes(f, *f.at({"x": [1e-9, 1e-9]}), ["x"], "reverse", "", None)
    >>> found.value, found.partials["x"].tolist()
    (1e-18, [1e-09, 1e-09])
    """
    found, reason = None, None
    try:
        found = arrays.gradient(program, lowered, at, names, mode, difference, at_kink)
    except floats.OWN as error:
        reason = error
    met = () if found is None else floats.branched(found.branches)
    if found is not None:
        made = arrays.prepared(program, lowered, tuple(names), mode)
        shown = [found.value, *(found.partials[name] for name in made.flowing if mode in _ONE_PLAN)]
        told = stands(made.plan, lowered, at, shown, mode in _ONE_PLAN)
        if told is not None:
            return found, met + told
    parts = _parts(program, lowered, at, names) if lowered.weighed is None or reason is None else None
    made = arrays.prepared(program, lowered, tuple(names), mode)
    if parts is None:
        if found is None:
            assert reason is not None
            raise reason
        whole = shown if mode in _ONE_PLAN else ()
        return found, unproved(lowered, made.plan, {lowered.output, *made.partials}, at, whole) + met
    asked = Asked(program, parts.lowered, parts.at, parts.flat, True, at_kink=at_kink)
    try:
        single = floats.slopes(asked, mode, difference)
        doubt = None if reason is not None or mode == "finite" else of_matrices(lowered, made.plan.watch)
        if doubt is not None and not single.warnings:
            single = _judged(asked, [single.value, *single.partials], doubt).slopes(asked, mode)
    except AdcalcError:
        if reason is not None:
            raise reason from None
        raise
    flat = dict(zip(parts.flat, single.partials, strict=True))
    partials: dict[str, Numbers] = {}
    for name in names:
        numbers = np.reshape([flat[label] for label in parts.names[name]], np.shape(at[name]))
        partials[name] = numbers if numbers.ndim else float(numbers)
    value = found.value if found is not None and lowered.weighed is not None else single.value
    if found is not None and not single.warnings:
        known = [(found.value, value), *((found.partials[name], partials[name]) for name in names)]
        if mode == "finite" or all(_is_near(*pair) for pair in known):
            return found, met
    return arrays.Slopes(value, partials, dict(single.errors), ()), single.warnings


def noticed(program: Program, lowered: Lowered, names: Sequence[str], mode: str) -> list[NodeId]:
    """The nodes that may have lost digits, or left the range of floats, when a gradient was last asked for.

    >>> from adcalc.api import function
    >>> f = function("sum(1 - cos(x))")
    >>> lowered, at = f.at({"x": [1e-9]})
    >>> _ = arrays.gradient(f, lowered, at, ["x"])
    >>> len(noticed(f, lowered, ["x"], "reverse"))
    1
    """
    watch = arrays.prepared(program, lowered, tuple(names), mode).plan.watch
    return watch.noticed + watch.left if watch else []


def beside(program: Program, lowered: Lowered, at: Mapping[str, Any], names: Sequence[str]) -> Warnings:
    """The warnings about the work of floats, for an answer that shows it as it is.

    >>> from adcalc.api import function
    >>> f = function("sum(1 - cos(x))")
    >>> beside(f, *f.at({"x": [1e-9]}), ["x"])[0][1].partition(": ")[2]
    'floating point has no digit right; grad has the true numbers'
    """
    if is_long(lowered):
        return ()
    try:
        _, warnings = slopes(program, lowered, at, names, "reverse", "", None)
    except AdcalcError:
        return ()
    return tuple((kind, f"{work_of_floats(text)}; grad has the true numbers") for kind, text in warnings)


def _parts(program: Program, lowered: Lowered, at: Mapping[str, Any], names: Sequence[str]) -> Elements | None:
    """The question about numbers, where it is not too long; each element of an inverse is an elimination."""
    if is_long(lowered):
        return None
    if not names and not MATRICES.isdisjoint(lowered.graph.ops):
        results = size(lowered.graph.shape(lowered.output))
        if results * lowered.plans["work"] > _ELIMINATED:
            return None
    try:
        return elements(program, lowered, at, names)
    except AdcalcError:
        return None


def _together(warnings: Iterable[Warnings]) -> Warnings:
    """The first warning of each kind, and of how many more elements the same has to be said."""
    found: dict[str, list[str]] = {}
    for some in warnings:
        for kind, message in some:
            found.setdefault(kind, []).append(message)
    told = []
    for kind, messages in found.items():
        more = len(messages) - 1
        also = f" (and so in {more} more element{'s' if more > 1 else ''})" if more else ""
        told.append((kind, messages[0] + also))
    return tuple(told)


def _judged(asked: Asked, numbers: Sequence[float], doubt: Doubt) -> Repaired:
    """The numbers if eight digits of each are right, or else the proved ones."""
    return judged(asked.at, numbers, doubt, lambda at: exactly(asked, at))


def _is_near(found: Any, numbers: Any) -> bool:
    """Whether numbers are the same to rounding, or those of arrays that were looked at have lost digits."""
    return bool(np.all(np.absolute(np.subtract(found, numbers)) <= _NEAR * np.absolute(numbers)))
