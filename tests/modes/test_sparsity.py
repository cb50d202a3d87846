"""Patterns of second derivatives: from the rows, never less than the truth, and no more where it matters."""

import random
from itertools import combinations_with_replacement, pairwise

import mpmath
import pytest

from adcalc.api import function
from adcalc.arithmetics.real import Real
from adcalc.modes.sparsity import Interactions, members, pattern
from adcalc.rules.compiled import Compiled
from adcalc.rules.table import standard

MEETS = Interactions(Compiled(standard(), Real()))


def pattern_of(text, names=None):
    lowered = function(text).lowered()
    names = names or list(lowered.variables)
    wrt = [lowered.variables[name] for name in names]
    rows = pattern(lowered.graph, lowered.output, wrt, MEETS)
    return {(names[row], names[column]) for row, found in enumerate(rows) for column in members(found)}


def pairs(*words):
    return {pair for word in words for pair in ((word[0], word[1]), (word[1], word[0]))}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x + y - 3*z", set()),
        ("x*y", pairs("xy")),
        ("x*x", pairs("xx")),
        ("x/y", pairs("xy", "yy")),
        ("x/3 + 2*y", set()),
        ("sin(x) + y", pairs("xx")),
        ("sin(x + y)*z", pairs("xx", "xy", "yy", "xz", "yz")),
        ("x^2 + y^3 + x*z", pairs("xx", "yy", "xz")),
        ("x^y", pairs("xx", "xy", "yy")),
        ("abs(x*y)", pairs("xy")),
        ("max(x*y, z)", pairs("xy")),
        ("floor(x*y) + z", set()),
        ("sign(x)*y", set()),
        ("if(x > y, x*y, z^2)", pairs("xy", "zz")),
        ("hypot(x, y)", pairs("xx", "xy", "yy")),
        ("(x + y)*(z + 1)", pairs("xz", "yz")),
        ("exp(3) + 2^4", set()),
    ],
)
def test_the_pattern_of(text, expected):
    assert pattern_of(text) == expected


def curved(name, *points):
    """Whether a function of one argument bends somewhere, by mpmath's differences at 60 digits."""
    with mpmath.workdps(60):
        return any(abs(mpmath.diff(name, mpmath.mpf(point), 2)) > 1e-6 for point in points)


@pytest.mark.parametrize(
    ("op", "oracle", "point"),
    [
        ("sqrt", mpmath.sqrt, 2), ("cbrt", mpmath.cbrt, 2), ("exp", mpmath.exp, 1), ("log", mpmath.log, 2),
        ("log1p", mpmath.log1p, 1), ("sin", mpmath.sin, 1), ("cos", mpmath.cos, 1), ("tan", mpmath.tan, 1),
        ("asin", mpmath.asin, 0.3), ("acos", mpmath.acos, 0.3), ("atan", mpmath.atan, 0.3), ("sinh", mpmath.sinh, 1),
        ("cosh", mpmath.cosh, 1), ("tanh", mpmath.tanh, 1), ("asinh", mpmath.asinh, 1), ("acosh", mpmath.acosh, 2),
        ("atanh", mpmath.atanh, 0.3), ("gamma", mpmath.gamma, 2.5), ("lgamma", mpmath.loggamma, 2.5),
        ("digamma", mpmath.digamma, 2.5), ("erf", mpmath.erf, 0.5), ("erfc", mpmath.erfc, 0.5),
        ("zeta", mpmath.zeta, 3), ("abs", abs, 1.5), ("sech", mpmath.sech, 1), ("sinc", mpmath.sinc, 1),
    ],
)  # fmt: skip
def test_a_row_joins_its_argument_with_itself_exactly_where_the_function_bends(op, oracle, point):
    assert bool(MEETS.joined(op)) == curved(oracle, point)


ROWS = [entry for entry in standard().entries() if entry.differential and entry.group != "arrays"]


@pytest.mark.parametrize("entry", ROWS, ids=lambda entry: entry.name)
def test_every_row_says_what_it_joins(entry):
    count = sum(name != "axis" for name in entry.parameters)
    found = MEETS.joined(entry.name)
    assert all(0 <= one <= other < count for one, other in found)
    assert set(MEETS.flowing(entry.name)) >= {k for pair in found for k in pair}


TERMS = ("{a}*{b}", "sin({a})", "exp({a}*{b})", "{a}/({b}^2 + 1)", "3*{a} - {b}", "({a} + {b})^2", "{a}^2*{b}*{c}")


@pytest.mark.parametrize("seed", range(30))
def test_nothing_that_is_there_is_left_out(seed):
    chance = random.Random(seed)
    names = [f"x{k}" for k in range(chance.randrange(2, 7))]
    pick = [chance.choice(TERMS).format(**{letter: chance.choice(names) for letter in "abc"}) for _ in range(4)]
    text = " + ".join(pick)
    if chance.random() < 0.3:
        text = f"log(1 + ({text})^2)"
    at = [mpmath.mpf(chance.uniform(0.5, 1.5)) for _ in names]
    code = compile(text.replace("^", "**"), "<oracle>", "eval")
    functions = {"sin": mpmath.sin, "exp": mpmath.exp, "log": mpmath.log}
    known = [name for name in names if name in function(text).variables]
    found = pattern_of(text, known)
    expected = set()
    with mpmath.workdps(40):
        for row, column in combinations_with_replacement(range(len(names)), 2):
            orders = tuple((place == row) + (place == column) for place in range(len(names)))
            slope = mpmath.diff(lambda *x: eval(code, functions, dict(zip(names, x, strict=True))), at, orders)
            expected |= pairs((names[row], names[column])) if abs(slope) > 1e-15 else set()
    assert found >= expected
    if "log" not in text:  # these terms cancel nowhere, or hardly ever
        assert len(found) <= len(expected) + 8


def test_a_sum_of_many_terms_keeps_no_sets_but_those_of_its_products():
    names = [f"x{k}" for k in range(300)]
    text = " + ".join([*names, *(f"{one}*{other}" for one, other in pairwise(names))])
    assert len(pattern_of(text)) == 2 * 299


def test_members_are_ascending():
    assert list(members(1 << 100 | 0b1001)) == [0, 3, 100]
    assert list(members(0)) == []
