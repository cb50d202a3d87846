"""Several outputs in one sweep: the same values as each alone."""

import pytest

from adcalc.api import function
from adcalc.api.program import saturating
from adcalc.modes import together
from adcalc.modes.base import NodeError, Problem
from adcalc.modes.cost import Counting
from adcalc.modes.sweep import primal
from adcalc.rules.compiled import Compiled


def made(text, **point):
    asked = function(text)
    lowered, at = asked.at(point)
    outputs = [node for node in range(len(lowered.graph)) if lowered.graph.nodes[node].args]
    return asked, lowered.graph, outputs, {lowered.variables[name]: value for name, value in at.items()}


@pytest.mark.parametrize("text", ["sin(x*y) + exp(x)/y", "x^y - log(x)", "if(x > y, x*y, x/y)*x"])
def test_the_values_are_those_of_each_alone(text):
    asked, graph, outputs, point = made(text, x=2.0, y=3.0)
    outputs = [node for node in outputs if graph.nodes[node].op != "gt"]
    rules = saturating(asked.table)
    alone = [primal(Problem(graph, output, (), point), rules).value for output in outputs]
    assert together.values(graph, outputs, point, rules) == alone


def test_what_is_shared_is_computed_once():
    asked, graph, outputs, point = made("sin(sin(sin(x)))", x=2.0)
    counting = Counting(saturating(asked.table))
    together.values(graph, outputs, point, Compiled(asked.table, counting))
    assert counting.count == 3


def test_no_output_has_no_values():
    asked, graph, _, point = made("sin(x)", x=2.0)
    assert together.values(graph, [], point, saturating(asked.table)) == []


def test_a_node_without_a_value_is_blamed():
    asked = function("log(x) + y")
    lowered = asked.lowered()
    point = {lowered.variables["x"]: -1.0, lowered.variables["y"]: 1.0}
    with pytest.raises(NodeError) as refused:
        together.values(lowered.graph, [lowered.output], point, saturating(asked.table))
    assert refused.value.kind == "domain"
    assert lowered.graph.nodes[refused.value.node].op == "log"
