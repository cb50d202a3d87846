"""Every mode, on a corpus and on generated expressions, against mpmath at fifty digits."""

import math
import re

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adcalc.api import function
from adcalc.errors import AdcalcError
from adcalc.modes import MODES

EXACT = ("forward", "reverse", "symbolic")

# what adcalc writes → what mpmath calls it; the arguments are numbers of mpmath
NAMES = {
    "sqrt": mpmath.sqrt,
    "cbrt": lambda u: mpmath.sign(u) * mpmath.root(abs(u), 3),
    "exp": mpmath.exp,
    "exp2": lambda u: mpmath.mpf(2) ** u,
    "expm1": mpmath.expm1,
    "log": lambda u, b=None: mpmath.log(u) if b is None else mpmath.log(u) / mpmath.log(b),
    "ln": mpmath.log,
    "log2": lambda u: mpmath.log(u, 2),
    "log10": mpmath.log10,
    "log1p": mpmath.log1p,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tan": mpmath.tan,
    "cot": mpmath.cot,
    "sec": mpmath.sec,
    "csc": mpmath.csc,
    "asin": mpmath.asin,
    "acos": mpmath.acos,
    "atan": mpmath.atan,
    "atan2": mpmath.atan2,
    "sinh": mpmath.sinh,
    "cosh": mpmath.cosh,
    "tanh": mpmath.tanh,
    "asinh": mpmath.asinh,
    "acosh": mpmath.acosh,
    "atanh": mpmath.atanh,
    "hypot": lambda *args: mpmath.sqrt(sum(u * u for u in args)),
    "erf": mpmath.erf,
    "erfc": mpmath.erfc,
    "gamma": mpmath.gamma,
    "lgamma": lambda u: mpmath.log(abs(mpmath.gamma(u))),
    "digamma": mpmath.digamma,
    "logistic": lambda u: 1 / (1 + mpmath.exp(-u)),
    "softplus": lambda u: mpmath.log1p(mpmath.exp(u)),
    "logsumexp": lambda *args: mpmath.log(sum(mpmath.exp(u) for u in args)),
    "silu": lambda u: u / (1 + mpmath.exp(-u)),
    "gelu": lambda u: u * mpmath.erfc(-u / mpmath.sqrt(2)) / 2,
    "besselj": mpmath.besselj,
    "zeta": mpmath.zeta,
    "lambertw": lambda u: mpmath.lambertw(u).real,
    "abs": abs,
    "max": max,
    "min": min,
    "floor": mpmath.floor,
    "relu": lambda u: max(u, mpmath.mpf(0)),
    "sinc": mpmath.sinc,
    "pi": None,
    "e": None,
    "tau": None,
}

CORPUS = [
    ("cos(x*y) + y", {"x": 0, "y": 1}),
    ("x*y + sin(x)", {"x": 1, "y": 2}),
    ("(x^2)/2 + x^3", {"x": 0.5}),
    ("x^x", {"x": 1.7}),
    ("x^y^z", {"x": 1.2, "y": 1.5, "z": 0.7}),
    ("exp(sin(x))", {"x": 1}),
    ("exp(-x^2/2)/sqrt(2*pi)", {"x": 0.8}),
    ("log(1 + exp(x))", {"x": -3}),
    ("1/(1 + exp(-(x*y + z)))", {"x": 0.2, "y": -1.3, "z": 0.4}),
    ("atan2(y, x)*hypot(x, y)", {"y": 0.3, "x": -1.1}),
    ("tan(x)*sec(x) - cot(y)/csc(y)", {"x": 0.4, "y": 1.1}),
    ("asin(x)*acos(y) + atan(x*y)", {"x": 0.3, "y": -0.6}),
    ("sinh(x)*cosh(y) - tanh(x*y)", {"x": 0.7, "y": 1.2}),
    ("asinh(x) + acosh(y)*atanh(z)", {"x": 2, "y": 3, "z": 0.25}),
    ("gamma(x)*digamma(y) + lgamma(x*y)", {"x": 2.5, "y": 3.25}),
    ("erf(x)*erfc(y)", {"x": 0.5, "y": 1.5}),
    ("logistic(x) + softplus(y) + silu(x*y) + gelu(x - y)", {"x": 0.5, "y": -1.5}),
    ("logsumexp(x, y, z)", {"x": 1, "y": 2, "z": -1}),
    ("sqrt(x)*cbrt(y)/exp2(z)", {"x": 2, "y": -5, "z": 0.3}),
    ("log2(x) + log10(y) + log(x, y) + log1p(z) + expm1(z)", {"x": 3, "y": 7, "z": 1e-5}),
    ("besselj(2, x)*zeta(y)", {"x": 1.5, "y": 3}),
    ("lambertw(x)", {"x": 0.7}),
    ("abs(x)*max(x, y)*min(x, z)", {"x": -1.5, "y": 2, "z": 0.5}),
    ("relu(x)*floor(y) + sinc(x)", {"x": 1.5, "y": 2.5}),
    ("x/y/z - x*(y - z)", {"x": 1.5, "y": -2, "z": 3}),
    ("-x^2 + 2^-x + (-x)^3", {"x": 1.3}),
    ("(x - 1)^5*(x + 2)^-3", {"x": 0.25}),
    ("e^x*pi^x*tau", {"x": 0.5}),
    ("x*1e8 + y*1e-8", {"x": 1e-8, "y": 1e8}),
    ("sin(1e3*x)", {"x": 0.001}),
    ("(x + 1e6)^2 - x^2", {"x": 3}),
    ("x", {"x": 4}),
    ("x*0 + y", {"x": 1, "y": 2}),
    ("exp(x)^2/exp(2*x)", {"x": 1.5}),
    ("sin(x)^2 + cos(x)^2", {"x": 0.7}),
    ("(x*y*z)^(1/3)", {"x": 1, "y": 2, "z": 4}),
    ("sqrt(sqrt(sqrt(x + 1) + 1) + 1)", {"x": 3}),
    ("x^2*y^3/(x + y) - x*y/(x - y)", {"x": 2, "y": 0.5}),
]


def oracle(text, names):
    """The same function of mpmath's numbers, by way of Python's own grammar."""
    python = text.replace("^", "**")
    python = re.sub(r"(?<![\w.])(\d+\.?\d*(?:e[+-]?\d+)?)", r"mpf('\1')", python)
    code = compile(python, "<oracle>", "eval")

    def value(*numbers):
        constants = {"pi": mpmath.pi + 0, "e": mpmath.e + 0, "tau": 2 * mpmath.pi}
        space = {**NAMES, **constants, "mpf": mpmath.mpf, "__builtins__": {}}
        return eval(code, space, dict(zip(names, numbers, strict=True)))

    return value


def truth(text, point):
    """Value and gradient at fifty digits."""
    with mpmath.workdps(50):
        f = oracle(text, list(point))
        at = [mpmath.mpf(number) for number in point.values()]
        gradient = {}
        for place, name in enumerate(point):
            order = tuple(int(place == other) for other in range(len(point)))
            gradient[name] = mpmath.diff(f, tuple(at), order) if len(at) > 1 else mpmath.diff(f, at[0])
        return float(f(*at)), {name: float(mpmath.re(number)) for name, number in gradient.items()}


def assert_agrees(text, point, modes=EXACT):
    value, gradient = truth(text, point)
    scale = max([abs(value), *map(abs, gradient.values())])
    for mode in modes:
        result = function(text).gradient(point, mode=mode)
        loose = {"rel": 1e-7, "abs": 1e-7 * scale} if mode == "finite" else {"rel": 1e-9, "abs": 1e-13 * scale}
        assert result.value == pytest.approx(value, rel=1e-9, abs=1e-13 * scale), (text, mode)
        assert result.gradient == pytest.approx(gradient, **loose), (text, mode)


@pytest.mark.parametrize(("text", "point"), CORPUS)
def test_every_mode_agrees_with_mpmath_on(text, point):
    assert_agrees(text, point, MODES)


@pytest.mark.parametrize(("text", "point"), CORPUS)
def test_answers_are_the_same_every_time(text, point):
    for mode in MODES:
        assert function(text).gradient(point, mode=mode) == function(text).gradient(point, mode=mode)


# ------------------------------------------------------------------ generated expressions, smooth where they are asked

INNER = [
    "sin({})",
    "cos({})",
    "atan({})",
    "tanh({})",
    "exp(-({})^2)",
    "logistic({})",
    "asinh({})",
    "erf({})",
    "cbrt(3 + sin({}))",
]
GUARDED = [
    "log(2 + sin({}))",
    "sqrt(1 + ({})^2)",
    "1/(3 + cos({}))",
    "(2 + cos({}))^1.5",
    "softplus({})",
    "log1p(({})^2)",
]
LEAVES = st.sampled_from(["x", "y", "z", "2", "0.5", "3", "pi"])


def larger(inner):
    bounded = st.tuples(st.sampled_from(INNER + GUARDED), inner).map(lambda two: two[0].format(two[1]))
    return st.one_of(
        bounded,
        st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(
            lambda three: f"({three[0]} {three[1]} {three[2]})"
        ),
        st.tuples(bounded, inner).map(lambda two: f"hypot({two[0]}, 1 + ({two[1]})^2)"),
        inner.map(lambda text: f"-({text})"),
        st.tuples(inner, st.integers(2, 3)).map(lambda two: f"sin({two[0]})^{two[1]}"),
    )


EXPRESSIONS = st.recursive(LEAVES, larger, max_leaves=10)
NUMBERS = st.floats(-2, 2).map(lambda number: round(number, 3))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(EXPRESSIONS, NUMBERS, NUMBERS, NUMBERS)
def test_the_exact_modes_agree_with_mpmath_on_any_smooth_expression(text, x, y, z):
    variables = function(text).variables
    point = {name: number for name, number in {"x": x, "y": y, "z": z}.items() if name in variables}
    if point:
        assert_agrees(text, point)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(EXPRESSIONS, NUMBERS, NUMBERS, NUMBERS)
def test_the_exact_modes_agree_with_each_other_to_the_last_digits(text, x, y, z):
    f = function(text)
    point = {name: number for name, number in {"x": x, "y": y, "z": z}.items() if name in f.variables}
    results = [f.gradient(point, mode=mode) for mode in EXACT]
    scale = max([abs(number) for number in results[0].gradient.values()], default=0)
    for result in results[1:]:
        assert result.value == results[0].value
        assert result.gradient == pytest.approx(results[0].gradient, rel=1e-11, abs=1e-13 * scale)


ROUGH = st.recursive(
    st.sampled_from(["x", "y", "0", "1", "2", "-1", "0.5"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "^", "%"]), inner).map(
            lambda t: f"({t[0]}){t[1]}({t[2]})"
        ),
        st.tuples(
            st.sampled_from(["abs", "sqrt", "log", "floor", "sign", "relu", "gamma", "asin", "cbrt", "exp", "round"]),
            inner,
        ).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(st.sampled_from(["max", "min", "hypot", "atan2"]), inner, inner).map(
            lambda t: f"{t[0]}({t[1]}, {t[2]})"
        ),
        st.tuples(inner, inner, inner).map(lambda t: f"if({t[0]} < {t[1]}, {t[1]}, {t[2]})"),
    ),
    max_leaves=6,
)


@settings(max_examples=250, deadline=None, derandomize=True)
@given(ROUGH, st.sampled_from([-2, -1, 0, 0.5, 1, 3]), st.sampled_from([-1, 0, 1, 2]))
def test_at_rough_points_the_exact_modes_give_the_same_answer_or_the_same_refusal(text, x, y):
    f = function(text)
    point = {name: number for name, number in {"x": x, "y": y}.items() if name in f.variables}
    answers = []
    for mode in EXACT:
        try:
            answers.append(list(f.gradient(point, mode=mode).gradient.values()))
        except AdcalcError as error:
            answers.append(error.kind)
    first = answers[0]
    for other in answers[1:]:
        if isinstance(first, str) or isinstance(other, str):
            assert other == first, (text, point, answers)
        else:
            assert other == pytest.approx(first, rel=1e-9, abs=1e-12), (text, point)
    assert all(math.isfinite(number) for answer in answers if isinstance(answer, list) for number in answer)
