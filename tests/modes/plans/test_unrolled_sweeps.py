"""Both sweeps written out: the same numbers to the last bit, and nothing where the sweeps have more to say."""

from random import Random

import pytest
from mpmath import mp
from proving import CANCELLING, made

from adcalc.api import function
from adcalc.api.asked import Asked
from adcalc.api.matrices.repeated_product import product
from adcalc.errors import AdcalcError, NotDifferentiableError, NumberOverflowError
from adcalc.modes.plans.unrolled import LARGEST
from adcalc.modes.plans.unrolled_sweeps import unrolled_sweeps

OFTEN = 70  # asked, it is written out


def written(asked, point, wrt=None):
    lowered, at = asked.at(point)
    names = lowered.variables if wrt is None else wrt
    tape = asked.tape(lowered, at, tuple(lowered.variables[name] for name in names))
    return unrolled_sweeps(tape, asked.watch(tape, lowered))


def answer(run, numbers):
    try:
        return run(numbers)
    except (ValueError, ArithmeticError):
        return None


def as_asked_once(text, point):
    try:
        found = function(text).gradient(point)
    except AdcalcError:
        return None
    return [found.value, *found.gradient.values()]


@pytest.mark.parametrize("seed", range(8))
def test_the_same_numbers_as_node_by_node(seed):
    chance = Random(seed)
    told = looked = 0
    for _ in range(12):
        text = made(chance, chance.randrange(3, 30))
        asked = function(text)
        run = None
        for _ in range(25):
            point = {name: chance.uniform(-3.0, 3.0) for name in asked.variables}
            try:
                run = run or written(asked, point)
            except AdcalcError:
                continue
            if run is None:
                break
            looked += 1
            found = answer(run, list(point.values()))
            if found is not None:
                told += 1
                assert found == as_asked_once(text, point), (text, point)
    assert told > looked / 3 > 50


@pytest.mark.parametrize("text", CANCELLING)
def test_nothing_is_said_where_digits_are_lost(text):
    asked = function(text)
    run = written(asked, dict.fromkeys(asked.variables, 1.3))
    for tiny in (1e-9, -3e-11):
        point = {name: tiny if name == "x" else 1.3 for name in asked.variables}
        found = answer(run, list(point.values()))
        assert found is None or found == as_asked_once(text, point), text


@pytest.mark.parametrize(
    ("text", "ordinary", "odd"),
    [
        ("sin(x)/x", 1.3, 1e-9),  # a sum of adjoints
        ("x*exp(x) - x*exp(x)*cos(x)", 1.0, 1e-6),
        ("log(exp(x))", 1.0, 800.0),
        ("abs(x)*2", 1.0, 0.0),
        ("sqrt(x)", 1.0, 0.0),
        ("floor(x)*x", 1.5, 2.0),
        ("1/x", 2.0, 0.0),
        ("log(x)", 2.0, -1.0),
        ("sin(x + 1)", 1.0, 2.141592653589793),
        ("x*x*x*x*x*x*x*x*x*x*x*x", 1.0, 1e30),
    ],
)
def test_nothing_is_said_where_there_is_more_to_say(text, ordinary, odd):
    asked = function(text)
    run = written(asked, {"x": ordinary})
    assert answer(run, [ordinary]) == as_asked_once(text, {"x": ordinary})
    assert answer(run, [odd]) is None


def test_what_cannot_be_written_out():
    assert written(function("if(x > 0, log(x), x)"), {"x": 1.0}) is None
    assert written(function("+".join(f"sin({k}*x)" for k in range(LARGEST))), {"x": 1.0}) is None
    assert written(function("root(t^2 - x, t, 1)*x"), {"x": 2.0}) is None


def test_values_alone_and_some_variables():
    asked = function("x*y + sin(y)")
    point = {"x": 0.5, "y": 2.0}
    assert written(asked, point, ())([0.5, 2.0]) == [asked.value(point)]
    assert written(asked, point, ("y",))([0.5, 2.0]) == [asked.value(point), asked.gradient(point).gradient["y"]]


def test_asked_again_and_again_the_answers_stay():
    text = "x*sin(x*y)/(1 + exp(-y)) + hypot(x, y)^3 - log(x)*y"
    asked, chance = function(text), Random(3)
    points = [{"x": chance.uniform(0.2, 3.0), "y": chance.uniform(-2.0, 2.0)} for _ in range(OFTEN + 10)]
    values = [asked.value(point) for point in points]
    gradients = [asked.gradient(point) for point in points]
    for point, value, found in zip(points, values, gradients, strict=True):
        fresh = function(text).gradient(point)
        assert (found.value, found.gradient, found.warnings, found.at) == (value, fresh.gradient, (), fresh.at)
    point, found = points[-1], gradients[-1]
    with mp.workdps(40):
        x, y = mp.mpf(point["x"]), mp.mpf(point["y"])

        def true(x, y):
            return x * mp.sin(x * y) / (1 + mp.exp(-y)) + mp.hypot(x, y) ** 3 - mp.log(x) * y

        assert found.gradient["x"] == pytest.approx(float(mp.diff(true, (x, y), (1, 0))), rel=1e-13)
        assert found.gradient["y"] == pytest.approx(float(mp.diff(true, (x, y), (0, 1))), rel=1e-13)


def test_asked_again_and_again_the_odd_points_stay_odd():
    asked = function("(x - sin(x))/x^3 + abs(y)")
    for k in range(OFTEN):
        asked.gradient(x=1.0 + 0.01 * k, y=2.0)
    lost = asked.gradient(x=1e-10, y=2.0)
    assert lost.gradient["x"] == pytest.approx(-1e-10 / 60.0, rel=1e-12)  # of 1/6 - x^2/120 + …
    assert lost.warnings[0][0] == "cancellation"
    with pytest.raises(NotDifferentiableError):
        asked.gradient(x=1.0, y=0.0)
    assert asked.gradient(x=1.0, y=0.0, at_kink="right").gradient["y"] == 1.0


def test_sums_of_nothing_lose_nothing():
    asked = function("x*y + sin(z)*x*y + z^2*y")
    lowered, at = asked.at({"x": 0.5, "y": 0.7, "z": 0.3})
    question = Asked(asked, lowered, at, ("x", "y", "z"))
    once = asked.hvp(at, {"y": 1.0})
    for _ in range(4):
        found = product(question, [0.0, 1.0, 0.0])
    assert found is not None
    assert found.products == pytest.approx(list(once.hvp.values()), rel=1e-14)


def test_differences_of_exact_numbers_are_no_loss():
    asked = function("(x^2 - y)^2 + sin(x*y)")
    once = asked.hvp({"x": 1.5, "y": 2.25}, {"x": 1.0, "y": -1.0})  # x^2 - y is 0
    for number in (1.5, 1.4):
        lowered, at = asked.at({"x": number, "y": 2.25})
        for _ in range(4):
            found = product(Asked(asked, lowered, at, ("x", "y")), [1.0, -1.0])
        assert found is not None
        if number == 1.5:
            assert found.products == pytest.approx(list(once.hvp.values()), rel=1e-14)
    lowered, at = asked.at({"x": 1.1, "y": 1.1**2})
    assert product(Asked(asked, lowered, at, ("x", "y")), [1.0, -1.0]) is None  # 1.1^2 is rounded


@pytest.mark.parametrize("times", [OFTEN - 6, OFTEN - 5, OFTEN])
def test_what_overflows_is_proved_whenever_it_is_asked(times):
    asked = function("log(exp(x))")  # is x; to write it out begins with a sweep
    for _ in range(times):
        asked.value(x=1.0), asked.gradient(x=1.0)
    found = asked.gradient(x=1000.0)
    assert (asked.value(x=1000.0), found.value, found.gradient) == (1000.0, 1000.0, {"x": 1.0})
    assert found.warnings[0][0] == "overflow"


@pytest.mark.parametrize("times", [0, 1, 2, 3, 5])
def test_a_product_that_overflows_is_proved_whenever_it_is_asked(times):
    asked = function("x*log(exp(x))")  # x^2
    for _ in range(times):
        asked.hvp({"x": 1.0}, {"x": 1.0})
    assert asked.hvp({"x": 1000.0}, {"x": 3.0}).hvp == {"x": 6.0}


def test_what_underflows_is_told_beside_a_partial_that_is_0():
    asked = function("floor(y) + 1 + x*x*x*x*x*x*x*x*x*x*x*x")
    for _ in range(OFTEN):
        asked.gradient(x=1.0, y=2.5, wrt=["y"])
    found = asked.gradient(x=1e-29, y=2.5, wrt=["y"])  # x^11 is 1e-319
    assert (found.value, found.gradient, found.warnings[0][0]) == (3.0, {"y": 0.0}, "underflow")


def test_what_has_a_number_beyond_floating_point_is_refused_whenever_it_is_asked(tmp_path):
    rows = tmp_path / "rows.adc"
    rows.write_text("d f(u) = 10^400*u*du\nf(u) = u\n")
    asked = function("f(x)*x", functions=str(rows))
    for _ in range(OFTEN):
        with pytest.raises(NumberOverflowError):
            asked.gradient(x=1.5)
        with pytest.raises(NumberOverflowError):
            asked.hvp({"x": 1.5}, {"x": 1.0})
        assert asked.value(x=1.5) == 2.25
