"""Elements of arrays: what they are called, row by row, and nested lists of them."""

import re
from collections.abc import Sequence
from itertools import product
from typing import Any

from adcalc.graph.node import Shape
from adcalc.graph.shape import size


def element(name: str, index: tuple[int, ...]) -> str:
    """The name of an element of an array.

    >>> element("X", (0, 2)), element("x", ())
    ('X[0, 2]', 'x')
    """
    return f"{name}[{', '.join(map(str, index))}]" if index else name


def elements(name: str, shape: Shape) -> list[str]:
    """The names of an array's elements, row by row; of a number its own.

    >>> elements("X", (2, 2)), elements("x", ())
    (['X[0, 0]', 'X[0, 1]', 'X[1, 0]', 'X[1, 1]'], ['x'])
    """
    return [element(name, index) for index in product(*map(range, shape))]


def unquoted(text: str) -> str:
    """A text in which elements of arrays stand as people write them, where each is a variable, and so in quotes.

    >>> unquoted("`v[0]`^2 + `flow rate`")
    'v[0]^2 + `flow rate`'
    """
    return re.sub(r"`(\w+\[[\d, ]+\])`", r"\1", text)


def nested(values: Sequence[Any], shape: Shape) -> Any:
    """Values, row by row, as nested lists of a shape; for a number the only one.

    >>> nested([1, 2, 3, 4], (2, 2)), nested([5], ())
    ([[1, 2], [3, 4]], 5)
    """
    found = list(values)
    for axis in range(len(shape) - 1, 0, -1):
        length = shape[axis]
        found = [found[begin * length : (begin + 1) * length] for begin in range(size(shape[:axis]))]
    return found if shape else found[0]
