"""The page of a question: everything in one file, and only what the question is about."""

import pytest

from adcalc.api import function
from adcalc.api.work.pages import trace_page
from adcalc.errors import DomainError, UnboundVariableError


def test_the_page_has_the_formula_the_drawing_and_both_modes():
    page = trace_page(function("cos(x*y) + y"), {"x": 0, "y": 1})
    assert page.startswith("<!doctype html>")
    assert "<math" in page
    assert "<svg" in page
    assert "d cos(u) = -sin(u)*du" in page


def test_the_rule_of_a_power_is_the_one_of_the_textbook():
    page = trace_page(function("x^y"), {"x": 2, "y": 3})
    assert "xlogy" not in page
    assert "if(w == 0" not in page


def test_a_large_graph_has_no_drawing():
    text = "+".join(f"sin({k}*x)" for k in range(150))
    assert 'id="node-' not in trace_page(function(text), {"x": 1})


def test_a_page_without_a_point_or_a_value_is_an_error():
    with pytest.raises(UnboundVariableError):
        trace_page(function("x"), {})
    with pytest.raises(DomainError):
        trace_page(function("log(x)"), {"x": -1})
