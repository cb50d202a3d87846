"""The places of a graph where floating point may lose digits: a few lists, made ready in one pass."""

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from math import pi
from typing import Any, Final, NamedTuple, Self, TypeAlias

from adcalc.graph.graph import Graph
from adcalc.graph.node import CONSTANT, INPUT, RELATIONS, Node, NodeId

SMALL: Final = 1e-3  # of the larger operand: a sum that is looked into
RARE: Final = 1e-2  # what chance may report in a gradient without any loss
QUARTER: Final = pi / 2.0
POLES: Final = 1.0  # from one pole of the gamma function to the next
NEAR: Final = 1e-5  # to a place where a function loses digits
TURNED: Final = 0.95  # of a turn: a smaller angle is near no place but 0, where nothing is lost
TIE: Final = 1e-12  # of two numbers: how near they are the same to rounding
STEEP: Final = 1e3  # an exponent that multiplies the errors of its base by itself
_MANY: Final = 3  # sums in a row that are looked at as one
_IN_A_ROW: Final = 1  # used by one sum, as its left side
_SEVERAL: Final = 2

_EXACT: Final = 1 << 53
_WIDE_BITS: Final = 100

IS_ANGLE: Final = 1  # it loses digits near multiples of a quarter turn
IS_HALF_TURN: Final = 2  # it loses digits near multiples of a half
HAS_ZEROS: Final = 4  # it loses digits where it is nearly 0
HAS_ONES: Final = 8  # it loses digits where its argument is nearly 1 or -1
IS_SOURCE: Final = 16  # it may be very large or small where its arguments are not
IS_EDGE: Final = 32  # it turns or jumps where its arguments are the same, or one is a whole number and a half
HAS_POLES: Final = 64  # it loses digits near whole numbers below 0, at poles or zeros
IS_BRANCH: Final = 128  # it loses digits where its argument is nearly -1/e
IS_WAVE: Final = 256  # it swings about 0: the further out, the more digits of its argument are those of a phase
TURNS: Final = {IS_ANGLE: QUARTER, IS_HALF_TURN: 0.5, HAS_POLES: POLES}
SUMS: Final = frozenset({"add", "sub"})
TIES: Final = frozenset({*RELATIONS, "min", "max"})
STEPS: Final = frozenset({"floor", "ceil", "round", "mod"})
EDGES: Final = TIES | (STEPS - {"mod"})  # which is a sum, too
_OPS: Final = {
    IS_ANGLE: "sin cos tan cot sec csc sinc",
    IS_HALF_TURN: "sinpi cospi",
    HAS_ZEROS: "log log2 log10 lgamma digamma polygamma acos acosh zeta zetaderiv ei li ci chi besselj bessely "
    "sphericalj airyai airyaiprime airybi airybiprime logsumexp logsumexp_over besseli hyp2f1",
    HAS_ONES: "asin acos atanh acoth asech acosh erfinv asec acsc ellipk ellipe li log1p xlogy zeta zetaderiv hyp2f1",
    IS_BRANCH: "lambertw",
    IS_SOURCE: "exp exp2 expm1 pow sinh cosh sech csch gamma erfc normalpdf normalcdf logistic softplus besselj "
    "besseli besselk sphericalj airyai airyaiprime gammapdf gammainc gammaincc gammainc_upper beta ei zetaderiv",
    HAS_POLES: "gamma lgamma digamma polygamma zeta",
    IS_EDGE: " ".join(TIES | STEPS),
    IS_WAVE: "besselj bessely airyai airyaiprime airybi airybiprime lgamma digamma polygamma",
}
WAVES: Final = {  # power of the argument that the square of a value is held to, by what rounding changes in it far out
    **dict.fromkeys(("besselj", "bessely"), 1.0),
    **dict.fromkeys(("airyai", "airybi"), 2.5),
    **dict.fromkeys(("airyaiprime", "airybiprime"), 3.5),
    "lgamma": 2.0,
    "digamma": 2.0,
    "polygamma": 4.0,
}
SUMMED: Final = frozenset({"logsumexp", "logsumexp_over"})  # they lose digits at 0 of numbers that are exact, too
KINDS: Final[dict[str, int]] = {}
for _bit, _names in _OPS.items():
    for _op in _names.split():
        KINDS[_op] = KINDS.get(_op, 0) | _bit


Found: TypeAlias = defaultdict[str, list[Any]]


class Places(NamedTuple):
    """The places of a graph where digits may be lost, below one output.

    `sums` are pairs of a sum and an operand, `rows` sums that end a row of sums with those before; `angles`, `zeros`,
    `waves`, `ones`, `branches` and `powers` places where functions lose digits, `edges` comparisons, `steps` jumps,
    `sources` what may be very large or small.
    """

    sums: Sequence[tuple[NodeId, NodeId]] = ()
    rows: Sequence[tuple[NodeId, Sequence[NodeId]]] = ()
    angles: Sequence[tuple[NodeId, NodeId, float]] = ()
    zeros: Sequence[NodeId] = ()
    waves: Sequence[tuple[NodeId, NodeId, float]] = ()
    ones: Sequence[tuple[NodeId, NodeId]] = ()
    branches: Sequence[tuple[NodeId, NodeId]] = ()
    edges: Sequence[tuple[NodeId, NodeId, NodeId]] = ()
    steps: Sequence[tuple[NodeId, tuple[NodeId, ...]]] = ()
    powers: Sequence[tuple[NodeId, NodeId]] = ()
    sources: Sequence[tuple[NodeId, NodeId]] = ()
    inputs: Sequence[NodeId] = ()
    wide: Sequence[NodeId] = ()

    @classmethod
    def over(cls, graph: Graph, order: Sequence[NodeId]) -> Self:
        """The places among some nodes, in evaluation order.

        >>> graph = Graph()
        >>> x = graph.input("x")
        >>> output = graph.apply("sub", graph.constant(Fraction(1)), graph.apply("cos", x))
        >>> Places.over(graph, graph.live(output)).sums
        [(3, 1)]
        """
        found: Found = defaultdict(list)
        _fill(found, graph, order)
        return cls(**found)


def smallness(order: Sequence[NodeId]) -> float:
    """How much smaller than an operand a sum is that has lost digits: the more there are, the smaller one is by chance.

    >>> smallness(range(3)), smallness(range(10**6)) < 1e-8
    (0.001, True)
    """
    return min(SMALL, RARE / (len(order) + 1))


def _fill(found: Found, graph: Graph, order: Sequence[NodeId]) -> None:
    """Collect the places of a graph, in one pass: it is made as often as a graph is."""
    nodes = graph.nodes
    size = order[-1] + 1 if order else 0
    exact, used = bytearray(size), bytearray(size)
    sums: list[NodeId] = []
    for node in order:
        op, args, label = nodes[node]
        if len(args) == 2:
            left, right = args
            used[right] = _SEVERAL
            if op == "add" or op == "sub":
                used[left] = _SEVERAL if used[left] else _IN_A_ROW
                sums.append(node)
            else:
                used[left] = _SEVERAL
                if op != "mul" and op in KINDS:
                    _place(found, graph, node, exact)
        elif args:
            for argument in args:
                used[argument] = _SEVERAL
            if op in KINDS and (KINDS[op] & IS_SOURCE or op in SUMMED or not all(map(exact.__getitem__, args))):
                _place(found, graph, node, exact)
        elif op == INPUT:
            found["inputs"].append(node)
            exact[node] = 1
        elif op == CONSTANT:
            _constant(found, node, label, exact)
    for node in sums:
        if used[node] != _IN_A_ROW:
            _row(found, node, used, exact, nodes)


def _row(found: Found, node: NodeId, used: bytearray, exact: bytearray, nodes: Sequence[Node]) -> None:
    """A sum to look at, alone or as the end of a row of sums that nothing else uses."""
    left, right = nodes[node].args
    if left == right or (exact[left] and exact[right]):
        return
    if used[left] != _IN_A_ROW:
        found["sums"].append((node, right))
        return
    row = [left]
    while used[left] == _IN_A_ROW and nodes[left].op in SUMS:
        left = nodes[left].args[0]
        row.append(left)
    if len(row) > _MANY:
        found["rows"].append((node, row))
    else:
        found["sums"].extend([(node, one) for one in row])


def _constant(found: Found, node: NodeId, label: Any, exact: bytearray) -> None:
    numerator, denominator = label.numerator, label.denominator
    if denominator == 1:
        exact[node] = -_EXACT < numerator < _EXACT
    else:
        exact[node] = denominator & (denominator - 1) == 0 and -_EXACT < numerator < _EXACT
    if abs(numerator.bit_length() - denominator.bit_length()) > _WIDE_BITS and numerator:
        found["wide"].append(node)


def _place(found: Found, graph: Graph, node: NodeId, exact: bytearray) -> None:
    """A function that loses digits somewhere, or whose values may be very large or small."""
    op, args, _ = graph.nodes[node]
    argument, places = args[-1], KINDS[op]
    if places & IS_SOURCE:
        found["sources"].append((node, args[0] if op == "pow" else argument))
    if op == "pow":
        power = graph.nodes[argument].label
        if isinstance(power, Fraction) and abs(power.numerator) < STEEP * power.denominator:
            return
        if not exact[args[0]]:
            found["powers"].append((node, argument))
            found["ones"].append((node, args[0]))  # its slope by the exponent has the logarithm of the base
    elif places & IS_EDGE:
        if all(exact[one] for one in args):
            return
        if op in STEPS:
            found["steps"].append((node, args))
        elif len(args) == 2:
            found["edges"].append((node, *args))
        if op == "mod":
            found["sums"].append((node, args[0]))
    elif op in SUMMED or not all(map(exact.__getitem__, args)):
        found["angles"] += [(node, argument, turn) for kind, turn in TURNS.items() if places & kind]
        if places & HAS_ZEROS:
            found["zeros"].append(node)
        if places & IS_WAVE:
            found["waves"].append((node, argument, WAVES[op]))
        if places & HAS_ONES:
            found["ones"].append((node, argument))
        if places & IS_BRANCH:
            found["branches"].append((node, argument))
