"""Whether a loss that was noticed is one, and whether an underflow matters."""

import pytest

from adcalc.api import function
from adcalc.modes.digits import loss


def taped(text, **at):
    f = function(text)
    lowered, numbers = f.at(at)
    return f.tape(lowered, numbers, tuple(lowered.variables.values()))


@pytest.mark.parametrize(
    ("text", "at", "lost"),
    [
        ("y - x^2", {"x": 2, "y": 4}, False),
        ("y - x^2", {"x": 0.1, "y": 0.01}, True),
        ("x*y - y*x", {"x": 0.1, "y": 0.3}, False),
        ("x - max(x, y)", {"x": 0.3, "y": 0.1}, False),
        ("sqrt(x) - 2", {"x": 4}, False),
        ("sqrt(x) - 1.5", {"x": 2.25}, False),
        ("exp(x) - 1", {"x": 0}, False),
        ("abs(x) - x", {"x": 0.1}, False),
        ("1 - cos(x)", {"x": 1e-9}, True),
        ("x/3 - y", {"x": 1, "y": 0.3333333333333333}, True),
        ("x/4 - y", {"x": 1, "y": 0.25}, False),
        ("x^20 - y", {"x": 2, "y": 1048576}, True),  # right, but not worth the work to see
    ],
)
def test_what_is_exact_loses_nothing(text, at, lost):
    tape = taped(text, **at)
    assert loss.is_lost(tape.problem.graph, tape.values, tape.problem.output) is lost


@pytest.mark.parametrize(
    ("text", "at", "matters"),
    [
        ("sin(x)/x", {"x": 1e-9}, True),
        ("sin(x)/x", {"x": 1}, False),
        ("x*(1/x)", {"x": 0.3}, True),
        ("m = max(a, b); log(exp(a - m) + exp(b - m)) + m", {"a": 1, "b": 2}, False),
    ],
)
def test_sums_of_adjoints(text, at, matters):
    assert loss.sums_matter(taped(text, **at)) is matters


@pytest.mark.parametrize(
    ("text", "at", "op"),
    [
        ("1 + exp(-x)", {"x": 800}, None),
        ("cos(x*x)", {"x": 1e-200}, None),
        ("x*x + 1e-300", {"x": 1e-155}, "mul"),
        ("sqrt(x*x)", {"x": 1e-160}, "mul"),
        ("x*x", {"x": 1e-200}, "mul"),
        ("1/(x*x)", {"x": 1e200}, "mul"),
        ("x*y", {"x": 2, "y": 3}, None),
    ],
)
def test_what_left_the_range(text, at, op):
    tape = taped(text, **at)
    node = loss.left_range(tape, False)
    assert (None if node is None else tape.problem.graph.nodes[node].op) == op


def test_adjoints_that_left_the_range():
    tape = taped("1e-200*(1e-200*(1e300*x))", x=1)
    assert loss.left_range(tape, False) is None
    assert loss.left_range(tape, True) == tape.problem.output


def test_a_severe_loss():
    tape = taped("1 - cos(x)", x=1e-5)
    graph, output = tape.problem.graph, tape.problem.output
    assert loss.is_severe(graph, tape.values, output)
    assert not loss.is_severe(graph, [1e-3, 1.0, 0.9999995, 5e-7], output)
