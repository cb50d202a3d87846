"""What the nodes of a program are called where its work is shown."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adcalc.errors import Source
from adcalc.graph.graph import Graph
from adcalc.rules.table import standard
from adcalc.syntax.lower import lower
from adcalc.syntax.naming import node_names, operation_text
from adcalc.syntax.parser import parse


def named(text):
    """The lowered program, its live nodes, and their names."""
    lowered = lower(parse(Source(text)), standard())
    live = lowered.graph.live(lowered.output)
    return lowered, live, node_names(lowered, live)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cos(x*y)+y", ["x", "y", "v1", "v2", "v3"]),
        ("f(u,v) = u/2 + v; a = x^2; b = x^3; f(a, b)", ["x", "a", "b", "v1", "f"]),
        ("a = x*y; b = sin(a); a + b", ["x", "y", "a", "b", "v1"]),
        ("f(u) = u + 2; 2*f(x)", ["x", "v1", "v2"]),  # the call is not the value
        ("f(u) = u + 2; a = f(x); a", ["x", "a"]),  # an assignment comes before a function
        ("f(u) = u; a = x^2; f(a)", ["x", "a"]),
        ("f(u) = u; f(x)", ["x"]),
        ("f(u) = u^2; f = x*3; f(f)", ["x", "f", "f1"]),  # functions and values have names of their own
        ("f(u) = u^2; f(f)", ["f", "f1"]),
        ("f(u) = u + 1\n\nf(x)  # the value", ["x", "f"]),
        ("sin(x)", ["x", "v1"]),  # nobody defined sine here
        ("v1*sin(v2) + v4", ["v1", "v2", "v3", "v5", "v4", "v6"]),
        ("v1 = x + y; v1*x*y", ["x", "y", "v1", "v2", "v3"]),
        ("a = a + 1; a = a*2; a^2", ["a", "a1", "a2", "v1"]),
        ("a = x + 1; a = a*2; a = a^2; a", ["x", "a1", "a2", "a"]),  # the last of the name has it
        ("a = x; a*2", ["x", "v1"]),
        ("a1 = x + 1; a = x^2; a = a + 3; a1 + a", ["x", "a1", "a2", "a", "v1"]),
        ("`flow rate` = x*2; `flow rate` + `my y`", ["x", "flow rate", "my y", "v1"]),
        ("2*pi*x", ["pi", "v1", "x", "v2"]),
        ("a = 3; a*x", ["x", "v1"]),
        ("if(x < 1, x^2, y)", ["x", "v1", "v2", "y", "v3"]),
    ],
)
def test_names(text, expected):
    assert list(named(text)[2].values()) == expected


def test_a_variable_may_have_the_name_of_a_constant():
    lowered = lower(parse(Source("asin(pi) + acos(pi)*2")), standard(), frozenset({"pi"}))
    assert "pi" in node_names(lowered, lowered.graph.live(lowered.output)).values()
    graph = lowered.graph
    graph.apply("pi")  # the constant itself, such as a definition of the library uses
    assert list(node_names(lowered, range(len(graph.nodes))).values()).count("pi") == 1


def test_only_the_nodes_that_are_asked_for_are_counted():
    lowered, live, _ = named("sin(x) + cos(x)")
    assert node_names(lowered, live[-1:]) == {live[-1]: "v1"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cos(x*y)+y", ["x", "y", "x*y", "cos(v1)", "v2 + y"]),
        ("f(u,v) = u/2 + v; a = x^2; b = x^3; f(a, b)", ["x", "2", "x^2", "3", "x^3", "a/2", "v1 + b"]),
        ("-(x + y)^2", ["x", "y", "x + y", "2", "v1^2", "-v2"]),
        ("x*x", ["x", "x*x"]),
        ("-0.5*x^(-1/3)", ["-1/2", "x", "-1/3", "x^(-1/3)", "-1/2*v1"]),
        ("`my x`^2", ["`my x`", "2", "`my x`^2"]),
        ("e^x", ["x", "exp(x)"]),
        ("x*e", ["x", "1", "e", "x*v1"]),
        ("2*pi", ["2", "pi", "2*pi"]),
        ("if(0 < x and x < 1, x, 1)", ["0", "x", "0 < x", "1", "x < 1", "v1 and v2", "if(v3, x, 1)"]),
        ("max(x, y, 2)", ["x", "y", "2", "max(x, y)", "max(v1, 2)"]),
    ],
)
def test_operations_over_names(text, expected):
    lowered, live, names = named(text)
    assert [operation_text(lowered.graph, node, names) for node in live] == expected


def test_arguments_without_a_name_are_written_in_full():
    lowered, live, _ = named("`a b` = x^2; sin(`a b` + 1)*`a b`")
    known = lowered.names
    assert operation_text(lowered.graph, live[-1], known) == "sin(`a b` + 1)*`a b`"
    (square,) = known
    assert operation_text(lowered.graph, square, known) == "x^2"


@given(st.lists(st.sampled_from(["v", "v1", "v2", "a", "a1", "f"]), min_size=1, max_size=8))
def test_no_two_nodes_have_the_same_name(targets):
    steps = [f"{name} = {name}*x + {number}" for number, name in enumerate(targets, 2)]
    _, live, names = named("f(f) = f^3; " + "; ".join(steps) + f"; f({'+'.join(dict.fromkeys(targets))})")
    assert len(set(names.values())) == len(names)
    assert names[live[-1]] not in targets


def test_an_operation_costs_no_more_in_a_large_graph():
    graph = Graph()
    node = graph.input("x")
    names = {node: "x"}
    for number in range(20_000):
        node = graph.apply("add", node, graph.constant(Fraction(number)))
        names[node] = f"v{number}"
    assert [operation_text(graph, node, names) for node in names][-1] == "v19998 + 19999"
