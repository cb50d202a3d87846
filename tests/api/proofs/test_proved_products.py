"""Products with Jacobian and Hessian in proved digits: against differences in many more digits, with exact seeds."""

from fractions import Fraction
from random import Random

import mpmath
import pytest
from proving import CANCELLING, POINTS, TINY, curvature, evaluated, is_rounded, made, slope

from adcalc.api import function
from adcalc.api.proofs.proved_products import hvp, jvp, vjp
from adcalc.errors import (
    AdcalcError,
    NotDifferentiableError,
    PrecisionError,
    ShapeError,
    UnknownVariableError,
    UsageError,
)

DIGITS = (1, 5, 15, 30, 50)
SEEDS = ("1/3", "-2", "sqrt(2)", "pi/7", "0.1", "1e-20")
BATCHES = 6
EACH = 20


def generated(random, count):
    """Expressions, their exact point, and a direction."""
    texts = [made(random, random.randrange(1, 7)) for _ in range(count)]
    point = {"x": random.choice(POINTS), "y": random.choice(POINTS)}
    if random.random() < 1 / 3:
        texts[0], point["x"] = random.choice(CANCELLING), random.choice(TINY)
    return texts, point, {name: random.choice(SEEDS) for name in point}


def precise(digits):
    return mpmath.workdps(8 * digits + 160)


def named(values, text):
    return {name: values[name] for name in function(text).variables}


@pytest.mark.parametrize("batch", range(BATCHES))
def test_not_one_digit_along_a_direction_is_wrong(batch):
    answered = 0
    for number in range(EACH):
        random = Random(30_000 + EACH * batch + number)
        texts, every, seeds = generated(random, random.randrange(1, 4))
        digits, text = random.choice(DIGITS), f"[{', '.join(texts)}]"
        point, seed = named(every, text), named(seeds, text)
        if not seed:
            continue
        try:
            found = jvp(function(text), point, digits, seed)
        except AdcalcError:
            continue  # outside its domain, or exactly 0 in a form that nobody can tell
        answered += 1
        with precise(digits):
            values = {name: evaluated(value, {}) for name, value in point.items()}
            along = {name: evaluated(value, {}) for name, value in seed.items()}
            for one, printed in zip(texts, found.product[""].digits, strict=True):
                true = mpmath.fsum(slope(one, values, name) * along[name] for name in point)
                assert is_rounded(printed, true, digits), (one, point, seed, printed)
    assert answered > EACH // 2


@pytest.mark.parametrize("batch", range(BATCHES))
def test_not_one_digit_that_a_weight_hands_back_is_wrong(batch):
    answered = 0
    for number in range(EACH):
        random = Random(40_000 + EACH * batch + number)
        texts, every, _ = generated(random, random.randrange(1, 4))
        weights = [random.choice(SEEDS) for _ in texts]
        digits, text = random.choice(DIGITS), f"[{', '.join(texts)}]"
        point, mode = named(every, text), random.choice(("reverse", "forward", "symbolic"))
        try:
            found = vjp(function(text), point, digits, f"[{', '.join(weights)}]", mode=mode)
        except AdcalcError:
            continue
        answered += 1
        with precise(digits):
            values = {name: evaluated(value, {}) for name, value in point.items()}
            each = [evaluated(weight, {}) for weight in weights]
            for name in point:
                true = mpmath.fsum(weight * slope(one, values, name) for one, weight in zip(texts, each, strict=True))
                assert is_rounded(found.product[name].digits, true, digits), (text, point, weights, name)
    assert answered > EACH // 2


@pytest.mark.parametrize("batch", range(BATCHES))
def test_not_one_digit_of_the_hessian_along_a_direction_is_wrong(batch):
    answered = 0
    for number in range(EACH):
        random = Random(50_000 + EACH * batch + number)
        (text,), every, seeds = generated(random, 1)
        digits, mode = random.choice(DIGITS), random.choice(("reverse", "forward", "symbolic"))
        point, seed = named(every, text), named(seeds, text)
        try:
            found = hvp(function(text), point, digits, seed, mode=mode)
        except AdcalcError:
            continue
        answered += 1
        with precise(digits):
            values = {name: evaluated(value, {}) for name, value in point.items()}
            along = {name: evaluated(value, {}) for name, value in seed.items()}
            for name in point:
                true = mpmath.fsum(curvature(text, values, name, other) * along[other] for other in point)
                assert is_rounded(found.product[name].digits, true, digits), (text, point, seed, name)
    assert answered > EACH // 2


def test_a_thousand_digits():
    printed = hvp(function("exp(x*y)"), {"x": "1/3", "y": "sqrt(2)"}, 1000, {"x": "1/3"}).product["y"].digits
    with mpmath.workdps(2200):
        x, y = mpmath.mpf(1) / 3, mpmath.sqrt(2)
        assert is_rounded(printed, (1 + x * y) * mpmath.exp(x * y) / 3, 1000)


# ---------------------------------------------------------------- seeds


def test_seeds_are_exact():
    found = jvp(function("[x, 3*x]"), {"x": 1}, 20, {"x": "1/3"})
    assert found.product[""].digits == ["0.33333333333333333333", "1"]
    assert found.seed["x"].digits == "0.33333333333333333333"
    assert vjp(function("[3*x, 3*y]"), {"x": 1, "y": 1}, 20, "[1/3, 0.1]").product["y"].digits == "0.3"
    assert hvp(function("3*x^2"), {"x": 1}, 20, {"x": "1/3"}).product["x"].digits == "2"
    assert hvp(function("x^2"), {"x": 1}, 5, {"x": "10^400"}).product["x"].digits == "2e+400"
    assert hvp(function("x^2"), {"x": 1}, 5, {"x": Fraction(1, 8)}).product["x"].digits == "0.25"
    assert vjp(function("x^2"), {"x": 2}, 5).product["x"].digits == "4"  # without a seed it is 1


def test_one_number_is_the_weight_of_every_element():
    found = vjp(function("Y = [x^2, x*y]; Y"), {"x": 3, "y": "1/7"}, 10, {"Y": "1/3"})
    assert found.product["x"].digits == "2.047619048"
    assert (list(found.seed), found.seed["Y"].digits) == (["Y"], "0.3333333333")


def test_what_the_seed_does_not_name_stays():
    assert jvp(function("x*y"), {"x": 2, "y": 3}, 5, {"y": 1}).product[""].digits == "2"
    found = hvp(function("x^2*y"), {"x": 2, "y": 3}, 5, {})
    assert [block.digits for block in found.product.values()] == ["0", "0"]
    assert [block.digits for block in found.seed.values()] == ["0", "0"]


@pytest.mark.parametrize(("asked", "kind", "words"), [
    (lambda: jvp(function("x"), {"x": 1}, 5, {}), UsageError, "a seed gives a direction"),
    (lambda: jvp(function("x"), {"x": 1}, 5, {"y": 1}), UnknownVariableError, "no variable 'y'"),
    (lambda: jvp(function("x"), {"x": 1}, 5, {"x": "[1, 2]"}), ShapeError, "its direction a vector of 2"),
    (lambda: vjp(function("[x, x]"), {"x": 1}, 5, "[1, 2, 3]"), ShapeError, "its weight a vector of 3"),
    (lambda: vjp(function("[x, x]"), {"x": 1}, 5, {"x": 1}), UsageError, "'x' is a variable"),
    (lambda: vjp(function("Y = x; Y"), {"x": 1}, 5, {"Z": 1}), UnknownVariableError, "the result is Y, not Z"),
    (lambda: vjp(function("x"), {"x": 1}, 5, 1, mode="finite"), UsageError, "finite differences prove no digits"),
    (lambda: hvp(function("x"), {"x": 1}, 5, {"x": 1}, mode="finite"), UsageError, "finite differences"),
    (lambda: hvp(function("x*y"), {"x": 1, "y": 1}, 5, {"y": 1}, ["x"]), UnknownVariableError, "the seed names y"),
    (lambda: hvp(function("sum(x^2)"), {"x": [1, 2]}, 5, {"x": [1]}), ShapeError, "its direction a vector of 1"),
    (lambda: hvp(function("[x, x]"), {"x": 1}, 5, {"x": 1}), ShapeError, "one number is needed"),
])  # fmt: skip
def test_a_seed_that_does_not_fit(asked, kind, words):
    with pytest.raises(kind) as caught:
        asked()
    assert words in str(caught.value)


# ---------------------------------------------------------------- arrays and programs


def test_a_layer_hands_back_fractions():
    """dX = G@W.T, dW = X.T@G, dB = the columns' sums of G."""
    point = {"X": "[[1/3, 2], [0.1, 4]]", "W": "[[1/7], [3]]", "B": "[5]"}
    found = vjp(function("linear(X, W, B)"), point, 20, {"Y": "[[1/3], [1/9]]"})
    third, ninth, seventh = Fraction(1, 3), Fraction(1, 9), Fraction(1, 7)
    exact = {name: [one.exact for one in block.numbers] for name, block in found.product.items()}
    assert exact == {
        "X": [third * seventh, 3 * third, ninth * seventh, 3 * ninth],
        "W": [third * third + ninth / 10, 2 * third + 4 * ninth],
        "B": [third + ninth],
    }
    assert found.product["X"].shape == (2, 2)
    assert found.value.shape == (2, 1)


def test_a_direction_of_arrays():
    found = jvp(function("A@x"), {"A": "[[1/3, 2], [3, 4]]", "x": [1, 1]}, 20, {"x": "[1/7, 0]", "A": 1})
    assert [one.exact for one in found.product[""].numbers] == [Fraction(1, 21) + 2, Fraction(3, 7) + 2]
    curved = hvp(function("sum((A@x)^2)"), {"A": [[1, 2], [3, 4]], "x": [1, 1]}, 20, {"x": "[1/3, 0]"}, ["x"])
    assert [one.exact for one in curved.product["x"].numbers] == [Fraction(20, 3), Fraction(28, 3)]


def test_programs():
    text = "y = x; while y > 1/10 { y = y^2/2 }; [y, sin(y)]"
    found = jvp(function(text), {"x": "0.7"}, 30, {"x": "1/3"})
    inside = "(x^2/2)^2/2"
    with precise(30):
        values = {"x": evaluated("0.7", {})}
        for one, printed in zip((inside, f"sin({inside})"), found.product[""].digits, strict=True):
            assert is_rounded(printed, slope(one, values, "x") / 3, 30)
    back = vjp(function(text), {"x": "0.7"}, 30, "[1, -1/3]")
    with precise(30):
        assert is_rounded(back.product["x"].digits, slope(f"{inside} - sin({inside})/3", values, "x"), 30)


# ---------------------------------------------------------------- edges


@pytest.mark.parametrize("direction", ["1", "1/3", "sqrt(2)"])
def test_on_an_edge(direction):
    with pytest.raises(NotDifferentiableError, match="has a kink"):
        jvp(function("abs(x - 1/3)"), {"x": "1/3"}, 5, {"x": direction})
    assert jvp(function("abs(x - 1/3)*(x - 1/3)"), {"x": "1/3"}, 5, {"x": direction}).product[""].digits == "0"
    assert jvp(function("abs(x)"), {"x": 0}, 5, {"x": 2}, at_kink="left").product[""].digits == "-2"
    smooth = hvp(function("abs(x)^3 + x*y"), {"x": 0, "y": 1}, 5, {"x": direction})
    assert smooth.product["x"].digits == "0"
    with pytest.raises(NotDifferentiableError, match="sign"):
        hvp(function("abs(x)*x"), {"x": 0}, 5, {"x": direction})


def test_the_words_of_an_error_are_those_that_were_written():
    with pytest.raises(PrecisionError) as caught:
        jvp(function("x*(sin(x)^2 + cos(x)^2 - 1)"), {"x": "1/3"}, 5, {"x": "sqrt(2)"})
    assert str(caught.value).startswith("x*(sin(x)^2 + cos(x)^2 - 1) is nearer to 0 than 10^-")


def test_enclosures():
    found = jvp(function("[x^2, x]"), {"x": "1/3"}, 4, {"x": "1/3"}, enclosure=True)
    assert found.product[""].bounds == [["0.2222", "0.2223"], ["0.3333", "0.3334"]]
    assert found.value.bounds == [["0.1111", "0.1112"], ["0.3333", "0.3334"]]
    assert hvp(function("x*y"), {"x": 1, "y": 2}, 4, {"x": 1}, enclosure=True).product["x"].bounds == ["0", "0"]
