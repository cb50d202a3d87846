"""What balls of a precision leave open: an exception for those who may try more bits, and a sentence for people."""

from typing import Final

from adcalc.errors import PrecisionError
from adcalc.graph.count import tree_operations
from adcalc.graph.graph import Graph
from adcalc.graph.node import NodeId
from adcalc.syntax.unparse import unparse

LONGEST: Final = 60  # operations of a sub-expression that a sentence quotes


class OpenError(Exception):
    """What balls of this precision leave open: a sentence, and the node that it is about."""

    def __init__(self, node: NodeId, sentence: str) -> None:
        super().__init__(sentence)
        self.node = node
        self.sentence = sentence


UNDECIDED_CONDITION: Final = "it cannot be decided whether {} holds: its sides are equal in all digits that were tried"
BORDER: Final = "{} has no value that can be proved: as far as digits tell, it stands on the border of its domain"
TOO_LARGE: Final = "{} is too large a number for ball arithmetic: its exponent has too many digits"
MAYBE_KINK: Final = "{} may stand exactly on a kink or a jump: no number of digits tells"
KINK: Final = "{} has a kink exactly here, and no proved slope"
MIXED: Final = "{} turns exactly here, and the second derivative by {one} and {other} is not proved"
TURNS: Final = "{} turns exactly here: nothing is proved"
SLOPE: Final = "the slope of {} cannot be proved: as far as digits tell, it is not finite"
DIGITS: Final = "{digits} digits of the answer cannot be proved, because of {}"
NOT_FINITE: Final = "{} cannot be proved to be finite"
NOT_ZERO: Final = "{} is nearer to 0 than 10^-{places}, and no number of digits tells whether it is 0"
TIE: Final = "digit {digits} of {} cannot be proved: as far as digits tell, it lies halfway between two roundings"


def sentence(graph: Graph, what: OpenError, digits: int) -> PrecisionError:
    """The error that a user reads, for what no number of bits has settled."""
    small = tree_operations(graph, what.node) <= LONGEST
    text = unparse(graph, what.node) if small else f"an intermediate {graph.nodes[what.node].op}"
    error = PrecisionError(what.sentence.replace("{digits}", str(digits)).replace("{}", text))
    error.node = what.node
    return error
