"""Sums of products of matrices with what they share in front or behind: X.T@X@w - X.T@t is X.T@(X@w - t)."""

from fractions import Fraction
from typing import Final, NamedTuple

from adcalc.rewrite.algebra import Powers
from adcalc.rewrite.matrices import Matrices
from adcalc.rewrite.products import BREAK, Word
from adcalc.rewrite.terms import ONE, TermId

_CONSIDERED: Final = 64  # summands of a sum that is searched


class _Summand(NamedTuple):
    """A product of matrices in a sum, with its number and its scalars."""

    monomial: TermId
    weight: Fraction
    scalars: Powers
    word: Word


def gathered(algebra: Matrices, term: TermId) -> TermId | None:
    """A sum in which products with a common first or last factor are one product, or None.

    >>> algebra = Matrices({"A": (3, 3), "x": (3,), "y": (3,)})
    >>> A, x, y = (algebra.leaf("input", name) for name in "Axy")
    >>> products = [algebra.made("matmul", (A, one)) for one in (x, y)]
    >>> algebra.terms[gathered(algebra, algebra.add([(ONE, one) for one in products]))].op
    'matmul'
    """
    groups: dict[tuple[object, ...], list[_Summand]] = {}
    if len(algebra.terms[term].args) > _CONSIDERED:
        return None
    for monomial, weight in algebra.summands(term):
        _, scalars, rest = algebra.parted(monomial)
        if rest is None or len(word := algebra.word(rest)) < 2:
            continue
        summand = _Summand(monomial, weight, scalars, word)
        shape = algebra.shape(rest)
        groups.setdefault((shape, True, word[0], word[1] == BREAK), []).append(summand)
        groups.setdefault((shape, False, word[-1], word[-2] == BREAK), []).append(summand)
    found = max(groups.items(), key=lambda one: len(one[1]), default=None)
    if found is None or len(found[1]) < 2:
        return None
    (_, in_front, *_), group = found
    words = [one.word if in_front else one.word[::-1] for one in group]
    count = _common(words)
    inner = algebra.add(
        [(one.weight, _rest(algebra, one, count, bool(in_front), words[0][count - 1] == BREAK)) for one in group]
    )
    used = {one.monomial for one in group}
    kept = [(weight, monomial) for monomial, weight in algebra.summands(term) if monomial not in used]
    whole = _joined(algebra, group[0].word, count, bool(in_front), inner)
    return algebra.add([*kept, (ONE, whole)])


def _common(words: list[Word]) -> int:
    """How many factors the words begin with alike; a break belongs to what is before it."""
    count = 1
    shortest = min(map(len, words))
    while count < shortest - 1 and len({word[count] for word in words}) == 1:
        count += 1
    if words[0][count - 1] == BREAK or words[0][count] != BREAK:
        return count
    return count + 1


def _rest(algebra: Matrices, one: _Summand, count: int, in_front: bool, broken: bool) -> TermId:
    """A summand without the factors that it shares."""
    left = one.word[count:] if in_front else one.word[:-count]
    is_row = broken and in_front and len(left) == 1  # it stands as the column that it is
    made = left[0] if is_row else algebra.of_word(left)
    return algebra.multiply([*one.scalars, (made, algebra.one)])


def _joined(algebra: Matrices, word: Word, count: int, in_front: bool, inner: TermId) -> TermId:
    """The factors that are shared, and a sum, as one product."""
    shared = word[:count] if in_front else word[-count:]
    sample = word[count:] if in_front else word[:-count]
    number, scalars, rest = algebra.parted(algebra.wide(inner, algebra.shape(algebra.of_word(sample))))
    if rest is None or algebra.is_zero(rest):
        return algebra.zero
    middle = algebra.word(rest)
    middle = algebra.row(middle) if in_front and shared[-1] == BREAK else middle
    new = [*shared, *middle] if in_front else [*middle, *shared]
    return algebra.multiply([*scalars, (algebra.of_word(new), algebra.one)], number)
