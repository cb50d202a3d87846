"""Derivatives inside expressions, held to what is true of all derivatives: there are none at kinks and jumps.

`diff(abs(x), x)` is sign(x) as a formula, which has a value at 0; the derivative has none.
"""

from collections.abc import Sequence

from adcalc.modes import singular
from adcalc.modes.base import NodeError, Problem, Tape
from adcalc.modes.sweep import primal
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
        for guard in guards:
            if error.node in graph.below(guard[2]):
                _require_derivative(problem, rules, guard)
        raise
    used = set(tape.order)
    for guard in guards:
        if guard[2] in used:
            _require_derivative(problem, rules, guard)
    return tape


def _require_derivative(problem: Problem[float], rules: Compiled[float], guard: Guard) -> None:
    node, variable, _ = guard
    if any(needed not in problem.point for needed in problem.graph.inputs(problem.graph.below(node))):
        return  # what the derivative has made disappear has no value
    tape = primal(problem._replace(output=node, wrt=(variable,)), rules)
    kinks = singular.find(tape)
    if kinks.clauses:
        singular.one_sided(tape, kinks)
