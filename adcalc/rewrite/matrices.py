"""Traces, diagonals, inverses and determinants of products: what is known of matrices beyond their products."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from adcalc.graph.node import Label
from adcalc.rewrite.products import TURNED, Products
from adcalc.rewrite.terms import PRODUCT, TermId


class Matrices(Products):
    """Terms with all that is known of matrices.

    >>> algebra = Matrices({"A": (2, 2)})
    >>> A = algebra.leaf("input", "A")
    >>> algebra.made("trace", (algebra.made("matmul", (algebra.made("inv", (A,)), A)),)) == algebra.number(Fraction(2))
    True
    """

    linear: Mapping[str, str] = {
        **Products.linear,
        "transpose": "transposed",
        "trace": "traced",
        "diagonal": "diagonal",
        "diagonal_matrix": "diagonal_matrix",
    }

    def made(self, op: str, args: tuple[TermId, ...], label: Label = None) -> TermId:
        """The term of an operation on arrays in their full shapes, up to repetition."""
        if op in ("matmul", "outer"):
            return self.joined(op, args)
        if op in ("inv", "solve"):
            return self.divided(op, args)
        if op == "sum":
            found = self._dot(args[0], label)
            if found is not None:
                return found
        return super().made(op, args, label)

    def traced(self, rest: TermId, label: Any) -> TermId:
        """The sum of a matrix's diagonal: factors may go round."""
        op, args, _ = self.terms[rest]
        if op == "outer":
            return self.of_word([*self.row(self.flat(args[1])), *self.flat(args[0])])
        if op == "eye" or self.is_ones(rest):
            return self.number(Fraction(self.shape(rest)[0]))
        if op == "diagonal_matrix":
            return self.total(args[0], ((0,), False))
        if op == "transpose":
            return self.call("trace", args)
        word = self.flat(rest)
        while len(word) > 1 and self.cancel(word[-1], word[0]):
            word = word[1:-1]
        if not word:
            return self.number(Fraction(self.shape(rest)[0]))
        turns = [one[k:] + one[:k] for one in (word, self.row(word)) for k in range(len(word))]
        word = self.first(turns)
        return self.call("trace", (word[0] if len(word) == 1 else self.call("matmul", tuple(word)),))

    def diagonal(self, rest: TermId, label: Any) -> TermId:
        """The diagonal of a matrix."""
        op, args, _ = self.terms[rest]
        if op == "eye" or (op == "broadcast" and not self.shape(args[0])):
            return self.one
        if op == "diagonal_matrix":
            return args[0]
        if op == "outer" and self.shape(args[0]) == self.shape(args[1]):
            return self.multiply([(one, self.one) for one in args])
        return self.call("diagonal", args if op == "transpose" else (rest,))

    def diagonal_matrix(self, rest: TermId, label: Any) -> TermId:
        """A matrix with this diagonal."""
        (length,) = self.shape(rest)
        return self.call("eye", (), (length, length)) if self.is_ones(rest) else self.call("diagonal_matrix", (rest,))

    def divided(self, op: str, args: Sequence[TermId]) -> TermId:
        """An inverse, or the solution of linear equations, with its scalars in front."""
        parts = [self.parted(one) for one in args]
        matrix = parts[0].rest
        if not parts[0].number or matrix is None or self.is_zero(matrix):
            return self.call(op, tuple(args))
        inverse = [(one, self.scaled(Fraction(-1), power)) for one, power in parts[0].scalars]
        number = 1 / parts[0].number
        rest = matrix
        side = parts[-1].rest
        if op == "solve":
            number *= parts[1].number
            if not number or side is None or self.is_zero(side):
                return self.zero
            inverse += parts[1].scalars
            rest = side if self.is_identity(matrix) else self.call(op, (matrix, side))
        if op == "inv" or (side is not None and self.is_identity(side)):
            inner, under, _ = self.terms[matrix]
            turned = inner == "transpose"
            if inner == "inv":
                rest = under[0]
            elif not self.is_identity(matrix):
                rest = self.call("inv", under if turned else (matrix,))
                if self.transposed(matrix, TURNED) == matrix:
                    self.symmetric.add(rest)
                rest = self.call("transpose", (rest,), TURNED) if turned else rest
        return self.multiply([*inverse, (rest, self.one)], number)

    def _dot(self, term: TermId, label: Any) -> TermId | None:
        """The sum of the products of two vectors' elements as their product."""
        number, scalars, rest = self.parted(term)
        if label[0] != (0,) or rest is None or len(self.shape(term)) != 1:
            return None
        op, args, weights = self.terms[rest]
        if op != PRODUCT or weights != (self.one, self.one) or self.shape(args[0]) != self.shape(args[1]):
            return None
        return self.multiply([*scalars, (self.joined("matmul", args), self.one)], number)
