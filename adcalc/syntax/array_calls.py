"""Calls whose answer depends on shapes: reductions along axes, and functions that arrange elements or make arrays.

They are called like any function. Axes count from 0, or from the end where they are negative; without an axis a
reduction is over all of them. `keepdims=1` keeps the axes that are reduced, with length 1.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Final

from adcalc.errors import ShapeError
from adcalc.graph.node import NodeId, Shape
from adcalc.graph.shape import REDUCTIONS, broadcast, size, taken_shape, text
from adcalc.syntax.array_words import FORMS_WRITTEN, Args, Form, Words, one, wrong
from adcalc.syntax.arrays import constants, normal, numbers, taken, whole
from adcalc.syntax.machine import OMITTED, Machine
from adcalc.syntax.reductions import along, count, no_axis, reduction

INTERNAL: Final = frozenset(  # rows that these calls and definitions are built on, which nobody calls by name
    REDUCTIONS - {"sum"} | {"softmax_over", "log_softmax_over", "last_axis", "one_hot", "half_lower"}
)


def function_names(known: Iterable[str]) -> list[str]:
    """The functions that a person may call: those of the function table, and those that are known here alone.

    >>> function_names(["sin", "max_over"])[:2]
    ['sin', 'sum']
    """
    return list(dict.fromkeys([*(name for name in known if name not in INTERNAL), *FORMS_WRITTEN]))


def form(machine: Machine, name: str, args: Args, words: Words) -> Form | None:
    """What computes a call, where it is one of those that depend on shapes.

    >>> from adcalc.api import function
    >>> function("sum([1, 2, 3])").value()
    6.0
    """
    found = _FORMS.get(name)
    of_numbers = len(args) != 1 or not machine.graph.shape(args[0])  # or element by element
    return None if of_numbers and name in ("max", "min", "logsumexp") and not words else found


def _shape(machine: Machine, name: str, args: Args, words: Words) -> NodeId:
    shape = machine.graph.shape(one(machine, name, args, words, ()))
    if not shape:
        machine.fail("this is a number, which has no axes", None, ShapeError)
    return numbers(machine, shape)


def _reshape(machine: Machine, name: str, args: Args, words: Words) -> NodeId:
    if len(args) < 2:
        wrong(machine, name)
    shape = machine.graph.shape(args[0])
    wanted = _lengths(machine, args[1:])
    if wanted.count(-1) == 1 and -1 in wanted:
        others = size(tuple(length for length in wanted if length != -1))
        if others and size(shape) % others == 0:
            wanted = tuple(size(shape) // others if length == -1 else length for length in wanted)
    if any(length < 0 for length in wanted):
        machine.fail(
            f"{text(shape)} cannot be reshaped so", "one length may be -1, where the others divide the size", ShapeError
        )
    return args[0] if shape == wanted else machine.graph.arrange("reshape", wanted, args[0])


def _lengths(machine: Machine, args: Args) -> Shape:
    return tuple(length for node in args for length in constants(machine, node, "a length"))


def _filled(machine: Machine, name: str, args: Args, words: Words) -> NodeId:
    shape = _lengths(machine, args)
    if not args or any(length < 0 for length in shape):
        wrong(machine, name)
    return machine.graph.arrange("broadcast", shape, machine.constant(Fraction(name == "ones")))


def _eye(machine: Machine, name: str, args: Args, words: Words) -> NodeId:
    lengths = _lengths(machine, args)
    if len(lengths) not in (1, 2) or any(length < 0 for length in lengths):
        wrong(machine, name)
    return machine.graph.arrange("eye", (lengths[0], lengths[-1]))


def _diag(machine: Machine, name: str, args: Args, words: Words) -> NodeId:
    array = one(machine, name, args, words, ())
    shape = machine.graph.shape(array)
    if len(shape) == 2:  # of the square in the corner, so that what is handed down is of one, too
        array = taken(machine, array, ((0, min(shape), 1),) * 2)
    return machine.graph.apply("diagonal_matrix" if len(shape) == 1 else "diagonal", array)


def _half_lower(machine: Machine, name: str, args: Args, words: Words) -> NodeId:
    return machine.graph.apply("half_lower", one(machine, name, args, words, ()))


def _put(machine: Machine, name: str, args: Args, words: Words) -> NodeId:
    """Zeros in a shape, but for one place that holds an array: put(x, [4, 3], [1, 3], 0) is x in [1:3, 0]."""
    if len(args) < 3 or words:
        wrong(machine, name)
    shape = constants(machine, args[1], "a length")
    if any(length < 0 for length in shape) or len(args) - 2 > len(shape):
        wrong(machine, name)
    index: list[int | tuple[int, int, int]] = []
    for node, length in zip(args[2:], shape, strict=False):
        place = constants(machine, node, "an index")
        if machine.graph.nodes[node].op == "array":
            if len(place) not in (2, 3) or place[2:] == (0,):
                machine.fail("a slice is put as [begin, end] or [begin, end, step]", None, ShapeError)
            begin, end, step = (*place, 1)[:3]
            index.append(normal(range(length)[begin : None if end < 0 > step else end : step]))
        elif -length <= place[0] < length:
            index.append(place[0] % length)
        else:
            machine.fail(f"there is no element {place[0]}: the axis has {length}", None, ShapeError)
    held, given = taken_shape(shape, index), machine.graph.shape(args[0])
    if broadcast(held, given) != held:
        machine.fail(f"the place holds {text(held)}, and this is {text(given)}", None, ShapeError)
    array = args[0] if given == held else machine.graph.arrange("broadcast", held, args[0])
    return machine.graph.arrange("put", (shape, tuple(index)), array)


def _transpose(machine: Machine, name: str, args: Args, words: Words) -> NodeId:
    if not args or words:
        wrong(machine, name)
    rank = len(machine.graph.shape(args[0]))
    order = tuple(axis for node in args[1:] for axis in constants(machine, node, "an axis")) or tuple(range(rank))[::-1]
    if sorted(axis % rank if rank else axis for axis in order) != list(range(rank)):
        machine.fail("a transpose names every axis once", f"there are {rank} of them, from 0 on", ShapeError)
    order = tuple(axis % rank for axis in order)
    return args[0] if order == tuple(range(rank)) else machine.graph.arrange("transpose", order, args[0])


def _concat(machine: Machine, name: str, args: Args, words: Words) -> NodeId:
    parts = _parts(machine, name, args)
    shape = machine.graph.shape(parts[0])
    if not shape:
        machine.fail("concat joins arrays, and this is a number", "[a, b] makes an array of numbers", ShapeError)
    axis = _axis(machine, words, len(shape), shape)
    return machine.graph.arrange("concat", (axis,), *parts)


def _stack(machine: Machine, name: str, args: Args, words: Words) -> NodeId:
    parts = _parts(machine, name, args)
    node = machine.graph.apply("array", *parts)
    shape = machine.graph.shape(node)
    axis = _axis(machine, words, len(shape), shape)
    order = list(range(1, len(shape)))
    order.insert(axis, 0)
    return machine.graph.arrange("transpose", tuple(order), node) if axis else node


def _parts(machine: Machine, name: str, args: Args) -> Args:
    """The arrays to be put together: the arguments, or the elements of a list that is the only one."""
    if not args:
        wrong(machine, name)
    op, elements, _ = machine.graph.nodes[args[0]]
    if len(args) == 1 and op == "array":
        return elements
    if len(args) == 1 and machine.graph.shape(args[0]):
        return [taken(machine, args[0], (place,)) for place in range(machine.graph.shape(args[0])[0])]
    return args


def _axis(machine: Machine, words: Words, rank: int, shape: Shape) -> int:
    node = words.get("axis", OMITTED)
    axis = 0 if node == OMITTED else whole(machine, node, "an axis")
    if not -rank <= axis < rank:
        no_axis(machine, axis, shape)
    return axis % rank


def _last(machine: Machine, name: str, args: Args, words: Words) -> NodeId:
    """The axis that is given after the array, or else the array's last one."""
    if args[1:] and args[1] != OMITTED:
        return args[1]
    return machine.constant(Fraction(max(0, len(machine.graph.shape(args[0])) - 1)))


def _one_hot(machine: Machine, name: str, args: Args, words: Words) -> NodeId:
    """Labels as rows of 0 and 1: as they are where they are such rows, else from the numbers of the classes."""
    labels, scores = args
    shape, full = machine.graph.shape(labels), machine.graph.shape(scores)
    if not full or (shape != full and shape != full[:-1]):
        machine.fail(
            f"the scores are {text(full)} and the labels {text(shape)}",
            "labels are rows of 0 and 1, or class numbers from 0 on",
            ShapeError,
        )
    if shape == full:
        return labels
    classes = numbers(machine, range(full[-1]))
    column = machine.graph.arrange("reshape", (*shape, 1), labels) if shape else labels
    chosen = machine.graph.apply("eq", column, classes)
    return machine.graph.apply("if", chosen, machine.constant(Fraction(1)), machine.constant(Fraction(0)))


_FORMS: Final[Mapping[str, Form]] = {
    **dict.fromkeys(("sum", "prod", "max", "min", "logsumexp", "norm"), reduction),
    **dict.fromkeys(("softmax_over", "log_softmax_over"), along),
    "size": count,
    "shape": _shape,
    "reshape": _reshape,
    "zeros": _filled,
    "ones": _filled,
    "eye": _eye,
    "diag": _diag,
    "concat": _concat,
    "stack": _stack,
    "put": _put,
    "transpose": _transpose,
    "last_axis": _last,
    "one_hot": _one_hot,
    "half_lower": _half_lower,
}
