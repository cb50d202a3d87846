"""The picture of a graph: everything is in it once, inside its frame, and nothing covers anything."""

import re
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adcalc.api import function
from adcalc.api.work.drawings import draw
from adcalc.errors import LimitError
from adcalc.render.svg import MOST, STYLE, svg
from adcalc.results.trace import Drawing, TraceEdge, TraceNode

SVG = "{http://www.w3.org/2000/svg}"
NOTES = "f(u, v) = u/2 + v; a = x^2; b = x^3; f(a, b)"


def parsed(picture):
    return ET.fromstring(picture)


def classes(element):
    return element.get("class", "").split()


def all_of(root, name):
    return [element for element in root.iter() if name in classes(element)]


def text(element):
    return "".join(element.itertext())


def frame(root):
    x, y, width, height = map(float, root.get("viewBox").split())
    return x, y, x + width, y + height


def rectangle(element):
    x, y, width, height = (float(element.get(key)) for key in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def extent(element):
    """The rectangle of a text: letters of the font of fixed width are six tenths of their height wide."""
    size = 12 if {"value", "adjoint", "partial", "quiet"} & set(classes(element)) else 14
    width = len(text(element)) * size * 0.602
    x, y = float(element.get("x")), float(element.get("y"))
    left = x - width * {"middle": 0.5, "end": 1}.get(element.get("text-anchor"), 0)
    return left, y - 0.8 * size, left + width, y + 0.2 * size


def inside(inner, outer):
    return inner[0] >= outer[0] and inner[1] >= outer[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


def apart(one, other):
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def check(root):
    """What holds of every picture."""
    boxes = [rectangle(box) for box in all_of(root, "box")]
    labels = [extent(label) for label in all_of(root, "partial") if label.tag == f"{SVG}text"]
    for one, other in combinations(boxes + labels, 2):
        assert apart(one, other)
    assert all(inside(box, frame(root)) for box in boxes)
    assert all(inside(label, frame(root)) for label in labels)
    for node in all_of(root, "node"):
        (box,) = (child for child in node if "box" in classes(child))
        words = [extent(child) for child in node if child.tag == f"{SVG}text"]
        assert all(inside(word, rectangle(box)) for word in words)
        assert all(apart(one, other) for one, other in combinations(words, 2))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("steps", [False, True])
@pytest.mark.parametrize("point", [None, {"x": 0.5}])
def test_everything_is_there(steps, point):
    drawing = draw(function(NOTES), point)
    root = parsed(svg(drawing, steps))
    ids = {element.get("id") for element in root.iter()}
    assert {f"node-{node.id}" for node in drawing.nodes} <= ids
    assert {f"edge-{edge.source}-{edge.target}" for edge in drawing.edges} <= ids
    assert len(all_of(root, "edge")) == len(drawing.edges)
    assert [text(element) for element in all_of(root, "name")] == ["x", "a", "b", "v1", "f"]
    assert [text(element) for element in all_of(root, "op") if element.tag == f"{SVG}tspan"] == [
        " = x^2",
        " = x^3",
        " = a/2",
        " = v1 + b",
    ]
    check(root)


def test_numbers_are_on_nodes_and_edges():
    root = parsed(svg(draw(function(NOTES), {"x": 0.5})))
    numbers = {
        node.get("id"): [text(child) for child in node if child.tag == f"{SVG}text"][1:]
        for node in all_of(root, "node")
    }
    assert numbers["node-0"] == ["0.5", "1.25"]
    assert numbers["node-2"] == ["0.25", "0.5"]
    assert numbers["node-6"] == ["0.25", "1"]
    partials = {
        edge.get("id"): text(child) for edge in all_of(root, "edge") for child in edge if "partial" in classes(child)
    }
    assert partials == {"edge-0-2": "1", "edge-0-4": "0.75", "edge-2-5": "0.5", "edge-5-6": "1", "edge-4-6": "1"}
    assert [text(element) for element in all_of(root, "quiet")] == ["value", "adjoint", "partial derivative"]


def test_a_constant_stands_beside_each_of_its_users():
    root = parsed(svg(draw(function("x/2 + y/2"))))
    constants = all_of(root, "constant")
    assert [text(element) for element in constants] == ["22", "22"]  # the title, and what is to be seen
    assert [element.get("id") for element in constants] == ["node-1", "node-1-in-4"]


def test_the_result_and_what_was_not_needed_are_marked():
    root = parsed(svg(draw(function("if(x < 1, x^2, log(-x))"), {"x": 0})))
    (result,) = all_of(root, "output")
    assert text(result).startswith("v5 = if(v1, v2, v4)")
    unused = {element.get("id") for element in all_of(root, "unused")}
    assert unused == {"node-5", "node-6", "edge-0-5", "edge-5-6", "edge-6-7"}
    assert [text(element) for element in all_of(root, "value") if element.tag == f"{SVG}text"][1] == "true"


def test_a_page_has_a_style_of_its_own():
    drawing = draw(function("x*y"), {"x": 2, "y": 3})
    alone, part = svg(drawing), svg(drawing, steps=True)
    assert STYLE in alone
    assert "prefers-color-scheme: dark" in STYLE
    assert "<style" not in part
    assert not all_of(parsed(part), "legend")
    assert all(rule.strip().startswith((".drawing", "@media", "}", "--", "fill")) for rule in STYLE.split("\n"))
    assert "http://" not in alone.replace('xmlns="http://www.w3.org/2000/svg"', "")


def test_a_page_has_texts_to_fill():
    root = parsed(svg(draw(function("if(x < 1, x^2, log(-x))"), {"x": 0}), steps=True))
    for node in all_of(root, "node"):
        if "constant" not in classes(node):
            found = [name for child in node for name in classes(child)]
            assert found.count("value") == found.count("adjoint") == 1


@pytest.mark.parametrize("name", ['<b>&"', "]]>", "x\x07y", "naïve 数", "'", "a" * 300])
def test_names_are_text_and_nothing_else(name):
    drawing = draw(function(f"`{name}`^2 + 1"), {name: 2})
    root = parsed(svg(drawing))
    (shown,) = [text(element) for element in all_of(root, "name")][:1]
    assert shown == name.replace("\x07", "\ufffd") if len(name) < 40 else "…" in shown
    check(root)


def test_a_long_operation_is_cut_and_its_title_is_not():
    names = ", ".join(f"`a name of some length {k}`" for k in range(2))
    root = parsed(svg(draw(function(f"hypot({names})"))))
    node = all_of(root, "output")[0]
    assert "…" in text(all_of(node, "op")[0])
    assert text(node[0]) == f"v1 = hypot({names})"
    check(root)


def test_too_many_nodes_are_refused():
    with pytest.raises(LimitError, match=f"600 nodes, and a picture shows {MOST} at most") as caught:
        svg(draw(function("sum(sin(k*x), k = 1..150)")))
    assert "--format dot" in caught.value.hint
    assert caught.value.exit_code == 1


@pytest.mark.parametrize(
    "program",
    [
        "cos(x*y) + y",
        "+".join(f"x{k}" for k in range(30)),
        "*".join(f"x{k}" for k in range(12)),
        "a = x; " + "; ".join("a = a*sin(a)" for _ in range(30)) + "; a",
        "a = x; " + "; ".join(f"a = sin(a) + {k}" for k in range(30)) + "; a",
        "+".join(f"{k}*x^{k}" for k in range(2, 20)),
        (
            "normal(z) = erfc(-z/sqrt(2))/2; d1 = (log(s/k) + (r + q^2/2)*t)/(q*sqrt(t)); d2 = d1 - q*sqrt(t); "
            "s*normal(d1) - k*exp(-r*t)*normal(d2)"
        ),
    ],
)
@pytest.mark.parametrize("numbers", [False, True])
def test_programs_are_drawn_well(program, numbers):
    f = function(program)
    point = {name: 0.3 + 0.01 * number for number, name in enumerate(f.variables)} if numbers else None
    drawing = draw(f, point)
    root = parsed(svg(drawing))
    check(root)
    assert len(all_of(root, "edge")) == len(drawing.edges)


@st.composite
def drawings(draw):
    """A drawing of any shape, with any numbers."""
    count = draw(st.integers(1, 16))
    number = st.none() | st.floats(allow_nan=False, allow_infinity=False)
    value = number | st.booleans()
    nodes, edges = [], []
    for id in range(count):
        args = tuple(draw(st.lists(st.integers(0, id - 1), max_size=3))) if id else ()
        op = (
            draw(st.sampled_from(["sin", "add", "pow"])) if args else draw(st.sampled_from(["input", "constant", "pi"]))
        )
        name = draw(st.text("abcxyz_<&\"'0123456789 ", min_size=1, max_size=12))
        nodes.append(TraceNode(id, name, op, args, draw(st.text(max_size=50)) or "?", draw(value), draw(number)))
        edges += [TraceEdge(source, id, draw(number)) for source in dict.fromkeys(args)]
    return Drawing("x", {}, count - 1, tuple(nodes), tuple(edges))


@settings(max_examples=100, deadline=None)
@given(drawings(), st.booleans())
def test_any_drawing_is_drawn(drawing, steps):
    root = parsed(svg(drawing, steps))
    found = [element.get("id") for element in all_of(root, "edge")]
    assert found == [f"edge-{edge.source}-{edge.target}" for edge in drawing.edges]
    drawn = {re.sub("-in-.*", "", element.get("id")) for element in all_of(root, "node")}
    used = {edge.source for edge in drawing.edges} | {drawing.output}
    assert drawn >= {f"node-{node.id}" for node in drawing.nodes if node.op != "constant" or node.id in used}
    boxes = [rectangle(box) for box in all_of(root, "box")]
    assert all(apart(one, other) for one, other in combinations(boxes, 2))
    assert all(inside(box, frame(root)) for box in boxes)
