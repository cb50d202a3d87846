"""The steps of the stack machine for statements with blocks: repeat, for, while, if, and the bodies of functions.

Loops whose length is known unfold. Where a condition depends on the point, the guide says which way the point takes,
and that path is what is unfolded. A point on the boundary between two ways takes its own; what lies to either side is
found by going the ways of points beside it (modes/limits.py).
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from adcalc.errors import LimitError
from adcalc.graph.node import NodeId
from adcalc.syntax.calls import follow, mention
from adcalc.syntax.code import Block
from adcalc.syntax.derivatives import marked
from adcalc.syntax.machine import Frame, Machine, Scope, Step

Clauses = tuple[tuple[Block, Block], ...]


def _repeat(machine: Machine, body: Block, frame: Frame) -> None:
    times = machine.constants.get(machine.values.pop())
    if times is None or times.denominator != 1 or times < 0:
        machine.fail("the number of rounds is a whole number that is known without a point", "write repeat 10 { … }")
    _require_room(machine, "repeat", int(times))
    if times:
        _again(machine, (body, int(times)), frame)


def _again(machine: Machine, operand: tuple[Block, int], frame: Frame) -> None:
    body, times = operand
    if times > 1:
        machine.go_on([("again", (body, times - 1), machine.span)], frame)
    machine.go_on(body, frame)


def _for(machine: Machine, operand: tuple[str, Block], frame: Frame) -> None:
    bounds = [machine.constants.get(machine.values.pop()) for _ in range(2)][::-1]
    first, last = (None if bound is None or bound.denominator != 1 else int(bound) for bound in bounds)
    if first is None or last is None:
        machine.fail(
            "the range of 'for' goes from one whole number to another, known without a point",
            "write for k in 1..10 { … }",
        )
    _require_room(machine, "for", last - first + 1)
    name, body = operand
    before = frame.names.get(name)
    machine.go_on([("count", (name, body, first, last, before), machine.span)], frame)


def _count(machine: Machine, operand: tuple[str, Block, int, int, NodeId | None], frame: Frame) -> None:
    name, body, current, last, before = operand
    if current > last:
        if before is None:
            frame.names.pop(name, None)
        else:
            frame.names[name] = before
        return
    machine.go_on([("count", (name, body, current + 1, last, before), machine.span)], frame)
    frame.names[name] = marked(machine, name, machine.constant(Fraction(current)))
    machine.go_on(body, frame)


def _require_room(machine: Machine, loop: str, rounds: int) -> None:
    if rounds > machine.maximum:
        message = f"'{loop}' runs {rounds} rounds; the limit is {machine.maximum} operations"
        raise LimitError(message, machine.place(), "--max-operations raises the limit")


def _while(machine: Machine, operand: tuple[Block, Block], frame: Frame, rounds: int = 0) -> None:
    machine.go_on([("while_test", (*operand, rounds), machine.span)], frame)
    machine.go_on(operand[0], frame)


def _while_test(machine: Machine, operand: tuple[Block, Block, int], frame: Frame) -> None:
    condition, body, rounds = operand
    found = _condition(machine, "while")
    holds = machine.truth(found, "while")
    if rounds:
        machine.loops.pop()
    if not holds:
        if not rounds:
            mention(machine, body, frame)
    else:
        machine.loops.append((machine.span, found, rounds + 1))
        machine.go_on([("while_again", (condition, body, rounds + 1), machine.span)], frame)
        machine.go_on(body, frame)


def _while_again(machine: Machine, operand: tuple[Block, Block, int], frame: Frame) -> None:
    condition, body, rounds = operand
    _while(machine, (condition, body), frame, rounds)


def _branch(machine: Machine, operand: tuple[Clauses, Block | None], frame: Frame) -> None:
    machine.go_on([("branch_test", operand, machine.span)], frame)
    machine.go_on(operand[0][0][0], frame)


def _branch_test(machine: Machine, operand: tuple[Clauses, Block | None], frame: Frame) -> None:
    clauses, other = operand
    found = _condition(machine, "if")
    holds = machine.truth(found, "if")
    _, body = clauses[0]
    rest: Block = [("branch", (clauses[1:], other), machine.span)] if len(clauses) > 1 else other or []
    follow(machine, body, rest, holds, frame)


def _condition(machine: Machine, statement: str) -> NodeId:
    found = machine.values.pop()
    if not machine.is_condition(found):
        machine.fail(f"'{statement}' is followed by a condition, and this is a number", "compare it: x > 0")
    return found


def _returns(machine: Machine, name: str, frame: Frame) -> None:
    scope = frame.names
    assert isinstance(scope, Scope)
    if scope.result is None:
        machine.fail(f"the body of {name} has no result", "end it with an expression")
    machine.values.append(scope.result)


STEPS: Final[Mapping[str, Step]] = {
    "repeat": _repeat,
    "again": _again,
    "for": _for,
    "count": _count,
    "while": _while,
    "while_test": _while_test,
    "while_again": _while_again,
    "branch": _branch,
    "branch_test": _branch_test,
    "returns": _returns,
}
