"""Plans: what they evaluate does not depend on what is fused, written over or let go; and how much memory they take."""

# ruff: noqa: N806  # matrices have capital letters

import random
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from adcalc.api import function
from adcalc.api.program import real
from adcalc.errors import NumberOverflowError
from adcalc.modes import reverse
from adcalc.modes.plans.plan import Plan
from adcalc.rules.table import standard

SHAPES = {"A": (4, 3), "B": (4, 3), "b": (3,), "c": (4, 1), "M": (3, 3), "s": ()}


def expression(source: random.Random, depth: int) -> tuple[str, tuple[int, ...]]:
    """A random expression of arrays and its shape, built by hand so that shapes fit."""
    if depth == 0:
        name = source.choice(list(SHAPES))
        return name, SHAPES[name]
    text, shape = expression(source, depth - 1)
    kind = source.randrange(9)
    if kind == 0:
        return f"sin({text})", shape
    if kind == 1:
        return f"({text})^2", shape
    if kind == 2 and len(shape) == 2:
        return f"({text}).T", shape[::-1]
    if kind == 3 and shape:
        axis = source.randrange(len(shape))
        left = tuple(length for number, length in enumerate(shape) if number != axis)
        return f"sum({text}, axis={axis})", left
    if kind == 4 and len(shape) == 2 and shape[1] == 3:
        return f"({text})@M", (shape[0], 3)
    if kind == 5 and shape:
        axis = source.randrange(len(shape))
        kept = tuple(1 if number == axis else length for number, length in enumerate(shape))
        return f"max({text}, axis={axis}, keepdims=1)", kept
    if kind == 6 and len(shape) == 2 and shape[0] > 1:
        return f"({text})[1:]", (shape[0] - 1, shape[1])
    other, beside = expression(source, depth - 1)
    try:
        full = np.broadcast_shapes(shape, beside)
    except ValueError:
        return f"exp(-({text})^2)", shape
    sign = source.choice(["+", "*", "-"])
    return f"({text}) {sign} ({other})", full


@pytest.mark.parametrize("seed", range(60))
def test_fusing_and_reusing_memory_change_nothing(seed):
    source = random.Random(seed)
    text = f"sum({expression(source, 4)[0]}) + sum({expression(source, 3)[0]})"
    numbers = np.random.default_rng(seed)
    point = {name: numbers.normal(size=shape) if shape else 0.7 for name, shape in SHAPES.items() if name in text}
    asked = function(text)
    point = {name: value for name, value in point.items() if name in asked.inputs()}
    lowered, at = asked.at(point)
    graph = lowered.graph
    wrt = tuple(lowered.variables.values())
    tape = asked.differentiate.tape(graph, lowered.output, wrt)
    outputs = [lowered.output, *(partial for partial in reverse.run(tape).partials if partial is not None)]
    given = {lowered.variables[name]: value for name, value in at.items()}
    before = {node: np.copy(value) for node, value in given.items()}
    plain = Plan(graph, outputs, real(standard()), 0, plain=True).run(given)
    quick = Plan(graph, outputs, real(standard()), 0)
    for _ in range(2):
        for one, other in zip(quick.run(given), plain, strict=True):
            assert one == pytest.approx(other, rel=1e-11, abs=1e-11)
    assert all(np.array_equal(given[node], before[node]) for node in given)


def test_a_result_is_never_the_point_s_own_array():
    x = np.array([1.0, -0.0])
    result = function("x").value(x=x)
    result[0] = 5.0
    slope = function("sum(x*y)").gradient(x=x, y=x).gradient["x"]
    slope[0] = 7.0
    assert x[0] == 1.0
    assert np.signbit(x[1])


@pytest.mark.parametrize("seed", range(40))
def test_arrays_that_stay_with_a_plan_are_nobodys_result(seed):
    source = random.Random(seed)
    text = f"sum(tanh({expression(source, 4)[0]})) + sum(sech({expression(source, 3)[0]}))"
    numbers = np.random.default_rng(seed)
    points = [
        {name: numbers.normal(size=shape) if shape else 0.7 for name, shape in SHAPES.items() if name in text}
        for _ in range(3)
    ]
    asked = function(text)
    points = [{name: value for name, value in point.items() if name in asked.inputs()} for point in points]
    lowered, _ = asked.at(points[0])
    wrt = tuple(lowered.variables.values())
    partials = reverse.run(asked.differentiate.tape(lowered.graph, lowered.output, wrt)).partials
    outputs = [lowered.output, *(node for node in partials if node is not None)]
    plan = Plan(lowered.graph, outputs, real(standard()), 0)
    plain = Plan(lowered.graph, outputs, real(standard()), 0, plain=True)

    def inputs(point):
        return {node: np.asarray(point[name]) for name, node in lowered.variables.items()}

    found = [plan.run(inputs(point)) for point in points]
    true = [plain.run(inputs(point)) for point in points]
    for one, other in zip(found, true, strict=True):
        for mine, theirs in zip(one, other, strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-13, atol=1e-13)


def test_runs_in_threads_at_once_do_not_disturb_one_another():
    asked = function("mean(tanh(X@W)^2)")
    chance = np.random.default_rng(0)
    points = [{"X": chance.normal(size=(200, 30)), "W": chance.normal(size=(30, 40))} for _ in range(8)]
    seeds = [{"W": chance.normal(size=(30, 40))} for _ in range(8)]
    alone = [asked.hvp(point, seed, wrt=["W"]).hvp["W"] for point, seed in zip(points, seeds, strict=True)]
    with ThreadPoolExecutor(4) as pool:
        both = list(zip(points, seeds, strict=True)) * 10
        found = list(pool.map(lambda given: asked.hvp(*given, wrt=["W"]).hvp["W"], both))
    for number, one in enumerate(found):
        np.testing.assert_array_equal(one, alone[number % 8])


@pytest.mark.parametrize("kind", [complex, np.longdouble])
def test_numbers_of_other_kinds_have_memory_of_their_own(kind):
    asked = function("tanh(A@B)*exp(A@B) + sin(A@B)")
    chance = np.random.default_rng(0)
    lowered, at = asked.at({"A": chance.normal(size=(4, 3)), "B": chance.normal(size=(3, 2))}, several=True)
    plan = Plan(lowered.graph, [lowered.output], real(standard()))
    inputs = {lowered.variables[name]: value for name, value in at.items()}
    product = at["A"] @ at["B"]
    true = np.tanh(product) * np.exp(product) + np.sin(product)
    for _ in range(2):
        np.testing.assert_allclose(plan.run(inputs)[0], true, rtol=1e-14)
        (other,) = plan.run({node: value.astype(kind) for node, value in inputs.items()})
        assert other.dtype == kind
        np.testing.assert_allclose(other.astype(complex), true, rtol=1e-14)


def test_what_is_too_large_does_not_stay():
    asked = function("sum(tanh(2*sin(x))^2)")
    x = np.linspace(0.0, 1.0, 5_000_000)
    lowered, at = asked.at({"x": x})
    tracemalloc.start()
    try:
        plan = Plan(lowered.graph, [lowered.output], real(standard()))
        plan.run({lowered.variables["x"]: at["x"]})
        assert tracemalloc.get_traced_memory()[0] < 1_000_000
    finally:
        tracemalloc.stop()


def peak_of(work) -> int:
    work()
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_linear_layer_never_makes_its_jacobian():
    source = np.random.default_rng(0)
    X, W, B, T = (source.normal(size=shape) for shape in ((128, 256), (256, 128), (128,), (128, 128)))
    asked = function("sum((linear(X, W, B) - T)^2)")
    point = {"X": X, "W": W, "B": B, "T": T}

    def by_hand():
        R = X @ W
        R += B
        R -= T
        G = 2 * R
        return (R**2).sum(), G @ W.T, X.T @ G, G.sum(axis=0)

    peak = peak_of(lambda: asked.gradient(point, wrt=["X", "W", "B"]))
    assert peak <= 1.5 * peak_of(by_hand)
    assert peak <= 3 * (X.nbytes + W.nbytes)


def test_batch_normalisation_takes_no_more_memory_than_by_hand():
    source = np.random.default_rng(0)
    x, w = source.normal(size=(512, 128)), source.normal(size=(512, 128))
    gamma, beta = source.normal(size=128), source.normal(size=128)
    asked = function("sum(batchnorm(x, gamma, beta, 1e-5)*w)")

    def by_hand():
        centred = x - x.mean(axis=0)
        scale = 1 / np.sqrt((centred**2).mean(axis=0) + 1e-5)
        normal = centred * scale
        y = gamma * normal + beta
        d_beta, d_gamma = w.sum(axis=0), (w * normal).sum(axis=0)
        return (y * w).sum(), (gamma * scale / len(x)) * (len(x) * w - d_beta - normal * d_gamma), d_gamma, d_beta

    point = {"x": x, "gamma": gamma, "beta": beta, "w": w}
    peak = peak_of(lambda: asked.gradient(point, wrt=["x", "gamma", "beta"]))
    assert peak <= 1.5 * peak_of(by_hand)


@pytest.mark.parametrize("text", ["sum([1e400, x])", "sum(x^(1e400)*[1, 2])"])
def test_a_constant_beyond_floating_point_is_said(text):
    with pytest.raises(NumberOverflowError, match="1e400 is beyond the range of floating point"):
        function(text).gradient(x=1)
