"""The series of any row, order by order, from the row itself.

A row says dv = p·du, so that v' = p·u' along a line, and with k·v[k] = (v')[k - 1] the row gives each coefficient of
its function from lower ones (Griewank & Walther 2008, section 13.2): of its arguments, of v, and of the functions that
p is made of, which have rows in their turn. All of them are nodes of one graph that grows as orders are asked for;
besselj(n, u) asks for besselj(n ± 1, u), and these for besselj(n, u) again, which is there already. What is still to be
computed waits on a stack, so that the length of such chains is no matter.
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any, Final, Protocol

from flint import arb

from adcalc.arithmetics.ball import Undecided
from adcalc.arithmetics.exact import ball, rational
from adcalc.arithmetics.moving import Moving, Tie
from adcalc.arithmetics.symbolic import Symbolic
from adcalc.graph.graph import Graph
from adcalc.graph.node import CONDITIONS, CONSTANT, INPUT, RELATIONS, NodeId
from adcalc.rules.compiled import Compiled

_SLOPE: Final = "slope"  # of an input: the series of its derivative
_PRODUCTS: Final = 8  # the largest power that is written as a product
_PLAIN: Final = 64  # bits of an exact argument that becomes a number of the graph


class Rows(Protocol):
    """The rules in numbers, and whether a row has a slope at a point."""

    numbers: Compiled[Any]

    def require_slope(self, op: str, value: Any, args: Sequence[Any], active: Sequence[int]) -> None:
        """Raise Rough or Tie where there is none."""


class Recurrence:
    """The series of one operation along a line, computed as far as it is asked for.

    >>> from flint import fmpq
    >>> from adcalc.arithmetics.moving import begun
    >>> from adcalc.rules.expanding import Expanding
    >>> from adcalc.rules.table import standard
    >>> series = Recurrence(Expanding(standard()), "besselj", [fmpq(0), begun(fmpq(0), 1)]).coefficients(3)
    >>> [float(one) for one in series]
    [1.0, 0.0, -0.25]
    """

    def __init__(self, rows: Rows, op: str, args: Sequence[Any]) -> None:
        self._rows = rows
        self._graph = Graph()
        self._symbolic = Compiled(rows.numbers.table, _Shifting(self._graph))
        self._known: dict[NodeId, list[arb]] = {}  # the coefficients that have been computed
        self._given: dict[NodeId, Sequence[arb]] = {}  # those of series that are arguments
        self._starts: dict[NodeId, Any] = {}  # where nodes begin, as exactly as numbers are known; truths of conditions
        self._moving = bytearray()  # which nodes depend on t
        self._slopes: dict[NodeId, NodeId | None] = {}
        self._output = self._graph.apply(op, *[self._input(number, one) for number, one in enumerate(args)])

    def _input(self, number: int, value: Any) -> NodeId:
        is_moving = isinstance(value, Moving)
        exact = None if is_moving else rational(value)
        if exact is not None and exact.numerator.bit_length() + exact.denominator.bit_length() <= _PLAIN:
            return self._graph.constant(exact)
        node = self._graph.input(f"a{number}")
        if is_moving:
            self._given[node] = value.series.coeffs()
        self._starts[node] = value.at if is_moving else value
        return node

    def coefficients(self, count: int) -> list[arb]:
        """The first coefficients. Raises Tie, Rough, Undecided, and what balls raise outside a domain."""
        waiting = [(self._output, count - 1)]
        while waiting:
            node, order = waiting[-1]
            known = self._known.setdefault(node, [])
            if len(known) > order:
                waiting.pop()
                continue
            missing = [need for need in self._needs(node, len(known)) if len(self._known.get(need[0], ())) <= need[1]]
            if missing:
                waiting.extend(missing)
            else:
                known.append(self._next(node, len(known)))
        return self._known[self._output][:count]

    def _needs(self, node: NodeId, order: int) -> Iterator[tuple[NodeId, int]]:
        """The coefficients that one of a node is made of: of which nodes, and up to which order."""
        op, args, _ = self._graph.nodes[node]
        if op == _SLOPE:
            yield args[0], order + 1
        elif op == "if":
            yield args[0], 0
            if args[0] in self._starts:
                yield self._chosen(args), order
        elif order == 0 or (op in _COMBINED and self._moves(node)):
            for argument in args:
                yield argument, order
        elif op not in CONDITIONS and args and self._moves(node) and (slope := self._slope(node)) is not None:
            yield slope, order - 1

    def _moves(self, node: NodeId) -> bool:
        """Whether a node depends on t."""
        nodes, moving = self._graph.nodes, self._moving
        for new in range(len(moving), len(nodes)):
            moving.append(new in self._given or any(moving[argument] for argument in nodes[new].args))
        return bool(moving[node])

    def _chosen(self, args: Sequence[NodeId]) -> NodeId:
        return args[1] if self._starts[args[0]] else args[2]

    def _next(self, node: NodeId, order: int) -> arb:
        op, args, _ = self._graph.nodes[node]
        known = self._known
        if op == "if":
            if order == 0:
                self._starts[node] = self._starts[self._chosen(args)]
            return known[self._chosen(args)][order]
        if op == _SLOPE:
            if order == 0:
                self._starts[node] = known[args[0]][1]
            return known[args[0]][order + 1] * (order + 1)
        if order == 0:
            return self._begin(node)
        if node in self._given:
            given = self._given[node]
            return given[order] if order < len(given) else arb(0)
        if not self._moves(node):
            return arb(0)
        if op in _COMBINED:
            return _COMBINED[op](order, known[node], *[known[argument] for argument in args])
        slope = self._slope(node)
        return arb(0) if slope is None else known[slope][order - 1] / order

    def _begin(self, node: NodeId) -> arb:
        """The constant term."""
        op, args, label = self._graph.nodes[node]
        if op == CONSTANT:
            self._starts[node] = self._rows.numbers.arithmetic.constant(label)  # type: ignore[arg-type]  # its value
        elif op in CONDITIONS:
            self._starts[node] = self._truth(op, args)
            return arb(0)
        elif op != INPUT:
            starts = [self._starts[argument] for argument in args]
            if op == "div" and self._moves(args[1]) and starts[1] == 0:
                raise Tie  # 0/0, which the row's own choice would have left out
            self._starts[node] = self._rows.numbers.value(op)(*starts)
        return ball(self._starts[node])

    def _truth(self, op: str, args: Sequence[NodeId]) -> bool:
        values = [self._starts[argument] for argument in args]
        if op in RELATIONS and args[0] != args[1] and any(map(self._moves, args)) and values[0] == values[1]:
            raise Tie
        truth = self._rows.numbers.value(op)(*values)
        if truth is not True and truth is not False:
            raise Undecided("a comparison that balls of this precision do not decide")
        return truth

    def _slope(self, node: NodeId) -> NodeId | None:
        """The node of v' = p·u'; None where no derivative flows. Raises Rough or Tie where there is none."""
        if node in self._slopes:
            return self._slopes[node]
        op, args, _ = self._graph.nodes[node]
        values = [self._starts[argument] for argument in args]
        active = [number for number, argument in enumerate(args) if self._moves(argument)]
        self._rows.require_slope(op, self._starts[node], values, active)
        active = [number for number in active if self._symbolic.active(op, (number,))]
        tangents = [self._tangent(args[number]) for number in active]
        slope: NodeId | None = None
        if op == "pow" and active == [0] and values[0] != 0:  # the row's own u^(w - 1) would ask for u^(w - 2)
            multiply, divide = (self._symbolic.value(name) for name in ("mul", "div"))
            slope = divide(multiply(multiply(args[1], node), tangents[0]), args[0])
        elif active:
            slope = self._symbolic.push(op, tuple(active))(node, *args, *tangents)
        self._slopes[node] = slope
        return slope

    def _tangent(self, node: NodeId) -> NodeId:
        """The node of the derivative of another one along the line."""
        given = self._given.get(node)
        if given is not None and len(given) == 2 and given[1] == 1:
            return self._graph.constant(Fraction(1))
        return self._graph.apply(_SLOPE, node)


class _Shifting(Symbolic):
    """Nodes, where a parameter plus one and minus one is the parameter again, and a small power is a product."""

    def _apply(self, op: str, *args: NodeId) -> NodeId:
        if op in ("add", "sub") and not all(value is None for value in map(self._value, args)):
            return self._shifted(op, *args)
        if op == "pow":
            exponent = self._value(args[1])
            if exponent is not None and exponent.denominator == 1 and 2 <= exponent <= _PRODUCTS:
                power = args[0]
                for _ in range(int(exponent) - 1):
                    power = self.graph.apply("mul", power, args[0])
                return power
        return super()._apply(op, *args)

    def _shifted(self, op: str, left: NodeId, right: NodeId) -> NodeId:
        constant = self._value(right)
        if constant is None:
            if op == "sub":
                return super()._apply(op, left, right)
            left, right, constant = right, left, self._value(left)
        if constant is None or self._value(left) is not None:
            return super()._apply(op, left, right)
        shift = constant if op == "add" else -constant
        inner, args, _ = self.graph.nodes[left]
        before = self._value(args[1]) if inner == "add" else None
        if before is not None:
            left, shift = args[0], shift + before
        return self.graph.apply("add", left, self.graph.constant(shift)) if shift else left


def _product(order: int, _: Sequence[arb], left: Sequence[arb], right: Sequence[arb]) -> arb:
    total = arb(0)
    for number in range(order + 1):
        total += left[number] * right[order - number]
    return total


def _quotient(order: int, known: Sequence[arb], above: Sequence[arb], below: Sequence[arb]) -> arb:
    rest = above[order]
    for number in range(order):
        rest -= known[number] * below[order - number]
    return rest / below[0]


_COMBINED: Final[dict[str, Callable[..., arb]]] = {
    "add": lambda order, known, left, right: left[order] + right[order],
    "sub": lambda order, known, left, right: left[order] - right[order],
    "neg": lambda order, known, argument: -argument[order],
    "mul": _product,
    "div": _quotient,
}
