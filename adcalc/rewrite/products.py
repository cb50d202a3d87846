"""Products of matrices and vectors in one form, whatever the brackets and transposes that they were written with.

A product is a word of factors: matrices, a vector at the end, for a number one at either end. An outer product is a
column before a row. So x.T@A@y is [x, A, y], the rule (A@B).T = B.T@A.T is a word read backwards, and x.T@A stands as
the column that it is, A.T@x. In a word, factors that are inverse to each other vanish, and so does the identity.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from adcalc.graph.node import Shape
from adcalc.rewrite.algebra import MEDIUM, SMALL
from adcalc.rewrite.arrays import Arrays
from adcalc.rewrite.terms import PRODUCT, SUM, TermId

if TYPE_CHECKING:
    from fractions import Fraction

TURNED: Final = (1, 0)  # the label of a matrix transposed
LONGEST: Final = 32  # factors of a word that are looked at
BREAK: Final = -1  # in a word: between a column and a row
_ROWS: Final = ((1,), False)  # the label of a sum over columns: what A@ones is

Word: TypeAlias = list[TermId]


class Products(Arrays):
    """Terms that may be products of matrices.

    >>> algebra = Products({"A": (2, 3), "x": (2,)})
    >>> A, x = algebra.leaf("input", "A"), algebra.leaf("input", "x")
    >>> turned = algebra.transposed(A, TURNED)
    >>> algebra.joined("matmul", (x, A)) == algebra.joined("matmul", (turned, x))
    True
    """

    def __init__(self, inputs: Mapping[str, Shape], small: int = SMALL, medium: int = MEDIUM) -> None:
        super().__init__(inputs, small, medium)
        self.symmetric: set[TermId] = set()  # inverses that are their own transposes

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
            return [*self.flat(args[0]), BREAK, *self.row(self.flat(args[1]))]
        return self.flat(term)

    def flat(self, term: TermId) -> Word:
        """The factors of a product of matrices, but of an outer product."""
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
                if self.is_identity(factor):
                    factor = None
                elif self.is_identity(last):
                    left.pop()
                elif self.cancel(last, factor):
                    left.pop()
                    length = self.shape(factor)[0]
                    factor = self.call("eye", (), (length, length))
                elif len(self.shape(last)) == 2 and self._is_ones_vector(factor):
                    left.pop()
                    factor = self._row_sums(last)
                elif len(self.shape(last)) == 2 and (place := self._unit(factor)) is not None:
                    left.pop()
                    factor = self.call("take", (last,), ((0, self.shape(last)[0], 1), place))
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
                place = self._unit(one)
                if place is not None:
                    return self.call("take", (other,), (place,))
        return self.call("matmul", tuple(self.first([piece, self.row(piece)])))

    def first(self, words: Sequence[Word]) -> Word:
        """Of words that mean the same the one with the fewest transposes, or what comes first."""
        ranked = [(self.turns(word), [self._places[one] for one in word], word) for word in words]
        return min(ranked)[2]

    def turns(self, terms: Sequence[TermId]) -> int:
        """How many factors are transposed."""
        return sum(self.terms[one].op == "transpose" for one in terms)

    def is_identity(self, term: TermId) -> bool:
        """Whether a term is the identity matrix."""
        op, _, weights = self.terms[term]
        return op == "eye" and weights[0][0] == weights[0][1]

    def _unit(self, term: TermId) -> int | None:
        """Which row of the identity a vector is."""
        op, args, weights = self.terms[term]
        if op != "take" or len(self.shape(term)) != 1 or not self.is_identity(args[0]):
            return None
        (place,) = weights[0]
        return place if isinstance(place, int) else None

    def _is_ones_vector(self, term: TermId) -> bool:
        return len(self.shape(term)) == 1 and self.is_ones(term)

    def cancel(self, left: TermId, right: TermId) -> bool:
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
                        word, other = self.flat(base), [self._turned_call(one) for one in self.flat(base)[::-1]]
                        turned = other[0] if len(other) == 1 else self.call("matmul", tuple(other))
                    else:
                        turned = self._turned_call(base)
                        word, other = [base], [turned]
                    before, after = before + self.turns(word), after + self.turns(other)
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
        return term if op == "diagonal_matrix" or term in self.symmetric else self.call("transpose", (term,), TURNED)
