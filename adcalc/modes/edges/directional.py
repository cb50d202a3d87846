"""The function a small step off the point: its value and its slope along one direction, where choices turn.

A condition on dual numbers compares values, and where these are equal tangents: so every choice on a boundary goes the
way that a step along the direction goes, and what no step reaches is never evaluated. This is exact, because a chain of
directionally differentiable functions is one.
"""

import math
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from adcalc.graph.fold import connect, holds
from adcalc.graph.node import CONNECTIVES, CONSTANT, INPUT, RELATIONS, NodeId
from adcalc.modes.base import NodeError, Tape
from adcalc.modes.edges.suspects import Watched, watched
from adcalc.modes.sweep import choose

_ROUNDING: Final = 1e-13  # relative: values that differ by less are the same to a float


class Side(NamedTuple):
    """What lies to one side: value and slope, and the first choice that goes another way there to another value."""

    value: float
    slope: float
    jump: NodeId | None
    values: tuple[float | None, float | None] = (None, None)  # of that choice: there and at the point
    jumps: bool = False  # whether the value is another one than at the point


class Unsure(Exception):  # noqa: N818  # it is no mistake: limits.py goes on from here
    """Dual numbers do not tell what lies to this side."""


def side(tape: Tape[float], direction: Mapping[NodeId, float]) -> Side:
    """Value and slope of the output a small step along a direction.

    Raises NodeError where there is none: where the function has no slope, or has no value on that side; Unsure where
    numbers of the first order do not tell.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.graph.graph import Graph
    >>> from adcalc.modes.base import Problem
    >>> from adcalc.modes.sweep import primal
    >>> from adcalc.rules.compiled import Compiled
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> tape = primal(Problem(graph, graph.apply("abs", x), (x,), {x: 0.0}), Compiled(standard(), Real()))
    >>> side(tape, {x: -1.0}).slope
    1.0
    """
    return _Step(tape, direction).run()


class _Step:
    """Dual numbers, computed when they are asked for."""

    def __init__(self, tape: Tape[float], direction: Mapping[NodeId, float]) -> None:
        self.tape = tape
        self.direction = direction
        self.nodes = tape.problem.graph.nodes
        self.values: dict[NodeId, Any] = {}
        self.tangents: dict[NodeId, float] = {}  # where one flows
        self.clauses: dict[str, list[Watched]] = {}
        self.jump: NodeId | None = None

    def run(self) -> Side:
        output = self.tape.problem.output
        waiting = [output]
        while waiting:
            node = waiting[-1]
            if node in self.values:
                waiting.pop()
                continue
            wanted = self._wanted(node)
            if wanted:
                waiting.extend(wanted)
                continue
            waiting.pop()
            try:
                self._compute(node)
                if node in self.direction:
                    self.tangents[node] = self.direction[node]
            except (NodeError, Unsure):
                raise
            except (ValueError, ArithmeticError) as error:
                raise self._failed(node, waiting) from error
        value, slope = self.values[output], self.tangents.get(output, 0.0)
        jump = self.jump
        if jump is None or _same(value, self.tape.value):
            return Side(value, slope, None)
        return Side(value, slope, jump, (self.values[jump], self.tape.values[jump]), True)

    def _wanted(self, node: NodeId) -> list[NodeId]:
        """The arguments that have to be known first."""
        op, args, _ = self.nodes[node]
        if op not in ("if", "and", "or"):
            return [argument for argument in args if argument not in self.values]
        if args[0] not in self.values:
            return [args[0]]
        first = self.values[args[0]]
        side = choose(op, args, first)
        return [side] if side not in self.values else []

    def _compute(self, node: NodeId) -> None:
        op, args, label = self.nodes[node]
        if op == INPUT:
            self.values[node] = self.tape.problem.point[node]
        elif op == CONSTANT:
            self.values[node] = self.tape.rules.arithmetic.constant(label)  # type: ignore[arg-type]  # it is its value
        elif op in RELATIONS:
            self.values[node] = self._compared(op, *args)
        elif op in CONNECTIVES:
            self.values[node] = connect(op, [self.values.get(argument) for argument in args])
        elif op == "if":
            self._choose(node, args)
        else:
            self._apply(node, op, args)

    def _compared(self, op: str, left: NodeId, right: NodeId) -> bool:
        """The truth of a comparison a step ahead. Raises Unsure where both sides stay equal to the first order."""
        one, other = self.values[left], self.values[right]
        if left != right and one == other and (left in self.tangents or right in self.tangents):
            one, other = self.tangents.get(left, 0.0), self.tangents.get(right, 0.0)
            if one == other or math.isclose(one, other, rel_tol=_ROUNDING, abs_tol=0.0):
                raise Unsure
        return holds(op, one, other)

    def _choose(self, node: NodeId, args: tuple[NodeId, ...]) -> None:
        chosen = args[1] if self.values[args[0]] else args[2]
        self.values[node] = self.values[chosen]
        if chosen in self.tangents:
            self.tangents[node] = self.tangents[chosen]
        here = self.tape.values[node] if node < len(self.tape.values) else None
        if self.jump is None and here is not None and not _same(self.values[node], here):
            self.jump = node

    def _apply(self, node: NodeId, op: str, args: tuple[NodeId, ...]) -> None:
        rules, values = self.tape.rules, self.values
        numbers = [values[argument] for argument in args]
        known = self.tape.values
        same = all(argument < len(known) and known[argument] == values[argument] for argument in args)
        here = known[node] if node < len(known) else None
        value = here if same and here is not None else rules.value(op)(*numbers)
        values[node] = value
        pattern = tuple([k for k, argument in enumerate(args) if argument in self.tangents])
        if not pattern:
            return
        kink = self._clause(node, op, pattern, numbers)
        if not rules.active(op, pattern):
            return
        function = rules.push(op, pattern) if kink is None else rules.slope(op, kink, pattern)
        self.tangents[node] = function(value, *numbers, *[self.tangents[args[k]] for k in pattern])

    def _clause(self, node: NodeId, op: str, pattern: tuple[int, ...], numbers: list[Any]) -> int | None:
        """The kink on which a node stands. Raises NodeError for an infinite slope or no rule, Unsure at a jump."""
        if op in self.tape.rules.table.residuals:
            raise Unsure  # the equation may have kinks inside
        clauses = self.clauses.get(op)
        if clauses is None:
            clauses = self.clauses[op] = watched(self.tape, op, len(numbers))
        kink = None
        for index, kind, parameter in clauses:
            if parameter is not None and parameter not in pattern:
                continue
            if kind == "no_rule":
                raise NodeError("no_rule", node, numbers, variable=parameter)
            true = self.tape.rules.condition(op, index)(self.values[node], *numbers)
            if kind == "jump" and true:
                raise Unsure
            if kind == "smooth" and not true:
                raise NodeError("slope", node, numbers, clause=index, values=self.tape.values)
            if kind == "kink" and true:
                kink = index
        return kink

    def _failed(self, node: NodeId, waiting: list[NodeId]) -> Exception:
        """What is raised for a node without a slope, or without a value on a side that a choice turned to."""
        turned = any(self.nodes[above].op == "if" for above in waiting)
        return Unsure() if turned and node not in self.values else NodeError("slope_overflow", node, [])


def _same(one: float, other: float) -> bool:
    return one == other or math.isclose(one, other, rel_tol=_ROUNDING, abs_tol=0.0)
