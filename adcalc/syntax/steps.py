"""The steps of the stack machine that stay inside one block: signs, conditions and statements."""

from collections.abc import Mapping
from fractions import Fraction
from functools import partial
from typing import Any, Final

from adcalc.errors import AdcalcSyntaxError, Place, ShapeError
from adcalc.graph import fold
from adcalc.graph.node import NodeId
from adcalc.syntax.code import Definition
from adcalc.syntax.derivatives import marked
from adcalc.syntax.machine import Frame, Machine, Scope, Step


def _neg(machine: Machine, operand: Any, frame: Frame) -> None:
    argument = machine.values[-1]
    if argument in machine.constants:
        machine.values[-1] = machine.constant(-machine.constants[argument])
        return
    if argument in machine.conditions:
        machine.not_a_number(argument)
    machine.values[-1] = machine.graph.apply("neg", argument)


def _factorial(machine: Machine, operand: Any, frame: Frame) -> None:
    one = machine.constant(Fraction(1))
    argument = machine.values.pop()
    if argument in machine.conditions:
        machine.not_a_number(argument)
    value = machine.constants.get(argument)
    successor = machine.graph.apply("add", argument, one) if value is None else machine.constant(value + 1)
    machine.values.append(machine.graph.apply("gamma", successor))


def _compare(machine: Machine, relation: str, frame: Frame) -> None:
    right = machine.values.pop()
    left = machine.values.pop()
    machine.values.append(_relation(machine, relation, left, right))


def _compare_chain(machine: Machine, relation: str, frame: Frame) -> None:
    right = machine.values.pop()
    before = machine.values.pop()
    last = machine.graph.nodes[before]
    if last.op == "and":
        last = machine.graph.nodes[last.args[1]]
    step = _relation(machine, relation, last.args[1], right)
    machine.values.append(_connect(machine, "and", before, step))


def _logic(machine: Machine, op: str) -> None:
    operands = [machine.values.pop() for _ in range(1 if op == "not" else 2)][::-1]
    for operand in operands:
        if not machine.is_condition(operand):
            machine.fail(f"'{op}' joins conditions, and this is a number", "compare it with something: x > 0")
    machine.values.append(_connect(machine, op, *operands))


def _relation(machine: Machine, relation: str, left: NodeId, right: NodeId) -> NodeId:
    for side in (left, right):
        if side in machine.conditions:
            machine.not_a_number(side)
    node = machine.graph.apply(relation, left, right)
    known = left in machine.constants and right in machine.constants
    machine.conditions[node] = (
        fold.holds(relation, machine.constants[left], machine.constants[right]) if known else None
    )
    return node


def _connect(machine: Machine, op: str, *operands: NodeId) -> NodeId:
    node = machine.graph.apply(op, *operands)
    machine.conditions[node] = fold.connect(op, [machine.conditions[operand] for operand in operands])
    return node


def _assign(machine: Machine, name: str, frame: Frame) -> None:
    _unused(machine, frame)
    node = machine.values.pop()
    frame.names[name] = marked(machine, name, node)
    if frame.names is machine.known:
        machine.assigned[name] = None
        if node not in machine.constants:
            machine.lowered.names[node] = name


def _define(machine: Machine, definition: Definition, frame: Frame) -> None:
    _unused(machine, frame)
    if frame.names is not machine.known:
        machine.fail("a function is defined in the program itself, not in the body of another", None)
    machine.functions[definition.name] = definition
    machine.recursive.clear()
    machine.elementals.discard((definition.name, len(definition.parameters)))


def _result(machine: Machine, operand: Any, frame: Frame) -> None:
    _unused(machine, frame)
    scope = frame.names
    assert isinstance(scope, Scope)
    scope.result, scope.span = machine.values.pop(), machine.span


def _unused(machine: Machine, frame: Frame) -> None:
    """Raise the error of an expression whose value nobody uses, where one stands before this statement."""
    scope = frame.names
    assert isinstance(scope, Scope)
    if scope.span is None:
        return
    goes_on = machine.lowered.code.source.text[machine.span[0]] in "+-−"
    machine.span = scope.span
    machine.fail(
        "nobody uses the value of this expression",
        "an expression goes on in the next line after an operator or inside brackets"
        if goes_on
        else "name it with '=', or remove it",
    )


def _weigh(machine: Machine, weights: Any, frame: Frame) -> None:
    """Put the weighed sum of the result in its place: it has one weight in its shape, or one for each of a list."""
    scope = machine.known
    result = scope.result
    if result is None or machine.is_condition(result):
        return  # an error, which the end of the program tells
    graph = machine.graph
    machine.lowered.weighed = result
    if isinstance(weights, str):
        total = graph.apply("mul", machine.variable(weights), result)
        shape = graph.shape(total)
        scope.result = graph.arrange("sum", (tuple(range(len(shape))), False), total) if shape else total
        return
    op, elements, _ = graph.nodes[result]
    if op != "array" or len(elements) != len(weights):
        machine.fail(f"the result is no list of {len(weights)} here", None, ShapeError)
    terms: list[NodeId] = [
        graph.apply("mul", machine.variable(name), element) for name, element in zip(weights, elements, strict=True)
    ]
    total = terms[0]
    for term in terms[1:]:
        total = graph.apply("add", total, term)
    scope.result = total


def _move(machine: Machine, operand: Any, frame: Frame) -> None:
    """Put a step along a direction into variables."""
    directions, step = operand
    graph = machine.graph
    for name, direction, span in directions:
        node = machine.variable(name)
        along = graph.apply("mul", machine.variable(step), machine.variable(direction))
        machine.known[name] = marked(machine, name, graph.apply("add", node, along))
        machine.lowered.spans.extend([span] * (len(graph) - len(machine.lowered.spans)))


def finish(machine: Machine) -> None:
    """Hand over the result of a program that has run to its end. Raises AdcalcSyntaxError where it has none."""
    scope = machine.known
    if scope.result is None or scope.span is None:
        names = list(machine.assigned)
        text = machine.lowered.code.source.text
        raise AdcalcSyntaxError(
            "the program has no result" if names or machine.functions else "there is nothing to compute",
            Place(machine.lowered.code.source, len(text.rstrip()), len(text.rstrip())),
            f"end it with an expression, such as {names[-1]}" if names else "write an expression, such as x^2 + 1",
        )
    machine.lowered.output = scope.result
    if machine.is_condition(scope.result):
        machine.span = scope.span
        machine.fail("a condition is not a number", "conditions are for if(c, a, b)")


def _logic_step(op: str, machine: Machine, operand: Any, frame: Frame) -> None:
    _logic(machine, op)


STEPS: Final[Mapping[str, Step]] = {
    "neg": _neg,
    "factorial": _factorial,
    "compare": _compare,
    "compare_chain": _compare_chain,
    **{op: partial(_logic_step, op) for op in ("and", "or", "not")},
    "assign": _assign,
    "define": _define,
    "result": _result,
    "weigh": _weigh,
    "move": _move,
}
