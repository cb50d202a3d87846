"""Derivatives inside expressions, held to what is true of all derivatives: there are none at kinks and jumps.

`diff(abs(x), x)` is sign(x) as a formula, which has a value at 0; the derivative has none.
"""

from collections.abc import Sequence
from typing import Any

from adcalc.graph.node import NodeId
from adcalc.modes import singular
from adcalc.modes.base import NodeError, Problem, Tape, Way
from adcalc.modes.sweep import LAZY, ByOp, choose, on_demand, primal
from adcalc.rules.compiled import Compiled
from adcalc.syntax.lowered import Guard


def guarded(
    problem: Problem[float],
    rules: Compiled[float],
    guards: Sequence[Guard],
    way: Way | None = None,
) -> Tape[float]:
    """The primal sweep, where every derivative that it uses exists. Raises NodeError where one does not.

    `way` is that of the program.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.graph.graph import Graph
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> function, slope = graph.apply("abs", x), graph.apply("sign", x)
    >>> rules = Compiled(standard(), Real())
    >>> guarded(Problem(graph, slope, (x,), {x: 2.0}), rules, [(function, x, slope, 0)]).value
    1.0
    >>> try:
    ...     guarded(Problem(graph, slope, (x,), {x: 0.0}), rules, [(function, x, slope, 0)])
    ... except NodeError as error:
    ...     print(error.kind)
    kink
    """
    graph = problem.graph
    values: list[Any] = [None] * len(graph)
    functions = ByOp(rules.value)
    try:
        tape = primal(problem, rules)
    except NodeError as error:
        empty = Tape(problem, rules, [], values)
        for guard in guards:
            if error.node in graph.below(guard[2]):
                _require_derivative(empty, functions, guard, way)
        raise
    used = set(tape.order)
    values[: len(tape.values)] = tape.values
    for guard in guards:
        if guard[2] in used:
            _require_derivative(tape._replace(values=values), functions, guard, way)
    return tape


def _require_derivative(tape: Tape[float], functions: ByOp, guard: Guard, way: Way | None) -> None:
    """Look for kinks between the variable and what is differentiated: no other node depends on it."""
    node, variable, _, before = guard
    problem, rules, _, values, *_ = tape
    try:
        on_demand(problem.graph, rules, problem.point, node, values, functions)
    except KeyError:
        return  # what the derivative has made disappear has no value
    way = None if way is None else way.before(before)
    tape = Tape(problem._replace(output=node, wrt=(variable,)), rules, _between(tape, variable, node), values, way)
    kinks = singular.find(tape)
    if kinks.clauses:
        singular.one_sided(tape, kinks)


def _between(tape: Tape[float], variable: NodeId, output: NodeId) -> list[NodeId]:
    """The nodes that were evaluated for an output and may depend on a variable: those made after it."""
    nodes, values = tape.problem.graph.nodes, tape.values
    found = {output}
    waiting = [output]
    while waiting:
        op, args, _ = nodes[waiting.pop()]
        if op in LAZY:
            args = (args[0], choose(op, args, values[args[0]]))
        for argument in args:
            if argument >= variable and argument not in found:
                found.add(argument)
                waiting.append(argument)
    return sorted(found)
