"""The upper triangle of a Hessian: at ordinary points at once on the graph, at all others derivative by derivative.

At an ordinary point no operation, of the function or of its gradient, stands on an edge. There everything comes from
one graph: reverse sweep over nodes, a forward sweep for each colour, one evaluation. Where something stands on an edge
each partial is differentiated on its own, by the same one-sided slopes and limits as first derivatives, and an error
says which has none.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

from adcalc.api.around import Asked, Straightened, around, gradient_at, gradient_values, partials_at
from adcalc.api.program import saturating
from adcalc.errors import LimitError, NotDifferentiableError
from adcalc.modes import singular
from adcalc.modes.base import NodeError, Problem, Tape
from adcalc.modes.higher import evaluations
from adcalc.modes.second import Slopes, formulas, numbers, pushed, slopes
from adcalc.modes.sweep import primal
from adcalc.syntax.number import short

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


_SIMPLIFIED: Final = 5000  # operations: about half a second
_PATIENCE: Final = 100_000_000  # nodes that differences visit: half a minute
_SAME: Final = 1e-6  # relative: mixed derivatives that differ by less are the same, as limits know them


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
    warnings: tuple[tuple[str, str], ...] = ()


def triangle(asked: Asked, mode: str, difference: str) -> Triangle:
    """The upper triangle of the Hessian of a function of numbers. Raises what `hessian` raises."""
    tape, kinks, gradient = gradient_at(asked, mode)
    found = None if kinks.clauses else _ordinary(asked, tape, mode, difference)
    if found is None:
        rows = by_rows(asked, range(len(asked.names)))
        found = Triangle(0.0, (), symmetric(asked, rows), len(asked.names))
    lost = asked.program.lost(tape, asked.lowered, (tape.value, *gradient, *(value for _, _, value in found.entries)))
    return found._replace(value=tape.value + 0.0, gradient=gradient, warnings=(*lost, *found.warnings))


def _ordinary(asked: Asked, tape: Tape[float], mode: str, difference: str) -> Triangle | None:
    """The triangle around an ordinary point; None where the point is not one for the gradient."""
    at = around(asked, tape)
    made = slopes(at.tape, mode)
    try:
        found = gradient_values(asked.program, at, made.gradient)
        if found is None:
            return None
        entries = pushed(*found, made)
    except NodeError:
        return None
    if not all(math.isfinite(value) for _, _, value in entries):
        return None
    if mode == "finite":
        return _by_differences(asked, at, made, [entry[:2] for entry in entries], difference)
    if mode == "symbolic":
        entries = _by_formulas(asked, at, made) or entries
    return Triangle(0.0, (), tuple((row, column, float(value) + 0.0) for row, column, value in entries), made.number)


def _by_formulas(asked: Asked, at: Straightened, made: Slopes) -> list[tuple[int, int, float]] | None:
    """The entries as formulas, simplified where that is quick, and evaluated; None where they have no value."""
    from adcalc.api.simplifying import simplifies

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
    met = tuple(("branch", f"finite differences by {name} took different branches") for name in branched)
    if not all(math.isfinite(value) for _, _, value in entries):
        return None
    return Triangle(0.0, (), tuple(entries), len(rows), tuple(errors), met)


def _require_few(at: Straightened, made: Slopes, rows: Mapping[int, list[int]], difference: str) -> None:
    """Raise LimitError where differences would take minutes."""
    each = evaluations(1, 1, difference)
    visits = sum(len(at.lowered.graph.below(made.gradient[row] or 0)) * len(columns) for row, columns in rows.items())
    if visits * each > _PATIENCE:
        count = each * sum(map(len, rows.values()))
        hint = "--difference central takes two for each entry" if each > 2 else "--mode reverse takes none"
        raise LimitError(f"differences would take {count} evaluations of partials", None, hint)


def by_rows(asked: Asked, columns: Iterable[int]) -> dict[tuple[int, int], float]:
    """The second derivatives by each input and then by some, and in the other order, each held to existence on its own.

    Raises AdcalcError where one does not exist.
    """
    lowered, program, wrt = asked.lowered, asked.program, asked.wrt
    some = set(columns)
    found: dict[tuple[int, int], float] = {}
    turns = singular.turning(asked.tape(wrt))
    if turns:  # beside the point there are other partials
        raise program.explained(NodeError("beside", turns[0], []), lowered)
    for row, partial in enumerate(program.symbolic(lowered, lowered.output, wrt)):
        if partial is None:
            continue
        below = set(lowered.graph.inputs(lowered.graph.below(partial)))
        chosen = [one for one, node in enumerate(wrt) if node in below and (one in some or row in some)]
        tape = asked.tape(tuple(wrt[column] for column in chosen), partial)
        try:
            slopes = partials_at(tape, singular.find(tape))
        except NodeError as error:
            raise program.explained(error, lowered) from None
        found.update({(row, column): slope for column, slope in zip(chosen, slopes, strict=True)})
    return found


def symmetric(asked: Asked, found: Mapping[tuple[int, int], float]) -> tuple[tuple[int, int, float], ...]:
    """The upper triangle of second derivatives in both orders. Raises NotDifferentiableError where these differ."""
    entries = []
    for row, column in sorted({(min(pair), max(pair)) for pair in found}):
        one, other = found.get((row, column), 0.0), found.get((column, row), 0.0)
        if not math.isclose(one, other, rel_tol=_SAME, abs_tol=_SAME * _SAME):
            first, then = asked.names[row], asked.names[column]
            raise NotDifferentiableError(
                f"the second derivative by {first} and {then} depends on their order here: "
                f"{short(one)} by {first} first, {short(other)} by {then} first",
                asked.lowered.place(asked.lowered.output),
            )
        entries.append((row, column, one))
    return tuple(entries)
