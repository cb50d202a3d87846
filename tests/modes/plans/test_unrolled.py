"""Graphs written out as one function: the same numbers as node by node."""

from random import Random

import pytest
from proving import made

from adcalc.api import function
from adcalc.api.program import saturating
from adcalc.modes.base import NodeError
from adcalc.modes.plans.unrolled import LARGEST, unrolled
from adcalc.modes.together import numbers
from adcalc.rules.table import standard


@pytest.mark.parametrize("seed", range(60))
def test_the_same_numbers_as_node_by_node(seed):
    random = Random(seed)
    asked = function(made(random, random.randrange(3, 20)))
    lowered = asked.lowered()
    graph, rules, inputs = lowered.graph, saturating(standard()), list(lowered.variables.values())
    partials = [one for one in asked.symbolic(lowered, lowered.output, tuple(inputs)) if one is not None]
    outputs = [lowered.output, *partials]
    run = unrolled(graph, outputs, inputs, rules)
    if run is None:
        assert "if" in graph.ops
        return
    for _ in range(5):
        at = [random.uniform(-3.0, 3.0) for _ in inputs]
        try:
            found = numbers(graph, outputs, dict(zip(inputs, at, strict=True)), rules)
        except NodeError:
            with pytest.raises((ValueError, ArithmeticError)):
                run(at)
            continue
        assert run(at) == pytest.approx([found[node] for node in outputs], rel=1e-15, nan_ok=True)


def test_choices_and_large_graphs_are_left_to_others():
    rules = saturating(standard())
    lowered = function("if(x > 0, log(x), x)").lowered()
    assert unrolled(lowered.graph, [lowered.output], [lowered.variables["x"]], rules) is None
    lowered = function("+".join(f"sin({k}*x)" for k in range(LARGEST))).lowered()
    assert unrolled(lowered.graph, [lowered.output], [lowered.variables["x"]], rules) is None


def test_no_inputs():
    lowered = function("1 + 2*pi").lowered()
    run = unrolled(lowered.graph, [lowered.output], [], saturating(standard()))
    assert run([]) == [pytest.approx(7.283185307179586)]


def test_names_that_python_spells_otherwise(tmp_path):
    file = tmp_path / "mine.adc"
    file.write_text("ϕ(u) = exp(-u^2)\nclass(u) = u^3\n", encoding="utf-8")
    asked = function("ϕ(x)*y + class(x*y)", str(file))
    for _ in range(5):
        found = asked.hvp({"x": 0.5, "y": 2.0}, {"x": 1.0})
    fresh = function("exp(-x^2)*y + (x*y)^3").hvp({"x": 0.5, "y": 2.0}, {"x": 1.0})
    assert found.hvp == pytest.approx(fresh.hvp, rel=1e-14)
