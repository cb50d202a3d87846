"""One visit of every node: its term after the algebra and the identities, and nodes made of the terms again.

Arguments come first. A sum that only another sum uses becomes part of it, and likewise for products; so nothing is
collected twice.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from adcalc.graph.fold import connect, holds
from adcalc.graph.graph import Graph
from adcalc.graph.node import CONDITIONS, CONSTANT, INPUT, RELATIONS, Label, NodeId
from adcalc.rewrite import sums
from adcalc.rewrite.algebra import Algebra
from adcalc.rewrite.build import Build
from adcalc.rewrite.identities import identities
from adcalc.rewrite.rewriter import Rewriter, proved
from adcalc.rewrite.terms import PRODUCT, SUM, TermId
from adcalc.rules.table import Table

_ONE: Final = Fraction(1)
_STEPS: Final = 8  # rewrites of one term in one visit
_REFLEXIVE: Final = frozenset(("eq", "le", "ge"))
_SUMS: Final = frozenset(("add", "sub", "neg"))
_PRODUCTS: Final = frozenset(("mul", "div", "neg"))


class Step(NamedTuple):
    """What one visit made of the nodes, by which identities and kinds of rewrite, and assuming which conditions.

    >>> Step((0,), ("sin(u)^2 + cos(u)^2 = 1",)).used
    ('sin(u)^2 + cos(u)^2 = 1',)
    """

    outputs: tuple[NodeId, ...]
    used: tuple[str, ...]
    assumptions: tuple[NodeId, ...] = ()


class Visit:
    """One visit of every node of a graph, over the terms of one algebra.

    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> double = graph.apply("add", x, x)
    >>> (found,) = Visit(graph, standard(), Algebra(), True).run([double]).outputs
    >>> graph.nodes[found].op
    'mul'
    """

    def __init__(self, graph: Graph, table: Table, algebra: Algebra, divide: bool) -> None:
        self.graph = graph
        self.algebra = algebra
        self.rewriter = Rewriter(algebra, identities(table))
        self.divide = divide  # whether 3/2*x is to be written as 3*x/2
        self.terms: dict[NodeId, TermId] = {}
        self.truths: dict[TermId, bool] = {}

    def run(self, outputs: Sequence[NodeId]) -> Step:
        """What the visit makes of some nodes."""
        algebra, nodes = self.algebra, self.graph.nodes
        live = self.graph.live(*outputs)
        kinds = self._kinds(live, outputs)
        for node in live:
            kind = kinds[node]
            if kind is None:
                continue
            op, args, label = nodes[node]
            if kind is _SUMS:
                term = algebra.add(self._summands(node, kinds))
            elif kind is _PRODUCTS:
                term = algebra.multiply(*self._factors(node, kinds))
            else:
                term = self._call(op, args, label)
            self.terms[node] = self._kept(self._improved(term))
        build = self._build()
        made = build.nodes([self._whole(output) for output in outputs])
        return Step(tuple(made), tuple(self.rewriter.used), tuple(build.nodes(self.rewriter.assumptions)))

    def _call(self, op: str, args: tuple[NodeId, ...], label: Label) -> TermId:
        """The term of an operation that is neither a sum nor a product."""
        return self.algebra.apply(op, tuple([self.terms[argument] for argument in args]), label)

    def _kept(self, term: TermId) -> TermId:
        """A node's term as its users see it."""
        return term

    def _whole(self, output: NodeId) -> TermId:
        """The term that an output is made of again."""
        return self.terms[output]

    def _build(self) -> Build:
        return Build(self.graph, self.algebra, self.divide)

    def _kinds(self, live: list[NodeId], outputs: Sequence[NodeId]) -> dict[NodeId, frozenset[str] | None]:
        """What each node begins: a sum, a product, another operation; None where it is part of its only user."""
        nodes = self.graph.nodes
        uses = dict.fromkeys(live, 0)
        for node in live:
            for argument in nodes[node].args:
                uses[argument] += 1
        for output in outputs:
            uses[output] += 2
        kinds: dict[NodeId, frozenset[str] | None] = {}
        inner: dict[NodeId, frozenset[str]] = {}  # the kind of the node that a part belongs to
        for node in reversed(live):
            op, args, _ = nodes[node]
            kind = inner.get(node)
            kinds[node] = None
            if kind is None:
                if op == "neg":
                    kind = _SUMS if nodes[args[0]].op in ("add", "sub") else _PRODUCTS
                else:
                    kind = _SUMS if op in _SUMS else _PRODUCTS if op in _PRODUCTS else frozenset()
                kinds[node] = kind
            for argument in args if kind else ():
                if uses[argument] == 1 and nodes[argument].op in kind:
                    inner[argument] = kind
        return kinds

    def _summands(self, root: NodeId, kinds: dict[NodeId, frozenset[str] | None]) -> list[tuple[Fraction, TermId]]:
        found: list[tuple[Fraction, TermId]] = []
        waiting = [(root, _ONE)]
        while waiting:
            node, sign = waiting.pop()
            op, args, _ = self.graph.nodes[node]
            if node != root and kinds[node] is not None:
                found.append((sign, self.terms[node]))
            elif op == "neg":
                waiting.append((args[0], -sign))
            else:
                waiting.append((args[1], sign if op == "add" else -sign))
                waiting.append((args[0], sign))
        return found

    def _factors(
        self, root: NodeId, kinds: dict[NodeId, frozenset[str] | None]
    ) -> tuple[list[tuple[TermId, TermId]], Fraction]:
        algebra = self.algebra
        found: list[tuple[TermId, TermId]] = []
        waiting = [(root, algebra.one)]
        coefficient = _ONE
        while waiting:
            node, exponent = waiting.pop()
            op, args, _ = self.graph.nodes[node]
            if node != root and kinds[node] is not None:
                found.append((self.terms[node], exponent))
            elif op == "neg":
                coefficient = -coefficient
                waiting.append((args[0], exponent))
            else:
                inverse = algebra.minus_one if exponent == algebra.one else algebra.one
                waiting.append((args[1], exponent if op == "mul" else inverse))
                waiting.append((args[0], exponent))
        return found, coefficient

    # ------------------------------------------------------------ rewriting one term

    def _improved(self, term: TermId) -> TermId:
        for _ in range(_STEPS):
            step = self._step(term)
            if step is None or step == term:
                break
            term = step
        return term

    def _step(self, term: TermId) -> TermId | None:
        algebra = self.algebra
        op = algebra.terms[term].op
        if op in (CONSTANT, INPUT):
            return None
        if algebra.is_sum(term):
            found = self.rewriter.rewritten_sum(term)
            found = self.rewriter.rewritten_expanded(term) if found is None else found
            return self._shorter(term) if found is None else found
        if op in (SUM, PRODUCT):
            found = self.rewriter.rewritten_product(term)
            return sums.shorter_product(algebra, term) if found is None else found
        if op == "if":
            return self._chosen(term)
        if op in CONDITIONS:
            self._decide(term)
            return None
        found = self.rewriter.rewritten_call(term)
        return self.rewriter.rewritten_product(term) if found is None else found

    def _shorter(self, term: TermId) -> TermId | None:
        found = sums.shorter(self.algebra, term)
        if found is None:
            return None
        self.rewriter.used[found[1]] = None
        return found[0]

    def _decide(self, term: TermId) -> None:
        """Note whether a condition is true, where its operands are numbers or their signs say so."""
        op, args, _ = self.algebra.terms[term]
        if op in RELATIONS:
            left, right = (self.algebra.value(argument) for argument in args)
            truth = holds(op, left, right) if left is not None and right is not None else None
            if truth is None and args[0] == args[1]:
                truth = op in _REFLEXIVE
            truth = True if truth is None and proved(self.algebra, term) else truth
        else:
            truth = connect(op, [self.truths.get(argument) for argument in args])
        if truth is not None:
            self.truths[term] = truth

    def _chosen(self, term: TermId) -> TermId | None:
        _, (condition, taken, other), _ = self.algebra.terms[term]
        truth = self.truths.get(condition)
        if truth is not None or taken == other:
            return other if truth is False else taken
        return self.rewriter.rewritten_call(term)
