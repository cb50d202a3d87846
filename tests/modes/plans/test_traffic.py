"""Operations and memory traffic of plans, against counts by hand."""

import pytest

from adcalc.api import function
from adcalc.api.program import real
from adcalc.modes.plans.plan import Plan
from adcalc.modes.plans.traffic import operations, traffic

SHAPES = {"x": (10, 4), "y": (10, 4), "b": (4,), "A": (5, 3), "B": (3, 2), "M": (6, 6)}
COUNTS = {  # operations on elements; elements read and written
    "x + y": (40, 120),
    "x + b": (40, 84),
    "x + x": (40, 80),
    "x*2": (40, 80),
    "x^2": (40, 80),
    "exp(x)*y": (80, 80 + 120),
    "sum(x)": (39, 41),
    "sum(x, axis=0)": (36, 44),
    "sum(x*y)": (40 + 39, 81),  # a contraction: the products are not written
    "sum(x^2)": (40 + 39, 41),
    "x.T": (0, 0),  # a view
    "A@B": (10 * (3 + 2), 15 + 6 + 10),
    "(A@B).T": (10 * (3 + 2), 15 + 6 + 10),
    "max(x, axis=1)": (30, 50),
    "where(x > 0, x, y)": (0, 40 + 40 + 4 * 40),
    "det(M)": (144, 37),
    "inv(M)": (432, 72),
}


@pytest.mark.parametrize("expression", COUNTS)
def test_what_a_plan_costs_is_what_a_person_counts(expression):
    asked = function(expression)
    lowered = asked.lowered((), True, {name: SHAPES[name] for name in asked.inputs()})
    plan = Plan(lowered.graph, [lowered.output], real(asked.table))
    assert (operations(plan), traffic(plan)) == COUNTS[expression]
