"""Nothing is too deep and little is too long: depth and size cost memory in proportion, and no recursion.

Growth is counted in nodes, never in seconds.
"""

import math

import pytest

from adcalc.api import function
from adcalc.errors import AdcalcError

DEEP = 100_000
LESS = 25_000  # for what costs several nodes a level
MILLION = 1_000_000
EXACT = ("forward", "reverse", "symbolic")

NESTED = {
    "parentheses": "(" * DEEP + "x" + ")" * DEEP,
    "signs": "-" * DEEP + "x",
    "plus signs": "+" * DEEP + "x",
    "calls": "sin(" * DEEP + "x" + ")" * DEEP,
    "calls of two": "atan2(1, " * LESS + "x" + ")" * LESS,
    "definitions": "relu(" * LESS + "x" + ")" * LESS,
    "powers": "x" + "^1" * DEEP,
    "powers of powers": "1" + "^x" * LESS,
    "choices": "if(x > 0, " * LESS + "x" + ", 1)" * LESS,
    "sums": "x + (" * LESS + "x" + ")" * LESS,
    "quotients": "1/(1 + " * LESS + "x" + ")" * LESS,
    "juxtaposition": "2(" * 1000 + "x" + ")" * 1000,
    "own functions": "f(u) = u + 1; " + "f(" * LESS + "x" + ")" * LESS,
}
SLOPES = {
    "parentheses": 1,
    "signs": 1,
    "plus signs": 1,
    "definitions": 1,
    "powers": 1,
    "choices": 1,
    "sums": LESS + 1,
    "own functions": 1,
    "powers of powers": 0,
}


@pytest.fixture(scope="module")
def nested():
    return {name: function(text) for name, text in NESTED.items()}


@pytest.mark.parametrize("mode", EXACT)
@pytest.mark.parametrize("name", NESTED)
def test_a_hundred_thousand_nested(nested, name, mode):
    result = (
        nested[name].gradient(x=0.5, mode=mode) if name != "juxtaposition" else nested[name].gradient(x=0, mode=mode)
    )
    assert math.isfinite(result.gradient["x"])
    if name in SLOPES:
        assert result.gradient["x"] == SLOPES[name]


@pytest.mark.parametrize("name", ["calls", "powers", "choices", "quotients", "own functions"])
def test_a_nested_text_has_as_many_nodes_as_it_has_levels(nested, name):
    lowered = nested[name].lowered()
    assert len(lowered.graph.live(lowered.output)) <= 3 * DEEP + 10


@pytest.mark.parametrize("name", ["parentheses", "signs", "plus signs", "calls"])
def test_a_hundred_thousand_nested_by_differences(name):
    result = function(NESTED[name].replace("x", "x*1")).gradient(x=0.5, mode="finite", difference="central")
    assert result.gradient["x"] == pytest.approx(0 if name == "calls" else 1, abs=1e-4)


def test_the_partials_of_a_deep_call_grow_with_its_depth_and_no_faster():
    counts = []
    for depth in (1000, 2000, 4000):
        f = function("sin(" * depth + "x" + ")" * depth)
        lowered = f.lowered()
        (partial,) = f.symbolic(lowered, lowered.output, (lowered.variables["x"],))
        counts.append(len(lowered.graph.live(partial)))
    assert counts[2] - counts[1] == pytest.approx(2 * (counts[1] - counts[0]), rel=0.01)
    assert counts[2] < 5 * 4000


def test_the_derivative_of_sin_f_times_f_stays_small():
    f = function("f(u) = sin(u)*u; " + "f(" * 12 + "x" + ")" * 12)
    lowered = f.lowered()
    assert len(lowered.graph.live(lowered.output)) == 25
    (partial,) = f.symbolic(lowered, lowered.output, (lowered.variables["x"],))
    assert len(lowered.graph.live(partial)) < 200


@pytest.fixture(scope="module")
def long_sum():
    return function("+".join(["x*y"] + ["x", "y"] * (MILLION // 2 - 1) + ["1"]))


def test_a_sum_of_a_million_terms_is_read_and_evaluated(long_sum):
    assert long_sum.value(x=2, y=0) == 2 * (MILLION // 2 - 1) + 1


@pytest.mark.parametrize("mode", EXACT)
def test_a_sum_of_a_million_terms_is_differentiated(long_sum, mode):
    count = MILLION // 2 - 1
    lowered = long_sum.lowered()
    before = len(lowered.graph)
    assert long_sum.gradient(x=2, y=3, mode=mode).gradient == {"x": count + 3, "y": count + 2}
    assert len(lowered.graph) < 3 * before


def test_a_sum_of_ten_thousand_terms_by_differences():
    f = function("+".join(["x*y", "sin(x)"] * 5000))
    gradient = f.gradient(x=1, y=2, mode="finite", difference="central").gradient
    assert gradient == pytest.approx({"x": 5000 * (2 + math.cos(1)), "y": 5000}, rel=1e-6)


def test_an_index_sum_of_a_hundred_thousand_terms():
    assert function("sum(k*x, k = 1..100000)").gradient(x=1).gradient == {"x": 100000 * 100001 / 2}


def test_a_program_of_fifty_thousand_statements():
    text = "a = x\n" + "a = a + x*y\n" * 50_000 + "a"
    assert function(text).gradient(x=1, y=0).gradient == {"x": 1, "y": 50_000}


def test_a_hundred_thousand_arguments():
    assert function("max(" + ", ".join(f"x - {n}" for n in range(20_000)) + ")").gradient(x=1).gradient == {"x": 1}


# ------------------------------------------------------------------ numbers beyond floating point


def kind_or_value(text, **point):
    try:
        return function(text).value(point)
    except AdcalcError as error:
        return error.kind


@pytest.mark.parametrize(
    ("text", "point", "answer"),
    [
        ("9^9^9^9", {}, "overflow"),
        ("-9^9^9^9", {}, "overflow"),
        ("9^-9^9^9", {}, 0),
        ("(10^400)*x", {"x": 1}, "overflow"),
        ("(10^400)*x/10^400", {"x": 1}, 1),
        ("10^400/10^399", {}, 10),
        ("10^-400*x", {"x": 1}, 0),
        ("1e400", {}, "overflow"),
        ("1e-400", {}, 0),
        ("1e999999999", {}, "limit"),
        ("1e-999999999", {}, "limit"),
        ("x^1e9", {"x": 1}, 1),
        ("x^1e9", {"x": 2}, "overflow"),
        ("x^1e9", {"x": 0.5}, 0),
        ("x^(10^400)", {"x": 1}, 1),
        ("9" * 100_000, {}, "overflow"),
        ("9" * 100_000 + "/" + "9" * 100_000, {}, 1),
        ("0." + "9" * 100_000, {}, 1),
        ("1" * 200 + "." + "1" * 100_000, {}, float("1" * 200)),
        ("1000000!", {}, "overflow"),
        ("170!", {}, pytest.approx(7.257415615307994e306, rel=1e-13)),
        ("gamma(-1e300)", {}, "domain"),
        ("2^2^2^2^2^2", {}, "overflow"),
        ("sum(2^k, k = 1..2000)", {}, "overflow"),
        ("prod(k, k = 1..5000)/prod(k, k = 1..4999)", {}, 5000),
        ("1_000_000^1_000_000", {}, "overflow"),
        ("(1/3)^100000", {}, 0),
        ("sin(1e300)", {}, pytest.approx(-0.985750425160377)),  # of 10^300, which is not the float nearest to it
        ("sin(x)", {"x": 1e300}, pytest.approx(math.sin(1e300))),
        ("sin(1e22)", {}, pytest.approx(-0.8522008497671888)),
    ],
)
def test_a_number_beyond_floating_point_is_answered_or_refused(text, point, answer):
    assert kind_or_value(text, **point) == answer


def test_the_slope_of_a_billionth_power_is_refused_or_finite():
    with pytest.raises(AdcalcError) as refused:
        function("x^1e9").gradient(x=2)
    assert refused.value.kind == "overflow"
    assert function("x^1e9").gradient(x=1).gradient == {"x": 1e9}


def test_a_long_text_with_a_mistake_at_its_end_is_refused_at_its_end():
    text = "(" * DEEP + "x" + ")" * DEEP + ")"
    with pytest.raises(AdcalcError) as refused:
        function(text)
    assert refused.value.place.start == 2 * DEEP + 1
    assert "closes nothing" in refused.value.message


def test_a_long_text_that_is_never_closed_is_refused():
    with pytest.raises(AdcalcError, match="never closed"):
        function("(" * DEEP + "x")
