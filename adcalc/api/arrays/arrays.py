"""Values and gradients where there are arrays: the sweeps run on nodes, and what they make is evaluated by NumPy.

The gradient of an array graph is more nodes of the same graph; one plan evaluates value and gradient together. Where an
element stands on a kink or has no value, everything is decided as for numbers: see `elements`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from adcalc.api.arrays.inner import Inner, inner, missing
from adcalc.errors import AdcalcError, DomainError, LimitError
from adcalc.graph.unfold import MATRICES
from adcalc.modes import forward, reverse
from adcalc.modes.base import NodeError
from adcalc.modes.blame import text_of
from adcalc.modes.digits.array_watch import ArrayWatch
from adcalc.modes.edges.edges import edges
from adcalc.modes.plans.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adcalc.api.program import Program
    from adcalc.graph.node import NodeId
    from adcalc.syntax.lowered import Lowered

Numbers: TypeAlias = "float | np.ndarray[Any, Any]"


class Slopes(NamedTuple):
    """A value and its partials by some variables, each in the variable's own shape; what differences say of errors."""

    value: Numbers
    partials: dict[str, Numbers]
    errors: dict[str, float]
    branches: tuple[str, ...]


def evaluated(program: Program, lowered: Lowered, at: Mapping[str, Any], outputs: Sequence[NodeId]) -> list[Numbers]:
    """The values of some nodes at a point. Raises what `Function.evaluate` raises.

    >>> from adcalc.api import function
    >>> function("A@x").value(A=[[1, 2], [3, 4]], x=[1, 1]).tolist()
    [3.0, 7.0]
    """
    from adcalc.api.program import real

    key = ("value", *outputs)
    if key not in lowered.plans:
        first, held = len(lowered.graph), inner(program, lowered)
        wanted = [*outputs, *(one.condition for one in held)]
        watch = ArrayWatch(lowered.graph)
        lowered.plans[key] = Plan(lowered.graph, wanted, real(program.table), first, watch=watch), held
    plan, held = lowered.plans[key]
    try:
        found = plan.run(_point(lowered, at))
    except NodeError as error:
        raise _explained(program, lowered, at, error) from None
    _require(held, found[len(outputs) :], lowered)
    values = [finished(value) for value in found[: len(outputs)]]
    for value in values:
        if not _is_finite(value):
            raise _explained(program, lowered, at, NodeError("overflow", lowered.output, []))
    return values


def gradient(
    program: Program,
    lowered: Lowered,
    at: Mapping[str, Any],
    names: Sequence[str],
    mode: str = "reverse",
    difference: str = "richardson",
    at_kink: str | None = None,
) -> Slopes:
    """The value and the partials at a point. Raises what `Function.gradient` raises.

    >>> from adcalc.api import function
    >>> function("sum((A@x)^2)").gradient(A=[[1, 2], [3, 4]], x=[1, 1], wrt=["x"]).gradient["x"].tolist()
    [48.0, 68.0]
    """
    made = prepared(program, lowered, tuple(names), mode)
    try:
        found = made.plan.run(_point(lowered, at))
    except NodeError as error:
        raise _explained(program, lowered, at, error) from None
    partials = found[1 : 1 + len(made.partials)]
    conditions = found[1 + len(made.partials) :]
    _require(made.held, conditions[: len(made.held)], lowered)
    if mode != "finite" and not any(np.any(edge) for edge in conditions[len(made.held) :]):
        if mode == "forward":
            from adcalc.api.arrays.along import each

            partials = each(made, _point(lowered, at), at, names)
        found_by_name = dict(zip(made.flowing, partials, strict=True))
        given = {name: _fitted(found_by_name.get(name, 0.0), at[name]) for name in names}
        value = finished(found[0])
        if _is_finite(value) and all(map(_is_finite, given.values())):
            return Slopes(value, given, {}, ())
    from adcalc.api.arrays.elements import slopes

    return slopes(program, lowered, at, names, mode, difference, at_kink)


def _require(held: Sequence[Inner], found: Sequence[Any], lowered: Lowered) -> None:
    """Raise NotDifferentiableError where a derivative inside the program does not exist."""
    for one, truth in zip(held, found, strict=True):
        if np.any(truth):
            raise missing(one.node, lowered)


class Prepared(NamedTuple):
    """The plan of a gradient: value, partials of the variables that matter, conditions of inner derivatives, edges.

    `flowing` are those variables; `tangents`, in forward mode, the seed and the plan of each.
    """

    plan: Plan
    partials: tuple[NodeId, ...]
    flowing: tuple[str, ...]
    tangents: dict[str, tuple[NodeId, Plan]]
    held: list[Inner]


def prepared(program: Program, lowered: Lowered, names: tuple[str, ...], mode: str) -> Prepared:
    """The plan of a gradient, made once. Raises NotDifferentiableError where there is no rule.

    >>> from adcalc.api import function
    >>> f = function("sum(x^2)")
    >>> prepared(f, f.at({"x": [1, 2]})[0], ("x",), "reverse").flowing
    ('x',)
    """
    key = (mode, *names)
    made: Prepared | None = lowered.plans.get(key)
    if made is None:
        made = lowered.plans[key] = _prepare(program, lowered, names, mode)
    return made


def _prepare(program: Program, lowered: Lowered, names: tuple[str, ...], mode: str) -> Prepared:
    from adcalc.api.program import real

    graph, output = lowered.graph, lowered.output
    shown = output if lowered.weighed is None else lowered.weighed
    first = output + 1  # what a derivative is made of, whoever has asked for it before
    rules = real(program.table)
    wrt = tuple(lowered.variables[name] for name in names)
    tape = program.differentiate.tape(graph, output, wrt)
    program.require_rules(lowered, tape)
    held = inner(program, lowered)
    watched = [*(one.condition for one in held), *(edge.condition for edge in edges(tape))]
    if mode == "forward":
        tangents = {}
        for name, variable in zip(names, wrt, strict=True):
            seed = graph.input(f"d{name}#seed", graph.shape(variable))
            tangent = forward.push(tape, {variable: seed})
            if tangent is not None:
                tangents[name] = (seed, Plan(graph, [tangent], rules, first, watch=ArrayWatch(graph, first)))
        return Prepared(
            Plan(graph, [shown, *watched], rules, first, watch=ArrayWatch(graph)), (), names, tangents, held
        )
    found = [] if mode == "finite" else reverse.run(tape).partials
    if mode == "symbolic":
        from adcalc.rewrite.simplify import simplify

        present = [partial for partial in found if partial is not None]
        simple = iter(simplify(graph, present, program.table).outputs)
        found = [None if partial is None else next(simple) for partial in found]
    flowing = tuple(name for name, partial in zip(names, found, strict=False) if partial is not None)
    partials = tuple(partial for partial in found if partial is not None)
    plan = Plan(graph, [shown, *partials, *watched], rules, first, watch=ArrayWatch(graph, first))
    return Prepared(plan, partials, flowing, {}, held)


def _point(lowered: Lowered, at: Mapping[str, Any]) -> dict[NodeId, Any]:
    return {lowered.variables[name]: value for name, value in at.items()}


def _is_finite(value: Any) -> bool:
    return bool(np.isfinite(np.sum(value)) or np.all(np.isfinite(value)))  # the sum is quicker, and may overflow


def finished(value: Any) -> Numbers:
    """A number as a float; an array that is nobody else's, without negative zeros.

    >>> finished(np.array([-0.0, 1.0])).tolist()
    [0.0, 1.0]
    """
    if np.ndim(value) == 0:
        return float(value) + 0.0
    if isinstance(value, np.ndarray) and value.base is None and value.dtype == np.float64:
        return np.add(value, 0.0, out=value)
    return np.asarray(value) + 0.0


def _fitted(partial: Any, value: Any) -> Numbers:
    """A partial in the shape of its variable."""
    return finished(partial if np.shape(partial) == np.shape(value) else np.broadcast_to(partial, np.shape(value)))


def _explained(program: Program, lowered: Lowered, at: Mapping[str, Any], error: NodeError) -> AdcalcError:
    """The error that a user reads: about an element, where the arrays are small enough to find it."""
    if lowered.graph.nodes[error.node].op in MATRICES and error.kind == "domain" and error.__cause__:
        return DomainError(f"{text_of(lowered, error.node)} has no value: {error.__cause__}", lowered.place(error.node))
    if lowered.graph.shape(lowered.output) == ():
        from adcalc.api.arrays.elements import by_element

        try:
            parts = by_element(lowered, at)
            program.tape(parts.lowered, parts.at, ())
        except LimitError:
            pass
        except AdcalcError as found:
            return found
    return program.explained(error, lowered)
