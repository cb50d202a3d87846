"""A graph of numbers that is evaluated again and again, written out as one Python function: a line for each node.

To write and to compile it takes as long as some twenty evaluations node by node, and each one after that a fifth.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, Final

from adcalc.graph.graph import Graph
from adcalc.graph.node import CONSTANT, INPUT, NodeId
from adcalc.rules.compiled import Compiled
from adcalc.rules.made import made
from adcalc.rules.printer import INFIX

LARGEST: Final = 5000  # nodes that are written out


def unrolled(
    graph: Graph, outputs: Sequence[NodeId], inputs: Sequence[NodeId], rules: Compiled[float]
) -> Callable[[Sequence[float]], list[Any]] | None:
    """The outputs as a function of the inputs' numbers; None for a graph with choices, and for a large one.

    The function raises ValueError or ArithmeticError where a node has no value.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> run = unrolled(graph, [graph.apply("mul", x, x), x], [x], Compiled(standard(), Real()))
    >>> run([3.0])
    [9.0, 3.0]
    """
    live = graph.live(*outputs)
    if len(live) > LARGEST or any(graph.nodes[node].op == "if" for node in live):
        return None
    space: dict[str, Any] = {}
    functions: dict[str, str] = {}
    lines = [f"    {''.join(f'x{node}, ' for node in inputs)} = inputs" if inputs else "    pass"]
    for node in live:
        op, args, label = graph.nodes[node]
        names = [f"x{argument}" for argument in args]
        if op == INPUT:
            continue
        if op == CONSTANT:
            assert isinstance(label, Fraction)
            space[f"x{node}"] = rules.arithmetic.constant(label)
        elif op in rules.arithmetic.infix:
            lines.append(f"    x{node} = {INFIX[op].format(*names)}")
        elif op == "pow" and graph.nodes[args[1]].label == 2:
            lines.append(f"    x{node} = {names[0]} * {names[0]}")
        else:
            name = functions.setdefault(op, f"f{len(functions)}")  # what rows are called is for people to say
            space[name] = rules.value(op)
            lines.append(f"    x{node} = {name}({', '.join(names)})")
    source = "\n".join(["def run(inputs):", *lines, f"    return [{', '.join(f'x{node}' for node in outputs)}]"])
    run: Callable[[Sequence[float]], list[Any]] = made(source, "run", space)
    return run
