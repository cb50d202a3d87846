"""Derivatives of any order by each variable, and mixed ones, against SymPy and mpmath."""

import itertools

import pytest
import sympy
from mpmath import mp, mpf

from adcalc import function
from adcalc.api.series.partials import polarised, proved_partials
from adcalc.errors import LimitError, NotDifferentiableError, NumberOverflowError, PrecisionError, UsageError

X, Y, Z = sympy.symbols("x y z")
EXPRESSIONS = {
    "exp(x*y)*sin(z)": sympy.exp(X * Y) * sympy.sin(Z),
    "x^3*y^2*z + x*y*z^4": X**3 * Y**2 * Z + X * Y * Z**4,
    "log(x + y^2 + z^3)": sympy.log(X + Y**2 + Z**3),
    "x^y*sqrt(z)": X**Y * sympy.sqrt(Z),
}
POINT = {"x": "3/2", "y": "2/3", "z": "1/7"}


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_mixed_partials_are_those_of_sympy(text):
    expression = EXPRESSIONS[text]
    at = {X: sympy.Rational(3, 2), Y: sympy.Rational(2, 3), Z: sympy.Rational(1, 7)}
    for length in (2, 3, 4):
        for way in itertools.combinations_with_replacement("xyz", length):
            true = sympy.N(expression.diff(*way).subs(at), 40)
            found = function(text).gradient(POINT, wrt=way if len(set(way)) < len(way) else None, mixed=True)
            if len(set(way)) < len(way):
                (number,) = found.gradient.values()
                assert number == float(true), way
                assert found.order == length


def test_the_order_of_the_variables_does_not_matter():
    ways = list(itertools.permutations(("x", "x", "y", "z")))
    numbers = {next(iter(function("exp(x*y*z)").gradient(POINT, wrt=way).gradient.values())) for way in ways}
    assert len(numbers) == 1


def test_weights_find_every_derivative_of_every_monomial():
    """On x^a·y^b·z^c of the degree of the derivative the sum is the derivative itself."""
    for way in [("x", "y"), ("x", "x", "y"), ("x", "y", "z"), ("x", "x", "y", "y", "z"), ("x",) * 4]:
        shares = polarised(way)
        for powers in itertools.product(range(len(way) + 1), repeat=3):
            if sum(powers) != len(way):
                continue
            total = 0
            for share in shares:
                term = share.weight
                for name, power in zip("xyz", powers, strict=True):
                    term *= share.line.get(name, 0) ** power
                total += term
            wanted = tuple(way.count(name) for name in "xyz") == powers
            factorials = sympy.prod(sympy.factorial(power) for power in powers)
            assert total == (factorials if wanted else 0), (way, powers)


def test_the_order_by_each_variable():
    found = function("exp(x*y)*z").gradient(x=1, y=2, z=3, order=4)
    assert found.mode == "taylor"
    assert found.order == 4
    assert list(found.gradient) == ["x", "y", "z"]
    with mp.workdps(40):
        true = 16 * 3 * mp.exp(2), 3 * mp.exp(2), mpf(0)
        assert tuple(found.gradient.values()) == tuple(map(float, true))
    assert function("x^3").gradient(x=2, order=0).gradient == {"x": 8.0}
    assert function("2").gradient(order=3).gradient == {}
    assert function("x").gradient(x=1, wrt=["x", "x"]).gradient == {"x": 0.0}
    assert function("x^2*y").gradient(x=1, y=1, order=2, wrt=["y"]).gradient == {"y": 0.0}


def test_high_orders_are_right_to_the_last_digit():
    found = function("exp(sin(x))*cos(y)").gradient(x=1, y=1, order=40).gradient["x"]
    with mp.workdps(80):
        true = mp.diff(lambda x: mp.exp(mp.sin(x)), 1, 40) * mp.cos(1)
        assert found == float(true)
    twice = function("sin(x*y)").gradient(x=1, y=2, wrt=["x"] * 6 + ["y"] * 6).gradient
    assert twice["x,x,x,x,x,x,y,y,y,y,y,y"] == float(sympy.N(sympy.sin(X * Y).diff(X, 6, Y, 6).subs({X: 1, Y: 2}), 40))


def test_programs():
    text = "s = 0; for k in 1..3 { s = s + x^k*y } if s > 1 { s = s*x } s"
    expression = (X + X**2 + X**3) * Y * X
    found = function(text).gradient(x=1, y=1, wrt=["x", "x", "y"]).gradient["x,x,y"]
    assert found == float(expression.diff(X, 2, Y).subs({X: 1, Y: 1}))


def test_kinks():
    f = function("x*abs(x)*y")
    assert f.gradient(x=0, y=1, wrt=["x", "y"], mixed=True).gradient == {"x,y": 0.0}
    with pytest.raises(NotDifferentiableError):
        f.gradient(x=0, y=1, wrt=["x", "x", "y"])
    with pytest.raises(NotDifferentiableError, match="the second derivative by x is -2 to the left and 2 to the right"):
        f.gradient(x=0, y=1, order=2)
    assert f.gradient(x=0, y=1, order=2, wrt=["y"]).gradient == {"y": 0.0}


@pytest.mark.parametrize("text", ["max(x*y, 0)", "hypot(x^2, y^2)*2 + max(x*y, 0)", "if(x*y > 0, x*y, 0)"])
def test_lines_say_nothing_of_what_lies_between_them(text):
    """Along both diagonals the second derivative exists; their difference is no mixed one."""
    with pytest.raises(NotDifferentiableError, match="mixed derivatives are not looked for at such a point"):
        proved_partials(function(text), {"x": 0, "y": 0}, 10, ["x", "y"], mixed=True)
    found = function("abs(x*y)*x*y").gradient(x=0, y=0, wrt=["x", "y"], mixed=True)
    assert found.gradient == {"x,y": 0.0}


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("max(x*y^2, 0)", ["x", "y"]),  # t^3 along the diagonals, but |h| y^2 beside (0, y)
        ("abs(x*y^2)", ["x", "y"]),
        ("hypot(x*y^2, x^2*y)", ["x", "y"]),
        ("(x^2*y^8)^(3/4)", ["x", "x", "y"]),
    ],
)
def test_what_lines_are_too_flat_to_see_is_no_mixed_derivative(text, way):
    asked, point = function(text), {"x": 0, "y": 0}
    with pytest.raises(NotDifferentiableError):
        asked.gradient(point, wrt=way, mixed=True)
    with pytest.raises(NotDifferentiableError):
        proved_partials(asked, point, 10, way, mixed=True)
    with pytest.raises(NotDifferentiableError):
        asked.derivative(*way, mixed=True, point=point)


@pytest.mark.parametrize("way", [["x", "y"], ["y", "x"]])
def test_a_mixed_derivative_on_an_edge_is_the_same_in_both_orders(way):
    with pytest.raises(NotDifferentiableError, match="-1 to the left and 1 to the right"):
        function("abs(x)*y").gradient(x=0, y=0, wrt=way, mixed=True)
    peano = function("if(x == 0 and y == 0, 0, x*y*(x^2 - y^2)/(x^2 + y^2))")
    for asked in (
        lambda: peano.gradient(x=0, y=0, wrt=way, mixed=True),
        lambda: peano.derivative(*way, mixed=True, point={"x": 0, "y": 0}),
    ):
        with pytest.raises(NotDifferentiableError, match="depends on their order here"):
            asked()


def test_refusals():
    f = function("exp(1000*x)*y")
    with pytest.raises(NumberOverflowError, match="the value is beyond"):
        f.gradient(x=1, y=1, order=2)
    with pytest.raises(NumberOverflowError, match="a derivative of order 2 is beyond"):
        function("1e300*exp(1e10*x)").gradient(x=0, order=2)
    with pytest.raises(UsageError, match="mode forward is about first derivatives"):
        f.gradient(x=0, y=1, order=2, mode="forward")
    with pytest.raises(UsageError, match="a convention for kinks"):
        f.gradient(x=0, y=1, order=2, at_kink="left")
    with pytest.raises(UsageError, match="0 or more"):
        f.gradient(x=0, y=1, order=-2)
    names = [f"x{k}" for k in range(20)]
    with pytest.raises(LimitError, match="too many series"):
        function("+".join(names)).gradient(dict.fromkeys(names, 1), mixed=True)
    small = function("1e-200*x^2*y").gradient(x="1e-200", y=1, order=1, mixed=True)
    assert small.gradient == {"x,y": 0.0}
    assert small.warnings[0][0] == "underflow"


def test_proved_digits():
    from adcalc.api.series.partials import proved_partials

    found = proved_partials(function("exp(x*y)"), {"x": "1/3", "y": "pi"}, 40, ["x", "x", "y"])
    with mp.workdps(80):
        x, y = mpf(1) / 3, mp.pi
        true = mp.exp(x * y) * (2 * y + x * y**2)
        assert found.gradient == {"x,x,y": mp.nstr(true, 40, strip_zeros=False)}
    assert found.order == 3
    with pytest.raises(PrecisionError, match="no number of digits tells whether it is 0"):
        proved_partials(function("(sqrt(2)*sqrt(3) - sqrt(6))*x^2"), {"x": 1}, 20, ["x"], 2)
