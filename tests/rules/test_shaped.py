"""Rows of operations on arrays, on random shapes: what is pushed and what is pulled are each other's transposes."""

import random

import numpy as np
import pytest

from adcalc.api.program import real
from adcalc.arithmetics.symbolic import Symbolic
from adcalc.graph.graph import Graph
from adcalc.modes.plans.plan import Plan
from adcalc.rules.shaped import Shaped
from adcalc.rules.table import standard

ROUNDS = 6


def shape(source, low, high):
    return tuple(source.randint(1, 4) for _ in range(source.randint(low, high)))


def narrowed(source, full):
    """A shape that is broadcast to a full one."""
    kept = full[source.randint(0, len(full)) :]
    return tuple(1 if source.random() < 0.3 else length for length in kept)


def axes_of(source, full):
    return tuple(axis for axis in range(len(full)) if source.random() < 0.5) or (0,)


def matmul(source):
    n, k, m = (source.randint(1, 4) for _ in range(3))
    above = shape(source, 0, 2)
    left = source.choice([(k,), (n, k), (*above, n, k), (*narrowed(source, above), n, k)])
    right = source.choice([(k,), (k, m), (*above, k, m), (*narrowed(source, above), k, m)])
    return None, [left, right]


def square(source):
    n = source.randint(1, 4)
    return None, [(n, n)]


def solve(source):
    n = source.randint(1, 4)
    return None, [(n, n), source.choice([(n,), (n, source.randint(1, 3))])]


def outer(source):
    return None, [(source.randint(1, 4),), (source.randint(1, 4),)]


def reduction(source):
    full = shape(source, 1, 3)
    return (axes_of(source, full), True), [full]


def total(source):
    full = shape(source, 1, 3)
    return (axes_of(source, full), source.random() < 0.5), [full]


def reshape(source):
    full = shape(source, 1, 3)
    return (int(np.prod(full)),), [full]


def broadcast(source):
    full = shape(source, 1, 3)
    return full, [narrowed(source, full)]


def transpose(source):
    full = shape(source, 2, 3)
    order = list(range(len(full)))
    source.shuffle(order)
    return tuple(order), [full]


def index(source, full):
    label = []
    for length in full[: source.randint(1, len(full))]:
        if source.random() < 0.4:
            label.append(source.randrange(length))
        else:
            step = source.choice([1, 2, -1])
            span = range(length)[::step]
            label.append((span.start, span.start + len(span) * step, step))
    return tuple(label)


def take(source):
    full = shape(source, 1, 3)
    return index(source, full), [full]


def put(source):
    full = shape(source, 1, 3)
    label = index(source, full)
    lengths = [len(range(*one)) for one in label if isinstance(one, tuple)]
    return (full, label), [(*lengths, *full[len(label) :])]


def concat(source):
    full = shape(source, 1, 3)
    axis = source.randrange(len(full))
    other = (*full[:axis], source.randint(1, 3), *full[axis + 1 :])
    return (axis,), [full, other]


def stacked(source):
    full = shape(source, 0, 2)
    return None, [full, full, full]


def vector(source):
    return None, [(source.randint(1, 4),)]


def both(source):
    full = shape(source, 0, 3)
    return None, [narrowed(source, full), full][:: source.choice([1, -1])]


OPERATIONS = {
    "matmul": matmul,
    "outer": outer,
    "solve": solve,
    **dict.fromkeys(["inv", "det", "logdet", "adjugate", "cholesky", "trace", "diagonal", "half_lower"], square),
    **dict.fromkeys(
        ["max_over", "min_over", "norm_over", "logsumexp_over", "softmax_over", "log_softmax_over"], reduction
    ),
    "sum": total,
    "reshape": reshape,
    "broadcast": broadcast,
    "transpose": transpose,
    "take": take,
    "put": put,
    "concat": concat,
    "array": stacked,
    "diagonal_matrix": vector,
    **dict.fromkeys(["add", "sub", "mul", "div", "pow", "atan2", "max"], both),
}
_POSITIVE = frozenset({"logdet", "cholesky", "inv", "solve", "adjugate"})


def made(op, number):
    """A graph of one operation on random shapes, its rules, its arguments, and numbers for them."""
    source = random.Random(f"{op}{number}")
    numbers = np.random.default_rng(number)
    label, shapes = OPERATIONS[op](source)
    graph = Graph()
    args = [graph.input(f"x{place}", one) for place, one in enumerate(shapes)]
    node = graph.apply(op, *args) if label is None else graph.arrange(op, label, *args)
    point = {}
    for place, (argument, one) in enumerate(zip(args, shapes, strict=True)):
        value = numbers.uniform(0.5, 1.5, one)
        if place == 0 and op in _POSITIVE:
            value = value @ value.T + np.eye(one[0])
        point[argument] = value if one else float(value)
    return graph, Shaped(standard(), Symbolic(graph)), args, node, point


def values(graph, nodes, point):
    return Plan(graph, nodes, real(standard()), 0).run(point)


@pytest.mark.parametrize("number", range(ROUNDS))
@pytest.mark.parametrize("op", OPERATIONS)
class TestTransposes:
    def test_push_and_pull_are_transposes(self, op, number):
        graph, rules, args, node, point = made(op, number)
        numbers = np.random.default_rng(number + 100)
        everything = tuple(range(len(args)))
        weight = graph.input("bar", graph.shape(node))
        directions = [graph.input(f"d{place}", graph.shape(argument)) for place, argument in enumerate(args)]
        for one in (weight, *directions):
            point[one] = numbers.normal(size=graph.shape(one))
        pulled = rules.pull(op, everything)(weight, node, *args)
        flows = pulled if len(args) > 1 else (pulled,)
        pushed = rules.push(op, everything)(node, *args, *directions)
        tangent, *found = values(graph, [pushed, *flows], point)
        forward = np.sum(np.broadcast_to(tangent, graph.shape(node)) * point[weight])
        backward = sum(
            np.sum(np.broadcast_to(flow, graph.shape(argument)) * point[direction])
            for flow, argument, direction in zip(found, args, directions, strict=True)
        )
        assert forward == pytest.approx(backward, rel=1e-10, abs=1e-10)

    def test_one_argument_alone_gets_the_same(self, op, number):
        graph, rules, args, node, point = made(op, number)
        weight = graph.input("bar", graph.shape(node))
        point[weight] = np.random.default_rng(number).normal(size=graph.shape(node))
        for place, argument in enumerate(args):
            alone = rules.pull(op, (place,))(weight, node, *args)
            together = rules.pull(op, tuple(range(len(args))))(weight, node, *args)
            together = together[place] if len(args) > 1 else together
            one, other = values(graph, [alone, together], point)
            full = graph.shape(argument)
            assert np.broadcast_to(one, full) == pytest.approx(np.broadcast_to(other, full), rel=1e-12, abs=1e-12)

    def test_an_adjoint_that_is_the_same_everywhere_may_be_a_number(self, op, number):
        graph, rules, args, node, point = made(op, number)
        small, whole = graph.input("small"), graph.input("whole", graph.shape(node))
        point[small], point[whole] = 1.7, np.full(graph.shape(node), 1.7)
        for place, argument in enumerate(args):
            one, other = values(graph, [rules.pull(op, (place,))(bar, node, *args) for bar in (small, whole)], point)
            full = graph.shape(argument)
            assert np.broadcast_to(one, full) == pytest.approx(np.broadcast_to(other, full), rel=1e-11, abs=1e-11)
