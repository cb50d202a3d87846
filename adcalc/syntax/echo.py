"""The result's expression as its author wrote it, in the language's canonical spacing.

Nothing is folded or inlined here: 0.1 + 0.2 stays a sum and f(x^2) a call. The printer of graphs writes it too.
"""

from typing import TYPE_CHECKING, Any, Final

from adcalc.errors import Source
from adcalc.graph.graph import Graph
from adcalc.graph.shape import known
from adcalc.syntax.code import Block, Code
from adcalc.syntax.unparse import unparse

if TYPE_CHECKING:
    from adcalc.graph.node import NodeId

_BINARY: Final = frozenset({"add", "sub", "mul", "div", "mod", "pow"})


def echo(code: Code) -> str:
    """The text of the expression that gives a program its value.

    >>> from adcalc.errors import Source
    >>> from adcalc.syntax.parser import parse
    >>> echo(parse(Source("f(u)=u/2; 2x+f( .1+.2 )")))
    '2*x + f(.1 + .2)'
    >>> echo(parse(Source("b = 2; sum( (A@x)^2 , axis = 0)")))
    'sum((A@x)^2, axis=0)'
    """
    if any(_is_about_arrays(operation, operand) for operation, operand, _ in _inner(code)):
        return _laid_out(code)
    graph = Graph()
    names: dict[NodeId, str] = {}
    stack: list[NodeId] = []
    for operation, operand, (start, end) in code.block:
        if operation in ("assign", "define"):
            stack.clear()
        elif operation in _BINARY:
            right = stack.pop()
            stack[-1] = graph.apply(operation, stack[-1], right)
        elif operation == "neg":
            stack[-1] = graph.apply(operation, stack[-1])
        elif operation == "call":
            name, count = operand
            if not count:
                stack.append(graph.input(f"#{name}()"))
                names[stack[-1]] = f"{name}()"
                continue
            args = stack[len(stack) - count :]
            del stack[len(stack) - count :]
            stack.append(graph.apply(name, *args))
        elif operation == "array":
            elements = stack[len(stack) - operand :]
            del stack[len(stack) - operand :]
            stack.append(graph.apply("array", *elements))
        elif operation in STATEMENTS:
            stack.clear()
            stack.append(graph.input(f"#{start}"))
            names[stack[-1]] = " ".join(code.source.text[start:end].split())
        elif operation == "factorial":
            stack[-1] = graph.apply("factorial", stack[-1])
        elif operation == "name":
            stack.append(graph.input(operand))
        elif operation != "result":  # a number, and forms that are printed as they stand
            text = operand if operation == "number" else " ".join(code.source.text[start:end].split())
            del stack[len(stack) - _TAKES.get(operation, 0) :]
            stack.append(graph.input(f"#{text}"))
            names[stack[-1]] = text
    return unparse(graph, stack[-1], names)


def _inner(code: Code) -> Block:
    """The instructions, without those of a list that is the result: several numbers are no array."""
    block = code.block
    return block[:-2] if len(block) > 1 and block[-2][0] == "array" else block


def _is_about_arrays(operation: str, operand: Any) -> bool:
    return operation in _ARRAYS or (operation == "call" and known(operand[0]))


def _laid_out(code: Code) -> str:
    """The last expression in canonical layout, on one line: no graph writes what only arrays have."""
    from adcalc.syntax.format import canonical

    operation, _, (start, end) = code.block[-1]
    text = code.source.text[start:end]
    lines = canonical(Source(text)).split("\n") if operation == "result" else text.split("\n")
    return " ".join(line.strip() for line in lines).strip()


_ARRAYS: Final = frozenset({"matmul", "transpose", "index", "keyword_call", "array"})
STATEMENTS: Final = frozenset({"repeat", "for", "while", "branch"})
_TAKES: Final = {"compare": 2, "compare_chain": 2, "and": 2, "or": 2, "not": 1}
