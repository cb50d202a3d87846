"""Warnings about what could be read in two ways, where there are arrays.

A power of a matrix is one of its elements; a column and a vector of the same length make a square matrix.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adcalc.api.floats import Warnings
    from adcalc.graph.node import NodeId
    from adcalc.syntax.lowered import Lowered

_INVERSE = re.compile(r"(.*?)\s*(?:(?:\^|\*\*)\s*(?:[-−]\s*1|\(\s*[-−]\s*1\s*\))|⁻¹)", re.DOTALL)
_MEANT = frozenset({"reshape", "array", "transpose", "broadcast"})  # whoever shapes an array knows its shape


def readings(lowered: Lowered) -> Warnings:
    """The warnings about a program with arrays: pairs of a kind and a message.

    >>> from adcalc.api import function
    >>> function("A^-1").evaluate({"A": [[1, 2], [3, 4]]}).warnings
    (('interpretation', 'A^-1 is 1/A element by element; the inverse matrix is inv(A)'),)
    """
    found: Warnings | None = lowered.plans.get("readings")
    if found is None:
        nodes = lowered.graph.below(lowered.output)
        messages = dict.fromkeys(message for node in nodes if (message := _reading(lowered, node)))
        found = lowered.plans["readings"] = tuple(("interpretation", message) for message in messages)
    return found


def _reading(lowered: Lowered, node: NodeId) -> str:
    graph = lowered.graph
    op, args, _ = graph.nodes[node]
    place = lowered.place(node) if op in ("pow", "add", "sub") else None
    if place is None:
        return ""
    if op == "pow":
        shape = graph.shape(args[0])
        written = _INVERSE.fullmatch(place.excerpt)
        if written is None or len(shape) != 2 or shape[0] != shape[1]:
            return ""
        base = " ".join(written[1].split())
        bare = base[1:-1] if base.startswith("(") and base.endswith(")") and base.count("(") == 1 else base
        return f"{base}^-1 is 1/{base} element by element; the inverse matrix is inv({bare})"
    shapes = sorted((graph.shape(argument) for argument in args), key=len)
    if shapes != [shapes[1][:1], (*shapes[1][:1], 1)] or shapes[0] == (1,):
        return ""
    made = {graph.nodes[argument].op for argument in args}
    if made & _MEANT or any(graph.nodes[other].op == "reshape" for argument in args for other in graph.below(argument)):
        return ""
    count = shapes[0][0]
    excerpt = " ".join(place.excerpt.split())
    return (
        f"{count}x1 and a vector of {count} make {count}x{count} in {excerpt}; "
        f"reshape(…, {count}, 1) makes the vector a column"
    )
