"""Identities as data: their patterns, found in terms, and their replacements, written with what was found.

A pattern is itself a term, so it meets its target in canonical form: order, brackets and the spelling of quotients make no
difference. Letters are inputs of the pattern; one letter that stands alone in a sum or product takes what is left over.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

from adcalc.errors import Source
from adcalc.graph.node import CONSTANT, INPUT, RELATIONS
from adcalc.rewrite.algebra import Algebra
from adcalc.rewrite.terms import BASE, NONNEGATIVE, POSITIVE, PRODUCT, SUM, TermId
from adcalc.rules.table import Table
from adcalc.syntax import notation
from adcalc.syntax.code import Block
from adcalc.syntax.lower import lower_row
from adcalc.syntax.parser import parse

Bindings = dict[TermId, TermId]  # of a pattern's letters
_NUMBER: Final = "n"  # the letter that stands for numbers only
_ONE: Final = Fraction(1)


class Identity(NamedTuple):
    """A rewrite: `pattern`, `replacement` and `condition` are terms of `algebra`; `anchor` is what is looked for first.

    The anchor is a function, or a sum, with a numeric exponent; `others` are what has to stand beside it: the remaining
    factors of a product, or the remaining summands of a sum with their coefficients.

    >>> from adcalc.rules.table import standard
    >>> [identity.text for identity in identities(standard()).calls["cosh"]]
    ['cosh(-u) = cosh(u)', 'cosh(0) = 1', 'cosh(asinh(u)) = sqrt(u^2 + 1)']
    """

    text: str
    algebra: Algebra
    pattern: TermId
    replacement: TermId
    condition: TermId | None
    anchor: TermId
    exponent: Fraction
    others: tuple[tuple[TermId, Fraction], ...]
    cofactors: tuple[tuple[TermId, TermId], ...]


class Identities(NamedTuple):
    """All rewrites by what their patterns are, and by the operation of the anchor."""

    calls: dict[str, list[Identity]]
    products: dict[str, list[Identity]]
    sums: dict[str, list[Identity]]


@lru_cache(maxsize=4)
def identities(table: Table) -> Identities:
    """The rewrites of grammar/identities.adc, read on first use.

    Raises AdcalcSyntaxError where a line makes no sense.

    >>> from adcalc.rules.table import standard
    >>> sorted(identities(standard()).sums)
    ['cos', 'cosh', 'sin', 'sinh']
    """
    found = Identities({}, {}, {})
    text = notation.read("identities.adc")
    for number, line in enumerate(text.split("\n")):
        line = line.partition("#")[0].strip()
        if not line:
            continue
        identity, kind = _identity(Source("\n" * number + line, "identities.adc"), line, table)
        op = identity.algebra.terms[identity.anchor].op
        found[kind].setdefault("exp" if op == BASE else op, []).append(identity)
    return found


def _identity(source: Source, text: str, table: Table) -> tuple[Identity, int]:
    block = parse(source, "identity").block
    blocks: list[Block] = [[step for step in block if step[0] not in ("identity", "condition")]]
    blocks += [step[1][1] for step in block if step[0] == "condition"]
    graph, outputs = lower_row(source, blocks, _letters(blocks, table), table)
    algebra = Algebra()
    terms: dict[int, TermId] = {}
    for node in graph.live(*outputs):
        op, args, label = graph.nodes[node]
        terms[node] = algebra.apply(op, tuple(terms[argument] for argument in args), label)
    pattern, replacement, *condition = (terms[output] for output in outputs)
    op, args, weights = algebra.terms[pattern]
    anchor, exponent, kind = pattern, _ONE, 0
    others: list[tuple[TermId, Fraction]] = []
    cofactors: list[tuple[TermId, TermId]] = []
    if op == SUM:
        kind = 2
        summands = [args[k] for k in range(len(args))]
        first = next(k for k, monomial in enumerate(summands) if _anchors(algebra, monomial))
        others = [(args[k], weights[k] / weights[first]) for k in range(len(args)) if k != first]
        anchor, exponent = _anchors(algebra, summands[first])[0]
        replacement = algebra.scaled(1 / weights[first], replacement)
    elif op == PRODUCT and args != (algebra.base,):
        kind = 1
        anchor, exponent = _anchors(algebra, pattern)[0]
        cofactors = [(base, power) for base, power in algebra.factors(pattern) if base != anchor]
    elif op == PRODUCT:
        anchor = algebra.base
    identity = Identity(
        text, algebra, pattern, replacement, condition[0] if condition else None, anchor, exponent, tuple(others), tuple(cofactors)
    )
    return identity, kind


def _letters(blocks: list[Block], table: Table) -> tuple[str, ...]:
    waiting = list(blocks)
    found: dict[str, None] = {}
    while waiting:
        for operation, operand, _ in waiting.pop():
            if operation == "lazy":
                waiting.extend(operand[1])
            elif operation == "name" and table.find(operand, 0) is None:
                found[operand] = None
    return tuple(found)


def _anchors(algebra: Algebra, monomial: TermId) -> list[tuple[TermId, Fraction]]:
    """The factors of a pattern that say where to look: functions and sums with numeric exponents."""
    found: list[tuple[TermId, Fraction]] = []
    for base, power in algebra.factors(monomial):
        value = algebra.value(power)
        if value is not None and algebra.terms[base].args:
            found.append((base, value))
    return found


# ---------------------------------------------------------------- matching


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
            if bindings.setdefault(wanted, term) != term or (
                weights[0] == _NUMBER and algebra.value(term) is None
            ):
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
            if not _take(algebra, rest, parts):
                return None
            continue
        for candidate, exponent in rest.items():
            fits = candidate == bound or (bound is None and op in (INPUT, algebra.terms[candidate].op))
            if fits and (_may_be(pattern, power, algebra, exponent) if value is None else algebra.value(exponent) == value):
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
    op = pattern.terms[wanted].op
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


def _take(algebra: Algebra, product: dict[TermId, TermId], parts: list[tuple[TermId, TermId]], times: int = 1) -> bool:
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
                    made[term] = algebra.call(op, inner) if args else algebra.leaf(op, *weights)
        else:
            waiting.extend(needed)
    return made[wanted]


# ---------------------------------------------------------------- rewriting


class Rewriter:
    """The identities, applied to one algebra; `assumptions` are the conditions that could not be proved."""

    def __init__(self, algebra: Algebra, found: Identities) -> None:
        self.algebra = algebra
        self.identities = found
        self.assumptions: dict[TermId, None] = {}

    def call(self, term: TermId) -> TermId | None:
        """What a function's value is by the first identity that applies, or None."""
        op = self.algebra.terms[term].op
        for identity in self.identities.calls.get("exp" if op == PRODUCT else op, ()):
            bindings: Bindings = {}
            if match(identity.algebra, identity.pattern, self.algebra, term, bindings) and self._holds(identity, bindings):
                return self._replacement(identity, bindings)
        return None

    def product(self, term: TermId) -> TermId | None:
        """A product (with coefficient) after the first identity that applies, or None."""
        algebra = self.algebra
        coefficient, factors = algebra.monomial(term)
        for base, power in factors:
            value = algebra.value(power)
            if base == algebra.base:
                raised = self.call(algebra.product({base: power}))
                if raised is not None:
                    others = [factor for factor in factors if factor[0] != base]
                    return algebra.multiply([*others, (raised, algebra.one)], coefficient)
            for identity in self.identities.products.get(algebra.terms[base].op, ()) if value is not None else ():
                bindings: Bindings = {}
                if match(identity.algebra, identity.anchor, algebra, base, bindings):
                    assert value is not None
                    times = self._times(identity, value, dict(factors), bindings)
                    if times and self._holds(identity, bindings):
                        left = dict(factors)
                        _take(algebra, left, self._parts(identity, bindings, base), times)
                        power_of = (self._replacement(identity, bindings), algebra.number(Fraction(times)))
                        return algebra.multiply([*left.items(), power_of], coefficient)
        return None

    def _parts(self, identity: Identity, bindings: Bindings, base: TermId) -> list[tuple[TermId, TermId]]:
        """The pattern of a product, as powers in the target."""
        parts = [(base, self.algebra.number(identity.exponent))]
        for cofactor, power in identity.cofactors:
            inner = instantiate(identity.algebra, cofactor, self.algebra, bindings)
            number, powers = self.algebra.split(inner, self.algebra.number(identity.algebra.value(power) or _ONE))
            if number != 1:
                return []
            parts += powers
        return parts

    def _times(
        self, identity: Identity, value: Fraction, factors: dict[TermId, TermId], bindings: Bindings
    ) -> int:
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

    def sum(self, term: TermId) -> TermId | None:
        """A sum after the first identity that applies, or None."""
        algebra = self.algebra
        entries = dict(algebra.summands(term))
        for monomial, weight in entries.items():
            for base, power in algebra.factors(monomial):
                value = algebra.value(power)
                for identity in self.identities.sums.get(algebra.terms[base].op, ()) if value is not None else ():
                    bindings: Bindings = {}
                    assert value is not None
                    if value < identity.exponent or not match(identity.algebra, identity.anchor, algebra, base, bindings):
                        continue
                    rest = dict(algebra.factors(monomial))
                    _take(algebra, rest, [(base, algebra.number(identity.exponent))])
                    partners = {monomial: weight}
                    for other, ratio in identity.others:
                        beside = instantiate(identity.algebra, other, algebra, bindings)
                        partner = algebra.multiply([*rest.items(), (beside, algebra.one)])
                        partners[partner] = weight * ratio
                    if all(entries.get(partner) == share for partner, share in partners.items()) and len(partners) > 1:
                        made = algebra.multiply([*rest.items(), (self._replacement(identity, bindings), algebra.one)], weight)
                        left = {inner: share for inner, share in entries.items() if inner not in partners}
                        return algebra.add([*((share, inner) for inner, share in left.items()), (_ONE, made)])
        return None

    def _replacement(self, identity: Identity, bindings: Bindings) -> TermId:
        return instantiate(identity.algebra, identity.replacement, self.algebra, bindings)

    def _holds(self, identity: Identity, bindings: Bindings) -> bool:
        if identity.condition is None:
            return True
        condition = instantiate(identity.algebra, identity.condition, self.algebra, bindings)
        if proved(self.algebra, condition):
            return True
        if self.algebra.terms[condition].op != "ne":
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
    sign = algebra.signs[algebra.add([(_ONE, args[0]), (-_ONE, args[1])])]
    return {
        "gt": sign == POSITIVE,
        "ge": sign >= NONNEGATIVE,
        "lt": sign == -POSITIVE,
        "le": sign <= -NONNEGATIVE,
        "ne": abs(sign) == POSITIVE,
    }.get(op, False)
