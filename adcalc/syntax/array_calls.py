"""Calls whose answer depends on shapes: reductions along axes, and functions that arrange elements or make arrays.

They are called like any function. Axes count from 0, or from the end where they are negative; without an axis a
reduction is over all of them. `keepdims=1` keeps the axes that are reduced, with length 1.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Final, NoReturn

from adcalc.errors import ArityError, Place, ShapeError, suggestion
from adcalc.graph.node import NodeId, Shape
from adcalc.graph.shape import size, text
from adcalc.syntax.arrays import constants, numbers, taken, whole
from adcalc.syntax.machine import OMITTED, Machine

Args = Sequence[NodeId]
Words = Mapping[str, NodeId]
Form = Callable[[Machine, str, Args, Words], NodeId]

INTERNAL: Final = frozenset(  # rows that these calls and definitions are built on, which nobody calls by name
    {"max_over", "min_over", "logsumexp_over", "norm_over", "softmax_over", "log_softmax_over"}
    | {"last_axis", "one_hot", "half_lower"}
)


def _along(machine: Machine, name: str, args: Args, words: Words) -> NodeId:
    """An operation along axes that keeps the shape."""
    array = _one(machine, name, args, words, ("axis",))
    axes = _axes(machine, words.get("axis", OMITTED), machine.graph.shape(array))
    if not axes:
        return machine.constant(Fraction(name == "softmax_over"))
    return machine.graph.arrange(name, (axes, True), array)


_REDUCED: Final = {"max": "max_over", "min": "min_over", "logsumexp": "logsumexp_over", "norm": "norm_over"}


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


def _reduction(machine: Machine, name: str, args: Args, words: Words) -> NodeId:
    array = _one(machine, name, args, words, ("axis", "keepdims"))
    shape = machine.graph.shape(array)
    axes = _axes(machine, words.get("axis", OMITTED), shape)
    kept = words.get("keepdims", OMITTED)
    keep = kept != OMITTED and whole(machine, kept, "keepdims") != 0
    if not shape:
        return machine.graph.apply("abs", array) if name == "norm" else array
    if any(shape[axis] == 0 for axis in axes) and name in ("max", "min"):
        machine.fail(f"there is no {name} of nothing", None, ShapeError)
    if name == "prod":
        return _product(machine, array, axes, keep)
    if name == "sum":
        return machine.graph.arrange("sum", (axes, keep), array) if axes else array
    node = machine.graph.arrange(_REDUCED[name], (axes, True), array)
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
            _no_axis(machine, axis, shape)
    axes = tuple(sorted(axis % rank for axis in given))
    if len(set(axes)) < len(axes):
        machine.fail("an axis is named twice", None, ShapeError)
    return axes


def _no_axis(machine: Machine, axis: int, shape: Shape) -> NoReturn:
    rank = len(shape)
    known = (
        None
        if not rank
        else "its only axis is 0"
        if rank == 1
        else f"its axes are {' and '.join(map(str, range(rank)))}"
    )
    if rank > 2:
        known = f"its axes are 0 to {rank - 1}"
    raise ShapeError(f"there is no axis {axis}: this is {text(shape)}", keyword_place(machine, "axis"), known)


def _product(machine: Machine, array: NodeId, axes: tuple[int, ...], keep: bool) -> NodeId:
    """The product along axes, factor by factor: so its slope is right where a factor is 0."""
    graph = machine.graph
    for axis in reversed(axes):
        shape = graph.shape(array)
        before = tuple((0, length, 1) for length in shape[:axis])
        factors = [taken(machine, array, (*before, place)) for place in range(shape[axis])]
        array = factors[0] if factors else machine.constant(Fraction(1))
        for factor in factors[1:]:
            array = machine.combine("mul", array, factor)
        if keep:
            array = graph.arrange("reshape", (*shape[:axis], 1, *shape[axis + 1 :]), array)
    return array


def _size(machine: Machine, name: str, args: Args, words: Words) -> NodeId:
    shape = machine.graph.shape(_one(machine, name, args, words, ("axis",)))
    axes = _axes(machine, words.get("axis", OMITTED), shape)
    return machine.constant(Fraction(size(tuple(shape[axis] for axis in axes))))


def _shape(machine: Machine, name: str, args: Args, words: Words) -> NodeId:
    shape = machine.graph.shape(_one(machine, name, args, words, ()))
    if not shape:
        machine.fail("this is a number, which has no axes", None, ShapeError)
    return numbers(machine, shape)


def _reshape(machine: Machine, name: str, args: Args, words: Words) -> NodeId:
    if len(args) < 2:
        _wrong(machine, name)
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
        _wrong(machine, name)
    return machine.graph.arrange("broadcast", shape, machine.constant(Fraction(name == "ones")))


def _eye(machine: Machine, name: str, args: Args, words: Words) -> NodeId:
    lengths = _lengths(machine, args)
    if len(lengths) not in (1, 2) or any(length < 0 for length in lengths):
        _wrong(machine, name)
    return machine.graph.arrange("eye", (lengths[0], lengths[-1]))


def _diag(machine: Machine, name: str, args: Args, words: Words) -> NodeId:
    array = _one(machine, name, args, words, ())
    return machine.graph.apply("diagonal_matrix" if len(machine.graph.shape(array)) == 1 else "diagonal", array)


def _half_lower(machine: Machine, name: str, args: Args, words: Words) -> NodeId:
    return machine.graph.apply("half_lower", _one(machine, name, args, words, ()))


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
        _wrong(machine, name)
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
        _no_axis(machine, axis, shape)
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


def _one(machine: Machine, name: str, args: Args, words: Words, known: tuple[str, ...]) -> NodeId:
    if len(args) != 1 or not set(words) <= set(known):
        if name == "norm" and ({"ord", "p"} & set(words) or len(args) > 1):
            machine.fail("norm is the 2-norm", "sum(abs(v)) is the 1-norm, max(abs(v)) the maximum norm", ArityError)
        _wrong(machine, name, words, known)
    return args[0]


def _wrong(machine: Machine, name: str, words: Words | None = None, known: tuple[str, ...] = ()) -> NoReturn:
    for word in words or ():
        if word not in known:
            no_parameter(machine, name, word, known)
    raise ArityError(f"{name} is not called like that", machine.place(), f"write {FORMS_WRITTEN[name]}")


def no_parameter(machine: Machine, name: str, word: str, known: Sequence[str]) -> NoReturn:
    """Raise the error of a keyword that a function does not have, at the keyword."""
    from adcalc.syntax.foreign import KEYWORDS

    meant = KEYWORDS.get(word)
    hint = f"did you mean '{meant}'?" if meant in known else suggestion(word, list(known))
    others = f"its parameters are {', '.join(known)}" if known else None
    raise ArityError(f"{name} has no parameter '{word}'", keyword_place(machine, word), hint or others)


def keyword_place(machine: Machine, word: str) -> Place:
    """Where a keyword and its value stand in a call, or else the call itself."""
    begin, end = machine.span
    text = machine.lowered.code.source.text
    found = list(re.finditer(rf"(?<!\w){re.escape(word)}\s*=(?!=)", text[begin:end]))
    if not found:
        return machine.place()
    first, last, depth = begin + found[-1].start(), begin + found[-1].end(), 0  # those of arguments stand before it
    while last < end and (depth or text[last] not in ",)"):
        depth += (text[last] in "([") - (text[last] in ")]")
        last += 1
    return Place(machine.lowered.code.source, first, last)


FORMS_WRITTEN: Final = {
    "sum": "sum(A), sum(A, axis=0) or sum(k^2, k = 1..10)",
    "prod": "prod(A), prod(A, axis=0) or prod(k, k = 1..10)",
    "max": "max(a, b), max(A) or max(A, axis=0)",
    "min": "min(a, b), min(A) or min(A, axis=0)",
    "logsumexp": "logsumexp(a, b), logsumexp(A) or logsumexp(A, axis=0)",
    "norm": "norm(A) or norm(A, axis=0)",
    "size": "size(A) or size(A, axis=0)",
    "shape": "shape(A)",
    "reshape": "reshape(A, 2, 3) or reshape(A, 6, -1)",
    "zeros": "zeros(2, 3)",
    "ones": "ones(2, 3)",
    "eye": "eye(3) or eye(2, 3)",
    "diag": "diag(A)",
    "concat": "concat(A, B) or concat(A, B, axis=1)",
    "stack": "stack(a, b) or stack(a, b, axis=1)",
}
_FORMS: Final[Mapping[str, Form]] = {
    **dict.fromkeys(("sum", "prod", "max", "min", "logsumexp", "norm"), _reduction),
    **dict.fromkeys(("softmax_over", "log_softmax_over"), _along),
    "size": _size,
    "shape": _shape,
    "reshape": _reshape,
    "zeros": _filled,
    "ones": _filled,
    "eye": _eye,
    "diag": _diag,
    "concat": _concat,
    "stack": _stack,
    "last_axis": _last,
    "one_hot": _one_hot,
    "half_lower": _half_lower,
}
