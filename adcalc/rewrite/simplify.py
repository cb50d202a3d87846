"""Formulas as a person would write them."""

from collections.abc import Sequence
from typing import NamedTuple

from adcalc.graph.graph import Graph
from adcalc.graph.node import NodeId
from adcalc.rules.table import Table


class Simplified(NamedTuple):
    """The simplified nodes, and the conditions under which they equal the given ones."""

    outputs: tuple[NodeId, ...]
    assumptions: tuple[NodeId, ...]


def simplify(graph: Graph, outputs: Sequence[NodeId], table: Table) -> Simplified:
    """The outputs in a shorter form, as nodes of the same graph."""
    return Simplified(tuple(outputs), ())
