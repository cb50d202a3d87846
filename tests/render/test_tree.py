"""The tree of a graph: each node in full once, an arrow wherever it is needed again."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adcalc.api import function
from adcalc.api.work.drawings import draw
from adcalc.render.text import text
from adcalc.render.tree import DEPTH, tree


def lines_of(program, point=None, **options):
    f = function(program)
    return text(tree(f.text, draw(f, point), **options)).split("\n")


def parts(lines):
    """The lines of the tree and those of the list."""
    first = lines.index("") + 1
    second = lines.index("", first)
    return lines[first:second], lines[second + 1 :]


def test_a_tree_and_the_list_of_its_nodes():
    drawn, listed = parts(lines_of("cos(x*y) + y"))
    assert drawn == ["v3 = v2 + y", "├─ v2 = cos(v1)", "│  └─ v1 = x*y", "│     ├─ x", "│     └─ y", "└─ ↑ y"]
    assert listed == [
        "5 nodes, 5 edges; written out as a tree, 6 nodes",
        "  x             → v1",
        "  y             → v1, v3",
        "  v1 = x*y      → v2",
        "  v2 = cos(v1)  → v3",
        "  v3 = v2 + y   is the result",
    ]


def test_a_shared_node_is_printed_in_full_once():
    drawn, _ = parts(lines_of("a = sin(x); a*a + exp(a)"))
    assert drawn == [
        "v3 = v1 + v2",
        "├─ v1 = a*a",
        "│  ├─ a = sin(x)",
        "│  │  └─ x",
        "│  └─ ↑ a",
        "└─ v2 = exp(a)",
        "   └─ ↑ a",
    ]


def test_numbers_stand_in_columns():
    drawn, _ = parts(lines_of("cos(x*y) + y", {"x": 0, "y": 1}))
    assert drawn[0].split() == ["value", "adjoint", "partial"]
    assert drawn[1] == "v3 = v2 + y          2        1"
    assert drawn[-2] == "└─ ↑ y                                 1"
    ends = {len(line) for line in drawn[:-2] if line.split()[-1].isdigit() and line != drawn[1]}
    assert len(ends) == 1


def test_the_result_stands_on_top():
    assert lines_of("x^2", {"x": 3})[0] == "x^2 = 9"
    assert lines_of("x^2")[0] == "x^2"
    assert lines_of("1/3", {})[0] == "1/3 = 0.3333333333333333"


def test_what_a_program_defines_is_named():
    lines = lines_of("x^2", variables=("x",), functions=("f(u, v)", "g(w)"))
    assert lines[1:3] == ["variables: x", "functions: f(u, v), g(w)"]
    assert "functions" not in "".join(lines_of("x^2", variables=("x",)))


def test_the_side_that_was_not_taken_has_no_numbers():
    drawn, _ = parts(lines_of("if(x < 1, x^2, log(-x))", {"x": 0}))
    assert "└─ v4 = log(v3)" in drawn
    assert "├─ v1 = x < 1         true" in drawn


def test_depth():
    drawn, listed = parts(lines_of("sin(cos(exp(x) + y))", depth=2))
    assert drawn == [
        "v4 = sin(v3)",
        "└─ v3 = cos(v2)",
        "   └─ v2 = v1 + y …",
        "… 3 nodes deeper than 2 levels: --depth N",
    ]
    assert len(listed) == 7
    drawn, _ = parts(lines_of("x + 1", depth=0))
    assert drawn == ["v1 = x + 1 …", "… 2 nodes deeper than 0 levels: --depth N"]


def test_what_is_folded_at_one_place_is_printed_where_there_is_room():
    drawn, _ = parts(lines_of("a = sin(x); exp(exp(a)) + a", depth=2))
    assert drawn[-2:] == ["└─ a = sin(x)", "   └─ x"]
    assert "│     └─ a = sin(x) …" not in drawn[:2]


def test_a_deep_graph_folds_by_itself():
    drawn, _ = parts(lines_of("a = x; " + "; ".join(["a = sin(a)"] * 5000) + "; a"))
    assert len(drawn) == DEPTH + 2
    assert drawn[-1] == f"… {5001 - DEPTH - 1} nodes deeper than 12 levels: --depth N"


@pytest.mark.parametrize("program", ["+".join(f"x{k}" for k in range(500)), "prod(x + k, k = 1..300)"])
def test_no_wall(program):
    lines = lines_of(program)
    assert len(lines) < 110
    assert sum("…" in line for line in lines) >= 2
    nodes = len(draw(function(program)).nodes)
    assert f"{nodes} nodes" in "".join(lines)
    assert f"  … {nodes - 36} nodes …" in lines


def test_the_lines_that_are_left_out_are_counted():
    drawn, _ = parts(lines_of("max(" + ", ".join(f"sin({k}*x)" for k in range(1, 9)) + ")", depth=20))
    assert not any(line.endswith("…") for line in drawn)
    drawn, _ = parts(lines_of("max(" + ", ".join(f"sin({k}*x)" for k in range(1, 50)) + ")", depth=100))
    (count,) = [int(line.split()[1]) for line in drawn if re.fullmatch(r"… \d+ lines …", line)]
    assert count + len(drawn) - 1 == 1 + len(
        list(edges_of("max(" + ", ".join(f"sin({k}*x)" for k in range(1, 50)) + ")"))
    )


def edges_of(program):
    """The lines that a whole tree has below its first: one for each argument of each node."""
    for node in draw(function(program)).nodes:
        yield from node.args


@pytest.mark.parametrize(
    ("times", "words"),
    [(3, "15 nodes"), (40, "2199023255551 nodes"), (200, "about 10^60"), (2000, "more than 10^308")],
)
def test_how_large_the_tree_would_be(times, words):
    _, listed = parts(lines_of("a = x; " + "; ".join(["a = a + a"] * times) + "; a"))
    assert listed[0] == f"{times + 1} nodes, {times} edges; written out as a tree, {words}"


@pytest.mark.parametrize(("width", "numbers"), [(60, False), (80, False), (80, True), (120, True)])
def test_lines_keep_to_the_width(width, numbers):
    program = "; ".join(f"a_long_name_{k} = hypot(x_name/{k}, y_name)" for k in range(1, 40))
    program += "; " + "+".join(f"a_long_name_{k}" for k in range(1, 40))
    point = {"x_name": 1, "y_name": 2} if numbers else None
    drawn, listed = parts(lines_of(program, point, width=width, depth=3))
    assert max(map(len, listed)) <= width
    assert max(map(len, drawn)) <= width


EXPRESSIONS = st.recursive(
    st.sampled_from(["x", "y", "z", "2"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/^"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        inner.map(lambda e: f"sin({e})"),
    ),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(EXPRESSIONS)
def test_the_tree_can_be_read_back(expression):
    """From the indentation alone: every line's parent takes it as an argument, in the order of the arguments."""
    drawing = draw(function(expression))
    drawn, _ = parts(text(tree(expression, drawing, depth=100)).split("\n"))
    nodes = {node.id: node for node in drawing.nodes}
    expected, printed = [], set()
    waiting = [(drawing.output, 0)]
    while waiting:
        id, level = waiting.pop()
        again = id in printed and nodes[id].op != "constant"
        expected.append((level, f"↑ {nodes[id].name}" if again else nodes[id].text))
        if not again:
            waiting += [(argument, level + 1) for argument in reversed(nodes[id].args)]
        printed.add(id)
    if len(expected) <= 58:
        found = []
        for line in drawn:
            words = line.lstrip("│├└─ ")
            found.append(((len(line) - len(words)) // 3, words.partition(" = ")[2] or words))
        assert found == expected
