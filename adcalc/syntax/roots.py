"""`root(f, x, start)`: the solution of f = 0 near a start, as one node.

The expression is lowered with its unknown as an input. What it depends on besides becomes the arguments of an operation
whose rule is the implicit function theorem: no iteration is unrolled, and every mode differentiates it like any other.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from adcalc.errors import ArityError
from adcalc.graph.graph import Graph
from adcalc.graph.node import CONSTANT, INPUT, Node, NodeId
from adcalc.graph.residual import Residual
from adcalc.syntax.code import Block
from adcalc.syntax.derivatives import opened
from adcalc.syntax.machine import Frame, Machine, Step


def root(machine: Machine, blocks: tuple[Block, ...], ranges: tuple[str, ...], frame: Frame) -> None:
    """Run the expression and the start that root is given, then make its node."""
    if len(blocks) != 3 or ranges:
        machine.fail("root takes an expression, its unknown and a start", "write root(x^2 - a, x, 1)", ArityError)
    expression, variable, start = blocks
    if len(variable) != 1 or variable[0][0] != "name":
        machine.fail("the second argument of root is the name of the unknown", "write root(x^2 - a, x, 1)")
    name = str(variable[0][1])
    unknown = machine.graph.adopt(Node(INPUT, (), f"{name}#root{len(machine.graph)}"))
    machine.go_on([("solve", (name, unknown), machine.span)], frame)
    machine.go_on(start, frame)
    outer = {} if frame.names is machine.known else frame.names
    machine.push(expression, {**outer, name: unknown}, frame.outer, frame.span, frame.calls, frame.recursive)


def _solve(machine: Machine, operand: tuple[str, NodeId], frame: Frame) -> None:
    name, unknown = operand
    start, output = machine.values.pop(), machine.values.pop()
    if start in machine.conditions or output in machine.conditions:
        machine.not_a_number(start if start in machine.conditions else output)
    graph = machine.graph
    (output,) = opened(machine, [output], unknown)
    if unknown in graph.below(start):
        machine.fail(f"the start depends on the unknown '{name}'", "give a number near the solution")
    dependent = {unknown}
    for node in graph.below(output):
        if any(argument in dependent for argument in graph.nodes[node].args):
            dependent.add(node)
    if output not in dependent:
        machine.fail(f"the expression does not depend on '{name}'", "root(f, x, start) solves f = 0 for x")
    given = {
        argument: None
        for node in sorted(dependent)
        for argument in graph.nodes[node].args
        if argument not in dependent and graph.nodes[argument].op != CONSTANT
    }
    names = {str(graph.nodes[node].label) for argument in given for node in graph.below(argument)}
    shown = name if name not in names else f"{name}_0"
    residual = _residual(machine, output, unknown, list(given), dependent, shown)
    machine.values.append(graph.apply(machine.library.solver(residual, graph), start, *given))


def _residual(
    machine: Machine, output: NodeId, unknown: NodeId, given: list[NodeId], dependent: set[NodeId], shown: str
) -> Residual:
    graph, small = machine.graph, Graph(machine.graph.residuals)
    count = len(given) + 1
    parameters = [small.input(f"p{number}") for number in range(count)]
    own = small.input("v")
    differentials = [small.input(f"dp{number}") for number in range(count)]
    images = dict(zip(given, parameters[1:], strict=True)) | {unknown: own}
    for node in graph.below(output):
        op, args, _ = graph.nodes[node]
        if node in dependent and node != unknown:
            images[node] = small.copy(graph, node, [images[argument] for argument in args])
        elif op == CONSTANT:
            images[node] = small.adopt(graph.nodes[node])
    equation = images[output]
    zero = small.constant(Fraction(0))
    slope, *partials = [
        zero if partial is None else partial for partial in machine.partials(small, equation, (own, *parameters[1:]))
    ]
    whole = small.apply("mul", zero, differentials[0])  # a better start gives the same solution
    for partial, differential in zip(partials, differentials[1:], strict=True):
        whole = small.apply("sub", whole, small.apply("div", small.apply("mul", partial, differential), slope))
    regular = small.apply("ne", slope, zero)
    return Residual(small, equation, slope, whole, regular, shown, count)


STEPS: Final[Mapping[str, Step]] = {"solve": _solve}
