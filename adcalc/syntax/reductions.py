"""Reductions along axes: sums, products, extremes, norms, and what keeps the shape along an axis.

Axes count from 0, or from the end where they are negative; without an axis a reduction is over all of them.
`keepdims=1` keeps the axes that are reduced, with length 1.
"""

from fractions import Fraction
from typing import Final, NoReturn

from adcalc.errors import ShapeError
from adcalc.graph.node import NodeId, Shape
from adcalc.graph.shape import size, text
from adcalc.syntax.array_words import Args, Words, keyword_place, one
from adcalc.syntax.arrays import constants, taken, whole
from adcalc.syntax.machine import OMITTED, Machine

REDUCED: Final = {  # what is written, and the row that it is
    "sum": "sum",
    "max": "max_over",
    "min": "min_over",
    "logsumexp": "logsumexp_over",
    "norm": "norm_over",
}


def along(machine: Machine, name: str, args: Args, words: Words) -> NodeId:
    """An operation along axes that keeps the shape.

    >>> from adcalc.api import function
    >>> function("sum(softmax([1, 2]))").value()
    1.0
    """
    array = one(machine, name, args, words, ("axis",))
    axes = _axes(machine, words.get("axis", OMITTED), machine.graph.shape(array))
    if not axes:
        return machine.constant(Fraction(name == "softmax_over"))
    return machine.graph.arrange(name, (axes, True), array)


def reduction(machine: Machine, name: str, args: Args, words: Words) -> NodeId:
    """A sum, a product, an extreme, a norm or a log-sum-exp along axes.

    >>> from adcalc.api import function
    >>> function("max([1, 3, 2])").value()
    3.0
    """
    array = one(machine, name, args, words, ("axis", "keepdims"))
    shape = machine.graph.shape(array)
    axes = _axes(machine, words.get("axis", OMITTED), shape)
    kept = words.get("keepdims", OMITTED)
    keep = kept != OMITTED and whole(machine, kept, "keepdims") != 0
    if not shape:
        return machine.graph.apply("abs", array) if name == "norm" else array
    if any(shape[axis] == 0 for axis in axes) and name in ("max", "min", "logsumexp"):
        machine.fail(f"there is no {name} of nothing", None, ShapeError)
    if name == "prod":
        return _product(machine, array, axes, keep)
    if name == "sum":
        return machine.graph.arrange("sum", (axes, keep), array) if axes else array
    node = machine.graph.arrange(REDUCED[name], (axes, True), array)
    if keep:
        return node
    left = tuple(length for axis, length in enumerate(shape) if axis not in axes)
    return machine.graph.arrange("reshape", left, node)


def _axes(machine: Machine, node: NodeId, shape: Shape) -> tuple[int, ...]:
    rank = len(shape)
    if node == OMITTED:
        return tuple(range(rank))
    given = constants(machine, node, "an axis")
    for axis in given:
        if not -rank <= axis < rank:
            no_axis(machine, axis, shape)
    axes = tuple(sorted(axis % rank for axis in given))
    if len(set(axes)) < len(axes):
        machine.fail("an axis is named twice", None, ShapeError)
    return axes


def no_axis(machine: Machine, axis: int, shape: Shape) -> NoReturn:
    """Raise the ShapeError of an axis that an array does not have.

    >>> from adcalc.api import function
    >>> try:
    ...     function("sum([1, 2], axis=1)")
    ... except ShapeError as error:
    ...     print(error.hint)
    its only axis is 0
    """
    last = len(shape) - 1
    known = f"its axes are 0 {'and' if last == 1 else 'to'} {last}" if last > 0 else "its only axis is 0"
    raise ShapeError(
        f"there is no axis {axis}: this is {text(shape)}", keyword_place(machine, "axis"), known if shape else None
    )


def _product(machine: Machine, array: NodeId, axes: tuple[int, ...], keep: bool) -> NodeId:
    """The product along axes, factor by factor: so its slope is right where a factor is 0."""
    graph = machine.graph
    for axis in reversed(axes):
        shape = graph.shape(array)
        before = tuple((0, length, 1) for length in shape[:axis])
        factors = [taken(machine, array, (*before, place)) for place in range(shape[axis])]
        if not factors:  # 1 for every row, and nothing of it
            factors = [
                machine.combine("add", machine.constant(Fraction(1)), graph.arrange("sum", ((axis,), False), array))
            ]
        array = factors[0]
        for factor in factors[1:]:
            array = machine.combine("mul", array, factor)
        if keep:
            array = graph.arrange("reshape", (*shape[:axis], 1, *shape[axis + 1 :]), array)
    return array


def count(machine: Machine, name: str, args: Args, words: Words) -> NodeId:
    """How many elements there are, or how many along some axes.

    >>> from adcalc.api import function
    >>> function("size([1, 3, 2])").value()
    3.0
    """
    shape = machine.graph.shape(one(machine, name, args, words, ("axis",)))
    axes = _axes(machine, words.get("axis", OMITTED), shape)
    return machine.constant(Fraction(size(tuple(shape[axis] for axis in axes))))
