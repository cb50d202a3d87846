"""What the parser leaves: a flat list of instructions in postfix order, each with its place in the text.

`x*y + 1` is `name x`, `name y`, `mul`, `number 1`, `add`. Operands that are evaluated later, or more than once, or not
at all (the body of a function, the branches of an `if`) are lists of their own inside one instruction.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

from adcalc.errors import Place, Source

Span: TypeAlias = tuple[int, int]

# words that are no names, but in backquotes
RESERVED: Final = frozenset({"if", "else", "repeat", "for", "in", "while", "and", "or", "not"})


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


def inner(operation: str, operand: Any) -> Sequence[tuple[Block, tuple[str, ...] | None]]:
    """The blocks inside an instruction; with the names that each brings, or None where it shares the scope around it.

    >>> inner("lazy", ("sum", ([("name", "k", (4, 5))], [], []), ("k",)))[0]
    ([('name', 'k', (4, 5))], ('k',))
    """
    if operation == "lazy":
        name, blocks, names = operand
        if name == "root" and len(blocks) == 3:
            body, unknown, start = blocks
            return [(body, tuple(word for _, word, _ in unknown)), (start, ())]
        return [(block, names if number == 0 else ()) for number, block in enumerate(blocks)]
    if operation == "define":
        return [(operand.body, operand.parameters)]
    if operation == "repeat":
        return [(operand, None)]
    if operation == "for":
        name, body = operand
        return [([("assign", name, (0, 0)), *body], None)]
    if operation == "while":
        return [(block, None) for block in operand]
    if operation == "branch":
        clauses, other = operand
        return [(block, None) for block in (*(block for clause in clauses for block in clause), other or [])]
    return ()


def walk(block: Block, bound: Iterable[str] = ()) -> Iterator[tuple[str, Any, set[str]]]:
    """Every instruction of a block and of the blocks inside it, in the order of the text.

    With each come the names that are assigned or bound before it; `bound` are those before the block. A name that a
    program assigns anywhere is bound in the bodies of its functions.
    """
    everywhere = _assigned(block)
    stack = [(iter(block), set(bound))]
    while stack:
        steps, names = stack[-1]
        for operation, operand, _ in steps:
            yield operation, operand, names
            if operation == "assign":
                names.add(operand)
            blocks = inner(operation, operand)
            if blocks:
                beside = everywhere if operation == "define" else ()
                stack.extend(
                    (iter(inside), names if own is None else names.union(own, beside))
                    for inside, own in reversed(blocks)
                )
                break
        else:
            stack.pop()


def _assigned(block: Block) -> set[str]:
    """The names that a block assigns, and the blocks inside it that share its scope."""
    names: set[str] = set()
    waiting = [block]
    while waiting:
        for operation, operand, _ in waiting.pop():
            if operation == "assign":
                names.add(operand)
            waiting.extend(shared for shared, own in inner(operation, operand) if own is None)
    return names


def free_names(block: Block, bound: Iterable[str] = ()) -> list[str]:
    """The names that a block reads and does not bind, in order of first appearance.

    >>> free_names([("name", "x", (0, 1)), ("assign", "y", (0, 5)), ("name", "y", (6, 7))])
    ['x']
    """
    return list(
        dict.fromkeys(
            operand for operation, operand, names in walk(block, bound) if operation == "name" and operand not in names
        )
    )


def place_of(code: Code, name: str) -> Place | None:
    """Where a program reads a name for the first time.

    >>> place_of(Code(Source("x"), [("name", "x", (0, 1))]), "x").start
    0
    """
    waiting = [code.block]
    found: list[Span] = []
    while waiting:
        for operation, operand, span in waiting.pop():
            if operation == "name" and operand == name:
                found.append(span)
            waiting.extend(block for block, _ in inner(operation, operand))
    return Place(code.source, *min(found)) if found else None


def called(block: Block) -> set[str]:
    """The names of the functions that a block calls.

    >>> called([("name", "x", (2, 3)), ("call", ("f", 1), (0, 4))])
    {'f'}
    """
    return {operand[0] for operation, operand, _ in walk(block) if operation == "call"}


def differentiated(block: Block) -> frozenset[str]:
    """The names by which a block differentiates something.

    >>> differentiated([("lazy", ("diff", ([("number", "1", (5, 6))], [("name", "x", (8, 9))]), ()), (0, 10))])
    frozenset({'x'})
    """
    return frozenset(
        word
        for operation, operand, _ in walk(block)
        if operation == "lazy" and operand[0] in ("diff", "grad")
        for variables in operand[1][1:2]
        for step, word, _ in variables
        if step == "name"
    )


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
