"""Where floating point may have lost digits, noticed on a finished tape at next to no cost.

A sum that is much smaller than what it was made of has lost the leading digits of both; so has a function near a zero
of its own (the logarithm of almost 1, the sine of almost a multiple of π), and a sum of adjoints. A glance (glance.py)
says of nearly all tapes that there is nothing; only after it the places of a graph are listed and looked at one by one.
To be noticed proves nothing: what is noticed is computed again by others, in balls.
"""

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from adcalc.graph.graph import Graph
from adcalc.graph.node import NodeId
from adcalc.modes.base import Tape
from adcalc.modes.digits.glance import (
    LOST,
    has_left,
    is_branch,
    is_lost_angle,
    is_lost_wave,
    is_one,
    is_step,
    is_tie,
    is_wide,
    sees,
)
from adcalc.modes.digits.places import NEAR, STEEP, SUMS, Places, smallness

if TYPE_CHECKING:
    from adcalc.modes.digits.looks import Sees

_OFTEN: Final = 8  # times that a graph is looked at, before what to look at is written out
_LARGEST: Final = 2000  # nodes of a graph that is written out: of a larger one the places are looked at as they are
_NOTHING: Final = (), False


class Watch:
    """The nodes of a graph that are looked at, in evaluation order.

    `small` is how much smaller than an operand a sum is that has lost digits; `follow` says whether small losses one
    after the other are looked for, as in loops.
    """

    __slots__ = "_asked", "_places", "_written", "follow", "graph", "order", "small"

    def __init__(self, graph: Graph, order: Sequence[NodeId], follow: bool = True) -> None:
        self.graph = graph
        self.order = order
        self.small = smallness(order)
        self.follow = follow
        self._asked = 0
        self._places: Places | None = None
        self._written: Sees | None = None

    @property
    def places(self) -> Places:
        """The places to look at, listed when they are first needed."""
        if self._places is None:
            self._places = Places.over(self.graph, self.order)
        return self._places

    def looked(self, values: Sequence[Any]) -> tuple[Sequence[NodeId], bool]:
        """What is `noticed` on a tape, and whether it `is_wide`.

        >>> from adcalc.api import function
        >>> graph = function("1 - cos(x)").lowered().graph
        >>> watch = Watch(graph, range(4))
        >>> watch.looked([1.0, 1e-5, 0.99999999995, 5e-11]), watch.looked([1.0, 1.0, 0.5403, 0.4597])
        (([3], False), ((), False))
        """
        see = self._written
        if see is None:
            if not self._glanced(values):
                return _NOTHING
        elif not see(values):
            return _NOTHING
        return self.noticed(values), self.is_wide(values)

    def _glanced(self, values: Sequence[Any]) -> bool:
        """A glance, while the graph is not written out; one at a large graph whose places are listed is theirs."""
        self._asked += 1
        if self._asked > _OFTEN:
            if len(self.order) > _LARGEST:
                return True
            from adcalc.modes.digits.looks import written

            self._written = written(self.places, self.small, self.follow)
            return self._written(values)
        return sees(self.graph, self.order, values, self.small, self.follow)

    def noticed(self, values: Sequence[Any]) -> list[NodeId]:
        """The nodes that may have lost digits, with their values on a tape; a node may stand there twice.

        >>> from adcalc.graph.graph import Graph
        >>> graph = Graph()
        >>> x = graph.input("x")
        >>> from fractions import Fraction
        >>> output = graph.apply("sub", graph.constant(Fraction(1)), graph.apply("cos", x))
        >>> watch = Watch(graph, graph.live(output))
        >>> watch.noticed([1e-5, 1.0, 0.99999999995, 5e-11]), watch.noticed([1.0, 1.0, 0.5403, 0.4597])
        ([3], [])
        """
        places, large = self.places, 1.0 / self.small
        try:
            odd = [
                (node, ratio)
                for node, operand in places.sums
                if not 0.0 <= (ratio := values[operand] / values[node]) <= 1.0
            ]
        except ZeroDivisionError:
            odd = [
                (node, _ratio(values[operand], values[node]))
                for node, operand in places.sums
                if values[node] or values[operand]
            ]
        for node, row in places.rows:
            before = [values[one] for one in row]
            if any(before):
                odd.append((node, _ratio(max(max(before), -min(before)), abs(values[node]))))
        found = [node for node, ratio in odd if not -large < ratio < large]
        found += [node for node, angle, turn in places.angles if is_lost_angle(values[node], values[angle], turn)]
        found += [node for node in places.zeros if -NEAR < values[node] < NEAR]
        found += [node for node, argument, power in places.waves if is_lost_wave(values[node], values[argument], power)]
        found += [node for node, argument in places.ones if is_one(values[argument])]
        found += [node for node, argument in places.branches if is_branch(values[argument])]
        found += [node for node, left, right in places.edges if is_tie(values[left], values[right])]
        found += [node for node, args in places.steps if is_step(*[values[argument] for argument in args])]
        found += [node for node, exponent in places.powers if not -STEEP < values[exponent] < STEEP]
        if odd and self.follow and not found and math.prod([max(ratio, 1.0 - ratio) for _, ratio in odd]) > LOST:
            return self._multiplied(values)
        return found

    def is_wide(self, values: Sequence[Any]) -> bool:
        """Whether there are numbers so large or small that something may have left the range of floating point.

        >>> from adcalc.graph.graph import Graph
        >>> graph = Graph()
        >>> x = graph.input("x")
        >>> Watch(graph, [x]).is_wide([1e-200])
        True
        """
        places = self.places
        return (
            bool(places.wide)
            or any(is_wide(values[node]) for node in places.inputs)
            or any(has_left(values[node], values[base]) for node, base in places.sources)
        )

    def adder(self, noticed: dict[float, float]) -> Callable[[float, float], float]:
        """An addition of two floats that leaves a sum which is much smaller than them in a dictionary, with their size.

        >>> from adcalc.graph.graph import Graph
        >>> noticed = {}
        >>> add = Watch(Graph(), []).adder(noticed)
        >>> add(1.0, 2.0), add(5.0, -5.0), noticed
        (3.0, 0.0, {0.0: 5.0})
        """
        small = self.small
        high = 1.0 / small
        low = -high

        def add(left: float, right: float) -> float:
            total = left + right
            try:
                if not low < right / total < high:
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
        >>> Watch(lowered.graph, [0, 1, 2]).pushed(f.tape(lowered, at, (0,)), [1.0, 1.0, 0.0])
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

    def _multiplied(self, values: Sequence[Any]) -> list[NodeId]:
        """The first node on whose way the losses of sums have multiplied to too much."""
        nodes = self.graph.nodes
        loss: dict[NodeId, float] = {}
        known = loss.get
        for node in self.order:
            op, args, _ = nodes[node]
            if op in SUMS:
                left, right = args
                one, other = known(left, 1.0) * abs(values[left]), known(right, 1.0) * abs(values[right])
                largest, value = one if one > other else other, abs(values[node])
                if largest > value:
                    if largest > LOST * value:
                        return [node]
                    loss[node] = largest / value
            elif loss and args:
                largest = max([known(argument, 1.0) for argument in args])
                if largest > 1.0:
                    loss[node] = largest
        return []


def _ratio(operand: float, value: float) -> float:
    return operand / value if value else math.copysign(math.inf, operand)
