"""A graph for Graphviz: read back by a reader of the few forms that are written."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adcalc.api import function
from adcalc.api.work.drawings import draw
from adcalc.render.dot import dot, label
from adcalc.results.trace import Drawing, TraceNode

QUOTED = r'"((?:[^"\\]|\\.)*)"'
NODE = re.compile(rf'  n(\d+) \[label={QUOTED}((?:, \w+=(?:\w+|"[^"]*"))*)\];')
EDGE = re.compile(rf"  n(\d+) -> n(\d+)(?: \[label={QUOTED}\])?;")


def read(text):
    """The labels of nodes and edges, and the marks of nodes; nothing else may be there."""
    first, *lines, last = text.split("\n")
    assert (first, last) == ("digraph {", "}")
    nodes, edges, marks = {}, {}, {}
    for line in lines[2:]:
        node, edge = NODE.fullmatch(line), EDGE.fullmatch(line)
        assert node or edge, line
        if node:
            nodes[int(node[1])] = unquoted(node[2])
            marks[int(node[1])] = node[3]
        else:
            edges[int(edge[1]), int(edge[2])] = edge[3]
    return nodes, edges, marks


def unquoted(words):
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], words)


def test_a_graph_and_its_numbers():
    nodes, edges, marks = read(dot(draw(function("x^2*y"), {"x": 3, "y": 2})))
    assert nodes == {
        0: "x\nvalue 3\nadjoint 12",
        1: "2",
        2: "v1 = x^2\nvalue 9\nadjoint 2",
        3: "y\nvalue 2\nadjoint 9",
        4: "v2 = v1*y\nvalue 18\nadjoint 1",
    }
    assert edges == {(0, 2): "6", (1, 2): None, (2, 4): "2", (3, 4): "9"}
    assert [node for node, mark in marks.items() if "penwidth=2" in mark] == [4]
    assert "plaintext" in marks[1]


def test_without_a_point_there_are_no_numbers():
    nodes, edges, _ = read(dot(draw(function("cos(x*y) + y"))))
    assert list(nodes.values()) == ["x", "y", "v1 = x*y", "v2 = cos(v1)", "v3 = v2 + y"]
    assert set(edges.values()) == {None}


def test_what_was_not_evaluated_is_grey():
    drawing = draw(function("if(x < 1, x^2, log(-x))"), {"x": 0})
    _, _, marks = read(dot(drawing))
    grey = [node.text for node in drawing.nodes if "gray" in marks[node.id]]
    assert grey == ["-x", "log(v3)"]


@pytest.mark.parametrize("name", ['a"b', "a\\", "a\\n", '"];', "<b>", "数"])
def test_names_are_quoted(name):
    nodes, _, _ = read(dot(draw(function(f"`{name}`^2"))))
    assert nodes[0] == name
    assert nodes[2] == f"v1 = {'' if name == '数' else '`'}{name}{'' if name == '数' else '`'}^2"


@settings(max_examples=100)
@given(st.text(st.characters(exclude_characters="\0\r\n"), min_size=1))
def test_every_label_can_be_read_back(name):
    node = TraceNode(0, name, "input", (), name)
    nodes, _, _ = read(dot(Drawing("x", {}, 0, (node,), ())))
    assert nodes == {0: name}


def test_labels():
    assert label(TraceNode(0, "1/2", "constant", (), "1/2", 0.5)) == "1/2"
    assert label(TraceNode(0, "pi", "pi", (), "pi", 3.141592653589793)) == "pi\nvalue 3.141593"
    assert label(TraceNode(2, "v1", "lt", (0, 1), "x < 1", False)) == "v1 = x < 1\nvalue false"
