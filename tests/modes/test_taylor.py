"""Taylor coefficients against mpmath at twice the precision, SymPy's closed forms, and what has no series."""

import math
import random
import re
from fractions import Fraction

import pytest
import sympy
from flint import ctx
from mpmath import mp, mpf

from adcalc.api import function
from adcalc.errors import (
    AdcalcError,
    DomainError,
    NotDifferentiableError,
    NumberOverflowError,
    PrecisionError,
)


def coefficients(text, at, order, **options):
    return function(text).taylor(at, order=order, **options).coefficients


def reference(expression, at, order, digits):
    """The coefficients by mpmath, with twice the digits."""
    with mp.workdps(2 * digits + order):
        return mp.taylor(expression, at, order)


@pytest.mark.parametrize("order", [0, 1, 50, 200])
def test_every_digit_of_exp_of_sin(order):
    """By its own recurrence in exact integers of 400 digits: f' = cos(x)·f."""
    found = function("exp(sin(x))").taylor(x=1, order=order, digits=60)
    with mp.workdps(400):
        sine, cosine = mp.sin(1), mp.cos(1)
        slopes = [(cosine, -sine, -cosine, sine)[k % 4] / mp.factorial(k) for k in range(order + 1)]
        true = [mp.exp(sine)]
        for k in range(1, order + 1):
            true.append(mp.fsum(slopes[j] * true[k - 1 - j] for j in range(k)) / k)
        for k, (coefficient, derivative) in enumerate(zip(found.coefficients, found.derivatives, strict=True)):
            assert same(coefficient, true[k], 60), k
            assert same(derivative, true[k] * mp.factorial(k), 60), k


def same(text, true, digits):
    """Whether a text is a number rounded to so many digits."""
    number = mpf(text)
    if not true:
        return number == 0
    last = mpf(10) ** (mp.floor(mp.log10(abs(true))) - digits + 1)
    return bool(abs(number - true) <= last * mpf("0.5000001"))


def test_the_derivative_that_others_do_not_find():
    found = function("exp(sin(x))").taylor(x=1, order=20)
    assert found.derivatives[20] == -290634961113.51015127  # which reads back to the nearest float
    digits = function("exp(sin(x))").taylor(x=1, order=20, digits=25).derivatives[20]
    assert digits == "-290634961113.5101512720344"


CLOSED = {
    "1/(1-x)": lambda k: Fraction(1),
    "exp(x)": lambda k: Fraction(1, math.factorial(k)),
    "log(1+x)": lambda k: Fraction((-1) ** (k + 1), k) if k else Fraction(0),
    "log1p(x)": lambda k: Fraction((-1) ** (k + 1), k) if k else Fraction(0),
    "sqrt(1+x)": lambda k: Fraction(str(sympy.binomial(sympy.Rational(1, 2), k))),
    "(1+x)^7": lambda k: Fraction(math.comb(7, k)),
    "(1+x)^-3": lambda k: Fraction((-1) ** k * math.comb(k + 2, 2)),
    "atanh(x)": lambda k: Fraction(k % 2, k or 1),
    "cosh(x)": lambda k: Fraction((k + 1) % 2, math.factorial(k)),
    "lambertw(x)": lambda k: Fraction((-k) ** (k - 1), math.factorial(k)) if k else Fraction(0),
    "besselj(0, 2*x)": lambda k: Fraction((-1) ** (k // 2) * ((k + 1) % 2), math.factorial(k // 2) ** 2),
    "asin(x)": lambda k: Fraction(math.comb(k - 1, k // 2), k * 4 ** (k // 2)) if k % 2 else Fraction(0),
    "hyp2f1(1, 1, 1, x)": lambda k: Fraction(1),
    "ellipk(x)*2/pi": lambda k: Fraction(math.comb(2 * k, k), 4**k) ** 2,
}


@pytest.mark.parametrize("text", CLOSED)
def test_closed_forms(text):
    found = coefficients(text, {"x": 0}, 60)
    assert list(found) == [float(CLOSED[text](k)) for k in range(61)]


CORPUS = {
    "exp(-x^2)*cos(3*x)": lambda x: mp.exp(-(x**2)) * mp.cos(3 * x),
    "sin(x)/(1+x^2)": lambda x: mp.sin(x) / (1 + x**2),
    "x^x": lambda x: x**x,
    "log(x)^3": lambda x: mp.log(x) ** 3,
    "tan(x/2)": lambda x: mp.tan(x / 2),
    "sqrt(x+sqrt(x))": lambda x: mp.sqrt(x + mp.sqrt(x)),
    "gamma(x)/erf(x)": lambda x: mp.gamma(x) / mp.erf(x),
    "besselj(2, x^2)": lambda x: mp.besselj(2, x**2),
    "atan2(x, x+1)": lambda x: mp.atan2(x, x + 1),
    "hypot(x, 1+x)": lambda x: mp.hypot(x, 1 + x),
    "fresnels(x)*digamma(x)": lambda x: mp.fresnels(x) * mp.digamma(x),
    "beta(x, x+1/2)": lambda x: mp.beta(x, x + mpf(1) / 2),
    "cbrt(x)*abs(x-2)": lambda x: mp.cbrt(x) * (2 - x),
    "x % 0.6": lambda x: x - 2 * mpf(6) / 10,
    "erfinv(x/3)": lambda x: mp.erfinv(x / 3),
    "if(x < 1, x^3, exp(x))": mp.exp,
}


@pytest.mark.parametrize("text", CORPUS)
def test_against_mpmath_at_twice_the_digits(text):
    with mp.workdps(80):
        true = mp.taylor(CORPUS[text], mpf(7) / 5, 12)
        true = [one if abs(one) > mpf(10) ** -50 else mpf(0) for one in true]
        at = {"x": Fraction(7, 5)}
        assert list(coefficients(text, at, 12)) == [float(one) for one in true]
        assert all(same(one, other, 30) for one, other in zip(coefficients(text, at, 12, digits=30), true, strict=True))


def test_coefficients_of_generated_expressions():
    """Random compositions, drawn with their own mpmath code."""
    seed, compared = random.Random(8), 0
    unary = {"sin": mp.sin, "cos": mp.cos, "exp": mp.exp, "atan": mp.atan, "tanh": mp.tanh, "asinh": mp.asinh}
    for _ in range(160):
        text, code = "x", lambda x: x
        for _ in range(seed.randrange(2, 6)):
            choice = seed.random()
            if choice < 0.6:
                name = seed.choice(sorted(unary))
                text, code = f"{name}({text})", lambda x, f=unary[name], g=code: f(g(x))
            elif choice < 0.8:
                number = seed.randrange(1, 9)
                text, code = f"({text} + {number}*x)", lambda x, n=number, g=code: g(x) + n * x
            else:
                text, code = f"(x*{text})", lambda x, g=code: x * g(x)
        at = Fraction(seed.randrange(-20, 20), 16)
        try:
            found = coefficients(text, {"x": at}, 12)
        except AdcalcError as error:
            pytest.fail(f"{text} at {at}: {error}")
        with mp.workdps(60):
            true = mp.taylor(code, mpf(at.numerator) / at.denominator, 12)
            for k, coefficient in enumerate(found):
                if coefficient is None:
                    assert abs(true[k]) > mpf("1.79e308")
                    continue
                assert math.isclose(coefficient, float(true[k]), rel_tol=2.3e-16, abs_tol=1e-30), (text, at, k)
                compared += 1
    assert compared > 1900


def test_polynomials_are_exact_and_end():
    found = function("(x^3 - 2*x + 5)*(x - 1/3)").taylor(x="1/3", order=8)
    x = sympy.symbols("x")
    true = sympy.Poly(((x**3 - 2 * x + 5) * (x - sympy.Rational(1, 3))).subs(x, x + sympy.Rational(1, 3)), x)
    assert list(found.coefficients) == [float(c) for c in reversed(true.all_coeffs())] + [0.0] * 4


# ------------------------------------------------------------------ points and numbers


def test_points_are_exact():
    with mp.workdps(60):
        true = mp.sin(mpf(1) / 10)
        assert coefficients("sin(x)", {"x": "0.1"}, 0, digits=40)[0] == mp.nstr(true, 40, strip_zeros=False)
        of_float = mp.nstr(mp.sin(mpf(0.1)), 40, strip_zeros=False)
        assert coefficients("sin(x)", {"x": 0.1}, 0, digits=40)[0] == of_float != mp.nstr(true, 40)
    assert coefficients("sin(x)", {"x": "pi"}, 3) == (0.0, -1.0, 0.0, 1 / 6)
    assert coefficients("sin(x)", {"x": "pi"}, 2, digits=20) == ("0", "-1", "0")


def test_cancellation_is_made_up_for():
    found = coefficients("(x - sin(x))/x^3", {"x": "1e-10"}, 2)
    with mp.workdps(100):
        true = mp.taylor(lambda x: (x - mp.sin(x)) / x**3, mpf(10) ** -10, 2)
        assert list(found) == [float(one) for one in true]
    assert coefficients("tanh(x)", {"x": "1e-300"}, 2) == (1e-300, 1.0, -1e-300)
    assert coefficients("sin(x)", {"x": "1e22"}, 0) == (-0.8522008497671888,)


def test_numbers_beyond_floats_are_told():
    found = function("1/(1-x)").taylor(x=0, order=200)
    assert found.coefficients[200] == 1.0
    assert found.derivatives[170] == float(math.factorial(170))
    assert found.derivatives[171] is None
    assert found.texts[1][171].startswith("1.2410180702176678")
    assert [kind for kind, _ in found.warnings] == ["overflow"]
    small = function("exp(x)").taylor(x=0, order=200)
    assert small.coefficients[200] == 0.0
    assert float(Fraction(small.texts[0][200]) * math.factorial(200)) == pytest.approx(1.0, rel=1e-15)
    assert [kind for kind, _ in small.warnings] == ["underflow"]
    digits = function("exp(x)").taylor(x=0, order=200, digits=5)
    assert digits.coefficients[200] == "1.2680e-375"
    assert digits.warnings == ()


def test_flint_is_left_as_it_was():
    before = ctx.prec, ctx.cap
    function("exp(x)").taylor(x=0, order=33)
    with pytest.raises(AdcalcError):
        function("1/x").taylor(x=0, order=33)
    assert (ctx.prec, ctx.cap) == before


# ------------------------------------------------------------------ degenerate cases


def test_no_variable_a_constant_and_order_0():
    none = function("2 + 3").taylor(order=3)
    assert (none.variable, none.coefficients) == ("", (5.0, 0.0, 0.0, 0.0))
    assert coefficients("7", {}, 0) == (7.0,)
    assert coefficients("0*x + 4", {"x": 1}, 2) == (4.0, 0.0, 0.0)
    assert coefficients("x^2", {"x": 3}, 0) == (9.0,)
    assert coefficients("sqrt(x)", {"x": 0}, 0) == (0.0,)
    assert coefficients("abs(x)", {"x": 0}, 0) == (0.0,)


def test_other_variables_have_values():
    assert coefficients("x^2*y^3", {"x": 2, "y": 3}, 3, wrt="y") == (108.0, 108.0, 36.0, 4.0)


# ------------------------------------------------------------------ programs


def test_programs_follow_the_point():
    newton = "y = 1; while abs(y^2 - x) > 1e-30 { y = (y + x/y)/2 } y"
    found = coefficients(newton, {"x": 2}, 3)
    with mp.workdps(40):
        true = [float(one) for one in mp.taylor(mp.sqrt, 2, 3)]
    assert found == pytest.approx(true, rel=1e-15)
    assert coefficients("y = x; n = 0; while n < 3 { y = y*x; n = n + 1 } y", {"x": 1}, 4) == (1.0, 4.0, 6.0, 4.0, 1.0)
    assert coefficients("if x > 1 { y = x^2 } else { y = x } y", {"x": 3}, 2) == (9.0, 6.0, 1.0)


def test_the_way_is_that_of_exact_numbers():
    """0.1 + 0.2 is not greater than 0.3, though it is in floats."""
    text = "if x + 0.2 > 0.3 { y = x } else { y = 1 + 2*x } y"
    assert function("if x + 0.2 > 0.30000000000000001 { y = x } else { y = 1 + 2*x } y").taylor(
        x="0.1", order=1
    ).coefficients == (1.2, 2.0)
    with pytest.raises(NotDifferentiableError, match="turns here"):
        function(text).taylor(x="0.1", order=1)


def test_derivatives_and_solutions_inside():
    assert coefficients("diff(x^3, x)", {"x": 2}, 3) == (12.0, 12.0, 3.0, 0.0)
    found = coefficients("root(y^3 + y - x, y, 1)", {"x": 2}, 12, digits=30)
    with mp.workdps(70):

        def solution(x):
            return mp.findroot(lambda y: y**3 + y - x, 1)

        assert all(same(one, true, 30) for one, true in zip(found, mp.taylor(solution, 2, 12), strict=True))
    bessel = coefficients("root(besselj(0, y) - x, y, 1)", {"x": "1/2"}, 6)
    with mp.workdps(60):
        true = mp.taylor(lambda x: mp.findroot(lambda y: mp.besselj(0, y) - x, mpf(3) / 2), mpf(1) / 2, 6)
        assert list(bessel) == [float(one) for one in true]


def test_arrays_inside_are_unfolded():
    f = function("s = A@[x, x^2]; s[0]*s[1]")
    assert f.taylor({"x": 2, "A": [[1, 2], [3, 4]]}, order=4, wrt="x").coefficients == tuple(sympy_coefficients())
    with pytest.raises(AdcalcError, match="'A' is an array"):
        f.taylor({"x": 2, "A": [[1, 2], [3, 4]]}, order=2, wrt="A")


def sympy_coefficients():
    x = sympy.symbols("x")
    whole = sympy.Poly(((x + 2 * x**2) * (3 * x + 4 * x**2)).subs(x, x + 2), x)
    return [float(one) for one in reversed(whole.all_coeffs())]


# ------------------------------------------------------------------ edges and singularities


@pytest.mark.parametrize(
    ("text", "at", "order", "expected"),
    [
        ("abs(x)^3", "0", 2, (0.0, 0.0, 0.0)),
        ("abs(x^2)", "0", 3, (0.0, 0.0, 1.0, 0.0)),
        ("x*abs(x)", "0", 1, (0.0, 0.0)),
        ("max(x, x)", "1", 2, (1.0, 1.0, 0.0)),
        ("max(x^2, x^4)", "0", 5, (0.0, 0.0, 1.0, 0.0, 0.0, 0.0)),
        ("min(x, sin(x))", "0", 2, (0.0, 1.0, 0.0)),
        ("if(x > 1, x^2, 2*x - 1)", "1", 1, (1.0, 2.0)),
        ("if(x == 1, 1, x)", "1", 2, (1.0, 1.0, 0.0)),
        ("if x > 1 { y = x^2 } else { y = 2*x - 1 } y", "1", 1, (1.0, 2.0)),
        ("floor(x^2 + 1)", "0", 2, (1.0, 0.0, 0.0)),
        ("atan2(x^2, -1)", "0", 2, (math.pi, 0.0, -1.0)),
        ("hypot(x^2, x^2)", "0", 2, (0.0, 0.0, math.sqrt(2))),
        ("x^2.5", "0", 2, (0.0, 0.0, 0.0)),
        ("sinc(x)", "0", 4, (1.0, 0.0, -1 / 6, 0.0, 1 / 120)),
        ("0^x", "2", 2, (0.0, 0.0, 0.0)),
    ],
)
def test_on_an_edge_the_sides_may_agree(text, at, order, expected):
    assert coefficients(text, {"x": at}, order) == expected


@pytest.mark.parametrize(
    ("text", "at", "error", "sentence"),
    [
        ("1/x", 0, DomainError, "1/x has a pole of order 1 where x = 0: the series has negative powers"),
        ("x/x^3", 0, DomainError, "x/x^3 has a pole of order 2 where x = 0, x^3 = 0: the series has"),
        ("x^-2", 0, DomainError, "x^-2 has a pole of order 2 where x = 0: the series has negative powers"),
        ("exp(1/x)", 0, DomainError, "1/x has a pole of order 1 where x = 0: there is no Taylor series"),
        ("sin(x)/x", 0, DomainError, "a removable singularity (the limit is 1)"),
        ("x/x", 0, DomainError, "x/x has no value where x = 0: a removable singularity (the limit is 1)"),
        ("x^2/x", 0, DomainError, "a removable singularity (the limit is 0)"),
        ("gamma(x)", -2, DomainError, "gamma(x) has a pole where x = -2"),
        ("cot(x)", 0, DomainError, "cot(x) has a pole where x = 0"),
        ("log(x)", 0, DomainError, "log(x) has a branch point where x = 0, and no value"),
        ("log(x)", -1, DomainError, "log(x) has no value where x = -1"),
        ("asin(x)", 2, DomainError, "asin(x) has no value where x = 2"),
        ("sqrt(x)", 0, NotDifferentiableError, "sqrt(x) has a branch point where x = 0: there is no Taylor series"),
        ("sqrt(x^3)", 0, NotDifferentiableError, "sqrt(x^3) has a branch point where x^3 = 0"),
        ("sqrt(x^4)", 0, NotDifferentiableError, "sqrt(x^4) has no series by its rule where x^4 = 0"),  # it is x^2
        ("asin(1 - x^2)", 0, NotDifferentiableError, "asin(1 - x^2) has no series by its rule where 1 - x^2 = 1"),
        ("gammainc(2, x)", 0, NotDifferentiableError, "gammainc(2, x) has no series by its rule where x = 0"),
        ("gammainc(5/2, x)", 0, NotDifferentiableError, "gammainc(5/2, x) has a branch point where x = 0"),
        ("x^2.5", 0, NotDifferentiableError, "x^2.5 has a branch point where x = 0"),
        ("acosh(x)", 1, NotDifferentiableError, "acosh(x) has a branch point where x = 1"),
        ("besselj(3/2, x)", 0, NotDifferentiableError, "besselj(3/2, x) has a branch point where x = 0"),
        ("x^x", -2, NotDifferentiableError, "x^x has no derivative where x = -2"),
        ("x^x", 0, NotDifferentiableError, "x^x has a branch point where x = 0"),
        ("max(x, 0.7)", "0.7", NotDifferentiableError, "x = 0.7: the slope by x is 0 to the left and 1 to the right"),
        (
            "if(x > 0.7, x^2, 0.49 + 1.4*(x - 0.7))",
            "0.7",
            NotDifferentiableError,
            "x > 0.7 turns here: the second derivative by x is 0 to the left and 2 to the right",
        ),
        ("if x > 0 { 1/x } else { 0 }", 0, DomainError, "1/x has a pole of order 1 where x = 0"),
        ("if x == 0 { pi } else { sin(pi*x)/x }", 0, DomainError, "a removable singularity (the limit is 3.14159"),
        ("0^x", 0, NotDifferentiableError, "0^x has no derivative where x = 0"),
        ("0^(x^2)", 0, NotDifferentiableError, "0^(x^2) has no derivative where x^2 = 0"),
        ("lgamma(x)", -1, DomainError, "lgamma(x) has a branch point where x = -1, and no value: there is no"),
        (
            "abs(x)",
            0,
            NotDifferentiableError,
            "abs(x) has a kink where x = 0: the slope by x is -1 to the left and 1 to",
        ),
        ("x*abs(x)", 0, NotDifferentiableError, "abs(x) has a kink where x = 0: the second derivative by x is -2 to"),
        ("floor(x)", 1, NotDifferentiableError, "floor(x) jumps where x = 1: the value is 0 to the left and 1 to"),
        ("if(x > 1, x^2, 3*x)", 1, NotDifferentiableError, "x > 1 turns here: the value is 3 to the left and 1 to"),
        ("if(x == 1, 5, x)", 1, NotDifferentiableError, "x == 1 turns here: the value is 5 here and 1 beside it"),
        ("diff(abs(x), x)", 0, NotDifferentiableError, "abs(x) has a kink where x = 0"),
        ("besselj(x, 2)", 1, NotDifferentiableError, "no formula for the derivative of besselj by its argument n"),
        ("exp(exp(exp(x)))", 10, NumberOverflowError, "exp(exp(exp(x))) is beyond the range of floating point"),
        ("tan(x)", "pi/2", DomainError, "tan(x) has a pole where x = 1.5707963267948966"),
        ("1/sin(x)^3", "pi", DomainError, "1/sin(x)^3 has a pole of order 3 where sin(x)^3 = 0"),
        ("abs(sin(x))", "pi", NotDifferentiableError, "abs(sin(x)) has a kink where sin(x) = 0"),
        ("abs(x - 0.1*3)", "0.3", NotDifferentiableError, "abs(x - 0.1*3) has a kink where x - 0.1*3 = 0"),
        ("floor(10*x)", "0.3", NotDifferentiableError, "floor(10*x) jumps where 10*x = 3"),
        ("log(x - 3*pi)", "3*pi", DomainError, "log(x - 3*pi) has a branch point where x - 3*pi = 0"),
        ("log(x^2 - 2)", "sqrt(2)", PrecisionError, "log(x^2 - 2) has no series that can be proved"),
        ("abs(x^2 - 2)", "sqrt(2)", PrecisionError, "abs(x^2 - 2) has no series that can be proved"),
        ("x % 2", 4, NotDifferentiableError, "x % 2 jumps where x = 4: the value is 2 to the left and 0 to the right"),
        ("atan2(x, -1)", 0, NotDifferentiableError, "atan2(x, -1) jumps where x = 0: the value is -3.141592653589793"),
    ],
)
def test_singularities_say_what_they_are(text, at, error, sentence):
    with pytest.raises(error, match=re.escape(sentence)) as found:
        function(text).taylor(x=at, order=4)
    assert found.value.place is not None


def test_both_sides_are_in_the_error():
    with pytest.raises(NotDifferentiableError) as found:
        function("x*abs(x) + x").taylor(x=0, order=2)
    assert (found.value.as_dict()["left"], found.value.as_dict()["right"]) == (-2.0, 2.0)
    with pytest.raises(DomainError) as found:
        function("sin(2*x)/(2*x)").taylor(x=0, order=2)
    assert found.value.hint == "sinc(2*x) is the same, and has its value there"


# ------------------------------------------------------------------ depth


def test_deep_expressions_and_long_chains():
    deep = "x"
    for _ in range(3000):
        deep = f"sin({deep})"
    assert coefficients(deep, {"x": "1/4"}, 3)[1] < 1
    with mp.workdps(40):
        true = mp.taylor(lambda x: mp.psi(2, x), mpf(3) / 2, 5)
        assert list(coefficients("polygamma(2, x)", {"x": "3/2"}, 150)[:6]) == [float(one) for one in true]
