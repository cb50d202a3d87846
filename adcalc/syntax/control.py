"""The steps of the stack machine for statements with blocks: repeat, for, while, if, and the bodies of functions.

Loops whose length is known unfold. Where a condition depends on the point, the guide says which way the point takes,
and that path is what is unfolded. A point on the boundary between two ways takes its own; what lies to either side is
found by going the ways of points beside it (modes/edges/limits.py).
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


class _Rounds:
    """A loop being run: its round, the last one, and the blocks of a round, which end with the step to the next."""

    __slots__ = ("before", "block", "last", "number", "test")

    def __init__(self, body: Block, last: int = 0, number: int = 0, before: NodeId | None = None) -> None:
        self.block = body
        self.test: Block = []
        self.last = last
        self.number = number
        self.before = before  # what the counter's name stood for


def _repeat(machine: Machine, body: Block, frame: Frame) -> None:
    times = machine.constants.get(machine.values.pop())
    if times is None or times.denominator != 1 or times < 0:
        machine.fail("the number of rounds is a whole number that is known without a point", "write repeat 10 { … }")
    _require_room(machine, "repeat", int(times), body)
    if not times:
        mention(machine, body, frame)
    else:
        rounds = _Rounds(body, int(times))
        rounds.block = [*body, ("again", rounds, machine.span)]
        machine.go_on(rounds.block, frame)


def _again(machine: Machine, rounds: _Rounds, frame: Frame) -> None:
    rounds.number += 1
    if rounds.number < rounds.last:
        machine.go_round(rounds.block, frame)


def _for(machine: Machine, operand: tuple[str, Block], frame: Frame) -> None:
    bounds = [machine.constants.get(machine.values.pop()) for _ in range(2)][::-1]
    first, last = (None if bound is None or bound.denominator != 1 else int(bound) for bound in bounds)
    if first is None or last is None:
        machine.fail(
            "the range of 'for' goes from one whole number to another, known without a point",
            "write for k in 1..10 { … }",
        )
    name, body = operand
    _require_room(machine, "for", last - first + 1, body)
    if last < first:
        mention(machine, [("assign", name, machine.span), *body], frame)
        return
    rounds = _Rounds(body, last, first, frame.names.get(name))
    rounds.block = [*body, ("count", (name, rounds), machine.span)]
    frame.names[name] = marked(machine, name, machine.constant(Fraction(first)))
    machine.go_on(rounds.block, frame)


def _count(machine: Machine, operand: tuple[str, _Rounds], frame: Frame) -> None:
    name, rounds = operand
    rounds.number += 1
    if rounds.number <= rounds.last:
        frame.names[name] = marked(machine, name, machine.constant(Fraction(rounds.number)))
        machine.go_round(rounds.block, frame)
    elif rounds.before is None:
        frame.names.pop(name, None)
    else:
        frame.names[name] = rounds.before


def _require_room(machine: Machine, loop: str, rounds: int, body: Block) -> None:
    if rounds * (len(body) + 1) > machine.maximum:  # so much it unfolds to at least
        message = f"'{loop}' runs {rounds} rounds; the limit is {machine.maximum} operations"
        raise LimitError(message, machine.place(), "--max-operations raises the limit")


def _while(machine: Machine, operand: tuple[Block, Block], frame: Frame) -> None:
    condition, body = operand
    rounds = _Rounds(body)
    rounds.test = [*condition, ("while_test", (operand, rounds), machine.span)]
    rounds.block = [*body, ("while_again", rounds, machine.span)]
    machine.go_on(rounds.test, frame)


def _while_test(machine: Machine, operand: tuple[tuple[Block, Block], _Rounds], frame: Frame) -> None:
    (_, body), rounds = operand
    found = _condition(machine, "while")
    holds = machine.truth(found, "while")
    if rounds.number:
        machine.loops.pop()
    if holds:
        rounds.number += 1
        machine.loops.append((machine.span, found, rounds.number))
        machine.go_round(rounds.block, frame)
    elif not rounds.number:
        mention(machine, body, frame)


def _while_again(machine: Machine, rounds: _Rounds, frame: Frame) -> None:
    machine.go_round(rounds.test, frame)


def _branch(machine: Machine, operand: tuple[Clauses, Block | None], frame: Frame) -> None:
    machine.go_on([("branch_test", operand, machine.span)], frame)
    machine.go_on(operand[0][0][0], frame)


def _branch_test(machine: Machine, operand: tuple[Clauses, Block | None], frame: Frame) -> None:
    clauses, other = operand
    found = _condition(machine, "if")
    holds = machine.truth(found, "if")
    _, body = clauses[0]
    rest: Block = other or []
    if len(clauses) > 1:  # an else if of its own, with its own place
        begin = clauses[1][0][0][2][0]
        rest = [("branch", (clauses[1:], other), (begin, machine.span[1]))]
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
