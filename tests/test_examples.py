"""The examples' answers, computed again by mpmath from the textbook's formulas, which know nothing of our rows."""

from collections.abc import Callable
from pathlib import Path

import pytest
from mpmath import mp, mpf

from adcalc.api import Function
from adcalc.errors import Source

EXAMPLES = Path(__file__).parents[1] / "examples"
Formula = Callable[..., mpf]


def black_scholes(s: mpf, k: mpf, r: mpf, sigma: mpf, t: mpf) -> mpf:
    d1 = (mp.log(s / k) + (r + sigma**2 / 2) * t) / (sigma * mp.sqrt(t))
    return s * mp.ncdf(d1) - k * mp.exp(-r * t) * mp.ncdf(d1 - sigma * mp.sqrt(t))


def compound_interest(payment: mpf, rate: mpf, years: mpf) -> mpf:
    return payment * ((1 + rate / 12) ** (12 * years) - 1) / (rate / 12)


def gamma_likelihood(shape: mpf, rate: mpf, x: mpf) -> mpf:
    return mp.log(rate**shape / mp.gamma(shape) * x ** (shape - 1) * mp.exp(-rate * x))


def deep_composition(x: mpf) -> mpf:
    for _ in range(12):
        x = mp.sin(x) * x
    return x


def horner(x: mpf) -> mpf:
    return 2 * x**3 - 3 * x**2 + 5 * x - 7


def logistic_map(x: mpf) -> mpf:
    return mp.sin(2**8 * mp.asin(mp.sqrt(x))) ** 2


def michaelis_menten(vmax: mpf, s: mpf, km: mpf, i: mpf, ki: mpf) -> mpf:
    return vmax * s / (km * (1 + i / ki) + s)


def neuron(w1: mpf, w2: mpf, b: mpf, x1: mpf, x2: mpf, target: mpf) -> mpf:
    return (1 / (1 + mp.exp(-(w1 * x1 + w2 * x2 + b))) - target) ** 2 / 2


def projectile(v: mpf, angle: mpf, height: mpf) -> mpf:
    g = mpf("9.81")
    return v * mp.cos(angle) / g * (v * mp.sin(angle) + mp.sqrt((v * mp.sin(angle)) ** 2 + 2 * g * height))


def speelpenning(**factors: mpf) -> mpf:
    return mp.fprod(factors.values())


def thin_lens(f: mpf, object: mpf) -> mpf:
    return 1 / (1 / f - 1 / object)


POINTS: dict[Formula, dict[str, float]] = {
    black_scholes: {"s": 100, "k": 105, "r": 0.02, "sigma": 0.25, "t": 0.5},
    compound_interest: {"payment": 250, "rate": 0.03, "years": 20},
    deep_composition: {"x": 2},
    gamma_likelihood: {"shape": 2.5, "rate": 1.5, "x": 0.8},
    horner: {"x": 0.5},
    logistic_map: {"x": 0.3},
    michaelis_menten: {"vmax": 1.2, "s": 0.4, "km": 0.15, "i": 0.05, "ki": 0.02},
    neuron: {"w1": 0.5, "w2": -0.3, "b": 0.1, "x1": 1, "x2": 2, "target": 1},
    projectile: {"v": 12, "angle": 0.7853981633974483, "height": 2},
    speelpenning: {name: number for number, name in enumerate("abcdefghij", 1)},
    thin_lens: {"f": 50, "object": 75},
}


@pytest.mark.parametrize("formula", POINTS, ids=lambda formula: formula.__name__)
def test_the_example_agrees_with_the_textbook(formula: Formula) -> None:
    point = POINTS[formula]
    example = Function(Source((EXAMPLES / f"{formula.__name__}.adc").read_text("utf-8")))
    with mp.workdps(40):
        exact = {name: mpf(value) for name, value in point.items()}
        value = formula(**exact)
        slopes = {
            name: mp.diff(lambda shifted, name=name: formula(**{**exact, name: shifted}), exact[name]) for name in point
        }

    result = example.gradient(point)

    assert result.value == pytest.approx(float(value), rel=1e-12)
    assert dict(result.gradient) == pytest.approx({k: float(v) for k, v in slopes.items()}, rel=1e-12, abs=1e-14)


# what each method's cost grows like on the way to the result, and how many operations the last formulas have as trees
GROWTH = {
    "speelpenning": ({"reverse": "linear", "forward": "quadratic", "tree": "quadratic", "graph": "linear"}, 80),
    "logistic_map": ({"reverse": "linear", "forward": "linear", "tree": "exponential", "graph": "linear"}, 131_069),
    "deep_composition": ({"reverse": "linear", "forward": "linear", "tree": "exponential"}, 33_550_334),
}


@pytest.mark.parametrize("name", GROWTH)
def test_the_methods_part_on_their_families(name: str) -> None:
    formula = next(formula for formula in POINTS if formula.__name__ == name)
    result = Function(Source((EXAMPLES / f"{name}.adc").read_text("utf-8"))).compare(POINTS[formula])
    laws, tree = GROWTH[name]

    assert {column: result.laws[column].kind for column in laws} == laws
    assert result.swelling.derivative_tree == tree
    if laws["tree"] == "exponential":
        assert result.laws["tree"].rate == pytest.approx(4, rel=0.02)


def test_every_example_is_checked() -> None:
    assert {formula.__name__ for formula in POINTS} == {path.stem for path in EXAMPLES.glob("*.adc")}
