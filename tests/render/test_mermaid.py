"""A graph for Mermaid: read back by a reader of the few forms that are written."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adcalc.api import function
from adcalc.api.work.drawings import draw
from adcalc.render.mermaid import mermaid
from adcalc.results.trace import Drawing, TraceNode

NODE = re.compile(r'  n(\d+)(\(\[|\(\(|\[)"([^"]*)"(\]\)|\)\)|\])')
EDGE = re.compile(r'  n(\d+) (?:-->|-- "([^"]*)" -->) n(\d+)')
CLOSING = {"([": "])", "((": "))", "[": "]"}


def read(text):
    first, *lines, last = text.split("\n")
    assert first == "flowchart TB"
    nodes, edges, shapes = {}, {}, {}
    for line in lines:
        node, edge = NODE.fullmatch(line), EDGE.fullmatch(line)
        assert node or edge, line
        if node:
            assert CLOSING[node[2]] == node[4]
            nodes[int(node[1])] = "\n".join(plain(part) for part in node[3].split("<br>"))
            shapes[int(node[1])] = node[2]
        else:
            edges[int(edge[1]), int(edge[3])] = edge[2]
    return nodes, edges, shapes, int(re.fullmatch(r"  style n(\d+) stroke-width:3px", last)[1])


def plain(words):
    bare = re.sub(r"#\d+;", "", words)
    assert not set(bare) & set('<>&"#`;{}[]|\\*='), words
    return re.sub(r"#(\d+);", lambda found: chr(int(found[1])), words)


def test_a_graph_and_its_numbers():
    nodes, edges, shapes, result = read(mermaid(draw(function("x^2*y"), {"x": 3, "y": 2})))
    assert nodes[0] == "x\nvalue 3\nadjoint 12"
    assert nodes[2] == "v1 = x^2\nvalue 9\nadjoint 2"
    assert edges == {(0, 2): "6", (1, 2): None, (2, 4): "2", (3, 4): "9"}
    assert shapes == {0: "([", 1: "((", 2: "[", 3: "([", 4: "["}
    assert result == 4


def test_signs_of_the_language_are_written_by_number():
    text = mermaid(draw(function('if(`a"<b>`*2 < 1, 1, `a"<b>`)')))
    assert "a#34;#60;b#62;" in text
    assert read(text)[0][0] == 'a"<b>'


@pytest.mark.parametrize("number", [-1e-20, 1e300, 0.1, -2.5])
def test_numbers_on_edges(number):
    _, edges, _, _ = read(mermaid(draw(function("x*y"), {"x": number, "y": 1})))
    assert float(edges[1, 2]) == number


@settings(max_examples=100)
@given(st.text(st.characters(exclude_characters="\n\r"), min_size=1))
def test_every_label_can_be_read_back(name):
    nodes, _, _, _ = read(mermaid(Drawing("x", {}, 0, (TraceNode(0, name, "input", (), name),), ())))
    assert nodes == {0: name}
