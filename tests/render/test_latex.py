"""LaTeX of expressions: what a typesetter expects, at any depth."""

from fractions import Fraction

import pytest

from adcalc.errors import Source
from adcalc.graph.graph import Graph
from adcalc.render.latex import latex
from adcalc.rules.table import standard
from adcalc.syntax.lower import lower
from adcalc.syntax.parser import parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x/y", r"\frac{x}{y}"),
        ("(x + 1)/(y - 1)", r"\frac{x + 1}{y - 1}"),
        ("(x/y)^2", r"\left(\frac{x}{y}\right)^{2}"),
        ("sqrt(x)", r"\sqrt{x}"),
        ("sin(x)", r"\sin\left(x\right)"),
        ("x^2", "x^{2}"),
        ("x^(y + 1)", "x^{y + 1}"),
        ("exp(x)", "e^{x}"),
        ("e*x", "e x"),
        ("exp(x)^2", r"\left(e^{x}\right)^{2}"),
        ("2*x", "2 x"),
        ("2*3^x", r"2 \cdot 3^{x}"),
        ("x*2", r"x \cdot 2"),
        ("x*(y + 1)", r"x \left(y + 1\right)"),
        ("abs(x)", r"\left|x\right|"),
        ("theta*x_1", r"\theta x_{1}"),
        ("μ", r"\mu"),
        ("Ω", r"\Omega"),
        ("`flow rate`", r"\mathrm{flow\ rate}"),
        ("erf(x)", r"\operatorname{erf}\left(x\right)"),
        ("pi", r"\pi"),
        ("-x/y", r"-\frac{x}{y}"),
        ("-1/x^2", r"-\frac{1}{x^{2}}"),
        ("y - (-1/x)", r"y - \left(-\frac{1}{x}\right)"),
        ("-(x/y)", r"-\frac{x}{y}"),
        ("x - (-y)", r"x - \left(-y\right)"),
        ("if(x >= 0, x, -x)", r"\begin{cases}x & \text{if } x \ge 0 \\ -x & \text{otherwise}\end{cases}"),
        ("asin(x)", r"\arcsin\left(x\right)"),
        ("x/3 + 1/3", r"\frac{x}{3} + \frac{1}{3}"),
    ],
)
def test_formulas(text, expected):
    result = lower(parse(Source(text)), standard())
    assert latex(result.graph, result.output) == expected


def test_braces_balance_at_depth():
    graph = Graph()
    node = graph.input("x")
    for _ in range(100_000):
        node = graph.apply("div", graph.constant(Fraction(1)), node)
    text = latex(graph, node)
    assert text.count("{") == text.count("}") == 200_000


def test_names_stand_for_nodes():
    graph = Graph()
    sine = graph.apply("sin", graph.input("x"))
    assert latex(graph, graph.apply("neg", sine), {sine: "s"}) == "-s"
