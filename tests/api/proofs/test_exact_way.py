"""The way of a program at an exact point: conditions are decided by numbers, not by floats."""

from fractions import Fraction

import pytest

from adcalc.api import function
from adcalc.api.proofs.exact_way import along
from adcalc.errors import DomainError, PrecisionError, UnboundVariableError


def test_the_way_is_that_of_exact_numbers():
    f = function("n = 0; while x < 1 { x = x + 1/10; n = n + 1 }; n")
    lowered, way = along(f, {"x": Fraction(1, 10)})
    assert lowered.graph.nodes[lowered.output].label == 9
    assert way.truths == (True,) * 9 + (False,)
    assert f.value(x=0.1) == 9  # ten floats of a tenth add up to less than 1, ten tenths do not


def test_a_comparison_gets_as_many_bits_as_it_takes():
    f = function("if exp(x) > 1 + x + x^2/2 + x^3/6 { 1 } else { 2 }")
    lowered, _ = along(f, {"x": Fraction(1, 10**60)})
    assert lowered.graph.nodes[lowered.output].label == 1


def test_a_comparison_that_is_not_decided_names_its_place():
    with pytest.raises(PrecisionError, match=r"log\(exp\(x\)\) > 1 holds") as refused:
        along(function("y = 2; if log(exp(x)) > 1 { y = x }; y"), {"x": Fraction(1)})
    assert refused.value.place.excerpt == "log(exp(x)) > 1"
    assert "no number of digits" in refused.value.hint


@pytest.mark.parametrize(
    ("text", "point", "error"),
    [
        ("if log(x) > 0 { 1 } else { 2 }", {"x": Fraction(-1)}, DomainError),
        ("if x > y { 1 } else { 2 }", {"x": Fraction(1)}, UnboundVariableError),
    ],
)
def test_a_condition_without_value(text, point, error):
    with pytest.raises(error):
        along(function(text), point)
