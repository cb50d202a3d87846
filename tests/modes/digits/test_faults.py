"""The first node to blame for a number that is lost."""

import math

import pytest

from adcalc.api import function
from adcalc.errors import MathematicsError, NumberOverflowError
from adcalc.modes import MODES
from adcalc.modes.digits import faults


def tape_of(text, **point):
    f = function(text)
    lowered, at = f.at(point)
    return lowered, f.tape(lowered, at, tuple(lowered.variables.values()))


@pytest.mark.parametrize(
    ("text", "point", "blamed"),
    [
        ("1 + exp(-x)", {"x": 800}, "exp(-x)"),
        ("x*x", {"x": 1e-200}, "x*x"),
        ("x^3", {"x": 1e-150}, "x^3"),
        ("x/1e200", {"x": 1e-200}, "x/1e200"),
        ("exp(-x)*y", {"x": 800, "y": 3}, "exp(-x)"),
        ("x*y", {"x": 1e-310, "y": 0.5}, "x*y"),
    ],
)
def test_the_first_underflow_is_found(text, point, blamed):
    lowered, tape = tape_of(text, **point)
    node = faults.underflowed(tape)
    assert lowered.place(node).excerpt == blamed


@pytest.mark.parametrize(
    ("text", "point"),
    [("x*y", {"x": 0, "y": 3}), ("sin(x)", {"x": 0}), ("x - x", {"x": 1e-300}), ("x^2", {"x": 0}), ("0/x", {"x": 2})],
)
def test_a_true_zero_is_no_underflow(text, point):
    _, tape = tape_of(text, **point)
    assert faults.underflowed(tape) is None


@pytest.mark.parametrize("mode", [mode for mode in MODES if mode != "finite"])
def test_a_slope_beyond_floats_is_blamed_on_the_node_that_makes_it(mode):
    f = function("1 + 1e200*(y + sin(1e200*x))")
    with pytest.raises(NumberOverflowError) as caught:
        f.gradient(x=0, y=0, mode=mode)
    assert caught.value.place.excerpt == "1e200*x"


def test_every_finite_adjoint_passes():
    _, tape = tape_of("exp(x)*y", x=1, y=2)
    from adcalc.modes import reverse
    from adcalc.modes.sweep import activity

    assert all(math.isfinite(adjoint) for adjoint in reverse.sweep(tape, activity(tape, (0, 1))) if adjoint is not None)


@pytest.mark.parametrize(
    ("text", "point", "blamed", "words"),
    [
        ("1/exp(-x)", {"x": 800}, "exp(-x)", "exp(-x) underflows to 0 where -x = -800, and so 1/exp(-x) has no value"),
    ],
)
def test_an_error_blames_the_underflow_behind_it(text, point, blamed, words):
    with pytest.raises(MathematicsError) as caught:
        function(text).gradient(point)
    assert caught.value.message == words
    assert caught.value.place.excerpt == blamed
