"""Where floating point may have lost digits, noticed on a finished tape at next to no cost.

A sum that is much smaller than what it was made of has lost the leading digits of both; so has a function near a zero
of its own (the logarithm of almost 1, the sine of almost a multiple of π), and a sum of adjoints. What was made ready
for a graph is a few lists of such places; looking at them is a comparison each, and nothing is looked at whose
arguments are exact. To be noticed proves nothing: what is noticed is computed again by others, in balls.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

from adcalc.graph.node import Node, NodeId
from adcalc.modes.base import Tape
from adcalc.modes.places import NEAR, POLES, STEEP, SUMS, Places

_LOST: Final = 1e6  # what rounding is multiplied by on a path of many sums
_TURNED: Final = 0.95  # of a turn: a smaller angle is near no place but 0, where nothing is lost
_WIDE: Final = 1e60  # the square of a number beyond which products may leave the range of floating point
_NARROW: Final = 1e-60
_SURE: Final = 1e-4  # the square of a sine further from 0 and 1 loses no digits, if the angle is no large one
_TIE: Final = 1e-12  # of two numbers: how near they are the same to rounding


class Watch(Places):
    """The places of a graph where digits may be lost, below one output, and who looks at them."""

    __slots__ = ()

    def noticed(self, values: Sequence[Any]) -> list[NodeId]:
        """The nodes that may have lost digits, with their values on a tape; a node may stand there twice.

        >>> from adcalc.graph.graph import Graph
        >>> graph = Graph()
        >>> x = graph.input("x")
        >>> from fractions import Fraction
        >>> output = graph.apply("sub", graph.constant(Fraction(1)), graph.apply("cos", x))
        >>> watch = Watch.over(graph, graph.live(output))
        >>> watch.noticed([1e-5, 1.0, 0.99999999995, 5e-11]), watch.noticed([1.0, 1.0, 0.5403, 0.4597])
        ([3], [])
        """
        large = 1.0 / self.small
        try:
            odd = [
                (node, ratio)
                for node, operand in self.sums
                if not 0.0 <= (ratio := values[operand] / values[node]) <= 1.0
            ]
        except ZeroDivisionError:
            odd = [
                (node, _ratio(values[operand], values[node]))
                for node, operand in self.sums
                if values[node] or values[operand]
            ]
        for node, row in self.rows:
            before = row(values)
            odd.append((node, _ratio(max(max(before), -min(before)), abs(values[node]))))
        found = [node for node, ratio in odd if not -large < ratio < large]
        if self.angles:
            found += [
                node
                for node, angle, turn in self.angles
                if not (_SURE < (value := values[node]) * value < 1.0 - _SURE and -STEEP < values[angle] < STEEP)
                and not -_TURNED * turn < values[angle] < _TURNED * turn
                and _is_turn(values[angle], turn)
            ]
        if self.zeros:
            found += [node for node in self.zeros if -NEAR < values[node] < NEAR]
        if self.ones:
            found += [node for node, argument in self.ones if -NEAR < abs(values[argument]) - 1.0 < NEAR]
        if self.edges:
            found += [
                node for node, left, right in self.edges if abs(values[left] - values[right]) < _TIE * abs(values[left])
            ]
        if self.steps:
            found += [node for node, args in self.steps if is_step(*[values[argument] for argument in args])]
        if self.powers:
            found += [node for node, exponent in self.powers if not -STEEP < values[exponent] < STEEP]
        if odd and self.chain and not found and math.prod([max(ratio, 1.0 - ratio) for _, ratio in odd]) > _LOST:
            return self._multiplied(*self.chain, values)
        return found

    def is_wide(self, values: Sequence[Any]) -> bool:
        """Whether there are numbers so large or small that something may have left the range of floating point.

        >>> from adcalc.graph.graph import Graph
        >>> graph = Graph()
        >>> x = graph.input("x")
        >>> Watch.over(graph, [x]).is_wide([1e-200])
        True
        """
        for node in self.inputs:
            if not _NARROW < (value := values[node]) * value < _WIDE and value:
                return True
        if self.sources:
            for node, base in self.sources:
                if not _NARROW < (value := values[node]) * value < _WIDE and values[base]:
                    return True
        return bool(self.wide)

    def adder(self, noticed: dict[float, float]) -> Callable[[float, float], float]:
        """An addition of two floats that leaves a sum which is much smaller than them in a dictionary, with their size.

        >>> from adcalc.graph.graph import Graph
        >>> noticed = {}
        >>> add = Watch.over(Graph(), []).adder(noticed)
        >>> add(1.0, 2.0), add(5.0, -5.0), noticed
        (3.0, 0.0, {0.0: 5.0})
        """
        small = self.small
        large = 1.0 / small

        def add(left: float, right: float) -> float:
            total = left + right
            try:
                if not -large < right / total < large:
                    noticed[total] = max(abs(right), noticed.get(left, 0.0))
                elif noticed and left in noticed and abs(total) < small * noticed[left]:
                    noticed[total] = noticed[left]
            except ZeroDivisionError:
                if right:
                    noticed[total] = max(abs(right), noticed.get(left, 0.0))
            return total

        return add

    def pushed(self, tape: Tape[float], tangents: Sequence[Any]) -> bool:
        """Whether a tangent is a sum or a difference of much larger numbers.

        >>> from adcalc.api import function
        >>> f = function("sin(x) - x")
        >>> lowered, at = f.at({"x": 1e-9})
        >>> Watch.over(lowered.graph, [0, 1, 2]).pushed(f.tape(lowered, at, (0,)), [1.0, 1.0, 0.0])
        True
        """
        small, nodes, values = self.small, tape.problem.graph.nodes, tape.values
        for node in tape.order:
            op, args, _ = nodes[node]
            if len(args) == 2 and (tangent := tangents[node]) is not None:
                left, right = tangents[args[0]], tangents[args[1]]
                if left is not None and right is not None:
                    if op not in SUMS:
                        left = tape.rules.push(op, (0,))(values[node], values[args[0]], values[args[1]], left)
                    if abs(tangent) < small * abs(left):
                        return True
        return False

    def _multiplied(self, nodes: Sequence[Node], order: Sequence[NodeId], values: Sequence[Any]) -> list[NodeId]:
        """The first node on whose way the losses of sums have multiplied to too much."""
        loss: dict[NodeId, float] = {}
        known = loss.get
        for node in order:
            op, args, _ = nodes[node]
            if op in SUMS:
                left, right = args
                one, other = known(left, 1.0) * abs(values[left]), known(right, 1.0) * abs(values[right])
                largest, value = one if one > other else other, abs(values[node])
                if largest > value:
                    if largest > _LOST * value:
                        return [node]
                    loss[node] = largest / value
            elif loss and args:
                largest = max([known(argument, 1.0) for argument in args])
                if largest > 1.0:
                    loss[node] = largest
        return []


def _ratio(operand: float, value: float) -> float:
    return operand / value if value else math.copysign(math.inf, operand)


def _is_turn(angle: float, turn: float) -> bool:
    """Whether an angle is so near to a multiple of a quarter turn that a function of it loses digits there.

    So it is with an argument of the gamma function near one of its poles.
    """
    if turn == POLES and angle > 0.0:
        return False
    try:
        return abs(math.remainder(angle, turn)) < NEAR * abs(angle)
    except ValueError:
        return True


def is_step(number: float, step: float = 1.0) -> bool:
    """Whether a number is so near to a whole number of steps, and a half, that rounding may have put it there.

    >>> is_step(0.3, 0.1), is_step(0.31, 0.1)
    (True, False)
    """
    twice = 2.0 * number / step
    return abs(twice) < 1.0 / NEAR and abs(twice - round(twice)) < _TIE * abs(twice)
