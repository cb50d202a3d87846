"""Whether claimed derivatives are right, and what shows it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from adcalc.errors import Place
from adcalc.results.proved import Bounds


class Verdict(NamedTuple):
    """What is said about one claim.

    `wrt` are the variables, one after the other; `claim` the claimed expression and `place` where it stands; `evidence`
    a sentence. `point` is the one that was asked about, or the one that refutes, with both numbers to proved digits;
    `claimed` is None where the claim has no value there. `derivative` and `claimed` are empty where there is no point.
    `formula` is the derivative itself, and `note` what a refuted claim has in common with it, where that is known.
    `element` is the first one that differs, of a claim about an array. `bounds` are the decimals between which the
    derivative and what is claimed lie at the point, where they were asked for.

    >>> Verdict(("x",), "2*x", Place(__import__("adcalc").errors.Source("x: 2*x"), 3, 6), True, "…", "2*x").holds
    True
    """

    wrt: tuple[str, ...]
    claim: str
    place: Place
    holds: bool
    evidence: str
    formula: str
    point: Mapping[str, Any] = {}
    derivative: str = ""
    claimed: str | None = ""
    note: str = ""
    element: str = ""
    bounds: tuple[Bounds, Bounds | None] | None = None


class Check(NamedTuple):
    """The verdicts on all claims about an expression; `at` is the point that was asked about, if any.

    `weighed` says that the result is an array, and the claims are about what its weight g hands back.

    >>> Check("x^2", "x^2", {}, ()).holds
    True
    """

    expression: str
    text: str
    at: Mapping[str, Any]
    verdicts: tuple[Verdict, ...]
    weighed: bool = False

    @property
    def holds(self) -> bool:
        """Whether every claim holds."""
        return all(verdict.holds for verdict in self.verdicts)
