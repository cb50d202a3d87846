"""Proved values that are asked for again and again, written out as one Python function over balls.

The value and its partials are nodes of one graph, so that what they share is computed once, and no sweep looks at a
node any more. Which numbers are fractions is known beforehand: what comes of fractions by the four operations is one,
and all else is a ball. A fraction is computed as one where it is a result; elsewhere its ball is enough. Where a point
makes a fraction of what is none otherwise (sin(0), sqrt(4/9)), or stands on an edge, or is outside a domain, nothing is
said, and the sweeps have the answer.
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
from adcalc.rules.made import made
from adcalc.rules.printer import INFIX

_LONGEST: Final = 64  # bits of a fraction at the point
_HIGHEST: Final = 64  # power that is multiplied out
_TOGETHER: Final = {"sin": ("sin", "cos"), "cos": ("sin", "cos"), "sinh": ("sinh", "cosh"), "cosh": ("sinh", "cosh")}
_OF_BALLS: Final = frozenset().union(TRANSCENDENTAL, RELATIONS, RING)  # computed of balls, whatever the arguments are


class Unlike(Exception):  # noqa: N818  # it is no mistake: the sweeps go on from here
    """A graph of which nobody knows the kinds of its numbers."""


class Written:
    """Some nodes of a graph as a function of the fractions of its inputs, at flint's precision of the moment.

    `never` are conditions that are false where it has something to say.
    Raises Unlike for a graph that cannot be written out.

    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> written = Written(graph, [graph.apply("exp", x), graph.apply("add", x, x)], [], [x])
    >>> found = written.run([fmpq(1, 3)], [arb(1) / 3])
    >>> found[0].overlaps(arb(1).exp().root(3)), found[1]
    (True, 2/3)
    """

    def __init__(
        self, graph: Graph, outputs: Sequence[NodeId], never: Sequence[NodeId], inputs: Sequence[NodeId]
    ) -> None:
        self.graph = graph
        self._bits: dict[NodeId, int] = {}  # of what is a fraction wherever it is, at most
        self._constants: dict[NodeId, fmpq] = {}  # fractions that no input changes
        self._fixed: set[NodeId] = set()  # what no input changes: computed once for a precision
        self._balls: set[NodeId] = set(inputs)  # of fractions, that have been written
        self._names: list[str] = []  # of what is fixed
        self._lines: dict[bool, list[str]] = {True: [], False: []}  # of what is fixed, and of the rest
        self._doubts: dict[bool, list[str]] = {True: [], False: []}  # where a ball may have to be a fraction
        self._space: dict[str, Any] = {"arb": arb, "nothing": arb(0)}
        self._functions: dict[tuple[str, str], str] = {}  # their names, by kind and operation
        self._known: set[NodeId] = set()
        live = graph.live(*outputs, *never)
        for node in live:
            self._classify(node)
        self._exact = self._needed(live, outputs)
        present = set(live)
        for node in live:
            if node not in self._known:
                self._write(node, present)
        for node in never:
            self._lines[node in self._fixed].append(f"    if {self._ball(node)} is not False: return None")
        head = ["fixed", *(f"x{node}" for node in inputs), *(f"b{node}" for node in inputs)]
        before = [f"    {', '.join(self._names)}, = fixed"] if self._names else []
        self._fix = self._function_of([], [], f"({''.join(f'{name}, ' for name in self._names)})", True)
        self._function = self._function_of(head, before, f"[{', '.join(f'x{node}' for node in outputs)}]", False)
        self._at: dict[int, Any] = {}  # what is fixed, at a precision

    def run(self, given: Sequence[fmpq], balls: Sequence[arb]) -> list[Any] | None:
        """The values of the nodes, balls and fractions; None where the sweeps are to be asked.

        The inputs are given as fractions and as balls around them, of flint's precision.
        """
        for one in given:
            if one.height_bits() > _LONGEST:
                return None
        try:
            if ctx.prec not in self._at:
                self._at[ctx.prec] = self._fix()
            fixed = self._at[ctx.prec]
            return None if fixed is None else self._function(fixed, *given, *balls)
        except (ValueError, ArithmeticError):
            return None

    def _function_of(
        self, parameters: Sequence[str], before: Sequence[str], results: str, is_fixed: bool
    ) -> Callable[..., Any]:
        """The function of what is fixed, or of the rest."""
        lines = [f"def written({', '.join(parameters)}):", *before, *self._lines[is_fixed]]
        if self._doubts[is_fixed]:
            lines.append(f"    if {' or '.join(dict.fromkeys(self._doubts[is_fixed]))}: return None")
        source = "\n".join([*lines, f"    return {results}"])
        function: Callable[..., Any] = made(source, "written", self._space)
        return function

    # ------------------------------------------------------------ which numbers are fractions

    def _classify(self, node: NodeId) -> None:
        """Whether a node is fixed, whether it is a fraction, and which one. Raises Unlike where it may get too long."""
        op, args, _ = self.graph.nodes[node]
        if op != INPUT and all(one in self._fixed for one in args):
            self._fixed.add(node)
        if op == INPUT:
            self._bits[node] = _LONGEST
        elif (value := self._constant(node)) is not None:
            self._constants[node] = self._space[f"x{node}"] = value
            self._bits[node] = value.height_bits()
        elif op in RING and all(one in self._bits for one in args):
            self._bits[node] = sum(self._bits[one] for one in args) + 1
        elif op == "pow" and args[0] in self._bits and (exponent := self._whole(args[1])):
            self._bits[node] = self._bits[args[0]] * abs(exponent)
        if self._bits.get(node, 0) > LEAST_ROOM:
            raise Unlike

    def _constant(self, node: NodeId) -> fmpq | None:
        """The fraction that a node is whatever its inputs are, if it is known to be one."""
        op, args, label = self.graph.nodes[node]
        known = [self._constants.get(one) for one in args]
        if op == CONSTANT:
            assert isinstance(label, Fraction)
            found = Exact().constant(label)
            if type(found) is not fmpq:
                raise Unlike
        elif op == "mul" and 0 in known:
            found = fmpq(0)
        elif op == "sub" and args[0] == args[1]:
            if args[0] not in self._bits:
                raise Unlike  # to the sweeps its slope is a difference of balls
            found = fmpq(0)
        elif args and None not in known and op not in CONDITIONS and (operation := Exact().operation(op)):
            try:
                found = operation(*known)
            except (ValueError, ArithmeticError):
                raise Unlike from None
        else:
            return None
        return found if type(found) is fmpq else None

    def _needed(self, live: Sequence[NodeId], outputs: Sequence[NodeId]) -> set[NodeId]:
        """What is needed as a fraction where it is one: results, what these come of, and what no ball stands for."""
        needed = set(outputs)
        for node in reversed(live):
            op, args, _ = self.graph.nodes[node]
            if node in needed if node in self._bits else op not in _OF_BALLS and not self._is_power(node):
                needed.update(args)
        return needed

    def _is_power(self, node: NodeId) -> bool:
        op, args, _ = self.graph.nodes[node]
        return op == "pow" and bool(self._whole(args[1]))

    def _whole(self, node: NodeId) -> int | None:
        """The whole number that a constant is, where it is no large one."""
        op, _, label = self.graph.nodes[node]
        if op == CONSTANT and isinstance(label, Fraction) and label.denominator == 1 and abs(label) <= _HIGHEST:
            return int(label)
        return None

    # ------------------------------------------------------------ lines

    def _write(self, node: NodeId, present: set[NodeId]) -> None:
        """The lines of a node, and what is to be doubted about it."""
        op, args, _ = self.graph.nodes[node]
        if node in self._constants:
            if op in RING:  # it may have been made of what has no value
                self._doubt(node, *(f"not {self._ball(one)}.is_finite()" for one in args if one not in self._constants))
        elif op == INPUT:
            pass
        elif node in self._bits and node in self._exact:
            self._line(node, [f"x{node}"], self._formula(node, [f"x{one}" for one in args]))
        elif op in RING or self._is_power(node):
            self._set(node, self._formula(node, list(map(self._ball, args))))
            if op == "mul" and node not in self._bits:  # nothing times a number is a fraction
                self._doubt(node, *(f"nothing in {self._ball(one)}" for one in args if self._varies(one)))
        elif op in RELATIONS:
            self._call(node, "ball", Ball().operation(op), map(self._ball, args))
        elif op in TRANSCENDENTAL:
            self._transcend(node, present)
            if self._varies(args[0]):
                self._doubt(node, f"nothing in {f'x{node}' if TRANSCENDENTAL[op] else self._ball(args[0])}")
        elif op in CHECKED and any(one not in self._bits for one in args):
            self._call(node, "ball", CHECKED[op], map(self._ball, args))
            self._doubt(node, f"x{node}.is_exact()")
        elif op in CONDITIONS or (operation := Exact().operation(op)) is None or not args:
            raise Unlike
        else:
            self._call(node, "exact", operation, [f"x{one}" for one in args])
            self._lines[node in self._fixed].append(f"    if type(x{node}) is not arb: return None")

    def _formula(self, node: NodeId, args: Sequence[str]) -> str:
        """An operation of the ring, or a whole power, of what has these names."""
        op, (_, *exponent), _ = self.graph.nodes[node]
        if op in RING:
            return INFIX[op].format(*args)
        power = self._whole(exponent[0])
        return f"{args[0]} * {args[0]}" if power == 2 else f"{args[0]} ** {power}"

    def _varies(self, node: NodeId) -> bool:
        """Whether a node is a fraction that inputs change."""
        return node in self._bits and node not in self._constants

    def _transcend(self, node: NodeId, present: set[NodeId]) -> None:
        """A function of balls; a sine beside the cosine of the same argument, where both are needed."""
        op, args, _ = self.graph.nodes[node]
        both = _TOGETHER.get(op, ())
        pair = [self.graph.ids.get((one, args, None)) for one in both]
        if pair and all(one in present for one in pair):
            self._known.update(one for one in pair if one is not None)
            self._space["_".join(both)] = getattr(arb, "_".join(both))
            self._line(node, [f"x{one}" for one in pair], f"{'_'.join(both)}({self._ball(args[0])})")
        else:
            self._call(node, "ball", CHECKED[op], map(self._ball, args))

    def _call(self, node: NodeId, kind: str, function: Any, args: Iterable[str]) -> None:
        """A function of balls or of exact numbers: operations have one of each."""
        name = self._functions.setdefault((kind, self.graph.nodes[node].op), f"f{len(self._functions)}")
        self._space[name] = function
        self._set(node, f"{name}({', '.join(args)})")

    def _ball(self, node: NodeId) -> str:
        """The name of a node's value as a ball."""
        if node not in self._bits:
            return f"x{node}"
        if node not in self._balls:
            self._balls.add(node)
            self._line(node, [f"b{node}"], f"arb(x{node})")
        return f"b{node}"

    def _set(self, node: NodeId, text: str) -> None:
        """The line of a ball."""
        self._balls.add(node)
        self._line(node, [self._ball(node)], text)

    def _line(self, node: NodeId, names: Sequence[str], text: str) -> None:
        """A line that gives names their values."""
        is_fixed = node in self._fixed
        self._lines[is_fixed].append(f"    {', '.join(names)} = {text}")
        if is_fixed:
            self._names += names

    def _doubt(self, node: NodeId, *conditions: str) -> None:
        """Conditions under which nothing is said."""
        self._doubts[node in self._fixed] += conditions
