"""Arrays beside NumPy by hand: the same results, their time and their peak memory as ratios within one run.

The processor's time is measured, by one thread, in turns: others who use the machine disturb that least.
"""

import os
import statistics
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy is loaded
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from adcalc.api import function

EXAMPLE = Path(__file__).parents[2] / "examples" / "batchnorm.adc"
ROUNDS = 41
Action = Callable[[], Any]


def ratio(ours: Action, theirs: Action) -> tuple[float, float]:
    """Our time as a multiple of theirs, the median of turns; and their shortest, in seconds."""
    ours(), theirs()
    ratios, shortest = [], float("inf")
    for _ in range(ROUNDS):
        begin = time.process_time()
        ours()
        between = time.process_time()
        theirs()
        end = time.process_time()
        ratios.append((between - begin) / (end - between))
        shortest = min(shortest, end - between)
    return statistics.median(ratios), shortest


def peak(action: Action) -> int:
    """The most memory that is held at once while an action runs, its result included, in bytes."""
    action()
    tracemalloc.start()
    kept = action()
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    del kept
    return found


def agree(one: Any, other: Any) -> None:
    """Raise AssertionError where two results are not the same to rounding."""
    for mine, theirs in zip(one, other, strict=True):
        size = float(np.max(np.abs(theirs))) or 1.0
        assert np.shape(mine) == np.shape(theirs)
        assert float(np.max(np.abs(np.subtract(mine, theirs)))) <= 1e-12 * size


def show(name: str, ours: Action, theirs: Action, target: float) -> None:
    """One line: time and peak memory beside NumPy by hand."""
    agree(ours(), theirs())
    times, shortest = ratio(ours, theirs)
    memory = peak(ours) / peak(theirs)
    print(
        f"{name:46} time {times:5.2f} x (to reach: {target:4.2f}), peak memory {memory:5.2f} x (to reach: 1.50); "
        f"by hand {shortest * 1e3:6.2f} ms"
    )


def linear(rows: int = 256, inner: int = 512, columns: int = 256) -> None:
    """A linear layer: its value and what a weight of it hands back to X, W and B."""
    chance = np.random.default_rng(0)
    x, w = chance.normal(size=(rows, inner)), chance.normal(size=(inner, columns))
    b, g = chance.normal(size=columns), chance.normal(size=(rows, columns))
    asked = function("linear(X, W, B)")

    def ours() -> Any:
        found = asked.vjp({"X": x, "W": w, "B": b}, g)
        return found.value, found.vjp["X"], found.vjp["W"], found.vjp["B"]

    def theirs() -> Any:
        return x @ w + b, g @ w.T, x.T @ g, g.sum(axis=0)

    show("linear layer, 256 x 512 x 256, value and vjp", ours, theirs, 1.03)


def normalisation(rows: int = 1024, columns: int = 512) -> None:
    """Batch normalisation, composed and in closed form."""
    chance = np.random.default_rng(0)
    x, g = chance.normal(size=(rows, columns)), chance.normal(size=(rows, columns))
    gamma, beta, eps = chance.normal(size=columns), chance.normal(size=columns), 1e-5
    at = {"x": x, "gamma": gamma, "beta": beta, "eps": eps}
    asked = function("batchnorm(x, gamma, beta, eps)")

    def composed() -> Any:
        found = asked.vjp(at, g, wrt=["x", "gamma", "beta"])
        return found.value, found.vjp["x"], found.vjp["gamma"], found.vjp["beta"]

    def by_hand() -> Any:
        centred = x - x.mean(axis=0)
        scale = ((centred * centred).mean(axis=0) + eps) ** -0.5
        hat = centred * scale
        dbeta, dgamma = g.sum(axis=0), (g * hat).sum(axis=0)
        dx = gamma * scale * (g - dbeta / rows - hat * (dgamma / rows))
        return gamma * hat + beta, dx, dgamma, dbeta

    def as_taught() -> Any:
        mu, var = np.mean(x, axis=0), np.var(x, axis=0)
        hat = (x - mu) / np.sqrt(var + eps)
        dgamma, dbeta = np.sum(g * hat, axis=0), np.sum(g, axis=0)
        inside = g - np.mean(g, axis=0) - (x - mu) / (var + eps) * np.mean(g * (x - mu), axis=0)
        return gamma * hat + beta, inside * gamma / np.sqrt(var + eps), dgamma, dbeta

    show("batch norm, 1024 x 512, composed, by hand", composed, by_hand, 1.2)
    show("batch norm, 1024 x 512, composed, as taught", composed, as_taught, 1.2)
    closed = function(EXAMPLE.read_text("utf-8").replace("gamma*xhat + beta\n", "dx(g)\n"))

    def written() -> Any:
        return (closed.value({"x": x, "gamma": gamma, "eps": eps, "g": g}),)

    def same_by_hand() -> Any:
        centred = x - x.mean(axis=0)
        scale = ((centred**2).mean(axis=0) + eps) ** -0.5
        hat = centred * scale
        return (gamma * scale * (g - g.mean(axis=0) - hat * (g * hat).mean(axis=0)),)

    show("its dx in closed form, in the language", written, same_by_hand, 1.05)


def cost() -> None:
    """What a matrix gradient costs as a multiple of its value."""
    chance = np.random.default_rng(0)
    at = {"X": chance.normal(size=(256, 512)), "W": chance.normal(size=(512, 256)), "B": chance.normal(size=256)}
    at["T"] = np.eye(256)
    for text in ("mse(linear(X, W, B), T)", "sum(tanh(linear(X, W, B)))", "cross_entropy(linear(X, W, B), T)"):
        asked = function(text)
        own = {name: at[name] for name in asked.inputs(at)}
        wrt = [name for name in own if name != "T"]
        times, shortest = ratio(lambda: asked.gradient(own, wrt=wrt), lambda: asked.value(own))  # noqa: B023
        print(f"{text:46} gradient / value {times:4.2f} (to reach: 4); value {shortest * 1e3:6.2f} ms")


def arrays() -> None:
    """All of it."""
    linear()
    normalisation()
    cost()
