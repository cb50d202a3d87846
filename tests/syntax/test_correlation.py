"""Correlations: two variables and a constant, and what is refused."""

from fractions import Fraction

import pytest

from adcalc.errors import Source, UnboundVariableError, UnknownVariableError
from adcalc.rules.table import standard
from adcalc.syntax.correlation import parse_correlation


def test_a_correlation_is_of_two_variables():
    found = parse_correlation(Source("x, `flow rate` = -1/2"), standard(), ["x", "flow rate"])
    assert found.names == ("x", "flow rate")
    assert found.value.graph.nodes[found.value.output].label == Fraction(-1, 2)
    assert found.place.excerpt == "x, `flow rate` = -1/2"


def test_a_correlation_of_a_variable_that_there_is_not_points_at_it():
    with pytest.raises(UnknownVariableError, match="no variable 'z'") as refused:
        parse_correlation(Source("x, z=1"), standard(), ["x", "y"])
    assert refused.value.place.start == 3


def test_a_correlation_is_a_constant():
    with pytest.raises(UnboundVariableError) as refused:
        parse_correlation(Source("x, y=x"), standard(), ["x", "y"])
    assert refused.value.place.start == 5
