"""What the two sweeps over arrays held while they ran, counted in elements: eight bytes each."""

from typing import NamedTuple

BYTES = 8  # of an element


class Moment(NamedTuple):
    """The fullest moment of one layer's work.

    `phase` is "primal", "return", or "again", where values that had been let go are computed once more; `nodes` are
    those whose value is computed, or whose adjoint is handed down. What is held are values of earlier nodes
    (`activations`), adjoints that are not yet handed down, the gradients so far, and `work`: what the layer itself
    makes, results and all between. The variables' own values are the caller's, and not counted.

    >>> Moment("primal", 1, (3,), 6, 0, 0, 4).elements
    10
    """

    phase: str
    layer: int
    nodes: tuple[int, ...]
    activations: int
    adjoints: int
    gradients: int
    work: int

    @property
    def elements(self) -> int:
        """All that is held together."""
        return self.activations + self.adjoints + self.gradients + self.work


class Memory(NamedTuple):
    """What was held when, in the order in which it was done.

    `stored` are the nodes whose values the primal sweep left to the return sweep, `again` those that were computed once
    more, each as often as it was; `inside` pairs of a node and an expression inside it that the return sweep computed
    once more. `everything` is what would have been held, had every value and adjoint been kept.

    >>> Memory((Moment("primal", 1, (3,), 6, 0, 0, 4),), (), (), (), 20).peak.elements
    10
    """

    moments: tuple[Moment, ...]
    stored: tuple[int, ...]
    again: tuple[int, ...]
    inside: tuple[tuple[int, str], ...]
    everything: int

    @property
    def peak(self) -> Moment:
        """The moment at which most is held."""
        return max(self.moments, key=lambda moment: moment.elements)
