"""Functions of arrays: value and gradient of each, in every mode, against NumPy's complex step and against balls.

The oracle is each function written by hand with NumPy. A complex step of 1e-30 takes no difference, so its slopes are
right to rounding (Squire & Trapp 1998); it knows nothing of rows, graphs or modes.
"""

# ruff: noqa: N803, N806  # matrices have capital letters

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

from adcalc.api import function
from adcalc.api.arrays.elements import by_element
from adcalc.api.program import real
from adcalc.modes import forward, reverse
from adcalc.modes.base import Problem
from adcalc.modes.plans.plan import Plan
from adcalc.modes.proofs import certified
from adcalc.rules.table import standard

STEP = 1e-30


class Case(NamedTuple):
    """A function, the shapes of its variables, and the same in NumPy; `positive` matrices are positive definite."""

    text: str
    shapes: dict[str, tuple[int, ...]]
    oracle: Callable[..., Any]
    positive: bool = False


def softmax(A, axis=-1):
    powers = np.exp(A)
    return powers / powers.sum(axis=axis, keepdims=True)


def batchnorm(x, gamma, beta, eps):
    centred = x - x.mean(axis=0)
    return gamma * centred / np.sqrt((centred**2).mean(axis=0) + eps) + beta


def layernorm(x, gamma, beta, eps):
    centred = x - x.mean(axis=-1, keepdims=True)
    return gamma * centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + eps) + beta


def cholesky(A):
    """By hand: NumPy's takes no complex numbers as parts of real ones."""
    A = (A + A.T) / 2
    L = np.zeros_like(A)
    for row in range(len(A)):
        for column in range(row + 1):
            rest = A[row, column] - L[row, :column] @ L[column, :column]
            L[row, column] = np.sqrt(rest) if row == column else rest / L[column, column]
    return L


def logistic(u):
    return 1 / (1 + np.exp(-u))


def larger(u, w):
    return np.where(u.real > w.real, u, w)


def largest(A, axis):
    return np.take_along_axis(A, np.expand_dims(np.argmax(A.real, axis=axis), axis), axis)


M, N, K = (4, 3), (3, 2), (4, 2)
S = (3, 3)
CASES = [
    Case("sum((X@W - T)^2)", {"X": M, "W": N, "T": K}, lambda X, W, T: ((X @ W - T) ** 2).sum()),
    Case("sum(linear(X, W, b)^3)", {"X": M, "W": N, "b": (2,)}, lambda X, W, b: ((X @ W + b) ** 3).sum()),
    Case("x@A@y", {"x": (3,), "A": (3, 4), "y": (4,)}, lambda x, A, y: x @ A @ y),
    Case("x.T@A@x", {"x": (3,), "A": S}, lambda x, A: x @ A @ x),
    Case("trace(A@X@B)", {"A": (2, 3), "X": (3, 4), "B": (4, 2)}, lambda A, X, B: np.trace(A @ X @ B)),
    Case("sum((A@B)^2)", {"A": (2, 3, 4), "B": (4, 5)}, lambda A, B: ((A @ B) ** 2).sum()),
    Case("sum((A@B)^2)", {"A": (3, 4), "B": (2, 4, 5)}, lambda A, B: ((A @ B) ** 2).sum()),
    Case("sum((A@b)^2)", {"A": (2, 3, 4), "b": (4,)}, lambda A, b: ((A @ b) ** 2).sum()),
    Case("sum((a@B)^2)", {"a": (4,), "B": (2, 4, 5)}, lambda a, B: ((a @ B) ** 2).sum()),
    Case("sum(dot(a, b)*a)", {"a": (3,), "b": (3,)}, lambda a, b: ((a @ b) * a).sum()),
    Case("sum(outer(x, y)*A)", {"x": (3,), "y": (2,), "A": N}, lambda x, y, A: (np.outer(x, y) * A).sum()),
    Case("det(X)", {"X": S}, lambda X: np.linalg.det(X)),
    Case("logdet(X)", {"X": S}, lambda X: np.log(np.linalg.det(X)), True),
    Case("sum(inv(X)*Y)", {"X": S, "Y": S}, lambda X, Y: (np.linalg.inv(X) * Y).sum(), True),
    Case("sum(adjugate(X)*Y)", {"X": S, "Y": S}, lambda X, Y: (np.linalg.det(X) * np.linalg.inv(X) * Y).sum(), True),
    Case("sum(solve(X, Y)^2)", {"X": S, "Y": N}, lambda X, Y: (np.linalg.solve(X, Y) ** 2).sum(), True),
    Case("sum(solve(X, y)^2)", {"X": S, "y": (3,)}, lambda X, y: np.linalg.inv(X) @ y @ (np.linalg.inv(X) @ y), True),
    Case("sum(cholesky(X)*Y)", {"X": S, "Y": S}, lambda X, Y: (cholesky(X) * Y).sum(), True),
    Case("norm(X@w - t)", {"X": M, "w": (3,), "t": (4,)}, lambda X, w, t: np.sqrt(((X @ w - t) ** 2).sum())),
    Case("sum(norm(X, axis=1)^3)", {"X": M}, lambda X: (np.sqrt((X**2).sum(axis=1)) ** 3).sum()),
    Case(
        "sum(max(X, axis=0)*min(X, axis=1)[0])",
        {"X": M},
        lambda X: (largest(X, 0) * -largest(-X, 1)[0]).sum(),
    ),
    Case("max(X)", {"X": M}, lambda X: largest(X.ravel(), 0)[0]),
    Case("sum(max(X, Y))", {"X": M, "Y": (3,)}, lambda X, Y: larger(X, Y + 0 * X).sum()),
    Case("sum(prod(X, axis=0))", {"X": M}, lambda X: X.prod(axis=0).sum()),
    Case("prod(X)", {"X": N}, lambda X: X.prod()),
    Case("sum(mean(X, axis=0)^2) + mean(X)", {"X": M}, lambda X: (X.mean(axis=0) ** 2).sum() + X.mean()),
    Case(
        "sum(std(X, axis=1)*var(X, axis=1))",
        {"X": M},
        lambda X: (((X - X.mean(axis=1, keepdims=True)) ** 2).mean(axis=1) ** 1.5).sum(),
    ),
    Case("sum(X - mean(X, axis=[0, 1], keepdims=1)^2)", {"X": M}, lambda X: (X - X.mean() ** 2).sum()),
    Case("logsumexp(X@w)", {"X": M, "w": (3,)}, lambda X, w: np.log(np.exp(X @ w).sum())),
    Case("sum(logsumexp(X, axis=1)^2)", {"X": M}, lambda X: (np.log(np.exp(X).sum(axis=1)) ** 2).sum()),
    Case("sum(softmax(X)*Y)", {"X": M, "Y": M}, lambda X, Y: (softmax(X) * Y).sum()),
    Case("sum(softmax(X, axis=0)*Y)", {"X": M, "Y": M}, lambda X, Y: (softmax(X, 0) * Y).sum()),
    Case("sum(log_softmax(X)*Y)", {"X": M, "Y": M}, lambda X, Y: (np.log(softmax(X)) * Y).sum()),
    Case(
        "cross_entropy(X@W, softmax(Y))",
        {"X": M, "W": N, "Y": K},
        lambda X, W, Y: -(softmax(Y) * np.log(softmax(X @ W))).sum(axis=1).mean(),
    ),
    Case("cross_entropy(X, [2, 0, 1, 1])", {"X": M}, lambda X: -np.log(softmax(X))[range(4), [2, 0, 1, 1]].mean()),
    Case("mse(X@w, y)", {"X": M, "w": (3,), "y": (4,)}, lambda X, w, y: ((X @ w - y) ** 2).mean()),
    Case(
        "sum(batchnorm(x, gamma, beta, eps)^3)",
        {"x": M, "gamma": (3,), "beta": (3,), "eps": ()},
        lambda x, gamma, beta, eps: (batchnorm(x, gamma, beta, eps) ** 3).sum(),
    ),
    Case(
        "sum(layernorm(x, gamma, beta, eps)^3)",
        {"x": M, "gamma": (3,), "beta": (3,), "eps": ()},
        lambda x, gamma, beta, eps: (layernorm(x, gamma, beta, eps) ** 3).sum(),
    ),
    Case("sum(X[1:3, 0]*Y[::-1])", {"X": M, "Y": (2,)}, lambda X, Y: (X[1:3, 0] * Y[::-1]).sum()),
    Case("X[1, 2]*X[-1]@X[1]", {"X": M}, lambda X: X[1, 2] * (X[-1] @ X[1])),
    Case("sum(X[::2]*X[1::2])", {"X": M}, lambda X: (X[::2] * X[1::2]).sum()),
    Case(
        "sum(concat(X, Y, axis=1)^2@w)",
        {"X": M, "Y": K, "w": (5,)},
        lambda X, Y, w: (np.concatenate([X, Y], axis=1) ** 2 @ w).sum(),
    ),
    Case(
        "sum(stack(x, y, axis=1)@A)",
        {"x": (3,), "y": (3,), "A": (2, 2)},
        lambda x, y, A: (np.stack([x, y], axis=1) @ A).sum(),
    ),
    Case("sum([s, s^2, t]*v)", {"s": (), "t": (), "v": (3,)}, lambda s, t, v: (np.array([s, s**2, t]) * v).sum()),
    Case(
        "sum(diag(x)@A) + sum(diag(A)^2)",
        {"x": (3,), "A": S},
        lambda x, A: (np.diag(x) @ A).sum() + (np.diag(A) ** 2).sum(),
    ),
    Case("sum((s*X + v)/w)", {"s": (), "X": M, "v": (3,), "w": (4, 1)}, lambda s, X, v, w: ((s * X + v) / w).sum()),
    Case("sum(X^Y)", {"X": M, "Y": (3,)}, lambda X, Y: (X**Y).sum()),
    Case(
        "sum(logistic(X@W) + relu(X@W) + softplus(X)[0:1, 0:2]*tanh(s))",
        {"X": M, "W": N, "s": ()},
        lambda X, W, s: (
            logistic(X @ W) + larger(X @ W, 0 * (X @ W)) + np.log(1 + np.exp(X))[0:1, 0:2] * np.tanh(s)
        ).sum(),
    ),
    Case("sum(where(X < 1, X^2, sqrt(X)))", {"X": M}, lambda X: np.where(X.real < 1, X**2, np.sqrt(X)).sum()),
    Case("sum(where(X > 1, log(X - 1), X))", {"X": M}, lambda X: sum(map(above_one, X.flat))),
    Case("sum(reshape(X, 3, 4)@X)", {"X": M}, lambda X: (X.reshape(3, 4) @ X).sum()),
    Case("sum(reshape(X, -1)[2:5]^2) + size(X)", {"X": M}, lambda X: (X.ravel()[2:5] ** 2).sum() + 12),
    Case("sum(X.T@X@(2*eye(3) + ones(3, 3)))", {"X": M}, lambda X: (X.T @ X @ (2 * np.eye(3) + np.ones((3, 3)))).sum()),
    Case("sum(zeros(2) + x)*shape(X)[1]", {"x": (2,), "X": M}, lambda x, X: x.sum() * X.shape[1]),
    Case(
        "sum(sin(X)*cos(X)/exp(X) - abs(X)*floor(3*X))",
        {"X": M},
        lambda X: (np.sin(X) * np.cos(X) / np.exp(X) - X * np.floor(3 * X.real)).sum(),
    ),
    Case("f(u) = u@u; g = 2*x; f(g) + f(g[1:3])", {"x": (3,)}, lambda x: 4 * (x @ x) + 4 * (x[1:3] @ x[1:3])),
    Case(
        "s = 0; for k in 0..2 { s = s + X[k]@X[k + 1]*k }; s",
        {"X": M},
        lambda X: sum(k * (X[k] @ X[k + 1]) for k in range(3)),
    ),
    Case("sum(diff(sum(x^3), x)*y)", {"x": (3,), "y": (3,)}, lambda x, y: (3 * x**2 * y).sum()),
    Case(
        "w = x; repeat 3 { w = w - 0.1*diff(sum((A@w)^2), w) }; sum(w)",
        {"A": S, "x": (3,)},
        lambda A, x: descent(A, x).sum(),
    ),
    Case("while sum(x^2) > 0.1 { x = x/2 }; sum(x)*s", {"x": (3,), "s": ()}, lambda x, s: halved(x).sum() * s),
    Case("if(s > 0, sum(sqrt(x)), sum(log(x - 5)))", {"s": (), "x": (3,)}, lambda s, x: np.sqrt(x).sum() + 0 * s),
]


def descent(A, w):
    for _ in range(3):
        w = w - 0.1 * 2 * A.T @ (A @ w)
    return w


def above_one(x):
    return np.log(x - 1) if x.real > 1 else x


def halved(x):
    while (x.real**2).sum() > 0.1:
        x = x / 2
    return x


def point_of(case: Case, seed: int = 0) -> dict[str, Any]:
    source = np.random.default_rng(seed)
    point: dict[str, Any] = {}
    for name, shape in case.shapes.items():
        value = source.uniform(0.3, 1.7, shape)
        if case.positive and len(shape) == 2 and shape[0] == shape[1]:
            value = value @ value.T + np.eye(shape[0])
        point[name] = value if shape else float(value)
    return point


def complex_step(case: Case, point: dict[str, Any], name: str) -> Any:
    value = np.asarray(point[name], dtype=complex)
    slopes = np.zeros(value.shape)
    for index in np.ndindex(value.shape):
        moved = value.copy()
        moved[index] += 1j * STEP
        slopes[index] = np.imag(case.oracle(**{**point, name: moved if moved.shape else complex(moved)})) / STEP
    return slopes


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.text)
class TestEveryFunction:
    def test_its_value(self, case):
        point = point_of(case)
        wanted = case.oracle(**{name: np.asarray(value, dtype=complex) for name, value in point.items()})
        assert function(case.text).value(point) == pytest.approx(float(np.real(wanted)), rel=1e-12)

    @pytest.mark.parametrize("mode", ["reverse", "forward", "finite"])
    def test_its_gradient(self, case, mode):
        point = point_of(case, 1)
        found = function(case.text).gradient(point, mode=mode).gradient
        for name in point:
            wanted = complex_step(case, point, name)
            tolerance = 1e-7 if mode == "finite" else 1e-11
            assert found[name] == pytest.approx(wanted, rel=tolerance, abs=tolerance), name
            assert np.shape(found[name]) == np.shape(point[name])

    def test_push_against_pull(self, case):
        """⟨w, J·d⟩ = ⟨Jᵀ·w, d⟩ in random directions: forward and reverse mode are each other's transposes."""
        point = point_of(case, 2)
        asked = function(case.text)
        lowered, at = asked.at(point)
        graph = lowered.graph
        wrt = tuple(lowered.variables.values())
        tape = asked.differentiate.tape(graph, lowered.output, wrt)
        numbers = {lowered.variables[name]: value for name, value in at.items()}
        source = np.random.default_rng(3)
        seeds = {node: graph.input(f"seed{node}", graph.shape(node)) for node in wrt}
        directions = {seeds[node]: source.normal(size=graph.shape(node)) for node in wrt}
        pulled = reverse.run(tape).partials
        pushed = forward.push(tape, seeds)
        kept = [node for node in (pushed, *pulled) if node is not None]
        values = dict(zip(kept, Plan(graph, kept, real(standard()), 0).run(numbers | directions), strict=True))
        backward = sum(
            float(np.sum(np.broadcast_to(values[partial], graph.shape(node)) * directions[seeds[node]]))
            for node, partial in zip(wrt, pulled, strict=True)
            if partial is not None
        )
        assert float(values.get(pushed, 0.0)) == pytest.approx(backward, rel=1e-11, abs=1e-12)

    def test_its_second_derivatives(self, case):
        """The gradient's slope along a direction, against a difference of the oracle's gradients."""
        name, shape = next(iter(case.shapes.items()))
        point, source, step = point_of(case, 5), np.random.default_rng(6), 1e-5
        point["direction"] = source.normal(size=shape) if shape else 0.6
        statements, _, last = case.text.rpartition("; ")
        text = f"{statements}\nsum(diff({last}, {name})*direction)"
        if f"{name} =" in case.text or "repeat" in case.text:
            return  # the name stands for another value in the end
        given = {key: value for key, value in point.items() if key != "direction"}
        ahead, behind = ({**given, name: given[name] + sign * step * point["direction"]} for sign in (1, -1))
        wanted = (complex_step(case, ahead, name) - complex_step(case, behind, name)) / (2 * step)
        found = function(text).gradient(point, wrt=[name]).gradient[name]
        assert found == pytest.approx(wanted, rel=1e-5, abs=1e-6)

    def test_against_balls(self, case):
        """Unfolded to numbers, the same gradient has thirty proved digits."""
        point = point_of(case, 4)
        asked = function(case.text)
        lowered, at = asked.at(point)
        if lowered.guards or asked.needs_point:
            pytest.skip("a program's way, and derivatives inside, are those of the floats")
        known = dict(
            enumerate(
                Plan(lowered.graph, [lowered.output], real(standard()), plain=True).values(
                    {lowered.variables[name]: value for name, value in at.items()}
                )
            )
        )
        small, numbers, _, labels = by_element(lowered, at, {node: v for node, v in known.items() if v is not None})
        wrt = tuple(small.variables.values())
        problem = Problem(small.graph, small.output, wrt, {small.variables[n]: v for n, v in numbers.items()})
        proved = certified.gradient(problem, standard(), 30)
        exact = dict(zip(small.variables, proved.partials, strict=True))
        found = asked.gradient(point).gradient
        for name, elements in labels.items():
            slopes = [0.0 if exact[element] is None else float(exact[element].digits) for element in elements]
            assert np.ravel(found[name]) == pytest.approx(np.array(slopes), rel=1e-11, abs=1e-12)


def test_every_function_of_arrays_is_among_the_cases():
    texts = " ".join(case.text for case in CASES)
    internal = {"max_over", "min_over", "norm_over", "logsumexp_over", "softmax_over", "log_softmax_over", "matmul"}
    names = {entry.name for entry in standard().entries() if entry.group == "arrays" or "A" in entry.parameters}
    names |= {"linear", "mse", "cross_entropy", "batchnorm", "layernorm"}
    assert [name for name in sorted(names - internal) if f"{name}(" not in texts] == []
