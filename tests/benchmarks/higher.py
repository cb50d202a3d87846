"""Second derivatives, series and proved digits beside their peers: ratios of one run, and errors against 100 digits.

Times are those that keep the processor busy, the shortest of several turns, so that others who use the machine disturb
little. Peers that are not installed are left out, and that is said.
"""

import operator
import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy is loaded: processor time is that of one thread

import mpmath
import numpy as np
from flint import arb, arb_series, ctx
from measuring import Action, expression, turns

import adcalc
from adcalc.api import function
from adcalc.api.arrays import arrays
from adcalc.api.matrices import second_arrays
from adcalc.api.series.expansions import Expansions
from adcalc.api.series.rounded import rounded
from adcalc.arithmetics.base import RING
from adcalc.modes import reverse
from adcalc.modes.base import Problem
from adcalc.modes.sweep import primal
from adcalc.modes.taylor import Open
from adcalc.rules.compiled import Compiled
from adcalc.rules.table import standard

mp = mpmath.mp
REFERENCE = 100  # digits


def line(what: str, figure: float, bound: str = "", note: str = "") -> None:
    """A row of the table: what is compared, the ratio, the figure to reach, and what belongs to it."""
    print(f"  {what:58} {figure:7.2f} x   {f'to reach: {bound}' if bound else '':18} {note}".rstrip())


def apart(found: Sequence[Any], true: Sequence[Any]) -> str:
    """The largest relative error of some numbers, as a text."""
    with mp.workdps(REFERENCE + 20):
        return mp.nstr(max(abs(mp.mpf(one) - other) / abs(other) for one, other in zip(found, true, strict=True)), 2)


# ------------------------------------------------------------ proved digits of a gradient


class Multiprecision:
    """The arithmetic of mpmath's numbers, for the same sweeps."""

    infix = RING
    decides = True

    def constant(self, value: Fraction) -> Any:
        """The number nearest to a fraction."""
        return mp.mpf(value.numerator) / value.denominator

    def operation(self, op: str) -> Any:
        """Python's operator, or mpmath's function of the name."""
        found = {"add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv}
        return found.get(op) or {"neg": operator.neg, "pow": operator.pow}.get(op) or getattr(mp, op, None)


def as_written(text: str, digits: int, names: Sequence[str]) -> Callable[..., Any]:
    """An expression as a Python function over mpmath's numbers, its constants made beforehand."""
    with mp.workdps(digits + 10):
        constants = {f"c{number.replace('.', '_')}": mp.mpf(number) for number in re.findall(r"\b\d+\.\d+", text)}
    body = re.sub(r"\b\d+\.\d+", lambda found: f"c{found[0].replace('.', '_')}", text)
    space = {"sin": mp.sin, "cos": mp.cos, "exp": mp.exp, **constants}
    return eval(f"lambda {', '.join(names)}: {body}", space)  # type: ignore[no-any-return]


def differences(text: str, point: dict[str, Any], digits: int) -> list[Any]:
    """Every partial by mpmath.diff."""
    written = as_written(text, digits, list(point))
    at = tuple(point.values())
    return [mp.diff(written, at, tuple(int(other == one) for other in range(len(at)))) for one in range(len(at))]


def gradients(seed: int) -> None:
    """50 proved digits of a gradient beside mpmath; 15 of them beside floats."""
    text, count = expression(50, 4, seed)
    asked = function(text)
    point = {name: 0.3 + 0.2 * place for place, name in enumerate(asked.variables)}
    lowered, at = asked.at(point)
    inputs = tuple(lowered.variables.values())
    rules = Compiled(standard(), Multiprecision())

    def sweep() -> list[Any]:
        numbers = {node: mp.mpf(at[name]) for name, node in lowered.variables.items()}
        return list(reverse.run(primal(Problem(lowered.graph, lowered.output, inputs, numbers), rules)).partials)

    with mp.workdps(REFERENCE + 20):
        true = differences(text, point, REFERENCE + 20)
    calls = text.count("sin(") + text.count("cos(") + text.count("exp(")
    print(f"gradient of {count} operations, {calls} of them functions, in {len(point)} variables, 50 digits")
    for _ in range(3):  # then the gradient is written out
        asked.proved_gradient(50, point)

    def by_sweeps(digits: int) -> object:
        lowered.plans.pop(("written", tuple(point)), None)
        return asked.proved_gradient(digits, point)

    with mp.workdps(50):
        written, values = as_written(text, 50, list(point)), tuple(map(mp.mpf, point.values()))
        orders = [tuple(int(other == one) for other in range(len(point))) for one in range(len(point))]
        by_mpmath: list[Action] = [sweep, lambda: [mp.diff(written, values, order) for order in orders]]
        proved, near, swept, differed, floats = turns(
            [
                lambda: asked.proved_gradient(50, point),
                lambda: asked.proved_gradient(15, point),
                *by_mpmath,
                lambda: asked.gradient(point),
            ],
            100,
        )
        first, first_near = turns([lambda: by_sweeps(50), lambda: by_sweeps(15)], 100)
        errors = [apart(found, true) for found in (sweep(), differences(text, point, 50))]
    ours = apart(list(asked.proved_gradient(50, point).gradient.values()), true)
    line("faster than mpmath.diff for each partial", differed / proved, ">= 25", f"error {ours}, mpmath's {errors[1]}")
    line("    when it is asked for the first time", differed / first)
    line("faster than the same sweep over mpmath", swept / proved, ">= 2", f"error {ours}, mpmath's {errors[0]}")
    line("    when it is asked for the first time", swept / first)
    errors = [apart([float(one) for one in found.values()], true) for found in (
        asked.proved_gradient(15, point).gradient, asked.gradient(point).gradient)]  # fmt: skip
    line("15 proved digits, as a multiple of floats", near / floats, "<= 20", f"error {errors[0]}, floats' {errors[1]}")
    line("    when they are asked for the first time", first_near / floats, "<= 20")


# ------------------------------------------------------------ Taylor series


def coefficients(order: int) -> list[Any]:
    """Those of exp(sin(x)) at 1, by the recurrence of the exponential of a series."""
    with mp.workdps(REFERENCE + order):
        sine, cosine = mp.sin(1), mp.cos(1)
        slopes = [(cosine, -sine, -cosine, sine)[k % 4] / mp.factorial(k) for k in range(order + 1)]
        found = [mp.exp(sine)]
        for k in range(1, order + 1):
            found.append(mp.fsum(slopes[j] * found[k - 1 - j] for j in range(k)) / k)
    return found


def series(order: int = 50) -> None:
    """Taylor coefficients of exp(sin(x)) at 1 beside mpmath.taylor."""
    print(f"exp(sin(x)) at 1 to order {order}")
    asked, true = function("exp(sin(x))"), coefficients(order)
    expansions = {digits: Expansions(asked, {"x": 1}, digits) for digits in (None, 50)}

    def alone(digits: int | None) -> tuple[Any, ...]:
        read = lambda lines, last: rounded(lines[0], digits, last)  # noqa: E731
        return expansions[digits].along([{"x": 1}], order, read).numbers

    def balls(digits: int | None) -> list[arb]:
        return expansions[digits].along([{"x": 1}], order, partial(accurate, int(3.33 * (digits or 17))))

    def bare(bits: int) -> list[arb]:
        ctx.prec, ctx.cap = bits, order + 1
        return arb_series([1, 1]).sin().exp().coeffs()  # type: ignore[no-any-return]

    before = ctx.prec, ctx.cap
    for digits, working in ((50, 50), (None, 17), (None, 15)):
        with mp.workdps(working):
            known, only, full, peer, least = turns(
                [
                    lambda: balls(digits),  # noqa: B023
                    lambda: alone(digits),  # noqa: B023
                    lambda: asked.taylor(x=1, order=order, digits=digits),  # noqa: B023
                    lambda: mp.taylor(lambda x: mp.exp(mp.sin(x)), 1, order),
                    lambda: bare(230 if digits else 113),  # noqa: B023
                ],
                40,
            )
            ctx.prec, ctx.cap = before
            found = mp.taylor(lambda x: mp.exp(mp.sin(x)), 1, order)
        note = f"error {apart(alone(digits), true)}, mpmath's {apart(found, true)}"
        if digits is None:
            right = [sum(float(one) == float(other) for one, other in zip(each, true, strict=True)) for each in (
                alone(None), found)]  # fmt: skip
            note += f"; {right[0]} and {right[1]} of {order + 1} floats correctly rounded"
        what = "17 digits" if digits is None else f"{digits} digits"
        line(f"{what} proved, than mpmath.taylor with {working}: as balls", peer / known, ">= 500", note)
        line(f"    written as {'floats' if digits is None else 'decimals'}", peer / only)
        line("    and with the derivatives, as `taylor` gives them", peer / full)
        line("    flint's two series alone, of the same precision", peer / least)


def accurate(bits: int, lines: Sequence[Sequence[arb]], _: bool) -> list[arb]:
    """The coefficients as balls that are as narrow as so many bits; more precision is asked for where one is not."""
    if min(map(arb.rel_accuracy_bits, lines[0])) < bits:
        raise Open("a coefficient is not known so well")
    return list(lines[0])


# ------------------------------------------------------------ a sparse Hessian

VALLEY = "f = 0; for i in 0..998 { f = f + 100*(x[i+1] - x[i]^2)^2 + (1 - x[i])^2 }; f"


def valley(x: Any) -> tuple[Any, Any]:
    """The Hessian of Rosenbrock's valley by hand, in numbers of any kind: the diagonal, and what is beside it."""
    middle = 200 + 0 * x
    middle[0] = 0
    middle[:-1] += 1200 * x[:-1] ** 2 - 400 * x[1:] + 2
    return middle, -400 * x[:-1]


def started(command: Sequence[str], rounds: int = 5) -> float:
    """The shortest time that a command keeps the processor busy."""
    times = []
    for _ in range(rounds):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(times)


def interpreted(size: int) -> tuple[Callable[[Any], Any], Any]:
    """CasADi's run of the sparse Hessian, from buffer to buffer, and its entries' rows and columns."""
    import casadi

    x = casadi.SX.sym("x", size)
    f = sum(100 * (x[k + 1] - x[k] ** 2) ** 2 + (1 - x[k]) ** 2 for k in range(size - 1))
    made = casadi.Function("hessian", [x], [casadi.hessian(f, x)[0]])
    pattern = made.sparsity_out(0)
    entries = np.zeros(pattern.nnz())
    given = np.zeros(size)
    buffer, trigger = made.buffer()
    buffer.set_arg(0, memoryview(given))
    buffer.set_res(0, memoryview(entries))
    kept = (made, buffer)

    def run(at: Any) -> Any:
        given[:] = at
        trigger()
        assert kept
        return entries

    return run, pattern.get_triplet()


def sparse(size: int = 1000) -> None:
    """The Hessian of a loop over the elements of a vector: cold, and again and again."""
    print(f"Hessian of Rosenbrock's valley, {size} variables")
    command = [sys.executable, "-m", "adcalc", "hessian", VALLEY, "--at", f"x=ones({size})"]
    cold, base = started(command), started([sys.executable, "-c", "import numpy"])
    line("cold from the command line, as a multiple of 1.5 s", cold / 1.5, "<= 1", f"{cold / base:.1f} x import numpy")
    x = np.random.default_rng(0).uniform(0.5, 1.5, size)
    prepared = adcalc.PreparedHessian(function(VALLEY), {"x": x})
    with mp.workdps(REFERENCE):
        middle, beside = valley(np.array(list(map(mp.mpf, x))))

    def error(rows: Any, columns: Any, values: Any) -> str:
        true = [middle[r] if r == c else beside[min(r, c)] for r, c in zip(rows, columns, strict=True)]
        return apart(list(map(float, values)), true)

    ours = error(*prepared.run(x))
    try:
        run, places = interpreted(size)
    except ImportError:
        print("  CasADi is not installed, and left out")
        again, hand = turns([lambda: prepared.run(x), lambda: valley(x)], 1000)
    else:
        again, peer, hand, named = turns(
            [lambda: prepared.run(x), lambda: run(x), lambda: valley(x), lambda: prepared({"x": x})], 1000
        )
        note = f"error {ours}, CasADi's {error(*places, run(x))}"
        line("again and again, as a multiple of CasADi", again / peer, "<= 2", note)
        line("    and by name", named / peer, "<= 2")
    line("    and as a multiple of NumPy by hand", again / hand, note=f"error {ours}")


# ------------------------------------------------------------ products with a direction


def _along_valley(x: Any) -> list[Any]:
    slope = 0 * x
    beyond = 200 * (x[1:] - x[:-1] ** 2)
    slope[1:] += beyond
    slope[:-1] -= 2 * x[:-1] * beyond + 2 * (1 - x[:-1])
    return [slope]


def _along_exponentials(x: Any) -> list[Any]:
    exp, sin, cos = (np.frompyfunc(one, 1, 1)(x) for one in (mp.exp, mp.sin, mp.cos))
    below = 1 + x**2
    return [exp * (sin + cos) / below - exp * sin * 2 * x / below**2]


def _softmax(x: Any, a: Any) -> list[Any]:
    weights = np.frompyfunc(mp.exp, 1, 1)(a @ x)
    return [a.T @ (weights / weights.sum())]


def _network(w: Any, v: Any, x: Any) -> list[Any]:
    hidden = np.frompyfunc(mp.tanh, 1, 1)(x @ w)
    out = hidden @ v
    back = 2 * out / out.size
    return [x.T @ ((back @ v.T) * (1 - hidden**2)), hidden.T @ back]


def _deep_network(w: Any, v: Any, x: Any) -> list[Any]:
    hidden = np.frompyfunc(mp.tanh, 1, 1)(x @ w)
    out = np.frompyfunc(mp.tanh, 1, 1)(hidden @ v)
    back = 2 * out * (1 - out**2) / out.size
    return [x.T @ ((back @ v.T) * (1 - hidden**2)), hidden.T @ back]


def _neuron(w: Any, x: Any) -> list[Any]:
    hidden = np.frompyfunc(mp.tanh, 1, 1)(x @ w)
    return [x.T @ (2 * hidden * (1 - hidden**2) / hidden.size)]


PRODUCTS: dict[str, tuple[dict[str, tuple[int, ...]], dict[str, tuple[int, ...]], Callable[..., list[Any]]]] = {
    # the variables of the product, the data, and the gradient by hand
    "sum((x[1:] - x[:-1]^2)^2*100 + (1 - x[:-1])^2)": ({"x": (10_000,)}, {}, _along_valley),
    "sum(exp(x)*sin(x)/(1 + x^2))": ({"x": (10_000,)}, {}, _along_exponentials),
    "logsumexp(A@x)": ({"x": (300,)}, {"A": (1000, 300)}, _softmax),
    "mean(tanh(X@W)^2)": ({"W": (20, 60)}, {"X": (500, 20)}, _neuron),
    "mean((tanh(X@W)@V)^2)": ({"W": (20, 30), "V": (30, 10)}, {"X": (500, 20)}, _network),
    "mean(tanh(tanh(X@W)@V)^2)": ({"W": (20, 30), "V": (30, 30)}, {"X": (300, 20)}, _deep_network),
}


def slope_along(gradient: Callable[..., list[Any]], at: list[Any], along: list[Any], data: list[Any]) -> list[Any]:
    """The product of a Hessian with a direction, to 100 digits: the central difference of the gradient by hand."""
    exact, pairs = np.frompyfunc(mp.mpf, 1, 1), list(zip(at, along, strict=True))
    with mp.workdps(4 * REFERENCE):
        step = mp.mpf(10) ** -(REFERENCE // 2 + 10)
        sides = [
            gradient(*(exact(one) + sign * step * exact(way) for one, way in pairs), *map(exact, data))
            for sign in (1, -1)
        ]
        found = [((ahead - behind) / (2 * step)).ravel() for ahead, behind in zip(*sides, strict=True)]
        return list(np.concatenate(found))


def product_of_numbers(operations: int) -> None:
    """A Hessian-vector product of a function of numbers beside the value; mpmath differentiates along the direction."""
    text, count = expression(operations, 4, 17)
    asked = function(text)
    point = {name: 0.3 + 0.2 * place for place, name in enumerate(asked.variables)}
    seed = {name: 1.0 - 0.5 * place for place, name in enumerate(point)}
    for _ in range(3):  # then it is written out
        asked.hvp(point, seed)

    value, product = turns([lambda: asked.value(point), lambda: asked.hvp(point, seed)], 100)
    fresh, first = turns([lambda: function(text).value(point), lambda: function(text).hvp(point, seed)], 20)
    with mp.workdps(3 * REFERENCE):
        step = mp.mpf(10) ** -(REFERENCE // 2 + 10)
        sides = [
            differences(text, {name: mp.mpf(x) + sign * step * seed[name] for name, x in point.items()}, 3 * REFERENCE)
            for sign in (1, -1)
        ]
        true = [(ahead - behind) / (2 * step) for ahead, behind in zip(*sides, strict=True)]
    error = apart(list(asked.hvp(point, seed).hvp.values()), true)
    line(f"{count} operations on numbers", product / value, "<= 6", f"error {error}")
    line("    both for the first time, from the text on", first / fresh, "<= 6")


def products() -> None:
    """Hessian-vector products of numbers and of arrays beside the value."""
    print("product of the Hessian with a direction, as a multiple of the value")
    product_of_numbers(50)
    product_of_numbers(500)
    chance = np.random.default_rng(1)
    for text, (variables, data, gradient) in PRODUCTS.items():
        program = function(text)
        point = {name: chance.normal(size=shape) * 0.5 for name, shape in {**variables, **data}.items()}
        seed = {name: chance.normal(size=shape) for name, shape in variables.items()}
        lowered, numbers = program.at(point)
        arrays.evaluated(program, lowered, numbers, [lowered.output])
        plan, _ = lowered.plans["value", lowered.output]
        inputs = {lowered.variables[name]: value for name, value in numbers.items()}
        made = second_arrays.pushed(program, lowered, tuple(variables)).plan
        inside = {made.graph.input(name): value for name, value in numbers.items()}
        inside |= {made.graph.input(f"d{name}#seed"): value for name, value in seed.items()}
        value, product, asked, answered = turns(
            [
                lambda: plan.run(inputs),  # noqa: B023
                lambda: made.run(inside),  # noqa: B023
                lambda: program.value(point),  # noqa: B023
                lambda: program.hvp(point, seed, wrt=list(variables)),  # noqa: B023
            ],
            100,
        )
        found = program.hvp(point, seed, wrt=list(variables)).hvp
        ours = np.concatenate([np.ravel(found[name]) for name in variables])
        true = slope_along(
            gradient, [point[name] for name in variables], list(seed.values()), [point[one] for one in data]
        )
        with mp.workdps(REFERENCE):
            size = max(map(abs, true))
            error = mp.nstr(
                max(abs(mp.mpf(float(one)) - other) for one, other in zip(ours, true, strict=True)) / size, 2
            )
        line(text, product / value, "<= 6", f"error {error} of the largest entry")
        line("    as Python asks for them", answered / asked, "<= 6")


def higher() -> None:
    """All of it."""
    backend = mpmath.libmp.BACKEND
    integers = "gmpy2" if backend == "gmpy" else "Python's integers, as gmpy2 is not installed"
    print(f"mpmath {mpmath.__version__} with {integers}")
    for seed in (5, 17, 21):  # the first three of exactly 50 operations: sums and products, and many functions twice
        gradients(seed)
    series()
    sparse()
    products()


if __name__ == "__main__":
    higher()
