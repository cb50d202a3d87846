"""Terms that have shapes: how long their axes are, where they stand in a sum or a product, and what their sign is."""

from collections.abc import Mapping
from fractions import Fraction
from math import gcd
from typing import Any, Final
from zlib import crc32

from adcalc.graph.graph import MAKERS
from adcalc.graph.node import CONSTANT, INPUT, Shape
from adcalc.graph.shape import broadcast, inferred, known
from adcalc.rewrite.algebra import MEDIUM, SMALL, Algebra
from adcalc.rewrite.terms import NONNEGATIVE, ONE, POSITIVE, PRODUCT, SUM, Term, TermId

SOFTMAX: Final = "softmax_over"
_KEEPS_SIGN: Final = frozenset(("reshape", "transpose", "take", "broadcast", "sum", "max_over", "min_over", "diagonal"))
BEHIND: Final = 10  # arrays stand behind numbers in a product
_DEGREES: Final = frozenset(("matmul", "outer"))  # of the sum of their arguments' degrees
_SAME_DEGREE: Final = frozenset(("transpose", "reshape", "take", "broadcast", "diagonal", "diagonal_matrix", "put"))


class ShapedTerms(Algebra):
    """An algebra whose terms have shapes; `inputs` are those of the variables.

    >>> algebra = ShapedTerms({"x": (3,)})
    >>> x = algebra.leaf("input", "x")
    >>> algebra.shape(algebra.add([(ONE, x), (ONE, algebra.one)]))
    (3,)
    """

    def __init__(self, inputs: Mapping[str, Shape], small: int = SMALL, medium: int = MEDIUM) -> None:
        self.inputs = inputs
        self.shapes: dict[TermId, Shape] = {}
        self._degrees: list[Fraction] = []
        super().__init__(small, medium)

    def shape(self, term: TermId) -> Shape:
        """The shape of a term, () for a scalar."""
        return self.shapes.get(term, ())

    def met(self, term: TermId) -> TermId:
        """A term; of a sum its sign is remembered, for x - y and y - x are one factor."""
        if self.is_sum(term) and self.shape(term):
            self.orient(*self.content(term))
        return term

    def _common(self, term: TermId) -> Fraction:
        """The positive number that is taken out of a sum: of arrays 2*x - 2/3*s is 2*(x - s/3)."""
        if not self.shape(term):
            return super()._common(term)
        weights = self.terms[term].weights
        return Fraction(
            gcd(*(weight.numerator for weight in weights)), gcd(*(weight.denominator for weight in weights))
        )

    def _intern(self, term: Term) -> TermId:
        if term not in self._ids:
            shape = self._shape(term)
            if shape:
                self.shapes[len(self.terms)] = shape
            self._degrees.append(self._degree(term))
        return super()._intern(term)

    def _shape(self, term: Term) -> Shape:
        op, args, weights = term
        if op == INPUT:
            return self.inputs.get(weights[0], ())
        if not self.shapes and op not in MAKERS:
            return ()
        shapes = [self.shape(one) for one in args]
        if op == PRODUCT:
            return broadcast(*shapes, *(self.shape(weight) for weight in weights))
        if op == "matmul":
            found = shapes[0]
            for shape in shapes[1:]:
                found = inferred(op, [found, shape], None)
            return found
        if not known(op):
            return broadcast(*shapes) if args else ()
        return inferred(op, shapes, weights[0] if weights else None)

    def _degree(self, term: Term) -> Fraction:
        """How many variables stand in a product of matrices: it decides where the product stands in a sum."""
        op, args, weights = term
        degrees = self._degrees
        if op == INPUT:
            return ONE
        if op == SUM:
            return max(degrees[one] for one in args)
        if op == PRODUCT:
            pairs = zip(args, weights, strict=True)
            return sum((degrees[one] * (self.value(weight) or 0) for one, weight in pairs), Fraction(0))
        if op in _DEGREES:
            return sum((degrees[one] for one in args), Fraction(0))
        return degrees[args[0]] if op in _SAME_DEGREE and args else Fraction(0)

    def _order(self, monomial: TermId) -> tuple[Any, ...]:
        if not self.shapes:
            return super()._order(monomial)
        degree = Fraction(0)
        powers: list[tuple[str, Fraction]] = []
        for base, exponent in self.factors(monomial):
            value = self.value(exponent)
            op, args, weights = self.terms[base]
            if value is None:
                continue
            turned = op == "transpose" and self.terms[args[0]].op == INPUT
            if op == INPUT or turned:
                powers.append((self.terms[args[0]].weights[0] + "~" if turned else weights[0], -value))
            if op == INPUT or turned or op in _DEGREES:
                degree += value * self._degrees[base]
        return monomial == self.one, -degree, tuple(sorted(powers)[:8]), self._places[monomial]

    def _place(self, term: Term) -> tuple[int, int, str, int]:
        rank, height, text, digest = super()._place(term)
        op, _, weights = term
        if op not in (INPUT, CONSTANT, SUM, PRODUCT) and weights:
            digest = hash((digest, crc32(repr(weights).encode())))
        if self.shape(len(self.terms) - 1):
            rank = BEHIND + (6 if op == "matmul" else rank)
        return rank, height, text, digest

    def _sign(self, term: Term) -> int:
        op, args, _ = term
        if op in _KEEPS_SIGN and args:
            return self.signs[args[0]]
        if op == SOFTMAX:
            return POSITIVE
        return NONNEGATIVE if op in ("norm_over", "eye") else super()._sign(term)
