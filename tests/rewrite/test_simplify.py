"""Derivatives read as a person would write them, equal the unsimplified ones, and never get longer."""

import json
import math
import random
from fractions import Fraction
from pathlib import Path

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from adcalc.arithmetics.real import Real
from adcalc.arithmetics.symbolic import Symbolic
from adcalc.errors import Source
from adcalc.graph.count import operations
from adcalc.graph.graph import Graph
from adcalc.modes import reverse
from adcalc.modes.base import NodeError, Problem
from adcalc.modes.sweep import primal
from adcalc.rewrite.simplify import simplify
from adcalc.rules.compiled import Compiled
from adcalc.rules.table import standard
from adcalc.syntax.lower import lower
from adcalc.syntax.parser import parse
from adcalc.syntax.unparse import unparse

RULES = Compiled(standard(), Real())
HERE = Path(__file__).resolve()
FOLDERS = [HERE.parents[2] / "shared" / "data", HERE.parents[3] / "shared" / "data"]  # beside the checkout, where it is


def derivative(text, wrt="x"):
    """The graph and the unsimplified derivative node."""
    lowered = lower(parse(Source(text)), standard())
    graph = lowered.graph
    point = {node: node for node in graph.inputs(graph.live(lowered.output))}
    tape = primal(Problem(graph, lowered.output, (graph.input(wrt),), point), Compiled(standard(), Symbolic(graph)))
    (partial,) = reverse.run(tape).partials
    return graph, graph.constant(Fraction(0)) if partial is None else partial


def value(graph, node, point):
    at = {graph.input(name): float(number) for name, number in point.items()}
    try:
        return primal(Problem(graph, node, (), at), RULES).value
    except NodeError:
        return None


def text_of(text, wrt="x"):
    graph, node = derivative(text, wrt)
    return unparse(graph, simplify(graph, [node], standard()).outputs[0])


READS = [
    ("x^x", "x", "x^x*(log(x) + 1)"),
    ("log(x^2+1)", "x", "2*x/(x^2 + 1)"),
    ("sin(x)/x", "x", "cos(x)/x - sin(x)/x^2"),
    ("x^y", "y", "x^y*log(x)"),
    ("x^y", "x", "y*x^(y - 1)"),
    ("a^x", "x", "a^x*log(a)"),
    ("2^x", "x", "2^x*log(2)"),
    ("x^3", "x", "3*x^2"),
    ("x^-1", "x", "-1/x^2"),
    ("1/x", "x", "-1/x^2"),
    ("sqrt(x)", "x", "1/(2*sqrt(x))"),
    ("1/(1+exp(-x))", "x", "exp(-x)/(exp(-x) + 1)^2"),
    ("exp(x)*sin(x)", "x", "exp(x)*(sin(x) + cos(x))"),
    ("asinh(x)", "x", "1/sqrt(x^2 + 1)"),
    ("asin(x)", "x", "1/sqrt(1 - x^2)"),
    ("acosh(x)", "x", "1/sqrt(x^2 - 1)"),
    ("atan(x)", "x", "1/(x^2 + 1)"),
    ("atan2(y, x)", "y", "x/(x^2 + y^2)"),
    ("tan(x)", "x", "tan(x)^2 + 1"),
    ("abs(x)", "x", "sign(x)"),
    ("x*abs(x)", "x", "2*abs(x)"),
    ("log(a*x)", "x", "1/x"),
    ("x^3 + 2*x^2 - x", "x", "3*x^2 + 4*x - 1"),
    ("x - x^2/2", "x", "1 - x"),
    ("x^3/6", "x", "x^2/2"),
    ("x^(3/2)", "x", "3*sqrt(x)/2"),
    ("cos(x)", "x", "-sin(x)"),
    ("x*log(x) - x", "x", "log(x)"),
    ("x*exp(x)", "x", "exp(x)*(x + 1)"),
    ("exp(x)*(x - 1)", "x", "x*exp(x)"),
    ("exp(-x^2)", "x", "-2*x*exp(-x^2)"),
    ("sin(x)^2", "x", "2*sin(x)*cos(x)"),
    ("sin(x)^2 + cos(x)^2", "x", "0"),
    ("log(cos(x))", "x", "-tan(x)"),
    ("sqrt(1-x^2)", "x", "-x/sqrt(1 - x^2)"),
    ("x/(x+1)", "x", "1/(x + 1)^2"),
    ("(a*x+b)/(c*x+d)", "x", "(a*d - b*c)/(c*x + d)^2"),
    ("(x+1)^5*(x-2)", "x", "3*(2*x - 3)*(x + 1)^4"),
    ("if(x > 0, x^2, -x)", "x", "if(x > 0, 2*x, -1)"),
    ("1.2*x^2", "x", "2.4*x"),
    ("log(log(x))", "x", "1/(x*log(x))"),
    ("x^2*log(x)^2", "x", "2*x*log(x)*(log(x) + 1)"),
]


@pytest.mark.parametrize(("text", "wrt", "expected"), READS)
def test_reads_as_a_person_would_write_it(text, wrt, expected):
    assert text_of(text, wrt) == expected


@pytest.mark.parametrize(
    ("text", "wrt", "assumption"), [("x^y", "y", "x != 0"), ("x^n", "x", "x != 0"), ("2^x", "x", None)]
)
def test_states_what_it_assumes(text, wrt, assumption):
    graph, node = derivative(text, wrt)
    found = [unparse(graph, condition) for condition in simplify(graph, [node], standard()).assumptions]
    assert found == ([assumption] if assumption else [])


@pytest.mark.parametrize("text", [text for text, wrt, _ in READS if wrt == "x"])
def test_agrees_with_sympy(text):
    graph, node = derivative(text)
    (simple,) = simplify(graph, [node], standard()).outputs
    names = {"x": sympy.Symbol("x", real=True), "abs": sympy.Abs, "sign": sympy.sign}
    read = text.replace("^", "**").replace("if(x > 0, x**2, -x)", "Piecewise((x**2, x > 0), (-x, True))")
    expected = sympy.diff(sympy.sympify(read, locals=names), names["x"])
    point = {"x": Fraction(9, 7) if "acosh" in text or "log(log" in text else Fraction(5, 9)}
    point |= {"a": Fraction(2), "b": Fraction(3), "c": Fraction(5), "d": Fraction(7), "y": Fraction(2)}
    at = {
        names.get(name, sympy.Symbol(name)): sympy.Rational(*number.as_integer_ratio())
        for name, number in point.items()
    }
    exact = float(sympy.N(expected.subs(at), 30))
    used = {graph.nodes[i].label for i in graph.inputs(graph.live(simple))}
    found = value(graph, simple, {name: point[name] for name in used})
    assert math.isclose(found, exact, rel_tol=1e-9, abs_tol=1e-12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x*x", "x^2"),
        ("x^a*x^b", "x^(a + b)"),
        ("sqrt(x)^2", "x"),
        ("sqrt(x)*sqrt(x)", "x"),
        ("sqrt(x)/x", "1/sqrt(x)"),
        ("x*sqrt(x)", "x^(3/2)"),
        ("(x^a)^3", "x^(3*a)"),
        ("(x^2)^(1/2)", "abs(x)"),
        ("(x^2)^a", "(x^2)^a"),
        ("x^(1/3)", "x^(1/3)"),
        ("log(exp(x))", "x"),
        ("exp(log(x))", "x"),
        ("log(e)", "1"),
        ("sqrt(4)", "2"),
        ("sqrt(8)", "sqrt(8)"),
        ("x - 1", "x - 1"),
        ("1 - x", "1 - x"),
        ("-x + y", "y - x"),
        ("x + -1*y", "x - y"),
        ("x - x", "0"),
        ("(x - 1)/(1 - x)", "-1"),
        ("2*(x + 1)", "2*(x + 1)"),
        ("2*(x + 1) - 2*x", "2"),
        ("1/0", "1/0"),
        ("9^9^9^9", "9^9^387420489"),
        ("if(2 > 1, x, y)", "x"),
        ("if(exp(x) > 0, x, y)", "x"),
    ],
)
def test_forms(text, expected):
    lowered = lower(parse(Source(text)), standard())
    (output,) = simplify(lowered.graph, [lowered.output], standard()).outputs
    assert unparse(lowered.graph, output) == expected


OPS = ["add", "sub", "mul", "div", "pow", "neg", "sin", "cos", "exp", "log", "sqrt", "abs", "tanh", "hypot", "if"]


@st.composite
def graphs(draw):
    graph = Graph()
    numbers = [Fraction(0), Fraction(1), Fraction(2), Fraction(-1), Fraction(1, 2), Fraction(-3, 7)]
    nodes = [graph.input("x"), graph.input("y")]
    nodes += [graph.constant(number) for number in draw(st.lists(st.sampled_from(numbers), min_size=1, max_size=3))]
    for _ in range(draw(st.integers(1, 14))):
        op = draw(st.sampled_from(OPS))
        count = 2 if op in ("add", "sub", "mul", "div", "pow", "hypot", "if") else 1
        args = [draw(st.sampled_from(nodes)) for _ in range(count)]
        if op == "if":
            args.insert(0, graph.apply(draw(st.sampled_from(["lt", "eq", "ge"])), args[0], nodes[0]))
        nodes.append(graph.apply(op, *args))
    return graph, nodes[-1]


@settings(max_examples=400, deadline=None)
@given(graphs(), st.integers(0, 10))
def test_equals_what_it_was_and_stays_as_it_is(case, seed):
    graph, node = case
    simplified = simplify(graph, [node], standard())
    (simple,) = simplified.outputs
    assert operations(graph, simple) <= operations(graph, node)
    assert simplify(graph, [simple], standard()).outputs == (simple,)
    source = random.Random(seed)
    for _ in range(5):
        point = {"x": source.uniform(-2, 2), "y": source.uniform(-2, 2)}
        before = value(graph, node, point)
        if before is None or not 1e-6 < abs(before) < 1e6:
            continue
        after = value(graph, simple, point)
        assert after is not None, (unparse(graph, node), unparse(graph, simple))
        nearby = value(graph, node, {name: number * (1 + 1e-12) for name, number in point.items()})
        noise = abs((nearby if nearby is not None else before) - before)
        texts = unparse(graph, node), unparse(graph, simple)
        assert math.isclose(before, after, rel_tol=1e-6, abs_tol=1e-6 + 1e4 * noise), texts


@pytest.mark.parametrize("name", ["cas_pairs.jsonl", "rubi.jsonl"])
def test_published_derivatives(name):
    path = next((folder / name for folder in FOLDERS if (folder / name).exists()), None)
    if path is None:
        pytest.skip(f"{name} is not here")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()][::13]
    for row in rows:
        graph, node = derivative(row["expression"], row["wrt"])
        (simple,) = simplify(graph, [node], standard()).outputs
        text = unparse(graph, simple)
        again = lower(parse(Source(text)), standard())
        used = {label: row["point"][label] for label in again.variables}
        expected = float(row["grad"][row["wrt"]])
        plain = value(graph, node, {name: row["point"][name] for name in row["point"]})
        if plain is None or not math.isclose(plain, expected, rel_tol=1e-6, abs_tol=1e-9):
            continue  # floating point is not enough for this one, simplified or not
        found = value(again.graph, again.output, used)
        assert math.isclose(found, expected, rel_tol=1e-4, abs_tol=1e-6), (row["id"], text)


def test_sharing_is_kept():
    text = "f = x;" + "f = sin(f)*f;" * 12 + "f"
    graph, node = derivative(text)
    (simple,) = simplify(graph, [node], standard()).outputs
    assert operations(graph, simple) <= 100


@pytest.mark.parametrize("op", ["sin", "neg", "sqrt", "pow"])
def test_deep_nests(op):
    graph = Graph()
    x = node = graph.input("x")
    for _ in range(100_000):
        node = graph.apply(op, x, node) if op == "pow" else graph.apply(op, node)
    (simple,) = simplify(graph, [node], standard()).outputs
    assert operations(graph, simple) <= 100_000


def test_long_sums():
    graph = Graph()
    node = graph.input("x0")
    for number in range(1, 10_000):
        node = graph.apply("add", node, graph.apply("sin", graph.input(f"x{number}")))
    (simple,) = simplify(graph, [node], standard()).outputs
    assert operations(graph, simple) == operations(graph, node)


def test_several_outputs_share():
    lowered = lower(parse(Source("x*y + sin(x*y)")), standard())
    graph = lowered.graph
    second = graph.apply("exp", graph.apply("mul", graph.input("x"), graph.input("y")))
    simplified = simplify(graph, [lowered.output, second], standard())
    assert operations(graph, *simplified.outputs) <= operations(graph, lowered.output, second)


def test_an_identity_is_not_used_where_its_condition_is_false():
    lowered = lower(parse(Source("0^x")), standard())
    graph = lowered.graph
    slope = graph.apply("xlogy", lowered.output, graph.constant(Fraction(0)))
    assert unparse(graph, simplify(graph, [slope], standard()).outputs[0]) == "xlogy(0^x, 0)"
