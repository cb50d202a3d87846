"""Products of matrices and vectors in one form, whatever the brackets and transposes that they were written with.

A product is a word of factors: matrices, a vector at the end, for a number one at either end. An outer product is a
column before a row. So x.T@A@y is [x, A, y], the rule (A@B).T = B.T@A.T is a word read backwards, and x.T@A stands as
the column that it is, A.T@x. In a word, factors that are inverse to each other vanish, and so does the identity.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final, TypeAlias

from adcalc.graph.node import Label, Shape
from adcalc.rewrite.algebra import MEDIUM, SMALL
from adcalc.rewrite.arrays import TURNED, Arrays
from adcalc.rewrite.terms import PRODUCT, SUM, TermId

LONGEST: Final = 32  # factors of a word that are looked at
BREAK: Final = -1  # in a word: between a column and a row
_ROWS: Final = ((1,), False)  # the label of a sum over columns: what A@ones is

Word: TypeAlias = list[TermId]


class Matrices(Arrays):
    """Terms that may be products of matrices.

    >>> algebra = Matrices({"A": (2, 3), "x": (2,)})
    >>> A, x = algebra.leaf("input", "A"), algebra.leaf("input", "x")
    >>> turned = algebra.made("transpose", (A,), TURNED)
    >>> algebra.made("matmul", (x, A)) == algebra.made("matmul", (turned, x))
    True
    """

    linear: Mapping[str, str] = {
        **Arrays.linear,
        "transpose": "transposed",
        "trace": "traced",
        "diagonal": "diagonal",
        "diagonal_matrix": "diagonal_matrix",
    }

    def __init__(self, inputs: Mapping[str, Shape], small: int = SMALL, medium: int = MEDIUM) -> None:
        super().__init__(inputs, small, medium)
        self._symmetric: set[TermId] = set()  # inverses that are their own transposes

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

    # ------------------------------------------------------------ words

    def joined(self, op: str, args: Sequence[TermId]) -> TermId:
        """A product of matrices, or the outer product of two vectors, with its scalars in front."""
        left, right = self.parted(args[0]), self.parted(args[1])
        assert left.rest is not None
        assert right.rest is not None
        number = left.number * right.number
        if not number or self.is_zero(left.rest) or self.is_zero(right.rest):
            return self.zero
        ranks = [len(self.shape(one)) for one in (left.rest, right.rest)]
        if max(ranks) > 2:
            made = self.call(op, (left.rest, right.rest))
        else:
            first, second = self.word(left.rest), self.word(right.rest)
            if op == "outer":
                word = [*first, BREAK, *self.row(second)]
            else:
                word = [*(self.row(first) if ranks[0] == 1 else first), *second]
            made = self.of_word(word)
        return self.multiply([*left.scalars, *right.scalars, (made, self.one)], number)

    def word(self, term: TermId) -> Word:
        """The factors of a product of matrices; any other term is a word of one."""
        op, args, _ = self.terms[term]
        if op == "outer":
            return [*self._factors(args[0]), BREAK, *self.row(self._factors(args[1]))]
        return self._factors(term)

    def _factors(self, term: TermId) -> Word:
        op, args, _ = self.terms[term]
        flat = op == "matmul" and len(args) <= LONGEST and all(len(self.shape(one)) <= 2 for one in args)
        return list(args) if flat else [term]

    def row(self, word: Word) -> Word:
        """A word read backwards, its matrices transposed: a column as a row, or a matrix transposed."""
        return [one if one == BREAK or len(self.shape(one)) < 2 else self.turned(one) for one in reversed(word)]

    def of_word(self, word: Word) -> TermId:
        """The term of a word; where it holds numbers, a multiple of one."""
        pieces: list[Word] = [[]]
        for one in word:
            if one == BREAK:
                pieces.append([])
            else:
                pieces[-1].append(one)
        found: list[TermId] = []  # the columns that are left: one, or two of an outer product
        scalars: list[TermId] = []
        for place, piece in enumerate(map(self._reduced, pieces)):
            begins, ends = (len(self.shape(one)) == 1 for one in (piece[0], piece[-1]))
            if begins and ends and len(piece) > 1:
                scalars.append(self._number(piece))
            else:
                as_row = begins and (len(piece) > 1 or (place > 0 and len(pieces) > 1))
                piece = self.row(piece) if as_row else piece
                found.append(piece[0] if len(piece) == 1 else self.call("matmul", tuple(piece)))
        if len(found) > 1:
            scalars.append(self.call("outer", tuple(found)))
        else:
            scalars += found
        return scalars[0] if len(scalars) == 1 else self.multiply([(one, self.one) for one in scalars])

    def _reduced(self, piece: Word) -> Word:
        """A word without identities and without factors that are inverse to their neighbours."""
        left: Word = []
        for one in piece:
            factor: TermId | None = one
            while left and factor is not None:
                last = left[-1]
                if self._is_identity(factor):
                    factor = None
                elif self._is_identity(last):
                    left.pop()
                elif self._cancel(last, factor):
                    left.pop()
                    length = self.shape(factor)[0]
                    factor = self.call("eye", (), (length, length))
                elif len(self.shape(last)) == 2 and self._is_ones_vector(factor):
                    left.pop()
                    factor = self._row_sums(last)
                elif len(self.shape(factor)) == 2 and self._is_ones_vector(last):
                    left.pop()
                    factor = self._row_sums(self.turned(factor))
                else:
                    break
            if factor is not None:
                left.append(factor)
        return left

    def _row_sums(self, matrix: TermId) -> TermId:
        op, args, weights = self.terms[matrix]
        if op == "transpose" and weights[0] == TURNED:
            return self.call("sum", args, ((0,), False))
        return self.call("sum", (matrix,), _ROWS)

    def _number(self, piece: Word) -> TermId:
        """A word that begins with a row and ends with a column: of both directions the one with fewer transposes."""
        if len(piece) == 2:
            for one, other in (piece, piece[::-1]):
                if self.is_ones(one):
                    return self.total(other, ((0,), False))
        return self.call("matmul", tuple(self._first([piece, self.row(piece)])))

    def _first(self, words: Sequence[Word]) -> Word:
        """Of words that mean the same the one with the fewest transposes, or what comes first."""
        ranked = [(self._turns(word), [self._places[one] for one in word], word) for word in words]
        return min(ranked)[2]

    def _turns(self, terms: Sequence[TermId]) -> int:
        return sum(self.terms[one].op == "transpose" for one in terms)

    def _is_identity(self, term: TermId) -> bool:
        op, _, weights = self.terms[term]
        return op == "eye" and weights[0][0] == weights[0][1]

    def _is_ones_vector(self, term: TermId) -> bool:
        return len(self.shape(term)) == 1 and self.is_ones(term)

    def _cancel(self, left: TermId, right: TermId) -> bool:
        """Whether two factors are inverse to each other."""
        first, second = self.terms[left], self.terms[right]
        if first.op == second.op == "transpose":
            left, right = second.args[0], first.args[0]
            first, second = self.terms[left], self.terms[right]
        return (first.op == "inv" and first.args[0] == right) or (second.op == "inv" and second.args[0] == left)

    # ------------------------------------------------------------ transposes

    def transposed(self, rest: TermId, label: Any) -> TermId:
        """An array with its axes exchanged; of a product of matrices the word backwards."""
        if len(label) == 2:
            word = self.word(rest)
            return self.turned(rest) if len(word) == 1 else self.of_word(self.row(word))
        op, args, weights = self.terms[rest]
        if op == "transpose":
            label = tuple(weights[0][axis] for axis in label)
            rest = args[0]
        return rest if label == tuple(range(len(label))) else self.call("transpose", (rest,), label)

    def turned(self, term: TermId) -> TermId:
        """A factor of a word transposed; sums and products on the inside, where that takes no more transposes."""
        if self.terms[term].op not in (SUM, PRODUCT):
            return self._turned_call(term)
        shape, before, after = self.shape(term), 0, 0
        summands: list[tuple[Fraction, TermId]] = []
        for monomial, weight in self.summands(term):
            factors: list[tuple[TermId, TermId]] = []
            for base, exponent in self.factors(monomial):
                turned = base
                if self.shape(base) or self.shape(exponent):
                    if self.shape(base) != shape or self.shape(exponent):
                        return self.call("transpose", (term,), TURNED)
                    if self.terms[base].op == "matmul":
                        word, other = self._factors(base), [self._turned_call(one) for one in self._factors(base)[::-1]]
                        turned = other[0] if len(other) == 1 else self.call("matmul", tuple(other))
                    else:
                        turned = self._turned_call(base)
                        word, other = [base], [turned]
                    before, after = before + self._turns(word), after + self._turns(other)
                factors.append((turned, exponent))
            summands.append((weight, self.multiply(factors)))
        return self.add(summands) if after <= before else self.call("transpose", (term,), TURNED)

    def _turned_call(self, term: TermId) -> TermId:
        """A matrix transposed that is no sum."""
        op, args, weights = self.terms[term]
        if op == "transpose" and weights[0] == TURNED:
            return args[0]
        if op == "eye":
            return self.call(op, (), weights[0][::-1])
        if op == "broadcast" and not self.shape(args[0]):
            return self.call(op, args, weights[0][::-1])
        if op == "outer":
            return self.call(op, args[::-1])
        return term if op == "diagonal_matrix" or term in self._symmetric else self.call("transpose", (term,), TURNED)

    # ------------------------------------------------------------ traces, diagonals, inverses

    def traced(self, rest: TermId, label: Any) -> TermId:
        """The sum of a matrix's diagonal: factors may go round."""
        op, args, _ = self.terms[rest]
        if op == "outer":
            return self.of_word([*self.row(self._factors(args[1])), *self._factors(args[0])])
        if op == "eye" or self.is_ones(rest):
            return self.number(Fraction(self.shape(rest)[0]))
        if op == "diagonal_matrix":
            return self.total(args[0], ((0,), False))
        if op == "transpose":
            return self.call("trace", args)
        word = self._factors(rest)
        while len(word) > 1 and self._cancel(word[-1], word[0]):
            word = word[1:-1]
        if not word:
            return self.number(Fraction(self.shape(rest)[0]))
        turns = [one[k:] + one[:k] for one in (word, self.row(word)) for k in range(len(word))]
        word = self._first(turns)
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
            rest = side if self._is_identity(matrix) else self.call(op, (matrix, side))
        if op == "inv" or (side is not None and self._is_identity(side)):
            inner, under, _ = self.terms[matrix]
            turned = inner == "transpose"
            if inner == "inv":
                rest = under[0]
            elif not self._is_identity(matrix):
                rest = self.call("inv", under if turned else (matrix,))
                if self.transposed(matrix, TURNED) == matrix:
                    self._symmetric.add(rest)
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
