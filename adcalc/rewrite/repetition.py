"""Terms up to repetition: where every element is the same an array may be one number, where all rows are, one row.

What looks at an array as a whole is given it in its full shape (`wide`), so that no shape is ever lost; among others,
element by element, what is only repeated stands once (`lax`).
"""

from fractions import Fraction
from math import prod
from typing import NamedTuple

from adcalc.graph.node import Shape
from adcalc.graph.shape import REDUCTIONS, inferred
from adcalc.rewrite.algebra import Powers
from adcalc.rewrite.shaped_terms import ShapedTerms
from adcalc.rewrite.terms import TermId


class Parts(NamedTuple):
    """A term as a number times powers of scalars times what is left of the array; None where nothing is.

    >>> Parts(Fraction(1), [], None).rest is None
    True
    """

    number: Fraction
    scalars: Powers
    rest: TermId | None


def in_front(axes: tuple[int, ...]) -> bool:
    """Whether axes are the first ones of an array.

    >>> in_front((0, 1)), in_front((1,))
    (True, False)
    """
    return axes == tuple(range(len(axes)))


class Repetition(ShapedTerms):
    """Terms that stand for their nodes up to repetition.

    >>> algebra = Repetition({"x": (3,)})
    >>> algebra.shape(algebra.wide(algebra.leaf("input", "x"), (2, 3)))
    (2, 3)
    """

    def wide(self, term: TermId, shape: Shape) -> TermId:
        """A term in its full shape.

        >>> algebra = Repetition({})
        >>> algebra.shape(algebra.wide(algebra.one, (2, 3)))
        (2, 3)
        """
        have = self.shape(term)
        if have == shape:
            return term
        if term == self.zero:
            return self.call("broadcast", (term,), shape)
        number, scalars, rest = self.parted(term)
        if rest is None:
            rest = self.call("broadcast", (self.one,), shape)
        elif prod(have) == prod(shape):
            rest = self.reshaped(rest, shape)
        else:
            rest = self.call("broadcast", (self._bare(rest),), shape)
        return self.multiply([*scalars, (rest, self.one)], number)

    def lax(self, term: TermId) -> TermId:
        """A term as it stands among others, element by element: what is only repeated is there once.

        >>> algebra = Repetition({})
        >>> algebra.lax(algebra.wide(algebra.one, (2, 3))) == algebra.one
        True
        """
        if not self.shape(term) or self.is_sum(term):
            return term
        number, powers = self.monomial(term)
        bare = [(self._bare(base), exponent) for base, exponent in powers]
        return term if bare == powers else self.multiply(bare, number)

    def _bare(self, base: TermId) -> TermId:
        """An array without the axes in front along which it is only repeated, or which a reduction has kept."""
        op, args, weights = self.terms[base]
        if op == "broadcast":
            base = args[0]
            op, args, weights = self.terms[base]
        if op in REDUCTIONS and weights[0][1] and in_front(weights[0][0]):
            axes = weights[0][0]
            if op == "sum":
                return self.call("sum", args, (axes, False))
            return self.call("reshape", (base,), self.shape(args[0])[len(axes) :])
        if op == "reshape":
            inner = self.shape(args[0])
            if weights[0] == (1,) * (len(weights[0]) - len(inner)) + inner:
                return args[0]
        return base

    def parted(self, term: TermId) -> Parts:
        """A term as a number, scalars and an array."""
        number, powers = self.monomial(term)
        scalars = [pair for pair in powers if not (self.shape(pair[0]) or self.shape(pair[1]))]
        if len(scalars) == len(powers):
            return Parts(number, scalars, None)
        arrays = {base: power for base, power in powers if self.shape(base) or self.shape(power)}
        return Parts(number, scalars, self.product(arrays))

    def is_zero(self, term: TermId) -> bool:
        """Whether every element is 0."""
        op, args, _ = self.terms[term]
        return term == self.zero or (op == "broadcast" and args[0] == self.zero)

    def is_ones(self, term: TermId) -> bool:
        """Whether every element is 1."""
        op, args, _ = self.terms[term]
        return op == "broadcast" and args[0] == self.one

    def reshaped(self, rest: TermId, shape: Shape) -> TermId:
        """An array in another shape; a reduction keeps its axes, or drops them."""
        op, args, weights = self.terms[rest]
        if self.shape(rest) == shape:
            return rest
        if op == "broadcast" and not self.shape(args[0]):
            return self.call("broadcast", args, shape) if shape else args[0]
        if op == "reshape":
            rest = args[0]
            op, args, weights = self.terms[rest]
        if self.shape(rest) == shape:
            return rest
        if op == "sum":
            for kept in (True, False):
                if inferred("sum", [self.shape(args[0])], (weights[0][0], kept)) == shape:
                    return self.call("sum", args, (weights[0][0], kept))
        return self.call("reshape", (rest,), shape)
