"""The textbook's own examples."""

import pytest

from adcalc.api import function
from adcalc.api.functions import rows
from adcalc.modes import MODES
from adcalc.rules.table import standard

# finite differences are not exact, and say by how much
CLOSE = {"rel": 1e-9, "abs": 1e-9}


def differentiate(text, mode, **point):
    result = function(text).gradient(point, mode=mode)
    return result.value, result.gradient


@pytest.mark.parametrize("mode", MODES)
def test_the_first_example_has_value_two_and_partials_zero_and_one(mode):
    value, gradient = differentiate("cos(x*y)+y", mode, x=0, y=1)
    assert value == 2
    assert gradient == pytest.approx({"x": 0, "y": 1}, **CLOSE)
    if mode != "finite":
        assert gradient == {"x": 0.0, "y": 1.0}


@pytest.mark.parametrize("mode", MODES)
def test_the_program_of_two_names(mode):
    from math import cos, sin

    value, gradient = differentiate("a = x*y; b = sin(x); a + b", mode, x=2, y=3)
    assert value == pytest.approx(6 + sin(2), rel=1e-15)
    assert gradient == pytest.approx({"x": 3 + cos(2), "y": 2}, **CLOSE)


@pytest.mark.parametrize("mode", MODES)
def test_the_composition_at_a_half(mode):
    value, gradient = differentiate("f(u,v) = u/2 + v; f(x^2, x^3)", mode, x=0.5)
    assert value == 0.25
    assert gradient == pytest.approx({"x": 1.25}, **CLOSE)


def test_the_product_rule_in_the_notation_of_the_notes():
    assert rows(standard(), "mul")[0].rule == "c = a·b ⟹ dc = b·da + a·db"


@pytest.mark.parametrize(
    ("name", "rule"),
    [("add", "c = a + b ⟹ dc = da + db"), ("sub", "c = a - b ⟹ dc = da - db"), ("sin", "c = sin(a) ⟹ dc = cos(a)·da")],
)
def test_the_rule_of(name, rule):
    assert rows(standard(), name)[0].rule == rule


@pytest.mark.parametrize(("name", "d_names"), [("div", "ab"), ("pow", "ab"), ("cos", "a"), ("tan", "a"), ("exp", "a")])
def test_a_rule_is_an_implication_in_all_its_differentials(name, d_names):
    premise, arrow, conclusion = rows(standard(), name)[0].rule.partition(" ⟹ ")
    assert premise.startswith("c = ")
    assert arrow
    assert conclusion.startswith("dc = ")
    for letter in d_names:
        assert f"d{letter}" in conclusion


@pytest.mark.parametrize("name", ["add", "mul", "sin", "cos", "exp", "log", "tan"])
def test_a_dual_number_form_has_the_value_and_the_tangent(name):
    dual = rows(standard(), name)[0].dual
    assert "u'ε" in dual
    assert " = " in dual
