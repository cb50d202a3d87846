"""Identities as data: the lines of grammar/identities.adc as terms, sorted by what to look for first.

A pattern is itself a term, so it meets its target in canonical form: order, brackets and the spelling of quotients make
no difference.
"""

from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from adcalc.errors import Source
from adcalc.rewrite.algebra import Algebra
from adcalc.rewrite.terms import BASE, ONE, PRODUCT, SUM, TermId
from adcalc.rules.table import Table
from adcalc.syntax import notation
from adcalc.syntax.code import Block
from adcalc.syntax.lower import lower_row
from adcalc.syntax.parser import parse

_MATRIX = (2, 2)  # the shape of capital letters while a line is read: the patterns say nothing of lengths


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
    ['cos', 'cosh', 'logistic', 'sin', 'sinh']
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
    letters = _letters(blocks, table)
    matrices = {letter: _MATRIX for letter in letters if letter.isupper()}
    graph, outputs = lower_row(source, blocks, letters, table, matrices)
    algebra = Algebra()
    terms: dict[int, TermId] = {}
    for node in graph.live(*outputs):
        op, args, label = graph.nodes[node]
        terms[node] = algebra.apply(op, tuple(terms[argument] for argument in args), label)
    pattern, replacement, *condition = (terms[output] for output in outputs)
    op, args, weights = algebra.terms[pattern]
    anchor, exponent, kind = pattern, ONE, 0
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
        text,
        algebra,
        pattern,
        replacement,
        condition[0] if condition else None,
        anchor,
        exponent,
        tuple(others),
        tuple(cofactors),
    )
    return identity, kind


def _letters(blocks: list[Block], table: Table) -> tuple[str, ...]:
    waiting = list(blocks)
    found: dict[str, None] = {}
    while waiting:
        for operation, operand, _ in waiting.pop():
            if operation == "lazy":
                waiting.extend(operand[1])
            elif operation == "name" and operand not in table.constants:
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
