"""The identities at work: one rewrite of a call, a product or a sum at a time.

A product is found inside a larger one by one of its factors, a sum inside a larger one by one factor of one summand;
what else belongs to the pattern is then looked up, not searched for.
"""

from collections.abc import Iterator
from fractions import Fraction

from adcalc.graph.node import INPUT, RELATIONS
from adcalc.rewrite import sums
from adcalc.rewrite.algebra import Algebra
from adcalc.rewrite.identities import Identities, Identity
from adcalc.rewrite.match import Bindings, instantiate, match, take
from adcalc.rewrite.terms import NONNEGATIVE, ONE, POSITIVE, PRODUCT, TermId

_EXPANDED = 8  # summands of a sum in which a product is multiplied out


class Rewriter:
    """The identities, applied to one algebra.

    `assumptions` are the conditions that could not be proved, `used` the texts of the identities that were applied.
    """

    def __init__(self, algebra: Algebra, found: Identities) -> None:
        self.algebra = algebra
        self.identities = found
        self.assumptions: dict[TermId, None] = {}
        self.used: dict[str, None] = {}

    def rewritten_call(self, term: TermId) -> TermId | None:
        """What a function's value is by the first identity that applies, or None."""
        op = self.algebra.terms[term].op
        for identity in self.identities.calls.get("exp" if op == PRODUCT else op, ()):
            bindings: Bindings = {}
            found = match(identity.algebra, identity.pattern, self.algebra, term, bindings)
            if found and self._holds(identity, bindings):
                return self._replacement(identity, bindings)
        return None

    def rewritten_product(self, term: TermId) -> TermId | None:
        """A product (with coefficient) after the first identity that applies, or None."""
        algebra = self.algebra
        coefficient, factors = algebra.monomial(term)
        held = dict(factors)
        for base, power in factors:
            value = algebra.value(power)
            if base == algebra.base:
                raised = self.rewritten_call(algebra.product({base: power}))
                if raised is not None:
                    others = [factor for factor in factors if factor[0] != base]
                    return algebra.multiply([*others, (raised, algebra.one)], coefficient)
            for identity in self.identities.products.get(algebra.terms[base].op, ()) if value is not None else ():
                bindings: Bindings = {}
                if match(identity.algebra, identity.anchor, algebra, base, bindings):
                    assert value is not None
                    times = self._times(identity, value, held, bindings)
                    if times and self._holds(identity, bindings):
                        left = dict(factors)
                        take(algebra, left, self._parts(identity, bindings, base), times)
                        power_of = (self._replacement(identity, bindings), algebra.number(Fraction(times)))
                        return algebra.multiply([*left.items(), power_of], coefficient)
        return None

    def _parts(self, identity: Identity, bindings: Bindings, base: TermId) -> list[tuple[TermId, TermId]]:
        """The pattern of a product, as powers in the target."""
        parts = [(base, self.algebra.number(identity.exponent))]
        for cofactor, power in identity.cofactors:
            inner = instantiate(identity.algebra, cofactor, self.algebra, bindings)
            number, powers = self.algebra.split(inner, self.algebra.number(identity.algebra.value(power) or ONE))
            if number != 1:
                return []
            parts += powers
        return parts

    def _times(self, identity: Identity, value: Fraction, factors: dict[TermId, TermId], bindings: Bindings) -> int:
        """The whole power of the pattern that a product contains."""
        times = value / identity.exponent
        parts = self._parts(identity, bindings, self.algebra.zero)
        if not parts or any(letter not in bindings for letter in _inputs(identity)):
            return 0
        for base, power in parts[1:]:
            have, want = self.algebra.value(factors.get(base, self.algebra.zero)), self.algebra.value(power)
            if have is None or not want or not have or (have / want > 0) != (times > 0):
                return 0
            times = min(times, have / want, key=abs)
        return int(times)

    def rewritten_sum(self, term: TermId) -> TermId | None:
        """A sum after the first identity that applies, or None."""
        algebra = self.algebra
        entries = dict(algebra.summands(term))
        for monomial in entries:
            for base, power in algebra.factors(monomial):
                value = algebra.value(power)
                for identity in self.identities.sums.get(algebra.terms[base].op, ()):
                    bindings: Bindings = {}
                    if value is None or value < identity.exponent:
                        continue
                    if match(identity.algebra, identity.anchor, algebra, base, bindings):
                        found = self._within(identity, bindings, entries, monomial, base)
                        if found is not None:
                            return found
        return None

    def rewritten_expanded(self, term: TermId) -> TermId | None:
        """A sum after the first identity that applies once a product in it is multiplied out, if that is shorter."""
        algebra = self.algebra
        entries = dict(algebra.summands(term))
        if len(entries) > _EXPANDED:
            return None
        wanted = self.identities.sums
        known = [base for monomial in entries for base, _ in algebra.factors(monomial)]
        if not any(algebra.terms[base].op in wanted for base in known):
            return None
        for monomial, weight in entries.items():
            for base, exponent in algebra.factors(monomial):
                if exponent == algebra.one and algebra.is_sum(base) and len(algebra.terms[base].args) <= _EXPANDED:
                    others = [(share, one) for one, share in entries.items() if one != monomial]
                    whole = algebra.add([*others, *sums.expanded(algebra, monomial, base, weight)])
                    found = self.rewritten_sum(whole) if algebra.is_sum(whole) else None
                    if found is not None and sums.length(algebra, found) < sums.length(algebra, term):
                        return found
        return None

    def _within(
        self, identity: Identity, bindings: Bindings, entries: dict[TermId, Fraction], monomial: TermId, base: TermId
    ) -> TermId | None:
        """A sum whose summand `monomial` has the anchor `base`, rewritten if its partners stand there."""
        algebra, weight = self.algebra, entries[monomial]
        rest = dict(algebra.factors(monomial))
        take(algebra, rest, [(base, algebra.number(identity.exponent))])
        partners = {monomial: weight}
        for other, ratio in identity.others:
            beside = instantiate(identity.algebra, other, algebra, bindings)
            partners[algebra.multiply([*rest.items(), (beside, algebra.one)])] = weight * ratio
        if len(partners) < 2 or any(entries.get(partner) != share for partner, share in partners.items()):
            return None
        made = algebra.multiply([*rest.items(), (self._replacement(identity, bindings), algebra.one)], weight)
        left = [(share, inner) for inner, share in entries.items() if inner not in partners]
        return algebra.add([*left, (ONE, made)])

    def _replacement(self, identity: Identity, bindings: Bindings) -> TermId:
        self.used[identity.text] = None
        return instantiate(identity.algebra, identity.replacement, self.algebra, bindings)

    def _holds(self, identity: Identity, bindings: Bindings) -> bool:
        if identity.condition is None:
            return True
        condition = instantiate(identity.algebra, identity.condition, self.algebra, bindings)
        if proved(self.algebra, condition):
            return True
        op, (left, right), _ = self.algebra.terms[condition]
        if op != "ne" or self.algebra.value(self.algebra.add([(ONE, left), (-ONE, right)])) == 0:
            return False
        self.assumptions[condition] = None
        return True


def _inputs(identity: Identity) -> Iterator[TermId]:
    """The letters of a pattern of products."""
    algebra = identity.algebra
    for term, (op, _, _) in enumerate(algebra.terms[: identity.pattern + 1]):
        if op == INPUT:
            yield term


def proved(algebra: Algebra, condition: TermId) -> bool:
    """Whether the signs of terms are enough to know that a relation holds.

    >>> algebra = Algebra()
    >>> square = algebra.power(algebra.leaf("input", "x"), algebra.number(Fraction(2)))
    >>> proved(algebra, algebra.call("ge", (square, algebra.zero)))
    True
    """
    op, args, _ = algebra.terms[condition]
    if op not in RELATIONS:
        return False
    sign = algebra.signs[algebra.add([(ONE, args[0]), (-ONE, args[1])])]
    return {
        "gt": sign == POSITIVE,
        "ge": sign >= NONNEGATIVE,
        "lt": sign == -POSITIVE,
        "le": sign <= -NONNEGATIVE,
        "ne": abs(sign) == POSITIVE,
    }.get(op, False)
