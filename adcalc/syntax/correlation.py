"""Correlations: the numbers after --correlation, in the same language as expressions, and exact like those."""

from collections.abc import Iterable
from typing import NamedTuple

from adcalc.errors import Place, Source, unknown_variable
from adcalc.syntax.lowered import Library, Lowered
from adcalc.syntax.parser import parse
from adcalc.syntax.point import constant


class Correlation(NamedTuple):
    """The correlation of two variables as an exact constant expression, and where it was written.

    >>> from adcalc.rules.table import standard
    >>> parse_correlation(Source("x,y=-1/2"), standard(), ["x", "y"]).names
    ('x', 'y')
    """

    names: tuple[str, str]
    value: Lowered
    place: Place


def parse_correlation(source: Source, library: Library, known: Iterable[str]) -> Correlation:
    """The correlation of a text such as "x,y=0.3", of two of the known variables.

    Raises AdcalcSyntaxError, UnboundVariableError for a value that is not constant, UnknownVariableError.

    >>> from adcalc.rules.table import standard
    >>> found = parse_correlation(Source("x, y = 3/10"), standard(), ["x", "y"]).value
    >>> found.graph.nodes[found.output].label
    Fraction(3, 10)
    """
    (_, one, span), (_, other, beside), (_, block, whole) = parse(source, "correlation").block
    variables = list(known)
    for name, place in ((one, span), (other, beside)):
        if name not in variables:
            raise unknown_variable(name, variables, Place(source, *place))
    return Correlation((one, other), constant(source, block, library), Place(source, span[0], whole[1]))
