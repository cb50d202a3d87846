"""Differential programs: valid input, whose value is the derivative."""

import pytest

from adcalc.api import function
from adcalc.errors import UnknownVariableError, UsageError

CASES = [
    ("a = x*y; b = sin(x); z = a + b; z", {"x": 2, "y": 3}),
    ("f(u,v) = u/2 + v; a = x^2; b = x^3; f(a, b)", {"x": 0.5}),
    ("cos(x*y) + y", {"x": 0.3, "y": 1.2}),
    ("dx = x*y; x_bar = sin(dx); x_bar*dx", {"x": 0.4, "y": 1.5}),
    ("if(x > 0, x^2, -x)*y", {"x": 1.5, "y": 2}),
    ("x^y + log(x)/y", {"x": 1.5, "y": 2}),
    ("`flow rate`*exp(`flow rate`)", {"flow rate": 0.3}),
    ("a = 2; a*x + 3", {"x": 1}),
    ("s = x; s = s*s; s = s*s; s", {"x": 1.1}),
    ("floor(x)*y", {"x": 1.5, "y": 2}),
]


@pytest.mark.parametrize(("text", "point"), CASES)
@pytest.mark.parametrize("detail", ["names", "all"])
def test_the_program_of_forward_mode_computes_the_tangent(text, point, detail):
    f = function(text)
    gradient = f.gradient(point).gradient
    for name in point:
        seed = {other: float(other == name) for other in point}
        program = f.differential_program(point, seed, detail=detail).program
        assert function(program).value() == pytest.approx(gradient[name], rel=1e-13)


@pytest.mark.parametrize(("text", "point"), CASES)
@pytest.mark.parametrize("detail", ["names", "all"])
def test_the_program_of_reverse_mode_computes_the_first_adjoint(text, point, detail):
    f = function(text)
    program = f.differential_program(point, mode="reverse", detail=detail).program
    first = f.variables[0]
    assert function(program).value() == pytest.approx(f.gradient(point).gradient[first], rel=1e-13)


def test_the_statements_of_the_notes():
    program = function("a = x*y; b = sin(x); z = a + b; z").differential_program(None, {"x": 1.0, "y": 0.0}).program
    assert program.splitlines() == [
        "dx = 1",
        "dy = 0",
        "a = x*y",
        "da = y*dx + x*dy",
        "b = sin(x)",
        "db = cos(x)*dx",
        "z = a + b",
        "dz = da + db",
        "dz",
    ]


def test_a_free_program_keeps_its_variables():
    program = function("x*y").differential_program().program
    assert set(function(program).variables) == {"x", "y", "dx", "dy"}


def test_wrong_requests():
    with pytest.raises(UsageError):
        function("x").differential_program(mode="finite")
    with pytest.raises(UnknownVariableError):
        function("x").differential_program({"z": 1})
    with pytest.raises(UnknownVariableError):
        function("x").differential_program(None, {"z": 1.0})
