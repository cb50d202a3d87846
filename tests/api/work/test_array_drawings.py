"""Graphs of arrays as data: shapes, data as one node, and what flows."""

import numpy as np
import pytest

from adcalc.api import function
from adcalc.errors import UsageError
from adcalc.render.dot import dot
from adcalc.render.mermaid import mermaid
from adcalc.render.svg import svg
from adcalc.render.text import text
from adcalc.render.trace_json import drawing as as_json
from adcalc.render.tree import tree

TEXT = "Y = X @ [[1, 2], [3, 4]].T; L = sum(max(Y, 0)^2); L"
POINT = {"X": [[1, -1], [2, 0.5]]}


def by_name(drawing):
    return {node.name: node for node in drawing.nodes}


def test_every_node_has_its_shape():
    shapes = {name: node.shape for name, node in by_name(function(TEXT).graph(POINT)).items()}
    assert shapes == {
        "X": (2, 2),
        "[[1, 2], [3, 4]]": (2, 2),
        "c1": (2, 2),
        "Y": (2, 2),
        "0": (),
        "v1": (2, 2),
        "2": (),
        "v2": (2, 2),
        "L": (),
    }


def test_the_names_and_numbers_are_those_of_the_trace():
    drawing, trace = function(TEXT).graph(POINT), function(TEXT).trace(POINT, detail="all")
    drawn = by_name(drawing)
    for node in trace.nodes:
        np.testing.assert_array_equal(drawn[node.name].value, node.value)
        np.testing.assert_array_equal(drawn[node.name].adjoint, node.adjoint)
    flows = {(edge.source, edge.target): edge.formula for edge in drawing.edges if edge.formula}
    for edge in trace.edges:
        assert flows[edge.source, edge.target] == edge.formula


def test_without_a_point_there_are_shapes_where_the_text_has_them():
    drawing = function("sum([[1, 2], [3, 4]]*s)").graph()
    assert [node.shape for node in drawing.nodes if node.op == "mul"] == [(2, 2)]
    assert all(node.value is None for node in drawing.nodes)


def test_where_the_shapes_decide_they_are_asked_for():
    with pytest.raises(UsageError, match="shapes of X"):
        function("sum(X @ X)").graph()


def test_every_format_shows_the_shapes():
    drawing = function(TEXT).graph(POINT)
    assert "Y = X @ c1  (2x2)" in text(tree("…", drawing))
    assert 'label="Y = X @ c1  (2x2)' in dot(drawing)
    assert 'label="dL/dY @ [[1, 2], [3, 4]]"' in dot(drawing)
    assert "Y #61; X #64; c1  (2x2)" in mermaid(drawing)
    picture = svg(drawing)
    assert '<tspan class="shape">  2x2</tspan>' in picture
    assert "what the adjoint hands down" in picture
    assert '"shape": [2, 2]' in as_json(drawing)


def test_large_arrays_keep_their_place():
    drawing = function("Y = 2*X; L = sum(Y); L").graph(X=np.ones((30, 50)))
    lines = text(tree("…", drawing)).split("\n")
    assert any("norm 38.72983" in line for line in lines)
    assert "null" not in text(tree("…", drawing))


def test_a_condition_has_a_name_of_its_own():
    names = set(by_name(function("sum(where(X > 1, X^2, X))").graph(X=[0.5, 2.0])))
    assert {"X", "v1", "v2", "v3", "c1"} <= names
