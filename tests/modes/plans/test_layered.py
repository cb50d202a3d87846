"""Sweeps a layer at a time: the same gradient however little is kept, and the memory said is the memory taken."""

import tracemalloc

import numpy as np
import pytest

from adcalc.api import function
from adcalc.api.work.array_work import ArrayWork
from adcalc.api.work.traces import Request
from adcalc.modes.plans.layered import Execution, layered, spread

LAYERS, ROWS, WIDTH = 8, 600, 60


def deep(layers=LAYERS, rows=ROWS, width=WIDTH):
    """A network of so many layers, its point, and its gradient written by hand."""
    random = np.random.default_rng(7)
    lines, point = ["H0 = X"], {"X": random.normal(size=(rows, width))}
    for k in range(1, layers + 1):
        point[f"W{k}"] = random.normal(size=(width, width)) / width**0.5
        point[f"B{k}"] = random.normal(size=width) / 10
        lines.append(f"H{k} = logistic(H{k - 1} @ W{k} + B{k})")
    lines.append(f"L = mean(H{layers}^2)")
    values = [point["X"]]
    for k in range(1, layers + 1):
        values.append(1 / (1 + np.exp(-(values[-1] @ point[f"W{k}"] + point[f"B{k}"]))))
    bar, gradient = 2 * values[-1] / values[-1].size, {}
    for k in range(layers, 0, -1):
        inner = bar * values[k] * (1 - values[k])
        gradient[f"W{k}"], gradient[f"B{k}"] = values[k - 1].T @ inner, inner.sum(axis=0)
        bar = inner @ point[f"W{k}"].T
    return function("\n".join([*lines, "L"])), point, gradient | {"X": bar}


def execution(f, point, order="layered", checkpoints=None):
    work = ArrayWork(Request(f, point, None, "reverse", order, checkpoints=checkpoints))
    layers = layered(work.groups, work.args)
    chosen = None if checkpoints is None else spread(len(work.groups), checkpoints)
    return work, Execution(work.pieces, layers, work.given, work.request.lowered.output, chosen)


def ignore(phase, node, value):
    """Look at nothing."""


@pytest.mark.parametrize(
    ("layers", "count", "chosen"),
    [(9, 0, []), (9, 1, [4]), (9, 2, [3, 6]), (9, 8, [1, 2, 3, 4, 5, 6, 7, 8]), (3, 9, [1, 2]), (1, 3, [])],
)
def test_checkpoints_are_spread_evenly(layers, count, chosen):
    assert spread(layers, count) == chosen


def test_what_crosses_a_layer_is_what_later_ones_use():
    layers = layered([[1], [2], [3], [4]], {1: (0,), 2: (1,), 3: (2, 1), 4: (3,)})
    assert [layers.across(number) for number in range(5)] == [set(), {1}, {1, 2}, {3}, set()]


@pytest.mark.parametrize("order", ["creation", "depth-first", "layered"])
def test_every_order_gives_the_gradient_by_hand(order):
    f, point, gradient = deep(3, 20, 5)
    work, sweeps = execution(f, point, order)
    sweeps.run(ignore)
    variables = work.request.lowered.variables
    assert set(gradient) == set(variables)
    for name, node in variables.items():
        np.testing.assert_allclose(sweeps.gradients[node], gradient[name], rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("checkpoints", [None, 0, 1, 2, 3, 5, 7])
def test_however_few_layers_are_kept_the_gradient_is_the_same(checkpoints):
    f, point, gradient = deep(7, 20, 5)
    work, sweeps = execution(f, point, checkpoints=checkpoints)
    sweeps.run(ignore)
    for name, node in work.request.lowered.variables.items():
        np.testing.assert_allclose(sweeps.gradients[node], gradient[name], rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("checkpoints", [None, 0, 2, 4])
def test_the_peak_that_is_said_is_the_memory_that_is_taken(checkpoints):
    f, point, _ = deep()
    execution(f, point, checkpoints=checkpoints)[1].run(ignore)  # whatever is loaded on first use
    _, sweeps = execution(f, point, checkpoints=checkpoints)
    tracemalloc.start()
    try:
        sweeps.run(ignore)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    said = 8 * max(moment.elements for moment in sweeps.moments)
    assert said == pytest.approx(peak, rel=0.03)


def test_what_is_held_afterwards_are_the_gradients():
    f, point, gradient = deep(4, 30, 6)
    for checkpoints in (None, 0, 2):
        _, sweeps = execution(f, point, checkpoints=checkpoints)
        sweeps.run(ignore)
        assert sweeps.values == {}
        assert sweeps.bars == {}
        assert sweeps.ledger.held() == sum(part.size for part in gradient.values())


def test_fewer_checkpoints_take_less_memory_and_more_work():
    f, point, _ = deep()
    peaks, again = [], []
    for checkpoints in (None, 4, 2, 0):
        _, sweeps = execution(f, point, checkpoints=checkpoints)
        sweeps.run(ignore)
        peaks.append(max(moment.elements for moment in sweeps.moments))
        again.append(len(sweeps.again))
    assert peaks == sorted(peaks, reverse=True)
    assert again == sorted(again)
    assert again[0] == 0
    activations = ROWS * WIDTH
    assert peaks[0] - peaks[-1] > (LAYERS - 3) * activations


def test_without_a_checkpoint_one_layer_of_activations_is_held_at_a_time():
    """A layer's own values and those that it is computed from, never a third."""
    f, point, _ = deep()
    _, sweeps = execution(f, point, checkpoints=0)
    sweeps.run(ignore)
    assert max(moment.activations for moment in sweeps.moments) <= 2 * ROWS * WIDTH + 1
    assert len(sweeps.again) == LAYERS * (LAYERS + 1) // 2


def test_the_row_of_adjoints_is_that_of_one_layer():
    f, point, _ = deep()
    _, sweeps = execution(f, point)
    sweeps.run(ignore)
    assert max(moment.adjoints for moment in sweeps.moments) <= ROWS * WIDTH


def test_a_value_that_later_layers_use_too_is_kept_across_them():
    """A skip over a layer: H1 is needed by the second layer and by the last."""
    f = function("H1 = tanh(X); H2 = exp(H1); L = sum(H2*H1); L")
    x = np.linspace(-1, 1, 12).reshape(3, 4)
    h = np.tanh(x)
    expected = np.exp(h) * (1 + h) * (1 - h * h)
    for checkpoints in (None, 0, 1):
        work, sweeps = execution(f, {"X": x}, checkpoints=checkpoints)
        sweeps.run(ignore)
        (node,) = work.request.lowered.variables.values()
        np.testing.assert_allclose(sweeps.gradients[node], expected, rtol=1e-13)


def test_every_value_and_adjoint_is_told_in_order():
    f, point, _ = deep(3, 4, 2)
    work, sweeps = execution(f, point, checkpoints=1)
    told = []
    sweeps.run(lambda phase, node, value: told.append((phase, work.names[node])))
    assert [name for phase, name in told if phase == "primal"] == ["H1", "H2", "H3", "L"]
    assert [name for phase, name in told if phase == "return"] == ["L", "H3", "H2", "H1"]
    assert [name for phase, name in told if phase == "again"] == ["H3", "H1"]


def test_a_node_on_a_kink_is_noted():
    f = function("sum(abs(x))")
    work, sweeps = execution(f, {"x": [1.0, 0.0]})
    sweeps.run(ignore)
    assert [work.names[node] for node in sweeps.on_edge] == ["v1"]
