"""Where a derivative does not exist, every mode says so alike; where it exists all the same, every mode finds it."""

import pytest

from adcalc.api import function
from adcalc.errors import AdcalcError
from adcalc.modes import MODES

KINK, DOMAIN, OVERFLOW = "not_differentiable", "domain", "overflow"

# text, point, gradient: a number or an error's kind for each variable, in the order of the variables
TABLE = [
    ("abs(x)", {"x": 0}, KINK),
    ("abs(x)", {"x": -2}, [-1]),
    ("x*abs(x)", {"x": 0}, [0]),
    ("abs(x)^2", {"x": 0}, [0]),
    ("abs(x)*abs(x)*sin(x)", {"x": 0}, [0]),
    ("abs(x) - abs(x)", {"x": 0}, [0]),
    ("abs(x) - abs(-x)", {"x": 0}, [0]),
    ("abs(x^2)", {"x": 0}, [0]),
    ("abs(x^3)", {"x": 0}, [0]),
    ("abs(x - 1)", {"x": 1}, KINK),
    ("abs(0)*x", {"x": 3}, [0]),
    ("max(x, x)", {"x": 3}, [1]),
    ("min(x, x)", {"x": 3}, [1]),
    ("max(x, 2*x)", {"x": 0}, KINK),
    ("max(x, y)", {"x": 1, "y": 1}, KINK),
    ("max(x, y)", {"x": 1, "y": 2}, [0, 1]),
    ("min(x, y)", {"x": 1, "y": 2}, [1, 0]),
    ("min(x, y)", {"x": 1, "y": 1}, KINK),
    ("max(x, y) + min(x, y)", {"x": 1, "y": 1}, [1, 1]),
    ("max(x, y, z)", {"x": 1, "y": 1, "z": 5}, [0, 0, 1]),
    ("max(x^2, 0)", {"x": 0}, [0]),
    ("max(x - sin(x), 0)", {"x": 0}, [0]),
    ("relu(x)", {"x": 0}, KINK),
    ("relu(x)", {"x": 2}, [1]),
    ("relu(x)", {"x": -2}, [0]),
    ("relu(x)^2", {"x": 0}, [0]),
    ("relu(x) - relu(-x)", {"x": 0}, [1]),
    ("clip(x, 0, 1)", {"x": 1}, KINK),
    ("clip(x, 0, 1)", {"x": 0.5}, [1]),
    ("clip(x, 0, 1)", {"x": 2}, [0]),
    ("sqrt(x)", {"x": 0}, KINK),
    ("sqrt(x)", {"x": -1}, DOMAIN),
    ("sqrt(x^2)", {"x": 0}, KINK),
    ("x*sqrt(x)", {"x": 0}, KINK),
    ("cbrt(x)", {"x": 0}, KINK),
    ("cbrt(x)", {"x": -8}, [1 / 12]),
    ("asin(x)", {"x": 1}, KINK),
    ("acos(x)", {"x": -1}, KINK),
    ("asin(x)", {"x": 2}, DOMAIN),
    ("acosh(x)", {"x": 1}, KINK),
    ("acosh(x)", {"x": 0.5}, DOMAIN),
    ("atanh(x)", {"x": 1}, DOMAIN),
    ("log(x)", {"x": -1}, DOMAIN),
    ("log(x)", {"x": 0}, DOMAIN),
    ("1/x", {"x": 0}, DOMAIN),
    ("1/0 + x", {"x": 1}, DOMAIN),
    ("0/x", {"x": 0}, DOMAIN),
    ("gamma(x)", {"x": 0}, DOMAIN),
    ("gamma(x)", {"x": -3}, DOMAIN),
    ("x!", {"x": -1}, DOMAIN),
    ("lgamma(x)", {"x": -2}, DOMAIN),
    ("tan(x)/cot(x)", {"x": 0}, DOMAIN),
    ("zeta(x)", {"x": 1}, DOMAIN),
    ("erfinv(x)", {"x": 1}, DOMAIN),
    ("x^y", {"x": 0, "y": 0}, KINK),
    ("x^y", {"x": 0, "y": 2}, [0, 0]),
    ("x^y", {"x": 0, "y": 1}, [1, 0]),
    ("x^y", {"x": 0, "y": 0.5}, KINK),
    ("x^y", {"x": 0, "y": -1}, DOMAIN),
    ("x^y", {"x": -2, "y": 3}, KINK),
    ("x^y", {"x": -2, "y": 0.5}, DOMAIN),
    ("x^3", {"x": -2}, [12]),
    ("x^-1", {"x": -2}, [-0.25]),
    ("x^2", {"x": 0}, [0]),
    ("x^1", {"x": 0}, [1]),
    ("x^0", {"x": 0}, [0]),
    ("x^0.5", {"x": 0}, KINK),
    ("x^1.5", {"x": 0}, [0]),
    ("x^-2", {"x": 0}, DOMAIN),
    ("(-2)^3*x", {"x": 1}, [-8]),
    ("0^y", {"y": 2}, [0]),
    ("0^y", {"y": 0}, KINK),
    ("0^y", {"y": -1}, DOMAIN),
    ("(-2)^y", {"y": 3}, KINK),
    ("where(x < 1, x, sqrt(x))", {"x": 0}, [1]),
    ("where(x < 1, x, log(x))", {"x": -1}, [1]),
    ("if(x > 0, 1/x, 5)", {"x": -1}, [0]),
    ("if(x > 0, 1/x, 5)", {"x": 0}, KINK),
    ("if(x >= 0, 0*x, abs(x))", {"x": 0}, KINK),
    ("if(x >= 0, 0*x, x*abs(x))", {"x": 0}, [0]),
    ("if(x >= 0, 0*x, if(x < 0, abs(x), 0))", {"x": 0}, KINK),
    ("if(x > 1, x^2, 3x)", {"x": 1}, KINK),
    ("if(x > 1, x^2, 3x)", {"x": 2}, [4]),
    ("if(x > 1, x^2, 2x - 1)", {"x": 1}, [2]),
    ("if(x > 1, x^2, x)", {"x": 1}, KINK),
    ("if(x >= 0, x, -x)", {"x": 0}, KINK),
    ("if(x == 1, x, 1)", {"x": 1}, [0]),
    ("if(x == 1, x^2, 2x - 1)", {"x": 1}, [2]),
    ("if(x == 0, 1, sin(x)/x)", {"x": 2}, [(2 * -0.4161468365471424 - 0.9092974268256817) / 4]),
    ("if(x > 0 and y > 0, x*y, 0)", {"x": 0, "y": 2}, KINK),
    ("if(x > 0 and y > 0, x*y, 0)", {"x": -1, "y": 0}, [0, 0]),
    ("if(y > 0, x, 2x)", {"y": 1, "x": 1}, [0, 1]),
    ("if(x > 0, 2, 1)", {"x": 0}, KINK),
    ("if(x > 0, x + 1, 0)", {"x": 0}, KINK),
    ("if(x > 0, x^2, 0)", {"x": 0}, [0]),
    ("floor(x)", {"x": 1}, KINK),
    ("floor(x)", {"x": 1.5}, [0]),
    ("ceil(x)", {"x": 2}, KINK),
    ("ceil(x)", {"x": 2.5}, [0]),
    ("round(x)", {"x": 0.5}, KINK),
    ("round(x)", {"x": 1}, [0]),
    ("sqrt(floor(x))", {"x": 0.5}, [0]),
    ("x*floor(x)", {"x": 2.5}, [2]),
    ("x^2*floor(x)", {"x": 0}, [0]),
    ("x*sign(x)", {"x": 0}, KINK),
    ("x^2*sign(x)", {"x": 0}, [0]),
    ("floor(abs(x))", {"x": 0}, [0]),
    ("floor(x^2)", {"x": 0}, [0]),
    ("step(x*x)", {"x": 0}, [0]),
    ("sign(x - x)", {"x": 0}, [0]),
    ("floor(x/3)*y", {"x": 3, "y": 0}, [0, 1]),
    ("floor(x/3)*y", {"x": 3, "y": 1}, KINK),
    ("(x % 2)*(x - 4)^2", {"x": 4}, [0]),
    ("round(x)*(x - 0.5)", {"x": 0.5}, KINK),
    ("if(floor(x) >= 1, x^2, 2*x - 1)", {"x": 1}, [2]),
    ("if(floor(x) >= 1, x^2, 3*x)", {"x": 1}, KINK),
    ("if(x <= 1, 1, min(x, ceil(x)^2)^3)", {"x": 1}, KINK),
    ("if(x^2 > 0, x, -x)", {"x": 0}, [1]),
    ("if(x^2 > 0, x, 1)", {"x": 0}, KINK),
    ("if(x^3 > 0, 2*x, x)", {"x": 0}, KINK),
    ("if(x^4 == 0, 3*x, 2*x)", {"x": 0}, [2]),
    ("if(x == 0, 0, x)", {"x": 0}, [1]),
    ("if(x == 0, 1, sin(x)/x)", {"x": 0}, [0]),
    ("if(x == 0, 0, x^2*sin(1/x))", {"x": 0}, KINK),
    ("if(max(x, -2*x) <= -2*x, -2*x, x)", {"x": 0}, KINK),
    ("if(cos(x)^2 + sin(x)^2 == 1, x, 2*x)", {"x": 0.3}, [1]),
    ("x*floor(x)", {"x": 2}, KINK),
    ("log(floor(x))", {"x": 0.5}, DOMAIN),
    ("x % 2", {"x": 4}, KINK),
    ("x % 2", {"x": 3}, [1]),
    ("7 % x", {"x": 2}, [-3]),
    ("x % 0", {"x": 3}, DOMAIN),
    ("sign(x)", {"x": 0}, KINK),
    ("sign(x)", {"x": -3}, [0]),
    ("step(x)", {"x": 0}, KINK),
    ("step(x)", {"x": 1}, [0]),
    ("hypot(x, y)", {"x": 0, "y": 0}, KINK),
    ("hypot(x, y)", {"x": 3, "y": 4}, [0.6, 0.8]),
    ("hypot(x, 0)", {"x": 0}, KINK),
    ("elu(x)", {"x": 0}, [1]),
    ("silu(x)", {"x": 0}, [0.5]),
    ("sinc(x)", {"x": 0}, [0]),
    ("softplus(x)", {"x": 0}, [0.5]),
    ("atan2(y, x)", {"y": 0, "x": -1}, KINK),
    ("atan2(y, x)", {"y": 0, "x": 0}, KINK),
    ("atan2(y, x)", {"y": 0, "x": 1}, [1, 0]),
    ("atan2(y, x)", {"y": 1, "x": -1}, [-0.5, -0.5]),
    ("logsumexp(x, y)", {"x": 1, "y": 1}, [0.5, 0.5]),
    ("exp(x)", {"x": 1000}, OVERFLOW),
    ("x*1e308*10", {"x": 1}, OVERFLOW),
    ("9^9^9^9*x", {"x": 1}, OVERFLOW),
    ("besselj(n, x)", {"n": 1, "x": 1}, KINK),
    ("gammainc(a, x)", {"a": 1, "x": 1}, KINK),
    ("inf*x", {"x": 1}, OVERFLOW),
]


def answer(text, point, mode, **options):
    """The gradient, or the kind of the error."""
    try:
        result = function(text).gradient(point, mode=mode, **options)
    except AdcalcError as error:
        return error.kind
    return list(result.gradient.values())


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("text", "point", "expected"), TABLE)
def test_the_answer_at_a_singular_point(text, point, expected, mode):
    found = answer(text, point, mode)
    if isinstance(expected, str) or isinstance(found, str):
        assert found == expected
    else:
        close = {"abs": 1e-7, "rel": 1e-7} if mode == "finite" else {"abs": 1e-15, "rel": 1e-12}
        assert found == pytest.approx(expected, **close)


@pytest.mark.parametrize(("text", "point", "expected"), TABLE)
def test_every_mode_gives_the_same_error_in_the_same_words(text, point, expected):
    if not isinstance(expected, str):
        return
    words = set()
    for mode in MODES:
        with pytest.raises(AdcalcError) as error:
            function(text).gradient(point, mode=mode)
        words.add(str(error.value.as_dict()))
    assert len(words) == 1


@pytest.mark.parametrize("mode", MODES)
def test_only_the_partials_that_are_asked_for_are_evaluated(mode):
    assert function("x^y").gradient({"x": -2, "y": 3}, wrt=["x"], mode=mode).gradient == pytest.approx({"x": 12})
    assert function("x^2 + sqrt(y)").gradient({"x": 1, "y": 0}, wrt=["x"], mode=mode).gradient == pytest.approx(
        {"x": 2}
    )
    assert function("abs(x)*y").gradient({"x": 0, "y": 3}, wrt=["y"], mode=mode).gradient == pytest.approx({"y": 0})
    assert function("besselj(n, x)").gradient({"n": 0, "x": 1}, wrt=["x"], mode=mode).gradient == pytest.approx(
        {"x": -0.44005058574493355}
    )


@pytest.mark.parametrize(
    ("text", "point", "left", "right"),
    [
        ("abs(x)", {"x": 0}, -1, 1),
        ("relu(x)", {"x": 0}, 0, 1),
        ("3*abs(x - 1)", {"x": 1}, -3, 3),
        ("max(x, 2*x)", {"x": 0}, 1, 2),
        ("min(x^2, 2*x)", {"x": 2}, 4, 2),
        ("if(x > 1, x^2, x)", {"x": 1}, 1, 2),
        ("clip(x, 0, 1)", {"x": 1}, 1, 0),
        ("hypot(x, 0)", {"x": 0}, -1, 1),
        ("sin(abs(x))", {"x": 0}, -1, 1),
        ("x + abs(x)", {"x": 0}, 0, 2),
    ],
)
def test_a_kink_names_both_slopes(text, point, left, right):
    with pytest.raises(AdcalcError) as error:
        function(text).gradient(point)
    assert error.value.details == {"left": left, "right": right}


@pytest.mark.parametrize(
    ("text", "point", "excerpt", "part"),
    [
        ("1 + log(x - 2)", {"x": 1}, "log(x - 2)", "x - 2 = -1"),
        ("y + 1/(x - 1)", {"x": 1, "y": 2}, "1/(x - 1)", "x - 1 = 0"),
        ("2*sqrt(x*y)", {"x": 0, "y": 1}, "sqrt(x*y)", "x*y = 0"),
        ("sin(floor(x))*x", {"x": 2}, "floor(x)", "x = 2"),
        ("a = asin(x*2); a + 1", {"x": 1}, "asin(x*2)", "x*2 = 2"),
        ("f(u) = log(u); f(x)", {"x": -1}, "log(u)", "-1"),
    ],
)
def test_an_error_names_the_part_its_place_and_its_argument(text, point, excerpt, part):
    with pytest.raises(AdcalcError) as error:
        function(text).gradient(point)
    assert error.value.place.excerpt == excerpt
    assert part in error.value.message


@pytest.mark.parametrize("difference", ["richardson", "central", "forward"])
def test_every_difference_asks_for_kinks_first(difference):
    assert answer("abs(x)", {"x": 0}, "finite", difference=difference) == KINK
    assert answer("floor(x)", {"x": 1}, "finite", difference=difference) == KINK


@pytest.mark.parametrize("mode", MODES)
def test_no_answer_is_negative_zero(mode):
    result = function("cos(x*y) - y*0 - x").gradient({"x": 0, "y": 0}, mode=mode)
    assert "-0.0" not in str([*result.gradient.values(), result.value])
    assert "-0.0" not in str(function("-x^2").gradient({"x": 0}, mode=mode))
