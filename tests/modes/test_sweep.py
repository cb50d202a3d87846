"""The primal sweep: values in order, only of what is needed, and the node to blame where there is none."""

import math

import pytest

from adcalc.api import function
from adcalc.arithmetics.real import Real
from adcalc.modes.base import NodeError, Problem
from adcalc.modes.sweep import activity, primal
from adcalc.rules.compiled import Compiled
from adcalc.rules.table import standard

RULES = Compiled(standard(), Real())


def sweep(text, **point):
    lowered = function(text).lowered()
    ids = {lowered.variables[name]: float(value) for name, value in point.items()}
    return primal(Problem(lowered.graph, lowered.output, tuple(ids), ids), RULES)


@pytest.mark.parametrize(
    ("text", "point", "value"),
    [
        ("cos(x*y) + y", {"x": 0, "y": 1}, 2),
        ("1/3", {}, 1 / 3),
        ("if(x < 1, x, sqrt(x))", {"x": -4}, -4),
        ("if(x < 1 and y < 1, 1, 2)", {"x": 0, "y": 3}, 2),
        ("if(x < 1 or y < 1, 1, 2)", {"x": 3, "y": 0}, 1),
        ("if(not (x < 1 or y < 1), 1, 2)", {"x": 3, "y": 3}, 1),
        ("if(0 < x < 1, 1, 2)", {"x": 0.5}, 1),
        ("if(x > 0, if(x > 1, 3, 2), 1)", {"x": 0.5}, 2),
        ("if(x > 0, if(x > 1, 3, 2), 1) + if(x > 0, 10, 20)", {"x": 5}, 13),
        ("x % 3", {"x": -1}, 2),
        ("7 % -3", {}, -2),
        ("round(2.5) + round(x)", {"x": 3.5}, 6),
        ("0^0", {}, 1),
        ("x^0", {"x": 0}, 1),
        ("cbrt(x)", {"x": -27}, -3),
        ("5!", {}, 120),
        ("n!", {"n": 0.5}, math.sqrt(math.pi) / 2),
    ],
)
def test_the_value_of(text, point, value):
    assert sweep(text, **point).value == pytest.approx(value, rel=1e-15)


def test_the_side_not_taken_is_not_evaluated():
    tape = sweep("if(x < 1, x^2, log(x)/0)", x=-1)
    operations = {tape.problem.graph.nodes[node].op for node in tape.order}
    assert "log" not in operations
    assert tape.value == 1


def test_a_condition_that_is_decided_early_does_not_evaluate_the_rest():
    assert sweep("if(x > 0 and log(x) > 0, 1, 2)", x=-1).value == 2
    assert sweep("if(x <= 0 or log(x) > 0, 1, 2)", x=-1).value == 1


def test_a_node_shared_by_both_sides_is_evaluated_once():
    tape = sweep("a = sin(x); if(x < 1, a, a^2) + a", x=0.5)
    assert len(tape.order) == len(set(tape.order))
    assert tape.order == sorted(tape.order)


@pytest.mark.parametrize(
    ("text", "point", "kind", "op"),
    [
        ("1 + log(x)", {"x": -1}, "domain", "log"),
        ("sin(x)/0", {"x": 1}, "domain", "div"),
        ("exp(exp(x))", {"x": 10}, "overflow", "exp"),
        ("x*x", {"x": 1e200}, "overflow", "mul"),
        ("sqrt(x) + log(x)", {"x": -1}, "domain", "sqrt"),
        ("(x - 1)^(1/2)", {"x": 0}, "domain", "pow"),
        ("10^400*x", {"x": 1}, "overflow", "constant"),
        ("9^9^9^9", {}, "overflow", "pow"),
        ("2*inf - inf", {}, "overflow", "mul"),
        ("acosh(x)", {"x": 0}, "domain", "acosh"),
        ("digamma(x)", {"x": -2}, "domain", "digamma"),
    ],
)
def test_the_node_without_a_value_is_named(text, point, kind, op):
    with pytest.raises(NodeError) as error:
        sweep(text, **point)
    assert error.value.kind == kind
    lowered = function(text).lowered()
    assert lowered.graph.nodes[error.value.node].op == op


@pytest.mark.parametrize(
    ("text", "point", "active"),
    [
        ("floor(x)*y", {"x": 1.5, "y": 2}, {"y", "floor(x)*y"}),
        ("x - x + y", {"x": 1, "y": 2}, {"x", "x - x", "y", "x - x + y"}),
        ("if(x > 0, y, 2)", {"x": 1, "y": 2}, {"y", "if(x > 0, y, 2)"}),
    ],
)
def test_activity_marks_what_a_derivative_flows_through(text, point, active):
    from adcalc.syntax.unparse import unparse

    tape = sweep(text, **point)
    marks = activity(tape, tape.problem.wrt)
    found = {unparse(tape.problem.graph, node) for node in tape.order if marks[node]}
    assert active <= found
    assert not {"floor(x)", "x > 0"} & found


def test_deep_choices_do_not_recurse():
    text = "x" + "".join(f" + if(x > {n}, x, {n})" for n in range(2000))
    assert sweep(text, x=-1).value == sum(range(2000)) - 1
    nested = "x"
    for n in range(3000):
        nested = f"if(x < {n}, {nested}, 2)" if n % 2 else f"if(x < {n + 1}, {nested}, 3)"
    assert sweep(nested, x=-1).value == -1
