"""Jacobians where there are arrays: by elements where these are few or far apart, else by plans of NumPy's functions.

A forward plan is the result pushed along a seed, run for each element of the variables; a reverse plan pulls a weight
of the result back, run for each element of the result. The plan that is run less often is taken.
"""

from __future__ import annotations

from itertools import product as every
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from adcalc.api.arrays.arrays import evaluated
from adcalc.api.arrays.elements import elements, work
from adcalc.api.arrays.inner import Inner, inner, missing
from adcalc.api.asked import Asked
from adcalc.api.matrices.jacobian import rows, whole
from adcalc.api.matrices.seeds import tangent_name
from adcalc.api.program import real
from adcalc.errors import LimitError
from adcalc.graph.shape import size
from adcalc.modes import forward, reverse
from adcalc.modes.base import NodeError
from adcalc.modes.digits.array_watch import ArrayWatch
from adcalc.modes.edges.edges import edges
from adcalc.modes.plans.plan import Plan
from adcalc.results.jacobian import Jacobian

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adcalc.api.floats import Warnings
    from adcalc.api.function import Function
    from adcalc.api.program import Program
    from adcalc.graph.node import NodeId
    from adcalc.syntax.lowered import Lowered

_FEW: Final = 2000  # elements that are unfolded without another thought
_MANY: Final = 200_000  # elements that are not
_PER_ELEMENT: Final = 3e-5  # seconds that an unfolded element takes, about
_PER_STEP: Final = 8e-6  # and each node of an array program for every run
_PER_NUMBER: Final = 3e-9  # and each number of it
_LARGEST: Final = 50_000_000  # numbers of a Jacobian that is written down


class _Seeded(NamedTuple):
    """A plan of the result, of derivatives along seeds, and of conditions under which there are none.

    `seeds` are the inputs to be set, by variable, or "" for the weight of the result; `flowing` the variables that have
    a derivative.
    """

    plan: Plan
    seeds: dict[str, NodeId]
    flowing: tuple[str, ...]
    held: list[Inner]


def jacobian(
    function: Function,
    lowered: Lowered,
    at: Mapping[str, Any],
    names: Sequence[str],
    mode: str | None,
    difference: str,
    at_kink: str | None,
) -> Jacobian:
    """The Jacobian of an array program at a point. Raises what `jacobian` of numbers raises.

    >>> from adcalc.api import function
    >>> f = function("A@x")
    >>> found = jacobian(f, *f.at({"A": [[1, 2], [3, 4]], "x": [1, 1]}, several=True), ["x"], None, "richardson", None)
    >>> found.jacobian["x"].tolist(), found.mode
    ([[1.0, 2.0], [3.0, 4.0]], 'reverse')
    """
    graph = lowered.graph
    shape = graph.shape(lowered.output)
    shapes = {name: graph.shape(lowered.variables[name]) for name in names}
    results, inputs = size(shape), sum(map(size, shapes.values()))
    if results * inputs > _LARGEST:
        raise LimitError(f"the Jacobian has {results} rows and {inputs} columns", None, "jvp and vjp give its products")
    runs = {"forward": inputs, "reverse": results}
    if mode in (None, *runs) and not _unfolds(lowered, runs[mode] if mode else min(runs.values())):
        chosen = mode or min(("reverse", "forward"), key=lambda one: runs[one])
        found = _by_runs(function, lowered, at, names, chosen)
        if found is not None:
            value, blocks, lost = found
            steps = len(graph.live(lowered.output))
            counted = {one: count * steps for one, count in runs.items()}
            return Jacobian(function.source.text, at, chosen, value, blocks, counted, {}, lost)
    parts = elements(function, lowered, at, names)
    asked = Asked(function, parts.lowered, parts.at, parts.flat, True, at_kink=at_kink)
    made = rows(asked, parts.results, mode, difference)
    matrix = np.array(made.partials, dtype=float).reshape(results, inputs)
    errors = np.array(made.errors, dtype=float).reshape(results, inputs) if made.errors else None
    return Jacobian(
        function.source.text,
        at,
        made.mode,
        whole(made.values, shape),
        _blocks(matrix, shape, shapes),
        made.work,
        {} if errors is None else _blocks(errors, shape, shapes),
        made.warnings,
    )


def _unfolds(lowered: Lowered, runs: int) -> bool:
    """Whether a Jacobian is cheaper by elements than by so many runs of a plan."""
    count = work(lowered.graph, lowered.output)
    if count <= _FEW:
        return True
    each = len(lowered.graph.live(lowered.output)) * _PER_STEP + count * _PER_NUMBER
    return count <= _MANY and count * _PER_ELEMENT < runs * each


def _blocks(matrix: Any, shape: tuple[int, ...], shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Any]:
    """The columns of each variable, in the shape of the result and then of the variable."""
    made: dict[str, Any] = {}
    start = 0
    for name, own in shapes.items():
        made[name] = whole(matrix[:, start : start + size(own)], shape + own)
        start += size(own)
    return made


def _by_runs(
    program: Program, lowered: Lowered, at: Mapping[str, Any], names: Sequence[str], mode: str
) -> tuple[Any, dict[str, Any], Warnings] | None:
    """Value and blocks from a plan, run for one element after the other, and what is to be said of them.

    None where an element stands on an edge, or has lost digits that can be proved.
    """
    from adcalc.api.proofs import array_doubts

    key = ("jacobian", mode, *names)
    if key not in lowered.plans:
        lowered.plans[key] = (_pushed if mode == "forward" else _pulled)(program, lowered, names)
    made: _Seeded = lowered.plans[key]
    shape = lowered.graph.shape(lowered.output)
    shapes = {name: lowered.graph.shape(lowered.variables[name]) for name in names}
    blocks = {name: np.zeros(shape + own) for name, own in shapes.items()}
    point = {lowered.variables[name]: value for name, value in at.items()}
    zeros = {name: np.zeros(lowered.graph.shape(seed)) for name, seed in made.seeds.items()}
    value: Any = None
    told: Warnings = ()
    for name in made.seeds:
        for index in every(*map(range, zeros[name].shape)):
            unit = zeros[name].copy()
            unit[index] = 1.0
            place_of = point | {seed: unit if one == name else zeros[one] for one, seed in made.seeds.items()}
            try:
                found = made.plan.run(place_of)
            except NodeError:
                return None
            value, derivatives, conditions = found[0], found[1 : 1 + len(made.flowing)], found[1 + len(made.flowing) :]
            for one, truth in zip(made.held, conditions, strict=False):
                if np.any(truth):
                    raise missing(one.node, lowered)
            if any(np.any(truth) for truth in conditions[len(made.held) :]):
                return None
            if not all(np.all(np.isfinite(part)) for part in (value, *derivatives)):
                return None
            if array_doubts.is_doubtful(made.plan, place_of, (value, *derivatives), lowered):
                if not array_doubts.is_long(lowered):
                    return None
                told = told or array_doubts.unproved(lowered, made.plan, set(made.plan.outputs), {})
            if mode == "forward":
                place: Any = (..., *index)
                blocks[name][place] = derivatives[0] if derivatives else 0.0
            else:
                for other, part in zip(made.flowing, derivatives, strict=True):
                    blocks[other][index] = part
    if value is None:  # there was nothing to run for
        (value,) = evaluated(program, lowered, at, [lowered.output])
    made_of = {name: block + 0.0 if block.ndim else float(block) for name, block in blocks.items()}
    return whole(value, shape), made_of, told


def _pushed(program: Program, lowered: Lowered, names: Sequence[str]) -> _Seeded:
    """The result pushed along a seed for each variable."""
    graph, output = lowered.graph, lowered.output
    first, tape, wrt = _begun(program, lowered, names)
    seeds = {name: graph.input(tangent_name(name), graph.shape(node)) for name, node in zip(names, wrt, strict=True)}
    tangent = forward.push(tape, {node: seeds[name] for name, node in zip(names, wrt, strict=True)})
    held, conditions = _watched(program, lowered, tape)
    outputs = [output, *([] if tangent is None else [tangent]), *conditions]
    plan = Plan(graph, outputs, real(program.table), first, watch=ArrayWatch(graph, first))
    return _Seeded(plan, seeds, () if tangent is None else ("",), held)


def _pulled(program: Program, lowered: Lowered, names: Sequence[str]) -> _Seeded:
    """The gradient of the result's sum, each element with a weight."""
    graph, output = lowered.graph, lowered.output
    first, tape, wrt = _begun(program, lowered, names)
    held, conditions = _watched(program, lowered, tape)
    shape = graph.shape(output)
    weight = graph.input("#weight", shape)
    total = graph.apply("mul", weight, output)
    if shape:
        total = graph.arrange("sum", (tuple(range(len(shape))), False), total)
    partials = reverse.run(program.differentiate.tape(graph, total, wrt)).partials
    flowing = {name: partial for name, partial in zip(names, partials, strict=True) if partial is not None}
    outputs = [output, *flowing.values(), *conditions]
    plan = Plan(graph, outputs, real(program.table), first, watch=ArrayWatch(graph, first))
    return _Seeded(plan, {"": weight}, tuple(flowing), held)


def _begun(program: Program, lowered: Lowered, names: Sequence[str]) -> tuple[int, Any, tuple[NodeId, ...]]:
    first = len(lowered.graph)
    wrt = tuple(lowered.variables[name] for name in names)
    tape = program.differentiate.tape(lowered.graph, lowered.output, wrt)
    program.require_rules(lowered, tape)
    return first, tape, wrt


def _watched(program: Program, lowered: Lowered, tape: Any) -> tuple[list[Inner], list[NodeId]]:
    """What must not be true: the conditions of derivatives inside, and of edges."""
    held = inner(program, lowered)
    return held, [*(one.condition for one in held), *(edge.condition for edge in edges(tape))]
