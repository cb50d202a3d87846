"""The steps of the stack machine that make arrays and take them apart: lists, transposes, elements and slices.

Shapes are static: whatever says where an element stands, or how long something is, is a whole number that is known
while the graph is built.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from adcalc.errors import ShapeError
from adcalc.graph.node import NodeId, Shape
from adcalc.graph.shape import text
from adcalc.syntax.machine import Frame, Machine, Step
from adcalc.syntax.number import short


def _array(machine: Machine, count: int, frame: Frame) -> None:
    if not count:
        machine.fail("there is nothing between the brackets", "write [x^2, x*y]")
    elements = machine.values[len(machine.values) - count :]
    del machine.values[len(machine.values) - count :]
    for element in elements:
        if element in machine.conditions:
            machine.not_a_number(element)
    machine.values.append(machine.graph.apply("array", *elements))


def _transpose(machine: Machine, operand: Any, frame: Frame) -> None:
    node = machine.values[-1]
    if node in machine.conditions:
        machine.not_a_number(node)
    rank = len(machine.graph.shape(node))
    if rank > 1:
        machine.values[-1] = machine.graph.arrange("transpose", tuple(reversed(range(rank))), node)


def whole(machine: Machine, node: NodeId, what: str) -> int:
    """The whole number that a node stands for. Raises the error of anything else at the place of the step.

    >>> from adcalc.api import function
    >>> function("[1, 2, 3][1]").value()
    2.0
    """
    value = machine.constants.get(node)
    if value is None or value.denominator != 1:
        if value is not None:
            machine.fail(f"{what} is a whole number, and this is {short(float(value))}", None)
        from adcalc.syntax import foreign

        hint = foreign.VARIABLES.get(str(machine.graph.nodes[node].label), "a number, or the index of a for loop")
        machine.fail(f"{what} is a whole number that is known beforehand", hint)
    return int(value)


def _index(machine: Machine, kinds: tuple[str, ...], frame: Frame) -> None:
    count = sum(1 if kind == "i" else len(kind) - 1 for kind in kinds)
    numbers = machine.values[len(machine.values) - count :]
    del machine.values[len(machine.values) - count :]
    node = machine.values.pop()
    shape = machine.graph.shape(node)
    if len(kinds) > len(shape):
        given = "1 index" if len(kinds) == 1 else f"{len(kinds)} indices"
        hint = None if shape else "an array is bound by --at x=[1, 2]"
        machine.fail(f"this is {text(shape)}, and there {'is' if len(kinds) == 1 else 'are'} {given}", hint, ShapeError)
    values = [whole(machine, number, "an index") for number in numbers]
    machine.values.append(taken(machine, node, _label(machine, kinds, values, shape)))


def _label(machine: Machine, kinds: Sequence[str], values: list[int], shape: Shape) -> tuple[Any, ...]:
    """An index as numbers from 0 on and slices (begin, end, step)."""
    label: list[Any] = []
    place = 0
    for kind, length in zip(kinds, shape, strict=False):
        if kind == "i":
            number = values[place]
            place += 1
            if not -length <= number < length:
                machine.fail(
                    f"there is no element {number}: the axis has {length}",
                    _span(length),
                    ShapeError,
                )
            label.append(number % length)
            continue
        begin, end, step = (values[place + kind.index(part) - 1] if part in kind else None for part in "bes")
        place += len(kind) - 1
        if step == 0:
            machine.fail("the step of a slice is not 0", "A[::2] takes every other element", ShapeError)
        label.append(_normal(range(length)[begin:end:step]))
    return tuple(label)


def _span(length: int) -> str | None:
    if not length:
        return None
    return "indices count from 0, so the only one is 0" if length == 1 else f"indices count from 0: 0 to {length - 1}"


def _normal(span: range) -> tuple[int, int, int]:
    """A slice as begin, end and step, the same for the same elements."""
    return (span.start, span.start + len(span) * span.step, span.step) if span else (0, 0, 1)


def taken(machine: Machine, node: NodeId, label: tuple[Any, ...]) -> NodeId:
    """Elements of an array; those of a list that the program wrote are the nodes themselves.

    >>> from adcalc.api import function
    >>> function("[x, y][1]").variables
    ('x', 'y')
    """
    graph = machine.graph
    while label and isinstance(label[0], int) and graph.nodes[node].op == "array":
        node, label = graph.nodes[node].args[label[0]], label[1:]
    shape = graph.shape(node)
    if all(index == (0, length, 1) for index, length in zip(label, shape, strict=False)):
        return node
    return graph.arrange("take", label, node)


def constants(machine: Machine, node: NodeId, what: str) -> tuple[int, ...]:
    """The whole numbers of a list, or the one that a number is. Raises the error of anything else.

    >>> from adcalc.api import function
    >>> function("reshape([1, 2, 3, 4], [2, 2])[1, 0]").value()
    3.0
    """
    op, args, _ = machine.graph.nodes[node]
    return tuple(whole(machine, one, what) for one in (args if op == "array" else (node,)))


def numbers(machine: Machine, values: Sequence[int]) -> NodeId:
    """A list of whole numbers.

    >>> from adcalc.api import function
    >>> function("shape([[1, 2, 3]])[1]").value()
    3.0
    """
    return machine.graph.apply("array", *(machine.constant(Fraction(value)) for value in values))


STEPS: Final[Mapping[str, Step]] = {"array": _array, "transpose": _transpose, "index": _index}
