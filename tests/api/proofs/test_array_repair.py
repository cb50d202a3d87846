"""Arrays whose elements lose digits: the answer is that of the numbers, against mpmath."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest

from adcalc.api import function
from adcalc.api.arrays import arrays

LOSING = "(x - sin(x))/x^3"
POINTS = [1e-10, 1e-5, 0.5]


def slopes(order):
    with mpmath.mp.workdps(80):
        f = lambda x: (x - mpmath.sin(x)) / x**3  # noqa: E731
        return [float(mpmath.diff(f, mpmath.mpf(x), order, h=mpmath.mpf(10) ** -20)) for x in POINTS]


def near(wanted, rel=1e-13):
    return pytest.approx(wanted, rel=rel, abs=0.0)


def cancellation(warnings):
    return [kind for kind, _ in warnings] == ["cancellation"] * len(warnings) != []


def test_elements_of_a_value():
    found = function(LOSING).evaluate({"x": POINTS})
    assert found.value.tolist() == near(slopes(0))
    ((_, message),) = found.warnings
    assert message.endswith("the answer is the proved one (and so in 1 more element)")


@pytest.mark.parametrize("mode", ["reverse", "forward", "symbolic", "finite"])
def test_gradients(mode):
    found = function(f"sum({LOSING})").gradient(x=POINTS, mode=mode)
    assert found.value == near(sum(slopes(0)))
    assert found.gradient["x"].tolist() == near(slopes(1))
    assert cancellation(found.warnings)


def test_adjoints_that_cancel_where_no_value_does():
    found = function("sum(sin(x)/x)").gradient(x=[1e-9, 1.0])
    assert found.gradient["x"].tolist() == near([-1e-9 / 3, np.cos(1) - np.sin(1)])
    assert cancellation(found.warnings)


def test_products_and_second_derivatives():
    asked = function(LOSING)
    found = asked.vjp({"x": POINTS}, [1, 2, 3])
    assert found.value.tolist() == near(slopes(0))
    assert found.vjp["x"].tolist() == near([weight * slope for weight, slope in zip((1, 2, 3), slopes(1), strict=True)])
    assert cancellation(found.warnings)
    along = asked.jvp({"x": POINTS}, {"x": [1, 2, 3]})
    assert along.jvp.tolist() == near(found.vjp["x"].tolist())
    assert along.value.tolist() == near(slopes(0))
    assert cancellation(along.warnings)
    jacobian = asked.jacobian({"x": POINTS})
    assert np.diag(jacobian.jacobian["x"]).tolist() == near(slopes(1))
    total = function(f"sum({LOSING})")
    assert np.diag(total.hessian({"x": POINTS}).hessian["x"]["x"]).tolist() == near(slopes(2))
    product = total.hvp({"x": POINTS}, {"x": [1, 1, 1]})
    assert product.hvp["x"].tolist() == near(slopes(2))
    assert cancellation(product.warnings)


def test_formulas_and_what_shows_the_work():
    text = f"sum({LOSING})"
    found = function(text).derivative("x", point={"x": POINTS})
    assert found.formulas[0].evaluated.tolist() == near(slopes(1))
    assert cancellation(found.warnings)
    for shown in (function(text).trace({"x": POINTS}), function(text).compare({"x": POINTS})):
        assert shown.warnings[0][1].endswith("grad has the true numbers")


@pytest.mark.parametrize(
    ("text", "at", "value"),
    [
        ("sum(x)", {"x": [1e16, 1, -1e16]}, 1),
        ("dot(x, y)", {"x": [1e16, 1, 1e16], "y": [1, 1, -1]}, 1),
        ("sum(A@x)", {"A": [[1e16, 1], [-1e16, 0]], "x": [1, 1]}, 1),
        ("sum(log(1 + x))", {"x": [1e-12, 0]}, 1e-12 - 0.5e-24),
        ("sum(log(exp(x)))", {"x": [1000, 1]}, 1001),
        ("sum(sin(x*22/7))", {"x": [7e9, 0]}, float(mpmath.sin(22_000_000_000))),
        ("sum(if(10*x + 1e16 - 1e16 > 1/2, x, 5*x))", {"x": [0.09, 0]}, 0.09),
    ],
)
def test_sums_products_functions_and_choices(text, at, value):
    assert function(text).value(at) == near(value)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("sum(softmax(x)^2)", {"x": [1, 2, 3]}),
        ("logsumexp(x - max(x)) + max(x)", {"x": [1, 2, 3]}),
        ("sum(relu(x - y))", {"x": [1, 2], "y": [2, 2.5]}),
        ("sum((x - mean(x))^2)", {"x": [1, 2, 3]}),
        ("sum(batchnorm(X, 1, 0, 1e-5)^2)", {"X": [[1, 2], [3, 5]]}),
        ("sum(abs(x - 1))", {"x": [1 + 1e-12, 3]}),
        ("cross_entropy(X, [1, 0])", {"X": [[1, 2, 3], [3, 1, 0]]}),
    ],
)
def test_what_is_right_is_no_alarm(text, at):
    assert function(text).gradient(at).warnings == ()
    assert function(text).evaluate(at).warnings == ()


def test_large_arrays_are_looked_at_here_and_there():
    x = np.linspace(1, 2, 30_000)
    found = function("(x + 1e12) - 1e12 - x").evaluate({"x": x})
    ((kind, message),) = found.warnings
    assert kind == "cancellation"
    assert "loses digits in some elements" in message
    assert function("sum(sin(x)*exp(x) + x)").gradient({"x": x}).warnings == ()


def test_differences_over_arrays_are_shown(capsys):
    from adcalc.cli.app import run

    assert run(["grad", "sum(sin(x)^2)", "--at", "x=[1, 2]", "--mode", "finite"]) == 0
    assert "∂/∂x = [0.909297" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "true", "product"),
    [
        ("tan", mpmath.tan, 1.5707963267),
        ("sec", mpmath.sec, 1.5707963267),
        ("cot", mpmath.cot, 3.1415926535),
        ("sinpi", mpmath.sinpi, 1.000000001),
        ("cospi", mpmath.cospi, 2.500000001),
        ("gamma", mpmath.gamma, -3.0000000001),
        ("digamma", mpmath.digamma, 1.4616321449),
        ("erfinv", mpmath.erfinv, 0.9999999999999),
        ("zeta", mpmath.zeta, 1.000000001),
        ("ei", mpmath.ei, 0.37250741078),
    ],
)
@pytest.mark.parametrize("count", [1, 100])
def test_functions_of_every_kind_near_a_zero_or_a_pole(text, true, product, count):
    x = 0.3
    found = function(f"{text}(x*y)").evaluate(
        {"x": [0.1] * (count - 1) + [x], "y": [1.0] * (count - 1) + [product / x]}
    )
    with mpmath.workdps(60):
        wanted = float(true(mpmath.mpf(x) * mpmath.mpf(product / x)))
    assert found.value[-1] == near(wanted)
    assert cancellation(found.warnings)


@pytest.mark.parametrize(
    ("text", "true", "at"),
    [
        ("log(sum(x))", lambda x, y: mpmath.log(x + y), [0.3, 0.7000000001]),
        ("sin(x@x)", lambda x, y: mpmath.sin(x**2 + y**2), [0.3, (3.1415926535 - 0.09) ** 0.5]),
    ],
)
def test_functions_of_what_arrays_add_up_to(text, true, at):
    found = function(text).evaluate({"x": at})
    with mpmath.workdps(60):
        wanted = float(true(*map(mpmath.mpf, at)))
    assert found.value == near(wanted)
    assert cancellation(found.warnings)


@pytest.mark.parametrize(("text", "true"), [("floor(x*y)", 0.0), ("round(x*y*3/2)", 1.0), ("(x*y) % 1", 1.0)])
@pytest.mark.parametrize("count", [1, 100])
def test_steps_that_rounding_decides(text, true, count):
    x, y = 0.7015463661686019, 1.4254225354503098
    assert x * y == 1.0 > Fraction(x) * Fraction(y)
    others = [1.25] * (count - 1)
    found = function(text).evaluate({"x": [*others, x], "y": [*others, y]})
    assert found.value[-1] == true
    assert cancellation(found.warnings)


@pytest.mark.parametrize(
    "text", ["tan(x*y)", "gamma(x*y)", "log(x*y + 2)", "sinpi(x*y)", "besselj(0, x*y)", "floor(x*y)"]
)
@pytest.mark.parametrize("count", [1, 100])
def test_functions_elsewhere_are_left_alone(text, count):
    f = function(text)
    lowered, at = f.at({"x": [0.3] * count, "y": [0.9] * count}, several=True)
    arrays.evaluated(f, lowered, at, [lowered.output])
    assert not lowered.plans["value", lowered.output][0].watch.noticed


def test_jacobians_and_products_of_large_arrays():
    random = np.random.default_rng(1)
    x = random.uniform(0.5, 1.0, 50)
    x[3] = 1e-9
    matrix = random.standard_normal((50, 50))
    found = function("A@((x - sin(x))/x^3)").jacobian({"A": matrix, "x": x}, wrt=["x"])
    assert found.jacobian["x"][:, 3] == pytest.approx(matrix[:, 3] * (-1e-9 / 60), rel=1e-12)
    assert found.value == pytest.approx(matrix @ ((x - np.sin(x)) / x**3 + (x < 1e-3) / 6), rel=1e-9)
    assert cancellation(found.warnings)
    along = function("(x - sin(x))/x^3").jvp({"x": np.tile(x, 6)}, {"x": np.ones(300)})
    assert along.value[3] == pytest.approx(1 / 6)
    assert along.warnings[-1][1] == (
        "slopes lose digits in some elements, and too many operations lead to them to prove them"
    )
