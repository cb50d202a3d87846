"""Derivatives as formulas: the sweep over nodes, simplified, written out and counted."""

from __future__ import annotations

from math import isclose
from typing import TYPE_CHECKING, Any, Final

from adcalc.api import floats
from adcalc.api.asked import Asked
from adcalc.api.formulas.formula_values import proved, watched
from adcalc.api.formulas.higher import Higher
from adcalc.api.paths import turned
from adcalc.errors import LimitError, PathError, UsageError
from adcalc.graph.count import operations, tree_operations
from adcalc.modes.blame import text_of
from adcalc.results import Derivative, Formula, Named, Operations
from adcalc.rewrite.simplify import Simplified, simplify
from adcalc.syntax.code import walk
from adcalc.syntax.derivatives import MAXIMUM_ORDER

_SHORT: Final = 60  # operations of a formula that is simplified on its own, too
_WRITTEN: Final = 10_000  # operations of an expression that is written out in LaTeX
_SAME: Final = 1e-9  # relative: numbers that differ by less may be one
_TINY: Final = 6  # operations of a formula that shares nothing worth keeping

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adcalc.api.function import Function
    from adcalc.api.point import Point
    from adcalc.graph.graph import Graph
    from adcalc.graph.node import NodeId
    from adcalc.results.derivation import Derivation
    from adcalc.rules.table import Table
    from adcalc.syntax.lowered import Lowered


def derivative(
    function: Function,
    lowered: Lowered,
    at: Mapping[str, Any],
    ways: list[tuple[str, ...]],
    point: Point | None,
    count: bool,
    steps: bool = False,
) -> Derivative:
    """The derivatives of a function along some ways, each a sequence of variables to differentiate by.

    With a point they are evaluated there; `at` has its floats.

    >>> from adcalc.api import function
    >>> f = function("x^2*y")
    >>> [formula.text for formula in derivative(f, f.lowered(), {}, [("x",), ("x", "y")], None, False).formulas]
    ['2*x*y', '2*x']
    """
    arrays = bool(lowered.graph.shapes) and (lowered.has_arrays or bool(lowered.graph.shape(lowered.output)))
    if arrays:
        from adcalc.api.formulas import array_formulas

        array_formulas.refuse(lowered, ways, steps)
    elif steps:
        from adcalc.api.formulas.derivations import keep_within_limits

        keep_within_limits(lowered.graph, lowered.output)
    higher = Higher(function, lowered)
    if arrays:
        raw = [array_formulas.partial(function, lowered, way) for way in ways]
        simple = _simplified(lowered.graph, raw, function.table)
    else:
        raw = [higher.partial(way) for way in ways]
        simple = _simplified(lowered.graph, raw, function.table)
        assumed = (assumption for way in ways for assumption in higher.assumptions(way))
        simple = simple._replace(assumptions=tuple(dict.fromkeys((*assumed, *simple.assumptions))))
    value: Any = None
    warnings: floats.Warnings = ()
    numbers: list[Any] = [None] * len(ways)
    if point is not None and arrays:
        value, numbers, warnings = array_formulas.values(function, lowered, at, ways, raw)
    elif point is not None:
        value, lost = floats.value(Asked(function, lowered, at))
        turn = turned(function, lowered, at)
        series = [proved(function, point, way) if turn is None else None for way in ways]
        found = [
            watched(function, lowered, at, way) if number is None else (number, ())
            for way, number in zip(ways, series, strict=True)
        ]
        numbers = [number for number, _ in found]
        if turn is not None:
            _require_same(function, lowered, at, raw, numbers, turn.node)
        warnings = tuple(dict.fromkeys([*lost, *[warning for _, some in found for warning in some]]))
    made = written_out(function, lowered, at, ways, simple, numbers)
    return made._replace(
        value=value,
        operations=_operations(lowered, raw, list(simple.outputs)) if count else None,
        steps=_steps(function, lowered, at, ways, simple.outputs, higher) if steps else (),
        warnings=warnings,
    )


def orders(names: Sequence[str], order: int, mixed: bool) -> list[tuple[str, ...]]:
    """By what is differentiated, for each derivative of an order: by each variable, or all in one that is mixed.

    Raises UsageError for an order below 0, LimitError for one of which no formula is written out.

    >>> orders(["x", "y"], 2, False), orders(["x", "y"], 2, True), orders(["x", "y"], 0, False)
    ([('x', 'x'), ('y', 'y')], [('x', 'y', 'x', 'y')], [()])
    """
    if order < 0:
        raise UsageError("the order of a derivative is 0 or more")
    is_one = mixed or not order or len(set(names)) < len(names)  # of order 0 there is one, whatever the variables
    if order * (len(names) if is_one else 1) > MAXIMUM_ORDER:
        raise LimitError(
            f"formulas are differentiated up to order {MAXIMUM_ORDER}", hint="grad --order has the number at a point"
        )
    return [tuple(names) * order] if is_one else [(name,) * order for name in names]


def _require_same(
    function: Function,
    lowered: Lowered,
    at: Mapping[str, float],
    formulas: Sequence[NodeId],
    numbers: Sequence[float],
    turn: NodeId | None,
) -> None:
    """Raise PathError where a program turns at the point, and a formula is not the derivative that is there."""
    for formula, number in zip(formulas, numbers, strict=True):
        if not isclose(floats.value(Asked(function, lowered, at, output=formula))[0], number, rel_tol=_SAME):
            what = text_of(lowered, lowered.output if turn is None else turn)
            raise PathError(
                f"{what} turns exactly here, and the formula of this way is not the derivative",
                None if turn is None else lowered.place(turn),
                "grad has the number",
            )


def formulated(
    function: Function,
    lowered: Lowered,
    at: Mapping[str, float],
    ways: list[tuple[str, ...]],
    raw: Sequence[NodeId],
    numbers: Sequence[float | None],
) -> Derivative:
    """Nodes that are derivatives along some ways, simplified and written out, with their numbers at a point.

    >>> from adcalc.api import function
    >>> f = function("x*x")
    >>> formulated(f, f.lowered(), {}, [()], [f.lowered().output], [None]).formulas[0].text
    'x^2'
    """
    return written_out(function, lowered, at, ways, _simplified(lowered.graph, raw, function.table), numbers)


def written_out(
    function: Function,
    lowered: Lowered,
    at: Mapping[str, float],
    ways: list[tuple[str, ...]],
    simple: Simplified,
    numbers: Sequence[float | None],
) -> Derivative:
    """Simplified nodes as text, LaTeX and MathML."""
    from adcalc.render.latex import latex, latex_program
    from adcalc.render.mathml import mathml_program
    from adcalc.syntax.unparse import unparse, unparse_program

    graph = lowered.graph
    taken = _assigned(function)
    named, texts = unparse_program(graph, simple.outputs, taken=taken)
    definitions, formulas_in_latex = latex_program(graph, simple.outputs, taken=taken)
    elements, formulas_in_mathml = mathml_program(graph, simple.outputs, taken=taken)
    short = tree_operations(graph, lowered.output) <= _WRITTEN
    return Derivative(
        function.source.text,
        latex(graph, lowered.output) if short else "f",
        dict(at),
        max((len(way) for way in ways), default=0),
        tuple(
            Formula(way, text, in_latex, number, in_mathml)
            for way, text, in_latex, number, in_mathml in zip(
                ways, texts, formulas_in_latex, numbers, formulas_in_mathml, strict=True
            )
        ),
        tuple(
            Named(name, text, in_latex, element)
            for (name, text), (_, in_latex), (_, element) in zip(named, definitions, elements, strict=True)
        ),
        tuple(unparse(graph, condition) for condition in _further(graph, simple)),
    )


def _steps(
    function: Function,
    lowered: Lowered,
    at: Mapping[str, float],
    ways: list[tuple[str, ...]],
    formulas: Sequence[NodeId],
    higher: Higher,
) -> tuple[Derivation, ...]:
    """The derivation of each derivative on the way to the formulas, each from the simplest form of the one before."""
    from adcalc.api.formulas.derivations import Derivations
    from adcalc.syntax.sharing import shared_names

    graph = lowered.graph
    derivations = Derivations(graph, function.table, "∂/∂" if len(lowered.variables) > 1 else "d/d", at)
    taken = _assigned(function)
    names = shared_names(graph, formulas, taken=taken)
    found: list[Derivation] = []
    for way, formula in zip(ways, formulas, strict=True):
        node = lowered.output
        for order in range(1, len(way) + 1):
            target, known = formula, names
            if order < len(way):
                target = higher.simplest(way[:order])
                known = shared_names(graph, [target], taken=taken)
            found.append(derivations.derivation(way[:order], node, target, known))
            node = target
    return tuple(found)


def _assigned(function: Function) -> frozenset[str]:
    """The names that the program gives, which formulas do not give again."""
    return frozenset(word for step, word, _ in walk(function.code.block) if step == "assign")


def _simplified(graph: Graph, raw: Sequence[NodeId], table: Table) -> Simplified:
    """The formulas in the form in which they share most, except for those that are shorter each on its own."""
    together = simplify(graph, raw, table)
    outputs, assumptions = list(together.outputs), dict.fromkeys(together.assumptions)
    for number, node in enumerate(raw if len(raw) > 1 else ()):
        length = tree_operations(graph, outputs[number])
        if length <= _SHORT:
            alone = simplify(graph, [node], table)
            if tree_operations(graph, *alone.outputs) < length or length <= _TINY:
                outputs[number] = alone.outputs[0]
                assumptions.update(dict.fromkeys(alone.assumptions))
    return Simplified(tuple(outputs), tuple(assumptions))


def _further(graph: Graph, simple: Simplified) -> list[NodeId]:
    """The assumptions that the formulas do not make by themselves: log(x) already speaks of x != 0."""
    nodes = graph.nodes
    spoken = {args[-1] for op, args, _ in (nodes[n] for n in graph.live(*simple.outputs)) if op in ("log", "div")}
    found = []
    for condition in simple.assumptions:
        left = nodes[condition].args[0]
        inverse = nodes[left].op == "det" and nodes[nodes[left].args[0]].op == "inv"  # what has an inverse is one
        if left not in spoken and not inverse:
            found.append(condition)
    return found


def _operations(lowered: Lowered, raw: list[NodeId], simple: list[NodeId]) -> Operations:
    graph = lowered.graph
    return Operations(
        tree_operations(graph, lowered.output),
        operations(graph, lowered.output),
        tree_operations(graph, *raw),
        operations(graph, *raw),
        operations(graph, *simple),
    )
