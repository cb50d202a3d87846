"""The result's expression as its author wrote it, in the language's canonical spacing.

Nothing is folded or inlined here: 0.1 + 0.2 stays a sum and f(x^2) a call. The printer of graphs writes it too.
"""

from typing import TYPE_CHECKING, Final

from adcalc.graph.graph import Graph
from adcalc.graph.node import Node
from adcalc.syntax.code import Code
from adcalc.syntax.unparse import unparse

if TYPE_CHECKING:
    from adcalc.graph.node import NodeId

_BINARY: Final = frozenset({"add", "sub", "mul", "div", "mod", "pow", "matmul"})


class _Written(Graph):
    """A graph of what is written, before anybody knows the shapes of it."""

    __slots__ = ()

    def apply(self, op: str, *args: "NodeId") -> "NodeId":
        return self.adopt(Node(op, args, None))

    def adopt(self, node: Node) -> "NodeId":
        found = self.ids.get(node)
        if found is None:
            found = self.ids[node] = len(self.nodes)
            self.nodes.append(node)
            self.ops.add(node.op)
        return found


def echo(code: Code) -> str:
    """The text of the expression that gives a program its value.

    >>> from adcalc.errors import Source
    >>> from adcalc.syntax.parser import parse
    >>> echo(parse(Source("f(u)=u/2; 2x+f( .1+.2 )")))
    '2*x + f(.1 + .2)'
    >>> echo(parse(Source("sum((X@W)[1:,0]+b.T,axis=0)")))
    'sum((X@W)[1:, 0] + b.T, axis=0)'
    """
    graph = _Written()
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
        elif operation == "transpose":
            stack[-1] = graph.arrange("transpose", (), stack[-1])
        elif operation in ("index", "keyword_call"):
            if operation == "index":
                count = 1 + sum(1 if kind == "i" else len(kind) - 1 for kind in operand)
                label = operand
            else:
                name, count, words = operand
                label = (name, *words)
            args = stack[len(stack) - count :]
            del stack[len(stack) - count :]
            stack.append(graph.arrange(operation, label, *args))
        elif operation == "call":
            name, count = operand
            if not count:
                stack.append(graph.input(f"#{name}()"))
                names[stack[-1]] = f"{name}()"
                continue
            args = stack[len(stack) - count :]
            del stack[len(stack) - count :]
            stack.append(_unshaped(graph, name, *args))
        elif operation == "array":
            elements = stack[len(stack) - operand :]
            del stack[len(stack) - operand :]
            stack.append(_unshaped(graph, "array", *elements))
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


def _unshaped(graph: Graph, op: str, *args: "NodeId") -> "NodeId":
    """The id of an operation of which nobody asks what shape its value has: it is only to be printed."""
    node = Node(op, args, None)
    if node not in graph.ids:
        graph.ids[node] = len(graph)
        graph.nodes.append(node)
    return graph.ids[node]


STATEMENTS: Final = frozenset({"repeat", "for", "while", "branch"})
_TAKES: Final = {"compare": 2, "compare_chain": 2, "and": 2, "or": 2, "not": 1}
