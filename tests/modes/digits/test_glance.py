"""A glance sees all that looking at each place would notice, on random tapes; and nothing on ordinary ones."""

import math
import random

import numpy as np
import pytest

from adcalc.api import function
from adcalc.errors import AdcalcError
from adcalc.graph.graph import Graph
from adcalc.modes.digits.array_watch import ArrayWatch
from adcalc.modes.digits.glance import sees
from adcalc.modes.digits.looks import written
from adcalc.modes.digits.watch import Watch

ONE = ["sin", "cos", "tan", "exp", "log", "sqrt", "gamma", "lgamma", "digamma", "asin", "acos", "atanh", "zeta"]
ONE += ["log10", "sinpi", "floor", "round", "abs", "cosh", "expm1"]
CONSTANTS = ["1", "2", "0.1", "0.5", "1e8", "1e-9", "1e16", "1e-40", "pi", "0"]


def term(chance, depth):
    if not depth:
        return chance.choice("xyz") if chance.random() < 0.6 else chance.choice(CONSTANTS)
    kind, one, other = chance.random(), term(chance, depth - 1), term(chance, depth - 1)
    if kind < 0.55:
        return f"({one}{chance.choice('+-+-*/')}{other})"
    if kind < 0.65:
        return f"({one})^{chance.choice(['2', '0.5', 'x', '(1/y)', '40'])}"
    if kind < 0.7:
        return f"{chance.choice(['min', 'max', 'mod'])}({one},{other})"
    if kind < 0.75:
        return f"if({one}<{other},{one},{other})"
    return f"{chance.choice(ONE)}({one})"


def text(chance):
    if chance.random() < 0.3:
        step = chance.choice(["a - 0.01*sin(a)", "a + x*a", "0.9*a - y", "a/(1 + a^2) + 1"])
        return f"a = {term(chance, 1)}; repeat {chance.randrange(2, 30)} {{ a = {step} }} a"
    if chance.random() < 0.2:
        return "-".join(term(chance, 1) for _ in range(8))
    return term(chance, chance.randrange(2, 6))


def number(chance):
    size = 10 ** chance.uniform(-17, -3)
    return chance.choice(
        [chance.uniform(-3, 3), chance.choice([1, 0, math.pi, -1]) + size, 1e-3 / size, -size, size**15]
    )


@pytest.mark.parametrize("seed", range(4))
def test_a_glance_misses_nothing(seed):
    chance = random.Random(seed)
    noticed = looked = 0
    while looked < 400:
        try:
            f = function(text(chance))
            point = {name: number(chance) for name in f.variables}
            lowered, at = f.at(point)
            tape = f.tape(lowered, at, ())
        except AdcalcError:
            continue
        looked += 1
        for follow in (False, True):
            watch = Watch(lowered.graph, tape.order, follow)
            if watch.noticed(tape.values) or watch.is_wide(tape.values):
                noticed += 1
                assert sees(lowered.graph, tape.order, tape.values, watch.small, follow)
                assert written(watch.places, watch.small, follow)(tape.values)
    assert noticed > 100


@pytest.mark.parametrize(
    "text",
    [
        "cos(x*y) + y",
        "x*y/(1 + x^2) + exp(-x)*sin(3*y) - log(1 + y^2)",
        "y - x",
        "x - x + y",
        "a = y; repeat 30 { a = a - 0.01*sin(a*x) } a",
    ],
)
def test_ordinary_tapes_are_passed_at_a_glance(text):
    f = function(text)
    lowered, at = f.at({"x": 0.7, "y": 1.2} if "y" in f.variables else {"x": 0.7})
    tape = f.tape(lowered, at, ())
    watch = Watch(lowered.graph, tape.order)
    assert not sees(lowered.graph, tape.order, tape.values, watch.small)
    for _ in range(20):  # first by glances, then by what is written out
        assert watch.looked(tape.values) == ((), False)


def test_what_is_written_out_notices_the_same():
    f = function("1 - cos(x)")
    lowered, _ = f.at({"x": 1})
    watch = Watch(lowered.graph, lowered.graph.live(lowered.output))
    for _ in range(20):
        assert watch.looked([1.0, 1.0, 0.54, 0.46]) == ((), False)
        assert watch.looked([1.0, 1e-5, 0.99999999995, 5e-11]) == ([3], False)


@pytest.mark.parametrize(("left", "right", "lost"), [(1.0, 2.0, False), (1.0, 1.0 - 1e-9, True), (1.0, 1.0, True)])
@pytest.mark.parametrize("shape", [(), (3,), (100,), (0,)])
def test_arrays_of_every_size_are_looked_at(left, right, lost, shape):
    graph = Graph()
    x = graph.input("x", shape)
    node = graph.apply("sub", graph.apply("exp", x), graph.apply("cos", x))
    watch = ArrayWatch(graph)
    subtract = watch.over(node, np.subtract, graph.nodes[node].args)
    with np.errstate(all="raise"):
        subtract(np.full(shape, left), np.full(shape, right))
    assert bool(watch.noticed) is (lost and 0 not in shape)


@pytest.mark.parametrize("rest", [-1.0, -1.0 - 1e-12, 1.0])
@pytest.mark.parametrize("op", ["sum", "matmul"])
def test_reductions_of_small_arrays(op, rest):
    graph = function("sum(x) + x@x", shapes={"x": (2,)}).lowered(shapes={"x": (2,)}).graph
    node = next(one for one in range(len(graph)) if graph.nodes[one].op == op)
    watch = ArrayWatch(graph)
    reduce = watch.over(node, np.sum if op == "sum" else np.matmul, graph.nodes[node].args)
    reduce(*[np.array([1.0, rest]), np.array([1.0, 1.0])][: len(graph.nodes[node].args)])
    assert bool(watch.noticed) is (rest < 0)
