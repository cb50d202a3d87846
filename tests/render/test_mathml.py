"""MathML of expressions: what a browser expects, escaped, at any depth."""

import xml.etree.ElementTree as ET
from fractions import Fraction

import pytest
from written import CORPUS

from adcalc.errors import Source
from adcalc.graph.graph import Graph
from adcalc.graph.node import DERIVATIVES
from adcalc.render.mathml import content, mathml, mathml_program, symbol
from adcalc.rules.table import standard
from adcalc.syntax.lower import lower
from adcalc.syntax.parser import parse

CHILDREN = {"mfrac": 2, "msup": 2, "msub": 2, "mroot": 2}
T, OF = "<mo>\u2062</mo>", "<mo>\u2061</mo>"


def read(text):
    found = lower(parse(Source(text)), standard())
    return content(found.graph, found.output)


def power(base, exponent):
    return f"<msup><mrow>{base}</mrow><mrow>{exponent}</mrow></msup>"


def fraction(above, below):
    return f"<mfrac><mrow>{above}</mrow><mrow>{below}</mrow></mfrac>"


def brackets(inner):
    return f"<mrow><mo>(</mo>{inner}<mo>)</mo></mrow>"


X, Y, ONE, TWO = "<mi>x</mi>", "<mi>y</mi>", "<mn>1</mn>", "<mn>2</mn>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x", X),
        ("2*x", f"{TWO}{T}{X}"),
        ("x*2", f"{X}<mo>·</mo>{TWO}"),
        ("2*2^x", f"{TWO}<mo>·</mo>{power(TWO, X)}"),
        ("x + y", f"{X}<mo>+</mo>{Y}"),
        ("x - y", f"{X}<mo>−</mo>{Y}"),
        ("x - (y - 1)", f"{X}<mo>−</mo>{brackets(f'{Y}<mo>−</mo>{ONE}')}"),
        ("(x + 1)*y", f"{brackets(f'{X}<mo>+</mo>{ONE}')}{T}{Y}"),
        ("(x + 1)/y", fraction(f"{X}<mo>+</mo>{ONE}", Y)),
        ("-x/y", f"<mo>−</mo>{fraction(X, Y)}"),
        ("-1/x", f"<mo>−</mo>{fraction(ONE, X)}"),
        ("x^2", power(X, TWO)),
        ("(x + 1)^2", power(brackets(f"{X}<mo>+</mo>{ONE}"), TWO)),
        ("(x/y)^2", power(brackets(fraction(X, Y)), TWO)),
        ("x^(y + 1)", power(X, f"{Y}<mo>+</mo>{ONE}")),
        ("x^y^2", power(X, power(Y, TWO))),
        ("(x^y)^2", power(brackets(power(X, Y)), TWO)),
        ("exp(x)", power("<mi>e</mi>", X)),
        ("e", "<mi>e</mi>"),
        ("exp(x)^2", power(brackets(power("<mi>e</mi>", X)), TWO)),
        ("sqrt(x + 1)", f"<msqrt>{X}<mo>+</mo>{ONE}</msqrt>"),
        ("cbrt(x)", f"<mroot><mrow>{X}</mrow><mn>3</mn></mroot>"),
        ("sin(x)", f"<mi>sin</mi>{OF}{brackets(X)}"),
        ("asin(x)", f"<mi>arcsin</mi>{OF}{brackets(X)}"),
        ("gamma(x)", f"<mi>Γ</mi>{OF}{brackets(X)}"),
        ("hypot(x, y)", f"<mi>hypot</mi>{OF}{brackets(f'{X}<mo>,</mo>{Y}')}"),
        ("floor(x)", f"<mrow><mo>⌊</mo>{X}<mo>⌋</mo></mrow>"),
        ("pi", "<mi>π</mi>"),
        ("1/3", "<mfrac><mn>1</mn><mn>3</mn></mfrac>"),
        ("θ*x_1", f"<mi>θ</mi>{T}<msub>{X}<mn>1</mn></msub>"),
        ("`a<b & c`", "<mi>a&lt;b &amp; c</mi>"),
    ],
)
def test_formulas(text, expected):
    assert read(text) == expected


def test_a_choice_stands_behind_one_brace():
    root = ET.fromstring(f"<math>{read('if(x >= 0 and not y < 1, x, -x)')}</math>")
    words = "".join(root.itertext())
    assert words == "{xif\u00a0x≥0∧¬(y<1)−xotherwise" or words == "{xif\u00a0x≥0∧¬y<1−xotherwise"


def test_derivatives_that_are_still_to_be_taken():
    graph = Graph()
    x, u = graph.input("x"), graph.input("u1")
    assert set(DERIVATIVES) == {"d/d", "∂/∂"}
    sign = "<mfrac><mi>d</mi><mrow><mi>d</mi><mi>x</mi></mrow></mfrac>"
    assert content(graph, graph.apply("d/d", graph.apply("sin", x), x)) == f"{sign}{brackets(read('sin(x)'))}"
    u1 = "<msub><mi>u</mi><mn>1</mn></msub>"
    assert content(graph, graph.apply("∂/∂", u, x)) == (
        f"<mfrac><mrow><mo>∂</mo>{u1}</mrow><mrow><mo>∂</mo><mi>x</mi></mrow></mfrac>"
    )


@pytest.mark.parametrize("text", CORPUS)
def test_every_element_has_the_children_that_it_needs(text):
    for element in ET.fromstring(f"<math>{read(text)}</math>").iter():
        assert len(element) == CHILDREN.get(element.tag, len(element))
        if element.tag not in ("mi", "mn", "mo", "mtext"):
            assert not (element.text or "").strip()
        assert not (element.tail or "").strip()


@pytest.mark.parametrize(
    "name", ["x", "alpha", "Ω", "x_12", "x1", "rate", "flow rate", "<", "a&b", "lambda", "Lambda_max"]
)
def test_symbols_are_one_element(name):
    root = ET.fromstring(symbol(name))
    assert root.tag in ("mi", "msub")


def test_depth():
    graph = Graph()
    node = graph.input("x")
    for _ in range(100_000):
        node = graph.apply("div", graph.constant(Fraction(1)), node)
    text = mathml(graph, node)
    assert text.count("<mfrac>") == text.count("</mfrac>") == 100_000


def test_a_program_names_what_is_shared():
    graph = Graph()
    node = graph.input("x")
    for _ in range(50):
        node = graph.apply("mul", graph.apply("sin", node), node)
    definitions, (last,) = mathml_program(graph, [node])
    assert sum(map(len, (text for _, text in definitions))) + len(last) < 40_000
    for name, text in definitions:
        assert ET.fromstring(name)[0].tag in ("mi", "msub")
        ET.fromstring(text)
    named = {name.removeprefix("<math>").removesuffix("</math>") for name, _ in definitions}
    assert any(name in last for name in named)
