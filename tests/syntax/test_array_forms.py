"""Arrays in the language's own notation: canonical spacing, and what is printed reads back to the same node."""

import pytest

from adcalc.errors import AdcalcError, ShapeError, Source
from adcalc.graph.graph import Graph
from adcalc.rules.table import standard
from adcalc.syntax.lower import lower
from adcalc.syntax.parser import parse
from adcalc.syntax.unparse import unparse, unparse_program

SHAPES = {"A": (3, 3), "B": (3, 3), "X": (4, 3), "T": (2, 3, 4), "U": (2, 3, 3), "x": (3,), "y": (3,), "r": (1, 3)}


def read(text):
    shapes = {name: shape for name, shape in SHAPES.items() if name in text}
    return lower(parse(Source(text)), standard(), shapes=shapes)


@pytest.mark.parametrize(
    "text",
    [
        "A @ B",
        "A@B + B",
        "2*A @ B",
        "(A@B)*B",
        "A @ (B@x)",
        "A @ B @ x",
        "-A @ x",
        "s*X @ x/t",
        "A.T @ B.T",
        "(A + B).T @ x",
        "(A@B).T",
        "X[1]",
        "X[1, 2]",
        "X[1:3, 0]",
        "X[:, ::2]",
        "X[::-1]",
        "X[2:0:-1]",
        "X[0:0]",
        "(A@x)[1:]",
        "sum(X)",
        "sum(X, axis=0)",
        "sum(X, axis=1, keepdims=1)",
        "sum(X, keepdims=1)",
        "sum(T, axis=[0, 2])",
        "max(X)",
        "max(X, axis=0)",
        "max(X, axis=0, keepdims=1)",
        "min(X, axis=1)",
        "norm(x)",
        "norm(X, axis=1)",
        "logsumexp(X, axis=1)",
        "logsumexp(x, keepdims=1)",
        "mean(X, axis=0)",
        "softmax(X)",
        "softmax(X, axis=0)",
        "log_softmax(x)",
        "reshape(X, 2, 6)",
        "reshape(x, 1, 3)",
        "ones(2, 3)",
        "zeros(3)",
        "s*ones(2, 3)",
        "eye(3)",
        "eye(2, 3)",
        "diag(x)",
        "diag(A)",
        "outer(x, y)",
        "concat(x, y)",
        "concat(A, X, axis=0)",
        "concat(A, B, axis=1)",
        "[x, y]",
        "[x, y].T",
        "[s, t]",
        "inv(A) @ x",
        "inv(A).T",
        "solve(A, x)",
        "det(A) + logdet(A)",
        "cholesky(A)",
        "adjugate(A)",
        "trace(A@B)",
        "if(x > y, x, 2*y)",
        "put(s, [3], 1)",
        "put(x, [4, 3], 2)",
        "put(x, [4, 3], [1, 4], 0)",
        "put(x, [5], [4, -1, -2])",
        "transpose(T, 1, 0, 2)",
        "T.T",
        "U @ A",
        "exp(-x@A@x)",
    ],
)
def test_reads_back_to_the_same_node(text):
    made = read(text)
    printed = unparse(made.graph, made.output)
    again = read(printed)
    assert again.graph.shape(again.output) == made.graph.shape(made.output)
    assert unparse(again.graph, again.output) == printed
    assert live(again) == live(made)


def live(made):
    """What the result is made of, in order."""
    nodes = [made.graph.nodes[node] for node in made.graph.live(made.output)]
    return [(node.op, node.label) for node in nodes]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A@B", "A @ B"),
        ("2*(A@B)", "2*(A@B)"),
        ("A@B*2", "(A@B)*2"),
        ("sum((A@x-y)^2)", "sum((A@x - y)^2)"),
        ("A@x/norm(A@x)", "A @ x/norm(A@x)"),
        ("concat([A])", "concat([A])"),
        ("stack(x, y, axis=1)", "[x, y].T"),
        ("-1*ones(3)", "-1*ones(3)"),
        ("x - (-2)*ones(3)", "x - (-2*ones(3))"),
        ("sum(A)/9", "mean(A)"),
        ("X[-1]", "X[3]"),
        ("X[0:4, 1:2]", "X[:, 1:2]"),
    ],
)
def test_text(text, expected):
    made = read(text)
    assert unparse(made.graph, made.output) == expected


def test_shared_parts_have_names():
    made = read("v = x; repeat 8 { v = tanh(A@v)*v }; sum(v)")
    statements, (text,) = unparse_program(made.graph, [made.output])
    assert statements
    whole = "; ".join(f"{name} = {part}" for name, part in statements)
    again = read(f"{whole}; {text}")
    assert sorted(map(str, live(again))) == sorted(map(str, live(made)))


def test_depth():
    graph = Graph()
    matrix, node = graph.input("A", (3, 3)), graph.input("x", (3,))
    for _ in range(20_000):
        node = graph.apply("matmul", matrix, node)
    assert unparse(graph, node).count("@") == 20_000


@pytest.mark.parametrize(
    "text",
    ["put(x)", "put(x, [2], [0, 3], 1)", "put(x, [4], [0, 2])", "put(s, [2], 2)", "put(x, [4], [0, 3, 0])"],
)
def test_what_cannot_be_put(text):
    with pytest.raises(AdcalcError):
        read(text)


def test_a_transpose_names_every_axis():
    with pytest.raises(ShapeError, match="every axis once"):
        read("transpose(T, 0, 1)")
