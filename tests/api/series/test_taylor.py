"""Taylor series as Python asks for them: the variable, the point, the numbers of an answer."""

from fractions import Fraction

import pytest

from adcalc import function
from adcalc.api.proofs.exact import step
from adcalc.api.series.taylor import LARGEST_ORDER
from adcalc.errors import DomainError, LimitError, ShapeError, UnboundVariableError, UnknownVariableError, UsageError


def test_the_result_is_plain_data():
    found = function("x^2*y").taylor(x=3, y="1/3", order=2, wrt="x")
    assert found.expression == "x^2*y"
    assert found.at == {"x": 3.0, "y": 1 / 3}
    assert (found.variable, found.step, found.order) == ("x", "x - 3", 2)
    assert found.coefficients == (3.0, 2.0, 1 / 3)
    assert found.derivatives == (3.0, 2.0, 2 / 3)
    assert found.value == 3.0
    assert found.warnings == ()
    digits = function("x^2*y").taylor({"x": 3, "y": "1/3"}, order=1, wrt="y", digits=5)
    assert digits.at == {"x": "3", "y": "0.33333"}
    assert digits.coefficients == ("3", "9")


def test_which_variable():
    f = function("x*y + z")
    with pytest.raises(UsageError, match="a series is in one variable, and there are x, y, z") as found:
        f.taylor(x=1, y=2, z=3)
    assert found.value.hint == "say which one: --wrt x"
    with pytest.raises(UnknownVariableError, match="'t'"):
        f.taylor(x=1, y=2, z=3, wrt="t")
    with pytest.raises(UnboundVariableError, match="'z' has no value"):
        f.taylor(x=1, y=2, wrt="x")
    with pytest.raises(UnknownVariableError, match="'t'"):
        function("x").taylor(x=1, t=2)
    way = function("if x > 1 { y = x } else { y = t } y")
    for x in (0, 2):
        with pytest.raises(UnboundVariableError, match="'t' has no value"):
            way.taylor(x=x, order=1)


def test_orders():
    with pytest.raises(UsageError, match="the order of a derivative is 0 or more"):
        function("x").taylor(x=1, order=-1)
    with pytest.raises(LimitError, match="up to order 10000"):
        function("x").taylor(x=1, order=LARGEST_ORDER + 1)
    with pytest.raises(LimitError, match="polygamma is computed for orders up to 1000"):
        function("polygamma(999, x)").taylor(x=2, order=5)


def test_numbers_of_digits():
    with pytest.raises(UsageError, match="digits"):
        function("x").taylor(x=1, digits=0)
    found = function("1/x").taylor(x=3, order=1, digits=1000)
    assert found.coefficients[0] == "0." + "3" * 1000


def test_what_no_digits_tell_from_zero_is_said():
    """The third coefficient of exp(sin(x)) is 0 at pi, which is not seen: no fractions, and balls only come near."""
    found = function("exp(sin(x))").taylor(x="pi", order=4, digits=20)
    assert found.coefficients == ("1", "-1", "0.5", "0", "-0.12500000000000000000")
    assert [kind for kind, _ in found.warnings] == ["precision", "precision"]
    assert found.warnings[0][1] == "the coefficient of order 3 is not told from 0 by any number of digits"
    at_0 = function("exp(sin(x))").taylor(x=0, order=4, digits=20)
    assert at_0.coefficients == ("1", "1", "0.5", "0", "-0.125")
    assert at_0.warnings == ()  # where all is rational it is proved


def test_arrays():
    f = function("sum(A@[x, x^2])*b[1]")
    found = f.taylor({"x": 2, "A": "[[1, 0.1], [2, 3]]", "b": [1, 2]}, order=2, wrt="x", digits=10)
    assert found.coefficients == ("36.8", "30.8", "6.2")
    with pytest.raises(ShapeError, match="'b' is an array"):
        f.taylor({"x": 2, "A": [[1, 0], [2, 3]], "b": [1, 2]}, wrt="b")
    with pytest.raises(ShapeError, match="one number is needed"):
        function("[x, x^2]").taylor(x=1)


def test_user_functions_have_series(tmp_path):
    """A row of one's own that calls itself with another parameter: f(n, u) = u^n*exp(u)."""
    rows = tmp_path / "mine.adc"
    rows.write_text("d wave(n, u) = (n*wave(n - 1, u) + wave(n, u))*du\nwave(n, u) = u^n*exp(u)\n")
    own = function("wave(n, x)", str(rows)).taylor(n="3 + 1/3", x="1/2", order=30, wrt="x", digits=20)
    same = function("x^n*exp(x)").taylor(n="3 + 1/3", x="1/2", order=30, wrt="x", digits=20)
    assert own.coefficients == same.coefficients
    irrational = function("wave(n, x)", str(rows)).taylor(n="sqrt(2)", x="1/2", order=30, wrt="x", digits=20)
    assert irrational.coefficients == (
        function("x^n*exp(x)").taylor(n="sqrt(2)", x="1/2", order=30, wrt="x", digits=20).coefficients
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, "x"), (1, "x - 1"), (-1, "x + 1"), (Fraction(1, 3), "x - 1/3"), (Fraction("0.1"), "x - 0.1")],
)
def test_steps(value, expected):
    assert step("x", Fraction(value)) == expected


def test_a_step_is_what_was_written():
    assert function("x").taylor(x="pi/3").step == "x - pi/3"
    assert function("`flow rate`").taylor({"flow rate": 2}).step == "`flow rate` - 2"
    assert function("x").taylor(x=0.1).step == "x - 0.1"


@pytest.mark.parametrize(
    ("text", "at", "coefficients"),
    [
        ("if(x == 0, 1, sin(x)/x)", 0, [1, 0, "-1/6", 0, "1/120", 0, "-1/5040"]),
        ("if x == 0 { 1 } else { sin(x)/x }", 0, [1, 0, "-1/6", 0, "1/120", 0, "-1/5040"]),
        ("if(x == 0, 1, (exp(x) - 1)/x)", 0, [1, "1/2", "1/6", "1/24", "1/120", "1/720", "1/5040"]),
        ("if(x == 0, 1/2, (1 - cos(x))/x^2)", 0, ["1/2", 0, "-1/24", 0, "1/720", 0, "-1/40320"]),
        ("if(x == 0, 1/6, (exp(x) - 1 - x - x^2/2)/x^3)", 0, ["1/6", "1/24", "1/120", "1/720", "1/5040"]),
        ("if(x == 0, 1, x/(exp(x) - 1))", 0, [1, "-1/2", "1/12", 0, "-1/720", 0, "1/30240"]),  # Bernoulli's numbers
        ("if(x == 1, 1, log(x)/(x - 1))", 1, [1, "-1/2", "1/3", "-1/4", "1/5", "-1/6", "1/7"]),
        ("if(x == 0, 0, x^2/x)", 0, [0, 1, 0, 0, 0, 0, 0]),
        ("if(x == 0, 0, (x^4/x^2)/x)", 0, [0, 1, 0, 0, 0, 0, 0]),
        ("if(x == 0, 1, x^9/x^9)", 0, [1, 0, 0, 0, 0, 0, 0]),
    ],
)
def test_beside_the_point_a_quotient_of_two_that_are_0_there_has_all_its_coefficients(text, at, coefficients):
    exact = [Fraction(one) for one in coefficients]
    for order in range(len(exact)):
        found = function(text).taylor(x=at, order=order)
        assert found.coefficients == tuple(map(float, exact[: order + 1]))
        digits = function(text).taylor(x=at, order=order, digits=12).coefficients
        assert [float(one) for one in digits] == pytest.approx(list(map(float, exact[: order + 1])), rel=1e-11)
    proved = function(text).proved_gradient(12, {"x": at}).gradient["x"]
    assert float(proved) == pytest.approx(float(exact[1]), rel=1e-11)


@pytest.mark.parametrize("text", ["sin(x)/x", "x^2/x", "(exp(x) - 1)/x", "if(x >= 0, sin(x)/x, 1)", "(x - x)/x"])
def test_at_the_point_there_is_no_such_quotient(text):
    for order in range(5):
        for digits in (None, 12):
            with pytest.raises(DomainError):
                function(text).taylor(x=0, order=order, digits=digits)
