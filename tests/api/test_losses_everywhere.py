"""Every question that has numbers for an answer, where floating point loses digits, against mpmath.

A reduced run of an attack with thousands of expressions: all numbers that are shown have eight right digits.
"""

import math
from random import Random

import mpmath
import pytest
from losing import DIGITS, made, point, right_digits, second, truth
from mpmath import mp

from adcalc.api import function
from adcalc.errors import MathematicsError

MODES = ("reverse", "forward", "symbolic")
_LEAST = DIGITS - 0.1


def require(numbers, text, values, warnings):
    for told, wanted in numbers:
        with mp.workdps(300):
            if abs(wanted) > 1e300 or (abs(wanted) < mpmath.mpf(10) ** -45 and abs(told) < 1e-38):
                continue
        assert right_digits(told, wanted) >= _LEAST, (text, values, told, mpmath.nstr(wanted, 17), warnings)


def questions(text, values, mode, direction):
    """What is asked, and for each the numbers that are shown with those that are true."""
    value, *slopes = truth(text, values)
    names = list(values)
    partial = dict(zip(names, slopes, strict=True))
    two = second(text, values)
    with mp.workdps(300):
        seeds = {name: mpmath.mpf(number) for name, number in direction.items()}
        along = sum(partial[name] * seeds[name] for name in names)
        product = {one: sum(two[one, other] * seeds[other] for other in names) for one in names}
    asked = function(text)
    yield (
        lambda: asked.hessian(values, mode=mode),
        lambda found: [
            (found.value, value),
            *((found.gradient[one], partial[one]) for one in names),
            *((found.hessian[one][other], two[one, other]) for one in names for other in names),
        ],
    )
    yield (
        lambda: asked.hvp(values, direction, mode=mode),
        lambda found: [(found.value, value), *((found.hvp[one], product[one]) for one in names)],
    )
    yield lambda: asked.jvp(values, direction), lambda found: [(found.value, value), (found.jvp, along)]
    yield (
        lambda: function(f"[{text}, x]").jacobian({"x": 1.0, **values}),
        lambda found: [(found.value[0], value), *((found.jacobian[one][0], partial[one]) for one in names)],
    )
    yield (
        lambda: asked.derivative(names[0], order=2, point=values),
        lambda found: [(found.value, value), (found.formulas[0].evaluated, two[names[0], names[0]])],
    )
    yield lambda: asked.gradient(values, mode="finite"), lambda found: [(found.value, value)]


@pytest.mark.parametrize("seed", range(8))
def test_every_number_has_eight_right_digits_or_is_the_proved_one(seed):
    random = Random(7000 + seed)
    seen = 0
    for number in range(12):
        text = made(random)
        if number % 4 == 3:
            text = f"({text})*max(x, x)"  # on an edge
        values = {name: value for name, value in point(random).items() if name in function(text).variables}
        direction = {name: random.choice((1.0, -2.0, 0.5)) for name in values}
        try:
            asked = list(questions(text, values, MODES[number % 3], direction))
        except (ValueError, ZeroDivisionError):
            continue
        for ask, shown in asked:
            try:
                found = ask()
            except MathematicsError:
                continue
            require(shown(found), text, values, found.warnings)
            seen += 1
    assert seen > 50


def test_the_slope_of_a_curve(capsys):
    from adcalc.cli.app import run

    assert run(["diff", "y = exp(x) - 1 - x", "--implicit", "y", "--at", "x=1e-9, y=5e-19"]) == 0
    captured = capsys.readouterr()
    assert f"= {math.expm1(1e-9)!r}" in captured.out
    assert captured.err.startswith("warning: ")


@pytest.mark.parametrize(
    ("text", "at", "value"),
    [
        ("(x - sin(x))/x^3", "x=1e-10±1e-13", "0.16666666666666666"),
        ("1 - cos(x)", "x=1e-9±1e-12", "5e-19"),
    ],
)
def test_error_bars(capsys, text, at, value):
    from adcalc.cli.app import run

    assert run(["propagate", text, "--at", at, "--json"]) == 0
    out = capsys.readouterr().out
    assert f'"value": {value}' in out
    assert '"kind": "cancellation"' in out
