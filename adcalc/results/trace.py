"""The work of a mode as data: the nodes, the edges between them, and the steps in which the algorithm fills them."""

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeAlias

from adcalc.results.memory import Memory

Shown: TypeAlias = Any  # float | bool, or of arrays NumPy's or Large


class Large(NamedTuple):
    """An array with too many elements to be looked at one by one: its shape, and its norm, the root of their squares.

    >>> Large((256, 512), 3.5).norm
    3.5
    """

    shape: tuple[int, ...]
    norm: float


class TraceNode(NamedTuple):
    """One node of the work: an input, a value that the program names, or an elemental operation.

    `args` are the ids of the nodes that it is computed from (in a trace each once, in a drawing as the operation takes
    them); `text` is the operation over their names.
    `value` is None where it was not computed, a bool for a condition. `adjoint` is reverse mode's, None where no
    derivative flows; `tangents` has forward mode's, one for each direction. All three are arrays where `shape` says so,
    or Large. `place` is where the node stands in the user's text: (start, end) in characters; `shared` says that more
    than one node uses it.

    >>> TraceNode(2, "v1", "mul", (0, 1), "x*y", 6.0).name
    'v1'
    """

    id: int
    name: str
    op: str
    args: tuple[int, ...]
    text: str
    value: Shown | None = None
    adjoint: Shown | None = None
    tangents: tuple[Shown | None, ...] = ()
    place: tuple[int, int] | None = None
    shared: bool = False
    shape: tuple[int, ...] = ()


class TraceEdge(NamedTuple):
    """An edge from an argument (`source`) to its user (`target`), and the user's partial derivative by it.

    `partial` is None where there is no point, where no derivative flows, and between arrays, whose partial derivatives
    nobody writes down. There `formula` says what flows: in reverse mode what the user's adjoint dL/dY hands down to the
    argument, X.T @ dL/dY, and in forward mode what the argument's tangent dX gives the user's, dX @ W.

    >>> TraceEdge(0, 2, 3.0).partial
    3.0
    """

    source: int
    target: int
    partial: float | None = None
    formula: str = ""


class Term(NamedTuple):
    """One product of an accumulator's sum: a user's adjoint times the partial on the edge to that user.

    Between arrays it is no product, and `formula` says what it is; adjoint and partial are then 0.

    >>> Term(3, 0.5, 1.0).adjoint
    0.5
    """

    user: int
    adjoint: float
    partial: float
    formula: str = ""


class Update(NamedTuple):
    """An accumulator after a step: the terms that it is the sum of so far, in the order of the nodes, and its value.

    Of a long sum only the newest term is here, and `earlier` says how many there are besides. The result's accumulator
    is the seed, a sum of no terms.

    >>> Update(0, (Term(1, 0.5, 1.0),), 0.5).adjoint
    0.5
    """

    node: int
    terms: tuple[Term, ...]
    adjoint: Shown
    earlier: int = 0


class TraceStep(NamedTuple):
    """One step of the work, on one node (None at the start).

    `phase` is "start", "primal" (the node's value and its edges are filled), "push" (forward mode's value and
    tangents), "return" (the updates that the node's adjoint makes), or "again" (a value that had been let go).

    >>> TraceStep("start").node is None
    True
    """

    phase: str
    node: int | None = None
    updates: tuple[Update, ...] = ()


class Trace(NamedTuple):
    """What a mode did at a point, step by step.

    `output` is the id of the result; `order` says in which order the nodes were evaluated, `layers` in how many layers
    and `held` how many values at most had to be kept at once. `directions` names forward mode's tangents,
    `substitution` has its worked lines for each of them. `gradient` is what grad prints. `rules` has the row of each
    operation, `warnings` are pairs of a kind and a message. Of arrays `held` counts elements, and `memory` is how both
    sweeps were done: what was held when.

    >>> node = TraceNode(0, "x", "input", (), "x", 1.0, 1.0)
    >>> Trace("x", {"x": 1.0}, "reverse", 1.0, {"x": 1.0}, 0, (node,), ()).order
    'creation'
    """

    expression: str
    at: Mapping[str, Any]
    mode: str
    value: float
    gradient: Mapping[str, Any]
    output: int
    nodes: tuple[TraceNode, ...]
    edges: tuple[TraceEdge, ...]
    steps: tuple[TraceStep, ...] = ()
    order: str = "creation"
    layers: int = 0
    held: int = 0
    directions: tuple[str, ...] = ()
    substitution: tuple[tuple[str, ...], ...] = ()
    rules: Mapping[str, str] = {}
    warnings: tuple[tuple[str, str], ...] = ()
    memory: Memory | None = None


class Drawing(NamedTuple):
    """A graph to be drawn: with a point its nodes have values and adjoints, and its edges partials.

    Constants are nodes here (`op` is "constant", `text` the number). `warnings` are pairs of a kind and a message.

    >>> Drawing("x", {}, 0, (TraceNode(0, "x", "input", (), "x"),), ()).output
    0
    """

    expression: str
    at: Mapping[str, float]
    output: int
    nodes: tuple[TraceNode, ...]
    edges: tuple[TraceEdge, ...]
    warnings: tuple[tuple[str, str], ...] = ()


class DifferentialProgram(NamedTuple):
    """A program together with its derivative, as text of the language.

    >>> DifferentialProgram("x^2", {}, "forward", "v1 = x^2\\ndv1 = 2*x*dx\\ndv1").mode
    'forward'
    """

    expression: str
    at: Mapping[str, float]
    mode: str
    program: str
