"""Derivatives as formulas where there are arrays: by an array of one number, and by numbers of everything.

The derivative of a number by an array has the array's shape, and that of an array by a number the shape of the former.
What would have an index for each of both is no formula here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from adcalc.api.arrays.arrays import evaluated
from adcalc.api.formulas.slopes import slope
from adcalc.api.proofs import array_repair
from adcalc.errors import NotDifferentiableError, ShapeError, UsageError
from adcalc.graph.shape import text
from adcalc.modes.edges.edges import edges
from adcalc.syntax.echo import echo
from adcalc.syntax.unparse import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adcalc.api.floats import Warnings
    from adcalc.api.program import Program
    from adcalc.graph.node import NodeId
    from adcalc.syntax.lowered import Lowered


def refuse(lowered: Lowered, ways: Sequence[tuple[str, ...]], steps: bool) -> None:
    """Raise what there is to say of derivatives that have no formula: ShapeError, or UsageError for a derivation."""
    shape = lowered.graph.shape(lowered.output)
    for way in ways:
        arrays = [name for name in way if lowered.graph.shape(lowered.variables[name])]
        if shape and arrays:
            raise ShapeError(
                f"{_what(lowered, arrays[0])}, and the result is {text(shape)}: the derivative has an index for each",
                lowered.place(lowered.output),
                "take one element, or a sum; jacobian differentiates them all",
            )
        if len(arrays) > 1:
            ranks = sum(len(lowered.graph.shape(lowered.variables[name])) for name in arrays)
            counted = ", and ".join(_what(lowered, name) for name in dict.fromkeys(arrays))
            times = "by all of them" if len(set(arrays)) > 1 else "by it twice" if len(arrays) == 2 else "by it again"
            raise ShapeError(
                f"{counted}: a derivative {times} has {ranks} indices",
                None,
                "by an array diff differentiates once, by numbers as often as you like",
            )
    if steps:
        raise UsageError(
            "--steps derives functions of numbers, and here are arrays",
            hint="leave it out; adcalc trace shows the work on arrays",
        )


def _what(lowered: Lowered, name: str) -> str:
    return f"{quoted(name)} is {text(lowered.graph.shape(lowered.variables[name]))}"


def partial(program: Program, lowered: Lowered, way: tuple[str, ...]) -> NodeId:
    """The node of a derivative, in its full shape.

    >>> from adcalc.api import function
    >>> f = function("sum(x)", shapes={"x": (3,)})
    >>> f.lowered().graph.shape(partial(f, f.lowered(), ("x",)))
    (3,)
    """
    graph, variables = lowered.graph, lowered.variables
    node = lowered.output
    shape = graph.shape(node)
    for name in sorted(
        way, key=lambda one: not graph.shape(variables[one])
    ):  # the array first, while there is a number
        shape = graph.shape(variables[name]) or shape
        node = slope(program, lowered, node, name)
        node = node if graph.shape(node) == shape else graph.arrange("broadcast", shape, node)
    return node


def values(
    program: Program, lowered: Lowered, at: Mapping[str, Any], ways: Sequence[tuple[str, ...]], raw: Sequence[NodeId]
) -> tuple[Any, list[Any], Warnings]:
    """The value and the derivatives at a point, with warnings. Raises what `Function.gradient` raises.

    >>> from adcalc.api import function
    >>> f = function("sum(x^2)")
    >>> lowered, at = f.at({"x": [1, 2]})
    >>> values(f, lowered, at, [("x",)], [partial(f, lowered, ("x",))])[1][0].tolist()
    [2.0, 4.0]
    """
    value, warnings = array_repair.value(program, lowered, at)
    first = [way[0] for way in ways if len(way) == 1]
    known: Mapping[str, Any] = {}
    if first and not lowered.graph.shape(lowered.output):
        names = list(dict.fromkeys(first))
        slopes, lost = array_repair.slopes(program, lowered, at, names, "reverse", "", None)
        known, warnings = slopes.partials, tuple(dict.fromkeys((*warnings, *lost)))
    numbers = []
    for way, node in zip(ways, raw, strict=True):
        if len(way) == 1 and way[0] in known:
            numbers.append(known[way[0]])
        else:
            _require_smooth(program, lowered, at, way)
            numbers.append(evaluated(program, lowered, at, [node])[0])
    return value, numbers, warnings


def _require_smooth(program: Program, lowered: Lowered, at: Mapping[str, Any], way: tuple[str, ...]) -> None:
    """Raise NotDifferentiableError where an element stands on an edge that the derivatives on the way meet."""
    for order, name in enumerate(way):
        node = partial(program, lowered, way[:order])
        tape = program.differentiate.tape(lowered.graph, node, (lowered.variables[name],))
        conditions = [edge.condition for edge in edges(tape)]
        if any(bool(one) for found in evaluated(program, lowered, at, conditions) for one in _flat(found)):
            raise NotDifferentiableError(
                f"the derivative by {quoted(name)} does not exist at this point",
                lowered.place(lowered.output),
                f"an element of {echo(lowered.code)} stands on a kink or a jump",
            )


def _flat(found: Any) -> Sequence[float]:
    return found.ravel() if hasattr(found, "ravel") else [found]
