"""Derivatives over matrices: the forms of the tables, checked by NumPy; and whatever is written, its value stays."""

import random
import re

import numpy as np
import pytest
from matrix_expressions import SHAPES, expression
from matrix_identities import IDENTITIES

from adcalc.api import function
from adcalc.api.program import real
from adcalc.errors import AdcalcError
from adcalc.graph.graph import Graph
from adcalc.modes.base import NodeError
from adcalc.modes.plans.plan import Plan
from adcalc.rewrite.simplify import simplify
from adcalc.rules.table import standard
from adcalc.syntax.unparse import unparse

SAME = pytest.mark.parametrize(
    ("text", "wrt", "shapes", "expected", "assumptions"),
    IDENTITIES,
    ids=[f"{row[0]} by {row[1]}" for row in IDENTITIES],
)


def lengths(text):
    return {name: tuple(map(int, shape.split("x"))) for name, shape in re.findall(r"(\w+)=([\dx]+)", text)}


def derived(text, shapes, wrt):
    (formula,) = (found := function(text, shapes=shapes).derivative(wrt)).formulas
    assert found.named == ()
    return formula.text, found.assumptions


# ---------------------------------------------------------------- an oracle: Python and NumPy read the same text


def first_largest(array):
    return array[np.argmax(array.real)]


def over(function):
    def reduced(array, axis=-1):
        return function(array - np.log(np.sum(np.exp(array), axis=axis, keepdims=True)))

    return reduced


def where(condition, one, other):
    return np.where(condition, one, other)


NUMPY = {
    **{name: getattr(np, name) for name in ("sum", "mean", "trace", "outer", "diag", "exp", "log", "sin", "cos")},
    **{name: getattr(np, name) for name in ("tanh", "sqrt", "eye")},
    **{name: getattr(np.linalg, name) for name in ("det", "inv", "solve")},
    "ones": lambda *lengths: np.ones(lengths),
    "logdet": lambda matrix: np.log(np.linalg.det(matrix)),
    "norm": lambda array: np.sqrt(np.sum(array * array)),
    "max": first_largest,
    "abs": lambda u: np.where(u.real < 0, -u, u),
    "sign": np.sign,
    "relu": lambda u: np.where(u.real > 0, u, 0),
    "sech": lambda u: 1 / np.cosh(u),
    "logistic": lambda u: 1 / (1 + np.exp(-u)),
    "softplus": lambda u: np.log(1 + np.exp(u)),
    "logsumexp": lambda u: np.log(np.sum(np.exp(u))),
    "softmax": over(np.exp),
    "log_softmax": over(lambda u: u),
    "mse": lambda y, target: np.mean((y - target) ** 2),
    "cross_entropy": lambda scores, labels: -np.mean(np.sum(labels * over(lambda u: u)(scores), axis=1)),
    "where": where,
}


def by_numpy(text, point):
    python = text.replace("^", "**").replace("if(", "where(").replace("lambda", "lambda_")
    return eval(python, {"__builtins__": {}}, {**NUMPY, **point})


def values(shapes, seed):
    source = np.random.default_rng(seed)
    point = {"lambda_": np.float64(0.7)}
    for name, shape in shapes.items():
        point[name] = source.uniform(0.5, 1.5, shape)
        if len(shape) == 2 and shape[0] == shape[1]:
            point[name] += 3 * np.eye(shape[0])
    return point


@SAME
def test_is_printed_as_in_a_paper(text, wrt, shapes, expected, assumptions):
    assert derived(text, lengths(shapes), wrt) == (expected, assumptions)


@SAME
@pytest.mark.parametrize("seed", [1, 2])
def test_is_what_complex_steps_find(text, wrt, shapes, expected, assumptions, seed):
    point = values(lengths(shapes), seed)
    found = np.zeros(np.shape(point[wrt]))
    for index in np.ndindex(found.shape):
        moved = point[wrt].astype(complex)
        moved[index] += 1e-30j
        found[index] = by_numpy(text, {**point, wrt: moved}).imag / 1e-30
    np.testing.assert_allclose(np.broadcast_to(by_numpy(expected, point), found.shape), found, rtol=1e-9, atol=1e-11)


@SAME
def test_simplifying_again_changes_nothing(text, wrt, shapes, expected, assumptions):
    asked = function(expected, shapes={name: shape for name, shape in lengths(shapes).items() if has(expected, name)})
    lowered = asked.lowered(several=True)
    (again,) = simplify(lowered.graph, [lowered.output], standard()).outputs
    assert unparse(lowered.graph, again) == expected


@SAME
def test_symbolic_mode_agrees_with_reverse_mode(text, wrt, shapes, expected, assumptions):
    point = {name: value for name, value in values(lengths(shapes), 3).items() if name in lengths(shapes)}
    point |= {"lambda": 0.7} if "lambda" in text else {}
    gradients = [function(text).gradient(point, wrt=[wrt], mode=mode).gradient[wrt] for mode in ("symbolic", "reverse")]
    np.testing.assert_allclose(*gradients, rtol=1e-10, atol=1e-12)


def has(text, name):
    return re.search(rf"(?<![\w.]){name}\b", text) is not None


# ---------------------------------------------------------------- whatever is written


def value(graph, node, point):
    inputs = {one: point[str(graph.nodes[one].label)] for one in graph.inputs(graph.live(node))}
    return np.asarray(Plan(graph, [node], real(standard()), lenient=0).run(inputs)[0], dtype=float)


def partials(asked, lowered):
    """The result, and where it is a number its derivatives, each in its full shape."""
    graph = lowered.graph
    found = [lowered.output]
    for variable in lowered.variables.values() if not graph.shape(lowered.output) else ():
        (partial,) = asked.symbolic(lowered, lowered.output, (variable,))
        if partial is not None:
            full = graph.shape(partial) == graph.shape(variable)
            found.append(partial if full else graph.arrange("broadcast", graph.shape(variable), partial))
    return found


@pytest.mark.parametrize("seed", range(250))
def test_neither_value_nor_shape_changes_and_the_text_reads_back(seed):
    text = expression(random.Random(seed))
    asked = function(text, shapes={name: shape for name, shape in SHAPES.items() if shape and has(text, name)})
    lowered = asked.lowered(several=True)
    graph = lowered.graph
    source = np.random.default_rng(seed)
    point = {name: source.normal(size=shape) for name, shape in SHAPES.items()}
    for node in partials(asked, lowered):
        try:
            expected = value(graph, node, point)
        except NodeError:
            continue
        if not np.all(np.isfinite(expected)) or np.max(np.abs(expected)) > 1e5:
            continue
        simple = simplify(graph, [node], standard())
        if simple.assumptions:
            continue
        for same in (node, simple.outputs[0]):
            close(value(graph, same, point), expected)
            printed = unparse(graph, same)
            shapes = {name: shape for name, shape in SHAPES.items() if shape and has(printed, name)}
            read = function(printed, shapes=shapes).lowered(several=True)
            assert read.graph.shape(read.output) == graph.shape(node), printed
            close(value(read.graph, read.output, point), expected)


def close(found, expected):
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7 * max(1, np.max(np.abs(expected))))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x - x", "zeros(3)"),
        ("0*A", "zeros(3, 3)"),
        ("A^0", "ones(3, 3)"),
        ("A/A", "ones(3, 3)"),
        ("x - x + s", "s*ones(3)"),
        ("sum(0*A, axis=0)", "zeros(3)"),
        ("sum(A^0)", "9"),
        ("sum(s*ones(3, 2), axis=1)", "2*s*ones(3)"),
        ("(A - A)@x", "zeros(3)"),
        ("eye(3)@A@inv(A)@x", "x"),
        ("A@zeros(3, 2)", "zeros(3, 2)"),
        ("(A.T@B.T).T", "B @ A"),
        ("(s*A).T@(2*x)", "2*s*A.T @ x"),
        ("x@A.T", "A @ x"),
        ("-A@(-x)", "A @ x"),
        ("trace(A@B) - trace(B@A)", "0"),
        ("trace(outer(x, y))", "x @ y"),
        ("x@A@y - y@A.T@x", "0"),
        ("sum(x*y)", "x @ y"),
        ("inv(2*A)", "inv(A)/2"),
        ("inv(A.T).T", "inv(A)"),
        ("solve(A, eye(3))", "inv(A)"),
        ("diag(diag(x))", "x"),
        ("outer(A@x, y)@x", "(x@y)*A @ x"),
        ("sum(outer(x, y), axis=0)", "sum(x)*y"),
        ("norm(-2*x)", "2*norm(x)"),
        ("(A + A.T).T", "A + A.T"),
        ("(A@M)@(M.T@x)", "A @ (M@(M.T@x))"),
        ("A@M + A@M*2", "3*A @ M"),
        ("A@x + B@x - A@y", "B@x + A@(x - y)"),
        ("exp(x - logsumexp(x))", "softmax(x)"),
        ("sum(softmax(A), axis=1)", "ones(3)"),
        ("reshape(2*x, 3, 1)", "2*reshape(x, 3, 1)"),
        ("max(A, axis=1, keepdims=1)", "max(A, axis=1, keepdims=1)"),
        ("inv(A@A.T).T", "inv(A@A.T)"),
    ],
)
def test_forms(text, expected):
    asked = function(text, shapes={name: shape for name, shape in SHAPES.items() if shape and has(text, name)})
    lowered = asked.lowered(several=True)
    (simple,) = simplify(lowered.graph, [lowered.output], standard()).outputs
    assert unparse(lowered.graph, simple) == expected


def test_depth():
    layers = function("v = x; repeat 300 { v = tanh(A@v + b) }; sum(v^2)", shapes={"A": (3, 3), "x": (3,), "b": (3,)})
    found = layers.derivative("A")
    assert len(found.named) + len(found.formulas[0].text) < 20_000


def test_a_scalar_graph_needs_no_arrays():
    graph = Graph()
    x = graph.input("x")
    assert simplify(graph, [graph.apply("sub", x, x)], standard()).outputs == (graph.constant(0),)


def test_a_long_product_is_not_taken_apart():
    text = "@".join(["A", "B"] * 100)
    found = function(f"trace({text})", shapes={"A": (3, 3), "B": (3, 3)}).derivative("A")
    assert found.formulas


@pytest.mark.parametrize("text", ["sum(A*x", "A@@x"])
def test_what_is_no_expression_stays_none(text):
    with pytest.raises(AdcalcError):
        function(text, shapes={"A": (3, 3), "x": (3,)})
