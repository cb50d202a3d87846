"""The numbers of a point as they were written: one tenth, a third, π."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from adcalc.api.point import constant_of
from adcalc.graph.graph import Graph
from adcalc.graph.node import CONSTANT
from adcalc.syntax.lowered import Lowered

if TYPE_CHECKING:
    from adcalc.api.point import Number
    from adcalc.graph.node import NodeId
    from adcalc.rules.table import Table

_LONGEST: Final = 40  # characters of a constant expression that stands in a formula
_SHORT: Final = 20  # characters of a fraction there


def exact(name: str, value: Number, table: Table) -> Any:
    """The exact value of a variable: a fraction, a constant expression, or an array.

    >>> from adcalc.rules.table import standard
    >>> exact("x", 0.5, standard()), exact("x", "0.1", standard()), exact("x", Fraction(1, 3), standard())
    (Fraction(1, 2), Fraction(1, 10), Fraction(1, 3))
    """
    if isinstance(value, int | Fraction):
        return Fraction(value)
    found = constant_of(name, value, table)
    if isinstance(found, float):
        return Fraction(found)
    return number_of(found, table) if isinstance(found, Lowered) else found


def number_of(found: Lowered, table: Table) -> Any:
    """A constant expression as the fraction that it is; one that makes a number of arrays as an expression of numbers.

    An array's own stays as it is.

    >>> from adcalc.rules.table import standard
    >>> from adcalc.syntax.point import parse_constant
    >>> number_of(parse_constant("1/3", standard()), standard())
    Fraction(1, 3)
    >>> number_of(parse_constant("sum([1, 2])", standard()), standard()).graph.shapes
    {}
    """
    op, _, label = found.graph.nodes[found.output]
    if op == CONSTANT:
        return label
    if not found.graph.shapes or found.graph.shape(found.output):
        return found
    from adcalc.api.proofs.exact_arrays import exact_elements

    (number,) = exact_elements(found, table)
    return number


def step(name: str, value: Any) -> str:
    """What the powers of a series are of: the variable less its value at the point.

    >>> step("x", Fraction(0)), step("x", Fraction(-1, 2)), step("x", Fraction(1, 3))
    ('x', 'x + 1/2', 'x - 1/3')
    """
    from adcalc.syntax.unparse import unparse

    number = value.graph.nodes[value.output].label if isinstance(value, Lowered) else value
    if isinstance(number, Fraction):
        return _fraction_step(name, number)
    graph = Graph()
    node = graph.input(name)
    moved: dict[NodeId, NodeId] = {}
    for old in value.graph.live(value.output):
        moved[old] = graph.copy(value.graph, old, [moved[argument] for argument in value.graph.nodes[old].args])
    text = unparse(graph, graph.apply("sub", node, moved[value.output]))
    return text if len(text) <= _LONGEST else f"{name} - {name}0"


@lru_cache(maxsize=64)
def _fraction_step(name: str, value: Fraction) -> str:
    from adcalc.syntax.unparse import unparse

    graph = Graph()
    node = graph.input(name)
    if len(str(value)) > _SHORT:
        value = Fraction(repr(float(value)))
    if value:
        node = graph.apply("add" if value < 0 else "sub", node, graph.constant(abs(value)))
    return unparse(graph, node)
