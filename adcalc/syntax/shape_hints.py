"""What was probably meant where shapes do not fit: a transpose, the other product, an axis more."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from adcalc.errors import ShapeError
from adcalc.graph.node import Shape
from adcalc.graph.shape import inferred

_PIECE = re.compile(r"[][(){}]|\*\*|[-+*/@%^·×⋅÷−]")
_SIGNS: Final = {"add": "+", "sub": "-−", "mul": "*·×⋅", "div": "/÷", "mod": "%", "matmul": "@", "pow": "^**"}


def hint(op: str, shapes: Sequence[Shape], excerpt: str) -> str | None:
    """What would fit, in the words of the text that does not.

    >>> hint("mul", [(3, 2), (2, 1)], "X * W")
    "'@' is the matrix product: X@W"
    >>> hint("matmul", [(3, 2), (3, 1)], "X @ W")
    'X.T@W fits'
    """
    if op not in _SIGNS or len(shapes) != 2:
        return None
    left, right = shapes
    if left == () or right == ():
        return None
    a, b = _operands(excerpt, op)
    sign = _SIGNS[op][0]
    if op == "pow" and b == "T":
        return f"the transpose is written {a}.T"
    if op == "mul" and _fits("matmul", left, right):
        return f"'@' is the matrix product: {a}@{b}"
    space = " " if op in ("add", "sub", "mod") else ""
    ways = []
    if max(map(len, shapes)) <= 2:
        ways.append((left[::-1], right, f"{_turned(a)}{space}{sign}{space}{b}"))
        ways.append((left, right[::-1], f"{a}{space}{sign}{space}{_turned(b)}"))
    if op == "matmul":
        ways.append((right, left, f"{b}@{a}"))
    fitting = [text for first, second, text in ways if (first, second) != (left, right) and _fits(op, first, second)]
    if op != "matmul":
        fitting = sorted(fitting, key=len)[:1]
    if fitting:
        return f"{' and '.join(fitting)} {'fits' if len(fitting) == 1 else 'fit'}"
    for vector, other, name in ((right, left, b), (left, right, a)):
        if op != "matmul" and len(vector) == 1 and len(other) == 2 and other[0] == vector[0]:
            return f"reshape({name}, {vector[0]}, 1) has a number for each row"
    if op == "matmul" or len(left) == len(right) == 1:
        return None
    return "the last axes are put together first; an axis of length 1 is repeated"


def _fits(op: str, left: Shape, right: Shape) -> bool:
    try:
        inferred(op, [left, right], None)
    except ShapeError:
        return False
    return True


def _turned(text: str) -> str:
    return text.removesuffix(".T") if text.endswith(".T") else f"{text}.T"


def _operands(excerpt: str, op: str) -> tuple[str, str]:
    """The texts on both sides of an operation's sign, the last one outside brackets; A and B where there is none."""
    signs = [sign for sign in _outside(excerpt) if sign[0] in _SIGNS[op]]
    if not signs:
        return "A", "B"
    found = signs[0 if op == "pow" else -1]  # powers go from right to left
    return _single(excerpt[: found.start()]), _single(excerpt[found.end() :])


def _single(text: str) -> str:
    """An operand as one that a sign may stand beside: in brackets, where it is more than a name or a call."""
    text = " ".join(text.split())
    return f"({text})" if any(_outside(text)) else text


def _outside(text: str) -> Iterator[re.Match[str]]:
    """The signs of operations that stand outside brackets."""
    depth = 0
    for piece in _PIECE.finditer(text):
        if piece[0] in "([{":
            depth += 1
        elif piece[0] in ")]}":
            depth -= 1
        elif not depth:
            yield piece
