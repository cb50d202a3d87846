"""Warnings about what could be read in two ways, where there are arrays: a power of a matrix is one of its elements."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adcalc.syntax.lowered import Lowered

_INVERSE = re.compile(r"(.*?)\s*(?:(?:\^|\*\*)\s*(?:[-−]\s*1|\(\s*[-−]\s*1\s*\))|⁻¹)", re.DOTALL)


def readings(lowered: Lowered) -> tuple[tuple[str, str], ...]:
    """The warnings about a program with arrays: pairs of a kind and a message.

    >>> from adcalc.api import function
    >>> function("A^-1").evaluate({"A": [[1, 2], [3, 4]]}).warnings
    (('interpretation', 'A^-1 is 1/A element by element; the inverse matrix is inv(A)'),)
    """
    graph = lowered.graph
    found: dict[str, None] = {}
    if "pow" not in graph.ops:
        return ()
    for node in graph.below(lowered.output):
        op, args, _ = graph.nodes[node]
        place = lowered.place(node)
        if op != "pow" or place is None:
            continue
        shape = graph.shape(args[0])
        written = _INVERSE.fullmatch(place.excerpt)
        if written is not None and len(shape) == 2 and shape[0] == shape[1]:
            base = " ".join(written[1].split())
            bare = base[1:-1] if base.startswith("(") and base.endswith(")") and base.count("(") == 1 else base
            message = f"{base}^-1 is 1/{base} element by element; the inverse matrix is inv({bare})"
            found[message] = None
    return tuple(("interpretation", message) for message in found)
