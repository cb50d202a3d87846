"""Why there is no series at a point: poles, branch points, edges, and what has no value there."""

from collections.abc import Mapping
from math import isfinite
from types import MappingProxyType
from typing import Final

from adcalc.arithmetics.exact import ball
from adcalc.arithmetics.moving import Pole, Rough, Tie, start
from adcalc.graph.graph import Graph
from adcalc.modes.base import NodeError
from adcalc.modes.proofs.attempt import Attempt, Demand
from adcalc.modes.proofs.certified import proving
from adcalc.modes.proofs.open import OpenError
from adcalc.rules.expanding import Unruled
from adcalc.rules.table import Table

_GROWING: Final = frozenset({"exp", "exp2", "expm1", "sinh", "cosh", "gamma", "erfi", "ei", "pow"})
_HUGE: Final = 1e15  # an argument of which these have no ball
_OPEN: Final = "{} has no series that can be proved: as far as digits tell, it stands on an edge"


class SingularError(NodeError):
    """Why there is no series: a node, and of kind "pole" its order, of "sides" what differs to the left and right.

    Other kinds are "domain", "rough" (a branch point or an infinite slope; its order is that of the argument),
    "no_rule", "edge" (a kink of which no side is known) and "mixed" (an edge on a line that is asked about for the sake
    of a mixed derivative).
    """

    order = 0
    limit: float | None = None
    sides: tuple[float, float, float] = (0.0, 0.0, 0.0)  # to the left, at the point, to the right
    line: Mapping[str, int] = MappingProxyType({})


def explained(error: NodeError, graph: Graph, table: Table, precision: int) -> SingularError:
    """The reason why a sweep over series failed. Raises OpenError where more bits may help.

    >>> from flint import arb
    >>> from adcalc.rules.table import standard
    >>> graph = Graph()
    >>> x = graph.input("x")
    >>> explained(NodeError("domain", graph.apply("log", x), [arb(-1)]), graph, standard(), 53).kind
    'domain'
    """
    cause = error.__cause__
    kinds: tuple[tuple[type, str], ...] = ((Pole, "pole"), (Rough, "rough"), (Tie, "edge"), (Unruled, "no_rule"))
    kind = next((kind for known, kind in kinds if isinstance(cause, known)), None)
    error.arguments = [start(one) for one in error.arguments]
    if kind is None:
        judged = Attempt(proving(table, precision), Demand(1), False).judged(error, graph)
        if isinstance(judged, OpenError):
            grows = graph.nodes[error.node].op in _GROWING
            if not (grows and any(abs(ball(one)) > _HUGE for one in error.arguments)):
                raise OpenError(error.node, _OPEN)
            kind = "overflow"
        else:
            kind = judged.kind
    found = singular_at(kind, error)
    if isinstance(cause, Pole):
        found.order, found.limit = cause.order, cause.limit
    if isinstance(cause, Rough):
        found.order = cause.order
    if isinstance(cause, Unruled):
        found.variable = cause.argument
    return found


def singular_at(kind: str, error: NodeError) -> SingularError:
    """An error of this kind about the same node, with floats for the arguments.

    >>> from flint import arb
    >>> singular_at("edge", NodeError("kink", 3, [arb(0.5)])).arguments
    [0.5]
    """
    floats = [one if isinstance(one, bool) or one is None else float(ball(start(one))) for one in error.arguments]
    finite = all(one is not None and isfinite(one) for one in floats)
    made = SingularError(kind, error.node, floats if finite else [], variable=error.variable)
    made.__cause__ = error.__cause__
    return made
