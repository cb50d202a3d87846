"""Formulas as a person would write them: nodes to canonical terms, the identities on each, and back to nodes.

Every pass visits each node once, arguments first. A sum that only another sum uses becomes part of it, and likewise for
products; so nothing is collected twice, and the work grows with the number of nodes. Passes are repeated until nothing
changes. A result with more operations than the original is not used.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from adcalc.graph.count import operations
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

if TYPE_CHECKING:
    from adcalc.rewrite.matrices import Matrices

_ONE: Final = Fraction(1)
_PASSES: Final = 10
_LONGER: Final = 6  # operations that the form of arrays may cost
_STEPS: Final = 8  # rewrites of one term in one pass
_REFLEXIVE: Final = frozenset(("eq", "le", "ge"))
_SUMS: Final = frozenset(("add", "sub", "neg"))
_PRODUCTS: Final = frozenset(("mul", "div", "neg"))
_ATTEMPTS: Final = ((4, 16, True), (4, 16, False), (0, 0, False))  # what is opened, and whether 3/2*x is 3*x/2


class Step(NamedTuple):
    """What one pass made of the nodes, and by which identities and kinds of rewrite.

    >>> Step((0,), ("sin(u)^2 + cos(u)^2 = 1",)).used
    ('sin(u)^2 + cos(u)^2 = 1',)
    """

    outputs: tuple[NodeId, ...]
    used: tuple[str, ...]


class Simplified(NamedTuple):
    """The simplified nodes, and conditions (nodes, too) that were assumed beyond what the given ones require.

    `steps` are the passes that led there, the last of which may have changed nothing.
    """

    outputs: tuple[NodeId, ...]
    assumptions: tuple[NodeId, ...]
    steps: tuple[Step, ...] = ()


def simplify(graph: Graph, outputs: Sequence[NodeId], table: Table) -> Simplified:
    """The outputs in a shorter form, as nodes of the same graph; simplifying them again changes nothing.

    >>> from adcalc.rules.table import standard
    >>> from adcalc.syntax.unparse import unparse
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> product = graph.apply("mul", x, graph.apply("mul", graph.apply("exp", x), x))
    >>> unparse(graph, simplify(graph, [product], standard()).outputs[0])
    'x^2*exp(x)'
    """
    current = Simplified(tuple(outputs), ())
    seen: dict[tuple[NodeId, ...], int] = {}
    assumptions: dict[NodeId, None] = {}
    steps: list[Step] = []
    if graph.shapes:  # arrays in the form in which their products are compared, which may be a little longer
        first = _Pass(graph, table, *_ATTEMPTS[0]).run(outputs)
        if operations(graph, *first.outputs) <= operations(graph, *outputs) + _LONGER:
            current = first
            steps += first.steps
            assumptions.update(dict.fromkeys(first.assumptions))
    while current.outputs not in seen and len(seen) < _PASSES:
        count = operations(graph, *current.outputs)
        seen[current.outputs] = count
        for small, medium, divide in _ATTEMPTS:
            attempt = _Pass(graph, table, small, medium, divide).run(current.outputs)
            if operations(graph, *attempt.outputs) <= count:
                current = attempt
                steps += attempt.steps
                assumptions.update(dict.fromkeys(attempt.assumptions))
                break
    if seen.get(current.outputs) is not None:
        least = min(seen.values())
        if seen[current.outputs] > least:
            current = Simplified(min(one for one, count in seen.items() if count == least), ())
    return Simplified(current.outputs, tuple(assumptions), tuple(steps))


def _matrices(graph: Graph, small: int, medium: int) -> "Matrices":
    from adcalc.rewrite.matrices import Matrices  # where there are arrays

    named = {node: graph.nodes[node].label for node in graph.shapes if graph.nodes[node].op == INPUT}
    return Matrices({str(label): graph.shapes[node] for node, label in named.items()}, small, medium)


class _Pass:
    """One visit of every node."""

    def __init__(self, graph: Graph, table: Table, small: int, medium: int, divide: bool) -> None:
        self.graph = graph
        self.arrays: Matrices | None = None
        if graph.shapes:
            self.arrays = _matrices(graph, small, medium)
        self.algebra = self.arrays or Algebra(small, medium)
        self.rewriter = Rewriter(self.algebra, identities(table))
        self.divide = divide
        self.terms: dict[NodeId, TermId] = {}
        self.truths: dict[TermId, bool] = {}

    def run(self, outputs: Sequence[NodeId]) -> Simplified:
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
            term = self._improved(term)
            self.terms[node] = term if self.arrays is None else self.arrays.met(self.arrays.lax(term))
        build = self._build()
        made = build.nodes(self._whole(outputs))
        step = Step(tuple(made), tuple(self.rewriter.used))
        return Simplified(step.outputs, tuple(build.nodes(self.rewriter.assumptions)), (step,))

    def _call(self, op: str, args: tuple[NodeId, ...], label: Label) -> TermId:
        """The term of an operation that is neither a sum nor a product."""
        given = tuple([self.terms[argument] for argument in args])
        if self.arrays is None:
            return self.algebra.apply(op, given, label)
        return self.arrays.node(op, given, label, tuple([self.graph.shape(argument) for argument in args]))

    def _whole(self, outputs: Sequence[NodeId]) -> list[TermId]:
        """The terms of the outputs, in the outputs' shapes."""
        terms = [self.terms[output] for output in outputs]
        if self.arrays is None:
            return terms
        return [self.arrays.wide(term, self.graph.shape(output)) for term, output in zip(terms, outputs, strict=True)]

    def _build(self) -> Build:
        if self.arrays is None:
            return Build(self.graph, self.algebra, self.divide)
        from adcalc.rewrite.build_arrays import BuildArrays

        return BuildArrays(self.graph, self.arrays, self.divide)

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
        if self.arrays is not None:
            from adcalc.rewrite.words import gathered

            whole = gathered(self.arrays, term)
            if whole is not None:
                self.rewriter.used["factor out"] = None
                return whole
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
