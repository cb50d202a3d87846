"""Second derivatives where there are arrays: by elements where these are few or far apart, else column by column.

Unfolded to numbers, a loop over the elements of a vector is as sparse as it looks, and costs a handful of sweeps. A
product of large matrices is dense: there the gradient, pushed along a direction, is a plan of NumPy's functions, run
for one element after the other.
"""

from __future__ import annotations

from itertools import product as every
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from adcalc.api.arrays import arrays
from adcalc.api.arrays.elements import Elements, elements, work
from adcalc.api.arrays.inner import Inner, inner, missing
from adcalc.api.asked import Asked
from adcalc.api.matrices.hessian import both
from adcalc.api.matrices.hvp import direct_product
from adcalc.api.matrices.seeds import tangent_name
from adcalc.api.matrices.triangle import triangle
from adcalc.api.program import real
from adcalc.api.proofs.array_doubts import is_doubtful
from adcalc.errors import LimitError
from adcalc.graph.elements import elements as labels_of
from adcalc.graph.shape import size
from adcalc.modes import reverse
from adcalc.modes.base import NodeError
from adcalc.modes.colouring import coloured
from adcalc.modes.digits.array_watch import ArrayWatch
from adcalc.modes.edges.edges import edges
from adcalc.modes.edges.settled import settled
from adcalc.modes.forward import tangent_sweep
from adcalc.modes.plans.plan import Plan
from adcalc.modes.plans.scaled import scaled
from adcalc.modes.second import gradient_tape
from adcalc.modes.sparsity import Interactions, pattern
from adcalc.results.second import Hessian, HessianProduct

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adcalc.api.function import Function
    from adcalc.api.program import Program
    from adcalc.syntax.lowered import Lowered

_FEW: Final = 200  # operations on numbers that are done by elements without another thought
_MANY: Final = 100_000  # operations on numbers that are not
_PER_ELEMENT: Final = 5e-5  # seconds that the gradient of an unfolded element takes, about
_PER_COLOUR: Final = 5e-6  # and one more sweep over it
_SPARSE: Final = 10  # one entry of so many, or fewer
_PER_STEP: Final = 2e-5  # and each node of an array program for every column
_PER_NUMBER: Final = 1e-8  # and each number of it
_WIDEST: Final = 5000  # columns of a matrix that is written down in full
_PROVED: Final = 20_000  # operations on numbers that are looked at one by one where digits may be lost


class Pushed(NamedTuple):
    """A plan of value, product with a seed, and conditions under which there is none.

    `flowing` are the variables with a product. The gradient itself is not among what is computed: its last products
    of matrices would cost as much as the value.
    """

    plan: Plan
    flowing: tuple[str, ...]
    held: list[Inner]


def hessian(
    function: Function, lowered: Lowered, at: Mapping[str, Any], names: Sequence[str], mode: str, difference: str
) -> Hessian:
    """The Hessian of an array program at a point. Raises what `hessian` of numbers raises.

    >>> from adcalc.api import function
    >>> f = function("sum(x)^2")
    >>> hessian(f, *f.at({"x": [1, 2]}), ["x"], "reverse", "richardson").hessian["x"]["x"].tolist()
    [[2.0, 2.0], [2.0, 2.0]]
    """
    shapes = {name: lowered.graph.shape(lowered.variables[name]) for name in names}
    parts = None
    if mode != "reverse" or work(lowered.graph, lowered.output) <= _MANY:
        parts = elements(function, lowered, at, names)
    if mode == "reverse" and (parts is None or not _is_sparse(function, lowered, parts)):
        found = _by_columns(function, lowered, at, names, shapes)
        if found is not None:
            return found
    parts = parts or elements(function, lowered, at, names)
    asked = Asked(function, parts.lowered, parts.at, parts.flat, True)
    made = triangle(asked, mode, difference)
    rows, columns, values, errors = both(made)
    slopes = dict(zip(asked.names, made.gradient, strict=True))
    gradient = {name: _shaped([slopes[label] for label in parts.names[name]], shape) for name, shape in shapes.items()}
    return Hessian(
        function.source.text, at, mode, made.value, gradient, asked.names, shapes, rows, columns, values,
        made.colours, errors, made.warnings,
    )  # fmt: skip


def hvp(
    function: Function,
    lowered: Lowered,
    at: Mapping[str, Any],
    names: Sequence[str],
    direction: Mapping[str, Any],
    mode: str,
    difference: str,
) -> HessianProduct:
    """The product of the Hessian of an array program with a direction. Raises what `hvp` of numbers raises.

    >>> from adcalc.api import function
    >>> f = function("sum(x)^2")
    >>> found = hvp(f, *f.at({"x": [1, 2]}), ["x"], {"x": np.array([1.0, 0.0])}, "reverse", "richardson")
    >>> found.hvp["x"].tolist()
    [2.0, 2.0]
    """
    text = function.source.text
    if mode == "reverse":
        found = _pushed(function, lowered, at, names, direction)
        if found is not None:
            value, products = found
            return HessianProduct(text, at, mode, direction, value, products)
    parts = elements(function, lowered, at, names)
    asked = Asked(function, parts.lowered, parts.at, parts.flat, True)
    flat = [float(number) for name in names for number in np.ravel(direction[name])]
    whole = direct_product(asked, flat, mode, difference)
    by_label = dict(zip(asked.names, whole.products, strict=True))
    made = {name: _shaped([by_label[label] for label in parts.names[name]], np.shape(at[name])) for name in names}
    errors = dict(zip(asked.names, whole.errors, strict=True)) if whole.errors else {}
    return HessianProduct(text, at, mode, direction, whole.value, made, errors, whole.warnings)


def _is_sparse(program: Program, lowered: Lowered, parts: Elements) -> bool:
    """Whether a Hessian is cheaper by elements, in a sweep for each colour, than column by column."""
    small, columns = parts.lowered, len(parts.flat)
    count = len(small.graph)
    if count <= _FEW:
        return True
    wrt = [small.variables[name] for name in parts.flat]
    rows = pattern(small.graph, small.output, wrt, Interactions(real(program.table)))
    if sum(row.bit_count() for row in rows) <= columns * columns // _SPARSE:
        return True
    each = len(lowered.graph.live(lowered.output)) * _PER_STEP + count * _PER_NUMBER
    return count * (_PER_ELEMENT + coloured(rows).number * _PER_COLOUR) < columns * each


# ------------------------------------------------------------ column by column


def _by_columns(
    function: Function,
    lowered: Lowered,
    at: Mapping[str, Any],
    names: Sequence[str],
    shapes: Mapping[str, tuple[int, ...]],
) -> Hessian | None:
    """The Hessian from one product for each element; None where an element stands on an edge."""
    count = sum(map(size, shapes.values()))
    if count > _WIDEST:
        raise LimitError(
            f"the Hessian has {count} rows and as many columns", None, "hvp gives its product with a direction"
        )
    whole = np.zeros((count, count))
    value = 0.0
    row = 0
    for name, shape in shapes.items():
        for index in every(*map(range, shape)):
            unit = np.zeros(shape)
            unit[index] = 1.0
            direction = {other: unit if other == name else np.zeros(shapes[other]) for other in names}
            found = _pushed(function, lowered, at, names, direction)
            if found is None:
                return None
            value, products = found
            whole[row] = np.concatenate([np.ravel(products[other]) for other in names])
            row += 1
    upper = np.triu(whole)
    whole = upper + np.triu(whole, 1).T
    rows, columns = (grid.ravel() for grid in np.indices((count, count)))
    labels = tuple(label for name, shape in shapes.items() for label in labels_of(name, shape))
    gradient = arrays.gradient(function, lowered, at, names).partials
    return Hessian(
        function.source.text, at, "reverse", value, gradient, labels, shapes, rows, columns, whole.ravel(), count
    )


def _pushed(
    function: Function, lowered: Lowered, at: Mapping[str, Any], names: Sequence[str], direction: Mapping[str, Any]
) -> tuple[float, dict[str, Any]] | None:
    """Value and the product with a direction; None where an element stands on an edge or leaves the range."""
    made = pushed(function, lowered, tuple(names))
    inside = made.plan.graph.input
    point = {inside(name): value for name, value in at.items()}
    point |= {inside(tangent_name(name)): direction[name] for name in names}
    try:
        found = made.plan.run(point)
    except NodeError:
        return None
    then = 1 + len(made.flowing)
    for one, truth in zip(made.held, found[then : then + len(made.held)], strict=True):
        if np.any(truth):
            raise missing(one.node, lowered)
    if any(np.any(condition) for condition in found[then + len(made.held) :]):
        return None
    if is_doubtful(made.plan, point, found[:then], lowered) and work(lowered.graph, lowered.output) <= _PROVED:
        return None
    products = _by_name(names, at, made.flowing, found[1:then])
    if not all(np.all(np.isfinite(value)) for value in (found[0], *products.values())):
        return None
    return float(found[0]) + 0.0, products


def _by_name(
    names: Sequence[str], at: Mapping[str, Any], flowing: Sequence[str], found: Sequence[Any]
) -> dict[str, Any]:
    made = dict(zip(flowing, found, strict=True))
    shapes = {name: np.shape(at[name]) for name in names}
    return {name: _shaped(np.broadcast_to(made.get(name, 0.0), shape), shape) for name, shape in shapes.items()}


def pushed(program: Program, lowered: Lowered, names: tuple[str, ...]) -> Pushed:
    """The plan of the gradient pushed along seeds, made once for a graph.

    Raises NotDifferentiableError where there is no formula for a derivative.
    """
    key = ("hvp", *names)
    if key not in lowered.plans:
        lowered.plans[key] = _prepared(program, lowered, names)
    made: Pushed = lowered.plans[key]
    return made


def _prepared(program: Program, lowered: Lowered, names: tuple[str, ...]) -> Pushed:
    graph = lowered.graph
    first = len(graph)
    wrt = tuple(lowered.variables[name] for name in names)
    tape = program.differentiate.tape(graph, lowered.output, wrt)
    program.require_rules(lowered, tape)
    held = inner(program, lowered)
    gradient = reverse.run(tape).partials
    slopes = gradient_tape(tape, gradient)
    program.require_rules(lowered, slopes)
    seeds = {name: graph.input(tangent_name(name), graph.shape(node)) for name, node in zip(names, wrt, strict=True)}
    tangents = tangent_sweep(slopes, {node: seeds[name] for name, node in zip(names, wrt, strict=True)})
    sloping = {name: partial for name, partial in zip(names, gradient, strict=True) if partial is not None}
    products = {name: tangents[partial] for name, partial in sloping.items()}
    flowing = {name: node for name, node in products.items() if node is not None}
    conditions = [edge.condition for edge in edges(tape)]
    for partial in sloping.values():
        one = slopes._replace(problem=slopes.problem._replace(output=partial), order=graph.live(partial))
        conditions += [edge.condition for edge in edges(one)]
    known = settled(graph, conditions)
    watched = [node for node in dict.fromkeys(conditions) if known.get(node, True)]
    outputs = [lowered.output, *flowing.values(), *(one.condition for one in held), *watched]
    light = scaled(graph, outputs, first)
    watch = ArrayWatch(light.graph, light.boundary)
    plan = Plan(light.graph, [light.images[node] for node in outputs], real(program.table), light.boundary, watch=watch)
    return Pushed(plan, tuple(flowing), held)


def _shaped(numbers: Any, shape: tuple[int, ...]) -> Any:
    """Numbers in a variable's own shape; a float where it is one number."""
    made = np.array(numbers, dtype=float).reshape(shape) + 0.0
    return made if shape else float(made)
