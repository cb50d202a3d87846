"""The examples' answers, computed again by mpmath from the textbook's mathematics, which knows nothing of our rows.

Where an example is an algorithm, its oracle is what the algorithm is for (a square root for Newton's steps, an elliptic
integral for the means), or the same steps with sixty digits; the slopes are mpmath's differences of the oracle.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from mpmath import mp, mpf

from adcalc.api import Function
from adcalc.errors import NotDifferentiableError, PathError, Source

EXAMPLES = Path(__file__).parents[1] / "examples"
Formula = Callable[..., mpf]


def agm(length: mpf, amplitude: mpf, g: mpf) -> mpf:
    return 4 * mp.sqrt(length / g) * mp.ellipk(mp.sin(amplitude / 2) ** 2)


def black_scholes(s: mpf, k: mpf, r: mpf, sigma: mpf, t: mpf) -> mpf:
    d1 = (mp.log(s / k) + (r + sigma**2 / 2) * t) / (sigma * mp.sqrt(t))
    return s * mp.ncdf(d1) - k * mp.exp(-r * t) * mp.ncdf(d1 - sigma * mp.sqrt(t))


def bond(coupon: mpf, face: mpf, rate: mpf) -> tuple[mpf, ...]:
    payments = [(year, coupon + (face if year == 10 else 0)) for year in range(1, 11)]
    price = mp.fsum(payment / (1 + rate) ** year for year, payment in payments)
    dated = mp.fsum(year * payment / (1 + rate) ** (year + 1) for year, payment in payments)
    bent = mp.fsum(year * (year + 1) * payment / (1 + rate) ** (year + 2) for year, payment in payments)
    return price, dated / price, bent / price


def compound_interest(payment: mpf, rate: mpf, years: mpf) -> mpf:
    return payment * ((1 + rate / 12) ** (12 * years) - 1) / (rate / 12)


def continued_fraction(x: mpf) -> mpf:
    return mp.tan(x)


def deep_composition(x: mpf) -> mpf:
    for _ in range(12):
        x = mp.sin(x) * x
    return x


def drag(v: mpf, angle: mpf, k: mpf) -> mpf:
    place, speed = mp.mpc(0), v * mp.expj(angle)  # across and up are the parts of one complex number
    while place.imag >= 0:
        speed -= (k * abs(speed) * speed + mp.mpc(0, mpf("9.81"))) / 50
        place += speed / 50
    return place.real - place.imag * speed.real / speed.imag


def gamma_likelihood(shape: mpf, rate: mpf, n: mpf, mean: mpf, mean_log: mpf) -> mpf:
    return mp.log((rate**shape / mp.gamma(shape)) ** n * mp.exp((shape - 1) * n * mean_log - rate * n * mean))


def greeks(s: mpf, k: mpf, r: mpf, sigma: mpf, t: mpf) -> tuple[mpf, ...]:
    root = sigma * mp.sqrt(t)
    d1 = (mp.log(s / k) + (r + sigma**2 / 2) * t) / root
    d2, discounted = d1 - root, k * mp.exp(-r * t)
    gamma, vega = mp.npdf(d1) / (s * root), s * mp.npdf(d1) * mp.sqrt(t)
    theta = -s * mp.npdf(d1) * sigma / (2 * mp.sqrt(t)) - r * discounted * mp.ncdf(d2)
    price, rho = s * mp.ncdf(d1) - discounted * mp.ncdf(d2), discounted * t * mp.ncdf(d2)
    return price, mp.ncdf(d1), gamma, vega, theta, rho, -mp.npdf(d1) * d2 / sigma, vega * d1 * d2 / sigma


def henon(x: mpf, y: mpf, a: mpf, b: mpf) -> mpf:
    tangent = (mpf(1), mpf(0))  # one neighbour, moved along x
    for _ in range(10):
        tangent = (tangent[1] - 2 * a * x * tangent[0], b * tangent[0])
        x, y = 1 - a * x**2 + y, b * x
    return mp.log(mp.norm(tangent)) / 10


def horner(x: mpf) -> mpf:
    return 2 * x**3 - 3 * x**2 + 5 * x - 7


def implied_volatility(s: mpf, k: mpf, r: mpf, t: mpf, price: mpf) -> mpf:
    return mp.findroot(lambda sigma: black_scholes(s, k, r, sigma, t) - price, mpf("0.2"))


def income_tax(income: mpf) -> mpf:
    brackets = ((0, 0), (12000, 20), (50000, 40))
    ends = (12000, 50000, mp.inf)
    return income - sum(
        mpf(rate) / 100 * max(min(income, end) - start, 0) for (start, rate), end in zip(brackets, ends, strict=True)
    )


def kepler(t: mpf, period: mpf, ecc: mpf, a: mpf) -> mpf:
    mean = 2 * mp.pi * t / period
    return a * (1 - ecc * mp.cos(mp.findroot(lambda u: u - ecc * mp.sin(u) - mean, mean)))


def lens_error(f: mpf, object: mpf, f_error: mpf, object_error: mpf) -> mpf:
    image = f * object / (object - f)
    return mp.sqrt(((image / f) ** 2 * f_error) ** 2 + ((image / object) ** 2 * object_error) ** 2)


def logistic_map(x: mpf) -> mpf:
    return mp.sin(2**8 * mp.asin(mp.sqrt(x))) ** 2


def michaelis_menten(vmax: mpf, s: mpf, km: mpf, i: mpf, ki: mpf) -> mpf:
    return vmax * s / (km * (1 + i / ki) + s)


def network(u1: mpf, u2: mpf, v1: mpf, v2: mpf, a: mpf, b: mpf, c: mpf) -> mpf:
    return mp.log(1 + mp.exp(-(a * mp.tanh(u1 + 2 * u2) + b * mp.tanh(v1 + 2 * v2) + c)))


def neuron(w1: mpf, w2: mpf, b: mpf, x1: mpf, x2: mpf, target: mpf) -> mpf:
    return (1 / (1 + mp.exp(-(w1 * x1 + w2 * x2 + b))) - target) ** 2 / 2


def newton(x: mpf) -> mpf:
    return mp.sqrt(x)


def pendulum(start: mpf, length: mpf) -> mpf:
    def flow(state: mp.matrix) -> mp.matrix:
        return mp.matrix([state[1], -mpf("9.81") / length * mp.sin(state[0])])

    state, h = mp.matrix([start, 0]), mpf(1) / 20
    for _ in range(20):
        first = flow(state)
        second = flow(state + h / 2 * first)
        third = flow(state + h / 2 * second)
        state += h / 6 * (first + 2 * second + 2 * third + flow(state + h * third))
    return state[0]


def pension(payment: mpf, rate: mpf, **growth: mpf) -> mpf:
    return payment * ((1 + rate) ** 30 - (1 + growth["raise"]) ** 30) / (rate - growth["raise"])


def projectile(v: mpf, angle: mpf, height: mpf) -> mpf:
    g = mpf("9.81")
    return v * mp.cos(angle) / g * (v * mp.sin(angle) + mp.sqrt((v * mp.sin(angle)) ** 2 + 2 * g * height))


def softmax_regression(w1: mpf, w2: mpf, w3: mpf, b1: mpf, b2: mpf, b3: mpf) -> mpf:
    loss = mpf(0)
    for label, x in enumerate((mpf("-1.5"), mpf("0.2"), mpf("1.8"))):
        weights = [mp.exp(w * x + b) for w, b in ((w1, b1), (w2, b2), (w3, b3))]
        loss -= mp.log(weights[label] / sum(weights)) / 3
    return loss


def speelpenning(**factors: mpf) -> mpf:
    return mp.fprod(factors.values())


def thin_lens(f: mpf, object: mpf) -> mpf:
    return 1 / (1 / f - 1 / object)


Point = dict[str, float]
POINTS: dict[Formula, tuple[Point, Point]] = {
    agm: ({"length": 1, "amplitude": 1.5707963267948966, "g": 9.81}, {"length": 0.25, "amplitude": 2.9, "g": 1.62}),
    black_scholes: (
        {"s": 100, "k": 105, "r": 0.02, "sigma": 0.25, "t": 0.5},
        {"s": 42, "k": 40, "r": 0.1, "sigma": 0.2, "t": 2},
    ),
    bond: ({"coupon": 4, "face": 100, "rate": 0.03}, {"coupon": 55, "face": 1000, "rate": 0.12}),
    compound_interest: (
        {"payment": 250, "rate": 0.03, "years": 20},
        {"payment": 80, "rate": 0.11, "years": 7.5},
    ),
    continued_fraction: ({"x": 1}, {"x": -0.6}),
    deep_composition: ({"x": 2}, {"x": 1.1}),
    drag: ({"v": 30, "angle": 0.7853981633974483, "k": 0.01}, {"v": 12, "angle": 1.1, "k": 0.05}),
    gamma_likelihood: (
        {"shape": 2.5, "rate": 1.5, "n": 40, "mean": 1.6, "mean_log": 0.25},
        {"shape": 0.7, "rate": 3, "n": 12, "mean": 0.2, "mean_log": -2.5},
    ),
    greeks: (
        {"s": 100, "k": 105, "r": 0.02, "sigma": 0.25, "t": 0.5},
        {"s": 42, "k": 40, "r": 0.1, "sigma": 0.2, "t": 2},
    ),
    henon: ({"x": 0.1, "y": 0.1, "a": 1.4, "b": 0.3}, {"x": -0.5, "y": 0.2, "a": 1.2, "b": 0.25}),
    horner: ({"x": 0.5}, {"x": -3}),
    implied_volatility: (
        {"s": 100, "k": 105, "r": 0.02, "t": 0.5, "price": 6},
        {"s": 42, "k": 40, "r": 0.1, "t": 2, "price": 12.5},
    ),
    income_tax: ({"income": 60000}, {"income": 30000.5}),
    kepler: ({"t": 20, "period": 88, "ecc": 0.2056, "a": 1}, {"t": -1.5, "period": 4, "ecc": 0.75, "a": 2.5}),
    lens_error: (
        {"f": 50, "object": 75, "f_error": 0.5, "object_error": 1},
        {"f": 80, "object": 60, "f_error": 2, "object_error": 0.25},
    ),
    logistic_map: ({"x": 0.3}, {"x": 0.82}),
    michaelis_menten: (
        {"vmax": 1.2, "s": 0.4, "km": 0.15, "i": 0.05, "ki": 0.02},
        {"vmax": 8, "s": 3, "km": 0.5, "i": 0.3, "ki": 2},
    ),
    network: (
        {"u1": 0.5, "u2": -0.4, "v1": 0.3, "v2": 0.8, "a": 0.7, "b": -0.6, "c": 0.05},
        {"u1": -1.2, "u2": 0.3, "v1": 0.9, "v2": -0.1, "a": 2, "b": 1.5, "c": -0.7},
    ),
    neuron: (
        {"w1": 0.5, "w2": -0.3, "b": 0.1, "x1": 1, "x2": 2, "target": 1},
        {"w1": -1, "w2": 0.8, "b": -0.5, "x1": 0.4, "x2": 3, "target": 0},
    ),
    newton: ({"x": 2}, {"x": 0.5}),
    pendulum: ({"start": 0.5, "length": 1}, {"start": 2.5, "length": 0.4}),
    pension: ({"payment": 3000, "raise": 0.02, "rate": 0.04}, {"payment": 100, "raise": 0.05, "rate": 0.01}),
    projectile: (
        {"v": 12, "angle": 0.7853981633974483, "height": 2},
        {"v": 4, "angle": -0.2, "height": 9},
    ),
    softmax_regression: (
        {"w1": -0.5, "w2": 0.1, "w3": 0.6, "b1": 0, "b2": 0.2, "b3": -0.1},
        {"w1": 2, "w2": -1, "w3": 0.5, "b1": 1, "b2": -3, "b3": 0.75},
    ),
    speelpenning: (
        {name: number for number, name in enumerate("abcdefghij", 1)},
        {name: 1.5 - number / 4 for number, name in enumerate("abcdefghij")},
    ),
    thin_lens: ({"f": 50, "object": 75}, {"f": -30, "object": 12.5}),
}
FORMULAS = {formula.__name__: formula for formula in POINTS}
LISTS = {
    "bond": ("price", "duration", "convexity"),
    "greeks": ("price", "delta", "gamma", "vega", "theta", "rho", "vanna", "volga"),
}
OF_ARRAYS = {"back_propagation", "iris", "linear_layer", "softmax_cross_entropy"}  # tests/test_networks.py has these
FOLLOWS_THE_POINT = {"agm", "drag", "income_tax"}
EXACT = [
    (name, mode)
    for name in FORMULAS
    for mode in ("forward", "reverse", "symbolic")
    if mode != "symbolic" or name not in FOLLOWS_THE_POINT
]


def asked(name: str, result: str | None = None) -> Function:
    """The example; of one whose result is a list, that which one name of the list stands for."""
    text = (EXAMPLES / f"{name}.adc").read_text("utf-8")
    if result is not None:
        text = text.replace(f"[{', '.join(LISTS[name])}]\n", f"{result}\n")
    return Function(Source(text, f"{name}.adc"))


@cache
def truth(name: str, number: int) -> list[tuple[float, dict[str, float]]]:
    """The values and gradients at one of the points, rounded from sixty digits; of a list, one after the other."""

    def values(point: dict[str, mpf]) -> tuple[mpf, ...]:
        value = FORMULAS[name](**point)
        return value if isinstance(value, tuple) else (value,)

    with mp.workdps(60):
        point = {variable: mpf(value) for variable, value in POINTS[FORMULAS[name]][number].items()}
        answers = []
        for which, value in enumerate(values(point)):
            slopes = {
                variable: mp.diff(
                    lambda moved, variable=variable, which=which: values({**point, variable: moved})[which], at
                )
                for variable, at in point.items()
            }
            answers.append((float(value), {variable: float(slope) for variable, slope in slopes.items()}))
        return answers


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize(("name", "mode"), EXACT)
def test_every_mode_agrees_with_the_textbook(name: str, mode: str, number: int) -> None:
    point = POINTS[FORMULAS[name]][number]
    for result, (value, slopes) in zip(LISTS.get(name, (None,)), truth(name, number), strict=True):
        answer = asked(name, result).gradient(point, mode=mode)

        assert answer.value == pytest.approx(value, rel=1e-12)
        assert dict(answer.gradient) == pytest.approx(slopes, rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("name", FORMULAS)
def test_differences_come_close(name: str, number: int) -> None:
    point = POINTS[FORMULAS[name]][number]
    method = "central" if name in FOLLOWS_THE_POINT else "richardson"  # far steps would take other ways
    for result, (_, slopes) in zip(LISTS.get(name, (None,)), truth(name, number), strict=True):
        answer = asked(name, result).gradient(point, mode="finite", difference=method)

        assert dict(answer.gradient) == pytest.approx(slopes, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("name", LISTS)
def test_a_list_has_all_its_values(name: str, number: int) -> None:
    values = asked(name).value(POINTS[FORMULAS[name]][number])

    assert values == pytest.approx(tuple(value for value, _ in truth(name, number)), rel=1e-12)


@pytest.mark.parametrize("name", sorted(FOLLOWS_THE_POINT))
def test_there_is_no_formula_where_the_values_decide(name: str) -> None:
    with pytest.raises(PathError) as refused:
        asked(name).gradient(POINTS[FORMULAS[name]][0], mode="symbolic")
    assert "forward and reverse mode follow the point" in str(refused.value.hint)


@pytest.mark.parametrize(("income", "left", "right"), [(12000, "1", "0.8"), (50000, "0.8", "0.6")])
def test_where_a_tax_bracket_ends_there_are_two_slopes(income: int, left: str, right: str) -> None:
    with pytest.raises(NotDifferentiableError, match=f"{left} to the left and {right} to the right"):
        asked("income_tax").gradient(income=income)


# what each method's cost grows like on the way to the result, and how many operations the last formulas have as trees
GROWTH = {
    "speelpenning": ({"reverse": "linear", "forward": "quadratic", "tree": "quadratic", "graph": "linear"}, 80),
    "logistic_map": ({"reverse": "linear", "forward": "linear", "tree": "exponential", "graph": "linear"}, 131_069),
    "deep_composition": ({"reverse": "linear", "forward": "linear", "tree": "exponential"}, 33_550_334),
}


@pytest.mark.parametrize("name", GROWTH)
def test_the_methods_part_on_their_families(name: str) -> None:
    result = asked(name).compare(POINTS[FORMULAS[name]][0])
    laws, tree = GROWTH[name]

    assert {column: result.laws[column].kind for column in laws} == laws
    assert result.swelling.derivative_tree == tree
    if laws["tree"] == "exponential":
        assert result.laws["tree"].rate == pytest.approx(4, rel=0.02)


def test_the_second_derivatives_of_the_valley() -> None:
    asked = Function(Source((EXAMPLES / "valley.adc").read_text("utf-8")))
    x = [0.5 + k / 1000 for k in range(1000)]
    found = asked.hessian({"x": x})
    expected = {}
    for k in range(999):
        expected[k, k] = 1200 * x[k] ** 2 - 400 * x[k + 1] + 2 + (200 if k else 0)
        expected[k, k + 1] = expected[k + 1, k] = -400 * x[k]
    expected[999, 999] = 200
    entries = zip(found.rows, found.columns, found.values, strict=True)
    assert {(row, column): value for row, column, value in entries} == pytest.approx(expected, rel=1e-12, abs=1e-9)
    assert found.colours == 3


ELSEWHERE = {"batchnorm", "batchnorm_deviation", "valley"}  # test_batchnorm.py, and above


def test_every_example_is_checked() -> None:
    assert set(FORMULAS) | ELSEWHERE | OF_ARRAYS == {path.stem for path in EXAMPLES.glob("*.adc")}
