"""Rules printed as functions: pull, push, clauses and values of single operations."""

import math

import pytest

from adcalc.arithmetics.real import Real
from adcalc.arithmetics.symbolic import Symbolic
from adcalc.errors import Source
from adcalc.graph.graph import Graph
from adcalc.rules.compiled import Compiled
from adcalc.rules.table import Table, standard


@pytest.fixture
def rules():
    return Compiled(standard(), Real())


def test_only_the_active_arguments_are_evaluated(rules):
    assert rules.pull("pow", (0,))(1.0, -8.0, -2.0, 3.0) == 12.0
    assert rules.push("pow", (0,))(-8.0, -2.0, 3.0, 1.0) == 12.0
    with pytest.raises(ValueError, match="domain"):
        rules.pull("pow", (0, 1))(1.0, -8.0, -2.0, 3.0)


def test_several_active_arguments_give_a_tuple_one_gives_a_number(rules):
    assert rules.pull("div", (0, 1))(1.0, 3.0, 6.0, 2.0) == (0.5, -1.5)
    assert rules.pull("div", (1,))(1.0, 3.0, 6.0, 2.0) == -1.5


def test_a_push_adds_the_terms(rules):
    assert rules.push("mul", (0, 1))(6.0, 2.0, 3.0, 10.0, 100.0) == 230.0


def test_nothing_flows_through_a_step(rules):
    assert not rules.active("floor", (0,))
    assert rules.active("mod", (0,))
    assert rules.active("besselj", (0,))  # there is a slope by the order, and no rule for it


def test_conditions_and_slopes_of_clauses(rules):
    assert rules.condition("max", 0)(1.0, 1.0, 1.0)
    assert not rules.condition("max", 0)(2.0, 1.0, 2.0)
    assert rules.slope("max", 0, (0, 1))(1.0, 1.0, 1.0, -3.0, 5.0) == 5.0
    assert rules.slope("abs", 0, (0,))(0.0, 0.0, -2.0) == 2.0


def test_a_definition_checks_the_domain_of_its_row(rules):
    assert rules.value("acoth")(2.0) == pytest.approx(math.atanh(0.5), rel=1e-15)
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        rules.value("acoth")(0.5)
    assert caught.value.args == ()  # the words are found where the place in the text is known


def test_the_side_of_a_choice_that_is_not_taken_is_not_evaluated(rules):
    assert rules.value("sinc")(0.0) == 1.0
    assert rules.pull("pow", (0,))(1.0, 1.0, 0.0, 0.0) == 0.0


def test_no_name_of_a_user_reaches_the_compiler():
    table = Table(Source("d f(return_, __import__) = __import__*dreturn_\nf(return_, __import__) = return_\n"))
    rules = Compiled(table, Real())
    assert rules.value("f")(2.0, 3.0) == 2.0
    assert rules.pull("f", (0,))(1.0, 2.0, 2.0, 3.0) == 3.0


def test_a_row_may_be_longer_than_brackets_in_brackets_that_python_reads():
    terms = " + ".join(f"sin({k}*u)" for k in range(1, 300))
    row = f"d f(u) = ({terms})*du\nf(u) = if(u < 0, u, {terms})\nd sin(u) = cos(u)*du\nd cos(u) = -sin(u)*du\n"
    rules = Compiled(Table(Source(row)), Real())
    true = math.fsum(math.sin(k * 1.2) for k in range(1, 300))
    assert rules.value("f")(1.2) == pytest.approx(true, rel=1e-12)
    assert rules.value("f")(-1.2) == -1.2
    assert rules.pull("f", (0,))(2.0, 0.0, 1.2) == pytest.approx(2.0 * true, rel=1e-12)


def test_what_is_shared_on_a_side_of_a_choice_is_written_and_computed_once():
    text, expected = "u", 0.5
    for _ in range(59):
        text, expected = f"(({text})^2 - 1/3)", expected * expected - 1.0 / 3.0
    rules = Compiled(Table(Source(f"d f(u) = du\nf(u) = if(u > 0, {text}, u)\n")), Real())
    assert rules.value("f")(0.5) == expected
    assert rules.value("f")(-2.0) == -2.0


def test_nodes_are_numbers_too():
    graph = Graph()
    x = graph.input("x")
    rules = Compiled(standard(), Symbolic(graph))
    value = rules.value("sin")(x)
    bar = graph.input("bar")
    slope = graph.nodes[rules.pull("sin", (0,))(bar, value, x)]
    assert (slope.op, [graph.nodes[node].op for node in slope.args]) == ("mul", ["cos", "input"])
