"""The numbers of a point as they were written: one tenth, a third, π."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from adcalc.api.point import constant_of
from adcalc.graph.graph import Graph
from adcalc.graph.node import CONSTANT
from adcalc.syntax.lowered import Lowered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from adcalc.api.point import Number
    from adcalc.graph.node import NodeId
    from adcalc.modes.taylor import Start
    from adcalc.rules.table import Table

Exact: TypeAlias = Any  # a Fraction, a Lowered constant expression, or NumPy's array of floats
_LONGEST: Final = 40  # characters of a number that stands in a formula


def exact(name: str, value: Number, table: Table) -> Exact:
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
    if isinstance(found, Lowered):
        op, _, label = found.graph.nodes[found.output]
        return label if op == CONSTANT else found
    return found


def started(name: str, value: Exact) -> Iterator[tuple[str, Start]]:
    """Where the inputs of a variable begin, by their names: one of a number, and one for each element of an array.

    >>> [name for name, _ in started("x", Fraction(1, 3))]
    ['x']
    """
    if isinstance(value, Fraction):
        yield name, lambda rules: rules.arithmetic.constant(value)
    elif not isinstance(value, Lowered):
        from adcalc.graph.unfold import element

        for index, number in _elements(value):
            yield element(name, index), _fixed(Fraction(number))
    elif not value.graph.shape(value.output):
        yield name, _computed(value.graph, value.output)
    else:
        from adcalc.graph.unfold import element, unfolded

        whole = unfolded(value.graph, [value.output])
        for index, node in _elements(whole.elements[value.output]):
            yield element(name, index), _computed(whole.graph, int(node))


def _elements(array: Any) -> Iterator[tuple[tuple[int, ...], Any]]:
    import numpy as np

    for index in np.ndindex(array.shape):
        yield index, array[index]


def _fixed(value: Fraction) -> Start:
    return lambda rules: rules.arithmetic.constant(value)


def _computed(graph: Graph, output: NodeId) -> Start:
    from adcalc.modes.base import Problem
    from adcalc.modes.sweep import primal

    return lambda rules: primal(Problem(graph, output, (), {}), rules).value


def decimal(value: Exact, digits: int, table: Table) -> Any:
    """The number as text: as it is where it is short, else its first digits; an array as it is.

    >>> from adcalc.rules.table import standard
    >>> [decimal(Fraction(text), 5, standard()) for text in ("0.1", "1/3", "-2")]
    ['0.1', '0.33333', '-2']
    """
    from adcalc.modes.certified import evaluate

    if isinstance(value, Fraction):
        graph = Graph()
        output = graph.constant(value)
    elif isinstance(value, Lowered) and not value.graph.shape(value.output):
        graph, output = value.graph, value.output
    else:
        return value
    (found,) = evaluate(graph, [output], {}, table, digits)
    return found.digits if "e" in found.digits or "." not in found.digits else found.digits.rstrip("0").rstrip(".")


def step(name: str, value: Exact) -> str:
    """What the powers of a series are of: the variable less its value at the point.

    >>> step("x", Fraction(0)), step("x", Fraction(-1, 2)), step("x", Fraction(1, 3))
    ('x', 'x + 1/2', 'x - 1/3')
    """
    from adcalc.syntax.unparse import unparse

    if not isinstance(value, Lowered):
        return _fraction_step(name, value)
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
    if len(str(value)) > _LONGEST:
        value = Fraction(repr(float(value)))
    if value:
        node = graph.apply("add" if value < 0 else "sub", node, graph.constant(abs(value)))
    return unparse(graph, node)
