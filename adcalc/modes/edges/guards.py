"""Derivatives inside expressions, held to what is true of all derivatives: there are none at kinks and jumps.

`diff(abs(x), x)` is sign(x) as a formula, which has a value at 0; the derivative has none.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from adcalc.graph.node import NodeId
from adcalc.modes import forward
from adcalc.modes.base import NodeError, Problem, Tape, Way
from adcalc.modes.edges import singular
from adcalc.modes.proofs.open import KINK, OpenError
from adcalc.modes.sweep import LAZY, ByOp, choose, on_demand, primal
from adcalc.rules.compiled import Compiled
from adcalc.syntax.lowered import Guard

_NONE: Final[Mapping[NodeId, NodeId]] = MappingProxyType({})


def exists(tape: Tape[Any]) -> Any:
    """The derivative by the only input of the problem, where the point is on an edge; None where it is not.

    Raises NodeError where there is none.

    >>> from adcalc.api import function
    >>> f = function("x*abs(x)")
    >>> [exists(f.tape(*f.at({"x": at}), (0,))) for at in (3, 0)]
    [None, 0.0]
    """
    kinks = singular.find(tape)
    if not kinks.clauses:
        return None
    graph, (variable,) = tape.problem.graph, tape.problem.wrt
    inputs = [variable, *graph.inputs(graph.below(tape.problem.output))]
    every = {one: tape.problem.point[one] for one in inputs}  # of marks, too, when they are looked up
    (slope,) = singular.one_sided(tape._replace(problem=tape.problem._replace(point=every)), kinks).partials
    return slope


def guarded(
    problem: Problem[Any],
    rules: Compiled[Any],
    guards: Sequence[Guard],
    marks: Mapping[NodeId, NodeId] = _NONE,
    way: Way | None = None,
    require: Callable[[Tape[Any]], Any] = exists,
) -> Tape[Any]:
    """The primal sweep, where every derivative that it uses exists. Raises NodeError where one does not.

    A derivative of a derivative uses that, even where its formula has become a number. On an edge each has to be what
    its formula says, which knows one side: that of max(x, 0) + min(x, 0) says 0 at 0.
    `marks` are inputs that stand for values, and `way` is that of the program; `require` is `exists`, or its like.

    >>> from adcalc.arithmetics.real import Real
    >>> from adcalc.graph.graph import Graph
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> function, slope = graph.apply("abs", x), graph.apply("sign", x)
    >>> rules = Compiled(standard(), Real())
    >>> guarded(Problem(graph, slope, (x,), {x: 2.0}), rules, [Guard(function, x, slope, 0)]).value
    1.0
    >>> try:
    ...     guarded(Problem(graph, slope, (x,), {x: 0.0}), rules, [Guard(function, x, slope, 0)])
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
        empty = Tape(problem, rules, [], values, way)
        for guard in guards:
            if error.node in graph.below(guard.slope):
                _require_derivative(empty, functions, guard, marks, require)
        raise
    used = set(tape.order)
    values[: len(tape.values)] = tape.values
    filled = tape._replace(values=values, way=way)
    for guard in guards:
        if guard.slope in used and _require_derivative(filled, functions, guard, marks, require):
            _require_along(filled, guard, guards)
    for guard in reversed(guards):
        is_inside = guard.slope not in used and values[guard.slope] is not None
        if is_inside and _require_derivative(filled, functions, guard, marks, require):
            _require_along(filled, guard, guards)
    return tape


def _require_derivative(
    tape: Tape[Any],
    functions: ByOp,
    guard: Guard,
    marks: Mapping[NodeId, NodeId],
    require: Callable[[Tape[Any]], Any],
) -> bool:
    """Whether a derivative exists on an edge. Raises NodeError where there is none, or another than its formula says.

    Kinks are looked for between the variable and what is differentiated: no other node depends on it.
    """
    node, variable, own = guard.node, guard.variable, guard.own
    problem, rules, _, values, way = tape
    try:
        on_demand(problem.graph, rules, problem.point, node, values, functions, marks)
    except KeyError:
        return False  # what the derivative has made disappear has no value
    if own is not None:
        problem = problem._replace(point=_Marked(tape, functions, marks))
    if way is not None:
        way = way._replace(decided=way.decided[: guard.before] if own is None else own if way.decided else ())
    inside = Tape(problem._replace(output=node, wrt=(variable,)), rules, _between(tape, variable, node), values, way)
    slope, formula = require(inside), values[guard.slope]
    if slope is not None and formula is not None and _is_other(slope, formula):
        raise NodeError("beside", next(iter(singular.find(inside).clauses)), [])
    return slope is not None


def _require_along(tape: Tape[Any], guard: Guard, guards: Sequence[Guard]) -> None:
    """Raise NodeError where a derivative on an edge is differentiated by another variable, and is not its formula.

    Formulas know one side there, too: if(x == 0, 0, x*y) has the slope y by x at (0, y), and its formula is 0. Limits
    know more; nothing is proved of it, and then OpenError is raised.
    """
    problem, rules, *_ = tape
    graph, variable = problem.graph, guard.variable
    below = graph.below(guard.node)
    outer = [other.variable for other in guards if guard.slope in graph.below(other.node)]
    for along in dict.fromkeys((*problem.wrt, *outer)):
        if along == variable or along not in below:
            continue
        if not isinstance(tape.values[guard.node], float):
            raise OpenError(guard.node, KINK)
        from adcalc.modes.edges import limits

        inside = tape._replace(problem=problem._replace(output=guard.node, wrt=(variable, along)))
        number = limits.second(inside, variable, along)
        formula = forward.run(primal(problem._replace(output=guard.slope, wrt=(along,)), rules)).partials[0]
        if number is None or _is_other(number, formula or 0.0):
            raise NodeError("beside", guard.node, [])


def _is_other(slope: Any, formula: Any) -> bool:
    """Whether two numbers of a derivative are certainly not the same."""
    if isinstance(slope, float):
        return not singular.is_same(slope, formula)
    from adcalc.arithmetics.exact import ball

    return bool(ball(slope) != ball(formula))


class _Marked(dict[NodeId, Any]):
    """The point, and the numbers of marks when they are asked for."""

    def __init__(self, tape: Tape[Any], functions: ByOp, marks: Mapping[NodeId, NodeId]) -> None:
        super().__init__(tape.problem.point)
        self._tape, self._functions, self._marks = tape, functions, marks

    def __missing__(self, mark: NodeId) -> Any:
        (problem, rules, _, values, _), value = self._tape, self._marks[mark]
        on_demand(problem.graph, rules, problem.point, value, values, self._functions)
        number = self[mark] = values[value]
        return number


def _between(tape: Tape[Any], variable: NodeId, output: NodeId) -> list[NodeId]:
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
