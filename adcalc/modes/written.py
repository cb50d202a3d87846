"""Proved values that are asked for again and again, written out as one Python function over balls.

The value and its partials are nodes of one graph, so that what they share is computed once, and no sweep looks at a
node any more. Which numbers are fractions is known beforehand: what comes of fractions by the four operations is one,
and all else is a ball. Where a point makes it otherwise (sin(0), sqrt(4/9)), or stands on an edge, or is outside a
domain, nothing is said, and the sweeps have the answer.
"""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any, Final

from flint import arb, ctx, fmpq

from adcalc.arithmetics.ball import CHECKED, Ball
from adcalc.arithmetics.base import RING
from adcalc.arithmetics.exact import LEAST_ROOM, TRANSCENDENTAL, Exact
from adcalc.graph.graph import Graph
from adcalc.graph.node import CONDITIONS, CONSTANT, INPUT, RELATIONS, NodeId
from adcalc.rules.compiled import INFIX
from adcalc.rules.made import made

_LONGEST: Final = 64  # bits of a fraction at the point
_HIGHEST: Final = 64  # power that is multiplied out
_TOGETHER: Final = {"sin": ("sin", "cos"), "cos": ("sin", "cos"), "sinh": ("sinh", "cosh"), "cosh": ("sinh", "cosh")}


class Unlike(Exception):  # noqa: N818  # it is no mistake: the sweeps go on from here
    """A graph of which nobody knows the kinds of its numbers."""


class Written:
    """Some nodes of a graph as a function of the fractions of its inputs, at flint's precision of the moment.

    `never` are conditions that are false where it has something to say.
    Raises Unlike for a graph that cannot be written out.

    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> written = Written(graph, [graph.apply("exp", x), graph.apply("add", x, x)], [], [x])
    >>> written.run([fmpq(1, 3)])[0].overlaps(arb(1).exp().root(3)), written.run([fmpq(1, 3)])[1]
    (True, 2/3)
    """

    def __init__(
        self, graph: Graph, outputs: Sequence[NodeId], never: Sequence[NodeId], inputs: Sequence[NodeId]
    ) -> None:
        self.graph = graph
        self.inputs = tuple(inputs)
        self._bits: dict[NodeId, int] = {}  # of what is a fraction wherever it is, at most
        self._balls: set[NodeId] = set()  # that are made of such
        self._fixed: set[NodeId] = set()  # what no input changes: computed once for a precision
        self._names: list[str] = []  # of its values
        self._lines: dict[bool, list[str]] = {True: [], False: []}  # of what is fixed, and of the rest
        self._inexact: dict[bool, list[str]] = {True: [], False: []}  # no exact numbers, but at points where they are
        self._space: dict[str, Any] = {"arb": arb, "is_exact": arb.is_exact}
        self._functions: dict[tuple[str, str], str] = {}  # their names, by kind and operation
        self._known: set[NodeId] = set()
        live = graph.live(*outputs, *never)
        present = set(live)
        for node in live:
            if node not in self._known:
                self._write(node, present)
        for node in never:
            self._lines[node in self._fixed].append(f"    if {self._ball(node)} is not False: return None")
        head = ["fixed", *(f"x{node}" for node in self.inputs)]
        before = [f"    {', '.join(self._names)}, = fixed"] if self._names else []
        self._fix = self._function_of([], [], f"({''.join(f'{name}, ' for name in self._names)})", True)
        self._function = self._function_of(head, before, f"[{', '.join(f'x{node}' for node in outputs)}]", False)
        self._at: dict[int, Any] = {}  # what is fixed, at a precision

    def run(self, given: Sequence[fmpq]) -> list[Any] | None:
        """The values of the nodes, balls and fractions; None where the sweeps are to be asked."""
        for one in given:
            if one.height_bits() > _LONGEST:
                return None
        try:
            if ctx.prec not in self._at:
                self._at[ctx.prec] = self._fix()
            fixed = self._at[ctx.prec]
            return None if fixed is None else self._function(fixed, *given)
        except (ValueError, ArithmeticError):
            return None

    def _function_of(
        self, parameters: Sequence[str], before: Sequence[str], results: str, is_fixed: bool
    ) -> Callable[..., Any]:
        """The function of what is fixed, or of the rest."""
        lines = [f"def written({', '.join(parameters)}):", *before, *self._lines[is_fixed]]
        if self._inexact[is_fixed]:
            lines.append(f"    if any(map(is_exact, ({', '.join(self._inexact[is_fixed])},))): return None")
        source = "\n".join([*lines, f"    return {results}"])
        function: Callable[..., Any] = made(source, "written", self._space)
        return function

    def _ball(self, node: NodeId) -> str:
        """The name of a node's value as a ball."""
        if node not in self._bits:
            return f"x{node}"
        if node not in self._balls:
            self._balls.add(node)
            self._line(node, [f"b{node}"], f"arb(x{node})")
        return f"b{node}"

    def _line(self, node: NodeId, names: Sequence[str], text: str) -> None:
        """A line that gives names their values."""
        is_fixed = node in self._fixed
        self._lines[is_fixed].append(f"    {', '.join(names)} = {text}")
        if is_fixed:
            self._names += names

    def _write(self, node: NodeId, present: set[NodeId]) -> None:
        op, args, label = self.graph.nodes[node]
        if op != INPUT and all(argument in self._fixed for argument in args):
            self._fixed.add(node)
        if op == INPUT:
            self._bits[node] = _LONGEST
        elif op == CONSTANT:
            assert isinstance(label, Fraction)
            exact = Exact().constant(label)
            if type(exact) is not fmpq:
                raise Unlike
            self._bits[node] = exact.height_bits()
            self._space[f"x{node}"] = exact
        elif op in RING:
            is_fraction = self._keep(node, args, sum(self._bits.get(one, LEAST_ROOM) for one in args) + 1)
            if op == "sub" and args[0] == args[1] and not is_fraction:
                raise Unlike  # one ball is one number, and this is 0
            self._set(node, INFIX[op].format(*(f"x{one}" if is_fraction else self._ball(one) for one in args)))
            if op == "mul" and not is_fraction and any(one in self._bits for one in args):
                self._inexact[node in self._fixed].append(f"x{node}")  # but nothing times a number, which is a fraction
        elif op == "pow" and (exponent := self._whole(args[1])) is not None:
            if self._keep(node, args[:1], self._bits.get(args[0], LEAST_ROOM) * abs(exponent)):
                self._set(node, f"x{args[0]} ** {exponent}")
            else:
                base = self._ball(args[0])
                self._set(node, f"{base} * {base}" if exponent == 2 else f"{base} ** {exponent}")
                self._inexact[node in self._fixed].append(f"x{node}")
        elif op in RELATIONS:
            self._call(node, "ball", Ball().operation(op), map(self._ball, args))
        elif op in CHECKED and (op in TRANSCENDENTAL or any(one not in self._bits for one in args)):
            self._transcend(node, present)
        elif op in CONDITIONS or (exactly := Exact().operation(op)) is None or not args:
            raise Unlike
        else:
            self._call(node, "exact", exactly, [f"x{one}" for one in args])
            self._lines[node in self._fixed].append(f"    if type(x{node}) is not arb: return None")

    def _transcend(self, node: NodeId, present: set[NodeId]) -> None:
        """A function of balls; a sine beside the cosine of the same argument, where both are needed."""
        op, args, _ = self.graph.nodes[node]
        both = _TOGETHER.get(op, ())
        pair = [self.graph.ids.get((one, args, None)) for one in both]
        is_fixed = node in self._fixed
        if pair and all(one in present for one in pair):
            names = [f"x{one}" for one in pair]
            self._fixed.update(one for one in pair if is_fixed and one is not None)
            self._known.update(one for one in pair if one is not None)
            self._space["_".join(both)] = getattr(arb, "_".join(both))
            self._line(node, names, f"{'_'.join(both)}({self._ball(args[0])})")
        else:
            names = [f"x{node}"]
            self._call(node, "ball", CHECKED[op], map(self._ball, args))
        self._inexact[is_fixed] += names

    def _call(self, node: NodeId, kind: str, function: Any, args: Iterable[str]) -> None:
        """A function of balls or of exact numbers: operations have one of each."""
        name = self._functions.setdefault((kind, self.graph.nodes[node].op), f"f{len(self._functions)}")
        self._space[name] = function
        self._set(node, f"{name}({', '.join(args)})")

    def _set(self, node: NodeId, text: str) -> None:
        self._line(node, [f"x{node}"], text)

    def _keep(self, node: NodeId, fractions: Sequence[NodeId], bits: int) -> bool:
        """Whether an operation on what has to be fractions gives one. Raises Unlike where it may get too long."""
        if any(argument not in self._bits for argument in fractions):
            return False
        if bits > LEAST_ROOM:
            raise Unlike
        self._bits[node] = bits
        return True

    def _whole(self, node: NodeId) -> int | None:
        """The whole number that a constant is, where it is no large one."""
        op, _, label = self.graph.nodes[node]
        if op == CONSTANT and isinstance(label, Fraction) and label.denominator == 1 and abs(label) <= _HIGHEST:
            return int(label)
        return None
