"""Operations that are counted: against counts by hand, against sweeps that count as they run, and the bound."""

import json
import math
import random
from fractions import Fraction
from pathlib import Path

import pytest

from adcalc.api import function
from adcalc.arithmetics.real import Real
from adcalc.errors import Source
from adcalc.graph import shape
from adcalc.modes import cost, forward
from adcalc.modes.base import NodeError, Problem
from adcalc.modes.edges import singular
from adcalc.modes.sweep import primal
from adcalc.rules.compiled import Compiled
from adcalc.rules.table import standard
from adcalc.syntax.lower import lower
from adcalc.syntax.parser import parse

TABLE = standard()
REAL = Compiled(TABLE, Real())
METER = cost.Meter(REAL)
DATA = Path(__file__).parents[3] / "shared" / "data"


def problem(text, **point):
    lowered = lower(parse(Source(text)), TABLE, frozenset(point))
    inputs = {name: lowered.graph.input(name) for name in point}
    return Problem(lowered.graph, lowered.output, tuple(inputs.values()), {inputs[n]: v for n, v in point.items()})


def costs(text, **point):
    tape = METER.tape(problem(text, **point))
    return METER.value(tape), METER.reverse(tape), METER.forward(tape)


@pytest.mark.parametrize(
    ("text", "value", "reverse", "forward"),
    [
        # x + y: one sum; its pull hands the adjoint down; forward mode has 2 products with the partials 1 and no sum
        ("x + y", 1, 1, 3),
        ("x*y", 1, 3, 5),  # two products in the pull; two more make the tangents
        ("x*x + y", 2, 5, 9),  # of x: two products and their sum, twice in forward mode: partials, then tangents
        ("sin(x) + y", 2, 4, 7),  # a cosine and a product
        ("x*y*x*y", 3, 3 + 6 + 2, None),  # three pulls of two, x and y are met again once each
        ("x/y", 1, 5, 7),  # bar/w, and -(v*bar)/w: two quotients, a product, a sign
    ],
)
def test_counts_by_hand(text, value, reverse, forward):
    found = costs(text, x=2.0, y=3.0)
    assert found[0] == value
    assert found[1] == reverse
    assert forward is None or found[2] == forward


def test_the_product_of_n_variables_has_the_counts_of_the_textbook():
    """Each product but the first hands an adjoint on: 3(n - 1) for value and gradient, quadratic in forward mode."""
    for n in (2, 5, 20):
        point = {f"x{k}": 1.0 + k for k in range(n)}
        value, reverse, forward = costs("*".join(point), **point)
        assert (value, reverse) == (n - 1, 3 * (n - 1))
        tangents = sum(k + 1 for k in range(1, n))  # the kth product moves along k + 1 directions
        assert forward == (n - 1) + 2 * (n - 1) + tangents


def test_comparisons_choices_and_constants_are_no_operations():
    assert costs("if(x > 1, 2, 3)", x=2.0)[0] == 0
    assert costs("if(x > 1, x*y, sin(y))", x=2.0, y=1.0)[0] == 1
    assert costs("x + 0.1 + pi", x=2.0)[0] == 2


CORPUS = [
    "exp(x)/(1 + exp(x))",
    "x^y + y^x",
    "if(x > y, x^2*y, hypot(x, y))",
    "max(x, y)*min(x, y) + abs(x - 10)",
    "atan2(y, x) + log(x*y) - besselj(2, x)",
    "gamma(x)*erf(y) + logsumexp(x, y)",
    "x^2 + x^3 + x^0.5",
    "floor(x)*y + x % y",
    "softplus(x)*tanh(y)/sqrt(x*y)",
    "if(x > 0, if(y > 0, if(x > y, x, y), y), x) + x",
]


@pytest.mark.parametrize("text", CORPUS)
@pytest.mark.parametrize("names", ["xy", "x", "y"])
def test_forward_mode_takes_what_is_stated(text, names):
    """Several directions are counted without the products and sums; here the sweep does them all, and counts."""
    asked = problem(text, x=2.5, y=1.25)
    named = dict(zip("xy", asked.wrt, strict=True))
    tape = METER.tape(asked._replace(wrt=tuple(named[name] for name in names)))
    stated = METER.forward(tape)

    before = METER.counting.count
    forward.run(tape)

    assert stated == METER.value(tape) + METER.counting.count - before


@pytest.mark.parametrize("text", CORPUS)
def test_reverse_mode_obeys_the_bound(text):
    asked = problem(text, x=2.5, y=1.25)
    tape = METER.tape(asked)
    ratio = cost.bound(tape, TABLE).ratio
    for wrt in (asked.wrt, asked.wrt[:1], asked.wrt[1:]):
        assert METER.reverse(tape._replace(problem=asked._replace(wrt=wrt))) <= ratio * METER.value(tape)


def test_the_bound_is_reached():
    assert cost.worst(TABLE, "mul", (0, 1)) == 4
    assert costs("x*x", x=3.0)[:2] == (1, 4)
    assert costs("x*x*(x*x)", x=3.0)[:2] == (2, 8)  # x*x is one node: two squares


def test_there_is_no_bound_where_nothing_is_differentiated():
    assert cost.bound(METER.tape(problem("2*pi")), TABLE) is None
    assert cost.bound(METER.tape(problem("floor(x)", x=1.5)), TABLE) is None


@pytest.mark.parametrize("name", ["cas_pairs", "feynman", "optfun", "mgh"])
def test_every_case_of_the_corpora_obeys_the_bound(name):
    path = DATA / f"{name}.jsonl"
    if not path.exists():
        pytest.skip("the shared data is not beside this checkout")
    cases = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    checked = 0
    for case in cases[:: max(1, len(cases) // 40)]:
        asked = problem(case["expression"], **{key: float(Fraction(text)) for key, text in case["point"].items()})
        tape = METER.tape(asked)
        limit = cost.bound(tape, TABLE)
        if limit is None or singular.find(primal(asked, REAL)).clauses:
            continue
        assert METER.reverse(tape) <= limit.ratio * METER.value(tape), case["id"]
        checked += 1
    assert checked > 20


ROWS = [
    entry.name for entry in TABLE.entries() if entry.parameters and entry.differential and not shape.known(entry.name)
]


WHOLE = (0.0, 1.0, 2.0, 3.0, -2.0, 0.5)


@pytest.mark.parametrize("op", sorted(set(ROWS)))
def test_no_pull_takes_more_than_the_row_says(op):
    """The worst that is read off a row, against pulls that count as they run, on every side of its choices."""
    rule = TABLE.rule(op)
    active = tuple(k for k in range(len(rule.parameters)) if rule.mentions(k))
    if not active:
        return
    limit = cost.worst(TABLE, op, active) - len(active)
    draw = random.Random(op)
    seen = 0
    for _ in range(60):
        args = [draw.choice((*WHOLE, draw.uniform(-3, 3), draw.uniform(0, 1))) for _ in rule.parameters]
        try:
            value = REAL.value(op)(*args)
            before = METER.counting.count
            METER.rules.pull(op, active)(1.0, value, *args)
        except (ValueError, ArithmeticError):
            continue
        assert METER.counting.count - before <= limit
        seen += 1
    assert seen


def test_counting_changes_no_number():
    text = "x^y*sin(x) - erf(y)/gamma(x)"
    tape = METER.tape(problem(text, x=2.5, y=1.25))
    assert tape.value == function(text).value(x=2.5, y=1.25)
    before = METER.counting.count
    counted = forward.run(tape)
    assert METER.counting.count > before
    assert list(counted.partials) == list(function(text).gradient(x=2.5, y=1.25, mode="forward").gradient.values())


def test_a_point_on_a_kink_is_counted_by_its_one_sided_sweeps():
    tape = METER.tape(problem("x*abs(x)", x=0.0))
    assert METER.one_sided(tape) > METER.value(tape)
    with pytest.raises(NodeError):
        METER.one_sided(METER.tape(problem("abs(x)", x=0.0)))


def test_tangents_are_counted_without_running():
    wide = {f"x{k}": 1.0 for k in range(300)}
    tape = METER.tape(problem("+".join(wide), **wide))
    assert cost.tangents(tape, tape.problem.wrt) == sum(range(2, 301))
    assert math.isfinite(METER.forward(tape))
