"""What a node of the graph is: an operation, its arguments, and nothing else.

Places in the text, display names and values live beside the graph, keyed by id, so that two nodes are the same
exactly when they compute the same thing.
"""

from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

NodeId: TypeAlias = int
Shape: TypeAlias = tuple[int, ...]
Label: TypeAlias = str | Fraction | tuple[Any, ...] | None

INPUT = "input"
CONSTANT = "constant"

RELATIONS = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!="}
CONNECTIVES = frozenset({"and", "or", "not"})
CONDITIONS = frozenset(RELATIONS) | CONNECTIVES
DERIVATIVES = {"d/d": "d", "∂/∂": "∂"}  # derivatives still to be taken: operations on an expression and a variable


class Node(NamedTuple):
    """One step of the computation: an elemental operation applied to earlier nodes.

    `op` is "input", "constant" or the name of a row; each of `args` is smaller than the node's own id; `label` is an
    input's name, a constant's exact value, or what an operation on arrays needs to know: axes, a shape, an index.

    >>> Node("add", (0, 1), None)
    Node(op='add', args=(0, 1), label=None)
    """

    op: str
    args: tuple[NodeId, ...]
    label: Label
