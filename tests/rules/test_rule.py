"""A rule: the graph of a row, and striking out what does not flow."""

import pytest

from adcalc.errors import Source, UsageError
from adcalc.graph.graph import Graph
from adcalc.rules.rule import strike
from adcalc.rules.table import Table, standard


def rule(text):
    name = text.removeprefix("d ").split("(")[0]
    return Table(Source(text)).rule(name)


def test_a_rule_knows_its_clauses():
    power = standard().rule("pow")
    assert [(clause.kind, clause.parameter) for clause in power.clauses] == [
        ("on", None),
        ("smooth", 0),
        ("smooth", 1),
    ]
    (kink,) = standard().rule("max").clauses
    assert (kink.kind, kink.slope is None) == ("kink", False)


def test_the_inputs_of_a_rule_are_parameters_value_and_d_names():
    product = standard().rule("mul")
    labels = [product.graph.nodes[node].label for node in range(5)]
    assert labels == ["u", "w", "v", "du", "dw"]
    assert [product.graph.nodes[node].label for node in product.d_inputs()] == ["du", "dw"]


def test_a_d_name_may_be_missing_and_then_there_is_no_slope_by_it():
    assert [standard().rule("besselj").mentions(argument) for argument in (0, 1)] == [False, True]


@pytest.mark.parametrize(
    "text", ["d f(u) = du", "d f(u) = -2*du/u + u*du", "d f(u, w) = if(u > w, du, dw)", "d f(u) = 0*du", "d f(u) = 0"]
)
def test_linear_differentials_are_accepted(text):
    assert rule(text).differential >= 0


@pytest.mark.parametrize(
    "text",
    [
        "d f(u) = du*du",
        "d f(u) = f(du)",
        "d f(u) = 1/du",
        "d f(u) = u",
        "d f(u, w) = du + 1",
        "d f(u) = if(du > 0, du, du)",
    ],
)
def test_everything_else_is_no_differential(text):
    with pytest.raises(UsageError, match="not linear"):
        rule(text)


@pytest.fixture
def parts():
    graph = Graph()
    return graph, *(graph.input(name) for name in ("u", "du", "dw"))


def test_striking_out_leaves_the_other_terms(parts):
    graph, u, du, dw = parts
    short = Graph()
    left = strike(graph, graph.apply("sub", dw, graph.apply("mul", u, du)), [dw], short)
    assert [node.op for node in short.nodes] == ["input", "input", "mul", "neg"]
    assert short.nodes[left].op == "neg"


@pytest.mark.parametrize("op", ["mul", "div", "neg"])
def test_what_only_carries_the_absent_is_absent(parts, op):
    graph, u, du, _ = parts
    term = graph.apply(op, du) if op == "neg" else graph.apply(op, du, u)
    assert strike(graph, term, [du], Graph()) is None


def test_an_absent_side_of_a_choice_is_zero(parts):
    graph, u, du, dw = parts
    choice = graph.apply("if", graph.apply("gt", u, u), du, dw)
    short = Graph()
    left = strike(graph, choice, [dw], short)
    assert [short.nodes[node].op for node in short.nodes[left].args] == ["gt", "input", "constant"]
    assert strike(graph, choice, [du, dw], Graph()) is None
