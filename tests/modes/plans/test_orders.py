"""Evaluation orders put arguments before users, and hold no more than they must."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adcalc.errors import UsageError
from adcalc.graph.graph import Graph
from adcalc.modes.plans.orders import ORDERS, arranged, layers


def graph_of(choices):
    """A graph of one input whose nodes apply sin or add to earlier ones."""
    graph = Graph()
    graph.input("x")
    for left, right in choices:
        count = len(graph)
        graph.apply("add", left % count, right % count)
    return graph


@pytest.mark.parametrize("order", ORDERS)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=30))
def test_arguments_come_before_their_users(order, choices):
    graph = graph_of(choices)
    nodes = graph.live(len(graph) - 1)
    way = arranged(graph, nodes, len(graph) - 1, order)
    place = {node: number for number, node in enumerate(way.nodes)}
    assert sorted(way.nodes) == nodes
    assert all(place[argument] < place[node] for node in nodes for argument in graph.nodes[node].args)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=30))
def test_what_is_held_is_what_is_still_needed(choices):
    graph = graph_of(choices)
    output = len(graph) - 1
    nodes = graph.live(output)
    way = arranged(graph, nodes, output, "depth-first")
    most = 0
    for number in range(len(way.nodes)):
        done, later = set(way.nodes[: number + 1]), way.nodes[number:]
        needed = {argument for node in later for argument in graph.nodes[node].args}
        most = max(most, len({node for node in done if node in needed or node in (way.nodes[number], output)}))
    assert way.held == most


def test_a_layered_network_holds_two_layers_at_most():
    graph = Graph()
    row = [graph.input(f"x{k}") for k in range(4)]
    for _ in range(10):
        row = [graph.apply("add", row[k], row[(k + 1) % 4]) for k in range(4)]
    while len(row) > 1:
        row = [graph.apply("mul", *row[:2]), *row[2:]]
    way = arranged(graph, graph.live(row[0]), row[0], "layered")
    assert way.held == 8
    assert way.layers == 14
    assert max(layers(graph, way.nodes).values()) == 13


def test_constants_are_not_held():
    from fractions import Fraction

    graph = Graph()
    output = graph.apply("add", graph.input("x"), graph.constant(Fraction(2)))
    assert arranged(graph, graph.live(output), output, "creation").held == 2


def test_an_unknown_order_is_named_with_a_suggestion():
    with pytest.raises(UsageError) as caught:
        arranged(Graph(), [], 0, "layred")
    assert "layered" in caught.value.hint
