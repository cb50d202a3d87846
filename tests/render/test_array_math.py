"""Arrays in LaTeX and MathML: what a paper prints, and elements that a browser draws."""

import xml.etree.ElementTree as ET

import pytest
from matrix_identities import IDENTITIES

from adcalc.api import function
from adcalc.errors import Source
from adcalc.graph.graph import Graph
from adcalc.render.latex import latex
from adcalc.render.mathml import mathml
from adcalc.rules.table import standard
from adcalc.syntax.lower import lower
from adcalc.syntax.parser import parse

SHAPES = {
    "A": (3, 3),
    "B": (3, 3),
    "M": (3, 3),
    "X": (4, 3),
    "T": (2, 3, 4),
    "x": (3,),
    "y": (3,),
    "x_1": (3,),
    "r": (1, 3),
    "mu": (3,),
}


def read(text):
    shapes = {name: shape for name, shape in SHAPES.items() if name in text}
    return lower(parse(Source(text)), standard(), shapes=shapes)


FORMULAS = [
    ("A@B", "A B"),
    ("A*B", r"A \odot B"),
    ("A/B", r"A \oslash B"),
    ("A/s", r"\frac{A}{s}"),
    ("x^2", r"x^{\circ 2}"),
    ("s^2", "s^{2}"),
    ("exp(x)", r"\exp\left(x\right)"),
    ("A.T", r"A^{\top}"),
    ("(A + B).T", r"\left(A + B\right)^{\top}"),
    ("x@y", r"x^{\top} y"),
    ("x@A@y", r"x^{\top} A y"),
    ("A@(B@x)", "A B x"),
    ("A@(x@B)", r"A \left(x^{\top} B\right)^{\top}"),
    ("(A@x)@y", r"x^{\top} A^{\top} y"),
    ("(A*B)@x", r"\left(A \odot B\right) x"),
    ("(A@x)*y", r"\left(A x\right) \odot y"),
    ("s*A@x", "s A x"),
    ("2*x@A@x", r"2 x^{\top} A x"),
    ("(x@y)*A", r"\left(x^{\top} y\right) A"),
    ("outer(x, y)", r"x y^{\top}"),
    ("outer(x, A@y)", r"x y^{\top} A^{\top}"),
    ("outer(x, inv(A)@y)", r"x y^{\top} A^{-\top}"),
    ("outer(x, solve(A.T, y))", r"x y^{\top} A^{-1}"),
    ("inv(A)", "A^{-1}"),
    ("inv(A).T", r"A^{-\top}"),
    ("inv(A.T)", r"A^{-\top}"),
    ("inv(A + B)@x", r"\left(A + B\right)^{-1} x"),
    ("solve(A, x)", "A^{-1} x"),
    ("B@solve(A, x)", "B A^{-1} x"),
    ("trace(A)", r"\operatorname{tr}\left(A\right)"),
    ("det(A)", r"\det\left(A\right)"),
    ("logdet(A)", r"\log\det\left(A\right)"),
    ("adjugate(A)", r"\operatorname{adj}\left(A\right)"),
    ("norm(x)", r"\left\lVert x\right\rVert_{2}"),
    ("norm(A)", r"\left\lVert A\right\rVert_{F}"),
    ("norm(x)^2", r"\left\lVert x\right\rVert_{2}^{2}"),
    ("sum((A - B)^2)", r"\left\lVert A - B\right\rVert_{F}^{2}"),
    ("sum(x)", r"\sum_{i} x_{i}"),
    ("sum(x_1)", r"\sum_{i} {x_{1}}_{i}"),
    ("sum(A@B)", r"\sum_{i, j} \left(A B\right)_{i, j}"),
    ("-sum(x)", r"-\sum_{i} x_{i}"),
    ("sum(x)*y", r"\left(\sum_{i} x_{i}\right) y"),
    ("sum(A, axis=0)", r"A^{\top} \mathbf{1}"),
    ("sum(A, axis=1)", r"A \mathbf{1}"),
    ("sum(A, axis=0, keepdims=1)", r"\mathbf{1}^{\top} A"),
    ("max(x)", r"\max\left(x\right)"),
    ("max(A, axis=0)", r"\max_{i}\left(A\right)"),
    ("softmax(x)", r"\operatorname{softmax}\left(x\right)"),
    ("log_softmax(x)", r"\log\operatorname{softmax}\left(x\right)"),
    ("eye(3)", "I_{3}"),
    ("ones(2, 3)", r"\mathbf{1}_{2\times 3}"),
    ("2*ones(3)", r"2 \mathbf{1}_{3}"),
    ("zeros(3)", "0_{3}"),
    ("A[1, 2]", "A_{1, 2}"),
    ("A[0:2, 1]", "A_{:2, 1}"),
    ("x_1[2]", "{x_{1}}_{2}"),
    ("eye(3)[1]", "e_{1}"),
    ("[s, t]", r"\begin{pmatrix}s \\ t\end{pmatrix}"),
    ("[[s, t], [1, 2]]", r"\begin{pmatrix}s & t \\ 1 & 2\end{pmatrix}"),
    ("diag(x)", r"\operatorname{diag}\left(x\right)"),
    ("reshape(x, 3, 1)", r"\operatorname{reshape}\left(x, 3, 1\right)"),
    ("transpose(T, 1, 0, 2)", r"\operatorname{transpose}\left(T, 1, 0, 2\right)"),
    ("(x - mu)@inv(A)@(x - mu)", r"\left(x - \mu\right)^{\top} A^{-1} \left(x - \mu\right)"),
]


@pytest.mark.parametrize(("text", "expected"), FORMULAS)
def test_latex(text, expected):
    made = read(text)
    assert latex(made.graph, made.output) == expected


@pytest.mark.parametrize("text", [text for text, _ in FORMULAS])
def test_every_element_has_the_children_that_it_needs(text):
    made = read(text)
    tree = ET.fromstring(mathml(made.graph, made.output))
    needed = {"msup": 2, "msub": 2, "mfrac": 2, "mroot": 2}
    for element in tree.iter():
        assert len(element) == needed.get(element.tag, len(element))
        if element.tag in ("mi", "mn", "mo"):
            assert element.text


def test_mathml():
    made = read("A.T@x")
    top = "<msup><mrow><mi>A</mi></mrow><mrow><mi>⊤</mi></mrow></msup>"
    assert mathml(made.graph, made.output) == f"<math>{top}<mo>\u2062</mo><mi>x</mi></math>"


@pytest.mark.parametrize(("text", "wrt", "shapes"), [row[:3] for row in IDENTITIES], ids=[row[0] for row in IDENTITIES])
def test_braces_of_every_derivative_balance(text, wrt, shapes):
    lengths = {one.split("=")[0]: tuple(map(int, one.split("=")[1].split("x"))) for one in shapes.split(", ")}
    (formula,) = function(text, shapes=lengths).derivative(wrt).formulas
    assert formula.latex.count("{") == formula.latex.count("}")
    assert formula.latex.count(r"\left") == formula.latex.count(r"\right")
    ET.fromstring(formula.mathml)


def test_depth():
    graph = Graph()
    matrix, node = graph.input("A", (3, 3)), graph.input("x", (3,))
    for _ in range(5_000):
        node = graph.apply("matmul", matrix, node)
    assert latex(graph, graph.apply("outer", node, node)).count("A") == 10_000
