"""What is printed parses and lowers back to the same node, at any depth, and shared parts are printed once."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adcalc.errors import Source
from adcalc.graph.count import operations, tree_operations
from adcalc.graph.graph import Graph
from adcalc.rules.table import standard
from adcalc.syntax.lower import lower
from adcalc.syntax.numeral import number_text
from adcalc.syntax.parser import parse
from adcalc.syntax.unparse import unparse, unparse_program


def lowered(text):
    return lower(parse(Source(text)), standard())


def printed(text):
    result = lowered(text)
    return unparse(result.graph, result.output)


def again(graph, node):
    """The same node, read from its text; the graph's inputs keep their ids."""
    text = unparse(graph, node)
    result = lowered(text)
    return unparse(result.graph, result.output), text


@pytest.mark.parametrize(
    "text",
    [
        "x + y - z",
        "x - (y - z)",
        "x + (y + z)",
        "x*y/z",
        "x/(y*z)",
        "x/(y/z)",
        "x*(y*z)",
        "(x + y)*z",
        "x^y^z",
        "(x^y)^z",
        "x^-y",
        "x^-2",
        "x^-y^2",
        "x^(-y*z)",
        "(-x)^2",
        "-x^2",
        "-x*y",
        "-(x + y)",
        "x - (-y)",
        "x*(-y)",
        "-(-x)",
        "(-2)^x",
        "2^x",
        "(1/3)^x",
        "1/3*x",
        "x^(1/2)",
        "x^(3/2)",
        "0.1*x",
        "2.5*x",
        "1e400*x",
        "x % 3",
        "x*y % z",
        "(x % y)*z",
        "-(x % y)",
        "x % (y*z)",
        "if(x > 0 and not x == 1 or y != 2, x, -x)",
        "if((x > 0 or y > 0) and z > 0, x, y)",
        "if(not (x > 0 and y > 0), x, y)",
        "atan2(x, -y)",
        "e*pi + x",
        "exp(x)",
        "`flow rate`*`if`",
        "Δx + theta_1",
        "gamma(x + 1)",
        "max(x, y)",
    ],
)
def test_prints_what_was_typed(text):
    assert printed(text) == text


@pytest.mark.parametrize(
    ("text", "expected"), [("x**2", "x^2"), ("2x", "2*x"), ("+x", "x"), ("(((x)))", "x"), ("x²", "x^2")]
)
def test_has_one_spelling(text, expected):
    assert printed(text) == expected


def test_a_variable_named_e_is_not_the_constant():
    graph = Graph()
    e = graph.input("e")
    node = graph.apply("add", e, graph.apply("exp", graph.constant(Fraction(1))))
    assert unparse(graph, node) == "e + exp(1)"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(1, 3), "1/3"),
        (Fraction(-1, 3), "-1/3"),
        (Fraction(1, 10), "0.1"),
        (Fraction(5, 2), "2.5"),
        (Fraction(10) ** 400, "1e400"),
        (Fraction(10) ** -300, "1e-300"),
        (Fraction(12345), "12345"),
        (Fraction(1, 2**20), "1/1048576"),
    ],
)
def test_numbers(value, text):
    assert number_text(value) == text


@given(st.fractions())
def test_numbers_read_back(value):
    graph = lowered("x").graph
    text = unparse(graph, graph.constant(value))
    result = lowered(text)
    assert result.graph.nodes[result.output].label == value


def test_long_numbers_read_back():
    value = Fraction(7**20000, 3)
    result = lowered(number_text(value))
    assert result.graph.nodes[result.output].label == value


@st.composite
def graphs(draw):
    graph = Graph()
    nodes = [graph.input("x"), graph.input("y"), graph.constant(Fraction(2)), graph.constant(Fraction(-1, 3))]
    for _ in range(draw(st.integers(1, 12))):
        op = draw(st.sampled_from(["add", "sub", "mul", "div", "pow", "mod", "neg", "sin", "atan2"]))
        args = [draw(st.sampled_from(nodes)) for _ in range(1 if op in ("neg", "sin") else 2)]
        nodes.append(graph.apply(op, *args))
    return graph, nodes[-1]


@settings(max_examples=300, deadline=None)
@given(graphs())
def test_printing_reaches_a_fixed_point(case):
    graph, node = case
    second, first = again(graph, node)
    result = lowered(first)
    assert unparse(result.graph, result.output) == second
    result = lowered(second)
    assert unparse(result.graph, result.output) == second


@pytest.mark.parametrize("op", ["sin", "neg", "pow", "add", "if"])
def test_deep_nests_print(op):
    graph = Graph()
    x = node = graph.input("x")
    condition = graph.apply("gt", x, graph.constant(Fraction(0)))
    for _ in range(100_000):
        args = {"sin": (node,), "neg": (node,), "if": (condition, x, node)}.get(op, (x, node))
        node = graph.apply(op, *args)
    assert len(unparse(graph, node)) > 100_000


def test_names_stand_for_nodes():
    graph = Graph()
    sine = graph.apply("sin", graph.input("x"))
    assert unparse(graph, graph.apply("pow", sine, sine), {sine: "s"}) == "s^s"


def test_shared_parts_are_named_where_the_text_would_grow():
    graph = Graph()
    node = graph.input("a")
    for _ in range(50):
        node = graph.apply("mul", graph.apply("sin", node), node)
    statements, (text,) = unparse_program(graph, [node])
    names = [name for name, _ in statements]
    assert "a" not in names
    assert "e" not in names
    assert len(names) == len(set(names))
    program = ";".join([*(f"{name} = {value}" for name, value in statements), text])
    assert len(program) < 2000
    result = lowered(program)
    assert operations(result.graph, result.output) == operations(graph, node) == 100
    assert tree_operations(graph, node) == 2 * (2**50 - 1)


def test_short_texts_have_no_names():
    result = lowered("sin(x)*sin(x) + sin(x)")
    assert unparse_program(result.graph, [result.output]) == ([], ["sin(x)*sin(x) + sin(x)"])
