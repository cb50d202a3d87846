"""Products of the Hessian with a direction: the gradient, pushed along it."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from adcalc.api.asked import Asked
from adcalc.api.floats import OWN
from adcalc.api.matrices import repeated_product
from adcalc.api.matrices.around import Straightened, around, gradient_at, gradient_values
from adcalc.api.matrices.hessian import question
from adcalc.api.matrices.repeated_product import Product
from adcalc.api.matrices.rows import by_rows, symmetric
from adcalc.api.matrices.seeds import seeded
from adcalc.api.program import saturating
from adcalc.modes import forward, reverse
from adcalc.modes.base import NodeError, Problem, Tape
from adcalc.modes.digits.flat import is_flat
from adcalc.modes.digits.watch import Watch
from adcalc.modes.second import product
from adcalc.modes.sweep import primal
from adcalc.results.second import HessianProduct

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from adcalc.api.floats import Warnings
    from adcalc.api.function import Function
    from adcalc.api.matrices.triangle import Triangle
    from adcalc.api.point import Point
    from adcalc.graph.node import NodeId


def hvp(
    function: Function,
    point: Point,
    seed: Point,
    wrt: Iterable[str] | None = None,
    mode: str = "reverse",
    difference: str = "richardson",
) -> HessianProduct:
    """The product of the Hessian with a direction. Raises what `hessian` raises, and for a seed that does not fit.

    >>> from adcalc.api import function
    >>> hvp(function("x^2*y"), {"x": 1, "y": 2}, {"x": 1}).hvp
    {'x': 4.0, 'y': 2.0}
    """
    lowered, at, names = question(function, point, wrt, mode)
    direction = seeded(function, at, names, seed)
    if lowered.has_arrays:
        from adcalc.api.matrices import second_arrays

        return second_arrays.hvp(function, lowered, at, names, direction, mode, difference)
    asked = Asked(function, lowered, at, tuple(names))
    found = direct_product(asked, list(direction.values()), mode, difference)
    products = dict(zip(names, found.products, strict=True))
    errors = dict(zip(names, found.errors, strict=True)) if found.errors else {}
    return HessianProduct(function.source.text, at, mode, direction, found.value, products, errors, found.warnings)


def direct_product(asked: Asked, direction: Sequence[float], mode: str, difference: str) -> Product:
    """The product of the Hessian with a direction of numbers; the proved one where floating point has lost digits."""
    try:
        again = repeated_product.product(asked, direction) if mode == "reverse" else None
        if again is not None:
            return again
        return _product(asked, direction, mode, difference)
    except OWN as error:
        from adcalc.api.proofs.second_repair import instead

        found = instead(asked, error)
        return Product(found.value, _times(found, direction), (), found.warnings)


def _product(asked: Asked, direction: Sequence[float], mode: str, difference: str) -> Product:
    tape, kinks, _ = gradient_at(asked, mode)
    along = {place: number for place, number in enumerate(direction) if number}
    found = None if kinks.clauses else _ordinary_product(asked, tape, along, mode, difference)
    is_ordinary = found is not None
    if found is None:
        entries = by_rows(asked, along)
        symmetric(asked, {pair: slope for pair, slope in entries.items() if pair[::-1] in entries})
        rows = [
            [entries.get((row, one), 0.0) * number for one, number in along.items()] for row in range(len(direction))
        ]
        found = Product(tape.value + 0.0, [math.fsum(row) + 0.0 for row in rows])
    if not is_ordinary or asked.turns(tape):
        from adcalc.api.proofs.second_repair import beside_edges

        numbers = [found.value, *found.products]
        repaired = beside_edges(asked, numbers, lambda whole: [whole.value, *_times(whole, direction)])
        value, *products = repaired.numbers
        found = Product(value, products, found.errors, (*repaired.warnings, *found.warnings))
    lost = asked.program.lost(tape, asked.lowered, (found.value, *found.products))
    return found._replace(warnings=(*lost, *found.warnings))


def _times(found: Triangle, direction: Sequence[float]) -> list[float]:
    """The product of a matrix with a direction."""
    rows: list[list[float]] = [[] for _ in direction]
    for row, column, number in found.entries:
        rows[row].append(number * direction[column])
        if row != column:
            rows[column].append(number * direction[row])
    return [math.fsum(row) + 0.0 for row in rows]


def _ordinary_product(
    asked: Asked, tape: Tape[float], along: Mapping[int, float], mode: str, difference: str
) -> Product | None:
    at = around(asked, tape)
    gradient = (forward if mode == "forward" else reverse).run(at.tape).partials
    only = at._replace(wrt=tuple(at.wrt[place] for place in along))
    try:
        values = gradient_values(asked.program, only, gradient)
        if values is None:
            return None
        there = values[0]
        tangents = forward.tangent_sweep(there, {at.wrt[place]: number for place, number in along.items()})
    except NodeError:
        return None
    pushed = [None if partial is None else tangents[partial] for partial in gradient]
    found = [0.0 if one is None else float(one) + 0.0 for one in pushed]
    if not all(map(math.isfinite, found)):
        return None
    answer = Product(tape.value + 0.0, found)
    if mode == "finite":
        answer = Product(answer.value, *_product_by_differences(asked, at, gradient, along, difference))
    watch = Watch(at.lowered.graph, there.order, bool(asked.lowered.names))
    looked = ((watch, there), (asked.program.watch(tape, asked.lowered), tape))
    seen = any(any(one.looked(on.values)) for one, on in looked)
    if seen or watch.pushed(there, tangents) or is_flat(*values):
        return _repaired(asked, at, along, mode, answer, found)
    return answer


def _repaired(
    asked: Asked, at: Straightened, along: Mapping[int, float], mode: str, answer: Product, found: Sequence[float]
) -> Product:
    """The answer if eight digits of each number are right, or else the proved one."""
    from adcalc.api.proofs.second_repair import checked

    graph = at.lowered.graph
    seed = {at.wrt[place]: graph.constant(Fraction(number)) for place, number in along.items()}
    zero = graph.constant(Fraction(0))
    nodes = [zero if node is None else node for node in product(at.tape, seed, mode)[1]]
    repaired = checked(asked, at, [at.lowered.output, *nodes], [answer.value, *found])
    if not repaired.is_new:
        return answer._replace(warnings=(*repaired.warnings, *answer.warnings))
    value, *proved = repaired.numbers
    errors = [math.ulp(one) / 2.0 for one in proved] if answer.errors else []
    return Product(value, proved, errors, repaired.warnings)


def _product_by_differences(
    asked: Asked, at: Straightened, gradient: Sequence[NodeId | None], along: Mapping[int, float], difference: str
) -> tuple[list[float], list[float], Warnings]:
    """The product by differences of the partials along the direction: as functions of the step."""
    from adcalc.api.estimates import estimates

    graph = at.lowered.graph
    step = graph.input("step along the seed")
    exact = {at.wrt[place]: graph.constant(Fraction(number)) for place, number in along.items()}
    images = {node: graph.apply("add", node, graph.apply("mul", number, step)) for node, number in exact.items()}
    for node in graph.live(*(partial for partial in gradient if partial is not None)):
        if node not in images:
            args = [images[argument] for argument in graph.nodes[node].args]
            images[node] = graph.copy(graph, node, args) if args else node
    found: list[float] = []
    errors: list[float] = []
    branched = False
    for partial in gradient:
        if partial is None:
            found.append(0.0)
            errors.append(0.0)
            continue
        problem = Problem(graph, images[partial], (step,), at.point | {step: 0.0})
        try:
            slopes, known, ways = estimates(primal(problem, saturating(asked.program.table)), ["step"], difference)
        except NodeError as error:
            raise asked.program.explained(error, at.lowered) from None
        found.append((slopes[0] or 0.0) + 0.0)
        errors += [known["step"]] if known else []
        branched = branched or bool(ways)
    met = (("branch", "finite differences along the seed took different branches"),) if branched else ()
    return found, errors if len(errors) == len(found) else [], met
