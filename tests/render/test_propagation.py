"""Values rounded as their uncertainties deserve, and bars that fit."""

from decimal import ROUND_HALF_UP, Decimal
from random import Random

import pytest

from adcalc.render.propagation import propagation, rounded
from adcalc.render.text import columns
from adcalc.results.propagation import Propagation, SecondOrder
from adcalc.results.proved import Bounds


@pytest.mark.parametrize(
    ("value", "uncertainty", "expected"),
    [
        (12.4, 1.4756, "12.4 ± 1.5"),
        (50000838.0, 31.7, "50000838 ± 32"),
        (1234567.0, 12345.0, "1235000 ± 12000"),
        (12345678.0, 123456.0, "(1.235 ± 0.012)e+07"),
        (0.4299, 0.0083, "0.4299 ± 0.0083"),
        (0.4299, 0.0996, "0.43 ± 0.10"),
        (0.4299, 0.00996, "0.430 ± 0.010"),
        (100.0, 9.96, "100 ± 10"),
        (-0.1494, 0.0041, "-0.1494 ± 0.0041"),
        (-0.001, 0.1, "0.00 ± 0.10"),
        (0.0, 0.5, "0.00 ± 0.50"),
        (2.5e-5, 1e-6, "(2.50 ± 0.10)e-05"),
        (6.62607e-34, 1.2e-40, "(6.6260700 ± 0.0000012)e-34"),
        (1.0, 1e300, "(0.0 ± 1.0)e+300"),
        (1e300, 1.0, None),
        (5.0, 0.0, "5 ± 0"),
        (1 / 3, 1e-15, "0.3333333333333333 ± 0.0000000000000010"),
        (1 / 3, 1e-20, "0.3333333333333333 ± 1e-20"),
        (-1e10 / 3, 9.96e-18, "-3333333333.3333335 ± 1e-17"),
        (0.25, 1.0, "0.3 ± 1.0"),
        (-0.25, 1.0, "-0.3 ± 1.0"),
    ],
)
def test_two_digits_of_the_uncertainty(value, uncertainty, expected):
    if expected is not None:
        assert rounded(value, uncertainty) == expected
    assert " ± " in rounded(value, uncertainty)


def test_rounding_is_that_of_decimals():
    """Against Python's decimals, for numbers of all sizes."""
    random = Random(1)
    for _ in range(500):
        uncertainty = random.uniform(1, 10) * 10.0 ** random.randrange(-4, 6)
        value = random.uniform(-1, 1) * 10.0 ** random.randrange(-2, 7)
        text = rounded(value, uncertainty)
        factor = Decimal(1)
        if text.startswith("("):
            text, _, exponent = text.removeprefix("(").partition(")e")
            factor = Decimal(10) ** int(exponent)
        first, second = (Decimal(part) * factor for part in text.split(" ± "))
        exact = Decimal(uncertainty)
        place = Decimal(10) ** (exact.adjusted() - 1)
        assert second == (exact / place).quantize(Decimal(1), ROUND_HALF_UP) * place
        if second.adjusted() > exact.adjusted():
            place *= 10
        assert first == (Decimal(value) / place).quantize(Decimal(1), ROUND_HALF_UP) * place


def made(count=2, **more):
    names = [f"input_{number}" for number in range(count)]
    shares = dict.fromkeys(names, 1 / max(count, 1))
    found = Propagation(
        "x",
        dict.fromkeys(names, 1.0),
        dict.fromkeys(names, 0.1),
        2.0,
        0.5,
        shares,
        None,
        (1.0, 3.0),
        bounds=Bounds("1", "3"),
    )
    return found._replace(**more)


def lines(result, width=80):
    return ["".join(word for word, _ in line) for line in propagation("x", result, width)]


@pytest.mark.parametrize("width", [20, 40, 60, 80, 120, 300])
@pytest.mark.parametrize("count", [1, 2, 12])
def test_bars_fit(width, count):
    shares = lines(made(count), width)[1 : count + 1]
    assert all(columns(line) <= max(width, 36) for line in shares)
    assert all(line.count("█") <= 50 for line in shares)


def test_bars_are_as_long_as_shares_say():
    result = made(3, contributions={"input_0": 2.0, "input_1": -1.5, "input_2": 0.5})
    counts = [(line.count("█"), line.count("░")) for line in lines(result, 120)[1:4]]
    assert counts == [(50, 0), (0, 38), (12, 0)]
    assert [line.split("%")[0].split()[-1] for line in lines(result)[1:4]] == ["200.0", "-150.0", "50.0"]


def test_the_second_order_is_told_where_it_matters():
    assert "no second and third derivatives" in lines(made())[3]
    quiet = made(second_order=SecondOrder(0.0, 2.0, 0.5, False))
    assert not any("second order" in line for line in lines(quiet))
    loud = made(second_order=SecondOrder(0.5, 2.5, 0.75, True))
    assert "  second order: 2.50 ± 0.75, as the function is curved here" in lines(loud)
    odd = made(second_order=SecondOrder(0.5, 2.5, None, True))
    assert any("too curved" in line for line in lines(odd))


def test_without_uncertain_inputs_it_says_so():
    assert lines(made(0, second_order=SecondOrder(0.0, 2.0, 0.0, False), uncertainty=0.0)) == [
        "x = 2 ± 0",
        "  no input has an uncertainty; one is written x=2±0.1",
    ]
