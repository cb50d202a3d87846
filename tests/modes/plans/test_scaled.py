"""Light graphs: the same numbers from less."""

import math
import random
from fractions import Fraction

import pytest

from adcalc.api.program import saturating
from adcalc.graph.graph import Graph
from adcalc.graph.unfold import unfolded
from adcalc.modes.plans.scaled import scaled
from adcalc.modes.together import numbers
from adcalc.rules.table import standard
from adcalc.syntax.unparse import unparse

RULES = saturating(standard())


def text_of(build):
    graph = Graph()
    x, y = graph.input("x"), graph.input("y")
    node = build(graph, x, y, lambda value: graph.constant(Fraction(value)))
    made = scaled(graph, [node])
    return unparse(made.graph, made.images[node])


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        (lambda g, x, y, c: g.apply("mul", c(2), g.apply("mul", c(3), x)), "6*x"),
        (lambda g, x, y, c: g.apply("mul", g.apply("mul", x, c(2)), g.apply("mul", y, c(3))), "6*(x*y)"),
        (lambda g, x, y, c: g.apply("neg", g.apply("neg", x)), "x"),
        (lambda g, x, y, c: g.apply("div", g.apply("mul", c(6), x), c(4)), "1.5*x"),
        (lambda g, x, y, c: g.apply("add", x, g.apply("mul", c(-2), y)), "x - 2*y"),
        (lambda g, x, y, c: g.apply("sub", x, g.apply("neg", y)), "x + y"),
        (lambda g, x, y, c: g.apply("add", g.apply("neg", x), y), "y - x"),
        (lambda g, x, y, c: g.apply("div", x, g.apply("sub", c(1), c(1))), "x/(1 - 1)"),
        (lambda g, x, y, c: g.apply("mul", c(1), x), "x"),
        (lambda g, x, y, c: g.apply("sin", g.apply("mul", c(-1), x)), "sin(-x)"),
        (lambda g, x, y, c: g.apply("if", g.apply("lt", c(1), c(2)), x, y), "x"),
        (lambda g, x, y, c: g.apply("if", g.apply("lt", x, c(2)), x, y), "if(x < 2, x, y)"),
    ],
)
def test_what_is_left_of(build, expected):
    assert text_of(build) == expected


@pytest.mark.parametrize("seed", range(60))
def test_the_numbers_stay_to_the_last_digits(seed):
    chance = random.Random(seed)
    graph = Graph()
    inputs = [graph.input(f"x{k}") for k in range(4)]
    nodes = [*inputs, *(graph.constant(Fraction(value, 8)) for value in (-24, -3, 1, 20))]
    for _ in range(60):
        op = chance.choice(["mul", "mul", "mul", "neg", "add", "sub", "div", "sin"])
        args = [chance.choice(nodes) for _ in range(1 if op in ("neg", "sin") else 2)]
        if op == "div":
            args[1] = chance.choice(nodes[4:8])
        nodes.append(graph.apply(op, *args))
    outputs = nodes[-5:]
    at = [chance.uniform(0.5, 2.0) for _ in inputs]
    before = numbers(graph, outputs, dict(zip(inputs, at, strict=True)), RULES)
    made = scaled(graph, outputs)
    inside = {made.graph.input(f"x{k}"): value for k, value in enumerate(at)}
    after = numbers(made.graph, [made.images[node] for node in outputs], inside, RULES)
    size = max(abs(number) for number in before if number is not None and math.isfinite(number))
    for node in outputs:
        assert after[made.images[node]] == pytest.approx(before[node], rel=1e-9, abs=1e-13 * min(size, 1e12))


def test_factors_that_would_leave_the_range_stay_apart():
    graph = Graph()
    x = graph.input("x")
    tiny = graph.constant(Fraction(1, 10**200))
    node = graph.apply("mul", tiny, graph.apply("mul", tiny, graph.apply("mul", graph.constant(Fraction(10**300)), x)))
    made = scaled(graph, [node])
    value = numbers(made.graph, [made.images[node]], {made.graph.input("x"): 1.0}, RULES)[made.images[node]]
    assert value == pytest.approx(1e-100)


def test_what_comes_from_below_a_boundary_stays_below_it():
    graph = Graph()
    x = graph.input("x")
    node = graph.apply("mul", graph.constant(Fraction(3)), graph.apply("sin", x))
    first = len(graph)
    slope = graph.apply("mul", graph.constant(Fraction(5)), graph.apply("cos", x))
    made = scaled(graph, [node, slope], first)
    assert made.images[node] < made.boundary <= made.images[slope]
    assert scaled(graph, [node], first).boundary == len(scaled(graph, [node], first).graph)


def test_shapes_are_kept():
    graph = Graph()
    x = graph.input("x", (3,))
    total = graph.arrange("sum", ((0,), False), graph.apply("neg", graph.apply("mul", graph.constant(Fraction(2)), x)))
    made = scaled(graph, [total])
    assert made.graph.shape(made.graph.input("x")) == (3,)
    assert unfolded(made.graph, [made.images[total]]).elements[made.images[total]].shape == ()
