"""What becomes an array: real numbers of any type, all of them finite, in lists of equal lengths."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from adcalc.errors import FileError, NumberOverflowError, Place, RequestError, ShapeError
from adcalc.graph.elements import element

_REAL = "biuf"  # NumPy's letters for booleans, whole numbers and floats


def array(content: Any, what: str, place: Place | None = None, error: type[RequestError] = FileError) -> Any:
    """Numbers as floats: an array, or a float where there is one number alone.

    `what` names them in a message. Raises ShapeError for lists of different lengths, NumberOverflowError, and `error`
    for what is no number, or not a finite one, naming the element.

    >>> array([[1, True], [0.5, 2]], "X").tolist()
    [[1.0, 1.0], [0.5, 2.0]]
    >>> array([[1, 2], [3]], "X")
    Traceback (most recent call last):
    adcalc.errors.ShapeError: X[0] has 2 elements and X[1] has 1 element
    """
    try:
        given = np.asarray(content)
    except (ValueError, TypeError, OverflowError):
        _ragged(content, what, place)
        raise error(f"{what} is no array of numbers", place) from None
    if given.dtype.kind == "O":
        given = _converted(given, what, place, error)
    if given.dtype.kind not in _REAL:
        raise error(f"{what} holds {_named(given.dtype)}, not real numbers", place)
    numbers = given
    if given.dtype != float:
        with np.errstate(over="ignore"):
            numbers = given.astype(float)
    if not np.isfinite(numbers).all():
        index = tuple(int(one) for one in np.argwhere(~np.isfinite(numbers))[0])
        where = element(what, index)
        if np.isfinite(given[index]):
            raise NumberOverflowError(f"{where} is beyond the range of floating point", place)
        raise error(f"{where} is {given[index]}, not a finite number", place)
    return numbers if numbers.ndim else float(numbers)


def _converted(given: Any, what: str, place: Place | None, error: type[RequestError]) -> Any:
    """An array of Python's objects as floats, where they are numbers: whole ones of any size, fractions."""
    from numbers import Real

    for index, one in np.ndenumerate(given):
        if not isinstance(one, Real):
            if isinstance(one, list | tuple):
                _ragged(given.tolist(), what, place)
            where = element(what, index)
            raise error(f"{where} is {_said(one)}, not a number", place)
    try:
        return given.astype(float)
    except OverflowError:
        raise NumberOverflowError(f"{what} has a number beyond the range of floating point", place) from None


def _ragged(content: Any, what: str, place: Place | None) -> None:
    """Raise ShapeError, naming two neighbours of nested lists that have different lengths, where there are any."""
    level = [(what, content)]
    while level:
        first = _length(level[0][1])
        for name, one in level:
            if _length(one) != first:
                raise ShapeError(
                    f"{level[0][0]} {_counted(first)} and {name} {_counted(_length(one))}",
                    place,
                    "nested lists have equal lengths",
                )
        if first is None:
            return
        level = [(_under(name, at), inner) for name, one in level for at, inner in enumerate(one)]


def _under(name: str, index: int) -> str:
    return f"{name[:-1]}, {index}]" if name.endswith("]") else f"{name}[{index}]"


def _length(one: Any) -> int | None:
    return len(one) if isinstance(one, Sequence | np.ndarray) and not isinstance(one, str | bytes) else None


def _counted(length: int | None) -> str:
    return "is no list" if length is None else f"has {length} element{'' if length == 1 else 's'}"


def _named(dtype: Any) -> str:
    if dtype.names:
        return f"records of {', '.join(dtype.names)}"
    words = {"c": "complex numbers", "U": "text", "S": "text", "M": "dates", "m": "spans of time", "O": "objects"}
    return words.get(dtype.kind, str(dtype))


def _said(one: Any) -> str:
    if one is None:
        return "null"
    return "an object" if isinstance(one, dict) else repr(one) if len(repr(one)) < 40 else type(one).__name__
