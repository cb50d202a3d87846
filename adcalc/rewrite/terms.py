"""The canonical form: numbers, calls, products of powers and sums of products, each interned once.

A product is a list of distinct bases, each with an exponent (itself a term) and without a coefficient; a sum is a list
of distinct products, each with a rational coefficient; `2*x` is a sum of one. Both are kept in the order in which a
person would write them, which depends on what stands there alone and never on when it was made.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, Final, NamedTuple, TypeAlias
from zlib import crc32

from adcalc.graph.node import CONSTANT, INPUT

TermId: TypeAlias = int

SUM: Final = "+"
PRODUCT: Final = "*"
BASE: Final = "e"  # the base of exp: exp(u) is the power BASE^u

ONE: Final = Fraction(1)  # compared by identity where that saves arithmetic

# What is known of a term's sign.
POSITIVE, NONNEGATIVE, UNKNOWN, NONPOSITIVE, NEGATIVE = 2, 1, 0, -1, -2

_POSITIVE_CALLS: Final = frozenset(("cosh", "sech", "logistic", "softplus", "exp2", "pi", "inf", BASE))
_NONNEGATIVE_CALLS: Final = frozenset(("abs", "hypot", "acos", "acosh", "step", "erfc"))
_AFTER: Final = {"cos": "sin~", "cosh": "sinh~"}  # in the order of the alphabet, but for these
_PREFIX: Final = 32  # characters of a term's text that decide its place


class Term(NamedTuple):
    """One canonical expression; `weights` are a constant's value, an input's name, exponents or coefficients.

    >>> Term("input", (), ("x",)).op
    'input'
    """

    op: str
    args: tuple[TermId, ...]
    weights: tuple[Any, ...]


class Terms:
    """The terms so far; arguments come before their users.

    >>> terms = Terms()
    >>> x = terms.leaf("input", "x")
    >>> terms.sum({x: Fraction(1), terms.one: Fraction(2)}) == terms.sum({terms.one: Fraction(2), x: Fraction(1)})
    True
    """

    def __init__(self) -> None:
        self.terms: list[Term] = []
        self.signs: list[int] = []
        self._ids: dict[Term, TermId] = {}
        self._places: list[tuple[int, int, str, int]] = []  # rank, height, text, digest
        self._orders: dict[TermId, tuple[Any, ...]] = {}
        self.one = self.number(Fraction(1))
        self.zero = self.number(Fraction(0))
        self.base = self.leaf(BASE)

    def number(self, value: Fraction) -> TermId:
        """The term of an exact number."""
        return self._intern(Term(CONSTANT, (), (value,)))

    def leaf(self, op: str, *label: str) -> TermId:
        """The term of an input or of a constant such as pi."""
        return self._intern(Term(op, (), label))

    def call(self, op: str, args: tuple[TermId, ...], label: Any = None) -> TermId:
        """The term of an operation that is neither a sum nor a product nor a power."""
        return self._intern(Term(op, args, () if label is None else (label,)))

    def made(self, op: str, args: tuple[TermId, ...], label: Any = None) -> TermId:
        """The term of a function that an identity makes; an algebra may know more of it."""
        return self.call(op, args, label)

    def product(self, factors: Mapping[TermId, TermId]) -> TermId:
        """The product of powers: base → exponent; none of the exponents may be 0."""
        if len(factors) < 2:
            for base, exponent in factors.items():
                return base if exponent == self.one else self._intern(Term(PRODUCT, (base,), (exponent,)))
            return self.one
        bases = sorted(factors, key=self._places.__getitem__)
        return self._intern(Term(PRODUCT, tuple(bases), tuple(factors[base] for base in bases)))

    def sum(self, entries: Mapping[TermId, Fraction]) -> TermId:
        """The sum of products with coefficients: product → coefficient; none of the coefficients may be 0."""
        if len(entries) < 2:
            for monomial, coefficient in entries.items():
                if monomial == self.one:
                    return self.number(coefficient)
                return monomial if coefficient == 1 else self._intern(Term(SUM, (monomial,), (coefficient,)))
            return self.zero
        monomials = sorted(entries, key=self.order)
        return self._intern(Term(SUM, tuple(monomials), tuple(entries[monomial] for monomial in monomials)))

    def value(self, term: TermId) -> Fraction | None:
        """The number that a term is, or None."""
        op, _, weights = self.terms[term]
        return weights[0] if op == CONSTANT else None

    def summands(self, term: TermId) -> Iterable[tuple[TermId, Fraction]]:
        """A term as a sum: products with their coefficients."""
        op, args, weights = self.terms[term]
        if op == SUM:
            return zip(args, weights, strict=True)
        return [(self.one, weights[0])] if op == CONSTANT else [(term, ONE)]

    def factors(self, term: TermId) -> Iterable[tuple[TermId, TermId]]:
        """A product without coefficient, as bases with their exponents."""
        op, args, weights = self.terms[term]
        return zip(args, weights, strict=True) if op == PRODUCT else [] if term == self.one else [(term, self.one)]

    def is_sum(self, term: TermId) -> bool:
        """Whether a term is a sum of at least two products."""
        op, args, _ = self.terms[term]
        return op == SUM and len(args) > 1

    def rank(self, term: TermId) -> int:
        """Where a base stands in a product: numbers, constants, variables, powers, functions, sums."""
        return self._places[term][0]

    def order(self, monomial: TermId) -> tuple[Any, ...]:
        """Where a product stands in a sum: by degree in the variables, then by complexity; numbers last."""
        found = self._orders.get(monomial)
        if found is None:
            found = self._orders[monomial] = self._order(monomial)
        return found

    def _order(self, monomial: TermId) -> tuple[Any, ...]:
        degree = Fraction(0)
        powers: list[tuple[str, Fraction]] = []
        for base, exponent in self.factors(monomial):
            value = self.value(exponent)
            op, _, weights = self.terms[base]
            if op == INPUT and value is not None:
                degree += value
                if len(powers) < 8:
                    powers.append((weights[0], -value))
        return monomial == self.one, -degree, tuple(sorted(powers)), self._places[monomial]

    def _intern(self, term: Term) -> TermId:
        found = self._ids.get(term)
        if found is None:
            found = self._ids[term] = len(self.terms)
            self.terms.append(term)
            self._places.append(self._place(term))
            self.signs.append(self._sign(term))
        return found

    def _place(self, term: Term) -> tuple[int, int, str, int]:
        op, args, weights = term
        places = self._places
        height = 1 + max(map(self._height, args)) if args else 0
        if op == PRODUCT:
            height = max(height, 1 + max(map(self._height, weights)))
        digest = hash((crc32(op.encode()), *(places[argument][3] for argument in args)))
        texts = (places[argument][2] for argument in args[:3])
        if op == CONSTANT:
            return 0, 0, str(float(weights[0])) if abs(weights[0]) < 1 << 64 else "", hash(weights[0])
        if op == INPUT:
            return 2, 0, weights[0], crc32(weights[0].encode())
        if op == PRODUCT:
            exponents = [places[weight] for weight in weights]
            digest = hash((digest, *(exponent[3] for exponent in exponents)))
            text = "*".join(f"{text}^{place[2]}" for text, place in zip(texts, exponents, strict=False))
            return (2 if len(args) == 1 and places[args[0]][0] == 2 else 3), height, text[:_PREFIX], digest
        if op == SUM:
            return 5, height, "+".join(texts)[:_PREFIX], hash((digest, *weights))
        return 1 if not args else 4, height, f"{_AFTER.get(op, op)}({','.join(texts)}"[:_PREFIX], digest

    def _height(self, term: TermId) -> int:
        return self._places[term][1]

    def _sign(self, term: Term) -> int:
        op, args, weights = term
        signs = self.signs
        if op == CONSTANT:
            return POSITIVE if weights[0] > 0 else NEGATIVE if weights[0] < 0 else NONNEGATIVE
        if op == SUM:
            pairs = zip(args, weights, strict=True)
            found = {signs[argument] if weight > 0 else -signs[argument] for argument, weight in pairs}
            if found <= {POSITIVE, NONNEGATIVE}:
                return max(found)
            return min(found) if found <= {NEGATIVE, NONPOSITIVE} else UNKNOWN
        if op == PRODUCT:
            sign = POSITIVE
            for base, exponent in zip(args, weights, strict=True):
                sign = _times(sign, self._power_sign(base, exponent))
            return sign
        if op in _POSITIVE_CALLS:
            return POSITIVE
        return NONNEGATIVE if op in _NONNEGATIVE_CALLS else UNKNOWN

    def _power_sign(self, base: TermId, exponent: TermId) -> int:
        sign, value = self.signs[base], self.value(exponent)
        if sign == POSITIVE or value == 1 or value is None:
            return sign if value == 1 or sign > 0 else UNKNOWN
        if value.denominator == 1 and value.numerator % 2:
            return sign
        return POSITIVE if abs(sign) == 2 or value < 0 else NONNEGATIVE


def _times(left: int, right: int) -> int:
    product = left * right
    size = 2 if abs(product) == 4 else 1 if product else 0
    return size if product > 0 else -size
