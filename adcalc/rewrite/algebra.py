"""Sums, products and powers of terms: like terms and like powers collect, numbers fold, nothing is expanded.

A sum or a product that is already a term of its own is opened inside a larger one only while it is small, or where
something in it meets something outside. So what is shared stays shared, and no list is copied twice.
"""

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from math import gcd, lcm
from typing import Final, TypeAlias

from adcalc.graph.fold import fold
from adcalc.graph.node import CONSTANT, INPUT, Label
from adcalc.rewrite.terms import ONE, POSITIVE, PRODUCT, SUM, TermId, Terms

Powers: TypeAlias = list[tuple[TermId, TermId]]  # bases with their exponents

SMALL: Final = 4  # terms that are opened without asking
MEDIUM: Final = 16  # terms that are opened where it helps
_BITS: Final = 256  # of an exponent's numerator or denominator
_NICE: Final = 12  # the greatest common denominator that is taken out of a sum


class Algebra(Terms):
    """Terms with arithmetic.

    >>> algebra = Algebra()
    >>> x = algebra.leaf("input", "x")
    >>> algebra.multiply([(x, algebra.one), (x, algebra.one)]) == algebra.power(x, algebra.number(Fraction(2)))
    True
    >>> algebra.add([(Fraction(2), x), (Fraction(-2), x)]) == algebra.zero
    True
    """

    def __init__(self, small: int = SMALL, medium: int = MEDIUM) -> None:
        super().__init__()
        self.small = small
        self.medium = medium
        self.half = self.number(Fraction(1, 2))
        self.minus_one = self.number(-ONE)
        self._contents: dict[TermId, tuple[Fraction, TermId]] = {}
        self._bases: set[TermId] = set()  # sums that stand in products: x - 1 and 1 - x are to be one base

    def apply(self, op: str, args: tuple[TermId, ...], label: Label = None) -> TermId:
        """The term of a node whose arguments are terms.

        >>> algebra = Algebra()
        >>> x = algebra.apply("input", (), "x")
        >>> algebra.apply("sub", (x, x)) == algebra.zero
        True
        """
        if op == CONSTANT:
            assert isinstance(label, Fraction)
            return self.number(label)
        if op in ("add", "sub"):
            return self.add([(ONE, args[0]), (ONE if op == "add" else -ONE, args[1])])
        if op == "neg":
            return self.scaled(-ONE, args[0])
        if op == "mul":
            return self.multiply([(args[0], self.one), (args[1], self.one)])
        if op == "div":
            return self.multiply([(args[0], self.one), (args[1], self.minus_one)])
        if op == "pow":
            return self.power(*args)
        if op == "sqrt":
            return self.power(args[0], self.half)
        if op == "exp":
            return self.power(self.base, args[0])
        if op == INPUT:
            return self.leaf(op, str(label))
        return self.call(op, args, label)

    # ------------------------------------------------------------ sums

    def add(self, summands: Iterable[tuple[Fraction, TermId]]) -> TermId:
        """The sum of terms with coefficients."""
        total: dict[TermId, Fraction] = {}
        closed: dict[TermId, Fraction] = {}
        for coefficient, term in summands:
            for monomial, weight in [(term, ONE)] if self.is_sum(term) else self.summands(term):
                share = weight if coefficient is ONE else coefficient if weight is ONE else coefficient * weight
                if not self.is_sum(monomial):
                    total[monomial] = total[monomial] + share if monomial in total else share
                elif abs(share) == 1 and len(self.terms[monomial].args) <= self.small:
                    for inner, value in self.summands(monomial):
                        total[inner] = total.get(inner, 0) + share * value
                else:
                    content, primitive = self.content(monomial)
                    closed[primitive] = closed.get(primitive, 0) + share * content
        met = Counter(total.keys()) if closed else Counter()
        for term in closed:
            met.update(self.terms[term].args[: self.medium + 1])
        for term, coefficient in closed.items():
            args = self.terms[term].args
            if len(args) <= self.medium and any(met[argument] > 1 for argument in args if argument != self.one):
                for inner, value in self.summands(term):
                    total[inner] = total.get(inner, 0) + coefficient * value
            else:
                total[term] = total.get(term, 0) + coefficient
        return self.collected(total)

    def collected(self, total: dict[TermId, Fraction]) -> TermId:
        """The sum of products with coefficients, some of which may be 0."""
        entries = {monomial: value for monomial, value in total.items() if value}
        if len(entries) == 1:
            ((monomial, value),) = entries.items()
            if self.is_sum(monomial) and abs(value) == 1 and len(self.terms[monomial].args) <= self.medium:
                entries = {inner: value * weight for inner, weight in self.summands(monomial)}
        return self.sum(entries)

    def scaled(self, coefficient: Fraction, term: TermId) -> TermId:
        """A multiple of a term."""
        return self.add([(coefficient, term)])

    def content(self, term: TermId) -> tuple[Fraction, TermId]:
        """A sum as a number and the sum that is left when the number is taken out.

        >>> algebra = Algebra()
        >>> x = algebra.leaf("input", "x")
        >>> algebra.content(algebra.add([(Fraction(2), x), (Fraction(4), algebra.one)]))[0]
        Fraction(2, 1)
        """
        found = self._contents.get(term)
        if found is None:
            _, args, weights = self.terms[term]
            number = self._common(term)
            if all(weight < 0 for weight in weights):
                number = -number
            primitive = term
            if number != 1:
                primitive = self.sum({arg: weight / number for arg, weight in zip(args, weights, strict=True)})
            found = self._contents[term] = (number, primitive)
        return found

    def _common(self, term: TermId) -> Fraction:
        """The positive number that is taken out of a sum."""
        weights = self.terms[term].weights
        denominator = lcm(*(weight.denominator for weight in weights))
        return ONE if denominator > _NICE else Fraction(gcd(*(int(one * denominator) for one in weights)), denominator)

    # ------------------------------------------------------------ products and powers

    def power(self, base: TermId, exponent: TermId) -> TermId:
        """A power of a term."""
        return self.multiply([(base, exponent)])

    def multiply(self, factors: Iterable[tuple[TermId, TermId]], coefficient: Fraction = ONE) -> TermId:
        """The product of powers of terms, times a number."""
        waiting = list(factors)
        if len(waiting) == 1 and waiting[0][1] == self.one:
            return self.scaled(coefficient, waiting[0][0]) if coefficient != 1 else waiting[0][0]
        product: dict[TermId, TermId] = {}
        while waiting:
            for term, exponent in waiting:
                number, powers = self.split(term, exponent)
                if number is not ONE:
                    coefficient *= number
                for base, power in powers:
                    before = product.get(base)
                    product[base] = power if before is None else self._plus(before, power)
            waiting = [(base, power) for base, power in product.items() if self._opens(base, power)]
            for base, _ in waiting:
                del product[base]
        return self.assembled(coefficient, product)

    def assembled(self, coefficient: Fraction, product: dict[TermId, TermId]) -> TermId:
        """The term of a number times collected powers, some of which may have the exponent 0."""
        if not coefficient:
            return self.zero
        monomial = self.product({base: power for base, power in product.items() if power != self.zero})
        return self.collected({monomial: coefficient})

    def split(self, term: TermId, exponent: TermId) -> tuple[Fraction, Powers]:
        """A power of a term as a number times powers that cannot be split further."""
        value = self.value(exponent)
        if value == 0 or term == self.one:
            return ONE, []
        op, args, weights = self.terms[term]
        if op == CONSTANT:
            return self._split_number(weights[0], term, exponent)
        if op != SUM and op != PRODUCT:
            return ONE, [(term, exponent)]
        coefficient, product = self.monomial(term)
        if value is None:
            return ONE, [(term, exponent)]
        if value.denominator == 1:
            raised = ONE if coefficient is ONE else fold("pow", coefficient, value)
            if raised is None or (op == PRODUCT and len(args) > self.small and value == 1):
                return ONE, [(term, exponent)]
            if value == 1:
                return raised, product
            powers = [(base, self._times(power, value)) for base, power in product]
            if any(power is None for _, power in powers):
                return ONE, [(term, exponent)]
            return raised, [(base, power) for base, power in powers if power is not None]
        return self._split_root(term, value, exponent)

    def monomial(self, term: TermId) -> tuple[Fraction, Powers]:
        """A term as a number times powers."""
        op, args, weights = self.terms[term]
        if op == CONSTANT:
            return weights[0], []
        if op != SUM:
            return ONE, list(self.factors(term))
        number, product = (weights[0], args[0]) if len(args) == 1 else self.content(term)
        if self.is_sum(product):
            inner, product = self.content(product)
            number, product = self.orient(number * inner, product)
            return number, [(product, self.one)]
        return number, list(self.factors(product))

    def orient(self, number: Fraction, base: TermId) -> tuple[Fraction, TermId]:
        """A sum as a base of products, with the sign with which it was met first."""
        if base not in self._bases:
            _, args, weights = self.terms[base]
            if len(args) <= self.medium:
                opposite = self.sum({arg: -weight for arg, weight in zip(args, weights, strict=True)})
                if opposite in self._bases:
                    return -number, opposite
            self._bases.add(base)
        return number, base

    def _split_number(self, number: Fraction, term: TermId, exponent: TermId) -> tuple[Fraction, Powers]:
        value = self.value(exponent)
        if value is not None:
            folded = fold("pow", number, value)
            if folded is None and number > 0:
                folded = _root(number, value)
            if folded is None and number == 0 and value > 0:
                folded = number
            if folded is not None:
                return folded, []
        return ONE, [(term, exponent)]

    def _split_root(self, term: TermId, value: Fraction, exponent: TermId) -> tuple[Fraction, Powers]:
        """A power whose exponent is a fraction: only what cannot be negative leaves the brackets."""
        coefficient, product = self.monomial(term)
        root = _root(coefficient, value) if coefficient > 0 else None
        outside: Powers = []
        inside: dict[TermId, TermId] = {}
        alone = len(product) == 1 and (root is not None)
        for base, power in product:
            inner = self.value(power)
            raised = self._times(power, value)
            if raised is None:
                inside[base] = power
            elif self.signs[base] == POSITIVE:
                outside.append((base, raised))
            elif alone and inner is not None:
                even = inner.denominator == 1 and inner.numerator % 2 == 0 and self.signs[base] <= 0
                outside.append((self.call("abs", (base,)) if even else base, raised))
            else:
                inside[base] = power
        if root is None and coefficient == 1:
            root = ONE
        if inside and (outside or root not in (None, 1)):
            rest = self.assembled(ONE if root is not None else coefficient, inside)
            return root or ONE, [*outside, (rest, exponent)]
        if inside or root is None:
            return ONE, [(term, exponent)]
        return root, outside

    def _opens(self, base: TermId, exponent: TermId) -> bool:
        """Whether powers that have met gave one that can now be split: sqrt(x*y)*sqrt(x*y)."""
        op, args, _ = self.terms[base]
        if not self.value(exponent) or op not in (CONSTANT, PRODUCT, SUM) or (op == PRODUCT and len(args) > self.small):
            return False
        number, powers = self.split(base, exponent)
        return number != 1 or powers != [(base, exponent)]

    def _plus(self, left: TermId, right: TermId) -> TermId:
        return self.add([(ONE, left), (ONE, right)])

    def _times(self, exponent: TermId, factor: Fraction) -> TermId | None:
        value = self.value(exponent)
        if value is None:
            return self.scaled(factor, exponent)
        result = value * factor
        if max(result.numerator.bit_length(), result.denominator.bit_length()) > _BITS:
            return None
        return self.number(result)


def _root(number: Fraction, exponent: Fraction) -> Fraction | None:
    """A power of a positive number with a fraction as the exponent, where it is rational."""
    if exponent.denominator > 64 or abs(exponent.numerator) > 64 or number.numerator.bit_length() > 1000:
        return None
    roots = [_integer_root(part, exponent.denominator) for part in (number.numerator, number.denominator)]
    if roots[0] is None or roots[1] is None:
        return None
    return Fraction(roots[0], roots[1]) ** exponent.numerator


def _integer_root(number: int, degree: int) -> int | None:
    low, high = 0, 1 << (number.bit_length() // degree + 1)
    while low < high:
        middle = (low + high) // 2
        if middle**degree < number:
            low = middle + 1
        else:
            high = middle
    return low if low**degree == number else None
