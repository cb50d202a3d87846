"""Derivatives inside expressions, held to what is true of all derivatives: there are none at kinks and jumps.

`diff(abs(x), x)` is sign(x) as a formula, which has a value at 0; the derivative has none.
"""

from collections.abc import Sequence
from typing import Any

from adcalc.graph.graph import Graph
from adcalc.graph.node import NodeId
from adcalc.modes import singular
from adcalc.modes.base import NodeError, Problem, Tape
from adcalc.modes.sweep import ByOp, on_demand, primal
from adcalc.rules.compiled import Compiled
from adcalc.syntax.lowered import Guard


def guarded(problem: Problem[float], rules: Compiled[float], guards: Sequence[Guard]) -> Tape[float]:
    """The primal sweep, where every derivative that it uses exists. Raises NodeError where one does not.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.graph.graph import Graph
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> function, slope = graph.apply("abs", x), graph.apply("sign", x)
    >>> rules = Compiled(standard(), Real())
    >>> guarded(Problem(graph, slope, (x,), {x: 2.0}), rules, [(function, x, slope)]).value
    1.0
    >>> try:
    ...     guarded(Problem(graph, slope, (x,), {x: 0.0}), rules, [(function, x, slope)])
    ... except NodeError as error:
    ...     print(error.kind)
    kink
    """
    graph = problem.graph
    try:
        tape = primal(problem, rules)
    except NodeError as error:
        values: list[Any] = [None] * len(graph)
        for guard in guards:
            if error.node in graph.below(guard[2]):
                _require_derivative(problem, rules, guard, values)
        raise
    used = set(tape.order)
    values = [*tape.values, *[None] * (len(graph) - len(tape.values))]
    for guard in guards:
        if guard[2] in used:
            _require_derivative(problem, rules, guard, values)
    return tape


def _require_derivative(problem: Problem[float], rules: Compiled[float], guard: Guard, values: list[Any]) -> None:
    """Raise NodeError where a derivative does not exist; `values` are those known so far, and are added to."""
    node, variable, _ = guard
    between = _between(problem.graph, node, variable)
    try:
        for one in between:
            on_demand(problem.graph, rules, problem.point, one, values, ByOp(rules.value))
    except KeyError:
        return  # what the derivative has made disappear has no value
    tape = Tape(problem._replace(output=node, wrt=(variable,)), rules, between, values)
    kinks = singular.find(tape)
    if kinks.clauses:
        singular.one_sided(tape, kinks)


def _between(graph: Graph, node: NodeId, variable: NodeId) -> list[NodeId]:
    """The nodes on the way from a variable to a node, in evaluation order, without those before the variable."""
    found = {node, variable}
    waiting = [node]
    while waiting:
        for argument in graph.nodes[waiting.pop()].args:
            if argument > variable and argument not in found:
                found.add(argument)
                waiting.append(argument)
    return sorted(found)
