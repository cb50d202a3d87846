"""Shapes: those of arrays, of every operation's result, and what to say where two of them do not fit.

A shape is a tuple of lengths, () for a number. Every operation that is not listed here works element by element, and
its arguments are broadcast against each other as NumPy does it: from the last axis on, an axis of length 1 is repeated.
"""

from collections.abc import Callable, Sequence
from math import prod
from typing import Any, Final

from adcalc.errors import ShapeError
from adcalc.graph.node import Label, Shape

REDUCTIONS: Final = frozenset(
    {"sum", "max_over", "min_over", "logsumexp_over", "norm_over"}
)  # label: axes, kept or not
LINEAR: Final = frozenset(
    [
        "sum",
        "reshape",
        "broadcast",
        "transpose",
        "take",
        "put",
        "array",
        "concat",
        "diagonal",
        "diagonal_matrix",
        "trace",
        "half_lower",
    ]
)  # in all their arguments; matmul, outer and solve are in one


def size(shape: Shape) -> int:
    """How many elements there are.

    >>> size((4, 3)), size(())
    (12, 1)
    """
    return prod(shape)


def text(shape: Shape) -> str:
    """A shape as people write it.

    >>> text((4, 3)), text((3,)), text(())
    ('4x3', 'a vector of 3', 'a number')
    """
    if not shape:
        return "a number"
    return f"a vector of {shape[0]}" if len(shape) == 1 else "x".join(map(str, shape))


def broadcast(*shapes: Shape) -> Shape:
    """The shape of an operation element by element. Raises ShapeError where the shapes do not fit.

    >>> broadcast((4, 3), (3,)), broadcast((4, 1), (1, 3)), broadcast((), (2,))
    ((4, 3), (4, 3), (2,))
    """
    result: list[int] = []
    for axis in range(max(map(len, shapes), default=0)):
        lengths = {shape[-1 - axis] for shape in shapes if len(shape) > axis} - {1}
        if len(lengths) > 1:
            fixed = [shape for shape in shapes if shape]
            raise ShapeError(f"{text(fixed[0])} and {text(fixed[-1])} do not fit element by element")
        result.append(lengths.pop() if lengths else 1)
    return tuple(reversed(result))


def stretched(shape: Shape, full: Shape) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The axes of a full shape along which another one is repeated: those that it lacks, and those of length 1.

    >>> stretched((1, 3), (5, 4, 3))
    ((0,), (1,))
    """
    missing = len(full) - len(shape)
    ones = tuple(axis for axis in range(missing, len(full)) if shape[axis - missing] == 1 != full[axis])
    return tuple(range(missing)), ones


def inferred(op: str, shapes: Sequence[Shape], label: Label) -> Shape:
    """The shape of an operation's result. Raises ShapeError, naming the shapes.

    >>> inferred("matmul", [(4, 3), (3, 2)], None)
    (4, 2)
    """
    found = _SHAPES.get(op)
    try:
        return broadcast(*shapes) if found is None else found(shapes, label)
    except ShapeError as error:
        error.operation = op, tuple(shapes)
        raise


def known(op: str) -> bool:
    """Whether an operation is one on arrays as wholes.

    >>> known("matmul"), known("sin")
    (True, False)
    """
    return op in _SHAPES


def _array(shapes: Sequence[Shape], label: Label) -> Shape:
    odd = next((shape for shape in shapes if shape != shapes[0]), None)
    if odd is not None:
        raise ShapeError(
            f"the elements of a list have one shape, and here are {text(shapes[0])} and {text(odd)}",
            hint="nested lists have equal lengths",
        )
    return (len(shapes), *shapes[0]) if shapes else (0,)


def _matmul(shapes: Sequence[Shape], label: Label) -> Shape:
    left, right = shapes
    if not left or not right:
        raise ShapeError(
            f"'@' multiplies arrays, and here are {text(left)} and {text(right)}", hint="'*' multiplies by a number"
        )
    if left[-1] != right[-2 if len(right) > 1 else 0]:
        raise ShapeError(_unfit("@", left, right))
    above = broadcast(left[:-2], right[:-2])
    return (*above, *left[-2:-1], *(right[-1:] if len(right) > 1 else ()))


def _unfit(sign: str, left: Shape, right: Shape) -> str:
    inner, other = left[-1], right[-2 if len(right) > 1 else 0]
    columns = f"{inner} column{'' if inner == 1 else 's'}" if len(left) > 1 else _elements(inner)
    rows = f"{other} row{'' if other == 1 else 's'}" if len(right) > 1 else _elements(other)
    return f"{text(left)} {sign} {text(right)} does not fit: {columns} meet{'s' if inner == 1 else ''} {rows}"


def _elements(count: int) -> str:
    return f"{count} element{'' if count == 1 else 's'}"


def _reduced(shapes: Sequence[Shape], label: Any) -> Shape:
    axes, kept = label
    (shape,) = shapes
    if kept:
        return tuple(1 if axis in axes else length for axis, length in enumerate(shape))
    return tuple(length for axis, length in enumerate(shape) if axis not in axes)


def _reshaped(shapes: Sequence[Shape], label: Any) -> Shape:
    new: Shape = label
    if size(shapes[0]) != size(new):
        raise ShapeError(f"{text(shapes[0])} has {_elements(size(shapes[0]))}, and {text(new)} has {size(new)}")
    return new


def _repeated(shapes: Sequence[Shape], label: Any) -> Shape:
    new: Shape = label
    if broadcast(shapes[0], new) != new:
        raise ShapeError(f"{text(shapes[0])} cannot be repeated to make {text(new)}")
    return new


def _same(shapes: Sequence[Shape], label: Any) -> Shape:
    return shapes[0]


def _transposed(shapes: Sequence[Shape], label: Any) -> Shape:
    return tuple(shapes[0][axis] for axis in label)


def taken_shape(shape: Shape, index: Sequence[Any]) -> Shape:
    """The shape of what an index of numbers and slices takes from an array.

    >>> taken_shape((4, 3, 2), (0, (1, 3, 1)))
    (2, 2)
    """
    lengths = [len(range(*one)) for one in index if isinstance(one, tuple)]
    return (*lengths, *shape[len(index) :])


def _taken(shapes: Sequence[Shape], label: Any) -> Shape:
    return taken_shape(shapes[0], label)


def _put(shapes: Sequence[Shape], label: Any) -> Shape:
    whole: Shape = label[0]
    return whole


def _joined(shapes: Sequence[Shape], label: Any) -> Shape:
    (axis,) = label
    first = shapes[0]
    for shape in shapes:
        if len(shape) != len(first) or shape[:axis] + shape[axis + 1 :] != first[:axis] + first[axis + 1 :]:
            raise ShapeError(f"{text(first)} and {text(shape)} cannot be joined along axis {axis}")
    return (*first[:axis], sum(shape[axis] for shape in shapes), *first[axis + 1 :])


def square(name: str, shape: Shape) -> Shape:
    """The shape of a square matrix. Raises ShapeError for any other.

    >>> square("inv", (3, 3))
    (3, 3)
    """
    if len(shape) != 2 or shape[0] != shape[1]:
        raise ShapeError(f"{name} takes a square matrix, and this is {text(shape)}")
    return shape


def _square(name: str, keeps: bool) -> Callable[[Sequence[Shape], Label], Shape]:
    return lambda shapes, label: square(name, shapes[0]) if keeps else square(name, shapes[0])[:0]


def _solved(shapes: Sequence[Shape], label: Label) -> Shape:
    matrix, right = square("solve", shapes[0]), shapes[1]
    if not right or len(right) > 2 or right[0] != matrix[0]:
        raise ShapeError(f"solve(A, B) has as many rows in B as in A, and here are {text(matrix)} and {text(right)}")
    return right


def _outer(shapes: Sequence[Shape], label: Label) -> Shape:
    if any(len(shape) != 1 for shape in shapes):
        raise ShapeError(f"outer takes two vectors, and here are {text(shapes[0])} and {text(shapes[1])}")
    return shapes[0] + shapes[1]


def _diagonal(shapes: Sequence[Shape], label: Label) -> Shape:
    if len(shapes[0]) != 2:
        raise ShapeError(f"diag takes a vector or a matrix, and this is {text(shapes[0])}")
    return (min(shapes[0]),)


def _diagonal_matrix(shapes: Sequence[Shape], label: Label) -> Shape:
    return shapes[0] * 2


def _eye(shapes: Sequence[Shape], label: Any) -> Shape:
    rows, columns = label
    return rows, columns


_SHAPES: Final[dict[str, Callable[[Sequence[Shape], Label], Shape]]] = {
    "array": _array,
    "matmul": _matmul,
    **dict.fromkeys(REDUCTIONS, _reduced),
    **dict.fromkeys(("softmax_over", "log_softmax_over"), _same),
    "reshape": _reshaped,
    "broadcast": _repeated,
    "transpose": _transposed,
    "take": _taken,
    "put": _put,
    "concat": _joined,
    **{name: _square(name, False) for name in ("det", "logdet")},
    "trace": _square("trace", False),
    **{name: _square(name, True) for name in ("inv", "adjugate", "cholesky", "half_lower")},
    "solve": _solved,
    "outer": _outer,
    "diagonal": _diagonal,
    "diagonal_matrix": _diagonal_matrix,
    "eye": _eye,
}
