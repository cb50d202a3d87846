"""What the parser leaves: a flat list of instructions in postfix order, each with its place in the text.

`x*y + 1` is `name x`, `name y`, `mul`, `number 1`, `add`. Operands that are evaluated later, or more than once, or not
at all (the body of a function, the branches of an `if`) are lists of their own inside one instruction.
"""

from typing import Any, NamedTuple, TypeAlias

from adcalc.errors import Source

Span: TypeAlias = tuple[int, int]


class Instruction(NamedTuple):
    """One step of the stack machine in lower.py: an operation, its operand, and where it stands in the text.

    >>> Instruction("number", "2", (0, 1)).operation
    'number'
    """

    operation: str
    operand: Any
    span: Span


Block: TypeAlias = list[tuple[str, Any, Span]]  # instructions as plain tuples: there may be millions


class Code(NamedTuple):
    """A text and its instructions.

    >>> Code(Source("2"), [("number", "2", (0, 1))]).block
    [('number', '2', (0, 1))]
    """

    source: Source
    block: Block


class Definition(NamedTuple):
    """A function as the text defines it: its parameters and the code of its body.

    >>> Definition("f", ("u",), [("name", "u", (7, 8))]).parameters
    ('u',)
    """

    name: str
    parameters: tuple[str, ...]
    body: Block


class Head(NamedTuple):
    """The left side of a row: `max(u, w, ...)` takes two arguments or more, folded from the left.

    >>> Head("max", ("u", "w"), True).variadic
    True
    """

    name: str
    parameters: tuple[str, ...]
    variadic: bool
