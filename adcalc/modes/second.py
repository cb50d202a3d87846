"""Second derivatives on the graph itself: the return sweep over nodes, then a forward sweep for each colour.

What comes out are nodes of the same graph, so that value, gradient and second derivatives share what they have in
common, and what no entry needs is never evaluated. Every unordered pair of inputs is read once: the matrix is symmetric
to the last bit.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final, NamedTuple

from adcalc.arithmetics.base import Operation
from adcalc.graph.graph import Graph
from adcalc.graph.node import CONSTANT, INPUT, NodeId
from adcalc.modes import forward, reverse
from adcalc.modes.base import NodeError, Problem, Tape
from adcalc.modes.colouring import Entry, coloured, entries
from adcalc.modes.sparsity import Interactions, pattern
from adcalc.modes.sweep import LAZY, ByOp, on_demand
from adcalc.rules.compiled import Compiled

_ONE: Final = Fraction(1)


class Slopes(NamedTuple):
    """The gradient as nodes, and what is known of its derivatives: which entries there are, and where they are read.

    >>> Slopes((3, None), (0, -1), 1, ()).number
    1
    """

    gradient: tuple[NodeId | None, ...]
    colours: tuple[int, ...]
    number: int
    entries: tuple[Entry, ...]


def slopes(tape: Tape[NodeId], mode: str = "reverse") -> Slopes:
    """The gradient of a graph of numbers without choices, on the graph itself, with pattern and colouring.

    The tape's numbers are the graph's own nodes; `mode` says how the gradient is made: "reverse", or "forward".

    >>> from adcalc.api import function
    >>> f = function("x^2*y")
    >>> graph, output = f.lowered().graph, f.lowered().output
    >>> found = slopes(f.differentiate.tape(graph, output, (0, 3)))
    >>> [(entry.row, entry.column) for entry in found.entries], found.number
    ([(0, 0), (0, 1)], 2)
    """
    gradient = (forward if mode == "forward" else reverse).run(tape).partials
    rows = pattern(tape.problem.graph, tape.value, tape.problem.wrt, Interactions(tape.rules))
    colouring = coloured(rows)
    return Slopes(gradient, colouring.colours, colouring.number, tuple(entries(rows, colouring)))


def formulas(tape: Tape[NodeId], made: Slopes) -> tuple[tuple[int, int, NodeId], ...]:
    """The entries as nodes of the same graph, a forward sweep over nodes for each colour; those that are 0 left out.

    >>> from adcalc.api import function
    >>> f = function("x^2*y")
    >>> tape = f.differentiate.tape(f.lowered().graph, f.lowered().output, (0, 3))
    >>> [(row, column) for row, column, _ in formulas(tape, slopes(tape))]
    [(0, 0), (0, 1)]
    """
    graph, wrt = tape.problem.graph, tape.problem.wrt
    partials = gradient_tape(tape, made.gradient)
    one = tape.rules.arithmetic.constant(_ONE)
    products = []
    for colour in range(made.number):
        seed = {node: one for node, own in zip(wrt, made.colours, strict=True) if own == colour}
        products.append(forward.tangent_sweep(partials, seed))
    found = []
    for row, column, read, colour in made.entries:
        partial = made.gradient[read]
        entry = None if partial is None else products[colour][partial]
        if entry is not None and not _is_zero(graph, entry):
            found.append((row, column, entry))
    return tuple(found)


def pushed(
    tape: Tape[float], active: bytearray, made: Slopes, add: Operation | None = None
) -> list[tuple[int, int, float]]:
    """The entries as numbers: one forward sweep over the gradient's own tape, with a tangent for each colour.

    `active` says through which nodes a derivative flows; `add` is an addition that looks at what it adds.
    Raises NodeError where a slope is beyond floating point.
    """
    present = {partial for partial in made.gradient if partial is not None}
    named = {node: colour for node, colour in zip(tape.problem.wrt, made.colours, strict=True) if colour >= 0}
    tangents = forward.carried(tape, active, present, named, add)
    found = []
    for row, column, read, colour in made.entries:
        partial = made.gradient[read]
        tangent = None if partial is None else tangents.get(partial, {}).get(colour)
        if tangent is not None:
            found.append((row, column, tangent))
    return found


def product(
    tape: Tape[NodeId], seed: Mapping[NodeId, NodeId], mode: str = "reverse"
) -> tuple[tuple[NodeId | None, ...], tuple[NodeId | None, ...]]:
    """The gradient, and the product of the Hessian with the seed, which gives inputs their tangents, as nodes.

    >>> from adcalc.api import function
    >>> f = function("x^2*y")
    >>> graph, output = f.lowered().graph, f.lowered().output
    >>> _, found = product(f.differentiate.tape(graph, output, (0, 3)), {3: graph.constant(Fraction(1))})
    >>> [None if node is None else graph.nodes[node].op for node in found]
    ['mul', None]
    """
    gradient = (forward if mode == "forward" else reverse).run(tape).partials
    tangents = forward.tangent_sweep(gradient_tape(tape, gradient), seed)
    made = tuple(None if partial is None else tangents[partial] for partial in gradient)
    return gradient, made


def gradient_tape(tape: Tape[NodeId], gradient: Sequence[NodeId | None]) -> Tape[NodeId]:
    """A tape on which the partials stand, all in one, so that a forward sweep differentiates them together.

    Its output is the last of its nodes, whichever that is.
    """
    present = [partial for partial in gradient if partial is not None]
    graph = tape.problem.graph
    live = graph.live(*present)
    top = max(present, default=-1)
    return Tape(tape.problem._replace(output=top), tape.rules, live, list(range(top + 1)))


def numbers(
    graph: Graph, outputs: Sequence[NodeId], point: Mapping[NodeId, float], rules: Compiled[float]
) -> list[Any]:
    """The values of all nodes that the outputs need, by id; None for those that a choice leaves out.

    Raises NodeError where a node has no value.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> numbers(graph, [graph.apply("mul", x, x)], {x: 3.0}, Compiled(standard(), Real()))
    [3.0, 9.0]
    """
    values: list[Any] = [None] * (max(outputs, default=-1) + 1)
    functions = ByOp(rules.value)
    for output in outputs if not LAZY.isdisjoint(graph.ops) else ():
        on_demand(graph, rules, point, output, values, functions)
    if LAZY.isdisjoint(graph.ops):
        _ascending(graph, graph.live(*outputs), point, rules, values, functions)
    return values


def _ascending(
    graph: Graph,
    live: Sequence[NodeId],
    point: Mapping[NodeId, float],
    rules: Compiled[float],
    values: list[Any],
    functions: ByOp,
) -> None:
    """Fill in the values of live nodes, where all of them are needed."""
    constant = rules.arithmetic.constant
    nodes = graph.nodes
    node = 0
    try:
        for node in live:
            op, args, label = nodes[node]
            if op == INPUT:
                values[node] = point[node]
            elif op == CONSTANT:
                values[node] = constant(label)  # type: ignore[arg-type]  # a constant's label is its value
            else:
                values[node] = functions[op](*[values[argument] for argument in args])
    except (ValueError, ArithmeticError) as error:
        raise NodeError("domain", node, [values[argument] for argument in nodes[node].args]) from error


def slopes_at(
    graph: Graph,
    gradient: Sequence[NodeId | None],
    wrt: tuple[NodeId, ...],
    point: Mapping[NodeId, float],
    values: list[Any],
    rules: Compiled[float],
) -> Tape[float]:
    """The tape of the partials in numbers, on which singular.py finds kinks of the gradient.

    `values` are those of all nodes that the partials need.
    """
    present = [partial for partial in gradient if partial is not None]
    order = [node for node in graph.live(*present) if values[node] is not None]
    return Tape(Problem(graph, max(present, default=-1), wrt, point), rules, order, values)


def _is_zero(graph: Graph, node: NodeId) -> bool:
    op, _, label = graph.nodes[node]
    return op == CONSTANT and label == 0
