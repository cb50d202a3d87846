"""Patterns found in terms, and terms made from patterns.

The letters of a pattern are inputs of its own algebra. A letter that stands alone in a sum or a product takes what is
left when everything else there has found its partner.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from adcalc.graph.node import CONSTANT, INPUT
from adcalc.rewrite.algebra import Algebra
from adcalc.rewrite.terms import PRODUCT, SUM, TermId

Bindings = dict[TermId, TermId]  # of a pattern's letters
_NUMBER: Final = "n"  # the letter that stands for numbers only


def match(pattern: Algebra, wanted: TermId, algebra: Algebra, term: TermId, bindings: Bindings) -> bool:
    """Whether a term has the form of a pattern; the letters' meanings are added to `bindings`.

    >>> pattern, algebra = Algebra(), Algebra()
    >>> u, x = pattern.leaf("input", "u"), algebra.leaf("input", "x")
    >>> bindings = {}
    >>> match(pattern, pattern.call("sin", (pattern.scaled(Fraction(-1), u),)),
    ...       algebra, algebra.call("sin", (algebra.scaled(Fraction(-2), x),)), bindings)
    True
    >>> bindings[u] == algebra.scaled(Fraction(2), x)
    True
    """
    waiting = [(wanted, term)]
    while waiting:
        wanted, term = waiting.pop()
        op, args, weights = pattern.terms[wanted]
        if op == INPUT:
            if bindings.setdefault(wanted, term) != term or (weights[0] == _NUMBER and algebra.value(term) is None):
                return False
            continue
        if op == CONSTANT:
            if algebra.value(term) != weights[0]:
                return False
            continue
        pairs: list[tuple[TermId, TermId]] | None
        if op == SUM and len(args) > 1:
            pairs = _match_sum(pattern, wanted, algebra, term, bindings)
        elif op in (SUM, PRODUCT):
            pairs = _match_product(pattern, wanted, algebra, term, bindings)
        else:
            other, others, labels = algebra.terms[term]
            same = other == op and len(others) == len(args) and labels == weights
            pairs = list(zip(args, others, strict=True)) if same else None
        if pairs is None:
            return False
        waiting.extend(reversed(pairs))
    return True


def _match_product(
    pattern: Algebra, wanted: TermId, algebra: Algebra, term: TermId, bindings: Bindings
) -> list[tuple[TermId, TermId]] | None:
    """What remains to be matched when the factors of a product have found their partners; None where one has not."""
    coefficient, factors = pattern.monomial(wanted)
    number, powers = algebra.monomial(term)
    rest = dict(powers)
    quotient = number / coefficient if number else Fraction(0)
    if quotient <= 0:
        return None
    pairs: list[tuple[TermId, TermId]] = []
    alone: TermId | None = None
    for base, power in factors:
        op = pattern.terms[base].op
        if op == INPUT and base not in bindings and power == pattern.one:
            alone = base
            continue
        bound = bindings.get(base) if op == INPUT else None
        value = pattern.value(power)
        if bound is not None and value is not None:
            share, parts = algebra.split(bound, algebra.number(value))
            quotient /= share
            if not take(algebra, rest, parts):
                return None
            continue
        for candidate, exponent in rest.items():
            fits = candidate == bound or (bound is None and op in (INPUT, algebra.terms[candidate].op))
            if fits and _may_be(pattern, power, algebra, exponent):
                pairs += [(base, candidate), (power, exponent)]
                del rest[candidate]
                break
        else:
            return None
    if alone is not None:
        pairs.append((alone, algebra.assembled(quotient, rest)))
    elif rest or quotient != 1:
        return None
    return pairs


def _may_be(pattern: Algebra, wanted: TermId, algebra: Algebra, exponent: TermId) -> bool:
    """Whether it is worth comparing an exponent with that of a pattern."""
    op, value = pattern.terms[wanted].op, pattern.value(wanted)
    if value is not None:
        return algebra.value(exponent) == value
    return op in (INPUT, algebra.terms[exponent].op) or (op == PRODUCT and algebra.value(exponent) is None)


def _match_sum(
    pattern: Algebra, wanted: TermId, algebra: Algebra, term: TermId, bindings: Bindings
) -> list[tuple[TermId, TermId]] | None:
    rest = dict(algebra.summands(term))
    pairs: list[tuple[TermId, TermId]] = []
    alone: tuple[TermId, Fraction] | None = None
    for monomial, weight in pattern.summands(wanted):
        op = pattern.terms[monomial].op
        if op == INPUT and monomial not in bindings:
            alone = (monomial, weight)
        elif op == INPUT or monomial == pattern.one:
            partner = bindings[monomial] if op == INPUT else algebra.one
            if rest.pop(partner, None) != weight:
                return None
        else:
            for candidate, value in rest.items():
                if algebra.terms[candidate].op == op and value == weight:
                    pairs.append((monomial, candidate))
                    del rest[candidate]
                    break
            else:
                return None
    if alone is not None and rest:
        pairs.append((alone[0], algebra.collected({inner: value / alone[1] for inner, value in rest.items()})))
    elif rest or alone is not None:
        return None
    return pairs


def take(algebra: Algebra, product: dict[TermId, TermId], parts: list[tuple[TermId, TermId]], times: int = 1) -> bool:
    """Divide a product by powers that it contains; False where it does not."""
    for base, power in parts:
        have, want = algebra.value(product.get(base, algebra.zero)), algebra.value(power)
        if have is None or want is None:
            if product.get(base) != power or times != 1:
                return False
            del product[base]
            continue
        if times == 1 and (have * want <= 0 or abs(have) < abs(want)):
            return False
        left = have - times * want
        if left:
            product[base] = algebra.number(left)
        else:
            del product[base]
    return True


def instantiate(pattern: Algebra, wanted: TermId, algebra: Algebra, bindings: Mapping[TermId, TermId]) -> TermId:
    """A pattern with its letters replaced by what they stand for.

    >>> pattern, algebra = Algebra(), Algebra()
    >>> u, x = pattern.leaf("input", "u"), algebra.leaf("input", "x")
    >>> instantiate(pattern, pattern.power(u, pattern.half), algebra, {u: x}) == algebra.power(x, algebra.half)
    True
    """
    made: dict[TermId, TermId] = dict(bindings)
    waiting = [wanted]
    while waiting:
        term = waiting[-1]
        op, args, weights = pattern.terms[term]
        needed = [inner for inner in (*args, *(weights if op == PRODUCT else ())) if inner not in made]
        if term in made or not needed:
            waiting.pop()
            if term not in made:
                inner = tuple(made[argument] for argument in args)
                if op == SUM:
                    made[term] = algebra.add(zip(weights, inner, strict=True))
                elif op == PRODUCT:
                    made[term] = algebra.multiply(zip(inner, (made[weight] for weight in weights), strict=True))
                elif op == CONSTANT:
                    made[term] = algebra.number(weights[0])
                else:
                    label = weights[0] if weights else None
                    made[term] = algebra.made(op, inner, label) if args else algebra.leaf(op, *weights)
        else:
            waiting.extend(needed)
    return made[wanted]
