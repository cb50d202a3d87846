"""Answers about arrays that floating point got wrong: element by element they are questions about numbers.

Where the sweeps of NumPy noticed that digits may be lost, the arrays are unfolded, and every element is answered, and
where it must be proved, as a number is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from adcalc.api import floats
from adcalc.api.arrays import arrays
from adcalc.api.arrays.elements import elements, work
from adcalc.api.asked import Asked
from adcalc.api.proofs.judged import Doubt, Repaired, judged, work_of_floats
from adcalc.api.proofs.nearest import floats as exactly
from adcalc.errors import AdcalcError
from adcalc.graph.shape import size
from adcalc.graph.unfold import MATRICES
from adcalc.modes.blame import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from adcalc.api.arrays.arrays import Numbers, Slopes
    from adcalc.api.arrays.elements import Elements
    from adcalc.api.floats import Warnings
    from adcalc.api.program import Program
    from adcalc.graph.node import NodeId
    from adcalc.modes.array_range import Verdict
    from adcalc.modes.array_watch import ArrayWatch
    from adcalc.modes.plan import Plan
    from adcalc.syntax.lowered import Lowered

_MOST: Final = 20_000  # operations on numbers: a moment's work
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
            return found, unproved(lowered, plan.watch, {lowered.output})
    asked = Asked(program, parts.lowered, parts.at, is_part=True)
    try:
        single = [floats.value(asked._replace(output=node)) for node in parts.results]
        if reason is None and (doubt := _of_matrices(lowered, plan.watch)) is not None:
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
        return found, unproved(lowered, made.plan.watch, {lowered.output, *made.partials}) + met
    asked = Asked(program, parts.lowered, parts.at, parts.flat, True, at_kink=at_kink)
    try:
        single = floats.slopes(asked, mode, difference)
        doubt = None if reason is not None or mode == "finite" else _of_matrices(lowered, made.plan.watch)
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


def is_long(lowered: Lowered) -> bool:
    """Whether a program takes too many operations on numbers to look at all of them.

    >>> from adcalc.api import function
    >>> f = function("sum(sin(x))")
    >>> is_long(f.at({"x": [1, 2]})[0]), is_long(f.at({"x": np.ones(20_000)})[0])
    (False, True)
    """
    if "work" not in lowered.plans:
        lowered.plans["work"] = work(lowered.graph, lowered.output)
    return bool(lowered.plans["work"] > _MOST)


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


def stands(
    plan: Plan, lowered: Lowered, at: Mapping[str, Any], found: Sequence[Any], is_whole: bool = True
) -> Warnings | None:
    """What is to be said of an answer of which floats lost nothing; None where they may have.

    `found` are the first outputs of the plan; of an answer that is not the `is_whole` one, others are not known.

    >>> from adcalc.api import function
    >>> f = function("1 + exp(-x)")
    >>> lowered, at = f.at({"x": [800, 1]}, several=True)
    >>> made = arrays.evaluated(f, lowered, at, [lowered.output])
    >>> stands(lowered.plans["value", lowered.output][0], lowered, at, made)
    ()
    """
    watch = plan.watch
    if watch is None or not (watch.noticed or watch.left):
        return ()
    if watch.noticed or not is_whole:
        return None
    inside = plan.graph.input
    said = _said(plan, {inside(name): number for name, number in at.items()}, found, lowered)
    if said.name == "DOUBT":
        return None
    return () if said.name == "RIGHT" else (("underflow", f"{_leaving(lowered, watch)} to 0 in some elements"),)


def is_doubtful(plan: Plan, point: Mapping[NodeId, Any], found: Sequence[Any], lowered: Lowered) -> bool:
    """Whether floats may have lost something of the first outputs of a plan that was run at a point.

    >>> from adcalc.api import function
    >>> f = function("1 - cos(x)")
    >>> lowered, at = f.at({"x": [1e-9, 1]}, several=True)
    >>> made = arrays.evaluated(f, lowered, at, [lowered.output])
    >>> is_doubtful(lowered.plans["value", lowered.output][0], {lowered.variables["x"]: at["x"]}, made, lowered)
    True
    """
    watch = plan.watch
    if watch is None or not (watch.noticed or watch.left):
        return False
    return bool(watch.noticed) or _said(plan, point, found, lowered).name == "DOUBT"


def _said(plan: Plan, point: Mapping[NodeId, Any], found: Sequence[Any], lowered: Lowered) -> Verdict:
    from adcalc.modes.array_range import verdict

    return verdict(plan, point, found, is_long(lowered))


def _of_matrices(lowered: Lowered, watch: ArrayWatch | None) -> Doubt | None:
    """The doubt about a function of a matrix that is nearly singular: elimination loses digits a few at a time."""
    nodes = lowered.graph.nodes
    node = next((one for one in watch.noticed if nodes[one].op in MATRICES), None) if watch else None
    if node is None:
        return None
    what = text_of(lowered, node) if lowered.place(node) else "the derivative"
    return Doubt("cancellation", f"{what} loses digits, for its matrix is nearly singular", False)


def _judged(asked: Asked, numbers: Sequence[float], doubt: Doubt) -> Repaired:
    """The numbers if eight digits of each are right, or else the proved ones."""
    return judged(asked.at, numbers, doubt, lambda at: exactly(asked, at))


def _leaving(lowered: Lowered, watch: ArrayWatch) -> str:
    """What underflows first."""
    node = next((one for one in watch.left if lowered.place(one)), None)
    return f"{'the derivative' if node is None else text_of(lowered, node)} underflows"


def _is_near(found: Any, numbers: Any) -> bool:
    """Whether numbers are the same to rounding, or those of arrays that were looked at have lost digits."""
    return bool(np.all(np.absolute(np.subtract(found, numbers)) <= _NEAR * np.absolute(numbers)))


def unproved(lowered: Lowered, watch: ArrayWatch | None, shown: set[NodeId]) -> Warnings:
    """The warning about what is too long to be proved, where it is an answer itself that has lost digits.

    >>> from adcalc.api import function
    >>> unproved(function("1 - cos(x)").lowered(), None, {3})
    ()
    """
    if watch is None:
        return ()
    end = "in some elements, and too many operations lead to it to prove it"
    node = next((one for one in watch.severe if one in shown), None)
    if node is not None:
        what = text_of(lowered, node) if lowered.place(node) else "the derivative"
        return (("cancellation", f"{what} loses digits {end}"),)
    return (("underflow", f"{_leaving(lowered, watch)} {end}"),) if watch.left else ()
