"""Second derivatives of a point on an edge: derivative by derivative, each held to existence, in both orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adcalc.api.matrices.around import partials_at
from adcalc.errors import DomainError, NotDifferentiableError
from adcalc.modes.base import NodeError
from adcalc.modes.edges import singular
from adcalc.modes.edges.turning import turning
from adcalc.syntax.number import short

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from adcalc.api.asked import Asked
    from adcalc.errors import AdcalcError
    from adcalc.graph.node import NodeId
    from adcalc.modes.base import Tape


def by_rows(asked: Asked, columns: Iterable[int]) -> dict[tuple[int, int], float]:
    """The second derivatives by each input and then by some, and in the other order, each held to existence on its own.

    The formula of a partial is that of one side of an edge. So by two inputs it is that of the one on which no edge
    depends, and where all edges' inputs are in the pair, what partials beside the point tell.

    Raises AdcalcError where one does not exist.
    """
    from adcalc.modes.edges import limits  # which loads balls

    lowered, program, wrt = asked.lowered, asked.program, asked.wrt
    some = set(columns)
    found: dict[tuple[int, int], float] = {}
    whole = asked.tape(wrt)
    turns = turning(whole)
    if turns:  # beside the point there are other partials
        raise program.explained(NodeError("beside", turns[0], []), lowered)
    edged = limits.edged(whole, singular.find(whole).clauses)
    for row, partial in enumerate(program.symbolic(lowered, lowered.output, wrt)):
        if partial is None:
            continue
        below = set(lowered.graph.inputs(lowered.graph.below(partial)))
        chosen = [one for one, node in enumerate(wrt) if node in below and (one in some or row in some)]
        by_limits = [one for one in chosen if one != row and wrt[row] in edged]
        found |= {(row, one): _limit(asked, whole, row, one) for one in by_limits if wrt[one] in edged}
        found |= _by_formula(asked, partial, row, [one for one in chosen if one not in by_limits])
        for one in by_limits:
            if wrt[one] not in edged and (one, row) not in found:
                (other,) = program.symbolic(lowered, lowered.output, (wrt[one],))
                found |= {} if other is None else _by_formula(asked, other, one, [row])
                backwards = limits.second(whole, wrt[row], wrt[one])
                found |= {} if backwards is None else {(row, one): backwards}
    return {(row, column): slope for (column, row), slope in found.items() if wrt[row] in edged} | found


def _by_formula(asked: Asked, partial: NodeId, row: int, columns: Sequence[int]) -> dict[tuple[int, int], float]:
    """The slopes of a partial by some inputs; by limits where the formula has no value at the point."""
    try:
        tape = asked.tape(tuple(asked.wrt[column] for column in columns), partial)
        slopes = partials_at(tape, singular.find(tape))
    except (NodeError, DomainError) as error:
        cause = error if isinstance(error, NodeError) else error.__context__
        known = asked.program.explained(error, asked.lowered) if isinstance(error, NodeError) else error
        if not isinstance(cause, NodeError) or cause.kind not in ("domain", "slope"):
            raise known from None
        whole = asked.tape(asked.wrt)
        return {(row, column): _limit(asked, whole, row, column, known) for column in columns}
    return {(row, column): slope for column, slope in zip(columns, slopes, strict=True)}


def _limit(asked: Asked, tape: Tape[float], row: int, column: int, known: AdcalcError | None = None) -> float:
    """A second derivative by limits. Raises NotDifferentiableError where there is none, or what is known."""
    from adcalc.modes.edges import limits

    first, then = asked.names[row], asked.names[column]
    found = limits.second(tape, asked.wrt[row], asked.wrt[column])
    if found is None and known is not None and row == column:
        raise known
    if found is None:
        raise NotDifferentiableError(
            f"there is no second derivative by {first} and {then} here: "
            f"beside the point the slope by {first} does not exist, or has no slope itself",
            asked.lowered.place(asked.lowered.output),
        )
    return found


def symmetric(asked: Asked, found: Mapping[tuple[int, int], float]) -> tuple[tuple[int, int, float], ...]:
    """The upper triangle of second derivatives in both orders. Raises NotDifferentiableError where these differ."""
    entries = []
    for row, column in sorted({(min(pair), max(pair)) for pair in found}):
        one, other = found.get((row, column), 0.0), found.get((column, row), 0.0)
        if not singular.is_same(one, other):
            first, then = asked.names[row], asked.names[column]
            raise NotDifferentiableError(
                f"the second derivative by {first} and {then} depends on their order here: "
                f"{short(one)} by {first} first, {short(other)} by {then} first",
                asked.lowered.place(asked.lowered.output),
            )
        entries.append((row, column, one))
    return tuple(entries)
