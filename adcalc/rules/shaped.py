"""The rules of a table over nodes that may be arrays: rows as they stand, and transposes of what is linear.

A row that works element by element is the one of numbers; what it hands down to an argument that was repeated is summed
over the copies. The row of an operation on arrays as wholes is read again for the shapes at hand: forward mode
evaluates it, and the return sweep goes back through it, from the differential to one d-name, by the transposes of the
linear operations on that way.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from adcalc.arithmetics.base import Operation
from adcalc.arithmetics.symbolic import Symbolic
from adcalc.graph.graph import Graph
from adcalc.graph.node import INPUT, NodeId
from adcalc.graph.shape import LINEAR, known
from adcalc.rules.compiled import Compiled
from adcalc.rules.rule import Rule, strike
from adcalc.rules.table import Table
from adcalc.rules.transpose import Arrays, Step, transposed


class Shaped(Compiled[NodeId]):
    """Rules over the nodes of one graph.

    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> A, B = graph.input("A", (2, 3)), graph.input("B", (3, 4))
    >>> product, bar = graph.apply("matmul", A, B), graph.input("bar", (2, 4))
    >>> flows = Shaped(standard(), Symbolic(graph)).pull("matmul", (0, 1))(bar, product, A, B)
    >>> [graph.shape(flow) for flow in flows]
    [(2, 3), (3, 4)]
    """

    def __init__(self, table: Table, arithmetic: Symbolic) -> None:
        super().__init__(table, arithmetic)
        self.graph = arithmetic.graph
        self.arrays = Arrays(arithmetic)

    def active(self, op: str, arguments: tuple[int, ...]) -> bool:
        """Whether a derivative flows through an operation from these arguments."""
        return op in LINEAR or super().active(op, arguments)

    def pull(self, op: str, active: tuple[int, ...]) -> Operation:
        """The return sweep's step: of (adjoint, value, arguments…)."""
        if not known(op):
            return self._elementwise_pull(super().pull(op, active), active)

        def pulled(bar: NodeId, v: NodeId, *args: NodeId) -> Any:
            if op in LINEAR:
                label, shape = self.graph.nodes[v].label, self.graph.shape
                step = Step(op, args, tuple(shape(argument) for argument in args), label, shape(v))
                flows = [transposed(self.arrays, step, bar, place) for place in active]
            else:
                flows = [self._returned(self._rule(v), bar, v, args, place) for place in active]
            return tuple(flows) if len(flows) > 1 else flows[0]

        return pulled

    def push(self, op: str, active: tuple[int, ...]) -> Operation:
        """The forward sweep's step: of (value, arguments…, tangents of the active ones…)."""
        if not known(op):
            return self._elementwise_push(super().push(op, active))

        def pushed(v: NodeId, *numbers: NodeId) -> NodeId:
            args = self.graph.nodes[v].args
            given = dict(zip(active, numbers[len(args) :], strict=True))
            tangents = [
                self.arrays.whole(given[k] if k in given else self._zero(), self.graph.shape(argument))
                for k, argument in enumerate(args)
            ]
            if op in LINEAR:
                return self.graph.arrange(op, self.graph.nodes[v].label, *tangents)
            return self._evaluated(self._rule(v), v, args, given, tangents)

        return pushed

    def received(self, flow: NodeId, value: NodeId, argument: NodeId) -> NodeId:
        """What arrives at an argument that was repeated: the sum over its copies."""
        return self.arrays.collected(flow, self.graph.shape(value), self.graph.shape(argument))

    def condition(self, op: str, clause: int) -> Operation:
        """Whether a clause's condition holds, element by element: of (value, arguments…)."""
        if not known(op):
            return super().condition(op, clause)

        def asked(v: NodeId, *args: NodeId) -> NodeId:
            rule = self._rule(v)
            names = {**dict(zip(rule.parameters, args, strict=True)), "v": v}
            return self._copied(rule.graph, rule.clauses[clause].condition, names)

        return asked

    def _copied(self, row: Graph, output: NodeId, names: dict[str, NodeId]) -> NodeId:
        """An expression of a row, made here."""
        images: dict[NodeId, NodeId] = {}
        for node in row.live(output):
            op, _, label = row.nodes[node]
            images[node] = names[str(label)] if op == INPUT else self._image(row, node, images)
        return images[output]

    def _zero(self) -> NodeId:
        return self.arithmetic.constant(Fraction(0))

    def _elementwise_pull(self, pull: Operation, active: tuple[int, ...]) -> Operation:
        def pulled(bar: NodeId, v: NodeId, *args: NodeId) -> Any:
            mask = self._mask(bar)
            flows = pull(bar if mask is None else mask[1], v, *args)
            parts = flows if len(active) > 1 else (flows,)
            if mask is not None:
                parts = tuple(self._masked(mask, part) for part in parts)
            found = [self.received(part, v, args[k]) for k, part in zip(active, parts, strict=True)]
            return tuple(found) if len(active) > 1 else found[0]

        return pulled

    def _mask(self, bar: NodeId) -> tuple[NodeId, NodeId, bool] | None:
        """The condition and the adjoint inside, where an adjoint belongs to the elements of one side of a choice."""
        op, args, _ = self.graph.nodes[bar]
        if op != "if":
            return None
        for place in (1, 2):
            if self.graph.nodes[args[3 - place]].label == 0:
                return args[0], args[place], place == 1
        return None

    def _masked(self, mask: tuple[NodeId, NodeId, bool], flow: NodeId) -> NodeId:
        """A flow where the condition holds, and 0 elsewhere, whatever the partial is there."""
        condition, _, first = mask
        sides = (flow, self._zero()) if first else (self._zero(), flow)
        return self.arrays.apply("if", condition, *sides)

    def _elementwise_push(self, push: Operation) -> Operation:
        def pushed(v: NodeId, *numbers: NodeId) -> NodeId:
            return self.arrays.whole(push(v, *numbers), self.graph.shape(v))

        return pushed

    # ------------------------------------------------------------ the rows of operations on arrays

    def _rule(self, node: NodeId) -> Rule:
        """The row of a node, for the shapes of its arguments."""
        op, args, label = self.graph.nodes[node]
        return self.table.shaped_rule(op, tuple(self.graph.shape(argument) for argument in args), label)

    def _evaluated(
        self, rule: Rule, v: NodeId, args: Sequence[NodeId], given: dict[int, NodeId], tangents: Sequence[NodeId]
    ) -> NodeId:
        short = Graph()
        absent = [node for k, node in enumerate(rule.d_inputs()) if k not in given]
        output = strike(rule.graph, rule.differential, absent, short)
        assert output is not None
        names = {**dict(zip(rule.parameters, args, strict=True)), "v": v}
        names |= {f"d{name}": tangent for name, tangent in zip(rule.parameters, tangents, strict=True)}
        return self._copied(short, output, names)

    def _image(self, source: Graph, node: NodeId, images: dict[NodeId, NodeId]) -> NodeId:
        """A node of a row, made here."""
        op, args, label = source.nodes[node]
        moved = [images[argument] for argument in args]
        if label is not None or not args:
            return self.graph.adopt(source.nodes[node]._replace(args=tuple(moved)))
        return self.arrays.apply(op, *moved)

    def _returned(self, rule: Rule, bar: NodeId, v: NodeId, args: Sequence[NodeId], place: int) -> NodeId:
        """The return sweep through a row: from its differential to the differential of one argument."""
        row, target = rule.graph, rule.d_inputs()[place]
        others = [node for node in rule.d_inputs() if node != target]
        short = Graph()
        output = strike(row, rule.differential, others, short)
        names = {**dict(zip(rule.parameters, args, strict=True)), "v": v}
        d_name = f"d{rule.parameters[place]}"
        assert output is not None
        live = short.live(output)
        moving: set[NodeId] = set()
        images: dict[NodeId, NodeId] = {}
        for node in live:
            op, below, label = short.nodes[node]
            if label == d_name or moving.intersection(below):
                moving.add(node)
            else:
                images[node] = names[str(label)] if op == INPUT else self._image(short, node, images)
        adjoints: dict[NodeId, NodeId] = {output: bar}
        for node in reversed(live):
            if node not in moving or short.nodes[node].label == d_name:
                continue
            for argument, flow in self._handed(short, node, adjoints[node], images, moving):
                before = adjoints.get(argument)
                adjoints[argument] = flow if before is None else self.arrays.apply("add", before, flow)
        return next(adjoints[node] for node in live if short.nodes[node].label == d_name)

    def _handed(
        self, row: Graph, node: NodeId, bar: NodeId, images: dict[NodeId, NodeId], moving: set[NodeId]
    ) -> list[tuple[NodeId, NodeId]]:
        """What the adjoint of one node of a row hands down to the arguments that lead to the d-name."""
        op, args, _ = row.nodes[node]
        if op in LINEAR or op in ("matmul", "outer", "solve"):
            shapes = tuple(row.shape(argument) for argument in args)
            step = Step(op, tuple(images.get(a) for a in args), shapes, row.nodes[node].label, row.shape(node))
            return [(a, transposed(self.arrays, step, bar, k)) for k, a in enumerate(args) if a in moving]
        apply, full = self.arrays.apply, row.shape(node)
        found: list[tuple[NodeId, NodeId]] = []
        for place, argument in enumerate(args):
            if argument not in moving:
                continue
            if op in ("add", "sub", "neg"):
                flow = apply("neg", bar) if op == "neg" or (op == "sub" and place) else bar
            elif op == "mul":
                flow = apply("mul", images[args[1 - place]], bar)
            elif op == "div":
                flow = apply("div", bar, images[args[1]])
            else:
                sides = (bar, self._zero()) if place == 1 else (self._zero(), bar)
                flow = apply("if", images[args[0]], *sides)
            found.append((argument, self.arrays.collected(flow, full, row.shape(argument))))
        return found
