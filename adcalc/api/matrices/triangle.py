"""The upper triangle of a Hessian: at ordinary points at once on the graph, at all others derivative by derivative.

At an ordinary point no operation, of the function or of its gradient, stands on an edge. There everything comes from
one graph: reverse sweep over nodes, a forward sweep for each colour, one evaluation. Where something stands on an edge
each partial is differentiated on its own, by the same one-sided slopes and limits as first derivatives, and an error
says which has none.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from adcalc.api import floats
from adcalc.api.matrices.around import Straightened, around, gradient_at, gradient_values
from adcalc.api.matrices.rows import by_rows, symmetric
from adcalc.api.program import saturating
from adcalc.errors import LimitError
from adcalc.modes.base import NodeError, Problem, Tape
from adcalc.modes.digits.flat import is_flat
from adcalc.modes.digits.watch import Watch
from adcalc.modes.higher import evaluations
from adcalc.modes.second import Slopes, formulas, pushed, slopes
from adcalc.modes.sweep import primal
from adcalc.modes.together import numbers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adcalc.api.asked import Asked


_SIMPLIFIED: Final = 5000  # operations: about half a second
_PATIENCE: Final = 100_000_000  # nodes that differences visit: half a minute
_NEAR: Final = 1e-6  # relative: a formula as near to what the sweep says has lost nothing


class Triangle(NamedTuple):
    """Value, gradient and the upper triangle of a Hessian: entries by places, colours, what differences say of each.

    >>> Triangle(1.0, (), (), 0).entries
    ()
    """

    value: float
    gradient: tuple[float, ...]
    entries: tuple[tuple[int, int, float], ...]
    colours: int
    errors: tuple[float, ...] = ()
    warnings: floats.Warnings = ()


def triangle(asked: Asked, mode: str, difference: str) -> Triangle:
    """The upper triangle of the Hessian of a function of numbers; proved where floating point has lost digits.

    Raises what `hessian` raises.
    """
    try:
        return _found(asked, mode, difference)
    except floats.OWN as error:
        from adcalc.api.proofs.second_repair import instead

        return instead(asked, error)


def _found(asked: Asked, mode: str, difference: str) -> Triangle:
    tape, kinks, gradient = gradient_at(asked, mode)
    found = None if kinks.clauses else _ordinary(asked, tape, gradient, mode, difference)
    is_ordinary = found is not None
    if found is None:
        rows = by_rows(asked, range(len(asked.names)))
        found = Triangle(tape.value + 0.0, gradient, symmetric(asked, rows), len(asked.names))
    if not is_ordinary or asked.turns(tape):
        found = _beside_edges(asked, found)
    lost = asked.program.lost(tape, asked.lowered, (tape.value, *gradient, *(value for _, _, value in found.entries)))
    return found._replace(warnings=(*lost, *found.warnings))


def _beside_edges(asked: Asked, found: Triangle) -> Triangle:
    """The triangle of a point on an edge, proved where floating point has lost digits."""
    from adcalc.api.proofs.second_repair import beside_edges

    shown = {(row, column): number for row, column, number in found.entries}
    count = len(asked.names)
    places = [(row, column) for row in range(count) for column in range(row, count)]

    def read(whole: Triangle) -> list[float]:
        return [whole.value, *whole.gradient, *(number for _, _, number in whole.entries)]

    numbers = [found.value, *found.gradient, *(shown.get(place, 0.0) for place in places)]
    repaired = beside_edges(asked, numbers, read)
    if not repaired.is_new:
        return found._replace(warnings=(*repaired.warnings, *found.warnings))
    value, *rest = repaired.numbers
    entries = tuple((*place, number) for place, number in zip(places, rest[count:], strict=True))
    return found._replace(value=value, gradient=tuple(rest[:count]), entries=entries, warnings=repaired.warnings)


def _ordinary(
    asked: Asked, tape: Tape[float], gradient: tuple[float, ...], mode: str, difference: str
) -> Triangle | None:
    """The triangle around an ordinary point; None where the point is not one for the gradient."""
    at = around(asked, tape)
    made = slopes(at.tape, mode)
    cancelled: dict[float, float] = {}
    try:
        found = gradient_values(asked.program, at, made.gradient)
        if found is None:
            return None
        watch = Watch(at.lowered.graph, found[0].order, bool(asked.lowered.names))
        entries = pushed(*found, made, watch.adder(cancelled))
    except NodeError:
        return None
    if not all(math.isfinite(value) for _, _, value in entries):
        return None
    whole = Triangle(tape.value + 0.0, gradient, (), made.number)
    looked = ((watch, found[0]), (asked.program.watch(tape, asked.lowered), tape))
    doubtful = cancelled or is_flat(*found) or any(any(own.looked(on.values)) for own, on in looked)
    if mode == "finite":
        given = _by_differences(asked, at, made, [entry[:2] for entry in entries], difference)
        if given is None:
            return None
        whole = whole._replace(colours=given.colours, errors=given.errors, warnings=given.warnings)
        shown = given.entries
    else:
        shown = tuple((row, column, float(value) + 0.0) for row, column, value in entries)
    if mode == "symbolic":
        by_formula = _by_formulas(asked, at, made) or shown
        swept = {(row, column): value for row, column, value in shown}
        same = [math.isclose(one, swept.get((row, column), one), rel_tol=_NEAR) for row, column, one in by_formula]
        if all(same):  # else a part of a formula left the range, or digits were lost, of which the sweep knows
            shown = tuple((row, column, value + 0.0) for row, column, value in by_formula)
    whole = whole._replace(entries=shown)
    return _repaired(asked, at, made, whole, entries if mode == "finite" else shown) if doubtful else whole


def _repaired(
    asked: Asked, at: Straightened, made: Slopes, whole: Triangle, judged: Sequence[tuple[int, int, float]]
) -> Triangle:
    """The triangle if eight digits of each number are right, or else the proved one.

    Entries of finite differences are right as far as their own estimate: those `judged` are then the sweeps'.
    """
    from adcalc.api.proofs.second_repair import checked

    graph = at.lowered.graph
    zero = graph.constant(Fraction(0))
    known = {(row, column): node for row, column, node in formulas(at.tape, made)}
    nodes = [at.lowered.output, *(zero if node is None else node for node in made.gradient)]
    nodes += [known.get((row, column), zero) for row, column, _ in judged]
    numbers = [whole.value, *whole.gradient, *(value for _, _, value in judged)]
    repaired = checked(asked, at, nodes, numbers)
    if not repaired.is_new:
        return whole._replace(warnings=(*repaired.warnings, *whole.warnings))
    value, *rest = repaired.numbers
    slopes, second = tuple(rest[: len(whole.gradient)]), rest[len(whole.gradient) :]
    places = tuple((row, column, one) for (row, column, _), one in zip(judged, second, strict=True))
    errors = tuple(math.ulp(one) / 2.0 for one in second) if whole.errors else ()
    return whole._replace(value=value, gradient=slopes, entries=places, errors=errors, warnings=repaired.warnings)


def _by_formulas(asked: Asked, at: Straightened, made: Slopes) -> list[tuple[int, int, float]] | None:
    """The entries as formulas, simplified where that is quick, and evaluated; None where they have no value."""
    from adcalc.api.formulas.simplifying import simplifies

    graph, table = at.lowered.graph, asked.program.table
    entries = formulas(at.tape, made)
    nodes = [node for _, _, node in entries]
    if nodes and simplifies(graph, nodes, _SIMPLIFIED):
        from adcalc.rewrite.simplify import simplify

        nodes = list(simplify(graph, nodes, table).outputs)
    try:
        values = numbers(graph, nodes, at.point, saturating(table))
    except NodeError:
        return None
    found = [(row, column, float(values[node])) for (row, column, _), node in zip(entries, nodes, strict=True)]
    return found if all(math.isfinite(value) for _, _, value in found) else None


def _by_differences(
    asked: Asked, at: Straightened, made: Slopes, places: Sequence[tuple[int, int]], difference: str
) -> Triangle | None:
    """The triangle by differences of the partials."""
    from adcalc.api.estimates import estimates

    rows: dict[int, list[int]] = {}
    for row, column in places:
        rows.setdefault(row, []).append(column)
    _require_few(at, made, rows, difference)
    entries: list[tuple[int, int, float]] = []
    errors: list[float] = []
    branched: dict[str, None] = {}
    for row, columns in rows.items():
        partial = made.gradient[row]
        assert partial is not None
        problem = Problem(at.lowered.graph, partial, tuple(at.wrt[column] for column in columns), at.point)
        names = [asked.names[column] for column in columns]
        try:
            slopes, known, ways = estimates(primal(problem, saturating(asked.program.table)), names, difference)
        except NodeError as error:
            raise asked.program.explained(error, at.lowered) from None
        entries += [(row, column, (slope or 0.0) + 0.0) for column, slope in zip(columns, slopes, strict=True)]
        errors += [known[name] for name in names] if known else []
        branched.update(dict.fromkeys(ways))
    if not all(math.isfinite(value) for _, _, value in entries):
        return None
    return Triangle(0.0, (), tuple(entries), len(rows), tuple(errors), floats.branched(branched))


def _require_few(at: Straightened, made: Slopes, rows: Mapping[int, list[int]], difference: str) -> None:
    """Raise LimitError where differences would take minutes."""
    each = evaluations(1, 1, difference)
    visits = sum(len(at.lowered.graph.below(made.gradient[row] or 0)) * len(columns) for row, columns in rows.items())
    if visits * each > _PATIENCE:
        count = each * sum(map(len, rows.values()))
        hint = "--difference central takes two for each entry" if each > 2 else "--mode reverse takes none"
        raise LimitError(f"differences would take {count} evaluations of partials", None, hint)
