"""Beside a point: random programs against their exact meaning, and limits that exist or do not."""

from fractions import Fraction

import pytest
from programs import Maker, TooLargeError, text, truth

from adcalc.api import function
from adcalc.errors import NotDifferentiableError
from adcalc.modes.base import NodeError
from adcalc.modes.edges import limits

POINTS = (Fraction(0), Fraction(1), Fraction(-1), Fraction(1, 2), Fraction(2))


def told(asked, point, name, mode):
    """What adcalc says in the words of `truth`."""
    try:
        found = asked.gradient(point, wrt=[name], mode=mode)
    except NotDifferentiableError as error:
        sides = error.details
        return None, ("jump",) if not sides else ("kink", sides["left"], sides["right"])
    return found.value, ("slope", found.gradient[name])


@pytest.mark.parametrize("seed", range(400))
def test_slopes_kinks_and_jumps_of_random_programs(seed):
    variables = ("x", "y") if seed % 4 == 3 else ("x",)
    program = Maker(seed, variables).program()
    asked = function(text(program))
    for number, x in enumerate(POINTS):
        exact = {"x": x, **({"y": POINTS[(number + seed) % 5]} if "y" in variables else {})}
        point = {name: float(value) for name, value in exact.items() if name in asked.variables}
        for name in point if len(point) == len(exact) else ():  # others may be read on some ways only
            try:
                value, (kind, *slopes) = truth(program, exact, name)
                found, (said, *numbers) = told(asked, point, name, ("forward", "reverse")[number % 2])
            except TooLargeError:
                continue
            assert (said, numbers) == (kind, pytest.approx([float(slope) for slope in slopes], rel=1e-12)), (
                point,
                name,
            )
            assert found is None or found == pytest.approx(float(value), rel=1e-12)


@pytest.mark.parametrize(
    ("program", "at", "said"),
    [
        ("if x*10 > 7 { x^2 } else { 3*x }", {"x": 0.7}, ("jump",)),
        ("if x*10 >= 7 { x^2 } else { 3*x }", {"x": 0.7}, ("jump",)),
        ("if x > y*10 { x^2 } else { 3*x }", {"x": 7, "y": 0.7}, ("jump",)),
        ("if x*10 > 7 { 2*x } else { x*10 - 5.6 }", {"x": 0.7}, ("kink", 10, 2)),
        ("if x*10 > 7 { x*10 - 7 } else { 0*x }", {"x": 0.7}, ("kink", 0, 10)),
        ("if x*10 - 7 > 0 { 2*x } else { 1.4 }", {"x": 0.7}, ("kink", 0, 2)),
        ("if x*10 > 7 { max(x*10, 7) } else { 7 }", {"x": 0.7}, ("kink", 0, 10)),
        ("if x*10 > 7 { floor(x*10) } else { 7 }", {"x": 0.7}, ("slope", 0)),
        ("if x*10 > 7 { x*10 % 7 } else { x*0 }", {"x": 0.7}, ("kink", 0, 10)),
        ("y = x; while y > 0.5 { y = y - 0.1 }; y*x", {"x": 0.7}, ("jump",)),  # by the floats 0.7, 0.6, 0.5
        ("if x + 0.1 > 0.3 { x^2 } else { 3*x }", {"x": 0.2}, ("slope", 0.4)),  # 0.30000000000000004 is more than 0.3
        ("if cos(x)^2 + sin(x)^2 == 1 { x } else { 2*x }", {"x": 0.5}, ("slope", 1)),
    ],
)
def test_floats_say_where_the_edges_are(program, at, said):
    """Where both sides of a comparison are the same float a step decides, and where not the floats do."""
    for mode in ("reverse", "forward"):
        _, (kind, *numbers) = told(function(program), at, "x", mode)
        assert (kind, numbers) == (said[0], pytest.approx(list(said[1:]), abs=1e-12))


def test_a_step_over_a_jump_takes_its_floats_along():
    for text_ in ("floor(x) + 0.5", "atan2(x, -1) + 1", "sign(x) + 0.5", "x % 2 - 0.5"):
        turning = f"a = {text_}; if x == 0 {{ 1 }} else {{ if(a > 0, 5, 7) }}"
        asked = function(turning)
        lowered, at = asked.at({"x": 0})
        tape = asked.tape(lowered, at, (lowered.variables["x"],))
        sides = {sign: limits.side(tape, lowered.variables["x"], sign).value for sign in (1, -1)}
        true = {sign: asked.value({"x": sign * 1e-9}) for sign in (1, -1)}
        assert sides == true


def beside(text_, x, sign):
    asked = function(text_)
    lowered, at = asked.at({"x": x})
    found = limits.side(asked.tape(lowered, at, (lowered.variables["x"],)), lowered.variables["x"], sign)
    return found.value, found.slope, found.jumps


@pytest.mark.parametrize(
    ("program", "x", "sign", "expected"),
    [
        ("x^2", 3, 1, (9, 6, False)),
        ("x^2", 3, -1, (9, -6, False)),
        ("abs(x)", 0, -1, (0, 1, False)),
        ("max(x, x)", 2, 1, (2, 1, False)),
        ("max(x, x)", 1e300, -1, (1e300, -1, False)),
        ("floor(x)", 1, -1, (0, 0, True)),
        ("floor(x)", 1, 1, (1, 0, False)),
        ("x % 2", 4, -1, (2, -1, True)),
        ("if(x^12 > 0, 5*x, x)", 0, 1, (0, 5, False)),
        ("if(x == 0, 1, sin(x)/x)", 0, 1, (1, 0, False)),
        ("if(x > 1e-300, 1, x)", 0, 1, (0, 1, False)),
        ("x^1.5*sign(x + 1)", 0, 1, (0, 0, False)),
        ("root(y^3 + y - x, y, 1)*sign(x)", 2, 1, (1, 0.25, False)),
        ("n = 0; while n < x { n = n + 1 } n*x", 3, 1, (12, 4, True)),
        ("n = 0; while n < x { n = n + 1 } n*x", 3, -1, (9, -3, False)),
    ],
)
def test_a_side(program, x, sign, expected):
    assert beside(program, x, sign) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize(
    ("program", "x", "sign"),
    [
        ("sqrt(x)", 0, 1),  # its slope goes on growing
        ("sqrt(x)", 0, -1),  # has no value
        ("if(x == 0, 0, sin(1/x))", 0, 1),  # goes up and down
        ("if(x == 0, 0, x*log(abs(x)))", 0, -1),
        ("n = x; while n != 0 { n = n - 1 } x", 3, 1),
    ],
)
def test_a_side_without_limits(program, x, sign):
    with pytest.raises(NodeError) as refused:
        beside(program, x, sign)
    assert refused.value.kind == "beside"
    assert refused.value.arguments == [sign]


@pytest.mark.parametrize(
    ("text", "slope", "second"),
    [
        ("if(x == 0, 1/2, (1 - cos(x))/x^2)", 0, Fraction(-1, 12)),
        ("if(x == 0, 1/6, (x - sin(x))/x^3)", 0, Fraction(-1, 60)),
        ("if(x == 0, 1/24, (cos(x) - 1 + x^2/2)/x^4)", 0, Fraction(-1, 360)),
    ],
)
def test_limits_are_not_taken_from_the_noise_of_digits_that_were_lost(text, slope, second):
    found = function(text).hessian({"x": 0})
    assert found.gradient["x"] == slope
    assert found.hessian["x"]["x"] == pytest.approx(float(second), rel=1e-14)
