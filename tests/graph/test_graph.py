"""The graph: append-only, hash-consed, arguments before users."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adcalc.graph.graph import Graph
from adcalc.graph.node import Node


@pytest.fixture
def graph():
    return Graph()


def test_ids_are_places(graph):
    x, y = graph.input("x"), graph.input("y")
    product = graph.apply("mul", x, y)
    assert (x, y, product) == (0, 1, 2)
    assert graph.nodes[product] == Node("mul", (0, 1), None)
    assert len(graph) == 3


def test_the_same_node_is_the_same_id(graph):
    x = graph.input("x")
    assert graph.input("x") == x
    assert graph.apply("sin", x) == graph.apply("sin", x)
    assert graph.constant(Fraction(1, 2)) == graph.constant(Fraction("0.5"))
    assert len(graph) == 3


def test_the_order_of_arguments_counts(graph):
    x, y = graph.input("x"), graph.input("y")
    assert graph.apply("add", x, y) != graph.apply("add", y, x)


def test_an_input_and_a_constant_of_the_same_spelling_differ(graph):
    assert graph.input("2") != graph.constant(Fraction(2))


def test_different_operations_on_the_same_arguments_differ(graph):
    x = graph.input("x")
    assert len({graph.apply(op, x) for op in ("sin", "cos", "tan")}) == 3


def test_live_is_ascending_and_contains_the_outputs(graph):
    x, y = graph.input("x"), graph.input("y")
    unused = graph.apply("sin", y)
    used = graph.apply("cos", x)
    output = graph.apply("add", used, x)
    assert graph.live(output) == [x, used, output]
    assert unused not in graph.live(output)
    assert graph.live(output, unused) == [x, y, unused, used, output]
    assert graph.live() == []


def test_inputs_are_those_that_matter(graph):
    x, y = graph.input("x"), graph.input("y")
    output = graph.apply("sin", y)
    assert graph.inputs(graph.live(output)) == [y]
    assert graph.inputs(graph.live(output, x)) == [x, y]


def test_adopt_takes_a_node_of_another_graph(graph):
    x = graph.input("x")
    assert graph.adopt(Node("input", (), "x")) == x
    assert graph.adopt(Node("sin", (x,), None)) == graph.apply("sin", x)


def test_shapes_are_scalar_unless_said(graph):
    assert graph.shape(graph.input("x")) == ()
    assert graph.shape(graph.input("v", (3,))) == (3,)


def test_a_deep_graph_is_walked_without_recursion(graph):
    node = graph.input("x")
    for _ in range(100_000):
        node = graph.apply("sin", node)
    assert len(graph.live(node)) == 100_001


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.lists(
        st.tuples(st.sampled_from(["add", "mul", "sub"]), st.integers(0, 10**6), st.integers(0, 10**6)), max_size=40
    )
)
def test_arguments_come_before_users_and_nothing_is_stored_twice(steps):
    graph = Graph()
    ids = [graph.input("x"), graph.input("y")]
    for op, left, right in steps:
        ids.append(graph.apply(op, ids[left % len(ids)], ids[right % len(ids)]))
    assert all(argument < node for node, step in enumerate(graph.nodes) for argument in step.args)
    assert len(set(graph.nodes)) == len(graph.nodes)
    live = graph.live(ids[-1])
    assert live == sorted(set(live))
    assert all(argument in live for node in live for argument in graph.nodes[node].args)
