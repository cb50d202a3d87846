"""Where floating point may have lost digits, noticed on a finished tape at next to no cost.

A sum that is much smaller than what it was made of has lost the leading digits of both; so has a function near a zero
of its own (the logarithm of almost 1, the sine of almost a multiple of π), and a sum of adjoints. What was made ready
for a graph is a few lists of such places; looking at them is a comparison each, and nothing is looked at whose
arguments are exact. To be noticed proves nothing: what is noticed is computed again by others, in balls.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import pi, remainder
from operator import itemgetter
from typing import Any, Final, NamedTuple

from adcalc.graph.graph import Graph
from adcalc.graph.node import CONSTANT, INPUT, Node, NodeId
from adcalc.modes.base import Tape

_SMALL: Final = 1e-3  # of the larger operand: a sum that is looked into
_RARE: Final = 1e-2  # what chance may report in a gradient without any loss
_NEAR: Final = 1e-5  # to a place where a function loses digits
_LOST: Final = 1e6  # what rounding is multiplied by on a path of many sums
_DEEP: Final = 8  # sums one after the other, from which on their losses are multiplied
_TURNED: Final = 1.5  # an angle below it is near no place but 0, where nothing is lost
_STEEP: Final = 1e3  # an exponent that multiplies the errors of its base by itself
_WIDE: Final = 1e30  # a number beyond which products may leave the range of floating point
_MANY: Final = 3  # sums in a row that are looked at as one
_IN_A_ROW: Final = 1  # used by one sum, as its left side
_SEVERAL: Final = 2

_EXACT: Final = 1 << 53
_WIDE_BITS: Final = 100

_IS_ANGLE: Final = 1  # it loses digits near multiples of a quarter turn
_IS_HALF_TURN: Final = 2  # it loses digits near multiples of a half
_HAS_ZEROS: Final = 4  # it loses digits where it is nearly 0
_HAS_ONES: Final = 8  # it loses digits where its argument is nearly 1 or -1
_IS_SOURCE: Final = 16  # it may be very large or small where its arguments are not
_SUMS: Final = frozenset({"add", "sub"})
_OPS: Final = {
    _IS_ANGLE: "sin cos tan cot sec csc sinc",
    _IS_HALF_TURN: "sinpi cospi",
    _HAS_ZEROS: "log log2 log10 lgamma digamma polygamma acos acosh zeta ei li ci chi besselj bessely sphericalj "
    "airyai airyaiprime airybi airybiprime",
    _HAS_ONES: "asin acos atanh acoth asech acosh erfinv asec acsc ellipk zeta",
    _IS_SOURCE: "exp exp2 expm1 pow sinh cosh sech csch gamma erfc normalpdf",
}
_KINDS: Final[dict[str, int]] = {"mod": 32}
for _bit, _names in _OPS.items():
    for _op in _names.split():
        _KINDS[_op] = _KINDS.get(_op, 0) | _bit


class Watch(NamedTuple):
    """The places of a graph where digits may be lost, below one output.

    `sums` are pairs of a sum and an operand, `rows` sums that end a row of sums with those before; `angles`, `zeros`,
    `ones` and `powers` places where functions lose digits, `sources` what may be very large or small. `deep` are all
    operations, where so many sums stand one after the other that small losses multiply.
    """

    small: float
    sums: list[tuple[NodeId, NodeId]]
    rows: list[tuple[NodeId, Callable[[Sequence[Any]], tuple[float, ...]]]]
    angles: list[tuple[NodeId, NodeId, float]]
    zeros: list[NodeId]
    ones: list[tuple[NodeId, NodeId]]
    powers: list[tuple[NodeId, NodeId]]
    sources: list[tuple[NodeId, NodeId]]
    inputs: list[NodeId]
    wide: list[NodeId]
    deep: list[tuple[bool, NodeId, tuple[NodeId, ...]]]

    @classmethod
    def over(cls, graph: Graph, order: Sequence[NodeId], follow: bool = True) -> "Watch":
        """The places among some nodes, in evaluation order.

        `follow` says whether small losses one after the other are looked for, as in loops.

        >>> graph = Graph()
        >>> x = graph.input("x")
        >>> output = graph.apply("sub", graph.constant(Fraction(1)), graph.apply("cos", x))
        >>> Watch.over(graph, graph.live(output)).sums
        [(3, 1)]
        """
        found = _places(graph, order)
        if follow:
            _follow(found, graph.nodes, order)
        return found

    def noticed(self, values: Sequence[Any]) -> list[NodeId]:
        """The nodes that may have lost digits, with their values on a tape; a node may stand there twice.

        >>> graph = Graph()
        >>> x = graph.input("x")
        >>> output = graph.apply("sub", graph.constant(Fraction(1)), graph.apply("cos", x))
        >>> watch = Watch.over(graph, graph.live(output))
        >>> watch.noticed([1e-5, 1.0, 0.99999999995, 5e-11]), watch.noticed([1.0, 1.0, 0.5403, 0.4597])
        ([3], [])
        """
        large = 1.0 / self.small
        try:
            found = [node for node, operand in self.sums if not -large < values[operand] / values[node] < large]
        except ZeroDivisionError:
            found = [node for node, operand in self.sums if large * abs(values[node]) < abs(values[operand])]
        for node, row in self.rows:
            before = row(values)
            if large * abs(values[node]) < max(max(before), -min(before)):
                found.append(node)
        if self.angles:
            found += [
                node
                for node, angle, turn in self.angles
                if not -_TURNED < values[angle] < _TURNED and _is_turn(values[angle], turn)
            ]
        if self.zeros:
            found += [node for node in self.zeros if -_NEAR < values[node] < _NEAR]
        if self.ones:
            found += [node for node, argument in self.ones if -_NEAR < abs(values[argument]) - 1.0 < _NEAR]
        if self.powers:
            found += [node for node, exponent in self.powers if not -_STEEP < values[exponent] < _STEEP]
        return found or (self._multiplied(values) if self.deep else found)

    def is_wide(self, values: Sequence[Any]) -> bool:
        """Whether there are numbers so large or small that something may have left the range of floating point.

        >>> graph = Graph()
        >>> x = graph.input("x")
        >>> Watch.over(graph, [x]).is_wide([1e-200])
        True
        """
        if self.wide:
            return True
        for node in self.inputs:
            if not 1.0 / _WIDE < abs(values[node]) < _WIDE and values[node]:
                return True
        return any(not 1.0 / _WIDE < abs(values[node]) < _WIDE and values[base] != 0.0 for node, base in self.sources)

    def adder(self, noticed: dict[float, float]) -> Callable[[float, float], float]:
        """An addition of two floats that leaves a sum which is much smaller than them in a dictionary, with their size.

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
                    if op not in _SUMS:
                        left = tape.rules.push(op, (0,))(values[node], values[args[0]], values[args[1]], left)
                    if abs(tangent) < small * abs(left):
                        return True
        return False

    def _multiplied(self, values: Sequence[Any]) -> list[NodeId]:
        """The first node on whose way the losses of sums have multiplied to too much."""
        loss: dict[NodeId, float] = {}
        known = loss.get
        for is_sum, node, args in self.deep:
            if is_sum:
                left, right = args
                sides = known(left, 1.0) * abs(values[left]), known(right, 1.0) * abs(values[right])
                value = abs(values[node])
                largest = max(sides)
                if largest > _LOST * value:
                    return [node]
                loss[node] = largest / value if largest > value else 1.0
            else:
                loss[node] = max([known(argument, 1.0) for argument in args])
        return []


def _is_turn(angle: float, turn: float) -> bool:
    """Whether an angle is so near to a multiple of a quarter turn that a function of it loses digits there."""
    try:
        return abs(remainder(angle, turn)) < _NEAR * abs(angle)
    except ValueError:
        return True


def _places(graph: Graph, order: Sequence[NodeId]) -> Watch:
    """Collect the places of a graph, in one pass: it is made as often as a graph is."""
    nodes = graph.nodes
    found = Watch(min(_SMALL, _RARE / (len(order) + 1)), [], [], [], [], [], [], [], [], [], [])
    size = order[-1] + 1 if order else 0
    exact, used = bytearray(size), bytearray(size)
    sums: list[NodeId] = []
    for node in order:
        op, args, label = nodes[node]
        if len(args) == 2:
            left, right = args
            used[right] = _SEVERAL
            if op == "add" or op == "sub":
                used[left] = _SEVERAL if used[left] else _IN_A_ROW
                sums.append(node)
            else:
                used[left] = _SEVERAL
                if op != "mul" and op in _KINDS:
                    _place(found, graph, node, exact)
        elif args:
            for argument in args:
                used[argument] = _SEVERAL
            if op in _KINDS and (not exact[args[0]] or _KINDS[op] & _IS_SOURCE):
                _place(found, graph, node, exact)
        elif op == INPUT:
            found.inputs.append(node)
            exact[node] = 1
        elif op == CONSTANT:
            _constant(found, node, label, exact)
    for node in sums:
        if used[node] != _IN_A_ROW:
            _row(found, node, used, exact, nodes)
    return found


def _follow(found: Watch, nodes: Sequence[Node], order: Sequence[NodeId]) -> None:
    """Keep all operations, where many sums stand one after the other."""
    depth: dict[NodeId, int] = {}
    before = depth.get
    for node in order:
        op, args, _ = nodes[node]
        if args:
            level = max([before(argument, 0) for argument in args])
            if op in _SUMS and nodes[args[0]].op not in _SUMS:
                level += 1
            if level:
                depth[node] = level
    if max(depth.values(), default=0) >= _DEEP:
        found.deep.extend([(nodes[node].op in _SUMS, node, nodes[node].args) for node in depth])


def _row(found: Watch, node: NodeId, used: bytearray, exact: bytearray, nodes: Sequence[Node]) -> None:
    """A sum to look at, alone or as the end of a row of sums that nothing else uses."""
    left, right = nodes[node].args
    if left == right or (exact[left] and exact[right]):
        return
    if used[left] != _IN_A_ROW:
        found.sums.append((node, left))
        return
    row = [left]
    while used[left] == _IN_A_ROW and nodes[left].op in _SUMS:
        left = nodes[left].args[0]
        row.append(left)
    if len(row) > _MANY:
        found.rows.append((node, itemgetter(*row)))
    else:
        found.sums.extend([(node, one) for one in row])


def _constant(found: Watch, node: NodeId, label: Any, exact: bytearray) -> None:
    numerator, denominator = label.numerator, label.denominator
    if denominator == 1:
        exact[node] = -_EXACT < numerator < _EXACT
    else:
        exact[node] = denominator & (denominator - 1) == 0 and -_EXACT < numerator < _EXACT
    if abs(numerator.bit_length() - denominator.bit_length()) > _WIDE_BITS and numerator:
        found.wide.append(node)


def _place(found: Watch, graph: Graph, node: NodeId, exact: bytearray) -> None:
    """A function that loses digits somewhere, or whose values may be very large or small."""
    op, args, _ = graph.nodes[node]
    argument, places = args[-1], _KINDS[op]
    if places & _IS_SOURCE:
        found.sources.append((node, args[0]))
    if op == "pow":
        exponent = graph.nodes[argument].label
        if isinstance(exponent, Fraction) and abs(exponent) < _STEEP:
            return
        if not exact[args[0]]:
            found.powers.append((node, argument))
    elif op == "mod":
        if not (exact[args[0]] and exact[argument]):
            found.sums.append((node, args[0]))
    elif not exact[argument]:
        if places & _IS_ANGLE:
            found.angles.append((node, argument, pi / 2.0))
        if places & _IS_HALF_TURN:
            found.angles.append((node, argument, 0.5))
        if places & _HAS_ZEROS:
            found.zeros.append(node)
        if places & _HAS_ONES:
            found.ones.append((node, argument))
