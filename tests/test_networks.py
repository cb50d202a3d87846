"""The examples over arrays, computed again with NumPy by hand: both passes written out, no rows of ours.

Training by hand and training in the language have to end at the same weights; the slope of the trained loss is the
difference of two trainings.
"""

from pathlib import Path

import numpy as np
import pytest

from adcalc.api import Function
from adcalc.errors import Source

EXAMPLES = Path(__file__).parents[1] / "examples"
FLOWERS = np.fromstring(  # Fisher 1936: ten flowers each of setosa, versicolor, virginica
    """5.1 3.5 1.4 0.2  4.9 3.0 1.4 0.2  4.7 3.2 1.3 0.2  4.6 3.1 1.5 0.2  5.0 3.6 1.4 0.2
    5.4 3.9 1.7 0.4  4.6 3.4 1.4 0.3  5.0 3.4 1.5 0.2  4.4 2.9 1.4 0.2  4.9 3.1 1.5 0.1
    7.0 3.2 4.7 1.4  6.4 3.2 4.5 1.5  6.9 3.1 4.9 1.5  5.5 2.3 4.0 1.3  6.5 2.8 4.6 1.5
    5.7 2.8 4.5 1.3  6.3 3.3 4.7 1.6  4.9 2.4 3.3 1.0  6.6 2.9 4.6 1.3  5.2 2.7 3.9 1.4
    6.3 3.3 6.0 2.5  5.8 2.7 5.1 1.9  7.1 3.0 5.9 2.1  6.3 2.9 5.6 1.8  6.5 3.0 5.8 2.2
    7.6 3.0 6.6 2.1  4.9 2.5 4.5 1.7  7.3 2.9 6.3 1.8  6.7 2.5 5.8 1.8  7.2 3.6 6.1 2.5""",
    sep=" ",
).reshape(30, 4)
SPECIES = np.repeat(np.eye(3), 10, axis=0)


def logistic(z):
    return 1 / (1 + np.exp(-z))


def trained(rate, steps=100):
    """The weights V, A, W, B after gradient descent by hand, the loss, and what the network says of each flower."""
    x = (FLOWERS - FLOWERS.mean(axis=0)) / FLOWERS.std(axis=0)
    v = np.array([[0.5, -0.3, 0.2], [-0.4, 0.1, 0.6], [0.3, 0.5, -0.2], [0.2, -0.6, 0.4]])
    w = np.array([[0.4, -0.5, 0.1], [-0.2, 0.3, 0.6], [0.5, 0.2, -0.4]])
    a, b = np.zeros(3), np.zeros(3)
    for _ in range(steps):
        h = logistic(x @ v + a)
        y = logistic(h @ w + b)
        upper = 2 * (y - SPECIES) / y.size * y * (1 - y)
        lower = upper @ w.T * h * (1 - h)
        w, b = w - rate * (h.T @ upper), b - rate * upper.sum(axis=0)
        v, a = v - rate * (x.T @ lower), a - rate * lower.sum(axis=0)
    y = logistic(logistic(x @ v + a) @ w + b)
    return {"V": v, "A": a, "W": w, "B": b}, np.mean((y - SPECIES) ** 2), y


def asked(name, result=None):
    """The example; with a `result` that expression of it instead of its own."""
    text = (EXAMPLES / f"{name}.adc").read_text("utf-8")
    if result is not None:
        text = f"{text.rstrip().rpartition(chr(10))[0]}\n{result}\n"
    return Function(Source(text, f"{name}.adc"))


@pytest.mark.parametrize("name", ["V", "A", "W", "B"])
def test_the_network_ends_at_the_weights_of_the_training_by_hand(name):
    weights, _, _ = trained(10)
    np.testing.assert_allclose(asked("iris", name).value(rate=10), weights[name], rtol=1e-9, atol=1e-9)


def test_the_trained_network_tells_all_the_flowers():
    _, loss, said = trained(10)
    assert (said.argmax(axis=1) == SPECIES.argmax(axis=1)).all()
    np.testing.assert_allclose(asked("iris", "network(V, A, W, B)").value(rate=10), said, rtol=1e-9)
    assert asked("iris").value(rate=10) == pytest.approx(loss, rel=1e-11)


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_the_slope_of_the_trained_loss_by_the_rate(mode):
    step = 1e-4
    ahead, behind, far, back = (trained(4 + k * step)[1] for k in (1, -1, 2, -2))
    slope = (8 * (ahead - behind) - (far - back)) / (12 * step)
    short = Function(Source(asked("iris").source.text))
    assert short.gradient(rate=4, mode=mode).gradient["rate"] == pytest.approx(slope, rel=1e-8)


def test_one_back_propagation():
    v = np.array([[1, -1], [0, 1], [1, 0], [0, 1.0]])
    w = np.array([[1, 0, -1], [-1, 1, 1.0]])
    flowers = FLOWERS[[0, 1, 10, 11, 20, 21]]
    target = np.repeat(np.eye(3), 2, axis=0)
    x = flowers - flowers.mean(axis=0)
    s1 = x @ v
    a1 = logistic(s1)
    s2 = a1 @ w
    a2 = logistic(s2)
    bar_a2 = 2 * (a2 - target) / a2.size
    bar_s2 = bar_a2 * a2 * (1 - a2)
    bar_a1 = bar_s2 @ w.T
    bar_s1 = bar_a1 * a1 * (1 - a1)
    expected = {
        "S1": (s1, bar_s1),
        "A1": (a1, bar_a1),
        "S2": (s2, bar_s2),
        "A2": (a2, bar_a2),
        "V": (v, x.T @ bar_s1),
        "W": (w, a1.T @ bar_s2),
    }
    for checkpoints in (None, 0, 1):
        trace = asked("back_propagation").trace(V=v, W=w, order="layered", checkpoints=checkpoints)
        nodes = {node.name: node for node in trace.nodes}
        for name, (value, adjoint) in expected.items():
            np.testing.assert_allclose(nodes[name].value, value, rtol=1e-12, atol=1e-15)
            np.testing.assert_allclose(nodes[name].adjoint, adjoint, rtol=1e-12)
        assert trace.value == pytest.approx(np.mean((a2 - target) ** 2), rel=1e-14)
    names = {node.id: node.name for node in trace.nodes}
    assert {names[moment.nodes[0]]: moment.layer for moment in trace.memory.moments if moment.phase == "primal"} == {
        "S1": 1,
        "A1": 2,
        "S2": 3,
        "A2": 4,
        "L": 5,
    }


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize("rows", [2, 5])
def test_the_linear_layer(rows, mode):
    random = np.random.default_rng(rows)
    x, w, b, t = (random.normal(size=shape) for shape in ((rows, 3), (3, 2), (2,), (rows, 2)))
    gradient = asked("linear_layer").gradient(X=x, W=w, B=b, T=t, mode=mode).gradient
    bar = x @ w + b - t
    for name, expected in {"W": x.T @ bar, "B": bar.sum(axis=0), "X": bar @ w.T, "T": -bar}.items():
        np.testing.assert_allclose(gradient[name], expected, rtol=1e-12)


def test_the_edges_of_the_linear_layer_are_those_of_the_notes():
    trace = asked("linear_layer").trace(X=[[1, 2], [3, 4]], W=[[1, -1], [0.5, 2]], B=[0.5, -0.5], T=[[2, 3], [5, 4]])
    names = {node.id: node.name for node in trace.nodes}
    formulas = {(names[edge.target], names[edge.source]): edge.formula for edge in trace.edges}
    assert formulas["Y", "W"] == "X.T @ dL/dY"
    assert formulas["Y", "B"] == "sum(dL/dY, axis=0)"
    assert formulas["Y", "X"] == "dL/dY @ W.T"


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_softmax_and_cross_entropy_hand_down_the_difference_of_shares(mode):
    target = np.array([[1, 0, 0], [0, 1, 0]])
    for z in (np.array([[1, 0.5, -1], [0.2, 2, 800]]), np.array([[0.1, -3, 2], [5, 5, 5.0]])):
        shares = np.exp(z - z.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        found = asked("softmax_cross_entropy").gradient(Z=z, mode=mode)
        np.testing.assert_allclose(found.gradient["Z"], (shares - target) / 2, rtol=1e-12, atol=1e-15)
        top = z.max(axis=1)
        total = top + np.log(np.exp(z - top[:, None]).sum(axis=1))
        assert found.value == pytest.approx(np.mean(total - (z * target).sum(axis=1)), rel=1e-14)
