"""Slopes at exact points on edges: proved where both sides have the same, else refused."""

from fractions import Fraction

import pytest

from adcalc.api import function
from adcalc.api.proofs import proved
from adcalc.errors import DomainError, NotDifferentiableError, PrecisionError

MODES = ("forward", "reverse", "symbolic")


def gradient(text, mode="reverse", digits=20, **point):
    return proved.gradient(function(text), point, digits, mode=mode).gradient


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("text", "point", "slope"), [
    ("x^2*sign(x)", {"x": 0}, "0"),
    ("(x - 1)^2*floor(x) + 3*x", {"x": 1}, "3"),
    ("(x - 1/3)^2*step(x - 1/3) + x/3", {"x": "1/3"}, "0.33333333333333333333"),
    ("(x - 0.1)^2*sign(x - 0.1) + x/3", {"x": "0.1"}, "0.33333333333333333333"),
    ("(3*x - 1)^2*floor(3*x) - (3*x - 1)^2*ceil(3*x) + 2*x", {"x": "1/3"}, "2"),
    ("abs(x)^3 + x", {"x": 0}, "1"),
    ("if(x > 0, x^2 + x, x)", {"x": 0}, "1"),
    ("sin(x)*abs(sin(x)) + x/7", {"x": "pi"}, "0.14285714285714285714"),
])  # fmt: skip
def test_where_both_sides_have_one_slope_it_is_proved(mode, text, point, slope):
    assert gradient(text, mode, **point) == {"x": slope}


@pytest.mark.parametrize("mode", MODES[:2])
@pytest.mark.parametrize(("text", "point", "slope"), [
    ("if x > 0 { x^2 } else { x^3 }", {"x": 0}, "0"),
    ("if x > 1/3 { 2*x^2 } else { x^2 + x^2 + (x - 1/3)^2 }", {"x": "1/3"}, "1.3333333333333333333"),
    ("if x > 0.1 { (x - 0.1)^2 } else { (x - 0.1)^3 }", {"x": "0.1"}, "0"),
    ("if x > 1/2 { 2*x^2 } else { x^2 + x^2 + (x - 1/2)^2 }", {"x": "1/2"}, "2"),
    ("y = x; while y > 1 { y = y/2 }; (x - 1)^2*y + x", {"x": 1}, "1"),
])  # fmt: skip
def test_a_program_that_goes_two_ways_with_one_slope(mode, text, point, slope):
    assert gradient(text, mode, **point) == {"x": slope}


@pytest.mark.parametrize(("text", "kind", "words"), [
    ("abs(x) + y", NotDifferentiableError, "abs(x) has a kink where x = 0: the slope by x is -1 to the left and 1"),
    ("x*sign(x)", NotDifferentiableError, "sign(x) jumps where x = 0"),
    ("x + sign(x)", NotDifferentiableError, "sign(x) jumps where x = 0"),
    ("if x > 0 { x^2 } else { x }", NotDifferentiableError, "turns here: the slope by x is 1 to the left and 0"),
    ("if(2*x < x + x, x, 2*x)", PrecisionError, "if(2*x < x + x, x, 2*x) has a kink exactly here, and no proved slope"),
    ("if(x > 0, x^2, 1/x)", DomainError, "1/x has no value where x = 0"),
])  # fmt: skip
def test_where_there_is_no_slope_or_none_that_is_proved_an_error_names_it(text, kind, words):
    point = {"x": 0, "y": 1}
    with pytest.raises(kind) as caught:
        gradient(text, **{name: point[name] for name in function(text).variables})
    assert words in str(caught.value)


@pytest.mark.parametrize(("text", "number"), [
    ("if(x == 0, 0, x*y)", "1"),  # which is x*y
    ("if(x > 0, x^3*y, x^4)", "0"),
    ("max(x, y)^3", "0"),
    ("if(x*y == 0, 0, x*y)", None),
    ("if(x == 0, 0, x*y) + if(y == 0, 0, x*y)", None),
])  # fmt: skip
def test_a_mixed_derivative_on_an_edge_is_proved_only_where_a_formula_holds_beside_it(text, number):
    def asked():
        return proved.derivative(function(text), {"x": 0, "y": 0}, 5, ("x", "y"), mixed=True).formulas[0].evaluated

    if number is None:
        with pytest.raises(PrecisionError, match="turns exactly here, and the second derivative by"):
            asked()
    else:
        assert asked() == number


@pytest.mark.parametrize(
    "text",
    [
        "if x + 0.1 > 0.3 { 2*x } else { x + 0.2 }",  # in floats 0.2 + 0.1 is more than 0.3
        "if x > 0.2 { 2*x } else { x + 0.2 }",
    ],
)
def test_where_a_program_turns_the_error_has_both_slopes(text):
    with pytest.raises(NotDifferentiableError, match="turns here: the slope by x is 1 to the left and 2") as refused:
        function(text).proved_gradient(10, {"x": Fraction(1, 5)})
    assert refused.value.details == {"left": 1.0, "right": 2.0}
