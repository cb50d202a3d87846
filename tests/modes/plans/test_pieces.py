"""Pieces: what an adjoint hands down as a formula, held to central differences of the node itself."""

import numpy as np
import pytest

from adcalc.api import function
from adcalc.api.work.array_work import ArrayWork
from adcalc.api.work.traces import Request
from adcalc.graph.graph import Graph
from adcalc.modes.plans.pieces import fixed

RANDOM = np.random.default_rng(11)


def some(*shape):
    return RANDOM.uniform(0.3, 1.7, size=shape)


# a node Y of the arguments X and Z, and what its adjoint hands down to them, as the books have it
BOOK = [
    ("X @ Z", (3, 4), (4, 2), "dL/dY @ Z.T", "X.T @ dL/dY"),
    ("X @ Z", (3, 4), (4,), "outer(dL/dY, Z)", "X.T @ dL/dY"),
    ("X + Z", (3, 4), (3, 4), "dL/dY", "dL/dY"),
    ("X + Z", (3, 4), (4,), "dL/dY", "sum(dL/dY, axis=0)"),
    ("X - Z", (3, 4), (3, 1), "dL/dY", "-sum(dL/dY, axis=1, keepdims=1)"),
    ("X*Z", (3, 4), (), "Z*dL/dY", "sum(X*dL/dY)"),
    ("X/Z", (3, 4), (3, 4), "dL/dY/Z", "-Y*dL/dY/Z"),
    ("exp(X)*Z", (3,), (3,), "exp(X)*(Z*dL/dY)", "exp(X)*dL/dY"),
    ("X.T*Z", (3, 4), (4, 3), "(Z*dL/dY).T", "X.T*dL/dY"),
    ("logistic(X) + 0*Z", (3,), (), None, None),
    ("linear(X, Z, 1)", (3, 4), (4, 2), "dL/dY @ Z.T", "X.T @ dL/dY"),
    ("X^2 + Z", (3, 4), (), "2*X*dL/dY", "sum(dL/dY)"),
    ("tanh(X @ Z)", (3, 4), (4, 2), None, None),
    ("solve(X @ X.T + eye(3), Z)", (3, 3), (3, 2), None, None),
    ("softmax(X)*Z", (3, 4), (3, 4), None, None),
    ("max(X, Z)", (3, 4), (4,), "if(X > Z, dL/dY, 0)", "sum(if(X > Z, 0, dL/dY), axis=0)"),
    ("concat(X, Z)", (3, 4), (2, 4), None, None),
    ("X[1:3, ::2]*Z", (3, 4), (), None, None),
]


def work(text, first, second):
    point = {"X": some(*first), "Z": some(*second)}
    f = function(f"Y = {text}; L = sum(Y^2); L")
    return ArrayWork(Request(f, point)), point


def piece_of(made, name="Y"):
    (node,) = [node for node, its in made.names.items() if its == name]
    return made.pieces[node], node


@pytest.mark.parametrize(("text", "first", "second", "to_x", "to_z"), BOOK)
def test_a_formula_is_that_of_the_books(text, first, second, to_x, to_z):
    made, _ = work(text, first, second)
    piece, _ = piece_of(made)
    found = {made.names[piece.inputs[one]]: made.formula(piece, flow) for one, flow in piece.flows.items()}
    for name, expected in (("X", to_x), ("Z", to_z)):
        if expected is not None:
            assert found[name] == expected


@pytest.mark.parametrize(("text", "first", "second", "to_x", "to_z"), BOOK)
def test_what_is_handed_down_is_the_slope_of_the_weighted_node(text, first, second, to_x, to_z):
    """<bar, Y> as a function of each element of each argument, by central differences of the value alone."""
    made, point = work(text, first, second)
    piece, node = piece_of(made)
    given = {arg: point[made.names[arg]] for arg in piece.args}
    (value, *_) = piece.up.run(piece.up_point(given))
    bar = RANDOM.normal(size=value.shape)
    flows = piece.down.run(piece.down_point(given | {node: value}, bar))
    evaluate = function(text)

    def weighted(moved):
        return float(np.sum(bar * np.asarray(evaluate.value({k: v for k, v in moved.items() if k in text}))))

    for one, flow in zip(piece.flows, flows, strict=True):
        name = made.names[piece.inputs[one]]
        whole, step = np.broadcast_to(flow, np.shape(point[name])), 1e-6
        for index in np.ndindex(np.shape(point[name])):
            ahead, behind = np.array(point[name]), np.array(point[name])
            ahead[index] += step
            behind[index] -= step
            slope = (weighted(point | {name: ahead}) - weighted(point | {name: behind})) / (2 * step)
            assert whole[index] == pytest.approx(slope, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize(
    ("text", "needs"),
    [("X @ Z", {"X", "Z"}), ("X + Z", set()), ("exp(X + Z)", {"Y"}), ("logistic(X)*Z", {"X", "Z"}), ("X*3 - Z", set())],
)
def test_a_piece_needs_only_what_its_formulas_name(text, needs):
    shapes = ((3, 3), (3, 3))
    made, _ = work(text, *shapes)
    piece, _ = piece_of(made)
    assert {made.names[node] for node in piece.needs} == needs


def test_what_is_computed_once_more_inside_is_named():
    made, _ = work("softplus(X @ Z)", (3, 4), (4, 2))
    piece, _ = piece_of(made)
    assert [made.formula(piece, node) for node in piece.inside()] == ["X @ Z"]
    made, _ = work("X @ Z", (3, 4), (4, 2))
    assert piece_of(made)[0].inside() == []


def test_the_adjoint_of_a_transpose_is_put_in_brackets():
    made, _ = work("X.T + 0*Z", (3, 4), ())
    piece, _ = piece_of(made)
    assert next(made.formula(piece, flow) for flow in piece.flows.values()) == "(dL/dY).T"


def test_an_adjoint_that_is_the_same_everywhere_may_be_one_number():
    made, point = work("X @ Z", (3, 4), (4, 2))
    piece, node = piece_of(made)
    given = {arg: point[made.names[arg]] for arg in piece.args}
    flows = piece.down.run(piece.down_point(given, 2.0))
    np.testing.assert_allclose(flows[0], 2 * np.ones((3, 2)) @ point["Z"].T, rtol=1e-14)
    assert node not in piece.needs


def test_what_depends_on_no_input_is_fixed():
    graph = Graph()
    x, half = graph.input("x"), graph.constant(1)
    table = graph.apply("array", half, half)
    both = graph.apply("mul", table, x)
    assert fixed(graph, range(len(graph))) == {half, table}
    assert fixed(graph, [x, both]) == set()
