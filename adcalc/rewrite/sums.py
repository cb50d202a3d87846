"""Rewrites of sums that no pattern can say: common factors, common denominators, choices with one condition.

Products are multiplied out only where the parts cancel or collect, and only where the result is shorter.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from adcalc.graph.node import INPUT
from adcalc.rewrite.algebra import Algebra
from adcalc.rewrite.terms import TermId

_EXPANDED: Final = 8  # summands of a factor that may be multiplied out where that cancels
_CONSIDERED: Final = 64  # summands of a sum that is searched for such factors
_COMBINED: Final = 6  # summands of a sum that may get a common denominator
_DEPTH: Final = 2  # sums inside sums whose length is looked at
_ONE: Final = Fraction(1)

Summands = list[tuple[Fraction, TermId]]


def shorter(algebra: Algebra, term: TermId) -> tuple[TermId, str] | None:
    """A sum after the first of this module's rewrites that applies, and what that is called, or None.

    >>> algebra = Algebra()
    >>> x, e = algebra.leaf("input", "x"), algebra.power(algebra.base, algebra.leaf("input", "x"))
    >>> product = algebra.multiply([(x, algebra.one), (e, algebra.one)])
    >>> found, kind = shorter(algebra, algebra.add([(_ONE, product), (_ONE, e)]))
    >>> [algebra.is_sum(base) for base, _ in algebra.factors(found)], kind
    ([False, True], 'factor out')
    """
    for kind, rewrite in _REWRITES:
        found = rewrite(algebra, term)
        if found is not None:
            return found, kind
    return None


def multiplied_out(algebra: Algebra, term: TermId) -> TermId | None:
    """A sum in which one product is expanded, where that gives a product that stands there already."""
    entries = dict(algebra.summands(term))
    if len(entries) > _CONSIDERED:
        return None
    for monomial, weight in entries.items():
        for base, exponent in algebra.factors(monomial):
            if exponent != algebra.one or not algebra.is_sum(base) or len(algebra.terms[base].args) > _EXPANDED:
                continue
            parts = expanded(algebra, monomial, base, weight)
            if any(part in entries for _, part in parts):
                return algebra.add([*_without(entries, monomial), *parts])
    return None


def factored(algebra: Algebra, term: TermId) -> TermId | None:
    """A sum with what all its summands share in front, as soon as that is more than powers of variables."""
    entries = list(algebra.summands(term))
    common = dict(algebra.factors(entries[0][0]))
    equal = set(common)  # the bases whose exponents are the same everywhere
    for monomial, _ in entries[1:]:
        if not common:
            return None
        factors = dict(algebra.factors(monomial))
        for base, exponent in list(common.items()):
            other = factors.get(base)
            if other == exponent:
                continue
            equal.discard(base)
            powers = [algebra.value(power) for power in (exponent, other or algebra.zero)]
            if powers[0] is None or powers[1] is None or min(powers[0], powers[1]) <= 0:
                del common[base]
            elif powers[1] < powers[0] and other is not None:
                common[base] = other
    compound = [base for base, exponent in common.items() if not _is_plain(algebra, base, exponent)]
    if not compound:
        return None
    inverse = [(base, algebra.scaled(-_ONE, exponent)) for base, exponent in common.items()]
    left = [(weight, algebra.multiply([*algebra.factors(monomial), *inverse])) for monomial, weight in entries]
    found = algebra.multiply([*common.items(), (algebra.add(left), algebra.one)])
    return found if equal.intersection(compound) or length(algebra, found) < length(algebra, term) else None


def _is_plain(algebra: Algebra, base: TermId, exponent: TermId) -> bool:
    """Whether a power is one of those that polynomials are made of."""
    value = algebra.value(exponent)
    return algebra.terms[base].op == INPUT and value is not None and value.denominator == 1 and value > 0


def combined(algebra: Algebra, term: TermId) -> TermId | None:
    """A sum over the least power of a sum that its summands have, multiplied out, where that is shorter.

    `1/(x + 1) - x/(x + 1)^2` is `1/(x + 1)^2`.
    """
    entries = list(algebra.summands(term))
    if len(entries) > _COMBINED:
        return None
    bases = [base for monomial, _ in entries for base, _ in algebra.factors(monomial) if algebra.is_sum(base)]
    for base in dict.fromkeys(bases):
        if len(algebra.terms[base].args) > _EXPANDED:
            continue
        powers = [algebra.value(dict(algebra.factors(monomial)).get(base, algebra.zero)) for monomial, _ in entries]
        known = [power for power in powers if power is not None]
        if len(known) < len(powers) or min(known) == max(known):
            continue
        least = min(known)
        if not least:
            continue
        if any((power - least).denominator != 1 or power - least > 2 for power in known):
            continue
        lowered = (base, algebra.number(-least))
        left: Summands = []
        for monomial, weight in entries:
            parts: Summands = [(weight, algebra.multiply([*algebra.factors(monomial), lowered]))]
            for _ in range(2):
                parts = _all_expanded(algebra, parts)
            left += parts
        inner = algebra.add(left)
        candidate = algebra.multiply([(base, algebra.number(least)), (inner, algebra.one)])
        if length(algebra, candidate) < length(algebra, term):
            return candidate
    return None


def joined_choices(algebra: Algebra, term: TermId) -> TermId | None:
    """A sum of choices with one condition as a choice between sums."""
    found: dict[TermId, list[tuple[TermId, Fraction, TermId]]] = {}
    for monomial, weight in algebra.summands(term):
        choices = _choices(algebra, monomial)
        if len(choices) == 1:
            found.setdefault(algebra.terms[choices[0]].args[0], []).append((monomial, weight, choices[0]))
    for condition, group in found.items():
        if len(group) < 2:
            continue
        sides: list[TermId] = []
        for side in (1, 2):
            parts: Summands = []
            for monomial, weight, choice in group:
                rest = [factor for factor in algebra.factors(monomial) if factor[0] != choice]
                parts.append((weight, algebra.multiply([*rest, (algebra.terms[choice].args[side], algebra.one)])))
            sides.append(algebra.add(parts))
        whole = algebra.call("if", (condition, sides[0], sides[1]))
        used = {monomial for monomial, _, _ in group}
        kept = [(weight, monomial) for monomial, weight in algebra.summands(term) if monomial not in used]
        return algebra.add([*kept, (_ONE, whole)])
    return None


def shorter_product(algebra: Algebra, term: TermId) -> TermId | None:
    """A product after the first of this module's rewrites of products that applies, or None.

    >>> algebra = Algebra()
    >>> x = algebra.leaf("input", "x")
    >>> inverse = algebra.power(x, algebra.minus_one)
    >>> total = algebra.add([(_ONE, algebra.one), (_ONE, inverse)])
    >>> product = algebra.multiply([(x, algebra.one), (total, algebra.one)])
    >>> shorter_product(algebra, product) == algebra.add([(_ONE, x), (_ONE, algebra.one)])
    True
    """
    found = _chosen_product(algebra, term)
    return _cancelled(algebra, term) if found is None else found


def _cancelled(algebra: Algebra, term: TermId) -> TermId | None:
    """A product with a factor multiplied into a sum that is divided by it, where that is shorter: x*(1 + 1/x)."""
    coefficient, factors = algebra.monomial(term)
    if len(factors) < 2:
        return None
    for base, exponent in factors:
        if exponent != algebra.one or not algebra.is_sum(base) or len(algebra.terms[base].args) > _EXPANDED:
            continue
        below = {
            one
            for monomial, _ in algebra.summands(base)
            for one, power in algebra.factors(monomial)
            if (algebra.value(power) or 0) < 0
        }
        for other, power in factors:
            if other in below and (algebra.value(power) or 0) > 0:
                rest = [pair for pair in factors if pair[0] not in (base, other)]
                inner = [
                    (share, algebra.multiply([*algebra.factors(monomial), (other, power)]))
                    for monomial, share in algebra.summands(base)
                ]
                found = algebra.multiply([*rest, (algebra.add(inner), algebra.one)], coefficient)
                if length(algebra, found) < length(algebra, term):
                    return found
    return None


def _chosen_product(algebra: Algebra, term: TermId) -> TermId | None:
    """A product with a choice that has a number on one side, as a choice between products."""
    coefficient, factors = algebra.monomial(term)
    if len(factors) == 1 and coefficient == 1:
        return None
    for base, exponent in factors:
        if exponent == algebra.one and algebra.terms[base].op == "if":
            condition, *sides = algebra.terms[base].args
            if all(algebra.value(side) is None for side in sides):
                continue
            rest = [factor for factor in factors if factor[0] != base]
            taken, other = (algebra.multiply([*rest, (side, algebra.one)], coefficient) for side in sides)
            return algebra.call("if", (condition, taken, other))
    return None


_REWRITES: Final = (
    ("multiply out", multiplied_out),
    ("join the choices", joined_choices),
    ("factor out", factored),
    ("common denominator", combined),
)


def length(algebra: Algebra, term: TermId) -> int:
    """How many operations a sum or product has to the reader, functions and their arguments counted as one.

    >>> algebra = Algebra()
    >>> length(algebra, algebra.scaled(Fraction(2), algebra.leaf("input", "x")))
    1
    """
    total = 0
    waiting = [(term, 0)]
    while waiting:
        term, depth = waiting.pop()
        summands = list(algebra.summands(term))
        total += len(summands) - 1
        for monomial, weight in summands:
            factors = list(algebra.factors(monomial))
            total += len(factors) - 1 + (abs(weight) != 1) if factors else 0
            for base, exponent in factors:
                total += algebra.value(exponent) not in (1, -1)
                if algebra.is_sum(base) and depth < _DEPTH:
                    waiting.append((base, depth + 1))
                elif algebra.terms[base].args:
                    total += 1
    return total


def _choices(algebra: Algebra, monomial: TermId) -> list[TermId]:
    return [
        base
        for base, exponent in algebra.factors(monomial)
        if algebra.terms[base].op == "if" and exponent == algebra.one
    ]


def expanded(algebra: Algebra, monomial: TermId, base: TermId, weight: Fraction) -> Summands:
    """A product with one of its factors, a sum, multiplied out.

    >>> algebra = Algebra()
    >>> x = algebra.leaf("input", "x")
    >>> len(expanded(algebra, x, algebra.add([(_ONE, x), (_ONE, algebra.one)]), _ONE))
    2
    """
    rest = [factor for factor in algebra.factors(monomial) if factor[0] != base]
    return [
        (share * weight, algebra.multiply([*rest, (inner, algebra.one)])) for inner, share in algebra.summands(base)
    ]


def _all_expanded(algebra: Algebra, summands: Summands) -> Summands:
    """Products with the first small sum in each multiplied out."""
    result: Summands = []
    for weight, term in summands:
        for monomial, share in algebra.summands(term):
            bases = [
                base
                for base, exponent in algebra.factors(monomial)
                if exponent == algebra.one and algebra.is_sum(base) and len(algebra.terms[base].args) <= _EXPANDED
            ]
            whole = weight * share
            result += expanded(algebra, monomial, bases[0], whole) if bases else [(whole, monomial)]
    return result


def _without(entries: dict[TermId, Fraction], monomial: TermId) -> Iterable[tuple[Fraction, TermId]]:
    return [(weight, inner) for inner, weight in entries.items() if inner != monomial]
